"""Words of a page -> the mention that they are, with the links that stand in them. Pure.

For what `parse` passes over. All text of the page counts that a reader sees, wherever it stands;
what is found is the page's own text, from the beginning of its first word to the end of its last.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from pipeline.chinese import shorten
from pipeline.errors import SettingsError
from pipeline.parse.headings import HEADING_LEVELS
from pipeline.parse.mentions import BARE_ADDRESS, BLOCK_TAGS, MarkupEvent, clean_text, safe_url
from pipeline.parse.page import page_events
from pipeline.recaps import part_of_heading
from pipeline.records import IssuePart, Link, Mention, Page

MIN_PASSAGE_CHARS = 20
_MAX_PASSAGE_CHARS = 5_000
_NEAR = 60  # of 100: as alike as this is worth naming
_MAX_NEAR_CHARS = 120
# Signs that pass for one another where text is copied, and marks that do not show or only mark up.
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys("‘’‚‛′`", "'") | dict.fromkeys("“”„‟″«»", '"') | dict.fromkeys("‐‑‒–—―−", "-")
)
_MARKDOWN_LINK = re.compile(r"\[([^\[\]]{0,400})\]\([^()\s]{1,4000}\)")
_UNSEEN = frozenset("*_•·~")


class _Line(NamedTuple):
    """One block of the page."""

    text: str
    links: tuple[tuple[int, int, str, str], ...]
    """Start and end in the text, address and words."""
    section: tuple[str, ...]


class _Match(NamedTuple):
    """Where words stand: the first and the last line, and where they begin and end there."""

    first: int
    start: int
    last: int
    end: int


def find_passage(page: Page, words: str, *, anywhere: bool = False) -> Mention:
    """Find words on a page, whatever their white space and typography.

    With `anywhere` the first place counts where there are several.

    Returns:
        A mention, without an id, of the page's own text, a line for each block, with its links.

    Raises:
        SettingsError: the words are too few or too many, stand nowhere, or in several places.
    """
    wanted = _folded(_MARKDOWN_LINK.sub(r"\1", words))
    if not MIN_PASSAGE_CHARS <= len(wanted) <= _MAX_PASSAGE_CHARS:
        raise SettingsError(
            f"give {MIN_PASSAGE_CHARS} to {_MAX_PASSAGE_CHARS:,} characters of the page, at best a "
            f"whole sentence; this has {len(wanted)}"
        )
    lines = list(_page_lines(page_events(page)))
    found = list(_matches(lines, wanted))
    if not found:
        raise SettingsError(f"the page does not have “{_short(words)}”{_nearest(lines, wanted)}")
    if len(found) > 1 and not anywhere:
        places = "; ".join(f"in “{_short(lines[one.first].text)}”" for one in found[:2])
        raise SettingsError(
            f"the page has “{_short(words)}” {len(found)} times ({places}): give more of the words "
            "around it"
        )
    return _mention(lines, found[0])


def _page_lines(events: Iterable[MarkupEvent]) -> Iterator[_Line]:
    """Give the blocks of a page that have text, each with the headings above it."""
    reader = _LineReader()
    for event in events:
        yield from reader.read(event)


class _LineReader:
    """What is known at one place of the page."""

    def __init__(self) -> None:
        self._text = ""
        self._links: list[tuple[int, int, str, str]] = []
        self._anchor: tuple[int, str] | None = None
        self._headings: list[tuple[int, str]] = []
        self._level = 0  # of the open heading

    def read(self, event: MarkupEvent) -> Iterator[_Line]:
        if event.kind == "text":
            self._add(event.value)
        elif event.value in BLOCK_TAGS:
            yield from self._end_line()
            self._level = HEADING_LEVELS.get(event.value, 0) if event.kind == "open" else 0
        elif event.value == "a":
            self._turn_link(event)
        elif event.kind == "open" and event.value in ("br", "td", "th"):
            self._add(" ")
        elif event.value in ("del", "s"):
            self._add("~")  # as in a mention: "3~4 … 5~6" comes out struck through

    def _add(self, text: str) -> None:
        # White space is folded as it comes, so that links keep their places.
        shown = clean_text(text)
        before = text[:1].isspace() and not self._text.endswith(" ") and self._text
        self._text += f"{' ' if before else ''}{shown}"
        if shown and text[-1:].isspace():
            self._text += " "

    def _turn_link(self, event: MarkupEvent) -> None:
        if self._anchor:
            start, address = self._anchor
            words = self._text[start:].strip()
            self._links.append((start, len(self._text), address, words))
        url = safe_url(event.href) if event.kind == "open" else None
        self._anchor = (len(self._text), url) if url else None

    def _end_line(self) -> Iterator[_Line]:
        if self._anchor:  # a link around several blocks is one of each
            _, url = self._anchor
            self._turn_link(MarkupEvent("close", "a"))
            self._anchor = (0, url)
        text = self._text.rstrip()
        links = [*self._links, *_bare_links(text, self._links)] if text else []
        self._text, self._links = "", []
        if not text:
            return
        if self._level:
            while self._headings and self._headings[-1][0] >= self._level:
                self._headings.pop()
            self._headings.append((self._level, text.rstrip(" :")))
        yield _Line(text, tuple(sorted(links)), tuple(heading for _, heading in self._headings))


def _bare_links(
    text: str, links: Sequence[tuple[int, int, str, str]]
) -> Iterator[tuple[int, int, str, str]]:
    """Take addresses that stand in a text for links."""
    for found in BARE_ADDRESS.finditer(text) if "://" in text else ():
        inside = any(start < found.end() and found.start() < end for start, end, _, _ in links)
        if not inside and (url := safe_url(found[0])):
            yield found.start(), found.end(), url, found[0]


def _folded(text: str) -> str:
    return "".join(char for char, _ in _folded_chars(text))


def _folded_chars(text: str) -> Iterator[tuple[str, int]]:
    """Give what is the same however a text is set, each character with its place."""
    for at, char in enumerate(text):
        for same in unicodedata.normalize("NFKC", char).casefold().translate(_TYPOGRAPHY):
            seen = unicodedata.category(same) not in ("Cc", "Cf")
            if seen and not same.isspace() and same not in _UNSEEN:
                yield same, at


def _matches(lines: Sequence[_Line], wanted: str) -> Iterator[_Match]:
    """Find every place where the words stand, also over the ends of lines."""
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        for char, at in _folded_chars(line.text):
            folded.append(char)
            places.append((number, at))
    text = "".join(folded)
    at = text.find(wanted)
    while at >= 0:
        (first, start), (last, end) = places[at], places[at + len(wanted) - 1]
        yield _Match(first, start, last, end + 1)
        at = text.find(wanted, at + len(wanted))


def _mention(lines: Sequence[_Line], found: _Match) -> Mention:
    texts: list[str] = []
    links: list[Link] = []
    for number in range(found.first, found.last + 1):
        line = lines[number]
        start = _word_start(line.text, found.start) if number == found.first else 0
        end = _word_end(line.text, found.end) if number == found.last else len(line.text)
        texts.append(line.text[start:end])
        links += [
            Link(url=url, text=words)
            for first, last, url, words in line.links
            if first < end and start < max(last, first + 1)
        ]
    section = lines[found.first].section
    return Mention(
        id="",
        part=_part(section),
        section=section,
        lead="",
        text="\n".join(texts),
        links=tuple({link.url: link for link in links}.values()),
        bullets=0,
    )


def _word_start(text: str, at: int) -> int:
    """Go back to the beginning of a word: half a name or half a number says something else."""
    while at and not text[at - 1].isspace():
        at -= 1
    return at


def _word_end(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 1
    return at


def _part(section: Sequence[str]) -> IssuePart:
    return next(filter(None, map(part_of_heading, reversed(section))), "intro")


def _nearest(lines: Sequence[_Line], wanted: str) -> str:
    """Name the line that is most like the words, if any is."""
    choices = [_folded(line.text) for line in lines]
    found = process.extractOne(wanted, choices, scorer=fuzz.partial_ratio, score_cutoff=_NEAR)
    return f"; nearest is “{_short(lines[found[2]].text)}”" if found else ""


def _short(text: str) -> str:
    return shorten(" ".join(text.split()), _MAX_NEAR_CHARS)
