"""Which entries of two digests have the same story, which moved, and which took another's place.

Pure. Entries are matched by the mentions of their evidence, else by the page that they show, else
by how alike they are; never by place, and never by the story's id, which follows salience and names
another story when the page has changed. An entry has at most one counterpart, the best one first.
One is moved when it stands elsewhere among those that both versions have, so that an entry that
comes in on top does not move all below it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from math import fsum
from typing import NamedTuple, TypeVar

from rapidfuzz import fuzz

from pipeline.edits import text_key
from pipeline.history import Fingerprint, entry_fingerprint, match_evidence
from pipeline.records import HALVES, Digest, Edit, Entry
from pipeline.urls import canonical, is_about_one_thing
from pipeline.verify import name_key

ItemT = TypeVar("ItemT")
_LATIN = re.compile(r"[A-Za-z0-9]+(?:[.'&+_-]+[A-Za-z0-9]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]+")
# How alike two are that are about the same, of 1. Set by eye on digests of one issue by two models,
# and on issues of consecutive days.
_SAME_EVIDENCE, _NEAR_EVIDENCE = 0.75, 0.5
_SAME_WORDS, _NEAR_WORDS, _LATER_WORDS = 0.38, 0.22, 0.6
# A name of more entries than this is what the days were about.
_RARE_MAX_ENTRIES = 4


class PlacedEntry(NamedTuple):
    """One entry, and where it stands."""

    half: str
    """`news` or `tools`."""
    number: int
    """From 1."""
    entry: Entry

    @property
    def place(self) -> str:
        """As findings name it: `news:3`."""
        return f"{self.half}:{self.number}"


class EntryPair(NamedTuple):
    """An entry in both versions."""

    old: PlacedEntry
    new: PlacedEntry


def placed_entries(digest: Digest) -> tuple[PlacedEntry, ...]:
    """List the entries in their order, the news first."""
    return tuple(
        PlacedEntry(half, number, entry)
        for half, entries in digest.halves
        for number, entry in enumerate(entries, 1)
    )


def match_entries(old: Digest, new: Digest, *, same_issue: bool) -> tuple[EntryPair, ...]:
    """Find the entries that are about the same story.

    In digests of two issues one page may be shown for two stories.

    Returns:
        In the order of the new version; each entry once at most.
    """
    table = _EntryMatcher(old, new)
    ways = [_same_evidence, _shared_mentions]
    ways += (
        [table.same_page, table.text_similarity]
        if same_issue
        else [table.same_fingerprint, table.chinese_similarity]
    )
    found = [pair for way in ways for pair in table.take_best(way)]
    return tuple(sorted(found, key=lambda pair: (pair.new.half, pair.new.number)))


def find_moved(pairs: Sequence[EntryPair]) -> frozenset[str]:
    """Name the new places of the entries that are moved.

    In each half the longest row that kept its order stayed; of two such rows the one that has
    fewer entries whose place is by hand, or else more that stand where they stood. What changed
    halves is moved; of two entries that changed places both are; what has its old place is not.
    """
    stayed: set[str] = set()
    for half in HALVES.values():
        here = [pair for pair in pairs if pair.old.half == pair.new.half == half]
        stayed |= {pair.new.place for pair in _longest_ordered_run(here)}
    away = {(pair.old.place, pair.new.place) for pair in pairs if pair.new.place not in stayed}
    return frozenset(
        pair.new.place
        for pair in pairs
        if pair.new.place != pair.old.place
        and (pair.new.place not in stayed or (pair.new.place, pair.old.place) in away)
    )


def find_replacements(
    dropped: Sequence[PlacedEntry], added: Sequence[PlacedEntry], edits: Sequence[Edit]
) -> dict[str, str]:
    """Name, per old place of a dropped entry, the new place of the one that is there instead.

    That is the one which an edit swapped in, else one of the same half: the nearest one.
    """
    swaps = {
        (edit.instead.key, edit.story.key) for edit in edits if edit.do == "swap" and edit.instead
    }
    ways = sorted(
        (
            (text_key(one.entry.first_mention), text_key(other.entry.first_mention)) not in swaps,
            abs(one.number - other.number),
            i,
            j,
        )
        for i, one in enumerate(dropped)
        for j, other in enumerate(added)
        if one.half == other.half
    )
    pairs = take_best_pairs((i, j) for *_, i, j in ways)
    return {dropped[i].place: added[j].place for i, j in pairs}


def take_best_pairs(ways: Iterable[tuple[ItemT, ItemT]]) -> list[tuple[ItemT, ItemT]]:
    """Take pairs in the order in which they are given, each side of one once at most."""
    found: dict[ItemT, ItemT] = {}
    taken: set[ItemT] = set()
    for one, other in ways:
        if one not in found and other not in taken:
            found[one] = other
            taken.add(other)
    return list(found.items())


class _MatchFeatures:
    """One entry of a version, with what it is compared by, each made when it is wanted."""

    def __init__(self, place: PlacedEntry) -> None:
        self.place, self.entry = place, place.entry

    @cached_property
    def mentions(self) -> dict[str, int]:
        """Length of each mention of its evidence, by key."""
        return {text_key(text): len(text) for text in self.entry.mention_texts}

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """Its addresses, the one that it shows first."""
        shown = (self.entry.link,) if self.entry.link else ()
        return (*shown, *(link.url for link in self.entry.links))

    @cached_property
    def shown_page(self) -> str:
        """The page that it shows, for comparing; empty for none."""
        return canonical(self.entry.link) if self.entry.link else ""

    @cached_property
    def pages(self) -> frozenset[str]:
        """All its pages that are about one thing."""
        return frozenset(canonical(url) for url in self.urls if is_about_one_thing(url))

    @cached_property
    def title_names(self) -> frozenset[str]:
        """Names and numbers of its title."""
        return frozenset(name_key(name) for name in _LATIN.findall(self.entry.title))

    @cached_property
    def words(self) -> frozenset[str]:
        """Names, numbers and pairs of Chinese characters of all its words."""
        text = f"{self.entry.title}\n{self.entry.summary}"
        latin = (name_key(name) for name in _LATIN.findall(text))
        han = (run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1))
        return frozenset((*latin, *han))

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What it is recognised by on another day."""
        return entry_fingerprint(self.urls, title=self.entry.title, evidence=self.entry.evidence)


