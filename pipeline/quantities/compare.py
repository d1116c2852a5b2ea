"""Quantities of English and Chinese text as comparable values, and which of them are equal.

Pure. It does not know what is counted: 40 models and 40 users are the same. Numbers inside names
(GPT-5.2, H100, Qwen3.5-35B-A3B) are no quantities, since names are compared as names; rates are
compared by what they count (21 tokens/s is 21 tokens).
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import chain
from typing import Literal, NamedTuple

from pipeline.quantities.lexer import ONE, Bound, Token, fold_with_offsets
from pipeline.quantities.patterns import is_calendar_year, tokenize
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


class QuantityMatch(NamedTuple):
    """A quantity of a claim and what the evidence has for it."""

    claim: Quantity
    equals: tuple[Quantity, ...]
    """Where the evidence says it, in order; empty if it is only implied, or said in two places."""
    matched_by: Literal["value", "date", "name", "word", "none"]
    """Equal in value, by a date or within a name; said by a word such as `both`; or not at all."""


def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Find the quantities of an English, Chinese or mixed text.

    Returns:
        In the order of the text, none overlapping another; numbers inside names left out.
    """
    return tuple(quantity for quantity, name in _scan(text) if not name)


def match_quantities(claim_text: str, evidence: str) -> tuple[QuantityMatch, ...]:
    """Match each quantity of a claim with its equals in the evidence.

    Equal is the same value in the same unit, and:

    - a count without a unit equals tokens, parameters, bits, a score, a year or a version;
    - durations, data sizes and powers are converted, exactly; money is not, nor % to points;
    - 约, 超过, 近 allow the evidence to be more exact (超过4万 for 41,234), never the reverse;
    - 一 as an article is no quantity; 2倍, 翻倍, doubled and twice are 2x;
    - a date may leave out the year or the day, and says no more than the evidence does;
    - a percentage equals a bare decimal below 100 (73.8 of a table), but not the other way round;
    - a number inside a name is evidence for a version, and for a size (120B in gpt-oss-120b).

    Returns:
        In the order of the claim, the weak ones too.
    """
    sources = _read_sources(evidence)
    return tuple(
        _match(quantity, claim_text, sources, evidence) for quantity in find_quantities(claim_text)
    )


def unsupported_quantities(claim_text: str, evidence: str) -> tuple[Quantity, ...]:
    """Find the quantities of a claim that match nothing in the evidence, in its order."""
    matches = match_quantities(claim_text, evidence)
    return tuple(match.claim for match in matches if match.matched_by == "none")


class _Sources(NamedTuple):
    """The quantities of the evidence."""

    stated: list[Quantity]
    sides: dict[int, list[Quantity]]
    """Both numbers of each ratio, by its place: 48/80 layers."""
    in_names: list[tuple[Quantity, list[Quantity]]]
    """Each name with the numbers in it."""


def _read_sources(evidence: str) -> _Sources:
    sources = _Sources([], {}, [])
    for quantity, is_name in _scan(evidence):
        if is_name:
            sources.in_names.append((quantity, list(_quantities_in_name(quantity.text))))
        else:
            sources.stated.append(quantity)
        if quantity.unit == "ratio":
            parts = quantity.digits.split(":")
            sources.sides[quantity.start] = [
                side for part in parts for side in find_quantities(part)
            ]
    return sources


def _match(claim: Quantity, text: str, sources: _Sources, evidence: str) -> QuantityMatch:
    if equals := [
        other
        for other in _possible_equals(claim, text, sources.stated)
        if any(_is_equal(claim, one) for one in (other, *sources.sides.get(other.start, ())))
    ]:
        return QuantityMatch(claim, tuple(equals), "value")
    if _is_known_date(claim, [*sources.stated, *chain(*sources.sides.values())]):
        dates = [other for other in sources.stated if _is_known_date(claim, [other])]
        return QuantityMatch(claim, tuple(dates), "date")
    if names := [
        name
        for name, parts in sources.in_names
        if any(_equals_name_part(claim, part) for part in _possible_equals(claim, text, parts))
    ]:
        return QuantityMatch(claim, tuple(names), "name")
    return QuantityMatch(claim, (), "word" if _is_implied(claim, evidence) else "none")


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
    }
)

