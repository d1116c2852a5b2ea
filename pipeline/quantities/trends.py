"""Whether a quantity is a rise, a fall or what came of it, read from the words next to it."""

import re
from typing import Literal

from pipeline.quantities.lexer import Token
from pipeline.quantities.units import MONEY, Unit

Trend = Literal["", "up", "better", "down", "left", "to"]
"""Nothing; grew by; 20% faster, of which some part may be less; 20% cheaper; down to; 20% of."""

_WINDOW = 24
"""Characters before a number in which the longest of `_BEFORE` fits."""

_BY = (
    r"(?:了|幅度?|近|大?约|大概|超过?|逾|高?达|多达|将近|不到|至少| ?by| ?another| ?an? | ?about"
    r"| ?nearly| ?over| ?almost| ?around| ?roughly| ?more than| ?up to| ?some| ?of| ?a whopping"
    r"| ?~){0,3}\s?$"
)
_BEFORE: dict[Trend, re.Pattern[str]] = {
    "left": re.compile(
        r"(?:[降减跌缩砍][低少落价短小减]?了?[至到为](?:了|大?约|近|仅|只有|不到|原来的|此前的)?\s?(?:\S{1,8}的)?"
        r"|\b(?:down|fell|falls?|dropp?(?:s|ed)|declin(?:es?|ed)|reduced|lowered|shr[au]nk|cuts?)"
        r" to"
        r"(?: about| just| only| around| roughly| under| an?)?\s?)$",
        re.IGNORECASE | re.ASCII,
    ),
    "to": re.compile(
        r"(?:[至到为]|仅为|相当于|原来的|只有|仅剩|仅需|(?<!up )\bto|\bat|\bonly|\bjust"
        r"|equal to)(?:[^\w\s]|了|约|近| ?about| ?just)?\s?(?:\S{1,8}的)?$",
        re.IGNORECASE | re.ASCII,
    ),
    "up": re.compile(
        r"(?:上涨|增长|(?<!提)上升|攀升|飙升|暴涨|大涨|增速|涨幅|增加|[涨提加]价|涨"
        r"|(?<!speed )(?<!speeds )(?<!sped )\b(?:up|rose|ris(?:es?|en|ing)"
        r"|gr(?:ew|ow|ows|own|owing|owth)|increas(?:e|es|ed|ing)"
        r"|jump(?:s|ed)?|surg(?:es?|ed)|climb(?:s|ed)?|soar(?:s|ed)?|raise[sd]?|gained))" + _BY,
        re.IGNORECASE | re.ASCII,
    ),
    "better": re.compile(
        r"(?:翻|提升|提高|扩大|加快|加速|升|快|高出?(?!达)|多出?(?!达|于)|贵|大(?![约概致])|强"
        r"|\b(?:gains?|boost(?:s|ed)?|improv(?:e|es|ed|ing|ement)|spe(?:ed|eds|d)[- ]?up))" + _BY,
        re.IGNORECASE | re.ASCII,
    ),
    "down": re.compile(
        r"(?:下降|下跌|降低|减少|下滑|缩减|缩短|削减|节省|降价|跌幅|降幅|跌|便宜|少|低|缩小|裁员|裁减|裁掉"
        r"|\b(?:down|fell|falls?|fallen|dropp?(?:s|ed|ing)?|declin(?:e|es|ed|ing)"
        r"|decreas(?:e|es|ed|ing)"
        r"|reduc(?:e|es|ed|ing|tion)|cuts?|cutting|lower(?:s|ed)?|slash(?:es|ed)?|shr[aiu]nk|lost"
        r"|(?:cheaper|smaller|shorter|lower|slower|less|fewer)(?= by)"
        r"|sav(?:e|es|ed|ing)|slid|sank|plung(?:es?|ed)|tumbl(?:es?|ed)))" + _BY,
        re.IGNORECASE | re.ASCII,
    ),
}
_VERBS: dict[Trend, str] = {
    "up": r"rais(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|hik(?:e|es|ed|ing)|lift(?:s|ed|ing)?",
    "better": r"boost(?:s|ed|ing)?|improv(?:e|es|ed|ing)",
    "down": (
        r"cut(?:s|ting)?|reduc(?:e|es|ed|ing)|lower(?:s|ed|ing)|slash(?:es|ed|ing)?"
        r"|shr[aiu]nk(?:s|ing)?|decreas(?:e|es|ed|ing)|dropp?(?:s|ed|ing)?|trim(?:s|med|ming)?"
    ),
}
"""Verbs whose object may stand before the number: cut costs by 40%, reduces memory use 4x."""

