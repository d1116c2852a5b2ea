"""Issue -> stories: which mentions tell the same event, and the order in which they are shown.

Mentions of one event become one story, the best first; `_join` finds them, `salience` weighs them.
Lists of links and advertisements tell nothing and make no story; `Coverage` counts them among the
mentions.
"""

import re

from pipeline.merge.features import traits
from pipeline.merge.ranking import Weigher
from pipeline.merge.similarity import Group, groups
from pipeline.records import Issue, Mention, Story

# A story shorter than this, in characters, cannot fill a summary without invention.
_THIN = 160
_TELLS_NOTHING = re.compile(
    r"\W*sponsored by\b|\W*this (issue|newsletter) is sponsored|links? mentioned:", re.IGNORECASE
)
# Who tells an event best: a recap's own sentence before a channel's chatter about it.
_PARTS = ("twitter", "reddit", "discord", "discord_details", "intro")


def merge(issue: Issue) -> tuple[Story, ...]:
    """Turn the mentions of an issue into its stories.

    Returns:
        Stories `s01`…, the most salient first and those too short to fill a summary last; every
        mention that tells something stands in exactly one of them.
    """
    told = [mention for mention in issue.mentions if _tells(mention)]
    about = traits(told)
    weigher = Weigher(issue, told, about)
    made = []
    for group in groups(told, about):
        members = sorted(group.members, key=lambda place: _worth(told[place], place, group))
        salience, sources = weigher.weigh(members)
        made.append(
            Story(
                id="",
                mentions=tuple(told[place] for place in members),
                joins=_joins(group, members) if len(members) > 1 else (),
                sources=sources,
                salience=salience,
            )
        )
    made.sort(key=lambda story: (len(story.evidence) < _THIN, -story.salience.score))
    return tuple(
        story.model_copy(update={"id": f"s{number:02d}"})
        for number, story in enumerate(made, start=1)
    )


def _tells(mention: Mention) -> bool:
    """Whether a mention is more than a list of links or an advertisement."""
    if mention.section and mention.section[-1].casefold().startswith("links mentioned"):
        return False
    return bool(mention.text.strip()) and not _TELLS_NOTHING.match(mention.text)


def _worth(mention: Mention, place: int, group: Group) -> tuple[int | bool, ...]:
    """Order the mentions of one story: the best tells it at length, and like the others."""
    return (
        len(mention.text) < _THIN,
        _PARTS.index(mention.part),
        not mention.lead,
        -sum(place in pair for pair in group.bonds),
        not mention.links,
        place,
    )


def _joins(group: Group, members: list[int]) -> tuple[str, ...]:
    """Say why each mention stands here: by the best mention that it is bound to."""
    _, *others = members
    later = (group.why(place, [each for each in members if each != place]) for place in others)
    return ("first", *later)
