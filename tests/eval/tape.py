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
from typing import Any, TypeVar

from pydantic import JsonValue, ValidationError
from typing_extensions import override

from pipeline.errors import ModelError, ModelRefused, SettingsError
from pipeline.llm.cache import Cache, Learnt
from pipeline.llm.responses import Choice, Completion, Endpoint, Message, Refusal
from pipeline.llm.transport import Server
from pipeline.records import Record

_Parsed = TypeVar("_Parsed", bound=Record)

AGAIN = "run `make record`, which asks only what is new"
"""What to do about an answer that is missing."""


class NotRecorded(ModelError):
    """A question was asked to which the recording has no answer."""


class Reply(Record):
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
    def blank(self) -> bool:
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
    wire: Learnt | None = None
    """What the server was found to take; None where nothing was asked."""


class Recording(Record):
    """The answers of one model to the questions of one issue."""

    header: Header
    """Who answered."""
    replies: tuple[Reply, ...]
    """Each key once."""


class Forgetful(Cache):
    """A cache that keeps no replies, so that each answer is read from the tape as it came."""

    def __init__(self, wire: Learnt | None) -> None:
        self.wire = wire

    @override
    def reply(self, key: str) -> str | None:
        """Find nothing."""
        return None

    @override
    def keep_reply(self, key: str, answer: str) -> None:
        """Keep nothing."""

    @override
    def mode(self, host: str, model: str) -> Learnt | None:
        """Give what the recording says the server takes."""
        return self.wire

    @override
    def keep_mode(self, host: str, model: str, learnt: Learnt) -> None:
        """Note what the server takes, for the recording."""
        self.wire = learnt


class Tape(Server):
    """A server that answers from what is known; where it may, it asks the real one for the rest."""

    def __init__(
        self,
        known: Iterable[Reply],
        *,
        host: str,
        model: str,
        connect: Callable[[], Endpoint],
        timeout_s: float,
        keep: Callable[[Reply], None] | None,
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
        self.used: dict[str, Reply] = {}
        self.missing: list[str] = []
        self.asked = 0
        self._name = model
        self._known = {reply.key: reply for reply in known}
        self._keep = keep
        self._about = threading.local()
        self._writing = threading.Lock()

    @contextmanager
    def about(self, prompt: str) -> Iterator[None]:
        """Know which prompt the requests of this thread come from."""
        self._about.prompt = prompt
        yield

    @override
    def open(self, system: str) -> None:
        """Open nothing: there may be nothing to ask."""

    @override
    def complete(self, request: dict[str, Any]) -> Completion:
        """Give the answer to a request.

        Raises:
            NotRecorded: there is none, and none is asked for.
            Refusal: a content filter turned it down.
        """
        key = self._key(request)
        prompt: str = self._about.prompt
        reply = self._known.get(key)
        if reply is None or (reply.blank and self._keep):
            if self._keep is None:
                self.missing.append(prompt)
                raise NotRecorded(f"a question of the prompt {prompt!r} has no answer; {AGAIN}")
            reply = self._new(self._real(request, prompt, key))
        self.used[key] = reply
        if reply.turned_down is not None:
            raise Refusal(400, reply.turned_down)
        message = Message(content=reply.content, refusal=reply.refusal)
        choice = Choice(message=message, finish_reason=reply.finish_reason)
        return Completion(choice=choice, tokens=None)

    def _key(self, request: dict[str, Any]) -> str:
        shape = json.dumps([self._host, request], sort_keys=True)
        return hashlib.sha256(shape.encode()).hexdigest()

    def _real(self, request: dict[str, Any], prompt: str, key: str) -> Reply:
        super().open(request["messages"][0]["content"])
        try:
            choice = super().complete(request).choice
        except Refusal as refusal:
            if isinstance(refusal.verdict(self._host, self._name), ModelRefused):
                return Reply(prompt=prompt, key=key, turned_down=refusal.words)
            raise
        return Reply(
            prompt=prompt,
            key=key,
            content=choice.message.content,
            refusal=choice.message.refusal,
            finish_reason=choice.finish_reason,
        )

    def _new(self, reply: Reply) -> Reply:
        """Keep an answer; of two to one question, asked at once, the first counts."""
        with self._writing:
            earlier = self._known.get(reply.key)
            if earlier is not None and not earlier.blank:
                return earlier
            self._known[reply.key] = reply
            self.asked += 1
            if self._keep is not None:
                self._keep(reply)
        return reply


def file_of(folder: Path, model: str, case: str) -> Path:
    """Name the recording of one model and issue."""
    return folder / re.sub(r"[^\w.-]+", "-", model) / f"{case}.jsonl"


def load(file: Path) -> Recording:
    """Read a recording.

    Raises:
        SettingsError: a line of it cannot be used; names it.
    """
    first, *rest = _lines(file)
    header = _parsed(Header, first, file, 1)
    replies = tuple(_parsed(Reply, line, file, n) for n, line in enumerate(rest, 2))
    if len({reply.key for reply in replies}) != len(replies):
        raise SettingsError(f"{file}: a question is answered twice; {AGAIN}")
    return Recording(header=header, replies=replies)


def save(recording: Recording, file: Path) -> None:
    """Write a recording, sorted, in one piece."""
    replies = sorted(recording.replies, key=lambda reply: (reply.prompt, reply.key))
    lines = [_line(recording.header), *(_line(reply) for reply in replies)]
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    part.write_text("".join(lines), encoding="utf-8")
    part.replace(file)


def salvage(file: Path) -> tuple[Reply, ...]:
    """Read the replies of a recording or a journal, without the lines that are damaged."""
    if not file.is_file():
        return ()
    replies: dict[str, Reply] = {}
    for line in file.read_text(encoding="utf-8").split("\n"):
        try:
            reply = Reply.model_validate_json(line)
        except ValidationError:
            continue
        replies[reply.key] = reply
    return tuple(replies.values())


def append(file: Path, reply: Reply) -> None:
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
        raise SettingsError(f"{file} cannot be read: {error}; restore it, or {AGAIN}") from error
    return text.removesuffix("\n").split("\n")


def _parsed(kind: type[_Parsed], line: str, file: Path, number: int) -> _Parsed:
    try:
        return kind.model_validate_json(line)
    except ValidationError as error:
        said = error.errors(include_url=False)[0]["msg"]
        raise SettingsError(
            f"{file}: line {number} is damaged ({said}); restore the file, or {AGAIN}"
        ) from error
