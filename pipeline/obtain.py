"""What was asked for -> the page of one issue, and the digest date it belongs to.

The rules of DESIGN section 5: one digest per issue, none overwritten by another, nothing new is no
error. `run` calls this first; what `outputs/` holds comes from `state`, the page from `fetch`.
"""

import datetime as dt
from collections.abc import Callable
from typing import BinaryIO, Protocol

from pipeline.cache import Cache
from pipeline.errors import SourceStale
from pipeline.fetch import Addresses, Limits, Newsstand, read_source, resolve_date
from pipeline.records import Page, Record
from pipeline.settings import Settings
from pipeline.state import State, state


class Show(Protocol):
    """Where a run tells how far it is."""

    def stage(self, name: str, total: int = 1) -> None:
        """Begin a stage of so many steps."""

    def step(self, done: int = 1) -> None:
        """Count steps of the stage as done."""

    def note(self, line: str) -> None:
        """Say something that the reader of the run should know."""

    def watch(self, spent: Callable[[], str]) -> None:
        """Learn how to find out what the run has cost so far."""

    def bytes(self, what: str, done: int, total: int) -> None:
        """Tell how far a large file is."""


class Wanted(Record):
    """What the caller asked for; all unset is the nightly run."""

    date: dt.date | None = None
    """Digest date; also picks the issue where neither `issue` nor `source` does."""
    issue: str | None = None
    """Slug or URL of an issue."""
    source: str | None = None
    """File that holds the issue's page, `-` for standard input."""
    force: bool = False
    """Digest the newest issue although a digest of it exists."""


class Job(Record):
    """One digest to be made."""

    page: Page
    """The issue's page."""
    date: dt.date
    """Digest date."""
    stem: str
    """Name of its files in `outputs/`, without ending."""


def obtain(
    wanted: Wanted, *, settings: Settings, cache: Cache, today: dt.date, show: Show, stdin: BinaryIO
) -> Job | None:
    """Decide which issue is digested under which date, and bring its page.

    Returns:
        The job, or None when there is nothing new.

    Raises:
        SourceError: the issue is unknown, or no source could be read.
        SourceStale: there is nothing new, and has not been for too long.
    """
    known = state(settings.outputs_dir)
    for line in known.damaged:
        show.note(f"{settings.outputs_dir}/{line}: not counted as a digest")
    show.stage("fetch")
    if wanted.source is not None:
        page = read_source(wanted.source, stdin, max_page_bytes=settings.max_page_bytes)
    else:
        addresses = Addresses(
            site=settings.site_url, upstream=settings.upstream_url, substack=settings.substack_url
        )
        limits = Limits(
            timeout_s=settings.http_timeout_s,
            attempts=settings.http_attempts,
            max_page_bytes=settings.max_page_bytes,
        )
        with Newsstand(addresses, limits, pages=cache) as stand:
            slug = _slug(wanted, stand, known, today, settings.stale_after_days, show)
            if slug is None:
                return None
            page = stand.fetch(slug)
    show.step()
    earlier = known.of_issue(page.slug)
    # Asking for the same issue again means its digest, whichever day it is by now.
    day = wanted.date or (earlier.date if earlier and not wanted.force else today)
    if earlier and earlier.date != day:
        show.note(f"issue {page.slug!r} is also told by the digest {earlier.stem}")
    return Job(page=page, date=day, stem=known.stem_for(page.slug, day))


def _slug(
    wanted: Wanted,
    stand: Newsstand,
    known: State,
    today: dt.date,
    stale_after_days: int,
    show: Show,
) -> str | None:
    """Name the issue that is wanted, or None when the newest one was digested already."""
    if wanted.issue is not None:
        return stand.resolve(wanted.issue)
    if wanted.date is not None:
        if made := known.of_date(wanted.date):
            return made.slug
        found = resolve_date(stand.issues(), wanted.date)
        if (gap := (wanted.date - found.date).days) > stale_after_days:
            show.note(f"the newest issue up to {wanted.date} is {gap} days older: {found.slug!r}")
        return found.slug
    newest = resolve_date(stand.issues(), dt.date.max)
    age = (today - newest.date).days
    stale = f"the newest issue, {newest.slug!r}, is {age} days old"
    made = known.of_issue(newest.slug)
    if made is None or wanted.force:
        if age > stale_after_days:
            show.note(f"{stale}: the newsletter may have stopped, or moved")
        return newest.slug
    if age > stale_after_days:
        raise SourceStale(
            f"nothing new: {stale} and was digested as {made.stem}; see whether the "
            "newsletter has moved, or raise AINEWS_STALE_AFTER_DAYS"
        )
    show.note(f"nothing new: {newest.slug!r} was digested as {made.stem}; --force digests it again")
    return None
