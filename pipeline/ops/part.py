"""What `doctor` and `disk` find: one thing that a run needs, and what to do about it."""

from typing import Literal

from pipeline.errors import DigestError
from pipeline.records import Record


class Diagnostic(Record):
    """One thing that a run needs."""

    name: str
    """What was looked at."""
    state: Literal["ok", "warning", "failed"]
    """Whether a run can do with it; a warning is worth knowing."""
    found: str
    """What was found, one line, without secrets."""
    todo: str = ""
    """What to do; empty where nothing is, or where `found` says it."""
    exit_code: int = 0
    """What a run would end in; 0 unless it failed."""

    def to_text(self) -> str:
        """Write it for people."""
        advice = f"\n{'':20}-> {self.todo}" if self.todo else ""
        return f"{self.state:<8} {self.name:<10} {self.found}{advice}"


def failed_diagnostic(name: str, error: DigestError, todo: str = "") -> Diagnostic:
    """Make a failed part of the error that a run would end in."""
    return Diagnostic(
        name=name, state="failed", found=str(error), todo=todo, exit_code=error.exit_code
    )
