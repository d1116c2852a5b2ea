"""Where a change starts and where it ends: 从72%降至60% is not `from 60% to 72%`.

Only what a text states as such a pair is compared, so that a lone number is never missed for it.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.quantities.equality import is_equal
from pipeline.quantities.scan import Quantity

Pair = tuple[Quantity, Quantity]
"""What was, and what it came to."""

_ABOUT = r"(?:about|around|nearly|over|under|just|only|roughly|约|近|大约|不到|超过)?\s?"
_FROM = re.compile(rf"(?:\b[fF]rom\s|[从由自])\s?{_ABOUT}$")
_TO = re.compile(rf"[^.;,，。；、]{{0,16}}(?:\b(?:to|through)\s|->|→|[至到为])\s?{_ABOUT}")
_ARROW = re.compile(r" ?(?:->|→) ?[~≈]?")
_BACK_FROM = re.compile(rf",?(?: up| down)? from {_ABOUT}")
_WINDOW = 16


def find_from_to(text: str, quantities: Sequence[Quantity]) -> Iterator[Pair]:
    """Find the pairs that a text calls a start and an end."""
    for first, second in pairwise(quantities):
        gap = text[first.end : second.start]
        before = text[max(0, first.start - _WINDOW) : first.start]
        if (_FROM.search(before) and _TO.fullmatch(gap)) or _ARROW.fullmatch(gap):
            yield first, second
        elif _BACK_FROM.fullmatch(gap):
            yield second, first


def find_reversed(claimed: Sequence[Pair], stated: Sequence[Pair]) -> Iterator[Quantity]:
    """Find the quantities of a claim that goes the way back of what the evidence states."""
    for start, end in claimed:
        forward = any(is_equal(start, one) and is_equal(end, other) for one, other in stated)
        if not forward and any(_has_value(start, b) and _has_value(end, a) for a, b in stated):
            yield from (start, end)


def _has_value(claim: Quantity, other: Quantity) -> bool:
    same = claim.unit == other.unit or "" in {claim.unit, other.unit}
    return same and claim.value == other.value
