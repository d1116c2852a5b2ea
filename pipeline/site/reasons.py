"""What the program says in English about its work -> Chinese for a reviewer's page.

Pure. Only the forms that the program is known to write are turned; anything else stays as it is and
is marked as English. What is quoted in a form, from the issue or from a digest, stays verbatim.
"""

import ast
import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from pipeline.recaps import RECAPS
from pipeline.records import SourceName
from pipeline.verify import check_labels

CHECK_LABELS: Final = check_labels()
"""What the checks are called."""
SEVERITY_LABELS: Final = {"error": "错误", "warning": "提醒"}
"""What the severities of a finding are called."""
FIELD_LABELS: Final = {
    "title": "标题",
    "summary": "摘要",
    "link": "链接",
    "follows": "后续",
    "quoted": "原文摘录",
    "story": "报道",
    "place": "位置",
}
"""What the fields of an entry are called."""
EDIT_LABELS: Final = {"drop": "删去", "swap": "换入", "pin": "固定", "move": "移动", "set": "改写"}
"""What the edits by hand are called."""
SOURCE_LABELS: Final[dict[SourceName, str]] = {
    "site": "网站",
    "feed": "订阅源",
    "upstream": "上游仓库",
    "substack": "Substack",
    "file": "文件",
}
"""What the sources of a page are called."""


class Phrase(NamedTuple):
    """A few words, and whether they are English."""

    text: str
    english: bool = False


def reason_in_chinese(text: str) -> Phrase:
    """Say why a story was left out or chosen."""
    return _in_chinese(text, _REASONS)


def fact_in_chinese(text: str) -> Phrase:
    """Say one of the facts that a story's score was made of, with its points."""
    clause, _, points = text.rpartition(" ")
    if not re.fullmatch(r"[+-]\d+\.\d+", points):
        return Phrase(text, english=True)
    said = _in_chinese(clause, _FACTS)
    return said._replace(text=f"{said.text} {points.replace('-', '−')}")


def expected_in_chinese(text: str) -> Phrase:
    """Say what would have passed a check."""
    return _in_chinese(text, _EXPECTED)


def found_in_chinese(text: str) -> Phrase:
    """Say what a check found, where that is a remark and no quotation."""
    said = _in_chinese(text, _FOUND)
    return said._replace(english=False) if re.search("[㐀-鿿]", text) else said


# No form of ours is longer; what a server said may be, and is not worth looking through.
_MAX_CHARS: Final = 2_000
_Wording = str | Callable[[re.Match[str]], str]


def _part(name: str) -> str:
    return next((recap.label for part, recap in RECAPS.items() if part == name), name)


def _in_chinese_quotes(quoted: str) -> str:
    """Show what Python wrote between quotation marks."""
    try:
        text = str(ast.literal_eval(quoted))
    except (ValueError, SyntaxError):
        text = quoted
    return f"“{text}”"


