"""One item of a digest, and the lines of evidence that its sentences rest on."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Any, Literal

from pydantic import Field, TypeAdapter, model_validator

from pipeline.abbreviations import NO_ABBREVIATION
from pipeline.patterns import lazy_pattern
from pipeline.records.base import EntryKind, IssuePart, Record
from pipeline.records.issue import Link
from pipeline.records.reasons import NO_REASON, Reason

EditedField = Literal["story", "place", "title", "summary", "link", "remark"]
"""What of an entry an edit decides: its story, its place or its words; with a remark the model told
it again as the editor asked."""


class EvidenceLine(Record):
    """One line of what an entry rests on: a line of its mention, a long one cut at a sentence."""

    mention: str
    """Id of the mention that it stands in."""
    text: str
    """Its words, verbatim."""
    continues: bool = Field(default=False, exclude_if=lambda on: not on)
    """Whether it goes on the line of the mention that the one above began; not in the JSON where
    it does not."""


class Sentence(Record):
    """One sentence of a summary, and what it rests on."""

    text: str
    lines: tuple[int, ...] = ()
    """Numbers, from 1, of evidence lines of its entry; empty where they are not known."""


_LINES = TypeAdapter(list[EvidenceLine])
_LINE_CHARS = 240
_SENTENCE_END = lazy_pattern(rf"(?:(?<=[.!?])|(?<=[.!?][\"”)])){NO_ABBREVIATION} (?=[A-Z\"“])")


_CHINESE_SENTENCE = re.compile(r"[^。！？]+(?:[。！？]+[”’」）)]*|$)")


def cut_sentences(summary: str) -> tuple[Sentence, ...]:
    """Cut a summary at its full stops; what its sentences rest on is not known."""
    return tuple(Sentence(text=text) for text in _CHINESE_SENTENCE.findall(summary))


def cut_lines(mention: str, text: str) -> Iterator[EvidenceLine]:
    """Cut the text of a mention into evidence lines.

    A line of more than 240 characters is cut at ends of its sentences.
    """
    for raw in text.split("\n"):
        start = end = 0
        for found in (*_SENTENCE_END.finditer(raw), None):
            stop = found.start() if found else len(raw)
            if end > start and stop - start >= _LINE_CHARS:
                yield EvidenceLine(mention=mention, text=raw[start:end], continues=start > 0)
                start = end + 1
            end = stop
        yield EvidenceLine(mention=mention, text=raw[start:end], continues=start > 0)


def join_lines(evidence: str | Iterable[Mapping[str, Any]]) -> str:
    """Make one text of what a digest's JSON has as evidence: lines, or in an older one a text."""
    if isinstance(evidence, str):
        return evidence
    text, mention = "", None
    for line in evidence:
        same = line["mention"] == mention
        parted = (
            "" if mention is None else " " if line.get("continues") else "\n" if same else "\n\n"
        )
        text, mention = text + parted + line["text"], line["mention"]
    return text


# Every check of an entry asks for them.
@lru_cache(maxsize=64)
def _cut_evidence(evidence: str, mentions: tuple[str, ...]) -> tuple[EvidenceLine, ...]:
    blocks = evidence.split("\n\n")
    if len(blocks) != len(mentions):
        return ()
    pairs = zip(mentions, blocks, strict=True)
    return tuple(line for name, block in pairs for line in cut_lines(name, block))


