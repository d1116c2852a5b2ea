"""One English sentence -> how well it begins an entry: whether it says who did what.

Pure. The verb tells what happened from what is only talk, and the subject who it was from one of a
sort. `sentences.py` chooses among sentences by it.
"""

import re
from typing import Final

from pipeline.translate.candidates import AFTER_HEAD, HOSTS, TALKER_NOUNS, Candidate, talks
from pipeline.translate.clauses import SAYING, read_clause
from pipeline.translate.naming import names_in


def _verbs(stems: str) -> re.Pattern[str]:
    """Know verbs by how they begin, in any form."""
    return re.compile("|".join(stems.split()))


# --- what a verb says of its sentence ------------------------------------------------------------

_RELEASE_STEMS = "releas launch announc introduc publish ship unveil acquir add propos"
_RELEASES = _verbs(_RELEASE_STEMS)
# Somebody does a thing, or something becomes so.
_HAPPENS = _verbs(
    f"{_RELEASE_STEMS} open pioneer join rais accus cut retir deprecat drop confirm gain support"
    " reach sign order present sue ban block report debut propos develop train built made scor rank"
    " surpass outperform achiev claim expand updat integrat began start discover found show enabl"
    " reduc run reveal demonstrat let bring stand put said says hit bought buy agree plan will"
    " indicat learn us(?:es|ed) grew grow fix"
)
# It is only talk, whoever says it.
_TALKS = _verbs(
    "express endors provid discuss mention comment joke ask thank prais emphasi argu highlight"
    " wonder believ think thought refer question suggest recommend explor feel felt see saw remain"
    " appear echo note look talk fram call inquir debat cent(?:er|re) revolv under(?:scor|lin) laud"
    " speculat celebrat tout ensu exclaim appreciat stress critiqu remark quip posit deduc pitch"
    " relay recount allud dissect buzz congratul mock scrutin applaud assert exist happen occur"
    " weigh"
)
# It is what a thing is to be taken for.
_SPINS = _verbs("position pitch bill tout highlight")
_BE = frozenset({"is", "are", "was", "were", "has", "have"})
# The verb that tells is the one after these.
_SAID_TO = re.compile(r"(?:said|reported|alleged|rumou?red|believed) to (?:have )?(\w+)")
_IS_DONE = re.compile(
    r"(?:(?:been|now|just|also|recently|officially|fully|generally) )*"
    r"(\w+ed|built|made|shown|bought)\b"
)
_IS_OUT = re.compile(
    r"\b(?:is|are) (?:now |also |finally |fully |generally )*"
    r"(?:available|live|out|open|rolling out)\b"
)
# It says what a thing is, which may be old: BM25 is a function that ranks documents.
_DEFINES = re.compile(
    r"^(?!.*\b(?:new|newly|first|latest|open|releas\w+|launch\w+|now|today|trained|developed|made"
    r"|built)\b)[^,]{2,40} is an? (?:[\w-]+ ){1,6}(?:that|which|standardi[sz]ing)\b"
)
# It goes on with what stood before it.
_GOES_ON = re.compile(
    r"(?:Despite (?:this|that|these|it)|Conversely|(?:In|By) contrast|Unlike (?:this|that|these)"
    r"|Follow-(?:on|up)|(?:The|This|That) (?:move|shift|change|approach|lack|attempts?|results?)"
    r"|(?:Separate|Multiple|Several|Various|Numerous|Other) (?:[\w-]+ )?(?:threads|posts|users"
    r"|practitioners|people|builders|members|commentators)|Other (?:key|notable|recent) \w+)\b"
)

# --- who does it ---------------------------------------------------------------------------------

_ACRONYMS = (
    "ai api apis cli cpu gpu gpus gui ide ides llm llms mcp ml moe moes ocr oss pr prs rag rl sdk"
    " sdks sota tts ui vlm vlms vram agi discord github reddit"
)
SORTS: Final = frozenset(_ACRONYMS.split())
"""Acronyms of a sort of thing, which name none of it."""