_QUOTED = r"""(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_FAILED = re.compile(rf"([a-z]+) ({_QUOTED})")


def _failed_checks(match: re.Match[str]) -> str:
    said = _FAILED.findall(match[1])
    if ", ".join(" ".join(pair) for pair in said) != match[1]:
        return f"未通过核对：{match[1]}"
    return "未通过核对：" + "、".join(
        f"{CHECK_LABELS.get(check, check)}{_in_chinese_quotes(text)}" for check, text in said
    )


def _repeated_story(match: re.Match[str]) -> str:
    new = f"；新增：{_matched_by(match[4])}" if match[4] else ""
    return f"{match[1]} 的日报已讲过（{match[2]}）：{_matched_by(match[3])}{new}"


def _matched_by(text: str) -> str:
    return _in_chinese(text, _MATCHES).text


def _lists(match: re.Match[str]) -> str:
    return "见于 " + "、".join(map(_part, match[1].split(", ")))


def _lost_edit(match: re.Match[str]) -> str:
    label = EDIT_LABELS.get(match[1], match[1])
    return f"应用人工改动：{label} {match[2]}，{_in_chinese_quotes(match[3])}"


_MATCHES: Final[dict[str, _Wording]] = {
    r"same link (\S+)": r"同一链接 \1",
    r"link (\S+), and alike": r"链接 \1 相同，内容相近",
    r"names (.+), and alike": r"名称 \1 相同，内容相近",
    r"link (\S+)": r"链接 \1",
    r"name (.+)": r"名称 \1",
    r"quantities (.+)": r"数量 \1",
}
_REASONS: Final[dict[str, _Wording]] = {
    r"model": "模型选中",
    r"completed": "按显著度补足",
    r"spare": "候补",
    r"by hand": "人工改动",
    r"named twice": "模型重复选中，仍入选一次",
    r"no story has this id": "模型给出的编号不存在",
    r"not shown to the model": "未展示给模型",
    r"not chosen(?: by the model)?": "模型未选中",
    r"tells the same link as (\S+)": r"与 \1 链接相同",
    r"told on (\S+) as (\S+): (.+?)(?:; new: (.+))?": _repeated_story,
    r"did not pass the checks: (.+)": _failed_checks,
    r"(.+) gave no usable answer to (.+) in (\d+) tries: (.+)": r"\1 答了 \3 次都不可用（\2）：\4",
    r"(.+) refused to answer (.+?): (.+)": r"\1 拒绝回答（\2）：\3",
}
_FACTS: Final[dict[str, _Wording]] = {
    r"stands in (\w+)": lambda m: f"位于 {_part(m[1])}",
    r"place in its list": "在栏目中的位置",
    r"told in (.+)": _lists,
    r"(\d+) mentions": r"\1 处提及",
    r"among the top tweets": "热门推文",
    r"(\d+) votes on Reddit": r"Reddit \1 票",
    r"in the issue's title": "见于本期标题",
    r"in the issue's description": "见于本期简介",
    r"in the issue's tags": "见于本期标签",
    r"links the thing itself": "链接到本体",
    r"links its maker's post": "链接到发布者",
    r"links a thread only": "只链接到讨论",
    r"no link": "没有链接",
    r"(\d+) figures": r"\1 个数字",
    r"a joke": "玩笑",
    r"not technical": "非技术内容",
    r"a question or complaint": "提问或抱怨",
    r"impressions": "个人感受",
    r"a community's own affairs": "社群自身事务",
    r"money": "资金消息",
    r"a gadget or pastime": "消费产品或消遣",
}
_EXPECTED: Final[dict[str, _Wording]] = {
    r"one of the story's links": "这则报道的一个链接",
    r"no link: the story has none": "无链接：报道没有链接",
    r"a link of the issue": "本期的一个链接",
    r"an address that no other entry shows": "其他条目没有用过的链接",
    r"a story that no other entry tells": "其他条目没有讲过的报道",
    r"a quantity of the text": "原文中的数量",
    r"a quantity of the text, which has (.+)": r"原文中的数量；原文有 \1",
    r"a name of the text": "原文中的名称",
    rf"a name of the text, such as ({_QUOTED})": lambda m: (
        f"原文中的名称，如{_in_chinese_quotes(m[1])}"
    ),
    r"a name of the text, which does not have (.+)": r"原文中的名称；原文没有 \1",
    r"the name in Latin letters, as in the text": "与原文一致的拉丁字母名称",
    r"Chinese for this English": "这段英文的中文说法",
    r"Simplified Chinese, names apart": "简体中文，名称除外",
    r"simplified characters": "简体字",
    r"the news itself, without opening words": "直接讲新闻，没有开场白",
    r"every sentence said once": "每句话只说一次",
    rf"(.+) for ({_QUOTED})": lambda m: f"术语{_in_chinese_quotes(m[2])}译作“{m[1]}”",
    r"a (title|summary) of (\d+) to (\d+) characters": lambda m: (
        f"{FIELD_LABELS[m[1]]} {m[2]}–{m[3]} 字"
    ),
    r"a (title|summary) that is whole: it ends in the middle": lambda m: (
        f"完整的{FIELD_LABELS[m[1]]}"
    ),
    r"plain text without a link": "不含链接的纯文本",
    r"plain text without (HTML|Markdown)": r"不含 \1 的纯文本",
    r"plain text without an @handle": "不含 @ 账号的纯文本",
    r"plain text without a brace": "不含花括号的纯文本",
    r"plain text without a run of punctuation": "不含连续标点的纯文本",
    r"characters that show": "看得见的字符",
    r"the words of the text, unchanged": "原文，一字不改",
    r"at most (\d+) entries": r"最多 \1 条",
    r"a mention of the issue with this link, or with these names": "本期中有此链接或名称的一处提及",
    r"a name or a topic of the mention that has this link": "有此链接的提及中的名称或话题",
    rf"(drop|swap|pin|move|set) of (\S+), ({_QUOTED}), to be applied": _lost_edit,
}
_FOUND: Final[dict[str, _Wording]] = {
    r"no link": "无链接",
    r"(\d+) characters": r"\1 字",
    r"(\S+) stands under (\S+) too": r"\1 也在 \2 之下",
    r"(\S+) is told by (\S+) too": r"\1 也由 \2 讲述",
    r"no story of the issue is this one any more": "本期已没有这则报道",
    r"the story was left out by hand": "这则报道已被人工删去",
}


def _in_chinese(text: str, forms: Mapping[str, _Wording]) -> Phrase:
    if len(text) > _MAX_CHARS:
        return Phrase(text, english=True)
    for form, say in forms.items():
        if match := re.fullmatch(form, text, re.DOTALL):
            return Phrase(match.expand(say) if isinstance(say, str) else say(match))
    return Phrase(text, english=True)