_STAGE = re.compile(" ?[个]?(?:代|阶段|版|期|部|章|节|步|级|季|届|层|类|轮|次|款|波|批)")
"""What is numbered without being ranked."""

_IMPLIED_NUMBERS = {
    ("", 2): re.compile(r"\b(?:both|pair|couple|dual|twin|either|duo|double)\b", re.IGNORECASE),
    ("ordinal", 1): re.compile(
        r"\b(?:top\w*|lead(?:s|ing|er)?|best|highest|original|initial|one|1|win(?:s|ner|ning))\b",
        re.IGNORECASE,
    ),
}
"""English that says a small number without a number."""


def _is_equal(claim: Quantity, other: Quantity) -> bool:
    if not _comparable(claim, other):
        return False
    if {claim.unit, other.unit} == {"percent", "ratio"}:  # 1/10 and 十分之一
        part, whole = sorted((claim, other), key=lambda quantity: quantity.unit == "percent")
        return abs(part.value * 100 - whole.value) < Decimal("1e-6")
    if claim.unit == "ratio" or {claim.unit, other.unit} in ({"version"}, {"version", ""}):
        return claim.digits == other.digits and claim.value == other.value
    first_chars, bounds = {claim.text[0], other.text[0]}, {claim.bound, other.bound}
    if first_chars == {"+", "-"} or bounds == {"more", "less"}:
        return False
    claimed, true = abs(claim.value), abs(other.value)
    if other.bound == "plural" != claim.bound:
        return False
    within = {
        "": False,
        "about": abs(claimed - true) * 2 <= claim.step and abs(claimed - true) * 20 <= true,
        "more": claimed <= true < claimed + claim.step,
        "less": claimed - claim.step < true <= claimed <= true * 2,
        "plural": claimed <= true < claimed * 10,
    }
    return claimed == true or within[claim.bound]


def _comparable(claim: Quantity, other: Quantity) -> bool:
    if claim.unit == other.unit or (claim.unit, other.unit) in _INTERCHANGEABLE_UNITS:
        return True
    if claim.unit in _OPTIONAL_UNITS:
        return other.unit in {"", "version"}
    if claim.unit == "percent" and other.unit in {"", "version"}:
        # Tables of scores leave the sign out; a whole number could be anything, and 4.5 a version.
        least = 10 if other.unit == "version" else 0
        return "." in other.digits and least <= other.value < 100  # noqa: PLR2004
    return claim.unit == "" and (
        other.unit in _OPTIONAL_UNITS
        or (other.unit == "times" and other.text.endswith(("times", "twice")))
    )


def _equals_name_part(claim: Quantity, other: Quantity) -> bool:
    """Whether a version or a size of the claim is inside a name of the evidence."""
    if other.unit == "version" and claim.unit not in {"version", "ordinal", "quarter"}:
        return False
    return _is_equal(claim, other)


def _possible_equals(claim: Quantity, text: str, known: list[Quantity]) -> list[Quantity]:
    """Leave out what a rank is no match for: 第五 is not the 5 of GPT-5, 第五代 may be."""
    if claim.unit != "ordinal" or _STAGE.match(text, claim.end):
        return known
    return [other for other in known if other.unit != "version"]


def _quantities_in_name(name: str) -> Iterator[Quantity]:
    """Read the numbers of a name: 3.5, 35B and 3B of Qwen3.5-35B-A3B."""
    for piece in re.split(r"[-_/@x]", name):
        for quantity in find_quantities(re.sub("^[A-Za-z.]+", "", piece)):
            plain = quantity.unit == "" and f"{quantity.value:f}" == quantity.digits
            yield quantity.model_copy(update={"unit": "version"}) if plain else quantity


