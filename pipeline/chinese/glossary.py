"""The glossary: how the field's terms are written in Chinese, and where a text writes otherwise.

`translate` gives the model the terms that occur in a story, `verify` looks for misused ones. The
terms are data, in `prompts/glossary.toml`. Spellings are compared word by word, so that hyphens and
spaces are alike, plurals are understood, and `agent` is not found in `agents.md`, `@agent` or
`agent_sdk`, nor in a name that is made of it: Agent Builder, Google Cloud. Not covered: whether a
text has a term at all, since a summary may leave it out, and names in Latin letters, which stay.
"""

import hashlib
import re
import tomllib
from collections.abc import Collection, Container, Iterable, Iterator, Sequence
from functools import cache
from typing import Self

from pydantic import ValidationError, model_validator

from pipeline.chinese.term_search import WORD_GAP, TermMatch, find_spellings
from pipeline.chinese.text import ANY_HAN, HAN
from pipeline.errors import SettingsError
from pipeline.llm import folder
from pipeline.records import Record

_FILE = "glossary.toml"
# An English word in brackets or quotes stands beside its translation, or is somebody's wording.
_ASIDE = re.compile(
    r"“[^”]*”|‘[^’]*’|\"[^\"]*\"|「[^」]*」|『[^』]*』|《[^》]*》|`[^`]*`"
    r"|（[^）]*）|\([^)]*\)|【[^】]*】|\[[^\]]*\]"
)
_JOINTS = tuple("-./\\+~")


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
    alone: bool = False
    """Whether a longer name that begins with it is another name: Google, and Google Cloud."""
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
    unless: tuple[str, ...] = ()
    """Beginnings of English words beside which `never` may be right: crypto, of a token."""
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
        self._validate_wrong_words()
        return self

    def _validate_wrong_words(self) -> None:
        for wrong in (*self.never, *self.avoid):
            if not ANY_HAN.search(wrong):
                raise ValueError(f"`never` and `avoid` take Chinese, not {wrong!r}")
            if any(wrong in right for right in self.renderings):
                raise ValueError(f"{wrong!r} is both right and wrong")
        if clash := set(self.never) & set(self.avoid):
            raise ValueError(f"{min(clash)!r} is both in `never` and in `avoid`")

    @property
    def renderings(self) -> tuple[str, ...]:
        """Every rendering that is fine, the one to use first."""
        return ((self.chinese,) if self.chinese else ()) + self.accept

    @property
    def expected(self) -> str:
        """The rendering to use."""
        return self.chinese or self.term


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
    """Give the SHA-256 of the glossary's file, hexadecimal; errors as in `load_glossary`."""
    return hashlib.sha256(_read()).hexdigest()


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
            key = WORD_GAP.sub(" ", spelling if term.exact else spelling.casefold())
            if other := owners.get(key):
                raise SettingsError(
                    f"{name}, term {term.term!r}: {spelling!r} is spelled under {other!r} already"
                )
            owners[key] = term.term
    return terms