@lru_cache(maxsize=64)
def _line_places(evidence: str, mentions: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    places: list[tuple[int, int]] = []
    end = 0
    for line in _cut_evidence(evidence, mentions):
        start = evidence.index(line.text, end)
        end = start + len(line.text)
        places.append((start, end))
    return tuple(places)


def _moved_lines(
    lines: Sequence[EvidenceLine], text: str, mentions: tuple[str, ...]
) -> Callable[[int], tuple[int, ...]]:
    """Find the numbers that lines have which were cut in another way; 0 for a line that is none."""
    places = _line_places(text, mentions)
    starts = list(accumulate((len(line.text) for line in lines), initial=0))

    def move(number: int) -> tuple[int, ...]:
        if not 0 < number <= len(lines):
            return (0,)
        # Among the letters of the text, white space apart from them counted by place.
        start = text.index(lines[number - 1].text, starts[number - 1])
        end = start + len(lines[number - 1].text)
        found = [at for at, (first, last) in enumerate(places, 1) if first < end and start < last]
        return tuple(found) or (0,)

    return move


class Entry(Record):
    """One item of the digest."""

    kind: EntryKind
    title: str
    """Chinese title, at most 40 characters, two Latin letters of a word as one; plain text."""
    summary: str
    """Chinese sentences, plain text: at most 260 characters, 420 of an event told at length."""
    sentences: tuple[Sentence, ...] = ()
    """The summary sentence by sentence; not in the JSON where it is not known what they rest
    on."""
    link: str | None
    """First-hand source, an address of the story; None where the story has none about it."""
    unlinked: bool = Field(default=False, exclude_if=lambda none: not none)
    """Whether a model that saw every link of the story said that none is about the event."""
    story: str | None = None
    """Id of its story; None in a digest read from Markdown."""
    section: tuple[str, ...] = ()
    """Headings above the story's first mention."""
    parts: tuple[IssuePart, ...] = ()
    """Recaps in which its story stands, that of its first mention first; not in the JSON where
    they are unknown."""
    links: tuple[Link, ...] = ()
    evidence: str = ""
    """The English text of its mentions, one blank line between them; in the JSON a list of lines,
    each with its mention."""
    mentions: tuple[str, ...] = ()
    """Ids of those mentions; unknown in an older digest, whose evidence is one text in the JSON."""
    reason: Reason = NO_REASON
    follows: dt.date | None = None
    """Digest date of the earlier digest that published the same event; shown as 后续."""
    tries: int = 1
    """How often the model was asked until it passed the checks."""
    quoted: bool = False
    """Whether it quotes the English evidence, since no translation passed the checks."""
    edited: tuple[EditedField, ...] = ()
    """What of it is by hand; not in the JSON where nothing is."""
    published: str = Field(
        default="", pattern=r"^(\d{4}-\d\d-\d\d(-\d{1,2})?)?$", exclude_if=lambda name: not name
    )
    """Of a roundup: name of the daily digest that it stands in; only there in the JSON."""
    timeline: int = Field(default=0, ge=0, exclude_if=lambda number: not number)
    """Of a roundup: number of the timeline that it belongs to, from 1; else not in the JSON."""

    @model_validator(mode="before")
    @classmethod
    def _read_lines(cls, data: object) -> object:
        """Read evidence that is a list of lines."""
        if not (isinstance(data, dict) and isinstance(data.get("evidence"), list)):
            return data
        lines = _LINES.validate_python(data["evidence"])
        names = tuple(name for name, _ in groupby(line.mention for line in lines))
        text = join_lines(map(vars, lines))
        read = {**data, "evidence": text, "mentions": names}
        if data.get("sentences") and _cut_evidence(text, names) != tuple(lines):
            moved = _moved_lines(lines, text, names)
            sentences = TypeAdapter(list[Sentence]).validate_python(data["sentences"])
            read["sentences"] = tuple(
                sentence.model_copy(
                    update={"lines": tuple(new for old in sentence.lines for new in moved(old))}
                )
                for sentence in sentences
            )
        return read

    @property
    def told(self) -> tuple[Sentence, ...]:
        """Its sentences, where they make up the summary; nothing where they are not known."""
        whole = "".join(sentence.text for sentence in self.sentences)
        return self.sentences if whole == self.summary else ()

    @property
    def mention_texts(self) -> tuple[str, ...]:
        """The English text of each mention; nothing where it has no evidence."""
        return tuple(self.evidence.split("\n\n")) if self.evidence else ()

    @property
    def first_mention(self) -> str:
        """The text of the first mention; blank where it has no evidence."""
        return next(iter(self.mention_texts), "")

    @property
    def evidence_lines(self) -> tuple[EvidenceLine, ...]:
        """Its evidence line by line; nothing where it is not known which mention has which."""
        return _cut_evidence(self.evidence, self.mentions)

    @property
    def line_places(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each evidence line in the evidence."""
        return _line_places(self.evidence, self.mentions)
