"""Issue -> stories: which mentions tell the same event, and the order in which they are shown.

Today a story is one mention, in the order of the page. Lists of links tell nothing by themselves
and make no story; `Coverage` counts them among the mentions.
"""

from collections.abc import Sequence

from pipeline.records import Issue, Mention, Story


def merge(issue: Issue) -> tuple[Story, ...]:
    """Turn the mentions of an issue into its stories.

    Returns:
        Stories `s01`… in the order of the page; as many as the issue has mentions that tell
        something.
    """
    told = [mention for mention in issue.mentions if _tells(mention)]
    return tuple(_story(number, [mention]) for number, mention in enumerate(told, start=1))


def _tells(mention: Mention) -> bool:
    """Whether a mention says something beside the names of its links."""
    if mention.section and mention.section[-1].casefold().startswith("links mentioned"):
        return False
    return bool(mention.text.strip())


def _story(number: int, mentions: Sequence[Mention]) -> Story:
    return Story(id=f"s{number:02d}", mentions=tuple(mentions))
