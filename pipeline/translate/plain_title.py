"""The first sentence of an entry -> its title, for a model that only translates.

Pure. A title is the first clause of the Chinese sentence where that says who did what; else the
English sentence is cut to its main clause (`headlines`), which is translated as a sentence of its
own.
"""

import re
from collections.abc import Sequence
from itertools import dropwhile

from pipeline.chinese import (
    AMBIGUOUS_WORDS,
    ORDINARY_WORDS,
    length_without_spacing,
    products_of_plain_words,
)
from pipeline.translate.answers import clean_title
from pipeline.translate.naming import NAME
from pipeline.translate.title_words import in_title_words, is_long, is_poor

_TITLE_CHARS = range(8, 41)
# Widths in Chinese characters; two Latin letters are about as wide as one.
_TITLE_WIDTH = 25.0
_NAMED_WIDTH = 32.0  # of a title with a name before it
_TELLING_WIDTH = 13.0  # from which a clause says enough with one name, too
_KINDS = "模型|工具|框架|系统|库|平台|架构|方法|数据集"
_LATIN_NAME = r"[A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*)*"

# --- where the clause with the subject begins and ends -------------------------------------------

_CLAUSE_END = re.compile(r"[，；。！？：]|(?<=[\u4e00-\u9fff])[,;:] ?")
# That it is hearsay: the title says so, too.
_HEARSAY = re.compile(
    r"^(据(?:报道|称|悉|传|其[\u4e00-\u9fff]{2,4}称|作者的论文)|传闻|(?:有)?(?:消息|报道)称)[，,]?"
)
# Where, when or with what: it stands before the clause with the subject.
_WHERE = re.compile(r"(?:在|自|根据|从|由于|通过|为了|随着|当|对于|关于|与|除了|使用|凭借|借助|到)")
# `一个新的排行榜，Orca 要求`: what it is, and then its name.
_KIND_ONLY = re.compile(r"一[个款种项家](?:新的)?[\u4e00-\u9fff]{2,8}")
_FIRST_NAME = re.compile(rf"^({_LATIN_NAME}) ?(?=[\u4e00-\u9fff])")
# It ends before what is said.
_SAYS = re.compile(r"(?:称|说|表示|表明|指出|认为|显示|发现|报告|估计|透露|(?<![优的性])建议)$")
# `使用 Orca，速度提高一倍`: what did it is said nowhere else.
_BY_NAME = re.compile(r"(?:使用|凭借|借助|通过|采用) ?[A-Z][\w.-]+")
# On which leaderboard: it belongs into the title with the score.
_ON_BOARD = re.compile(r"(在 ?[A-Z][\w .+-]{2,30}?(?:排行榜|基准(?:测试)?)?[上中])，")
_SCORE = re.compile(r"\d ?(?:分|%|倍|名|位)|第 ?\d")

# --- what a title says in fewer words ------------------------------------------------------------

# `关于上下文工程——会话和内存的白皮书`
_ASIDE_WITHIN = re.compile(r"——[^，。—]*(的[^，。—的]{2,10})$")
# A long name with its short form.
_SPELLED_OUT = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)+ ?[（(]([A-Z][\w.+-]*)[）)]")
# What is done: 发布了 is 发布 in a title.
_DONE = re.compile(
    r"(?<=发布|推出|开源|开放|宣布|增加|新增|添加|加入|更新|上线|收购|筹集|获得|达到|超过|完成|引入|提供|签署|签订|展示|创建"
    r"|开发|启动|关闭|停止|部署|修复|报告|训练|构建|公布|介绍|分享)了(?!解)"
)
_ONE = re.compile(r"^一[个款种项家](?!月)")
_IS_OPEN = re.compile(r"是(开源|公开|开放)的$")

# --- what a long clause does without -------------------------------------------------------------

# `EnvHarness / EnvRigger`: one name is enough for a title.
_OTHER_NAME = re.compile(r"(?<=[A-Za-z0-9]) ?/ ?[A-Z][\w.-]+")
# `在 25 个公共环境中解决`: where it was done.
_WITHIN = re.compile(r"(?<=[\w ]) ?在[^，在]{2,30}[中上里](?=[\u4e00-\u9fff]{2})")
# It has said the main thing before these.
_GOES_ON = re.compile(
    r"以及|并且?|同时| ?/ ?|、|，|来(?=[\u4e00-\u9fff])|，?从而|和(?=[\u4e00-\u9fff])"
)
# But what is done with something stands behind 来: 通过红队测试来加固浏览器.
_MEANS = re.compile(r"(?:通过|利用|借助|凭借)[^，]*(?:来|、|和|以及)$")
# What is done is the news; with what, stands in the sentence.
_BY_MEANS = re.compile(r"(?<=\w) ?(?:通过|利用|借助)[^，。]{4,80}?来(?=[\u4e00-\u9fff]{2})")
# A thing with its kind and its name is what is left where nobody does anything.
_KIND_AND_NAME = re.compile(
    rf"(?<![^，说称])[^，。说称]{{2,20}}(?:{_KINDS}) ?[A-Z][\w.-]*(?: \d[\w.]*)?"
)
# Whose new thing it is, is who put it out.
_NEW_OF = re.compile(r"^([^的，]{2,14})的(新(?:的|款)?[^的，]{2,})$")

