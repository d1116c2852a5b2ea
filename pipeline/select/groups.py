"""Stories of one event -> one story: what `merge` left apart is joined by who can read."""

from collections.abc import Sequence

from pipeline.primary_link import rank_links
from pipeline.reasons import Reason
from pipeline.records import Story


def join_stories(stories: Sequence[Story]) -> Story:
    """Make one story of those that tell one event, the leading one first: it gives id and salience.

    A mention stands in it once, whichever of them it comes from.
    """
    lead = stories[0]
    if len(stories) == 1:
        return lead
    others = {mention.id: mention for story in stories[1:] for mention in story.mentions}
    added = [it for name, it in others.items() if name not in {own.id for own in lead.mentions}]
    mentions = (*lead.mentions, *added)
    return lead.model_copy(
        update={
            "mentions": mentions,
            "joins": (*(lead.joins or (Reason("first"),)), *(Reason("same_event") for _ in added)),
            "sources": tuple(url for _, url in rank_links(mentions)),
        }
    )
