"""Text to tokens: at every place the first reader whose pattern fits."""

import re
from functools import cache

from pipeline.quantities import dates, names, numerals, shares, spelled
from pipeline.quantities.lexer import Token
from pipeline.quantities.readers import LEFT, NOT_HERE, Match, PatternReader, register
from pipeline.quantities.units import IDIOMS, NUMBER_WORDS, PLURALS

_READERS: list[PatternReader] = []
_pattern = register(_READERS)


@_pattern(
    rf"""https?://[!-~]+ | www\.[!-~]+ | (?<!\w)@\w+ | <[@\#:][^>\s]{{0,60}}> | &\#?\w{{1,9}};
    | {LEFT}0x[0-9a-fA-F]+ | {LEFT}[0-9]{{1,3}}\.(?:AI|ai|io|com|dev|js)\b | {IDIOMS}
    | \b(?:first|third)[- ]part(?:y|ies)\b | \b(?:second|split)-(?:hand|second)\b"""
)
def _skipped(_found: Match) -> None:
    """Addresses, handles, keys and idioms count nothing."""


_READERS += [
    *dates.READERS,
    *shares.READERS,
    *names.READERS,
    *spelled.READERS,
    *numerals.READERS,
]
"""All readers, in the order in which they are tried."""

_SENTENCE_START = re.compile(
    r"\b(?:An?(?=[ -])|"
    + "|".join(
        word.capitalize() for word in (*NUMBER_WORDS, *PLURALS, "dozen", "hundred", "million")
    )
    + r")\b",
    re.ASCII,
)
"""Number words where a sentence begins: Two-thirds of users, Half of it."""
_ENDS_IN_NAME = re.compile(r"\b[A-Z][A-Za-z0-9]*[ ]$", re.ASCII)
_GOES_ON = re.compile(r"-| [A-Z]")


def tokenize(text: str) -> list[Token]:
    """Read a folded text; names with a number in them are tokens too, and marked."""
    read: list[Token] = []
    text, place = _SENTENCE_START.sub(_as_number, text), 0
    while found := _ANY.search(text, place):
        token, end = _read_at(text, found.start(), int(str(found.lastgroup)[1:]))
        if token:
            read.append(token)
        place = max(end, token.end if token else 0)
    return read


def _as_number(word: re.Match[str]) -> str:
    """Write a number word in lower case, unless it ends a name: Lumen Orbit Nine."""
    named = _ENDS_IN_NAME.search(word.string, max(0, word.start() - 30), word.start())
    follows = word.string[word.end() : word.end() + 2]
    return word.group() if named and not _GOES_ON.match(follows) else word.group().lower()


def _read_at(text: str, place: int, first: int) -> tuple[Token | None, int]:
    """Read by the first pattern that fits, or the next that fits where its reader says so."""
    for source, reader in _READERS[first:]:
        if (found := _compiled(source).match(text, place)) and (
            token := reader(found)
        ) is not NOT_HERE:
            return token, found.end()
    return None, place + 1


@cache
def _compiled(source: str) -> re.Pattern[str]:
    """Compile the pattern of a reader when it is first needed: few texts need most of them."""
    return re.compile(source, re.VERBOSE | re.ASCII)


def _first_letters() -> str:
    """Give what the words of the patterns start with: most words of a text do not."""
    source = " ".join(source for source, _ in _READERS)
    source = re.sub(r"\\[A-Za-z]|[(][?]P<\w+>", " ", source)
    source = re.sub(r"\[([a-z])[A-Z]\]", r"\1", source)
    words = {word.lower()[:3] for word in re.findall("[A-Za-z]{2,}", source)}
    starts: dict[str, list[str]] = {}
    for word in sorted(words):
        starts.setdefault(word[:2], []).append(word[2:] or "a-z")
    return "|".join(f"{first}[{''.join(third)}]" for first, third in starts.items())


STARTS = (
    "0-9#$&'+./<@£¥฿’₩₫€₹₽№〇一七万三上下两中九二五亚人亿今傍八六凌减几前加十千午半双后"
    "唯四季对当成数新早明晚正每港版百第统翻腰超过零-"
)
"""Besides letters, all characters that patterns start with, as a class of characters has them."""
_ANY = re.compile(
    # Nothing starts at other characters or within a word, and a word without a figure only as some
    # word of the patterns does: saying so first makes it five times faster.
    rf"(?:(?=[{STARTS}])|(?<![A-Za-z])(?=[A-Za-z])"
    rf"(?:(?![A-Z]?[a-z]{{3}}[a-z]*+[ ,;:\n])|(?=(?i:{_first_letters()}))))(?:"
    + "|".join(
        f"(?P<r{at}>{re.sub(r'[(][?]P<[a-z0-9]+>', '(?:', source)})"
        for at, (source, _) in enumerate(_READERS)
    )
    + ")",
    re.VERBOSE | re.ASCII,
)
