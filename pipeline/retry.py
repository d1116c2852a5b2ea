"""Try a request again where its failure may pass: the one place that does, for models and pages.

What may pass is marked `Transient`; how long a server asks to be left alone is read here as well.
"""

import math
import random
import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, NamedTuple, TypeVar

from pipeline.dates import parse_internet_date
from pipeline.errors import Transient
from pipeline.lines import get_logger

_log = get_logger(__name__)

_LONGEST_BACKOFF_S: Final = 30.0
_SPREAD = random.uniform

Got = TypeVar("Got")


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
    wait = ended.wait if sleep is None else sleep
    began = time.monotonic()
    attempt = 1
    while True:
        try:
            return send()
        except Transient as error:
            error.attempts = attempt
            pause = _pause_s(error, policy)
            late = policy.deadline_s is not None and (
                time.monotonic() - began + pause >= policy.deadline_s
            )
            if attempt >= policy.attempts or late or ended.is_set():
                raise
            _log.debug("trying again in %.1f s: %s", pause, error)
        wait(pause)
        attempt += 1


def _pause_s(error: Transient, policy: RetryPolicy) -> float:
    """Give the pause after a failure: what the server asks for, else one that doubles."""
    if error.retry_after_s is not None:
        asked = error.retry_after_s + _SPREAD(0, policy.spread_s)
        return min(asked, policy.max_pause_s)
    return _backoff_s(error.attempts)


def _backoff_s(attempts: int) -> float:
    return min(2.0 ** min(attempts - 1, 10) + random.uniform(0, 1), _LONGEST_BACKOFF_S)  # noqa: S311 - no secret


def parse_retry_after(value: str) -> float | None:
    """Read `Retry-After`: seconds, or a date; None where it is neither."""
    value = value.strip()
    if re.fullmatch(r"\d+(\.\d+)?", value, re.ASCII):
        return float(value)
    until = parse_internet_date(value)
    if until is None:
        return None
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
