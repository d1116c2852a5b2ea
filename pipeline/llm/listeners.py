"""Hearing an answer while it comes: whoever asks may listen, and the server is asked for pieces.

What is heard is a beginning, of which nobody knows yet whether it will fit: the answer is what
`ask` gives, from the same bytes. Of kept answers, of answers that come whole and of second tries
nothing is heard.
"""

import codecs
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from pipeline.lines import get_logger

_log = get_logger(__name__)

Listener = Callable[[str], None]
"""Is given each piece of an answer, in the thread that asks; the pieces are its words so far."""

_LISTENER: ContextVar[Listener | None] = ContextVar("_LISTENER", default=None)
_SENT: ContextVar[Callable[[], None] | None] = ContextVar("_SENT", default=None)
# The longest event of a stream is a hundredth of it.
_MAX_EVENT_CHARS: Final = 100_000


@contextmanager
def listening(listener: Listener | None) -> Iterator[None]:
    """Hear what is asked meanwhile in this thread."""
    before = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(before)


def current_listener() -> Listener | None:
    """Give whoever hears what is asked in this thread."""
    return _LISTENER.get()


@contextmanager
def when_sent(sent: Callable[[], None]) -> Iterator[None]:
    """Have something called when a question that is asked meanwhile in this thread has been sent.

    It must neither wait nor fail.
    """
    before = _SENT.set(sent)
    try:
        yield
    finally:
        _SENT.reset(before)


def tell_sent() -> None:
    """Say that the question of this thread has been sent."""
    if sent := _SENT.get():
        sent()


class HeardStream:
    """The server-sent events of one answer, passed on as words while they come."""

    def __init__(self, listener: Listener) -> None:
        self._listener: Listener | None = listener
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._line = ""

    def passing(self, parts: Iterable[bytes]) -> Iterator[bytes]:
        """Give the parts of a body as they are, and the words in them to the listener."""
        for part in parts:
            yield part
            *lines, self._line = (self._line + self._decoder.decode(part)).split("\n")
            self._line = self._line[:_MAX_EVENT_CHARS]
            if words := "".join(map(_words_of, lines)):
                self._pass_on(words)

    def _pass_on(self, words: str) -> None:
        """Let the listener hear; one that fails hears no more, and costs no answer."""
        if self._listener is None:
            return
        try:
            self._listener(words)
        except Exception:  # noqa: BLE001 - whatever it is, the answer is paid and must be kept
            _log.debug("what listens to an answer has failed", exc_info=True)
            self._listener = None


def _words_of(line: str) -> str:
    """Give what a line of a stream adds to the answer; blank where it is no such line."""
    data = line.removeprefix("data:")
    if data == line:
        return ""
    try:
        event: Any = json.loads(data)
        words = event["choices"][0]["delta"]["content"]
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""
    return words if isinstance(words, str) else ""
