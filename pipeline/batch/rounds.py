"""Selecting and translating by batch: what many issues ask, through the Batch API in two rounds.

`backfill --batch` calls `fill_answer_cache` before it makes its digests. A batch only fills the
cache of answers: the digests are made afterwards as always, find nearly everything there, and ask
by themselves what is missing: the mends, the spares, the proofreading, which needs all entries, and
whatever came back as no answer. So no digest depends on a batch. First all questions of `select`
are gathered, then, when the stories are chosen, those of `translate`. The last choice among several
shortlists is asked directly.
"""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any, NoReturn

from pydantic import BaseModel

from pipeline.batch.api import BatchApi
from pipeline.batch.jobs import BatchRunner
from pipeline.batch.requests import BatchLimits, RequestFile
from pipeline.chinese import load_glossary
from pipeline.errors import DigestError, ModelError, ModelInvalid, ModelRefused, SettingsError
from pipeline.llm import Answer, Cache, FallbackModel, Question, charge_to, digest_key
from pipeline.progress import Progress
from pipeline.records import Record, SelectedStory
from pipeline.run import GenerationInput
from pipeline.select import SelectionRun, select
from pipeline.translate import ChineseText, evidence_limits, first_questions, translate

PrepareIssue = Callable[[], GenerationInput]
"""Begins one issue; the same inputs whenever it is called."""
MapIssues = Callable[[Callable[[PrepareIssue], None], Iterable[PrepareIssue]], Iterable[None]]
"""`map`, or something like it that works on several issues at once."""


class BatchReport(Record):
    """What came of the batches of a run."""

    batches: int
    """Batches that were collected, those that an earlier run submitted included."""
    questions: int
    """Questions in them."""
    answers: int
    """Questions that were answered, and whose answers are in the cache."""
    failed: int
    """Questions that came back without a usable answer: they are asked directly."""
    expired: int
    """Questions that expired twice: likewise."""
    saved_usd: float | None
    """What the batches saved; None where the price is not known."""

    def describe(self) -> str:
        """Say it in one line."""
        if not self.questions:
            return "nothing was left to ask by batch"
        saved = "price unknown" if self.saved_usd is None else f"saved ${self.saved_usd:.4f}"
        parts = [f"{self.batches} batches answered {self.answers} of {self.questions} questions"]
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.expired:
            parts.append(f"{self.expired} expired")
        return "; ".join([*parts, saved])


def fill_answer_cache(  # noqa: PLR0913 - the last three have defaults that only tests replace
    issues: Sequence[PrepareIssue],
    *,
    model: FallbackModel,
    cache: Cache,
    progress: Progress,
    map_issues: MapIssues = map,
    sleep: Callable[[float], None] = time.sleep,
    limits: BatchLimits | None = None,
) -> BatchReport:
    """Bring answers to what many issues will ask.

    What an earlier run submitted and did not collect is collected first, where it is asked for.
    Each issue begins anew in every round; one that cannot begin is left out.

    Raises:
        SettingsError: the embedded model has no batches.
        ModelError: the server has none, a limit could be passed, or a batch was turned down.
        WriteError: the disk cannot keep what is submitted, or what came.
    """
    first = model.first
    if not first.capabilities.has_batches:
        raise SettingsError(
            "the embedded model has no Batch API: set OPENAI_API_KEY, or run without --batch"
        )
    server = first.connection()
    api = BatchApi(server, host=first.host, model=first.name, sleep=sleep)
    runner = BatchRunner(
        model=first,
        cache=cache,
        api=api,
        redact=server.redact,
        progress=progress,
        sleep=sleep,
        limits=limits or BatchLimits(),
    )
    rounds = (("select by batch", _gather_select), ("translate by batch", _gather_translate))
    for name, gather in rounds:
        with RequestFile() as requests:
            collector = _RequestCollector(model, requests, api.check_support)
            for _ in map_issues(partial(gather, collector=collector), issues):
                pass  # what each finds is in the file
            runner.run(requests, name)
    stats, total = runner.stats, model.receipt().total
    return BatchReport(
        batches=stats.batches,
        questions=stats.questions,
        answers=stats.answers,
        failed=stats.failed,
        expired=stats.expired,
        saved_usd=None if total.cost_usd is None else total.saved_usd,
    )


