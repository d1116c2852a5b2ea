"""Story -> the one to three English sentences that tell its event, each with its lines.

For a model that only translates: the code chooses and trims, the model never does. First comes who
did what, then figures and qualifiers. What cannot be said in a whole sentence with a subject that
is known is left out; where nothing is left the story cannot be told.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rapidfuzz import fuzz

from pipeline.records import EntryKind, EvidenceLine, Mention, Story, cut_lines
from pipeline.translate.clauses import is_statement, read_clause
from pipeline.translate.naming import (
    headline_name,
    name_told_of,
    names_in,
    with_name,
    with_subject,
    without_anaphor,
)
from pipeline.translate.statements import HEDGE, split_lead, statements, without_bullet

_MAX_MENTIONS = 4
_ALIKE = 75  # of 100: as alike as this to one that was chosen, and it says the same
_FIRST_LEAST = 1.0  # points of a first sentence
_NEXT_LEAST = 0.0  # points of a further one

_EVENT_VERBS: Final = re.compile(
    r"(?:releas|launch|announc|introduc|publish|open|ship|unveil|add|acquir|join|rais|accus|cut|retir"
    r"|deprecat|drop|confirm|gain|support|reach|sign|order|present|sue|ban|block|report|debut|propos"
    r"|develop|train|built|made|scor|rank|surpass|outperform|achiev|claim|expand|updat|integrat|began"
    r"|start|discover|found|show|enabl|reduc|run|reveal|demonstrat|let|bring|is|are|has|have|was|were)"
)
_PLAIN_EVENT = re.compile(
    r"(?:releas|launch|announc|introduc|publish|ship|unveil|add|acquir|join|rais|retir|deprecat|drop"
    r"|open|confirm|sue|ban|cut|sign|order|say|sell|end|rais)(?:s|es|ed|d|ped)?|said|sold|cut"
)
_WEAK_SUBJECT = re.compile(
    r"^(?:(?:a|an|one|some|many|several|multiple|other|another|various|most|the|top|early|numerous|two"
    r"|engineers?|developers?|researchers?)\s+)*(?:members?|users?|commenters?|redditors?|posters?"
    r"|people|participants?|discussions?|community|concerns?|comments?|reactions?|conversations?"
    r"|engineers?|developers|demos?|posts?|threads?|debates?|opinions?|speculation|excitement|guides?"
    r"|responses?|questions?|insights?|image|picture|infographic|video|meme|screenshot|graph|chart"
    r"|table|op|takes?|takeaways?|rumou?rs?|theme|focus|move|signal|read|result|observers|builders)\b",
    re.IGNORECASE,
)
_LEAKS = re.compile(r"(?:leak|report|rumou?r)s?\b", re.IGNORECASE)
_REDDIT_FRAME = re.compile(r"^The (post|author|article|title|OP|user|poster|creator|thread)\b")
_PICTURE = re.compile(
    r"^(?:The|This|An?) (?:\w+ ){0,2}(?:image|picture|meme|screenshot|infographic|chart|graph|table"
    r"|video|comic|tweet|gif)\b"
)
_OPINION = re.compile(
    r"\b(?:amazing|exciting|crucial|critical(?:ly)? (?:for|to)|impressive|game.?chang\w+|promising"
    r"|meta-lesson|standout|reminder|takeaway|interesting|notabl[ey]|remarkabl[ey]|huge|incredible"
    r"|buzz\w*|hype\w*|vibe|essential|significant(?:ly)? milestone|pivotal|I|my|we|our|you|your)\b"
)
_FIGURE = re.compile(r"(?<![\w-])[$€£~≈]?\d")


class SourceSentence(NamedTuple):
    """One English sentence to translate, and where it stands."""

    text: str
    """A whole sentence of at most 220 characters, without frame, accounts and brackets."""
    lines: tuple[int, ...]
    """Numbers of the entry's evidence lines that it was made of, from 1."""


class _Candidate(NamedTuple):
    text: str
    lines: tuple[int, ...]
    mention: int
    points: float
    names: frozenset[str]


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
    candidates = list(_candidates(story))
    del kind
    topic = names_in(story.mentions[0].text[:300])
    first = _first(candidates, topic)
    if first is None:
        return ()
    chosen = [first]
    about = first.names
    for candidate in sorted(
        candidates, key=lambda it: (-(it.mention == first.mention), -it.points)
    ):
        if len(chosen) == max_sentences:
            break
        if candidate.points >= _NEXT_LEAST and _goes_with(candidate, chosen, about):
            chosen.append(candidate)
    rest = sorted(chosen[1:], key=candidates.index)
    return tuple(SourceSentence(it.text, it.lines) for it in (first, *rest))


