"""A Cause of a difference -> how it is told in Chinese. Pure; part of `sides`."""

import re
from typing import Final, Literal, NamedTuple

from pipeline.diff.records import Cause, Why
from pipeline.site.reasons import EDITS, FIELDS, SOURCES, reason

_WHY: Final[dict[Why, str]] = {
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
_WHAT: Final[dict[Why, dict[str, str]]] = {
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
    "unknown": {
        "settings": "设置未记录",
        "memory": "对照过的日报未记录",
        "mentions": "提及未记录",
        "provenance": "来历未记录",
    },
}
"""What `what` may say that is neither a name nor the text of a mention."""
_OF_MENTIONS: Final[frozenset[Why]] = frozenset({"source", "program"})
_NONE: Final = "无"


class Value(NamedTuple):
    """A few words of a cause."""

    text: str
    form: Literal["words", "code", "english"]
    """Chinese; a name, a number or a hash; or text of the issue."""


class Because(NamedTuple):
    """One cause in Chinese."""

    kind: Why
    label: str
    what: Value | None
    values: tuple[Value, ...]
    """What it is now, or what it was and what it is; none where the label says all."""
    folded: bool
    """Whether the values are texts, to be shown when they are asked for."""
    sure: bool


def because(cause: Cause) -> Because:
    """Say a cause in Chinese."""
    known = _WHAT.get(cause.why, {}).get(cause.what)
    label, what = _WHY[cause.why], Value(cause.what, "code") if cause.what else None
    folded = cause.why in _OF_MENTIONS and not known
    if cause.why == "prompt" and cause.what == "glossary":
        label, what = "术语表", None
    elif known:
        what = Value(known, "words")
    elif folded and what:
        what = Value(cause.what, "english")
    return Because(
        kind=cause.why,
        label=label,
        what=what,
        values=_values(cause, "english" if folded else "code"),
        folded=folded and bool(cause.old or cause.new),
        sure=cause.sure,
    )


def _values(cause: Cause, form: Literal["code", "english"]) -> tuple[Value, ...]:
    if not (cause.old or cause.new):
        return ()
    if cause.why == "edit":
        said = [_edit(cause.new)] if cause.new else []
        return tuple(Value(text, "words") for text in [*_taken_back(cause.old), *said])
    if cause.what == "mentions":
        said = [_count(text) for text in (cause.old, cause.new) if text]
        return (Value("，".join(said), "words"),)
    return tuple(_value(cause, text, form) for text in (cause.old, cause.new))


def _value(cause: Cause, text: str, form: Literal["code", "english"]) -> Value:
    if not text:
        return Value(_NONE, "words")
    if cause.why == "earlier" and not (said := reason(text)).english:
        return Value(said.text, "words")
    if cause.what == "served by":
        return Value(next((SOURCES[name] for name in SOURCES if name == text), text), "words")
    return Value(text, form)


def _taken_back(text: str) -> list[str]:
    return [f"撤回{_edit(text)}"] if text else []


def _edit(text: str) -> str:
    """Turn `set title, summary`."""
    do, _, fields = text.partition(" ")
    names = "、".join(FIELDS.get(name, name) for name in fields.split(", ") if name)
    return f"{EDITS.get(do, do)}{names}"


def _count(text: str) -> str:
    """Turn `3 gone` and `2 new`."""
    found = re.fullmatch(r"(\d+) (gone|new)", text)
    return f"{'少' if found[2] == 'gone' else '多'}了 {found[1]} 处" if found else text
