"""The parts of an issue: by their headings, their recaps and their lists."""

import pytest

from build import mention
from pipeline.recaps import (
    BEST_PART_FIRST,
    RECAPS,
    is_top_tweet,
    part_of_heading,
    recap_names,
    section_list,
    section_points,
)
from pipeline.records import IssuePart


@pytest.mark.parametrize(
    ("heading", "part"),
    [
        ("AI Twitter Recap", "twitter"),
        ("AI Reddit Recap", "reddit"),
        ("/r/LocalLlama + /r/localLLM Recap", "reddit"),
        ("AI Discord Recap", "discord"),
        ("Discord: Detailed by-Channel summaries and links", "discord_details"),
        ("▷ #general (Twitter recap)", "discord_details"),
        ("Models", None),
    ],
)
def test_a_heading_begins_a_part(heading: str, part: IssuePart | None) -> None:
    """What says that it is by channel is Discord's details, whatever else it says."""
    assert part_of_heading(heading) == part


def test_every_part_has_a_place_a_label_and_points() -> None:
    """Each part is in both orders, and a list without a heading of its own is worth something."""
    assert set(BEST_PART_FIRST) == set(RECAPS)
    for part in BEST_PART_FIRST:
        assert RECAPS[part].label
        assert section_points(mention("Text", part=part, section=())) >= 0


def test_the_channel_summaries_are_discord() -> None:
    """Recaps are named once each, in the order of the mentions."""
    parts: tuple[IssuePart, ...] = ("discord_details", "twitter", "discord", "intro")
    mentions = [mention("Text", part=part) for part in parts]
    assert recap_names(mentions) == ("discord", "twitter", "intro")


@pytest.mark.parametrize(
    ("part", "one", "other", "same"),
    [
        ("twitter", ("AI Twitter Recap", "Models"), ("AI Twitter Recap", "Agents"), True),
        ("twitter", ("AI Twitter Recap", "Models"), ("AI Twitter Recap", "Top tweets"), False),
        ("discord", ("Recap", "Theme 1. A"), ("Recap", "Theme 2. B"), True),
        ("discord_details", ("Heron guild", "#a"), ("Heron guild", "#b"), False),
        ("reddit", ("/r/a Recap",), ("/r/b Recap",), False),
    ],
)
def test_mentions_of_one_list_are_known(
    part: IssuePart, one: tuple[str, ...], other: tuple[str, ...], *, same: bool
) -> None:
    """The bullets about Twitter are one list and its top tweets another; each channel is one."""
    lists = [section_list(mention("Text", part=part, section=path)) for path in (one, other)]
    assert (lists[0] == lists[1]) is same


@pytest.mark.parametrize(
    ("section", "points"),
    [
        (("/r/LocalLlama Recap",), 1.8),
        (("Less Technical AI Subreddit Recap",), 0.6),
        (("Less Technical AI Subreddit Recap", "Memes and humor"), -1.0),
    ],
)
def test_jokes_of_a_list_are_jokes_whatever_the_list_is_worth(
    section: tuple[str, ...], points: float
) -> None:
    """Of the headings that match, the one of the memes counts."""
    assert section_points(mention("Text", part="reddit", section=section)) == points


def test_a_recap_s_own_sentence_describes_an_event_best() -> None:
    """Somebody's digest of the day goes before chatter, and all of it before the introduction."""
    assert BEST_PART_FIRST == ("twitter", "reddit", "discord", "discord_details", "intro")


def test_top_tweets_stand_on_twitter() -> None:
    """A list of another recap may have the same heading, and is none."""
    assert is_top_tweet(mention("Text", section=("AI Twitter Recap", "Top tweets")))
    assert not is_top_tweet(mention("Text", part="reddit", section=("Top tweets",)))
