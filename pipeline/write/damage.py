"""Why a file is no digest, in words for people: pure."""

import json


def damage_words(error: Exception) -> str:
    """Say in plain words what an error of reading a digest's JSON means."""
    if isinstance(error, OSError):
        reason = error.strerror or str(error) or "for no reason given"
        return f"it cannot be read: {reason[:1].lower()}{reason[1:]}"
    if isinstance(error, json.JSONDecodeError):
        return _json_words(error)
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text"
    return f"not the JSON of a digest: {_value_words(error)}"


def _value_words(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"it has no {error.args[0]!r}"
    if isinstance(error, RecursionError):
        return "it is nested too deep"
    return "a value in it is of another kind"


def _json_words(error: json.JSONDecodeError) -> str:
    if not error.doc.strip():
        return "it is empty"
    if not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated string"):
        return f"cut off in line {error.lineno}"
    return f"no JSON from line {error.lineno}, column {error.colno} on"
