"""Many issues: all of a range of dates that no digest tells yet, several at once.

All issues share one model, and with it one limit of questions in flight, one receipt and one
budget. What goes wrong with one issue stops no other; what goes wrong with the model or the disk
lets the issues on their way end, and begins no new one. Where it was left, it goes on when it is
run again: digested issues are skipped, and answers come from the cache.

A story is compared with the digests that are older than the range, never with those of the range:
else a digest would depend on which of its neighbours happened to be finished first.
"""

import ctypes
import datetime as dt
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import NamedTuple, Protocol

from pipeline.batch.outcome import Ending, Outcome
from pipeline.batch.rounds import BatchReport, fill
from pipeline.errors import DigestError, IssueNotFound
from pipeline.fetch.chain import Newsstand
from pipeline.fetch.rss import slug_date
from pipeline.llm.cache import Cache
from pipeline.llm.factory import open_model, sizes
from pipeline.llm.fallback import Asked
from pipeline.llm.ledger import called
from pipeline.llm.model import Model, Receipt
from pipeline.ops.estimate import Estimate, estimated
from pipeline.plan import Show, Task, fetch_job, newsstand
from pipeline.publish import ONE_ISSUE, publish
from pipeline.records import Record
from pipeline.run import Start, begin
from pipeline.settings import Settings
from pipeline.write.lock import alone
from pipeline.write.state import State, state


