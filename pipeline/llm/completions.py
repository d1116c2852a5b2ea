"""The first choice of a completion, whatever its shape: words, a refusal, why it ended.

Pure. Content comes as text, as typed parts or as an object; answers come as arguments of a call,
or in the field for thoughts. What is kept of a choice is what anybody would have sent.
"""

import json
import re
from typing import Any, Final, NamedTuple

from pipeline.llm.json_text import read_objects

_FILTERED: Final = re.compile(
    r"content.?filter|sensitive|safety|unsafe|recitation|prohibit|block|spii|refus|moderation"
    r"|inappropriate|violat|guardrail|censor|risk|forbidden|policy",
    re.IGNORECASE,
)
_CUT: Final = re.compile(
    r"length|max.{0,12}tokens?|token.?limit|context.?window|incomplete|trunc", re.IGNORECASE
)
_FAILED: Final = re.compile(
    r"error|insufficient_system_resource|abort|cancel|overload|timeout|unavailable", re.IGNORECASE
)
_THOUGHT_TYPES: Final = re.compile(r"think|thought|reason|summary", re.IGNORECASE)
_THOUGHT_FIELDS: Final = (
    "reasoning_content",
    "reasoning",
    "thinking",
    "reasoning_details",
    "thinking_blocks",
    "thoughts",
)
_TEXT_FIELDS: Final = ("text", "output_text", "content", "value", "parts", "summary", "thinking")
_MAX_DEPTH: Final = 20
# Codes of MiniMax for a question and an answer that its filter stopped.
_SENSITIVE_CODES: Final = {1026, 1027}


class NoChoice(ValueError):
    """What stands in the place of a choice is none."""


class ReadChoice(NamedTuple):
    """One choice, in the words of the protocol."""

    content: str | None = None
    """The model's words, or the answer that stood elsewhere."""
    refusal: str | None = None
    """The words of a refusal, or why a filter stopped the answer."""
    finish_reason: str | None = None
    """Why it ended: `stop`, `length`, `content_filter`, or whatever the server says."""
    failed: str | None = None
    """Why it has no answer though nothing was refused, in the server's words."""
    thoughts: str = ""
    """What the model thought aloud in a field of its own."""


class _Words(NamedTuple):
    text: str
    thoughts: str = ""
    refusal: str = ""


def read_choice(body: dict[str, Any]) -> ReadChoice | None:
    """Read the first choice; None where there is none, and nothing that stands for one.

    Raises:
        NoChoice: a choice, its message or its content is no such thing.
    """
    choices = body.get("choices")
    if choices is None and isinstance(body.get("output"), dict):
        choices = body["output"].get("choices")
    if choices is None and isinstance(body.get("message"), dict):
        choices = [body]  # Ollama's own form
    if not isinstance(choices, list | None):
        raise NoChoice("choices are no list")
    if not choices:
        said = _blocked(body)
        return _storable(ReadChoice(refusal=said, finish_reason="content_filter")) if said else None
    return _storable(_read_choice(choices[0], body))


def _storable(choice: ReadChoice) -> ReadChoice:
    """Write halves of surrogate pairs, which JSON may hold and no file, as question marks.

    Two that came in two pieces are one character.
    """

    def storable(text: str) -> str:
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
        return whole.encode("utf-8", "replace").decode()

    return ReadChoice._make(text and storable(text) for text in choice)


def _read_choice(choice: object, body: dict[str, Any]) -> ReadChoice:
    if not isinstance(choice, dict):
        raise NoChoice("a choice is no object")
    reason = _reason(choice)
    message = choice.get("message", choice.get("delta", choice.get("text")))
    if isinstance(message, str):
        message = {"content": message}
    if not isinstance(message, dict | None):
        raise NoChoice("a message is no object")
    words = _words(message or {})
    refusal = _refusal(words, reason, choice, body)
    if message is None and not refusal and not _CUT.search(reason) and not _FAILED.search(reason):
        refusal = f"no message ({reason or 'no reason'})"
    if refusal:
        return ReadChoice(words.text or None, refusal, "content_filter", thoughts=words.thoughts)
    if _FAILED.search(reason) and not read_objects(words.text).found:
        return ReadChoice(failed=reason, finish_reason=reason)
    cut = "length" if _CUT.search(reason) else (reason or None)
    content = _answer(words, message or {})
    return ReadChoice(content or None, None, cut, thoughts=words.thoughts)


def _reason(choice: dict[str, Any]) -> str:
    """Say why a choice ended, in the server's words."""
    reasons = [
        choice.get(name) for name in ("finish_reason", "finishReason", "stop_reason", "done_reason")
    ]
    reason = next((one for one in reasons if one), "")
    if isinstance(reason, dict):
        reason = reason.get("type") or ""
    native = choice.get("native_finish_reason")
    if isinstance(native, str) and (_FILTERED.search(native) or _CUT.search(native)):
        reason = native if str(reason).lower() in {"", "stop", "error", "none"} else reason
    return str(reason) if reason is not True else ""


