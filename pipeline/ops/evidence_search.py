"""Entry -> evidence: the mentions of an issue that an entry of any digest tells.

Pure. For digests whose entries do not carry their evidence; `check` asks. Mentions are chosen by
the entry's link, its Latin names and its topic words, never by its numbers: a wrong number must
not find itself a mention that happens to have it. For the same reason no mention is chosen for one
name that nothing else of the entry goes with.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.chinese import without_spacing
from pipeline.records import Entry, Mention, Story
from pipeline.urls import canonical

_NAME = re.compile(r"[a-z0-9]+(?:[ '’._/&+-]+[a-z0-9]+)*")
_WORD = re.compile(r"[a-z0-9]+")
_TITLE = 1.5  # the title names what the entry is about, the summary also what that is like
_ENOUGH = 4.0  # words worth this much find a story: about one that 5 mentions of 300 have
_RARE = 2.5  # a word worth this much in the title ties the link's mention to the entry
_TOPIC = 4.0  # English of a Chinese word that is worth less is in too many mentions to tell
_NEAR = 0.4  # of the best score, for the link's own mentions
_FAR = 0.25  # of the best score, for those of them that have such a word
_SAME = 0.45  # of the weight of the words found so far, for a mention that tells the same
_MORE = 5  # mentions that may join for telling the same
_TIED = 6.0  # words shared with those found, for a mention that adds a single name
_REST = 3  # mentions that may join for what nothing so far tells

BY_LINK_ALONE = "link"
"""Why a mention stands in the evidence that shares nothing but its link with the entry."""


class _IndexedMention(NamedTuple):
    """A mention with what it can be recognised by."""

    position: int
    mention: Mention
    story: Story
    words: frozenset[str]
    addresses: frozenset[str]


class _EntryWord(NamedTuple):
    """A word of an entry that the issue knows."""

    weight: float
    name: str
    in_title: bool
    is_topic: bool


_EntryWords = dict[str, _EntryWord]


class EvidenceIndex:
    """The mentions of one issue, ready to be matched with entries."""

    def __init__(self, stories: Iterable[Story], topics: Mapping[str, str] | None = None) -> None:
        """Take the words of every mention.

        Args:
            stories: all stories of the issue.
            topics: Chinese words of an entry, each with the English that the issue has for it.
        """
        self._topics = topics or {}
        pairs = [(mention, story) for story in stories for mention in story.mentions]
        pairs.sort(key=lambda pair: (len(pair[0].id), pair[0].id))
        words = [
            _words(" ".join([mention.text, *(link.text for link in mention.links)]))
            for mention, _ in pairs
        ]
        self._mentions = [
            _IndexedMention(
                place,
                mention,
                story,
                _word_pairs(words[place]).union(words[place]),
                frozenset(canonical(link.url) for link in mention.links),
            )
            for place, (mention, story) in enumerate(pairs)
        ]
        self._single_words = frozenset(word for each in words for word in each)
        count = Counter(word for told in self._mentions for word in told.words)
        self._rarity = {word: math.log(len(self._mentions) / n) for word, n in count.items()}

    def match(self, entry: Entry) -> Story | None:
        """Find the evidence of one entry.

        Returns:
            A story of the mentions that tell what the entry tells, the surest first, with the
            reason for each in `joins`; None when nothing in the issue is like it.
        """
        said = self._entry_words(entry)
        chosen = self._seed_mentions(entry.link, said)
        if not chosen:
            return None
        chosen += self._similar_mentions(chosen, said)
        chosen += self._mentions_of_new_names(chosen, said)
        chosen += self._subject_mentions(chosen, said)
        return Story(
            id=chosen[0].story.id,
            mentions=tuple(told.mention for told in chosen),
            joins=tuple(_reason(told, entry.link, said) for told in chosen),
        )

    def _entry_words(self, entry: Entry) -> _EntryWords:
        said: _EntryWords = {}
        for text, title in ((entry.title, True), (entry.summary, False)):
            names = [(name, 0.0) for name in _NAME.findall(_fold(text))]
            tight = without_spacing(text)
            names += [(_fold(e), _TOPIC) for chinese, e in self._topics.items() if chinese in tight]
            for name, least in names:
                words = _words(name)
                # Two words are one where the issue writes them so.
                for word in (*words, *sorted(_word_pairs(words) & self._single_words)):
                    if self._rarity.get(word, -1.0) >= least:
                        weight = self._rarity[word] * (_TITLE if title else 1)
                        said.setdefault(word, _EntryWord(weight, name, title, is_topic=least > 0))
        return said

    def _seed_mentions(self, link: str | None, said: _EntryWords) -> list[_IndexedMention]:
        """Choose the mentions that have the link, or else the one that is most like the entry."""
        address = canonical(link) if link else None
        linked = [told for told in self._mentions if address in told.addresses]
        linked.sort(key=lambda told: -_score(told, said))
        if not self._mentions:
            return []
        likely = max(
            self._mentions, key=lambda told: (_robust_score(told, said), _score(told, said))
        )
        near = _score(linked[0], said) if linked else 0.0
        if linked and (
            _robust_score(likely, said) < _ENOUGH or near >= _NEAR * _score(likely, said)
        ):
            return [told for told in linked if _score(told, said) >= _NEAR * near]
        if _score(likely, said) < _ENOUGH:
            return []
        rare = {
            word for word, each in said.items() if each.in_title and self._rarity[word] >= _RARE
        }
        far = _FAR * _score(likely, said)
        tied = [told for told in linked if told.words & rare and _score(told, said) >= far]
        return [*tied, likely]

    def _similar_mentions(
        self, chosen: Sequence[_IndexedMention], said: _EntryWords
    ) -> list[_IndexedMention]:
        """Choose mentions that share what the first ones have in common with the entry."""
        known, new = _partition_words(said, chosen)
        needed = max(_ENOUGH, _SAME * math.fsum(each.weight for each in known.values()))
        named = {word for word, each in known.items() if not each.is_topic}
        stories = {told.story.id for told in chosen}
        others = [
            told
            for told in self._mentions
            if told not in chosen
            and told.words & named
            and (told.story.id in stories or _score(told, known) >= needed)
        ]
        others.sort(key=lambda told: -_score(told, known) - _robust_score(told, new))
        return others[:_MORE]

    def _mentions_of_new_names(
        self, chosen: Sequence[_IndexedMention], said: _EntryWords
    ) -> list[_IndexedMention]:
        """Choose mentions for names that none so far has, if they share more than such a name."""
        found: list[_IndexedMention] = []
        for _ in range(_REST):
            known, new = _partition_words(said, [*chosen, *found])
            new = {word: each for word, each in new.items() if self._rarity[word] >= _RARE}
            title = {word for word, each in known.items() if each.in_title}
            ranked = []
            for told in self._mentions:
                if not told.words & new.keys():
                    continue
                shared, sure = _score(told, known), _robust_score(told, new)
                tied = shared >= _TIED and told.words & title
                if tied or sure >= _RARE <= shared or self._is_beside_with_name(told, chosen, new):
                    ranked.append((shared + sure, -told.position, told))
            if not ranked:
                break
            found.append(max(ranked)[2])
        return found

    def _is_beside_with_name(
        self, told: _IndexedMention, chosen: Sequence[_IndexedMention], new: _EntryWords
    ) -> bool:
        """Whether a mention stands next to a chosen one and has a new name of two rare words."""
        names = Counter(new[word].name for word in told.words & new.keys())
        return any(n > 1 for n in names.values()) and any(
            _are_adjacent(told, one) for one in chosen
        )

    def _subject_mentions(
        self, chosen: Sequence[_IndexedMention], said: _EntryWords
    ) -> list[_IndexedMention]:
        """Choose mentions that tell the subject with more than its name, now that all is found."""
        known, _ = _partition_words(said, chosen)
        named = {word: each for word, each in known.items() if not each.is_topic}
        title = {word for word, each in known.items() if each.in_title}
        others = [
            told
            for told in self._mentions
            if told not in chosen and told.words & title and _robust_score(told, named) >= _ENOUGH
        ]
        return sorted(others, key=lambda told: -_score(told, known))[:_REST]


def match(entry: Entry, stories: Iterable[Story]) -> Story | None:
    """Find the evidence of one entry among the stories of an issue; see `Index.match`."""
    return EvidenceIndex(stories).match(entry)


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _words(text: str) -> list[str]:
    """Take the Latin words of a text in order, without their numbers."""
    found = _WORD.findall(_fold(text))
    return [word for each in found if len(word := each.strip("0123456789")) > 1]


def _word_pairs(words: Sequence[str]) -> frozenset[str]:
    """Join neighbours, so that Flash Attention is FlashAttention."""
    return frozenset(first + second for first, second in pairwise(words))


def _score(told: _IndexedMention, said: _EntryWords) -> float:
    # fsum gives the same sum in whichever order a set comes.
    return math.fsum(said[word].weight for word in told.words & said.keys())


def _robust_score(told: _IndexedMention, said: _EntryWords) -> float:
    """Score a mention as if the weightiest name that it shares were wrong."""
    names: dict[str, list[float]] = {}
    for word in told.words & said.keys():
        names.setdefault(said[word].name, []).append(said[word].weight)
    sums = [math.fsum(weights) for weights in names.values()]
    return math.fsum(sums) - max(sums, default=0.0)


def _partition_words(
    said: _EntryWords, chosen: Sequence[_IndexedMention]
) -> tuple[_EntryWords, _EntryWords]:
    """Part the words that the chosen mentions have from those that none of them has."""
    have = frozenset[str]().union(*(told.words for told in chosen))
    known = {word: each for word, each in said.items() if word in have}
    return known, {word: each for word, each in said.items() if word not in have}


def _are_adjacent(one: _IndexedMention, other: _IndexedMention) -> bool:
    return one.mention.section == other.mention.section and abs(one.position - other.position) == 1


def _reason(told: _IndexedMention, link: str | None, said: _EntryWords) -> str:
    shared = sorted(told.words & said.keys(), key=lambda word: (-said[word].weight, word))
    names = f"names {', '.join(shared[:6])}" if shared else ""
    by_link = BY_LINK_ALONE if link and canonical(link) in told.addresses else ""
    return "; ".join(filter(None, (by_link, names)))