# What stands before a kind of thing and does not name one: `A ChatGPT framework designed to`.
_ANY_ONE = re.compile(r"(?:An?|One|Another|Some|Several) ")
_NAMED = re.compile(r",|\b(?:called|named|dubbed|titled)\b")
_OF_WHICH = re.compile(r"\s(?:that|which|who|designed|working|based|built|trained|using|\w+ed)\s")
_REPORTS = re.compile(r"(?:report|study|paper|survey|leak|letter|article|lawsuit|benchmark)s?")
_LEAKS = re.compile(r"(?:leak|report|rumou?r)s?\b", re.IGNORECASE)
_SAYS_WHO = re.compile(r", [A-Z][\w.]+ (?:explains|explained|announces|announced|says|said)\.$")
_FIGURE_WORD = re.compile(r"\d[\d.,]*-[a-z].*")  # 3-bit
_QUALITY = re.compile(r"[a-z]{3,}(?:ent|al|ous|ive|ing|ary|ate)")  # what only begins: Subsequent

FIGURE: Final = re.compile(r"\d(?:[\d.,]*\d)?")


def beginning_points(candidate: Candidate, topic: frozenset[str]) -> float:
    """Say how well a sentence begins an entry, by its verb and its subject."""
    points = 1.0 if names_who(candidate.text) else -0.5
    verb = _verb(candidate.text)
    points += 0.4 * bool(_RELEASES.match(verb)) - 1.5 * bool(_DEFINES.search(candidate.text))
    points += 0.7 * bool(_HAPPENS.match(verb)) - 0.7 * bool(_TALKS.match(verb))
    points -= 0.6 * bool(_SPINS.match(verb))
    return points + 0.5 * bool(candidate.names & topic)


def may_begin(text: str) -> bool:
    """Whether a sentence is more than talk, and does not go on with what stood before it."""
    return not _only_talks(text) and not _GOES_ON.match(text)


def happens(text: str) -> bool:
    """Whether somebody does a thing, or there is a figure."""
    acts = _HAPPENS.match(_verb(text)) or _IS_OUT.search(text)
    return acts is not None or bool(own_figures(text))


def begins_with_talk(text: str) -> bool:
    """Whether it is what somebody without a name says or thinks."""
    clause = read_clause(text)
    if clause is None or not talks(clause.subject):
        return False
    return SAYING.match(clause.verb) is not None or not _HAPPENS.match(clause.verb)


def is_talk(text: str) -> bool:
    """Whether what somebody does in a sentence is to talk."""
    return _TALKS.match(_verb(text)) is not None


def releases(text: str) -> bool:
    """Whether something comes out."""
    return _RELEASES.match(_verb(text)) is not None


def names_who(text: str) -> bool:
    """Whether a sentence names its subject, or says that it is a leak."""
    clause = read_clause(text)
    return clause is not None and bool(
        _names_one(clause.subject)
        or _LEAKS.match(clause.subject)
        or clause.adjunct.startswith("With ")
        or _SAYS_WHO.search(text)
    )


def names_its_subject(text: str) -> bool:
    """Whether a sentence says by name who or what does it, so that nothing need stand before it."""
    clause = read_clause(text)
    return clause is not None and _names_one(clause.subject)


def own_figures(text: str) -> set[str]:
    """Give the figures that are no part of a name."""
    return set(FIGURE.findall(text)) - set(FIGURE.findall(" ".join(names_in(text))))


def _only_talks(text: str) -> bool:
    """Whether nobody by name says something of a thing: a post discusses, a roundup highlights."""
    clause = read_clause(text)
    if clause is None or not talks(clause.subject) or _LEAKS.match(clause.subject):
        return False
    says = SAYING.fullmatch(clause.verb) or _TALKS.match(clause.verb)
    names = {name for name in names_in(clause.subject) if not _QUALITY.fullmatch(name)}
    return says is not None and names <= HOSTS | TALKER_NOUNS


def _names_one(subject: str) -> bool:
    """Whether a subject is somebody or something by name, and not only one of a sort."""
    if subject.startswith("A Reddit "):
        return True
    bare = re.sub(r"^(?:The|This|That|These|An?|Its|Their) ", "the ", subject)
    names = {name for name in names_in(bare) if not _FIGURE_WORD.fullmatch(name)} - SORTS
    if not names or not _ANY_ONE.match(subject) or _NAMED.search(subject):
        return bool(names)
    head = _OF_WHICH.split(AFTER_HEAD.split(subject, 1)[0], 1)[0].split()[-1]
    return not head.islower() or _REPORTS.fullmatch(head) is not None


def _verb(text: str) -> str:
    """Give the verb that tells what happens: of `is said to have built` the last one."""
    clause = read_clause(text)
    said = _SAID_TO.match(clause.rest) if clause else None
    if clause and not said and clause.verb in _BE:
        said = _IS_DONE.match(clause.rest)
    return said[1] if said else clause.verb if clause else ""
