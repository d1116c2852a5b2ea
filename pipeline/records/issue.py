"""What a source serves of an issue, and the issue that was parsed of it, with its mentions."""

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from pipeline.records.base import IssuePart, Record
from pipeline.records.reasons import Reason

SourceName = Annotated[str, StringConstraints(pattern="^[a-z]+$")]
"""Which source served a page: `file`, or the name of one of `SOURCES` in `fetch/chain.py`."""
PageFormat = Literal["html", "markdown"]
"""How a page is written."""


class Link(Record):
    """One link of the issue."""

    url: str
    """Address as the issue has it, http or https."""
    text: str
    """Anchor text, white space folded; may be empty."""
    mention: str = Field(default="", exclude_if=lambda name: not name)
    """Id of the mention that an entry has it from; not in the JSON where it is unknown."""


class Mention(Record):
    """One bullet, post or paragraph of the issue about one thing."""

    id: str
    """`m001`… in the order of the page."""
    part: IssuePart
    section: tuple[str, ...]
    """Headings above it, outermost first, the recap's own heading included."""
    lead: str
    """The bold words or the post title that it starts with, or empty."""
    text: str
    """Plain text, lead included; nested bullets follow on lines of their own, `- ` before each,
    two spaces of indent per level."""
    links: tuple[Link, ...]
    """Its links and those of its nested bullets, in order."""
    bullets: int = Field(ge=0)
    """List items it holds, itself and nested ones; 0 for a paragraph."""
    activity: int | None = None
    """Reddit's activity or score, in votes; None where the issue gives none."""


class DroppedItem(Record):
    """Something that a stage left out, and why."""

    what: str
    """Story id, the id that the model gave, or what a page has too much of."""
    reason: Reason


class Issue(Record):
    """One parsed issue."""

    slug: str
    """`YY-MM-DD-title`."""
    title: str
    date: dt.date
    """Issue date: the slug's, else the page's own."""
    url: str
    """Public address of the issue."""
    description: str
    """The editors' own summary, plain text; may be empty."""
    tags: tuple[str, ...]
    """Companies, models, topics and people that the editors named, in their order."""
    mentions: tuple[Mention, ...]
    drops: tuple[DroppedItem, ...] = Field(default=(), exclude_if=lambda drops: not drops)
    """What the page has beyond the limits of a page."""


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