# --- whether a clause is a title -----------------------------------------------------------------

# When, where or of what only, or somebody whom nobody knows: no subject.
_NO_SUBJECT = re.compile(
    r"^(?:在|自从?|由于|根据|按照|对于|关于|通过|为了|随着|当|虽然|尽管|如果|除了|作为|与此|目前|该|它|他|她"
    r"|这|那|其|此|可以|能够|现在可|并|而|但|也|还|以|使用|基于|经过|截至|至于|有了|例如|比如|公司|团队|作者|新的|用(?!户)"
    r"|名为|代码|权重|论文|语音|结果|任何|所有|最[好高新大]|成员们?|人们|有人|大家|我们"
    # The account of a stranger.
    r"|(?:[A-Z][a-z]+[_-]?){2,}\d{3,})"
)
_BY_FIRST = re.compile(rf"^{_BY_NAME.pattern}，")  # put there by `first_clause`
# Its end says when or where, and not what.
_WHEN = re.compile(r"[中时后前里下同上内]$(?<!以上)(?<!线上)|的同时$")
# Only a name, where there is no verb; 开放 is none in 新开放模型.
_NOUN_END = re.compile(rf"(?:[\w.+-]*[A-Za-z0-9]|{_KINDS}|公司)$")
_VERB = re.compile(
    r"发布|推出|开源|开放|宣布|称|说|指出|认为|建议|增|添加|加入|支持|更新|上线|收购|融资|筹集|获|达|超"
    r"|降|升|提高|减少|计划|将|正|已|可|能|成为|击败|领先|排|位[居列]|允许|需要|修复|改|训练|构建|集成|运行|引入"
    r"|提供|签|禁|估计|发现|显示|报告|展示|实现|得分|取得|创建|开发|启动|关闭|停|移|取代|替换|部署|扩|合作|出售"
    r"|处理|转换|检测|生成|购买|投资|泄露|登顶|是|有|让|使|比|快|用"
)
_ATTRIBUTE = re.compile(
    r"(?:新|的|款)?(?:开源|开放|可用|使用)(?=的|新|模型|权重|软件|项目|库|工具|框架)"
)
# A name or a figure: of two, one is what it is about.
_SPECIFIC = re.compile(r"[A-Za-z0-9][\w.+/-]*(?: [A-Z0-9][\w.+/-]*)*")
# An `is` that the English does not have was made of its verb.
_IS_A = re.compile(r"是(?:一|其中)")
_BE = re.compile(r"\b(?:is|are|was|were|be|becomes?|became)\b")

# --- a name before a title -----------------------------------------------------------------------

# `torchao v0.15.0`, `vllm-metal`: a whole lead that is a name in small letters.
_SMALL_NAME = re.compile(r"[a-z][\w.]*(?:-[\w.-]+| v?\d[\w.]*)")
# No word that only has a capital, as any first word has.
_SURE_NAME = re.compile(r"^(?!\d+D\b)(?=.*(?:[a-z][A-Z]|\d|\w-\w))[^'’]*$")
# Of several things it may be another.
_LISTED = re.compile(r"(?: \([^()]*\))?(?:,|:? (?:and|&)\b| \+)")


def clause_title(chinese: str) -> str:
    """Take the first clause of a Chinese sentence for a title; empty where it says too little."""
    clause = first_clause(chinese)
    says = len(_SPECIFIC.findall(clause)) > 1 or _width(clause) >= _TELLING_WIDTH
    return clause if says and _is_title(clause) and _width(clause) <= _TITLE_WIDTH else ""


def headline_title(chinese: str, english: str) -> str:
    """Take a title of the Chinese of a headline; one that turns the verb into `is` is none."""
    title = long_title(chinese)
    if is_poor(title):  # 发布集成 alone says nothing, with what it does it does
        whole = in_title_words(_DONE.sub("", chinese.rstrip("。")))
        title = title if is_long(whole) or is_poor(whole) else whole
    return "" if _IS_A.search(chinese) and not _BE.search(english) else title


def named_title(chinese: str) -> str:
    """Take what a sentence is about, a thing with its kind and its name: the last resort."""
    clause = first_clause(chinese)
    named = _KIND_AND_NAME.search(chinese)
    titles = (clause, _ONE.sub("", named[0].strip()) if named else "")
    return _NEW_OF.sub(r"\1推出\2", next(filter(_fits, titles), ""))


