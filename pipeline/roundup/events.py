"""Entries of several digests -> events: those that tell the same thing, oldest first.

Pure. Two entries tell one event where the later one would have been known for a repeat of the
earlier, by the rule of `history`, or says that it follows that digest and shares a name or a page
with an entry of it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from pipeline.history import Fingerprint, entry_fingerprint, match_evidence
from pipeline.merge import rarity_limit
from pipeline.records import Entry, EntryKind

_MAX_TITLES = 2
"""Entries of one digest that may have a name which tells an event."""
_REACH = 40
"""How many later entries of one name or page an entry is compared with."""


class PublishedEntry(NamedTuple):
    """One entry of a digest of the period."""

    digest: str
    """Name of the digest."""
    half: EntryKind
    number: int
    """Its place in that half, from 1."""
    entry: Entry
    weight: float
    """How much it matters; comparable within the period."""

    @property
    def order(self) -> tuple[str, int, str, int]:
        """What it is sorted by, the oldest first."""
        return self.digest[:10], int(self.digest[11:] or 1), self.half, self.number


class Event(NamedTuple):
    """What one or several entries tell."""

    entries: tuple[PublishedEntry, ...]
    """Oldest first."""

    @property
    def days(self) -> int:
        """On how many days it was told."""
        return len({one.digest[:10] for one in self.entries})

    @property
    def half(self) -> EntryKind:
        """The half that its newest entry stands in."""
        return self.entries[-1].half

    @property
    def best(self) -> PublishedEntry:
        """Its weightiest entry, of equal ones the newest."""
        return max(self.entries, key=lambda one: (one.weight, one.order))


def find_events(entries: Sequence[PublishedEntry]) -> tuple[Event, ...]:
    """Put the entries together that tell one event; each is in one event."""
    return _EventSearch(sorted(entries, key=lambda one: one.order)).events()


class _EventSearch:
    def __init__(self, entries: Sequence[PublishedEntry]) -> None:
        self._entries = entries
        self._event_of = list(range(len(entries)))

    def events(self) -> tuple[Event, ...]:
        for one, other in self._candidates():
            if self._tells_again(one, other):
                self._join(one, other)
        for place, entry in enumerate(self._entries):
            if entry.entry.follows is not None:
                self._join_followed(place, entry.entry.follows.isoformat())
        found: dict[int, list[PublishedEntry]] = defaultdict(list)
        for place, entry in enumerate(self._entries):
            found[self._root(place)].append(entry)
        return tuple(Event(tuple(members)) for members in found.values())

    def _join_followed(self, place: int, day: str) -> None:
        """Join an entry that says which digest it follows with the one entry most like it there."""
        there = [one for one in range(place) if self._entries[one].digest[:10] == day]
        if self._root(place) in map(self._root, there):
            return
        shared = {one: self._shared(one, place) for one in there}
        most = max(shared.values(), default=0)
        # Where several are equally like it, nothing says which one is meant.
        if most and list(shared.values()).count(most) == 1:
            self._join(max(shared, key=shared.__getitem__), place)

    @cached_property
    def _fingerprints(self) -> list[Fingerprint]:
        """Those of the entries, without pages that several entries of one digest carry."""
        found = [_fingerprint(one.entry) for one in self._entries]
        shared = self._in_one_digest((fingerprint.pages for fingerprint in found), 1)
        return [
            fingerprint._replace(pages=fingerprint.pages - (shared - {fingerprint.shown_page}))
            for fingerprint in found
        ]

    @cached_property
    def _common_names(self) -> frozenset[str]:
        """Names that say little of which event is meant."""
        names = [fingerprint.names for fingerprint in self._fingerprints]
        counts = Counter(name for own in names for name in own)
        limit = rarity_limit(len(self._entries))
        common = {name for name, count in counts.items() if count > limit}
        return frozenset(common) | self._in_one_digest(names, _MAX_TITLES)

    def _in_one_digest(self, keys: Iterable[frozenset[str]], most: int) -> frozenset[str]:
        """Give the keys that more entries of one digest have than so many."""
        counts = Counter(
            (one.digest, key) for one, own in zip(self._entries, keys, strict=True) for key in own
        )
        return frozenset(key for (_, key), count in counts.items() if count > most)

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Give the pairs that have a page or a rare name in common, an earlier and a later one."""
        places: dict[str, list[int]] = defaultdict(list)
        for place, found in enumerate(self._fingerprints):
            for key in found.pages | (found.names - self._common_names):
                places[key].append(place)
        pairs = {pair for shared in places.values() for pair in _pairs(shared)}
        return iter(sorted(pairs))

    def _tells_again(self, one: int, other: int) -> bool:
        if self._entries[one].digest == self._entries[other].digest:
            return False
        earlier, later = self._fingerprints[one], self._fingerprints[other]
        return match_evidence(later, earlier, common_names=self._common_names) is not None

    def _shared(self, one: int, other: int) -> int:
        earlier, later = self._fingerprints[one], self._fingerprints[other]
        return len(earlier.names & later.names) + len(earlier.pages & later.pages)

    def _root(self, place: int) -> int:
        while self._event_of[place] != place:
            place = self._event_of[place]
        return place

    def _join(self, one: int, other: int) -> None:
        first, second = sorted((self._root(one), self._root(other)))
        self._event_of[second] = first


def _pairs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Pair each place with those a little further on, so that many of one name stay linear."""
    for at, place in enumerate(places):
        for other in places[at + 1 : at + 1 + _REACH]:
            yield place, other


def _fingerprint(entry: Entry) -> Fingerprint:
    urls = (*((entry.link,) if entry.link else ()), *(link.url for link in entry.links))
    return entry_fingerprint(urls, title=entry.title, evidence=entry.evidence)
