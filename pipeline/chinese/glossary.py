"""The glossary: how the field's terms are written in Chinese, and where a text writes otherwise.

`translate` shows the model the terms that occur in a story, `verify` asks for misused ones. The
terms are data, in `prompts/glossary.toml`. Not covered: whether a term is told at all, since a
summary may leave it out, and names in Latin letters, which stay.
"""

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from functools import cache

from pipeline.chinese.terms import Term, TermMatch, find_spellings, parse_glossary
from pipeline.errors import SettingsError
from pipeline.llm import folder
from pipeline.records import Record

__all__ = [
    "MisusedTerm",
    "Term",
    "format_terms",
    "glossary_sha256",
    "load_glossary",
    "misused_terms",
    "occurring_terms",
]

_FILE = "glossary.toml"
# An English word in brackets or quotes stands beside its translation, or is somebody's wording.
_ASIDE = re.compile(
    r"“[^”]*”|‘[^’]*’|\"[^\"]*\"|「[^」]*」|『[^』]*』|《[^》]*》|`[^`]*`"
    r"|（[^）]*）|\([^)]*\)|【[^】]*】|\[[^\]]*\]"
)
_JOINTS = tuple("-./\\+~")


class MisusedTerm(Record):
    """One term that a Chinese text renders otherwise."""

    term: str
    """The English term."""
    expected: str
    """How it is rendered."""
    found: str
    """What stands there instead."""
    strict: bool
    """Whether it is wrong, rather than merely not the word of this digest."""


@cache
def load_glossary() -> tuple[Term, ...]:
    """Read the glossary.

    Raises:
        SettingsError: there is no such file, or it holds something that cannot be used.
    """
    return parse_glossary(_FILE, _read())


@cache
def glossary_sha256() -> str:
    """Give the glossary's version: SHA-256 of its file, hexadecimal; errors as in `load`."""
    return hashlib.sha256(_read()).hexdigest()


def occurring_terms(text: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Find the terms of an English text; of two that overlap, the longer.

    Returns:
        Each term once, in the order in which they first stand in the text.
    """
    found: dict[str, Term] = {}
    end = 0
    for hit in find_spellings(text, terms):
        if hit.start >= end:
            end = hit.end
            if hit.term:
                found.setdefault(hit.term.term, hit.term)
    return tuple(found.values())


def misused_terms(text: str, evidence: str, terms: tuple[Term, ...]) -> tuple[MisusedTerm, ...]:
    """Find the terms of the evidence that a Chinese text renders otherwise.

    Either as Chinese that the glossary does not want, or as a lower-case English word outside
    quotes, brackets and names. Chinese that another term of the evidence asks for is no misuse.

    Args:
        text: title and summary, in Chinese.
        evidence: the English that it tells.
        terms: the glossary.

    Returns:
        One finding per wrong word, though several terms may not want it.
    """
    told = {hit.term.term: hit.term for hit in find_spellings(evidence, terms) if hit.term}
    asked = {right for term in told.values() for right in term.renderings}
    every = [right for term in terms for right in (*term.renderings, *term.fine)]
    here = [term for term in terms if term.always or term.term in told]
    wrong = [(each, term, True) for term in here for each in term.never]
    wrong += [(each, term, False) for term in here if term.term in told for each in term.avoid]
    found: dict[str, MisusedTerm] = {}
    # The longer first: 代理人 is one misuse, although 代理 stands in it.
    for each, term, strict in sorted(wrong, key=lambda each: -len(each[0])):
        if each in text and each not in asked and _occurs_alone(each, text, [*every, *found]):
            found.setdefault(each, _misused_term(term, each, strict=strict))
    for english, term in _untranslated_terms(text, terms):
        if term.term in told:
            found.setdefault(english, _misused_term(term, english, strict=True))
    return tuple(found.values())


def format_terms(terms: Sequence[Term]) -> str:
    """Write terms as the model is shown them, one to a line."""
    return "\n".join(_format_term(term) for term in terms)


def _occurs_alone(wrong: str, text: str, every: Collection[str]) -> bool:
    """Whether a wrong rendering stands in a text by itself, not inside one of the other words."""
    holders = [(word, word.index(wrong)) for word in every if wrong in word and word != wrong]
    return any(
        not any(text.startswith(word, at.start() - shift) for word, shift in holders)
        for at in re.finditer(re.escape(wrong), text)
    )


def _untranslated_terms(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[str, Term]]:
    """Find terms with a Chinese rendering that stand in a Chinese text in lower-case English."""
    plain = _ASIDE.sub(lambda aside: "　" * len(aside[0]), text)
    end = 0
    for hit in find_spellings(plain, terms):
        english = plain[hit.start : hit.end]
        if hit.start < end or hit.term is None:
            continue
        end = hit.end
        if hit.term.keep or english != english.lower() or not _is_whole_word(plain, hit):
            continue
        if not any(_same(english, right) for right in hit.term.accept):
            yield english, hit.term


def _is_whole_word(text: str, hit: TermMatch) -> bool:
    """Whether no joint makes a word part of a name: mini-swe-agent, --weights, agents/tools."""
    before, after = text[max(0, hit.start - 1) : hit.start], text[hit.end : hit.end + 2]
    joined = after[:1] in _JOINTS and after[1:].isascii() and after[1:].isalnum()
    return before not in _JOINTS and not joined


def _same(english: str, right: str) -> bool:
    return english.rstrip("s").casefold() == right.rstrip("s").casefold()


def _misused_term(term: Term, found: str, *, strict: bool) -> MisusedTerm:
    return MisusedTerm(term=term.term, expected=term.expected, found=found, strict=strict)


def _format_term(term: Term) -> str:
    """Write one term; what not to write only where there is a reason to warn of it."""
    shown = f"{term.term}: keep" if term.keep else f"{term.term} → {term.chinese}"
    wrong = (*term.avoid, *term.never) if term.reason else ()
    return f"{shown} (never {wrong[0]})" if wrong else shown


def _read() -> bytes:
    file = folder() / _FILE
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"the glossary is not installed: looked for {file}") from error
