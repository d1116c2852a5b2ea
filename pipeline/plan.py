"""What was asked for -> which issues are digested under which dates, and their pages.

The rules of DESIGN section 5: one digest per issue, none overwritten by another, nothing new is no
error. `publish` calls this first; what `outputs/` holds comes from `state`, the page from `fetch`.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from pipeline.errors import PageNotUnderstood, SourceStale
from pipeline.fetch import FetchLimits, SourceChain, SourceUrls, read_source, resolve_date
from pipeline.llm import Cache
from pipeline.records import IssueRef, Page, Record
from pipeline.settings import Settings
from pipeline.write import OutputsState, from_json, read_state

_MAX_TASKS_PER_NIGHT = 5


class Progress(Protocol):
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


class RunRequest(Record):
    """What the caller asked for; all unset is the nightly run."""

    date: dt.date | None = None
    """Digest date; also picks the issue where neither `issue` nor `source` does."""
    issue: str | None = None
    """Slug or URL of an issue."""
    source: str | None = None
    """File that holds the issue's page, `-` for standard input."""
    force: bool = False
    """Digest the newest issue although a digest of it exists."""
    refresh: tuple[str, ...] = ()
    """What is asked again: `select`, `translate`, or entries such as `news:3`."""

    @property
    def nightly(self) -> bool:
        """Whether nothing was named: what is new is wanted."""
        return self.date is None and self.issue is None and self.source is None


class DigestTask(Record):
    """One digest to be made, before its page was fetched."""

    slug: str
    """Slug of the issue."""
    date: dt.date
    """Digest date."""
    page: Page | None = None
    """The page, where it was given and need not be fetched."""
    stem: str | None = None
    """Name of its files without ending, where it is settled already."""
    memory: tuple[str, ...] | None = None
    """As in `Job`."""
    ignore_memory: bool = False
    """Whether the memory of its earlier version does not count."""


class PreparedJob(Record):
    """One digest to be made."""

    page: Page
    """The issue's page."""
    date: dt.date
    """Digest date."""
    stem: str
    """Name of its files in `outputs/`, without ending."""
    memory: tuple[str, ...] | None = None
    """Names of the earlier digests that its stories are compared with, those of the days before
    where it is None. A digest that is made again is compared with what it was compared with."""


@contextmanager
def open_sources(settings: Settings, cache: Cache) -> Iterator[SourceChain]:
    """Open the sources that the settings name."""
    addresses = SourceUrls(
        site=settings.site_url, upstream=settings.upstream_url, substack=settings.substack_url
    )
    limits = FetchLimits(
        timeout_s=settings.http_timeout_s,
        attempts=settings.http_attempts,
        max_page_bytes=settings.max_page_bytes,
    )
    with SourceChain(addresses, limits, pages=cache) as stand:
        yield stand


def plan_tasks(
    request: RunRequest,
    *,
    sources: SourceChain,
    settings: Settings,
    today: dt.date,
    progress: Progress,
    stdin: BinaryIO,
) -> tuple[DigestTask, ...]:
    """Decide which issues are digested under which dates, in the order of their making.

    Returns:
        One task; for the nightly run up to five, none where there is nothing new.

    Raises:
        SourceError: the issue is unknown, or there is no list of issues.
        SourceStale: there is nothing new, and has not been for too long.
    """
    known = _read_state_with_warnings(settings, progress)
    if request.source is not None:
        page = read_source(request.source, stdin, max_page_bytes=settings.max_page_bytes)
        day = _digest_date(request, page.slug, known, today)
        return (DigestTask(slug=page.slug, date=day, page=page, ignore_memory=request.force),)
    if request.nightly:
        return _plan_nightly(request, sources.list_issues(), known, settings, today, progress)
    slug = _resolve_slug(request, sources, known, settings.stale_after_days, progress)
    day = _digest_date(request, slug, known, today)
    earlier = known.find_by_issue(slug)
    if earlier and earlier.date != day:
        progress.note(f"issue {slug!r} is also told by the digest {earlier.stem}")
    return (DigestTask(slug=slug, date=day, ignore_memory=request.force),)


