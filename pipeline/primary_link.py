"""Which address of a story is its first-hand one.

A page is about the story when its address says one of the words that the story's leads are made of;
a paper's address is a number, so it counts where its mention points to no other. A post is its
subject's own when the account's name is among those words.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from pipeline.records import Mention
from pipeline.urls import (
    ARTIFACT_TYPES,
    GENERIC_WORDS,
    MAKERS,
    LinkType,
    account_of,
    canonical,
    is_mirror,
    is_shortened,
    link_type,
)

_WORD = re.compile(r"[^\W_]+")
_NON_ALPHANUMERIC = re.compile(r"[\W_]+")
_LETTERS = 4  # of a word that is looked for within an address; shorter ones are everywhere
_MAX_WORDS = 10_000  # of a story, which has 1,900 at most
_HANDLE = re.compile(r"@\w+")
_NAME = re.compile(r"\b[A-Z][\w-]*(?:\s+[A-Z]\w+)?")
_HEAD_CHARS = 240


class LinkRank(IntEnum):
    """How first-hand an address is, the most first-hand first."""

    SUBJECT = 0
    """The thing itself: its repository, model card, paper, or its maker's page about it."""
    MAKER = 1
    """A post by the account that the story is about."""
    REPORT = 2
    """A newspaper's page, or a recording, whose address says what the story is about."""
    ARTIFACT = 3
    """A repository, paper or maker's page whose address does not say so."""
    POST = 4
    """Anybody's post, the first mention's first."""
    PAGE = 5
    """Any other page."""
    PRESS = 6
    """Any other page of a newspaper, or recording."""
    THREAD = 7
    """A forum's thread."""
    HUB = 8
    """A page about many things."""
    SHORTENED = 9
    """A short form of any of these, which does not say which."""
    FALLBACK = 10
    """A chat, a picture, the newsletter itself: what is shown when there is nothing else."""


# Of pages about the story's subject, and of others.
_RANKS: dict[LinkType, tuple[LinkRank, LinkRank]] = {
    "page": (LinkRank.SUBJECT, LinkRank.PAGE),
    "press": (LinkRank.REPORT, LinkRank.PRESS),
    "video": (LinkRank.REPORT, LinkRank.PRESS),
    "offer": (LinkRank.PAGE, LinkRank.PAGE),
    "thread": (LinkRank.THREAD, LinkRank.THREAD),
    "hub": (LinkRank.HUB, LinkRank.HUB),
}


def rank_links(mentions: Sequence[Mention]) -> list[tuple[LinkRank, str]]:
    """Order the addresses of one story, the most first-hand one first, each page once.

    Args:
        mentions: the story's, best first.

    Returns:
        Address and rank; what is only fit to be shown last is left out where there is anything
        else.
    """
    if not any(mention.links for mention in mentions):
        return []
    subjects = _words(mention.lead or mention.text[:_HEAD_CHARS] for mention in mentions) - MAKERS
    best: dict[str, _RankedLink] = {}
    for mention in mentions:
        for ranked in _ranked_links(mention, subjects):
            page = canonical(ranked.url)
            if page not in best or ranked[:3] < best[page][:3]:
                best[page] = ranked
    order = sorted(best.values(), key=lambda ranked: ranked[:2])
    pairs = [(ranked.rank, ranked.url) for ranked in order]
    return [pair for pair in pairs if pair[0] < LinkRank.FALLBACK] or pairs


class _RankedLink(NamedTuple):
    """An address as it is compared with others, the least first."""

    rank: LinkRank
    unmatched: int  # minus the letters of the story's words that it says
    mirror: bool
    url: str


def _ranked_links(mention: Mention, subjects: Collection[str]) -> Iterator[_RankedLink]:
    """Rank the addresses of one mention by the words of the story."""
    types = {link.url: link_type(link.url) for link in mention.links}
    only_paper = list(types.values()).count("paper") == 1
    speakers = _named_parties(mention) if "post" in types.values() else frozenset()
    for link in mention.links:
        letters = _matched_letters(link.url, subjects)
        rank = _link_rank(link.url, speakers, is_subject=letters > 0 or only_paper)
        yield _RankedLink(rank, -letters, is_mirror(link.url), link.url)


def _link_rank(url: str, speakers: Collection[str], *, is_subject: bool) -> LinkRank:
    if is_shortened(url):
        return LinkRank.SHORTENED
    kind = link_type(url)
    if kind in ARTIFACT_TYPES:
        return LinkRank.SUBJECT if is_subject else LinkRank.ARTIFACT
    if kind == "post":
        return LinkRank.MAKER if _is_named_after(account_of(url), speakers) else LinkRank.POST
    about, other = _RANKS.get(kind, (LinkRank.FALLBACK, LinkRank.FALLBACK))
    return about if is_subject else other


def _words(texts: Iterable[str]) -> set[str]:
    """Collect the words that texts are made of, and names and pairs of words written as one."""
    found: set[str] = set()
    for text in texts:
        plain = _HANDLE.sub("", text).casefold()
        words = _WORD.findall(plain)
        names = (_alphanumeric(word) for word in plain.split())
        pairs = (one + other for one, other in pairwise(words))
        found.update([word for word in (*words, *names, *pairs) if len(word) >= _LETTERS])
        if len(found) > _MAX_WORDS:  # each is looked for in each address
            break
    return found - GENERIC_WORDS


def _matched_letters(url: str, subjects: Collection[str]) -> int:
    """Count the letters of the story's words that an address says after its host."""
    path = _alphanumeric(canonical(url).partition("/")[2])
    return sum(len(word) for word in subjects if word in path)


def _named_parties(mention: Mention) -> Collection[str]:
    """Collect who or what the lead and the first words name."""
    text = _HANDLE.sub("", mention.text[: len(mention.lead) + _HEAD_CHARS])
    return _words(_NAME.findall(text))


def _is_named_after(name: str, speakers: Collection[str]) -> bool:
    """Whether an account is named after one of them."""
    plain = _alphanumeric(name)
    return len(plain) >= _LETTERS and any(word in plain or plain in word for word in speakers)


def _alphanumeric(text: str) -> str:
    plain = text.casefold()
    return plain if plain.isalnum() else _NON_ALPHANUMERIC.sub("", plain)
