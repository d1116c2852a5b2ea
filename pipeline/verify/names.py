"""Names of a Chinese text that its evidence does not have; part of `verify`.

Pure. A name is compared as a whole: case, width, hyphens, spaces and CamelCase are folded, but it
begins and ends where a name of the evidence does, and a version is the same version. GPT-5 is not
in GPT-5.2, Qwen3 not in Qwen3.5, Son not in reason.

Not covered: names in Chinese characters beyond the table of `_aliases` and those written with a
dot (杰夫·迪恩); a Chinese name made up for a person passes unless it has that dot.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.quantities import Quantity, find_quantities
from pipeline.records import Record
from pipeline.verify import aliases as _aliases

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("‘’ʼ＇", "'"))
_PIECE = re.compile(r"[A-Za-z]+|[0-9]+(?:\.[0-9]+)*|[^A-Za-z0-9]+")
# HuggingFace and VSCode have two words each.
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]")
# What may stand between the parts of one name; anything longer parts two names.
_NAME_JOINER = re.compile(r"[ _/'&·+-]{1,3}|\.")
_NAME = re.compile(r"[A-Za-z0-9]+(?:(?:[.'&]|[+_-]{1,2})[A-Za-z0-9]+)*[+#]{0,2}")
_ACCENTED = re.compile("[\u00c0-\u024f]")
_NUMBER = r"\d+(?:\.\d+)*"
_VERSIONED = re.compile(rf"(?P<word>.*?[A-Za-z])[-_ ]?(?P<number>{_NUMBER})")
_LIST = r"(?:, ?| ?/ ?| and | or | & | vs\.? | to | ?-> ?| ?→ ?|; ?)(?:and |or )?"
_PHRASE = re.compile(r"[\w.'-]+(?: [\w.'-]+)+", re.ASCII)
_TRANSLITERATED = re.compile(r"[\u4e00-\u9fff]{1,5}(?:[·・][\u4e00-\u9fff]{1,6})+")
_CHINESE = _aliases.load_chinese_names()
_ANY_CHINESE = re.compile("|".join(map(re.escape, _CHINESE)))
_EXPANSIONS = _aliases.load_expansions()


class UnsupportedName(Record):
    """A name that the evidence does not have."""

    name: str
    """As the text writes it."""
    expected: str
    """What would have passed: the nearest name of the evidence, where there is one."""


def unsupported_names(
    text: str, evidence: str, other_texts: Iterable[str] = ()
) -> tuple[UnsupportedName, ...]:
    """Find the names of a text that its evidence does not have.

    Args:
        text: Chinese text.
        evidence: the story's English text.
        other_texts: texts apart from it that name things too: anchors, the words of addresses.

    Returns:
        Each name once, in the order of the text.
    """
    text = _normalize(text)
    known = _name_index("\n".join((evidence, *other_texts)))
    found = [*_unsupported_latin(text, known), *_unsupported_chinese(text, known)]
    return tuple({each.name: each for each in found}.values())


# An entry is checked twice, before and after it is set, against the same evidence.
@lru_cache(maxsize=64)
def _name_index(text: str) -> "NameIndex":
    return NameIndex(text)


class NameIndex:
    """A text in which names are looked up: squeezed, with where a name may begin and end."""

    def __init__(self, text: str) -> None:
        self._plain = _normalize(text)
        self._lower = self._plain.casefold()
        pieces: list[str] = []
        self._starts: set[int] = set()
        self._version_starts: set[int] = set()  # where a name with a number may begin
        self._ends: set[int] = set()
        at, before = 0, "\n"
        for found in _PIECE.finditer(self._plain):
            piece = found.group()
            if piece[0].isascii() and piece[0].isalnum():
                glued = before[-1].isascii() and before[-1].isalnum()
                self._mark(piece, at, apart=not glued, after_digit=before[-1].isdigit())
                at += len(piece)
                pieces.append(piece.lower())
            else:
                self._ends.add(at)
                if not _NAME_JOINER.fullmatch(piece):
                    pieces.append("\n")
                    at += 1
            before = piece
        self._ends.add(at)
        self._text = "".join(pieces)

    def _mark(self, piece: str, at: int, *, apart: bool, after_digit: bool) -> None:
        if apart:
            self._starts.add(at)
            self._version_starts.add(at)
        if piece[0].isdigit():
            self._ends.add(at)  # Qwen ends before the 3 of Qwen3
            return
        if after_digit and piece[0].isupper():
            self._starts.add(at)  # the Gemma of T5Gemma, which is no Gemma 2
        if piece.islower() or piece.istitle() or piece.isupper():
            return
        inner = {at + hump.start() for hump in _HUMP.finditer(piece) if hump.start()}
        self._starts |= inner
        self._version_starts |= inner
        self._ends |= inner

    def has(self, name: str) -> bool:
        """Whether a name is here as a whole, plural and possessive forgiven."""
        if not (squeezed := name_key(name)):
            return True
        forms = {squeezed, squeezed.removesuffix("s")} if len(squeezed) > 2 else {squeezed}  # noqa: PLR2004
        return any(self._occurs(form) for form in forms if form)

    def _occurs(self, form: str) -> bool:
        starts = self._version_starts if any(char.isdigit() for char in form) else self._starts
        at = self._text.find(form)
        while at >= 0:
            end = at + len(form)
            plural = self._text[end : end + 1] == "s" and end + 1 in self._ends
            if at in starts and (self._ends_at(end) or plural):
                return True
            at = self._text.find(form, at + 1)
        return False

    def _ends_at(self, end: int) -> bool:
        if end not in self._ends:
            return False
        # 5 is no whole version before the .2 of 5.2, nor 3 before the 5 of 35.
        return not (self._text[end - 1].isdigit() and self._text[end : end + 1] == ".")

    def has_version(self, word: str, number: str) -> bool:
        """Whether a version follows a word, directly or in a list: GPT-5.2 and 5.3."""
        if self.has(f"{word}{number}") or self.has(f"{word} v{number}"):
            return True
        listed = rf"v?\d[\w.]*(?: [a-z]+)?{_LIST}"
        loose = r"[\W_]{0,2}".join(map(re.escape, re.findall("[a-z]+|[0-9.]+", word.casefold())))
        pattern = (
            rf"(?<![a-z0-9]){loose}(?:[ -]|\b)?(?:v|version )?(?:{listed}){{0,5}}"
            rf"(?:{loose}[ -]?)?v?{re.escape(number)}(?![a-z0-9]|\.\d)"
        )
        return bool(re.search(pattern, self._lower))

    def nearest(self, name: str) -> str:
        """Find the name here that looks most like another, or nothing."""
        from rapidfuzz import fuzz, process

        here = {token for token in _NAME.findall(self._plain) if not token.islower()}
        best = process.extractOne(name, sorted(here), scorer=fuzz.ratio, score_cutoff=60)
        return str(best[0]) if best else ""


def name_key(name: str) -> str:
    """Fold a name: GPT‑5.2, gpt-5.2 and GPT 5.2 are the same, Qwen3.5 and Qwen35 are not."""
    pieces = _PIECE.findall(re.sub("'s$", "", _normalize(name)))
    return "".join(piece.lower() for piece in pieces if piece[0].isascii() and piece[0].isalnum())


def _normalize(text: str) -> str:
    """Fold widths, dashes, quotes and accents; case is kept, for CamelCase."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return _ACCENTED.sub(lambda found: unicodedata.normalize("NFD", found.group())[0], text)


