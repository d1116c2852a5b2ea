"""Which link of a story is about what is told of it.

A bullet is often about several things, each with a link in its own sentence; whoever tells one of
them must not show another's.
"""

from collections.abc import Iterator, Sequence

from pipeline.records import Entry, EvidenceLine, Link
from pipeline.translate.naming import names_in
from pipeline.urls import canonical

_CLAUSE_WORDS = 5
"""From so many words on an anchor tells something, and what it names is what its page is about."""

_NAME_LETTERS = 4
"""Of a name that is looked for within an address; shorter ones are everywhere."""


def link_told(entry: Entry, sources: Sequence[str], told: str, first: str = "") -> str | None:
    """Give the most first-hand link that is not about something else than the first sentence.

    Args:
        entry: the entry, with its evidence lines and its links.
        sources: addresses of its story, the most first-hand one first.
        told: the first sentence that is told, and what its headline says, in English.
        first: the sentence alone; a link of its own line that names what it names goes before.

    Returns:
        An address of `sources`; None where each is about something else.
    """
    names = names_in(told)
    first_lines = set(entry.sentences[0].lines) if entry.sentences else set()
    beside = {
        canonical(link.url)
        for link, number, line in _places(entry)
        if number in first_lines and number > 1 and line.mention == entry.evidence_lines[0].mention
        if _is_named(names_in(first), link.url) or _is_host(names_in(first), link.url)
    }
    if its_own := next((url for url in sources if canonical(url) in beside), None):
        return its_own
    other: set[str] = set()
    own: set[str] = set()
    for link, number, line in _places(entry):
        anchor = link.text if len(link.text.split()) >= _CLAUSE_WORDS else ""
        is_own = _shares(names, line.text) or (number in first_lines)
        if anchor and names_in(anchor):
            is_own = _shares(names, anchor)
        is_own = is_own or not names_in(line.text) or _is_named(names, link.url)
        (own if is_own else other).add(canonical(link.url))
    return next((url for url in sources if canonical(url) not in other - own), None)


def _places(entry: Entry) -> Iterator[tuple[Link, int, EvidenceLine]]:
    """Give each link with the lines that its words stand in."""
    for link in entry.links:
        for number, line in enumerate(entry.evidence_lines, 1):
            if link.mention in {"", line.mention} and (link.text or link.url) in line.text:
                yield link, number, line


def _is_named(names: frozenset[str], url: str) -> bool:
    """Whether an address has one of the names after its host."""
    path = _letters(canonical(url).partition("/")[2])
    return any(_letters(name) in path for name in names if len(_letters(name)) >= _NAME_LETTERS)


def _is_host(names: frozenset[str], url: str) -> bool:
    """Whether a page is at somebody's own address: openrouter.ai."""
    host = _letters(canonical(url).partition("/")[0])
    return any(_letters(name) in host for name in names if len(_letters(name)) >= _NAME_LETTERS)


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _shares(names: frozenset[str], text: str) -> bool:
    """Whether a text has one of the names, or a longer or shorter form of one."""
    return any(one in other or other in one for one in names for other in names_in(text))
