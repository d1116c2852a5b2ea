"""Progress for people: a live line on a terminal, plain lines otherwise, all on standard error."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

if TYPE_CHECKING:
    from pipeline.batch import IssueOutcome


class TerminalProgress:
    """Shows the stages of a run; implements `run.Show`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._download_task: TaskID | None = None
        self._stage = ""
        self._done = 0
        self._total = 0
        self._last_line_s = 0.0
        self._cost: Callable[[], str] = str

    def __enter__(self) -> Self:
        """Start the live line where there is a terminal."""
        if self._console.is_terminal:
            self._progress = Progress(
                TextColumn("{task.description:<10}"),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.fields[extra]}"),
                console=self._console,
                transient=True,
            )
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        if self._progress is not None:
            self._progress.stop()

    def stage(self, name: str, total: int = 1) -> None:
        """Begin a stage of so many steps."""
        self._stage, self._done, self._total = name, 0, total
        self._last_line_s = time.monotonic()
        if self._progress is not None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(name, total=total, extra="")

    def watch(self, spent: Callable[[], str]) -> None:
        """Learn how to find out what the run has cost so far."""
        self._cost = spent

    def step(self, done: int = 1) -> None:
        """Count steps of the stage as done, and show what the run has cost so far."""
        self._done += done
        extra = self._cost()
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=done, extra=extra)
        elif self._done >= self._total or time.monotonic() - self._last_line_s > _MAX_SILENCE_S:
            self._last_line_s = time.monotonic()
            self._print(f"{self._stage}: {self._done}/{self._total}  {extra}".rstrip())

    def note(self, line: str) -> None:
        """Say something that the reader of the run should know."""
        self._print(f"ainews-digest: {line}")

    def bytes(self, what: str, done: int, total: int) -> None:
        """Tell how far a large file is, beside the stage that waits for it."""
        percent = 100 * done // max(total, 1)
        if self._progress is not None:
            if self._download_task is None:
                self._download_task = self._progress.add_task(what, total=100, extra="%")
            self._progress.update(self._download_task, description=what, completed=percent)
            if done >= total:
                self._progress.remove_task(self._download_task)
                self._download_task = None
        elif done >= total or time.monotonic() - self._last_line_s > _MAX_SILENCE_S:
            self._last_line_s = time.monotonic()
            self._print(f"{what}: {percent} %")

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


_MAX_SILENCE_S = 10.0
"""Longest silence of a stage that moves, where there is no live line."""


class TerminalBatchProgress:
    """Shows how many issues of many are done; implements `backfill.Watch`."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self._console = console
        self._clock = clock
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._total = 0
        self._done = 0
        self._attempted = 0
        self._started_s = 0.0
        self._cost: Callable[[], str] = str

    @classmethod
    def on_stderr(cls) -> Self:
        """Show it on standard error."""
        return cls(Console(stderr=True))

    def __enter__(self) -> Self:
        """Start the live line where there is a terminal."""
        if self._console.is_terminal:
            self._progress = Progress(
                TextColumn("backfill"),
                BarColumn(bar_width=24),
                MofNCompleteColumn(),
                TextColumn("{task.fields[extra]}"),
                console=self._console,
                transient=True,
            )
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        if self._progress is not None:
            self._progress.stop()

    def begin(self, total: int, spent: Callable[[], str]) -> None:
        """Learn how many issues there are, and how to find out what they have cost so far."""
        self._total, self._cost, self._started_s = total, spent, self._clock()
        if self._progress is not None:
            self._task = self._progress.add_task("backfill", total=total, extra="")

    def ended(self, outcome: "IssueOutcome") -> None:
        """Show that one issue is done with: the rate, the cost and the time that is left."""
        self._done += 1
        self._attempted += outcome.status not in {"skipped", "not tried"}
        said = f"{outcome.date} {outcome.slug}: {outcome.status}"
        if outcome.reason:
            said += f", {outcome.reason}"
        extra = self._rate_and_cost()
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=1, extra=extra)
            if outcome.status in {"failed", "degraded"}:
                self.note(said)
        elif outcome.status != "skipped":
            self._print(f"{self._done}/{self._total}  {said}  ({extra})")

    def note(self, line: str) -> None:
        """Say something that the reader should know."""
        self._print(f"ainews-digest: {line}")

    def _rate_and_cost(self) -> str:
        """Say the rate of the issues that were worked on, the cost, and the time that is left."""
        minutes = max(self._clock() - self._started_s, 1e-9) / 60
        rate = self._attempted / minutes
        left = (self._total - self._done) / rate if rate else 0.0
        ends = f", {left:.0f} min left" if rate and self._done < self._total else ""
        return f"{rate:.1f} issues/min, {self._cost()}{ends}"

    def _print(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def format_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Set text in columns, for people and pipes alike; nothing is cut off."""
    if not rows:
        return ""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    return "\n".join(lines) + "\n"
