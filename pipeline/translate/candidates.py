"""Story -> all whole English sentences of its mentions, each with its lines and what it is worth.

`sentences.py` chooses among them. Nothing here says which of them belong together.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

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
from pipeline.translate.statements import HEDGE, capital, statements
from pipeline.translate.unframed import split_lead, without_bullet

_MAX_MENTIONS = 4
_MAX_ROWS = 20  # lines of one mention
_SHORT, _LONG = 45, 180  # characters of a sentence that says little, or much at once
_NESTED = -0.5  # points of a bullet below another, which may be about something else
_OPINION_POINTS = -2.5
_TALKED_POINTS = -2.0
_LEANING_POINTS = -2.5

# Verbs in which a headline says plainly what happened, rather than in a figure of speech.
_PLAIN_EVENT = re.compile(
    r"(?:releas|launch|announc|introduc|publish|ship|unveil|add|acquir|join|rais|retir|deprecat"
    r"|drop|open|confirm|sue|ban|cut|sign|order|say|sell|end|open-sourc)(?:s|es|ed|d|ped)?"
    r"|said|sold|cut"
)
_BE_DONE = re.compile(
    r"(?:is|are|was|were|has|have)(?: been| now| being)? (?:available|joining|\w{3,}ed)\b"
)
_EDITORIAL = re.compile(
    r"[’']s (?:most|biggest|central|strongest)|\bopens? (?:the|a) (?:lid|door|way|path|black)\b"
    r"|\b(?:strong|theme|news)\b|\b(?<!added )(?<!adds )(?<!ships )(?<!shipped )better\b"
)
# Nouns of whoever and whatever only talks; the head of a subject.
_TALKERS = """
account accounts notice
member members user users commenter commenters redditor redditors poster posters people participant
participants individual individuals discussion discussions community communities concern concerns
comment comments reaction reactions conversation conversations engineer engineers developer
developers demo demos post posts thread threads debate debates opinion opinions speculation
excitement guide guides link links response responses question questions insight insights op take
takes takeaway takeaways theme themes focus move signal read result observer observers builder
builders example examples resource resources reader readers sympathy tutorial tutorials server
output outputs detail details more key testing feedback enthusiast enthusiasts fan fans folk folks
snapshot snapshots roundup roundups comparison comparisons commentary author authors specifics
tweet tweets blog configuration configurations topic topics exploration explorations suggestion
suggestions request requests issue issues set workflow workflows event session plan plans effort
endorsement endorsements amplifiers
page pages site website reports summary attempt attempts lack statement statements
review reviews coverage signup signups registration
practitioner practitioners
advice affiliate affiliates article articles clarification clarifications submission submissions
announcement announcements commit commits complaint complaints consensus criticism critique
critiques curiosity discourse enthusiasm inquiries inquiry interest interpretation interpretations
praise pushback queries query scepticism sentiment skepticism efforts party parties attendee
attendees idea ideas video videos image images notes someone wave waves
"""
TALKER_NOUNS = frozenset(_TALKERS.split())
AFTER_HEAD = re.compile(
    r"\s(?:of|about|on|for|in|regarding|around|from|with|to|such|including|that|between|by|at)\s"
)
# What is said to have been talked about, and where.
_TALKED = re.compile(
    r"\b(?:was|were|is|are|been|being) (?:\w+ly )?(?:raised|debated|discussed|cited|highlighted"
    r"|mentioned|shared|noted|questioned|provided|linked|suggested|asked|expressed|appreciated"
    r"|praised|recommended|clarified|underway|scheduled|floated|encouraged|touted|commended|lauded"
    r"|showcased|celebrated|enunciated|evident|spotlighted)\b|\brevolv\w+"
    r"|\bfeedback\b|\btalking point\b|\bthe two\b"
    r"|\b(?:attract|caught|catch|gain|drew|draw|garner)\w* (?:[\w’']+ ){0,3}attention\b"
    r"|\bst(?:ood|ands?) out\b|\bfound here\b|\bboosts the (?:work|post|news)\b"
    r"|\bhighlights?(?=\.$)|\b(?:aims?|seeks?) to (?:provide|offer|empower|help)\b"
    r"|\bthe (?:main|key|primary|biggest) (?:\w+ )?(?:concern|issue|question)"
    r"|\b(?:offer|provid)\w* (?:\w+ )?insights?\b"
    r"|\bshar(?:es|ed|ing) (?:\w+ )?(?:thoughts|reflections|insights|experiences|tips|views)\b"
    r"|\bshar(?:es|ed) (?:an? |the |this )?(?:\w+ )?(?:links?|gifs?|posts?|screenshots?|tweets?)\b"
    r"|\bsome (?:\w+ )?(?:news|updates?|improvements?|changes|thoughts)\b"
    r"|\brais(?:es|ed) (?:\w+ ){0,2}(?:questions?|concerns?)\b|\bin (?:the )?discussions?\b"
    r"|#\w+ channel|\b(?:in|on) (?:the"
    r" )?(?:\S+ )?(?:channel|discord|server)\b|\bthis set\b",
    re.IGNORECASE,
)
# What is done around a thing, and not by it.
_SIDESHOW = re.compile(
    r"\b(?:contest|giveaway|meetup|webinar|hackathon|livestream|office hours|sweepstakes|game jam"
    r"|talk will|giv(?:e|ing) a talk|registration at|community (?:call|meeting)"
    r"|meeting recording|Q&A|will discuss"
    r"|(?:course|homework|assignment|certificate|submission)s?\b.{0,40}\bdeadlines?"
    r"|deadlines?\b.{0,40}\b(?:course|homework|assignment|certificate|submission)s?)\b",
    re.IGNORECASE,
)
_SOMEONE = re.compile(r"(?:User|Member|One|Someone|Somebody|A (?:user|member))\b")
_POSTER = re.compile(
    r"^@\w+ (?=(?:announc|introduc|launch|releas|unveil|present|publish|open-sourc)\w+ )"
)
_OBJECT_UNKNOWN = re.compile(
    r"(?:it|them|this|these|those|that(?= as)|(?:its|their) use)\b"
    r"(?! (?:has|had|is|was|will|would|can|plans)\b)"
)
# What a digest does not tell: a text that stood before, and the one machine that was spoken of.
_EARLIER_TEXT = re.compile(
    r"\b(?:an?|the|this|that) (?:earlier|previous|prior) (?:post|tweet|thread|message|leak"
    r"|announcement)\b|\bthe same (?:fix|issue|problem|approach|bug)\b"
)
_THE_MACHINE = re.compile(
    r"\bthe (cluster|machine|setup|rig|device|box|laptop|phone)\b"
    r"(?! (?:of|with|that|which)\b| [A-Z])"
)
# Where a thing stands, which does not say what thing it is.
HOSTS = frozenset(
    {"github", "hugging-face", "hf", "arxiv", "reddit", "discord", "youtube", "medium"}
)
_VAGUE = re.compile(r"(?:The|This|These|That|Those|Its|Their|His|Her|Both|Such)\b")
_REDDIT_FRAME = re.compile(r"^The (post|author|article|title|OP|user|poster|creator|thread)\b")
# Where the summary of a post ends and that of its comments begins.
_COMMENTS = re.compile(
    r"(?<=[.!?])\s+(?=(?:In the comments|Comment(?:er)?s|Commenting|Discussions?|Redditors|Readers"
    r"|(?:One|A|An|Some|Several|Many|Most|Other|Another|Multiple|Top|The top|Notable|Technical)"
    r" (?:\w+ )?(?:(?:comment(?:er)?|user|reader|redditor|discussion)s?|repl(?:y|ies))"
    r"|There(?:['’]s| is| are| was| were) (?:\w+ ){0,2}(?:skepticism|debate|discussion|concerns?"
    r"|speculation|anticipation|criticism|interest|curiosity|questions?|sentiment|disagreement))\b)"
)
_PICTURE = re.compile(
    r"^(?:The|This|An?) (?:\w+ ){0,2}(?:image|picture|meme|screenshot|infographic|chart|graph|table"
    r"|video|comic|tweet|gif)\b"
)
_OPINION = re.compile(
    r"\b(?i:amazing|exciting|crucial|critical(?:ly)? (?:for|to)|impressive|game.?chang\w+|promising"
    r"|meta-lesson|standout|reminder|takeaway|interesting|notabl[ey]|remarkabl[ey]|huge|incredible"
    r"|buzz\w*|hype\w*|vibe|essential|significant(?:ly)? milestone|pivotal|my|we|our|you|your"
    r"|positioned as|calling (?:it|them)|did not (?:share|provide|disclose|specify)"
    r"|worst|best .{1,20}ever|has to be|terrible|awful|awesome|nightmare"
    r"|should|feels?|magic|exploding|dominated|crowd|i(?!\.e)|opens? the (?:door|way|path)"
    r"|most (?:important|interesting|notable|substantive|discussed)|clearest|sharpest|this cycle"
    r"|(?:core|key|real|main|clear) signal)\b"
)
_OF_USE = re.compile(
    r"\b(?:open[- ]sourc\w+|apache|mit licen[cs]e|pip install|available|supports?|lets|allows?"
    r"|install\w*|runs? on|repository|github|weights)\b",
    re.IGNORECASE,
)
_MAYBE = re.compile(r"\b(?:may|might|could) (?:be|have)\b")
_FIGURE = re.compile(r"(?<![\w-])[$€£~≈]?(?!(?:19|20)\d\d\b)\d")


class Candidate(NamedTuple):
    """One sentence that might tell an event."""

    text: str
    lines: tuple[int, ...]
    """Numbers of the evidence lines that it was made of, from 1."""
    mention: int
    """Place of its mention in the story, from 0."""
    row: int
    """Line of the mention on which it stands, from 0."""
    apart: bool
    """Whether its line says that it is about another thing."""
    points: float
    names: frozenset[str]
    """The names in it, in small letters."""
    about: frozenset[str]
    """The same and, where it stands below its mention's headline, the names in that."""


