"""Whether an English sentence and its Chinese mean the same: negation, attribution, hedges, bounds.

Each rule is a row of a table. Both sides are wide, since a right sentence that is rejected costs a
true fact: whatever may tell it counts. Not covered: what is negated or who says it, where both
negate something or name somebody.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.quantities import match_quantities
from pipeline.verify.check import Problem
from pipeline.verify.direction import find_turned_round
from pipeline.verify.hedges import (
    ASKED,
    BOUND_EXAMPLES,
    HEDGES,
    is_bounded,
    is_told,
    tells_bound,
    tells_release,
)
from pipeline.verify.pairing import find_exchanged_numbers
from pipeline.verify.sides import find_exchanged_sides
from pipeline.verify.tense import find_told_as_done

_CHARS_BEFORE = 60


def find_changed_sense(english: str, chinese: str) -> Iterator[Problem]:
    """Find what a Chinese sentence turns round, drops or adds of the sense of its English one."""
    yield from _changed_negation(english, chinese)
    yield from find_turned_round(english, chinese)
    yield from find_exchanged_numbers(english, chinese)
    yield from find_exchanged_sides(english, chinese)
    yield from _lost_words(english, chinese)
    yield from _lost_hedges(english, chinese)
    yield from _lost_bounds(english, chinese)


# ------------------------------------------------------------------------------------ negation

_NEGATION = re.compile(
    r"\b(?:not(?! only\b| just\b| merely\b)|cannot|no(?! (?:less|more|fewer|later|longer than"
    r"|doubt)\b)"
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
    r"\b(?:un[a-z]{3,}|in(?:able|capable|complete|correct|consist|suffic|stable|valid|secure"
    r"|visible)\w*"
    r"|im(?:poss|perf|prob|prac)\w*|dis[a-z]{4,}|non-?\w*|[a-z]+less|less|fewer|few|little"
    r"|lack\w*|miss\w*"
    r"|fail\w*|refus\w*|den(?:y|ies|ied)|stop\w*|avoid\w*|prevent\w*|hardly|barely|scarce\w*|rarely"
    r"|seldom|unless|except|excluding|only|just|yet|still|remain\w*|drop\w*|remov\w*|away|free"
    r"|instead|rather|before|beyond|out of|over|behind|below|under|sub|lose\w*|lost|losing|ban\w*"
    r"|block\w*"
    r"|broken|broke|skip\w*|ignor\w*|reject\w*|forbid\w*|against|doubt\w*|question\w*|open|end\w*"
    r"|impossible|difficult|hard|too|minus|zero|shy|nearly|almost|hidden|private|secret|anonymous"
    r"|wrong|bad|poor\w*|weak\w*|problem\w*|errors?|bugs?|flaw\w*|faulty|scratch|any|regardless"
    r"|even"
    r"|whether|if|forget\w*|forgot\w*|absent|absence|empty|missing|rid|cut|irrelevant|illegal"
    r"|resist\w*|differ\w*|vary|varies|various|another|other|shift\w*|chang\w*|unlimited|every"
    r"|all)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
"""English that Chinese may say with a negation."""


def _changed_negation(english: str, chinese: str) -> Iterator[Problem]:
    negated = _NEGATION.search(_NO_NUMBER.sub("", english))
    if negated and not _CHINESE_NEGATION.search(_NO_NEGATION.sub("", chinese)):
        yield Problem(f"the negation {negated.group()!r}, such as 不, 没有, 未", "none")
    added = _NEGATED.search(_NO_NEGATION.sub("，", chinese))
    if added and not negated and not _MAY_BE_NEGATED.search(english):
        yield Problem("no negation", added.group())


# ---------------------------------------------------------------------------------- lost words


class _Word(NamedTuple):
    """English that has to be told, and whatever tells it."""

    english: re.Pattern[str]
    chinese: re.Pattern[str]
    example: str


_TOLD: tuple[_Word, ...] = (
    _Word(
        re.compile(r"\b(?:is|are|was|were) (?:said|reported|rumou?red|believed|alleged) to\b"),
        re.compile("据|传|被[指认曝视]|有报道|消息|爆料|有人"),
        "据称, 被指",
    ),
    _Word(
        re.compile(
            r"\b(?:says|said|according to|claims|claimed|argue[sd]?|believes?|thinks? (?:that|the"
            r"|it|this)|suspect(?:s|ed)?|guess(?:es|ed)?|fears?|alleg\w+|accus\w+"
            r"|blam\w+|reportedly|told|insists?|complains?|rates?(?= it|s? its|s? the)|in (?:his"
            r"|her|their|its)"
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
    yield from find_told_as_done(english, chinese)
    future = _FUTURE.search(english)
    if future and _DONE.search(chinese) and not _PLANNED.search(chinese):
        yield Problem(f"what {future.group()!r} says, such as 将, 计划", "told as done")
    for chinese_word, english_words in _PERSONS.items():
        told = chinese_word in chinese.replace("迷你", "")
        if told and not re.search(english_words, english, re.IGNORECASE):
            yield Problem("the third person, as in the English", chinese_word)


_PERSONS = {
    "我们": r"\b(?:we|us|our|ours|I|my|me)\b",
    "您": r"\b(?:you|your|yours)\b|^[A-Z][a-z]+ ",
    "你": r"\b(?:you|your|yours)\b",
}
"""Who speaks or is spoken to, and the English for it."""


# -------------------------------------------------------------------------------------- hedges


def _lost_hedges(english: str, chinese: str) -> Iterator[Problem]:
    for hedge in HEDGES:
        found = hedge.english.search(english)
        if not found or ASKED.search(english[: found.start()]) or is_told(hedge, chinese):
            continue
        if not hedge.release or tells_release(chinese):
            words = found.group().strip(" ,")
            yield Problem(f"what {words!r} says, such as {hedge.example}", "none")


_NO_BOUND = re.compile(
    r"\b(?:hand|take|took|turn|carr|bring|pass|cross|switch|run|think|mull|give|gave"
    r"|sign)\w* over $"
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