def cut_title(chinese: str) -> str:
    """Cut a first clause that is too long for a title where it says who did what before."""
    clause = _WITHIN.sub("", _OTHER_NAME.sub("", first_clause(chinese)))
    goes_on = (it for it in _GOES_ON.finditer(clause) if not _MEANS.search(clause, 0, it.end()))
    ends = [len(clause), *(found.start() for found in reversed([*goes_on]))]
    heads = (clause[:end].rstrip(" /“") for end in ends)
    return next((head for head in heads if _is_title(head)), "")


def title_without_means(chinese: str) -> str:
    """Take the first clause likewise without what it is done with."""
    short = _BY_MEANS.sub(" ", chinese)
    return clause_title(short) if short != chinese else ""


def long_title(chinese: str) -> str:
    """Take the first clause likewise where a title may be as long as the page allows."""
    clause = first_clause(chinese)
    return clause if _is_title(clause) else ""


def with_name(title: str, lead: str) -> str:
    """Put the name that a lead begins with before a title that has no word of it.

    Returns:
        `torchao v0.15.0：量化库能够训练混合专家模型`, or the title as it is where the lead
        begins with no name, or there is no room for it.
    """
    found = _SMALL_NAME.fullmatch(lead.strip()) or NAME.match(lead)
    words = found[0].split(" ") if found else [""]
    if found and _LISTED.match(lead, found.end()):
        return title  # of several things it may be another
    ordinary = words[0].lower().split("-")[0] in ORDINARY_WORDS | AMBIGUOUS_WORDS
    if ordinary or not _SURE_NAME.search(" ".join(words)):
        words = _known_name(lead).split()  # Claude Code of Claude Code Remote Control
    return (_named(title, words) if words else "") or title


def _known_name(lead: str) -> str:
    """Give the product whose name is made of plain words that a lead begins with."""
    names = products_of_plain_words()
    return next((name for name in names if lead == name or lead.startswith(f"{name} ")), "")


def _named(title: str, words: Sequence[str]) -> str:
    """Put a name before a title; empty where it is there already, or has no room."""
    named = f"{' '.join(words)}：{title}"
    fits = length_without_spacing(named) in _TITLE_CHARS and _width(named) <= _NAMED_WIDTH
    said = re.sub("[- ]", "", title.casefold())
    told = any(re.sub("-", "", word.casefold()) in said for word in words if len(word) > 1)
    return named if title and fits and not told else ""


def first_clause(chinese: str) -> str:
    """Cut a Chinese sentence after its first clause that has a subject, in the words of a title.

    That it is hearsay stays.
    """
    hearsay = _HEARSAY.match(chinese)
    rest = chinese[hearsay.end() :] if hearsay else chinese
    clause = _ASIDE_WITHIN.sub(r"\1", _with_subject(rest))
    board = _ON_BOARD.match(rest)
    if board and _SCORE.search(clause):
        clause = _FIRST_NAME.sub(rf"\1 {board[1]}", clause)
    if length_without_spacing(clause) >= _TITLE_CHARS.stop:
        clause = _SPELLED_OUT.sub(r"\1", clause)
    title = _IS_OPEN.sub(r"已\1", _DONE.sub("", _ONE.sub("", clean_title(clause))))
    return in_title_words(f"{hearsay[1] if hearsay else ''}{title}")


def _with_subject(text: str) -> str:
    """Give the first clause that says who, with what they say, or with what they do it."""
    clauses = _CLAUSE_END.split(text)
    by_what = clauses[0]
    clauses = [*dropwhile(_WHERE.match, clauses), "", ""]
    if _KIND_ONLY.fullmatch(clauses[0]) and _FIRST_NAME.match(clauses[1]):
        clauses = clauses[1:]
    clause = clauses[0] + (clauses[1] if _SAYS.search(clauses[0]) else "")
    if _BY_NAME.fullmatch(by_what) and clause and not re.search("[A-Za-z]", clause):
        return f"{by_what}，{clause}"
    return clause


def _width(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _is_title(clause: str) -> bool:
    """Whether it says who did what, in no more characters than a title may have."""
    bare = _HEARSAY.sub("", clause)
    bare = _ATTRIBUTE.sub("", bare)
    names_only = _NOUN_END.search(bare) and not _VERB.search(bare) and "：" not in bare
    return _fits(clause) and not names_only


def _fits(clause: str) -> bool:
    """Whether it is about something, and no longer than a title may be."""
    bare = _BY_FIRST.sub("", _HEARSAY.sub("", clause))
    whole = not _NO_SUBJECT.match(bare) and not _WHEN.search(bare)
    return whole and length_without_spacing(clause) in _TITLE_CHARS
