"""Secrets out of a stranger's words: a server may repeat the key that it was sent.

Pure. What is looked for are the secrets themselves, as they are and as a request writes them.
"""

import base64
import re
from urllib.parse import quote, unquote, urlsplit

_KEY_PATTERN = re.compile(r"\bsk-[\w*-]+")
_MASK = "***"
# Shorter ones stand in too many words that are no secret.
_MIN_SECRET_CHARS = 4


class Redactor:
    """Takes the key, and the password of an address, out of texts."""

    def __init__(self, key: str = "", base_url: str = "") -> None:
        """Learn the secrets.

        Args:
            key: the key, or nothing.
            base_url: an address, which may hold a user and a password.
        """
        parts = urlsplit(base_url)
        user, password = parts.username or "", parts.password or ""
        plain = {key, password, unquote(password)}
        if password:
            for pair in (f"{user}:{password}", f"{unquote(user)}:{unquote(password)}"):
                plain.add(base64.b64encode(pair.encode()).decode())
        elif user:
            plain |= {user, unquote(user)}
        found = plain | {quote(secret, safe="") for secret in plain}
        self._secrets = sorted(
            (s for s in found if len(s) >= _MIN_SECRET_CHARS), key=len, reverse=True
        )

    def __call__(self, text: str) -> str:
        """Mask each secret."""
        for secret in self._secrets:
            text = text.replace(secret, _MASK)
        return text

    def redact_line(self, text: str) -> str:
        """Make one line of a server's words, also without what looks like part of a key."""
        return " ".join(_KEY_PATTERN.sub(_MASK, self(text)).split())

    def contains_secret(self, text: str) -> bool:
        """Tell whether a text holds a secret."""
        return any(secret in text for secret in self._secrets)
