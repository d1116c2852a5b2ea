"""The body of an answer -> its text, however it is packed; the JSON in it, however it is framed.

Pure. Some servers send blanks or comments while they work, some send events though nobody asked
for a stream; what came in pieces may have no end, or an error in the middle. What the JSON means is
for `completions.py`.
"""

import codecs
import json
import math
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

from pydantic import JsonValue

from pipeline.errors import ModelTransient
from pipeline.llm.error_words import read_error

# Python reads no longer number, and no count has as many digits.
_MAX_DIGITS: Final = 400
_DECODER: Final = json.JSONDecoder(
    strict=False, parse_int=lambda digits: int(digits) if len(digits) < _MAX_DIGITS else math.inf
)
_FIELDS: Final = ("data:", "event:", "id:", "retry:", ":")
_DONE: Final = "[DONE]"
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE | re.ASCII)
_GZIP: Final = b"\x1f\x8b\x08"
_GZIP_WINDOW: Final = 31
# Not `splitlines`: a line separator of Unicode may stand inside of a piece.
_LINE_END: Final = re.compile(r"\r\n|\n|\r")
# Servers name both in each piece, as null; one names the end so, as a word.
_ENDED: Final = re.compile(
    r"^data:\s*\[DONE\]"
    r'|"finish_?reason"\s*:\s*"(?!null")[^"\\]+"'
    r'|"error"\s*:\s*(?!null|false|""|\{\s*\})\S',
    re.MULTILINE | re.IGNORECASE,
)
_PIECE: Final = re.compile(r'"(?:delta|text)"\s*:')
_STATUS: Final = re.compile(r":\s*HTTP_STATUS/(\d{3})")


class BrokenBody(ValueError):
    """A body that is no JSON, or ends in the middle of it."""


def read_body(text: str) -> object:
    """Read the JSON of a body; of a stream of chunks, the completion that they make up.

    Raises:
        BrokenBody: it has none.
    """
    plain = text.strip("\ufeff\0 \t\r\n")
    if plain.startswith(_FIELDS):
        plain = _without_comments(plain)
    if plain.startswith(_FIELDS):
        return _join_events(list(_events(plain)))
    try:
        value, end = _DECODER.raw_decode(plain)
    except (ValueError, RecursionError) as error:
        raise BrokenBody(str(error)) from error
    rest = plain[end:].strip()
    if not rest or (rest.startswith(_FIELDS) and not _events_in(rest)):
        return value
    if isinstance(value, dict) and rest.startswith("{"):
        return _join_events([value, *_values(rest)])
    raise BrokenBody("more than one value")


def read_partial(text: str) -> dict[str, Any]:
    """Read what has come of a completion that broke off: its whole events, or JSON without an end.

    Errors say nothing of it; of what is no completion nothing is read.
    """
    plain = text.strip("\ufeff\0 \t\r\n")
    lines = [line.removeprefix("data:").strip() for line in re.split(r"[\r\n]+", plain)]
    events = [_DECODER.decode(line) for line in lines if line[:1] == "{" and _is_json(line)]
    parts = [event for event in events if not event.get("error")]
    if parts:
        with suppress(BrokenBody):
            joined = _join_events(parts)
            return joined if isinstance(joined, dict) else {}
    is_cut = plain.startswith("{") and not events
    return {"choices": [{"message": {"content": plain}}]} if is_cut else {}


def _without_comments(text: str) -> str:
    """Drop the lines at the start that only keep the connection alive."""
    lines = text.split("\n")
    while lines and (not lines[0].strip() or lines[0].startswith(":")):
        lines.pop(0)
    return "\n".join(lines).strip()


def _events(text: str) -> Iterator[object]:
    """Read the data of server-sent events."""
    for event in text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n"):
        lines = [line.removeprefix("data:") for line in event.split("\n") if line[:5] == "data:"]
        for part in ("\n".join(lines),) if _is_json("\n".join(lines)) else lines:
            if part.strip() and part.strip() != _DONE:
                yield from _values(part.strip())


def _events_in(text: str) -> bool:
    """Say whether events have more data than the mark of their end."""
    lines = (line.strip() for line in text.splitlines() if line.startswith("data:"))
    return any(line.removeprefix("data:").strip() != _DONE for line in lines)


def _is_json(text: str) -> bool:
    try:
        _DECODER.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


def _values(text: str) -> Iterator[object]:
    """Read JSON values that follow each other."""
    while text:
        try:
            value, end = _DECODER.raw_decode(text)
        except (ValueError, RecursionError) as error:
            raise BrokenBody(str(error)) from error
        yield value
        text = text[end:].lstrip()


