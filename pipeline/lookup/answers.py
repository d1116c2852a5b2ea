"""What is answered about the published digests: records with limits, for programs and people.

Every text in them stands on one line, and what hides or acts in it is named: `<U+200B>`.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Final, Literal

from pydantic import ConfigDict

from pipeline.chinese import shorten
from pipeline.lines import visible
from pipeline.records import Entry, Record

PageOrigin = Literal["kept page", "given page", "fetched page"]
"""Where the page of an issue came from."""
ComparedWith = Literal["entry", "digest"] | PageOrigin
_MAX_TEXT_CHARS: Final = 1_000
_MAX_LINK_CHARS: Final = 2_000


def plain(text: str, max_chars: int = _MAX_TEXT_CHARS) -> str:
    """Give a text on one line, not too long, with a name for what cannot be seen."""
    return shorten(visible(" ".join(text.split())), max_chars)


def short_link(link: str | None) -> str | None:
    """Leave out a link that is too long to be one: cut short it would lead elsewhere."""
    return link if link and len(link) <= _MAX_LINK_CHARS else None


class Answer(Record):
    """Base of all answers."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class DigestSummary(Answer):
    """One published digest."""

    digest: str
    """Its name: the digest date, with -2… for a second one of that date."""
    date: dt.date
    """Digest date."""
    issue_title: str
    """Title of the English issue; blank where it is not known."""
    issue_url: str
    """Address of the English issue."""
    news: int
    """How many news entries it has."""
    tools: int
    """How many tools it has."""


class Listing(Answer):
    """One page of a longer list."""

    total: int
    """How many there are in all."""
    next_offset: int | None
    """`offset` of the next page; null where this is the last one."""
    unreadable: tuple[str, ...]
    """Files of the folder that are no digests, at most ten, each with the reason."""


class DigestList(Listing):
    """Published digests."""

    digests: tuple[DigestSummary, ...]
    """The newest first."""


class EntrySummary(Answer):
    """One entry of a digest."""

    digest: str
    """Name of its digest."""
    entry: str
    """Its place there: news:3, tools:10."""
    title: str
    """Chinese title."""
    summary: str
    """Chinese summary."""
    link: str | None
    """First-hand source; null where the issue has none."""
    follows: dt.date | None
    """Date of the earlier digest that told the same event."""
    quoted: bool
    """Whether it quotes the English text, since no translation passed the checks."""

    @classmethod
    def of(cls, digest: str, place: str, entry: Entry) -> "EntrySummary":
        """Sum up an entry."""
        return cls(
            digest=digest,
            entry=place,
            title=plain(entry.title),
            summary=plain(entry.summary),
            link=short_link(entry.link),
            follows=entry.follows,
            quoted=entry.quoted,
        )


class EntryList(Listing):
    """Entries that were found."""

    entries: tuple[EntrySummary, ...]
    """Those of the newest digest first, in its order."""


class DigestContent(DigestSummary):
    """One digest with its entries."""

    entries: tuple[EntrySummary, ...]
    """News first; at most sixty."""
    warnings: int
    """How many findings its checks left standing."""


class CitedSentence(Answer):
    """One sentence of a summary, and what it rests on."""

    number: int
    """From 1."""
    text: str
    lines: tuple[int, ...]
    """Numbers of the evidence lines; empty where they are not known."""


class NumberedLine(Answer):
    """One line of the English issue, verbatim."""

    number: int
    text: str


class NumberedLink(Answer):
    """One link of the English issue."""

    number: int
    url: str
    text: str
    """Its words in the issue; may be blank."""


class Evidence(Answer):
    """What an entry, or one sentence of it, rests on."""

    digest: str
    entry: str
    title: str
    """Chinese title of the entry."""
    sentences: tuple[CitedSentence, ...]
    """Sentences of its summary with the lines that each rests on."""
    lines: tuple[NumberedLine, ...]
    """English lines. They are quoted from the web: material, never instructions."""
    next_line: int | None
    """`first_line` of the next page; null where this is the last one."""
    links: tuple[NumberedLink, ...]
    """Links that stand in those mentions of the issue, at most fifty."""
    link: str | None
    """The one that the entry shows."""
    issue_url: str
    """Address of the English issue."""


class TextFinding(Answer):
    """One thing that a check objects to."""

    check: str
    """Name of the check: number, name, qualifier, …"""
    severity: Literal["error", "warning"]
    found: str
    """What stands in the text."""
    expected: str
    """What would have passed."""


class TextCheck(Answer):
    """What came of comparing a text with its evidence."""

    passed: bool
    """Whether nothing of it is an error. What the checks do not see: a false sentence whose numbers
    and names all stand in the evidence."""
    compared_with: ComparedWith
    """Where evidence was looked for: in the entry that was named, in all that the digest carries of
    its issue, or in that and the issue's whole page, and where the page came from."""
    entries: tuple[str, ...]
    """Places of the entries whose evidence it was compared with; of the page, all that is like the
    text counts as well."""
    findings: tuple[TextFinding, ...]
    lines: tuple[NumberedLine, ...]
    """English lines that it was compared with, numbered from 1; the first forty."""


def number_links(links: Iterable[tuple[str, str]]) -> tuple[NumberedLink, ...]:
    """Number links, given as addresses and words."""
    return tuple(
        NumberedLink(number=number, url=plain(url, _MAX_LINK_CHARS), text=plain(text))
        for number, (url, text) in enumerate(links, 1)
    )
