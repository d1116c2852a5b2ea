"""Texts -> the numbers and names in them that were checked, the Chinese and the English together.

Pure. What equals what is for `numbers` and `_names` to say, as it is when a digest is checked; here
are only the places. What has no equal in the evidence is not marked: a finding speaks of it. Not
covered: names that only a list of the evidence explains (5.3 in `GPT-5.2 and 5.3`).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from pipeline.quantities import Quantity, QuantityMatch, match_quantities
from pipeline.verify import COMMON, load_chinese_names, load_expansions

CheckedKind = Literal["number", "name"]
"""What was checked."""


class HighlightSpan(NamedTuple):
    """One stretch of a text that was checked."""

    start: int
    end: int
    kind: CheckedKind
    pair: int
    """Number of its `Pair`, from 1."""


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

_Offsets = tuple[int, int]
_NAME_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+(?:\.[0-9]+)*")
# What may stand between the parts of one name; anything longer parts two names.
_NAME_JOINERS: Final = re.compile(r"[ _/'&·+-]{1,3}|\.")
_NAME: Final = re.compile(r"[A-Za-z0-9]+(?:(?:[.'&]|[+_-]{1,2})[A-Za-z0-9]+)*[+#]{0,2}")
_LETTER: Final = re.compile("[A-Za-z]")
_DASHES: Final = str.maketrans(
    dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("‘’ʼ＇", "'") | {"\xa0": " "}
)
_OTHER: Final = re.compile("[\u0080-\u2e7f\uff01-\uff5e\U0001d400-\U0001d7ff]")  # and no Chinese
_CHINESE: Final = load_chinese_names()
_ANY_CHINESE: Final = re.compile("|".join(map(re.escape, _CHINESE)))
_EXPANSIONS: Final = load_expansions()
_MAX_NAME_WORDS: Final = 5  # of one name: Claude Opus 4.5 Thinking
_FIRST_OF_WEAK: Final = 1  # a spelled 两 has one equal; every `two` of the evidence is too many


def find_highlights(
    title: str, summary: str, evidence: str, also: Iterable[str] = ()
) -> Highlights:
    """Find what of an entry was checked, and what it was checked against.

    Args:
        title: Chinese title.
        summary: Chinese summary.
        evidence: English text of the story.
        also: texts besides it that name things: anchors and addresses.
    """
    if not evidence:
        return NO_HIGHLIGHTS
    # One text, as the checks see it: a unit may be said in the title alone.
    said = f"{title}。{summary}"
    board = _HighlightBuilder(said, evidence)
    matches = match_quantities(said, evidence)
    # Names first: the 3 of Gemini 3 Pro is theirs.
    _mark_names(board, [match.claim for match in matches], also)
    _mark_numbers(board, matches)
    break_at = len(title)
    return Highlights(
        title=tuple(span for span in board.said() if span.end <= break_at),
        summary=tuple(_shifted(board.said(), break_at + 1)),
        evidence=board.source(),
        pairs=board.pairs(),
    )


def _shifted(spans: Iterable[HighlightSpan], by: int) -> Iterator[HighlightSpan]:
    for span in spans:
        if span.start >= by:
            yield span._replace(start=span.start - by, end=span.end - by)


class _HighlightBuilder:
    """Both texts while they are marked.

    In the Chinese, who comes first keeps a place; in the evidence the longest: of Awesome Gemma and
    Gemma, each has its own.
    """

    def __init__(self, said: str, evidence: str) -> None:
        self.texts = (said, evidence)
        self._said: list[HighlightSpan] = []
        self._source: list[HighlightSpan] = []
        self._names: dict[str, int] = {}
        self._kinds: list[CheckedKind] = []
        # Words in the order in which they came; a dict, since a set has no order.
        self._forms: list[tuple[dict[str, None], dict[str, None]]] = []

    def is_free(self, place: _Offsets) -> bool:
        """Whether nothing of a place of the Chinese is marked yet."""
        return not _overlapping(self._said, place)

    def add_name(self, name: str, place: _Offsets, others: Sequence[_Offsets]) -> None:
        """Mark a name, the same one as before where it is written alike."""
        if self.is_free(place):
            key = _folded_name(name)
            self._names[key] = pair = self._names.get(key) or self._pair("name")
            self._mark(pair, place, others)

    def add_number(self, place: _Offsets, others: Sequence[_Offsets]) -> None:
        """Mark a number, the same one as before where the evidence says it in the same place."""
        if not self.is_free(place):
            return
        before = (
            mark.pair
            for other in others
            for mark in _overlapping(self._source, other)
            if mark.kind == "number"
        )
        self._mark(next(before, 0) or self._pair("number"), place, others)

    def said(self) -> tuple[HighlightSpan, ...]:
        """Give the marks of the Chinese."""
        return tuple(sorted(self._said))

    def source(self) -> tuple[HighlightSpan, ...]:
        """Give the marks of the evidence."""
        kept: list[HighlightSpan] = []
        for mark in sorted(self._source, key=lambda one: (one.start - one.end, one)):
            if not _overlapping(kept, (mark.start, mark.end)):
                kept.append(mark)
        return tuple(sorted(kept))

    def pairs(self) -> tuple[HighlightPair, ...]:
        """Give what was marked, in words."""
        both = zip(self._kinds, self._forms, strict=True)
        return tuple(
            HighlightPair(kind, tuple(said), tuple(source)) for kind, (said, source) in both
        )

    def _pair(self, kind: CheckedKind) -> int:
        self._kinds.append(kind)
        self._forms.append(({}, {}))
        return len(self._kinds)

    def _mark(self, pair: int, place: _Offsets, others: Sequence[_Offsets]) -> None:
        kind = self._kinds[pair - 1]
        said, source = self._forms[pair - 1]
        said.setdefault(_words(self.texts[0], place))
        self._said.append(HighlightSpan(*place, kind, pair))
        for other in others:
            source.setdefault(_words(self.texts[1], other))
            self._source.append(HighlightSpan(*other, kind, pair))


def _words(text: str, place: _Offsets) -> str:
    return " ".join(text[slice(*place)].split())


def _overlapping(marked: Iterable[HighlightSpan], place: _Offsets) -> list[HighlightSpan]:
    start, end = place
    return [span for span in marked if span.start < end and start < span.end]


# ------------------------------------------------------------------------------------- numbers


def _mark_numbers(board: _HighlightBuilder, matches: Iterable[QuantityMatch]) -> None:
    for claim, equals, _ in matches:
        if places := [(other.start, other.end) for other in equals]:
            shown = places[:_FIRST_OF_WEAK] if claim.weak else places
            board.add_number((claim.start, claim.end), shown)


# --------------------------------------------------------------------------------------- names


def _mark_names(board: _HighlightBuilder, claims: Sequence[Quantity], also: Iterable[str]) -> None:
    here = _NameIndex(board.texts[1])
    links: list[_NameIndex] = []

    def linked(words: str) -> bool:
        # Seldom asked: nearly all names are in the evidence.
        if not links:
            links.append(_NameIndex("\n".join(also)))
        return bool(links[0].places(words))

    said = board.texts[0]
    for start, end, places in _latin_names(said, claims, here.places, linked):
        board.add_name(said[start:end], (start, end), places)
    for found in _ANY_CHINESE.finditer(said):
        each = (here.places(name) for name in _CHINESE[found.group()])
        if places := next(filter(None, each), []):
            board.add_name(found.group(), found.span(), places)


def _latin_names(
    said: str,
    claims: Sequence[Quantity],
    places: Callable[[str], list[_Offsets]],
    linked: Callable[[str], bool],
) -> Iterator[tuple[int, int, list[_Offsets]]]:
    """Find the names of the Chinese in Latin letters, each as long as it can be found whole."""
    counted = [claim for claim in claims if claim.unit != "version"]
    words = [
        found
        for found in _NAME.finditer(said)
        if not any(one.start < found.end() and found.start() < one.end for one in counted)
    ]
    at = 0
    while at < len(words):
        first = words[at]
        longest = _reach(said, words, at)
        tries = range(longest, at, -1) if _LETTER.search(first.group()) else ()
        for after in tries:
            phrase = said[first.start() : words[after - 1].end()]
            others, alone = _find_name(phrase, places), after == at + 1
            if others or (alone and linked(phrase)):
                # A word that was left in English is no name, unless a link has it: ollama.
                word = phrase.isalpha() and phrase.islower() and not linked(phrase)
                if not (alone and (word or COMMON.fullmatch(phrase))):
                    yield first.start(), words[after - 1].end(), others
                at = after
                break
        else:
            at += 1


def _reach(said: str, words: Sequence[re.Match[str]], at: int) -> int:
    """Give the end of a run of words that one space parts."""
    after = at + 1
    while (
        after < min(len(words), at + _MAX_NAME_WORDS)
        and said[words[after - 1].end() : words[after].start()] == " "
    ):
        after += 1
    return after


def _find_name(phrase: str, places: Callable[[str], list[_Offsets]]) -> list[_Offsets]:
    """Find a name as it is, without its plural, or cut short as the evidence has it."""
    forms = (phrase, re.sub("'?s$", "", phrase), *_EXPANSIONS.get(phrase.casefold(), ()))
    return next((found for form in forms if (found := places(form))), [])


class _NameIndex:
    """A text in which names are looked up, case, hyphens and spaces folded, and found in place.

    A name begins and ends where a word does, or a part of one: Face is in HuggingFace and Qwen in
    Qwen3; but Son is not in reason, nor GPT-5 in GPT-5.2.
    """

    def __init__(self, text: str) -> None:
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        pieces: list[str] = []
        plain = _fold_characters(text)
        at = before = 0
        for found in _NAME_PARTS.finditer(plain):
            start, end = found.span()
            if start > before and not _NAME_JOINERS.fullmatch(plain, before, start):
                pieces.append("\n")
                at += 1
            pieces.append(found.group().lower())
            self._starts[at] = start
            at += end - start
            self._ends[at] = before = end
        self._text = "".join(pieces)

    def places(self, name: str) -> list[_Offsets]:
        """Find a name wherever it stands as a whole, with its plural s."""
        squeezed = _folded_name(name)
        found: list[_Offsets] = []
        at = self._text.find(squeezed) if squeezed else -1
        while at >= 0:
            after = at + len(squeezed)
            end = self._ends.get(after)
            if end is None and self._text[after : after + 1] == "s":
                end = self._ends.get(after + 1)
            if end is not None and at in self._starts:
                found.append((self._starts[at], end))
            at = self._text.find(squeezed, at + 1)
        return found


def _folded_name(name: str) -> str:
    plain = _fold_characters(name)
    return "".join(_NAME_PARTS.findall(plain)).lower() or plain


def _fold_characters(text: str) -> str:
    """Fold widths, dashes, quotes and accents, each character into one."""
    return text if text.isascii() else _OTHER.sub(_folded, text.translate(_DASHES))


def _folded(found: re.Match[str]) -> str:
    folded = unicodedata.normalize("NFKD", found.group())[0]
    return folded if folded.isascii() else found.group()
