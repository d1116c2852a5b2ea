"""A parsed issue and its mentions."""

import datetime as dt

from pydantic import Field

from pipeline.records.base import IssuePart, Record
from pipeline.records.reasons import Reason


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
