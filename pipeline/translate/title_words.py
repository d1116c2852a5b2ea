"""A clause of Chinese -> the words of a title, and whether they are a title's.

Pure, and a part of `plain_title`: a title says who did what. What only says that somebody was
heard of, what a thing is, or that something came out without saying what, is a poor one.
"""

import re
from typing import Final

_HEARSAY_TWICE = re.compile(r"^(据[称说悉传])[，,]?(?:据[称说悉传报]道?|有?(?:报道|消息)称)[，,]?")
_ITS_MAKER = re.compile(r"^据(?:其[\u4e00-\u9fff]{2,4}称|作者的论文)[，,]?")
_GLOSS = re.compile(r"（[^（）]*）|\([^()]*\)|（[^（）]*$")
_ADVERB = re.compile(
    r"(?<=\w)(?: ?(?:也|还)(?=[\u4e00-\u9fff]{2})|刚刚(?=[\u4e00-\u9fff])|最近)|积极(?=开发|推进)"
)
_WITH_IT = re.compile(
    r"^(?P<said>据[称说]|)(?:使用|凭借|借助|通过)(?P<it> ?[A-Z][\w.-]+) ?，"
    r"(?P<what>[^，]{2,14}?)(?:可以|能够|可|能)(?P<does>[^，]+)$"
)
# A thing with its kind and its name has the shorter form in a title.
_NAMED = re.compile(
    r"^(?:一[个款种项])?(?:新的)?名为 ?[“\"]?(?P<name>[A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*)*)[”\"]? ?"
    r"的"
    r"(?P<kind>[\u4e00-\u9fff]{0,6}?(?:模型|工具|框架|系统|库|平台|架构|方法|数据集|语音|语言"
    r"|项目|功能|应用|算法|服务)) ?"
)
_NEW_PAPER = re.compile(
    r"^(?:在? ?arXiv ?上?的?)?有?一?[篇份]?新?论文(?:介绍|引入|提出)了?(?= ?[A-Z])"
)
# Who announces a thing puts it out; what is announced otherwise is a statement.
_ANNOUNCED = re.compile(r"宣布了?( ?[A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*)*)$")
# What it is, before its name: it has room in the sentence.
_WHICH = re.compile("^(?:(?:刚刚?|新)发布的|针对[^，]{2,30}优化的)(?=.{8})")
_TOPS = re.compile(
    r"在 ?([A-Z][\w .-]{2,25}?) ?(?:排行榜|榜单)[上中]?"
    r"(?:获得|取得|位[居列]|排名)了?第 ?[一1] ?[名位]?$"
)
_OUT = "发布|推出|开源|开放|宣布|公布|引入|添加|增加|新增|加入|分享|提供|构建|提出"
_MAKES = rf"{_OUT}|开发|训练|创建|介绍|展示|揭示|上线|集成|采用"
_IS = re.compile(r"^([A-Za-z][\w.+-]*(?: [A-Za-z0-9][\w.+-]*){0,3}) ?是一?[个款种项家](?=.{4,})")
_POOR: Final = re.compile(
    r"引起了?[^，]{0,6}关注|^(?:报告|报道|摘要|评论|文章|帖子|论文)中?(?:提到|指出|称|表示|包括)|^多篇"
    r"|称?它(?:们)?[在是的会将]|[，,].*[，,]"
    rf"|(?:{_OUT})(?:了|的)?(?:一?[个款种项封篇份])?(?:新的?)?"
    r"(?:集成|模型|工具|论文|框架|版本|数据集|平台|库|系统|信|报告|功能|项目|架构|方法|应用|研究|更新)$"
    r"|声?称 ?[\d.,]+%? ?的? ?[\w -]+$"
    r"|^[^，]{2,30}来自 ?[\w .]+$"
    r"|(?:分享|共享|介绍)(?:了|的)?[^，A-Za-z]{0,10}(?:实验|结果|想法|见解|经验|方法|框架|技术|加固)$"
    r"|(?:许多|一些|大量)[^\d，]{0,8}$|的(?:路由)?框架$|^使用|非常[慢快好]$|^我|[你您]"
    r"|^[A-Za-z0-9 .+-]+是[^，]*的$"
    # A thing that something is done to, or of which only its sort is said.
    r"|^[A-Za-z0-9 .+-]+[\u4e00-\u9fff]{2}的[^，的]*(?:任务|实验|研究|工作)$"
    r"|倍的[\u4e00-\u9fff]{2,4}$"
    r"|：(?:新的?)?[\u4e00-\u9fff]{0,6}(?:模型|工具|库|框架|平台|系统)$|的[^，]*可用$"
    r"|是一?[个款种](?:新的?)? ?(?:AI ?)?(?:模型|工具|库|框架|平台|系统)$"
    # What is used, or no longer, is only an `its`.
    r"|(?:暂停|停止|开始|继续|恢复|禁止|允许)了?使用$"
)

_NOBODY: Final = re.compile(
    r"^(?:观察到|据观察|测试者|用户|订阅者|成员|评论者|网友|有人|主要[^，]{0,4}是|关键[^，]{0,4}是)"
    r"|(?:宣布|指出|表示|声称|透露|解释|说明|强调|介绍|认为|报道)$"
    r"|(?:帖子|推文|讨论|评论)$"
    # Who speaks of a thing, and not what is with it.
    r"|(?:描述|讨论|概述|提到|提及|强调[了其一])(?:了|的)?[^\d，：]{0,26}$"
    r"|报告 ?[A-Z][A-Za-z0-9. -]*$"
    r"|^[A-Za-z0-9 .+-]+的[\u4e00-\u9fff]{2}$|被(?:使用|采用|提及|讨论|引入|展示)$"
    r"|从 ?[A-Z][A-Za-z .]*$|[于比对]的 ?[A-Z]|更[多少好]$"
)


def in_title_words(clause: str) -> str:
    """Say a clause as a title does: without what explains, counts one, or says only when."""
    title = _ITS_MAKER.sub("据称", _GLOSS.sub("", clause))
    title = _HEARSAY_TWICE.sub(r"\1", title).strip()
    title = _TOPS.sub(r"登顶 \1", _WHICH.sub("", title).strip())
    title = _WITH_IT.sub(r"\g<said>\g<it>让\g<what>\g<does>", _ADVERB.sub("", title)).strip()
    title = re.sub(rf"({_MAKES})了?一[个款种项](?!月|多月)", r"\1", title)
    title = _NEW_PAPER.sub("新论文提出", _NAMED.sub(r"\g<kind> \g<name> ", title).strip())
    return _IS.sub(r"\1：", _ANNOUNCED.sub(r"发布\1", title))


def is_poor(title: str) -> bool:
    """Whether a title says nothing that a reader could tell on."""
    return bool(_POOR.search(title))


def is_no_title(title: str) -> bool:
    """Whether nobody by name did what a title says, or its end is missing."""
    return bool(_NOBODY.search(title))


def is_long(title: str) -> bool:
    """Whether a title is wider than a line of a small screen."""
    return sum(0.5 if char.isascii() else 1.0 for char in title) > _LINE


_LINE = 26.0  # Chinese characters; two Latin letters are about as wide as one
