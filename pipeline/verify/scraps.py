"""Single English words that were left in a translated sentence.

Stricter than `untranslated_english`, which every entry goes through and which takes a lower-case
word that is no common one for a name: here one sentence stands for one, its model can be asked
again, and `data/plain_words.toml` says which words may stay. Not covered: a word with a capital.
"""

import re
from collections.abc import Iterable, Iterator

from pipeline.chinese import AMBIGUOUS_WORDS, ORDINARY_WORDS, kept_words, without_commands

_TOKEN = re.compile(r"(?<![\w@.$-])[A-Za-z][\w.'’+#@-]*", re.ASCII)
_CODE = re.compile(
    r"`[^`]*`|https?://[!-~]+|(?<![\w.])[\w.-]+(?:/[\w.-]+){2,}|[\w-]+=\S+", re.ASCII
)
_GLOSS = re.compile(r"(?<=[\u4e00-\u9fff”])[（(][A-Za-z -]{2,40}[)）]")
_STROKE = re.compile(r"(?<![A-Za-z0-9_])_+(?=[a-z])")
_LOWER = re.compile(r"[a-z]{2,}(?:['’][a-z]+)?")
_VOWEL = re.compile("[aeiouy]")


def english_scraps(chinese: str, english: str, names: Iterable[str] = ()) -> Iterator[str]:
    """Find lower-case English words, and compounds with one, that are no name.

    Args:
        chinese: one sentence of a small model.
        english: the sentence that it stands for, which shows what is a name.
        names: texts of which every word may stay.
    """
    kept = kept_words() | {word.casefold() for text in names for word in re.findall(r"\w+", text)}
    text = _STROKE.sub(" ", chinese)
    text = without_commands(_CODE.sub("，", _GLOSS.sub("，", text)), english)
    for found in _TOKEN.finditer(text):
        word = found.group().rstrip(".'’-")
        if not re.search(r"[\d_@#+]|\w\.\w", word) and _is_scrap(word, english, kept):
            yield word


def _is_scrap(word: str, english: str, kept: frozenset[str]) -> bool:
    parts = word.split("-")
    lower = [part for part in parts if _LOWER.fullmatch(part) and _VOWEL.search(part)]
    if not lower:
        return False
    if _SUFFIXES.intersection(parts[1:]):
        return True
    if kept.intersection(map(str.casefold, parts)):
        return False
    if len(lower) < len(parts):  # a part has a capital: SWE-bench, Photoshop-grade, vLLM
        return any(part in ORDINARY_WORDS | AMBIGUOUS_WORDS for part in lower)
    return not _is_named(word, english)


_SUFFIXES = frozenset({"grade", "class", "level", "style", "like", "based", "powered", "ready"})


def _is_named(word: str, english: str) -> bool:
    """Whether the English uses a lower-case word as a name: with a version, or as an account."""
    return bool(re.search(rf"(?:@|\b){re.escape(word)}(?: v?\d[\d.]*|[._/]\w)", english))
