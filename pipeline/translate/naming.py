"""Names in English statements: which there are, and the one that is left to the headline.

A bullet says the name in bold and then goes on with "a new model", "it" or nothing at all. Where
the headline is nothing but a name, and the grammar leaves one place for it, it is put there;
elsewhere the statement stays as it is, or is left out.
"""

import re
from typing import Final

from pipeline.chinese import AMBIGUOUS_WORDS, ORDINARY_WORDS
from pipeline.translate.clauses import (
    Clause,
    has_verb_form,
    is_statement,
    read_clause,
    starts_with_verb,
)
from pipeline.translate.news_verbs import BARE

_WORD = r"(?:[A-Z][\w.+’'-]*\w|[A-Z]|[a-z]+[A-Z][\w.+-]*|[\w-]*\d[\w.+-]*\w|\d)"
_PART = r"(?:[A-Z][\w.+-]*\w|[A-Z]|[a-z]+[A-Z][\w.+-]*|v?\d[\w.+-]*)"
NAME: Final = re.compile(rf"(?<![\w.$-]){_WORD}(?:[ /]{_PART})*")
"""A name: words with capitals or figures in a row."""
_FIGURE = re.compile(r"[\d.,-]*\d[a-zA-Z%]{0,3}")
_COMMON_WORDS = (
    "weights teams models model code training community support leaks bundles owners sympathy"
    " agents"
    " benchmarks benchmark release results artifacts early open one some bundles images reported"
    " beyond discussion repeated specifics yesterday sick absent whether initial gross top key best"
    " maintainers contributors organizers"
    " main total average peak net margin members users commenters testers researchers engineers"
)
_COMMON: Final = frozenset(_COMMON_WORDS.split())
_GENERIC = (
    r"(?:model|tool|release|system|library|framework|method|technique|approach|project|dataset"
    r"|benchmark|app|toolkit|architecture|package|suite|product|feature|optimizer|compiler|engine)"
)
_ANAPHOR = re.compile(
    r"^(?:(?P<before>(?:At|On|In|With|For|Written|Built|Based|Trained) [\w .%-]{3,40}? )it|It"
    rf"|(?:The|This) (?:new )?{_GENERIC})"
    r"(?= (?!that\b|of\b|for\b|which\b))"
)
# It is nothing in these: it is unclear whether, it seems that; and this alone is the whole event.
_NOTHING = re.compile(
    r"^(?:It (?:is|was|remains?|seems?|appears?|looks?)\b[^,.]{0,25}\b(?:that|what|whether|how|if"
    r"|to|why)\b|This (?!(?:new )?" + _GENERIC + r"\b))"
)
_POSSESSIVE = re.compile(r"['’]s(?:\s|$)")
_HEADLINE = re.compile(rf"({NAME.pattern})(?:,? (?:for|from|on|in|by) [^,:]+|, .+)?")
# A name with a figure, and what it does in a word: `ERNIE-5.0 climbs`
_CLIMBS = re.compile(r"^((?=\S*[A-Z])(?=\S*\d)\S+) [a-z]+s$")
_MOST_WORDS = 5
_SINGULAR = re.compile(
    r"(?:(?:An?|The new|One)|.*['’]s?) (?:[\w-]+ ){0,5}(?:[\w-]*[^s\W]|(?:of|for|with|in) [\w -]+)"
)
_SOMEBODY = re.compile(r"\b(?:member|user|engineer|developer|researcher|author|team|company)$")
_AMOUNT_END = re.compile(r"\b(?:than|over|about|of|from|to) [\d.,]+[KMBT%]?$")
_PLURAL = re.compile(
    r"(?!(?:The|These|Those|Some|Many|Users|Members) )(?:[\w-]+ ){0,2}[\w-]+[^s\W]s"
)
_MAKING = re.compile(
    r"(?:releas|launch|announc|introduc|publish|ship|unveil|present|open|put|built|train|debut|wrote"
    r"|develop|creat)"
)
_DIGIT = re.compile(r"\d")
_VERSION = re.compile(r"\bv?\d+\.\d+\.\d+\b|\brelease\b")
_SEVERAL_DO = re.compile(r"\w[^s\W]s ([A-Z][a-z]+)\b")
_MADE = re.compile(
    rf"(?:the (?:release|launch) of )?(?:an? (?:[\w-]+ ){{1,4}}(?:called|named) )?"
    rf"({NAME.pattern})(?=[,.;]| [a-z])"
)
_NEW_THING = re.compile(r"(?:out |up )?(?=(?:an?|its(?: own)?(?: new)?|his|her) [\w-]+)")
_THE_THING = re.compile(rf"(?:out |up )?the {_GENERIC}\b(?! [A-Z\d])")


