"""One partition: an issue date -> the digests of its issues.

Over `backfill_day`, which makes what has no digest yet, and over `run_request`, the command `run`,
where a digest is to be made again. Which issues are due is for `plan_tasks`, as every night.
"""

import datetime as dt
import io
from collections.abc import Iterator

from pipeline.batch import IssueOutcome, backfill_day
from pipeline.errors import IssueNotFound, SourceStale
from pipeline.llm import Bill, Cache, Ledger, digest_key
from pipeline.plan import (
    DigestTask,
    RunRequest,
    open_sources,
    plan_tasks,
    require_model_of_night,
)
from pipeline.progress import BatchProgress, NullProgress
from pipeline.publish import SINGLE_ISSUE_ERRORS, run_request
from pipeline.records import Digest, Record
from pipeline.settings import Settings
from pipeline.storage import read_regular
from pipeline.write import from_json, read_state

EXIT_CODE_NAMES = {
    1: "not published",
    2: "setting",
    3: "source",
    4: "page",
    5: "model",
    6: "writing",
    70: "fault",
}
"""What an exit code says, in a word or two."""


class DayDigest(Record):
    """One digest of the date, made now or before."""

    stem: str
    """Its files' name without ending."""
    digest: Digest
    """The digest."""
    markdown: str
    """The same for readers."""
    bill: Bill | None
    """What this machine has paid for it; None where nothing is written down."""
    new: bool
    """Whether it was made now."""


class DayResult(Record):
    """What became of one date."""

    digests: tuple[DayDigest, ...] = ()
    """Its digests, by name; none where the date has no issue."""
    failed: tuple[IssueOutcome, ...] = ()
    """Its issues without a digest, each with the reason."""
    closed: bool = False
    """Whether it has no issue and will have none: the feed has gone on to later dates."""


def digest_day(
    day: dt.date,
    *,
    older_than: dt.date | None,
    again: bool,
    settings: Settings,
    progress: BatchProgress,
) -> DayResult:
    """Digest the issues of one date that have no digest yet.

    A story is compared with the digests of issues older than `older_than`, never with those that
    others of one backfill may be making: the bytes do not depend on who ends first. `older_than` is
    the first date of the range that is worked on; None where the date is alone. With `again`
    digests that exist are made again, as the command `run` would: from the answers that are kept,
    compared with what they were compared with.

    Raises:
        SettingsError: the embedded model would tell it, and is not wanted.
        SourceStale: there is no issue of that date, and has been none for too long.
        SourceError: there is no list of issues.
    """
    require_model_of_night(settings)
    try:
        report = backfill_day(day, older_than=older_than, settings=settings, progress=progress)
    except IssueNotFound:
        return DayResult(closed=_is_closed(day, settings))
    outcomes = report.outcomes
    if again:
        outcomes = tuple(
            _remake(outcome, settings, progress) if outcome.status == "skipped" else outcome
            for outcome in outcomes
        )
    return DayResult(
        digests=tuple(sorted(_day_digests(outcomes, settings), key=lambda made: made.stem)),
        failed=tuple(outcome for outcome in outcomes if outcome.status in {"failed", "not tried"}),
    )


def due_tasks(
    settings: Settings, today: dt.date, progress: BatchProgress
) -> tuple[DigestTask, ...]:
    """List the issues that a nightly run would digest now, oldest first.

    Raises:
        SourceStale: there is nothing new, and has not been for too long.
        SourceError: there is no list of issues.
    """
    notes = NullProgress(progress.note, name="feed")
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        open_sources(settings, cache) as sources,
    ):
        return plan_tasks(
            RunRequest(),
            sources=sources,
            settings=settings,
            today=today,
            progress=notes,
            stdin=io.BytesIO(),
        )


def newest_issue(settings: Settings) -> tuple[str, dt.date]:
    """Name the issue on top of the feed, and its date; asks only whether the feed has changed.

    Raises:
        SourceError: there is no list of issues, or nothing in it.
    """
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        open_sources(settings, cache) as sources,
    ):
        refs = sources.list_issues()
    if not refs:
        raise IssueNotFound("the list of issues is empty: see rss.xml below AINEWS_SITE_URL")
    last = max(refs, key=lambda ref: ref.date)
    return last.slug, last.date


def _is_closed(day: dt.date, settings: Settings) -> bool:
    """Say whether a day off is over: its issue cannot come any more, and the feed is not silent."""
    slug, last = newest_issue(settings)
    age = (day - last).days
    if age > settings.stale_after_days:
        raise SourceStale(
            f"no issue is dated {day}, and the newest, {slug!r}, is {age} days older; see whether "
            "the newsletter has moved, or raise AINEWS_STALE_AFTER_DAYS"
        )
    return last > day


def _remake(outcome: IssueOutcome, settings: Settings, progress: BatchProgress) -> IssueOutcome:
    known = read_state(settings.outputs_dir, settings.index_dir).find_by_issue(outcome.slug)
    request = RunRequest(issue=outcome.slug, date=known.date if known else outcome.date)
    notes = NullProgress(progress.note, name=outcome.slug)
    try:
        for made in run_request(
            request,
            settings=settings,
            today=outcome.date,
            progress=notes,
            stdin=io.BytesIO(),
        ):
            notes.note("made again, " + ("with changes" if made.changed else "the same bytes"))
    except SINGLE_ISSUE_ERRORS as error:
        return outcome.failed(error)
    return outcome.model_copy(update={"status": "done", "reason": ""})


def _day_digests(outcomes: tuple[IssueOutcome, ...], settings: Settings) -> Iterator[DayDigest]:
    known = read_state(settings.outputs_dir, settings.index_dir)
    with Cache(settings.cache_dir / "cache.sqlite") as cache:
        bills = Ledger(cache).digest_bills()
    for outcome in outcomes:
        made = known.find_by_issue(outcome.slug)
        if made is None or outcome.status in {"failed", "not tried"}:
            continue
        text = read_regular(settings.outputs_dir / f"{made.stem}.json").decode()
        markdown = read_regular(settings.outputs_dir / f"{made.stem}.md").decode()
        yield DayDigest(
            stem=made.stem,
            digest=from_json(text),
            markdown=markdown,
            bill=bills.get(digest_key(made.date, made.slug)),
            new=outcome.status != "skipped",
        )