_Scorer = Callable[[_MatchFeatures, _MatchFeatures], float]


class _EntryMatcher:
    """What is left of two versions, and the ways in which two entries may go together."""

    def __init__(self, old: Digest, new: Digest) -> None:
        self._before = [_MatchFeatures(placed) for placed in placed_entries(old)]
        self._after = [_MatchFeatures(placed) for placed in placed_entries(new)]
        self._dates = {old.date, new.date}
        self._all = (*self._before, *self._after)

    def take_best(self, way: _Scorer) -> list[EntryPair]:
        """Take what goes together in one way, the best first, and leave the rest."""
        scores = [
            (-score, _distance(one, other), i, j)
            for i, one in enumerate(self._before)
            for j, other in enumerate(self._after)
            if (score := way(one, other)) > 0
        ]
        best = take_best_pairs((i, j) for *_, i, j in sorted(scores))
        found = [EntryPair(self._before[i].place, self._after[j].place) for i, j in best]
        olds, news = {i for i, _ in best}, {j for _, j in best}
        self._before = [features for i, features in enumerate(self._before) if i not in olds]
        self._after = [features for j, features in enumerate(self._after) if j not in news]
        return found

    def same_page(self, one: _MatchFeatures, other: _MatchFeatures) -> float:
        """Say whether both show one page; where more than two do, by how alike they are."""
        if not one.shown_page or one.shown_page != other.shown_page:
            return 0.0
        alike = self._similarity(one, other)
        return 1 + alike if is_about_one_thing(one.urls[0]) or alike >= _NEAR_WORDS else 0.0

    def text_similarity(self, one: _MatchFeatures, other: _MatchFeatures) -> float:
        """Compare the evidence, or the Chinese where only that is known."""
        shared = bool(one.pages & other.pages)
        if one.entry.evidence and other.entry.evidence:
            alike = fuzz.ratio(one.entry.evidence, other.entry.evidence) / 100
            return _if_at_least(_NEAR_EVIDENCE if shared else _SAME_EVIDENCE, alike)
        return _if_at_least(_NEAR_WORDS if shared else _SAME_WORDS, self._similarity(one, other))

    def same_fingerprint(self, one: _MatchFeatures, other: _MatchFeatures) -> float:
        """Recognise a story of another issue as the memory of earlier digests does."""
        if not (one.entry.evidence and other.entry.evidence):
            return 0.0
        alike = self._similarity(one, other)
        follows = bool(self._dates & {one.entry.follows, other.entry.follows})
        if match_evidence(other.fingerprint, one.fingerprint, common_names=self._common_names):
            return 1 + alike
        return _if_at_least(_NEAR_WORDS, alike) if follows else 0.0

    def chinese_similarity(self, one: _MatchFeatures, other: _MatchFeatures) -> float:
        """The same, where only the Chinese is known."""
        if one.entry.evidence and other.entry.evidence:
            return 0.0
        least = _NEAR_WORDS if one.pages & other.pages else _LATER_WORDS
        return _if_at_least(least, self._similarity(one, other))

    def _similarity(self, one: _MatchFeatures, other: _MatchFeatures) -> float:
        title = fuzz.ratio(one.entry.title, other.entry.title) / 100
        return (
            title
            + self._weighted_dice(one.title_names, other.title_names)
            + self._weighted_dice(one.words, other.words)
        ) / 3

    def _weighted_dice(self, one: AbstractSet[str], other: AbstractSet[str]) -> float:
        """Say how much two have in common, of 1: what few entries say counts for more."""
        if not (shared := self._weight(one & other)):
            return 0.0
        return 2 * shared / (self._weight(one) + self._weight(other))

    def _weight(self, words: AbstractSet[str]) -> float:
        # Exact in any order: that of a set differs from run to run.
        return fsum(1 / self._frequencies[word] for word in words)

    @cached_property
    def _frequencies(self) -> Counter[str]:
        """In how many entries a name or a pair of characters stands."""
        return Counter(word for side in self._all for word in side.words | side.title_names)

    @cached_property
    def _common_names(self) -> frozenset[str]:
        """Names that so many entries have that they are no sign."""
        spread = Counter(name for side in self._all for name in side.fingerprint.names)
        return frozenset(name for name, count in spread.items() if count > _RARE_MAX_ENTRIES)


