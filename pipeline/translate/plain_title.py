"""The first sentence of an entry -> its title, for a model that only translates.

Pure. A title is the first clause of the Chinese sentence where that says who did what; else the
English sentence is cut to its main clause, which is translated as a sentence of its own.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import dropwhile

from pipeline.chinese import (
    AMBIGUOUS_WORDS,
    ORDINARY_WORDS,
    length_without_spacing,
    products_of_plain_words,
)
from pipeline.translate.answers import clean_title
from pipeline.translate.clauses import is_statement, read_clause, starts_with_verb
from pipeline.translate.naming import NAME
from pipeline.translate.statements import HEDGE
from pipeline.translate.title_words import in_title_words, is_long, is_poor

_GOES_ON = re.compile(
    r"以及|并且?|同时| ?/ ?|、|，|来(?=[\u4e00-\u9fff])|，?从而|和(?=[\u4e00-\u9fff])"
)
# What is done with something stands behind 来: 通过红队测试来加固浏览器.
_MEANS = re.compile(r"(?:通过|利用|借助|凭借)[^，]*(?:来|、|和|以及)$")
# `EnvHarness / EnvRigger`: one name is enough for a title.
_OTHER_NAME = re.compile(r"(?<=[A-Za-z0-9]) ?/ ?[A-Z][\w.-]+")
# `在 25 个公共环境中解决`: where it was done.
_WITHIN = re.compile(r"(?<=[\w ]) ?在[^，在]{2,30}[中上里](?=[\u4e00-\u9fff]{2})")
_TITLE_CHARS = range(8, 41)
_TELLING_WIDTH = 13.0
# A name or a figure: of two, one is what it is about.
_SPECIFIC = re.compile(r"[A-Za-z0-9][\w.+/-]*(?: [A-Z0-9][\w.+/-]*)*")
_TITLE_WIDTH = 25.0  # Chinese characters; two Latin letters are about as wide as one
_CLAUSE_END = re.compile(r"[，；。！？：]|(?<=[\u4e00-\u9fff])[,;:] ?")
_HEARSAY = re.compile(
    r"^(据(?:报道|称|悉|传|其[\u4e00-\u9fff]{2,4}称|作者的论文)|传闻|(?:有)?(?:消息|报道)称)[，,]?"
)
# A clause that begins so says when, where or of what only, or whom nobody knows.
_NO_SUBJECT = re.compile(
    r"^(?:在|自从?|由于|根据|按照|对于|关于|通过|为了|随着|当|虽然|尽管|如果|除了|作为|与此|此外|目前|其中|该|它|他|她"
    r"|这|那|其|此|可以|能够|现在可|并|而|但|也|还|以|使用|基于|经过|截至|至于|有了|例如|比如|公司|团队|作者|新的|用(?!户)"
    r"|名为|代码|权重|论文|语音|结果|任何|所有|最[好高新大]|成员们?|人们|有人|大家|我们|他们"
    # The account of a stranger.
    r"|(?:[A-Z][a-z]+[_-]?){2,}\d{3,})"
)
_VERB = re.compile(
    r"发布|推出|开源|开放|宣布|称|说|指出|认为|建议|增|添加|加入|支持|更新|升级|上线|收购|融资|筹集|获|达|超"
    r"|降|升|提高|下降|减少|计划|将|正|已|可|能|成为|击败|领先|排|位[居列]|允许|需要|修复|改|训练|构建|集成|运行|引入"
    r"|采用|提供|签|禁|估计|发现|显示|报告|展示|实现|得分|取得|创建|开发|启动|关闭|停|移|取代|替换|部署|扩|合作|出售"
    r"|处理|转换|检测|生成|购买|投资|泄露|登顶|是|有|让|使|比|快|用"
)
_NOUN_END = re.compile(
    r"(?:[\w.+-]*[A-Za-z0-9]|模型|工具|框架|系统|库|平台|架构|方法|公司|数据集)$"
)
_KIND_AND_NAME = re.compile(
    r"(?<![^，说称])[^，。说称]{2,20}(?:模型|工具|框架|系统|库|平台|架构|方法|数据集)"
    r" ?[A-Z][\w.-]*(?: \d[\w.]*)?"
)
# 开放 is no verb in 新开放模型.
_ATTRIBUTE = re.compile(
    r"(?:新|的|款)?(?:开源|开放|可用|使用)(?=的|新|模型|权重|软件|项目|库|工具|框架)"
)
# One that says where, when or with what, before the one with the subject.
_WHERE = re.compile(r"(?:在|自|根据|从|由于|通过|为了|随着|当|对于|关于|与|除了|使用|凭借|借助|到)")
# On which leaderboard: it belongs into the title with the score.
_ON_BOARD = re.compile(r"(在 ?[A-Z][\w .+-]{2,30}?(?:排行榜|基准(?:测试)?)?[上中])，")
# `关于上下文工程——会话和内存的白皮书`
_ASIDE_WITHIN = re.compile(r"——[^，。—]*(的[^，。—的]{2,10})$")
_KIND_ONLY = re.compile(r"一[个款种项家](?:新的)?[\u4e00-\u9fff]{2,8}")
_SCORE = re.compile(r"\d ?(?:分|%|倍|名|位)|第 ?\d")
_FIRST_NAME = re.compile(r"^([A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*)*) ?(?=[\u4e00-\u9fff])")
# A long name with its short form.
_SPELLED_OUT = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)+ ?[（(]([A-Z][\w.+-]*)[）)]")
# What is done is the news; with what, stands in the sentence.
_BY_MEANS = re.compile(r"(?<=\w) ?(?:通过|利用|借助)[^，。]{4,80}?来(?=[\u4e00-\u9fff]{2})")
# What a title does without.
_ONE = re.compile(r"^一[个款种项家](?!月)")
_BY_NAME = re.compile(r"(?:使用|凭借|借助|通过|采用) ?[A-Z][\w.-]+$")
_BY_FIRST = re.compile(r"^(?:使用|凭借|借助|通过|采用) ?[A-Z][\w.-]+，")
# Whose new thing it is, is who put it out.
_NEW_OF = re.compile(r"^([^的，]{2,14})的(新(?:的|款)?[^的，]{2,})$")
_IS_A = re.compile(r"是(?:一|其中)")
_BE = re.compile(r"\b(?:is|are|was|were|be|becomes?|became)\b")
_IS_OPEN = re.compile(r"是(开源|公开|开放)的$")
_WHEN = re.compile(r"[中时后前里下同上内]$(?<!以上)(?<!线上)|的同时$")
# One that ends before what is said.
_SAYS = re.compile(r"(?:称|说|表示|表明|指出|认为|显示|发现|报告|估计|透露|(?<![优的性])建议)$")
# 发布了 is 发布 in a title.
_DONE = re.compile(
    r"(?<=发布|推出|开源|开放|宣布|增加|新增|添加|加入|更新|上线|收购|筹集|获得|达到|超过|完成|引入|提供|签署|签订|展示|创建"
    r"|开发|启动|关闭|停止|部署|修复|报告|训练|构建|公布|介绍|分享)了(?!解)"
)
# Where an English sentence may have said the main thing.
_MAIN_END = re.compile(
    r"[,;:]? (?:which|who|where|while|whereas|after|before|as|because|since|so that|allowing"
    r"|enabling|making|including|with|without|using|under|via|by|for|in|on|at|from|through|but"
    r"|when|if|across|over|within|against|and)\b"
    r"(?! (?:(?:under|less|more|about|only|just|over|roughly|up|than|to) )*[\d$€£#])"
    r"|[,;:] | [-–—]| \((?![^()]*\) [a-z])|$"
)
# What no clause ends in.
_OPEN_END = re.compile(
    r"(?:\b(?:an?|the|its|their|of|to|up|out|in|on|at|by|for|with|from|as|more|less|faster|higher"
    r"|lower|rather|enough|both|between|only|not|about|around|roughly|nearly|over|than|and|or|is|are|was"
    r"|were|be|been|called|named"
    # of an adjective that wants its noun
    r"|(?:an?|the|its|their) (?:[a-z]+[‐‑-][a-z‐‑-]+|new|large|small|major|first|fast)"
    r"|optimi[sz]ed|designed|it|them|this|that|intended to \w+|(?:that|which|who) \w+|of \w+ing"
    r"|and [\d.,$%]+)|[,;:]|, \w+(?:ed|ing)"
    r"|, (?:while|but|which|who|where|whereas|as|after|so|and) [^,]*)$",
    re.IGNORECASE,
)
# What is said is the news; that it is said stands in the title.
_SAYS_THAT = re.compile(r"^[^,]{3,40}? (?:says|claims|reports|notes) that (?=[A-Z])")
_MAIN_CHARS = range(20, 77)
# `Alibaba's new open model, Qwen-Image-Layered`
_KIND_THEN_NAME = re.compile(rf"[^,]{{3,70}}, ({NAME.pattern})")
_SPEAKER_LAST = re.compile(
    r", (?:(?:says?|said|claims?|reports?) [^,]{3,40}"
    r"|(?:its|their|the) [\w' -]{3,25} (?:says?|claims?|reports?)(?: in [\w' ]{3,25})?)$"
)
_FIGURE = re.compile(r"(?<![\w.-])[$€£~]?\d")
_MANY = re.compile(r"\b(?:many|several|multiple) (\w+s)\b")
# Who describes something: what, is said in a clause of its own.
_SETS_OUT = re.compile(
    r"^[A-Z][^,]{2,40}? (?:describe|outline|report|share|show|detail|document)[sd]?"
    r" (?:[\w-]+ ){1,3}(?:where|in which) (?=\w)(.+)"
)
_ADJUNCT_CHARS = 24
# `torchao v0.15.0`, `vllm-metal`: a whole lead that is a name in small letters.
_SMALL_NAME = re.compile(r"[a-z][\w.]*(?:-[\w.-]+| v?\d[\w.]*)")
_SURE_NAME = re.compile(r"^(?!\d+D\b)(?=.*(?:[a-z][A-Z]|\d|\w-\w))[^'’]*$")
_NAMED_WIDTH = 32.0
_LISTED = re.compile(r"(?: \([^()]*\))?(?:,|:? (?:and|&)\b| \+)")
# Who describes something: what, stood in what was cut off.
_SHOWS = re.compile(
    r"\b(?:describe|outline|share|discusse|detail|highlight|explain|mention)[sd]?"
    r" (?:[\w-]+ ){0,2}[\w-]+$"
)
_NAME = re.compile(r"\b(?=\w*[A-Z0-9])\w[\w.-]*\w")
# What a headline has that is no part of the statement.
_ASIDE = re.compile(r"[()\[\]“”\"?!:]")


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

    Args:
        title: a Chinese title.
        lead: what the event's mention begins with, in English.

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
    clauses = [*dropwhile(_WHERE.match, _CLAUSE_END.split(rest)), "", ""]
    if _KIND_ONLY.fullmatch(clauses[0]) and _FIRST_NAME.match(clauses[1]):
        clauses = clauses[1:]  # `一个新的排行榜，Orca 要求`
    clause = clauses[0] + ("".join(clauses[1:2]) if _SAYS.search(clauses[0]) else "")
    by_what = _CLAUSE_END.split(rest)[0]
    if _BY_NAME.match(by_what) and clause and not re.search("[A-Za-z]", clause):
        clause = f"{by_what}，{clause}"
    clause = _ASIDE_WITHIN.sub(r"\1", clause)
    board = _ON_BOARD.match(rest)
    if board and _SCORE.search(clause):
        clause = _FIRST_NAME.sub(rf"\1 {board[1]}", clause)
    if length_without_spacing(clause) >= _TITLE_CHARS.stop:
        clause = _SPELLED_OUT.sub(r"\1", clause)
    title = _IS_OPEN.sub(r"已\1", _DONE.sub("", _ONE.sub("", clean_title(clause))))
    return in_title_words(f"{hearsay[1] if hearsay else ''}{title}")


def headlines(lead: str, english: str) -> Iterator[str]:
    """Give short English sentences for an event: its lead and the main clause, where they are some.

    Args:
        lead: what the event's mention begins with; taken where it names what the sentence names.
        english: the first sentence that tells it.
    """
    lead = lead.strip().rstrip(".")
    names = set(_NAME.findall(lead)) & set(_NAME.findall(english))
    if len(lead) in _MAIN_CHARS and names and not _ASIDE.search(lead) and _is_whole(lead):
        yield f"{lead}."
    if counted := _with_figure(english):
        yield counted
    if found := _SETS_OUT.match(english):
        yield from filter(None, [main_clause(f"{found[1][0].upper()}{found[1][1:]}")])
    if short := _about_name(english):
        yield short
    if main := main_clause(english):
        yield main
    if said := _SAYS_THAT.match(english):
        yield from filter(None, [main_clause(english[said.end() :])])


def _with_figure(english: str) -> str:
    """Say the second thing that is done, where that has a figure and the first has none."""
    clause = read_clause(_SPEAKER_LAST.sub("", english.rstrip(".")))
    if not clause or clause.adjunct or " and " not in clause.rest:
        return ""
    before, _, rest = clause.rest.partition(" and ")
    named = _KIND_THEN_NAME.fullmatch(clause.subject)
    subject = named[1] if named else clause.subject
    thing = _MANY.search(before)
    if _FIGURE.search(before) or not _FIGURE.search(rest) or not starts_with_verb(rest):
        return ""
    return main_clause(f"{subject} {re.sub('of them', thing[1] if thing else 'of them', rest)}")


def _about_name(english: str) -> str:
    """Say of a name alone what is said of `a kind of thing, Name,`, or leave out who says it."""
    said = _SPEAKER_LAST.sub("", english.rstrip("."))
    clause = read_clause(said)
    named = _KIND_THEN_NAME.fullmatch(clause.subject) if clause and not clause.adjunct else None
    if not clause or not named:
        return main_clause(said) if said != english.rstrip(".") else ""
    short = f"{named[1]} {clause.verb} {clause.rest}"
    return main_clause(short)


def main_clause(english: str, longest: int = _MAIN_CHARS.stop - 1) -> str:
    """Cut an English sentence to the longest beginning that says who did what; may be empty."""
    lengths = range(_MAIN_CHARS.start, longest + 1)
    for found in reversed([*_MAIN_END.finditer(english.rstrip("."))]):
        clause, rest = english[: found.start()], english[found.start() :]
        if HEDGE.search(rest) and not HEDGE.search(clause):
            continue
        # What is joined by `and` may belong to the noun before it.
        whole = not found[0].endswith("and") or _goes_on(clause, english[found.end() :])
        whole = whole and not (rest and _SHOWS.search(clause))
        if whole and len(clause) in lengths and _is_whole(clause):
            return f"{clause}."
    return ""


def _goes_on(clause: str, rest: str) -> bool:
    """Whether what is before is whole: `opens X and draws Y`, `records each X and each Y`."""
    both = re.search(r"\bof \w+ing\b", clause) and re.match(r" \w+ing\b", rest)
    one_by_one = re.search(r"\b(?:each|every) \w+(?: \w+)?$", clause)
    each = one_by_one and re.match(r" (?:each|every)\b", rest)
    return bool(both or each) or starts_with_verb(rest)


def _is_whole(clause: str) -> bool:
    """Whether it has a subject near its beginning, and goes on to what the verb is about."""
    read = read_clause(clause)
    near = read is not None and len(read.adjunct) <= _ADJUNCT_CHARS
    return near and is_statement(clause) and not _OPEN_END.search(clause)


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
