"""Numbers of a Chinese sentence stand beside the nouns that they have in English.

Part of `sense`. Only a full exchange is objected to: 8x of A and 3x of B told as 3x of A and 8x
of B, or 80B of its 3B. Not covered: numbers of nouns without a name.
"""

import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

from pipeline.quantities import match_quantities
from pipeline.verify.check import Problem

_NAME = re.compile(r"[A-Za-z]*[A-Z][\w.-]*\w|[a-z]+\.[a-z]+", re.ASCII)
_ENGLISH_CLAUSE = re.compile(r"[,;:] | (?:and|but|while|whereas|against|versus|vs\.?) ")
_CHINESE_CLAUSE = re.compile("[，；：、。]|和|与|而|及|以及")


class _Placed(NamedTuple):
    """A number that stands once in both, and the names of its clause."""

    text: str
    english: frozenset[str]
    chinese: frozenset[str]


def find_exchanged_numbers(english: str, chinese: str) -> Iterator[Problem]:
    """Find two numbers that each stand beside the name of the other."""
    for one, other in combinations(_placed(english, chinese), 2):
        own, others = one.english - other.english, other.english - one.english
        if _is_of(one.chinese, others, own) and _is_of(other.chinese, own, others):
            yield Problem(f"{one.text} beside {min(own)}", f"beside {min(others)}")
    yield from _exchanged_parts(english, chinese)


def _is_of(names: frozenset[str], wrong: frozenset[str], right: frozenset[str]) -> bool:
    return bool(names & wrong) and not names & right


def _placed(english: str, chinese: str) -> Iterator[_Placed]:
    for match in match_quantities(english, chinese):
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


def _exchanged_parts(english: str, chinese: str) -> Iterator[Problem]:
    """Find 80B of its 3B for 3B of its 80B."""
    for part, whole in pairwise(match_quantities(english, chinese)):
        gap = english[part.claim.end : whole.claim.start]
        if not _PART_OF.fullmatch(gap) or len(part.equals) != 1 or len(whole.equals) != 1:
            continue
        (first,), (second,) = part.equals, whole.equals
        if first.end <= second.start and re.search("[中里]", chinese[first.end : second.start]):
            yield Problem(f"{part.claim.text}{gap}{whole.claim.text}", "the other way round")


_PART_OF = re.compile(r" (?:out )?of (?:its |the |their |all )?(?:\w+ )?")
