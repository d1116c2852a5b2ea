"""What was asked for -> which issues are digested under which dates, and their pages.

One digest per issue, none overwritten by another, and nothing new is no error. `publish` calls this
first.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.clock import check_clock, check_digest_date
from pipeline.errors import DigestError, PageNotUnderstood, SettingsError, SourceStale
from pipeline.fetch import (
    SOURCES,
    FetchLimits,
    SourceChain,
    read_source,
    resolve_date,
    slug_date,
)
from pipeline.lines import counted
from pipeline.llm import Cache
from pipeline.progress import Progress
from pipeline.records import IssueRef, Page, Record
from pipeline.settings import Settings
from pipeline.storage import read_regular
from pipeline.typed_command import typed_command
from pipeline.write import DamagedDigest, OutputsState, read_head, read_state

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
    """Prompts that are asked again: `select`, `translate`, `proofread`."""
    may_change_model: Callable[[str], bool] = lambda _said: False
    """Asked before another model than the one that made a digest is asked again."""

    unattended: bool = False
    """Whether nobody looks on; a nightly run has to have its model named then."""

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
    force: bool = False
    """Whether it is made whatever is there: the memory of its earlier version does not count, and
    changes by hand in its Markdown are written over."""


class PreparedJob(Record):
    """One digest to make, with its page."""

    page: Page
    date: dt.date
    stem: str
    """Name of its files in `outputs/`, without ending."""
    memory: tuple[str, ...] | None = None
    """Names of the earlier digests that its stories are compared with, those of the days before
    where it is None. A digest that is made again is compared with what it was compared with."""
    force: bool = False
    """As in `DigestTask`."""


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
        SettingsError: the embedded model is not wanted in a night that nobody looks on at; or a new
            digest would be dated long after today, and nothing is forced.
        SourceError: the issue is unknown, or there is no list of issues.
        SourceStale: there is nothing new, and has not been for too long.
        PageNotUnderstood: the digest that is named is damaged, and nothing is forced.
    """
    state = read_state(settings.outputs_dir, settings.index_dir)
    if request.nightly:
        _warn_of_damaged(request, state, settings, progress)
        if request.unattended:
            require_model_of_night(settings)
        issues = sources.list_issues()
        check_clock(today, (*_issue_dates(state), *(issue.date for issue in issues)))
        return _Night(issues, state, settings, today, progress).tasks(force=request.force)
    _check_date(request, state, today, progress)
    page = None
    if request.source is not None:
        page = read_source(request.source, stdin, max_page_bytes=settings.max_page_bytes)
        slug = page.slug
    else:
        slug = _resolve_slug(request, sources, state, settings.stale_after_days, progress)
    _warn_of_damaged(request, state, settings, progress, but=slug)
    # The same issue again is the same digest, and an old issue is not today's news.
    known = state.find_by_issue(slug) or state.find_orphan(slug)
    day = request.date or (known.date if known else slug_date(slug) or _page_date(page, today))
    if not request.force and (known is None or known.date != day):
        check_digest_date(day, today)
    if page is None and known and known.date != day:
        progress.note(f"issue {slug!r} is also told by the digest {known.stem}")
    damaged = None if state.find_by_issue(slug) else state.find_damaged(slug)
    if damaged and not request.force:
        raise damaged_error(damaged, settings.outputs_dir, request.source)
    stem = damaged.stem if damaged else None
    return (DigestTask(slug=slug, date=day, page=page, stem=stem, force=request.force),)


def _warn_of_damaged(
    request: RunRequest,
    state: OutputsState,
    settings: Settings,
    progress: Progress,
    but: str | None = None,
) -> None:
    """Name the damaged digests that a run leaves alone, but for the one that it is refused for."""
    for hurt in state.damaged if not request.force else ():
        counts = "its issue is not digested again" if hurt.slug else "not counted as a digest"
        if but is None or hurt.slug != but:
            progress.note(f"warning: {settings.outputs_dir}/{hurt.line}: {counts}")


def _check_date(
    request: RunRequest, state: OutputsState, today: dt.date, progress: Progress
) -> None:
    """Note a digest date in the future; without one the clock has to be right."""
    day = request.date
    if day is None:
        check_clock(today, _issue_dates(state))
    elif day > today:
        if not request.force and not state.find_by_date(day):
            check_digest_date(day, today)
        ahead = counted((day - today).days, "day")
        progress.note(f"warning: the digest date {day} lies {ahead} in the future")


