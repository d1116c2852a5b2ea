"""An English sentence -> shorter ones that may be translated as a title.

Pure. A headline is who did what: the lead of the mention, or the main clause of the sentence, cut
where it has said the main thing and never at what qualifies or completes it.
"""

import re
from collections.abc import Iterator

from pipeline.translate.clauses import is_statement, read_clause, starts_with_verb
from pipeline.translate.naming import NAME
from pipeline.translate.statements import HEDGE

_MAIN_CHARS = range(20, 77)
_ADJUNCT_CHARS = 24  # of what may stand before the subject

# --- where a sentence may be cut -----------------------------------------------------------------

# What only adds to what has been said begins so, unless an amount follows: `for less than $2`.
_MAIN_END = re.compile(
    r"[,;:]? (?:which|who|where|while|whereas|after|before|as|because|since|so that|allowing"
    r"|enabling|making|including|with|without|using|under|via|by|for|in|on|at|from|through|but"
    r"|when|if|across|over|within|against|and)\b"
    r"(?! (?:(?:under|less|more|about|only|just|over|roughly|up|than|to) )*[\d$€£#])"
    r"|[,;:] | [-–—]| \((?![^()]*\) [a-z])|$"
)
# What no clause ends in: it wants more after it.
_OPEN_END = re.compile(
    r"(?:\b(?:an?|the|its|their|of|to|up|out|in|on|at|by|for|with|from|as|more|less|faster|higher"
    r"|lower|rather|enough|both|between|only|not|about|around|roughly|nearly|over|than|and|or|is|are|was"
    r"|were|be|been|called|named"
    # of an adjective that wants its noun
    r"|(?:an?|the|its|their) (?:[a-z]+[‐‑-][a-z‐‑-]+|new|large|small|major|first|fast)"
    r"|optimi[sz]ed|designed|it|them|this|that|intended to \w+|(?:that|which|who) \w+|of \w+ing"
    r"|and [\d.,$%]+)|[,;:]|, \w+(?:ed|ing)"
    r"|, (?:while|but|which|who|where|whereas|as|after|so|and) [^,]*)$",
    re.IGNORECASE,
)
# Who describes something: what, stood in what was cut off.
_SHOWS = re.compile(
    r"\b(?:describe|outline|share|discusse|detail|highlight|explain|mention)[sd]?"
    r" (?:[\w-]+ ){0,2}[\w-]+$"
)
# What is joined by `and` goes on likewise, so that what stands before it is whole.
_OF_DOING, _DOING = re.compile(r"\bof \w+ing\b"), re.compile(r" \w+ing\b")
_OF_EACH, _EACH = re.compile(r"\b(?:each|every) \w+(?: \w+)?$"), re.compile(r" (?:each|every)\b")

# --- what of a sentence may be said alone --------------------------------------------------------

# What is said is the news; that it is said stands in the title.
_SAYS_THAT = re.compile(r"^[^,]{3,40}? (?:says|claims|reports|notes) that (?=[A-Z])")
_SPEAKER_LAST = re.compile(
    r", (?:(?:says?|said|claims?|reports?) [^,]{3,40}"
    r"|(?:its|their|the) [\w' -]{3,25} (?:says?|claims?|reports?)(?: in [\w' ]{3,25})?)$"
)
# Who describes something: what, is said in a clause of its own.
_SETS_OUT = re.compile(
    r"^[A-Z][^,]{2,40}? (?:describe|outline|report|share|show|detail|document)[sd]?"
    r" (?:[\w-]+ ){1,3}(?:where|in which) (?=\w)(.+)"
)
# `Alibaba's new open model, Qwen-Image-Layered`: the name says it all.
_KIND_THEN_NAME = re.compile(rf"[^,]{{3,70}}, ({NAME.pattern})")
# `fixes many bugs and closes 40 of them`: 40 bugs.
_MANY = re.compile(r"\b(?:many|several|multiple) (\w+s)\b")
_FIGURE = re.compile(r"(?<![\w.-])[$€£~]?\d")

