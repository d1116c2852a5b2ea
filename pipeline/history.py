"""Which stories of an issue an earlier digest has told, and whether they bring something new.

`earlier` reads the digests of `outputs/`; `recall` is pure; `_signs` compares. A name is a sign
only where it stands in an entry's title: what its evidence mentions in passing was not told. In
doubt a story is new, since one that is told twice costs less than one that is never told.

Not covered: an event that is told again under other names and with other links.
"""

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.merge import find_names, normalize
from pipeline.quantities import Unit
from pipeline.records import DroppedItem, Mention, Record, Story
from pipeline.signs import (
    Fingerprint,
    fingerprint_of,
    is_document,
    is_versioned,
    longest_names,
    match_evidence,
)
from pipeline.urls import LinkType, canonical, link_type

if TYPE_CHECKING:
    from pipeline.quantities import Quantity

_ISSUE_DATE = re.compile(rb'"issue_date"\s*:\s*"([0-9-]{10})"')
_NOT_LATIN = re.compile(r"[^\x00-\x7f]+")
# How much a thread is talked about changes every hour, and is no news.
_ENGAGEMENT = re.compile(
    r"\(Activity: [\d,]+\)|\b[\d,]+\+? (?:upvotes|comments|likes|views|votes)\b"
)
_FIRST_HAND: frozenset[LinkType] = frozenset({"repository", "package", "model", "paper", "vendor"})
# A name in more stories than this is what the day was about, not one event.
_RARE, _RARE_SHARE = 6, 0.03
_NO_FACTS: frozenset[Unit] = frozenset({"clock", "date", "year", "version"})
_LARGE_COUNT = 3000  # a smaller number without a unit may be a year, a port, a part of a name
_NEW_QUANTITIES = 2  # one may be a remark, two are a measurement


class PublishedEntry(Record):
    """One entry of an earlier digest."""

    date: dt.date
    """Digest date."""
    place: str
    """`news:3` or `tools:10`."""
    title: str
    """Its title, in Chinese."""
    link: str | None
    """Address that it shows."""
    links: tuple[str, ...]
    """Every address of its evidence."""
    evidence: str
    """Verbatim English text of its story."""


class History(Record):
    """What the digests of older issues have told."""

    digests: tuple[str, ...] = ()
    """Names of their files without ending, the latest first."""
    entries: tuple[PublishedEntry, ...] = ()
    """Their entries, the latest digest first, in the order of the digest."""


class RepeatSearch(Record):
    """The stories of an issue, seen with the memory of the earlier digests."""

    stories: tuple[Story, ...]
    """Those that may be told: all but the ones that were told and bring nothing new."""
    follows: dict[str, dt.date]
    """Digest date of the latest telling, per story that brings something new to a told event."""
    reasons: dict[str, str]
    """The telling, the sign and what is new, per story of `follows`."""
    drops: tuple[DroppedItem, ...]
    """Stories that were told already, each with the telling and the sign."""


def read_history(
    folder: Path,
    *,
    before: dt.date,
    slug: str,
    days: int = 30,
    only: Collection[str] | None = None,
) -> History:
    """Read what the digests of older issues have told.

    Args:
        folder: `outputs/`; only the JSON files in it count, not those of its folders.
        before: issue date of the issue at hand; younger issues are none of its past.
        slug: the issue at hand, whose own digest does not count.
        days: how far back an issue date may lie.
        only: names of the files that count, without ending; all where it is None.
    """
    digests: list[tuple[str, str, tuple[PublishedEntry, ...]]] = []
    for file in sorted(folder.glob("*.json"), reverse=True):
        if only is not None and file.stem not in only:
            continue
        # What is no digest has told nothing; `state` is who reports it.
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            data = file.read_bytes()
            # Quotation marks inside a text are escaped: no text looks like the field. Parsing all
            # digests to find the few of these days would take seconds.
            field = _ISSUE_DATE.search(data)
            if not field or not 0 < (before - _date(field[1])).days <= days:
                continue
            digest = json.loads(data)
            if digest["provenance"]["slug"] != slug:
                digests.append((digest["date"], file.stem, tuple(_published_entries(digest))))
    digests.sort(key=lambda each: each[0], reverse=True)
    return History(
        digests=tuple(stem for _, stem, _ in digests),
        entries=tuple(told for _, _, entries in digests for told in entries),
    )


def find_repeats(stories: Sequence[Story], published: Sequence[PublishedEntry]) -> RepeatSearch:
    """Part the stories that were told from those that are new, or bring something new.

    A story was told by an entry that shows the same document; or the same other page, and is about
    the same names or begins somewhat alike; or that has a page or a rare name in common with it,
    and begins alike. New is a first-hand page with a name of the story in its address, a version
    of its lead, or two quantities, that no telling had; a document that was told says nothing new.

    Args:
        stories: the stories of the issue.
        published: what the earlier digests told, the latest first.

    Returns:
        The stories in their order, without those that were told and bring nothing new.
    """
    if not published:
        return RepeatSearch(stories=tuple(stories), follows={}, reasons={}, drops=())
    memory = _HistoryIndex(stories, published)
    kept: list[Story] = []
    drops: list[DroppedItem] = []
    follows: dict[str, dt.date] = {}
    why: dict[str, str] = {}
    for story in stories:
        if not (signs := memory.matches(story)):
            kept.append(story)
            continue
        latest, known_by = signs[0]
        reason = f"told on {latest.date} as {latest.place}: {known_by}"
        if new := _new_information(story, [each for each, _ in signs]):
            kept.append(story)
            follows[story.id] = latest.date
            why[story.id] = f"{reason}; new: {new}"
        else:
            drops.append(DroppedItem(what=story.id, reason=reason))
    return RepeatSearch(stories=tuple(kept), follows=follows, reasons=why, drops=tuple(drops))


