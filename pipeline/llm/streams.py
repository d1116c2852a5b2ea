"""Whether a completion that came in pieces came to its end, or with an error in the middle.

Pure. `bodies.py` joins the pieces.
"""

import json
import re
from http import HTTPStatus
from typing import Final

from pydantic import JsonValue

from pipeline.errors import ModelTransient
from pipeline.llm.error_words import read_error

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
