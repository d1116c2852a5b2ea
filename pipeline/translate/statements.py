"""Line of a newsletter -> the whole statements in it, each short enough to be translated.

Cut at semicolons and conjunctions where each half is a statement with a subject of its own; a tail
that is too much is left away, but never one that qualifies the rest. What is no statement is left
out, and never mended into one by guessing.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from pipeline.chinese import AMBIGUOUS_WORDS, ORDINARY_WORDS
from pipeline.translate.clauses import SAYING, has_verb_form, is_statement, read_clause
from pipeline.translate.naming import names_in, without_anaphor
from pipeline.translate.unframed import without_frame, without_links

LONGEST: Final = 220
"""Characters of a statement that a small model still translates word by word."""
_LONG = 160  # characters from which a tail is cut
_SPLIT_FROM = 120  # characters from which a statement is cut at a conjunction
_LEAST_HEAD = 50  # characters of what is left
_MAX_LINE, _MAX_SENTENCE = 6_000, 900  # characters that are looked at
_MOST_BRACKETS = 2  # in a statement; with more it is a list
_LEAST = 18  # characters of a statement, below which it says nothing

HEDGE: Final = re.compile(
    r"\b(?:reported(?:ly)?|alleged(?:ly)?|claim(?:s|ed|ing)?|rumou?r(?:s|ed)?|leak(?:s|ed)?|may"
    r"|might|could|preview|beta|expected|planned|apparently|supposedly|purported(?:ly)?|only|not"
    r"|unconfirmed|caution(?:s|ed)?|caveat|never|without|up to|at least|though|however|except"
    r"|unclear|so far|yet|experimental|early|according to|says?|said)\b|n[’']t\b",
    re.IGNORECASE,
)
"""Words without which a statement says more than its source."""

_APART = re.compile(
    r"^(?:separately|meanwhile|elsewhere|simultaneously|in parallel|similarly|additionally)\b,?\s+",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"^(?:also|in addition|critically|crucially|moreover|furthermore|notably|finally|however|but"
    r"|and|so|still|instead|overall|thus|for instance|for example|specifically|importantly"
    r"|interestingly|later|then"
    r"|more broadly|either way|on the \w+ side|in (?:the )?/?r/\w+|at the same time"
    r"|on the other hand|in response|as a result)\b,?\s+",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(
    r"\b(?:e\.g|i\.e|vs|etc|U\.S|U\.K|Inc|Corp|Ltd|Dr|Mr|Ms|St|No|approx|al|Jan|Feb|Mar|Apr|Aug"
    r"|Sept?|Oct|Nov|Dec|v|cf|Figs?|Eqs?|Cal|Cir|Civ|[A-Z])\.$"
)
_SENTENCE_END = re.compile(r"[.!?][\"”’')]*\s+(?=[A-Z0-9“\"@$#]|[a-z]+[A-Z])")
_SEMICOLON = re.compile(r"\s*;\s*(?:and |but |while )?")
_CONJUNCTION = re.compile(r",? (?:while|though|although|whereas)\s+|, (?:and|but)\s+(?:also )?")
_DASH = re.compile(r"\s+[—–-]\s+")
# What explains a name, between two dashes.
_INSERTED = re.compile(
    r"\s?[—–]\s?[^—–;.:]{3,90}[^\s—–;.:]\s?[—–]\s?(?=(?:is|are|was|were|has|have|will|can|now)\b)"
)
_TAIL = re.compile(
    r",\s+(?=(?:with|which|while|as|where|plus|including|so|after|before|by|for|using|according"
    r"|\w+ing|\w+ed)\b)|—|:\s+|\s+(?=and (?:later |also |then )?(?:\w+ed|said|made)\b)"
    r"|\s+(?=(?:with|including|featuring|as well as|plus)\s)"
)
_LABEL = re.compile(r"^([^:;.!?]{2,80}?):\s+(?=\S)")
_COLON = re.compile(r":\s+")
_HANGS = re.compile(
    r"(?:ing|\bsuch as.*|,|\b(?:even|especially|particularly))$"
)  # words that want more after them
_DIGIT = re.compile(r"\d")
_LOOSE = re.compile(
    r"\s[.,;]|[.,]{2}|\b(?:to|in|on|at|by|from|with|and|or|the|a|via|for|of|as|into|than|like|that"
    r"|which|is|are|was)$"
)
_ONLY_QUOTED = re.compile(r"[“\"][^“”\"]*[”\"](?: \([^()]*\))?")
_AT_ONE = re.compile(r"\w@\d")  # pass@1
_LESSON = re.compile(
    r"\b(?:lesson|takeaway|signal|read|upshot|bottom line|claim)s?$", re.IGNORECASE
)
_LISTS = re.compile(r"\b(?:includ(?:e|es|ed|ing)|are|were|as follows)$")
_VAGUE = re.compile(r"\b(?:example|explanation|thread|details|take|point|list|breakdown|news)\b")
_ACCOUNT_SAYS = re.compile(rf"^[a-z][\w]*\d*(?:,| and \w+)? (?:{SAYING.pattern})\b")


class Statement(NamedTuple):
    """One whole statement."""

    text: str
    """Its words, with a full stop."""
    apart: bool
    """Whether the line says that it is about another thing: separately, meanwhile."""


def statements(text: str, anchors: Collection[str] = ()) -> Iterator[Statement]:
    """Give the whole statements of a line, in their order.

    Args:
        text: a line without its bullet and headline.
        anchors: the words that its links stand on; in brackets they only say where it is from.
    """
    apart = False
    for sentence in _sentences(without_links(text[:_MAX_LINE], anchors)):
        if len(sentence) > _MAX_SENTENCE:
            continue
        for part in _SEMICOLON.split(sentence):
            apart = apart or _APART.match(part) is not None
            words = _OPENER.sub("", _APART.sub("", part.strip()))
            for said in _parts(_without_label(words)):
                yield Statement(said, apart)


def sentences_of(text: str) -> Iterator[str]:
    """Cut a line at the ends of its sentences."""
    start = 0
    for found in (*_SENTENCE_END.finditer(text), None):
        end = found.end() if found else len(text)
        if found and _ABBREVIATION.search(text[start:end].strip()):
            continue
        yield text[start:end]
        start = end


def _sentences(text: str) -> Iterator[str]:
    sentences = (sentence.strip() for sentence in sentences_of(text))
    return (sentence for sentence in sentences if sentence and not sentence.endswith("?"))


def _without_label(text: str) -> str:
    """Remove words before a colon that only head a statement; who says it is kept."""
    found = _LABEL.match(text)
    if not found:
        return text.rstrip(": ")
    if _LESSON.search(found[1]) or _LISTS.search(found[1]):
        return ""
    rest = text[found.end() :].rstrip(" .")
    clause = read_clause(found[1])
    if is_statement(capital(rest)):
        who = clause.subject if clause and SAYING.fullmatch(clause.verb) else ""
        return f"{rest}, according to {who}" if names_in(who) and "@" not in who else rest
    return found[1] if clause and not _VAGUE.search(clause.rest) else text


def _parts(text: str) -> Iterator[str]:
    """Cut one sentence at its conjunctions, where each half is a statement of its own."""
    text = _INSERTED.sub(" ", without_frame(text))
    marks = [*_DASH.finditer(text), *_COLON.finditer(text)]
    if len(text) >= _SPLIT_FROM:
        marks += _CONJUNCTION.finditer(text)
    for found in marks:
        one, other = text[: found.start()], text[found.end() :]
        dash = _DASH.fullmatch(found[0]) is not None
        if (
            is_statement(one)
            and not _belongs(one, found[0], other)
            and _may_part(one, other, dash=dash)
        ):
            yield from _finished(one)
            yield from _parts(other)
            return
    yield from _finished(text)


# What goes on is a part of what is before: who says it, or what somebody does meanwhile.
_SAYS_BOTH = re.compile(
    r"\b(?:say|said|report|claim|argu|believ|suggest|alleg|not(?=e)|explain|found|find)"
    r"\w* (?:that )?\w"
)
_DOING = re.compile(r", \w+ing\b")
_GOES_ON_DOING = re.compile(r"\band \w+ing\b")


def _belongs(one: str, joint: str, other: str) -> bool:
    """Whether what follows a conjunction says too little without what is before it."""
    joint = joint.strip(" ,")
    clause = read_clause(one)
    said = clause is not None and _SAYS_BOTH.match(f"{clause.verb} {clause.rest}")
    meanwhile = joint == "while" and _DOING.search(one)
    torn = _DOING.search(one) and _GOES_ON_DOING.search(other)
    return bool((joint.startswith("and") and said) or meanwhile or torn)


def _may_part(one: str, other: str, *, dash: bool) -> bool:
    """Whether a sentence may be cut: into two statements, or before what is only a comment."""
    clause = read_clause(capital(other))
    if clause and is_statement(capital(other)):
        last_of_list = clause.verb in ("are", "were", "have") and "and" not in clause.subject
        listed = last_of_list and re.fullmatch(r"[A-Z]\S*(?: [A-Z]\S*)*", clause.subject)
        named = names_in(clause.subject) and "," not in clause.subject
        return bool(named) and not listed and len(one) >= _LEAST_HEAD
    return dash and not HEDGE.search(other)


def _finished(text: str) -> Iterator[str]:
    text = re.sub('[.,]([”"])$', r"\1", text.rstrip(" ,;:—–-.!"))
    text = _shortened(capital(text.lstrip(" ,;:—–")))
    fits = _LEAST <= len(text) < LONGEST and "@" not in _AT_ONE.sub("", text)
    fits = fits and not _DASH.search(text) and text.count("(") <= _MOST_BRACKETS
    # What begins with "it" is a statement where it is known what that is: any name will do here.
    if fits and not _is_torn(text) and _says_something(without_anaphor(text, "Orca")):
        yield f"{text}."


def _says_something(text: str) -> bool:
    """Whether it is a whole statement, and what somebody is told to have said is one, too."""
    if not is_statement(text) or _ACCOUNT_SAYS.match(text):
        return False
    clause = read_clause(text)
    quoted = clause and re.fullmatch(r"(?:claim|say|argu|suggest|report)\w*", clause.verb)
    if not clause or not (quoted or clause.rest.startswith("that ")):
        return True
    told = clause.rest.removeprefix("that ")
    if told != clause.rest:
        return read_clause(capital(told)) is not None
    thing = re.match(
        r"(?:an? |the |its |[\d$~+“\"]|\w+ing\b|[\w.-]+ (?:speed|gain|perform)"
        r"|[^,]{2,40}? as (?:an?|the|new|its|#))",
        told,
    )
    return thing is not None or read_clause(capital(told)) is not None


def _shortened(text: str) -> str:
    """Cut the tail of a long statement, if nothing in it qualifies the rest or is a figure."""
    for found in reversed([*_TAIL.finditer(text, _LEAST_HEAD)] if len(text) > _LONG else []):
        head, tail = text[: found.start()], text[found.end() :]
        qualified = HEDGE.search(tail) or (len(text) < LONGEST and _DIGIT.search(tail))
        if not qualified and not _HANGS.search(head) and is_statement(head):
            return head if len(head) <= _LONG else _shortened(head)
    return text


def _is_torn(text: str) -> bool:
    """Whether quotation marks or brackets have lost their other half, or words their link."""
    pairs = (("“", "”"), ("(", ")"), ("[", "]"))
    return (
        any(text.count(one) != text.count(other) for one, other in pairs)
        or text.count('"') % 2 == 1
        or _LOOSE.search(text) is not None
        or _ONLY_QUOTED.fullmatch(text) is not None
    )


def capital(text: str) -> str:
    """Begin with a capital, unless it begins with a name that has none: vLLM, llama.cpp, nac."""
    first, _, rest = text.partition(" ")
    if not re.fullmatch(r"[a-z’'-]+,?", first):
        return text
    word = first.rstrip(",")
    known = "-" in word or word in ORDINARY_WORDS or word in AMBIGUOUS_WORDS
    second = rest.split(" ", 1)[0]
    named = _DIGIT.search(second) or has_verb_form(second)
    return text if named and not known else text[:1].upper() + text[1:]
