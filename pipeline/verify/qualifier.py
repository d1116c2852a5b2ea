"""What the lines call possible, claimed, expected or approximate is not told as plain fact.

Two things are compared. A bound (up to, over, about) belongs to its quantity: where the sentence
has the quantity, it has the bound. Any other qualifier governs a clause, and is missed where the
sentence tells that clause: it has a number or a name that stands in no plain statement of the
evidence, or the lines are that clause and nothing else. Where that is open nothing is said, so a
qualifier may be lost unseen; that the bound is the right one is not covered either.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import groupby, islice
from typing import NamedTuple

from pipeline.abbreviations import NO_ABBREVIATION
from pipeline.quantities import Quantity, QuantityMatch, Unit, match_quantities
from pipeline.verify.check import CheckedSpan, CheckInput, CheckResult, Passage, Problem
from pipeline.verify.hedges import (
    ASKED,
    BOUND_EXAMPLES,
    HEDGES,
    Hedge,
    is_bounded,
    is_told,
    says_final,
    tells_bound,
    tells_final,
    tells_release,
)
from pipeline.verify.names import check_names

_Place = tuple[int, int]

_UNBOUNDED: frozenset[Unit] = frozenset(
    {"version", "ordinal", "date", "year", "quarter", "clock", "decade", "half", "ratio"}
)
"""Units of what has no bound: over Claude 4.6, about 2024."""
_ASIDE = re.compile(r"[（(][^（(）)]*[）)]")
_CLAUSE_END = re.compile(r"[，。；！？：（）,;:!?()]")
_ENGLISH_SENTENCE = re.compile(
    rf"\S(?:.*?(?:[.!?][\"”)]*{NO_ABBREVIATION}(?= +[A-Z@“\"#*])|; |$))", re.MULTILINE
)
_PART = re.compile(
    r"; | [—–-] |—|: |[()]"
    r"|, (?:and|but|while|which|who|whose|where|whereas|although|though|so|with|plus|yet|then) "
    r"|, (?=(?:\w+ )?\w+ing\b)| (?:because|while|whereas|although|though|but) "
    r"| (?:by|for|from|in|through|under|with) wh(?:ich|om) "
)
_PARTICIPLE = re.compile(r"(?:expected|slated|scheduled|planned)\b")
_ALSO = re.compile(r"(?:and|or) $")
_ADVERB = re.compile(r"(?i:potentially|possibly|perhaps|probably|likely)")
_TOPIC = re.compile(
    r"引[起发](?:了)?(?:注意|关注|讨论|热议|争议|担忧|质疑)|受(?:到)?关注|热议|讨论|争论|之争|谈(?!判)|提及|解读|点评|看法|观点"
)
"""What a title says of what is only talked about."""
_MOST_OF_IT = 0.5
_CHARS_PER_WORD = 0.9
"""Chinese characters for an English word, at the very least, where all of a sentence is told."""
_CHARS_BEFORE = 60
_CHARS_APART = 6
_CHARS_OF_BOUND = 3
"""A bound this close before a quantity is that quantity's: 约, 超过."""
_MOST_QUALIFIERS = 200
_MOST_PLACES = 50
"""What stands in more places marks none of them."""
_MAX_SHOWN_CHARS = 40


class _Governed(NamedTuple):
    """A qualifier of the evidence, and what it governs."""

    hedge: Hedge
    word: str
    at: int
    place: _Place
    sentence: _Place
    """The English sentence that it stands in."""


class _Anchor(NamedTuple):
    """A number or a name of a sentence, and where the evidence has it."""

    places: tuple[_Place, ...]
    number: bool
    is_open: bool
    """Whether the evidence has it nowhere but where something qualifies it."""