def _join_events(events: list[object]) -> object:
    """Make one completion of the parts of a stream; an error, or a whole one, counts alone."""
    bodies = [event for event in events if isinstance(event, dict)]
    if not bodies:
        raise BrokenBody("a stream without an event")
    if failed := next((body for body in bodies if body.get("error")), None):
        return failed
    choices = [choice for body in bodies for choice in _first_choice(body)]
    whole = [body for body in bodies if any("message" in one for one in _first_choice(body))]
    if whole or not choices:
        return (whole or bodies)[-1]
    usages = [body["usage"] for body in bodies if body.get("usage")]
    usage = usages[-1] if usages else None
    return {**bodies[0], "choices": [_join_pieces(choices)], "usage": usage}


def _join_pieces(pieces: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Make one choice of what each part of a stream has of it: a message, or plain text."""
    message = _join_deltas(one["delta"] for one in pieces if isinstance(one.get("delta"), dict))
    if texts := [one["text"] for one in pieces if isinstance(one.get("text"), str)]:
        message["content"] = "".join(texts)
    reasons = [one["finish_reason"] for one in pieces if one.get("finish_reason")]
    return {"message": message, "finish_reason": reasons[-1] if reasons else None}


def _first_choice(body: dict[str, Any]) -> list[dict[str, Any]]:
    choices = body.get("choices")
    found = [one for one in choices if isinstance(one, dict)] if isinstance(choices, list) else []
    return [one for one in found if not one.get("index")][:1]


def _join_deltas(deltas: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Join what each part adds to a message."""
    message: dict[str, Any] = {}
    calls: dict[object, str] = {}
    for delta in deltas:
        for name, value in delta.items():
            if isinstance(value, str) and name != "role":
                message[name] = f"{message.get(name) or ''}{value}"
            elif name == "content" and isinstance(value, list):
                message[name] = [*(message.get(name) or []), *value]
            elif name == "tool_calls" and isinstance(value, list):
                _join_calls(calls, value)
    if calls:
        message["tool_calls"] = [{"function": {"arguments": said}} for said in calls.values()]
    return message


def _join_calls(calls: dict[object, str], parts: Iterable[object]) -> None:
    """Add what each part has of the arguments of a call, by its index."""
    for call in parts:
        if isinstance(call, dict):
            said = (call.get("function") or {}).get("arguments") or ""
            at = call.get("index", 0)
            calls[at] = calls.get(at, "") + (said if isinstance(said, str) else "")


def decode_body(body: bytes, content_type: str, *, max_bytes: int) -> str:
    """Read a body as text.

    JSON is UTF-8, and nearly all that comes is. What is not is read as it says that it is written;
    a body that is packed though no header says so is known by its first bytes. No more than
    `max_bytes` are unpacked of it.
    """
    if body.startswith(_GZIP):
        body = _unpack(body, max_bytes)
    declared = _CHARSET.search(content_type)
    encodings = ["utf-8", *([declared[1]] if declared else [])]
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings.append("utf-16")
    for encoding in encodings:
        try:
            return body.decode(encoding)
        except (LookupError, ValueError):
            continue
    return body.decode("utf-8", "replace")


def _unpack(body: bytes, max_bytes: int) -> bytes:
    """Unpack what is whole and not too large; all else stays as it is."""
    unpacker = zlib.decompressobj(_GZIP_WINDOW)
    try:
        found = unpacker.decompress(body, max_bytes)
    except zlib.error:
        return body
    return found if unpacker.eof else body


def check_stream(body: str, host: str) -> str:
    """Give a body back where it is no stream, or a whole one; of one with an error, the error.

    Raises:
        ModelTransient: the stream ends in the middle.
    """
    lines = _LINE_END.split(body.lstrip("\ufeff\0 \t\r\n"))
    bare = sum(line.startswith("{") for line in lines) > 1  # values without the names of events
    if not bare:
        if not re.match(r"(?:data|event|id|retry)?:", lines[0]):
            return body
        if not any(line.startswith("data:") for line in lines):
            return body
        error = _error_event(lines)
        if error is not None:
            return json.dumps({"error": error})
    if _PIECE.search(body) and not _ENDED.search(body):
        raise ModelTransient(f"{host} broke off in the middle of an answer; try again later")
    return body


def _error_event(lines: list[str]) -> JsonValue:
    """Find the data of an event of the name error, with the status that a comment gives."""
    status: int | None = None
    failed = False
    for line in lines:
        name, _, value = line.partition(":")
        if found := _STATUS.match(line):
            status = int(found[1])
        elif name == "event":
            failed = value.strip() == "error"
        elif name == "data" and failed and value.strip():
            return _with_status(read_error(value.strip()), status)
    return None


def _with_status(error: JsonValue, status: int | None) -> JsonValue:
    inner = (error.get("error") or error) if isinstance(error, dict) else error
    if status is None or status < HTTPStatus.BAD_REQUEST:
        return inner
    said = inner if isinstance(inner, dict) else {"message": inner}
    return {"status_code": status, **said}
