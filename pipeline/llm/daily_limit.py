"""What the calls of a run, and those of a day, may still cost: caps that calls pass one by one.

The day's cap is that of all processes: what they have spent, and what they have on its way, is in
the ledger. Where the ledger cannot be read or written there is no such cap. That is only warned of,
unless somebody has set the cap by hand: then nothing is asked.
"""

import datetime as dt
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.errors import ModelError
from pipeline.lines import get_logger
from pipeline.llm.cache_file import ASIDE_ENDINGS
from pipeline.storage import is_gone, process_mark

if TYPE_CHECKING:
    from pipeline.llm.cache import Cache

_log = get_logger(__name__)

SHANGHAI = "Asia/Shanghai"
"""Whose calendar date a line of the ledger has."""
RECKONED_USD = "total(max(CAST(reckoned_usd AS REAL), 0))"
"""Sum of what counts towards a cap: nothing in the ledger makes room."""
# How long a call waits before it looks again at what other processes have spent.
_POLL_S = 1.0
_CLAIM = "call"
_FOREIGN_CLAIM_AGE_S = 3600.0


class Budget:
    """A cap that calls pass one by one; what is on its way counts as if it were spent."""

    def __init__(self, spent: Callable[[], float]) -> None:
        """Begin with nothing on its way; `spent` says what is spent already."""
        self._spent = spent
        self._released = threading.Condition()
        self._reserved = 0.0
        self._in_flight = 0

    @contextmanager
    def reserve(
        self, amount: float, limit: float, to_error: Callable[[float], ModelError]
    ) -> Iterator[None]:
        """Reserve what a call may take while it is on its way.

        Reservations are high: a call that does not fit beside those on their way waits until they
        are settled. Only what does not fit then either is refused.

        Raises:
            ModelError: the call could pass the cap.
        """
        with self._released:
            while (spent := self._spent()) + self._reserved + amount > limit:
                if not self._in_flight:
                    raise to_error(spent)
                self._released.wait(_POLL_S)
            self._reserved += amount
            self._in_flight += 1
        try:
            yield
        finally:
            with self._released:
                self._in_flight -= 1
                # Sums of fractions do not come back to nothing by themselves.
                self._reserved = self._reserved - amount if self._in_flight else 0.0
                self._released.notify_all()

    def wait_idle(self, timeout_s: float) -> bool:
        """Wait until nothing is on its way; return whether that came true."""
        with self._released:
            return self._released.wait_for(lambda: not self._in_flight, timeout_s)


