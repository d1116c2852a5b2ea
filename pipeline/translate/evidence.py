"""Story -> evidence: what a model is shown of one event, as numbered lines and numbered links.

The mentions tell one event many times over. Lines that say again what stands above are left out;
the rest keeps the numbers that the entry's evidence lines have, the fullest telling first.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from pipeline.llm import ModelProfile
from pipeline.records import Mention, Record, Story, cut_lines

ACCOUNT = re.compile(r"(?<![\w.])@(?![a-z\d][a-z\d._-]*/[a-z\d])(\w+)")
"""An account with its sign, and no package as @acme/sdk; the group is its name."""
# Stands behind the words of a link until what only says who posted it is gone, then is its number.
_FIRST_MARK = 0xF0000
_MARKS = f"{chr(_FIRST_MARK)}-{chr(_FIRST_MARK + 0xFFF)}"
_MARK = re.compile(f"[{_MARKS}]+")
# A text may imitate it.
_FORGED_LINK = re.compile(r"\((links?) (?=\d)", re.IGNORECASE)
# A bracket that only says who posted it: (@fal, @linoy_tsaban; tweet).
_POSTERS = re.compile(
    rf" ?\((?:@\w++|(?:(?:tweet|thread|link|post)s?+|also|via|and)\b|[1-9](?=[{_MARKS}])"
    rf"|[\s,;:/&+{_MARKS}]++)++\)",
    re.IGNORECASE,
)
BULLET = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+")
"""What marks a line as one of a list."""
_FIGURES = re.compile(r"\d[\d.,]*")
_REPEAT = 80  # of 100: as alike as this to a line above, with no figure of its own
_MIN_LETTERS = 12
_MEASURE = re.compile(r"(?=.*\d)(?=.*[^\W\d_]{2}|.*[$€£¥%])")
"""What a line of a list may be that is all figure: cost $4.48."""
_MAX_PLACE_CHARS = 100
_LETTERS_AND_SIGNS = re.compile(r"[^\s\[\]]+")
_LETTER = re.compile(r"[^\W\d_]")


class EvidenceLimits(Record):
    """How much of an event a model is shown."""

    max_chars: int = 24_000
    """Characters of its lines."""
    max_links: int = 20
    """Links of which it names one; with none the code chooses."""


class EvidenceLine(NamedTuple):
    """One line that a model is shown."""

    mention: str
    """Id of the mention that it comes from."""
    text: str
    """The line, without its bullet; accounts without their sign."""
    number: int
    """Which of the entry's evidence lines it is, from 1."""
    place: str
    """Where its mention stands in the issue, for people: `discord: Acme › general`."""
    shown: str
    """The line as the question shows it: behind words that are a link stands which one."""


class Evidence(NamedTuple):
    """What a model is shown of one event."""

    lines: tuple[EvidenceLine, ...]
    links: tuple[str, ...]
    """Addresses that the entry may show, numbered from 1, the most first-hand one first."""
    anchors: tuple[str, ...]
    """What the links stand on, one for each."""

    @property
    def text(self) -> str:
        """The lines with their numbers."""
        return "\n".join(f"{line.number}. {line.text}" for line in self.lines)

    @property
    def placed_text(self) -> str:
        """The same as shown, with the place in brackets above each line where it changes."""
        return "\n".join(
            "\n".join(
                [*([f"[{place}]"] if place else []), *(f"{it.number}. {it.shown}" for it in those)]
            )
            for place, those in groupby(self.lines, lambda line: line.place)
        )

    @property
    def link_lines(self) -> str:
        """The links as the question shows them: number, host, what it stands on."""
        pairs = zip(self.links, self.anchors, strict=True)
        return "\n".join(
            f"{at}. {_place(url)}{f' ({anchor})' if anchor else ''}"
            for at, (url, anchor) in enumerate(pairs, 1)
        )

    def link(self, number: int) -> str | None:
        """Give the link of a number; None for any number that no link has."""
        return self.links[number - 1] if 1 <= number <= len(self.links) else None


def evidence_limits(profile: ModelProfile) -> EvidenceLimits:
    """Say how much of an event a model has room for."""
    return EvidenceLimits(max_chars=profile.evidence_chars, max_links=profile.evidence_links)


