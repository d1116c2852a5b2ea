"""Whether a figure stands beside another period, unit or share than in the text: per minute for /s.

Also whether it is told as more for less, as at least for at most, and a date as before for after;
these only warn. Part of `numbers`. Only what both sides plainly state next to the figure is
compared, and only where every place of the evidence with that figure states another one.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.quantities import Quantity, QuantityMatch
from pipeline.verify.check import Problem


class _Meaning(NamedTuple):
    """One of several that exclude each other: the English and the Chinese for it."""

    name: str
    english: str
    chinese: str


_PERIODS = (
    _Meaning("second", "seconds?|secs?|s", "秒钟?"),
    _Meaning("minute", "minutes?|mins?", "分钟"),
    _Meaning("hour", "hours?|hrs?|h", "个?小时"),
    _Meaning("day", "days?|d", "天|日"),
    _Meaning("week", "weeks?|wk", "周|星期"),
    _Meaning("month", "months?|mo", "个?月"),
    _Meaning("year", "years?|yr|annum", "年"),
)
_ADJECTIVES = {"hour": "hourly", "day": "daily", "week": "weekly", "month": "monthly"}
_YEARLY = "yearly|annual(?:ly)?"
_COUNTED = (
    _Meaning("token", r"[MKm]?[Tt]ok(?:en)?s?", "token|词元"),
    _Meaning("character", "char(?:acter)?s?", "字符"),
    _Meaning("image", "images?|pictures?", "张?图[片像]?"),
    _Meaning("page", "pages?", "页"),
)
_SIDES = (
    _Meaning("input", "input", "输入"),
    _Meaning("output", "output", "输出"),
)
_SHARES = (
    _Meaning("total", "total", "总"),
    _Meaning("active", "activated|active", "激活"),
)
_SCALE = r"(?:(?:1|one )?(?:million|thousand|1?[MKmk](?![a-z])|1[MKmk]) ?)?"
_AFTER_PER = rf"[a-zA-Z+ ]{{0,14}}?(?:/ ?| per | each | every ){_SCALE}"
_NOT_AGO = r"(?![\w-])(?! (?:ago|earlier|later|before|after|prior|from|in|old)\b)"
_HAN_PER = r"每(?:1?百?万|1?千|100万|1M)?(?:个|张)?"


class _Kind(NamedTuple):
    """Meanings that exclude each other, and where in a text each is plainly stated."""

    english: dict[str, re.Pattern[str]]
    """What follows a figure."""
    before: dict[str, re.Pattern[str]]
    """What stands in front of a Chinese one."""
    after: dict[str, re.Pattern[str]]
    """What follows a Chinese one."""


def _periods() -> _Kind:
    english, before, after = {}, {}, {}
    for name, words, han in _PERIODS:
        adjective = _ADJECTIVES.get(name, _YEARLY if name == "year" else "(?!)")
        english[name] = re.compile(
            rf"{_AFTER_PER}(?:{words}){_NOT_AGO}|[a-z ]{{0,9}} an? (?:{words}){_NOT_AGO}"
            rf"| (?:of (?:the|its|their|your) )?(?:{adjective})\b"
        )
        active = {"day": "|日活", "week": "|周活", "month": "|月活"}.get(name, "")
        before[name] = re.compile(rf"(?:每(?:{han}){active})[^，。；、：\d每]{{0,12}}$")
        after[name] = re.compile(rf"\s?(?:/\s?|每)(?:{han})(?![\d一-龥])")
    return _Kind(english, before, after)


def _kind(meanings: Sequence[_Meaning], english: str, before: str, after: str = "") -> _Kind:
    """Put the words of each meaning into patterns, in place of `WORDS` and `HAN`."""
    return _Kind(
        {one.name: re.compile(english.replace("WORDS", one.english)) for one in meanings},
        {one.name: re.compile(before.replace("HAN", one.chinese)) for one in meanings},
        {one.name: re.compile(after.replace("HAN", one.chinese)) for one in meanings if after},
    )


_KINDS = (
    _periods(),
    _kind(
        _COUNTED,
        rf"{_AFTER_PER}(?:input |output )?(?:WORDS)\b",
        rf"{_HAN_PER}\s?(?:输入|输出)?\s?(?:HAN)[^，。；、：\d每]{{0,12}}$",
    ),
    _kind(
        _SIDES,
        rf"{_AFTER_PER}(?:input/output|WORDS|output/input)\b",
        rf"{_HAN_PER}\s?HAN(?![与和、及或/])[^，。；、：\d每]{{0,14}}$",
    ),
    _kind(
        _SHARES,
        r" (?:WORDS)(?: param|[,.;)]| and\b|$)",
        r"HAN(?:参数量?)?(?:约?为|达|约|仅|是)?\s?$",
        r"\s?HAN参数",
    ),
)


class _Side(NamedTuple):
    """One of two opposites beside a figure, each text's words before it and behind it."""

    before: re.Pattern[str]
    after: re.Pattern[str]
    chinese: re.Pattern[str]
    chinese_after: re.Pattern[str]
    dates: bool = False
    """Whether it is about dates."""

    def stated(self, before: str, after: str) -> str:
        """Give the English words of it that stand around a figure, if any."""
        found = self.before.search(before) or self.after.match(after)
        return found.group().strip() if found else ""


