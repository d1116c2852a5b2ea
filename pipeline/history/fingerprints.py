"""Two tellings, of a story or of an entry -> by what they are known for the same event.

Pure. A name is evidence only where it stands in an entry's title: what its evidence mentions in
passing was not published.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import product
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from pipeline.merge import find_names, normalize
from pipeline.records import Reason
from pipeline.urls import LinkType, canonical, is_about_one_thing, link_type

_NOT_LATIN = re.compile(r"[^\x00-\x7f]+")
_LEAD_END = re.compile(r": | \(Activity|[.!?] |$")
_SHORTEST_LEAD, _LEAD_CHARS, _HEAD_CHARS = 16, 120, 240
_WORD = re.compile(r"[a-z][a-z0-9]{2,}")
_STEM_CHARS, _SMALL_CHARS = 6, 3
_STOP = frozenset({"and", "are", "for", "from", "has", "its", "new", "that", "the", "this", "with"})
_NAME_CHARS, _VERSIONED_CHARS = 4, 5

# One document each, which says tomorrow what it says today.
_SINGLE_DOCUMENT: frozenset[LinkType] = frozenset({"paper", "post", "thread", "press"})

# How alike two beginnings are, of 100. Set by eye on pairs of consecutive issues, where events
# come back, and on pairs of issues that are months apart, where none does.
_VERY_ALIKE, _ALIKE, _SOMEWHAT_ALIKE = 75, 62, 50
_SHARED_WORDS = 2  # of two leads that name the same thing


class Fingerprint(NamedTuple):
    """What a story or an entry can be recognised by."""

    shown_page: str | None
    """The page that it shows, where that is about one thing; for comparing, as all pages here."""
    pages: frozenset[str]
    """All its pages that are about one thing."""
    names: frozenset[str]
    """What it is about."""
    leads: tuple[frozenset[str], ...]
    """Per mention, the words of its lead, names and small words left out."""
    heads: tuple[str, ...]
    """Per mention, how it begins."""


class _InCommon(NamedTuple):
    """What a story has in common with an entry, but for pages."""

    names: frozenset[str]
    """Those that both are about, without the common ones."""
    words: int
    """Most that a lead of one shares with a lead of the other."""
    alike: float
    """How alike the two beginnings are that are most alike, of 100."""

    @property
    def suffices_for_shown_page(self) -> bool:
        """Whether two that show the same page are about the same event."""
        worded_alike = self.words >= _SHARED_WORDS and self.alike >= _SOMEWHAT_ALIKE
        return bool(self.names) or self.alike >= _ALIKE or worded_alike

    @property
    def suffices_for_page(self) -> bool:
        """Whether two that have a page in common are about the same event."""
        return self.alike >= (_SOMEWHAT_ALIKE if self.names else _ALIKE)

    @property
    def suffices_alone(self) -> bool:
        """Whether two are about the same event, whatever their pages are.

        A company or a project is in the news for many things, a version for few; API and GPU are
        not even names.
        """
        if not self.names or not self.words:
            return False
        if any(map(is_versioned, self.names)):
            return self.alike >= _ALIKE or self.words >= _SHARED_WORDS
        if max(map(len, self.names)) < _NAME_CHARS:
            return False
        least = _ALIKE if self.words >= _SHARED_WORDS else _VERY_ALIKE
        return self.alike >= least


def fingerprint_of(
    urls: Iterable[str], names: str, mentions: Sequence[str], leads: Sequence[str]
) -> Fingerprint:
    """Prepare a story or an entry for comparing.

    Args:
        urls: its addresses, the one that it shows first.
        names: a text that names what it is about, and little else.
        mentions: the English texts of its mentions.
        leads: their leads, where they are known; else they are guessed.
    """
    pages = [canonical(url) for url in urls if is_about_one_thing(url)]
    about = longest_names(find_names(names))
    known = [lead or _guess_lead(text) for lead, text in zip(leads, mentions, strict=True)]
    return Fingerprint(
        shown_page=pages[0] if pages else None,
        pages=frozenset(pages),
        names=about,
        leads=tuple(_words(lead, about) for lead in known),
        heads=tuple(_opening(text) for text in mentions),
    )


def entry_fingerprint(urls: Iterable[str], *, title: str, evidence: str) -> Fingerprint:
    """Prepare an entry of a digest for comparing.

    What is not Chinese in its title are names.
    """
    mentions = evidence.split("\n\n")
    names = _NOT_LATIN.sub(" ; ", normalize(title))
    return fingerprint_of(urls, names, mentions, [""] * len(mentions))


def match_evidence(
    story: Fingerprint, published: Fingerprint, *, common_names: AbstractSet[str]
) -> Reason | None:
    """Say by what a story is known for one that was published, or nothing.

    `common_names` are those that so many stories have that they are no evidence.
    """
    common = _in_common(story, published, common_names)
    page = story.shown_page
    if page is not None and page == published.shown_page:
        if _is_one_document(page) or common.suffices_for_shown_page:
            return Reason.of("same_link", page)
    elif common.suffices_for_page and (pages := _shared_pages(story, published)):
        return Reason.of("link_alike", min(pages))
    if common.suffices_alone:
        return Reason.of("names_alike", ", ".join(sorted(common.names)))
    return None


def is_document(url: str) -> bool:
    """Whether an address leads to one document, which has nothing new to say about itself."""
    return link_type(url) in _SINGLE_DOCUMENT


def is_versioned(name: str) -> bool:
    """Whether a name says which one of a family: kling2.6, but neither nvidia nor v2."""
    return len(name) >= _VERSIONED_CHARS and any(map(str.isdigit, name)) and name[0].isalpha()


def longest_names(names: Iterable[str]) -> frozenset[str]:
    """Keep the names that no other one goes on from: of GPT-5.2 and GPT-5.2-Codex the second."""
    ordered = sorted(names)
    following = [*ordered[1:], ""]
    return frozenset(
        name for name, after in zip(ordered, following, strict=False) if not after.startswith(name)
    )


def _in_common(
    story: Fingerprint, published: Fingerprint, common_names: AbstractSet[str]
) -> _InCommon:
    leads, heads = product(story.leads, published.leads), product(story.heads, published.heads)
    return _InCommon(
        names=(story.names & published.names) - common_names,
        words=max((len(one & other) for one, other in leads), default=0),
        alike=max((fuzz.token_set_ratio(one, other) for one, other in heads), default=0.0),
    )


def _shared_pages(story: Fingerprint, published: Fingerprint) -> list[str]:
    """Find the pages in common; a document has to be shown, since two may quote the same remark."""
    shown = {story.shown_page, published.shown_page}
    return [
        page
        for page in story.pages & published.pages
        if page in shown or not _is_one_document(page)
    ]


def _is_one_document(page: str) -> bool:
    # The form for comparing has lost the subreddit, by which a thread is known for one.
    return page.startswith("reddit.com/comments/") or is_document(f"https://{page}")


def _words(lead: str, names: Iterable[str]) -> frozenset[str]:
    """Take the words of a lead that say what happens, and not to whom."""
    squeezed = [re.sub(r"\W", "", name) for name in names]
    return frozenset(
        word[:_STEM_CHARS]
        for word in _WORD.findall(normalize(lead).casefold())
        if word not in _STOP and not any(word in name for name in squeezed)
    )


def _guess_lead(text: str) -> str:
    """Give the words that a mention starts with, as far as its text alone shows them."""
    line = text.split("\n", 1)[0]
    end = _LEAD_END.search(line, min(_SHORTEST_LEAD, len(line)))
    return line[: end.start() if end else None][:_LEAD_CHARS]


def _opening(text: str) -> str:
    """Give the words that a mention begins with; small ones would make any two alike."""
    words = str(default_process(normalize(text.split("\n", 1)[0])[:_HEAD_CHARS])).split()
    return " ".join(word for word in words if len(word) > _SMALL_CHARS or word.isdigit())
