"""A figure that only strangers tell is told as theirs, where the editors tell the event too.

Anybody writes on Reddit and in a chat: a false price in a post stands in the evidence like the true
one. An amount of money is an error. Shares, scores, factors, tokens, bytes, sizes of models and
dates, which posts often copy rightly from the maker's page, are a warning. What two threads or
servers say, or a thread and a server, is no longer one stranger's word, and in a server's channel
of announcements its owner speaks. Not covered: names and counts.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator

from pipeline.abbreviations import NO_ABBREVIATION
from pipeline.quantities import Quantity, Unit, match_quantities
from pipeline.recaps import trust
from pipeline.records import Mention
from pipeline.urls import canonical, link_type
from pipeline.verify.aliases import CHINESE_NAMES
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
    # What one of them does, pays or runs is theirs by whatever verb: 有用户用6000美元的机器.
    r"|(?:^|[，。；：])(?:另|也|还|又)?(?:(?:有|一[名位些]|[两几多数]名|某|这[名位])"
    rf"[^，。；！？面向为给让对使帮令供覆万亿]{{0,12}}?|该[^，。；！？使帮令供覆]{{0,2}}?){_TELLERS}(?!界面|体验)"
    r"|传闻|传言|[据盛流有网]传|据称|据报道|有(?:消息|说法)称|一处[称说写]|爆料|泄露|小道",
    re.IGNORECASE,
)
_THEIRS_IN_TITLE = re.compile(rf"{_THEIRS.pattern}|{_TELLERS}|称|传|据|疑|曝", re.IGNORECASE)
# A person by name, and what they say or write: Hassabis argues, in LeCun's latest post.
_SPEAKER = re.compile(
    r"\b(?P<name>[A-Z][\w-]+)(?:,[^,.;]{1,60},| \([^()]{1,60}\))?(?:"
    r" (?:\w+ )?(?:argu(?:es|ed)|sa(?:ys|id)|writes|wrote|predict(?:s|ed)|claim(?:s|ed)"
    r"|estimate[sd]|expect(?:s|ed)|believe[sd]|suggest(?:s|ed)|warn(?:s|ed)|thinks|told)\b"
    r"|['’]s? (?:\w+ ){0,2}(?:essay|post|tweet|thread|article|blog|blogpost|interview|talk"
    r"|keynote|op-ed)\b)"
)
_SPEAKS = re.compile(
    rf"{_TELL}|主张|预测|预言|预计|警告|断言|论证|撰文|发文|著文|写|谈|文章|博文|长文|随笔|访谈|采访|演讲|推文|帖"
)
_AIM = re.compile(
    r"\b(?:aim\w*|goals?|targets?|targeting|(?:designed|built|meant|intended) to)\b", re.IGNORECASE
)
_AIM_IN_CLAUSE = re.compile(r"(?:目标|旨在)[^，。；！？]*$")
_SENTENCE_END = re.compile(rf"[.!?;]{NO_ABBREVIATION}\s")
# What anybody can look up is told as what it says, where the line does so.
_DOCUMENTS = (
    ("模型卡", re.compile(r"\bcard\b", re.IGNORECASE)),
    ("论文", re.compile(r"\bpaper\b", re.IGNORECASE)),
    ("技术报告", re.compile(r"\b(?:technical|tech) report\b", re.IGNORECASE)),
    ("宣布", re.compile(r"\bannouncement (?:saying|stating|that)\b", re.IGNORECASE)),
)
_ANNOUNCEMENTS = re.compile(r"▷ #\W*(?:\w+-)?announcements\b")
_SERVER = re.compile(r"(.+?)(?: Discord$| ▷ #)")
"""The server of a channel, or of the summary of all its channels."""
_CHARS_OF_LINE = 200
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
    """Give the figures that stand in mentions of strangers only, with where they stand."""
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
            and all(_is_strangers(data.story.mentions[teller]) for teller in tellers)
            and len({_source(data.story.mentions[teller]) for teller in tellers} - {""}) <= 1
        ):
            yield claim, equals


def _is_strangers(mention: Mention) -> bool:
    return trust(mention) > 0 and not any(map(_ANNOUNCEMENTS.search, mention.section))


def _source(mention: Mention) -> str:
    """Name the thread or the server where strangers say something; none for a theme of several."""
    if mention.part == "reddit":
        pages = (canonical(link.url) for link in mention.links if link_type(link.url) == "thread")
        return next(pages, "")
    server = _SERVER.match(mention.section[-1]) if mention.section else None
    return server[1] if server else ""


def _is_theirs(
    data: CheckInput, passage: Passage, claim: Quantity, equals: tuple[Quantity, ...]
) -> bool:
    """Whether a passage says who tells it, which document does, or that it is an aim."""
    if (_THEIRS if passage.number else _THEIRS_IN_TITLE).search(passage.text):
        return True
    evidence = data.story.evidence
    lines = [evidence[max(0, one.start - _CHARS_OF_LINE) : one.start] for one in equals]
    if claim.unit in _PRICES:
        return False
    if _SPEAKS.search(passage.text) and all(_is_named_in(passage.text, line) for line in lines):
        return True
    if _AIM_IN_CLAUSE.search(data.text[passage.start : claim.start]):
        return any(_AIM.search(_SENTENCE_END.split(line)[-1]) for line in lines)
    return any(
        name in passage.text and any(map(english.search, lines)) for name, english in _DOCUMENTS
    )


def _is_named_in(text: str, line: str) -> bool:
    """Whether a text names the last person who speaks in a line, by a name of either language."""
    speakers = [found["name"] for found in _SPEAKER.finditer(line)]
    if not speakers:
        return False
    names = {name for name, latin in CHINESE_NAMES.items() if speakers[-1] in latin}
    return any(name in text for name in (speakers[-1], *names))
