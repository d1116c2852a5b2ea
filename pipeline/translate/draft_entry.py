"""What comes of asking for entries, and the checks that entries go through.

Records of `drafts.py`, which asks for whole entries, and of `plain.py`, which asks sentence by
sentence.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from pipeline.chinese import Term
from pipeline.records import (
    NO_REASON,
    DroppedItem,
    Entry,
    EntryKind,
    Finding,
    Reason,
    Record,
    SelectedStory,
    Story,
)
from pipeline.translate.entry import make_entry

_LONGEST_TITLE = 40  # characters, as of any title
_LONGEST_SUMMARY = 200  # characters; English says in them what Chinese says in seventy
_SHORTEST = 60  # characters that a quotation has where the evidence has them
_CUT = "…"
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’')\]]*(?= )")


class Verify(Protocol):
    """How one entry is checked against its story."""

    def __call__(
        self, entry: Entry, story: Story, *, terms: Sequence[Term] = ()
    ) -> tuple[Finding, ...]:
        """Give the findings, none for a clean entry."""
        ...


class DraftEntry(Record):
    """What came of asking for one entry."""

    choice: SelectedStory
    """The story, and the half of the digest that the entry is for."""
    entry: Entry | None
    """None where the model gave none."""
    findings: tuple[Finding, ...] = ()
    """What the checks found in the last answer."""
    attempts: int = 1
    """How often it was asked for."""
    reason: Reason = NO_REASON
    """Why it may not be published, where it may not."""
    thin: bool = False
    """Whether it is right, but says nothing beyond its title: published where little else is."""

    @property
    def story_id(self) -> str:
        """Id of the story."""
        return self.choice.story.id

    @property
    def passed(self) -> bool:
        """Whether it may be published as it is."""
        return self.entry is not None and not self.reason

    @property
    def published_entry(self) -> Entry:
        """The entry, or the quotation that takes its place."""
        if self.entry is None or not self.passed:
            return quote_evidence(self.choice)
        return self.entry.model_copy(update={"tries": self.attempts})

    def with_link(self, link: str | None) -> "DraftEntry":
        """Give the same with another link, of the entry or of the quotation."""
        if self.entry is None or not self.passed:
            choice = self.choice.model_copy(update={"link": link})
            return self.model_copy(update={"choice": choice})
        entry = self.entry.model_copy(update={"link": link})
        return self.model_copy(update={"entry": entry})

    def in_half(self, kind: EntryKind) -> "DraftEntry":
        """Give the same draft, its words as they are, for that half of the digest."""
        entry = self.entry and self.entry.model_copy(update={"kind": kind})
        choice = self.choice.model_copy(update={"kind": kind})
        return self.model_copy(update={"choice": choice, "entry": entry})


class Translation(NamedTuple):
    """What came of translating a selection."""

    drafts: list[DraftEntry]
    """Those that are published, as entries or as quotations, in no particular order."""
    drops: list[DroppedItem]
    """Stories that failed and are left out."""
    untold: tuple[SelectedStory, ...] = ()
    """Those of them whose places stay empty, since no spare is left and none is quoted."""


class Checks(NamedTuple):
    """What an entry goes through before it may be published."""

    verify: Verify
    cite: Callable[[Entry, Story], Entry]
    """Gives its sentences the evidence lines that they leave out."""
    compare: Callable[[str, str, Sequence[Term]], tuple[str, ...]]
    """Says what of an English sentence and its Chinese is not in the other, one clause each."""


def quote_evidence(choice: SelectedStory) -> Entry:
    """Write the entry of one story from excerpts of its evidence.

    Returns:
        The entry: a title of at most 40 and a summary of at most 200 characters, both verbatim
        but for white space, and ending in … where a sentence is cut.
    """
    story = choice.story
    lead = " ".join(story.lead.split())
    text = _opening(story.evidence)
    rest = text.removeprefix(lead).lstrip(" .:;,-–—")
    # The title has said the lead already, unless it had to cut it.
    said = len(lead) <= _LONGEST_TITLE and len(rest) >= _SHORTEST
    return make_entry(
        choice,
        title=_excerpt(lead, _LONGEST_TITLE),
        summary=_excerpt(rest if said else text, _LONGEST_SUMMARY),
        quoted=True,
    )


def _excerpt(text: str, longest: int) -> str:
    """Cut a text after its last whole sentence that fits, or else after a word."""
    if len(text) <= longest:
        return text
    ends = [found.end() for found in _SENTENCE.finditer(text, 0, longest + 1)]
    if ends and ends[-1] >= _SHORTEST:
        return text[: ends[-1]]
    room = text[: longest - len(_CUT) + 1]
    words = room.rsplit(" ", 1)[0] if " " in room else room[:-1]
    return words.rstrip(" ,;:([{“\"'-–—") + _CUT


def _opening(evidence: str) -> str:
    """Give the first lines, on one line: as many as it takes to say something."""
    opening = ""
    for line in evidence.splitlines():
        opening = " ".join([*opening.split(), *line.split()])
        if len(opening) > _LONGEST_TITLE + _SHORTEST:
            break
    return opening
