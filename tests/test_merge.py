"""Stories are made of the mentions that tell something."""

from build import issue, mention
from pipeline.merge import merge


def test_each_mention_is_a_story_in_the_order_of_the_page() -> None:
    """Ids count up from `s01`, and each story carries its mention."""
    first, second = mention("One."), mention("Two.")
    made = merge(issue(first, second))
    assert [(story.id, story.mentions) for story in made] == [("s01", (first,)), ("s02", (second,))]


def test_thin_stories_come_last() -> None:
    """A one-line mention cannot fill a summary, so the model and the code meet it last."""
    made = merge(issue(mention("Too short."), mention(), mention("Short too.")))
    assert [len(story.evidence) < 20 for story in made] == [False, True, True]


def test_an_advertisement_tells_no_story() -> None:
    """A paragraph that somebody paid for is not offered to the editor."""
    paid = mention("[Sponsored by Zep] Zep is a memory layer for agents. " * 5)
    assert [story.evidence for story in merge(issue(paid, mention("Told.")))] == ["Told."]


def test_a_list_of_links_tells_no_story() -> None:
    """Reference lists below a channel's summary are not offered to the editor."""
    listed = mention("A page: no description", section=("Discord", "#general", "Links mentioned"))
    assert [story.evidence for story in merge(issue(listed, mention("Told.")))] == ["Told."]
