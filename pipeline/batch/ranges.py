"""Many issues: all of a range of dates that have no digest yet, several at once.

All issues share one model, and with it one limit of questions in flight, one receipt and one
budget. What goes wrong with one issue stops no other; what goes wrong with the model or the disk
lets the issues on their way end, and begins no new one. Where it was left, it goes on when it is
run again: digested issues are skipped, and answers come from the cache.

A story is compared with the digests that are older than the range, never with those of the range:
else a digest would depend on which of its neighbours happened to be finished first.
"""

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Literal, NamedTuple

from pipeline.batch.question_threads import QuestionThreads
from pipeline.batch.rounds import BatchReport, fill_answer_cache
from pipeline.clock import check_digest_date, today
from pipeline.errors import DigestError, IssueNotFound, NotPublished, SettingsError
from pipeline.estimate import Estimate, KeptAnswers, estimate_task
from pipeline.fetch import SourceChain, slug_date
from pipeline.lines import counted
from pipeline.llm import (
    Cache,
    DigestAsk,
    FallbackModel,
    RunCost,
    digest_key,
    model_profile,
    open_model,
)
from pipeline.plan import DigestTask, damaged_error, fetch_job, open_sources
from pipeline.progress import BatchProgress, NullProgress, Progress
from pipeline.publish import SINGLE_ISSUE_ERRORS, publish
from pipeline.records import Record
from pipeline.run import GenerationInput, prepare
from pipeline.settings import Settings
from pipeline.typed_command import typed_command
from pipeline.write import OutputsState, issue_lock, orphan_problem, read_state, require_writable

OutcomeStatus = Literal["done", "degraded", "skipped", "failed", "not tried"]


class IssueOutcome(Record):
    """What became of one issue."""

    slug: str
    """Slug of the issue."""
    date: dt.date
    """Its date, which is the digest's too."""
    status: OutcomeStatus
    """How it ended."""
    reason: str = ""
    """Why, where it is not done."""
    exit_code: int = 0
    """What this failure alone would have ended a run in."""

    def failed(self, error: DigestError) -> "IssueOutcome":
        """Say that it ended in an error."""
        return self.model_copy(
            update={"status": "failed", "reason": str(error), "exit_code": error.exit_code}
        )


class BackfillReport(Record):
    """What became of a range of issues."""

    outcomes: tuple[IssueOutcome, ...]
    """One per issue, oldest first."""
    cost: RunCost | None
    """What it cost; None where nothing was asked."""
    batch: BatchReport | None = None
    """What came by batch, where that was wanted."""

    def count(self, ending: OutcomeStatus) -> int:
        """Count the issues that ended so."""
        return sum(outcome.status == ending for outcome in self.outcomes)

    @property
    def exit_code(self) -> int:
        """The code of the first failure, 0 where there is none."""
        return next((outcome.exit_code for outcome in self.outcomes if outcome.exit_code), 0)


class IssueRange(Record):
    """Which issues are made, and what they are compared with."""

    since: dt.date
    """First issue date."""
    until: dt.date
    """Last issue date."""
    older_than: dt.date
    """Only digests of issues older than this are what their stories are compared with."""


def backfill(
    since: dt.date,
    until: dt.date,
    *,
    settings: Settings,
    progress: BatchProgress,
    jobs: int | None = None,
    batch: bool = False,
) -> BackfillReport:
    """Digest the issues of a range of dates, each under its own date.

    `jobs` issues are open at once, 1-64: by default one for every two questions that may be in
    flight, and at least two. With `batch` selecting and translating go through the provider's Batch
    API first.

    Returns:
        What became of each issue.

    Raises:
        IssueNotFound: the range has no issue.
        SourceError: there is no list of issues.
        DigestError: batches are not to be had.
    """
    span = IssueRange(since=since, until=until, older_than=since)
    return _run_range(span, settings=settings, progress=progress, jobs=jobs, batch=batch)


def backfill_day(
    day: dt.date, *, older_than: dt.date | None = None, settings: Settings, progress: BatchProgress
) -> BackfillReport:
    """Digest the issues of one date, which may be one of many that others work on meanwhile.

    `older_than` is the first issue date of all those, by default the day itself. Together they give
    the same bytes as `backfill` gives for their range, whoever ends first.

    Raises:
        IssueNotFound, SourceError: as `backfill`.
    """
    span = IssueRange(since=day, until=day, older_than=min(older_than or day, day))
    return _run_range(span, settings=settings, progress=progress)


