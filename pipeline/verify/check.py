"""What every check takes and gives; `registry.py` lists the checks."""

from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import NamedTuple

from pipeline.chinese import Term
from pipeline.records import Entry, Story


class Passage(NamedTuple):
    """The title or one sentence, and the evidence lines that it rests on."""

    number: int
    """0 for the title, sentences from 1."""
    text: str
    start: int
    """Offset in `CheckInput.text`."""
    lines: tuple[int, ...]
    """Numbers of the lines, from 1, those that do not exist included."""
    ranges: tuple[tuple[int, int], ...]
    """Start and end of each line in the evidence."""
    evidence: str
    """The words of the lines, a line break between them."""

    def rests_on(self, place: tuple[int, int]) -> bool:
        """Say whether a stretch of the evidence stands in its lines."""
        return any(start <= place[0] and place[1] <= end for start, end in self.ranges)


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

    @property
    def has_lines(self) -> bool:
        """Whether the sentences of the entry are known with their lines."""
        entry = self.entry
        known = bool(entry.line_places) and entry.evidence == self.story.evidence
        return known and bool(entry.told)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """Title and sentences, each with its lines; the title rests on them all.

        Where it is not known which lines the summary rests on, it is one passage and rests on all.
        """
        whole = self.story.evidence
        everything = ((0, len(whole)),)
        entry = self.entry
        title = Passage(0, entry.title, 0, (), everything, whole)
        at = len(entry.title) + 1
        if not self.has_lines:
            return title, Passage(1, entry.summary, at, (), everything, whole)
        places = entry.line_places
        starts = accumulate((len(sentence.text) for sentence in entry.sentences), initial=at)
        passages = [title]
        for number, (sentence, start) in enumerate(zip(entry.sentences, starts, strict=False), 1):
            known = sorted({line for line in sentence.lines if 0 < line <= len(places)})
            ranges = tuple(places[line - 1] for line in known)
            words = "\n".join(whole[slice(*place)] for place in ranges)
            passages.append(Passage(number, sentence.text, start, sentence.lines, ranges, words))
        return tuple(passages)


class Problem(NamedTuple):
    """What a check objects to; the registry makes a finding of it."""

    expected: str
    """What would have passed."""
    found: str
    """What stands there instead."""
    minor: bool = False
    """Whether it is only a warning, whatever the check's severity."""
    sentence: int | None = None
    """Which sentence, from 1, or 0 for the title; None leaves it to where `found` stands."""


class CheckedSpan(NamedTuple):
    """A stretch of the text that a check found in the evidence."""

    start: int
    """Offset in `CheckInput.text`."""
    end: int
    evidence: tuple[tuple[int, int], ...]
    """Start and end of its equals in the evidence; empty where only a link has it."""
    key: str = ""
    """What it is, folded: two stretches with one key are the same; empty where that is open."""
    counted: bool = False
    """Whether it is a small count, which may count what the text only lists."""


class CheckResult(NamedTuple):
    """What a check found; both are made when they are asked for."""

    problems: Iterable[Problem]
    spans: Iterable[CheckedSpan] = ()
    """In the order of the text, where the check compares stretches of it."""


EntryCheck = Callable[[CheckInput], CheckResult]
"""A check of one entry."""
