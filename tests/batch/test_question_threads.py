"""The threads that issues share take up the oldest one's work first, and leave nobody waiting."""

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, as_completed
from contextlib import closing

import pytest

from pipeline.batch.question_threads import QuestionThreads


class Held:
    """One shared thread that is busy until it is let go; what it takes up is written down."""

    def __init__(self, threads: QuestionThreads) -> None:
        self.threads = threads
        self.taken: list[str] = []
        self.go = threading.Event()
        busy = threading.Event()
        self.first = threads.of_issue(9).submit(self._hold, busy)
        assert busy.wait(5)

    def submit(self, issue: int, name: str) -> Future[None]:
        """Have a name written down for an issue."""
        return self.threads.of_issue(issue).submit(self.taken.append, name)

    def _hold(self, busy: threading.Event) -> None:
        busy.set()
        self.go.wait(5)


@pytest.fixture
def held() -> Iterator[Held]:
    """Give one thread that is busy."""
    with closing(QuestionThreads(1)) as threads:
        held = Held(threads)
        yield held
        held.go.set()


def test_the_oldest_issue_goes_first(held: Held) -> None:
    """Whatever came before it; of one issue what came first."""
    made = [held.submit(issue, f"{issue}{name}") for issue, name in ((2, "a"), (1, "a"), (1, "b"))]
    made.append(held.submit(0, "0a"))
    held.go.set()
    for future in made:
        future.result(5)
    assert held.taken == ["0a", "1a", "1b", "2a"]


def test_what_is_cancelled_is_not_done(held: Held) -> None:
    """Its turn costs nobody anything."""
    out, stays = held.submit(0, "out"), held.submit(1, "stays")
    assert out.cancel()
    held.go.set()
    stays.result(5)
    assert held.taken == ["stays"]


def test_an_error_is_that_of_who_waits(held: Held) -> None:
    """The thread goes on with the others' work."""

    def fail() -> None:
        raise ValueError("this one")

    failing, other = held.threads.of_issue(0).submit(fail), held.submit(1, "other")
    held.go.set()
    with pytest.raises(ValueError, match="this one"):
        failing.result(5)
    other.result(5)
    assert held.taken == ["other"]


def test_after_the_end_nobody_waits_for_ever(held: Held) -> None:
    """What waits is cancelled, and so is what comes later; what runs may end."""
    waits = held.submit(1, "waits")
    held.threads.close()
    for future in (waits, held.submit(0, "late")):
        with pytest.raises(CancelledError):
            future.result(5)
    held.go.set()
    held.first.result(5)
    assert held.taken == []


def test_several_are_asked_side_by_side_and_given_in_their_order() -> None:
    """As of any executor."""
    both = threading.Barrier(2)

    def meet(number: int) -> int:
        both.wait(5)
        return number

    with closing(QuestionThreads(2)) as threads:
        assert list(threads.of_issue(0).map(meet, [1, 2])) == [1, 2]


def test_who_waits_for_any_of_several_is_woken_when_it_closes(held: Held) -> None:
    """Cancelling alone wakes only who waits for one: the issue would hold its lock for ever."""
    waiting = [held.submit(1, "one"), held.submit(1, "two")]
    held.threads.close()
    ended = [each.cancelled() for each in as_completed(waiting, timeout=5)]
    assert ended == [True, True]
    late = held.submit(1, "late")
    assert [each.cancelled() for each in as_completed([late], timeout=5)] == [True]
