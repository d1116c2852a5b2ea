"""Issue -> stories: which mentions are about the same event, and in which order stories are shown.

Mentions of one event become one story, the best first; `similarity` and `clustering` find them,
`ranking` scores them. What says nothing, such as lists of links and advertisements, makes no story;
`coverage` counts it among the mentions.
"""

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.merge.channel_links import is_listed_link, with_channel_links
from pipeline.merge.features import extract_features
from pipeline.merge.headlines import top_story
from pipeline.merge.ranking import SalienceScorer
from pipeline.merge.similarity import StoryCluster, cluster_mentions
from pipeline.recaps import BEST_PART_FIRST, RECAPS
from pipeline.records import Issue, Mention, Reason, Story

# A story shorter than this, in characters, cannot fill a summary without invention.
_MIN_STORY_CHARS = 160
_NO_CONTENT = re.compile(
    r"\W*sponsored by\b|\W*this (issue|newsletter) is sponsored|links? mentioned:"
    r"|https?://\S+$"  # an address alone says nothing
    r"|placeholder (summary|text|topic)\b|[^\n]{0,80}\bminItems\b"  # a model filled a schema
    r"|[^\n]{0,200}\bthanks for reading\b[^\n]{0,80}$",  # a farewell
    re.IGNORECASE,
)
# A sentence without a link that only leads over to what follows; one with a figure may tell more.
_CONNECTIVE = re.compile(
    r"[^\n\d]{0,120}:$"
    r"|(two|three|four|five|several|a few|some|many) [^\n.:]{3,60} (stand|stood) out\.?$",
    re.IGNORECASE,
)

# What people on a server say to each other, and what swindlers say to them.
_CHATTER = re.compile(
    r"\b(greetings?|good morning|(said|says|saying) (hello|hi)\b|welcom\w+ (new )?members?"
    r"|\$\d+ gift|gift ?cards?|steam gift|free nitro|spam(mers?|ming)\b"
    r"|spam (alert|incident|link|message))",
    re.IGNORECASE,
)
_CHATTER_CHARS = 240


def merge(issue: Issue) -> tuple[Story, ...]:
    """Turn the mentions of an issue into its stories.

    Returns:
        Stories `s01`…, the most salient first and those too short to fill a summary last; every
        mention with content stands in exactly one of them.
    """
    mentions = [it for it in with_channel_links(issue.mentions) if _has_content(it)]
    features = extract_features(mentions)
    scorer = SalienceScorer(issue, mentions, features)
    stories = []
    for cluster in cluster_mentions(mentions, features, issue.title):
        alike = Counter(place for pair in cluster.reasons for place in pair)
        members = sorted(
            cluster.members,
            key=lambda place: _mention_order(mentions[place], place, alike[place]),
        )
        salience, sources = scorer.score(members)
        stories.append(
            Story(
                id="",
                mentions=tuple(mentions[place] for place in members),
                joins=_join_reasons(cluster, members) if len(members) > 1 else (),
                sources=sources,
                salience=salience,
            )
        )
    stories.sort(key=lambda story: (_is_thin(story), -story.salience.score))
    return tuple(
        story.model_copy(update={"id": f"s{number:02d}"})
        for number, story in enumerate(stories, start=1)
    )


def _is_thin(story: Story) -> bool:
    """Whether a story cannot fill a summary; what the issue's title names is the day's news."""
    in_title = any(fact.reason.code == "in_title" for fact in story.salience.facts)
    return len(story.evidence) < _MIN_STORY_CHARS and not in_title


def _has_content(mention: Mention) -> bool:
    """Whether a mention is more than a list of links, an advertisement or a connecting phrase."""
    if is_listed_link(mention):
        return False
    text = mention.text.strip()
    if not mention.links and _CONNECTIVE.match(text):
        return False
    on_server = RECAPS[mention.part].recap == "discord" and len(text) < _CHATTER_CHARS
    if on_server and _CHATTER.search(text):
        return False
    return bool(text) and not _NO_CONTENT.match(text)


def _mention_order(mention: Mention, place: int, alike: int) -> tuple[int | bool, ...]:
    """Order the mentions of one story: the best is long, and like many of the others.

    A top story comes as its writer ordered it, facts first.
    """
    part = BEST_PART_FIRST.index(mention.part)
    if top_story(mention):
        return (False, part, False, place)
    return (
        len(mention.text) < _MIN_STORY_CHARS,
        part,
        True,
        not mention.lead,
        -alike,
        not mention.links,
        place,
    )


def _join_reasons(cluster: StoryCluster, members: Sequence[int]) -> tuple[Reason, ...]:
    """Say why each mention stands here: by the best mention that it is similar to."""
    later = (
        cluster.reason_for(place, [other for other in members if other != place])
        for place in members[1:]
    )
    return (Reason("first"), *later)