def require_model_of_night(settings: Settings) -> None:
    """Refuse the embedded model where nobody looks on: the key may have been lost with `.env`.

    Raises:
        SettingsError: neither a key nor a server is set, and the embedded model is not wanted.
    """
    if settings.embedded and not settings.allow_embedded:
        raise SettingsError(
            "neither OPENAI_API_KEY nor OPENAI_BASE_URL is set (is .env gone?), and a scheduled "
            "run does not publish what the embedded model tells: set one of them, or "
            "AINEWS_ALLOW_EMBEDDED=1"
        )


def damaged_error(hurt: DamagedDigest, outputs: Path, source: str | None = None) -> DigestError:
    """Say that a digest is damaged or closed to this user, and how it comes back."""
    hurt = hurt.model_copy(update={"source": source or ""})
    kind = SettingsError if hurt.kind == "locked" else PageNotUnderstood
    return kind(f"{outputs}/{hurt.line}: {hurt.remedy}")


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
    if memory is None and not task.force:
        memory = _read_memory(settings.outputs_dir / f"{stem}.json", task.slug)
    return PreparedJob(page=page, date=task.date, stem=stem, memory=memory, force=task.force)


def _issue_dates(state: OutputsState) -> Iterator[dt.date]:
    """Give the dates of the issues that were digested; a digest's own may be any, by hand."""
    return (day for digest in state.digests if (day := slug_date(digest.slug)))


def _page_date(page: Page | None, today: dt.date) -> dt.date:
    """Give the date that a page without one in its name says, or today's if it says none."""
    if page is None:
        return today
    from pipeline.parse import parse

    try:
        return parse(page).date
    except PageNotUnderstood:
        return today  # what is wrong with the page is said where it is digested


def _read_memory(file: Path, slug: str) -> tuple[str, ...] | None:
    """Read what an earlier version of a digest was compared with."""
    try:
        head = read_head(read_regular(file))
    except OSError:
        return None
    return head.memory if head and head.slug == slug else None


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
    hurt = [(one.stem, one.slug) for one in state.damaged]
    hurt += [(one.stem, one.slug) for one in state.orphans]
    named = (slug for stem, slug in hurt if stem.startswith(day.isoformat()))
    if slug := next(filter(None, named), None):
        return slug
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
        hurt = None if digest else self._state.find_damaged(self._newest.slug)
        is_new = force or (digest is None and hurt is None)
        if is_new and self._is_stale:
            self._progress.note(f"warning: {self._age}: the newsletter may have stopped, or moved")
        missed = () if force else self._missed(_MAX_TASKS_PER_NIGHT - is_new)
        tasks = [DigestTask(slug=one.slug, date=self._day(one.slug, one.date)) for one in missed]
        if is_new:
            day = hurt.date if hurt and hurt.date else self._day(self._newest.slug, self._today)
            tasks.append(DigestTask(slug=self._newest.slug, date=day, force=force))
        elif digest and not tasks:
            self._note_nothing_new(digest.stem)
        return tuple(tasks)

    def _day(self, slug: str, otherwise: dt.date) -> dt.date:
        """Give the date of the Markdown that an issue has without its JSON."""
        orphan = self._state.find_orphan(slug)
        return orphan.date if orphan else otherwise

    def _missed(self, room: int) -> Sequence[IssueRef]:
        since = self._today - dt.timedelta(days=self._settings.catch_up_days)
        missed = [
            issue
            for issue in _missed_issues(self._issues, self._state, since)
            if issue.slug != self._newest.slug
        ]
        # What may be refused takes no room from what can be made.
        missed.sort(key=lambda issue: self._state.find_orphan(issue.slug) is not None)
        if len(missed) > room:
            backfill = typed_command("backfill", "--since", str(missed[room].date))
            self._progress.note(
                f"{len(missed) - room} more issues wait for the next nights; "
                f"`{backfill}` makes them all at once"
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
    known = [*(one.slug for one in state.digests), *(one.slug for one in state.orphans)]
    digested = [dates[slug] for slug in known if slug in dates]
    if not digested:
        return []
    start = min((day for day in digested if day >= since), default=since)
    slugs = {*(digest.slug for digest in state.digests), *(hurt.slug for hurt in state.damaged)}
    missed = [issue for issue in issues if issue.date >= start and issue.slug not in slugs]
    # The feed lists the newest first: of two issues of one date the lower one came first.
    missed.reverse()
    return sorted(missed, key=lambda issue: issue.date)
