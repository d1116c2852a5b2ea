"""English statement -> subject and verb: whether it is a whole sentence that says who did what.

No parser: a list of the verbs that news are told with, and where the first of them that is finite
stands. It is meant to miss a sentence rather than take a fragment for one; it does not cover
questions, imperatives and inverted sentences, which are not statements here.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipeline.translate.news_verbs import AUXILIARIES, BARE, NOUNS_TOO, PAST, THIRD_PERSON


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that tell a verb from a noun or a participle, by where they stand.
_PARTICIPLE_BEFORE = _words(
    "by on as using from with in at for to via into through under over of and or across within"
    " between against during"
)
_AFTER_VERB = _words("to on at using via into through under over across between against during")
_ADVERBS = _words("also just now even only")
# What is a participle after any noun: a model called Orca, a kernel based on Triton.
_PARTICIPLES = _words(
    "named called based given used dubbed titled labelled labeled made seen built written known"
    " priced compared associated trained designed powered aimed focused"
)
_CHANGED = _words("dropped fell rose grew climbed jumped went increased decreased improved shrank")
_RELATIVE = _words(
    "that which who whose where when while whether if because indicating suggesting saying"
    " claiming noting showing"
)
_DETERMINERS = _words(
    "a an the its their his her our this that these those each every all some many most several few"
    " no any both another more less fewer up down back out over off only just now not also even one"
    " two three four five six seven eight nine ten twice half"
)
_BEFORE_A_NOUN = _words(
    "a an the its their his her our this these those each some many several new no any both other"
    " of for in on with from by to and or own more most recent first last latest"
)
_PRONOUNS: Final = _words(
    "it they he she we i you this that these those there here what who how why when where if see"
    " check note one another others both some such which while though although because as since so"
    " also or and but then thus hence plus nor whether whatever yes no please thanks let expect try"
    " imagine remember consider beware"
)
_JOINING = _words("whereas while though although but")
_COMMANDS = _words("don't don’t")
_CONTRACTED = re.compile(r"['’](?:s|re|ve|ll|d)$")
_COUNT = re.compile(r"[~≈]?\d[\d.,]*[kKM]?\+?")  # before a noun: 3000 notes
_OF_COUNTRIES = _words("American Chinese European French German Indian Japanese Korean Russian")
_SIZE = re.compile(r"\d+x\d+")
_QUALITY = re.compile(r"[a-z](?:ous|able|ible|less|ful)$")
_MAX_SUBJECT = 16  # words before the verb
_WORD = re.compile(r"[^\s,;:—–()“”\"]+|[,;:—–]")
_ENDS = re.compile(r"[;:]")
_ADJUNCT = re.compile(
    r"(?:in|at|on|for|with|by|after|before|during|since|under|according|across|within|among|from"
    r"|despite|unlike|like|following|beyond|besides|through|to|per|\w+ed|\w+ing)$",
    re.IGNORECASE,
)


SAYING: Final = re.compile(
    r"(?:say|said|note|report|claim|argu|suggest|highlight|explain|warn|caution|find|found|observ"
    r"|provid|describ|show|detail|outlin|stat|believ|think|estimat|predict|conclud|mention|point)\w*"
)
"""Verbs of who only tells what others did."""

_SAYING_SO = re.compile(
    r"(?:not|say|report|claim|argu|suggest|highlight|explain|mention|show|add|stat|detail)ing\b",
    re.IGNORECASE,
)


class Clause(NamedTuple):
    """A statement, cut at its verb."""

    adjunct: str
    """What stands before the subject, its comma included; mostly empty."""
    subject: str
    """The words before the verb."""
    verb: str
    """Its first finite verb, in small letters."""
    rest: str
    """What follows the verb."""


def read_clause(text: str) -> Clause | None:
    """Cut a statement at its verb; None for what is no statement, as far as one can tell."""
    words = list(_WORD.finditer(text))
    start = _subject_start([found[0] for found in words])
    if start is None:
        return None
    tokens = [found[0] for found in words[start:]]
    at = _finite_verb(tokens)
    if at is None:
        return None
    first, verb = words[start], words[start + at]
    if verb[0] in NOUNS_TOO and text[verb.end() :].lstrip().startswith("("):
        return None  # strong gains (4M phrases): a noun, and what explains it
    return Clause(
        adjunct=text[: first.start()].strip(),
        subject=text[first.start() : verb.start()].strip(" ,—–"),
        verb=verb[0].casefold(),
        rest=text[verb.end() :].strip(),
    )


def _subject_start(tokens: Sequence[str]) -> int | None:
    """Say where the subject begins: after what stands before it up to a comma."""
    if not tokens or not _ADJUNCT.match(tokens[0]) or _is_name(tokens[0], 2):
        return 0 if tokens else None
    head = tokens[:_MAX_SUBJECT]
    comma = head.index(",") if "," in head else None
    if tokens[0].endswith("ing") and _finite_verb(tokens[:comma]) is not None:
        return 0
    if comma is None or "".join(tokens[comma + 1 : comma + 2]).casefold() in _JOINING:
        return None
    return comma + 1


def _finite_verb(tokens: Sequence[str]) -> int | None:
    """Find the first finite verb of the main clause."""
    skip = 0
    for at, token in enumerate(tokens[: _MAX_SUBJECT + 4]):
        word = token.casefold()
        if at and word in _RELATIVE:
            skip += 1
        elif at and _is_finite(tokens, at):
            if not skip:
                return at
            skip -= 1
        elif _ENDS.fullmatch(token):
            return None
    return None


def _is_finite(tokens: Sequence[str], at: int) -> bool:
    word = tokens[at].casefold()
    before = next((it for it in reversed(tokens[:at]) if not it.endswith("ly")), tokens[0])
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    if word in AUXILIARIES:
        return True
    if tokens[at][:1].isupper():  # SWE-bench Verified: a part of a name
        return False
    if before.casefold() in _BEFORE_A_NOUN:
        return False
    if word in THIRD_PERSON:
        counted = _COUNT.fullmatch(before) and not (at > 1 and _is_name(tokens[at - 2], 1))
        with_object = _takes_object("" if counted else before, after)
        return word not in NOUNS_TOO or with_object or _is_of_one(tokens[:at])
    if word in PAST:
        return _is_past(word, before, after)
    plural = before.endswith("s") and not before.endswith(("ss", "'s", "’s", "us", "is"))
    plural = plural or "and" in tokens[:at]
    object_follows = _takes_object("", after) or after in PAST
    return word in BARE and plural and object_follows


def _is_of_one(before: Sequence[str]) -> bool:
    """Whether what stands before is one thing, so that no plural follows: a study claims."""
    words = [word.casefold() for word in before]
    one = len(words) > 1 and words[0] in ("a", "an") and words[-1].isalpha()
    return one and not _PARTICIPLE_BEFORE.intersection(words) and "," not in words


def _is_past(word: str, before: str, after: str) -> bool:
    """Whether it is the past of a verb rather than its participle: `trained a model`."""
    if after.casefold() == "by" or before.casefold() in _DETERMINERS - _ADVERBS:
        return False
    if _QUALITY.search(before):
        return False  # asynchronous distributed training
    if _is_name(before, 1) and before[-1:].isalnum() and not _SIZE.fullmatch(before):
        return word != "based"
    if word in _CHANGED and after in ("from", "to", "by"):
        return True  # latency dropped from 30 ms
    return after.casefold() not in _PARTICIPLE_BEFORE and word not in _PARTICIPLES


def _takes_object(before: str, after: str) -> bool:
    """Whether what follows a word is what follows a verb."""
    low = after.casefold()
    return bool(
        low in _DETERMINERS
        or low in _AFTER_VERB
        or re.match(r"[\d$€£~#≈“\"+-]", after)
        or (after and _is_name(after, 1))
        or (before and _is_name(before, 1) and after[:1].isalpha())
    )


def _is_name(word: str, at: int) -> bool:
    """Whether a word looks like a name: a capital from its nth letter on, or a figure in it."""
    if word in _OF_COUNTRIES:
        return False
    return re.search(r"[A-Z]", word[at - 1 :]) is not None or re.search(r"\d", word) is not None


def is_statement(text: str) -> bool:
    """Whether a text is a whole statement with a subject of its own."""
    clause = read_clause(text)
    if clause is None or not clause.subject or "?" in text:
        return False
    words = clause.subject.split()
    return (
        len(words) <= _MAX_SUBJECT
        and clause.verb not in _COMMANDS
        and not _is_command(words)
        and not _SAYING_SO.match(text)
        and _CONTRACTED.sub("", words[0].casefold().strip(",")) not in _PRONOUNS
        and clause.rest[:1] not in ("", ",")
    )


def _is_command(subject: Sequence[str]) -> bool:
    """Whether what looks like a subject tells somebody what to do: upload an image and ask."""
    first, second = (*(word.casefold() for word in subject[:2]), "", "")[:2]
    return first in BARE and second in ("a", "an", "the", "your", "any")


def starts_with_verb(text: str) -> bool:
    """Whether a text begins with a verb in the third person, as it does after a name: `adds X`."""
    verb, after, *_ = (*_WORD.findall(text)[:2], "", "")
    if not after or verb not in THIRD_PERSON:
        return False
    return verb not in NOUNS_TOO or _takes_object("", after)


def has_verb_form(text: str) -> bool:
    """Whether any word has the form of a finite verb, in capitals or not."""
    words = {word.casefold() for word in _WORD.findall(text)}
    return not words.isdisjoint(THIRD_PERSON | PAST | AUXILIARIES)
