"""The recaps of an issue: what their headings look like, what they are called, what they weigh.

Whatever knows one recap from another asks here: `parse` for headings, `merge` for the order and the
points of lists, `select` for names, `site` for labels. A new recap is one more `Recap`.
"""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from pipeline.records import IssuePart, Mention

EXPECTED_HEADINGS: Final = (
    "AI Twitter Recap, AI Reddit Recap, AI Discord Recap, PART 0-2, … Discord Summary"
)
"""Headings of which a page has at least one, for messages."""


class SectionPoints(NamedTuple):
    """What a list of a recap adds to the salience of a story."""

    headings: re.Pattern[str]
    """Searched in the headings above a mention, in small letters."""
    points: float


class Recap(NamedTuple):
    """One part of an issue."""

    recap: IssuePart
    """The recap that it belongs to: the channel summaries are Discord too."""
    heading: re.Pattern[str] | None
    """What its heading says, over the years; `None` for what stands above all recaps."""
    label: str
    """Its Chinese label."""
    sections: tuple[SectionPoints, ...]
    """The first list whose headings match counts; the last one matches everything."""


def _sections(*lists: tuple[str, float]) -> tuple[SectionPoints, ...]:
    return tuple(SectionPoints(re.compile(headings), points) for headings, points in lists)


_MEMES = (r"\b(memes?|humou?r)\b", -1.0)

# Somebody chose and worded what stands in the recaps, while a channel's summary covers everything.
RECAPS: Final[dict[IssuePart, Recap]] = {
    "intro": Recap(recap="intro", heading=None, label="导语", sections=_sections(("", 1.6))),
    "twitter": Recap(
        recap="twitter",
        heading=re.compile(
            r"\btwitter\b.*\b(recap|summar|narrative)|^part \w+\W+(ai )?twitter$", re.IGNORECASE
        ),
        label="Twitter",
        sections=_sections((r"\btop tweets\b", 1.0), _MEMES, ("", 2.6)),
    ),
    "reddit": Recap(
        recap="reddit",
        heading=re.compile(
            r"(\breddit|\bsubreddit|(^|\s)/?r/\w+)\b.*\brecap|^(part \w+\W+)?(ai )?reddit$",
            re.IGNORECASE,
        ),
        label="Reddit",
        sections=_sections(_MEMES, (r"less technical|other ai subreddit", 0.6), ("", 1.8)),
    ),
    "discord": Recap(
        recap="discord",
        heading=re.compile(
            r"\bdiscords?\b.*\b(recap|summar)|^(ai )?discords?$|\bsummar\w+ of summar"
            r"|^part \d.*summar|^part [01]$",
            re.IGNORECASE,
        ),
        label="Discord",
        sections=_sections((r"\btheme \d", 1.6), ("", 0.4)),
    ),
    "discord_details": Recap(
        recap="discord",
        heading=re.compile(r"▷|\bby-channel\b|\bchannel summar|^part 2$", re.IGNORECASE),
        label="Discord 分频道",
        sections=_sections(("", 0.0)),
    ),
}
"""The parts of an issue, in the order of the page."""

BEST_PART_FIRST: Final[tuple[IssuePart, ...]] = (
    "twitter",
    "reddit",
    "discord",
    "discord_details",
    "intro",
)
"""Which part describes an event best: a recap's own sentence before a channel's talk."""

_TRUSTED_FIRST: Final = {"intro": 0, "twitter": 0, "reddit": 1, "discord": 2}

_TOP_STORY = re.compile(r"(top|headline) stor(y|ies)\b", re.IGNORECASE)
_TOP_STORY_BEGINS = re.compile(r"what happened\W*$", re.IGNORECASE)
_FIRST_CLAUSE = re.compile(r".{12,120}?(?=[,;:—]|\.(?:\s|$))")
_OTHER_TOPICS = re.compile(r"other (topics|stories|news)\W*(\([^()]*\)\W*)?$", re.IGNORECASE)

# What says that it is by channel is that, whatever else it says.
_HEADING_ORDER: Final[tuple[IssuePart, ...]] = ("discord_details", "twitter", "reddit", "discord")


def part_of_heading(text: str) -> IssuePart | None:
    """Say which part a heading begins, if it is a recap's own heading."""
    return next((part for part in _HEADING_ORDER if _matches(RECAPS[part].heading, text)), None)


def begins_top_story(text: str) -> bool:
    """Whether a line heads the day's one great event, told in sections of its own."""
    return _TOP_STORY.match(text) is not None


def name_top_story(heading: str, sentence: str) -> str:
    """Head a top story whose own heading is missing by the sentence that its sections begin with.

    Args:
        heading: the one that the sentence stands under.
        sentence: a bold one.

    Returns:
        The heading; nothing where these are no beginning of a top story.
    """
    clause = _FIRST_CLAUSE.match(sentence) if _TOP_STORY_BEGINS.match(heading) else None
    return f"Top Story: {clause[0].strip()}" if clause else ""


def begins_other_topics(text: str) -> bool:
    """Whether a line says that the top story is over."""
    return _OTHER_TOPICS.match(text) is not None


def recap_names(mentions: Iterable[Mention]) -> tuple[str, ...]:
    """Name the recaps in which mentions stand, each once, in the order of the mentions."""
    return tuple(dict.fromkeys(RECAPS[mention.part].recap for mention in mentions))


def trust(mention: Mention) -> int:
    """Say who stands behind a mention, 0 for editors: anybody writes on Reddit and in chats."""
    return _TRUSTED_FIRST[RECAPS[mention.part].recap]


def section_points(mention: Mention) -> float:
    """Say what a mention is worth by the list in which it stands."""
    headings = " / ".join(mention.section).casefold()
    sections = RECAPS[mention.part].sections
    return next(points for pattern, points in sections if pattern.search(headings))


def is_top_tweet(mention: Mention) -> bool:
    """Whether a mention stands in the list of the day's most liked tweets."""
    return mention.part == "twitter" and "top tweets" in " ".join(mention.section).casefold()


def section_list(mention: Mention) -> tuple[str, ...]:
    """Say in whose list a mention stands: within one, an event comes up about once.

    The bullets about Twitter are one list and its top tweets another; so are a group of subreddits,
    the themes of the Discord recap, one guild's summary and one channel's.
    """
    topic = mention.section[1] if len(mention.section) > 1 else ""
    if mention.part == "twitter" or topic.startswith("Theme"):
        topic = "top" if topic.startswith("Top") else ""
    return (mention.part, *mention.section[:1], topic)


def _matches(pattern: re.Pattern[str] | None, text: str) -> bool:
    return pattern is not None and pattern.search(text) is not None
