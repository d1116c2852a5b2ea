"""The Chinese of every reason, for a reviewer's page.

Pure. What no template makes stays as it is and is marked as English; so does, within a template,
what is quoted from the issue or from a digest.
"""

import re
from typing import Final, NamedTuple

from pipeline.recaps import RECAPS
from pipeline.records import (
    Reason,
    ReasonCode,
    SalienceFact,
    SourceName,
    read_expected,
    read_found,
    template,
)
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
EDIT_LABELS: Final = {
    "drop": "删去",
    "swap": "换入",
    "pin": "固定",
    "move": "移动",
    "set": "改写",
    "tell": "重写",
    "add": "补入",
}
"""What the edits by hand are called."""
SOURCE_LABELS: Final[dict[SourceName, str]] = {
    "site": "网站",
    "feed": "订阅源",
    "upstream": "上游仓库",
    "substack": "Substack",
    "file": "文件",
}
"""What the sources of a page are called."""

PROBLEM_LABELS: Final = {
    "unsupported": "原文不支持",
    "wrong subject": "主体有误",
    "lost qualifier": "限定语丢失",
    "contradiction": "互相矛盾",
    "told twice": "重复讲述",
    "padding": "凑字数",
    "title": "标题夸大或不符",
}
"""What proofreading may name."""


class Phrase(NamedTuple):
    """A few words, and whether they are English."""

    text: str
    english: bool = False


CHINESE: Final[dict[ReasonCode, str]] = {
    "none": "",
    "model": "模型选中",
    "completed": "按显著度补足",
    "spare": "候补",
    "by_hand": "人工改动",
    "named_twice": "模型重复选中，仍入选一次",
    "unknown_id": "模型给出的编号不存在",
    "not_shown": "未展示给模型",
    "withheld": "没有编辑会选：玩笑、闲聊、提问或内容太少",
    "page_limit": "略去 {count}，只读前 {count}",
    "not_chosen": "模型未选中",
    "passed_over": "未选中",
    "no_sentence": "没有一句话说清谁做了什么，逐句翻译的模型需要这样一句",
    "same_link_as": "与 {0} 链接相同",
    "same_event_as": "与 {0} 是同一事件",
    "repeated_with_news": "{0} 的日报已讲过（{1}）：{2}；新增：{3}",
    "repeated": "{0} 的日报已讲过（{1}）：{2}",
    "failed_checks": "未通过核对：{0}",
    "failed_check": "{0}{1}",
    "unusable": "{0} 答了 {2} 次都不可用（{1}）：{3}",
    "refused": "{0} 拒绝回答（{1}）：{2}",
    "same_link": "同一链接 {0}",
    "link_alike": "链接 {0} 相同，内容相近",
    "names_alike": "名称 {0} 相同，内容相近",
    "new_link": "链接 {0}",
    "new_name": "名称 {0}",
    "new_quantities": "数量 {0}",
    "new_announcement": "正式发布，此前为传闻",
    "first": "最好的一处",
    "same_names": "同名 {0}",
    "both_announce": "都宣布 {0}",
    "similar_lead": "开头与 {0} 相近",
    "similar_text": "内容与 {0} 相近",
    "heads": "{0} 的标题",
    "similar_overall": "整体相近",
    "same_event": "模型认为是同一事件",
    "has_link": "链接",
    "has_names": "名称 {0}",
    "has_link_and_names": "链接；名称 {0}",
    "in_part": "位于 {0}",
    "position": "在栏目中的位置",
    "in_recaps": "见于 {0}",
    "mention_count": "{0} 处提及",
    "top_tweet": "热门推文",
    "reddit_votes": "Reddit {0} 票",
    "in_title": "见于本期标题",
    "in_description": "见于本期简介",
    "in_tags": "见于本期标签",
    "links_subject": "链接到本体",
    "links_maker": "链接到发布者",
    "thread_only": "只链接到讨论",
    "no_link": "没有链接",
    "figures": "{0} 个数字",
    "joke": "玩笑",
    "not_technical": "非技术内容",
    "question": "提问或抱怨",
    "impressions": "个人感受",
    "community": "社群自身事务",
    "money": "资金消息",
    "pastime": "消费产品或消遣",
    "story_link": "这则报道的一个链接",
    "without_link": "无链接：报道没有链接",
    "issue_link": "本期的一个链接",
    "unused_link": "其他条目没有用过的链接",
    "unused_story": "其他条目没有讲过的报道",
    "unused_event": "其他条目没有讲过的事件",
    "bound": "{0} 的限定，如 {1}",
    "qualifier": "{0} 的意思，如 {1}",
    "attributed": "注明是用户所说，如“有用户称”",
    "no_absence": "只讲原文说了的，不讲原文没有说的",
    "no_attention": "只讲原文说了的，不讲关注度",
    "quantity": "原文中的数量",
    "quantity_instead": "原文中的数量；原文有 {0}",
    "name": "原文中的名称",
    "name_such_as": "原文中的名称，如{0}",
    "name_instead": "原文中的名称；原文没有 {0}",
    "latin_name": "与原文一致的拉丁字母名称",
    "chinese": "这段英文的中文说法",
    "simplified_chinese": "简体中文，名称除外",
    "simplified_characters": "简体字",
    "no_opening": "直接讲新闻，没有开场白",
    "no_repetition": "每句话只说一次",
    "term": "术语{1}译作“{0}”",
    "length": "{0} {1}–{2} 字",
    "whole": "完整的{0}",
    "no_link_in_text": "不含链接的纯文本",
    "no_markup": "不含 {0} 的纯文本",
    "no_handle": "不含 @ 账号的纯文本",
    "no_mail": "不含邮箱地址的纯文本",
    "no_domain": "不含域名的纯文本",
    "no_ping": "不含 @ 提醒的纯文本",
    "no_invitation": "不含群聊或加好友邀请的纯文本",
    "no_brace": "不含花括号的纯文本",
    "no_punctuation_run": "不含连续标点的纯文本",
    "visible_characters": "看得见的字符",
    "unchanged": "原文，一字不改",
    "entry_count": "最多 {0} 条",
    "mention": "本期中有此链接或名称的一处提及",
    "topic": "有此链接的提及中的名称或话题",
    "edit_applied": "应用人工改动：{0} {1}，{2}",
    "found_no_link": "无链接",
    "found_length": "{0} 字",
    "two_places": "{0} 也在 {1} 之下",
    "two_entries": "{0} 也由 {1} 讲述",
    "nearly_all_words": "几乎全部文字与 {0} 相同",
    "most_words": "大部分文字与 {0} 相同",
    "same_lines": "所依据的原文与 {0} 相同",
    "same_sentence": "有一句与 {0} 相同",
    "story_gone": "本期已没有这则报道",
    "story_dropped": "这则报道已被人工删去",
    "line_says": "只写第 {0} 行所说：{1}",
    "line_subject": "第 {0} 行的主体：{1}",
    "line_qualifier": "第 {0} 行的限定语：{1}",
    "line_agrees": "与{0}一致，如第 {1} 行：{2}",
    "untold": "{0}没有讲过的内容",
    "line_fact": "写事实，没有就不写；第 {0} 行是{1}",
    "line_title": "标题不超出第 {0} 行所说：{1}",
    "reads_as": "{0}：{1}",
    "proofread_all": "每个条目都经过通读",
    "not_proofread": "未经通读，连同另外 {0} 条：{1}",
    "place_empty": "{0}未能译成条目，也没有别的报道可替补",
}
"""The Chinese of each code; a slot is numbered as in the English template."""


