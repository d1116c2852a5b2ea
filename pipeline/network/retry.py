"""Try a request again where its failure may pass: the one place that does, for models and pages.

The only importer of tenacity. What may pass is marked `Transient`; how long a server asks to be
left alone is read here as well.
"""

import logging
import math
import random
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NamedTuple, TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    before_sleep_log,
    retry_if_exception_type,
    sleep_using_event,
    stop_before_delay,
    stop_never,
    stop_when_event_set,
    wait_exponential_jitter,
)
from tenacity.stop import stop_base

from pipeline.errors import Transient
from pipeline.lines import get_logger

_log = get_logger(__name__)
_BACKOFF = wait_exponential_jitter(max=30)
_SPREAD = random.uniform
Got = TypeVar("Got")
_MAX_CHARS: Final = 200


class RetryPolicy(NamedTuple):
    """How often a request is tried, and how long is waited in between."""

    attempts: int
    """Most tries, the first one included."""
    spread_s: float = 0.0
    """Most that is added to a pause that a server asks for, so that threads do not come at once."""
    max_pause_s: float = math.inf
    """Longest pause that a server is granted."""
    deadline_s: float | None = None
    """No try begins later than this, counted from the first one; None for no such limit."""
    others_succeed: Callable[[], bool] = lambda: False
    """Asked when the tries are used up and the server asks for a pause: whether it has answered
    others since it was last asked, so that as many tries more are worth it."""


def call_with_retry(
    send: Callable[[], Got],
    policy: RetryPolicy,
    *,
    sleep: Callable[[float], None] | None = None,
    closed: threading.Event | None = None,
) -> Got:
    """Call until it succeeds, fails for good, or has been tried often enough.

    Args:
        send: makes the request; a `Transient` that it raises is tried again.
        policy: how often, and how long is waited.
        sleep: the pause between two tries; by default one that `closed` ends early.
        closed: once it is set, nothing is tried again.

    Raises:
        Transient: the failure of the last try, with the number of tries in its `attempts`.
    """
    ended = closed or threading.Event()
    if sleep is None:
        sleep = sleep_using_event(ended)

    def pause_s(state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after_s if isinstance(error, Transient) else None
        if asked is None:
            return _BACKOFF(state)
        return min(asked + _SPREAD(0, policy.spread_s), policy.max_pause_s)

    # One `Retrying` per call: its statistics belong to one thread.
    retrying = Retrying(
        retry=retry_if_exception_type(Transient),
        wait=pause_s,
        stop=(stop_never if policy.deadline_s is None else stop_before_delay(policy.deadline_s))
        | stop_when_event_set(ended)
        | _StopAfterTries(policy),
        sleep=sleep,
        before_sleep=before_sleep_log(_log, logging.DEBUG),
        reraise=True,
    )
    try:
        return retrying(send)
    except Transient as error:
        error.attempts = int(retrying.statistics["attempt_number"])
        raise


class _StopAfterTries(stop_base):
    """Whether the tries of a request are used up."""

    def __init__(self, policy: RetryPolicy) -> None:
        self._policy, self._most = policy, policy.attempts

    def __call__(self, retry_state: RetryCallState) -> bool:
        if retry_state.attempt_number < self._most:
            return False
        error = retry_state.outcome.exception() if retry_state.outcome else None
        asked = isinstance(error, Transient) and error.retry_after_s is not None
        goes_on = asked and self._policy.others_succeed()
        self._most += self._policy.attempts if goes_on else 0
        return not goes_on


def parse_retry_after(value: str) -> float | None:
    """Read `Retry-After`: seconds or a date; None for anything else, a count since 1970 too."""
    value = value.strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value, re.ASCII):
        return float(value)
    until = parse_internet_date(value)
    if until is None:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def parse_internet_date(text: str) -> datetime | None:
    """Read a date with its zone, UTC where none is named; None for what is no date."""
    if len(text) > _MAX_CHARS:
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