def candidates(story: Story, kind: EntryKind) -> Iterator[Candidate]:
    """Give the sentences of a story's first mentions, in their order."""
    number = 0
    for at, mention in enumerate(story.mentions):
        lines = list(cut_lines(mention.id, mention.text))
        if at < _MAX_MENTIONS:
            for found in _of_mention(mention, lines):
                moved = tuple(line + number for line in found.lines)
                useful = 0.3 if kind == "tool" and _OF_USE.search(found.text) else 0.0
                yield found._replace(lines=moved, mention=at, points=found.points + useful)
        number += len(lines)


def _of_mention(mention: Mention, lines: Sequence[EvidenceLine]) -> Iterator[Candidate]:
    """Give the sentences of one mention, lines counted from 1 within it."""
    anchors = {link.text for link in mention.links}
    name = ""  # what `it` means
    for row in _rows(mention, lines):
        lead, body = ("", row.text) if row.number else split_lead(row.text, mention.lead)
        title = headline_name(lead)
        name = title or name
        if headline := plain_headline(lead):
            yield _candidate(headline, (row.start + 1,), row.number, lead)
            body = _with_poster(body, headline)
        body = capital(with_subject(without_bullet(body), title))
        for text, apart in statements(body, anchors):
            framed = _framed(text, mention)
            said = without_anaphor(framed, name)
            if body.startswith(text[:20]):
                said = with_name(said, title)
            put_in = name if said != framed else ""
            name = name_told_of(said, name)
            if said:
                found = _lines_of(text, put_in, row, lines)
                yield _candidate(said, found, row.number, lead, apart=apart)


