"""Similarities of pairs -> clusters of mentions of one event.

The strongest pairs are joined first, and two clusters only when they are alike on the whole: one
mention of two things cannot chain two events together. Then come the clusters that announce
the same thing, and those whose words, taken together, are much the same.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from pipeline.merge.features import Features
from pipeline.records import Reason

IndexPair = tuple[int, int]
"""Places of two mentions, the earlier first."""
Cluster = tuple[int, ...]
"""Places of the mentions of one cluster, ascending."""

_MIN_PAIR_SCORE = 0.40  # of the pair that joins two clusters
_MIN_MEAN_SCORE = 0.30  # of all pairs between them
_MIN_CENTROID_SIMILARITY = 0.32  # of two clusters, of which one has two mentions or more
_MIN_LABEL_SIMILARITY = 0.30  # of a label and what it heads
_MAX_MENTIONS = 24  # beyond that, whatever joins them is the day's subject and no event


class Similarity(NamedTuple):
    """What speaks for two mentions being about the same event."""

    score: float
    """0 for nothing; 1 or more for two texts that are the same."""
    reason: Reason
    """The best reason."""


def build_clusters(
    indices: Iterable[int],
    similarities: Mapping[IndexPair, Similarity],
    features: Sequence[Features],
) -> list[Cluster]:
    """Sort mentions into clusters, in the order of their first members."""
    clusters = _join_similar_pairs(indices, similarities)
    clusters = _join_announcements(clusters, features)
    return _join_similar_clusters(clusters, features)


def attach_labels(
    labels: AbstractSet[int],
    clusters: Iterable[Cluster],
    label_pairs: Mapping[IndexPair, Similarity],
) -> list[Cluster]:
    """Add each label to the cluster of what it heads most likely, or let it stand alone."""
    grown = [set(members) for members in clusters]
    home = {place: members for members in grown for place in members}
    headed: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for pair, found in label_pairs.items():
        for label in labels & set(pair):
            headed[label].append((found.score, -sum(pair)))
    for label in sorted(labels):
        score, place = max(headed[label], default=(0.0, 0))
        if score >= _MIN_LABEL_SIMILARITY:
            home[-place - label].add(label)
        else:
            grown.append({label})
    return sorted(tuple(sorted(members)) for members in grown)


def dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Multiply the weights of the words in common and add up, in the same order in every run."""
    return sum([weight * other[word] for word, weight in one.items() if word in other])


def index_words(
    vectors: Iterable[tuple[int, Mapping[str, float]]],
) -> dict[str, list[tuple[int, float]]]:
    """Map each word to the places where it stands, with its weights there."""
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, vector in vectors:
        for word, weight in vector.items():
            postings[word].append((place, weight))
    return postings


def _join_similar_pairs(
    indices: Iterable[int], similarities: Mapping[IndexPair, Similarity]
) -> list[Cluster]:
    """Join the strongest pairs first, and two clusters only if they are alike on the whole."""
    home = {place: [place] for place in indices}
    for pair in sorted(similarities, key=lambda pair: (-similarities[pair].score, pair)):
        if similarities[pair].score < _MIN_PAIR_SCORE:
            break
        one, other = home[pair[0]], home[pair[1]]
        small = len(one) + len(other) <= _MAX_MENTIONS
        if one is not other and small and _similar_on_average(one, other, similarities):
            _join_clusters(home, *pair)
    return _sorted_clusters(home.values())


def _similar_on_average(
    one: Sequence[int], other: Sequence[int], similarities: Mapping[IndexPair, Similarity]
) -> bool:
    pairs = [(min(a, b), max(a, b)) for a in one for b in other]
    total = sum(similarities[pair].score for pair in pairs if pair in similarities)
    return total >= _MIN_MEAN_SCORE * len(pairs)


def _join_announcements(clusters: Sequence[Cluster], features: Sequence[Features]) -> list[Cluster]:
    """Join the clusters of which half or more says that the same thing has come out.

    On the day of a great release its name is in so many mentions that it parts none of them.
    """
    home = _clusters_by_index(clusters)
    by_name: dict[str, list[int]] = defaultdict(list)
    for members in clusters:
        counts = Counter(name for place in members for name in features[place].announced)
        for name, count in counts.items():
            if count * 2 >= len(members):
                by_name[name].append(members[0])
    for _, (first, *others) in sorted(by_name.items()):
        for other in others:
            _join_clusters(home, first, other)
    return _sorted_clusters(home.values())


def _join_similar_clusters(
    clusters: Sequence[Cluster], features: Sequence[Features]
) -> list[Cluster]:
    """Join clusters whose words, all taken together, are much the same."""
    home = _clusters_by_index(clusters)
    similarities = _cluster_similarities(clusters, features)
    for a, b in sorted(similarities, key=lambda pair: (-similarities[pair], pair)):
        # Either may have grown since, and with it the words that it stands for.
        if home[a] is not home[b] and features[a].has_compatible_versions(features[b]):
            similarity = dot(_centroid(home[a], features), _centroid(home[b], features))
            if similarity >= _MIN_CENTROID_SIMILARITY:
                _join_clusters(home, a, b)
    return _sorted_clusters(home.values())


def _cluster_similarities(
    clusters: Sequence[Cluster], features: Sequence[Features]
) -> dict[IndexPair, float]:
    """Compare each cluster of two mentions or more with every other, by their first members.

    Two single mentions have been compared already. Only the pairs that are alike enough are given.
    """
    centroids = {members[0]: _centroid(members, features) for members in clusters}
    large = {members[0] for members in clusters if len(members) > 1}
    postings = index_words(centroids.items())
    return {
        (min(a, b), max(a, b)): similarity
        for a in large
        for b, similarity in _row_of_similarities(centroids[a], postings).items()
        if similarity >= _MIN_CENTROID_SIMILARITY and (b > a or b not in large)
    }


def _row_of_similarities(
    centroid: Mapping[str, float], postings: Mapping[str, Sequence[tuple[int, float]]]
) -> dict[int, float]:
    """Compare one vector with all that share a word with it; the order of adding up is fixed."""
    row: dict[int, float] = {}
    for word, weight in centroid.items():
        for place, other in postings[word]:
            row[place] = row.get(place, 0.0) + weight * other
    return row


def _clusters_by_index(clusters: Iterable[Cluster]) -> dict[int, list[int]]:
    """Map each mention to its cluster, one list for all of a cluster."""
    lists = [list(cluster) for cluster in clusters]
    return {place: members for members in lists for place in members}


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