def _refusal(
    words: _Words, reason: str, choice: dict[str, Any], body: dict[str, Any]
) -> str | None:
    """Say in which words an answer was refused, if it was."""
    if words.refusal and not words.text.strip():
        return words.refusal
    if _FILTERED.search(reason):
        return words.refusal or ("content filter" if reason == "content_filter" else reason)
    if not words.text.strip():
        return _blocked(choice) or _blocked(body)
    return None


def _blocked(place: dict[str, Any]) -> str | None:
    """Find the words in which a server says that its filter stopped a question or an answer."""
    flags = ("input_sensitive", "output_sensitive")
    results = ("content_filter_results", "prompt_filter_results", "prompt_annotations")
    found = (
        *(name for name in flags if place.get(name) is True),
        *(name for name in results if '"filtered": true' in json.dumps(place.get(name))),
    )
    return _prompt_feedback(place) or _sensitive_code(place) or next(iter(found), None)


def _prompt_feedback(place: dict[str, Any]) -> str | None:
    """Find why Gemini's filter stopped a question."""
    for name in ("promptFeedback", "prompt_feedback"):
        feedback = place.get(name)
        if isinstance(feedback, dict) and feedback:
            reason = feedback.get("blockReason") or feedback.get("block_reason")
            return f"prompt feedback: {reason or json.dumps(feedback)[:200]}"
    return None


def _sensitive_code(place: dict[str, Any]) -> str | None:
    """Find MiniMax's status of a sensitive question or answer."""
    base = place.get("base_resp")
    if isinstance(base, dict) and base.get("status_code") in _SENSITIVE_CODES:
        return str(base.get("status_msg") or base["status_code"])
    return None


def _words(message: dict[str, Any]) -> _Words:
    """Read a message: what it says, what it thinks, what it refuses."""
    said = _flatten(message.get("content"))
    thoughts = said.thoughts
    for name in _THOUGHT_FIELDS:
        if not thoughts and message.get(name):
            thoughts = _all_text(message[name])
    refusal = message.get("refusal")
    words = refusal if isinstance(refusal, str) else "refused" if refusal is True else ""
    if words.strip():
        # A message that refuses is a refusal, whatever else it says.
        return _Words("", thoughts, words)
    return _Words(said.text, thoughts, said.refusal)


def _flatten(content: object, depth: int = 0) -> _Words:
    """Read content that is text, typed parts, lists of them, or an object."""
    if content is None or content is False or depth > _MAX_DEPTH:
        return _Words("")
    if isinstance(content, str):
        return _Words(content)
    if isinstance(content, list):
        parts = [_flatten(part, depth + 1) for part in content]
        return (
            _Words(*("".join(texts) for texts in zip(*parts, strict=True))) if parts else _Words("")
        )
    if not isinstance(content, dict):
        raise NoChoice("content is no text")
    return _flatten_part(content, depth)


def _flatten_part(part: dict[str, Any], depth: int) -> _Words:
    kind = str(part.get("type") or "")
    if part.get("thought") is True or _THOUGHT_TYPES.search(kind):
        return _Words("", _all_text(part))
    if isinstance(part.get("refusal"), str):
        return _Words("", refusal=part["refusal"])
    for name in ("arguments", "input", "json"):
        if kind and isinstance(part.get(name), dict | str):
            return _Words(_as_text(part[name]))
    is_part = bool(kind) or set(part) <= {*_TEXT_FIELDS, "annotations", "index", "role"}
    for name in _TEXT_FIELDS:
        if is_part and isinstance(part.get(name), str | list | dict):
            return _flatten(part[name], depth + 1)
    return _Words("") if kind and len(part) == 1 else _Words(json.dumps(part, ensure_ascii=False))


def _all_text(value: object, depth: int = 0) -> str:
    """Join all that thoughts say, whatever their parts are called."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and depth < _MAX_DEPTH:
        return "".join(_all_text(one, depth + 1) for one in value)
    if isinstance(value, dict) and depth < _MAX_DEPTH:
        return "".join(_all_text(value[name], depth + 1) for name in _TEXT_FIELDS if name in value)
    return ""


def _answer(words: _Words, message: dict[str, Any]) -> str:
    """Take the words of a message; where they hold no answer, the answer that stands elsewhere."""
    read = read_objects(words.text)
    if read.found or (read.unfinished and not read.blank):
        return words.text
    for said in (_arguments(message), _as_text(message.get("parsed"))):
        if read_objects(said).found:
            return said
    thoughts = read_objects(words.thoughts)
    if read.blank and thoughts.found and thoughts.ends_whole:
        return words.thoughts
    return words.text


def _arguments(message: dict[str, Any]) -> str:
    """Give the arguments of all calls of a message: the last that fits will count."""
    calls = message.get("tool_calls")
    calls = calls if isinstance(calls, list) else []
    found = []
    for call in (message.get("function_call"), *calls):
        if isinstance(call, dict):
            inner = call.get("function") or call.get("custom") or call
            if isinstance(inner, dict):
                found.append(_as_text(inner.get("arguments") or inner.get("input")))
    return "\n".join(said for said in found if said.strip())


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if value else ""
