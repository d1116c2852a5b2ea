"""The letters of an entry are Chinese, Latin, or symbols that the field writes.

Small models slip into other languages in the middle of a word, and one wrong letter looks like a
right one: a Cyrillic а in a Latin name, a radical in the place of the character that it is part of.
What the evidence itself writes so, such as a Japanese name, may stay; a word that mixes Latin with
letters that look like it may not. Not covered: traditional characters, which `language` finds.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.verify.check import CheckInput, CheckResult, Problem

# Radicals have no place in a text, compatibility ideographs are other codes of ordinary ones.
_LOOKALIKE_HAN = re.compile("[\u2e80-\u2fd5\uf900-\ufad9\U0002f800-\U0002fa1d]")
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]+")
# First words of the Unicode names of letters that any Chinese text may have: µ, ª, ʼ, ⁿ, 々 and ℝ.
# Letters of mathematics are Latin or Greek ones in another dress.
_ORDINARY = frozenset({
    "ANGSTROM", "BLACK-LETTER", "CJK", "DOUBLE-STRUCK", "FEMININE", "FULLWIDTH", "GREEK",
    "IDEOGRAPHIC", "INFORMATION", "KELVIN", "LATIN", "MASCULINE", "MATHEMATICAL", "MICRO",
    "MODIFIER", "OHM", "SCRIPT", "SUBSCRIPT", "SUPERSCRIPT",
})  # fmt: skip
_GREEK = "\u0370-\u03ff\u1f00-\u1fff"
# α, ΔΣ and μs are symbols; a longer run is Greek, and these are no symbols but look like Latin.
_GREEK_WORD = re.compile(f"[{_GREEK}]{{3,}}|[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο]")
_LOOKALIKE_SCRIPTS = frozenset({"ARMENIAN", "CHEROKEE", "COPTIC", "CYRILLIC", "LISU"})
_DRESSED = re.compile("[\uff21-\uff3a\uff41-\uff5a\U0001d400-\U0001d7cb]+")
_LATIN_START, _LATIN_END = re.compile("[A-Za-z]+"), re.compile(r"[A-Za-z]+\Z")
_UNUSUAL = re.compile("[^\x00-\x7f\u3000-\u303f\u4e00-\u9fff\uff00-\uff0f\uff1a-\uff20]")


def check_scripts(data: CheckInput) -> CheckResult:
    """Look for letters that neither Chinese nor the evidence has."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    text = f"{data.entry.title}\n{data.entry.summary}"
    if not _UNUSUAL.search(text):
        return
    evidence = unicodedata.normalize("NFC", data.story.evidence)
    for found in _UNREADABLE.finditer(text):
        yield Problem("characters that can be read", f"{found[0]} ({_codes(found[0])})")
    for found in _LOOKALIKE_HAN.finditer(text):
        plain = unicodedata.normalize("NFKC", found[0])
        expected = f"the character {plain}" if plain != found[0] else "a Chinese character"
        yield Problem(expected, f"{found[0]} ({_codes(found[0])})")
    folded = unicodedata.normalize("NFKC", evidence)
    for found in _DRESSED.finditer(text):
        if unicodedata.normalize("NFKC", found[0]) not in folded:
            yield Problem("ordinary Latin letters", found[0])
    yield from _foreign_words(unicodedata.normalize("NFC", text), evidence)


class _Run(NamedTuple):
    """A stretch of letters of one script that is neither Chinese nor Latin."""

    text: str
    start: int

    @property
    def looks_latin(self) -> bool:
        """Whether its script has letters that look like Latin ones."""
        other = _foreign_script(self.text[0]) in _LOOKALIKE_SCRIPTS
        return other or bool(_GREEK_WORD.fullmatch(self.text))


def _foreign_words(text: str, evidence: str) -> Iterator[Problem]:
    """Find runs of letters of another script, and Latin words with such a letter in them."""
    known = [run.text for run in _foreign_runs(evidence)]
    for run in _foreign_runs(text):
        end = run.start + len(run.text)
        before, after = _LATIN_END.search(text[: run.start]), _LATIN_START.match(text[end:])
        word = "".join((before[0] if before else "", run.text, after[0] if after else ""))
        if word != run.text and run.looks_latin:
            yield Problem(f"Latin letters only, without {run.text} ({_codes(run.text)})", word)
        elif not any(run.text in other for other in known):
            yield Problem("Chinese or Latin letters, or what the text has", run.text)


def _foreign_runs(text: str) -> Iterator[_Run]:
    """Give the stretches of letters that need a reason to be there, script by script."""
    start, script = 0, ""
    for at, char in enumerate(f"{text}\n"):
        other = _foreign_script(char)
        if other == script or (script and unicodedata.category(char)[0] == "M"):
            continue
        if script:
            yield _Run(text[start:at], start)
        start, script = at, other
    for found in _GREEK_WORD.finditer(text):
        yield _Run(found[0], found.start())


def _foreign_script(char: str) -> str:
    """Name the script of a letter that is none of the ordinary ones, kana as one."""
    if char.isascii() or not char.isalpha():
        return ""
    first, _, rest = unicodedata.name(char, "UNNAMED").partition(" ")
    if first == "HALFWIDTH":
        first = rest.partition(" ")[0]
    if first in _ORDINARY:
        return ""
    return "KANA" if first.startswith(("HIRAGANA", "KATAKANA")) else first


def _codes(text: str) -> str:
    return ", ".join(f"U+{ord(char):04X}" for char in dict.fromkeys(text))
