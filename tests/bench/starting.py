"""How long the command takes to start, and a finished run to be repeated."""

import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.flow import ISSUES, LARGEST, MIDDLE, at_provider, slug_of
from bench.rows import Row

_TIMES = 7


def starting(shared: Path) -> Iterator[Row]:
    """Start the help and finished runs, beside an interpreter that does nothing, in turns."""
    command = (sys.executable, "-m", "pipeline")
    commands = {
        "bare": (sys.executable, "-c", "pass"),
        "help": (*command, "--help"),
        "middle": (*command, *_run(MIDDLE)),
        "largest": (*command, *_run(LARGEST)),
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    with at_provider(shared, ISSUES, 32) as bench:
        for number in (MIDDLE, LARGEST):
            bench.run(*_run(number))
        bench.stats("reset")
        for _ in range(_TIMES):
            for name, each in commands.items():
                taken[name].append(bench.time(*each)["seconds"])
        asked = bench.stats()["requests"]
    seconds = {name: statistics.median(each) for name, each in taken.items()}
    names = {
        "help": "--help",
        "middle": "repeat of a finished run, issue of middle size",
        "largest": "repeat of a finished run, largest issue",
    }
    for key, name in names.items():
        yield Row(
            group="start-up",
            name=name,
            value=seconds[key],
            unit="s",
            baseline="python -c pass",
            baseline_value=seconds["bare"],
        )
    yield Row(group="start-up", name="questions of the repeats", value=asked, unit="", bar=0)


def _run(number: int) -> tuple[str, ...]:
    return ("run", "--issue", slug_of(number), "--date", f"2024-01-{number + 1:02d}")
