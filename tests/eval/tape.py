"""What a model answered, kept in a file, and a server that plays it back.

A recording holds the raw answers of one run, also those that did not fit, one JSON object a line,
each under a key made of everything that shaped it: what the reply cache hashes, and the format and
the cap of the request. So everything above the wire is exercised for real when it is played back,
and an answer to another question than the recorded one does not exist. Questions are not kept:
they quote other people's newsletters.
"""

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import JsonValue, ValidationError
from typing_extensions import override

from pipeline.errors import ModelError, ModelRefused, SettingsError
from pipeline.llm.cache import Cache
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.listeners import Listener, listening
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import (
    AnswerChoice,
    AnswerMessage,
    Completion,
    Endpoint,
)
from pipeline.llm.traffic import Traffic
from pipeline.llm.transport import ModelConnection
from pipeline.records import Record

_Parsed = TypeVar("_Parsed", bound=Record)

RECORD_HINT = "run `make record`, which asks only what is new"
"""What to do about an answer that is missing."""


class NotRecorded(ModelError):
    """A question was asked to which the recording has no answer."""


class RecordedReply(Record):
    """One answer of a model."""

    prompt: str
    """Name of the prompt that was answered."""
    key: str
    """SHA-256 of the request and its host, hexadecimal."""
    content: str | None = None
    """The model's words."""
    refusal: str | None = None
    """The model's words where it refused."""
    finish_reason: str | None = None
    """Why it ended."""
    turned_down: str | None = None
    """The words of a content filter that let no answer through."""

    @property
    def is_blank(self) -> bool:
        """Whether it says nothing, which a second try may better."""
        said = self.content or self.refusal or self.turned_down or ""
        return not said.strip() and self.finish_reason not in {"length", "content_filter"}


class Header(Record):
    """First line of a recording: which model answered, and how it was asked."""

    model: str
    """Name of the model."""
    embedded: bool
    """Whether it is the embedded one."""
    settings: dict[str, JsonValue]
    """Settings that shape requests and were not the defaults."""
    wire: ServerCapabilities | None = None
    """What the server was found to take; None where nothing was asked."""


class Recording(Record):
    """The answers of one model to the questions of one issue."""

    header: Header
    """Who answered."""
    replies: tuple[RecordedReply, ...]
    """Each key once."""


class UncachedReplies(Cache):
    """A cache that keeps no replies, so that each answer is read from the tape as it came."""

    def __init__(self, wire: ServerCapabilities | None) -> None:
        super().__init__(None)
        self.wire = wire

    @override
    def get_capabilities(self, host: str, model: str) -> ServerCapabilities | None:
        """Give what the recording says the server takes."""
        return self.wire

    @override
    def put_capabilities(self, host: str, model: str, capabilities: ServerCapabilities) -> None:
        """Note what the server takes, for the recording."""
        self.wire = capabilities


