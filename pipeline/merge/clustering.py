"""Bonds between pairs -> clusters of mentions that tell one event: for `merge`.

The strongest pairs are joined first, and two clusters only when they are alike on the whole: one
mention that tells two things cannot chain two events together. Then come the clusters that announce
the same thing, and those whose words, taken together, are much the same.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from pipeline.merge.features import Features

IndexPair = tuple[int, int]
"""Places of two mentions, the earlier first."""
Cluster = tuple[int, ...]
"""Places of the mentions of one cluster, ascending."""

_MIN_PAIR_SCORE, _MIN_MEAN_SCORE = (
    0.40,
    0.30,
)  # the bond that joins two clusters, and the mean of all bonds between
_MIN_CENTROID_SIMILARITY = (
    0.32  # likeness of all words of two clusters, of which one has two mentions or more
)
_MIN_LABEL_SIMILARITY = 0.30  # likeness of a label and what it heads
_MAX_MENTIONS = 24  # beyond that, whatever joins them is the day's subject and no event


class Similarity(NamedTuple):
    """What speaks for two mentions telling the same event."""

    score: float
    """0 for nothing; 1 or more for two texts that are the same."""
    reason: str
    """The best reason, in one clause."""


def build_clusters(
    indices: Iterable[int], bonds: Mapping[IndexPair, Similarity], features: Sequence[Features]
) -> list[Cluster]:
    """Sort mentions into clusters, in the order of their first members."""
    return _join_similar_clusters(
        _join_announcements(_join_similar_pairs(indices, bonds), features), features
    )


def attach_labels(
    labels: Collection[int],
    clusters: Iterable[Cluster],
    label_pairs: Mapping[IndexPair, Similarity],
) -> list[Cluster]:
    """Add each label to the cluster of what it heads most likely, or let it stand alone."""
    whole = [set(members) for members in clusters]
    home = {place: members for members in whole for place in members}
    for label in sorted(labels):
        bonds = [(bond.score, -sum(pair)) for pair, bond in label_pairs.items() if label in pair]
        strength, place = max(bonds, default=(0.0, 0))
        if strength >= _MIN_LABEL_SIMILARITY:
            home[-place - label].add(label)
        else:
            whole.append({label})
    return sorted(tuple(sorted(members)) for members in whole)


def dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Multiply the weights of the words in common and add up, in the same order in every run."""
    return sum([weight * other[word] for word, weight in one.items() if word in other])


def _join_similar_pairs(
    indices: Iterable[int], bonds: Mapping[IndexPair, Similarity]
) -> list[Cluster]:
    """Join the strongest pairs first, and two clusters only if they are alike on the whole."""
    home = {place: [place] for place in indices}
    for pair in sorted(bonds, key=lambda pair: (-bonds[pair].score, pair)):
        if bonds[pair].score < _MIN_PAIR_SCORE:
            break
        one, other = home[pair[0]], home[pair[1]]
        if one is other or len(one) + len(other) > _MAX_MENTIONS:
            continue
        if _similar_on_average(one, other, bonds):
            one += other
            home.update(dict.fromkeys(other, one))
    return _sorted_clusters(home.values())


def _similar_on_average(
    one: Sequence[int], other: Sequence[int], bonds: Mapping[IndexPair, Similarity]
) -> bool:
    """Whether two clusters are alike on the whole: by the mean of all bonds between them."""
    pairs = [(min(a, b), max(a, b)) for a in one for b in other]
    total = sum(bonds[pair].score for pair in pairs if pair in bonds)
    return total >= _MIN_MEAN_SCORE * len(pairs)


def _join_announcements(clusters: Sequence[Cluster], features: Sequence[Features]) -> list[Cluster]:
    """Join the clusters of which half or more says that the same thing has come out.

    On the day of a great release its name is in so many mentions that it tells none of them apart.
    """
    home = _clusters_by_index(clusters)
    by_thing: dict[str, list[int]] = defaultdict(list)
    for members in clusters:
        said = Counter(thing for place in members for thing in features[place].announced)
        for thing, count in said.items():
            if count * 2 >= len(members):
                by_thing[thing].append(members[0])
    for _, firsts in sorted(by_thing.items()):
        for other in firsts[1:]:
            _join_clusters(home, firsts[0], other)
    return _sorted_clusters(home.values())


def _join_similar_clusters(
    clusters: Sequence[Cluster], features: Sequence[Features]
) -> list[Cluster]:
    """Join clusters whose words, all taken together, are much the same."""
    home = _clusters_by_index(clusters)
    likeness = _cluster_similarities(clusters, features)
    for a, b in sorted(likeness, key=lambda pair: (-likeness[pair], pair)):
        # Either may have grown since, and with it the words that it stands for.
        if home[a] is not home[b] and features[a].has_compatible_versions(features[b]):
            one, other = (_centroid(home[each], features) for each in (a, b))
            if dot(one, other) >= _MIN_CENTROID_SIMILARITY:
                _join_clusters(home, a, b)
    return _sorted_clusters(home.values())


def _cluster_similarities(
    clusters: Sequence[Cluster], features: Sequence[Features]
) -> dict[IndexPair, float]:
    """Compare each cluster of two mentions or more with every other, by their first members.

    Two single mentions have had their say. Only those pairs are given that are alike enough.
    """
    centres = {members[0]: _centroid(members, features) for members in clusters}
    large = {members[0] for members in clusters if len(members) > 1}
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for first, centre in centres.items():
        for word, weight in centre.items():
            postings[word].append((first, weight))
    likeness: dict[IndexPair, float] = {}
    for a in large:
        row: dict[int, float] = {}
        for word, weight in centres[a].items():
            for b, other in postings[word]:
                row[b] = row.get(b, 0.0) + weight * other
        for b, alike in row.items():
            if alike >= _MIN_CENTROID_SIMILARITY and (b > a or b not in large):
                likeness[min(a, b), max(a, b)] = alike
    return likeness


def _clusters_by_index(clusters: Iterable[Cluster]) -> dict[int, list[int]]:
    """Map each mention to its cluster, one list for all of a cluster."""
    return {place: members for each in clusters for members in [list(each)] for place in members}


def _join_clusters(home: dict[int, list[int]], one: int, other: int) -> None:
    """Put two mentions' clusters together, unless they are one or would be too large."""
    into, added = home[one], home[other]
    if into is not added and len(into) + len(added) <= _MAX_MENTIONS:
        into += added
        home.update(dict.fromkeys(added, into))


def _centroid(members: Iterable[int], features: Sequence[Features]) -> dict[str, float]:
    """Add up the words of a cluster; the squares of the weights add up to 1."""
    total: dict[str, float] = defaultdict(float)
    for place in members:
        for words in (features[place].words, features[place].frequent):
            for word, weight in words.items():
                total[word] += weight
    length = math.sqrt(sum(weight * weight for weight in total.values())) or 1.0
    return {word: weight / length for word, weight in total.items()}


def _sorted_clusters(clusters: Iterable[list[int]]) -> list[Cluster]:
    """List clusters, each once, by their first members."""
    return sorted({id(members): tuple(sorted(members)) for members in clusters}.values())
