"""One partition: an issue date -> the digests that tell its issues.

Over `backfill.one_day`, which makes what no digest tells yet, and over `publish.run`, the command
`run`, where a digest is to be made again. Which issues are due is `obtain.agenda`'s, the night's.
"""

import datetime as dt
import io
from collections.abc import Iterator

from pipeline.batch.backfill import Quiet, Watch, one_day
from pipeline.batch.outcome import Outcome
from pipeline.errors import DigestError, IssueNotFound, SourceStale
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import Bill, called
from pipeline.plan import Task, Wanted, agenda, newsstand
from pipeline.publish import ONE_ISSUE, run
from pipeline.records import Digest, Record
from pipeline.settings import Settings
from pipeline.write.files import load
from pipeline.write.state import state

WORDS = {
    1: "not published",
    2: "setting",
    3: "source",
    4: "page",
    5: "model",
    6: "writing",
}
"""What an exit code says, in a word or two."""


class Told(Record):
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


class Day(Record):
    """What became of one date."""

    told: tuple[Told, ...] = ()
    """Its digests, by name; none where the date has no issue."""
    failed: tuple[Outcome, ...] = ()
    """Its issues that no digest tells, each with the reason."""
    closed: bool = False
    """Whether it has no issue and will have none: the feed has gone on to later dates."""


def digest_day(
    day: dt.date,
    *,
    older_than: dt.date | None,
    again: bool,
    settings: Settings,
    watch: Watch,
) -> Day:
    """Digest the issues of one date that no digest tells yet.

    A story is compared with the digests of issues older than `older_than`, never with those that
    others of one backfill may be making: the bytes do not depend on who ends first.

    Args:
        day: issue date.
        older_than: first date of the range that is worked on; None where the date is alone.
        again: whether digests that exist are made again, as the command `run` would: from the
            answers that are kept, compared with what they were compared with.
        settings: the settings.
        watch: where progress is told.

    Raises:
        SourceStale: there is no issue of that date, and has been none for too long.
        SourceError: there is no list of issues.
    """
    try:
        report = one_day(day, older_than=older_than, settings=settings, watch=watch)
    except IssueNotFound:
        return Day(closed=_closed(day, settings))
    outcomes = report.outcomes
    if again:
        outcomes = tuple(
            _again(each, settings, watch) if each.ending == "skipped" else each for each in outcomes
        )
    return Day(
        told=tuple(sorted(_told(outcomes, settings), key=lambda each: each.stem)),
        failed=tuple(each for each in outcomes if each.ending in {"failed", "not tried"}),
    )


def due(settings: Settings, today: dt.date, watch: Watch) -> tuple[Task, ...]:
    """List the issues that a nightly run would digest now, oldest first.

    Raises:
        SourceStale: there is nothing new, and has not been for too long.
        SourceError: there is no list of issues.
    """
    show = Quiet("feed", watch)
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        newsstand(settings, cache) as stand,
    ):
        return agenda(
            Wanted(), stand=stand, settings=settings, today=today, show=show, stdin=io.BytesIO()
        )


def newest(settings: Settings) -> tuple[str, dt.date]:
    """Name the issue on top of the feed, and its date; asks only whether the feed has changed.

    Raises:
        SourceError: there is no list of issues, or nothing in it.
    """
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        newsstand(settings, cache) as stand,
    ):
        refs = stand.issues()
    if not refs:
        raise IssueNotFound(f"the list of issues is empty: see {settings.site_url}rss.xml")
    last = max(refs, key=lambda ref: ref.date)
    return last.slug, last.date


def _closed(day: dt.date, settings: Settings) -> bool:
    """Tell a day off that is over from one whose issue may still come, and from a silent feed."""
    slug, last = newest(settings)
    age = (day - last).days
    if age > settings.stale_after_days:
        raise SourceStale(
            f"no issue is dated {day}, and the newest, {slug!r}, is {age} days older; see whether "
            "the newsletter has moved, or raise AINEWS_STALE_AFTER_DAYS"
        )
    return last > day


def _again(outcome: Outcome, settings: Settings, watch: Watch) -> Outcome:
    known = state(settings.outputs_dir).of_issue(outcome.slug)
    wanted = Wanted(issue=outcome.slug, date=known.date if known else outcome.date)
    show = Quiet(outcome.slug, watch)
    try:
        for made in run(
            wanted, settings=settings, today=outcome.date, show=show, stdin=io.BytesIO()
        ):
            show.note("made again, " + ("with changes" if made.changed else "the same bytes"))
    except ONE_ISSUE as error:
        return _failure(outcome, error)
    return outcome.model_copy(update={"ending": "done", "reason": ""})


def _failure(outcome: Outcome, error: DigestError) -> Outcome:
    return outcome.model_copy(
        update={"ending": "failed", "reason": str(error), "exit_code": error.exit_code}
    )


def _told(outcomes: tuple[Outcome, ...], settings: Settings) -> Iterator[Told]:
    known = state(settings.outputs_dir)
    with Cache(settings.cache_dir / "cache.sqlite") as cache:
        bills = cache.bills()
    for outcome in outcomes:
        made = known.of_issue(outcome.slug)
        if made is None or outcome.ending in {"failed", "not tried"}:
            continue
        text = (settings.outputs_dir / f"{made.stem}.json").read_text(encoding="utf-8")
        markdown = (settings.outputs_dir / f"{made.stem}.md").read_text(encoding="utf-8")
        yield Told(
            stem=made.stem,
            digest=load(text),
            markdown=markdown,
            bill=bills.get(called(made.date, made.slug)),
            new=outcome.ending != "skipped",
        )
