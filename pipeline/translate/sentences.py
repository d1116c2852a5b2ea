"""Story -> the one to three English sentences that tell its event, each with its lines.

For a model that only translates: the code chooses and trims, the model never does. First comes who
did what, then figures and qualifiers. What cannot be said in a whole sentence with a subject that
is known is left out; where nothing is left the story cannot be told.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.records import EntryKind, Story, Telling
from pipeline.translate.candidates import Candidate, candidates, plain_headline
from pipeline.translate.clauses import read_clause
from pipeline.translate.naming import NAME, name_told_of, names_in
from pipeline.translate.statements import sentences_of
from pipeline.translate.who_did_what import (
    FIGURE,
    SORTS,
    beginning_points,
    begins_with_talk,
    happens,
    is_talk,
    may_begin,
    names_who,
    own_figures,
    releases,
)

_ALIKE = 75  # of 100: as alike as this to one that was chosen, and it says the same
_SAME_ALIKE = 70  # the same for one that names the same thing and gives no figure
_SOMEWHAT_ALIKE = 52  # the same for one that names the same things
_SURELY_ALIKE = 92  # the same for one that has a figure of its own
_FIRST_LEAST = 1.5  # points of a first sentence
_NEXT_LEAST = 0.5  # points of a further one
_FURTHER_LEAST = 0.0  # points of one that is better than none
_EVENT_FIRST = 0.8  # points that an event may have less than what begins an entry otherwise
_LATER = 0.15  # points that a first sentence loses for each one above it
_TOPIC_CHARS = 300
_MOST_OTHERS = 2  # sentences that are tried where the first is not translated right

_VERSION = re.compile(r"([a-z]+)-?(\d[\d.]*).*")
_AMOUNT = re.compile(r"[$€£]\d[\d.,]*|\d[\d.,]*%")
_ALSO = re.compile(r"^([^,;]{2,60}?) also (?=[a-z]{3,}\b)")
# What somebody else says of an event: what to mind.
_CAUTIONS = re.compile(r"(?:say|said|claim|caution|warn|note|argu)\w*")
_ONE_NAME = re.compile(rf"{NAME.pattern}(?:, an? [^,]+)?")

# What no other event has, beside a name.
_WITH_UNIT = re.compile(r"[$€£]?\d[\d.,]*\d[kmbt%]?", re.IGNORECASE)
_LONG_FIGURE = 4  # digits of one that hardly another event has
_EITHER = re.compile(r"\b(?!and/or\b)[a-z]{4,}/[a-z]{4,}\b")  # context/workflow management
_HYPHENS = re.compile("[‐‑]")
_MAX_SENTENCES = 3


class SourceSentence(NamedTuple):
    """One English sentence to translate, and where it stands."""

    text: str
    """A whole sentence of at most 220 characters, without frame and accounts."""
    lines: tuple[int, ...]
    """Numbers of the entry's evidence lines that it was made of, from 1."""


def event_sentences(story: Story, *, kind: EntryKind) -> tuple[SourceSentence, ...]:
    """Pick the sentences that tell an event.

    Returns:
        Who did what first; nothing where no sentence says that.
    """
    found = list(candidates(story, kind))
    first = _first_of(found, _topic(story))
    if first is None:
        return ()
    chosen = [first]
    for candidate in sorted(found, key=lambda it: (it.mention != first.mention, -it.points)):
        after = found.index(candidate) > found.index(first)
        if len(chosen) < _MAX_SENTENCES and _goes_with(candidate, chosen, after=after):
            chosen.append(candidate)
    rest = sorted(chosen[1:], key=found.index)
    ordered = _headline_first([first, *rest], _headline(story))
    texts = (_begun(ordered[0].text), *(it.text for it in ordered[1:]))
    return tuple(SourceSentence(text, it.lines) for text, it in zip(texts, ordered, strict=True))


def _begun(text: str) -> str:
    """Say a sentence as one that nothing stands before: Acme also released."""
    return _ALSO.sub(r"\1 ", text)


def other_beginnings(
    story: Story, *, kind: EntryKind, told: Sequence[str] = ()
) -> tuple[SourceSentence, ...]:
    """Give sentences that tell the event, too, for one whose first cannot be translated.

    Returns:
        At most two that `event_sentences` leaves out, the best first.
    """
    tried = {one.text for one in event_sentences(story, kind=kind)}
    fit = sorted(_beginnings(list(candidates(story, kind)), _topic(story)), reverse=True)
    others = [it for points, _, it in fit if points >= _FIRST_LEAST]
    others = [it for it in others if tried.isdisjoint({it.text, _begun(it.text)})]
    new = [it for it in others if not any(_says_it_again(it.text, one) for one in told)]
    return tuple(SourceSentence(_begun(it.text), it.lines) for it in new[:_MOST_OTHERS])


