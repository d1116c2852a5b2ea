"""Calls a command in the test's own process: how it ended, and what it printed.

code, out, said = invoke(capfd, "show", "2026-01-30")
"""

from typing import NamedTuple

import pytest

from pipeline.cli import main


class Ended(NamedTuple):
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str


def invoke(captured: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    """Call a command to its end; what was printed before it is left out."""
    captured.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert isinstance(ended.value.code, int)
    return Ended(ended.value.code, *captured.readouterr())
