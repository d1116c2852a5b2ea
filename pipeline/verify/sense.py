"""Whether an English sentence and its Chinese go the same way: negation, comparison, attribution.

Each rule is a row of a table. Both sides are wide, since a right sentence that is rejected costs a
true fact: what may tell it counts. Not covered: what is negated or compared, where both say something
of the kind.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from pipeline.quantities import match_quantities
from pipeline.verify.check import Problem
from pipeline.verify.hedges import BOUND_EXAMPLES, HEDGES, is_bounded, is_told, tells_bound
from pipeline.verify.hedges import tells_release

_CHARS_BEFORE = 60


def find_changed_sense(english: str, chinese: str) -> Iterator[Problem]:
    """Find what a Chinese sentence turns round, drops or adds of the sense of its English one."""
    yield from _changed_negation(english, chinese)
    yield from _turned_round(english, chinese)
    yield from _lost_words(english, chinese)
    yield from _lost_hedges(english, chinese)
    yield from _lost_bounds(english, chinese)


# ------------------------------------------------------------------------------------ negation

_NEGATION = re.compile(
    r"\b(?:not(?! only\b| just\b| merely\b)|cannot|no(?! (?:less|more|fewer|later|longer than|doubt)\b)"
    r"|never|without|none|neither|nor|nothing|nobody|nowhere)\b|n['’]t\b",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(r"\bNo\. ?\d")
_CHINESE_NEGATION = re.compile(
    r"[不没无未非否勿缺零]|避免|免(?!费)|拒|禁|难以|尚|停止|放弃|失败|失去|排除|除外|从未|脱离|而是|省去|仍需"
)
_NEGATED = re.compile(
    r"不(?:再|会|能|可|需|用|支持|包|是|要|存在|具|允许|涉及|提供|了)|没有?|无法|未(?!来)|并非|从不|绝不"
)
_NO_NEGATION = re.compile(
    r"不[仅但光只单到足同断少过错久等论管超低高多少大小凡]|不可[思避]|不亚于|差不多|没[过错]|未[来]|无论|无人(?:机|驾|车|店|值守)|无[缝线限数]"
    r"|除非|非[常洲]|不间断|毫不|不得不"
)
_MAY_BE_NEGATED = re.compile(
    r"\b(?:un[a-z]{3,}|in(?:able|capable|complete|correct|consist|suffic|stable|valid|secure|visible)\w*"
    r"|im(?:poss|perf|prob|prac)\w*|dis[a-z]{4,}|non-?\w*|[a-z]+less|less|fewer|few|little|lack\w*|miss\w*"
    r"|fail\w*|refus\w*|den(?:y|ies|ied)|stop\w*|avoid\w*|prevent\w*|hardly|barely|scarce\w*|rarely"
    r"|seldom|unless|except|excluding|only|just|yet|still|remain\w*|drop\w*|remov\w*|away|free"
    r"|instead|rather|before|beyond|out of|over|behind|below|under|sub|lose\w*|lost|losing|ban\w*|block\w*"
    r"|broken|broke|skip\w*|ignor\w*|reject\w*|forbid\w*|against|doubt\w*|question\w*|open|end\w*"
    r"|impossible|difficult|hard|too|minus|zero|shy|nearly|almost|hidden|private|secret|anonymous"
    r"|wrong|bad|poor\w*|weak\w*|problem\w*|errors?|bugs?|flaw\w*|faulty|scratch|any|regardless|even"
    r"|whether|if|forget\w*|forgot\w*|absent|absence|empty|missing|rid|cut|irrelevant|illegal"
    r"|resist\w*|differ\w*|vary|varies|various|another|other|shift\w*|chang\w*|unlimited|every|all)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
"""English that Chinese may say with a negation."""


def _changed_negation(english: str, chinese: str) -> Iterator[Problem]:
    negated = _NEGATION.search(_NO_NUMBER.sub("", english))
    if negated and not _CHINESE_NEGATION.search(_NO_NEGATION.sub("", chinese)):
        yield Problem(f"the negation {negated.group()!r}, such as 不, 没有, 未", "none")
    if not negated and not _MAY_BE_NEGATED.search(english):
        if added := _NEGATED.search(_NO_NEGATION.sub("，", chinese)):
            yield Problem("no negation", added.group())


# ---------------------------------------------------------------------------------- directions


class _Direction(NamedTuple):
    """One direction: the English for it, and what of it and of its opposite is Chinese."""

    english: str
    told: str
    """Whatever may tell it."""
    opposite: str
    """What surely tells the opposite."""


_OPPOSITES: tuple[tuple[_Direction, _Direction], ...] = (
    (
        _Direction(
            r"more(?! than| or less)|higher|larger|bigger|longer|increas\w+|rises?|rose|rising|gr[eo]ws?"
            r"|growing|growth|gain(?:s|ed)?|jump(?:s|ed)?|surg\w+|climb\w*|rais\w+|doubl\w+|tripl\w+"
            r"|expand\w*|boost\w*|improv\w+",
            "多|高|增|升|涨|扩|大|长|提|加|翻|倍|强|上调|超|改善|改进|优|更|又|领先|攀|募|筹|融|新|再|进|好|快|深",
            r"减少|降低|下降|下跌|缩减|缩短|缩小|更少|更低|更小|更短|低于|少于|降至|降到|下调|跌|低\d",
        ),
        _Direction(
            r"less(?! than)|fewer(?! than)|lower(?:s|ed|ing)?|smaller|cheaper|shorter|decreas\w+|declin\w+"
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
            "差|弱|劣|落后|不如|不及|逊|输|败|低|后|不敌|退|糟|少|降|追",
            "更好|更强|优于|领先|击败|超过|胜过|高于",
        ),
    ),
)


def _turned_round(english: str, chinese: str) -> Iterator[Problem]:
    """Find what goes up in one and down in the other."""
    for one, another in _OPPOSITES:
        for here, there in ((one, another), (another, one)):
            found = re.search(rf"\b(?:{here.english})\b", english, re.IGNORECASE)
            if not found or re.search(rf"\b(?:{there.english})\b", english, re.IGNORECASE):
                continue
            turned = re.search(here.opposite, chinese)
            if turned and not re.search(here.told, chinese):
                yield Problem(f"what {found.group()!r} says", turned.group())
    for grown in _AS_MUCH.finditer(english):
        if float(grown[1]) >= _LARGE:
            continue
        added = rf"(?:快|高|多|大|强|升|提高|增加|增长|加快)[了出]? ?{re.escape(grown[1])} ?倍"
        if found := re.search(added, chinese):
            yield Problem(
                f"{grown.group()!r}, such as {grown[1]}倍于, 是…的{grown[1]}倍", found.group()
            )
    for share in _SHARE.finditer(english):
        down = share["less"] or share["slow"]
        told = _OPPOSITES[0][1 if down else 0].told + (
            "|慢|晚|放缓|变缓" if down else "|早|贵|加速"
        )
        if not re.search(told, chinese):
            yield Problem(f"{share.group()!r}, a change by so much and not to so much", "none")
    for by in _BY.finditer(english):
        if found := re.search(rf"[至到]了?[约近]?{re.escape(by[1])}%", chinese):
            yield Problem(f"{by.group()!r}, a change by so much", found.group())
    yield from _swapped_parts(english, chinese)


_BY = re.compile(r"\bby (?:about |nearly |almost |over |up to |roughly )?(\d[\d.]*)%")


def _swapped_parts(english: str, chinese: str) -> Iterator[Problem]:
    """Find 80B of its 3B for 3B of its 80B."""
    for part, whole in pairwise(match_quantities(english, chinese)):
        gap = english[part.claim.end : whole.claim.start]
        if not _PART_OF.fullmatch(gap) or len(part.equals) != 1 or len(whole.equals) != 1:
            continue
        (first,), (second,) = part.equals, whole.equals
        if first.end <= second.start and re.search("[中里]", chinese[first.end : second.start]):
            yield Problem(f"{part.claim.text}{gap}{whole.claim.text}", "the other way round")


_PART_OF = re.compile(r" (?:out )?of (?:its |the |their |all )?(?:\w+ )?")
_AS_MUCH = re.compile(
    r"(?<![\d.])(\d+(?:\.\d+)?)(?:x| times)(?: as \w+| (?:the|its|their) (?:\w+ )?(?:speed|size|price))"
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


# ---------------------------------------------------------------------------------- lost words


class _Word(NamedTuple):
    """English that has to be told, and whatever tells it."""

    english: re.Pattern[str]
    chinese: re.Pattern[str]
    example: str


_TOLD: tuple[_Word, ...] = (
    _Word(
        re.compile(
            r"\b(?:says|said|according to|claims|claimed|argue[sd]?|believes?|thinks? (?:that|the|it|this)|suspect(?:s|ed)?|guess(?:es|ed)?|fears?|alleg\w+|accus\w+"
            r"|blam\w+|reportedly|told|insists?|complains?|rates?(?= it|s? its|s? the)|in (?:his|her|their|its)"
            r" (?:view|opinion|words))\b"
        ),
        re.compile(
            "称|说|表示|认为|据|指|报道|报告|透露|控|声|主张|看来|评|觉得|相信|告诉|抱怨|坚持|宣布|谈|提|强调|写道|讲"
            "|传|觉|想|疑|猜|担|怕|怪|责|归咎|疑|数据|结果|显示|表明|估|介绍"
        ),
        "称, 据, 认为",
    ),
    _Word(
        re.compile(r"\b(?:only|merely)\b(?<!not only)(?<!not merely)"),
        re.compile("仅|只|才|单|唯|不过|限|专|独"),
        "仅, 只",
    ),
    _Word(
        re.compile(r"\b(?:den(?:y|ies|ied)|refus(?:e|es|ed)|fail(?:s|ed)?)\b"),
        re.compile("[否不没未拒败无]"),
        "否认, 拒绝, 未能",
    ),
)
_FUTURE = re.compile(r"\b(?:will(?! be remembered)|plans? to|going to|intends? to|aims? to)\b")
_PLANNED = re.compile(
    "将|会|计划|预计|打算|要|拟|有望|准备|可|旨在|希望|目标|未来|想|能|力|争取|愿|便|就|后|之前|以|用于|让"
)
_DONE = re.compile("了|已|过(?!程|去|于|度|滤|渡)")


def _lost_words(english: str, chinese: str) -> Iterator[Problem]:
    for word in _TOLD:
        if (found := word.english.search(english)) and not word.chinese.search(chinese):
            yield Problem(f"what {found.group()!r} says, such as {word.example}", "none")
    if (found := _FUTURE.search(english)) and _DONE.search(chinese):
        if not _PLANNED.search(chinese):
            yield Problem(f"what {found.group()!r} says, such as 将, 计划", "told as done")
    for chinese_word, english_words in _PERSONS.items():
        if chinese_word in chinese and not re.search(english_words, english, re.IGNORECASE):
            yield Problem("the third person, as in the English", chinese_word)


_PERSONS = {
    "我们": r"\b(?:we|us|our|ours|I|my|me)\b",
    "您": r"\b(?:you|your|yours)\b|^[A-Z][a-z]+ ",
    "你": r"\b(?:you|your|yours)\b",
}
"""Who speaks or is spoken to, and the English for it."""


# -------------------------------------------------------------------------------------- hedges

_ASKED = re.compile(r"\b(?:whether|if)\b[^,.;]*$")


def _lost_hedges(english: str, chinese: str) -> Iterator[Problem]:
    for hedge in HEDGES:
        found = hedge.english.search(english)
        if not found or _ASKED.search(english[: found.start()]) or is_told(hedge, chinese):
            continue
        if not hedge.release or tells_release(chinese):
            words = found.group().strip(" ,")
            yield Problem(f"what {words!r} says, such as {hedge.example}", "none")


_NO_BOUND = re.compile(
    r"\b(?:hand|take|took|turn|carr|bring|pass|cross|switch|run|think|mull|give|gave|sign)\w* over $"
)


def _lost_bounds(english: str, chinese: str) -> Iterator[Problem]:
    """Find numbers that the English bounds and the Chinese gives as they are."""
    for quantity, equals, _ in match_quantities(english, chinese):
        before = english[max(0, quantity.start - _CHARS_BEFORE) : quantity.start]
        example = BOUND_EXAMPLES.get(quantity.bound)
        if not example or quantity.unit in {"version", "date", "year"}:
            continue
        if any(one.bound for one in equals) or tells_bound(quantity.bound, chinese, ""):
            continue
        if is_bounded(before, quantity) and not _NO_BOUND.search(before):
            words = f"{before.split()[-1] if before.split() else ''} {quantity.text}".strip()
            yield Problem(f"the bound of {words!r}, such as {example}", "none")
