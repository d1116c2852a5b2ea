"""A completion that came in pieces, joined to the body that would have come in one.

Pure. Server-sent events as servers really write them: comments to keep a connection alive, events
without a blank line between them, an error in the middle, a whole completion in one event. What the
joined body means is for `responses.py`.
"""

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from pipeline.errors import ModelTransient
from pipeline.llm.error_words import find_error

_BEGINS = re.compile(r"(?:data|event|id|retry)?\s*:")
# Not `splitlines`: a line separator of Unicode may stand inside of a piece.
_LINE_END = re.compile(r"\r\n|\n|\r")
_STATUS = re.compile(r":\s*HTTP_STATUS/(\d{3})")
_DONE: Final = "[DONE]"
# Words of a message that come in pieces.
_TEXT_FIELDS: Final = ("content", "reasoning_content", "reasoning", "thinking", "refusal")


def join_stream(body: str, host: str) -> str:
    """Join the events of a stream to the body of one answer; any other body stays as it is.

    Args:
        body: what came.
        host: what messages call the server.

    Raises:
        ModelTransient: the stream ends in the middle.
    """
    text = body.lstrip("\ufeff \t\r\n")
    if not _BEGINS.match(text):
        return body
    stream = _Stream()
    for line in _LINE_END.split(text):
        stream.read_line(line)
        if stream.error is not None:
            return json.dumps({"error": stream.error})
    if not stream.events:
        return ""
    if not stream.ended:
        raise ModelTransient(f"{host} broke off in the middle of an answer; try again later")
    return json.dumps(stream.completion())


@dataclass
class _Stream:
    """What has come so far."""

    message: dict[str, Any] = field(default_factory=lambda: {"role": "assistant", "content": None})
    parts: list[Any] = field(default_factory=list)
    calls: dict[int, dict[str, Any]] = field(default_factory=dict)
    finish_reason: Any = None
    usage: Any = None
    error: Any = None
    events: int = 0
    done: bool = False
    broken: bool = False
    status: int | None = None
    event: str = ""

    @property
    def ended(self) -> bool:
        return (self.done or self.finish_reason is not None) and not self.broken

    def read_line(self, line: str) -> None:
        """Take one line: a comment, the name of an event, or what it holds."""
        if found := _STATUS.match(line):
            self.status = int(found[1])
        name, _, value = line.partition(":")
        if name == "event":
            self.event = value.strip()
        elif name == "data":
            self._read_data(value.strip())
        elif line.startswith("{"):  # an error that nobody framed
            self._read_data(line)

    def completion(self) -> dict[str, Any]:
        """Write the body that would have come in one."""
        message = dict(self.message)
        if self.parts:
            said = [{"type": "text", "text": message["content"]}] if message["content"] else []
            message["content"] = [*self.parts, *said]
        if self.calls:
            message["tool_calls"] = [self.calls[index] for index in sorted(self.calls)]
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason}
        return {"choices": [choice], "usage": self.usage}

    def _read_data(self, data: str) -> None:
        if not data:
            return
        self.events += 1
        if data == _DONE:
            self.done = True
        if not data.startswith(("{", "[{")):
            return
        try:
            chunk = json.loads(data)
        except (ValueError, RecursionError):
            self.broken = True
            return
        error = chunk if self.event == "error" else find_error(chunk)
        if error:
            self.error = self._with_status(error)
        elif isinstance(chunk, dict):
            self._read_chunk(chunk)

    def _with_status(self, error: Any) -> Any:  # noqa: ANN401 - JSON
        """Name the status that a comment gave, where the error names none."""
        status = self.status
        if not isinstance(error, dict):
            return error if status is None else {"message": error, "status_code": status}
        inner = error.get("error") or error
        if isinstance(inner, dict) and status and status >= HTTPStatus.BAD_REQUEST:
            return {"status_code": status, **inner}
        return inner

    def _read_chunk(self, chunk: dict[str, Any]) -> None:
        extra = chunk.get("x_groq")
        inner = extra if isinstance(extra, dict) else {}
        self.usage = chunk.get("usage") or inner.get("usage") or self.usage
        for choice in _dicts(chunk.get("choices")):
            if not choice.get("index"):
                self._read_choice(choice)

    def _read_choice(self, choice: dict[str, Any]) -> None:
        self.finish_reason = choice.get("finish_reason") or self.finish_reason
        delta = choice.get("delta") or choice.get("message")
        if not isinstance(delta, dict):
            return
        for name in _TEXT_FIELDS:
            self._add_text(name, delta.get(name))
        for number, call in enumerate(_dicts(delta.get("tool_calls"))):
            self._add_call(number, call)

    def _add_text(self, name: str, value: object) -> None:
        if isinstance(value, str):
            self.message[name] = (self.message.get(name) or "") + value
        elif isinstance(value, list):
            self.parts.extend(value)

    def _add_call(self, number: int, call: dict[str, Any]) -> None:
        index = call.get("index")
        known = self.calls.setdefault(
            index if isinstance(index, int) else number,
            {"id": call.get("id"), "type": "function", "function": {"name": "", "arguments": ""}},
        )
        function = call.get("function")
        for name in ("name", "arguments") if isinstance(function, dict) else ():
            if isinstance(piece := function.get(name), str):
                known["function"][name] += piece


def _dicts(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