def _unsupported_latin(said: str, known: NameIndex) -> Iterator[UnsupportedName]:
    quantities = find_quantities(said)
    versions = dict(_bare_versions(said, quantities))
    names = [
        found
        for found in _NAME.finditer(said)
        if not found.group().isdigit() and not any(_is_quantity(found, each) for each in quantities)
    ]
    for at, found in enumerate(names):
        name, end = found.group(), found.end()
        if not (
            _is_common(name)
            or _is_known(name, known)
            or _is_known_with_neighbours(said, names, at, known)
        ):
            yield _unsupported_name(name, known)
            continue
        gap = said[end : end + 1] == " "
        number = versions.get(end + gap, "")
        if number and not _version_follows(name, number, said[: found.start()], known):
            yield _unsupported_name(said[found.start() : end + gap] + number, known)


def _is_quantity(found: re.Match[str], quantity: Quantity) -> bool:
    """Whether a name is a quantity, which `numbers` compares: 40GB is, V4 of V4-Flash is not."""
    inside = quantity.start <= found.start() < quantity.end
    return inside and (found.end() <= quantity.end or found[0][0].isdigit())


def _bare_versions(said: str, quantities: Iterable[Quantity]) -> Iterator[tuple[int, str]]:
    """Give the place and the number of each bare version; the 8 of 8X7B is none."""
    for each in quantities:
        number = re.match(_NUMBER, each.text)
        after = said[each.end : each.end + 1]
        if each.unit == "version" and number and not (after.isascii() and after.isalnum()):
            yield each.start, number.group()


def _is_known_with_neighbours(
    said: str, names: Sequence[re.Match[str]], at: int, known: NameIndex
) -> bool:
    """Whether a name is there with its neighbours only: Rohan Paul AI is @rohanpaul_ai."""
    spans = [
        (names[first], names[last])
        for first in range(max(0, at - 2), at + 1)
        for last in range(at, min(len(names), at + 3))
        if last > first
    ]
    phrases = [said[first.start() : last.end()] for first, last in spans]
    return any(_PHRASE.fullmatch(phrase) and known.has(phrase) for phrase in phrases)


def _is_common(name: str) -> bool:
    return any(_aliases.COMMON.fullmatch(form) for form in (name, re.sub("'?s$", "", name)))


def _is_known(name: str, known: NameIndex) -> bool:
    if known.has(name):
        return True
    if any(known.has(other) for other in _EXPANSIONS.get(name.casefold(), ())):
        return True
    versioned = _VERSIONED.fullmatch(name)
    return versioned is not None and known.has_version(versioned["word"], versioned["number"])


def _version_follows(name: str, number: str, before: str, known: NameIndex) -> bool:
    """Whether the version that follows a name does so in the evidence: Sonnet 4.5, 4.5 Sonnet."""
    if known.has_version(name, number):
        return True
    first = re.search(r"([A-Za-z][A-Za-z0-9_.-]*) $", before)
    return first is not None and known.has(f"{first[1]}{number}{name}")


def _unsupported_chinese(said: str, known: NameIndex) -> Iterator[UnsupportedName]:
    """Find Chinese names of companies and people whom the evidence does not name."""
    for found in _ANY_CHINESE.finditer(said):
        latin = _CHINESE[found.group()]
        if not any(known.has(name) for name in latin):
            expected = f"a name of the text, which does not have {latin[0]}"
            yield UnsupportedName(name=found.group(), expected=expected)
    for found in _TRANSLITERATED.finditer(said):
        if not _ANY_CHINESE.search(found.group()):
            yield UnsupportedName(
                name=found.group(), expected="the name in Latin letters, as in the text"
            )


def _unsupported_name(name: str, known: NameIndex) -> UnsupportedName:
    near = known.nearest(name)
    expected = f"a name of the text, such as {near!r}" if near else "a name of the text"
    return UnsupportedName(name=name, expected=expected)
