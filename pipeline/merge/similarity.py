"""Which mentions are about the same event, and why.

Two mentions are alike as far as their weighted words are; a page they both point to, a rare name in
both their heads and similar leads add to that. What comes of the pairs is for `clustering` to say.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, partial
from heapq import nlargest
from itertools import combinations, islice
from operator import itemgetter
from typing import NamedTuple

from rapidfuzz import fuzz

from pipeline.merge.clustering import (
    Cluster,
    IndexPair,
    Similarity,
    attach_labels,
    build_clusters,
    dot,
    index_words,
)
from pipeline.merge.features import Features
from pipeline.merge.headlines import join_headlines
from pipeline.recaps import RECAPS, section_list
from pipeline.records import NO_REASON, Mention, Reason


class _Bonus(NamedTuple):
    """What a thing in common adds to the likeness of two mentions."""

    points: float
    floor: float
    """Likeness below which it adds nothing."""


# All figures were set by looking at pairs of issues of four years: likeness alone is right almost
# always from 0.40 on, and about every second time at 0.25.
_FIRST_LINK = _Bonus(0.30, 0.09)  # a page that both point to first
_LINK = _Bonus(0.20, 0.12)  # a page that both point to
_LONG_TITLE = _Bonus(0.32, 0.08)  # a name of three words that one has in its lead
_TITLE = _Bonus(0.26, 0.14)  # a name in the leads of two recaps
_NAME = _Bonus(0.15, 0.20)  # a name in both heads
_LEAD = _Bonus(0.10, 0.25)  # a similar lead
_BOTH_FLOOR = 0.05  # where they have both a page and a name in common
_MIN_ANNOUNCEMENT = 0.42  # at least, where both say that the same thing has come out
_SAME_LIST_SHARE = 0.5  # of a page's bonus where both stand in one list, which has an event once
_LEADS_ALIKE = 85  # of 100
_FLOOR = 0.03  # likeness in rare words below which nothing else is looked at
_MAX_COMPARED = 400  # later mentions that one is compared with, the most alike ones
_SHOWN_NAMES = 3
_MIN_SIMILARITY = 0.15  # below it a pair counts for nothing
# A line of so few characters, without a link, that heads what a channel talked of.
_LABEL_CHARS = 80
_UNRELATED = Similarity(0.0, NO_REASON)


class StoryCluster(NamedTuple):
    """Mentions of one event."""

    members: tuple[int, ...]
    """Places of the mentions, ascending."""
    reasons: dict[IndexPair, Reason]
    """Why two members belong together, for those that do by themselves."""

    def reason_for(self, place: int, others: Sequence[int]) -> Reason:
        """Say why a member stands here: by the first of the others that it is similar to."""
        pairs = ((min(place, other), max(place, other)) for other in others)
        return next(
            (self.reasons[pair] for pair in pairs if pair in self.reasons),
            Reason("similar_overall"),
        )


def cluster_mentions(
    mentions: Sequence[Mention], features: Sequence[Features], title: str = ""
) -> list[StoryCluster]:
    """Sort the mentions of an issue by event.

    The mentions come in the order of the page.

    Returns:
        The clusters, in the order of their first members.
    """
    labels = {place for place, mention in enumerate(mentions) if _is_label(mention)}
    similar: dict[IndexPair, Similarity] = {}
    headed: dict[IndexPair, Similarity] = {}
    for pair, likeness in _candidate_pairs(features):
        if labels.isdisjoint(pair):
            similarity = _pair_similarity(mentions, features, pair, likeness)
            if similarity.score >= _MIN_SIMILARITY:
                similar[pair] = similarity
        elif mention := _headed_mention(pair, labels, mentions):
            headed[pair] = Similarity(likeness, Reason.of("heads", mention.id))
    sentences = [place for place in range(len(mentions)) if place not in labels]
    clusters = build_clusters(sentences, similar, features)
    clusters = join_headlines(title, mentions, clusters)
    clusters = attach_labels(labels, clusters, headed)
    similar |= headed
    return [_story_cluster(members, similar, features) for members in clusters]


def _story_cluster(
    members: Cluster, similarities: Mapping[IndexPair, Similarity], features: Sequence[Features]
) -> StoryCluster:
    """Keep the reasons within one cluster."""
    reasons: dict[IndexPair, Reason] = {}
    both_announce = cache(partial(Reason.of, "both_announce"))  # one object for many pairs
    for a, b in combinations(members, 2):
        if (a, b) in similarities:
            reasons[a, b] = similarities[a, b].reason
        elif common := features[a].announced & features[b].announced:
            reasons[a, b] = both_announce(min(common))
    return StoryCluster(members=members, reasons=reasons)


def _candidate_pairs(features: Sequence[Features]) -> Iterator[tuple[IndexPair, float]]:
    """Find the pairs that have a rare word in common, and how alike all their words are."""
    for a, row in enumerate(_rare_likeness(features)):
        frequent = features[a].frequent
        found = [(b, rare) for b, rare in row.items() if rare >= _FLOOR]
        if len(found) > _MAX_COMPARED:
            found = nlargest(_MAX_COMPARED, found, key=itemgetter(1))
        for b, rare in found:
            yield (a, b), rare + dot(frequent, features[b].frequent)


def _rare_likeness(features: Sequence[Features]) -> Iterator[dict[int, float]]:
    """Say per mention how alike its rare words are to those of the later ones.

    This is the innermost loop of merging; pairs as keys, instead of rows, double its time. The
    words come in the order of the issue, so that the sums are the same in every run.
    """
    postings = index_words(enumerate(mention.words for mention in features))
    order = {word: number for number, word in enumerate(postings)}
    for posting in postings.values():
        posting.reverse()  # the mention at hand is the last
    for mention in features:
        row: dict[int, float] = {}
        for word in sorted(mention.words, key=order.__getitem__):
            weight = postings[word].pop()[1]
            for b, other in reversed(postings[word]):
                row[b] = row.get(b, 0.0) + weight * other
        yield row


def _pair_similarity(
    mentions: Sequence[Mention], features: Sequence[Features], pair: IndexPair, likeness: float
) -> Similarity:
    """Judge one pair."""
    one, other = features[pair[0]], features[pair[1]]
    if likeness < _MIN_SIMILARITY and one.is_unrelated_to(other):
        return _UNRELATED
    earlier, later = mentions[pair[0]], mentions[pair[1]]
    score = likeness
    reason = NO_REASON
    if page := next((page for page in one.links if page in other.links), None):
        share = _SAME_LIST_SHARE if section_list(earlier) == section_list(later) else 1.0
        points = _shared_page_points(page, one, other, likeness) * share
        score += points
        reason = Reason.of("same_link", page) if points else reason
    across = RECAPS[earlier.part].recap != RECAPS[later.part].recap
    if points := _shared_name_points(one, other, likeness, across=across):
        score += points
        names = islice(_shared_names(one, other), _SHOWN_NAMES)
        reason = reason or Reason.of("same_names", ", ".join(names))
    if announced := one.announced & other.announced:
        score = max(score, _MIN_ANNOUNCEMENT + likeness / 2)
        reason = reason or Reason.of("both_announce", min(announced))
    if score < _MIN_SIMILARITY or not one.has_compatible_versions(other):
        return _UNRELATED
    if likeness >= _LEAD.floor and fuzz.token_set_ratio(one.lead, other.lead) >= _LEADS_ALIKE:
        score += _LEAD.points
        reason = reason or Reason.of("similar_lead", earlier.id)
    return Similarity(score, reason or Reason.of("similar_text", earlier.id))


def _shared_page_points(page: str, one: Features, other: Features, likeness: float) -> float:
    """Say what a page in common adds."""
    bonus = _FIRST_LINK if page == one.links[0] == other.links[0] else _LINK
    both = not one.names.keys().isdisjoint(other.names)
    return bonus.points if likeness >= (_BOTH_FLOOR if both else bonus.floor) else 0.0


def _shared_name_points(one: Features, other: Features, likeness: float, *, across: bool) -> float:
    """Say what names in common add, `across` two recaps or within one."""
    if across and likeness >= _TITLE.floor and one.subject_names & other.subject_names:
        return _TITLE.points
    if likeness >= _LONG_TITLE.floor and _share_long_name(one, other, across=across):
        return _LONG_TITLE.points
    if one.names.keys().isdisjoint(other.names):
        return 0.0
    both = not set(one.links).isdisjoint(other.links)
    return _NAME.points if likeness >= (_BOTH_FLOOR if both else _NAME.floor) else 0.0


def _share_long_name(one: Features, other: Features, *, across: bool) -> bool:
    """Whether one has a name of three words in its lead that the other has in its head.

    Within one recap a version may be in the news more than once, a name of words hardly.
    """
    shared = (one.subject_names & other.names.keys()) | (other.subject_names & one.names.keys())
    return any(
        one.names[name].count("-") > 1 and (across or not any(map(str.isdigit, name)))
        for name in shared
    )


def _shared_names(one: Features, other: Features) -> Iterator[str]:
    """Spell the names in common, leaving out those that are part of another."""
    names = [name for name in one.names if name in other.names]
    for name in names:
        if not any(name in longer for longer in names if longer != name):
            yield one.names[name]


def _is_label(mention: Mention) -> bool:
    """Whether a mention is one line of a table of contents: no lead, no link, few characters."""
    return (
        mention.part == "discord_details"
        and not (mention.lead or mention.links)
        and len(mention.text) < _LABEL_CHARS
    )


def _headed_mention(
    pair: IndexPair, labels: Collection[int], mentions: Sequence[Mention]
) -> Mention | None:
    """Give what a label heads, where a pair is a label and a sentence of its channel."""
    label, place = pair if pair[0] in labels else pair[::-1]
    same_channel = mentions[label].section == mentions[place].section
    return mentions[place] if same_channel and place not in labels else None