class RecordedServer(ModelConnection):
    """A server that answers from what is known; where it may, it asks the real one for the rest."""

    def __init__(
        self,
        known: Iterable[RecordedReply],
        *,
        host: str,
        model: str,
        connect: Callable[[], Endpoint],
        timeout_s: float,
        keep: Callable[[RecordedReply], None] | None,
    ) -> None:
        """Prepare to play.

        Args:
            known: the answers there are.
            host: identity of the real server.
            model: the model's name on it.
            connect: connects to the real server; called at most once, and only to record.
            timeout_s: longest wait for one of its answers.
            keep: keeps each new answer; None to play only what is known.
        """
        super().__init__(host=host, connect=connect, timeout_s=timeout_s)
        self.used: dict[str, RecordedReply] = {}
        self.missing: list[str] = []
        self.asked = 0
        self._name = model
        self._known = {reply.key: reply for reply in known}
        self._keep = keep
        self._about = threading.local()
        self._writing = threading.Lock()

    @contextmanager
    def about(self, prompt: str) -> Iterator[None]:
        """Know which prompt the requests of this thread come from; they are asked for whole."""
        self._about.prompt = prompt
        with listening(None):
            yield

    @override
    def prefill(self, stable: list[dict[str, str]]) -> None:
        """Open nothing: there may be nothing to ask."""

    @override
    def complete(
        self,
        request: dict[str, Any],
        listener: Listener | None = None,
        traffic: Traffic | None = None,
    ) -> Completion:
        """Give the answer to a request; it comes whole, so that nobody hears it.

        Raises:
            NotRecorded: there is none, and none is asked for.
            Refusal: a content filter turned it down.
        """
        key = self._key(request)
        prompt: str = self._about.prompt
        reply = self._known.get(key)
        if reply is None or (reply.is_blank and self._keep):
            if self._keep is None:
                self.missing.append(prompt)
                raise NotRecorded(
                    f"a question of the prompt {prompt!r} has no answer; {RECORD_HINT}"
                )
            reply = self._new(self._real(request, prompt, key))
        self.used[key] = reply
        if reply.turned_down is not None:
            raise RequestRejected(400, reply.turned_down)
        message = AnswerMessage(content=reply.content, refusal=reply.refusal)
        choice = AnswerChoice(message=message, finish_reason=reply.finish_reason)
        return Completion(choice=choice, tokens=None)

    def _key(self, request: dict[str, Any]) -> str:
        shape = json.dumps([self._host, request], sort_keys=True)
        return hashlib.sha256(shape.encode()).hexdigest()

    def _real(self, request: dict[str, Any], prompt: str, key: str) -> RecordedReply:
        super().prefill(request["messages"][:-1])
        try:
            choice = super().complete(request).choice
        except RequestRejected as refusal:
            if isinstance(refusal.to_error(self._host, self._name), ModelRefused):
                return RecordedReply(prompt=prompt, key=key, turned_down=refusal.text)
            raise
        return RecordedReply(
            prompt=prompt,
            key=key,
            content=choice.message.content,
            refusal=choice.message.refusal,
            finish_reason=choice.finish_reason,
        )

    def _new(self, reply: RecordedReply) -> RecordedReply:
        """Keep an answer; of two to one question, asked at once, the first counts."""
        with self._writing:
            earlier = self._known.get(reply.key)
            if earlier is not None and not earlier.is_blank:
                return earlier
            self._known[reply.key] = reply
            self.asked += 1
            if self._keep is not None:
                self._keep(reply)
        return reply


RECORDINGS: Final = Path(__file__).with_name("recordings")
"""The recordings, in a folder for each model."""


def recording_path(folder: Path, model: str, case: str) -> Path:
    """Name the recording of one model and issue."""
    return folder / re.sub(r"[^\w.-]+", "-", model) / f"{case}.jsonl"


def load(file: Path) -> Recording:
    """Read a recording.

    Raises:
        SettingsError: a line of it cannot be used; names it.
    """
    first, *rest = _lines(file)
    header = _parsed(Header, first, file, 1)
    replies = tuple(_parsed(RecordedReply, line, file, n) for n, line in enumerate(rest, 2))
    if len({reply.key for reply in replies}) != len(replies):
        raise SettingsError(f"{file}: a question is answered twice; {RECORD_HINT}")
    return Recording(header=header, replies=replies)


def save(recording: Recording, file: Path) -> None:
    """Write a recording, sorted, in one piece."""
    replies = sorted(recording.replies, key=lambda reply: (reply.prompt, reply.key))
    lines = [_line(recording.header), *(_line(reply) for reply in replies)]
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_text("".join(lines), encoding="utf-8")
    part.replace(file)


def read_intact_replies(file: Path) -> tuple[RecordedReply, ...]:
    """Read the replies of a recording or a journal, without the lines that are damaged."""
    if not file.is_file():
        return ()
    replies: dict[str, RecordedReply] = {}
    for line in file.read_text(encoding="utf-8").split("\n"):
        try:
            reply = RecordedReply.model_validate_json(line)
        except ValidationError:
            continue
        replies[reply.key] = reply
    return tuple(replies.values())


def append(file: Path, reply: RecordedReply) -> None:
    """Add one answer to a journal, so that it outlives whatever comes next."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(_line(reply))
        stream.flush()
        os.fsync(stream.fileno())


def _line(record: Record) -> str:
    facts: Mapping[str, object] = record.model_dump(mode="json", exclude_none=True)
    return json.dumps(facts, ensure_ascii=False, sort_keys=True) + "\n"


def _lines(file: Path) -> list[str]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{file} cannot be read: {error}; restore it, or {RECORD_HINT}"
        ) from error
    return text.removesuffix("\n").split("\n")


def _parsed(kind: type[_Parsed], line: str, file: Path, number: int) -> _Parsed:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"]
        raise SettingsError(
            f"{file}: line {number} is damaged ({said}); restore the file, or {RECORD_HINT}"
        ) from error
