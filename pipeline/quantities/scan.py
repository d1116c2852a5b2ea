"""Text to quantities: tokens with the units they share, and the places where they stand."""

import re
from decimal import Decimal, localcontext
from functools import lru_cache

from pipeline.quantities.lexer import ONE, Bound, Token, fold_with_offsets
from pipeline.quantities.patterns import is_calendar_year, tokenize
from pipeline.quantities.trends import Direction, Reach, Trend, read_trend
from pipeline.quantities.units import MEASURE_WORDS, MONEY, Unit
from pipeline.records import Record


class Quantity(Record):
    """One quantity as it stands in a text."""

    value: Decimal
    """Its value in `unit`; a date is YYYYMMDD with zeros for the parts that are not said."""
    unit: Unit
    """What it measures, empty for a count; a family has one unit (40 GB is 4e10 bytes)."""
    digits: str
    """The number without scale and unit; versions and ratios are compared by it."""
    step: Decimal
    """One of its last digit that is not zero, in `unit`: 约 may be off by half of it."""
    bound: Bound
    """What the words around it say about the true value."""
    weak: bool
    """A small count spelled as a word (两种, three): seldom worth more than a warning."""
    direction: Direction
    """Whether the words next to it call it a rise or a fall."""
    reach: Reach
    """Whether it is the size of a change, or what came of it."""
    part: bool
    """Whether it is said as a part of a whole: a third, 三成."""
    text: str
    """The quantity as written, unit included."""
    start: int
    """Offset of its first character in the text."""
    end: int
    """Offset after its last character."""

    def covers(self, name: re.Match[str]) -> bool:
        """Whether what looks like a name is this quantity: 40GB is, V4 of V4-Flash is not."""
        inside = self.start <= name.start() < self.end
        return inside and (name.end() <= self.end or name[0][0].isdigit())


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Find the quantities of an English, Chinese or mixed text.

    Returns:
        In the order of the text, none overlapping another; numbers inside names left out.
    """
    return tuple(quantity for quantity, name in scan(text) if not name)


# An entry is checked twice, before and after it is set, against the same evidence.
@lru_cache(maxsize=256)
def scan(text: str) -> tuple[tuple[Quantity, bool], ...]:
    """Read the quantities of a text in order, and the names with a number, marked True."""
    plain, offsets = fold_with_offsets(text)
    found: list[tuple[Quantity, bool]] = []
    with localcontext(prec=100):  # exact, up to the longest run of digits and its powers
        for token in _combine_tokens(plain, tokenize(plain)):
            start, end = offsets[token.start], offsets[token.end - 1] + 1
            # One character can fold into two numbers: the second has no place of its own.
            if not found or start >= found[-1][0].end:
                trend = read_trend(plain, token)
                quantity = _quantity(token, trend, text, (start, end))
                found.append((quantity, token.name))
    return tuple(found)


def _quantity(token: Token, trend: Trend, text: str, span: tuple[int, int]) -> Quantity:
    start, end = span
    exponent = int(token.number.normalize().as_tuple().exponent)
    small = token.unit == "" and token.value <= 10 and (token.spelled or token.value == 1)  # noqa: PLR2004
    return Quantity(
        value=Decimal(f"{token.value.normalize():f}"),
        unit=token.unit,
        digits=re.sub(r"(?:\.0+)+$", "", token.digits) or f"{token.number.normalize():f}",
        step=Decimal(10) if token.part else ONE.scaleb(exponent) * token.scale * token.factor,
        bound=token.bound,
        weak=token.weak or small or (token.unit == "ordinal" and token.value == 1),
        direction=trend.direction,
        reach=trend.reach,
        part=token.part,
        text=text[start:end],
        start=start,
        end=end,
    )


_TO = re.compile(r"-? ?(?:-|~|至|到|to|through) ?")
_LIST = re.compile(r" ?(?:、|/|和|与|或|及|and|or|vs\.?|->|→) ?")
_AFTER_PRICES = re.compile(
    r" per\b| ?/ ?(?:1?M\b|1?[kK]\b|mil)| (?:in|out)\b|[,.;)]?(?: |$)(?![a-z])"
)
_LONGEST_GAP = 18
_NOON = 43200
_NOT_SHARED: frozenset[Unit] = frozenset(
    {"", "version", "ordinal", "date", "clock", "quarter", "ratio"}
)


def _combine_tokens(text: str, read: list[Token]) -> list[Token]:
    """Share the unit of 3-10 GB, join 1h 30m, and see 5.3 in `GPT-5.2 and 5.3` as a version."""
    # From the right, so that 5/10/20 ms hand their unit on.
    for at in range(len(read) - 2, -1, -1):
        first, second = read[at : at + 2]
        gap = text[first.end : second.start]
        if gap in {"", " ", " and "}:
            read[at : at + 2] = _join_durations(text, first, second)
        elif len(gap) <= _LONGEST_GAP and not second.name:
            read[at : at + 2] = _carry_unit(text, *_share_unit(text, first, second))
    return read


def _share_unit(text: str, first: Token, second: Token) -> tuple[Token, Token]:
    gap = text[first.end : second.start]
    span, row = bool(_TO.fullmatch(gap)), bool(_LIST.fullmatch(gap))
    if not (span or row):
        return first, second
    if first.unit == "version":
        counted = second.spelled or text[second.end : second.end + 1] in MEASURE_WORDS
        bare = second.unit == "" and second.scale == 1 and not counted
        return first, second._replace(unit="version") if bare else second
    if second.unit == "quarter" and first.unit in {"", "ordinal"}:
        return first._replace(unit="quarter"), second
    if span and first.unit == second.unit == "clock" and second.number < _NOON < first.number:
        return first, second._replace(number=second.number + _NOON)
    if dated := _share_date(first, second, gap) if span or row else None:
        return dated
    if (
        first.unit in MONEY
        and second.unit == ""
        and (span or (gap == "/" and second.scale == 1 and _AFTER_PRICES.match(text, second.end)))
    ):
        second = second._replace(unit=first.unit, factor=first.factor)
    year = row and first.scale == 1 and is_calendar_year(first.number) and second.unit != "year"
    if first.unit == "" and second.unit not in _NOT_SHARED and not year:
        first = first._replace(unit=second.unit, factor=second.factor)
    if span and first.unit == second.unit and first.scale == 1 and first.number < second.number:
        first = first._replace(scale=second.scale)
    return first, second


_TO_JUST = re.compile(r" (?:down |up )?(?:to|->) (?:(?:just|only|under|about|around|nearly) )?")
_NO_NOUN = re.compile(
    r"[.,;:!?)]|\s*$|\n| (?:and|or|in|on|with|by|for|at|while|when|as|after|per|over|using|thanks)\b"
)
_FROM = re.compile(r"\b[fF]rom (?:(?:about|around|nearly|over) )?$")
_FROM_WINDOW = 16


def _carry_unit(text: str, first: Token, second: Token) -> tuple[Token, Token]:
    """Carry the unit of `from 10 days to 4` to what it came to, where no noun follows."""
    bare = second.unit in {"", first.unit} and second.scale == 1 == second.factor
    if not bare or first.unit in _NOT_SHARED or not _NO_NOUN.match(text, second.end):
        return first, second
    before = text[max(0, first.start - _FROM_WINDOW) : first.start]
    if not _TO_JUST.fullmatch(text, first.end, second.start) or not _FROM.search(before):
        return first, second
    scale = first.scale if first.unit in MONEY else ONE
    return first, second._replace(unit=first.unit, factor=first.factor, scale=scale)


def _share_date(first: Token, second: Token, gap: str) -> tuple[Token, Token] | None:
    """Share the month of `April 16-21`, `19-21 December` and 1-3月, the century of 2024-25."""
    span = bool(_TO.fullmatch(gap))
    if span and first.unit == "date" and _is_day(second):
        month = first.number - first.number % 100
        return first, second._replace(unit="date", number=month + second.number)
    if second.unit == "date" and first.unit == "" and _is_day(first) and not first.spelled:
        day = second.number % 100
        if day:
            return first._replace(unit="date", number=second.number - day + first.number), second
        if span and first.number <= 12:  # noqa: PLR2004
            year = second.number - second.number % 10000
            return first._replace(unit="date", number=year + first.number * 100), second
    later = second.number - first.number % 100
    bare = second.unit == "" and len(second.digits) == 2 and second.scale == 1  # noqa: PLR2004
    near = 0 < later <= (30 if span else 1)
    if first.unit in {"", "year"} and is_calendar_year(first.number) and bare and near:
        return first, second._replace(unit="year", number=first.number + later)
    return None


def _is_day(token: Token) -> bool:
    """Whether it may be the 21 of `April 16-21` and the 21日 of 4月16日至21日."""
    return token.unit in {"", "date", "ordinal"} and token.scale == 1 and token.number < 32  # noqa: PLR2004


def _join_durations(text: str, first: Token, second: Token) -> tuple[Token, ...]:
    """Join 1小时30分, 4m10s, 2 hours and 5 minutes, 1年3个月."""
    minute, hour = Decimal(60), Decimal(3600)
    if second.unit == "seconds" and second.factor == 1 and text[first.end - 1] in "分m":
        first = first._replace(unit="seconds", scale=ONE, factor=minute)
    if first.unit == "seconds" and first.factor == hour and text[second.end - 1] in "分m":
        second = second._replace(unit="seconds", scale=ONE, factor=minute)
    timed = first.unit == second.unit and first.unit in {"seconds", "months"}
    if not timed or first.factor <= second.factor:
        return first, second
    number = first.value + second.value
    return (first._replace(end=second.end, number=number, scale=ONE, factor=ONE, digits=""),)
