"""Whether an English sentence and its Chinese go the same way: negation, comparison, attribution.

Each rule is a row of a table. Both sides are wide, since a right sentence that is rejected costs a
true fact: what may tell it counts. Not covered: what is negated or compared, where both say something
of the kind.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.quantities import find_quantities
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
    r"[不没无未非否免勿缺零]|避免|拒|禁|难以|尚|停止|放弃|失败|失去|排除|除外|从未|脱离|而是|省去|仍需"
)
_NEGATED = re.compile(
    r"不(?:再|会|能|可|需|用|支持|包|是|要|存在|具|允许|涉及|提供|了)|没有?|无法|未(?!来)|并非|从不|绝不"
)
_NO_NEGATION = re.compile(
    r"不[仅但光只单到足同断少过错久等论管超低高多少大小凡]|不可[思避]|不亚于|差不多|没[过错]|未[来]|无论|无人机?|无[缝线限数]"
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


class _Opposites(NamedTuple):
    """Two opposite directions, each in English and in Chinese."""

    english: tuple[str, str]
    chinese: tuple[str, str]


_LESS = (
    r"less(?! than)|fewer(?! than)|lower(?:s|ed|ing)?|smaller|cheaper|shorter|decreas\w+|declin\w+"
    r"|drop(?:s|ped|ping)?|fell|falls?|falling|reduc\w+|cuts?|cutting|shrinks?|shrank|shrunk|dips?|dipped"
)
_MORE = (
    r"more(?! than)|higher|larger|bigger|longer|increas\w+|rises?|rose|rising|gr[eo]ws?|growing|growth"
    r"|gain(?:s|ed)?|jump(?:s|ed)?|surg\w+|climb\w*|rais\w+|doubl\w+|tripl\w+|expand\w*|boost\w*|improv\w+"
)
_DOWN = "少|低|降|减|跌|缩|省|小|便宜|短|下滑|跳水|削|砍|不如|不及|落|优惠|弱|仅|轻|节约|压|逊|下调|流失|劣"
_UP = (
    "多|高|增|升|涨|扩|大|长|提|加|翻|倍|强|上调|超|改善|改进|优|更|又|领先|攀|募|筹|融|新|再|进|好"
)
_OPPOSITES: tuple[_Opposites, ...] = (
    _Opposites((_MORE, _LESS), (_UP, _DOWN)),
    _Opposites(
        (r"faster|quicker|speeds? up|accelerat\w+|as fast", r"slower|slows?(?: down)?|slowed"),
        ("快|加速|提速|提升|提高|倍|缩短|迅速|高效|速度|速率", "慢|放缓|减速|降速|拖累|延缓|落后|变缓"),
    ),
    _Opposites(
        (r"better|stronger|superior|ahead of|outperform\w*|outruns?|beats?|surpass\w*|wins?|won|leads?",
         r"worse|weaker|inferior|behind|trails?|lags?|loses? to|lost to|underperform\w*"),
        ("好|优|强|超|领先|胜|击败|打败|赢|高|快|佳|改善|出色|主导|带|引|率|第一|首|榜",
         "差|弱|劣|落后|不如|不及|逊|输|败|低|背后|后面|后|之下|幕后|推动"),
    ),
)  # fmt: skip


def _turned_round(english: str, chinese: str) -> Iterator[Problem]:
    """Find what goes up in one and down in the other."""
    for (one, another), (own, other) in _OPPOSITES:
        for here, there, right, wrong in ((one, another, own, other), (another, one, other, own)):
            found = re.search(rf"\b(?:{here})\b", english, re.IGNORECASE)
            if not found or re.search(rf"\b(?:{there})\b", english, re.IGNORECASE):
                continue
            if not re.search(right, chinese) and (opposite := re.search(wrong, chinese)):
                yield Problem(f"what {found.group()!r} says", opposite.group())
    for grown in _AS_MUCH.finditer(english):
        added = rf"(?:快|高|多|大|强|升|提高|增加|增长|加快)[了出]? ?{re.escape(grown[1])} ?倍"
        if found := re.search(added, chinese):
            yield Problem(
                f"{grown.group()!r}, such as {grown[1]}倍于, 是…的{grown[1]}倍", found.group()
            )
    for share in _SHARE.finditer(english):
        down = share["less"] is not None
        if not re.search(
            _DOWN if down else f"{_UP}|快|加速|{'慢|迟|' if share['slow'] else ''}早|晚", chinese
        ):
            yield Problem(f"{share.group()!r}, a change by so much and not to so much", "none")


_AS_MUCH = re.compile(
    r"(?<![\d.])(\d[\d.]*)(?:x| times)(?: as \w+| (?:the|its|their) (?:\w+ )?(?:speed|size|price))"
)
"""As fast as so many times: 快1.86倍 would be 2.86 times."""
_SHARE = re.compile(
    r"\d[\d.]* ?(?:%|per ?cent|x|times) (?:(?P<less>less|fewer|lower|cheaper|smaller|shorter)"
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
            r"\b(?:says|said|according to|claims|claimed|argue[sd]?|believes?|thinks?|alleg\w+|accus\w+"
            r"|blam\w+|reportedly|told|insists?|complains?|rates?(?= it|s? its|s? the)|in (?:his|her|their|its)"
            r" (?:view|opinion|words))\b"
        ),
        re.compile(
            "称|说|表示|认为|据|指|报道|报告|透露|控|声|主张|看来|评|觉得|相信|告诉|抱怨|坚持|宣布|谈|提|强调|写道|讲"
            "|传|觉|想|怪|责|归咎|疑|数据|结果|显示|表明|估|介绍"
        ),
        "称, 据, 认为",
    ),
    _Word(
        re.compile(r"\b(?:only|merely)\b(?<!not only)(?<!not merely)"),
        re.compile("仅|只|才|单|唯|不过|限|专|独"),
        "仅, 只",
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


def _lost_bounds(english: str, chinese: str) -> Iterator[Problem]:
    """Find numbers that the English bounds and the Chinese gives as they are."""
    for quantity in find_quantities(english):
        before = english[max(0, quantity.start - _CHARS_BEFORE) : quantity.start]
        example = BOUND_EXAMPLES.get(quantity.bound)
        if not example or quantity.unit in {"version", "date", "year"}:
            continue
        if is_bounded(before, quantity) and not tells_bound(quantity.bound, chinese, ""):
            words = f"{before.split()[-1] if before.split() else ''} {quantity.text}".strip()
            yield Problem(f"the bound of {words!r}, such as {example}", "none")
