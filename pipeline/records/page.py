"""What a source serves: the list of issues, and a page that is not parsed yet."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import StringConstraints

from pipeline.records.base import Record

SourceName = Annotated[str, StringConstraints(pattern="^[a-z]+$")]
"""Which source served a page: `file`, or the name of one of `SOURCES` in `fetch/chain.py`."""

PageFormat = Literal["html", "markdown"]
"""How a page is written."""


class IssueRef(Record):
    """One line of the feed: an issue that exists, without its text."""

    slug: str
    """`YY-MM-DD-title`, as in the issue's URL."""
    date: dt.date
    """Issue date: the date in the slug."""
    title: str


class StoredPage(Record):
    """One answer of a server, with what is needed to ask whether it has changed."""

    url: str
    etag: str | None
    last_modified: str | None
    content_type: str
    """Its Content-Type, verbatim; may be empty."""
    body: bytes
    """The page's bytes, content encoding removed."""


class Page(Record):
    """One issue's page as it came from its source."""

    slug: str
    """Slug of the issue; for a file without one, the file's name."""
    url: str
    """Public address of the issue, whatever served it."""
    source: SourceName
    media: PageFormat
    text: str
    """The page, decoded; at most `max_page_bytes` before decoding."""
    sha256: str
    """SHA-256 of the page's bytes as they were served, hexadecimal."""
    file: str = ""
    """The file that it was read from, for messages; blank where a server gave it."""
