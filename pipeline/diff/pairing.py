"""Which entries of two digests tell the same story; part of `diff`.

Pure. By the mentions of their evidence, else by the page that they show, else by how alike they
are; never by place, and never by the story's id, which follows salience and names another story
when the page has changed. An entry has at most one counterpart, the best one first.
"""

import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from functools import cached_property
from math import fsum
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.edits.anchors import key
from pipeline.merge.features import fold
from pipeline.records import Digest, Entry
from pipeline.signs import Seen, see, sign
from pipeline.urls import canonical, standing
from pipeline.verify.names import squeeze

_LATIN = re.compile(r"[A-Za-z0-9]+(?:[.'&+_-]+[A-Za-z0-9]+)*")
_NOT_LATIN = re.compile(r"[^\x00-\x7f]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_ABOUT_NOTHING = {"hub", "own", "chat", "picture"}
# How alike two are that tell the same, of 1. Set by eye on digests of one issue by two models, and
# on issues of consecutive days.
_SAME_EVIDENCE, _NEAR_EVIDENCE = 0.75, 0.5
_SAME_WORDS, _NEAR_WORDS, _LATER_WORDS = 0.38, 0.22, 0.6
# A name of more entries than this is what the days were about.
_RARE = 4


class Place(NamedTuple):
    """One entry, and where it stands."""

    half: str
    """`news` or `tools`."""
    number: int
    """From 1."""
    entry: Entry

    @property
    def name(self) -> str:
        """As findings name it: `news:3`."""
        return f"{self.half}:{self.number}"


class Pair(NamedTuple):
    """An entry in both versions."""

    old: Place
    new: Place


def places(digest: Digest) -> tuple[Place, ...]:
    """List the entries in their order, the news first."""
    halves = (("news", digest.news), ("tools", digest.tools))
    return tuple(
        Place(half, number, entry)
        for half, entries in halves
        for number, entry in enumerate(entries, 1)
    )


def pairs(old: Digest, new: Digest, *, same_issue: bool) -> tuple[Pair, ...]:
    """Find the entries that tell the same story.

    Args:
        old: one version.
        new: the other one.
        same_issue: whether they tell one issue; of two, one page may be shown for two stories.

    Returns:
        In the order of the new version; each entry once at most.
    """
    table = _Table(old, new)
    ways = [_evidence, _mentions]
    ways += [table.page, table.likeness] if same_issue else [table.told_again, table.later]
    found = [pair for way in ways for pair in table.best(way)]
    return tuple(sorted(found, key=lambda pair: (pair.new.half, pair.new.number)))


class _Side:
    """One entry of a version, with what it is compared by, each made when it is wanted."""

    def __init__(self, place: Place) -> None:
        self.place, self.entry = place, place.entry

    @cached_property
    def mentions(self) -> dict[str, int]:
        """Length of each mention of its evidence, by key."""
        texts = self.entry.evidence.split("\n\n") if self.entry.evidence else []
        return {key(text): len(text) for text in texts}

    @cached_property
    def urls(self) -> tuple[str, ...]:
        """Its addresses, the one that it shows first."""
        shown = (self.entry.link,) if self.entry.link else ()
        return (*shown, *(link.url for link in self.entry.links))

    @cached_property
    def shown(self) -> str:
        """The page that it shows, for comparing; empty for none."""
        return canonical(self.entry.link) if self.entry.link else ""

    @cached_property
    def pages(self) -> frozenset[str]:
        """All its pages that are about one thing."""
        return frozenset(canonical(url) for url in self.urls if _is_about(url))

    @cached_property
    def names(self) -> frozenset[str]:
        """Names and numbers of its title."""
        return frozenset(squeeze(each) for each in _LATIN.findall(self.entry.title))

    @cached_property
    def parts(self) -> frozenset[str]:
        """Names, numbers and pairs of Chinese characters of all its words."""
        text = f"{self.entry.title}\n{self.entry.summary}"
        latin = (squeeze(each) for each in _LATIN.findall(text))
        han = (run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1))
        return frozenset((*latin, *han))

    @cached_property
    def seen(self) -> Seen:
        """What it is recognised by on another day."""
        texts = self.entry.evidence.split("\n\n")
        title = _NOT_LATIN.sub(" ; ", fold(self.entry.title))
        return see(self.urls, title, texts, [""] * len(texts))


_Way = Callable[[_Side, _Side], float]


