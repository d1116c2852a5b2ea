"""How long the command takes to start, and a finished run to be repeated."""

import hashlib
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.flow import CommandBench, at_provider, slug_of
from bench.reading import served
from bench.rows import Measurement

_TIMES = 5
_GROUP = "start-up"
_FLOORS = {
    "what --help must import": "import typer.rich_utils",
    "what a repeat must import": (
        "import http.client, sqlite3, typer; from pydantic import TypeAdapter; TypeAdapter(str)"
    ),
}
"""Libraries that no command can do without: typer draws the help with rich, and reads arguments
with pydantic."""


def starting(shared: Path) -> Iterator[Measurement]:
    """Start the help and finished runs of all issues, beside what they must import, in turns."""
    python = sys.executable
    commands = {"bare": (python, "-c", "pass"), "help": (python, "-m", "pipeline", "--help")}
    commands |= {name: (python, "-c", code) for name, code in _FLOORS.items()}
    issues = len(served(shared))
    for number in range(issues):
        commands[slug_of(number)] = (python, "-m", "pipeline", "run", "--issue", slug_of(number))
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in commands}
    with at_provider(shared, issues, 32) as bench:
        bench.run("backfill", "--since", "2025-01-01", "--until", "2025-12-31")
        before = _hashes(bench)
        bench.stats("reset")
        for _ in range(_TIMES):
            for name, command in commands.items():
                taken[name].append(bench.time(*command))
        asked, after = bench.stats()["requests"], _hashes(bench)
    # Nobody waits for anything here, so that without other work on the machine both are the same.
    for kind, key in (("", "seconds"), (", processor time", "cpu_s")):
        median = {name: statistics.median(run[key] for run in runs) for name, runs in taken.items()}
        bare, started = median.pop("bare"), median.pop("help")
        floors = {name: median.pop(name) for name in _FLOORS}
        repeats = sorted(median.values())
        for name, floor in floors.items():
            yield _row(f"{name}{kind}", floor, bare)
        yield _row(f"--help{kind}", started, bare, bar=0.3)
        yield _row(f"repeat, median issue{kind}", repeats[len(repeats) // 2], bare, bar=0.4)
        yield _row(f"repeat, slowest issue{kind}", repeats[-1], bare, bar=0.4)
    runs = _TIMES * issues
    yield _none("questions of the repeats", asked, "repeats", runs)
    changed = sum(after.get(name) != each for name, each in before.items())
    yield _none("files that the repeats changed", changed, "files", len(before))


def _row(name: str, value: float, bare: float, *, bar: float | None = None) -> Measurement:
    return Measurement(
        group=_GROUP,
        name=name,
        value=value,
        unit="s",
        baseline="python -c pass",
        baseline_value=bare,
        bar=bar,
        bar_of="value",
    )


def _none(name: str, value: float, baseline: str, of: int) -> Measurement:
    return Measurement(
        group=_GROUP, name=name, value=value, unit="", baseline=baseline, baseline_value=of, bar=0
    )


def _hashes(bench: CommandBench) -> dict[str, str]:
    """Hash every file of the digests."""
    files = sorted(bench.outputs.rglob("*.*"))
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
