"""How seconds and megabytes grow with a hostile page, kind by kind, up to the limit of a page."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.rows import Measurement
from shapes import SHAPES

_SIZES_KB = (50, 200, 400, 800, 1_400)
_GROUP = "hostile pages"
_TOTAL_S, _TOTAL_MB = 20, 400  # at the limit of a page, for parse and merge
_HERE = Path(__file__).parent


def floods(_shared: Path) -> Iterator[Measurement]:
    """Parse and merge each kind of page in five sizes, each in a process of its own."""
    for name in SHAPES:
        smallest = 0.0
        for size in _SIZES_KB:
            seconds, memory = _run(name, size * 1_000)
            smallest = smallest or seconds
            largest = size == _SIZES_KB[-1]
            yield Measurement(
                group=_GROUP,
                name=f"{name}, {size} KB",
                value=seconds,
                unit="s",
                baseline=f"{_SIZES_KB[0]} KB",
                baseline_value=smallest,
                bar=_TOTAL_S if largest else None,
                bar_of="value",
            )
        yield Measurement(
            group=_GROUP,
            name=f"{name}, {_SIZES_KB[-1]} KB, memory of the process",
            value=memory,
            unit="MB",
            bar=_TOTAL_MB,
            bar_of="value",
        )


def _run(name: str, size: int) -> tuple[float, float]:
    """Give seconds and megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        command = [sys.executable, str(_HERE / "flood.py"), name, str(size)]
        launched = [sys.executable, str(_HERE / "launch.py"), str(log), *command]
        said = subprocess.run(launched, capture_output=True, text=True, check=True)
        taken = json.loads(log.read_text("utf-8"))
    return sum(taken.values()), json.loads(said.stdout)["memory_mb"]
