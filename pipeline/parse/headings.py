"""The headings above one place of an issue, and the recap that the place is part of.

Part of `mentions`. A heading has a rank, or is a line that is bold from end to end, or in a mail a
line in capitals. A top story is headed by either, and its sections may have the rank of its own.
"""

from typing import NamedTuple

from pipeline.chinese import shorten
from pipeline.recaps import (
    begins_other_topics,
    begins_top_story,
    name_top_story,
    part_of_heading,
)
from pipeline.records import IssuePart

HEADING_LEVELS = {"h1": 1, "h2": 3, "h3": 4, "h4": 5, "h5": 6, "h6": 7}
NAME_CHARS = 60
"""Of a line that heads others without being marked as a heading."""
_TOP_STORY_LEVEL = 2  # of a line that heads sections with headings of rank
_BOLD_LEVEL = 8  # of a paragraph that is bold from end to end, and so heads what follows
_HEADING_CHARS = 400  # no real one has 200; what is longer is cut, and ends in `…`


class HeadingPlace(NamedTuple):
    """Where a heading stands among those above it."""

    level: int
    """1 is the outermost."""
    closes: int
    """Headings of this level and of those within it end."""


class _Heading(NamedTuple):
    level: int
    text: str
    part: IssuePart | None  # the one that it begins, if it is a recap's own heading


class HeadingPath:
    """The headings above the place that is being read, outermost first."""

    def __init__(self) -> None:
        self.directly_above = False
        """Whether nothing stands between the last heading and the place."""
        self._headings: list[_Heading] = []
        self._summed_up = False  # by a bold sentence directly below its heading
        self._mail = False  # recaps are headed by lines in capitals

    @property
    def section(self) -> tuple[str, ...]:
        """The texts of the headings."""
        return tuple(heading.text for heading in self._headings)

    @property
    def part(self) -> IssuePart:
        """The recap that the place is part of."""
        return next((it.part for it in reversed(self._headings) if it.part), "intro")

    def place_ranked(self, level: int, text: str) -> HeadingPlace:
        """Place a heading of rank; the sections of a top story may have the same as its own."""
        if level <= HEADING_LEVELS["h2"] and self._heads_top_story(text):
            return HeadingPlace(_TOP_STORY_LEVEL, _TOP_STORY_LEVEL)
        closes = _TOP_STORY_LEVEL if begins_other_topics(text) else level
        return HeadingPlace(level, min(closes, level))

    def place_bold(self, text: str) -> HeadingPlace:
        """Place a line that is bold from end to end."""
        if self._heads_top_story(text):
            return HeadingPlace(_TOP_STORY_LEVEL, _TOP_STORY_LEVEL)
        closes = _TOP_STORY_LEVEL if self._ends_top_story(text) else _BOLD_LEVEL
        return HeadingPlace(_BOLD_LEVEL, closes)

    def place_in_mail(self, text: str, *, linked: bool) -> HeadingPlace | None:
        """Place a heading of a mail's text, which has capitals for its recaps alone."""
        recap = part_of_heading(text)
        if text.isupper() and recap:
            self._mail = True
        else:
            short = len(text) <= NAME_CHARS and text[-1:].isalnum() and not linked
            if not (self._mail and short and self.part != "intro"):
                return None
        level = HEADING_LEVELS["h1"] if recap else _BOLD_LEVEL
        return HeadingPlace(level, level)

    def append(self, level: int, text: str, above: IssuePart) -> None:
        """Put a heading below the others; `above` is the part that the place before it was in."""
        text = shorten(text, _HEADING_CHARS)
        part = part_of_heading(text)
        if part is None and self.part == "intro":
            # Below a recap nothing is the editors' introduction, whatever a heading says.
            part = "twitter" if level == _TOP_STORY_LEVEL else above
        self._headings.append(_Heading(level, text, part))
        self._summed_up = self.directly_above and level == _BOLD_LEVEL and text.endswith(".")
        self.directly_above = level < _BOLD_LEVEL

    def close(self, level: int) -> None:
        """End the headings of a level and of those within it."""
        while self._headings and self._headings[-1].level >= level:
            self._headings.pop()

    def rule(self) -> None:
        """End what a horizontal rule ends: a top story, or what a bold line heads."""
        in_top_story = any(heading.level == _TOP_STORY_LEVEL for heading in self._headings)
        self.close(_TOP_STORY_LEVEL if in_top_story else _BOLD_LEVEL)

    def open_list(self, lead: str) -> None:
        """Let the lead of a list of posts head them, until `close_list`."""
        self._headings.append(_Heading(_BOLD_LEVEL, lead, None))

    def close_list(self) -> None:
        """Take the lead of a list of posts away again."""
        self._headings.pop()

    def pass_text(self) -> None:
        """Note that text stands below the headings."""
        self.directly_above = self._summed_up = False

    def head_top_story(self, text: str) -> None:
        """Name a top story that has no heading of its own by its first bold sentence."""
        if not self.directly_above or self.part != "twitter":
            return
        *above, last = self._headings
        top_story = name_top_story(last.text, text)
        if top_story and not any(begins_top_story(heading.text) for heading in above):
            self._headings = [*above, _Heading(_TOP_STORY_LEVEL, top_story, None), last]

    def _heads_top_story(self, text: str) -> bool:
        return self.part in ("intro", "twitter") and begins_top_story(text)

    def _ends_top_story(self, text: str) -> bool:
        """Whether a bold line begins another subject: the top story's sections have ranks."""
        bold_sentences_apart = [
            it.level for it in self._headings if it.level < _BOLD_LEVEL or it.text[-1:] != "."
        ]
        if _TOP_STORY_LEVEL not in bold_sentences_apart:
            return False
        begun = self.directly_above or self._summed_up
        in_section = _TOP_STORY_LEVEL < bold_sentences_apart[-1] < _BOLD_LEVEL and not begun
        return begins_other_topics(text) or (in_section and not text.endswith("."))
