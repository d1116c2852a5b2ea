"""A figure that is a stranger's is told as theirs, where the editors tell the event too.

Anybody writes on Reddit and in a chat: a false price in a post stands in the evidence like the true
one. A figure is a stranger's where only their mentions have it, and each says it of a person (one
user paid $6), or the editors say another figure of the same thing. What a mention says plainly,
such as the price of a list, is the thing's own. An amount of money is an error; shares, scores,
factors, tokens, bytes, sizes of models and dates are a warning. Not covered: names and counts.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Self

from pipeline.quantities import Quantity, Unit, find_quantities, match_quantities
from pipeline.recaps import trust
from pipeline.verify.check import CheckInput, CheckResult, Passage, Problem

_PRICES: frozenset[Unit] = frozenset(
    {"usd", "cny", "eur", "gbp", "jpy", "krw", "inr", "hkd", "aud"}
)
_FIGURES: frozenset[Unit] = _PRICES | {
    *(
        "percent",
        "points",
        "score",
        "times",
        "parameters",
        "tokens",
        "bytes",
        "date",
        "year",
        "quarter",
        "half",
    )
}
_TELLERS = (
    r"(?:用户|网友|社区|有人|有的人|Reddit|Discord|帖子?|推文|评论|回复|玩家|群友|频道|[贴楼帖]主|第三方|成员|截图|开发者"
    r"|工程师|研究者|读者|客户|[论发测试用作]者|人士)"
)
_TELL = (
    r"(?:称|说|表示|认为|指出|提到|提及|写道|透露|披露|爆料|曝|报告|报出|反映|反馈|发现|实测|测得|测出|测试|测算|估|晒|贴出"
    r"|给出|列出|分享|声言|宣称|推测|猜|传|提醒|注意到|讨论|显示|抱怨|强调|看到|遇到|计算|算出|汇总|整理|统计)"
)
_THEIRS = re.compile(
    rf"{_TELLERS}[^，。；！？]{{0,12}}?{_TELL}|(?:据|按|照){_TELLERS}|{_TELLERS}的(?:说法|消息|测试|数据|估计)"
    rf"|(?:有|一[项份篇则])(?:对比|比较|测试|评测|测评|统计|分析|报道|文章|讨论)[^，。；！？]{{0,8}}?{_TELL}"
    # What one of them does, paid for or runs is theirs by whatever verb: 有用户用6000美元的机器.
    r"|(?:^|[，。；：])(?:另|也|还|又)?(?:有|一[名位些]|[两几多数]名|某|该|这[名位])"
    rf"[^，。；！？面向为给让对]{{0,12}}?{_TELLERS}(?!界面|体验)"
    r"|传闻|传言|[据盛流有网]传|据称|据报道|爆料|泄露|小道",
    re.IGNORECASE,
)
_THEIRS_IN_TITLE = re.compile(rf"{_THEIRS.pattern}|{_TELLERS}|称|传|据|疑|曝", re.IGNORECASE)
# What anybody can look up is told as what it says, where the line does so.
_DOCUMENTS = (
    ("模型卡", re.compile(r"\bcard\b", re.IGNORECASE)),
    ("论文", re.compile(r"\bpaper\b", re.IGNORECASE)),
    ("技术报告", re.compile(r"\b(?:technical|tech) report\b", re.IGNORECASE)),
    ("宣布", re.compile(r"\bannouncement (?:saying|stating|that)\b", re.IGNORECASE)),
)
_CHARS_OF_LINE = 200
_TELLS = (
    r"(?:argu|ask|claim|compar|complain|describ|discuss|emphasi[sz]|estimat|explain|find|found|guess"
    r"|highlight|inquir|measur|mention|not(?=[ei])|observ|point|question|recommend|report|sa(?:id|ys?\b)"
    r"|shar|suggest|test|think)\w*"
)
_DOES = (
    r"(?:ran|runs?|running|got|gets?|getting|achiev\w+|us(?:es|ed|ing)|bought|pa(?:id|ys?)|spent|built"
    r"|hit|saw|sees|seeing|experienc\w+|managed|tried|benchmark\w+)"
)
_PERSON = re.compile(
    r"\b(?:(?:users?|members?|people|folks|someone|developers?|engineers?|testers?|customers?)"
    rf"(?: \w+ly| also| on \w+| in \w+)? (?:{_TELLS}|{_DOES})\b"
    r"|commenters?|redditors?|posters?|OP|I|my|me|we)\b"
    r"|^\s*[-*•] (?!The |It |This |They )[\w@./-]+(?: and [\w@./-]+)?(?: \w+ly)?(?: also)? "
    rf"{_TELLS}",
    re.MULTILINE,
)
"""Somebody of whom a line tells, or a comment whose first word is who wrote it."""
_TELLING_END = re.compile(
    r"[.!?;]\s|\n|,? (?:but|while|though|although|whereas|however) |\(Activity: \d+\): ?"
)
_WORDS_END = re.compile(r"[,;:.!?]\s|\n|[()]")
_CHARS_AROUND = 60
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{3,}")
_NAME = re.compile(r"(?=[a-z-]*[A-Z])[A-Za-z-]{4,}")
_VERSIONED = re.compile(r"[A-Za-z][\w.-]*\d(?:[\w.-]*\w)?")
# What a price may be for; one for another of these is another price.
_SIDES = frozenset({"input", "output", "cached"})
_BASES = frozenset(
    {
        "month",
        "monthly",
        "year",
        "week",
        "hour",
        "minute",
        "second",
        "token",
        "tokens",
        "seat",
        "user",
    }
    | {"image", "request", "call", "task", "prompt"}
)
_ANY_FIGURE = frozenset({"about", "from", "have", "model", "models", "over", "than", "with"})
_EXPECTED = "what users say told as theirs, such as 有用户称"


def check_attribution(data: CheckInput) -> CheckResult:
    """Look for figures of strangers that are told as everybody's."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    if len({trust(mention) > 0 for mention in data.story.mentions}) == 1:
        return
    strangers = list(_strangers_figures(data))
    for passage in data.passages:
        end = passage.start + len(passage.text)
        untold = [
            claim
            for claim, equals in strangers
            if passage.start <= claim.start < end and not _is_theirs(data, passage, claim, equals)
        ]
        # Who says it is said once in a sentence: one finding is enough, of a price if there is one.
        for claim in sorted(untold, key=lambda it: it.unit not in _PRICES)[:1]:
            minor = claim.unit not in _PRICES
            yield Problem(_EXPECTED, claim.text, minor=minor, sentence=passage.number)


