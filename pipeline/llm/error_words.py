"""What a server says where it turns a request down, whatever the shape in which it says it.

Pure. Servers put their words under a dozen names, in lists, as text in text, or on a web page;
here they become one string, which `rejections.py` judges and messages show.
"""

import html
import json
import re
from collections.abc import Iterator
from typing import Final

from pydantic import JsonValue

_MAX_WORDS: Final = 4000
_MAX_PARTS: Final = 12
_MAX_DEPTH: Final = 8
# Where words stand, in the order in which they are read, and where more of them may stand.
_WORD_KEYS: Final = (
    "message",
    "msg",
    "error_msg",
    "error_message",
    "errorMessage",
    "err_msg",
    "status_msg",
    "error_description",
    "description",
    "detail",
    "title",
    "raw",
    "reason",
    "quotaId",
)
_NESTED_KEYS: Final = (
    "error",
    "errors",
    "base_resp",
    "details",
    "violations",
    "fieldViolations",
    "metadata",
    "innererror",
    "response",
    "header",
)
_CODE_KEYS: Final = ("code", "error_code", "errorCode", "status_code", "type", "status")
_STATUS_KEYS: Final = ("code", "status", "status_code", "http_code", "httpStatus", "error_code")
# Codes that are no error, or that a filter's verdict comes with.
_SOUND_BASES: Final = (None, 0, 1026, 1027)
_EVENT_FIELDS: Final = ("data:", "event:", "id:", ":")
_EVENT = re.compile(r"^data:\s*([{\[].*)$", re.MULTILINE)
_PAGE = re.compile(r"<[!?a-z]", re.IGNORECASE)
_TITLE = re.compile(r"<(title|h1)[^>]*>(.*?)</\1", re.IGNORECASE | re.DOTALL)


def error_text(body: object) -> str:
    """Find what an error body says, wherever it says it, as text that can be shown and kept."""
    try:
        text = " ".join(_unique_parts(body)) or _plain_text(body)
    except (RecursionError, ValueError):
        text = "words that cannot be read"  # nested too deeply, or a number of too many digits
    # Half a surrogate pair, which JSON may hold, can be neither written nor sent.
    return text[:_MAX_WORDS].encode("utf-8", "replace").decode()


def error_status(error: JsonValue) -> int | None:
    """Read the code of an error that came with status 200, where it looks like a status."""
    if not isinstance(error, dict):
        return None
    for key in _STATUS_KEYS:
        if re.fullmatch(r"[45]\d\d", str(error.get(key))):
            return int(str(error[key]))
    return None


def read_error(text: str) -> JsonValue:
    """Read the body of a rejection: JSON where it is JSON, also as an event, else the text."""
    plain = text.strip("\ufeff\0 \t\r\n")
    event = _EVENT.search(plain) if plain.startswith(_EVENT_FIELDS) else None
    try:
        body: JsonValue = json.loads(event[1] if event else plain)
    except (ValueError, RecursionError):
        return text
    return body


def find_error(body: JsonValue) -> JsonValue:
    """Find the error in a body that came with status 200; None where there is none."""
    if not isinstance(body, dict):
        return None
    if error := body.get("error"):
        return error if isinstance(error, dict | list) else body
    choices = body.get("choices")
    if isinstance(choices, list) and choices:
        first = choices[0]
        return first.get("error") if isinstance(first, dict) else None
    message = body.get("message")
    if isinstance(message, dict) and "role" in message:
        return None  # an answer of Ollama's own form
    base = body.get("base_resp")
    if isinstance(base, dict) and base.get("status_code") not in _SOUND_BASES:
        return base
    return body if any(body.get(key) for key in (*_WORD_KEYS, "errors", "error_code")) else None


def _unique_parts(body: object) -> list[str]:
    parts: list[str] = []
    for part in _parts(body, 0):
        if not any(part in other for other in parts):
            parts.append(part)
        if len(parts) == _MAX_PARTS:
            break
    return parts


def _parts(value: object, depth: int) -> Iterator[str]:
    """Walk through a body: words first, what they are about, then the codes."""
    if depth > _MAX_DEPTH:
        raise RecursionError
    if isinstance(value, str):
        yield from _string_parts(value, depth)
    elif isinstance(value, list):
        for item in value[:_MAX_PARTS]:
            yield from _item_parts(item, depth + 1)
    elif isinstance(value, dict):
        yield from _object_parts(value, depth + 1)
    elif value is not None and not isinstance(value, bool) and depth:
        yield str(value)


def _object_parts(body: dict[str, object], depth: int) -> Iterator[str]:
    for key in (*_WORD_KEYS, *_NESTED_KEYS):
        yield from _parts(body.get(key), depth)
    yield from (str(body[key]) for key in _CODE_KEYS if _is_code(body.get(key)))


def _item_parts(item: object, depth: int) -> Iterator[str]:
    """Read one error of a list; a validator's names the field that it is about."""
    if isinstance(item, dict) and isinstance(item.get("loc"), list):
        place = ".".join(str(name) for name in item["loc"])
        yield f"{place}: {item.get('msg') or 'is wrong'}"
        yield from (str(item["type"]) for _ in (1,) if _is_code(item.get("type")))
    else:
        yield from _parts(item, depth)


def _string_parts(text: str, depth: int) -> Iterator[str]:
    text = text.strip()
    if _PAGE.match(text):
        yield _page_words(text)
    elif text.startswith(("{", "[")) and not isinstance(inner := read_error(text), str):
        yield from _parts(inner, depth + 1)
    elif text:
        yield text


def _page_words(page: str) -> str:
    """Name a web page, by its title where it has one."""
    found = _TITLE.search(page[:100_000])
    title = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", found[2])).split()) if found else ""
    return f'a web page, "{title[:120]}"' if title else "a web page"


def _is_code(value: object) -> bool:
    return isinstance(value, str | int) and bool(value) and not isinstance(value, bool)


def _plain_text(body: object) -> str:
    return str(body) if body else "no words"