def further_sentences(story: Story, *, kind: EntryKind) -> tuple[SourceSentence, ...]:
    """Give what else the first mention says, for an event that would be told in its title alone.

    Returns:
        Sentences that `event_sentences` leaves out, in their order; none that is only talk.
    """
    chosen = event_sentences(story, kind=kind)
    told = {one.text for one in chosen}
    found = list(candidates(story, kind))
    told |= {it.text for it in found if _begun(it.text) in told}
    names = {name for text in told for name in names_in(text)}
    start = next((at for at, it in enumerate(found) if it.text in told), 0)
    return tuple(
        SourceSentence(it.text, it.lines)
        for it in found[start:]
        if not it.mention and not it.row and not it.apart and it.text not in told
        if it.points >= _FURTHER_LEAST and it.text != _headline(story)
        if not _names_another(it.text, names)
        if not any(_says_it_again(it.text, one.text) for one in chosen)
    )


def _names_another(text: str, names: Collection[str]) -> bool:
    """Whether a sentence begins with somebody by name, and has none of these names."""
    clause = read_clause(text)
    subject = clause.subject if clause else ""
    begins = any(subject.casefold().startswith(name.split("-")[0]) for name in names_in(subject))
    own = names_in(f"a {text}")
    return begins and not any(one in name or name in one for one in own for name in names)


def _another_does(text: str, names: Collection[str]) -> bool:
    """Whether somebody by name, who is none of these, does more than say what to mind."""
    clause = read_clause(text)
    if clause is None or not _ONE_NAME.fullmatch(clause.subject):
        return False
    return not _CAUTIONS.fullmatch(clause.verb) and _names_another(text, names)


def _headline(story: Story) -> str:
    return plain_headline(story.mentions[0].lead)


def _headline_first(chosen: list[Candidate], headline: str) -> list[Candidate]:
    """Put the headline first, or leave it out where the others say all that it names."""
    found = next((it for it in chosen if it.text == headline), None)
    if found is None or len(chosen) == 1:
        return chosen
    others = [it for it in chosen if it is not found]
    words = " ".join(it.text.casefold() for it in others)
    told = all(name in words for name in (*found.names, *FIGURE.findall(found.text)))
    return others if told else [found, *others]


def how_told(story: Story, *, kind: EntryKind) -> Telling:
    """Say how well a story can be told: `whole` where a sentence says who did what."""
    topic = _topic(story)
    first = _first_of(list(candidates(story, kind)), topic)
    if first is None:
        return "not"
    plain = names_who(first.text) and first.points > 0 and not is_talk(first.text)
    if not (plain and happens(first.text) and _is_about_lead(first, story)):
        return "partly"
    return "whole" if not _opens_with_talk(story) else "partly"


def _opens_with_talk(story: Story) -> bool:
    """Whether what a story begins with is what somebody without a name says or thinks."""
    mention = story.mentions[0]
    opening = next(sentences_of(mention.text[len(mention.lead) :].lstrip(" :—–-")), "")
    return begins_with_talk(opening)


def facts_told(story: Story) -> frozenset[str]:
    """Give what is told of a story that no other event has: a name with its figures, a release."""
    texts = [
        _HYPHENS.sub("-", source.text)
        for source in event_sentences(story, kind=story.salience.leaning)
    ]
    facts = {f"{name} {fact}" for text in texts for name, fact in _facts(text)}
    return frozenset(facts | {f"{name} is out" for name in filter(None, map(_released, texts))})


def _released(text: str) -> str:
    """Give the name of what a sentence says somebody put out; nothing for a part of it."""
    clause = read_clause(text) if releases(text) else None
    name = name_told_of(text, "") if clause else ""
    whole = re.search(rf"{re.escape(name)}(?:[,.;]| (?:with|for|as|on|in|which|that|an?)\b)", text)
    return name.casefold() if name and whole else ""


def _facts(text: str) -> Iterator[tuple[str, str]]:
    """Give each name with each long figure, and with each two figures, none of them its own."""
    names = names_in(text)
    in_names = set(_WITH_UNIT.findall(" ".join(names)))
    figures = {it.casefold() for it in _WITH_UNIT.findall(text)}
    long = {it for it in figures if sum(map(str.isdigit, it)) >= _LONG_FIGURE}
    for name in names:
        free = figures - {*_WITH_UNIT.findall(name)} - (long & in_names)
        yield from ((name, fact) for fact in (long & free) | set(_EITHER.findall(text)))
        for pair in combinations(sorted(free), 2):
            yield name, " ".join(pair)


