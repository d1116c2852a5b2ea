"""An entry -> the numbers and names in it that were checked, each with its equals in the evidence.

Pure. `verify` says what equals what; here pairs are numbered and overlaps are settled. What has no
equal in the evidence is not marked: a finding speaks of it.
"""

from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import Final, Literal, NamedTuple

from pipeline.records import Entry
from pipeline.verify import CheckedSpan, checked_spans

CheckedKind = Literal["number", "name"]
"""What was checked."""


class HighlightSpan(NamedTuple):
    """One stretch of a text that was checked."""

    start: int
    end: int
    kind: CheckedKind
    pair: int
    """Number of its `HighlightPair`, from 1."""


class HighlightPair(NamedTuple):
    """The same number or name in both languages."""

    kind: CheckedKind
    said: tuple[str, ...]
    """How the Chinese writes it, each way once."""
    source: tuple[str, ...]
    """How the evidence writes it; empty where only a link has the name."""


class Highlights(NamedTuple):
    """All of one entry; spans in the order of their text, none overlapping another."""

    title: tuple[HighlightSpan, ...] = ()
    summary: tuple[HighlightSpan, ...] = ()
    evidence: tuple[HighlightSpan, ...] = ()
    pairs: tuple[HighlightPair, ...] = ()
    """By number: the first is pair 1."""


NO_HIGHLIGHTS: Final = Highlights()
"""Of an entry without evidence, or that is evidence itself."""

# Names first: the 3 of Gemini 3 Pro is theirs.
_KINDS: Final[tuple[CheckedKind, ...]] = ("name", "number")
_Place = tuple[int, int]


def find_highlights(entry: Entry) -> Highlights:
    """Find what of an entry was checked, and what it was checked against.

    Args:
        entry: an entry as its page shows it, with the evidence.
    """
    # A quotation is the evidence: nothing of it was compared with anything.
    if entry.quoted or not entry.evidence:
        return NO_HIGHLIGHTS
    builder = _HighlightBuilder(f"{entry.title}。{entry.summary}", entry.evidence)
    spans = checked_spans(entry)
    cited = tuple(_cited_lines(entry))
    for kind in _KINDS:
        for span in spans[kind]:
            builder.add(kind, _in_cited_lines(span, cited))
    break_at = len(entry.title)
    return Highlights(
        title=tuple(span for span in builder.chinese() if span.end <= break_at),
        summary=tuple(_shifted(builder.chinese(), break_at + 1)),
        evidence=builder.evidence(),
        pairs=builder.pairs(),
    )


def _cited_lines(entry: Entry) -> Iterator[tuple[int, int, list[_Place]]]:
    """Give start and end of each sentence behind the title, and the places of its lines."""
    places = entry.line_places
    starts = accumulate((len(said.text) for said in entry.sentences), initial=len(entry.title) + 1)
    for sentence, (start, end) in zip(entry.sentences, pairwise(starts), strict=True):
        yield start, end, [places[line - 1] for line in sentence.lines if 0 < line <= len(places)]


def _in_cited_lines(
    span: CheckedSpan, cited: Iterable[tuple[int, int, list[_Place]]]
) -> CheckedSpan:
    """Keep of the equals of a span those in the lines of its sentence, if there are any."""
    for start, end, lines in cited:
        if start <= span.start < end:
            kept = tuple(
                place
                for place in span.evidence
                if any(first <= place[0] and place[1] <= last for first, last in lines)
            )
            return span._replace(evidence=kept or span.evidence)
    return span


def _shifted(spans: Iterable[HighlightSpan], by: int) -> Iterator[HighlightSpan]:
    for span in spans:
        if span.start >= by:
            yield span._replace(start=span.start - by, end=span.end - by)


class _HighlightBuilder:
    """Both texts while they are marked.

    In the Chinese the first span keeps a place; in the evidence the longest: of Awesome Gemma and
    Gemma, each has its own.
    """

    def __init__(self, chinese: str, evidence: str) -> None:
        self._texts = (chinese, evidence)
        self._chinese: list[HighlightSpan] = []
        self._evidence: list[HighlightSpan] = []
        self._pair_of_key: dict[str, int] = {}
        self._kinds: list[CheckedKind] = []
        # Words in the order in which they came; a dict, since a set has no order.
        self._forms: list[tuple[dict[str, None], dict[str, None]]] = []

    def add(self, kind: CheckedKind, span: CheckedSpan) -> None:
        """Mark a span and its equals, unless its place is marked already."""
        place = (span.start, span.end)
        if _overlapping(self._chinese, place):
            return
        pair = self._known_pair(kind, span) or self._new_pair(kind)
        if span.key:
            self._pair_of_key[span.key] = pair
        chinese, evidence = self._forms[pair - 1]
        chinese.setdefault(_words(self._texts[0], place))
        self._chinese.append(HighlightSpan(*place, kind, pair))
        for other in span.evidence:
            evidence.setdefault(_words(self._texts[1], other))
            self._evidence.append(HighlightSpan(*other, kind, pair))

    def _known_pair(self, kind: CheckedKind, span: CheckedSpan) -> int | None:
        """Find the pair of what is written alike, or else has its equal in the same place."""
        if span.key:
            return self._pair_of_key.get(span.key)
        return next(
            (
                marked.pair
                for place in span.evidence
                for marked in _overlapping(self._evidence, place)
                if marked.kind == kind
            ),
            None,
        )

    def _new_pair(self, kind: CheckedKind) -> int:
        self._kinds.append(kind)
        self._forms.append(({}, {}))
        return len(self._kinds)

    def chinese(self) -> tuple[HighlightSpan, ...]:
        """Give the marks of the Chinese."""
        return tuple(sorted(self._chinese))

    def evidence(self) -> tuple[HighlightSpan, ...]:
        """Give the marks of the evidence."""
        found: list[HighlightSpan] = []
        for mark in sorted(self._evidence, key=lambda mark: (mark.start - mark.end, mark)):
            if not _overlapping(found, (mark.start, mark.end)):
                found.append(mark)
        return tuple(sorted(found))

    def pairs(self) -> tuple[HighlightPair, ...]:
        """Give what was marked, in words."""
        both = zip(self._kinds, self._forms, strict=True)
        return tuple(
            HighlightPair(kind, tuple(said), tuple(source)) for kind, (said, source) in both
        )


def _words(text: str, place: _Place) -> str:
    return " ".join(text[slice(*place)].split())


def _overlapping(marked: Iterable[HighlightSpan], place: _Place) -> list[HighlightSpan]:
    start, end = place
    return [span for span in marked if span.start < end and start < span.end]