class DailyBudget:
    """The cap of a day; what is on its way in other processes counts too."""

    def __init__(self, cache: "Cache", today: Callable[[], dt.date]) -> None:
        """Count what the ledger in a cache has of the date that `today` gives."""
        self._cache = cache
        self._today = today
        self._of_process = Budget(lambda: self._spent(self._until))
        self._until = ""
        self._is_checked = False

    @contextmanager
    def reserve(
        self,
        amount: float,
        limit: float,
        to_error: Callable[[float], ModelError],
        *,
        by_hand: str = "",
    ) -> Iterator[None]:
        """Reserve what a call may take, as `Budget.reserve`.

        `by_hand` names the setting where somebody has set the cap; without it a cap that cannot be
        kept stops nothing.
        """
        loss = self.loss()
        if by_hand and loss:
            raise ModelError(f"{by_hand} cannot be kept: {loss}; or unset {by_hand}")
        # A clock that was set back gives no new cap where somebody has set one.
        self._until = "" if by_hand else self._today().isoformat()
        with self._of_process.reserve(amount, limit, to_error):
            name = f"{process_mark()} {time.time():.0f} {secrets.token_hex(8)}"
            while not self._claim(name, amount, limit):
                if not self._waits_for_others():
                    raise to_error(self._spent(self._until))
                time.sleep(_POLL_S)
            try:
                yield
            finally:
                self._cache.delete_note(_CLAIM, name)

    def loss(self) -> str:
        """Say why what this day has cost is not known, with what to do; blank where it is."""
        if not self._is_checked:
            # Whether the ledger can be written shows before anything is paid.
            self._is_checked = True
            self._cache.put_note("ledger", "day", self._today().isoformat())
            self._warn_of_days_to_come()
        if reason := moved_aside(self._cache.path, self._today()):
            return reason
        loss = self._cache.loss
        if not loss and self._cache.execute("SELECT EXISTS (SELECT 1 FROM usage)") == []:
            loss = f"the ledger in {self._cache.path} cannot be read"
        return loss and f"{loss}; put that right or set AINEWS_CACHE_DIR"

    def _spent(self, until: str) -> float:
        """Add up what counts towards the cap: of this day, and of those to come up to `until`."""
        sql = f"SELECT {RECKONED_USD} FROM usage WHERE day >= ? AND (day <= ? OR ? = '')"  # noqa: S608 - our own text
        rows = self._cache.execute(sql, self._today().isoformat(), until, until)
        return float(rows[0][0]) if rows else 0.0

    def _claim(self, name: str, usd: float, limit: float) -> bool:
        """Say to other processes what a call may cost, if it fits below the cap.

        One statement, so that two processes cannot both be the last that fits. Where there is no
        ledger each is alone.
        """
        day, until = self._today().isoformat(), self._until
        self._cache.execute(
            "INSERT INTO notes SELECT ?, ?, ? WHERE ? + (SELECT total(max(CAST(text AS REAL), 0)) "  # noqa: S608 - our own text
            f"FROM notes WHERE kind = ?) + (SELECT {RECKONED_USD} FROM usage WHERE day >= ? "
            "AND (day <= ? OR ? = '')) <= ?",
            *(_CLAIM, name, str(usd), usd, _CLAIM, day, until, until, limit),
        )
        sql = "SELECT count(*) FROM notes WHERE kind = ? AND name = ?"
        rows = self._cache.execute(sql, _CLAIM, name)
        return not rows or rows[0][0] > 0 or bool(self._cache.loss)

    def _waits_for_others(self) -> bool:
        """Forget the calls of processes that have ended; say whether there are others on their way.

        Where some were forgotten there is room again.
        """
        claims = self._cache.notes(_CLAIM)
        for name in claims:
            if _is_over(name):
                self._cache.delete_note(_CLAIM, name)
        return bool(claims)

    def _warn_of_days_to_come(self) -> None:
        day = self._today().isoformat()
        sql = f"SELECT {RECKONED_USD} FROM usage WHERE day > ?"  # noqa: S608 - our own text
        rows = self._cache.execute(sql, day)
        if rows and rows[0][0]:
            _log.warning(
                "the ledger has %.4f USD of days after %s: was the clock wrong, or is it now? They "
                "count towards a daily cap that was set by hand",
                *(rows[0][0], day),
            )


def _is_over(name: str) -> bool:
    """Say whether a call of this name cannot be on its way any more."""
    mark, _, rest = name.rpartition(" ")[0].rpartition(" ")
    try:
        gone, begun = is_gone(mark), float(rest)
    except ValueError:
        return True
    return abs(time.time() - begun) > _FOREIGN_CLAIM_AGE_S if gone is None else gone


def moved_aside(path: Path, today: dt.date) -> str:
    """Say where this day's lines are, if the file with them was moved aside today."""
    for ending in ASIDE_ENDINGS:
        aside = path.with_name(f"{path.name}.{ending}") if path.name else path
        with suppress(OSError):
            moved = dt.datetime.fromtimestamp(aside.lstat().st_mtime, ZoneInfo(SHANGHAI))
            if path.name and moved.date() == today:
                return (
                    f"what was spent today is in {aside}, which was moved aside: remove that file "
                    "to count from nothing"
                )
    return ""
