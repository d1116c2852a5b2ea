"""Questions -> answers in the cache, by batch: submitted, waited for, collected.

`rounds.py` gathers the questions of a round in a `RequestFile`; here they go to the provider. What
was submitted is noted in the cache before and after, so that whatever process comes next collects
what this one left: nothing that was paid for is asked again. An answer that is none is left to the
run that follows, which asks by itself.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Final

from pydantic import Field, ValidationError

from pipeline.batch.api import (
    TERMINAL_STATUSES,
    Batch,
    BatchApi,
    BatchResult,
    parse_result,
    read_lines,
)
from pipeline.batch.requests import BatchLimits, RequestFile
from pipeline.errors import DigestError, ModelError, ModelTransient, WriteError
from pipeline.lines import get_logger
from pipeline.llm import (
    Cache,
    Completion,
    Model,
    PendingRequest,
    answer_state,
    batch_advice,
    cut_message,
)
from pipeline.progress import Progress
from pipeline.records import Record

_log = get_logger(__name__)

_KIND: Final = "batch"
_MIN_POLL_S: Final = 0.5
_MAX_POLL_S: Final = 60.0
_POLL_GROWTH: Final = 1.6
# Longest silence of a run that waits.
_NOTE_EVERY_S: Final = 600.0
_COLLECT_ADVICE: Final = "run the same command again to collect it"


class SubmittedBatch(Record):
    """One batch on its way, as it is noted in the cache."""

    mark: str
    """Our own name for it, which the provider keeps with it."""
    batch: str | None = None
    """The provider's name for it; None until it is known that it was begun."""
    again: bool = False
    """Whether its questions were in a batch before, which expired."""
    calls: dict[str, tuple[str, int]]
    """Prompt and cap of each question, by its key."""
    digests: dict[str, str] = Field(default_factory=dict)
    """Name of the digest that asks each question first, by its key; empty in older notes."""


@dataclass
class BatchStats:
    """What came of batches."""

    batches: int = 0
    """Batches that were collected."""
    questions: int = 0
    """Questions in them, those that expired and were submitted again counted once."""
    answers: int = 0
    """Answers that are in the cache now."""
    failed: int = 0
    """Questions that came back without an answer that can be used."""
    expired: int = 0
    """Questions that expired twice."""


