"""Which link of a story is about what is told of it.

A bullet is often about several things, each with a link in its own sentence; whoever tells one of
them must not show another's.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.records import Entry, EvidenceLine, Link, Mention
from pipeline.translate.naming import names_in
from pipeline.translate.statements import sentences_of
from pipeline.urls import canonical, is_about_one_thing, link_type

_CLAUSE_WORDS = 5
"""From so many words on an anchor tells something, and what it names is what its page is about."""

_TALK = frozenset({"post", "thread"})
_PART = re.compile(r"[^;]+;?")
_WORD = re.compile(r"\w[\w.-]{2,}\w")
_HYPHENS = re.compile("[‐‑]")
_NAME_LETTERS = 4
"""Of a name that is looked for within an address; shorter ones are everywhere."""


def link_told(
    entry: Entry, mentions: Sequence[Mention], sources: Sequence[str], told: str, first: str = ""
) -> str | None:
    """Give the most first-hand link that is not about something else than the first sentence.

    Args:
        entry: the entry, with its evidence lines and its links.
        mentions: those of its story.
        sources: addresses of its story, the most first-hand one first.
        told: the first sentence that is told, and what its headline says, in English.
        first: the sentence alone. A link that stands in it and has a name of it goes before one
            that has none, and any before a post that stands elsewhere.

    Returns:
        An address of `sources`; None where each is about something else.
    """
    others = _pages_of_others(entry, names_in(told))
    usual = next((url for url in sources if canonical(url) not in others), None)
    names = names_in(_HYPHENS.sub("-", first))
    within = _pages_within(mentions, first)
    beside = [url for url in sources if canonical(url) in within and is_about_one_thing(url)]
    if usual and (usual in beside or _is_named(names, usual)):
        return usual
    named = [url for url in beside if _is_named(names, url)]
    if usual is None or link_type(usual) in _TALK:
        return next(iter([*named, *beside]), usual)
    return next((url for url in named if link_type(url) not in _TALK), usual)


def _pages_of_others(entry: Entry, names: frozenset[str]) -> frozenset[str]:
    """Give the pages that are about something else wherever an entry's evidence links to them."""
    first_lines = set(entry.sentences[0].lines) if entry.sentences else set()
    own: set[str] = set()
    linked: set[str] = set()
    for link, number, line in _places(entry):
        page = canonical(link.url)
        linked.add(page)
        if _is_about(names, link, line.text, told_here=number in first_lines):
            own.add(page)
    return frozenset(linked - own)


def _is_about(names: frozenset[str], link: Link, line: str, *, told_here: bool) -> bool:
    """Whether a link that stands in a line is about what has these names, or may be."""
    if _is_named(names, link.url) or not names_in(line):
        return True
    if len(link.text.split()) >= _CLAUSE_WORDS and names_in(link.text):
        return _shares(names, link.text)
    return told_here or _shares(names, line)


def _pages_within(mentions: Sequence[Mention], first: str) -> frozenset[str]:
    """Give the pages that are linked in the sentence that another was made of.

    Where none is, the next link of the line is meant for it, too.
    """
    words = set(_WORD.findall(first))
    for mention in mentions:
        at, text = 0, mention.text
        for sentence in _parts(text):
            end = at + len(sentence)
            if words and 2 * len(words & set(_WORD.findall(sentence))) > len(words):
                anchors = list(_anchors(mention))
                line_end = text.find("\n", at) % (len(text) + 1)
                within = [page for page, place in anchors if at <= place < end]
                after = [page for page, place in anchors if end <= place < line_end]
                return frozenset(within or after[:1])
            at = end
    return frozenset()


def _parts(text: str) -> Iterator[str]:
    """Cut a text at its lines, and these at their sentences and semicolons."""
    for line in text.splitlines(keepends=True):
        for sentence in sentences_of(line):
            yield from _PART.findall(sentence)


def _anchors(mention: Mention) -> Iterator[tuple[str, int]]:
    """Give the pages of a mention, each with the place of the words that it stands on."""
    at = 0
    for link in mention.links:
        words = link.text or link.url
        found = max(mention.text.find(words, at), mention.text.find(words, 0, at))
        if found >= 0:
            yield canonical(link.url), found
            at = found + 1


def _places(entry: Entry) -> Iterator[tuple[Link, int, EvidenceLine]]:
    """Give each link with the lines that its words stand in."""
    for link in entry.links:
        for number, line in enumerate(entry.evidence_lines, 1):
            if link.mention in {"", line.mention} and (link.text or link.url) in line.text:
                yield link, number, line


def _is_named(names: frozenset[str], url: str) -> bool:
    """Whether an address has one of the names."""
    return any(
        _letters(name) in _letters(url) for name in names if len(_letters(name)) >= _NAME_LETTERS
    )


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _shares(names: frozenset[str], text: str) -> bool:
    """Whether a text has one of the names, or a longer or shorter form of one."""
    return any(one in other or other in one for one in names for other in names_in(text))
