"""The Files and Batch calls of one server, each read strictly and tried again where that helps.

Below `jobs.py`, which knows what the batches are for, and above `transport.py`, which alone knows
the SDK. What a server without these calls answers becomes one clear error.
"""

import itertools
import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from pydantic import BaseModel, Field, JsonValue, ValidationError

from pipeline.batch.requests import BATCH_ENDPOINT, disk_errors
from pipeline.errors import ModelError, ModelTransient
from pipeline.llm import (
    Completion,
    LenientRecord,
    RequestRejected,
    batch_advice,
    cut_message,
    error_text,
    lacks_batches,
    parse_completion,
    rejects_batch,
)
from pipeline.network import RetryPolicy, call_with_retry

if TYPE_CHECKING:
    from pipeline.llm import Client, ModelConnection

_RETRY: Final = RetryPolicy(attempts=5)
_METADATA_KEY: Final = "ainews_digest"
_MAX_PAGES: Final = 20
_MIN_FILE_BYTES: Final = 8_000_000
_MAX_FILE_BYTES: Final = 1_000_000_000
_MAX_BYTES_PER_LINE: Final = 500_000
_MAX_LINE_BYTES: Final = 8_000_000
TERMINAL_STATUSES: Final = frozenset({"completed", "failed", "expired", "cancelled"})
"""States after which nothing happens to a batch any more."""


class BatchError(LenientRecord):
    """Why a batch was not begun."""

    code: str | None = None
    """The server's name for it."""
    message: str | None = None
    """The server's words."""


class BatchErrors(LenientRecord):
    """Why a batch was not begun, all reasons."""

    data: list[BatchError] | None = None
    """One per reason."""


class BatchCounts(LenientRecord):
    """How far a batch is."""

    completed: int = 0
    """Lines with an answer."""
    failed: int = 0
    """Lines with an error."""


class Batch(LenientRecord):
    """One batch, as the server describes it."""

    id: str
    """The server's name for it."""
    status: str
    """Its state; one of `TERMINAL_STATUSES` at the end."""
    input_file_id: str | None = None
    """The file of its questions."""
    output_file_id: str | None = None
    """The file of its answers, where there are any."""
    error_file_id: str | None = None
    """The file of its errors, where there are any."""
    errors: BatchErrors | None = None
    """Why it was not begun."""
    request_counts: BatchCounts | None = None
    """How far it is."""
    metadata: dict[str, JsonValue] | None = None
    """What its maker wrote on it."""


class _UploadedFile(LenientRecord):
    id: str


class _BatchPage(LenientRecord):
    data: list[Batch]
    has_more: bool | None = None


Body = TypeVar("Body", bound=BaseModel)
Got = TypeVar("Got")