class _Table:
    """What is left of two versions, and the ways in which two entries may go together."""

    def __init__(self, old: Digest, new: Digest) -> None:
        self._before = [_Side(each) for each in places(old)]
        self._after = [_Side(each) for each in places(new)]
        self._dates = {old.date, new.date}
        self._all = (*self._before, *self._after)

    def best(self, way: _Way) -> list[Pair]:
        """Take what goes together in one way, the best first, and leave the rest."""
        scores = [
            (-score, _apart(one, other), i, j)
            for i, one in enumerate(self._before)
            for j, other in enumerate(self._after)
            if (score := way(one, other)) > 0
        ]
        olds, news = dict(enumerate(self._before)), dict(enumerate(self._after))
        found = [
            Pair(olds.pop(i).place, news.pop(j).place)
            for *_, i, j in sorted(scores)
            if i in olds and j in news
        ]
        self._before, self._after = list(olds.values()), list(news.values())
        return found

    def page(self, one: _Side, other: _Side) -> float:
        """Say whether both show one page; where more than two do, by how alike they are."""
        if not one.shown or one.shown != other.shown:
            return 0.0
        alike = self._alike(one, other)
        return 1 + alike if _is_about(one.urls[0]) or alike >= _NEAR_WORDS else 0.0

    def likeness(self, one: _Side, other: _Side) -> float:
        """Compare the evidence, or the Chinese where only that is known."""
        shared = bool(one.pages & other.pages)
        if one.entry.evidence and other.entry.evidence:
            alike = fuzz.ratio(one.entry.evidence, other.entry.evidence) / 100
            return _at_least(_NEAR_EVIDENCE if shared else _SAME_EVIDENCE, alike)
        return _at_least(_NEAR_WORDS if shared else _SAME_WORDS, self._alike(one, other))

    def told_again(self, one: _Side, other: _Side) -> float:
        """Recognise a story of another issue as the memory of earlier digests does."""
        if not (one.entry.evidence and other.entry.evidence):
            return 0.0
        alike = self._alike(one, other)
        follows = bool(self._dates & {one.entry.follows, other.entry.follows})
        if sign(other.seen, one.seen, common=self._common):
            return 1 + alike
        return _at_least(_NEAR_WORDS, alike) if follows else 0.0

    def later(self, one: _Side, other: _Side) -> float:
        """The same, where only the Chinese is known."""
        if one.entry.evidence and other.entry.evidence:
            return 0.0
        least = _NEAR_WORDS if one.pages & other.pages else _LATER_WORDS
        return _at_least(least, self._alike(one, other))

    def _alike(self, one: _Side, other: _Side) -> float:
        title = fuzz.ratio(one.entry.title, other.entry.title) / 100
        return (title + self._dice(one.names, other.names) + self._dice(one.parts, other.parts)) / 3

    def _dice(self, one: AbstractSet[str], other: AbstractSet[str]) -> float:
        """Say how much two have in common, of 1: what few entries say counts for more."""
        if not (shared := self._weigh(one & other)):
            return 0.0
        return 2 * shared / (self._weigh(one) + self._weigh(other))

    def _weigh(self, words: AbstractSet[str]) -> float:
        # Exact in any order: that of a set differs from run to run.
        return fsum(1 / self._spread[word] for word in words)

    @cached_property
    def _spread(self) -> Counter[str]:
        """In how many entries a name or a pair of characters stands."""
        return Counter(word for side in self._all for word in side.parts | side.names)

    @cached_property
    def _common(self) -> frozenset[str]:
        """Names that so many entries have that they are no sign."""
        spread = Counter(name for side in self._all for name in side.seen.names)
        return frozenset(name for name, count in spread.items() if count > _RARE)


def _is_about(url: str) -> bool:
    """Whether a page is about one thing."""
    return standing(url) not in _ABOUT_NOTHING


def _apart(one: _Side, other: _Side) -> tuple[bool, int]:
    """Of two that go together as well as two others, those go that stand nearer."""
    half = one.place.half != other.place.half
    return half, abs(one.place.number - other.place.number)


def _at_least(least: float, alike: float) -> float:
    return alike if alike >= least else 0.0


def _evidence(one: _Side, other: _Side) -> float:
    """Compare the evidence as it stands, which is quick."""
    return float(bool(one.entry.evidence) and one.entry.evidence == other.entry.evidence)


def _mentions(one: _Side, other: _Side) -> float:
    """Say how much of their evidence is the same, of 1."""
    shared = sum(one.mentions[each] for each in one.mentions.keys() & other.mentions.keys())
    whole = sum(one.mentions.values()) + sum(other.mentions.values())
    return 2 * shared / whole if shared else 0.0
