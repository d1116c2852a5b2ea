"""The first Chinese sentence of an entry -> titles for it, best first.

What has passed the checks as a sentence is shortened, so that nothing new comes in: to its first
clause where that says who did what, else by a question to the model.
"""

import re
from collections.abc import Iterator
from typing import Annotated

from pydantic import BaseModel, Field
from pydantic.functional_validators import AfterValidator

from pipeline.chinese import length_without_spacing
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm import Ask, load_prompt, tame
from pipeline.translate.answers import clean_title

_TITLE_CHARS = range(8, 29)
_LONGEST_CHARS = 40
# Latin names and numbers: a title has none that its sentence has not.
_LATIN = re.compile(r"[A-Za-z0-9][\w.+/-]*")
_CLAUSE_END = re.compile(r"[，；。！？：]|(?<=[\u4e00-\u9fff])[,;:] ?")
_HEARSAY = re.compile(r"^(据报道|据称|据悉|据传|传闻|有消息称|消息称|有报道称)[，,]?")
# A clause that begins so only says when, where or of what; one that begins with a pronoun, nobody.
_NO_SUBJECT = re.compile(
    r"^(?:在|自|从|由于|根据|按照|对于|关于|通过|为了|随着|当|虽然|尽管|如果|除了|作为|与此|此外|目前|其中"
    r"|该|它|他|她|这|那|其|此|并|而|但|也|还|以|用于|使用|基于|经过|截至|至于|有了|包括|例如|比如)"
)
_VERB = re.compile(
    r"发布|推出|开源|开放|宣布|表示|称|说|指出|认为|增加|新增|添加|加入|支持|更新|升级|上线|收购|融资|筹集|获得|获|达到|达|超过|超越"
    r"|降|升|提高|提升|下降|减少|计划|将|正在|已|可|能|成为|击败|领先|排名|位居|位列|允许|允许|需要|修复|改|训练|构建|集成|运行|引入"
    r"|采用|提供|签署|签订|禁止|封禁|估计|发现|显示|报告|展示|实现|得分|取得|创建|开发|启动|关闭|停止|移除|取代|替换|部署|扩展|扩大|合作"
    r"|出售|购买|投资|估值|泄露|流出|登顶|是|有|让|使|为|比|快|用|在"
)
_SPARE_FIRST = re.compile(r"^(?:该|一个|一款|一种)")


class ChineseTitle(BaseModel):
    """What the model answers: a title."""

    text: Annotated[str, Field(min_length=4, max_length=120), AfterValidator(clean_title)]


def titles(sentence: str, ask: Ask) -> Iterator[str]:
    """Give titles for an entry that begins with a sentence; the model is asked only where needed.

    Raises:
        ModelError: the model could not be asked.

    Source: prompts/translate_title.md.
    """
    clause = _first_clause(sentence)
    if _is_title(clause, sentence):
        yield clause
    try:
        title = ask(load_prompt("translate_title").fill(sentence=tame(sentence)), ChineseTitle).text
    except (ModelInvalid, ModelRefused):
        title = ""
    if _is_title(title, sentence):
        yield title
    if 0 < length_without_spacing(clause) <= _LONGEST_CHARS:
        yield clause


def _first_clause(sentence: str) -> str:
    """Cut a sentence after its first clause; that it is hearsay stays."""
    hearsay = _HEARSAY.match(sentence)
    rest = sentence[hearsay.end() :] if hearsay else sentence
    clause = _CLAUSE_END.split(rest, maxsplit=1)[0].strip()
    return f"{hearsay[1] if hearsay else ''}{clause}"


def _is_title(title: str, sentence: str) -> bool:
    """Whether it says who did what, in as few words as a title has, and only what is there."""
    bare = _HEARSAY.sub("", title)
    return (
        length_without_spacing(title) in _TITLE_CHARS
        and not _NO_SUBJECT.match(bare)
        and bool(_VERB.search(bare))
        and not _CLAUSE_END.search(title)
        and set(_LATIN.findall(title)) <= set(_LATIN.findall(sentence))
    )
