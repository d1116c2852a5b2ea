"""An answer of a small model that stands in the order of English -> the same in Chinese order.

Pure. Who says it comes first, a licence is one that a thing is under, and of what was counted some
are `其中`. Only whole patterns are changed, so that nothing is said that was not.
"""

import re

_SPEAKER_LAST = re.compile(
    r"^(?P<what>[^。]{8,})，(?P<who>据[^，。]{2,24}(?:称|说|报道|报告|表示))。$"
)
_SOURCE_LAST = re.compile(r"^(?P<what>[^。]{8,})，(?P<who>根据[^，。]{2,24})。$")
_REPORTED_SO = re.compile(
    r"^(?P<what>[^。]{8,})。(?:其|它的)?作者在(?:他们|其)的?论文中报[告道]了这一点。$"
)
_ITS_AUTHOR = re.compile(r"^它的(?P<who>[\u4e00-\u9fff]{2,4}?)(?:声称|称|表示|说)，")
_LICENCE = re.compile(
    r"(?<=[\u4e00-\u9fff\d ])是 ?(?P<name>Apache(?: 2\.0)?|MIT)(?: 许可证?)?(?=[，。])"
)
# It is so many times as fast, and not faster by so many times.
_SPEEDUP = re.compile(r"(\d+(?:\.\d+)?) ?[x×] (?:[\w‑-]+ ){0,3}speed-?ups?\b")
_JOINED = re.compile(r"(?<![A-Za-z])(?:LLM|AI|GPU)(?=tokens?(?![A-Za-z]))")
# What changes stands before the verb, by how much behind it.
_BY_HOW_MUCH = re.compile(
    r"(?P<verb>减少|降低|缩短|提高|提升|增加)了? ?(?![到至约近超高达])"
    r"(?P<what>[\u4e00-\u9fff]{2,20}?) ?(?P<share>(?:约 ?)?\d[\d.]* ?%)(?=[，。；])"
)
# Where it runs stands before how fast it is.
_RUNS_ON = re.compile(
    r"比(?P<what>[^，。]{2,20})快 ?(?P<much>\d[\d.]* ?[%倍])"
    r" ?在 ?(?P<where>[^，。在]{2,20}?) ?上运行(?=[，。])"
)
# A means that the English has not: it is the first of two things that are done.
_AS_MEANS = re.compile(r"通过(?=[^，。]{2,30}，并)")
_MEANS = re.compile(r"\b(?:by|via|through|using|with|over|thanks to)\b", re.IGNORECASE)
_SOME_OF = re.compile(r"\bof (?:the|them|these|those)\b")
_THESE = re.compile(r"这 ?(?=\d+ ?个)")


def in_chinese_order(chinese: str, english: str) -> str:
    """Say one sentence in Chinese order."""
    text = _ITS_AUTHOR.sub(r"据其\g<who>称，", chinese)
    text = _SPEAKER_LAST.sub(r"\g<who>，\g<what>。", text)
    text = _SOURCE_LAST.sub(r"\g<who>，\g<what>。", text)
    text = _REPORTED_SO.sub(r"据作者的论文，\g<what>。", text)
    for times in _SPEEDUP.findall(english):
        by_so_much = rf"(提高|提升|加快|加速)了? ?{re.escape(times)} ?倍"
        text = re.sub(by_so_much, rf"\1到 {times} 倍", text)
    text = _BY_HOW_MUCH.sub(r"将\g<what>\g<verb>\g<share>", text)
    text = _RUNS_ON.sub(r"在 \g<where> 上比\g<what>快 \g<much>", text)
    if not _MEANS.search(english):
        text = _AS_MEANS.sub("", text)
    text = _LICENCE.sub(r"采用 \g<name> 许可", text)
    text = _JOINED.sub(r"\g<0> ", text)
    return _THESE.sub("其中 ", text) if _SOME_OF.search(english) else text