class BatchRunner:
    """Takes questions to the provider and brings the answers."""

    def __init__(  # noqa: PLR0913 - what it works with, and three things that tests replace
        self,
        *,
        model: Model,
        cache: Cache,
        api: BatchApi,
        redact: Callable[[str], str],
        progress: Progress,
        sleep: Callable[[float], None],
        limits: BatchLimits,
    ) -> None:
        """Prepare; nothing is sent before `run`."""
        self.stats = BatchStats()
        self._model = model
        self._cache = cache
        self._api = api
        self._redact = redact
        self._progress = progress
        self._sleep = sleep
        self._limits = limits
        self._waiting: dict[str, SubmittedBatch] = {}

    def run(self, requests: RequestFile, name: str) -> None:
        """Bring answers to questions, as far as batches can.

        Those that an earlier process submitted are only collected.

        Raises:
            ModelError: a limit could be passed, a batch was turned down, or the server is gone.
            WriteError: the disk cannot keep what is submitted, or what came.
        """
        if not len(requests):
            return
        self._waiting = {row.mark: row for row in self._find_uncollected(requests)}
        known = {key for row in self._waiting.values() for key in row.calls}
        fresh = [key for key in requests if key not in known]
        with self._report_unfinished():
            if fresh:
                # What is on its way already will be counted too.
                self._check_budget(requests, tuple(requests))
                self._submit(requests, fresh)
            lost = self._collect(requests, name)
            if lost:
                self._progress.note(f"{len(lost)} questions expired: they go into another batch")
                self._check_budget(requests, lost)
                self._submit(requests, lost, again=True)
                self._collect(requests, name)

    @contextmanager
    def _report_unfinished(self) -> Iterator[None]:
        """Say what goes on at the provider when nobody waits for it any more."""
        try:
            yield
        except (KeyboardInterrupt, SystemExit, DigestError):
            names = ", ".join(row.batch for row in self._waiting.values() if row.batch)
            if names:
                self._progress.note(f"{names} goes on at {self._model.host}; {_COLLECT_ADVICE}")
            raise

    def _find_uncollected(self, requests: RequestFile) -> Iterator[SubmittedBatch]:
        """Find what earlier processes submitted and did not collect, as far as it is needed."""
        for mark, text in self._cache.notes(_KIND).items():
            row = _read_note(mark, text)
            if row is None or not any(key in requests for key in row.calls):
                continue
            begun = row.batch or self._find_batch_id(mark)
            if begun is None:
                self._cache.delete_note(_KIND, mark)
            else:
                self._progress.note(f"waiting for {begun}, which an earlier run submitted")
                yield row.model_copy(update={"batch": begun})

    def _find_batch_id(self, mark: str) -> str | None:
        """Find a batch whose submission was interrupted."""
        batch = self._api.find(mark)
        return batch.id if batch else None

    def _check_budget(self, requests: RequestFile, keys: Sequence[str]) -> None:
        try:
            self._model.check_budget(requests[key] for key in keys)
        except ModelError as error:
            raise ModelError(f"no batch of {len(keys)} questions: {error}") from error

    def _submit(self, requests: RequestFile, keys: Iterable[str], *, again: bool = False) -> None:
        for part in requests.split(keys, self._limits):
            calls = {key: requests.prompt_and_cap(key) for key in part}
            digests = {key: requests.digest(key) for key in part}
            row = SubmittedBatch(mark=uuid.uuid4().hex, again=again, calls=calls, digests=digests)
            self._save_note(row)
            with requests.copy(part) as file:
                batch = self._create(row, file)
            row = row.model_copy(update={"batch": batch.id})
            self._save_note(row)
            self._waiting[row.mark] = row
            self._progress.note(
                f"submitted {batch.id} with {len(part)} questions to {self._model.host}: "
                f"answers come within 24 hours; after Ctrl-C {_COLLECT_ADVICE}"
            )

    def _create(self, row: SubmittedBatch, file: IO[bytes]) -> Batch:
        sent = self._api.upload(file, f"ainews-digest-{row.mark}.jsonl")
        try:
            return self._api.create(sent, row.mark)
        except ModelTransient:
            raise  # it may have been begun: whoever comes next looks for it
        except ModelError:
            self._api.delete([sent])
            self._cache.delete_note(_KIND, row.mark)
            raise

    def _save_note(self, row: SubmittedBatch) -> None:
        self._cache.put_note(_KIND, row.mark, row.model_dump_json())
        if row.mark not in self._cache.notes(_KIND):
            raise WriteError(
                "the cache cannot keep what is submitted, and the answers would be paid for in "
                "vain: free some room, or run without --batch"
            )

    def _collect(self, requests: RequestFile, name: str) -> list[str]:
        """Wait for all batches; returns the questions that are to be submitted again."""
        total = sum(len(row.calls) for row in self._waiting.values())
        self._progress.stage(name, total)
        shown = dict.fromkeys(self._waiting, 0)
        lost: list[str] = []
        pause, silent = _MIN_POLL_S, 0.0
        while self._waiting:
            for mark, row in tuple(self._waiting.items()):
                batch = self._api.retrieve(row.batch or "")
                done = _count_done(row, batch)
                if batch is None or batch.status in TERMINAL_STATUSES:
                    lost += self._finish_batch(row, batch, requests)
                if done > shown[mark]:
                    self._progress.step(done - shown[mark])
                    shown[mark] = done
            if self._waiting:
                if silent > _NOTE_EVERY_S:
                    self._progress.note(
                        f"{name}: {sum(shown.values())} of {total} questions came back"
                    )
                    silent = 0.0
                self._sleep(pause)
                silent += pause
                pause = min(pause * _POLL_GROWTH, _MAX_POLL_S)
        return lost

    def _finish_batch(
        self, row: SubmittedBatch, batch: Batch | None, requests: RequestFile
    ) -> list[str]:
        """Collect a batch that ended; returns the questions that are to be submitted again."""
        if batch is None:
            _log.warning("%s does not know %s any more", self._model.host, row.batch)
        elif batch.status == "failed":
            self._forget_batch(row, batch)
            raise self._rejected_error(row, batch)
        came = self._store_answers(row, batch, requests) if batch else set()
        missing = [key for key in row.calls if key not in came]
        self.stats.batches += 1
        self.stats.questions += 0 if row.again else len(row.calls)
        self._forget_batch(row, batch)
        if batch is not None and batch.status != "expired":
            self.stats.failed += len(missing)
        elif row.again:
            self.stats.expired += len(missing)
        else:
            return [key for key in missing if key in requests]
        return []

    def _forget_batch(self, row: SubmittedBatch, batch: Batch | None) -> None:
        """Forget a batch, here and at the provider."""
        del self._waiting[row.mark]
        self._cache.delete_note(_KIND, row.mark)
        if batch is not None:
            files = (batch.input_file_id, batch.output_file_id, batch.error_file_id)
            self._api.delete([file for file in files if file])

    def _rejected_error(self, row: SubmittedBatch, batch: Batch) -> ModelError:
        faults = (batch.errors.data if batch.errors else None) or []
        said = "; ".join(f"{fault.message} ({fault.code})" for fault in faults[:3]) or "no words"
        return ModelError(
            f"{self._model.host} turned down a batch of {len(row.calls)} questions: "
            f"{cut_message(self._redact(said))}; {batch_advice(said)}"
        )

    def _store_answers(self, row: SubmittedBatch, batch: Batch, requests: RequestFile) -> set[str]:
        """Put the answers of a batch into the cache; returns the questions that had a line."""
        came: set[str] = set()
        strange = 0
        for name in (batch.output_file_id, batch.error_file_id):
            file = self._api.download(name, len(row.calls)) if name else None
            if file is None:
                continue
            with file:
                for text in read_lines(file):
                    line = parse_result(self._api.redact(text))
                    if line is None or line.custom_id not in row.calls:
                        strange += 1
                    elif line.custom_id not in came and not line.is_expired:
                        came.add(line.custom_id)
                        self._store_result(_find_request(row, requests, line.custom_id), line)
        if strange:
            _log.warning("%s: %d lines answer nothing that was asked, ignored", row.batch, strange)
        return came

    def _store_result(self, call: PendingRequest, line: BatchResult) -> None:
        found = line.to_completion(self._model.host, self._redact)
        self._model.store_result(call, found)
        if isinstance(found, Completion) and answer_state(found.choice) == "complete":
            self.stats.answers += 1
        else:
            self.stats.failed += 1
            _log.info("%s: no answer by batch: %s", call.prompt, found)


def _read_note(mark: str, text: str) -> SubmittedBatch | None:
    """Read what an earlier process noted of a batch; None where it is damaged."""
    try:
        return SubmittedBatch.model_validate_json(text)
    except ValidationError:
        _log.warning("the note of batch %s in the cache cannot be read, going on without", mark)
        return None


def _find_request(row: SubmittedBatch, requests: RequestFile, key: str) -> PendingRequest:
    """Find a question again; of one that this run does not ask, only its shape is known."""
    if key in requests:
        return requests[key]
    prompt, cap = row.calls[key]
    digest = row.digests.get(key, "")
    return PendingRequest(
        key=key, prompt=prompt, max_tokens=cap, body={"messages": []}, digest=digest
    )


def _count_done(row: SubmittedBatch, batch: Batch | None) -> int:
    """Count the questions of a batch that came back, as far as the provider says."""
    if batch is None or batch.status in TERMINAL_STATUSES or batch.request_counts is None:
        return len(row.calls) if batch is None or batch.status in TERMINAL_STATUSES else 0
    counts = batch.request_counts
    return min(counts.completed + counts.failed, len(row.calls))
