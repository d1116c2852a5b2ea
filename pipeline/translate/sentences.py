"""Story -> the one to three English sentences that tell its event, each with its lines.

For a model that only translates: the code chooses and trims, the model never does. First comes who
did what, then figures and qualifiers. What cannot be said in a whole sentence with a subject that
is known is left out; where nothing is left the story cannot be told.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.records import EntryKind, Story
from pipeline.translate.candidates import Candidate, candidates
from pipeline.translate.clauses import read_clause
from pipeline.translate.naming import names_in

_ALIKE = 75  # of 100: as alike as this to one that was chosen, and it says the same
_FIRST_LEAST = 1.5  # points of a first sentence
_NEXT_LEAST = 0.5  # points of a further one
_TOPIC_CHARS = 300

_EVENT_VERBS = re.compile(
    r"(?:releas|launch|announc|introduc|publish|open|ship|unveil|add|acquir|join|rais|accus|cut"
    r"|retir|deprecat|drop|confirm|gain|support|reach|sign|order|present|sue|ban|block|report"
    r"|debut|propos|develop|train|built|made|scor|rank|surpass|outperform|achiev|claim|expand"
    r"|updat|integrat|began|start|discover|found|show|enabl|reduc|run|reveal|demonstrat|let|bring"
    r"|stand|put|said|says|hit|bought|buy|agree|plan|will|indicat)"
)
_LEAKS = re.compile(r"(?:leak|report|rumou?r)s?\b", re.IGNORECASE)


class SourceSentence(NamedTuple):
    """One English sentence to translate, and where it stands."""

    text: str
    """A whole sentence of at most 220 characters, without frame and accounts."""
    lines: tuple[int, ...]
    """Numbers of the entry's evidence lines that it was made of, from 1."""


def event_sentences(
    story: Story, *, kind: EntryKind, max_sentences: int = 3
) -> tuple[SourceSentence, ...]:
    """Pick the sentences that tell an event.

    Args:
        story: the event's mentions, the fullest telling first.
        kind: the half of the digest that its entry is for.
        max_sentences: how many there may be, 1-3.

    Returns:
        Who did what first; nothing where no sentence says that.
    """
    found = list(candidates(story, kind))
    first = _first_of(found, names_in(story.mentions[0].text[:_TOPIC_CHARS]))
    if first is None:
        return ()
    chosen = [first]
    for candidate in sorted(found, key=lambda it: (it.mention != first.mention, -it.points)):
        if len(chosen) < max_sentences and _goes_with(candidate, chosen):
            chosen.append(candidate)
    rest = sorted(chosen[1:], key=found.index)
    return tuple(SourceSentence(it.text, it.lines) for it in (first, *rest))


def _first_of(found: Sequence[Candidate], topic: frozenset[str]) -> Candidate | None:
    """Choose the sentence that says who did what."""
    fit = [
        (it.points + _who_did_what(it, topic) - it.mention - it.apart, -at, it)
        for at, it in enumerate(found)
        if it.names
    ]
    best = max(fit, default=None)
    return best[2] if best and best[0] >= _FIRST_LEAST else None


def _who_did_what(candidate: Candidate, topic: frozenset[str]) -> float:
    clause = read_clause(candidate.text)
    if clause is None:
        return -9.0
    named = bool(names_in(clause.subject)) or _LEAKS.match(clause.subject) is not None
    points = 1.0 if named else -0.5
    points += 0.7 * bool(_EVENT_VERBS.match(clause.verb))
    return points + 0.5 * bool(candidate.names & topic)


def _goes_with(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether a sentence is about the same event as the first and says something new."""
    first = chosen[0]
    if candidate in chosen or candidate.points < _NEXT_LEAST:
        return False
    beside = (candidate.mention, candidate.row) == (first.mention, first.row)
    same = candidate.names & first.names or (beside and not candidate.apart and not first.apart)
    alike = (fuzz.token_set_ratio(candidate.text, it.text) >= _ALIKE for it in chosen)
    return bool(same) and not any(alike)
