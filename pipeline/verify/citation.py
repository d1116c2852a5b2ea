"""Each sentence names the evidence lines that it rests on, and they have what it says.

What a sentence has from a line that it does not name is one of two things: a line that was
forgotten, or a figure that belongs to something else. `complete_citations` adds the first, the
check finds the second. Not covered: whether the lines say what the sentence says of them.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.quantities import Quantity, find_quantities, match_quantities
from pipeline.records import Entry, Sentence, Story, cut_sentences
from pipeline.verify.check import CheckInput, CheckResult, Passage, Problem
from pipeline.verify.names import check_names

_MAX_SUGGESTED = 3


class _Part(NamedTuple):
    """A number or a name of a sentence, and the lines that have it."""

    text: str
    lines: tuple[int, ...]
    quantity: Quantity | None = None
    """None for a name."""


def check_citation(data: CheckInput) -> CheckResult:
    """Look for lines that do not exist, and for what the named lines do not have."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    entry = data.entry
    if not data.has_lines:
        # Another story than the entry's own has other lines.
        if entry.sentences and entry.evidence == data.story.evidence:
            wrong = "no lines" if not entry.line_places else "sentences that are not the summary"
            yield Problem("sentences that make up the summary, and evidence in lines", wrong)
        return
    passages = data.passages[1:]
    count = len(entry.line_places)
    parts = _parts(data, passages)
    for passage, found in zip(passages, parts, strict=True):
        unknown = [line for line in passage.lines if not 0 < line <= count]
        if unknown or not passage.lines:
            named = f"line {unknown[0]}" if unknown else "no line"
            expected = f"numbers of lines from 1 to {count}"
            yield Problem(expected, named, sentence=passage.number)
            continue
        for part in _missing(passage, found):
            shown = ", ".join(map(str, part.lines[:_MAX_SUGGESTED]))
            yield Problem(
                f"the number of the line that it is from, as line {shown}, or the figure of the "
                "lines that the sentence names",
                part.text,
                sentence=passage.number,
            )


def complete_citations(entry: Entry, story: Story) -> Entry:
    """Give the sentences of an entry the lines that they rest on.

    A sentence that names none gets the fewest that have its numbers and names. One that names
    some gets the first line of a name or a number that they leave out, unless, for a number, they
    have another figure of that kind which the sentence leaves out.

    Returns:
        The entry; the same where nothing is to be added, or it is not known which lines it has.
    """
    if entry.quoted or not entry.line_places:
        return entry.model_copy(update={"sentences": ()})
    given = entry.told or cut_sentences(entry.summary)
    entry = entry.model_copy(update={"sentences": given})
    data = CheckInput(entry, story)
    if not data.has_lines:
        return entry.model_copy(update={"sentences": ()})
    passages = data.passages[1:]
    cited: list[Sentence] = []
    for sentence, passage, parts in zip(given, passages, _parts(data, passages), strict=True):
        if sentence.lines:
            lines = (*sentence.lines, *_forgotten(passage, parts, story.evidence))
        else:
            lines = _covering(parts) or (cited[-1].lines if cited else _first_mention(entry))
        cited.append(sentence.model_copy(update={"lines": tuple(sorted(dict.fromkeys(lines)))}))
    return entry.model_copy(update={"sentences": tuple(cited)})


def _parts(data: CheckInput, passages: Sequence[Passage]) -> list[list[_Part]]:
    """Find the numbers and names of each passage in the lines of the evidence."""
    places = data.entry.line_places
    found: list[tuple[int, str, Quantity | None, Sequence[tuple[int, int]]]] = [
        (it.claim.start, it.claim.text, it.claim, [(one.start, one.end) for one in it.equals])
        for it in match_quantities(data.text, data.story.evidence)
        # 每百万token is how a price is counted, and M in `$3/M`.
        if not it.claim.weak and data.text[: it.claim.start].rstrip()[-1:] != "每"
    ]
    found += [
        (name.start, data.text[name.start : name.end], None, name.evidence)
        for name in check_names(data).spans
    ]
    parts: list[list[_Part]] = []
    for passage in passages:
        end = passage.start + len(passage.text)
        parts.append([])
        for start, text, quantity, equals in found:
            lines = _lines_of(equals, places)
            if passage.start <= start < end and lines:
                parts[-1].append(_Part(text, lines, quantity))
    return parts


def _lines_of(
    equals: Sequence[tuple[int, int]], places: Sequence[tuple[int, int]]
) -> tuple[int, ...]:
    return tuple(
        number
        for number, (start, end) in enumerate(places, 1)
        if any(start <= first and last <= end for first, last in equals)
    )


def _missing(passage: Passage, parts: Sequence[_Part]) -> Iterator[_Part]:
    """Give what the lines that a sentence names do not have, though others do."""
    for part in parts:
        if not set(part.lines).intersection(passage.lines):
            yield part


def _forgotten(passage: Passage, parts: Sequence[_Part], evidence: str) -> Iterator[int]:
    """Give the lines that a sentence rests on too, as it seems."""
    for part in _missing(passage, parts):
        if part.quantity is None or not _has_rival(part.quantity, passage, parts, evidence):
            yield part.lines[0]


def _has_rival(quantity: Quantity, passage: Passage, parts: Sequence[_Part], evidence: str) -> bool:
    """Say whether the named lines have a figure of that kind which the sentence leaves out."""
    told = {part.quantity.value for part in parts if part.quantity}
    return any(
        other.unit == quantity.unit and not other.weak and other.value not in told
        for start, end in passage.ranges
        for other in find_quantities(evidence[start:end])
    )


def _covering(parts: Sequence[_Part]) -> tuple[int, ...]:
    """Choose few lines that have all numbers and names; of two that have as many, the first."""
    chosen: list[int] = []
    open_parts = list(parts)
    while open_parts:
        numbers = sorted({line for part in open_parts for line in part.lines})
        best = max(numbers, key=lambda line: sum(line in part.lines for part in open_parts))
        chosen.append(best)
        open_parts = [part for part in open_parts if best not in part.lines]
    return tuple(chosen)


def _first_mention(entry: Entry) -> tuple[int, ...]:
    """Give the lines of the fullest telling: where nothing tells more, all of it is shown."""
    lines = entry.evidence_lines
    return tuple(number for number, line in enumerate(lines, 1) if line.mention == lines[0].mention)