def reason_in_chinese(reason: Reason) -> Phrase:
    """Say why a story was left out or chosen."""
    if reason.code == "other":
        return Phrase(str(reason), english=True)
    slots = template(reason.code).slots
    if slots == ("checks",):
        words = ["、".join(_parameter("check", param) for param in reason.params)]
    else:
        words = list(map(_parameter, slots, reason.params))
    return Phrase(CHINESE[reason.code].format(*words))


def fact_in_chinese(fact: SalienceFact) -> Phrase:
    """Say one of the facts that a story's score was made of, with its points."""
    said = reason_in_chinese(fact.reason)
    if fact.points is None:
        return said
    return said._replace(text=said.text + f" {fact.points:+.1f}".replace("-", "−"))


def expected_in_chinese(text: str) -> Phrase:
    """Say what would have passed a check."""
    return reason_in_chinese(read_expected(text))


def found_in_chinese(text: str) -> Phrase:
    """Say what a check found, where that is a remark and no quotation."""
    said = reason_in_chinese(read_found(text))
    return said._replace(english=False) if re.search("[㐀-鿿]", text) else said


_LABELS: Final[dict[str, dict[str, str]]] = {
    "part": {part: recap.label for part, recap in RECAPS.items()},
    "check": CHECK_LABELS,
    "field": FIELD_LABELS,
    "edit": EDIT_LABELS,
    "problem": PROBLEM_LABELS,
}


def _parameter(slot: str, value: str | Reason) -> str:
    """Word what stands in a slot of a template."""
    if isinstance(value, Reason):
        return reason_in_chinese(value).text
    if slot == "quoted":
        return f"“{value}”"
    if slot == "parts":
        return "、".join(_parameter("part", part) for part in value.split(", "))
    return _LABELS.get(slot, {}).get(value, value)
