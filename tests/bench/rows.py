"""The rows of the bench: what was measured, beside what in the same run, and what it should be.

A machine is never as fast twice, so a row is compared by its ratio to its baseline where it has
one: both were measured within seconds of each other, in turns. A bar is of that ratio too, unless
DESIGN names it in seconds or MB.
"""

import json
import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from pipeline.records import Record

SLOWER = 1.15
"""From which factor on a row counts as slower: below it, it is the machine's noise."""


class Measurement(Record):
    """One measure."""

    group: str
    """What it belongs to."""
    name: str
    """What was measured."""
    value: float
    """What was reached."""
    unit: str
    """Of the value, and of the baseline."""
    baseline: str = ""
    """What it was measured beside; empty for nothing."""
    baseline_value: float | None = None
    """What that reached."""
    bar: float | None = None
    """What should be reached; None for none."""
    bar_of: Literal["ratio", "value"] = "ratio"
    """What the bar is of. DESIGN has seconds and MB for some, whatever the machine is doing."""
    better: Literal["less", "more"] = "less"
    """Which way is better."""

    @property
    def ratio(self) -> float | None:
        """The value over its baseline."""
        return self.value / self.baseline_value if self.baseline_value else None

    @property
    def judged(self) -> float:
        """What an earlier run is compared with: the ratio where there is one."""
        return self.value if self.ratio is None else self.ratio

    @property
    def reached(self) -> bool | None:
        """Whether the bar is reached; None where there is none."""
        if self.bar is None:
            return None
        found = self.value if self.bar_of == "value" else self.judged
        return found <= self.bar if self.better == "less" else found >= self.bar


def time_alternating(
    *works: Callable[[], object],
    times: int = 5,
    clock: Callable[[], float] = time.process_time,
    before: Callable[[], object] = lambda: None,
) -> list[float]:
    """Time several works in turns, each the given number of times; give the median seconds of each.

    Args:
        works: what is timed.
        times: how often each.
        clock: processor time by default, which is for works that compute and do not wait.
        before: called before each, untimed.
    """
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, seconds in zip(works, taken, strict=True):
            before()
            began = clock()
            work()
            seconds.append(clock() - began)
    return [statistics.median(seconds) for seconds in taken]


def exponent(sizes: Sequence[float], seconds: Sequence[float]) -> float:
    """Say how time grows with size: 1 is in proportion, 2 is quadratic.

    The slope of the straight line that fits the logarithms best.
    """
    line = statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(each) for each in seconds]
    )
    return line.slope


def line(row: Measurement) -> str:
    """Write one row of the table."""
    beside = ""
    if row.ratio is not None:
        beside = f"{row.ratio:7.2f} x {row.baseline} ({_number(row.baseline_value or 0)})"
    mark = {None: "", True: "reached", False: "MISSED"}[row.reached]
    of = row.unit if row.bar_of == "value" or row.ratio is None else "x"
    sign = "<=" if row.better == "less" else ">="
    bar = f"{sign} {row.bar:g} {of}".rstrip() + f" {mark}" if mark else ""
    return f"{row.name:62} {_number(row.value):>8} {row.unit:11} {bar:20} {beside}".rstrip()


def summary(rows: Sequence[Measurement]) -> str:
    """Say in one line how many bars are reached, and name those that are missed."""
    barred = [row for row in rows if row.reached is not None]
    missed = [row.name for row in barred if not row.reached]
    said = f"{len(barred) - len(missed)} of {len(barred)} bars reached"
    return f"{said}; missed: {'; '.join(missed)}" if missed else said


def dump(rows: Iterable[Measurement]) -> str:
    """Write rows as JSON."""
    return json.dumps([row.model_dump() for row in rows], indent=1, ensure_ascii=False) + "\n"


def load(file: Path) -> list[Measurement]:
    """Read what `dump` wrote."""
    return [Measurement.model_validate(each) for each in json.loads(file.read_bytes())]


def compare(rows: Sequence[Measurement], before: Sequence[Measurement]) -> list[str]:
    """Say what became slower or faster than in an earlier run, the largest change first."""
    known = {(row.group, row.name): row for row in before}
    changes = []
    for row in rows:
        old = known.pop((row.group, row.name), None)
        if old is None:
            changes.append((0.0, f"new      {row.name}"))
        else:
            worse = _worse(row, old)
            if worse >= SLOWER or worse <= 1 / SLOWER:
                word = "slower" if worse > 1 else "faster"
                said = f"{word:8} {row.name}: {old.judged:.3g} -> {row.judged:.3g}"
                changes.append((max(worse, 1 / worse if worse else math.inf), said))
    changes += [(0.0, f"gone     {row.name}") for row in known.values()]
    return [said for _, said in sorted(changes, key=lambda each: -each[0])]


def _worse(row: Measurement, old: Measurement) -> float:
    """Say by which factor a row is worse than before; below 1 it is better."""
    now, before = (row.judged, old.judged) if row.better == "less" else (old.judged, row.judged)
    # What was 0, such as refused requests, is worse by any factor as soon as there is one.
    return now / before if before else math.inf if now else 1.0


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
