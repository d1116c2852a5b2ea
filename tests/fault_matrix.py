"""Play the fault matrix and print it as a Markdown table: `python tests/fault_matrix.py`.

What the command said is the line as it was said, with the test's folder and ports left out.
"""

import re
import sys
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from faults.matrix import FAULTS


class Played:
    """Collects how each row ended."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, object]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take code and line of one row, or why there are none."""
        name = report.nodeid.partition("[")[2].removesuffix("]")
        if report.when == "call" or report.skipped:
            self.rows[name] = {"outcome": report.outcome, **dict(report.user_properties)}


def main() -> int:
    """Play all rows, print the table, and give pytest's exit code."""
    played = Played()
    here = Path(__file__).parent
    with redirect_stdout(sys.stderr):
        code = pytest.main([str(here / "end_to_end" / "test_faults.py"), "-q"], plugins=[played])
    lines = [
        "| what happens | code | what it says | what is on the disk then | |",
        "|---" * 5 + "|",
    ]
    for fault in FAULTS:
        row = played.rows.get(fault.name, {"outcome": "not played"})
        cells = (
            fault.what,
            str(row.get("code", "")),
            _shown(str(row.get("line", ""))),
            fault.after,
            "" if row["outcome"] == "passed" else str(row["outcome"]),
        )
        lines.append("| " + " | ".join(cells) + " |")
    sys.stdout.write("\n".join(lines) + "\n")
    return int(code)


def _shown(line: str) -> str:
    line = re.sub(r"/\S*?/test_a_fault\w*/", "", line.removeprefix("ainews-digest: "))
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", line).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
