"""How fast one server is asked: as fast as it likes, and slower once it asks for a pause.

While a pause lasts no question is sent by anybody, so that none uses up its tries in it. Each that
was sent back leaves room for one less at once, first come first served; good calls make room again.
"""

import math
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from pipeline.errors import ModelTransient

_LOOK_S: Final = 0.5
# Good calls, for each of those on their way at once, that make room for one more.
_GOOD_CALLS: Final = 4


@dataclass(eq=False)
class Caller:
    """One call and its tries."""

    rested_until: float = 0.0
    """End of the pause that it was asked for, and has waited by itself."""


class Pace:
    """The turns of one server; used by several threads at once."""

    def __init__(self, closed: threading.Event) -> None:
        """Begin without a limit; once `closed` is set nobody waits."""
        self._closed = closed
        self._turns = threading.Condition()
        self._queue: list[Caller] = []
        self._busy = 0
        self._most = math.inf
        self._good = 0
        self._rest_until = 0.0
        self.answered = 0
        """Calls that ended well so far."""

    @contextmanager
    def turn(self, caller: Caller) -> Iterator[None]:
        """Wait for a turn, and learn from how the call ends."""
        self._enter(caller)
        pause_s: float | None = None
        good = False
        try:
            yield
            good = True
        except ModelTransient as error:
            pause_s = error.retry_after_s
            raise
        finally:
            if pause_s:
                caller.rested_until = time.monotonic() + pause_s
            self._leave(caller, asked=bool(pause_s), good=good)

    def _enter(self, caller: Caller) -> None:
        with self._turns:
            self._queue.append(caller)
            while not (self._closed.is_set() or self._may_go(caller)):
                left = self._rest_until - time.monotonic()
                self._turns.wait(min(left, _LOOK_S) if left > 0 else _LOOK_S)
            self._queue.remove(caller)
            self._busy += 1
            self._turns.notify_all()

    def _may_go(self, caller: Caller) -> bool:
        rested = self._rest_until <= max(time.monotonic(), caller.rested_until)
        return rested and self._queue[0] is caller and self._busy < self._most

    def _leave(self, caller: Caller, *, asked: bool, good: bool) -> None:
        with self._turns:
            if asked:
                self._most, self._good = max(1, min(self._most, self._busy) - 1), 0
                self._rest_until = max(self._rest_until, caller.rested_until)
            self._good += good
            self.answered += good
            if self._good >= _GOOD_CALLS * self._most:
                self._most, self._good = self._most + 1, 0
            self._busy -= 1
            self._turns.notify_all()