def names_in(text: str) -> frozenset[str]:
    """Give the names in a text without the word that only begins it, `GLM 4.7` as `glm-4.7`."""
    return frozenset(
        part.rstrip(".").casefold().replace(" ", "-")
        for found in NAME.finditer(text)
        if not _FIGURE.fullmatch(found[0]) and not (found.start() == 0 and _is_plain(found[0]))
        for part in _POSSESSIVE.split(found[0])  # Acme's Orca: two names
        if part
    )


def _is_plain(word: str) -> bool:
    """Whether the first word of a sentence has its capital for that alone."""
    low = word.casefold()
    known = low in _COMMON or low in ORDINARY_WORDS or low in AMBIGUOUS_WORDS or "-" in low
    return len(word) == 1 or (word[1:].islower() and known and not _DIGIT.search(low))


def headline_name(lead: str) -> str:
    """Give the name that a headline is: `Mercury 2`, `JACCL for MLX`; empty for any other."""
    bare = _CLIMBS.sub(r"\1", re.sub(r"\s*\(.*\)$", "", lead).strip())
    found = _HEADLINE.fullmatch(bare)
    fits = found and len(found[1].split()) <= _MOST_WORDS and not _is_plain(bare)
    fits = found and fits and not has_verb_form(found[1]) and not _does(found[1])
    # Of words that only have capitals, as all of a headline has, nobody knows whether they name it.
    sure = found and (" " not in found[1] or re.search(r"\d|[a-z][A-Z]|[A-Z]{2}", found[1]))
    return found[1] if found and fits and sure else ""


def _does(words: str) -> bool:
    """Whether words with capitals say what several do: AI Tools Gain Traction."""
    found = _SEVERAL_DO.search(words)
    return found is not None and found[1].casefold() in BARE


def with_subject(text: str, name: str) -> str:
    """Give a fragment that follows a name its subject: `adds X`, `a 3B model under MIT`."""
    if not name or is_statement(text):
        return text
    if starts_with_verb(text):
        return f"{name} {text}"
    if re.match(r"(?:an?|the first|the new) \w", text) and not has_verb_form(_relative(text)):
        return f"{name} is {text}"
    return text


def _relative(text: str) -> str:
    """Give what stands before the relative clause of the first sentence."""
    return re.split(r"[.;]\s| that | which | whose ", text, maxsplit=1)[0]


def without_anaphor(text: str, name: str) -> str:
    """Say the name where a statement begins with it, this, or the model; empty where unknown."""
    if _NOTHING.match(text):
        return ""
    found = _ANAPHOR.match(text)
    if not found:
        return text
    if not name:
        return "" if found[0] == "It" or found["before"] else text
    before = f"{found['before'].rstrip()}, " if found["before"] else ""
    return f"{before}{name}{text[found.end() :]}"


def with_name(text: str, name: str) -> str:
    """Put in the name of what a statement only describes, where there is one place for it."""
    clause = read_clause(text)
    told = text.casefold()
    words = name.casefold().split()
    if not name or not clause or sum(word in told for word in words) * 2 > len(words):
        return text
    return _with_name_in(text, clause, name)


def _with_name_in(text: str, clause: Clause, name: str) -> str:
    if _AMOUNT_END.search(clause.subject):
        return text  # `learned from more than 100M frames`: no verb
    somebody = _SOMEBODY.search(clause.subject)
    if _SINGULAR.fullmatch(clause.subject) and "," not in clause.subject and not somebody:
        subject_end = text.index(clause.subject) + len(clause.subject)
        return f"{text[:subject_end]}, {name},{text[subject_end:]}"
    if _PLURAL.fullmatch(clause.subject) and not names_in(clause.subject):
        return f"With {name}, {text[0].lower()}{text[1:]}"
    if _MAKING.match(clause.verb):
        start = len(text) - len(clause.rest)
        if found := _THE_THING.match(clause.rest):
            return f"{text[: start + found.end()]} {name}{text[start + found.end() :]}"
        if found := _NEW_THING.match(clause.rest):
            at = start + found.end()
            return f"{text[:at]}{name}, {text[at:]}"
    return text


def name_told_of(text: str, before: str) -> str:
    """Give the one name that a statement is about, which `it` means in the next one.

    Args:
        text: the statement; empty where it was left out.
        before: the name that the statement above was about.
    """
    clause = read_clause(text)
    if clause is None:
        return ""
    done = f"{clause.verb} {clause.rest}".removeprefix("has ").removeprefix("have ")
    if _MAKING.match(done):
        if _VERSION.search(clause.subject):
            return ""  # what a release brings is not the release
        found = _MADE.match(done.partition(" ")[2])
        return found[1] if found else ""
    if not names_in(clause.subject) or (before and before in clause.subject):
        return before
    # A company may have been followed by what it made, which `it` then is.
    product = NAME.fullmatch(clause.subject) and _DIGIT.search(clause.subject)
    return clause.subject if product else ""
