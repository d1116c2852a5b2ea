"""Numbers of a Chinese sentence stand beside the names and nouns that they have in English.

Part of `numbers` and `sense`. Only a full exchange is objected to: 8x of A and 3x of B told as 3x
of A and 8x of B, 80B of its 3B, what 分别 tells in the other order, or the price of input for that
of output. A number's names are those of its clause; where a clause has as many names as numbers,
each has one, and where it has none, those of the clause before. Not covered: numbers of nouns that
`anchors` does not know, and what is told by order alone.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from pipeline.quantities import Quantity, QuantityMatch, Unit, match_quantities
from pipeline.verify.anchors import Anchor, find_anchors, is_noun
from pipeline.verify.check import Problem

_Keys = frozenset[str]

_ENGLISH_CLAUSE = re.compile(
    r"[,;:](?= )|(?<!\d)\.(?= )|\n| [–—-] |—"
    r"| (?:and|but|while|whereas|against|followed by|leading to|resulted in) "
    r"| with (?=[$€£]\d)"
)
_CHINESE_CLAUSE = re.compile("[，；：、。]|和|与|而(?!成)|及|以及")
_COMPARISON = re.compile(
    r"[()（）]| (?:versus|vs\.?|compared (?:to|with)|than|outperforming) "
    r"|比(?![例重特])|[高低多少]于|胜过|优于"
)
"""What begins a clause of its own where a number follows: 22GB compared to 43GB for B."""
_CLOSING = ")）"
_HEADING = re.compile(r"[^.:;\n]{4,90}: (?=\S)")
_UNPAIRED: frozenset[Unit] = frozenset({"version", "year"})
_CHARS_OF_COUNTED = 14
_COUNTED_END = re.compile(r"[,;:.，。；：、()（）]|\d")
_AT_ONCE = 5


class _Placed(NamedTuple):
    """A number that stands in both, and the names beside it."""

    number: Quantity
    english: _Keys
    chinese: _Keys
    english_counted: _Keys
    """What follows it at once."""
    chinese_counted: _Keys


def find_exchanged_numbers(english: str, chinese: str) -> Iterator[Problem]:
    """Find two numbers that each stand beside the name of the other."""
    for one, other in combinations(_placed(english, chinese), 2):
        if one.number.text == other.number.text or not _is_alike(one.number, other.number):
            continue
        for pick in (_all_names, _proper_names, _counted):
            (own, told), (others, others_told) = pick(one), pick(other)
            if _are_exchanged(own, told, others, others_told):
                expected = f"{one.number.text} beside {_shown(own - others or own)}"
                yield Problem(expected, f"beside {_shown(told - own or told)}")
                break
    matches = match_quantities(english, chinese)
    yield from _exchanged_parts(matches, english, chinese)
    yield from _exchanged_orders(matches, english, chinese)
    yield from _exchanged_prices(english, chinese)


def _is_alike(one: Quantity, other: Quantity) -> bool:
    return one.unit == other.unit or "" in {one.unit, other.unit}


def _all_names(placed: _Placed) -> tuple[_Keys, _Keys]:
    return placed.english, placed.chinese


def _proper_names(placed: _Placed) -> tuple[_Keys, _Keys]:
    english = frozenset(key for key in placed.english if not is_noun(key))
    return english, frozenset(key for key in placed.chinese if not is_noun(key))


def _counted(placed: _Placed) -> tuple[_Keys, _Keys]:
    return placed.english_counted, placed.chinese_counted


def _shown(names: _Keys) -> str:
    return min(key.split(": ")[-1] for key in names)


def _are_exchanged(own: _Keys, told: _Keys, others: _Keys, others_told: _Keys) -> bool:
    """Whether each of two numbers has in Chinese what the other has in English."""
    if own and others and own != others and (told, others_told) == (others, own):
        return True
    right, wrong = own - others, others - own
    return _is_of(told, wrong, right) and _is_of(others_told, right, wrong)


def _is_of(names: _Keys, wrong: _Keys, right: _Keys) -> bool:
    return bool(names & wrong) and not names & right


def _placed(english: str, chinese: str) -> Iterator[_Placed]:
    matches = [
        match
        for match in match_quantities(chinese, english)
        if match.matched_by in {"value", "date"}
        and match.equals
        and not match.claim.weak
        and match.claim.unit not in _UNPAIRED
    ]
    if len(matches) <= 1:
        return
    in_english, in_chinese = find_anchors(english, chinese)
    matches = [match for match in matches if not _is_size_in_name(match, english, in_chinese)]
    equals = [other for match in matches for other in match.equals]
    stated = _Text(english, in_english, equals, _ENGLISH_CLAUSE)
    told = _Text(chinese, in_chinese, [match.claim for match in matches], _CHINESE_CLAUSE)
    for claim, places, _ in matches:
        told_below = [one for one in places if not _is_in_heading(english, one)] or places
        yield _Placed(
            claim,
            _union(map(stated.beside, told_below)),
            told.beside(claim),
            _union(map(stated.counted, told_below)),
            told.counted(claim),
        )


def _is_in_heading(english: str, number: Quantity) -> bool:
    """Whether a number stands before the colon that ends the heading of a line."""
    start = english.rfind("\n", 0, number.start) + 1
    heading = _HEADING.match(english, start)
    return heading is not None and number.end <= heading.end()


def _is_size_in_name(match: QuantityMatch, english: str, anchors: Iterable[Anchor]) -> bool:
    """Whether a size is part of a name: Qwen 2.5 VL 72B, Qwen3-Next-80B."""
    claim = match.claim
    return claim.unit == "parameters" and (
        any(re.match(r"[\w-]", english[other.start - 1 : other.start]) for other in match.equals)
        or any(len(one.keys) > 1 and one.start <= claim.start < one.end for one in anchors)
    )


def _union(names: Iterable[_Keys]) -> _Keys:
    return frozenset[str]().union(*names)


class _Text:
    """A text with its numbers, its names and where its clauses start."""

    def __init__(
        self,
        text: str,
        anchors: Sequence[Anchor],
        numbers: Iterable[Quantity],
        ends: re.Pattern[str],
    ) -> None:
        self._text = text
        self._anchors = anchors
        self._numbers = sorted(set(numbers), key=lambda number: number.start)
        cuts = {0, *(end.start() for end in ends.finditer(text))}
        compared = {found.start() for found in _COMPARISON.finditer(text)}
        self._starts = [
            start
            for start, end in pairwise([*sorted(cuts | compared), len(text)])
            if start in cuts or self._numbers_in(start, end)
        ]

    def beside(self, number: Quantity) -> _Keys:
        """Give the names beside a number, none of them its own."""
        at = bisect_right(self._starts, number.start) - 1
        names = self._names_of(at, number)
        numbers = [one for one in self._numbers_in(*self._clause(at)) if one.unit == number.unit]
        if len(numbers) == len(names) > 1 and self._are_in_turn(numbers, names):
            return names[numbers.index(number)].keys
        while not names and at and self._text[self._starts[at]] not in _CLOSING:
            at -= 1
            if self._numbers_in(*self._clause(at)):
                break
            names = self._names_of(at, number)
        return _union(one.keys for one in names)

    def counted(self, number: Quantity) -> _Keys:
        """Give the name that follows a number at once."""
        limit = number.end + _CHARS_OF_COUNTED
        end = _COUNTED_END.search(self._text, number.end, limit)
        limit = end.start() if end else limit
        found = [one for one in self._anchors if number.end <= one.start and one.end <= limit]
        return found[0].keys if found else frozenset()

    def _clause(self, at: int) -> tuple[int, int]:
        after = self._starts[at + 1 : at + 2]
        return self._starts[at], after[0] if after else len(self._text)

    def _numbers_in(self, start: int, end: int) -> list[Quantity]:
        return [one for one in self._numbers if start <= one.start < end]

    def _names_of(self, at: int, number: Quantity) -> list[Anchor]:
        """Give the names of a clause, without the numbers of one unit in them."""
        start, end = self._clause(at)
        names = [one for one in self._anchors if start <= one.start < end]
        bare = (one._replace(keys=one.keys - self._sizes_in(one, number.unit)) for one in names)
        return [one for one in bare if one.keys]

    def _sizes_in(self, name: Anchor, unit: Unit) -> _Keys:
        own = " ".join(
            self._text[one.start : one.end].casefold()
            for one in self._numbers
            if one.unit == unit and name.start < one.end and one.start < name.end
        )
        return frozenset(key for key in name.keys if key in own)

    def _are_in_turn(self, numbers: Sequence[Quantity], names: Sequence[Anchor]) -> bool:
        """Whether the first number is that of the first name, and so on."""
        items = sorted(
            [*((one.start, "number") for one in numbers), *((one.start, "name") for one in names)]
        )
        kinds = [kind for _, kind in items]
        if any(kind == after for kind, after in zip(kinds[::2], kinds[1::2], strict=True)):
            return False
        # The paper tests 12 models on 1240 tasks.
        gap = names[1].start - numbers[0].end
        counts = 0 <= gap < _AT_ONCE and names[1].start < numbers[1].start
        return kinds[0] == "number" or not counts


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
