"""An entry's summary and evidence -> sentences and numbered lines, as its page lays them out. Pure.

A page drops what cannot be seen, so sentences and lines are found in the texts as they are, and
their places counted in the texts as they are shown. An older entry does not say what its sentences
rest on: its lines have no numbers.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby, pairwise
from typing import Final, NamedTuple

from pipeline.records import Entry
from pipeline.site.highlights import CheckedKind, HighlightSpan
from pipeline.site.safe import drop_invisible, one_line

_BULLET: Final = re.compile(r"(?P<indent> *)(?:[-*•] +)?")
_MAX_DEPTH: Final = 3


class HighlightRun(NamedTuple):
    """A stretch of a text, checked or not."""

    text: str
    kind: CheckedKind | None = None
    pair: int = 0
    """Which runs of an entry say the same; 0 for what was not checked."""


class CitedSpan(NamedTuple):
    """Where one sentence stands in the summary as it is shown, and the lines that it rests on."""

    start: int
    end: int
    lines: tuple[int, ...]
    """Numbers of lines that exist and can be seen, from 1."""


class NumberedLine(NamedTuple):
    """One line of evidence."""

    number: int
    """Its number, from 1; 0 where lines have none."""
    runs: tuple[HighlightRun, ...]


class EvidenceParagraph(NamedTuple):
    """A line of a mention as the issue has it, which is several of evidence where it is long."""

    depth: int
    """0 for a paragraph, 1 for a bullet below it, and so on."""
    lines: tuple[NumberedLine, ...]


EvidenceBlock = tuple[EvidenceParagraph, ...]
"""One mention."""


class _Line(NamedTuple):
    """A line before it is shown: its number and its place in the evidence."""

    number: int
    start: int
    end: int
    continues: bool = False


def cited_spans(entry: Entry) -> tuple[CitedSpan, ...]:
    """Find the sentences of a summary; nothing where it is not known what any of them rests on."""
    told = [sentence.text for sentence in entry.sentences]
    if entry.quoted or "".join(told) != entry.summary:
        return ()
    seen = {at for at, line in enumerate(entry.evidence_lines, 1) if one_line(line.text)}
    ends = [len(one_line(entry.summary[:end])) for end in accumulate(map(len, told), initial=0)]
    spans = tuple(
        CitedSpan(*place, tuple(sorted(seen.intersection(sentence.lines))))
        for place, sentence in zip(pairwise(ends), entry.sentences, strict=True)
    )
    return spans if any(span.lines for span in spans) else ()


def line_ranges(lines: Sequence[int]) -> str:
    """Write numbers in their order, neighbours as a range: `1–3,7`."""
    runs = groupby(enumerate(lines), key=lambda pair: pair[1] - pair[0])
    ends = [(run[0][1], run[-1][1]) for _, found in runs if (run := list(found))]
    return ",".join(str(a) if a == b else f"{a}–{b}" for a, b in ends)


def highlight_runs(
    text: str, spans: Iterable[HighlightSpan], start: int = 0, end: int | None = None
) -> tuple[HighlightRun, ...]:
    """Cut a stretch of a text where a mark begins or ends."""
    end = len(text) if end is None else end
    runs, at = [], start
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first < last:
            runs += [
                HighlightRun(text[at:first]),
                HighlightRun(text[first:last], span.kind, span.pair),
            ]
            at = last
    return tuple(run for run in [*runs, HighlightRun(text[at:end])] if run.text)


def evidence_blocks(
    entry: Entry, spans: Sequence[HighlightSpan], *, numbered: bool
) -> tuple[EvidenceBlock, ...]:
    """Lay the evidence out as the issue had it: mentions, and bullets below them.

    With `numbered` lines have the numbers by which sentences name them.
    """
    text = drop_invisible(entry.evidence)
    mentions = _numbered_mentions(entry) if numbered else _plain_mentions(text)
    return tuple(tuple(_paragraphs(text, lines, spans)) for lines in mentions)


def _plain_mentions(text: str) -> Iterator[list[_Line]]:
    """Give lines where it is not known which mention has which: a blank one parts mentions."""
    starts = accumulate((len(line) + 1 for line in text.split("\n")), initial=0)
    places = [_Line(0, start, end - 1) for start, end in pairwise(starts)]
    for seen, lines in groupby(places, key=lambda line: bool(text[line.start : line.end].strip())):
        if seen:
            yield list(lines)


def _numbered_mentions(entry: Entry) -> Iterator[list[_Line]]:
    """Give the lines that can be seen, their places counted in the text as it is shown."""
    ends = [end for place in entry.line_places for end in place]
    kept = (len(drop_invisible(entry.evidence[a:b])) for a, b in pairwise([0, *ends]))
    shown = [*accumulate(kept)]
    lines = zip(entry.evidence_lines, shown[::2], shown[1::2], strict=True)
    for _, mention in groupby(enumerate(lines, 1), key=lambda pair: pair[1][0].mention):
        seen = [
            _Line(number, start, end, line.continues)
            for number, (line, start, end) in mention
            if one_line(line.text)
        ]
        if seen:
            yield seen


def _paragraphs(
    text: str, lines: Iterable[_Line], spans: Sequence[HighlightSpan]
) -> Iterator[EvidenceParagraph]:
    """Make a paragraph of each line and of those that go on with it."""
    depth = 0
    shown: list[NumberedLine] = []
    for line in lines:
        begin = line.start
        if not line.continues:
            if shown:
                yield EvidenceParagraph(depth, tuple(shown))
                shown = []
            depth, begin = _bullet(text, line)
        inside = [span for span in spans if span.start < line.end and begin < span.end]
        shown.append(NumberedLine(line.number, highlight_runs(text, inside, begin, line.end)))
    if shown:
        yield EvidenceParagraph(depth, tuple(shown))


def _bullet(text: str, line: _Line) -> tuple[int, int]:
    """Say how deep a line stands, and where it begins behind its bullet."""
    found = _BULLET.match(text, line.start, line.end)
    if found is None:
        return 0, line.start
    depth = len(found["indent"]) // 2 + (found.end() > found.end("indent"))
    return min(depth, _MAX_DEPTH), found.end()
