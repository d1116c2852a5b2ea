"""How far a run is: a live line on a terminal, plain lines otherwise, all on standard error."""

import datetime as dt
import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, Self

from pipeline.lines import of_digest, visible, with_level, write_err

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as RichProgress
    from rich.progress import ProgressColumn, Task, TaskID
    from rich.text import Text

    from pipeline.batch import IssueOutcome

_ENTRY_WAIT_S = 5.0
"""How long a stage lasts before its entries are shown: what comes sooner needs no preview."""
_MAX_SILENCE_S = 10.0
"""Longest silence of a stage that moves, where there is no live line."""
_MIN_RATE_MINUTES = 0.05
_MAX_REASON_CHARS = 120
"""Of why an issue failed, while others are on their way."""
_NAME_CHARS = 10
_BAR_CHARS = (24, 12)
"""The bar, and that of a narrow terminal."""


class Progress(Protocol):
    """Where a run reports how far it is."""

    def stage(self, name: str, total: int = 1) -> None:
        """Begin a stage of so many steps."""

    def step(self, done: int = 1) -> None:
        """Count steps of the stage as done."""

    def note(self, line: str) -> None:
        """Say something that the reader of the run should know."""

    def watch_cost(self, spent: Callable[[], str]) -> None:
        """Learn how to find out what the run has cost so far."""

    def bytes(self, what: str, done: int, total: int) -> None:
        """Report how far a large file is."""

    def entry(self, title: str, summary: str) -> None:
        """Learn of an entry as soon as it is there; its place in the digest is not yet known."""


class BatchProgress(Protocol):
    """Where a backfill reports how far it is."""

    def begin(self, total: int, spent: Callable[[], str]) -> None:
        """Learn how many issues there are, and how to find out what they have cost so far."""

    def ended(self, outcome: "IssueOutcome") -> None:
        """Learn what became of one issue."""

    def note(self, line: str) -> None:
        """Say something that the reader should know."""


class NullProgress:
    """A `Progress` that is not shown, but for its notes where somebody takes them."""

    def __init__(self, note: Callable[[str], None] | None = None, *, name: str = "") -> None:
        """Pass notes on to `note`, each under `name`."""
        self._note = note
        self._prefix = f"{name}: " if name else ""

    def stage(self, name: str, total: int = 1) -> None:
        """Show nothing."""

    def step(self, done: int = 1) -> None:
        """Show nothing."""

    def note(self, line: str) -> None:
        """Pass it on."""
        if self._note is not None:
            self._note(f"{self._prefix}{line}")

    def watch_cost(self, spent: Callable[[], str]) -> None:
        """Show nothing."""

    def bytes(self, what: str, done: int, total: int) -> None:
        """Show nothing."""

    def entry(self, title: str, summary: str) -> None:
        """Show nothing."""


class DigestProgress:
    """A `Progress` whose notes name the digest that they are about."""

    def __init__(self, progress: Progress, digest: str) -> None:
        """Pass everything on to `progress`."""
        self._digest, self._note = digest, progress.note
        self.stage, self.step = progress.stage, progress.step
        self.watch_cost, self.bytes = progress.watch_cost, progress.bytes
        self.entry = progress.entry

    def note(self, line: str) -> None:
        """Pass it on with the digest's name."""
        self._note(of_digest(line, self._digest))


