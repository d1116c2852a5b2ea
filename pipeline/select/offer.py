"""Stories -> those that a model is asked about: without what no editor would take.

A joke, a server's own affairs, a user's question or impression that nobody else speaks of and that
points to nothing is not worth a place in the list: a fifth of the stories of a long issue. They
still stand behind all others where the code has to fill a place.
"""

from collections.abc import Sequence
from typing import Final

from pipeline.records import ReasonCode, Story

_UNFIT: Final[frozenset[ReasonCode]] = frozenset(
    {"joke", "not_technical", "pastime", "community", "question", "impressions"}
)
# What makes a story worth reading all the same.
_EXCUSES: Final[frozenset[ReasonCode]] = frozenset(
    {"in_title", "in_description", "top_tweet", "links_subject", "links_maker", "in_recaps"}
)
_UNFIT_WORDS = 60  # of a story that is unfit by what it is; a longer one may tell more
_BARE_WORDS = 14  # of a story without a link that says too little, whatever it is


def offered_stories(stories: Sequence[Story]) -> list[Story]:
    """Leave out what no editor would take, unless nothing else is there."""
    return [story for story in stories if not _is_unfit(story)] or list(stories)


def _is_unfit(story: Story) -> bool:
    codes = {fact.reason.code for fact in story.salience.facts}
    words = len(story.evidence.split())
    if codes & _EXCUSES:
        return False
    bare = "no_link" in codes and words < _BARE_WORDS
    return bare or (words < _UNFIT_WORDS and bool(codes & _UNFIT))
