"""What was asked for -> which issues are digested under which dates, and their pages.

One digest per issue, none overwritten by another, and nothing new is no error. `publish` calls this
first.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.errors import PageNotUnderstood, SourceStale
from pipeline.fetch import (
    SOURCES,
    FetchLimits,
    SourceChain,
    read_source,
    resolve_date,
    slug_date,
)
from pipeline.llm import Cache
from pipeline.parse import parse
from pipeline.progress import Progress
from pipeline.records import IssueRef, Page, Record
from pipeline.settings import Settings
from pipeline.storage import read_regular
from pipeline.write import OutputsState, from_json, read_state

_MAX_TASKS_PER_NIGHT = 5


class RunRequest(Record):
    """What the caller asked for; with nothing set it is the nightly run."""

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
        """Whether nothing was named, so that what is new is digested."""
        return self.date is None and self.issue is None and self.source is None


class DigestTask(Record):
    """One digest to make, whose page is not fetched yet."""

    slug: str
    date: dt.date
    page: Page | None = None
    """The page, where it was given."""
    stem: str | None = None
    """Name of its files without ending, where it is settled already."""
    memory: tuple[str, ...] | None = None
    """As in `PreparedJob`."""
    ignore_memory: bool = False
    """Whether the memory of its earlier version does not count."""


class PreparedJob(Record):
    """One digest to make, with its page."""

    page: Page
    date: dt.date
    stem: str
    """Name of its files in `outputs/`, without ending."""
    memory: tuple[str, ...] | None = None
    """Names of the earlier digests that its stories are compared with, those of the days before
    where it is None. A digest that is made again is compared with what it was compared with."""


@contextmanager
def open_sources(settings: Settings, cache: Cache | None = None) -> Iterator[SourceChain]:
    """Open the sources under the addresses that the settings give."""
    base_urls = {source.setting: getattr(settings, source.setting) for source in SOURCES}
    limits = FetchLimits(
        timeout_s=settings.http_timeout_s,
        attempts=settings.http_attempts,
        max_page_bytes=settings.max_page_bytes,
    )
    with SourceChain(base_urls, limits, pages=cache) as sources:
        yield sources


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
    state = read_state(settings.outputs_dir, settings.index_dir)
    for line in state.damaged:
        progress.note(f"{settings.outputs_dir}/{line}: not counted as a digest")
    if request.nightly:
        night = _Night(sources.list_issues(), state, settings, today, progress)
        return night.tasks(force=request.force)
    page = None
    if request.source is not None:
        page = read_source(request.source, stdin, max_page_bytes=settings.max_page_bytes)
        slug = page.slug
    else:
        slug = _resolve_slug(request, sources, state, settings.stale_after_days, progress)
    # The same issue again is the same digest, and an old issue is not today's news.
    known = state.find_by_issue(slug)
    day = request.date or (known.date if known else slug_date(slug) or _page_date(page, today))
    if page is None and known and known.date != day:
        progress.note(f"issue {slug!r} is also told by the digest {known.stem}")
    return (DigestTask(slug=slug, date=day, page=page, ignore_memory=request.force),)


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
    stem = task.stem
    if stem is None:
        known = read_state(settings.outputs_dir, settings.index_dir)
        stem = known.stem_for(task.slug, task.date)
    memory = task.memory
    if memory is None and not task.ignore_memory:
        memory = _read_memory(settings.outputs_dir / f"{stem}.json", task.slug)
    return PreparedJob(page=page, date=task.date, stem=stem, memory=memory)


def _page_date(page: Page | None, today: dt.date) -> dt.date:
    """Give the date that a page without one in its name says, or today's if it says none."""
    try:
        return parse(page).date if page else today
    except PageNotUnderstood:
        return today  # what is wrong with the page is said where it is digested


