"""Why a file is no digest, in words for people: pure."""

import errno
import json

from pipeline.patterns import lazy_pattern

_CONFLICT = lazy_pattern(r"(?m)^<{7} ")
_CONFLICT_ENDS = "\n>>>>>>> "
_SYSTEM_WORDS = {
    errno.EISDIR: "a folder stands in its place: move it away first",
    errno.EFBIG: "it is larger than any digest",
    errno.EINVAL: "it is a pipe, a socket or a device",
    errno.ELOOP: "it is a link that leads to itself",
}
"""What stands in the place of a file, or cannot be one of ours."""


def damage_words(error: Exception) -> str:
    """Say in plain words what an error of reading a digest's JSON means."""
    if isinstance(error, OSError) and error.errno in _SYSTEM_WORDS:
        return _SYSTEM_WORDS[error.errno]
    if isinstance(error, OSError):
        reason = error.strerror or str(error) or "for no reason given"
        return f"it cannot be read: {reason[:1].lower()}{reason[1:]}"
    if isinstance(error, json.JSONDecodeError):
        return _json_words(error)
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text"
    return f"not the JSON of a digest: {_value_words(error)}"


def is_no_file(error: BaseException | None) -> bool:
    """Whether something was not read because it is no file of a digest at all."""
    return isinstance(error, OSError) and error.errno in _SYSTEM_WORDS


def unparsed_words(text: str) -> str:
    """Say in plain words why text is no JSON; blank where it is."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        return damage_words(error)
    return ""


def has_conflict(text: str) -> bool:
    """Whether git left two versions in it, which were not merged."""
    return _CONFLICT.search(text) is not None and _CONFLICT_ENDS in text


def _value_words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return "a value in it is of another kind"


def _json_words(error: json.JSONDecodeError) -> str:
    if not error.doc.strip():
        return "it is empty"
    if (found := _CONFLICT.search(error.doc)) and _CONFLICT_ENDS in error.doc:
        line = error.doc.count("\n", 0, found.start()) + 1
        return f"two versions stand in it that git did not merge, from line {line} on"
    if not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        return f"cut off in line {error.lineno}"
    return f"no JSON from line {error.lineno}, column {error.colno} on"