def _run_range(
    dates: IssueRange,
    *,
    settings: Settings,
    progress: BatchProgress,
    jobs: int | None = None,
    batch: bool = False,
) -> BackfillReport:
    profile = model_profile(settings)

    def spent(model: FallbackModel) -> str:
        return model.receipt().summary(is_free=profile.is_free)

    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_dir / "cache.sqlite"))
        sources = stack.enter_context(open_sources(settings, cache))
        published, refused, tasks = _plan_range(sources, dates, settings)
        published += [
            IssueOutcome(slug=task.slug, date=task.date, status="failed").failed(error)
            for task, error in refused
        ]
        if batch and tasks:
            require_writable(settings.outputs_dir)
        name = f"backfill {dates.since}..{dates.until}"
        model = stack.enter_context(open_model(settings, cache, lambda *_: None, run=name))
        progress.begin(len(published) + len(tasks), lambda: spent(model))
        for outcome in published:
            progress.ended(outcome)
        pools = _ThreadPools(
            questions=stack.enter_context(closing(QuestionThreads(profile.threads))),
            # Python computes in one thread at a time. One for all spares them the wrangling, and
            # the memory that each thread keeps of the largest page it has read.
            compute=stack.enter_context(_pool(1, "ask-compute")),
        )
        issues = stack.enter_context(_pool(jobs or max(2, profile.in_flight // 2), "ask-issue"))
        worker = _BackfillWorker(settings, sources, model, pools, progress)
        batch_report = None
        if batch and tasks:
            prepares = [partial(worker.prepare, task) for task in tasks]
            notes = NullProgress(progress.note, name="batch")
            batch_report = fill_answer_cache(
                prepares, model=model, cache=cache, progress=notes, map_issues=issues.map
            )
        ended = [*published, *worker.run_all(tasks, issues)]
        # Oldest first, two of one date in their order on the site, whichever ended first.
        order = {slug: place for place, slug in enumerate(_in_order(published, tasks))}
        return BackfillReport(
            outcomes=tuple(sorted(ended, key=lambda outcome: order[outcome.slug])),
            cost=model.receipt() if tasks else None,
            batch=batch_report,
        )


def estimate_backfill(
    since: dt.date, until: dt.date, *, settings: Settings, progress: Progress
) -> Iterator[tuple[DigestTask, Estimate | DigestError]]:
    """Count what a backfill would ask, issue by issue, asking nothing; the pages are fetched.

    Raises:
        IssueNotFound, SourceError: as `backfill`.
    """
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        open_sources(settings, cache) as sources,
        open_model(settings, cache, progress.bytes) as model,
    ):
        span = IssueRange(since=since, until=until, older_than=since)
        _, refused, tasks = _plan_range(sources, span, settings)
        yield from refused
        for task in tasks:
            try:
                found = estimate_task(
                    task,
                    sources=sources,
                    settings=settings,
                    progress=progress,
                    answers=KeptAnswers(model),
                )
                yield task, found
            except SINGLE_ISSUE_ERRORS as error:
                yield task, error


def _in_order(published: list[IssueOutcome], tasks: list[DigestTask]) -> list[str]:
    """Name the issues of a range, oldest first."""
    dated = [(item.date, item.slug) for item in published]
    dated += [(item.date, item.slug) for item in tasks]
    return [slug for _, slug in sorted(dated, key=lambda item: item[0])]


class _RangePlan(NamedTuple):
    """The issues of a range, oldest first."""

    published: list[IssueOutcome]
    """Those with a digest."""
    refused: list[tuple[DigestTask, DigestError]]
    """Those that cannot be made, and why."""
    tasks: list[DigestTask]
    """Those to be made."""


def _plan_range(sources: SourceChain, dates: IssueRange, settings: Settings) -> _RangePlan:
    """Part the issues of a range."""
    since, until, first = dates.since, dates.until, dates.older_than
    refs = [ref for ref in reversed(sources.list_issues()) if since <= ref.date <= until]
    if not refs:
        raise IssueNotFound(
            f"no issue is dated {since} to {until}: "
            f"see `{typed_command('status', '--since', str(since))}`"
        )
    known: OutputsState = read_state(settings.outputs_dir, settings.index_dir)
    memory = tuple(made.stem for made in known.digests if (slug_date(made.slug) or first) < first)
    plan = _RangePlan([], [], [])
    for ref in sorted(refs, key=lambda ref: ref.date):
        if made := known.find_by_issue(ref.slug):
            reason = f"told by {made.stem}"
            plan.published.append(
                IssueOutcome(slug=ref.slug, date=ref.date, status="skipped", reason=reason)
            )
            continue
        task = DigestTask(slug=ref.slug, date=ref.date, memory=memory)
        if hurt := known.find_damaged(ref.slug):
            plan.refused.append((task, damaged_error(hurt, settings.outputs_dir)))
            continue
        orphan = known.find_orphan(ref.slug)
        day = orphan.date if orphan else ref.date
        try:
            check_digest_date(day, today())
        except SettingsError as error:
            plan.refused.append((task, error))
            continue
        named = {"date": day, "stem": known.stem_for(ref.slug, day)}
        known = known.with_digest(ref.slug, day)
        plan.tasks.append(task.model_copy(update=named))
    return plan


class _ThreadPools(NamedTuple):
    """Threads that all issues share."""

    questions: QuestionThreads
    """Those that ask, and check what is answered."""
    compute: Executor
    """One, for what only computes."""


class _BackfillWorker:
    """Works on the issues: several at once, one at a time in the part that only computes."""

    def __init__(
        self,
        settings: Settings,
        sources: SourceChain,
        model: FallbackModel,
        pools: _ThreadPools,
        progress: BatchProgress,
    ) -> None:
        self._settings = settings
        self._sources = sources
        self._model = model
        self._pools = pools
        self._progress = progress
        self._stop = threading.Event()

    def run_all(self, tasks: Sequence[DigestTask], issues: Executor) -> Iterator[IssueOutcome]:
        """Work on all issues; each outcome as soon as it is there."""
        running: list[Future[IssueOutcome]] = [
            issues.submit(self._run_one, task, self._pools.questions.of_issue(place))
            for place, task in enumerate(tasks)
        ]
        for future in as_completed(running):
            outcome = future.result()
            self._progress.ended(outcome)
            yield outcome

    def prepare(self, task: DigestTask) -> GenerationInput:
        """Do what the issue's own run will do before it asks.

        Raises:
            NotPublished: that asks nothing, since its Markdown lies there without the JSON.
        """
        notes = NullProgress(self._progress.note, name=task.slug)
        job = fetch_job(task, sources=self._sources, settings=self._settings, progress=notes)
        if problem := orphan_problem(None, self._settings.outputs_dir / f"{job.stem}.json"):
            raise NotPublished(problem)
        return self._pools.compute.submit(
            prepare,
            job,
            profile=model_profile(self._settings),
            progress=notes,
            outputs=self._settings.outputs_dir,
            index_dir=self._settings.index_dir,
        ).result()

    def _run_one(self, task: DigestTask, questions: Executor) -> IssueOutcome:
        try:
            return self._publish_one(task, questions)
        except DigestError as error:
            if not isinstance(error, SINGLE_ISSUE_ERRORS):
                self._stop.set()
            return IssueOutcome(slug=task.slug, date=task.date, status="failed").failed(error)

    def _publish_one(self, task: DigestTask, questions: Executor) -> IssueOutcome:
        outcome = IssueOutcome(slug=task.slug, date=task.date, status="done")
        if self._stop.is_set():
            return outcome.model_copy(update={"status": "not tried"})
        notes: Progress = NullProgress(self._progress.note, name=task.slug)
        lock_dir, outputs = self._settings.lock_dir, self._settings.outputs_dir
        with issue_lock(lock_dir, outputs, task.slug, notes.note) as waited:
            if waited and (
                known := read_state(outputs, self._settings.index_dir).find_by_issue(task.slug)
            ):
                reason = f"told by {known.stem}"
                return outcome.model_copy(update={"status": "skipped", "reason": reason})
            made = publish(
                fetch_job(task, sources=self._sources, settings=self._settings, progress=notes),
                ask=DigestAsk(self._model, digest_key(task.date, task.slug)),
                settings=self._settings,
                progress=notes,
                pool=questions,
                compute_pool=self._pools.compute,
            )
        quoted, untold = made.digest.degraded, made.digest.untold
        if quoted or untold:
            said = {"quotation": quoted, "empty place": untold}
            reason = ", ".join(counted(many, what) for what, many in said.items() if many)
            return outcome.model_copy(update={"status": "degraded", "reason": reason})
        return outcome


@contextmanager
def _pool(size: int, name: str) -> Iterator[Executor]:
    """Open a pool whose work nobody waits for when its owner leaves in a hurry."""
    pool = ThreadPoolExecutor(size, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