def _read_memory(file: Path, slug: str) -> tuple[str, ...] | None:
    """Read what an earlier version of a digest was compared with."""
    try:
        origin = from_json(read_regular(file).decode()).provenance
    except (OSError, UnicodeDecodeError, PageNotUnderstood):
        return None
    return origin.memory if origin and origin.slug == slug else None


def _resolve_slug(
    request: RunRequest,
    sources: SourceChain,
    state: OutputsState,
    stale_after_days: int,
    progress: Progress,
) -> str:
    """Name the issue that is meant by an issue's name or a digest date."""
    if request.issue is not None:
        return sources.resolve(request.issue)
    day = request.date or dt.date.max
    if digest := state.find_by_date(day):
        return digest.slug
    issue = resolve_date(sources.list_issues(), day)
    if (gap := (day - issue.date).days) > stale_after_days:
        progress.note(f"the newest issue up to {day} is {gap} days older: {issue.slug!r}")
    return issue.slug


class _Night:
    """The nightly run: the newest issue under today's date, missed ones under their own."""

    def __init__(
        self,
        issues: Sequence[IssueRef],
        state: OutputsState,
        settings: Settings,
        today: dt.date,
        progress: Progress,
    ) -> None:
        self._issues, self._state, self._settings = issues, state, settings
        self._today, self._progress = today, progress
        self._newest = resolve_date(issues, dt.date.max)
        age = (today - self._newest.date).days
        self._age = f"the newest issue, {self._newest.slug!r}, is {age} days old"
        self._is_stale = age > settings.stale_after_days

    def tasks(self, *, force: bool) -> tuple[DigestTask, ...]:
        """List what is new, missed issues first."""
        digest = self._state.find_by_issue(self._newest.slug)
        is_new = force or digest is None
        if is_new and self._is_stale:
            self._progress.note(f"{self._age}: the newsletter may have stopped, or moved")
        missed = () if force else self._missed(_MAX_TASKS_PER_NIGHT - is_new)
        tasks = [DigestTask(slug=issue.slug, date=issue.date) for issue in missed]
        if is_new:
            tasks.append(DigestTask(slug=self._newest.slug, date=self._today, ignore_memory=force))
        elif digest and not tasks:
            self._note_nothing_new(digest.stem)
        return tuple(tasks)

    def _missed(self, room: int) -> Sequence[IssueRef]:
        since = self._today - dt.timedelta(days=self._settings.catch_up_days)
        missed = [
            issue
            for issue in _missed_issues(self._issues, self._state, since)
            if issue.slug != self._newest.slug
        ]
        if len(missed) > room:
            self._progress.note(
                f"{len(missed) - room} more issues wait for the next nights; "
                f"`ainews-digest backfill --since {missed[room].date}` makes them all at once"
            )
        return missed[:room]

    def _note_nothing_new(self, stem: str) -> None:
        if self._is_stale:
            raise SourceStale(
                f"nothing new: {self._age} and was digested as {stem}; see whether the "
                "newsletter has moved, or raise AINEWS_STALE_AFTER_DAYS"
            )
        self._progress.note(
            f"nothing new: {self._newest.slug!r} was digested as {stem}; --force digests it again"
        )


def _missed_issues(
    issues: Sequence[IssueRef], state: OutputsState, since: dt.date
) -> list[IssueRef]:
    """List the issues that have no digest, oldest first.

    Only those count that are younger than the oldest digest of these days, so that whoever begins
    today is not given last month; where all digests are older, these days count whole.
    """
    dates = {issue.slug: issue.date for issue in issues}
    digested = [dates[digest.slug] for digest in state.digests if digest.slug in dates]
    if not digested:
        return []
    start = min((day for day in digested if day >= since), default=since)
    slugs = {digest.slug for digest in state.digests}
    missed = [issue for issue in issues if issue.date >= start and issue.slug not in slugs]
    # The feed lists the newest first: of two issues of one date the lower one came first.
    missed.reverse()
    return sorted(missed, key=lambda issue: issue.date)