def occurring_terms(text: str, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    """Find the terms of an English text; of two that overlap, the longer.

    Returns:
        Each term once, in the order in which they first stand in the text. A longer term has also
        the wrong words of those in it, and none has what another one asks for: together they name
        all that `misused_terms` objects to in a translation of this text.
    """
    found: dict[str, Term] = {}
    inner: dict[str, list[Term]] = {}
    owner, end = None, 0
    for match in find_spellings(text, terms):
        if match.start >= end:
            owner, end = match.term, match.end
            if owner:
                found.setdefault(owner.term, owner)
        elif owner and match.term:
            inner.setdefault(owner.term, []).append(match.term)
    here = [*found.values(), *(term for hidden in inner.values() for term in hidden)]
    right = {rendering for term in here for rendering in term.renderings}
    return tuple(
        _with_wrong_words(
            term, [other for other in inner.get(term.term, ()) if other.term not in found], right
        )
        for term in found.values()
    )


def _with_wrong_words(term: Term, inner: Sequence[Term], right: Collection[str]) -> Term:
    """Give a term the wrong words that hold for a text, which has other terms too."""
    never = _distinct((word for each in (term, *inner) for word in each.never), right)
    avoid = _distinct((word for each in (term, *inner) for word in each.avoid), {*never, *right})
    if (never, avoid) == (term.never, term.avoid):
        return term
    return term.model_copy(update={"never": never, "avoid": avoid})


def _distinct(words: Iterable[str], others: Container[str]) -> tuple[str, ...]:
    return tuple(word for word in dict.fromkeys(words) if word not in others)


def misused_terms(text: str, evidence: str, terms: tuple[Term, ...]) -> tuple[MisusedTerm, ...]:
    """Find the terms of the evidence that a Chinese text renders otherwise.

    Either as Chinese that the glossary does not want, or as a lower-case English word outside
    quotes, brackets and names. Chinese that another term of the evidence asks for is no misuse.

    Returns:
        One finding per wrong word, though several terms may not want it.
    """
    spelled = {
        (evidence[match.start : match.end], match.term.term): match.term
        for match in find_spellings(evidence, terms)
        if match.term
    }
    here = {
        name: term
        for (letters, name), term in spelled.items()
        if not _is_another(letters, term, evidence)
    }
    right = {rendering for term in here.values() for rendering in term.renderings}
    longer = [word for term in terms for word in (*term.renderings, *term.fine)]
    found: dict[str, MisusedTerm] = {}
    for word, term, strict in _wrong_words(terms, here, evidence):
        if word in text and word not in right and _occurs_alone(word, text, [*longer, *found]):
            found.setdefault(word, _misused_term(term, word, strict=strict))
    for english, term in _untranslated_terms(text, terms):
        if term.term in here:
            found.setdefault(english, _misused_term(term, english, strict=True))
    return tuple(found.values())


_MEANINGS = {
    "AGI": "artificial general intelligence",
    "DPO": "direct preference optimization",
    "LLM": "large language model",
    "LoRA": "low-rank adaptation",
    "RAG": "retrieval-augmented generation",
}
"""What those abbreviations stand for that are the term themselves."""
_LETTERS = re.compile("(?=.*[A-Z].*[A-Z])[A-Za-z]{2,5}")
_SMALL = "(?:of|and|for|the|to|in|on|a)"
_MANY_LETTERS = 3


def _is_another(letters: str, term: Term, evidence: str) -> bool:
    """Whether the evidence gives an abbreviation another meaning: Data Protection Officer (DPO)."""
    if not _LETTERS.fullmatch(letters):
        return False
    first, rest = letters[0].upper(), letters[1:].upper()
    words = rf"{first}[\w'’]*" + "".join(
        rf"(?:[ -]{_SMALL})*[ -]{letter}[\w'’]*" for letter in rest
    )
    any_case = re.sub("[A-Z](?=\\[)", lambda it: f"[{it[0]}{it[0].lower()}]", words)
    quote = "['\"“”‘’]?"
    glosses = re.findall(
        rf"(?<![\w-])({any_case}) \({quote}{letters}\b|\b{letters} \({quote}({any_case}){quote}\)",
        evidence,
    )
    if len(letters) >= _MANY_LETTERS:
        glosses += [(it, "") for it in re.findall(rf"\b{words}", evidence) if it != letters]
    own = {term.term, *term.also, _MEANINGS.get(term.term, "")}
    known = {_fold_words(phrase) for phrase in own}
    return bool(glosses) and all(_fold_words(one or other) not in known for one, other in glosses)


def _fold_words(phrase: str) -> str:
    return re.sub(r"[\W_]+", " ", phrase).casefold().rstrip("s")


def companies_in_chinese(text: str, terms: tuple[Term, ...]) -> str:
    """Write the Chinese name where the English one of a company stands alone in a Chinese text.

    Baidu 发布 becomes 百度发布. Google Cloud stays, and a name in brackets, behind 名为 or of an
    address; so do Oracle and Tesla, which name other things too.
    """
    names = {
        term.term: term.chinese
        for term in terms
        if term.alone and term.chinese and term.term not in _AMBIGUOUS
    }
    if not any(name in text for name in names):
        return text
    return _name_alone(tuple(names)).sub(lambda found: names[found[1]], text)


_AMBIGUOUS = frozenset({"Oracle", "Tesla"})


@cache
def _name_alone(names: tuple[str, ...]) -> re.Pattern[str]:
    any_name = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    before = rf"(?:(?<=[{HAN}]) |(?<=[{HAN}，。、；：！？])|^)"
    after = rf"(?: (?=[{HAN}])|(?=[{HAN}，。、；：！？])|$)"
    return re.compile(rf"(?<!名为 )(?<!名叫 )(?<!名为)(?<!名叫){before}({any_name}){after}")


def format_terms(terms: Sequence[Term]) -> str:
    """Write terms as the model is shown them, one to a line."""
    return "\n".join(_format_term(term) for term in terms)


def _wrong_words(
    terms: Sequence[Term], here: Container[str], evidence: str
) -> Iterable[tuple[str, Term, bool]]:
    """List the Chinese to look for, its term, and whether it is wrong rather than unusual."""
    wrong = [
        (word, term, True)
        for term in terms
        if (term.always or term.term in here) and not _has_any(term.unless, evidence)
        for word in term.never
    ]
    wrong += [(word, term, False) for term in terms if term.term in here for word in term.avoid]
    # The longer first: 代理人 is one misuse, although 代理 stands in it.
    return sorted(wrong, key=lambda row: -len(row[0]))


def _has_any(beginnings: Sequence[str], evidence: str) -> bool:
    """Whether an English text has a word or a phrase that begins so."""
    return any(re.search(rf"\b{re.escape(one)}", evidence, re.IGNORECASE) for one in beginnings)


def _occurs_alone(wrong: str, text: str, others: Iterable[str]) -> bool:
    """Whether a wrong rendering stands in a text by itself, not inside one of the other words."""
    holders = [(word, word.index(wrong)) for word in others if wrong in word and word != wrong]
    return any(
        not any(text.startswith(word, place.start() - shift) for word, shift in holders)
        for place in re.finditer(re.escape(wrong), text)
    )


def _untranslated_terms(text: str, terms: tuple[Term, ...]) -> Iterator[tuple[str, Term]]:
    """Find terms with a Chinese rendering that stand in a Chinese text in lower-case English."""
    plain = _ASIDE.sub(lambda aside: "　" * len(aside[0]), text)
    end = 0
    for match in find_spellings(plain, terms):
        english = plain[match.start : match.end]
        if match.start < end or match.term is None:
            continue
        end = match.end
        if match.term.keep or english != english.lower() or not _is_whole_word(plain, match):
            continue
        singular = english.rstrip("s").casefold()
        if all(singular != right.rstrip("s").casefold() for right in match.term.accept):
            yield english, match.term


def _is_whole_word(text: str, match: TermMatch) -> bool:
    """Whether no joint makes a word part of a name: mini-swe-agent, --weights, agents/tools."""
    before, after = text[max(0, match.start - 1) : match.start], text[match.end : match.end + 2]
    joined = after[:1] in _JOINTS and after[1:].isascii() and after[1:].isalnum()
    return before not in _JOINTS and not joined


def _misused_term(term: Term, found: str, *, strict: bool) -> MisusedTerm:
    return MisusedTerm(term=term.term, expected=term.expected, found=found, strict=strict)


def _format_term(term: Term) -> str:
    """Write one term, with everything that must not be written for it."""
    shown = f"{term.term}: keep" if term.keep else f"{term.term} → {term.chinese}"
    wrong = (*term.never, *term.avoid)
    return f"{shown} (never {'、'.join(wrong)})" if wrong else shown


def _read() -> bytes:
    file = folder() / _FILE
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingsError(f"the glossary is not installed: looked for {file}") from error


def _parse_term(file: str, number: int, table: object) -> Term:
    name = table.get("term") if isinstance(table, dict) else None
    try:
        return Term.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        what = f"{where}: {first['msg']}" if where else first["msg"]
        which = repr(name) if name else f"number {number}, which has no name"
        raise SettingsError(f"{file}, term {which}: {what}") from error