def _distance(one: _MatchFeatures, other: _MatchFeatures) -> tuple[bool, int]:
    """Of two that go together as well as two others, those go that stand nearer."""
    half = one.place.half != other.place.half
    return half, abs(one.place.number - other.place.number)


def _if_at_least(least: float, alike: float) -> float:
    return alike if alike >= least else 0.0


def _same_evidence(one: _MatchFeatures, other: _MatchFeatures) -> float:
    """Compare the evidence as it stands, which is quick."""
    return float(bool(one.entry.evidence) and one.entry.evidence == other.entry.evidence)


def _shared_mentions(one: _MatchFeatures, other: _MatchFeatures) -> float:
    """Say how much of their evidence is the same, of 1."""
    shared = sum(one.mentions[mention] for mention in one.mentions.keys() & other.mentions.keys())
    whole = sum(one.mentions.values()) + sum(other.mentions.values())
    return 2 * shared / whole if shared else 0.0


def _longest_ordered_run(pairs: Sequence[EntryPair]) -> list[EntryPair]:
    """Find the longest row of entries that stand in the same order in both versions."""
    best: list[tuple[tuple[int, int, int], list[EntryPair]]] = []
    for pair in sorted(pairs, key=lambda pair: pair.new.number):
        before = [row for row in best if row[1][-1].old.number < pair.old.number]
        (length, by_hand, same), row = max(before, key=lambda row: row[0], default=((0, 0, 0), []))
        here = "place" in (*pair.old.entry.edited, *pair.new.entry.edited)
        stays = pair.old.place == pair.new.place
        best.append(((length + 1, by_hand - here, same + stays), [*row, pair]))
    return max(best, key=lambda row: row[0], default=((0, 0, 0), []))[1]