class _Deferred(ModelError):
    """A question that was noted, and is not answered now."""


class _RequestCollector:
    """An `Ask` that answers nothing, and notes what the cache cannot answer."""

    def __init__(
        self, model: FallbackModel, requests: RequestFile, probe: Callable[[], None]
    ) -> None:
        self.model = model
        self._requests = requests
        self._probe = probe
        self._lock = threading.Lock()
        self._ready = False
        self._failed: DigestError | None = None

    def collect(self, question: Question, schema: type[Answer], /) -> Answer:
        """Note a question for a batch, unless its answer is known; never answers.

        Raises:
            _Deferred: always, where batches are to be had at all.
        """
        if self.model.first.pending_request(question, schema) is not None:
            self._check_support(question, schema)
            call = self.model.first.pending_request(question, schema)
            if call is not None:
                self._requests.add(call)
        raise _Deferred(question.prompt)

    def _check_support(self, question: Question, schema: type[BaseModel]) -> None:
        """Before the first question: see that there are batches, and how the server is asked.

        The way in which a server takes questions can only be learnt from a question; so the first
        one is asked directly where it is not known.
        """
        with self._lock:
            if self._failed is not None:
                raise self._failed
            if self._ready:
                return
            try:
                self._probe()
                if not self.model.first.capabilities_known:
                    with suppress(ModelInvalid, ModelRefused):
                        self.model.ask(question, schema)
                if not self.model.first.capabilities_known:
                    raise ModelError(
                        f"another model answers for {self.model.first.name!r}, which cannot be "
                        "asked by batch: check AINEWS_MODEL, or run without --batch"
                    )
            except DigestError as error:
                self._failed = error
                raise
            self._ready = True


def _gather_select(begin: PrepareIssue, collector: _RequestCollector) -> None:
    """Note what `select` asks of an issue first."""
    try:
        start = begin()
    except DigestError:
        return  # the run of this issue fails in the same way, and says so

    def answer_one(answer: Callable[[Question], Any], questions: Iterable[Question]) -> NoReturn:
        for question in questions:
            with suppress(_Deferred):
                answer(question)
        raise _Deferred("select")

    with suppress(_Deferred), _charge_to_issue(start):
        select(
            start.repeats.stories,
            issue=start.issue,
            ask=collector.collect,
            plan=start.plan,
            run=SelectionRun(map_function=answer_one),
        )


def _gather_translate(begin: PrepareIssue, collector: _RequestCollector) -> None:
    """Note what `translate` asks about the chosen stories of an issue.

    A choice that no batch brought is asked directly, so that its stories can be in
    a batch.
    """
    try:
        start = begin()
        with _charge_to_issue(start):
            selection = select(
                start.repeats.stories,
                issue=start.issue,
                ask=collector.model.ask,
                plan=start.plan,
                follows=start.repeats.follows,
            )
    except DigestError:
        return
    terms = load_glossary()
    for choice in selection.chosen:
        if start.profile.plain:
            _gather_sentences(choice, start, collector)
            continue
        with suppress(_Deferred), _charge_to_issue(start):
            translate(
                choice,
                issue_date=start.issue.date,
                ask=collector.collect,
                terms=terms,
                limits=evidence_limits(start.profile),
            )


def _gather_sentences(
    choice: SelectedStory, start: GenerationInput, collector: _RequestCollector
) -> None:
    for question in first_questions(choice):
        with suppress(_Deferred), _charge_to_issue(start):
            collector.collect(question, ChineseText)


def _charge_to_issue(start: GenerationInput) -> AbstractContextManager[None]:
    """Have what is asked meanwhile written down for the digest of this issue."""
    return charge_to(digest_key(start.job.date, start.job.page.slug))
