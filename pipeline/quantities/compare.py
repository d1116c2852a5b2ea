"""Quantities of a claim and of its evidence, and which of them are equal.

Pure. It does not know what is counted: 40 models and 40 users are the same. Numbers inside names
(GPT-5.2, H100, Qwen3.5-35B-A3B) are no quantities, since names are compared as names; rates are
compared by what they count (21 tokens/s is 21 tokens).
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, takewhile
from typing import Literal, NamedTuple

from pipeline.quantities.equality import equals_name_part, is_equal, is_known_date
from pipeline.quantities.from_to import find_changes, find_reversed
from pipeline.quantities.scan import Quantity, find_quantities, scan


class QuantityMatch(NamedTuple):
    """A quantity of a claim and what the evidence has for it."""

    claim: Quantity
    equals: tuple[Quantity, ...]
    """Where the evidence says it, in order; empty if it is only implied, or said in two places."""
    matched_by: Literal["value", "date", "name", "word", "none"]
    """Equal in value, by a date or within a name; said by a word such as `both`; or not at all."""


# Several checks ask it of the same entry.
@lru_cache(maxsize=64)
def match_quantities(claim_text: str, evidence: str) -> tuple[QuantityMatch, ...]:
    """Match each quantity of a claim with its equals in the evidence.

    Equal is the same value in the same unit, and:

    - a count without a unit equals tokens, parameters, bits, a score, a year or a version;
    - durations, data sizes and powers are converted, exactly; money is not, nor % to points;
    - 约, 超过, 近 allow the evidence to be more exact (超过4万 for 41,234), never the reverse;
    - a change from one to the other is not the one back;
    - 一 as an article is no quantity; 2倍, 翻倍, doubled and twice are 2x;
    - a date may leave out the year or the day, and says no more than the evidence does;
    - a percentage equals a bare decimal below 100 (73.8 of a table), but not the other way round;
    - a number inside a name is evidence for a version, and for a size (120B in gpt-oss-120b).

    Returns:
        In the order of the claim, the weak ones too.
    """
    if not (claims := find_quantities(claim_text)):
        return ()
    sources = _read_sources(evidence)
    changes = list(find_changes(claim_text, claims))
    stated = list(find_changes(evidence, sources.stated)) if changes else []
    swapped = list(find_reversed(changes, stated))
    return tuple(
        QuantityMatch(quantity, (), "none")
        if quantity in swapped
        else _match(quantity, claim_text, sources, evidence)
        for quantity in claims
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
    for quantity, is_name in scan(evidence):
        if is_name:
            sources.in_names.append((quantity, list(_quantities_in_name(quantity.text))))
        else:
            sources.stated.append(quantity)
        if quantity.unit == "ratio":
            sources.sides[quantity.start] = _sides(quantity)
    return sources


def _sides(ratio: Quantity) -> list[Quantity]:
    sides = [side for part in ratio.digits.split(":") for side in find_quantities(part)]
    return sides + list(find_quantities("24 hours, 7 days")) if ratio.digits == "24:7" else sides


def _match(claim: Quantity, text: str, sources: _Sources, evidence: str) -> QuantityMatch:
    if _MALFORMED.search(claim.text) and claim.text not in evidence:
        return QuantityMatch(claim, (), "none")
    if equals := [
        other
        for other in _possible_equals(claim, text, sources.stated)
        if any(is_equal(claim, one) for one in (other, *sources.sides.get(other.start, ())))
    ]:
        if claim.unit == "date":  # July 27 in one line, July 27, 2026 in another
            equals = _same_dates(claim, sources)
        return QuantityMatch(claim, tuple(equals), "value")
    if is_known_date(claim, [*sources.stated, *chain(*sources.sides.values())]):
        return QuantityMatch(claim, tuple(_same_dates(claim, sources)), "date")
    if names := [
        name
        for name, parts in sources.in_names
        if any(equals_name_part(claim, part) for part in _possible_equals(claim, text, parts))
    ]:
        return QuantityMatch(claim, tuple(names), "name")
    sides = _match_sides(claim, text, sources, evidence)
    if others := sides or _match_numbered(claim, text, sources, evidence):
        return QuantityMatch(claim, others, "value")
    said = (
        _is_in_same_name(claim, text, evidence)
        or _is_implied(claim, evidence)
        or _counts_listed(claim, text, sources, evidence)
    )
    return QuantityMatch(claim, (), "word" if said else "none")


_NAMED_SO = re.compile(r"[A-Z][\w.-]*(?: [\w.-]+){0,2} $", re.ASCII)
"""What makes a number a part of a name that the text has so: Ryzen 5 5500."""


def _is_in_same_name(claim: Quantity, text: str, evidence: str) -> bool:
    phrase = _NAMED_SO.search(text, 0, claim.start)
    if not phrase or not claim.text.isdigit():
        return False
    whole = re.escape(phrase.group() + claim.text)
    return re.search(rf"(?<![\w-]){whole}(?![\w%]|\.\d)", evidence) is not None


def _same_dates(claim: Quantity, sources: _Sources) -> list[Quantity]:
    return [other for other in sources.stated if is_known_date(claim, [other])]


def _match_sides(
    claim: Quantity, text: str, sources: _Sources, evidence: str
) -> tuple[Quantity, ...]:
    """Match 7项中的5项 with a seven and a five that stand apart."""
    if claim.unit != "ratio":
        return ()
    first, second = claim.digits.split(":")
    # 24/87 is said of `from 24 to 35/87`, too.
    gap = r"(?: ?(?:-|–|to) ?| / | ?(?:to|->|→|-|–) ?\d+ ?/ ?)"
    written = rf"(?<![\d.]){first}{gap}{second}(?!\.?\d)"
    if not re.search("[中里就]", claim.text) and not re.search(written, evidence):
        return ()
    matches = [_match(side, text, sources, evidence) for side in _sides(claim)]
    supported = all(match.matched_by != "none" for match in matches)
    return tuple(other for match in matches for other in match.equals) if supported else ()


_STAGE = re.compile(
    "(?: ?[至到和、~–-] ?第?[0-9一二三四五六七八九十]+){0,6} ?个?"
    "(?:世?代|阶段|版|期|部|章|节|步|级|季|届|层|类|轮|次|款|波|批|页|行|列|块|天|日|周|题|集|号)"
)
"""What is numbered without being ranked: 第一代, 第1至第9世代."""
_NUMBERED = re.compile(
    r"\b(?:block|chapter|column|day|episode|epoch|floor|issue|layer|level|line|page|part|phase|problem"
    r"|question|round|row|season|section|stage|step|tier|volume|week)s? #?"
    r"(?:\d+(?:, | ?[-–~&] ?| and | or | to | through )(?:and )?){0,4}$",
    re.IGNORECASE | re.ASCII,
)
_NUMBERED_WINDOW = 60
_MINUTE, _MARK = re.compile(" ?(?:分钟|小时|秒)"), re.compile(" marks?\\b")


def _match_numbered(
    claim: Quantity, text: str, sources: _Sources, evidence: str
) -> tuple[Quantity, ...]:
    """Match 第20层 with `layer 20`, and 第15分钟 with `the 15-minute mark`."""
    if claim.unit == "ordinal" and _MINUTE.match(text, claim.end):
        return tuple(
            one
            for one in sources.stated
            if one.unit == "seconds"
            and one.digits == claim.digits
            and _MARK.match(evidence, one.end)
        )
    if claim.unit != "ordinal" or not _STAGE.match(text, claim.end):
        return ()
    return tuple(
        one
        for one in sources.stated
        if one.value == claim.value
        and one.unit in {"", "version"}
        and _NUMBERED.search(evidence, max(0, one.start - _NUMBERED_WINDOW), one.start)
    )


_FIRST_HALF = r"first half|H1|1H|Q[12]|early|spring|mid|January|February|March|April|May|June"
_SECOND_HALF = (
    r"second half|H2|2H|Q[34]|late(?:r)?|fall|autumn|mid|end|July|August|September|October|November"
    r"|December"
)
_HINTS = {
    ("", 0): r"no|none|zero|without|never|free|any",
    ("", 2): r"both|pair|couple|dual|twin|either|duo|double|2-?D",
    ("", 3): r"trio|triple|triplet|3-?D",
    ("", 4): r"quartet|quad",
    (
        "ordinal",
        1,
    ): r"top\w*|lead(?:s|ing|er)?|best|highest|original|initial|one|1|win(?:s|ner|ning)",
    ("ordinal", 2): r"a second|another|runner-up|silver",
    ("ordinal", 3): r"a third|bronze",
    ("half", 1): _FIRST_HALF,
    ("half", 2): _SECOND_HALF,
    ("seconds", 60): r"(?:per|every|this|the) minute|minute-long|(?<=/)min(?:ute)?",
    ("seconds", 3600): r"hourly|(?:per|every|the|next|last) hour|hour-long|(?<=/)h(?:r|our)?",
    (
        "seconds",
        86400,
    ): (
        r"daily|overnight|today|yesterday|tomorrow|(?:per|every|the|next|same) day|24"
        r"|(?<=/)d(?:ay)?"
    ),
    ("seconds", 604800): r"weekly|(?:per|every|this|the|next|last) week|(?<=/)w(?:k|eek)",
    (
        "months",
        1,
    ): r"monthly|(?:per|every|this|the|next|last|free|full|whole|first) month|(?<=/)mo(?:nth)?",
    (
        "months",
        12,
    ): (
        r"yearly|annual(?:ly)?|(?:per|every|this|the|next|last|free|full|whole|first) year"
        r"|year-o(?:ver|n)-year"
    ),
}
_IMPLIED_NUMBERS = {
    key: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for key, words in _HINTS.items()
}
"""English that says a small number without a number."""

_MALFORMED = re.compile(r"\d ?十[万亿]?")
"""2十亿 for 20亿: no way to write a number."""


def _possible_equals(claim: Quantity, text: str, known: list[Quantity]) -> list[Quantity]:
    """Leave out what a rank is no match for: 第五 is not the 5 of GPT-5, 第五代 may be."""
    if claim.unit != "ordinal" or _STAGE.match(text, claim.end):
        return known
    return [other for other in known if other.unit != "version"]


def _quantities_in_name(name: str) -> Iterator[Quantity]:
    """Read the numbers of a name: 3.5, 35B and 3B of Qwen3.5-35B-A3B, the bits of int4."""
    for piece in re.split(r"[-_/@x]", name):
        for quantity in find_quantities(re.sub("^[A-Za-z.]+", "", piece)):
            plain = quantity.unit == "" and f"{quantity.value:f}" == quantity.digits
            yield quantity.model_copy(update={"unit": "version"}) if plain else quantity
    if experts := re.match(r"\d+(?=x)", name):
        yield from find_quantities(experts.group())
    for bits in _PRECISION.findall(name):
        yield from find_quantities(f"{bits}-bit")


_PRECISION = re.compile(r"(?i)(?<![a-z])(?:u?int|mxfp|nvfp|[bnt]?fp?|i?q|[wa])(\d{1,2})(?![\d.])")
"""The bits of a number format in a name: int4, FP8, W4A16, Q4_K_M."""


def _is_implied(claim: Quantity, evidence: str) -> bool:
    hint = _IMPLIED_NUMBERS.get((claim.unit, int(claim.value)))
    if not hint or not (claim.weak or claim.unit in {"ordinal", "half"} or not claim.value):
        return False
    return bool(hint.search(evidence))


_ITEMS = re.compile(r"、|和|与|及|以及|跟|\bhand\b")
_CLAUSE = re.compile(r"[，。；！？：,;!?:（(]")
_ITEMS_AFTER = re.compile(r"[^，。；！？：,;!?:（(]{1,8}[：:（(]([^，。；！？：,;!?:（(）)]+)")
_FEWEST, _MOST = 2, 10
_UNLISTED = 3
"""Up to so many a translator counts what stands in a longer list."""


_LIST_END = re.compile(r",? (?:and|or|&|plus) |\S/\S")
_LIST_WINDOW = 120
_ITEM = re.compile(r"(?:[\w.+'’()@-]+ ?){1,4}")
_SLASHED = re.compile(r"(?<![\w./:$%+-])[\w.$%+-]+(?:/[\w.$%+-]+)+(?![\w/])")


def _list_lengths(evidence: str) -> set[int]:
    """Count the items of each list of the evidence: three of A, B and C."""
    ends = [found.start() for found in _LIST_END.finditer(evidence)]
    heads = [
        re.split(r"[.;:!?] |\n", evidence[max(0, end - _LIST_WINDOW) : end])[-1] for end in ends
    ]
    slashed = {found[0].count("/") + 1 for found in _SLASHED.finditer(evidence)}
    return {_items_before(head) + 1 for head in heads} | slashed


def _items_before(head: str) -> int:
    """Count the items that commas part, from the last one back; the first may be any words."""
    _, *rest = head.split(", ")
    short = takewhile(_ITEM.fullmatch, reversed(rest))
    return len(list(short)) + 1


def _counts_listed(claim: Quantity, text: str, sources: _Sources, evidence: str) -> bool:
    """Whether a small number counts what a text lists: 两款模型 for A and B."""
    if not claim.weak or claim.unit or not _FEWEST <= claim.value <= _MOST:
        return False
    count = int(claim.value)
    listed = []
    # A title may count what a sentence lists: 六款模型.
    for found in re.finditer(re.escape(claim.text), text):
        listed.append(_CLAUSE.split(text[: found.start()])[-1])
        after = _ITEMS_AFTER.match(text, found.end())
        listed.append(after.group(1) if after else "")
    if any(len(_ITEMS.findall(part)) == count - 1 for part in listed if part):
        return True
    if text[claim.end : claim.end + 1] == "次":
        return False
    others = [other for other in sources.stated if other.unit == "" and other.value <= _MOST]
    # One in three is a share, and no list.
    shares = any(re.search(r"\b(?:in|of)\b", other.text) for other in sources.stated)
    stated = shares or any(other.value > 1 and other.value % 1 == 0 for other in others)
    pair = _IMPLIED_NUMBERS["", 2].search(evidence)
    if stated or pair:
        return False
    lengths = _list_lengths(evidence)
    return count in lengths or (count <= _UNLISTED and any(count <= one for one in lengths))
