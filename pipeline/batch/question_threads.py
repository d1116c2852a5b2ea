"""The threads that ask for all issues of a range: whose question is asked next.

The oldest issue's work is taken up first, so that issues end one after the other. In the order in
which they come, the issues that began together are told together, and for a while all of them only
choose: one question each, where the provider would take many.
"""

import itertools
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from queue import Empty, PriorityQueue
from typing import Any, NamedTuple, TypeVar

from typing_extensions import override

_Made = TypeVar("_Made")


class _Work(NamedTuple):
    """Work that waits for a thread; the least is taken up next."""

    issue: int
    """Place of its issue in the range, from 0."""
    number: int
    """How many came before it; no two are alike, so that nothing else is compared."""
    made: "Future[Any]"
    run: Callable[[], object]


class QuestionThreads:
    """Threads that several issues share."""

    def __init__(self, count: int) -> None:
        """Prepare so many; none is started before there is work."""
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="ask")
        self._waiting: PriorityQueue[_Work] = PriorityQueue()
        self._numbers = itertools.count()

    def of_issue(self, place: int) -> Executor:
        """Give the threads to one issue, by its place in the range, from 0."""
        return _IssueThreads(partial(self._submit, place))

    def close(self) -> None:
        """Take up nothing more, and wait for nobody; what waits is cancelled."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        while True:
            try:
                work = self._waiting.get_nowait()
            except Empty:
                return
            _cancel(work.made)

    def _submit(self, place: int, run: Callable[[], _Made]) -> "Future[_Made]":
        made: Future[_Made] = Future()
        self._waiting.put(_Work(place, next(self._numbers), made, run))
        try:
            self._threads.submit(self._run_next)
        except RuntimeError:  # closed meanwhile
            self.close()
        return made

    def _run_next(self) -> None:
        """Run what is next by now, which need not be what this was begun for."""
        *_, made, run = self._waiting.get_nowait()
        if not made.set_running_or_notify_cancel():
            return
        try:
            made.set_result(run())
        except BaseException as error:  # noqa: BLE001 - who waits for it gets it, as of any executor
            made.set_exception(error)


def _cancel(made: "Future[Any]") -> None:
    """Cancel work that waits, and wake who waits for any of several."""
    if made.cancel():
        made.set_running_or_notify_cancel()


class _IssueThreads(Executor):
    """The same threads as one issue sees them."""

    def __init__(self, submit: Callable[[Callable[[], Any]], "Future[Any]"]) -> None:
        self._submit = submit

    @override
    def submit(self, work: Callable[..., _Made], /, *args: Any, **named: Any) -> "Future[_Made]":
        return self._submit(partial(work, *args, **named))
