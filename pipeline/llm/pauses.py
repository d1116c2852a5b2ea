"""How long a model's server asks to be left alone: in its headers, its body, or its words.

Pure. How long we do wait is for `network/retry.py` and the caller. What a page's server asks for
is one header, and read there.
"""

import re
import time
from collections.abc import Mapping
from typing import Final

from pipeline.llm.capabilities import MAX_RETRY_AFTER_S
from pipeline.network import parse_retry_after

_MAX_CHARS: Final = 20_000
_UNIT_S: Final[tuple[tuple[str, float], ...]] = (
    ("ms|msecs?|milliseconds?|毫秒", 0.001),
    ("days?|d|天", 86_400.0),
    ("hours?|hrs?|h|个?小时", 3600.0),
    ("minutes?|mins?|m|分钟?", 60.0),
    ("seconds?|secs?|s|秒钟?", 1.0),
)
_ANY_UNIT: Final = "|".join(names for names, _ in _UNIT_S)
_NUMBER: Final = r"(?<![\d.])\d{1,7}(?:\.\d{1,9})?"
_AMOUNT: Final = rf"{_NUMBER}\s*(?:{_ANY_UNIT})(?![a-z])"
_DURATION: Final = rf"((?:{_AMOUNT}[\s,]*(?:and\s+)?)+)"
_PART = re.compile(rf"({_NUMBER})\s*({_ANY_UNIT})(?![a-z])", re.IGNORECASE)
# A name and what it holds, as JSON: `"retryDelay": "27s"`, `"retry_after": 30`.
_FIELD = re.compile(
    r'"retry_?(?:delay|after|in)(?:_?(ms|milliseconds|s|secs|seconds))?\\*"\s*:\s*\\*"?'
    rf"\s*({_NUMBER})\s*(ms|s)?",
    re.IGNORECASE,
)
_PROTO_FIELD = re.compile(
    r'"retry_?delay\\*"\s*:\s*\{\s*\\*"seconds\\*"\s*:\s*\\*"?(\d{1,7})', re.IGNORECASE
)
_CUE: Final = "try|retry|retrying|again|wait|waiting|available|resets?|back|pause"
_WORDS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:{_CUE})\b[^.;:!?。\d]{{0,40}}?{_DURATION}",
        rf"{_DURATION}\s*(?:之后|以后|后)",
        rf"(?:等待|稍等|请等|等)\s*{_DURATION}",
        rf"\b(?:in|after)\s+{_DURATION}",
    )
)
# `retry after 30`, where a server names no unit.
_BARE = re.compile(rf"retry[- ]after\D{{0,3}}({_NUMBER})(?![\d.]*\s*\w)", re.IGNORECASE)
_EPOCH_S: Final = 1_000_000_000
_EPOCH_MS: Final = _EPOCH_S * 1000


def asked_pause_s(headers: Mapping[str, str], body: str) -> float | None:
    """Find the pause that a server asks for, in seconds; None where it asks for none.

    `headers` are found by any case of their names.
    """
    text = body[:_MAX_CHARS]
    named = _header_pause(headers)
    if named is None:
        named = _field_pause(text)
    if named is None:
        named = _worded_pause(text)
    return _reset_pause(headers) if named is None else named


def parse_duration(text: str) -> float | None:
    """Read a duration as servers write it: `1m3.5s`, `250ms`, `30 seconds`, `2分钟`, `12`."""
    text = text.strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", text, re.ASCII):
        return float(text)
    parts = _PART.findall(text)
    return sum(float(number) * _unit_s(unit) for number, unit in parts) if parts else None


def _unit_s(unit: str) -> float:
    return next(size for names, size in _UNIT_S if re.fullmatch(names, unit, re.IGNORECASE))


def _header_pause(headers: Mapping[str, str]) -> float | None:
    """Read the headers that ask for a pause: milliseconds, else seconds or a date."""
    for name in ("retry-after-ms", "x-ms-retry-after-ms"):
        if (found := parse_duration(headers.get(name, ""))) is not None:
            return found / 1000
    value = headers.get("retry-after", "")
    found = parse_retry_after(value)
    return parse_duration(value) if found is None else found


def _field_pause(text: str) -> float | None:
    """Read a pause that stands under a name of its own."""
    if found := _PROTO_FIELD.search(text):
        return float(found[1])
    if found := _FIELD.search(text):
        unit = (found[1] or found[3] or "s").lower()
        return float(found[2]) / (1000 if unit.startswith("m") else 1)
    return None


def _worded_pause(text: str) -> float | None:
    """Read a pause out of a sentence."""
    for pattern in _WORDS:
        if found := pattern.search(text):
            return parse_duration(found[1])
    found = _BARE.search(text)
    return float(found[1]) if found else None


def _reset_pause(headers: Mapping[str, str]) -> float | None:
    """Read when a used up limit is whole again, where no pause is named.

    That of OpenAI and its like is longer than what has to be waited for: it is asked for no longer
    than the longest pause that is granted. A moment, as of OpenRouter, is meant.
    """
    moment = headers.get("x-ratelimit-reset", "").strip()
    if re.fullmatch(r"\d{10,13}", moment):
        at = float(moment) / (1000 if float(moment) >= _EPOCH_MS else 1)
        return max(0.0, at - time.time())
    resets = [
        headers.get(f"x-ratelimit-reset{what}", "")
        for what in ("", "-requests", "-tokens", "-input-tokens", "-output-tokens")
        if headers.get(f"x-ratelimit-remaining{what}", "0").strip() in {"0", "0.0"}
    ]
    pauses = [pause for reset in resets if (pause := parse_duration(reset)) is not None]
    return min(max(pauses), MAX_RETRY_AFTER_S) if pauses else None
