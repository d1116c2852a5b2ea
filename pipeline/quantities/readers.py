"""What the readers of quantities share: how one is registered, and pieces of their patterns.

A reader is a pattern and a function; at every place of a text the first pattern that fits is read,
so the order of the readers matters. Whatever may repeat in a pattern is possessive or bounded, and
what looks back is short: 100 KB of digits take linear time.
"""

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Final

from pipeline.quantities.lexer import Token, parse_decimal
from pipeline.quantities.units import NUMBER_WORDS, SCALES

Match = re.Match[str]
Reader = Callable[[Match], Token | None]
PatternReader = tuple[str, Reader]

NOT_HERE: Final = Token(-1, -1)
"""What a reader gives that leaves its place to those after it."""

LEFT = r"(?<![A-Za-z0-9])(?<![A-Za-z0-9]\.)"
"""What a number does not continue."""


def is_calendar_year(number: Decimal) -> bool:
    """Whether a bare number may be a year of our time."""
    return 1900 <= number < 2100  # noqa: PLR2004


def register(readers: list[PatternReader]) -> Callable[[str], Callable[[Reader], Reader]]:
    """Give a decorator that adds readers; their patterns are verbose, and know ASCII only."""

    def pattern(source: str) -> Callable[[Reader], Reader]:
        def add(reader: Reader) -> Reader:
            readers.append((source, reader))
            return reader

        return add

    return pattern


def words(alternatives: Iterable[str]) -> str:
    """Join alternatives, longest first, for a verbose pattern."""
    return "|".join(re.escape(word) for word in sorted(alternatives, key=len, reverse=True))


NEXT_DIGIT = "两三|" + "|".join(f"{one}{two}" for one, two in pairwise("一二三四五六七八九"))
SMALL_NUMBER = words(word for word in NUMBER_WORDS if word not in {"half", "zero"})


def read_small(written: str) -> Decimal:
    """Read a small number in figures or words, or the last word of `a million`."""
    word = re.split("[- ]", written)[-1]
    return NUMBER_WORDS.get(word) or SCALES.get(word) or parse_decimal(word)
