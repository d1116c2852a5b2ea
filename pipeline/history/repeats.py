"""The stories of an issue, and what was published -> which are repeats, and what the others add.

Pure. In doubt a story is new, since one that is published twice costs less than one that is never
published.

Not covered: an event that comes back under other names and with other links.
"""

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipeline.history.fingerprints import (
    Fingerprint,
    entry_fingerprint,
    fingerprint_of,
    is_document,
    is_versioned,
    longest_names,
    match_evidence,
)
from pipeline.history.published import PublishedEntry
from pipeline.history.rumours import is_announced
from pipeline.merge import find_names, rarity_limit
from pipeline.quantities import Unit
from pipeline.records import DroppedItem, Mention, Reason, Record, Story
from pipeline.urls import ARTIFACT_TYPES, canonical, link_type

if TYPE_CHECKING:
    from pipeline.quantities import Quantity

# How much a thread is talked about changes every hour, and is no news.
_ENGAGEMENT = re.compile(
    r"\(Activity: [\d,]+\)|\b[\d,]{1,30}\+? (?:upvotes|comments|likes|views|votes)\b"
)
_NO_FACTS: frozenset[Unit] = frozenset({"clock", "date", "year", "version"})
_LARGE_COUNT = 3000  # a smaller number without a unit may be a year, a port, a part of a name
_NEW_QUANTITIES = 2  # one may be a remark, two are a measurement


class RepeatSearch(Record):
    """The stories of an issue, compared with the earlier digests."""

    stories: tuple[Story, ...]
    """Those that may be published: all but the repeats that bring nothing new."""
    follows: dict[str, dt.date]
    """Date of the latest digest with the same event, per story that brings something new to it."""
    reasons: dict[str, Reason]
    """The earlier entry, the evidence and what is new, per story of `follows`."""
    drops: tuple[DroppedItem, ...]
    """The repeats, each with the earlier entry and the evidence."""


def find_repeats(stories: Sequence[Story], published: Sequence[PublishedEntry]) -> RepeatSearch:
    """Part the stories that were published from those that are new, or bring something new.

    A story was published by an entry that shows the same document; or the same other page, and is
    about the same names or begins somewhat alike; or that has a page or a rare name in common with
    it, and begins alike. New is a first-hand page with a name of the story in its address, a
    version of its lead, or two quantities, that no earlier entry had; a document that was published
    says nothing new. New is the announcement, too, of what was a rumour in every earlier entry.
    `published` has the latest entries first.

    Returns:
        The stories in their order, without the repeats that bring nothing new.
    """
    if not published:
        return RepeatSearch(stories=tuple(stories), follows={}, reasons={}, drops=())
    index = _HistoryIndex(stories, published)
    remaining: list[Story] = []
    drops: list[DroppedItem] = []
    follows: dict[str, dt.date] = {}
    reasons: dict[str, Reason] = {}
    for story in stories:
        if not (matches := index.matches(story)):
            remaining.append(story)
            continue
        latest, evidence = matches[0]
        if new := _new_information(story, [entry for entry, _ in matches]):
            remaining.append(story)
            follows[story.id] = latest.date
            reasons[story.id] = Reason.of(
                "repeated_with_news", latest.date, latest.place, evidence, new
            )
        else:
            reason = Reason.of("repeated", latest.date, latest.place, evidence)
            drops.append(DroppedItem(what=story.id, reason=reason))
    return RepeatSearch(
        stories=tuple(remaining), follows=follows, reasons=reasons, drops=tuple(drops)
    )


