"""Which mentions tell the same event, and why: for `merge`.

Two mentions are alike as far as their weighted words are; a page they both point to, a rare name in
both their heads and similar leads add to that. What comes of the bonds between pairs is for
`_cluster` to say.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.merge.clustering import (
    Cluster,
    IndexPair,
    Similarity,
    attach_labels,
    build_clusters,
    dot,
)
from pipeline.merge.features import Features
from pipeline.recaps import RECAPS, section_list
from pipeline.records import Mention

# All figures were set by looking at pairs of issues of four years: likeness alone is right almost
# always from 0.40 on, and about every second time at 0.25.
#
# What adds to the likeness, and the likeness below which it adds nothing: a page that both point to
# first, or at all; a name of three words or more that one has in its lead and the other in its
# head; any name in the leads of two recaps; a name in both heads; a similar lead.
_FIRST_LINK, _LINK, _LONG_TITLE, _TITLE, _NAME, _LEAD = 0.30, 0.20, 0.32, 0.26, 0.15, 0.10
_FIRST_LINK_FLOOR, _LINK_FLOOR = 0.09, 0.12
_LONG_TITLE_FLOOR, _TITLE_FLOOR, _NAME_FLOOR, _LEAD_FLOOR = 0.08, 0.14, 0.20, 0.25
_BOTH_FLOOR = 0.05  # where they have both a page and a name in common
_MIN_ANNOUNCEMENT = 0.42  # at least, where both say that the same thing has come out
_SAME_LIST_SHARE = 0.5  # share of it where both stand in one list, which tells an event once
_LEADS_ALIKE = 85  # of 100
_FLOOR = 0.03  # likeness in rare words below which nothing else is looked at
_MIN_SIMILARITY = 0.15  # a bond that counts for nothing
# A line of so few characters, without a link, that heads what a channel talked of.
_LABEL_CHARS = 80
_UNRELATED = Similarity(0.0, "")


class StoryCluster(NamedTuple):
    """Mentions of one event."""

    members: tuple[int, ...]
    """Places of the mentions, ascending."""
    reasons: dict[IndexPair, str]
    """Why two members belong together, for those that do by themselves."""

    def reason_for(self, place: int, others: Sequence[int]) -> str:
        """Say why a member stands here: by the first of the others that it is bound to."""
        pairs = ((min(place, other), max(place, other)) for other in others)
        return next(
            (self.reasons[pair] for pair in pairs if pair in self.reasons), "similar on the whole"
        )


def cluster_mentions(
    mentions: Sequence[Mention], features: Sequence[Features]
) -> list[StoryCluster]:
    """Sort the mentions of an issue by the event that they tell, in the order of the page.

    Args:
        mentions: in the order of the page.
        features: their traits.
    """
    labels = {place for place, mention in enumerate(mentions) if _is_label(mention)}
    bonds: dict[IndexPair, Similarity] = {}
    headed: dict[IndexPair, Similarity] = {}
    for pair, likeness in _candidate_pairs(features):
        if labels.isdisjoint(pair):
            bond = _pair_similarity(mentions, features, pair, likeness)
            if bond.score >= _MIN_SIMILARITY:
                bonds[pair] = bond
        elif _is_label_for(pair, labels, mentions):
            headed[pair] = Similarity(
                likeness, f"heads {mentions[_labelled_index(pair, labels)].id}"
            )
    whole = build_clusters(
        [place for place in range(len(mentions)) if place not in labels], bonds, features
    )
    clusters = attach_labels(labels, whole, headed)
    bonds |= headed
    return [_story_cluster(members, bonds, features) for members in clusters]


def _story_cluster(
    members: Cluster, bonds: Mapping[IndexPair, Similarity], features: Sequence[Features]
) -> StoryCluster:
    """Keep the bonds within one cluster."""
    inside: dict[IndexPair, str] = {}
    for at, a in enumerate(members):
        for b in members[at + 1 :]:
            if (a, b) in bonds:
                inside[a, b] = bonds[a, b].reason
            elif common := features[a].announced & features[b].announced:
                inside[a, b] = f"both announce {min(common)}"
    return StoryCluster(members=members, reasons=inside)


def _candidate_pairs(features: Sequence[Features]) -> Iterator[tuple[IndexPair, float]]:
    """Find the pairs that have a rare word in common, and how alike all their words are."""
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, each in enumerate(features):
        for word, weight in each.words.items():
            postings[word].append((place, weight))
    # One row per mention: this is the innermost loop of merging, and pairs as keys double its time.
    likeness: list[dict[int, float]] = [{} for _ in features]
    for posting in postings.values():
        for first, (a, weight) in enumerate(posting, 1):
            row = likeness[a]
            for b, other in posting[first:]:
                row[b] = row.get(b, 0.0) + weight * other
    for a, row in enumerate(likeness):
        ones = features[a].frequent
        for b, rare in row.items():
            if rare >= _FLOOR:
                yield (a, b), rare + dot(ones, features[b].frequent)


def _pair_similarity(
    mentions: Sequence[Mention], features: Sequence[Features], pair: IndexPair, likeness: float
) -> Similarity:
    """Judge one pair."""
    one, other = features[pair[0]], features[pair[1]]
    if likeness < _MIN_SIMILARITY and one.is_unrelated_to(other):
        return _UNRELATED
    earlier, later = mentions[pair[0]], mentions[pair[1]]
    strength, reasons = likeness, []
    if page := next((page for page in one.links if page in other.links), None):
        share = _SAME_LIST_SHARE if section_list(earlier) == section_list(later) else 1.0
        added = _shared_page_bonus(page, one, other, likeness) * share
        strength += added
        reasons += [f"same link {page}"] if added else []
    across = RECAPS[earlier.part].recap != RECAPS[later.part].recap
    if added := _shared_name_bonus(one, other, likeness, across=across):
        strength += added
        reasons.append("same names " + ", ".join(_shared_names(one, other)[:3]))
    if one.announced & other.announced:
        strength = max(strength, _MIN_ANNOUNCEMENT + likeness / 2)
        reasons.append(f"both announce {min(one.announced & other.announced)}")
    if strength < _MIN_SIMILARITY or not one.has_compatible_versions(other):
        return _UNRELATED
    if likeness >= _LEAD_FLOOR and fuzz.token_set_ratio(one.lead, other.lead) >= _LEADS_ALIKE:
        strength += _LEAD
        reasons.append(f"similar lead to {earlier.id}")
    return Similarity(strength, reasons[0] if reasons else f"similar text to {earlier.id}")


def _shared_page_bonus(page: str, one: Features, other: Features, likeness: float) -> float:
    """Say what a page in common adds."""
    first = page == one.links[0] == other.links[0]
    floor = _FIRST_LINK_FLOOR if first else _LINK_FLOOR
    if not one.names.keys().isdisjoint(other.names):
        floor = _BOTH_FLOOR
    if likeness < floor:
        return 0.0
    return _FIRST_LINK if first else _LINK


def _shared_name_bonus(one: Features, other: Features, likeness: float, *, across: bool) -> float:
    """Say what names in common add, `across` two recaps or within one."""
    if across and likeness >= _TITLE_FLOOR and one.subject_names & other.subject_names:
        return _TITLE
    if likeness >= _LONG_TITLE_FLOOR:
        shared = (one.subject_names & other.names.keys()) | (other.subject_names & one.names.keys())
        long = [name for name in shared if one.names[name].count("-") > 1]
        # Within one recap a version may be in the news more than once, a name of words hardly.
        if any(across or not any(letter.isdigit() for letter in name) for name in long):
            return _LONG_TITLE
    floor = _NAME_FLOOR if set(one.links).isdisjoint(other.links) else _BOTH_FLOOR
    if likeness < floor or one.names.keys().isdisjoint(other.names):
        return 0.0
    return _NAME


def _shared_names(one: Features, other: Features) -> list[str]:
    """Spell the names in common, leaving out those that are part of another."""
    names = [name for name in one.names if name in other.names]
    return [
        one.names[name]
        for name in names
        if not any(name in longer for longer in names if longer != name)
    ]


def _is_label(mention: Mention) -> bool:
    """Whether a mention is one line of a table of contents: no sentence, no lead, no link."""
    return (
        mention.part == "discord_details"
        and not (mention.lead or mention.links)
        and len(mention.text) < _LABEL_CHARS
    )


def _is_label_for(pair: IndexPair, labels: set[int], mentions: Sequence[Mention]) -> bool:
    """Whether one of a pair is a label in the other's channel."""
    return len(labels.intersection(pair)) == 1 and (
        mentions[pair[0]].section == mentions[pair[1]].section
    )


def _labelled_index(pair: IndexPair, labels: set[int]) -> int:
    return pair[1] if pair[0] in labels else pair[0]
