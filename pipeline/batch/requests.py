"""The questions of one round of batches, on the disk until they are answered.

A hundred issues ask for tens of megabytes, which a run need not hold in memory: they lie in one
temporary file, a line of the Batch API each, and parts of it are what is uploaded.
"""

import json
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Final, NamedTuple, Self

from pipeline.errors import WriteError
from pipeline.llm import PendingRequest
from pipeline.records import Record

BATCH_ENDPOINT: Final = "/v1/chat/completions"
"""The call that every line of a batch stands for."""


class BatchLimits(Record):
    """How large one batch may be."""

    max_lines: int = 50_000
    """Most questions."""
    max_bytes: int = 200_000_000
    """Largest file of questions."""


class _RequestOffset(NamedTuple):
    start: int
    size: int
    prompt: str
    max_tokens: int
    digest: str


class RequestFile:
    """The questions of one round, each once; filled by several threads at once."""

    def __init__(self) -> None:
        with disk_errors("questions"):
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `__exit__`
        self._offsets: dict[str, _RequestOffset] = {}
        self._end = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._offsets)

    def __iter__(self) -> Iterator[str]:
        """Name the questions, in the order in which they came."""
        return iter(self._offsets)

    def __contains__(self, key: str) -> bool:
        return key in self._offsets

    def __getitem__(self, key: str) -> PendingRequest:
        place = self._offsets[key]
        body = json.loads(self._line(place))["body"]
        return PendingRequest(
            key=key,
            prompt=place.prompt,
            max_tokens=place.max_tokens,
            body=body,
            digest=place.digest,
        )

    def prompt_and_cap(self, key: str) -> tuple[str, int]:
        """Name the prompt of a question, and the cap of its answer."""
        place = self._offsets[key]
        return place.prompt, place.max_tokens

    def digest(self, key: str) -> str:
        """Name the digest that asks a question first."""
        return self._offsets[key].digest

    def add(self, request: PendingRequest) -> None:
        """Take a question, unless it is there."""
        line = {
            "custom_id": request.key,
            "method": "POST",
            "url": BATCH_ENDPOINT,
            "body": request.body,
        }
        # ASCII: some readers of lines end one at the odd separators that a text may hold.
        data = json.dumps(line).encode() + b"\n"
        with self._lock, disk_errors("questions"):
            if request.key not in self._offsets:
                self._file.seek(self._end)
                self._file.write(data)
                self._offsets[request.key] = _RequestOffset(
                    self._end, len(data), request.prompt, request.max_tokens, request.digest
                )
                self._end += len(data)

    def split(self, keys: Iterable[str], limits: BatchLimits) -> Iterator[list[str]]:
        """Part questions into batches, each as large as it may be."""
        part: list[str] = []
        size = 0
        for key in keys:
            size += self._offsets[key].size
            if part and (size > limits.max_bytes or len(part) >= limits.max_lines):
                yield part
                part, size = [], self._offsets[key].size
            part.append(key)
        if part:
            yield part

    def copy(self, keys: Iterable[str]) -> IO[bytes]:
        """Write the lines of some questions into a file of their own, which its reader closes."""
        with disk_errors("questions"):
            file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the caller
            for key in keys:
                file.write(self._line(self._offsets[key]))
            file.seek(0)
        return file

    def _line(self, place: _RequestOffset) -> bytes:
        with self._lock:
            self._file.seek(place.start)
            return self._file.read(place.size)


@contextmanager
def disk_errors(what: str) -> Iterator[None]:
    """Say what the disk could not take: the questions or the answers of a batch."""
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"the temporary folder cannot take the {what} of a batch: {error.strerror}; "
            "free some room, or set TMPDIR"
        ) from error
