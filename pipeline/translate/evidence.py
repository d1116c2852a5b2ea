"""Story -> evidence: what a model is shown of one event, as numbered lines and numbered links.

The mentions tell one event many times over. Lines that say again what stands above are left out,
the rest is numbered in the story's order, which has the fullest telling first, and cut by lines.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from pipeline.llm import ModelProfile, fence
from pipeline.records import Record, Story

_HANDLE = re.compile(r"(?<![\w.])@(\w+)")
# A bracket that only says who posted it: (@fal, @linoy_tsaban; tweet).
_POSTERS = re.compile(
    r" ?\((?:@\w++|(?:tweet|thread|link|post|also|via|and)\b|[\s,;:/&+]++)++\)", re.IGNORECASE
)
_BULLET = re.compile(r"^\s*(?:[-*•]|\d+\.)\s+")
_FIGURES = re.compile(r"\d[\d.,]*")
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”)]))\s+(?=[A-Z\"“])")
_LINE_CHARS = 240  # of a line, where it has more than one sentence
_REPEAT = 80  # of 100: as alike as this to a line above, with no figure of its own
_MIN_LETTERS = 12
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


class Evidence(NamedTuple):
    """What a model is shown of one event."""

    lines: tuple[EvidenceLine, ...]
    """Numbered from 1 in the question."""
    links: tuple[str, ...]
    """Addresses that the entry may show, numbered from 1, the most first-hand one first."""
    anchors: tuple[str, ...]
    """What the links stand on, one for each."""

    @property
    def text(self) -> str:
        """The lines as the question shows them."""
        return "\n".join(f"{at}. {line.text}" for at, line in enumerate(self.lines, 1))

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
        lines.append(_cut(_first_sentence(story), limits.max_chars))
    links = story.sources[: limits.max_links]
    anchors = {link.url: " ".join(link.text.split())[:60] for link in reversed(story.links)}
    return Evidence(tuple(lines), links, tuple(anchors.get(url, "") for url in links))


def _new_lines(story: Story) -> Iterator[EvidenceLine]:
    """Give the lines that say something which no line above says; a name above others says it."""
    above: list[str] = []
    for mention in story.mentions:
        lines = [*_sentences(mention.text)]
        for at, text in enumerate(lines):
            heads = at == 0 and len(lines) > 1
            told = len(_LETTER.findall(text)) >= (1 if heads else _MIN_LETTERS)
            if told and not _is_repeat(text, above):
                above.append(text)
                yield EvidenceLine(mention.id, text)


def _sentences(text: str) -> Iterator[str]:
    """Cut a mention into its lines, and a long line between sentences."""
    for raw in text.split("\n"):
        line = ""
        for sentence in _SENTENCE_END.split(_plain(_BULLET.sub("", raw))):
            if line and len(line) + len(sentence) >= _LINE_CHARS:
                yield line
                line = ""
            line = f"{line} {sentence}".strip()
        yield line


def evidence_material(story: Story, limits: EvidenceLimits) -> str:
    """Write the lines as a question has them, fenced."""
    return fence(collect_evidence(story, limits).text)


def _first_sentence(story: Story) -> EvidenceLine:
    best = story.mentions[0]
    return EvidenceLine(best.id, next(filter(None, _sentences(best.text)), ""))


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
    return " ".join(_HANDLE.sub(r"\1", _POSTERS.sub("", text)).split())


def _place(url: str) -> str:
    """Give an address without what a reader does not need: `github.com/acme/orca`."""
    parts = urlsplit(url)
    return f"{parts.netloc.removeprefix('www.')}{parts.path.rstrip('/')}"[:100]