# --- whether a lead is a headline ----------------------------------------------------------------

_NAME = re.compile(r"\b(?=\w*[A-Z0-9])\w[\w.-]*\w")
# What a headline has that is no part of the statement.
_ASIDE = re.compile(r"[()\[\]“”\"?!:]")


def headlines(lead: str, english: str) -> Iterator[str]:
    """Give short English sentences for an event: its lead and the main clause, where they are some.

    Args:
        lead: what the event's mention begins with; taken where it names what the sentence names.
        english: the first sentence that tells it.
    """
    lead = lead.strip().rstrip(".")
    names = set(_NAME.findall(lead)) & set(_NAME.findall(english))
    if len(lead) in _MAIN_CHARS and names and not _ASIDE.search(lead) and _is_whole(lead):
        yield f"{lead}."
    sets_out, says_that = _SETS_OUT.match(english), _SAYS_THAT.match(english)
    short = (
        _with_figure(english),
        main_clause(f"{sets_out[1][0].upper()}{sets_out[1][1:]}") if sets_out else "",
        _about_name(english),
        main_clause(english),
        main_clause(english[says_that.end() :]) if says_that else "",
    )
    yield from filter(None, short)


def _with_figure(english: str) -> str:
    """Say the second thing that is done, where that has a figure and the first has none."""
    clause = read_clause(_SPEAKER_LAST.sub("", english.rstrip(".")))
    if not clause or clause.adjunct or " and " not in clause.rest:
        return ""
    before, _, rest = clause.rest.partition(" and ")
    named = _KIND_THEN_NAME.fullmatch(clause.subject)
    subject = named[1] if named else clause.subject
    thing = _MANY.search(before)
    if _FIGURE.search(before) or not _FIGURE.search(rest) or not starts_with_verb(rest):
        return ""
    return main_clause(f"{subject} {re.sub('of them', thing[1] if thing else 'of them', rest)}")


def _about_name(english: str) -> str:
    """Say of a name alone what is said of `a kind of thing, Name,`, or leave out who says it."""
    said = _SPEAKER_LAST.sub("", english.rstrip("."))
    clause = read_clause(said)
    named = _KIND_THEN_NAME.fullmatch(clause.subject) if clause and not clause.adjunct else None
    if not clause or not named:
        return main_clause(said) if said != english.rstrip(".") else ""
    short = f"{named[1]} {clause.verb} {clause.rest}"
    return main_clause(short)


def main_clause(english: str, longest: int = _MAIN_CHARS.stop - 1) -> str:
    """Cut an English sentence to the longest beginning that says who did what; may be empty."""
    lengths = range(_MAIN_CHARS.start, longest + 1)
    for found in reversed([*_MAIN_END.finditer(english.rstrip("."))]):
        clause, rest = english[: found.start()], english[found.start() :]
        if HEDGE.search(rest) and not HEDGE.search(clause):
            continue
        # What is joined by `and` may belong to the noun before it.
        whole = not found[0].endswith("and") or _goes_on(clause, english[found.end() :])
        whole = whole and not (rest and _SHOWS.search(clause))
        if whole and len(clause) in lengths and _is_whole(clause):
            return f"{clause}."
    return ""


def _goes_on(clause: str, rest: str) -> bool:
    """Whether what is before is whole: `opens X and draws Y`, `records each X and each Y`."""
    both = _OF_DOING.search(clause) and _DOING.match(rest)
    each = _OF_EACH.search(clause) and _EACH.match(rest)
    return bool(both or each) or starts_with_verb(rest)


def _is_whole(clause: str) -> bool:
    """Whether it has a subject near its beginning, and goes on to what the verb is about."""
    read = read_clause(clause)
    near = read is not None and len(read.adjunct) <= _ADJUNCT_CHARS
    return near and is_statement(clause) and not _OPEN_END.search(clause)