class Report(Record):
    """What became of a range of issues."""

    outcomes: tuple[Outcome, ...]
    """One per issue, oldest first."""
    receipt: Receipt | None
    """What it cost; None where nothing was asked."""
    batch: BatchReport | None = None
    """What came by batch, where that was wanted."""

    def count(self, ending: Ending) -> int:
        """Count the issues that ended so."""
        return sum(outcome.ending == ending for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """The code of the first failure, 0 where there is none."""
        return next((outcome.exit_code for outcome in self.outcomes if outcome.exit_code), 0)


class Span(Record):
    """Which issues are made, and what they are compared with."""

    since: dt.date
    """First issue date."""
    until: dt.date
    """Last issue date."""
    older_than: dt.date
    """Only digests of issues older than this are what their stories are compared with."""


class Watch(Protocol):
    """Where a backfill tells how far it is."""

    def begin(self, total: int, spent: Callable[[], str]) -> None:
        """Learn how many issues there are, and how to find out what they have cost so far."""

    def ended(self, outcome: Outcome) -> None:
        """Learn what became of one issue."""

    def note(self, line: str) -> None:
        """Say something that the reader should know."""


class Quiet:
    """The stages of one issue among many are not shown; its notes are, under its name."""

    def __init__(self, slug: str, watch: Watch) -> None:
        self._slug = slug
        self._watch = watch

    def stage(self, name: str, total: int = 1) -> None:
        """Show nothing."""

    def step(self, done: int = 1) -> None:
        """Show nothing."""

    def note(self, line: str) -> None:
        """Say which issue it is about."""
        self._watch.note(f"{self._slug}: {line}")

    def watch(self, spent: Callable[[], str]) -> None:
        """Leave that to the whole."""

    def bytes(self, what: str, done: int, total: int) -> None:
        """Show nothing."""


def backfill(
    since: dt.date,
    until: dt.date,
    *,
    settings: Settings,
    watch: Watch,
    jobs: int | None = None,
    batch: bool = False,
) -> Report:
    """Digest the issues of a range of dates, each under its own date.

    Args:
        since: first issue date.
        until: last issue date.
        settings: the settings.
        watch: where progress is told.
        jobs: how many issues are open at once, 1-64; by default three for every eight questions
            that may be in flight, and at least two.
        batch: whether choosing and telling go through the provider's Batch API first.

    Returns:
        What became of each issue.

    Raises:
        IssueNotFound: the range has no issue.
        SourceError: there is no list of issues.
        DigestError: batches are not to be had.
    """
    span = Span(since=since, until=until, older_than=since)
    return _fill(span, settings=settings, watch=watch, jobs=jobs, batch=batch)


def one_day(
    day: dt.date, *, older_than: dt.date | None = None, settings: Settings, watch: Watch
) -> Report:
    """Digest the issues of one date, which may be one of many that others work on meanwhile.

    Args:
        day: issue date.
        older_than: first issue date of all those; the day itself where it is alone. Together they
            give the same bytes as `backfill` gives for their range, whoever ends first.
        settings: the settings.
        watch: where progress is told.

    Raises:
        IssueNotFound, SourceError: as `backfill`.
    """
    span = Span(since=day, until=day, older_than=min(older_than or day, day))
    return _fill(span, settings=settings, watch=watch)


def _fill(
    span: Span,
    *,
    settings: Settings,
    watch: Watch,
    jobs: int | None = None,
    batch: bool = False,
) -> Report:
    _share_memory()
    how = sizes(settings)
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_dir / "cache.sqlite"))
        stand = stack.enter_context(newsstand(settings, cache))
        told, tasks = _plan(stand, span, settings)
        name = f"backfill {span.since}..{span.until}"
        model = stack.enter_context(open_model(settings, cache, lambda *_: None, run=name))
        watch.begin(len(told) + len(tasks), lambda: model.receipt().brief())
        for outcome in told:
            watch.ended(outcome)
        pools = _Pools(
            asking=stack.enter_context(_pool(how.in_flight, "ask")),
            # Python computes in one thread at a time. One for all spares them the wrangling, and
            # the memory that each thread keeps of the largest page it has read.
            computing=stack.enter_context(_pool(1, "ask-compute")),
        )
        issues = stack.enter_context(_pool(jobs or max(2, how.in_flight * 3 // 8), "ask-issue"))
        desk = _Desk(settings, stand, model, pools, watch)
        brought = None
        if batch and tasks:
            begin_all = [partial(desk.begin, task) for task in tasks]
            show = Quiet("batch", watch)
            brought = fill(begin_all, model=model, cache=cache, show=show, each=issues.map)
        ended = [*told, *desk.all(tasks, issues)]
        return Report(
            outcomes=tuple(sorted(ended, key=lambda each: each.date)),
            receipt=model.receipt() if tasks else None,
            batch=brought,
        )


def foretell(
    since: dt.date, until: dt.date, *, settings: Settings, show: Show
) -> Iterator[tuple[Task, Estimate | DigestError]]:
    """Count what a backfill would ask, issue by issue, asking nothing; the pages are fetched.

    Raises:
        IssueNotFound, SourceError: as `backfill`.
    """
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        newsstand(settings, cache) as stand,
    ):
        span = Span(since=since, until=until, older_than=since)
        _, tasks = _plan(stand, span, settings)
        for task in tasks:
            try:
                yield task, estimated(task, stand=stand, settings=settings, show=show)
            except ONE_ISSUE as error:
                yield task, error


def _plan(stand: Newsstand, span: Span, settings: Settings) -> tuple[list[Outcome], list[Task]]:
    """Part the issues of the range into those that are told and those to be made, oldest first."""
    since, until, first = span.since, span.until, span.older_than
    refs = [ref for ref in reversed(stand.issues()) if since <= ref.date <= until]
    if not refs:
        raise IssueNotFound(
            f"no issue is dated {since} to {until}: see `ainews-digest status --since {since}`"
        )
    known: State = state(settings.outputs_dir)
    memory = tuple(made.stem for made in known.digests if (slug_date(made.slug) or first) < first)
    told: list[Outcome] = []
    tasks: list[Task] = []
    for ref in sorted(refs, key=lambda ref: ref.date):
        if made := known.of_issue(ref.slug):
            reason = f"told by {made.stem}"
            told.append(Outcome(slug=ref.slug, date=ref.date, ending="skipped", reason=reason))
        else:
            stem = known.stem_for(ref.slug, ref.date)
            known = known.add(ref.slug, ref.date)
            tasks.append(Task(slug=ref.slug, date=ref.date, stem=stem, memory=memory))
    return told, tasks


class _Pools(NamedTuple):
    """Threads that all issues share."""

    asking: Executor
    """As many as there may be questions in flight."""
    computing: Executor
    """One, for what only computes."""


class _Desk:
    """Works on the issues: several at once, one at a time in the part that only computes."""

    def __init__(
        self, settings: Settings, stand: Newsstand, model: Model, pools: _Pools, watch: Watch
    ) -> None:
        self._settings = settings
        self._stand = stand
        self._model = model
        self._pools = pools
        self._watch = watch
        self._stop = threading.Event()

    def all(self, tasks: Sequence[Task], issues: Executor) -> Iterator[Outcome]:
        """Work on all issues; each outcome as soon as it is there."""
        running: list[Future[Outcome]] = [issues.submit(self._one, task) for task in tasks]
        for future in as_completed(running):
            outcome = future.result()
            self._watch.ended(outcome)
            yield outcome

    def begin(self, task: Task) -> Start:
        """Do what the issue's own run will do before it asks."""
        show = Quiet(task.slug, self._watch)
        job = fetch_job(task, stand=self._stand, settings=self._settings, show=show)
        return self._pools.computing.submit(
            begin, job, how=sizes(self._settings), show=show, outputs=self._settings.outputs_dir
        ).result()

    def _one(self, task: Task) -> Outcome:
        try:
            return self._made(task)
        except DigestError as error:
            if not isinstance(error, ONE_ISSUE):
                self._stop.set()
            return Outcome(
                slug=task.slug,
                date=task.date,
                ending="failed",
                reason=str(error),
                exit_code=error.exit_code,
            )

    def _made(self, task: Task) -> Outcome:
        outcome = Outcome(slug=task.slug, date=task.date, ending="done")
        if self._stop.is_set():
            return outcome.model_copy(update={"ending": "not tried"})
        show: Show = Quiet(task.slug, self._watch)
        with alone(self._settings, task.slug, show.note) as waited:
            if waited and (made := state(self._settings.outputs_dir).of_issue(task.slug)):
                reason = f"told by {made.stem}"
                return outcome.model_copy(update={"ending": "skipped", "reason": reason})
            made_now = publish(
                fetch_job(task, stand=self._stand, settings=self._settings, show=show),
                ask=Asked(self._model, called(task.date, task.slug)),
                settings=self._settings,
                show=show,
                pool=self._pools.asking,
                computing=self._pools.computing,
            )
        degraded = made_now.digest.degraded
        if degraded:
            reason = f"{degraded} entries are quotations"
            return outcome.model_copy(update={"ending": "degraded", "reason": reason})
        return outcome


def _share_memory() -> None:
    """Let threads share what glibc would keep for each of them: 25 MB at 32 questions in flight."""
    m_arena_max = -8
    with suppress(OSError, AttributeError):  # another C library has no such call
        ctypes.CDLL(None).mallopt(m_arena_max, 2)


@contextmanager
def _pool(size: int, name: str) -> Iterator[Executor]:
    """Open a pool whose work nobody waits for when its owner leaves in a hurry."""
    pool = ThreadPoolExecutor(size, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
