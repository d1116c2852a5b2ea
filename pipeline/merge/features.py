"""What a mention is about, in a form that can be compared: for `merge`.

The words of a mention weigh as much as they are rare within the issue, and more in its lead and its
first sentence, which say what it tells.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.merge.titles import (
    GENERIC_NAME,
    find_announced,
    find_coined,
    find_names,
    find_versions,
    full_names,
    normalize,
    same_version,
)
from pipeline.recaps import RECAPS
from pipeline.records import Mention
from pipeline.urls import canonical, link_type

__all__ = ["Features", "comparable_words", "extract_features", "find_names", "normalize"]

# How much a word counts by where it stands: in the lead, in the first sentence, further on in the
# first line, in a nested bullet. A nested bullet may tell something else altogether.
_IN_LEAD, _IN_HEAD, _IN_LINE, _IN_BULLET = 2.0, 1.4, 1.0, 0.5
_PART_OF_NAME = 0.5  # share of it for a word that is part of a name, which counts as well
_HEAD_CHARS = 240  # of a first sentence that never ends
_START_CHARS = 120  # of the first sentence, in which a release is named
_SENTENCE_END = re.compile(r"[.!?]['\"”)]*\s+(?=[A-Z\"“@])")

_ATOM = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*[^\W\d_]{0,3}%?")
_STOP = re.compile(
    r"the|and|for|with|that|this|from|are|was|were|ha(s|ve|d)|its|their|them|they|there|here|can|will"
    r"|(c|w|sh)ould|may|might|into|over|than|then|also|about|not|all|any|some|more|most|others?|one"
    r"|two|wh(o|at|ich|en|ere|y)|how|new|us(e|ed|es|ing|ers?)|members?|community|discuss(ed|ing|ions?)"
    r"|channel|shared|noted|reported|mentioned|like|just|via|per|you|your|our|his|her|out|be(en|ing)"
    r"|such|each|while|these|those|activity|score|comments|posts?|links?|image"
)
# A name in more mentions than this says what the day was about, not which event a mention tells.
_RARE_MENTIONS, _RARE_SHARE = 6, 0.03
# A word in more mentions than this says nothing about any of them.
_COMMON_MENTIONS, _COMMON_SHARE = 8, 0.10
# One in more mentions than this is not looked for, only counted.
_FREQUENT_MENTIONS, _FREQUENT_SHARE = 8, 0.04
_HANDLE = re.compile(r"@\S+")
_WORD_CHARS, _STEM_CHARS = 3, 7


@dataclass(frozen=True)
class Features:
    """One mention, ready to be compared."""

    words: dict[str, float]
    """Weight per word that is rare in the issue; with the frequent ones the squares add up to 1."""
    frequent: dict[str, float]
    """Weight per word that many mentions have, but not a great many."""
    names: dict[str, str]
    """Rare names of its lead and first sentence: the form for comparing, and as it is written."""
    subject_names: frozenset[str]
    """Those of them that its lead says in full, with a version or in three words or more."""
    announced: frozenset[str]
    """What its lead names and says has come out, or else its first words; not only rare names."""
    versions: dict[str, frozenset[tuple[str, str]]]
    """Versions and their variants, `3` and `flash`, per family of the lead."""
    links: tuple[str, ...]
    """Pages about one thing that it points to, in the form for comparing; not its own thread."""
    lead: str
    """Its lead, folded, or the first sentence."""

    def is_unrelated_to(self, other: "Features") -> bool:
        """Whether both have no page, no rare name and nothing that came out in common."""
        return (
            self.names.keys().isdisjoint(other.names)
            and self.announced.isdisjoint(other.announced)
            and not any(page in other.links for page in self.links)
        )

    def has_compatible_versions(self, other: "Features") -> bool:
        """Whether the leads of both could speak of the same version of everything they name."""
        return all(
            any(same_version(one, another) for one in those for another in other.versions[family])
            for family, those in self.versions.items()
            if family in other.versions
        )


@dataclass
class _RawFeatures:
    """One mention, before anything is known about the others."""

    lead: str
    start: str = ""  # the first words after the lead
    words: dict[str, float] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    lead_names: dict[str, str] = field(default_factory=dict)
    body_names: set[str] = field(
        default_factory=set
    )  # names outside leads, where case means something


@dataclass(frozen=True)
class _Vocabulary:
    """How an issue uses its words."""

    weights: dict[str, float]  # per word that says something
    frequent: frozenset[str]  # those of them that many mentions have
    rare: frozenset[str]  # names that few mentions have
    coined: frozenset[str]  # compound names, however many mentions have them


def extract_features(mentions: Sequence[Mention]) -> tuple[Features, ...]:
    """Read every mention of an issue, rare words weighing more."""
    drafts = [_raw_features(mention) for mention in mentions]
    usage = _vocabulary(drafts)
    return tuple(
        _features(mention, draft, usage) for mention, draft in zip(mentions, drafts, strict=True)
    )


def comparable_words(text: str) -> set[str]:
    """Find the words and names of a text, in the form for comparing."""
    folded = normalize(text)
    return {*_words(folded), *find_names(folded)}


def _raw_features(mention: Mention) -> _RawFeatures:
    """Weigh the words by place."""
    draft = _RawFeatures(lead=normalize(mention.lead))
    for text, weight in _segments(normalize(mention.text), draft.lead):
        # Who said it in a Discord channel is nothing's name; on Twitter it may well be.
        in_discord = RECAPS[mention.part].recap == "discord"
        names = find_names(_HANDLE.sub("", text) if in_discord else text)
        # A name of three words is one thing in common, not four.
        parts = {part for spelled in names.values() for part in _words(spelled)}
        for word in _words(text):
            draft.words.setdefault(word, weight * _PART_OF_NAME if word in parts else weight)
        for name in names:
            draft.words.setdefault(name, weight)
        if weight == _IN_LEAD:
            draft.lead_names.update(names)
        else:
            draft.body_names.update(names)
        if weight in (_IN_LEAD, _IN_HEAD):
            draft.names |= names
            draft.lead = draft.lead or text
        if weight == _IN_HEAD:
            draft.start = text[:_START_CHARS]
    return draft


def _segments(text: str, lead: str) -> Iterator[tuple[str, float]]:
    """Cut a mention into its lead, its first sentence, the rest of the line, and the bullets."""
    line, _, bullets = text.partition("\n")
    start = len(lead) if line.startswith(lead) else 0
    end = _SENTENCE_END.search(line, start + 2)
    head = min(end.start() if end else len(line), start + _HEAD_CHARS)
    yield line[:start], _IN_LEAD
    yield line[start:head], _IN_HEAD
    yield line[head:], _IN_LINE
    yield bullets, _IN_BULLET


def _vocabulary(drafts: Sequence[_RawFeatures]) -> _Vocabulary:
    """Count in how many mentions each word stands."""
    spread = Counter(word for draft in drafts for word in draft.words)
    plain = {name for draft in drafts for name in draft.body_names}

    def most(mentions: int, share: float) -> float:
        return max(mentions, len(drafts) * share)

    weights = {
        word: math.log(1 + len(drafts) / count)
        for word, count in spread.items()
        if count <= most(_COMMON_MENTIONS, _COMMON_SHARE)
    }
    return _Vocabulary(
        weights=weights,
        frequent=frozenset(
            word for word in weights if spread[word] > most(_FREQUENT_MENTIONS, _FREQUENT_SHARE)
        ),
        rare=frozenset(
            name
            for name in {name for draft in drafts for name in draft.names}
            if spread[name] <= most(_RARE_MENTIONS, _RARE_SHARE)
            and (name in plain or any(letter.isdigit() for letter in name))
            and not GENERIC_NAME.fullmatch(name)
        ),
        coined=frozenset(find_coined(name for draft in drafts for name in draft.names.values())),
    )


def _features(mention: Mention, draft: _RawFeatures, usage: _Vocabulary) -> Features:
    words = {
        word: part * usage.weights[word]
        for word, part in draft.words.items()
        if word in usage.weights
    }
    length = math.sqrt(sum(weight * weight for weight in words.values())) or 1.0
    parts: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for word, weight in words.items():
        parts[word in usage.frequent][word] = weight / length
    return Features(
        words=parts[0],
        frequent=parts[1],
        names={name: spelled for name, spelled in draft.names.items() if name in usage.rare},
        subject_names=frozenset(full_names(draft.lead_names) & usage.rare),
        announced=find_announced(draft.lead, draft.start, usage.coined),
        versions=find_versions(draft.lead),
        links=tuple(_topic_pages(mention)),
        lead=draft.lead.casefold(),
    )


def _topic_pages(mention: Mention) -> dict[str, None]:
    """List the pages about one thing that a mention points to; no Reddit post points to its own."""
    without = {"hub", "own", "chat", "thread" if mention.part == "reddit" else ""}
    urls = [link.url for link in mention.links]
    return dict.fromkeys(canonical(url) for url in urls if link_type(url) not in without)


def _words(text: str) -> list[str]:
    return [stem for atom in _ATOM.findall(text) if (stem := _stem(atom))]


@lru_cache(maxsize=2**15)
def _stem(atom: str) -> str:
    """Cut a word to its stem; nothing is left of one that says little."""
    word = atom.casefold()
    if (len(word) < _WORD_CHARS and not word[0].isdigit()) or _STOP.fullmatch(word):
        return ""
    return word[:_STEM_CHARS] if word.isalpha() else word