def _strangers_figures(data: CheckInput) -> Iterator[tuple[Quantity, tuple[Quantity, ...]]]:
    """Give the figures that are strangers' own, with where they stand."""
    starts, at = [], 0
    for mention in data.story.mentions:
        starts.append(at)
        at += len(mention.text) + 2  # the blank line between two
    for claim, equals, _ in match_quantities(data.text, data.story.evidence):
        tellers = {bisect_right(starts, one.start) - 1 for one in equals}
        if (
            claim.unit in _FIGURES
            and not claim.weak
            and tellers
            and all(trust(data.story.mentions[teller]) for teller in tellers)
            and (all(_is_of_a_person(data, one) for one in equals) or _is_disputed(data, equals))
        ):
            yield claim, equals


def _is_of_a_person(data: CheckInput, figure: Quantity) -> bool:
    """Whether the clause around a figure of the evidence tells it of somebody."""
    return _PERSON.search(_around(data.story.evidence, figure, _TELLING_END)) is not None


def _is_disputed(data: CheckInput, figures: Sequence[Quantity]) -> bool:
    """Whether the editors have another figure of what a stranger gives one of."""
    unit = figures[0].unit
    theirs = [_Subject.of(data.story.evidence, figure) for figure in figures]
    common = {*map(str.casefold, _WORD.findall(data.entry.title)), *_ANY_FIGURE}
    for mention in data.story.mentions:
        if trust(mention):
            continue
        for other in find_quantities(mention.text):
            if other.unit == unit and not other.weak:
                subject = _Subject.of(mention.text, other)
                if any(subject.is_of(one, common) for one in theirs):
                    return True
    return False


class _Subject(NamedTuple):
    """What a figure of the evidence is of."""

    words: frozenset[str]
    """Words or names beside it, in lower case."""
    versions: frozenset[str]
    """Names with a number in its sentence."""

    @classmethod
    def of(cls, text: str, figure: Quantity) -> Self:
        """Read what stands around a figure: of an amount each word, of others the names."""
        word = _WORD if figure.unit in _PRICES else _NAME
        words = word.findall(_around(text, figure, _WORDS_END, _CHARS_AROUND))
        versions = _VERSIONED.findall(_around(text, figure, _TELLING_END))
        return cls(*(frozenset(map(str.casefold, each)) for each in (words, versions)))

    def is_of(self, other: Self, common: AbstractSet[str]) -> bool:
        """Whether two figures seem to be of one thing; `common` are words of no use for it."""
        pairs = [(self.words & these, other.words & these) for these in (_SIDES, _BASES)]
        pairs.append((self.versions, other.versions))
        apart = any(one and another and one.isdisjoint(another) for one, another in pairs)
        return not apart and not self.words & other.words <= common


def _around(text: str, figure: Quantity, ends: re.Pattern[str], chars: int = 400) -> str:
    """Give what stands around a figure, as far as the nearest ends."""
    first = max(0, figure.start - chars)
    start = max((end.end() for end in ends.finditer(text, first, figure.start)), default=first)
    after = ends.search(text, figure.end, figure.end + chars)
    return text[start : after.start() if after else figure.end + chars]


def _is_theirs(
    data: CheckInput, passage: Passage, claim: Quantity, equals: tuple[Quantity, ...]
) -> bool:
    """Whether a passage says who tells it, or which document does."""
    if (_THEIRS if passage.number else _THEIRS_IN_TITLE).search(passage.text):
        return True
    if claim.unit in _PRICES:
        return False
    evidence = data.story.evidence
    lines = [evidence[max(0, one.start - _CHARS_OF_LINE) : one.start] for one in equals]
    return any(
        name in passage.text and any(map(english.search, lines)) for name, english in _DOCUMENTS
    )
