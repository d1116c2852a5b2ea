"""What is still to come is not told as done, nor what is done as still to come.

Only verbs that are plainly the same in both: 已开源 for `to be open-sourced`. Objected to is a verb
behind 已 or before 了 where every use of it in the lines is a plan, a promise, a wish or a
question, and one behind 计划 or 即将 where every use of it is done. Not covered: verbs that are not
in the table.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.verify.check import CheckInput, CheckResult, Problem


class _Verb(NamedTuple):
    """What is done, in both languages."""

    chinese: str
    english: str


_VERBS: tuple[_Verb, ...] = (
    _Verb(
        "开源|开放权重|放出权重|公布权重",
        r"open[- \u2011]?sourc\w+|open[- \u2011]?weights?|releas\w+|publish\w*|public(?:ly)?"
        r"|availab\w+|out|drop\w*|shar(?:ed?|es|ing)|upload\w*|ship(?:s|ped|ping)?",
    ),
    _Verb(
        "发布|推出|上线|公开|开放|上市|发出|发放|放出|给出|提供",
        r"releas\w+|launch\w*|ship(?:s|ped|ping)?|open(?:ed|ing|s)?(?![- \u2011](?:model"
        r"|weight|source))"
        r"|publish\w*|public(?:ly)?|unveil\w*|introduc\w+|roll\w*|drop\w*|availab\w+|out|live"
        r"|debut\w*"
        r"|arriv\w+|distribut\w+|sen[dt]\w*|deliver\w*|provid\w+|offer\w*|announc\w+|post(?:ed|s)"
        r"|shar(?:ed?|es|ing)|is (?:currently |now )?(?:developing|building|working on|preparing)",
    ),
    _Verb("合并|并入", r"merg\w+"),
    _Verb("投入|投资|花费|支出|注资", r"invest\w*|spen[dt]\w*|commit\w*|put(?:s|ting)?|pour\w*"),
    _Verb("推迟|延期|延后", r"delay\w*|postpon\w+|push(?:ed|es|ing)? back|slip\w*|later"),
    _Verb(
        "裁员|裁掉|裁撤|砍掉|削减", r"cut\w*|lay\w*|laid|redundanc\w+|eliminat\w+|axe\w*|reduc\w+"
    ),
    _Verb(
        "弃用|停用|下线|停止|关闭|关停|退役",
        r"deprecat\w+|retir\w+|sunset\w*|shut\w*|discontinu\w+|stop\w*|end(?:s|ed|ing)?"
        r"|clos\w+|remov\w+|turn\w* off|phas\w+",
    ),
    _Verb(
        "通过|批准|获批|签署",
        r"pass(?:es|ed|ing)?|approv\w+|sign(?:s|ed|ing)?|clear(?:s|ed)|enact\w*|grant\w*"
        r"|obtain\w*|receiv\w+",
    ),
    _Verb("否决|驳回", r"veto\w*|reject\w*|block\w*|struck|dismiss\w*"),
    _Verb("收购|买下", r"acqui\w+|buy\w*|bought|purchas\w+|tak(?:e|es|en|ing) over|took"),
    _Verb("聘用|聘请|招募|挖走|挖来", r"hir\w+|recruit\w*|poach\w*|join\w*|snag\w*"),
    _Verb("修复|解决", r"fix\w*|resolv\w+|solv\w+|patch\w*|address\w*|repair\w*"),
    _Verb("训练", r"(?:pre-?)?train\w*"),
    _Verb("取代|替代|替换", r"replac\w+|supersed\w+|supplant\w*"),
    _Verb("起诉", r"su(?:e|es|ed|ing)|fil(?:e|ed|es|ing)"),
    _Verb(
        "加入|新增|添加|接入|直连|连接|集成",
        r"add\w*|support\w*|integrat\w+|connect\w*|join\w*|includ(?:ed|es)",
    ),
    _Verb(
        "建立|建成|创建|成立|搭建",
        r"creat\w+|establish\w*|buil[dt]\w*|form(?:s|ed)|set(?:s|ting)? up|found(?:s|ed)",
    ),
    _Verb("改用|换用|换成|转向", r"us(?:e|es|ed|ing)|switch\w*|mov\w+|migrat\w+|replac\w+"),
    _Verb("拥有|购入|买下", r"amass\w*|own\w*|ha[sd]|have|buy\w*|bought|acquir\w+"),
    _Verb("提高|提升|增加|扩大", r"increas\w+|rais\w+|gr[eo]w\w*|expand\w*|boost\w*|improv\w+"),
)
_DONE = re.compile(r"(?:已经?|现已|业已)(?![知有久])")
_UNDONE = re.compile(
    r"将|计划|可能|拟(?!合)|希望|打算|预计|期待|准备|争取|有望|承诺|未|没|不|是否|能否"
    r"|若|如果|询问|讨论"
    r"|建议|猜|传|据称"
)
_AHEAD = re.compile(
    r"\b(?:will|to be|plan(?:s|ning|ned)?|going to|aim(?:s|ed|ing)?|intends?|intending|intentions?"
    r"|prepar(?:es|ing)|ready to|hop(?:e|es|ing)|promis(?:es?|ing)|goals?|targets?"
    r"|expect(?:s|ed|ing)?"
    r"|may|might|could|would|should|consider(?:s|ing)?|discuss\w*|explor\w+|asks?|asking"
    r"|(?<!pull )request\w*|propos\w+|wants?|about to|scheduled|slated|coming|upcoming|set to"
    r"|yet to|if|whether|speculat\w*|await\w*|anticipat\w*|chance|odds"
    r"|potential|in (?:\w+ )?(?:talks|negotiations))\b(?:[^.;:)\n]|(?<=\d)\.(?=\d)){0,70}$",
    re.IGNORECASE,
)
_NEAR = "soon|shortly|upcoming|coming"
_SOON = re.compile(
    r"(?:(?! (?:and|with) (?:\w+ )?coming)[^.;:\n]){0,50}"  # here now, elsewhere soon
    rf"\b(?:{_NEAR}|looms?|is planned|are planned|awaited)\b",
    re.IGNORECASE,
)
_BEING_MADE = re.compile(r"is .*ing\b|is working on", re.IGNORECASE)
_HAS_BEEN = re.compile(
    r"\b(?:was|were|has been|have been|is now|are now) (?:\w+ly )?$|\b(?:new|newly) $"
)
_PLANNED = re.compile(
    "(?:即将|将[会要于]|(?<![可需能])将(?=推出|上线|收购|签署|裁员)|计划|(?<![模虚])拟(?![合人态])|打算|有意(?![义思识见])"
    "|预计)"
)
_PROGRAM = re.compile(
    r"\b(?:plan\w*|program\w*|tiers?|initiative|subscription\w*|scheme|project\w*|fellowship)\b",
    re.IGNORECASE,
)
"""What 计划 may name, rather than a plan to do so."""
_PAST = re.compile(
    r"\w+ed|\w{3,}(?<![ius])s|bought|took|sent|built|spent|laid|set up|grew|rose", re.IGNORECASE
)
_COMING = re.compile(rf"\b(?:{_NEAR})\b", re.IGNORECASE)
_NOT_YET = re.compile(
    r"(?:\b(?:to|can|lets?|helps?|not|never|no|without|before|until|when|once|for|by|of|in)"
    r" (?:\w+ )?|n['’]t )$",
    re.IGNORECASE,
)
_LATER = re.compile(
    rf"[^.;:\n]{{0,60}}\b(?:{_NEAR}|next|later|planned|awaited|expected|tomorrow|plans?|will|future"
    r"|by (?:the )?(?:end|late|mid|early|20\d\d|q[1-4])|roadmap|set to|slated)\b",
    re.IGNORECASE,
)
_IS_HERE = re.compile(r"\b(?:already|(?:is|are) currently) $", re.IGNORECASE)
"""Whatever is still to come beside it: already launched, and more models expected soon."""
_WINDOW = 100
_CHARS_OF_VERB = 12
_CLAUSE_END = re.compile("[，。；：]")


def check_tense(data: CheckInput) -> CheckResult:
    """Compare what each sentence says is done with its lines."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    for passage in data.passages[1:] if data.has_lines else ():
        for find in (find_told_as_done, find_told_as_planned):
            for problem in find(passage.evidence, passage.text):
                yield problem._replace(sentence=passage.number)


