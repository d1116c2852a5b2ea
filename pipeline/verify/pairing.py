"""Numbers of a Chinese sentence stand beside the nouns that they have in English.

Part of `sense` and of `numbers`. Only a full exchange is objected to: 8x of A and 3x of B told as
3x of A and 8x of B, or 80B of its 3B; what 分别 tells in the other order; the price of input for
that of output. Not covered: numbers of nouns without a name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from pipeline.quantities import QuantityMatch, match_quantities
from pipeline.verify.check import Problem

_NAME = re.compile(r"[A-Za-z]*[A-Z][\w.-]*\w|[a-z]+\.[a-z]+|\b[A-Z]\b(?! series)", re.ASCII)
_ENGLISH_CLAUSE = re.compile(
    r"[,;:] | (?:and|but|while|whereas|against|versus|vs\.?|rather than|as opposed to) "
    # 3x faster compared to A is of A; what B does compared to A that uses 3 GB is not.
    r"| compared (?:to|with) (?=[^,;]{0,50}(?:'s [$\d]| (?:at|for|getting|needing|offering"
    r"|requiring|scoring|taking|using|utili[sz]ing) ))"
)
_CHINESE_CLAUSE = re.compile("[，；：、。]|和|与|而|及|以及")


class _Placed(NamedTuple):
    """A number that stands once in both, and the names of its clause."""

    text: str
    english: frozenset[str]
    chinese: frozenset[str]


def find_exchanged_numbers(english: str, chinese: str) -> Iterator[Problem]:
    """Find two numbers that each stand beside the name of the other."""
    matches = match_quantities(english, chinese)
    for one, other in combinations(_placed(matches, english, chinese), 2):
        own, others = one.english - other.english, other.english - one.english
        if _is_of(one.chinese, others, own) and _is_of(other.chinese, own, others):
            yield Problem(f"{one.text} beside {min(own)}", f"beside {min(others)}")
    yield from _exchanged_parts(matches, english, chinese)
    yield from _exchanged_orders(matches, english, chinese)
    yield from _exchanged_prices(english, chinese)


def _is_of(names: frozenset[str], wrong: frozenset[str], right: frozenset[str]) -> bool:
    return bool(names & wrong) and not names & right


def _placed(matches: Iterable[QuantityMatch], english: str, chinese: str) -> Iterator[_Placed]:
    for match in matches:
        if len(match.equals) == 1 and not match.claim.weak:
            yield _Placed(
                match.claim.text,
                _names_around(english, match.claim.start, _ENGLISH_CLAUSE),
                _names_around(chinese, match.equals[0].start, _CHINESE_CLAUSE),
            )


def _names_around(text: str, at: int, ends: re.Pattern[str]) -> frozenset[str]:
    """Give the names of the clause that a place is in, in lower case."""
    start = max((end.end() for end in ends.finditer(text, 0, at)), default=0)
    after = ends.search(text, at)
    return frozenset(
        name.casefold() for name in _NAME.findall(text[start : after.start() if after else None])
    )


def _exchanged_parts(
    matches: Iterable[QuantityMatch], english: str, chinese: str
) -> Iterator[Problem]:
    """Find 80B of its 3B for 3B of its 80B."""
    for part, whole in pairwise(matches):
        gap = english[part.claim.end : whole.claim.start]
        if not _PART_OF.fullmatch(gap) or len(part.equals) != 1 or len(whole.equals) != 1:
            continue
        (first,), (second,) = part.equals, whole.equals
        if first.end <= second.start and re.search("[中里]", chinese[first.end : second.start]):
            yield Problem(f"{part.claim.text}{gap}{whole.claim.text}", "the other way round")


def _exchanged_orders(
    matches: Sequence[QuantityMatch], english: str, chinese: str
) -> Iterator[Problem]:
    """Find two lists that 分别 joins, of which one is told in the other order."""
    for sentence in _RESPECTIVE.finditer(chinese):
        pairs: dict[str, list[QuantityMatch]] = {}
        for match in matches:
            told = match.equals
            if len(told) == 1 and sentence.start() <= told[0].start < sentence.end():
                pairs.setdefault(match.claim.unit, []).append(match)
        lists = [pair for pair in pairs.values() if len(pair) == len(_PAIR)]
        orders = {one.equals[0].start < other.equals[0].start for one, other in lists}
        between = [english[one.claim.end : other.claim.start] for one, other in lists]
        if len(orders) == len(_PAIR) and all(map(_NEXT.fullmatch, between)):
            one, other = lists[-1]
            yield Problem(f"{one.claim.text} before {other.claim.text}", "the other order")


def _exchanged_prices(english: str, chinese: str) -> Iterator[Problem]:
    """Find the second of $3/$15 per million tokens told as the price of input."""
    for told in _HAN_PRICES.finditer(chinese):
        for stated in _PRICES.finditer(english):
            if (told[1], told[2]) == (stated[2], stated[1]) and stated[1] != stated[2]:
                yield Problem(f"{stated[1]} of input and {stated[2]} of output", "exchanged")


_RESPECTIVE = re.compile("[^。；\n]*分别[^。；\n]*")
_PAIR = (True, False)
_NEXT = re.compile(r",?(?: \w+)? (?:and|or|to|vs\.?) (?:\w+ )?|/")
_PRICES = re.compile(
    r"[$€£]([\d.]+)/[$€£]?([\d.]+)(?= ?(?:per|/) ?(?:1|one )?(?:m(?:illion)?\b|M|[mM][tT]ok)"
    r"| in(?:put)?/out(?:put)?)"
)
_HAN_PRICES = re.compile(
    r"输入[^，。；、\d]{0,12}([\d.]+)[^。；\d]{0,12}输出[^，。；、\d]{0,12}([\d.]+)"
)
_PART_OF = re.compile(r" (?:out )?of (?:its |the |their |all )?(?:\w+ )?")
