"""Stories of one event -> one story: what `merge` left apart is joined by who can read."""

from collections.abc import Sequence

from pipeline.records import Reason, Story
from pipeline.urls import order_links

_LEADING = 6  # mentions of the leading story that come before the best ones of the others


def join_stories(stories: Sequence[Story]) -> Story:
    """Make one story of those that tell one event, the leading one first: it gives id and salience.

    A mention stands in it once, whichever of them it comes from. Each of the others has its best
    mention near the front: the tail of a long event is not shown to a model.
    """
    lead = stories[0]
    if len(stories) == 1:
        return lead
    own = dict(zip(lead.mentions, lead.joins or (Reason("first"),), strict=True))
    heads = [story.mentions[0] for story in stories[1:]]
    rest = [mention for story in stories[1:] for mention in story.mentions[1:]]
    mentions = tuple(dict.fromkeys([*lead.mentions[:_LEADING], *heads, *lead.mentions, *rest]))
    return lead.model_copy(
        update={
            "mentions": mentions,
            "joins": tuple(own.get(mention, Reason("same_event")) for mention in mentions),
            "sources": order_links(mentions).shown,
        }
    )
