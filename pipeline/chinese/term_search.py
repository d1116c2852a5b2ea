"""Where the terms of the glossary stand in a text, word by word.

Part of `glossary`. A word that is part of a name is no term: agents.md, @agent, Agent Builder.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.chinese.glossary import Term

# Addresses, handles and channels are one token each, and no words.
_TOKEN = re.compile(r"https?://[!-~]+|[@#$][A-Za-z0-9_][A-Za-z0-9_.-]*|[A-Za-z0-9_]+")
WORD_GAP = re.compile(r" ?[ \t\u00a0\-\u2010-\u2015&'’/] ?")
"""What may stand between two words of one term."""


class _Spelling(NamedTuple):
    """One spelling of a term, word by word."""

    words: tuple[str, ...]
    """Lower-case where the case does not count."""
    term: "Term | None"
    """None for a phrase that only holds one."""
    exact: bool
    """Whether the case counts in every word, not only in those with a capital in them."""

    def matches(self, text: str, found: Sequence[re.Match[str]]) -> bool:
        """Whether these words of a text are this spelling, and nothing else parts them."""
        if len(found) != len(self.words):
            return False
        return all(
            there[0] == here or (not self.exact and there[0].lower() == here)
            for here, there in zip(self.words, found, strict=True)
        ) and all(
            WORD_GAP.fullmatch(text, left.end(), right.start()) for left, right in pairwise(found)
        )


class TermMatch(NamedTuple):
    """One place where a spelling stands."""

    start: int
    end: int
    term: "Term | None"
    """None for a phrase that only holds one."""


def find_spellings(text: str, terms: "tuple[Term, ...]") -> tuple[TermMatch, ...]:
    """Find every spelling, by its first word and then the longest first.

    A phrase of `unlike` hides the terms in it; a term leaves those in it to be found as well.
    """
    return _cached_matches(text, _spelling_index(terms))


def find_terms(text: str, terms: "tuple[Term, ...]") -> Iterator[tuple[int, int, "Term"]]:
    """Find start, end and term wherever one stands; of two that overlap, the longer."""
    end = 0
    for match in find_spellings(text, terms):
        if match.start >= end:
            end = match.end
            if match.term is not None:
                yield match.start, match.end, match.term


# An English text is looked through for the model, and twice to check what the model wrote; of a
# backfill the answers to many others come between.
@lru_cache(maxsize=256)
def _cached_matches(text: str, index: "_SpellingIndex") -> tuple[TermMatch, ...]:
    return tuple(_scan(text, index.spellings))


def _scan(text: str, index: Mapping[str, Sequence[_Spelling]]) -> Iterator[TermMatch]:
    tokens = list(_TOKEN.finditer(text))
    hidden = 0
    for at, token in enumerate(tokens):
        spellings = index.get(token[0].casefold(), ())
        if not spellings or token.start() < hidden or not _is_whole_token(text, token):
            continue
        for spelling in spellings:
            words = tokens[at : at + len(spelling.words)]
            if not spelling.matches(text, words) or _is_in_name(text, tokens, at, spelling):
                continue
            yield TermMatch(token.start(), words[-1].end(), spelling.term)
            if spelling.term is None:
                hidden = words[-1].end()
                break


_CAPITALISED = re.compile("[A-Z][A-Za-z0-9]*")
_NO_NAMES = """
A AI API All An And Any Are ASR AR Best Big Can CPU CV Do Every First For Free From GPU GUI How If
In Is It LLM LLMs Local Many ML More Most Multi My New NLP No Not Of On Only Open Our RL Small Some
SOTA The These They This Those Three To TTS Two Use Using VLM We What When Which Why With Your
"""
_NO_NAME = frozenset(_NO_NAMES.split())
"""What stands before a term with a capital without being part of a name."""
_SENTENCE = re.compile(r"[^.!?:;\n]+")
_HEADLINE_WORDS = 4
"""Words with a capital from which on a stretch in which few have none is a headline."""


def _is_in_name(text: str, tokens: Sequence[re.Match[str]], at: int, spelling: _Spelling) -> bool:
    """Whether a word stands as part of a longer name, as in Agent Builder and Google Cloud."""
    term, after = spelling.term, at + len(spelling.words)
    if term is None or not tokens[at][0][0].isupper():
        return False
    follows = _continues_name(text, tokens, after - 1)
    if term.alone:
        return follows and tokens[after][0] not in _ROLES
    # RL and MoE have their capitals anyway; what stays English stays so in a name too.
    ordinary = term.term.islower() and len(spelling.words) == 1 and tokens[at][0].istitle()
    if term.keep or not ordinary:
        return False
    led = at > 0 and tokens[at - 1][0] not in _NO_NAME and _continues_name(text, tokens, at - 1)
    return (follows or led) and not _is_headline(text, tokens[at])


_ROLES = frozenset({"CEO", "CFO", "COO", "CTO", "GPU", "GPUs", "TPU", "TPUs", "US", "UK", "VP"})
"""What stands after the name of a company and is no part of it."""


def _continues_name(text: str, tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a word with a capital follows with one space or hyphen, this one having one too."""
    if at + 1 >= len(tokens) or not _CAPITALISED.fullmatch(tokens[at][0]):
        return False
    gap = text[tokens[at].end() : tokens[at + 1].start()]
    return gap in {" ", "-", "\u00a0", "\u2011"} and bool(_CAPITALISED.match(tokens[at + 1][0]))


def _is_headline(text: str, token: re.Match[str]) -> bool:
    """Whether nearly all words around have a capital, so that it says nothing of this one."""
    start = max(text.rfind(mark, 0, token.start()) for mark in ".!?:;\n") + 1
    stretch = _SENTENCE.match(text, start)
    words: list[str] = re.findall(r"[A-Za-z][\w'’]*", stretch[0]) if stretch else []
    long = [word for word in words if len(word) > 3]  # noqa: PLR2004 - of and the have none
    capitals = sum(word[0].isupper() for word in long)
    return capitals >= _HEADLINE_WORDS and capitals >= len(long) - 1


def _is_whole_token(text: str, token: re.Match[str]) -> bool:
    """Whether a token is a word rather than part of a file name or of a version."""
    start, end = token.span()
    return not (
        (text[start - 1 : start] == "." and text[start - 2 : start - 1].isalnum())
        or (text[end : end + 1] == "." and text[end + 1 : end + 2].isalnum())
    )


class _SpellingIndex:
    """All spellings of a glossary by their first word; another object for another glossary."""

    def __init__(self, terms: "tuple[Term, ...]") -> None:
        self.terms = terms
        self.spellings = _spellings(terms)


_indexes: list[_SpellingIndex] = []


def _spelling_index(terms: "tuple[Term, ...]") -> _SpellingIndex:
    """Find the index of a glossary by identity: hashing hundreds of terms takes a millisecond."""
    for known in _indexes:
        if known.terms is terms:
            return known
    made = _SpellingIndex(terms)
    _indexes[:] = [*_indexes[-7:], made]
    return made


def _spellings(terms: "tuple[Term, ...]") -> dict[str, list[_Spelling]]:
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
        spellings.sort(key=lambda spelling: (-len(spelling.words), spelling.term is not None))
    return index


def _singular_and_plural(word: str) -> tuple[str, ...]:
    """Give a word and its plural."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word, f"{word[:-1]}ies"
    if word.endswith(("ch", "sh", "x")):
        return word, f"{word}es"
    return (word,) if word.endswith(("s", "ing", "ed")) else (word, f"{word}s")