def find_told_as_done(english: str, chinese: str) -> Iterator[Problem]:
    """Find what has been done in Chinese and is still to come in the English."""
    for clause in _CLAUSE_END.split(chinese):
        if _UNDONE.search(clause):
            continue
        done = _DONE.search(clause)
        told = clause[done.end() : done.end() + _CHARS_OF_VERB] if done else ""
        for verb in _VERBS:
            is_done = re.search(verb.chinese, told) or re.search(
                rf"(?!提供|给出)(?:{verb.chinese})了|正式(?:{verb.chinese})", clause
            )
            if is_done and (words := _still_to_come(verb.english, english)):
                yield Problem(f"what {words!r} says, such as 将, 计划", clause)
                break


def find_told_as_planned(english: str, chinese: str) -> Iterator[Problem]:
    """Find what is still to come in Chinese and has been done in the English."""
    if _COMING.search(english):
        return
    for clause in _CLAUSE_END.split(chinese):
        for planned in _PLANNED.finditer(clause):
            if planned.group() == "计划" and _PROGRAM.search(english):
                continue
            told = clause[planned.end() :]
            for verb in _VERBS:
                found = re.match(rf".{{0,2}}?(?:{verb.chinese})(?!的|模型|权重|平台)", told)
                if found and (words := _done(verb.english, english)):
                    yield Problem(f"what {words!r} says is done", clause)
                    return


def _done(verb: str, english: str) -> str:
    """Give the first use of a verb where all of them are done."""
    first = ""
    for found in re.finditer(rf"(?<![\w-])(?:{verb})(?!\w)", english, re.IGNORECASE):
        before = english[max(0, found.start() - _WINDOW) : found.start()]
        is_open = _AHEAD.search(before) or _NOT_YET.search(before)
        if is_open or _LATER.match(english, found.end()) or _BEING_MADE.fullmatch(found[0]):
            return ""
        if _PAST.fullmatch(found[0]):
            first = first or found[0]
    return first


def _still_to_come(verb: str, english: str) -> str:
    """Give the first use of a verb where all of them are still to come."""
    first = ""
    for found in re.finditer(rf"(?<![\w-])(?:{verb})(?!\w)", english, re.IGNORECASE):
        before = english[max(0, found.start() - _WINDOW) : found.start()]
        if _IS_HERE.search(before):
            return ""
        ahead = None if _HAS_BEEN.search(before) else _AHEAD.search(before)
        if not (ahead or _BEING_MADE.fullmatch(found[0]) or _SOON.match(english, found.end())):
            return ""
        first = first or (ahead.group() if ahead else "") + found[0]
    return first
