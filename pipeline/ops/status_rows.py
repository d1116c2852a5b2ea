"""The rows of `status`: what became of an issue or a date, and its line for people."""

import datetime as dt
from collections.abc import Iterator
from typing import Final, Literal, get_args

from pipeline.records import Record
from pipeline.tables import fold, format_table, table_width
from pipeline.write import plain_text

_INDENT = " " * 4

IssueCondition = Literal[
    "done", "degraded", "errors", "changed", "draft", "missing", "no issue", "stale", "damaged"
]
"""What became of an issue or a date: `degraded` has quotations in place of translations or
lacks what could not be told, `errors` was written although the checks found errors in it, `changed`
has Markdown that is not what its JSON says, or none, and `stale` is a date without an issue too
long after the newest one."""
_NEEDS_HAND: Final = frozenset({"changed", "draft", "missing", "stale", "damaged"})


class StatusRow(Record):
    """One issue, or one date without an issue."""

    date: dt.date
    """Issue date; of several days in a row that are stale, the first."""
    until: dt.date | None = None
    """The last of several days; None for one."""
    condition: IssueCondition
    issue: str | None = None
    """Its slug."""
    digests: tuple[str, ...] = ()
    """Its digests or drafts: file names without ending, the earliest first."""
    news: int = 0
    """News entries of the first of them."""
    tools: int = 0
    """Tool entries of the first of them."""
    quotations: int = 0
    """How many of both quote the English text."""
    errors: int = 0
    """How many errors the checks found in what the first of them tells."""
    note: str = ""
    command: str = ""
    """What mends it, as it is typed; blank where nothing is to be mended or no command can."""

    @property
    def days(self) -> int:
        """How many days it stands for."""
        return ((self.until or self.date) - self.date).days + 1


class Status(Record):
    """All rows of a range."""

    rows: tuple[StatusRow, ...]
    """By date; two issues of one date in the feed's order."""
    warnings: tuple[str, ...] = ()
    """What could not be looked at."""

    def count(self, condition: IssueCondition) -> int:
        """Count the issues or days of a condition."""
        return sum(row.days for row in self.rows if row.condition == condition)

    @property
    def needs_hand(self) -> bool:
        """Whether somebody has to do something.

        Not for quotations, as long as they are few, nor for errors, which somebody has forced.
        """
        return any(row.condition in _NEEDS_HAND for row in self.rows)

    def to_text(self, width: int | None = None) -> str:
        """Write it for people: a line per row, note and command below it, and the counts.

        Args:
            width: columns of the terminal; those of the one at hand if not given.
        """
        width = width or table_width()
        head = ("date", "day", "state", "entries", "digest", "issue")
        rows = [_cells(row) for row in self.rows]
        shown = format_table(head, rows, droppable=("day", "issue"), width=width)
        first, *table = shown.split("\n")
        lines = [first] if rows else []
        for line, row in zip(table, self.rows, strict=False):
            lines += [line, *_lines_below(row, width)]
        counts = [f"{n} {name}" for name in get_args(IssueCondition) if (n := self.count(name))]
        return "\n".join([*lines, ", ".join(counts) or "nothing in this range"])


def _cells(row: StatusRow) -> tuple[str, ...]:
    """Give the cells of a row; names of files and issues move no cursor."""
    counts = f"{row.news} + {row.tools}" if row.news or row.tools else ""
    quoted = f", {row.quotations} quoted" if row.quotations else ""
    digest = plain_text(row.digests[0]) if row.digests else ""
    # One more column would leave no room for the issue.
    day = "" if row.until else f"{row.date:%a}"
    return (
        row.date.isoformat(),
        day,
        row.condition,
        counts + quoted,
        digest,
        plain_text(row.issue or ""),
    )


def _lines_below(row: StatusRow, width: int) -> Iterator[str]:
    """Give the note, folded, and the command, which is one line to copy."""
    until = f"to {row.until}, {row.days} days" if row.until else ""
    note = "; ".join(filter(None, (until, plain_text(row.note))))
    if note:
        yield from (_INDENT + line for line in fold(note, width - len(_INDENT)))
    if row.command:
        yield f"{_INDENT}{plain_text(row.command)}"
