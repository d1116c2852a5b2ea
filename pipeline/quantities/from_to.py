"""Where a change starts and where it ends: 从72%降至60% is not `from 60% to 72%`.

Only what a text states as such a pair is compared, so that a lone number is never missed for it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.quantities.equality import is_equal
from pipeline.quantities.readers import is_calendar_year
from pipeline.quantities.scan import Quantity
from pipeline.quantities.units import MONEY


class Change(NamedTuple):
    """What was, and what it came to."""

    start: Quantity
    end: Quantity
    gap: str
    """What stands between them, in the order of the text."""


_ABOUT = r"(?:about|around|nearly|over|under|just|only|roughly|约|近|大约|不到|超过)?\s?"
_IN = r"[^.;,，。；、从由]"
_FROM = re.compile(rf"(?:\b[fF]rom\s|自|[从由]{_IN}{{0,14}})\s?{_ABOUT}$")
_TO = re.compile(
    rf"(?:{_IN}|\.(?=\d)){{0,36}}(?:\b(?:to|through)\s|->|→|[至到为]{_IN}{{0,10}})\s?{_ABOUT}"
)
_ARROW = re.compile(r" ?(?:->|→) ?[~≈]?")
_BACK_FROM = re.compile(
    rf",?(?: up| down)? \(?from {_ABOUT}|[^.;,，。；、]{{0,24}}(?:,| \() ?(?:up|down) from {_ABOUT}"
    rf"|，?(?:[高低]于|[多少]于){_IN}{{0,6}}(?:前|去年|上年|上季度?|上月|同期)的?{_ABOUT}"
)
_WINDOW = 22
_LONGEST_GAP = 60


def find_changes(text: str, quantities: Sequence[Quantity]) -> Iterator[Change]:
    """Find the pairs that a text calls a start and an end, a date or a condition between them."""
    latest: dict[str, Quantity] = {}
    for at, second in enumerate(quantities):
        kind = _kind(second)
        before = latest.get(kind)
        latest[kind] = second
        for first in {
            one.start: one for one in (before, quantities[at - 1]) if one and at
        }.values():
            if change := _read_change(text, first, second):
                yield change


def _read_change(text: str, first: Quantity, second: Quantity) -> Change | None:
    alike = first.unit == second.unit or "" in {first.unit, second.unit}
    if not alike or second.start - first.end > _LONGEST_GAP:
        return None
    gap = text[first.end : second.start]
    before = text[max(0, first.start - _WINDOW) : first.start]
    falls = gap == " to " and first.value > second.value  # no range: 30% to 20%
    if falls or (_FROM.search(before) and _TO.fullmatch(gap)) or _ARROW.fullmatch(gap):
        return Change(first, second, gap)
    return Change(second, first, gap) if _BACK_FROM.fullmatch(gap) else None


def _kind(quantity: Quantity) -> str:
    """Give the unit; a year beside counts is one of its own."""
    bare = quantity.unit == "" and quantity.text == quantity.digits
    return "year" if bare and is_calendar_year(quantity.value) else quantity.unit


def find_reversed(claimed: Sequence[Change], stated: Sequence[Change]) -> Iterator[Quantity]:
    """Find the quantities of a claim that goes the way back of what the evidence states."""
    for start, end, gap in claimed:
        forward = any(is_equal(start, one.start) and is_equal(end, one.end) for one in stated)
        back = any(_has_value(start, one.end) and _has_value(end, one.start) for one in stated)
        if (back and not forward) or _contradicts(start, end, gap):
            yield from (start, end)


def _has_value(claim: Quantity, other: Quantity) -> bool:
    same = claim.unit == other.unit or "" in {claim.unit, other.unit}
    return same and claim.value == other.value


_RISE = re.compile("(?:升|涨|增|增长|增加|提高|提升|扩大)[至到](?!前)")
_RISE_IN_TIME = re.compile("(?:增|增长|增加|扩大)[至到](?!前)")
"""A speed that is given in seconds rises as they fall: 速度从45秒提升至1.2秒."""
_FALL = re.compile("(?:降|跌|减|降低|减少|缩短|缩小)[至到](?!前)")
_UNRANKED = frozenset({"percent", "seconds", "bytes", *MONEY})
"""Units of which more is a rise: a rank that rises falls as a number."""


def _contradicts(start: Quantity, end: Quantity, gap: str) -> bool:
    """Whether it rises to less or falls to more: 从90%升至70%."""
    if start.unit != end.unit or start.unit not in _UNRANKED or "每" in gap:
        return False
    rise = _RISE_IN_TIME if start.unit == "seconds" else _RISE
    wrong = rise if start.value > end.value else _FALL
    return start.value != end.value and bool(wrong.search(gap))
