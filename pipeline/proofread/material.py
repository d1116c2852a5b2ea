"""Entries -> the text that is proofread: title, numbered sentences, and the lines they rest on.

A line is shown where a sentence names it. The title rests on all of them and on the first line,
which is the fullest telling's. Of an entry that names none, the first lines are shown.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.records import Entry, Sentence, cut_lines, cut_sentences

_UNCITED_CHARS = 1_500
"""How much of the evidence is shown of an entry whose sentences name no lines."""
_MAX_LINE_CHARS = 600


class PlacedEntry(NamedTuple):
    """One entry, and where it stands."""

    place: str
    """`news:3`."""
    entry: Entry


class ShownEntry(NamedTuple):
    """One entry as it is shown."""

    place: str
    title: str
    sentences: tuple[Sentence, ...]
    lines: dict[int, str]
    """The lines that are shown, by their numbers; each in one line."""
    text: str
    """What is shown of it."""


def show_entry(placed: PlacedEntry) -> ShownEntry:
    """Show an entry with the lines that it rests on."""
    place, entry = placed
    sentences = _sentences(entry)
    lines = _shown_lines(entry, sentences)
    cited = (*_words(placed, sentences), *(f"L{at}: {line}" for at, line in lines.items()))
    return ShownEntry(place, one_line(entry.title), sentences, lines, "\n".join(cited))


def show_words(placed: PlacedEntry) -> str:
    """Show what an entry says, without lines, for others to be compared with."""
    sentences = tuple(Sentence(text=it.text) for it in _sentences(placed.entry))
    return "\n".join(_words(placed, sentences))


def one_line(text: str) -> str:
    """Fold white space, and leave out what does not show."""
    line = " ".join(text.split())
    return line if line.isprintable() else "".join(filter(str.isprintable, line))


def _words(placed: PlacedEntry, sentences: Sequence[Sentence]) -> Iterator[str]:
    yield f"== {placed.place}"
    yield f"0: {one_line(placed.entry.title)}"
    for number, sentence in enumerate(sentences, 1):
        named = f" [{' '.join(f'L{line}' for line in sentence.lines)}]" if sentence.lines else ""
        yield f"{number}{named}: {one_line(sentence.text)}"


def _sentences(entry: Entry) -> tuple[Sentence, ...]:
    """Give the sentences of an entry, cut by their full stops where they are not known."""
    return entry.told or cut_sentences(entry.summary)


def _shown_lines(entry: Entry, sentences: Sequence[Sentence]) -> dict[int, str]:
    known = entry.evidence_lines or tuple(cut_lines("", entry.evidence))
    named = {line for sentence in sentences for line in sentence.lines}
    all_named = all(sentence.lines for sentence in sentences)
    lines = {
        at: _cut(one_line(line.text))
        for at, line in enumerate(known, 1)
        if line.text.strip() and (at in named or at == 1 or not all_named)
    }
    if all_named:
        return lines
    shown: dict[int, str] = {}
    room = _UNCITED_CHARS
    for at, line in lines.items():
        room -= len(line)
        if at in named or room >= 0 or not shown:
            shown[at] = line
    return shown


def _cut(line: str) -> str:
    if len(line) <= _MAX_LINE_CHARS:
        return line
    return line[:_MAX_LINE_CHARS].rsplit(" ", 1)[0] + " …"
