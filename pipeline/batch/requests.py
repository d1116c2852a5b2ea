"""The questions of one round of batches, on the disk until they are answered.

A hundred issues ask for tens of megabytes, which a run need not hold in memory: they lie in one
temporary file, a line of the Batch API each, and parts of it are what is uploaded.
"""

import json
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, Final, NamedTuple, Self

from pipeline.errors import WriteError
from pipeline.llm.model import Unasked
from pipeline.records import Record

ENDPOINT: Final = "/v1/chat/completions"
"""The call that every line of a batch stands for."""


class Bounds(Record):
    """How large one batch may be."""

    lines: int = 50_000
    """Most questions."""
    size_bytes: int = 200_000_000
    """Largest file of questions."""


class _Place(NamedTuple):
    start: int
    size: int
    prompt: str
    cap: int
    digest: str


class Spool:
    """The questions of one round, each once; filled by several threads at once."""

    def __init__(self) -> None:
        with on_disk("questions"):
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `__exit__`
        self._places: dict[str, _Place] = {}
        self._end = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[str]:
        """Name the questions, in the order in which they came."""
        return iter(self._places)

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def __getitem__(self, key: str) -> Unasked:
        place = self._places[key]
        body = json.loads(self._line(place))["body"]
        return Unasked(key=key, prompt=place.prompt, cap=place.cap, body=body, digest=place.digest)

    def shape(self, key: str) -> tuple[str, int]:
        """Name the prompt of a question, and the cap of its answer."""
        place = self._places[key]
        return place.prompt, place.cap

    def digest(self, key: str) -> str:
        """Name the digest that asks a question first."""
        return self._places[key].digest

    def add(self, call: Unasked) -> None:
        """Take a question, unless it is there."""
        line = {"custom_id": call.key, "method": "POST", "url": ENDPOINT, "body": call.body}
        # ASCII: some readers of lines end one at the odd separators that a text may hold.
        data = json.dumps(line).encode() + b"\n"
        with self._lock, on_disk("questions"):
            if call.key not in self._places:
                self._file.seek(self._end)
                self._file.write(data)
                self._places[call.key] = _Place(
                    self._end, len(data), call.prompt, call.cap, call.digest
                )
                self._end += len(data)

    def parts(self, keys: Iterable[str], bounds: Bounds) -> Iterator[list[str]]:
        """Part questions into batches, each as large as it may be."""
        part: list[str] = []
        size = 0
        for key in keys:
            size += self._places[key].size
            if part and (size > bounds.size_bytes or len(part) >= bounds.lines):
                yield part
                part, size = [], self._places[key].size
            part.append(key)
        if part:
            yield part

    def copy(self, keys: Iterable[str]) -> IO[bytes]:
        """Write the lines of some questions into a file of their own, which its reader closes."""
        with on_disk("questions"):
            file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the caller
            for key in keys:
                file.write(self._line(self._places[key]))
            file.seek(0)
        return file

    def _line(self, place: _Place) -> bytes:
        with self._lock:
            self._file.seek(place.start)
            return self._file.read(place.size)


@contextmanager
def on_disk(what: str) -> Iterator[None]:
    """Say what the disk could not take: the questions or the answers of a batch."""
    try:
        yield
    except OSError as error:
        raise WriteError(
            f"the temporary folder cannot take the {what} of a batch: {error.strerror}; "
            "free some room, or set TMPDIR"
        ) from error
