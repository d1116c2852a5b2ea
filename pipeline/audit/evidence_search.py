"""Entry -> evidence: the mentions of an issue that an entry of any digest is about.

Pure. For digests whose entries do not carry their evidence. Mentions are chosen by
the entry's link, its Latin names and its topic words, never by its numbers: a wrong number must
not find itself a mention that happens to have it. For the same reason no mention is chosen for one
name that nothing else of the entry goes with.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from pipeline.chinese import fold, without_spacing
from pipeline.records import NO_REASON, Entry, Mention, Reason, Story
from pipeline.urls import canonical

_NAME = re.compile(r"[a-z0-9]+(?:[ '’._/&+-]+[a-z0-9]+)*")
_WORD = re.compile(r"[a-z0-9]+")
_TITLE = 1.5  # the title names what the entry is about, the summary also what that is like
_ENOUGH = 4.0  # words worth this much find a story: about one that 5 mentions of 300 have
_RARE = 2.5  # a word worth this much in the title ties the link's mention to the entry
_TOPIC = 4.0  # English of a Chinese word that is worth less is in too many mentions to be evidence
_NEAR = 0.4  # of the best score, for the link's own mentions
_FAR = 0.25  # of the best score, for those of them that have such a word
_SAME = 0.45  # of the weight of the words found so far, for a mention of the same
_MORE = 5  # mentions that may join for being about the same
_TIED = 6.0  # words shared with those found, for a mention that adds a single name
_REST = 3  # mentions that may join for what none so far has


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
        self._single_words = frozenset(chain.from_iterable(words))
        count = Counter(word for candidate in self._mentions for word in candidate.words)
        self._rarity = {word: math.log(len(self._mentions) / n) for word, n in count.items()}

    def match(self, entry: Entry) -> Story | None:
        """Find the evidence of one entry.

        Returns:
            A story of the mentions that the entry is about, the surest first, with the reason for
            each in `joins`; None when nothing in the issue is like it.
        """
        words = self._entry_words(entry)
        chosen = self._seed_mentions(entry.link, words)
        if not chosen:
            return None
        chosen += self._similar_mentions(chosen, words)
        chosen += self._mentions_of_new_names(chosen, words)
        chosen += self._subject_mentions(chosen, words)
        return Story(
            id=chosen[0].story.id,
            mentions=tuple(candidate.mention for candidate in chosen),
            joins=tuple(_reason(candidate, entry.link, words) for candidate in chosen),
        )

    def _entry_words(self, entry: Entry) -> _EntryWords:
        found: _EntryWords = {}
        for text, in_title in ((entry.title, True), (entry.summary, False)):
            names = [(name, 0.0) for name in _NAME.findall(fold(text))]
            tight = without_spacing(text)
            names += [(fold(e), _TOPIC) for chinese, e in self._topics.items() if chinese in tight]
            for name, least in names:
                words = _words(name)
                # Two words are one where the issue writes them so.
                for word in (*words, *sorted(_word_pairs(words) & self._single_words)):
                    if self._rarity.get(word, -1.0) >= least:
                        weight = self._rarity[word] * (_TITLE if in_title else 1)
                        is_topic = least > 0
                        found.setdefault(word, _EntryWord(weight, name, in_title, is_topic))
        return found

    def _seed_mentions(self, link: str | None, words: _EntryWords) -> list[_IndexedMention]:
        """Choose the mentions that have the link, or else the one that is most like the entry."""
        if not self._mentions:
            return []
        address = canonical(link) if link else None
        linked = [candidate for candidate in self._mentions if address in candidate.addresses]
        linked.sort(key=lambda candidate: -_score(candidate, words))
        likely = max(
            self._mentions,
            key=lambda candidate: (_robust_score(candidate, words), _score(candidate, words)),
        )
        best, near = _score(likely, words), _score(linked[0], words) if linked else 0.0
        if linked and (_robust_score(likely, words) < _ENOUGH or near >= _NEAR * best):
            return [candidate for candidate in linked if _score(candidate, words) >= _NEAR * near]
        if best < _ENOUGH:
            return []
        rare = {word for word in _title_words(words) if self._rarity[word] >= _RARE}
        tied = [
            candidate
            for candidate in linked
            if candidate.words & rare and _score(candidate, words) >= _FAR * best
        ]
        return [*tied, likely]

    def _similar_mentions(
        self, chosen: Sequence[_IndexedMention], words: _EntryWords
    ) -> list[_IndexedMention]:
        """Choose mentions that share what the first ones have in common with the entry."""
        known, new = _partition_words(words, chosen)
        needed = max(_ENOUGH, _SAME * math.fsum(word.weight for word in known.values()))
        named = _named_words(known)
        stories = {candidate.story.id for candidate in chosen}
        others = [
            candidate
            for candidate in self._mentions
            if candidate not in chosen
            and candidate.words & named.keys()
            and (candidate.story.id in stories or _score(candidate, known) >= needed)
        ]
        others.sort(key=lambda candidate: -_score(candidate, known) - _robust_score(candidate, new))
        return others[:_MORE]

    def _mentions_of_new_names(
        self, chosen: Sequence[_IndexedMention], words: _EntryWords
    ) -> list[_IndexedMention]:
        """Choose mentions for names that none so far has, if they share more than such a name."""
        found: list[_IndexedMention] = []
        for _ in range(_REST):
            known, new = _partition_words(words, [*chosen, *found])
            new = {word: row for word, row in new.items() if self._rarity[word] >= _RARE}
            ranked = [
                (_score(candidate, known) + _robust_score(candidate, new), -candidate.position)
                for candidate in self._mentions
                if candidate.words & new.keys() and _is_tied(candidate, known, new, chosen)
            ]
            if not ranked:
                break
            found.append(self._mentions[-max(ranked)[1]])
        return found

    def _subject_mentions(
        self, chosen: Sequence[_IndexedMention], words: _EntryWords
    ) -> list[_IndexedMention]:
        """Choose mentions that share more of the subject than its name, now that all is found."""
        known, _ = _partition_words(words, chosen)
        named, title = _named_words(known), _title_words(known)
        others = [
            candidate
            for candidate in self._mentions
            if candidate not in chosen
            and candidate.words & title
            and _robust_score(candidate, named) >= _ENOUGH
        ]
        return sorted(others, key=lambda candidate: -_score(candidate, known))[:_REST]


def _words(text: str) -> list[str]:
    """Take the Latin words of a text in order, without their numbers."""
    stripped = (word.strip("0123456789") for word in _WORD.findall(fold(text)))
    return [word for word in stripped if len(word) > 1]


def _word_pairs(words: Sequence[str]) -> frozenset[str]:
    """Join neighbours, so that Flash Attention is FlashAttention."""
    return frozenset(first + second for first, second in pairwise(words))


def _title_words(words: _EntryWords) -> set[str]:
    return {word for word, row in words.items() if row.in_title}


def _named_words(words: _EntryWords) -> _EntryWords:
    return {word: row for word, row in words.items() if not row.is_topic}


def _score(candidate: _IndexedMention, words: _EntryWords) -> float:
    # fsum gives the same sum in whichever order a set comes.
    return math.fsum(words[word].weight for word in candidate.words & words.keys())


def _robust_score(candidate: _IndexedMention, words: _EntryWords) -> float:
    """Score a mention as if the weightiest name that it shares were wrong."""
    names: dict[str, list[float]] = {}
    for word in candidate.words & words.keys():
        names.setdefault(words[word].name, []).append(words[word].weight)
    sums = [math.fsum(weights) for weights in names.values()]
    return math.fsum(sums) - max(sums, default=0.0)


def _partition_words(
    words: _EntryWords, chosen: Sequence[_IndexedMention]
) -> tuple[_EntryWords, _EntryWords]:
    """Part the words that the chosen mentions have from those that none of them has."""
    have = frozenset[str]().union(*(candidate.words for candidate in chosen))
    known = {word: row for word, row in words.items() if word in have}
    return known, {word: row for word, row in words.items() if word not in have}


def _is_tied(
    candidate: _IndexedMention,
    known: _EntryWords,
    new: _EntryWords,
    chosen: Sequence[_IndexedMention],
) -> bool:
    """Whether a mention with a new name shares more with those found than such a name."""
    shared = _score(candidate, known)
    if shared >= _TIED and candidate.words & _title_words(known):
        return True
    if shared >= _RARE and _robust_score(candidate, new) >= _RARE:
        return True
    # It stands next to one of them and has a new name of two rare words.
    names = Counter(new[word].name for word in candidate.words & new.keys())
    return max(names.values()) > 1 and any(_are_adjacent(candidate, other) for other in chosen)


def _are_adjacent(one: _IndexedMention, other: _IndexedMention) -> bool:
    return one.mention.section == other.mention.section and abs(one.position - other.position) == 1


def _reason(mention: _IndexedMention, link: str | None, said: _EntryWords) -> Reason:
    shared = sorted(mention.words & said.keys(), key=lambda word: (-said[word].weight, word))
    names = ", ".join(shared[:6])
    if not (link and canonical(link) in mention.addresses):
        return Reason.of("has_names", names) if names else NO_REASON
    return Reason.of("has_link_and_names", names) if names else Reason("has_link")
