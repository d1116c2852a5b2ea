"""Which two quantities are equal: units left out, bounds, changes in percent and in 倍."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from pipeline.quantities.readings import find_readings
from pipeline.quantities.scan import Quantity
from pipeline.quantities.trends import RELATIVE, Direction
from pipeline.quantities.units import Unit

_OPTIONAL_UNITS: frozenset[Unit] = frozenset(
    {"version", "score", "tokens", "parameters", "bits", "frames", "pixels", "year"}
)
"""Units that one side may leave unsaid."""

_INTERCHANGEABLE_UNITS: frozenset[tuple[Unit, Unit]] = frozenset(
    {
        ("points", "score"),  # `+10 points` may be either
        ("score", "points"),
        ("ordinal", "version"),  # 第二代, 第三阶段: second generation, Phase 3
        ("version", "ordinal"),
        ("percent", "ratio"),
        ("ratio", "percent"),
        ("quarter", "version"),  # Q4 may be a quantization
        ("digits", ""),  # two figures may be pictures
        ("", "digits"),
    }
)
_MULTIPLYING: frozenset[Unit] = frozenset({"times", "percent", "ratio"})
_ONCE = frozenset({"一倍", "1倍"})
_DAY = 86400
_CENTURY = 100
_FIGURE_DIGITS = 4
"""Of a figure behind a name that is no version, its point counted."""


def is_equal(claim: Quantity, other: Quantity) -> bool:
    """Whether a quantity of the evidence says what one of a claim says."""
    # Most are not: what would make equal ones differ is asked last.
    return (
        (_is_same_change(claim, other) or _is_same_amount(claim, other))
        and not _is_opposite(claim, other)
        and not _is_once_more(claim, other)
    )


def _is_same_amount(claim: Quantity, other: Quantity) -> bool:
    readings = tuple(find_readings(other))
    same = any(_is_same(one, another) for one in find_readings(claim) for another in readings)
    return same and not _is_change_for_level(claim, other)


_OPPOSED: tuple[tuple[Direction, Direction], ...] = (
    ("up", "down"),
    ("up", "saved"),
    ("spent", "down"),
    ("spent", "saved"),
    ("spent", "better"),
    ("raised", "down"),
    ("raised", "saved"),
    ("better", "down"),
    ("better", "worse"),
    ("worse", "saved"),
)
_SIDES = frozenset({"more", "less"})
_OPPOSITES = frozenset((*_OPPOSED, *((other, one) for one, other in _OPPOSED)))


def _is_opposite(claim: Quantity, other: Quantity) -> bool:
    """Whether one is a rise and the other a fall, or one a lower and the other an upper bound."""
    one, another = _direction(claim), _direction(other)
    # 30% faster may be 耗时减少30%, but nothing that fell is 提升.
    worse = (one, another) == ("better", "saved") and claim.unit in {"percent", "points", "score"}
    bounds = {claim.bound, other.bound}
    turned = bounds < _SIDES if _is_inverse(claim, other) else bounds == _SIDES
    return turned or worse or (one, another) in _OPPOSITES


def _is_inverse(claim: Quantity, other: Quantity) -> bool:
    """Whether one is a factor and the other what is left: over 10x cheaper is under a tenth."""
    factor, part = (claim, other) if claim.unit == "times" else (other, claim)
    falls = factor.direction in {"down", "saved"} or _is_speed_for_time(claim, other)
    return part.unit != factor.unit == "times" and part.reach != "by" == factor.reach and falls


def _direction(quantity: Quantity) -> Direction:
    signs: dict[str, Direction] = {"+": "up", "-": "down"}
    return signs.get(quantity.text[0], quantity.direction)


def _is_once_more(claim: Quantity, other: Quantity) -> bool:
    """Whether 增长两倍, three times as much, stands for `doubled`."""
    if other.unit != "times" or claim.value != other.value or claim.text[:2] in _ONCE:
        return False
    return _is_grown(claim) and bool(re.match("(?i)doubl|tripl|[a-z]{3,5}upl", other.text))


def _is_grown(quantity: Quantity) -> bool:
    """Whether it is 增长两倍, which adds two to the one that was there."""
    by = quantity.direction in {"up", "spent"} and quantity.reach == "by"
    return by and quantity.unit == "times" and "倍" in quantity.text


def _is_change_for_level(claim: Quantity, other: Quantity) -> bool:
    """Whether one fell by 40% and the other to 40%, or one is 3x cheaper and the other 三倍."""
    if claim.unit != other.unit or {claim.reach, other.reach} != {"by", "to"}:
        return False
    if claim.unit not in RELATIVE:
        return claim.reach == "to"
    by = claim if claim.reach == "by" else other
    if claim.unit in {"percent", "ratio"}:
        return by.direction != ""
    return claim.unit == "times" and by.direction in {"down", "saved"}


def _is_same(claim: Quantity, other: Quantity) -> bool:
    if not _comparable(claim, other):
        return False
    units = {claim.unit, other.unit}
    if units == {"ratio", "percent"}:  # 1/10 and 十分之一
        part, whole = sorted((claim, other), key=lambda quantity: quantity.unit == "percent")
        return abs(part.value * 100 - whole.value) < Decimal("1e-6")
    if claim.unit == "ratio" or units in ({"version"}, {"version", ""}):
        return claim.digits == other.digits and claim.value == other.value
    if modulus := _modulus(claim, other):
        return claim.value % modulus == other.value % modulus
    signs = {claim.text[0], other.text[0]}
    if signs == {"+", "-"} or other.bound == "plural" != claim.bound:
        return False
    return _is_within(claim, abs(claim.value), abs(other.value)) or _is_rounded(claim, other)


def _modulus(claim: Quantity, other: Quantity) -> int:
    """Give what both count up to: a day has 24 hours, and 90年代 says no century."""
    if claim.unit == other.unit == "clock":
        return _DAY
    short = min(claim.value, other.value) < _CENTURY
    return _CENTURY if claim.unit == other.unit == "decade" and short else 0


def _is_within(
    claim: Quantity, claimed: Decimal, true: Decimal, unit: Decimal = Decimal(1)
) -> bool:
    """Whether a true value is what a claim with its bound allows."""
    step = claim.step / unit
    several = claimed * 3 / 2 if claim.text[0] in "数几" else claimed  # no dozen is 数十
    within = {
        "": False,
        "about": abs(claimed - true) * 2 <= step and abs(claimed - true) * 20 <= true,
        "more": claimed <= true < claimed + step,
        "less": claimed - step < true <= claimed <= true * 2,
        "plural": several <= true < claimed * 10,
    }
    return claimed == true or within[claim.bound]


def _is_rounded(claim: Quantity, other: Quantity) -> bool:
    """Whether 33% or 66.7% is a third or two thirds in figures."""
    if {claim.unit, other.unit} != {"percent"}:
        return False
    exact, rounded = sorted((claim, other), key=lambda quantity: len(quantity.digits), reverse=True)
    places = len(rounded.digits.partition(".")[2])
    endless = exact.value != round(exact.value, 6)
    return endless and abs(exact.value - rounded.value) * 2 <= Decimal(1).scaleb(-places)


def _is_same_change(claim: Quantity, other: Quantity) -> bool:
    """Whether two quantities are the same change: 增长1.5倍 and 150% more, 一折 and 90% cheaper."""
    if claim.unit not in _MULTIPLYING or other.unit not in _MULTIPLYING:
        return False
    claim, other = _as_share(claim), _as_share(other)
    units = {claim.unit, other.unit}
    if "ratio" in units or not claim.value or not other.value:
        return False
    if units == {"percent"} and {claim.reach, other.reach} != {"by", "to"}:
        return False
    per = Decimal(1 if claim.unit == "times" else 100)
    exact = "percent" in units
    return any(
        _is_within(claim, claimed, round(true, 6), per)
        for claimed in (round(factor, 6) for factor in _factors(claim, exact=exact))
        for factor in _factors(other, exact=exact)
        for true in ((factor, 1 / factor) if _is_speed_for_time(claim, other) else (factor,))
        if factor
    )


def _as_share(quantity: Quantity) -> Quantity:
    """Read 1/4 as 25 %."""
    if quantity.unit != "ratio" or "/" not in quantity.text:
        return quantity
    return quantity.model_copy(update={"unit": "percent", "value": quantity.value * 100})


def _is_speed_for_time(claim: Quantity, other: Quantity) -> bool:
    """Whether 4x faster may be 耗时降至四分之一."""
    return {claim.direction, other.direction} == {"better", "saved"}


def _factors(quantity: Quantity, *, exact: bool) -> set[Decimal]:
    """Give what a change may multiply by: loosely, 增长2倍 is by two or by three."""
    value, by = abs(quantity.value), quantity.reach == "by"
    fell = quantity.direction in {"down", "saved", "worse"}
    if quantity.unit == "times":
        if fell and by:
            slow = quantity.direction == "worse" and "倍" in quantity.text
            return {1 / value, 1 / (value + 1)} if slow else {1 / value}
        added = by and "倍" in quantity.text and quantity.text[:2] not in _ONCE
        added = added and quantity.bound != "plural"  # 百倍 is rough enough
        return ({value + 1} if exact else {value, value + 1}) if added else {value}
    share = value / 100
    if "折" in quantity.text or (by and fell):
        return {abs(1 - share)}
    if by:
        return {1 + share}
    return {share, 1 + share} if share >= 1 and not quantity.reach else {share}


def _comparable(claim: Quantity, other: Quantity) -> bool:
    if claim.unit == other.unit or (claim.unit, other.unit) in _INTERCHANGEABLE_UNITS:
        return True
    if claim.unit == "points" and other.unit == "":
        return other.text[0] in "+-"  # 92.4% (+3.1)
    if claim.unit == "version" and len(claim.digits) >= _FIGURE_DIGITS and "." in claim.digits:
        return True  # the 114.7 of a list that names its unit once; the name itself is compared too
    if claim.unit in _OPTIONAL_UNITS:
        return other.unit in {"", "version"}
    if claim.unit == "percent" and other.unit in {"", "version"}:
        # Tables of scores leave the sign out; a whole number could be anything, and 4.5 a version.
        least = 10 if other.unit == "version" else 0
        return "." in other.digits and least <= other.value < 100  # noqa: PLR2004
    return claim.unit == "" and (
        other.unit in _OPTIONAL_UNITS | {"flops"}
        # 3 of `3-5 times`
        or (
            other.unit == "times"
            and re.search(r"times\b|twice|thrice|^\d+$", other.text) is not None
        )
    )


def equals_name_part(claim: Quantity, other: Quantity) -> bool:
    """Whether a version or a size of the claim is inside a name of the evidence."""
    if other.unit == "version" and claim.unit not in {"version", "ordinal", "quarter"}:
        return False
    return is_equal(claim, other)


def is_known_date(claim: Quantity, known: Sequence[Quantity]) -> bool:
    """Whether a date of the claim is in the evidence, its year perhaps apart from its day."""
    dates = [date for other in known for date in _possible_dates(other)]
    years = {date[0] for date in dates} | {
        int(other.value)
        for other in known
        if other.unit in {"", "year"} and other.value < 3000  # noqa: PLR2004
    }
    year, month, day = _date_parts(claim)
    if claim.unit == "seconds":  # 4:10 may be minutes and seconds
        return any(other.unit == "clock" and other.value == claim.value * 60 for other in known)
    if claim.unit in {"year", ""}:
        return bool(claim.value) and any(date[0] == claim.value for date in dates)
    if claim.unit != "date":
        return False
    if not month:
        return any(other.unit in {"", "ordinal"} and other.value == day for other in known) or any(
            date[2] == day for date in dates
        )
    return any(
        date[1] == month
        and day in {0, date[2]}
        and year in ({0, date[0]} if date[0] else {0} | years)
        for date in dates
    )


def _possible_dates(other: Quantity) -> Iterator[tuple[int, int, int]]:
    """Give the dates that a quantity may be: 05/06/2025 is two, 12/19 a ratio or a day."""
    if other.unit == "date":
        year, month, day = _date_parts(other)
        yield year, month, day
        if re.fullmatch(r"[A-Za-z]+-2\d", other.text):  # Nov-25
            yield 2000 + day, month, 0
        if re.match(r"\d\d?[/.-]\d\d?[/.-]", other.text) and day <= 12:  # noqa: PLR2004
            yield year, day, month
    elif other.unit == "ratio" and "/" in other.text and "." not in other.digits:
        one, another = sorted(map(int, other.digits.split(":")))
        yield 0, one, another
        if another <= 12:  # noqa: PLR2004 - 12/4 is in December or in April
            yield 0, another, one


def _date_parts(date: Quantity) -> tuple[int, int, int]:
    number = int(date.value)
    return number // 10000, number // 100 % 100, number % 100
