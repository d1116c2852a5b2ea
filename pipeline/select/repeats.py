"""Whether two stories of one issue tell one event, for a digest that the code chooses alone.

`merge` joins mentions only where it is nearly certain, since what is joined wrongly cannot be
parted again. Here the later story is only left out, so less is enough: the same page, most of the
words that matter in what both begin with, or one product by its name and version. Two versions of
a product stay apart.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.records import Story
from pipeline.urls import canonical, link_type

_HEAD_CHARS = 220
_ALIKE = 0.42  # share of the lighter story's words that both have
_SHARED_NAMES = 2  # rare names that both headlines have, or one with a version
_RARE = 4  # stories that may have a rare name, or so many of a hundred
_RARE_SHARE = 0.03
_LEAST_WORDS = 3
_STEM_LETTERS = 5  # of a word that loses its ending
_WORD = re.compile(r"[A-Za-z][\w’'.+-]*[\w+]|\d[\w.%+-]*\w|\d")
_VERSION = re.compile(r"\b([A-Za-z]{2,}[A-Za-z]*)[ -]?(v?\d+(?:\.\d+)*[a-z]?)\b")
_STOP_WORDS = (
    "the a an and or of for to in on with by at from as is are was were be been has have had it its"
    " this that these those their new now more most very than over under into out up about after"
    " via users user model models ai llm open source released release releases launches launched"
    " announced announces introduces introduced using use used can will how what why not one two"
    " all some also just members community discord reddit twitter activity"
)
_STOP = frozenset(_STOP_WORDS.split())
_VERSIONED = re.compile(r"[a-z].*\d|\d.*[a-z]")  # not the 2 of Mercury 2 alone
_HUBS = frozenset({"hub", "thread", "post", "video"})


class Head(NamedTuple):
    """What a story begins with."""

    words: Mapping[str, float]
    """Its words, in small letters and without endings, each with its weight."""
    names: frozenset[str]
    """Names in its headline."""
    versions: Mapping[str, frozenset[str]]
    """Versions by what they are of."""
    pages: frozenset[str]


class EventIndex:
    """Compares the stories of one issue."""

    def __init__(self, stories: Sequence[Story]) -> None:
        """Remember how rare each word is among the stories."""
        self._counts = Counter(word for story in stories for word in set(_words(_head(story))))
        self._total = len(stories)

    def read(self, story: Story) -> Head:
        """Read what a story begins with."""
        text = _head(story)
        words = Counter(_words(text))
        weights = {word: self._weight(word) * (1.5 if _is_name(word) else 1.0) for word in words}
        lead = story.mentions[0].lead or text[:80]
        rare = max(_RARE, self._total * _RARE_SHARE)
        names = {
            _stem(word)
            for word in _WORD.findall(lead)
            if re.search(r"[A-Z\d]", word) and self._counts[_stem(word)] <= rare
        }
        return Head(weights, frozenset(names - _STOP), _versions(text), _pages(story))

    def _weight(self, word: str) -> float:
        return math.log(1 + self._total / (1 + self._counts[word]))


def same_event(one: Head, other: Head) -> bool:
    """Whether two stories tell one event."""
    if one.pages & other.pages:
        return True
    if any(
        one.versions[name].isdisjoint(other.versions[name])
        for name in one.versions.keys() & other.versions.keys()
    ):
        return False
    names = one.names & other.names
    if len(names) >= _SHARED_NAMES or any(_VERSIONED.search(name) for name in names):
        return True
    shared = one.words.keys() & other.words.keys()
    weights = sorted(math.fsum(it.words.values()) for it in (one, other))
    common = math.fsum(min(one.words[word], other.words[word]) for word in shared)
    return len(shared) >= _LEAST_WORDS and common >= _ALIKE * weights[0]


def _head(story: Story) -> str:
    first = story.mentions[0]
    return first.text[: len(first.lead) + _HEAD_CHARS]


def _words(text: str) -> Iterable[str]:
    return [word for raw in _WORD.findall(text) if (word := _stem(raw)) not in _STOP]


def _stem(word: str) -> str:
    low = word.casefold().replace("’", "'").removesuffix("'s")
    return (
        low
        if _is_name(low) or len(low) < _STEM_LETTERS
        else re.sub(r"(?:ing|ed|es|s|ation|ions?)$", "", low)
    )


def _is_name(word: str) -> bool:
    return re.search(r"\d", word) is not None


def _versions(text: str) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, version in _VERSION.findall(text):
        found.setdefault(name.casefold(), set()).add(version.removeprefix("v"))
    return {name: frozenset(versions) for name, versions in found.items()}


def _pages(story: Story) -> frozenset[str]:
    return frozenset(canonical(url) for url in story.sources[:2] if link_type(url) not in _HUBS)
