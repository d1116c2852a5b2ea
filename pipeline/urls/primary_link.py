"""Which address of a story is its first-hand one.

Which comes first follows from who names it and whose it is. For the weight of the story it counts,
besides, whether an address says one of the words that the story's leads are made of; a paper's
address is a number, so it counts where its mention points to no other. A post is its subject's own
when the account's name is among those words.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

from pipeline.recaps import trust
from pipeline.records import Mention
from pipeline.urls.owner import (
    GENERIC_WORDS,
    HEAD_CHARS,
    MAKERS,
    is_on_known_account,
    is_owned_by,
    known_names,
    letters_of,
    maker_names,
    ordinary_words,
)
from pipeline.urls.page_type import (
    ARTIFACT_TYPES,
    LinkType,
    account_of,
    is_chat_file,
    is_newspaper,
    link_type,
)
from pipeline.urls.same_page import canonical, is_mirror, is_shortened

_WORD = re.compile(r"[^\W_]+")
_LETTERS = 4  # of a word that is looked for within an address; shorter ones are everywhere
_MAX_WORDS = 10_000  # of a story, which has 1,900 at most
_HANDLE = re.compile(r"@\w+")
_NAME = re.compile(r"\b[A-Z][\w-]*(?:\s+[A-Z]\w+)?")


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


class RankedLinks(NamedTuple):
    """The addresses of one story, the one to show first, each page once."""

    ranked: tuple[tuple[LinkRank, str], ...]
    """Rank and address of all; what is only fit to be shown last is left out where there is
    anything else."""
    shown: tuple[str, ...]
    """Those that an entry may show."""
    barred: frozenset[str]
    """The pages, in canonical form, that none may show."""


def order_links(mentions: Sequence[Mention]) -> RankedLinks:
    """Order the addresses of one story.

    Pages come before posts and other talk; of either, what more mentions name, then what its maker
    has on a host or account of its own, then by recap and place. A rank only weighs the story: what
    is written in a path, which anybody can choose, decides nothing about the order.

    Where the editors or the recap of Twitter link to anything, what only strangers link to comes
    last, and no entry may show it; but the maker's own page about what is told that several
    name; where the others have nothing but posts any page of the maker's, and where these posts are
    not the maker's a paper and a newspaper's page about it. Nor may any show a file out of a chat.

    Args:
        mentions: the story's, best first.
    """
    pages = _ordered_pages(mentions) if any(mention.links for mention in mentions) else []
    fit = [page for page in pages if page.rank < LinkRank.FALLBACK] or pages
    return RankedLinks(
        ranked=tuple((page.rank, page.url) for page in fit),
        shown=tuple(page.url for page in fit if not page.barred),
        barred=frozenset(canonical(page.url) for page in pages if page.barred),
    )


class _Kind(IntEnum):
    """What a page is, the one to show first."""

    MAKERS = 0
    PAGE = 1
    MAKERS_POST = 2
    REPORT = 3
    POST = 4
    OTHER = 5


class _Page(NamedTuple):
    """A page as it is compared with others, the least first."""

    barred: bool
    last: int  # the rank of what comes behind all others, whoever names it
    talk: bool  # not the thing itself, nor any page that may tell of it
    unnamed: int  # minus the mentions that name it
    kind: _Kind
    recap: int
    place: int
    rank: LinkRank
    url: str


def _ordered_pages(mentions: Sequence[Mention]) -> list[_Page]:
    """Compare the pages that the mentions of one story link to."""
    recaps: dict[str, int] = {}
    named: Counter[str] = Counter()
    for mention in mentions:
        for page in dict.fromkeys(canonical(link.url) for link in mention.links):
            named[page] += 1
            recaps[page] = min(recaps.get(page, trust(mention)), trust(mention))
    official = [mention for mention in mentions if not trust(mention)]
    makers = maker_names(official or mentions)
    ordinary = ordinary_words(official or mentions)
    known = known_names(official or mentions)
    told = _words(_heads(official)) - MAKERS
    well_known = MAKERS & maker_names(mentions)
    pages = []
    for place, (page, (rank, url)) in enumerate(_addresses(mentions).items()):
        last = rank if rank >= LinkRank.THREAD else 0
        is_owned = is_owned_by(url, makers - ordinary if recaps[page] else makers)
        if official and recaps[page] and rank is LinkRank.SUBJECT:
            # Whoever makes much has pages about all of it: this one names what is told.
            is_owned = is_owned or is_on_known_account(url, known)
            # The editors may tell of a Mac without its maker's name; nobody else has pages there.
            is_owned = is_owned or (is_owned_by(url, well_known) and _says_any(url, told))
        kind = _kind(url, rank, is_owned=is_owned, is_official=bool(official))
        if kind is _Kind.MAKERS_POST and recaps[page] and not is_owned:
            kind = _Kind.POST  # any account may have the maker's name in its own
        order = (last, kind > _Kind.PAGE, -named[page], kind, recaps[page], place)
        pages.append(_Page(False, *order, rank, url))
    return sorted(_bar_strangers(pages))


def _bar_strangers(pages: Sequence[_Page]) -> Iterator[_Page]:
    """Bar what only strangers link to where others link to anything."""
    told = [page for page in pages if not page.recap and page.rank < LinkRank.FALLBACK]
    only_talk = all(page.last or page.kind > _Kind.PAGE for page in told)
    wanted = {_Kind.MAKERS}
    if all(page.kind is not _Kind.MAKERS_POST for page in told):
        wanted.add(_Kind.MAKERS_POST)
    only_reactions = all(page.kind is _Kind.POST for page in told)
    for page in pages:
        names_it = page.rank is LinkRank.SUBJECT
        is_report = page.rank is LinkRank.REPORT and is_newspaper(page.url)
        is_paper = names_it and link_type(page.url) == "paper"
        is_wanted = (
            (only_talk and page.kind in wanted)
            or (only_reactions and (is_report or is_paper))
            or (
                page.kind is _Kind.MAKERS and names_it and page.unnamed < -1 and "?" not in page.url
            )
        )
        is_strangers = bool(page.recap and told)
        # Beside a page of the editors' even the maker's own comes second.
        second = page.talk or (is_strangers and not only_talk)
        yield page._replace(
            barred=(is_strangers and not is_wanted) or is_chat_file(page.url), talk=second
        )


def _kind(url: str, rank: LinkRank, *, is_owned: bool, is_official: bool) -> _Kind:
    kind = link_type(url)
    if kind == "post" and is_official:
        return _Kind.MAKERS_POST if rank is LinkRank.MAKER else _Kind.POST
    if kind == "post":  # of whom strangers say that they are the maker
        return _Kind.MAKERS if is_owned else _Kind.POST
    if kind == "page" or kind in ARTIFACT_TYPES:
        return _Kind.MAKERS if is_owned else _Kind.PAGE
    return _Kind.REPORT if kind in {"press", "video"} else _Kind.OTHER


def _addresses(mentions: Sequence[Mention]) -> dict[str, tuple[LinkRank, str]]:
    """Give each page, in its first place, its best rank and its address as the editors write it.

    Strangers may write the same page with a port, without encryption or with words to jump to.
    """
    subjects = _words(_heads(mentions)) - MAKERS
    ranks: dict[str, LinkRank] = {}
    written: dict[str, tuple[bool, int, LinkRank, str]] = {}
    for mention in mentions:
        types = [link_type(link.url) for link in mention.links]
        only_paper = types.count("paper") == 1
        speakers = _named_parties(mention) if "post" in types else frozenset()
        for link in mention.links:
            is_subject = _says_any(link.url, subjects) or only_paper
            rank = _link_rank(link.url, speakers, is_subject=is_subject)
            page, form = canonical(link.url), (is_mirror(link.url), trust(mention), rank, link.url)
            ranks[page] = min(ranks.get(page, rank), rank)
            if page not in written or form[:3] < written[page][:3]:
                written[page] = form
    return {page: (ranks[page], form[-1]) for page, form in written.items()}


def _heads(mentions: Iterable[Mention]) -> Iterator[str]:
    return (mention.lead or mention.text[:HEAD_CHARS] for mention in mentions)


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
        names = (letters_of(word) for word in plain.split())
        pairs = (one + other for one, other in pairwise(words))
        found.update([word for word in (*words, *names, *pairs) if len(word) >= _LETTERS])
        if len(found) > _MAX_WORDS:  # each is looked for in each address
            break
    return found - GENERIC_WORDS


def _says_any(url: str, subjects: Collection[str]) -> bool:
    """Whether an address says a word of the story after its host."""
    path = letters_of(canonical(url).partition("/")[2])
    return any(word in path for word in subjects)


def _named_parties(mention: Mention) -> Collection[str]:
    """Collect who or what the lead and the first words name."""
    text = _HANDLE.sub("", mention.text[: len(mention.lead) + HEAD_CHARS])
    return _words(_NAME.findall(text))


def _is_named_after(name: str, speakers: Collection[str]) -> bool:
    """Whether an account is named after one of them."""
    plain = letters_of(name)
    return len(plain) >= _LETTERS and any(word in plain or plain in word for word in speakers)
