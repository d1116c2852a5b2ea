"""One term of the glossary, how the file is read, and where terms stand in an English text.

The private half of `glossary`: spellings are compared word by word, so that hyphens and spaces are
alike, plurals are understood, and `agent` is not found in `agents.md`, `@agent` or `agent_sdk`.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, Self

from pydantic import ValidationError, model_validator

from pipeline.errors import SettingsError
from pipeline.records import Record

_CJK = re.compile(r"[\u3400-\u9fff]")
# Addresses, handles and channels are one token each, and no words.
_TOKEN = re.compile(r"https?://[!-~]+|[@#$][A-Za-z0-9_][A-Za-z0-9_.-]*|[A-Za-z0-9_]+")
_GAP = re.compile(r" ?[ \t\u00a0\-\u2010-\u2015&'’/] ?")


class Term(Record):
    """One term of the field and its Chinese."""

    term: str
    """English, as the field writes it; a plural is understood, a hyphen is as good as a space."""
    also: tuple[str, ...] = ()
    """Its other English spellings, inflections and abbreviations."""
    unlike: tuple[str, ...] = ()
    """English phrases that hold the term and mean something else."""
    exact: bool = False
    """Whether only the case as written counts; an abbreviation's case counts anyway."""
    chinese: str | None = None
    """The Chinese to use; None where the English stays."""
    accept: tuple[str, ...] = ()
    """Other renderings that are fine, Chinese or English."""
    keep: bool = False
    """Whether the English stays as it is."""
    never: tuple[str, ...] = ()
    """Chinese that is wrong for it."""
    avoid: tuple[str, ...] = ()
    """Chinese that readers understand but this digest does not use."""
    fine: tuple[str, ...] = ()
    """Longer Chinese words that hold one of `never` or `avoid` and mean something else."""
    always: bool = False
    """Whether `never` is wrong even where the English does not have the term."""
    reason: str = ""
    """Why, where it is not obvious."""

    @model_validator(mode="after")
    def _validate(self) -> Self:
        for phrase in (self.term, *self.also, *self.unlike):
            if not re.search("[A-Za-z]", phrase):
                raise ValueError(f"{phrase!r} is no English")
        if self.keep == bool(self.chinese):
            raise ValueError("needs either `chinese` or `keep = true`")
        for wrong in (*self.never, *self.avoid):
            if not _CJK.search(wrong):
                raise ValueError(f"`never` and `avoid` take Chinese, not {wrong!r}")
            if any(wrong in right for right in self.renderings):
                raise ValueError(f"{wrong!r} is both right and wrong")
        if clash := set(self.never) & set(self.avoid):
            raise ValueError(f"{min(clash)!r} is both in `never` and in `avoid`")
        return self

    @property
    def renderings(self) -> tuple[str, ...]:
        """Every rendering that is fine, the one to use first."""
        return ((self.chinese,) if self.chinese else ()) + self.accept

    @property
    def expected(self) -> str:
        """The rendering to use."""
        return self.chinese or self.term


def parse_glossary(name: str, raw: bytes) -> tuple[Term, ...]:
    """Read the bytes of a glossary.

    Raises:
        SettingsError: it is no TOML, one of its terms cannot be used, or two share a spelling.
    """
    try:
        tables = tomllib.loads(raw.decode())
    except ValueError as error:  # no TOML, or no UTF-8
        raise SettingsError(f"{name} cannot be read: {error}") from error
    if set(tables) != {"term"} or not isinstance(tables["term"], list):
        raise SettingsError(f"{name} takes [[term]] tables only, got {sorted(tables)}")
    terms = tuple(_parse_term(name, at, table) for at, table in enumerate(tables["term"], start=1))
    owners: dict[str, str] = {}
    for term in terms:
        for spelling in (term.term, *term.also):
            key = _GAP.sub(" ", spelling if term.exact else spelling.casefold())
            if other := owners.get(key):
                raise SettingsError(
                    f"{name}, term {term.term!r}: {spelling!r} is spelled under {other!r} already"
                )
            owners[key] = term.term
    return terms


class _Spelling(NamedTuple):
    """One spelling of a term, word by word."""

    words: tuple[str, ...]
    """Lower-case where the case does not count."""
    term: Term | None
    """The term; None for a phrase that only holds one."""
    exact: bool
    """Whether the case counts in every word, not only in those with a capital in them."""

    def matches(self, words: Sequence[str]) -> bool:
        """Whether these words are this spelling."""
        return len(words) == len(self.words) and all(
            there == here or (not self.exact and there.lower() == here)
            for here, there in zip(self.words, words, strict=True)
        )