class _LiveLine:
    """A line that moves where there is a terminal, and lines of text."""

    def __init__(self, console: "Console | None" = None) -> None:
        self._console = console or _find_terminal()
        self._live: RichProgress | None = None
        self._task: TaskID | None = None
        self._total = 0
        self._done = 0
        self._cost: Callable[[], str] = str

    def __enter__(self) -> Self:
        """Start the live line where there is a terminal."""
        if self._console is not None and self._console.is_terminal:
            from rich.progress import Progress

            self._live = Progress(_column(self._console), console=self._console, transient=True)
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the terminal as it was."""
        if self._live is not None:
            self._live.stop()

    def note(self, line: str) -> None:
        """Say something that the reader of the run should know."""
        self._print(f"ainews-digest: {with_level(line)}")

    def _print(self, *lines: str) -> None:
        text = "\n".join(map(visible, lines))
        if self._console is None:
            write_err(text)
        else:
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def _find_terminal() -> "Console | None":
    """Give standard error where it may be a terminal; what is none takes lines as they are."""
    said = ("FORCE_COLOR", "TTY_COMPATIBLE")
    if not sys.stderr.isatty() and not any(os.environ.get(name) for name in said):
        return None
    from rich.console import Console

    return Console(stderr=True)


def _column(console: "Console") -> "ProgressColumn":
    """Make the one column that a live line has, so that it alone decides what has room."""
    from rich.progress import ProgressColumn

    class WholeLine(ProgressColumn):
        def render(self, task: "Task") -> "Text":
            return _live_line(task, console.width)

    return WholeLine()


def _live_line(task: "Task", width: int) -> "Text":
    """Write how far a task is, as far as there is room: a number is there whole or not at all."""
    from rich.text import Text

    done, total = int(task.completed), int(task.total or 0)
    count = f"{done}{unit}" if (unit := task.fields.get("unit")) else f"{done}/{total}"
    elapsed = str(dt.timedelta(seconds=int(task.elapsed or 0)))
    name = f"{task.description:<{_NAME_CHARS}}"
    most = max(_NAME_CHARS, width - len(count) - _BAR_CHARS[-1] - len(elapsed) - 4)
    name = name if len(name) <= most else f"{name[: most - 1]}…"
    bar, *said = _fitting(width - len(name) - len(count) - 3, elapsed, str(task.fields["extra"]))
    filled = bar * done // max(total, 1)
    parts = [(name, ""), ("━" * filled, "green"), ("─" * (bar - filled), "dim")]
    if bar:
        parts.insert(1, (" ", ""))
    return Text.assemble(*parts, (" ".join(["", count, *filter(None, said)]), ""), no_wrap=True)


def _fitting(room: int, elapsed: str, extra: str) -> tuple[int, str, str]:
    """Choose the length of the bar, and what is said behind it; what costs most is last to go."""
    facts = extra.split(", ") if extra else []
    for bar, time_spent in [*((bar, elapsed) for bar in _BAR_CHARS), (_BAR_CHARS[-1], ""), (0, "")]:
        if bar + sum(len(word) + 1 for word in (time_spent, extra) if word) <= room:
            return bar, time_spent, extra
    while facts and len(", ".join(facts)) > room:
        facts = facts[1:]
    return 0, "", ", ".join(facts)


class TerminalProgress(_LiveLine):
    """Shows the stages of a run; implements `Progress`."""

    _download_task: "TaskID | None" = None
    _stage = ""
    _stage_began_s = 0.0
    _last_line_s = 0.0

    def __init__(self, console: "Console | None" = None, *, entries: bool = False) -> None:
        """Show on `console`, standard error unless one is given; `entries` shows each one, too."""
        super().__init__(console)
        self._shows_entries = entries

    def stage(self, name: str, total: int = 1) -> None:
        """Begin a stage of so many steps."""
        self._stage, self._done, self._total = name, 0, total
        self._last_line_s = self._stage_began_s = time.monotonic()
        if self._live is not None:
            if self._task is not None:
                self._live.remove_task(self._task)
            self._task = self._live.add_task(visible(name), total=total, extra="")

    def watch_cost(self, spent: Callable[[], str]) -> None:
        """Learn how to find out what the run has cost so far."""
        self._cost = spent

    def step(self, done: int = 1) -> None:
        """Count steps of the stage as done, and show what the run has cost so far."""
        self._done += done
        extra = visible(self._cost())
        if self._live is not None and self._task is not None:
            self._live.update(self._task, advance=done, extra=extra)
        elif self._done >= self._total or self._silent_for_long():
            self._print_progress(f"{self._stage}: {self._done}/{self._total}  {extra}".rstrip())

    def entry(self, title: str, summary: str) -> None:
        """Show an entry as it comes, where somebody waits for it."""
        if self._shows_entries and time.monotonic() - self._stage_began_s > _ENTRY_WAIT_S:
            self._print(title, f"    {summary}")

    def bytes(self, what: str, done: int, total: int) -> None:
        """Show how far a large file is, beside the stage that waits for it."""
        percent = 100 * done // max(total, 1)
        if self._live is not None:
            if self._download_task is None:
                self._download_task = self._live.add_task("", total=100, extra="", unit=" %")
            self._live.update(self._download_task, description=visible(what), completed=percent)
            if done >= total:
                self._live.remove_task(self._download_task)
                self._download_task = None
        elif done >= total or self._silent_for_long():
            self._print_progress(f"{what}: {percent} %")

    def _silent_for_long(self) -> bool:
        return time.monotonic() - self._last_line_s > _MAX_SILENCE_S

    def _print_progress(self, text: str) -> None:
        self._last_line_s = time.monotonic()
        self._print(text)


class TerminalBatchProgress(_LiveLine):
    """Shows how many issues of many are done; implements `BatchProgress`."""

    def __init__(
        self, console: "Console | None" = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(console)
        self._clock = clock
        self._attempted = 0
        self._started_s = 0.0

    def begin(self, total: int, spent: Callable[[], str]) -> None:
        """Learn how many issues there are, and how to find out what they have cost so far."""
        self._total, self._cost, self._started_s = total, spent, self._clock()
        if self._live is not None:
            self._task = self._live.add_task("backfill", total=total, extra="")

    def ended(self, outcome: "IssueOutcome") -> None:
        """Show that one issue is done: the rate, the cost and the time that is left."""
        self._done += 1
        self._attempted += outcome.status not in {"skipped", "not tried"}
        line = f"{outcome.date} {outcome.slug}: {outcome.status}"
        if outcome.reason:
            # The table at the end has all of it.
            whole = len(outcome.reason) <= _MAX_REASON_CHARS
            line += f", {outcome.reason[:_MAX_REASON_CHARS]}{'' if whole else '…'}"
        extra = visible(self._rate_and_cost())
        if self._live is not None and self._task is not None:
            self._live.update(self._task, advance=1, extra=extra)
            if outcome.status in {"failed", "degraded"}:
                self.note(f"{'error' if outcome.status == 'failed' else 'warning'}: {line}")
        elif outcome.status != "skipped":
            self._print(f"{self._done}/{self._total}  {line}  ({extra})")

    def _rate_and_cost(self) -> str:
        """Give the rate of the issues that were worked on, the cost, and the time that is left."""
        minutes = max(self._clock() - self._started_s, 1e-9) / 60
        rate = self._attempted / minutes
        if minutes < _MIN_RATE_MINUTES:  # a rate of nothing would be an odd one
            return self._cost()
        left = (self._total - self._done) / rate if rate else 0.0
        ends = f", {left:.0f} min left" if rate and self._done < self._total else ""
        return f"{rate:.1f} issues/min, {self._cost()}{ends}"
