"""Issue -> stories: which mentions tell the same event, and the order in which they are shown.

Today a story is one mention, in the order of the page, those too short to fill a summary last.
Lists of links and advertisements tell nothing and make no story; `Coverage` counts them among the
mentions.
"""

import re
from collections.abc import Sequence

from pipeline.records import Issue, Mention, Story

# A story shorter than this, in characters, cannot fill a summary without invention.
_THIN = 160
_ADVERTISEMENT = re.compile(
    r"\W*sponsored by\b|\W*this (issue|newsletter) is sponsored", re.IGNORECASE
)


def merge(issue: Issue) -> tuple[Story, ...]:
    """Turn the mentions of an issue into its stories.

    Returns:
        Stories `s01`… in the order of the page, thin ones last; as many as the issue has mentions
        that tell something.
    """
    told = [mention for mention in issue.mentions if _tells(mention)]
    told.sort(key=lambda mention: len(mention.text) < _THIN)
    return tuple(_story(number, [mention]) for number, mention in enumerate(told, start=1))


def _tells(mention: Mention) -> bool:
    """Whether a mention is more than a list of links or an advertisement."""
    if mention.section and mention.section[-1].casefold().startswith("links mentioned"):
        return False
    return bool(mention.text.strip()) and not _ADVERTISEMENT.match(mention.text)


def _story(number: int, mentions: Sequence[Mention]) -> Story:
    return Story(id=f"s{number:02d}", mentions=tuple(mentions))