class TermMatch(NamedTuple):
    """One place where a spelling stands."""

    start: int
    """Index of its first character."""
    end: int
    """Index behind its last character."""
    term: Term | None
    """The term; None for a phrase that only holds one."""


def find_spellings(text: str, terms: tuple[Term, ...]) -> tuple[TermMatch, ...]:
    """Find every spelling, by its first word and then the longest first.

    A phrase of `unlike` hides the terms in it; a term leaves those in it to be found as well.
    """
    return _cached_matches(text, _spelling_index(terms))


# An English text is looked through for the model, and twice to check what the model told.
@lru_cache(maxsize=64)
def _cached_matches(text: str, index: "_SpellingIndex") -> tuple[TermMatch, ...]:
    return tuple(_scan(text, index.spellings))


def _scan(text: str, index: Mapping[str, Sequence[_Spelling]]) -> Iterator[TermMatch]:
    tokens = list(_TOKEN.finditer(text))
    words = [token[0] for token in tokens]
    hidden = 0
    for at, word in enumerate(words):
        candidates = index.get(word.casefold())
        if (
            candidates is None
            or tokens[at].start() < hidden
            or not _is_whole_token(text, tokens[at])
        ):
            continue
        for spelling in candidates:
            stretch = tokens[at : at + len(spelling.words)]
            if not spelling.matches(words[at : at + len(spelling.words)]) or not all(
                _GAP.fullmatch(text, left.end(), right.start()) for left, right in pairwise(stretch)
            ):
                continue
            hit = TermMatch(stretch[0].start(), stretch[-1].end(), spelling.term)
            yield hit
            if spelling.term is None:
                hidden = hit.end
                break


def _is_whole_token(text: str, token: re.Match[str]) -> bool:
    """Whether a token is a word rather than part of a file name or of a version."""
    start, end = token.span()
    return not (
        (text[start - 1 : start] == "." and text[start - 2 : start - 1].isalnum())
        or (text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum())
    )


class _SpellingIndex:
    """All spellings of a glossary by their first word; another object for another glossary."""

    def __init__(self, terms: tuple[Term, ...]) -> None:
        self.terms = terms
        self.spellings = _spellings(terms)


_indexes: list[_SpellingIndex] = []


def _spelling_index(terms: tuple[Term, ...]) -> _SpellingIndex:
    """Find the index of a glossary by identity: hashing hundreds of terms takes a millisecond."""
    for known in _indexes:
        if known.terms is terms:
            return known
    made = _SpellingIndex(terms)
    _indexes[:] = [*_indexes[-7:], made]
    return made


def _spellings(terms: tuple[Term, ...]) -> dict[str, list[_Spelling]]:
    """Order the spellings by their first word, the longest first."""
    index: dict[str, list[_Spelling]] = {}
    for term in terms:
        phrases = [(phrase, term) for phrase in (term.term, *term.also)]
        for phrase, owner in [*phrases, *((phrase, None) for phrase in term.unlike)]:
            *start, last = (
                word if term.exact or word[1:] != word[1:].lower() else word.lower()
                for word in _TOKEN.findall(phrase)
            )
            for ending in _singular_and_plural(last):
                spelling = _Spelling((*start, ending), owner, term.exact)
                index.setdefault(spelling.words[0].casefold(), []).append(spelling)
    for spellings in index.values():
        # A phrase that only holds a term comes before a term of its length.
        spellings.sort(key=lambda each: (-len(each.words), each.term is not None))
    return index


def _singular_and_plural(word: str) -> tuple[str, ...]:
    """Give a word and its plural."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word, f"{word[:-1]}ies"
    if word.endswith(("ch", "sh", "x")):
        return word, f"{word}es"
    return (word,) if word.endswith(("s", "ing", "ed")) else (word, f"{word}s")


def _parse_term(file: str, number: int, table: object) -> Term:
    """Read one table."""
    name = table.get("term") if isinstance(table, dict) else None
    try:
        return Term.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        what = f"{where}: {first['msg']}" if where else first["msg"]
        which = repr(name) if name else f"number {number}, which has no name"
        raise SettingsError(f"{file}, term {which}: {what}") from error