_NEVER = re.compile("(?!)")
_BY = r"(?:出|了|达)*(?:约|近|超过?|将近|大约|至少)?\s?$"
_POINTS = r"(?:%| ?per ?cent)?[ -]?(?:(?:percentage )?(?:points?|pp|pts) )?"
_BOUNDED = r"[^，。；\d]{0,6}$"


def _bound(english: str, chinese: str) -> _Side:
    before = re.compile(rf"\b(?:{english}) [~$€£]?$", re.IGNORECASE)
    return _Side(before, _NEVER, re.compile(f"(?:{chinese}){_BOUNDED}"), _NEVER)


def _change(english: str, chinese: str) -> _Side:
    after = re.compile(rf"{_POINTS}(?:{english})\b")
    return _Side(_NEVER, after, re.compile(f"(?:{chinese}){_BY}"), _NEVER)


def _date(english: str, chinese: str) -> _Side:
    before = re.compile(rf"\b(?:{english}) (?:the )?$", re.IGNORECASE)
    return _Side(before, _NEVER, _NEVER, re.compile(rf"\s?(?:{chinese})"), dates=True)


_DATES = frozenset({"date", "year", "quarter", "clock"})
_OPPOSITES = (
    (
        _change(
            r"higher|above|ahead|more|better|greater|larger|over(?! \d)|faster",
            "高|多|领先|快|大|涨|增[加长]|提[高升]|上[升涨]",
        ),
        _change(
            "lower|below|behind|less|fewer|worse|smaller|under|slower|cheaper|shy|short",
            "低|少|落后|慢|小|便宜|降低?|减少?|下[降跌滑]",
        ),
    ),
    (
        _bound(
            r"at least|more than|over|above|no less than|exceed\w*|upwards of|surpass\w*|past",
            "至少|不少于|不低于|超过?|逾",
        ),
        _bound(
            "up to|at most|as (?:much|many|high) as|under|less than|fewer than|below|no more than",
            "最[高多大长快低少]|至多|高达|不超过|不到|不足|低于|少于",
        ),
    ),
    (
        _date("after|since|starting|beginning|(?:on|in) or after", "之后|以后|后(?![续台端])|起"),
        _date("before|prior to|until|till|by|no later than|ahead of", "之前|以前|前(?!沿)"),
    ),
)
_TO_ANOTHER = re.compile(r" to [$€£]?[\d.,]*\d[KkMB]?(?!\w)")
"""From 200 to 20 a month: both are a month's."""
_WINDOW = 26
_LONGEST_AFTER = 48
_BARE = re.compile(r"[$€£¥~+-]*[\d.,]+ ?(?:[KkMBTbm](?![a-zA-Z])|(?:thousand|[mbtr]+illion)\b)?\+?")


def find_other_rates(match: QuantityMatch, text: str, evidence: str) -> Iterator[Problem]:
    """Find what a claim states beside a figure where every equal one states another."""
    claim, equals, matched_by = match
    if matched_by != "value" or not equals:
        return
    before = text[max(0, claim.start - _WINDOW) : claim.start]
    for kind in _KINDS:
        told = {name for name, form in kind.before.items() if form.search(before)}
        told |= {name for name, form in kind.after.items() if form.match(text, claim.end)}
        if len(told) != 1:
            continue
        stated = [_stated(kind, evidence, other) for other in equals]
        if all(names and not told & names for names in stated):
            expected = f"the figure beside {min(stated[0])!r}, and not {min(told)!r}"
            yield Problem(expected, claim.text)
    yield from _turned(match, text, evidence)


def _turned(match: QuantityMatch, text: str, evidence: str) -> Iterator[Problem]:
    """Find what stands at once beside a figure where every equal one has its opposite there."""
    claim, equals, _ = match
    if any((one.unit == "times") != (claim.unit == "times") for one in equals):
        return  # over 3x faster is under a third of the time
    before = text[max(0, claim.start - _WINDOW) : claim.start]
    after = text[claim.end : claim.end + _WINDOW]
    for pair in _OPPOSITES:
        for own, other in (pair, pair[::-1]):
            if pair[0].dates != (claim.unit in _DATES):
                continue
            told = own.chinese.search(before) or own.chinese_after.match(after)
            if not told or other.chinese.search(before) or other.chinese_after.match(after):
                continue
            around = [
                (evidence[max(0, one.start - _WINDOW) : one.start], evidence[one.end :][:_WINDOW])
                for one in equals
            ]
            stated = [other.stated(*words) for words in around]
            if all(stated) and not any(own.stated(*words) for words in around):
                words = f"{told.group()}{claim.text}" if told.re is own.chinese else ""
                found = words or f"{claim.text}{told.group()}"
                yield Problem(f"what {stated[0]!r} says", found, minor=True)


def _stated(kind: _Kind, evidence: str, other: Quantity) -> set[str]:
    bare = _BARE.match(evidence, other.start, other.end)
    places = {other.end, bare.end() if bare else other.end}
    if shared := _TO_ANOTHER.match(evidence, max(places)):
        places.add(shared.end())
    return {
        name
        for name, form in kind.english.items()
        if any(form.match(evidence, place, place + _LONGEST_AFTER) for place in places)
    }
