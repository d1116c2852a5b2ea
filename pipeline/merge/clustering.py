"""Bonds between pairs -> clusters of mentions that tell one event: for `merge`.

The strongest pairs are joined first, and two clusters only when they are alike on the whole: one
mention that tells two things cannot chain two events together. Then come the clusters that announce
the same thing, and those whose words, taken together, are much the same.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.merge.features import Traits

Pair = tuple[int, int]
"""Places of two mentions, the earlier first."""
Members = tuple[int, ...]
"""Places of the mentions of one cluster, ascending."""

_JOIN, _WHOLE = 0.40, 0.30  # the bond that joins two clusters, and the mean of all bonds between
_TOGETHER = 0.32  # likeness of all words of two clusters, of which one has two mentions or more
_HEADS = 0.30  # likeness of a label and what it heads
_MAX_MENTIONS = 24  # beyond that, whatever joins them is the day's subject and no event


class Bond(NamedTuple):
    """What speaks for two mentions telling the same event."""

    strength: float
    """0 for nothing; 1 or more for two texts that are the same."""
    why: str
    """The best reason, in one clause."""


def cluster(
    places: Iterable[int], bonds: Mapping[Pair, Bond], about: Sequence[Traits]
) -> list[Members]:
    """Sort mentions into clusters, in the order of their first members."""
    return _together(_announced(_linked(places, bonds), about), about)


def attach(
    labels: Collection[int], clusters: Iterable[Members], headed: Mapping[Pair, Bond]
) -> list[Members]:
    """Add each label to the cluster of what it heads most likely, or let it stand alone."""
    whole = [set(members) for members in clusters]
    home = {place: members for members in whole for place in members}
    for label in sorted(labels):
        bonds = [(bond.strength, -sum(pair)) for pair, bond in headed.items() if label in pair]
        strength, place = max(bonds, default=(0.0, 0))
        if strength >= _HEADS:
            home[-place - label].add(label)
        else:
            whole.append({label})
    return sorted(tuple(sorted(members)) for members in whole)


def dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Multiply the weights of the words in common and add up, in the same order in every run."""
    return sum([weight * other[word] for word, weight in one.items() if word in other])


def _linked(places: Iterable[int], bonds: Mapping[Pair, Bond]) -> list[Members]:
    """Join the strongest pairs first, and two clusters only if they are alike on the whole."""
    home = {place: [place] for place in places}
    for pair in sorted(bonds, key=lambda pair: (-bonds[pair].strength, pair)):
        if bonds[pair].strength < _JOIN:
            break
        one, other = home[pair[0]], home[pair[1]]
        if one is other or len(one) + len(other) > _MAX_MENTIONS:
            continue
        if _alike(one, other, bonds):
            one += other
            home.update(dict.fromkeys(other, one))
    return _in_order(home.values())


def _alike(one: Sequence[int], other: Sequence[int], bonds: Mapping[Pair, Bond]) -> bool:
    """Whether two clusters are alike on the whole: by the mean of all bonds between them."""
    pairs = [(min(a, b), max(a, b)) for a in one for b in other]
    total = sum(bonds[pair].strength for pair in pairs if pair in bonds)
    return total >= _WHOLE * len(pairs)


def _announced(clusters: Sequence[Members], about: Sequence[Traits]) -> list[Members]:
    """Join the clusters of which half or more says that the same thing has come out.

    On the day of a great release its name is in so many mentions that it tells none of them apart.
    """
    home = _homes(clusters)
    by_thing: dict[str, list[int]] = defaultdict(list)
    for members in clusters:
        said = Counter(thing for place in members for thing in about[place].announces)
        for thing, count in said.items():
            if count * 2 >= len(members):
                by_thing[thing].append(members[0])
    for _, firsts in sorted(by_thing.items()):
        for other in firsts[1:]:
            _merge(home, firsts[0], other)
    return _in_order(home.values())


def _together(clusters: Sequence[Members], about: Sequence[Traits]) -> list[Members]:
    """Join clusters whose words, all taken together, are much the same."""
    home = _homes(clusters)
    likeness = _likeness(clusters, about)
    for a, b in sorted(likeness, key=lambda pair: (-likeness[pair], pair)):
        # Either may have grown since, and with it the words that it stands for.
        if home[a] is not home[b] and about[a].agrees(about[b]):
            one, other = (_centre(home[each], about) for each in (a, b))
            if dot(one, other) >= _TOGETHER:
                _merge(home, a, b)
    return _in_order(home.values())


def _likeness(clusters: Sequence[Members], about: Sequence[Traits]) -> dict[Pair, float]:
    """Compare each cluster of two mentions or more with every other, by their first members.

    Two single mentions have had their say. Only those pairs are given that are alike enough.
    """
    centres = {members[0]: _centre(members, about) for members in clusters}
    large = {members[0] for members in clusters if len(members) > 1}
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for first, centre in centres.items():
        for word, weight in centre.items():
            postings[word].append((first, weight))
    likeness: dict[Pair, float] = {}
    for a in large:
        row: dict[int, float] = {}
        for word, weight in centres[a].items():
            for b, other in postings[word]:
                row[b] = row.get(b, 0.0) + weight * other
        for b, alike in row.items():
            if alike >= _TOGETHER and (b > a or b not in large):
                likeness[min(a, b), max(a, b)] = alike
    return likeness


def _homes(clusters: Iterable[Members]) -> dict[int, list[int]]:
    """Map each mention to its cluster, one list for all of a cluster."""
    return {place: members for each in clusters for members in [list(each)] for place in members}


def _merge(home: dict[int, list[int]], one: int, other: int) -> None:
    """Put two mentions' clusters together, unless they are one or would be too large."""
    into, added = home[one], home[other]
    if into is not added and len(into) + len(added) <= _MAX_MENTIONS:
        into += added
        home.update(dict.fromkeys(added, into))


def _centre(members: Iterable[int], about: Sequence[Traits]) -> dict[str, float]:
    """Add up the words of a cluster; the squares of the weights add up to 1."""
    total: dict[str, float] = defaultdict(float)
    for place in members:
        for words in (about[place].words, about[place].frequent):
            for word, weight in words.items():
                total[word] += weight
    length = math.sqrt(sum(weight * weight for weight in total.values())) or 1.0
    return {word: weight / length for word, weight in total.items()}


def _in_order(clusters: Iterable[list[int]]) -> list[Members]:
    """List clusters, each once, by their first members."""
    return sorted({id(members): tuple(sorted(members)) for members in clusters}.values())
