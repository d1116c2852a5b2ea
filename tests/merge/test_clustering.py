"""Pairs that belong together become clusters, and no chain joins two events."""

import pytest

from pipeline.merge.clustering import (
    Cluster,
    IndexPair,
    Similarity,
    attach_labels,
    build_clusters,
    dot,
)
from pipeline.merge.features import Features
from pipeline.records import NO_REASON


def about(
    words: dict[str, float] | None = None,
    *,
    frequent: dict[str, float] | None = None,
    announces: tuple[str, ...] = (),
    version: str = "",
) -> Features:
    """Describe a mention by what clusters look at."""
    return Features(
        words=words or {},
        frequent=frequent or {},
        names={},
        subject_names=frozenset(),
        announced=frozenset(announces),
        versions={"lumen": frozenset({(version, "")})} if version else {},
        links=(),
        lead="",
    )


def joined(strengths: dict[IndexPair, float], count: int) -> list[Cluster]:
    """Cluster mentions that have nothing but bonds."""
    bonds = {pair: Similarity(strength, NO_REASON) for pair, strength in strengths.items()}
    return build_clusters(range(count), bonds, [about()] * count)


@pytest.mark.parametrize(("strength", "one"), [(0.4, True), (0.39, False), (1.0, True)])
def test_a_bond_joins_from_its_threshold_on(strength: float, *, one: bool) -> None:
    """A bond of 0.40 joins two mentions; a weaker one does not."""
    assert joined({(0, 1): strength}, 2) == ([(0, 1)] if one else [(0,), (1,)])


@pytest.mark.parametrize(
    ("between", "whole"), [(0.2, True), (0.19, False), (0.0, False), (0.39, True)]
)
def test_two_clusters_join_when_alike_on_the_whole(between: float, *, whole: bool) -> None:
    """The mean of all bonds between two clusters has to be 0.30; a strong pair alone is no bridge."""
    strengths = {(0, 1): 0.9, (1, 2): 0.4, (0, 2): between}
    assert joined({(0, 1): 0.9, (1, 2): 0.5, (0, 2): 0.1}, 3) == [(0, 1, 2)]
    assert joined(strengths, 3) == ([(0, 1, 2)] if whole else [(0, 1), (2,)])


def test_the_strongest_pair_joins_first() -> None:
    """A mention between two events goes with the one that it is nearer to."""
    assert joined({(0, 1): 0.5, (1, 2): 0.6}, 3) == [(0,), (1, 2)]
    assert joined({(0, 1): 0.6, (1, 2): 0.5}, 3) == [(0, 1), (2,)]
    assert joined({(1, 2): 0.5, (0, 1): 0.5}, 3) == [(0, 1), (2,)]


def test_a_pair_that_cannot_join_stops_no_other() -> None:
    """After a bridge that was refused, weaker pairs elsewhere are still joined."""
    strengths = {(0, 1): 0.9, (1, 2): 0.5, (3, 4): 0.4}
    assert joined(strengths, 5) == [(0, 1), (2,), (3, 4)]


def test_clusters_stand_in_the_order_of_the_page() -> None:
    """Clusters are listed by their first members, and members ascend."""
    assert joined({(1, 4): 0.5, (0, 3): 0.9}, 5) == [(0, 3), (1, 4), (2,)]


@pytest.mark.parametrize(("count", "largest"), [(24, 24), (25, 24), (26, 24)])
def test_a_cluster_has_a_largest_size(count: int, largest: int) -> None:
    """What joins more than 24 mentions is the day's subject and no event."""
    every = {(a, b): 1.0 for a in range(count) for b in range(a + 1, count)}
    assert max(map(len, joined(every, count))) == largest
    same = [about(announces=("lumen 5",))] * count
    assert max(map(len, build_clusters(range(count), {}, same))) == largest


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ((0, 2), [(0, 1, 2)]),
        ((0, 1, 2), [(0, 1, 2)]),
        ((0,), [(0, 1), (2,)]),
        ((2,), [(0, 1), (2,)]),
        ((), [(0, 1), (2,)]),
    ],
)
def test_clusters_that_announce_the_same_join(
    who: tuple[int, ...], expected: list[Cluster]
) -> None:
    """Half of a cluster is enough to say what it announces."""
    day = [about(announces=("lumen 5",) if place in who else ()) for place in range(3)]
    assert build_clusters(range(3), {(0, 1): Similarity(0.9, NO_REASON)}, day) == expected


def test_less_than_half_of_a_cluster_announces_nothing() -> None:
    """One of three who mentions a release in its lead does not take the others along."""
    trio = {pair: Similarity(0.9, NO_REASON) for pair in ((0, 1), (0, 2), (1, 2))}
    day = [about(announces=("lumen 5",) if place in (0, 3) else ()) for place in range(4)]
    assert build_clusters(range(4), trio, day) == [(0, 1, 2), (3,)]
    assert build_clusters([0, 1, 3], {(0, 1): Similarity(0.9, NO_REASON)}, day) == [(0, 1, 3)]


