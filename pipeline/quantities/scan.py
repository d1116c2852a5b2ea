"""Text to quantities: tokens with the units they share, and the places where they stand."""

import re
from decimal import Decimal, localcontext
from functools import lru_cache

from pipeline.quantities.lexer import ONE, Bound, Token, fold_with_offsets
from pipeline.quantities.parallel import read_trends
from pipeline.quantities.patterns import tokenize
from pipeline.quantities.sharing import combine_tokens
from pipeline.quantities.trends import Direction, Reach, Trend
from pipeline.quantities.units import Unit
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
    carried: bool
    """Whether its unit is only understood from the number before it."""
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
        tokens = combine_tokens(plain, tokenize(plain))
        for token, trend in zip(tokens, read_trends(plain, tokens), strict=True):
            start, end = offsets[token.start], offsets[token.end - 1] + 1
            # One character can fold into two numbers: the second has no place of its own.
            if not found or start >= found[-1][0].end:
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
        carried=token.carried,
        text=text[start:end],
        start=start,
        end=end,
    )
