"""Progress for people: a live line on a terminal, plain lines otherwise, all on standard error."""

import time
from collections.abc import Callable
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)


class Display:
    """Shows the stages of a run; implements `run.Show`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._file: TaskID | None = None
        self._stage = ""
        self._done = 0
        self._total = 0
        self._said = 0.0
        self._spent: Callable[[], str] = str

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
        self._said = time.monotonic()
        if self._progress is not None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(name, total=total, extra="")

    def watch(self, spent: Callable[[], str]) -> None:
        """Learn how to find out what the run has cost so far."""
        self._spent = spent

    def step(self, done: int = 1) -> None:
        """Count steps of the stage as done, and show what the run has cost so far."""
        self._done += done
        extra = self._spent()
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, advance=done, extra=extra)
        elif self._done >= self._total or time.monotonic() - self._said > _SECONDS:
            self._said = time.monotonic()
            self._line(f"{self._stage}: {self._done}/{self._total}  {extra}".rstrip())

    def note(self, line: str) -> None:
        """Say something that the reader of the run should know."""
        self._line(line)

    def bytes(self, what: str, done: int, total: int) -> None:
        """Tell how far a large file is, beside the stage that waits for it."""
        percent = 100 * done // max(total, 1)
        if self._progress is not None:
            if self._file is None:
                self._file = self._progress.add_task(what, total=100, extra="%")
            self._progress.update(self._file, description=what, completed=percent)
            if done >= total:
                self._progress.remove_task(self._file)
                self._file = None
        elif done >= total or time.monotonic() - self._said > _SECONDS:
            self._said = time.monotonic()
            self._line(f"{what}: {percent} %")

    def _line(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


_SECONDS = 10.0
"""Longest silence of a stage that moves, where there is no live line."""