class _Row(NamedTuple):
    """One line of a mention as it stands on the page, which evidence may cut into several."""

    number: int
    """From 0."""
    start: int
    """Place of its first evidence line in the mention, from 0."""
    end: int
    """Place after its last one."""
    text: str


def _rows(mention: Mention, lines: Sequence[EvidenceLine]) -> Iterator[_Row]:
    """Give the first rows of a mention; of a post without what strangers say below it."""
    starts = [0, *(at for at, line in enumerate(lines) if at and not line.continues), len(lines)]
    for number, (start, end) in enumerate(pairwise(starts[: _MAX_ROWS + 1])):
        text = " ".join(line.text for line in lines[start:end])
        if mention.activity is not None:
            yield _Row(number, start, end, _COMMENTS.split(text, 1)[0])
            return
        yield _Row(number, start, end, text)


def _lines_of(text: str, put_in: str, row: _Row, lines: Sequence[EvidenceLine]) -> tuple[int, ...]:
    """Number the lines that a sentence was cut from, and the one that has the name put into it."""
    shared = (at for at in range(row.start, row.end) if _shares(lines[at].text, text))
    found = [*shared] or [row.start]
    if put_in and not any(put_in in lines[at].text for at in found):
        above = (at for at in range(found[0] - 1, -1, -1) if put_in in lines[at].text)
        found[:0] = islice(above, 1)
    return tuple(at + 1 for at in found)


