"""Neighbouring tokens share what is said once: the unit of 3-10 GB, the month of April 16-21."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from pipeline.quantities.lexer import ONE, Token
from pipeline.quantities.readers import is_calendar_year
from pipeline.quantities.units import MEASURE_WORDS, MONEY, Unit

_TO = re.compile(r"-? ?(?:-|~|至|到|to|through) ?")
_LIST = re.compile(r" ?(?:、|/|和|与|或|及|and|or|vs\.?|->|→) ?")
_AFTER_PRICES = re.compile(
    r" (?:per|than|and|or|for|while|vs)\b| ?/ ?(?:1?M\b|1?[kK]\b|mil)"
    r"| (?:in|out|for (?:in|out)put)\b|[,.;)]?(?: |$)(?![a-z])"
)
_LONGEST_GAP = 18
_NOON = 43200
_NOT_SHARED: frozenset[Unit] = frozenset(
    {"", "version", "ordinal", "date", "clock", "quarter", "ratio"}
)


def combine_tokens(text: str, read: list[Token]) -> list[Token]:
    """Share the units of ranges and lists of tokens in place, and join 1h 30m."""
    # From the right, so that 5/10/20 ms hand their unit on.
    for at in range(len(read) - 2, -1, -1):
        first, second = read[at : at + 2]
        gap = text[first.end : second.start]
        joined = _join_durations(text, first, second) if gap in {"", " ", " and "} else ()
        if len(joined) == 1:
            read[at : at + 2] = joined
        elif len(gap) <= _LONGEST_GAP and not second.name:
            read[at : at + 2] = _carry_unit(text, *_share(text, first, second))
    return _carry_on(text, read)


class _Gap(NamedTuple):
    """What stands between two quantities."""

    text: str
    span: bool
    """Whether it makes a range of them: 3-10 GB."""
    row: bool
    """Whether it makes a list of them: 3, 5 and 10 GB."""


_Pair = tuple[Token, Token]


def _share(text: str, first: Token, second: Token) -> _Pair:
    between = text[first.end : second.start]
    gap = _Gap(between, bool(_TO.fullmatch(between)), bool(_LIST.fullmatch(between)))
    if gap.span or gap.row:
        pairs = (sharer(text, first, second, gap) for sharer in _SHARERS)
        return next((pair for pair in pairs if pair), (first, second))
    return first, second


def _share_version(text: str, first: Token, second: Token, _gap: _Gap) -> _Pair | None:
    """See 5.3 in `GPT-5.2 and 5.3` as a version."""
    if first.unit != "version":
        return None
    counted = second.spelled or text[second.end : second.end + 1] in MEASURE_WORDS
    bare = second.unit == "" and second.scale == 1 and not counted
    return first, second._replace(unit="version") if bare else second


def _share_decade(_text: str, first: Token, second: Token, _gap: _Gap) -> _Pair | None:
    """See a decade in the 90s of `the 80s and 90s`."""
    shared = first.unit == "decade" and second.unit == "seconds" and not second.number % 10
    return (first, second._replace(unit="decade", factor=ONE)) if shared else None


def _share_quarter(_text: str, first: Token, second: Token, _gap: _Gap) -> _Pair | None:
    """See two quarters in 第一至第三季度, two centuries in `the 20th and 21st centuries`."""
    shared = second.unit in {"quarter", "century"} and first.unit in {"", "ordinal"}
    return (first._replace(unit=second.unit), second) if shared else None


def _share_afternoon(_text: str, first: Token, second: Token, gap: _Gap) -> _Pair | None:
    """See 17:00 in 下午3点至5点."""
    later = first.unit == second.unit == "clock" and second.number < _NOON < first.number
    return (first, second._replace(number=second.number + _NOON)) if gap.span and later else None


def _share_measure(text: str, first: Token, second: Token, gap: _Gap) -> _Pair:
    """Share the currency of `$10-20`, the unit of 3-10 GB, the scale of 3-5万."""
    if first.unit in MONEY and second.unit == "" and (gap.span or _is_price(text, second, gap)):
        second = second._replace(unit=first.unit, factor=first.factor)
    if (
        first.unit == ""
        and text[first.end - 1].isalpha()
        and first.scale == 1
        and not first.spelled
    ):
        return first, second  # 7975WX is no 7,975 GB, whatever stands beside it
    if second.unit == "seconds" and second.scale == 1 and text[first.end - 1] in "kKM":
        return first, second  # 2K、15秒 is a resolution, and how long
    if gap.text.strip() == "through" and first.number >= second.number:
        return first, second  # 999 through 1 token
    dated = gap.row or _is_dated(text, first, second)
    year = dated and first.scale == 1 and is_calendar_year(first.number)
    if (
        first.unit == ""
        and second.unit not in _NOT_SHARED
        and (not year or second.unit in {"year", "decade"})
    ):
        # 快1到2倍 adds one, as 快1倍 does.
        once = first.number == 1 and "." not in first.digits and text[second.end - 1] == "倍"
        number = Decimal(2) if once else first.number
        rate = gap.text == "/" and bool(_TIME.search(text, second.start, second.end))
        first = first._replace(
            unit=second.unit, factor=second.factor, number=number, carried=rate
        )  # 40/3hrs are 40 in three hours, 24/48 hours two spans
    rising = first.unit == second.unit and first.scale == 1 and first.number < second.number
    return (first._replace(scale=second.scale) if gap.span and rising else first), second


def _is_dated(text: str, first: Token, second: Token) -> bool:
    """Whether it is the 2024 of `from 28% in 2024 to 48% in 2025`, which starts no range."""
    before = text[max(0, first.start - _FROM_WINDOW) : first.start]
    return bool(_IN_YEAR.search(before)) and not is_calendar_year(second.number)


def _is_price(text: str, second: Token, gap: _Gap) -> bool:
    """Whether it is the 15 of `$3/15 per million`."""
    priced = gap.text == "/" and second.scale == 1 and _AFTER_PRICES.match(text, second.end)
    return bool(priced)


_TIME = re.compile(r"(?:h|hrs?|hours?|days?|weeks?|mins?|minutes?|months?)$")
_IN_YEAR = re.compile(r"\b(?:in|since|during) $")
_TO_JUST = re.compile(r" (?:down |up )?(?:to|->) (?:(?:just|only|under|about|around|nearly) )?")
_NO_NOUN = re.compile(
    r"[.,;:!?)]|\s*$|\n"
    r"| (?:and|or|in|on|with|by|for|at|while|when|as|after|per|over|using|thanks|so far)\b"
)
_FROM = re.compile(r"\b[fF]rom (?:(?:about|around|nearly|over) )?$")
_FROM_WINDOW = 16


def _carry_unit(text: str, first: Token, second: Token) -> tuple[Token, Token]:
    """Carry the unit of `from 10 days to 4` to what it came to, where no noun follows."""
    bare = second.unit == "" or (second.unit == first.unit and first.unit in MONEY)
    bare = bare and second.scale == 1 == second.factor
    if not bare or first.unit in _NOT_SHARED or not _NO_NOUN.match(text, second.end):
        return first, second
    before = text[max(0, first.start - _FROM_WINDOW) : first.start]
    if not _TO_JUST.fullmatch(text, first.end, second.start) or not _FROM.search(before):
        return first, second
    # From $6 million to $294,000: what has its thousands is no million.
    scaled = first.unit in MONEY and second.number < 1000  # noqa: PLR2004
    scale = first.scale if scaled else ONE
    return first, second._replace(unit=first.unit, factor=first.factor, scale=scale)


def _share_date(_text: str, first: Token, second: Token, gap: _Gap) -> _Pair | None:
    """Share the month of `April 16-21`, `19-21 December` and 1-3月, the century of 2024-25."""
    ranged = gap.span or gap.text == "/"
    if ranged and first.unit == "date" and _is_day(second):
        month = first.number - first.number % 100
        return first, second._replace(unit="date", number=month + second.number)
    numbered = first.unit in {"", "ordinal"} and not first.spelled  # 9th-13th July
    if second.unit == "date" and numbered and _is_day(first):
        return _share_month(first, second, gap)
    later = second.number - first.number % 100
    bare = second.unit == "" and len(second.digits) == 2 and second.scale == 1  # noqa: PLR2004
    if not bare or not 0 < later <= (30 if gap.span else 1):
        return None
    if first.unit in {"", "year"} and is_calendar_year(first.number):
        return first, second._replace(unit="year", number=first.number + later)
    return None


def _share_month(first: Token, second: Token, gap: _Gap) -> _Pair | None:
    """Share the month of 19-21 December, and the year of 1-3月."""
    day = second.number % 100
    if day:
        return first._replace(unit="date", number=second.number - day + first.number), second
    if gap.span and first.number <= 12:  # noqa: PLR2004
        year = second.number - second.number % 10000
        return first._replace(unit="date", number=year + first.number * 100), second
    return None


_CONTRAST = re.compile(
    r"[A-Za-z ]{0,24}(?: instead of|, instead of| rather than|,? not| vs\.?| versus"
    r"|,? compared (?:to|with)) (?:(?:just|only|about|around|nearly) )?"
)
"""Between 3 hours and the 85 that they came instead of."""
_HAN_SUM = re.compile(r"\((?=[^()，。]{2,16}[减加])|减去?|加上?")
"""Between 330亿美元 and the 450亿 that it is made of."""
_HAN_BIG = re.compile("[万亿]$")
_LONGEST_CONTRAST = 48
_SAID_OF_MONEY = re.compile(
    r"\b(?:revenues?|sales|profits?|losses|debts?|rais(?:e[sd]?|ing)|invest\w*|spen[dt]\w*|costs?"
    r"|worth|valu\w+|fund\w*|pay\w*|paid)\b[\w ]*$"
)
_MONEY_WINDOW = 48
_HAN_WORTH = re.compile(
    "(?:估值|市值|营收|收入|融资|筹资|利润|亏损|投资|作价)(?:额|总额)?(?:为|达到?|约|近|超|逾|至|到|高达|仅){0,2}$"
)
_HAN_END = re.compile("[，。、;!?)]|$")
"""What 估值46.5亿 stands in where the currency was said before."""
_BEFORE_ROUND = re.compile(
    r"\b(?:[Vv]aluation|valued|[Rr]ais(?:e|es|ed|ing)|[Rr]aised a|Series [A-F])"
    r"(?: (?:is|was|of|at|reportedly|now|about|over|nearly|around|another)){0,3} [~≈]?$"
)
_ROUND = re.compile(
    r" (?:funding|financing|valuation|Series [A-F]|round(?! (?:trip|robin|table))"
    r"|seed(?= (?:round|funding|financing|investment|stage|capital|money|deal)|[.,;)]|$)"
    r"|in (?:new )?(?:funding|seed|Series [A-F]))\b"
)
"""Around what is money without a sign: 24 million in Series A, a valuation at 600M."""
_SENTENCE = re.compile(r"[.!?](?:\s|$)|[。！？\n]")
_LEAST_MONEY = 10**6


def _carry_on(text: str, read: list[Token]) -> list[Token]:
    """Carry units from the left: 3 hours instead of 85, $38B and later tens of billions."""
    money: Token | None = None
    for at, second in enumerate(read):
        first = read[at - 1] if at else second
        between = text[first.end : second.start] if at else ""
        if _SENTENCE.search(between):
            money = None
        if second.unit == "" and not second.name:
            if at and _is_contrast(text, first, second):
                carried = second._replace(unit=first.unit, factor=first.factor, carried=True)
                read[at] = carried
            elif _is_of_a_round(text, second):
                read[at] = second._replace(unit="usd", carried=True)
            elif money and _is_plain_money(text, second):
                read[at] = second._replace(unit=money.unit, factor=money.factor, carried=True)
        if read[at].unit in MONEY:
            money = read[at]
    return read


def _is_contrast(text: str, first: Token, second: Token) -> bool:
    if first.unit in _NOT_SHARED or second.start - first.end > _LONGEST_CONTRAST:
        return False
    if (part := _HAN_SUM.match(text, first.end)) and part.end() == second.start:
        return first.unit in MONEY and bool(_HAN_BIG.search(text, second.start, second.end))
    plain = second.scale == 1 and bool(_NO_NOUN.match(text, second.end))
    return plain and bool(_CONTRAST.fullmatch(text, first.end, second.start))


def _is_of_a_round(text: str, token: Token) -> bool:
    if token.value < _LEAST_MONEY or token.spelled:
        return False
    before = text[max(0, token.start - _MONEY_WINDOW) : token.start]
    if _ROUND.match(text, token.end):
        return True
    return bool(_NO_NOUN.match(text, token.end) and _BEFORE_ROUND.search(before))


def _is_plain_money(text: str, token: Token) -> bool:
    """Whether it is the hundreds of billions of `revenue to hit hundreds of billions by 2030`.

    Or the 46.5亿 of C轮3.55亿美元，估值46.5亿.
    """
    before = text[max(0, token.start - _MONEY_WINDOW) : token.start]
    if _HAN_BIG.search(text, token.start, token.end):
        return bool(_HAN_WORTH.search(before) and _HAN_END.match(text, token.end))
    large = token.bound == "plural" and token.value >= _LEAST_MONEY
    said = large and _NO_NOUN.match(text, token.end) and _SAID_OF_MONEY.search(before)
    return bool(said)


_SHARERS: tuple[Callable[[str, Token, Token, _Gap], _Pair | None], ...] = (
    _share_version,
    _share_decade,
    _share_quarter,
    _share_afternoon,
    _share_date,
    _share_measure,
)
"""Ways for two neighbours to share something; the first that fits counts."""


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