class _HistoryIndex:
    """What was told, found by page and by name."""

    def __init__(self, stories: Sequence[Story], told: Sequence[PublishedEntry]) -> None:
        self._stories = {story.id: _story_fingerprint(story) for story in stories}
        self._told = [(each, _published_fingerprint(each)) for each in told]
        spread = Counter(name for seen in self._stories.values() for name in seen.names)
        most = max(_RARE, len(stories) * _RARE_SHARE)
        self._common = {name for name, count in spread.items() if count > most}
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, (_, seen) in enumerate(self._told):
            for key in seen.pages | (seen.names - self._common):
                self._places[key].append(place)

    def matches(self, story: Story) -> list[tuple[PublishedEntry, str]]:
        """Find the entries that told a story, the latest first, each with the sign."""
        seen = self._stories[story.id]
        places = {place for key in seen.pages | seen.names for place in self._places.get(key, ())}
        near = [self._told[place] for place in sorted(places)]
        found = [
            (told, match_evidence(seen, other, common_names=self._common)) for told, other in near
        ]
        return [(told, known_by) for told, known_by in found if known_by]


def _story_fingerprint(story: Story) -> Fingerprint:
    leads = [mention.lead for mention in story.mentions]
    return fingerprint_of(
        (*story.sources, *(link.url for link in story.links)),
        " ; ".join(filter(None, leads)) or story.lead,
        [mention.text for mention in story.mentions],
        leads,
    )


def _published_fingerprint(told: PublishedEntry) -> Fingerprint:
    mentions = told.evidence.split("\n\n")
    title = _NOT_LATIN.sub(" ; ", normalize(told.title))
    shown = (told.link,) if told.link else ()
    seen = fingerprint_of((*shown, *told.links), title, mentions, [""] * len(mentions))
    # What stands first in the evidence is not what was shown.
    return seen if seen.shown_page == canonical(told.link or "") else seen._replace(shown_page=None)


def _new_information(story: Story, published: Sequence[PublishedEntry]) -> str:
    """Say what a story has that no telling had, or nothing."""
    known = {canonical(url) for each in published for url in (each.link, *each.links) if url}
    shown = {canonical(each.link) for each in published if each.link}
    names = longest_names(find_names(story.lead))
    for url in (*story.sources, *(link.url for link in story.links)):
        page = canonical(url)
        if page not in known and link_type(url) in _FIRST_HAND and _names_in_address(page, names):
            return f"link {page}"
    evidence = "\n".join(each.evidence for each in published)
    if strange := sorted(filter(is_versioned, names - find_names(evidence).keys())):
        return f"name {strange[0]}"
    text = "\n".join(
        mention.text for mention in story.mentions if not _repeats_document(mention, shown, known)
    )
    from pipeline.quantities import (
        unsupported_quantities,  # takes long to load, and is needed where there is a past
    )

    found = [
        each
        for each in unsupported_quantities(_ENGAGEMENT.sub("", text), evidence)
        if _is_newsworthy(each)
    ]
    if len({(each.value, each.unit) for each in found}) >= _NEW_QUANTITIES:
        return "quantities " + ", ".join(dict.fromkeys(each.text for each in found))
    return ""


def _names_in_address(page: str, names: frozenset[str]) -> bool:
    squeezed = re.sub(r"[\W_]", "", page).casefold()
    return any(re.sub(r"\W", "", name) in squeezed for name in names)


def _repeats_document(mention: Mention, shown_pages: set[str], known_pages: set[str]) -> bool:
    """Whether a mention points to a document that was told, and can only say what that says.

    A post that was told in passing is often a remark that several stories quote.
    """
    documents = [link.url for link in mention.links if is_document(link.url)]
    return any(
        canonical(url) in (shown_pages if link_type(url) == "post" else known_pages)
        for url in documents
    )


def _is_newsworthy(quantity: "Quantity") -> bool:
    """Whether a quantity can be news by itself."""
    counted = quantity.unit or quantity.value >= _LARGE_COUNT
    return bool(counted) and not quantity.weak and quantity.unit not in _NO_FACTS


def _published_entries(digest: Mapping[str, Any]) -> Iterator[PublishedEntry]:
    for half in ("news", "tools"):
        for number, entry in enumerate(digest[half], 1):
            yield PublishedEntry(
                date=digest["date"],
                place=f"{half}:{number}",
                title=entry["title"],
                link=entry["link"],
                links=tuple(link["url"] for link in entry["links"]),
                evidence=entry["evidence"],
            )


def _date(digits: bytes) -> dt.date:
    return dt.date.fromisoformat(digits.decode())