def _candidate(
    text: str, lines: tuple[int, ...], row: int, lead: str, *, apart: bool = False
) -> Candidate:
    names = names_in(text)
    return Candidate(
        text=text,
        lines=lines,
        mention=0,
        row=row,
        apart=apart,
        points=_points(text) + _NESTED * (row > 0),
        names=names,
        about=names | (names_in(lead) if not row and not apart else frozenset()),
    )


def _with_poster(body: str, headline: str) -> str:
    """Name who announces a thing by the headline that names them, where the line has an account."""
    clause = read_clause(headline)
    return _POSTER.sub(f"{clause.subject} ", body) if clause else body


def plain_headline(lead: str) -> str:
    """Give a headline that is a plain statement of who did what, as far as one can tell."""
    bare = re.sub(r"\s*[(\[].*", "", lead).strip(" .:")
    clause = read_clause(bare)
    # A headline in capitals has its verb in them, too, and what is a name in it is not to be told.
    if clause is None or f" {clause.verb} " not in bare:
        return ""
    if not _PLAIN_EVENT.fullmatch(clause.verb) and not _BE_DONE.match(
        f"{clause.verb} {clause.rest}"
    ):
        return ""
    plain = is_statement(bare) and names_in(clause.subject) and not _EDITORIAL.search(bare)
    return f"{bare}." if plain and "@" not in bare else ""


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
    points = 1.0 + 0.5 * bool(_FIGURE.search(text)) + 0.3 * bool(HEDGE.search(text))
    points -= 0.8 * bool(_MAYBE.search(text))
    points += _subject_points(text) + _OPINION_POINTS * bool(_OPINION.search(text))
    points += _TALKED_POINTS * (bool(_TALKED.search(text)) + 2 * bool(_SIDESHOW.search(text)))
    return points - 0.3 * (len(text) > _LONG) - 0.3 * (len(text) < _SHORT)


def _subject_points(text: str) -> float:
    """Take from a sentence whose subject only talks, or is not said in it."""
    clause = read_clause(text)
    if clause is None:
        return 0.0
    subject = clause.subject.split(",")[0]
    points = -1.5 * talks(subject)
    points -= 1.1 * bool(_VAGUE.match(clause.subject) and not names_in(clause.subject) - HOSTS)
    points -= 2.0 * bool(_OBJECT_UNKNOWN.match(clause.rest))
    return points + _LEANING_POINTS * _leans_back(text)


def _leans_back(text: str) -> bool:
    """Whether a sentence is about an earlier text, or a machine that it does not introduce."""
    the = _THE_MACHINE.search(text)
    unknown = the and not re.search(rf"\b(?!the\b)[\w-]+ {the[1]}\b", text[: the.start()])
    return bool(unknown or _EARLIER_TEXT.search(text))


def talks(subject: str) -> bool:
    """Whether who or what does a thing is somebody without a name, or a text."""
    head = AFTER_HEAD.split(subject, 1)[0].casefold().split()[-1:]
    return bool(TALKER_NOUNS.intersection(head) or _SOMEONE.match(subject))


def _shares(line: str, text: str) -> bool:
    """Whether a line has words of a sentence that was cut from it."""
    words = re.findall(r"[\w.-]{4,}", text)
    return bool(words) and sum(word in line for word in words) * 2 > len(words)