class _HistoryIndex:
    """The published entries, found by page and by name."""

    def __init__(self, stories: Sequence[Story], published: Sequence[PublishedEntry]) -> None:
        self._stories = {story.id: _story_fingerprint(story) for story in stories}
        self._published = [(entry, _published_fingerprint(entry)) for entry in published]
        counts = Counter(name for story in self._stories.values() for name in story.names)
        limit = rarity_limit(len(stories))
        self._common = {name for name, count in counts.items() if count > limit}
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, (_, entry) in enumerate(self._published):
            for key in entry.pages | (entry.names - self._common):
                self._places[key].append(place)

    def matches(self, story: Story) -> list[tuple[PublishedEntry, Reason]]:
        """Find the entries that published a story, the latest first, each with the evidence."""
        own = self._stories[story.id]
        keys = own.pages | own.names
        places = sorted({place for key in keys for place in self._places.get(key, ())})
        return [
            (entry, evidence)
            for entry, fingerprint in (self._published[place] for place in places)
            if (evidence := match_evidence(own, fingerprint, common_names=self._common))
        ]


def _story_fingerprint(story: Story) -> Fingerprint:
    leads = [mention.lead for mention in story.mentions]
    return fingerprint_of(
        (*story.sources, *(link.url for link in story.links)),
        " ; ".join(filter(None, leads)) or story.lead,
        [mention.text for mention in story.mentions],
        leads,
    )


def _published_fingerprint(entry: PublishedEntry) -> Fingerprint:
    shown = (entry.link,) if entry.link else ()
    found = entry_fingerprint((*shown, *entry.links), title=entry.title, evidence=entry.evidence)
    # What stands first in the evidence is not what was shown.
    was_shown = found.shown_page == canonical(entry.link or "")
    return found if was_shown else found._replace(shown_page=None)


def _new_information(story: Story, published: Sequence[PublishedEntry]) -> Reason | None:
    """Say what a story has that no earlier entry had, or nothing."""
    known = {canonical(url) for entry in published for url in (entry.link, *entry.links) if url}
    names = longest_names(find_names(story.lead))
    if page := _new_page(story, names, known):
        return Reason.of("new_link", page)
    evidence = "\n".join(entry.evidence for entry in published)
    if unknown := sorted(filter(is_versioned, names - find_names(evidence).keys())):
        return Reason.of("new_name", unknown[0])
    shown = {canonical(entry.link) for entry in published if entry.link}
    text = "\n".join(
        mention.text for mention in story.mentions if not _repeats_document(mention, shown, known)
    )
    quantities = _new_quantities(text, evidence)
    if len({(quantity.value, quantity.unit) for quantity in quantities}) >= _NEW_QUANTITIES:
        texts = dict.fromkeys(quantity.text for quantity in quantities)
        return Reason.of("new_quantities", ", ".join(texts))
    if all(entry.rumour for entry in published) and is_announced(story.mentions):
        return Reason("new_announcement")
    return None


def _new_page(story: Story, names: frozenset[str], known: set[str]) -> str | None:
    """Find the first first-hand page with a name of the story in its address."""
    squeezed_names = [re.sub(r"\W", "", name) for name in names]
    for url in (*story.sources, *(link.url for link in story.links)):
        page = canonical(url)
        if page not in known and link_type(url) in ARTIFACT_TYPES:
            address = re.sub(r"[\W_]", "", page).casefold()
            if any(name in address for name in squeezed_names):
                return page
    return None


def _repeats_document(mention: Mention, shown_pages: set[str], known_pages: set[str]) -> bool:
    """Whether a mention points to a document that was published, and can only say what that says.

    A post that was published in passing is often a remark that several stories quote.
    """
    documents = [link.url for link in mention.links if is_document(link.url)]
    return any(
        canonical(url) in (shown_pages if link_type(url) == "post" else known_pages)
        for url in documents
    )


def _new_quantities(text: str, evidence: str) -> list["Quantity"]:
    """Find the quantities that can be news by themselves and that the evidence does not have."""
    # Takes long to load, and is needed only where there is a past.
    from pipeline.quantities import unsupported_quantities

    found = unsupported_quantities(_ENGAGEMENT.sub("", text), evidence)
    return [quantity for quantity in found if _is_newsworthy(quantity)]


def _is_newsworthy(quantity: "Quantity") -> bool:
    counted = quantity.unit or quantity.value >= _LARGE_COUNT
    return bool(counted) and not quantity.weak and quantity.unit not in _NO_FACTS
