"""Story -> evidence: what a model is shown of one event, as numbered lines and numbered links.

The mentions tell one event many times over. Lines that say again what stands above are left out;
the rest keeps the numbers that the entry's evidence lines have, the fullest telling first.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import count, groupby
from typing import NamedTuple
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from pipeline.llm import ModelProfile
from pipeline.records import Mention, Record, Story, cut_lines

ACCOUNT = re.compile(r"(?<![\w.])@(\w+)")
"""An account with its sign; the group is its name."""
# A bracket that only says who posted it: (@fal, @linoy_tsaban; tweet).
_POSTERS = re.compile(
    r" ?\((?:@\w++|(?:tweet|thread|link|post|also|via|and)\b|[\s,;:/&+]++)++\)", re.IGNORECASE
)
BULLET = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+")
"""What marks a line as one of a list."""
_FIGURES = re.compile(r"\d[\d.,]*")
_REPEAT = 80  # of 100: as alike as this to a line above, with no figure of its own
_MIN_LETTERS = 12
_MAX_PLACE_CHARS = 100
_LETTERS_AND_SIGNS = re.compile(r"[^\s\[\]]+")
_LETTER = re.compile(r"[^\W\d_]")


class EvidenceLimits(Record):
    """How much of an event a model is shown."""

    max_chars: int = 12_000
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


class Evidence(NamedTuple):
    """What a model is shown of one event."""

    lines: tuple[EvidenceLine, ...]
    links: tuple[str, ...]
    """Addresses that the entry may show, numbered from 1, the most first-hand one first."""
    anchors: tuple[str, ...]
    """What the links stand on, one for each."""

    @property
    def text(self) -> str:
        """The lines as the question shows them."""
        return "\n".join(f"{line.number}. {line.text}" for line in self.lines)

    @property
    def placed_text(self) -> str:
        """The same, with the place of each line in brackets above it where that changes."""
        return "\n".join(
            "\n".join(
                [*([f"[{place}]"] if place else []), *(f"{it.number}. {it.text}" for it in those)]
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
    lines: list[EvidenceLine] = []
    used = 0
    for line in _new_lines(story):
        used += len(line.text)
        if used > limits.max_chars:
            break
        lines.append(line)
    if not lines:
        # One sentence that is longer than all there is room for, or a few words.
        lines.append(_cut(_first_line(story), limits.max_chars))
    links = story.sources[: limits.max_links]
    anchors = {link.url: " ".join(link.text.split())[:60] for link in reversed(story.links)}
    return Evidence(tuple(lines), links, tuple(anchors.get(url, "") for url in links))


def _new_lines(story: Story) -> Iterator[EvidenceLine]:
    """Give the lines that say something which no line above says; a name above others says it."""
    above: list[str] = []
    for lines in _lines(story):
        for line in lines:
            heads = line is lines[0] and len(lines) > 1
            told = len(_LETTER.findall(line.text)) >= (1 if heads else _MIN_LETTERS)
            if told and not _is_repeat(line.text, above):
                above.append(line.text)
                yield line


def _lines(story: Story) -> Iterator[list[EvidenceLine]]:
    """Give the lines of each mention."""
    numbers = count(1)
    for mention in story.mentions:
        lines = []
        place = _place_of(mention)
        for line in cut_lines(mention.id, mention.text):
            text = line.text if line.continues else BULLET.sub("", line.text)
            lines.append(EvidenceLine(mention.id, _plain(text), next(numbers), place))
        yield lines


def _place_of(mention: Mention) -> str:
    """Say where a mention stands: what users say of "it" may be clear from the channel alone."""
    headings = " › ".join(" ".join(_LETTERS_AND_SIGNS.findall(it)) for it in mention.section[1:])
    return f"{mention.part}: {headings}"[:_MAX_PLACE_CHARS].rstrip(" ›:")


def _first_line(story: Story) -> EvidenceLine:
    return next(line for lines in _lines(story) for line in lines if line.text)


def _cut(line: EvidenceLine, max_chars: int) -> EvidenceLine:
    """Cut a line at a word where it is longer than that."""
    if len(line.text) <= max_chars:
        return line
    return line._replace(text=line.text[:max_chars].rsplit(" ", 1)[0] + " …")


def _is_repeat(text: str, above: Sequence[str]) -> bool:
    figures = set(_FIGURES.findall(text))
    return any(
        fuzz.token_set_ratio(text, other) >= _REPEAT and figures <= set(_FIGURES.findall(other))
        for other in above
    )


def _plain(text: str) -> str:
    """Remove who only posted a thing, and the sign of accounts, which a model would copy."""
    return " ".join(ACCOUNT.sub(r"\1", _POSTERS.sub("", text)).split())


def _place(url: str) -> str:
    """Give an address without what a reader does not need: `github.com/acme/orca`."""
    parts = urlsplit(url)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"[:100]
