"""A Cause of a difference -> its Chinese words. Pure."""

import re
from typing import Final, Literal, NamedTuple

from pipeline.diff import Cause, CauseKind
from pipeline.site.reasons import EDIT_LABELS, FIELD_LABELS, SOURCE_LABELS, reason_in_chinese

_KIND_LABELS: Final[dict[CauseKind, str]] = {
    "issue": "换了一期",
    "source": "来源页改动",
    "earlier": "此前的日报",
    "edit": "人工改动",
    "prompt": "提示词",
    "model": "模型",
    "settings": "设置",
    "program": "程序",
    "sampling": "仅采样不同，或直接改了文件",
    "unknown": "原因不明",
}
_DETAIL_LABELS: Final[dict[CauseKind, dict[str, str]]] = {
    "issue": {"date": "日期"},
    "source": {
        "page": "页面",
        "served by": "供稿来源",
        "mentions": "提及",
        "order": "先后次序",
        "links": "链接",
    },
    "program": {
        "mentions": "提及",
        "order": "先后次序",
        "links": "链接",
        "link": "链接的归属",
        "typography": "排版",
        "checks": "核对规则",
        "characters": "字符数",
        "stories": "报道数",
    },
    "earlier": {"stories": "所剩报道数"},
    "unknown": {
        "settings": "设置未记录",
        "memory": "对照过的日报未记录",
        "mentions": "提及未记录",
        "provenance": "来历未记录",
    },
}
"""What `what` may say that is neither a name nor the text of a mention."""
_MENTION_KINDS: Final[frozenset[CauseKind]] = frozenset({"source", "program"})
_ABSENT: Final = "无"


class CauseValue(NamedTuple):
    """A few words of a cause."""

    text: str
    form: Literal["words", "code", "english"]
    """Chinese; a name, a number or a hash; or text of the issue."""


class CauseView(NamedTuple):
    """One cause in Chinese."""

    kind: CauseKind
    label: str
    what: CauseValue | None
    values: tuple[CauseValue, ...]
    """What it is now, or what it was and what it is; none where the label says all."""
    folded: bool
    """Whether the values are texts, to be shown when they are asked for."""
    sure: bool


def cause_view(cause: Cause) -> CauseView:
    """Say a cause in Chinese."""
    known = _DETAIL_LABELS.get(cause.why, {}).get(cause.what)
    label, what = _KIND_LABELS[cause.why], CauseValue(cause.what, "code") if cause.what else None
    folded = cause.why in _MENTION_KINDS and not known
    if cause.why == "prompt" and cause.what == "glossary":
        label, what = "术语表", None
    elif cause.why == "settings" and cause.what == "host":
        # What stands for a server says nothing to a reader.
        cause, label, what = cause.model_copy(update={"old": "", "new": ""}), "另一台服务器", None
    elif known:
        what = CauseValue(known, "words")
    elif folded and what:
        what = CauseValue(cause.what, "english")
    return CauseView(
        kind=cause.why,
        label=label,
        what=what,
        values=_values(cause, "english" if folded else "code"),
        folded=folded and bool(cause.old or cause.new),
        sure=cause.sure,
    )


def _values(cause: Cause, form: Literal["code", "english"]) -> tuple[CauseValue, ...]:
    if not (cause.old or cause.new):
        return ()
    if cause.why == "edit":
        said = [f"撤回{_edit_text(cause.old)}"] if cause.old else []
        said += [_edit_text(cause.new)] if cause.new else []
        return tuple(CauseValue(text, "words") for text in said)
    if cause.what == "mentions":
        said = [_count_text(text) for text in (cause.old, cause.new) if text]
        return (CauseValue("，".join(said), "words"),)
    return tuple(_cause_value(cause, text, form) for text in (cause.old, cause.new))


def _cause_value(cause: Cause, text: str, form: Literal["code", "english"]) -> CauseValue:
    if not text:
        return CauseValue(_ABSENT, "words")
    if cause.reason:
        return CauseValue(reason_in_chinese(cause.reason).text, "words")
    if cause.what == "served by":
        return CauseValue(
            next((SOURCE_LABELS[name] for name in SOURCE_LABELS if name == text), text), "words"
        )
    return CauseValue(text, form)


def _edit_text(text: str) -> str:
    """Turn `set title, summary`, and `tell “…”`, whose words are the editor's."""
    do, _, fields = text.partition(" ")
    if do == "tell":
        return f"{EDIT_LABELS[do]}{fields}"
    names = "、".join(FIELD_LABELS.get(name, name) for name in fields.split(", ") if name)
    return f"{EDIT_LABELS.get(do, do)}{names}"


def _count_text(text: str) -> str:
    """Turn `3 gone` and `2 new`."""
    found = re.fullmatch(r"(\d+) (gone|new)", text)
    return f"{'少' if found[2] == 'gone' else '多'}了 {found[1]} 处" if found else text
