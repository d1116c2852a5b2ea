"""The rows of the bench: what was measured, beside what in the same run, and what it should be.

A machine is never as fast twice, so a row is compared by its ratio to its baseline where it has
one: both were measured within seconds of each other, in turns.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal

from pipeline.records import Record

SLOWER = 1.15
"""From which factor on a row counts as slower: below it, it is the machine's noise."""


class Row(Record):
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
    """Of the value, or of its ratio where there is a baseline; None for none."""
    better: Literal["less", "more"] = "less"
    """Which way is better."""

    @property
    def ratio(self) -> float | None:
        """The value over its baseline."""
        return self.value / self.baseline_value if self.baseline_value else None

    @property
    def judged(self) -> float:
        """What the bar and an earlier run are compared with."""
        return self.value if self.ratio is None else self.ratio

    @property
    def reached(self) -> bool | None:
        """Whether the bar is reached; None where there is none."""
        if self.bar is None:
            return None
        return self.judged <= self.bar if self.better == "less" else self.judged >= self.bar


def in_turns(*works: Callable[[], object], times: int = 5) -> list[float]:
    """Time several works in turns, each the given number of times; give the median seconds of each.

    Processor time, since all of them compute and none waits.
    """
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(times):
        for work, seconds in zip(works, taken, strict=True):
            began = time.process_time()
            work()
            seconds.append(time.process_time() - began)
    return [statistics.median(seconds) for seconds in taken]


def line(row: Row) -> str:
    """Write one row of the table."""
    beside = ""
    if row.ratio is not None:
        beside = f"{row.ratio:7.2f} x {row.baseline} ({_number(row.baseline_value or 0)})"
    mark = {None: "", True: "reached", False: "MISSED"}[row.reached]
    bar = f"{'<=' if row.better == 'less' else '>='} {row.bar:g} {mark}" if mark else ""
    return f"{row.name:58} {_number(row.value):>9} {row.unit:11} {bar:16} {beside}".rstrip()


def dump(rows: Iterable[Row]) -> str:
    """Write rows as JSON."""
    return json.dumps([row.model_dump() for row in rows], indent=1, ensure_ascii=False) + "\n"


def load(file: Path) -> list[Row]:
    """Read what `dump` wrote."""
    return [Row.model_validate(each) for each in json.loads(file.read_bytes())]


def compare(rows: Sequence[Row], before: Sequence[Row]) -> list[str]:
    """Say what became slower or faster than in an earlier run, the largest change first."""
    known = {(row.group, row.name): row for row in before}
    changes = []
    for row in rows:
        old = known.pop((row.group, row.name), None)
        if old is None:
            changes.append((0.0, f"new      {row.name}"))
        elif old.judged and row.judged:
            factor = row.judged / old.judged
            worse = factor if row.better == "less" else 1 / factor
            if worse >= SLOWER or worse <= 1 / SLOWER:
                word = "slower" if worse > 1 else "faster"
                said = f"{word:8} {row.name}: {old.judged:.3g} -> {row.judged:.3g}"
                changes.append((max(worse, 1 / worse), said))
    changes += [(0.0, f"gone     {row.name}") for row in known.values()]
    return [said for _, said in sorted(changes, key=lambda each: -each[0])]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