def _first(candidates: Sequence[_Candidate], topic: frozenset[str]) -> _Candidate | None:
    """Choose the sentence that says who did what."""
    fit = [
        (it.points + _who_did_what(it) + 0.5 * bool(it.names & topic) - it.mention, -at, it)
        for at, it in enumerate(candidates)
        if it.names
    ]
    best = max(fit, default=None)
    return best[2] if best and best[0] >= _FIRST_LEAST else None


def _who_did_what(candidate: _Candidate) -> float:
    clause = read_clause(candidate.text)
    if clause is None:
        return -9.0
    named = bool(names_in(clause.subject)) or _LEAKS.match(clause.subject) is not None
    return 1.0 * named + 0.7 * bool(_EVENT_VERBS.match(clause.verb)) - 0.5 * (not named)


def _goes_with(candidate: _Candidate, chosen: Sequence[_Candidate], about: frozenset[str]) -> bool:
    """Whether a sentence is about the same event and says something new."""
    if candidate in chosen or not candidate.names & about:
        return False
    return all(fuzz.token_set_ratio(candidate.text, it.text) < _ALIKE for it in chosen)


def _candidates(story: Story) -> Iterator[_Candidate]:
    number = 0
    for at, mention in enumerate(story.mentions):
        lines = list(cut_lines(mention.id, mention.text))
        if at < _MAX_MENTIONS:
            yield from _of_mention(mention, lines, at, number)
        number += len(lines)


def _of_mention(
    mention: Mention, lines: Sequence[EvidenceLine], at: int, number: int
) -> Iterator[_Candidate]:
    """Give the sentences of one mention; `number` is that of the line above it."""
    numbered = list(enumerate(lines, number + 1))
    anchors = {link.text for link in mention.links}
    name = ""
    starts = [0, *(i for i, line in enumerate(lines) if i and not line.continues), len(lines)]
    for place, (start, end) in enumerate(pairwise(starts)):
        raw = " ".join(line.text for line in lines[start:end])
        lead, body = split_lead(raw, mention.lead) if not place else ("", raw)
        title = headline_name(lead)
        name = title or name
        if headline := _headline(lead):
            yield _candidate(headline, (number + start + 1,), at, -0.3)
        for text in statements(with_subject(without_bullet(body), title), anchors):
            said = without_anaphor(_framed(text, mention), name)
            if not said:
                name = ""
                continue
            said, title = with_name(said, title), ""
            name = name_told_of(said) or name
            found = tuple(n for n, line in numbered[start:end] if _shares(line.text, text))
            yield _candidate(said, found or (number + start + 1,), at, -0.5 * (place > 0))


def _candidate(text: str, lines: tuple[int, ...], mention: int, points: float) -> _Candidate:
    points += _points(text)
    return _Candidate(text=text, lines=lines, mention=mention, points=points, names=names_in(text))


def _headline(lead: str) -> str:
    """Give a headline that is a plain statement of who did what, as far as one can tell."""
    bare = re.sub(r"\s*[(\[].*", "", lead).strip(" .")
    clause = read_clause(bare)
    # A headline in capitals has its verb in them, too, and what is a name in it is not to be told.
    if not clause or not _PLAIN_EVENT.fullmatch(clause.verb) or f" {clause.verb} " not in bare:
        return ""
    return f"{bare}." if is_statement(bare) and names_in(clause.subject) else ""


def _framed(text: str, mention: Mention) -> str:
    """Say of a post that it is one; nothing for what only describes a picture."""
    if _PICTURE.match(text):
        return ""
    if mention.part != "reddit":
        return "" if _REDDIT_FRAME.match(text) else text
    return _REDDIT_FRAME.sub(
        lambda found: (
            "A Reddit post" if found[1] in ("post", "title", "thread") else "A Reddit user"
        ),
        text,
    )


def _points(text: str) -> float:
    points = 1.0
    points += 0.5 * bool(_FIGURE.search(text)) + 0.3 * bool(HEDGE.search(text))
    points -= 1.5 * bool(_WEAK_SUBJECT.match(text)) + 1.5 * bool(_OPINION.search(text))
    return points - 0.3 * (len(text) > 180) - 0.3 * (len(text) < 45)


def _shares(line: str, text: str) -> bool:
    """Whether a line has words of a sentence that was cut from it."""
    words = re.findall(r"[\w.-]{4,}", text)
    return bool(words) and sum(word in line for word in words) * 2 > len(words)