def collect_evidence(story: Story, limits: EvidenceLimits) -> Evidence:
    """Gather what tells an event; the story's fullest telling is its first."""
    links = story.sources[: limits.max_links]
    lines: list[EvidenceLine] = []
    used = 0
    for line in _new_lines(story, links):
        used += len(line.text)
        if used > limits.max_chars:
            break
        lines.append(line)
    if not lines:
        # One sentence that is longer than all there is room for, or a few words.
        lines.append(_cut(_first_line(story, links), limits.max_chars))
    anchors = {link.url: " ".join(link.text.split())[:60] for link in reversed(story.links)}
    return Evidence(tuple(lines), links, tuple(anchors.get(url, "") for url in links))


def _new_lines(story: Story, links: Sequence[str]) -> Iterator[EvidenceLine]:
    """Give the lines that say something which no line above says; a name above others says it."""
    above: list[str] = []
    for lines in _lines(story, links):
        for line in lines:
            heads = line is lines[0] and len(lines) > 1
            letters = len(_LETTER.findall(line.text))
            told = letters >= (1 if heads else _MIN_LETTERS)
            measured = len(lines) > 1 and _MEASURE.match(line.text)
            if (told or measured) and not _is_repeat(line.text, above):
                above.append(line.text)
                yield line


def _lines(story: Story, links: Sequence[str] = ()) -> Iterator[list[EvidenceLine]]:
    """Give the lines of each mention."""
    numbers = count(1)
    marks = {url: chr(_FIRST_MARK + at) for at, url in enumerate(links, 1)}
    for mention in story.mentions:
        lines = []
        place, placed = _place_of(mention), tuple(_placed_marks(mention, marks))
        end = 0
        for line in cut_lines(mention.id, mention.text):
            start = mention.text.index(line.text, end)
            end = start + len(line.text)
            text = marked = line.text
            for at, mark in reversed(placed):
                if start < at <= end:
                    marked = f"{marked[: at - start]}{mark}{marked[at - start :]}"
            if not line.continues:
                text, marked = BULLET.sub("", text), BULLET.sub("", marked)
            shown = _MARK.sub(_link_numbers, _plain(marked))
            lines.append(EvidenceLine(mention.id, _plain(text), next(numbers), place, shown))
        yield lines


def _placed_marks(mention: Mention, marks: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Say behind which character of a mention which mark stands."""
    end = 0
    for link in mention.links:
        words = re.compile(rf"(?<!\w){re.escape(link.text)}(?!\w)")
        if link.text and (found := words.search(mention.text, end)):
            end = found.end()
            if link.url in marks:
                yield end, marks[link.url]


def _link_numbers(marks: re.Match[str]) -> str:
    numbers = [str(ord(mark) - _FIRST_MARK) for mark in dict.fromkeys(marks[0])]
    return f" (link{'s' if len(numbers) > 1 else ''} {', '.join(numbers)})"


def _place_of(mention: Mention) -> str:
    """Say where a mention stands: what users say of "it" may be clear from the channel alone."""
    headings = " › ".join(" ".join(_LETTERS_AND_SIGNS.findall(it)) for it in mention.section[1:])
    return f"{mention.part}: {headings}"[:_MAX_PLACE_CHARS].rstrip(" ›:")


def _first_line(story: Story, links: Sequence[str]) -> EvidenceLine:
    return next(line for lines in _lines(story, links) for line in lines if line.text)


def _cut(line: EvidenceLine, max_chars: int) -> EvidenceLine:
    """Cut a line at a word where it is longer than that."""
    if len(line.text) <= max_chars:
        return line
    text = line.text[:max_chars].rsplit(" ", 1)[0] + " …"
    return line._replace(text=text, shown=text)


def _is_repeat(text: str, above: Sequence[str]) -> bool:
    figures = set(_FIGURES.findall(text))
    return any(
        fuzz.token_set_ratio(text, other) >= _REPEAT and figures <= set(_FIGURES.findall(other))
        for other in above
    )


def _plain(text: str) -> str:
    """Remove who only posted a thing, and the sign of accounts, which a model would copy."""
    text = _FORGED_LINK.sub(r"(\1: ", text)
    without = _POSTERS.sub(lambda found: "".join(_MARK.findall(found[0])), text)
    return " ".join(ACCOUNT.sub(r"\1", without).split())


def _place(url: str) -> str:
    """Give an address without what a reader does not need: `github.com/acme/orca`."""
    parts = urlsplit(url)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"[:100]
