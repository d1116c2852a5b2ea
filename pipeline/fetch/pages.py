"""Pages as they are asked for and kept: limits, the store, an address without login, the text.

What asks for them is in `http.py`, which is loaded when the first is asked for.
"""

import re
from contextlib import suppress
from typing import Protocol
from urllib.parse import urlsplit

from pydantic import Field

from pipeline.errors import SourceError
from pipeline.records import Record, StoredPage

UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


class FetchLimits(Record):
    """How long and how much we read."""

    timeout_s: float = Field(default=30, gt=0)
    """Longest wait for one answer, from the connection to its last byte."""
    attempts: int = Field(default=4, ge=1)
    """How often one address is tried when it fails in a way that may pass."""
    max_page_bytes: int = Field(default=1_500_000, gt=0)
    """Largest page, after unpacking."""
    max_feed_bytes: int = Field(default=20_000_000, gt=0)
    """Largest feed, after unpacking: it lists all issues, but is read in no time."""


class PageStore(Protocol):
    """Keeps pages between runs, so that an unchanged one is not sent again."""

    def get(self, url: str) -> StoredPage | None:
        """Give the page that was stored for this address, if any."""

    def put(self, page: StoredPage) -> None:
        """Keep this page in place of the one stored for its address."""


class PageNotFound(SourceError):
    """A source that works does not have the issue."""


def without_login(url: str) -> str:
    """Give an address without its user and password, which stand in no line and no file."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl() if "@" in url else url


def decode(body: bytes, content_type: str) -> str:
    """Decode a page: its byte order mark, then UTF-8, then what its server or its head declares.

    UTF-8 goes before the declarations because text in another charset is hardly ever valid UTF-8
    by chance, while UTF-8 under a server's default of latin-1 is common. What nothing fits is
    read as UTF-8 with replacement characters.
    """
    if body.startswith(UTF16_BOMS):
        return body.decode("utf-16", "replace")
    with suppress(UnicodeError):
        return body.decode("utf-8-sig")
    head = f"{content_type} {body[:2048].decode('latin-1')}"
    for name in re.findall(r"(?i)charset\s*=\s*[\"']?([\w.:-]+)", head):
        with suppress(UnicodeError, LookupError):
            return body.decode(name)
    return body.decode("utf-8-sig", "replace")
