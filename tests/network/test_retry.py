"""What may pass is tried again: how often, and after which pause."""

import threading

import pytest

from pipeline.errors import ModelError, ModelTransient, SourceTransient, Transient
from pipeline.network import RetryPolicy, call_with_retry, parse_retry_after


class Failing:
    """A request that fails a number of times, and counts how often it was made."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        """Fail with the next error, or answer."""
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "answer"


def test_a_failure_that_may_pass_is_tried_again() -> None:
    """After a pause that grows; whatever else fails is not tried again."""
    send, pauses = Failing(ModelTransient("one"), SourceTransient("two")), list[float]()
    assert call_with_retry(send, RetryPolicy(3), sleep=pauses.append) == "answer"
    assert 1 <= pauses[0] <= 2 <= pauses[1] <= 3
    lasting = Failing(ModelError("no"))
    with pytest.raises(ModelError, match="no"):
        call_with_retry(lasting, RetryPolicy(3), sleep=pauses.append)
    assert (lasting.calls, len(pauses)) == (1, 2)


def test_the_last_failure_says_how_often_it_was_tried() -> None:
    """It is raised as it is, so that whoever called can word it."""
    with pytest.raises(Transient, match="last") as caught:
        call_with_retry(
            Failing(ModelTransient("first"), ModelTransient("last")),
            RetryPolicy(2),
            sleep=lambda _: None,
        )
    assert caught.value.attempts == 2


def test_a_pause_that_a_server_asks_for_is_kept_up_to_the_longest() -> None:
    """With a spread on top where the policy has one."""
    for policy, least, most in (
        (RetryPolicy(2), 50, 50),
        (RetryPolicy(2, spread_s=1.0), 50, 51),
        (RetryPolicy(2, max_pause_s=20.0), 20, 20),
    ):
        pauses: list[float] = []
        call_with_retry(Failing(ModelTransient("busy", 50.0)), policy, sleep=pauses.append)
        assert least <= pauses[0] <= most
    pauses = []
    policy = RetryPolicy(2, spread_s=10.0, max_pause_s=50.0)
    for _ in range(5):
        call_with_retry(Failing(ModelTransient("busy", 50.0)), policy, sleep=pauses.append)
    assert pauses == [50.0] * 5


def test_a_server_that_asks_for_no_pause_gets_none() -> None:
    """It said so, so that nothing is left to our own judgement."""
    pauses: list[float] = []
    call_with_retry(Failing(ModelTransient("again", 0.0)), RetryPolicy(2), sleep=pauses.append)
    assert pauses == [0.0]


def test_nothing_is_tried_again_that_would_begin_too_late() -> None:
    """A pause past the deadline is not begun."""
    send, pauses = Failing(ModelTransient("busy", 50.0)), list[float]()
    with pytest.raises(ModelTransient):
        call_with_retry(send, RetryPolicy(5, deadline_s=10.0), sleep=pauses.append)
    assert (send.calls, pauses) == (1, [])


def test_nothing_is_tried_again_once_it_is_closed() -> None:
    """Whoever waits gives up at once."""
    closed = threading.Event()
    closed.set()
    send = Failing(ModelTransient("busy"))
    with pytest.raises(ModelTransient):
        call_with_retry(send, RetryPolicy(5), closed=closed)
    assert send.calls == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("Mon, 01 Jan 2024 00:00:00 +99999999999999", None),
        ("Mon, 01 Jan 2024 00:00:00 +9999", None),
        ("Mon, 32 Jan 99999 25:61:61 GMT", None),
        ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0),
        ("9" * 5000, None),
        ("1767225600", None),
    ],
)
def test_a_pause_is_seconds_or_a_date(value: str, seconds: float | None) -> None:
    """A date that is over asks for none, and nonsense for nothing."""
    assert parse_retry_after(value) == seconds
