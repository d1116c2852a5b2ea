"""What is said of one thing that a run needs: well, worth knowing, or what a run fails for."""

from typing import Literal

from pipeline.errors import DigestError
from pipeline.lines import visible
from pipeline.records import Record
from pipeline.tables import fold, table_width

_LEFT_COLUMNS = 20


class Diagnostic(Record):
    """What was found about one thing that a run needs."""

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
        room = table_width() - _LEFT_COLUMNS
        lines = fold(visible(self.found), room)
        if self.todo:
            first, *more = fold(visible(self.todo), room - 3)
            lines += [f"-> {first}", *(f"   {line}" for line in more)]
        return f"{self.state:<8} {self.name:<10} " + f"\n{'':{_LEFT_COLUMNS}}".join(lines)


def ok(name: str, found: str) -> Diagnostic:
    """Say that a run can do with it."""
    return Diagnostic(name=name, state="ok", found=found)


def warning(name: str, found: str, todo: str) -> Diagnostic:
    """Say what is worth knowing, and what to do."""
    return Diagnostic(name=name, state="warning", found=found, todo=todo)


def failed(name: str, error: DigestError, todo: str = "") -> Diagnostic:
    """Say what a run would fail for, with which exit code, and what to do."""
    return Diagnostic(
        name=name, state="failed", found=str(error), todo=todo, exit_code=error.exit_code
    )