def fetch_job(
    task: DigestTask, *, sources: SourceChain, settings: Settings, progress: Progress
) -> PreparedJob:
    """Bring the page of a task, and name the files of its digest.

    Raises:
        SourceError: no source could serve the page.
    """
    progress.stage("fetch")
    page = task.page or sources.fetch(task.slug)
    progress.step()
    stem = task.stem or read_state(settings.outputs_dir).stem_for(task.slug, task.date)
    memory = task.memory
    if memory is None and not task.ignore_memory:
        memory = _read_memory(settings.outputs_dir / f"{stem}.json", task.slug)
    return PreparedJob(page=page, date=task.date, stem=stem, memory=memory)


def _read_memory(file: Path, slug: str) -> tuple[str, ...] | None:
    """Read what an earlier version of a digest was compared with."""
    try:
        found = from_json(file.read_text(encoding="utf-8")).provenance
    except (OSError, UnicodeDecodeError, PageNotUnderstood):
        return None
    return found.memory if found and found.slug == slug else None


def _read_state_with_warnings(settings: Settings, progress: Progress) -> OutputsState:
    known = read_state(settings.outputs_dir)
    for line in known.damaged:
        progress.note(f"{settings.outputs_dir}/{line}: not counted as a digest")
    return known


def _digest_date(request: RunRequest, slug: str, known: OutputsState, today: dt.date) -> dt.date:
    """Asking for the same issue again means its digest, whichever day it is by now."""
    earlier = known.find_by_issue(slug)
    return request.date or (earlier.date if earlier and not request.force else today)


def _resolve_slug(
    request: RunRequest,
    sources: SourceChain,
    known: OutputsState,
    stale_after_days: int,
    progress: Progress,
) -> str:
    """Name the issue that is meant by an issue's name or a digest date."""
    if request.issue is not None:
        return sources.resolve(request.issue)
    day = request.date or dt.date.max
    if made := known.find_by_date(day):
        return made.slug
    found = resolve_date(sources.list_issues(), day)
    if (gap := (day - found.date).days) > stale_after_days:
        progress.note(f"the newest issue up to {day} is {gap} days older: {found.slug!r}")
    return found.slug


def _plan_nightly(
    request: RunRequest,
    issues: Sequence[IssueRef],
    known: OutputsState,
    settings: Settings,
    today: dt.date,
    progress: Progress,
) -> tuple[DigestTask, ...]:
    """Name what is new: the newest issue under today's date, missed ones under their own."""
    newest = resolve_date(issues, dt.date.max)
    age = (today - newest.date).days
    stale = f"the newest issue, {newest.slug!r}, is {age} days old"
    is_stale = age > settings.stale_after_days
    missed = _missed_issues(issues, known, today - dt.timedelta(days=settings.catch_up_days))
    new = [newest] if request.force or known.find_by_issue(newest.slug) is None else []
    missed = [each for each in missed if each.slug != newest.slug]
    if new and is_stale:
        progress.note(f"{stale}: the newsletter may have stopped, or moved")
    room = _MAX_TASKS_PER_NIGHT - len(new)
    if request.force:
        missed = []
    if len(missed) > room:
        progress.note(
            f"{len(missed) - room} more issues wait for the next nights; "
            f"`ainews-digest backfill --since {missed[room].date}` makes them all at once"
        )
    tasks = [DigestTask(slug=each.slug, date=each.date) for each in missed[:room]]
    tasks += [DigestTask(slug=each.slug, date=today, ignore_memory=request.force) for each in new]
    if not tasks:
        made = known.find_by_issue(newest.slug)
        told = f"{newest.slug!r} was digested as {made.stem if made else '?'}"
        if is_stale:
            raise SourceStale(
                f"nothing new: {stale} and {told.partition(' ')[2]}; see whether the "
                "newsletter has moved, or raise AINEWS_STALE_AFTER_DAYS"
            )
        progress.note(f"nothing new: {told}; --force digests it again")
    return tuple(tasks)


def _missed_issues(
    issues: Sequence[IssueRef], known: OutputsState, since: dt.date
) -> list[IssueRef]:
    """List the issues that no digest tells, oldest first.

    Only those count that are younger than the oldest digest of these days, so that whoever begins
    today is not given last month; where all digests are older, these days count whole.
    """
    dates = {each.slug: each.date for each in issues}
    told = [dates[each.slug] for each in known.digests if each.slug in dates]
    if not told:
        return []
    start = min((day for day in told if day >= since), default=since)
    slugs = {each.slug for each in known.digests}
    missed = [each for each in issues if each.date >= start and each.slug not in slugs]
    # The feed lists the newest first: of two issues of one date the lower one came first.
    missed.reverse()
    return sorted(missed, key=lambda each: each.date)
