"""`python tests/bench [--only GROUP] [--json FILE] [--compare FILE]`: one table of how fast all is.

Every row stands beside a baseline that was measured in the same run, so that a slow or busy machine
changes both. The stored newsletter is needed. Exit code 1 where a bar is missed, or something
became slower than in FILE.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.digests import digests
from bench.embedded import embedded
from bench.floods import floods
from bench.flow import asking
from bench.growing import checking
from bench.pricing import pricing
from bench.reading import reading
from bench.recorded import recorded
from bench.rows import Measurement, compare, dump, line, load, summary
from bench.sites import sites
from bench.starting import starting

Measure = Callable[[Path], Iterator[Measurement]]


def main() -> int:
    """Measure, print, and say what became slower."""
    given = _arguments().parse_args()
    if not (given.shared / "site").is_dir():
        sys.stderr.write(f"the stored newsletter is not in {given.shared}: nothing to measure\n")
        return 2
    measures: dict[str, Measure] = {
        "parse": reading,
        "check": checking,
        "growth": floods,
        "digest": lambda shared: asking(shared, given.issues),
        "price": pricing,
        "recorded": recorded,
        "start": starting,
        "site": sites,
        "digests": digests,
        "embedded": embedded,
    }
    _say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
    before = load(given.compare) if given.compare else []
    rows: list[Measurement] = []
    for name in given.only or measures:
        for row in measures[name](given.shared):
            if not rows or rows[-1].group != row.group:
                _say(f"\n{row.group}")
            _say(line(row))
            rows.append(row)
    if given.json:
        given.json.write_text(dump(rows), "utf-8")
    _say(f"\n{summary(rows)}")
    measured = {row.group for row in rows}
    changed = compare(rows, [row for row in before if row.group in measured]) if before else []
    for said in changed:
        _say(said)
    slower = any(said.startswith("slower") for said in changed)
    return int(slower or any(row.reached is False for row in rows))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the table is what this is for


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    names = (
        *("parse", "check", "growth", "digest", "price", "recorded", "start", "site", "digests"),
        "embedded",
    )
    parser.add_argument("--only", nargs="+", choices=names, help="groups of rows; all by default")
    parser.add_argument("--issues", type=int, default=100, help="length of the backfill")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to this file")
    parser.add_argument(
        "--compare", type=Path, metavar="FILE", help="say what changed since the run of that --json"
    )
    parser.add_argument("--shared", type=Path, default=Path("..") / "shared")
    return parser


if __name__ == "__main__":
    sys.exit(main())
