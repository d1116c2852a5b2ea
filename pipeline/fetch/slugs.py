"""The names of issues: slugs, the dates in them, and the addresses that they stand in.

Pure, and quick to load: most runs name an issue and read no list of them.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from pipeline.errors import IssueNotFound
from pipeline.records import IssueRef

_SLUG = re.compile(r"\d\d-\d\d-\d\d-[a-z0-9-]+")
_SLUG_DATE = re.compile(r"(?:[0-5]\d|6[0-8])-\d\d-\d\d", re.ASCII)
"""How a date in a slug is written; years from 69 on are of the last century."""
_ISSUE_URL = re.compile(
    rf"(?i:https?)://\S+?/(?:frozen-)?issues/({_SLUG.pattern})(?:\.html|\.md|/)?(?:[?#].*)?"
)
_SUGGESTIONS = 3


def parse_slug(slug_or_url: str) -> str | None:
    """Read the slug off a slug or an issue's address; None where there is none.

    The address may be the issue page's, the frozen page's or the upstream Markdown's, on any
    host: only its slug is used, and pages come from the configured sources alone.
    """
    slug_or_url = slug_or_url.strip()
    match = _ISSUE_URL.fullmatch(slug_or_url)
    slug = match[1] if match else slug_or_url
    return slug if _SLUG.fullmatch(slug) and slug_date(slug) else None


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