def check_qualifier(data: CheckInput) -> CheckResult:
    """Look for qualifiers of the named lines that the sentence leaves out."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    evidence = data.story.evidence
    governed = _governed(evidence)
    matches = match_quantities(data.text, evidence)
    if any(other.bound for match in matches for other in match.equals):
        for passage in data.passages[1:]:
            yield from _lost_bounds(data, passage, matches)
    if governed:
        yield from _lost_hedges(data, matches, governed)


def _lost_bounds(
    data: CheckInput, passage: Passage, matches: Sequence[QuantityMatch]
) -> Iterator[Problem]:
    """Find quantities that every line bounds, and the sentence does not."""
    evidence, text = data.story.evidence, data.text
    for claim, places, matched_by in _matches_in(passage, matches):
        if claim.bound or matched_by != "value" or claim.unit in _UNBOUNDED:
            continue
        # What stands without its unit may be another thing.
        equals = tuple(one for one in places if not one.carried) or places
        before = [evidence[max(0, one.start - _CHARS_BEFORE) : one.start] for one in equals]
        bounds = [
            one.bound
            for one, words in zip(equals, before, strict=True)
            if one.bound in BOUND_EXAMPLES and is_bounded(words, one)
        ]
        named = [n for n, one in enumerate(equals) if passage.rests_on((one.start, one.end))]
        if len(bounds) < len(equals) or not named:
            continue
        clause = _clause(text, passage, claim, [match.claim for match in matches])
        lead = text[max(passage.start, claim.start - 2) : claim.start]
        if not any(tells_bound(bound, clause, lead) for bound in bounds):
            one = equals[named[0]]
            words = f"{before[named[0]]}{one.text}".split()
            said = " ".join(words[-2 - len(one.text.split()) :])
            expected = f"the bound of {said!r}, such as {BOUND_EXAMPLES[bounds[named[0]]]}"
            yield Problem(expected, claim.text, sentence=passage.number)


def _matches_in(passage: Passage, matches: Sequence[QuantityMatch]) -> Iterator[QuantityMatch]:
    end = passage.start + len(passage.text)
    return (match for match in matches if passage.start <= match.claim.start < end)


def _clause(text: str, passage: Passage, claim: Quantity, others: Sequence[Quantity]) -> str:
    """Give the clause around a quantity, up to other quantities that are a few words away.

    What an aside between them says is neither: 约为M3（428B参数）的6.3倍.
    """
    start, end = passage.start, passage.start + len(passage.text)
    asides = [
        one.span()
        for one in _ASIDE.finditer(text, start, end)
        if not _within((claim.start, claim.end), one.span())
    ]
    for other in others:
        if any(_within((other.start, other.end), aside) for aside in asides):
            continue
        if other.end + _CHARS_APART <= claim.start:
            start = max(start, other.end)
        elif claim.end + _CHARS_APART <= other.start:
            end = min(end, other.start - _CHARS_OF_BOUND)
    before = _CLAUSE_END.split(_ASIDE.sub("", text[start : claim.start]))[-1]
    after = _CLAUSE_END.split(_ASIDE.sub("", text[claim.end : end]))[0]
    return f"{before}{claim.text}{after}"


@lru_cache(maxsize=64)
def _governed(evidence: str) -> tuple[_Governed, ...]:
    """Find the qualifiers of a text, of which every try at an entry is checked for the same."""
    return tuple(islice(_qualifiers(evidence), _MOST_QUALIFIERS))


def _qualifiers(evidence: str) -> Iterator[_Governed]:
    for sentence in _ENGLISH_SENTENCE.finditer(evidence):
        words = sentence.group()
        for hedge in HEDGES:
            for found in hedge.english.finditer(words):
                if ASKED.search(words, max(0, found.start() - _CHARS_BEFORE), found.start()):
                    continue
                start, end = _scope(hedge, words, found)
                yield _Governed(
                    hedge=hedge,
                    word=(found.groupdict().get("said") or found.group()).strip(" ,").lower(),
                    at=sentence.start() + found.start(),
                    place=(sentence.start() + start, sentence.start() + end),
                    sentence=sentence.span(),
                )


def _scope(hedge: Hedge, words: str, found: re.Match[str]) -> _Place:
    """Give what a qualifier governs: the rest of its sentence, all of it, or its clause."""
    if hedge.onward:
        last = not re.search(r"\w", words[found.end() :])
        return (0 if last else found.end()), len(words)
    if _ADVERB.fullmatch(found.group()) and _ALSO.search(words, 0, found.start()):
        return found.start(), len(words)  # more parameters and potentially higher quality
    start, end = 0, len(words)
    aside = words.endswith(", ", 0, found.start())
    for part in _PART.finditer(words):
        if part.end() <= found.start():
            start, aside = part.end(), part.group().startswith(", wh")
        elif part.start() >= found.end():
            end = part.start()
            break
    if words.endswith(", ", 0, found.start()) and _PARTICIPLE.match(found.group()):
        return found.start(), end  # a deal for $2B, expected to close in June
    if aside and (closing := words.find(", ", found.end())) > 0:
        # Between two commas: , reportedly trained on 4T tokens, or: , which may go public,
        return found.start(), min(closing, end)
    return start, end


def _lost_hedges(
    data: CheckInput, matches: Sequence[QuantityMatch], governed: Sequence[_Governed]
) -> Iterator[Problem]:
    """Find clauses that are told without their qualifier, of which one is enough."""
    names = tuple(check_names(data).spans)
    earlier = None
    for passage in data.passages:
        anchors = tuple(_anchors(passage, matches, names, governed))
        kept = {hedge for hedge in HEDGES if _is_kept(hedge, data, passage, earlier)}
        for sentence, group in groupby(governed, key=lambda one: one.sentence):
            lost = list(_lost_of(list(group), kept)) if passage.rests_on(sentence) else []
            for one in lost:
                if _is_about(one, data, passage, anchors):
                    expected = f"what {one.word!r} says, such as {one.hedge.example}"
                    found = passage.text[:_MAX_SHOWN_CHARS]
                    yield Problem(expected, found, sentence=passage.number)
                    break
        earlier = passage


def _lost_of(qualifiers: Sequence[_Governed], kept: AbstractSet[Hedge]) -> Iterator[_Governed]:
    """Give those of one English sentence that are lost; of two in a row one is enough."""
    is_hedged = any(one.hedge in kept and not one.hedge.release for one in qualifiers)
    for one in qualifiers:
        if one.hedge not in kept and (one.hedge.release or not is_hedged):
            yield one


def _anchors(
    passage: Passage,
    matches: Sequence[QuantityMatch],
    names: Sequence[CheckedSpan],
    governed: Sequence[_Governed],
) -> Iterator[_Anchor]:
    """Find the numbers and names of a passage that the evidence has, but for the commonest."""
    end = passage.start + len(passage.text)
    found = [
        (tuple((one.start, one.end) for one in match.equals), not match.claim.weak)
        for match in _matches_in(passage, matches)
    ]
    found += [(name.evidence, False) for name in names if passage.start <= name.start < end]
    for places, number in found:
        if 0 < len(places) <= _MOST_PLACES:
            is_open = all(
                any(_within(place, one.place) for one in governed if not one.hedge.release)
                for place in places
            )
            yield _Anchor(places, number=number, is_open=is_open)


def _is_kept(hedge: Hedge, data: CheckInput, passage: Passage, earlier: Passage | None) -> bool:
    """Whether the sentence tells a qualifier, or goes on what the one before it tells so."""
    if hedge.release:
        return is_told(hedge, data.text) or not tells_release(passage.text)
    if is_told(hedge, passage.text):
        return True
    goes_on = earlier is not None and not set(earlier.ranges).isdisjoint(passage.ranges)
    if passage.number and earlier is not None and earlier.number == 0 and not hedge.titled:
        return False
    if passage.number == 0 and _TOPIC.search(passage.text):
        return True
    return hedge.onward and goes_on and earlier is not None and is_told(hedge, earlier.text)


def _is_about(
    one: _Governed, data: CheckInput, passage: Passage, anchors: Sequence[_Anchor]
) -> bool:
    """Whether a sentence tells what a qualifier governs."""
    evidence = data.story.evidence
    inside = [
        anchor for anchor in anchors if any(_within(place, one.place) for place in anchor.places)
    ]
    if one.hedge.release:
        named = [anchor for anchor in inside if not anchor.number]
        if not tells_final(passage.text):
            return bool(named)
        final = [one for one in _ENGLISH_SENTENCE.finditer(evidence) if says_final(one.group())]
        return any(not _stands_in(anchor, [one.span() for one in final]) for anchor in named)
    stated = any(anchor.number and not anchor.is_open for anchor in anchors)
    if _is_all_of(one, evidence, passage) and len(inside) == len(anchors) and not stated:
        return True
    governed = [anchor for anchor in inside if anchor.is_open]
    if any(anchor.number and _is_near(anchor, one, evidence) for anchor in governed):
        return True
    return bool(governed) and len(inside) == len(anchors) > 1


def _stands_in(anchor: _Anchor, sentences: Sequence[_Place]) -> bool:
    return any(_within(place, one) for place in anchor.places for one in sentences)


def _is_near(anchor: _Anchor, one: _Governed, evidence: str) -> bool:
    """Whether a number follows its qualifier, or stands before it in one breath."""
    return any(
        start >= one.at or "," not in evidence[end : one.at]
        for start, end in anchor.places
        if _within((start, end), one.place)
    )


def _is_all_of(one: _Governed, evidence: str, passage: Passage) -> bool:
    """Whether the lines of a passage are one sentence, mostly governed, and it renders it."""
    if len(passage.ranges) != 1 or passage.number == 0:
        return False
    (start, end) = passage.ranges[0]
    rest = evidence[start : one.sentence[0]] + evidence[one.sentence[1] : end]
    words = len(re.findall(r"[\w’'.-]+", evidence[slice(*one.sentence)]))
    written = len(re.findall(r"[\u4e00-\u9fff]", passage.text)) + 2 * len(
        re.findall(r"[A-Za-z0-9.-]+", passage.text)
    )
    share = (one.place[1] - one.place[0]) / (one.sentence[1] - one.sentence[0])
    return not rest.strip(" -*.") and share >= _MOST_OF_IT and written >= _CHARS_PER_WORD * words


def _within(place: _Place, around: _Place) -> bool:
    return around[0] <= place[0] and place[1] <= around[1]
