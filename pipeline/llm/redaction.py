"""Secrets kept out of texts: a server may repeat the key, or a part of it, in its words.

Pure. Which texts are shown and kept is for `transport.py`.
"""

import base64
import json
import re
from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pipeline.patterns import lazy_pattern

MASK: Final = "***"
"""What stands in the place of a secret."""
# Shorter ones stand in too many words that are no secret.
_MIN_SECRET_CHARS: Final = 4
# A part of a key is looked for in lines that are shown: so many characters of one that long.
_PART_CHARS: Final = 8
_END_CHARS: Final = 4
_LONG_KEY_CHARS: Final = 16
_MAX_LINE_CHARS: Final = 8000
# What looks like a key by its beginning, or was masked in part by the server.
_LOOKS_LIKE_KEY: Final = lazy_pattern(
    r"sk-[\w*]|(?:[sgpa]k|gsk|xai|nvapi|tgp|csk|hf|ghp|AIza)[-_]?[\w-]{16,}$|.*\*{3}"
)
_GAP: Final = lazy_pattern(r"\.{2}|…|\*|•|[xX_]{3}")
_RANDOM: Final = lazy_pattern(
    r"(?=.*\d)(?=.*[A-Za-z])(?:[A-Za-z0-9+/=_]{24,}|[\da-f]{8}(?:-[\da-f]+){4})"
)
_BEARER: Final = lazy_pattern(r"\b(Bearer|Basic)\s+[^\s\"',;]+")
_WORD: Final = lazy_pattern(r"[^\s\"'`,;:()<>\[\]{}=]+")
_SECRET_NAME: Final = lazy_pattern(
    r"key|token(?!s)|secret|passw|auth|credential|signature|^sig$|cookie", re.IGNORECASE
)


class Redactor:
    """Takes the key, and the secrets of an address, out of texts: a server may repeat them."""

    def __init__(self, key: str = "", *addresses: str, others: Iterable[str] = ()) -> None:
        """Learn the secrets."""
        plain = {key, *others}.union(*map(_address_secrets, addresses))
        found = plain | {quote(secret, safe="") for secret in plain}
        found |= {json.dumps(secret)[1:-1] for secret in plain}
        self._secrets = sorted(
            (s for s in found if len(s) >= _MIN_SECRET_CHARS), key=len, reverse=True
        )
        self._long = tuple(s for s in plain if len(s) >= _LONG_KEY_CHARS)
        self._parts = {
            key[i : i + _PART_CHARS]
            for key in self._long
            for i in range(len(key) - _PART_CHARS + 1)
        }

    def __call__(self, text: str) -> str:
        """Mask each secret."""
        for secret in self._secrets:
            text = text.replace(secret, MASK)
        return text

    def redact_line(self, text: str) -> str:
        """Make one line of a server's words, also without controls and parts of a key."""
        text = _BEARER.sub(rf"\1 {MASK}", self(text[:_MAX_LINE_CHARS]))
        text = _WORD.sub(self._mask_word, text)
        return " ".join("".join(c if c.isprintable() else " " for c in text).split())

    def _mask_word(self, found: re.Match[str]) -> str:
        word = found[0].rstrip(".!?。")
        return MASK + found[0][len(word) :] if self._holds_part(word) else found[0]

    def _holds_part(self, word: str) -> bool:
        """Say whether a word holds a part of a key, or looks like one."""
        if _LOOKS_LIKE_KEY.match(word) or any(part in word for part in self._parts):
            return True
        for key in self._long:
            first, last = key[:_END_CHARS], key[-_END_CHARS:]
            if word == last or (
                _GAP.search(word) and (word.startswith(first) or word.endswith(last))
            ):
                return True
        return False

    def contains_secret(self, text: str) -> bool:
        """Say whether a text holds a secret."""
        return any(secret in text for secret in self._secrets)


def _address_secrets(url: str) -> set[str]:
    """List what of an address is a secret, as it is and as requests write it."""
    query = urlsplit(url).query
    found = {value for name, value in parse_qsl(query) if is_secret(name, value)}
    login, at, _ = re.split(r"[/?#]", url.partition("://")[2] or url)[0].rpartition("@")
    user, _, password = login.partition(":")
    if not at or not password:
        return found | {user, unquote(user)}
    pairs = (f"{user}:{password}", f"{unquote(user)}:{unquote(password)}")
    encoded = {base64.b64encode(pair.encode()).decode() for pair in pairs}
    return found | {password, unquote(password), *encoded}


def is_secret(name: str, value: object) -> bool:
    """Say whether what stands under a name is a secret, by the name or by its own look."""
    if not isinstance(value, str):
        return False
    looks = _LOOKS_LIKE_KEY.match(value) or _RANDOM.fullmatch(value)
    return bool(_SECRET_NAME.search(name) or looks)


def find_secrets(fields: object, name: str = "") -> set[str]:
    """Find the secrets in the fields of a request, however deep."""
    if isinstance(fields, Mapping):
        inner = [find_secrets(value, f"{name}.{key}") for key, value in fields.items()]
        return set().union(*inner)
    if isinstance(fields, list):
        return set().union(*(find_secrets(value, name) for value in fields))
    return {str(fields)} if is_secret(name, fields) else set()


def mask_secrets(fields: object) -> str:
    """Write the fields of a request as JSON in which each secret is masked."""
    redact = Redactor(others=find_secrets(fields))
    return redact(json.dumps(fields, ensure_ascii=False, sort_keys=True))
