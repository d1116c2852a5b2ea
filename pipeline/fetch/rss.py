"""A feed's bytes -> its items; and the names of issues: dates, slugs, addresses.

Pure: no clock, no network, no disk.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from lxml import etree

from pipeline.dates import parse_internet_date
from pipeline.errors import IssueNotFound, SourceError
from pipeline.fetch.mending import mend_items, parse_xml
from pipeline.lines import get_logger
from pipeline.records import IssueRef

_SLUG = re.compile(r"\d\d-\d\d-\d\d-[a-z0-9-]+")
_SLUG_DATE = re.compile(r"(?:[0-5]\d|6[0-8])-\d\d-\d\d", re.ASCII)
"""How a date in a slug is written; years from 69 on are of the last century."""
_ISSUE_URL = re.compile(
    rf"(?i:https?)://\S+?/(?:frozen-)?issues/({_SLUG.pattern})(?:\.html|\.md|/)?(?:[?#].*)?"
)
_CONTENT_TAG = "{http://purl.org/rss/1.0/modules/content/}encoded"
_SUGGESTIONS = 3
_log = get_logger(__name__)


class FeedItem(NamedTuple):
    """One item of an RSS feed; what it lacks is empty."""

    title: str
    link: str
    published: date | None
    description: str
    content: str


def parse_slug(slug_or_url: str) -> str | None:
    """Read the slug off a slug or an issue's address; None where there is none.

    The address may be the issue page's, the frozen page's or the upstream Markdown's, on any
    host: only its slug is used, and pages come from the configured sources alone.
    """
    slug_or_url = slug_or_url.strip()
    match = _ISSUE_URL.fullmatch(slug_or_url)
    slug = match[1] if match else slug_or_url
    return slug if _SLUG.fullmatch(slug) and slug_date(slug) else None


def resolve_date(refs: Sequence[IssueRef], day: date) -> IssueRef:
    """Choose the newest issue dated `day` or earlier; of two on one date the feed's first.

    Raises:
        IssueNotFound: `day` is before the first issue; names the nearest ones.
    """
    due = [ref for ref in refs if ref.date <= day]
    if due:
        return max(due, key=lambda ref: ref.date)
    first = ", ".join(ref.slug for ref in sorted(refs, key=lambda ref: ref.date)[:_SUGGESTIONS])
    message = f"no issue is dated {day} or earlier; the nearest are: {first or 'none at all'}"
    raise IssueNotFound(message)


def read_feed(body: bytes, url: str) -> tuple[FeedItem, ...]:
    """Read an RSS feed's items, in its order.

    One that is no XML is read item by item, with a warning.

    Raises:
        SourceError: it holds no item that can be read; names `url`.
    """
    items: list[etree._Element] = []
    try:
        # UTF-8 goes before what the feed declares, as in pages.
        feed = parse_xml(body, encoding="utf-8" if _is_utf8(body) else None)
    except etree.XMLSyntaxError as error:
        why = error.msg
    else:
        items = list(feed.iter("item"))
        # Where an entity stands, lxml gives only the words before it.
        why = "" if next(feed.iter(etree.Entity), None) is None else "it has entities"
    if why:
        mended, lost = mend_items(body)
        if not items and not mended:
            raise SourceError(f"{url} is not a readable feed ({why})")
        gaps = f", {lost} of {lost + len(mended)} could not be" if lost else ""
        _log.warning("%s is no clean XML (%s): its items were read one by one%s", url, why, gaps)
        items = mended or items
    return tuple(
        FeedItem(
            title=item.findtext("title", "").strip(),
            link=item.findtext("link", "").strip(),
            published=_parse_date(item.findtext("pubDate", "")),
            description=item.findtext("description", "").strip(),
            content=item.findtext(_CONTENT_TAG, ""),
        )
        for item in items
    )


def issue_not_found(slug_or_url: str, slugs: Sequence[str]) -> IssueNotFound:
    """Make the error for an issue that no source knows, with the nearest slugs."""
    from rapidfuzz import process

    nearest = ", ".join(
        slug for slug, *_ in process.extract(slug_or_url, slugs, limit=_SUGGESTIONS)
    )
    message = (
        f"no source knows an issue {slug_or_url!r}; the nearest are: {nearest or 'none at all'}"
    )
    return IssueNotFound(message)


def slug_date(slug: str) -> date | None:
    """Read the date off a slug; None where it has none."""
    try:
        # As all slugs are written, and ten times as quick as what reads the others.
        if _SLUG_DATE.match(slug):
            return date.fromisoformat(f"20{slug[:8]}")
        return datetime.strptime(slug[:8], "%y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        return None


def slugify(title: str) -> str:
    """Write a title as the site's slugs are written."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['’]", "", title.lower())).strip("-")


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in body[:4]  # else UTF-16, which ASCII in it makes look like UTF-8


def _parse_date(text: str) -> date | None:
    found = parse_internet_date(text)
    return found.date() if found else None
