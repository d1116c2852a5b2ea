"""A digest, or one of its entries with the English lines and the links that it rests on."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from pipeline.errors import SettingsError
from pipeline.lookup.answers import (
    CitedSentence,
    DigestContent,
    EntrySummary,
    Evidence,
    NumberedLine,
    number_links,
    plain,
    short_link,
)
from pipeline.lookup.archive import Archive
from pipeline.lookup.questions import DigestQuestion, EvidenceQuestion
from pipeline.records import Digest, Entry, cut_sentences

_MAX_ENTRIES: Final = 60
_MAX_LINKS: Final = 50
_MAX_SENTENCES: Final = 40
_MAX_CITED: Final = 100
_MAX_LINE_CHARS: Final = 2_000
_MAX_PAGE_CHARS: Final = 20_000
_LINE_COST: Final = 20  # of what stands around a line, in characters


def get_digest(archive: Archive, question: DigestQuestion) -> DigestContent:
    """Give a digest with its entries.

    Raises:
        SettingsError: there is none of that name.
        PageNotUnderstood: its file is damaged.
    """
    name, digest = archive.read(question.digest)
    return DigestContent(
        digest=name,
        date=digest.date,
        issue_title=plain(digest.provenance.title if digest.provenance else ""),
        issue_url=plain(digest.issue_url),
        news=len(digest.news),
        tools=len(digest.tools),
        entries=tuple(
            EntrySummary.of(name, place, entry) for place, entry in digest.placed[:_MAX_ENTRIES]
        ),
        warnings=len(digest.findings),
    )


def entry_evidence(archive: Archive, question: EvidenceQuestion) -> Evidence:
    """Give what an entry, or one sentence of it, rests on.

    Raises:
        SettingsError: there is no such digest, entry, sentence or line.
        PageNotUnderstood: its file is damaged.
    """
    name, digest = archive.read(question.digest)
    entry = entry_at(digest, question.entry, name)
    sentences = _sentences(entry)
    lines = _lines(entry)
    if question.sentence is not None:
        if question.sentence > len(sentences):
            raise SettingsError(f"sentence: {question.entry} has {len(sentences)}")
        chosen = sentences[question.sentence - 1]
        sentences = (chosen,)
        lines = [line for line in lines if not chosen.lines or line.number in chosen.lines]
    shown, next_line = _page(lines, question.first_line)
    return Evidence(
        digest=name,
        entry=question.entry,
        title=plain(entry.title),
        sentences=sentences,
        lines=tuple(shown),
        next_line=next_line,
        links=number_links((link.url, link.text) for link in entry.links[:_MAX_LINKS]),
        link=short_link(entry.link),
        issue_url=plain(digest.issue_url),
    )


def entry_at(digest: Digest, place: str, name: str) -> Entry:
    """Find the entry that stands at a place.

    Raises:
        SettingsError: nothing stands there.
    """
    entry = dict(digest.placed).get(place)
    if entry is None:
        held = f"{len(digest.news)} news and {len(digest.tools)} tools"
        raise SettingsError(f"there is no {place} in the digest {name}: it has {held}")
    return entry


def evidence_texts(entry: Entry) -> tuple[str, ...]:
    """Give the English lines of an entry; of an older one, those of its text."""
    lines = entry.evidence_lines
    texts = [line.text for line in lines] if lines else entry.evidence.split("\n")
    return tuple(text for text in texts if lines or text.strip())


def _sentences(entry: Entry) -> tuple[CitedSentence, ...]:
    told = entry.told or cut_sentences(entry.summary)
    return tuple(
        CitedSentence(number=number, text=plain(sentence.text), lines=sentence.lines[:_MAX_CITED])
        for number, sentence in enumerate(islice(told, _MAX_SENTENCES), 1)
    )


def _lines(entry: Entry) -> list[NumberedLine]:
    return [
        NumberedLine(number=number, text=plain(text, _MAX_LINE_CHARS))
        for number, text in enumerate(evidence_texts(entry), 1)
    ]


def _page(lines: Sequence[NumberedLine], first: int) -> tuple[list[NumberedLine], int | None]:
    """Give the lines from a number on that one answer may have, and the number that follows."""
    waiting = [line for line in lines if line.number >= first]
    if lines and not waiting:
        raise SettingsError(f"first_line: the last line is {lines[-1].number}")
    shown = list(_within(waiting, _MAX_PAGE_CHARS))
    left = waiting[len(shown) :]
    return shown, left[0].number if left else None


def _within(lines: Sequence[NumberedLine], room: int) -> Iterator[NumberedLine]:
    for line in lines:
        room -= len(line.text) + _LINE_COST
        if room < 0:
            return
        yield line
