"""The links that a Discord channel lists below its bullets -> each with the bullet it is about.

Issues of 2024 tell a channel in bullets without links, and list the links after them, each with the
first words of its page. A link comes to a bullet where both say the same that no other bullet and
no other link of the channel says. Not covered: links of other channels, and bullets with links.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.merge.features import GENERIC_NAME
from pipeline.records import Mention
from pipeline.urls import canonical

_MIN_SCORE: Final = 2.0
"""Of what a bullet and a link both say: a name counts 1, another word less, each divided by how
many bullets and links of the channel say it."""
_WORD_SCORE: Final = 0.4
_LEAD: Final = 1.5
"""How many times that of the second best a score has to be."""
_MIN_BULLET_CHARS: Final = 60
"""A shorter one is a topic of the channel's own table."""
_NAME = re.compile(r"(?<![\w.])[$@]?(?:[A-Za-z]*[A-Z][\w.+-]*|\d[\w.,]*%?)(?!\w)")
_WORD = re.compile(r"(?<![\w@./-])[a-z]{6,}(?!\w)")
_STEM_CHARS: Final = 8
_MIN_NAME_CHARS: Final = 3
_POSTER = re.compile(r"^Tweet from [^:]*:")
# What begins headlines and sentences here, and names nothing.
_NO_NAME = re.compile(
    r"th(?:e|is|ese|at|ose|ey|eir|ere)|its|members?|users?|participants?|community|discussions?"
    r"|concerns?|questions?|new|one|another|some|many|several|while|however|with|for|and|but|not"
    r"|from|paper|introducing|announcing|our|you|your|how|wh(?:at|y|en)|using|models?|llms?|open"
    r"|source|today|performance|training|releas\w+|launch\w*"
)


class _Channel(NamedTuple):
    """A channel's bullets and the links of its list, by their places among the mentions."""

    bullets: list[int]
    links: list[int]


def is_listed_link(mention: Mention) -> bool:
    """Whether a mention stands in a channel's list of links."""
    return bool(mention.section) and mention.section[-1].casefold().startswith("links mentioned")


def with_channel_links(mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Give the mentions; a bullet without a link has the one of its channel's list about it."""
    channels: defaultdict[tuple[str, ...], _Channel] = defaultdict(lambda: _Channel([], []))
    for place, mention in enumerate(mentions):
        if is_listed_link(mention):
            channels[mention.section[:-1]].links.append(place)
        elif mention.part == "discord_details" and len(mention.text) >= _MIN_BULLET_CHARS:
            channels[mention.section].bullets.append(place)
    found = {
        bullet: mentions[link].links[:1]
        for channel in channels.values()
        if channel.links
        for bullet, link in _pairs(channel, mentions).items()
        if not mentions[bullet].links
    }
    return tuple(
        mention.model_copy(update={"links": found[place]}) if place in found else mention
        for place, mention in enumerate(mentions)
    )


def _pairs(channel: _Channel, mentions: Sequence[Mention]) -> dict[int, int]:
    """Give for bullets of a channel the link that each is about, where that is plain both ways."""
    pages = {canonical(mentions[at].links[0].url): at for at in channel.links if mentions[at].links}
    bullets = {at: _said(mentions[at].text) for at in channel.bullets}
    links = {at: _said(_POSTER.sub("", mentions[at].text)) for at in pages.values()}
    in_bullets = Counter(word for said in bullets.values() for word in said)
    in_links = Counter(word for said in links.values() for word in said)

    def score(bullet: int, link: int) -> float:
        shared = bullets[bullet] & links[link]
        return math.fsum(  # the same in every order, which a set has another of in every run
            (_WORD_SCORE if word.islower() else 1) / (in_bullets[word] * in_links[word])
            for word in shared
        )

    best = {at: _plainly_best({link: score(at, link) for link in links}) for at in bullets}
    back = {at: _plainly_best({bullet: score(bullet, at) for bullet in bullets}) for at in links}
    return {at: link for at, link in best.items() if link is not None and back[link] == at}


def _plainly_best(scores: Mapping[int, float]) -> int | None:
    ranked = sorted(scores, key=lambda place: -scores[place])
    if not ranked:
        return None
    second = scores[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0] if scores[ranked[0]] >= max(_MIN_SCORE, _LEAD * second) else None


def _said(text: str) -> frozenset[str]:
    """Give the names of a text in capitals, and its longer words in small letters."""
    names = {found.group().strip("$@.,-+").casefold() for found in _NAME.finditer(text)}
    kept = (
        name.upper()
        for name in names
        if len(name) >= _MIN_NAME_CHARS
        and not (_NO_NAME.fullmatch(name) or GENERIC_NAME.fullmatch(name))
    )
    return frozenset((*kept, *(word[:_STEM_CHARS] for word in _WORD.findall(text))))