def _is_known_date(claim: Quantity, known: Sequence[Quantity]) -> bool:
    """Whether a date of the claim is in the evidence, its year perhaps apart from its day."""
    dates = [_date_parts(other) for other in known if other.unit == "date"]
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


def _date_parts(date: Quantity) -> tuple[int, int, int]:
    number = int(date.value)
    return number // 10000, number // 100 % 100, number % 100


def _is_implied(claim: Quantity, evidence: str) -> bool:
    hint = _IMPLIED_NUMBERS.get((claim.unit, int(claim.value))) if claim.weak else None
    return bool(hint and hint.search(evidence))


# An entry is checked twice, before and after it is set, against the same evidence.
@lru_cache(maxsize=256)
def _scan(text: str) -> tuple[tuple[Quantity, bool], ...]:
    """Read the quantities of a text in order, and the names with a number, marked True."""
    plain, offsets = fold_with_offsets(text)
    found: list[tuple[Quantity, bool]] = []
    with localcontext(prec=100):  # exact, up to the longest run of digits and its powers
        for token in _combine_tokens(plain, tokenize(plain)):
            start, end = offsets[token.start], offsets[token.end - 1] + 1
            # One character can fold into two numbers: the second has no place of its own.
            if not found or start >= found[-1][0].end:
                found.append((_quantity(token, text, start, end), token.name))
    return tuple(found)


def _quantity(token: Token, text: str, start: int, end: int) -> Quantity:
    exponent = int(token.number.normalize().as_tuple().exponent)
    small = token.unit == "" and token.value <= 10 and (token.spelled or token.value == 1)  # noqa: PLR2004
    return Quantity(
        value=Decimal(f"{token.value.normalize():f}"),
        unit=token.unit,
        digits=re.sub(r"(?:\.0+)+$", "", token.digits) or f"{token.number.normalize():f}",
        step=ONE.scaleb(exponent) * token.scale * token.factor,
        bound=token.bound,
        weak=small or (token.unit == "ordinal" and token.value == 1),
        text=text[start:end],
        start=start,
        end=end,
    )


_TO = re.compile(r" ?(?:-|~|至|到|to|through) ?")
_LIST = re.compile(r" ?(?:、|/|和|与|或|及|and|or|vs\.?|->|→) ?")
_LONGEST_GAP = 9
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
            counted = text[second.end : second.end + 1] in MEASURE_WORDS
            read[at : at + 2] = _share_unit(first, gap, second, counted=counted)
    return read


def _share_unit(first: Token, gap: str, second: Token, *, counted: bool) -> tuple[Token, Token]:
    span, row = bool(_TO.fullmatch(gap)), bool(_LIST.fullmatch(gap))
    if not (span or row):
        return first, second
    if first.unit == "version":
        bare = second.unit == "" and second.scale == 1 and not second.spelled and not counted
        return first, second._replace(unit="version") if bare else second
    if span and first.unit == "date" and _is_day(second):
        month = first.number - first.number % 100
        return first, second._replace(unit="date", number=month + second.number)
    if span and first.unit in MONEY and second.unit == "":
        second = second._replace(unit=first.unit, factor=first.factor)
    year = row and first.scale == 1 and is_calendar_year(first.number) and second.unit != "year"
    if first.unit == "" and second.unit not in _NOT_SHARED and not year:
        first = first._replace(unit=second.unit, factor=second.factor)
    if span and first.unit == second.unit and first.scale == 1 and first.number < second.number:
        first = first._replace(scale=second.scale)
    return first, second


def _is_day(token: Token) -> bool:
    """Whether it may be the 21 of `April 16-21` and the 21日 of 4月16日至21日."""
    return token.unit in {"", "date"} and token.scale == 1 and token.number < 32  # noqa: PLR2004


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