_OBJECT = (
    r"(?:(?!(?:and|or|but|while|with|than|as|at|for|to|that|which|by|from|in|on)\b)"
    r"[\w'’/-]++\ ){1,4}"
)
_BY_SO_MUCH = (
    r"by\ (?:(?:an?|another|about|nearly|over|almost|around|roughly|more\ than|up\ to|some)\ |~)?$"
)
_ARTICLE = r"(?<!\ba\ )(?<!\ban\ )(?<!\bthe\ )(?<!\bits\ )(?<!\btheir\ )"
_OBJECT_WINDOW = 72
_OF_OBJECT: dict[Trend, re.Pattern[str]] = {
    trend: re.compile(
        rf"\b(?:{verbs})\ {_OBJECT}(?:{_BY_SO_MUCH}|{_ARTICLE}(?P<bare>)$)",
        re.IGNORECASE | re.ASCII,
    )
    for trend, verbs in _VERBS.items()
}
_MORE = r"\ ?(?:year-over-year |yoy )?(?:{})\b(?!-)"
_AFTER: dict[Trend, re.Pattern[str]] = {
    "up": re.compile(
        _MORE.format("higher|increases?|growth|rise|jump|surge|hike|raise")
        + r"|\ up\ (?:on|year|yoy|over)\b|的?(?:增长|增幅|涨幅)",
        re.IGNORECASE | re.ASCII,
    ),
    "better": re.compile(
        _MORE.format("more|faster|gains?|improvement|boost|better|larger|bigger|longer|speed-?ups?")
        + r"|的?提升",
        re.IGNORECASE | re.ASCII,
    ),
    "down": re.compile(
        _MORE.format(
            "lower|less|fewer|cheaper|smaller|decreases?|reductions?|drop|declines?|off|cuts?"
            "|discounts?|shorter|savings?|dip|loss|slower"
        )
        + r"|\ down\ (?:on|year|yoy|over)\b|的?(?:下降|降幅|跌幅|折扣|优惠)",
        re.IGNORECASE | re.ASCII,
    ),
    "to": re.compile(r"\ of\b|\ as\b"),
}


_CHANGING: frozenset[Unit] = frozenset((*MONEY, "percent", "times", "points", "score"))


def read_trend(text: str, token: Token) -> Trend:
    """Read from the words next to a quantity whether it is a rise, a fall or what came of it."""
    if token.unit not in _CHANGING:
        return ""
    for trend, words in _AFTER.items():
        if words.match(text, token.end):
            return trend
    window = text[max(0, token.start - _WINDOW) : token.start]
    read: Trend = next((trend for trend, words in _BEFORE.items() if words.search(window)), "")
    return read or _read_trend_of_object(text, token)


def _read_trend_of_object(text: str, token: Token) -> Trend:
    """Read the nearest verb whose object is so many per cent or times less or more."""
    window = text[max(0, token.start - _OBJECT_WINDOW) : token.start]
    found: list[tuple[int, Trend]] = [
        (words.start(), trend)
        for trend, pattern in _OF_OBJECT.items()
        if (words := pattern.search(window))
        # Only of times may `by` be left out: cuts memory 4x.
        if token.unit == "times" or words["bare"] is None
    ]
    latest: tuple[int, Trend] = max(found, default=(0, ""))
    return latest[1]