def _is_about_lead(first: Candidate, story: Story) -> bool:
    """Whether it names what the headline names or begins the text: else it is told by the way."""
    mention = story.mentions[0]
    lead, words = names_in(mention.lead), first.text.casefold()
    opening = mention.text[len(mention.lead) :].casefold().partition(". ")[0]
    said = re.findall(r"\w{4,}", words)
    begins = 2 * sum(word in opening for word in said) > len(said)
    named = any(part in words for name in lead for part in name.split("-") if part)
    return not lead or begins or named


def _topic(story: Story) -> frozenset[str]:
    return names_in(story.mentions[0].text[:_TOPIC_CHARS])


def _first_of(found: Sequence[Candidate], topic: frozenset[str]) -> Candidate | None:
    """Choose the sentence that says who did what."""
    fit = [one for one in _beginnings(found, topic) if one[0] >= _FIRST_LEAST]
    best = max(fit, default=None)
    # What happened goes before what a thing is or does, even if another mention tells it.
    event = max((one for one in fit if happens(one[2].text)), default=None)
    if best and event and event[0] >= best[0] - _EVENT_FIRST:
        best = event
    return best[2] if best else None


def _beginnings(
    found: Sequence[Candidate], topic: frozenset[str]
) -> Iterator[tuple[float, int, Candidate]]:
    """Say how well each sentence begins an entry, with its place from the end and itself."""
    for at, it in enumerate(found):
        if it.names and may_begin(it.text):
            points = it.points + beginning_points(it, topic) - it.mention - it.apart - _LATER * at
            yield points, -at, it


def _goes_with(candidate: Candidate, chosen: Sequence[Candidate], *, after: bool) -> bool:
    """Whether a sentence is about the same event as the first and says something new."""
    first = chosen[0]
    if candidate in chosen or candidate.points < _NEXT_LEAST:
        return False
    if _another_does(candidate.text, names_in(" ".join(it.text for it in chosen))):
        return False
    if _of_another_version(candidate.names, first.names):
        return False
    same = _share_name(candidate, first, after=after)
    same = same or (after and _is_beside(candidate, first))
    return same and not any(_says_it_again(candidate.text, it.text) for it in chosen)


def _says_it_again(text: str, other: str) -> bool:
    """Whether a sentence says what another one says, as far as names and figures show it."""
    names = names_in(text)
    both = names & names_in(other)
    amounts, others = set(_AMOUNT.findall(text)), set(_AMOUNT.findall(other))
    if both and amounts and amounts <= others:
        return True
    alike = fuzz.token_set_ratio(text, other)
    if amounts - others or set(FIGURE.findall(text)) - set(FIGURE.findall(other)):
        return alike >= _SURELY_ALIKE
    if both and (len(own_figures(text)) > 1 or (releases(text) and releases(other))):
        return True
    if both and names - SORTS <= both:
        return alike >= (_SOMEWHAT_ALIKE if len(both) > 1 else _SAME_ALIKE)
    return alike >= _ALIKE


def _share_name(one: Candidate, other: Candidate, *, after: bool) -> bool:
    """Whether both have a name, or one has it in full: Orca, Orca-2B.

    The names of a headline are those of what stands after, and of no sort of things.
    """
    return any(
        name == same or name.startswith(f"{same}-") or same.startswith(f"{name}-")
        for name in (one.about if after else one.names) - SORTS
        for same in other.about - SORTS
    )


def _of_another_version(names: Collection[str], told: Collection[str]) -> bool:
    """Whether names are versions of what was told, and none of them the one: GPT-5.1, GPT-5.2."""
    ours, theirs = (
        {found.groups() for name in each if (found := _VERSION.fullmatch(name))}
        for each in (names, told)
    )
    families = {family for family, _ in ours} & {family for family, _ in theirs}
    return bool(families) and not ours & theirs


def _is_beside(candidate: Candidate, first: Candidate) -> bool:
    """Whether a sentence goes on with the first one's line, and nobody else does a thing in it."""
    same_row = (candidate.mention, candidate.row) == (first.mention, first.row)
    clause = read_clause(candidate.text)
    if not same_row or clause is None or candidate.apart or first.apart:
        return False
    return not names_in(clause.subject) or _CAUTIONS.fullmatch(clause.verb) is not None
