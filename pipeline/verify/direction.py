"""Whether an English sentence and its Chinese go in one direction: more or less, faster or slower.

Part of `sense`. Whatever may tell a direction counts; a sentence is objected to where it tells none
but the opposite one, or a change by so much as a change to so much.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.verify.check import Problem


def find_turned_round(english: str, chinese: str) -> Iterator[Problem]:
    """Find what goes up in one and down in the other, or by so much and to so much."""
    yield from _opposites(english, chinese)
    yield from _as_much(english, chinese)
    yield from _shares(english, chinese)


class _Direction(NamedTuple):
    """One direction: the English for it, and what of it and of its opposite is Chinese."""

    english: str
    told: str
    """Whatever may tell it."""
    opposite: str
    """What surely tells the opposite."""

    def found_in(self, english: str) -> re.Match[str] | None:
        """Find the first word of it."""
        return re.search(rf"\b(?:{self.english})\b", english, re.IGNORECASE)


_OPPOSITES: tuple[tuple[_Direction, _Direction], ...] = (
    (
        _Direction(
            r"more(?! than| or less)|higher|larger|bigger|longer|increas\w+|rises?|rose|rising"
            r"|gr[eo]ws?"
            r"|growing|growth|gain(?:s|ed)?|jump(?:s|ed)?|surg\w+|climb\w*|rais\w+|doubl\w+"
            r"|tripl\w+"
            r"|expand\w*|boost\w*|improv\w+|speed-?ups?",
            "多|高|增|升|涨|扩|大|长|提|加|翻|倍|强|上调|超|改善|改进|优|更|又|领先|攀|募|筹|融|新|再|进|好|快|深",
            r"减少|降低|下降|下跌|缩减|缩短|缩小|更少|更低|更小|更短|低于|少于|降至|降到|下调|跌|低\d",
        ),
        _Direction(
            r"less(?! than)|fewer(?! than)|lower(?:s|ed|ing)?|smaller|cheaper|shorter|decreas\w+"
            r"|declin\w+"
            r"|dropped|dropping|fell|falls|falling|reduc\w+|shrinks?|shrank|shrunk|dips?|dipped"
            r"|cuts?|cutting|slash\w*",
            "少|低|降|减|跌|缩|省|小|便宜|短|下滑|跳水|削|砍|不如|不及|落|优惠|弱|仅|轻|节约|压|逊|下调|流失|劣|半|廉|折|差",
            r"增加|增长|上升|上涨|更多|更高|更大|更长|高于|多于|升至|增至|涨|贵|提升|提高|上调|调高|高\d",
        ),
    ),
    (
        _Direction(
            r"faster|quicker|speeds? up|accelerat\w+",
            "快|加速|提速|提升|提高|倍|缩短|迅速|高效|速度|速率|短|早|尽快|即时",
            "更慢|放缓|减速|降速|拖累|变慢",
        ),
        _Direction(
            r"slower|slows?(?: down)?|slowed",
            "慢|放缓|减速|降速|拖|延|落后|缓|降|低|变长|更长",
            "更快|加速|提速|变快",
        ),
    ),
    (
        _Direction(
            r"better|stronger|superior|ahead of|outperform\w*|outruns?|beats?|surpass\w*",
            "好|优|强|超|领先|胜|击败|打败|赢|高|快|佳|改善|出色|先|更|前|压倒|出众|过",
            "更差|更弱|不如|不及|逊于|输给|落后|败给|低于",
        ),
        _Direction(
            r"worse|weaker|inferior|trails?|lags?|loses? to|lost to|underperform\w*",
            "差|弱|劣|落后|不如|不及|逊|输|败|低|不敌|退|糟|少|降|追|变坏|恶化",
            "更好|更强|优于|领先|击败|超过|胜过|高于",
        ),
    ),
)


def _opposites(english: str, chinese: str) -> Iterator[Problem]:
    for pair in _OPPOSITES:
        for here, there in (pair, pair[::-1]):
            found = here.found_in(english)
            turned = re.search(here.opposite, chinese)
            if not found or not turned or there.found_in(english):
                continue
            if not re.search(here.told, chinese):
                yield Problem(f"what {found.group()!r} says", turned.group())


def _as_much(english: str, chinese: str) -> Iterator[Problem]:
    for grown in _AS_MUCH.finditer(english):
        times = grown[1]
        added = re.search(rf"{_ADDED}[了出]? ?{re.escape(times)} ?倍", chinese)
        if added and float(times) < _LARGE:
            expected = f"{grown.group()!r}, such as {times}倍于, 是…的{times}倍"
            yield Problem(expected, added.group())


def _shares(english: str, chinese: str) -> Iterator[Problem]:
    """Find 45%的内存 for 45% less memory, and 降至44% for cut by 44%."""
    for share in _SHARE.finditer(english):
        more, less = _OPPOSITES[0]
        down = share["less"] or share["slow"]
        told = f"{less.told}|慢|晚|放缓|变缓" if down else f"{more.told}|早|贵|加速"
        if not re.search(told, chinese):
            yield Problem(f"{share.group()!r}, a change by so much and not to so much", "none")
    for by in _BY.finditer(english):
        if found := re.search(rf"[至到]了?[约近]?{re.escape(by[1])}%", chinese):
            yield Problem(f"{by.group()!r}, a change by so much", found.group())


_BY = re.compile(r"\bby (?:about |nearly |almost |over |up to |roughly )?(\d[\d.]*)%")


_ADDED = "(?:快|高|多|大|强|升|提高|增加|增长|加快)"
_AS_MUCH = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)(?:x| times)(?: as \w+| (?:the|its|their) (?:\w+ )?(?:speed|size"
    r"|price))"
)
"""As fast as so many times: 快1.86倍 would be 2.86 times."""
_LARGE = 3.0
"""From so many times on one more or less is how people speak."""
_SHARE = re.compile(
    r"(?:\d[\d.]*|two|three|four|five|six|seven|eight|nine|ten|half) ?(?:%|per ?cent|x|times)"
    r" (?:(?P<less>less|fewer|lower|cheaper|smaller|shorter)"
    r"|(?P<slow>slower)|more|higher|faster|better|larger|longer|bigger)\b",
    re.IGNORECASE,
)
"""A share that is a change: 45% less memory is not 45% of it."""