class BatchApi:
    """The Files and Batch calls of one server."""

    def __init__(
        self, server: "ModelConnection", *, host: str, model: str, sleep: Callable[[float], None]
    ) -> None:
        """Prepare to call; host and model are what messages call them."""
        self._server = server
        self._host = host
        self._model = model
        self._sleep = sleep
        self._has_batches = False

    def check_support(self) -> None:
        """Make sure that the server has batches, which costs nothing.

        Raises:
            ModelError: it has none, or cannot be asked.
        """
        self._call_with_retry(lambda: self._list_page(None, limit=1))
        self._has_batches = True

    def upload(self, questions: IO[bytes], name: str) -> str:
        """Bring the questions of a batch, one JSON object a line, and name their file."""

        def send(client: "Client") -> object:
            questions.seek(0)
            file = (name, questions, "application/jsonl")
            return client.files.with_raw_response.create(file=file, purpose="batch")

        return self._call_with_retry(lambda: self._read(send, _UploadedFile)).id

    def create(self, file: str, mark: str) -> Batch:
        """Begin a batch; one that was begun although the answer got lost is not begun twice.

        `find` finds it by `mark`, our own name for it.
        """
        tries = itertools.count()

        def send(client: "Client") -> object:
            return client.batches.with_raw_response.create(
                input_file_id=file,
                endpoint=BATCH_ENDPOINT,
                completion_window="24h",
                metadata={_METADATA_KEY: mark},
            )

        def once() -> Batch:
            begun = self._find_by_mark(mark) if next(tries) else None
            return begun or self._read(send, Batch)

        return self._call_with_retry(once)

    def find(self, mark: str) -> Batch | None:
        """Find a batch by our own name for it, among the latest."""
        return self._call_with_retry(lambda: self._find_by_mark(mark))

    def retrieve(self, batch: str) -> Batch | None:
        """See how far a batch is; None where the server knows it no more."""
        with suppress(_NotFound):
            return self._call_with_retry(
                lambda: self._read(lambda c: c.batches.with_raw_response.retrieve(batch), Batch),
                gone=True,
            )
        return None

    def download(self, file: str, lines: int) -> IO[bytes] | None:
        """Bring a file to the disk; None where the server has it no more.

        Args:
            file: the server's name for it.
            lines: how many lines it may have, by which its size is limited.

        Raises:
            ModelError: it cannot be brought, or is too large.
        """
        most = min(_MIN_FILE_BYTES + lines * _MAX_BYTES_PER_LINE, _MAX_FILE_BYTES)

        # A disk, since fifty thousand answers are more than a run should hold in memory.
        def send(client: "Client", file_on_disk: IO[bytes]) -> None:
            file_on_disk.seek(0)
            file_on_disk.truncate()
            with client.files.with_streaming_response.content(file) as response:
                for part in response.iter_bytes():
                    file_on_disk.write(part)

        with suppress(_NotFound), disk_errors("answers"), ExitStack() as stack:
            file_on_disk = stack.enter_context(tempfile.TemporaryFile())
            self._call_with_retry(
                lambda: self._server.call(
                    lambda client: send(client, file_on_disk), max_bytes=most
                ),
                gone=True,
            )
            file_on_disk.seek(0)
            stack.pop_all()
            return file_on_disk
        return None

    def redact(self, line: bytes) -> bytes:
        """Mask the key in a line of a file, should the server repeat it."""
        return self._server.redactor(line.decode("utf-8", "replace")).encode()

    def delete(self, files: Iterable[str]) -> None:
        """Delete files; where that fails, the server's own term ends them."""
        for file in files:

            def send(client: "Client", file: str = file) -> object:
                return client.files.with_raw_response.delete(file)

            with suppress(ModelError, RequestRejected):
                self._server.call(send)

    def _find_by_mark(self, mark: str) -> Batch | None:
        after: str | None = None
        for _ in range(_MAX_PAGES):
            page = self._list_page(after, limit=100)
            for batch in page.data:
                if (batch.metadata or {}).get(_METADATA_KEY) == mark:
                    return batch
            if not page.has_more or not page.data:
                break
            after = page.data[-1].id
        return None

    def _list_page(self, after: str | None, limit: int) -> _BatchPage:
        given: dict[str, Any] = {"limit": limit} | ({"after": after} if after else {})
        return self._read(lambda c: c.batches.with_raw_response.list(**given), _BatchPage)

    def _read(self, send: Callable[["Client"], Any], body: type[Body]) -> Body:
        """Make one call, and read the raw body of its answer."""
        text: str = self._server.call(lambda client: send(client).text)
        try:
            return body.model_validate_json(text)
        except ValidationError as error:
            said = cut_message(error_text(self._server.redact(text))) or "nothing"
            if self._has_batches:
                message = f"{self._host} answered with no batch: {said}; try again later"
                raise ModelTransient(message) from error
            raise self._unsupported_error(f"it answered with {said}") from error

    def _unsupported_error(self, said: str) -> ModelError:
        return ModelError(f"{self._host} has no Batch API ({said}); run without --batch")

    def _call_with_retry(self, send: Callable[[], Got], *, gone: bool = False) -> Got:
        """Try a call again where it failed in a way that may pass; a refusal becomes an error.

        Args:
            send: makes the call.
            gone: whether it is about one thing, of which 404 says that it is no more.
        """

        def once() -> Got:
            try:
                return send()
            except RequestRejected as refusal:
                raise self._to_error(refusal, gone=gone) from refusal.__cause__

        return call_with_retry(once, _RETRY, sleep=self._sleep)

    def _to_error(self, rejection: RequestRejected, *, gone: bool) -> ModelError:
        said = f"{rejection.status}: {cut_message(rejection.text)}"
        if gone and rejection.status == HTTPStatus.NOT_FOUND:
            return _NotFound(said)
        if lacks_batches(rejection.status):
            return self._unsupported_error(said)
        error = rejection.to_error(self._host, self._model)
        if rejects_batch(rejection.status) and error.__class__ is ModelError:
            return ModelError(f"{self._host} turned the batch down ({said}); {batch_advice(said)}")
        return error


def read_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Read a file's lines one by one; one that no memory should hold is cut, and is no JSON."""
    whole = True
    while line := file.readline(_MAX_LINE_BYTES):
        if whole:
            yield line
        whole = line.endswith(b"\n")


class _NotFound(ModelError):
    """The server does not know this batch or file any more."""


class _BatchResponse(LenientRecord):
    """What the server answered to one question."""

    status_code: int | None = Field(default=None, ge=0, le=999)
    """Status, as of a call of its own."""
    body: JsonValue = None
    """Body, likewise."""


class BatchResult(LenientRecord):
    """What became of one question of a batch."""

    custom_id: str
    """Which question."""
    response: _BatchResponse | None = None
    """The answer; None where it was never asked."""
    error: JsonValue = None
    """Why it was never asked."""

    @property
    def is_expired(self) -> bool:
        """Whether the batch ended before the question was asked."""
        return isinstance(self.error, dict) and self.error.get("code") == "batch_expired"

    def to_completion(
        self, host: str, redact: Callable[[str], str]
    ) -> Completion | RequestRejected:
        """Read it as the answer to a call; whatever is none is a refusal."""
        response = self.response
        if response is None or self.error:
            return RequestRejected(None, redact(error_text(self.error)))
        body = response.body
        if response.status_code != HTTPStatus.OK:
            said = body.get("error") if isinstance(body, dict) else None
            return RequestRejected(response.status_code, redact(error_text(said or body)))
        try:
            return parse_completion(json.dumps(body), host, redact)
        except RequestRejected as refusal:
            return refusal
        except ModelError as error:
            return RequestRejected(None, str(error))


def parse_result(text: bytes) -> BatchResult | None:
    """Read one line of a file of answers or errors; None where it is none."""
    try:
        return BatchResult.model_validate_json(text)
    except ValidationError:
        return None
