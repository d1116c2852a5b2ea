"""Issue -> stories: which mentions tell the same event, and the order in which they are shown.

Mentions of one event become one story, the best first; `_join` finds them, `salience` weighs them.
Lists of links and advertisements tell nothing and make no story; `Coverage` counts them among the
mentions.
"""

import re

from pipeline.merge.features import extract_features
from pipeline.merge.ranking import SalienceScorer
from pipeline.merge.similarity import StoryCluster, cluster_mentions
from pipeline.recaps import BEST_TOLD_FIRST
from pipeline.records import Issue, Mention, Story

# A story shorter than this, in characters, cannot fill a summary without invention.
_MIN_STORY_CHARS = 160
_NO_CONTENT = re.compile(
    r"\W*sponsored by\b|\W*this (issue|newsletter) is sponsored|links? mentioned:", re.IGNORECASE
)


def merge(issue: Issue) -> tuple[Story, ...]:
    """Turn the mentions of an issue into its stories.

    Returns:
        Stories `s01`…, the most salient first and those too short to fill a summary last; every
        mention that tells something stands in exactly one of them.
    """
    told = [mention for mention in issue.mentions if _has_content(mention)]
    about = extract_features(told)
    weigher = SalienceScorer(issue, told, about)
    made = []
    for group in cluster_mentions(told, about):
        members = sorted(group.members, key=lambda place: _mention_order(told[place], place, group))
        salience, sources = weigher.score(members)
        made.append(
            Story(
                id="",
                mentions=tuple(told[place] for place in members),
                joins=_join_reasons(group, members) if len(members) > 1 else (),
                sources=sources,
                salience=salience,
            )
        )
    made.sort(key=lambda story: (len(story.evidence) < _MIN_STORY_CHARS, -story.salience.score))
    return tuple(
        story.model_copy(update={"id": f"s{number:02d}"})
        for number, story in enumerate(made, start=1)
    )


def _has_content(mention: Mention) -> bool:
    """Whether a mention is more than a list of links or an advertisement."""
    if mention.section and mention.section[-1].casefold().startswith("links mentioned"):
        return False
    return bool(mention.text.strip()) and not _NO_CONTENT.match(mention.text)


def _mention_order(mention: Mention, place: int, group: StoryCluster) -> tuple[int | bool, ...]:
    """Order the mentions of one story: the best tells it at length, and like the others."""
    return (
        len(mention.text) < _MIN_STORY_CHARS,
        BEST_TOLD_FIRST.index(mention.part),
        not mention.lead,
        -sum(place in pair for pair in group.reasons),
        not mention.links,
        place,
    )


def _join_reasons(group: StoryCluster, members: list[int]) -> tuple[str, ...]:
    """Say why each mention stands here: by the best mention that it is bound to."""
    _, *others = members
    later = (
        group.reason_for(place, [each for each in members if each != place]) for place in others
    )
    return ("first", *later)
