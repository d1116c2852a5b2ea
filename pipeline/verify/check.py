"""What every check takes and gives; `registry.py` lists the checks."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pipeline.chinese import Term
from pipeline.records import Entry, Story


class CheckInput(NamedTuple):
    """One entry and what it is compared with."""

    entry: Entry
    story: Story
    terms: tuple[Term, ...] = ()
    """The glossary."""

    @property
    def text(self) -> str:
        """Title and summary as one text: a unit may stand in the title alone."""
        return f"{self.entry.title}。{self.entry.summary}"


class Problem(NamedTuple):
    """What a check objects to; the registry makes a finding of it."""

    expected: str
    """What would have passed."""
    found: str
    """What stands there instead."""
    minor: bool = False
    """Whether it is only a warning, whatever the check's severity."""


class CheckedSpan(NamedTuple):
    """A stretch of the text that a check found in the evidence."""

    start: int
    """Offset in `CheckInput.text`."""
    end: int
    evidence: tuple[tuple[int, int], ...]
    """Start and end of its equals in the evidence; empty where only a link has it."""
    key: str = ""
    """What it is, folded: two stretches with one key are the same; empty where that is open."""


class CheckResult(NamedTuple):
    """What a check found; both are made when they are asked for."""

    problems: Iterable[Problem]
    spans: Iterable[CheckedSpan] = ()
    """In the order of the text, where the check compares stretches of it."""


EntryCheck = Callable[[CheckInput], CheckResult]
"""A check of one entry."""
