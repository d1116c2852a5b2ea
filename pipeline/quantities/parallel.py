"""Quantities in parallel rise or fall alike: 3x memory and 8x latency reductions.

The verb or noun that says so is given once, before the first or behind the last.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.quantities.lexer import Token
from pipeline.quantities.trends import RELATIVE, Trend, read_trend

_LONGEST_GAP = 60
_ABOUT = r"(?:[~≈]|about |around |nearly |almost |roughly |over |up to )?"
_SAME_PLACE = re.compile(rf"[\w ]*? (?P<place>in|for|on|at) [\w -]+ and {_ABOUT}")
"""Cut cost 18x in one mode and 1000x in another."""
_SAME_BY = re.compile(rf"(?:,| and)[\w -]* by {_ABOUT}")
"""Costs fall by 85%, boilerplate by 40%."""
_BY = re.compile(rf"\bby {_ABOUT}$")
_SAME_NOUN = re.compile(rf"(?: \w+){{1,2}} and {_ABOUT}")
"""3x memory and 8x latency reductions."""
_WINDOW = 12


def read_trends(text: str, tokens: Sequence[Token]) -> list[Trend]:
    """Read the trend of each quantity, and hand it on to what stands in parallel."""
    trends = [read_trend(text, token) for token in tokens]
    for at, (first, second) in enumerate(pairwise(tokens)):
        if first.unit != second.unit or first.unit not in RELATIVE:
            continue
        if second.start - first.end > _LONGEST_GAP:
            continue
        one, other = trends[at : at + 2]
        if one.reach == "by" and not other.direction and _goes_on(text, first, second):
            # What is better by a part may be more or less of something else.
            vague = one.direction == "better" and first.unit != "times"
            trends[at + 1] = Trend("", "by") if vague else one
        elif other.reach == "by" and one == Trend() and first.unit == "times":
            same = _SAME_NOUN.fullmatch(text, first.end, second.start)
            trends[at] = other if same else one
    return trends


def _goes_on(text: str, first: Token, second: Token) -> bool:
    if place := _SAME_PLACE.fullmatch(text, first.end, second.start):
        return text.startswith(f" {place['place']} ", second.end)
    before = text[max(0, first.start - _WINDOW) : first.start]
    return bool(_BY.search(before) and _SAME_BY.fullmatch(text, first.end, second.start))