def test_two_releases_are_two_events() -> None:
    """What one mention announces with another one's release joins both of them."""
    day = [about(announces=names) for names in (("a 1",), ("b 1",), ("a 1",), ("b 1",))]
    assert build_clusters(range(4), {}, day) == [(0, 2), (1, 3)]
    day[3] = about(announces=("a 1", "b 1"))
    assert build_clusters(range(4), {}, day) == [(0, 1, 2, 3)]


@pytest.mark.parametrize(("share", "one"), [(0.33, True), (0.31, False)])
@pytest.mark.parametrize("frequent", [False, True])
def test_a_cluster_takes_in_what_has_its_words(share: float, *, one: bool, frequent: bool) -> None:
    """A cluster of two or more and a mention join where 0.32 of their words is the same."""
    like = {"sea": share, "owl": (1 - share**2) ** 0.5}
    sea = {"sea": 1.0}
    day = [about(frequent=words) if frequent else about(words) for words in (sea, sea, like)]
    bonds = {(0, 1): Similarity(0.9, NO_REASON)}
    assert build_clusters(range(3), bonds, day) == ([(0, 1, 2)] if one else [(0, 1), (2,)])
    assert build_clusters(range(3), {(1, 0): bonds[0, 1]}, day[::-1]) != [(0, 1, 2)]


def test_two_single_mentions_have_had_their_say() -> None:
    """Words alone do not join two mentions that no bond joined."""
    day = [about({"sea": 1.0}), about({"sea": 1.0})]
    assert build_clusters(range(2), {}, day) == [(0,), (1,)]


def test_a_large_cluster_after_a_single_mention_takes_it_in() -> None:
    """It does not matter which of both stands first in the page."""
    day = [about({"sea": 1.0})] * 3
    assert build_clusters(range(3), {(1, 2): Similarity(0.9, NO_REASON)}, day) == [(0, 1, 2)]
    day.insert(0, about({"owl": 1.0}))
    assert build_clusters(range(4), {(1, 2): Similarity(0.9, NO_REASON)}, day) == [(0,), (1, 2, 3)]
    day = [about({"sea": 1.0})] * 4
    assert build_clusters(
        range(4), {(0, 1): Similarity(0.9, NO_REASON), (2, 3): Similarity(0.9, NO_REASON)}, day
    ) == [(0, 1, 2, 3)]


def test_words_in_common_do_not_join_two_versions() -> None:
    """However alike the words are, the first members have to agree on the version."""
    sea = {"sea": 1.0}
    day = [about(sea, version=version) for version in ("5", "5", "6")]
    assert build_clusters(range(3), {(0, 1): Similarity(0.9, NO_REASON)}, day) == [(0, 1), (2,)]


def test_what_a_cluster_stands_for_changes_as_it_grows() -> None:
    """A mention that was near enough at first is compared with what the cluster has become."""
    near = {"sea": 0.34, "owl": (1 - 0.34**2) ** 0.5}
    half = {"sea": 0.6, "fox": 0.8}
    sea = {"sea": 1.0}
    bonds = {(0, 1): Similarity(0.9, NO_REASON)}
    assert build_clusters(range(3), bonds, [about(sea), about(sea), about(near)]) == [(0, 1, 2)]
    day = [about(sea), about(sea), about(half), about(half), about(near)]
    assert build_clusters(range(5), bonds | {(2, 3): Similarity(0.9, NO_REASON)}, day) == [
        (0, 1, 2, 3),
        (4,),
    ]


@pytest.mark.parametrize(
    ("headed", "expected"),
    [
        ({}, [(0,), (1, 2), (3,)]),
        ({(0, 1): 0.3}, [(0, 1, 2), (3,)]),
        ({(0, 1): 0.29}, [(0,), (1, 2), (3,)]),
        ({(0, 2): 0.4, (0, 3): 0.5}, [(0, 3), (1, 2)]),
        ({(0, 2): 0.5, (0, 3): 0.4}, [(0, 1, 2), (3,)]),
        ({(0, 1): 0.5, (0, 3): 0.5}, [(0, 1, 2), (3,)]),
    ],
)
def test_a_label_goes_where_it_is_likeliest(
    headed: dict[IndexPair, float], expected: list[Cluster]
) -> None:
    """A label joins the cluster of the mention it is most like, the first of equals, or none."""
    bonds = {pair: Similarity(strength, NO_REASON) for pair, strength in headed.items()}
    assert attach_labels({0}, [(1, 2), (3,)], bonds) == expected


def test_a_label_may_stand_after_what_it_heads() -> None:
    """The places of a pair ascend, whichever of both is the label."""
    assert attach_labels({2}, [(0,), (1,)], {(1, 2): Similarity(0.5, NO_REASON)}) == [(0,), (1, 2)]
    both = {(0, 1): Similarity(0.5, NO_REASON), (1, 2): Similarity(0.5, NO_REASON)}
    assert attach_labels({0, 2}, [(1,)], both) == [(0, 1, 2)]


def test_only_words_in_common_count() -> None:
    """The likeness of two is the sum of the products of their common words."""
    assert dot({"a": 0.5, "b": 2.0, "c": 1.0}, {"b": 0.25, "a": 1.0}) == 1.0
    assert dot({"a": 1.0}, {"b": 1.0}) == 0
