"""Events that a model named -> stories: no event, and no address, is taken twice.

Events are taken one by one and in order, so that what is taken first does not depend on what
comes after it. The second event of a bullet, `s12b`, has no address where the bullet has one only.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from string import ascii_lowercase
from typing import Protocol

from rapidfuzz import fuzz

from pipeline.records import DroppedItem, EntryKind, Reason, ReasonCode, SelectedStory, Story
from pipeline.select.groups import join_stories
from pipeline.urls import canonical

_FIGURE = re.compile(r"\d")
_UNJOINED = re.compile(r"[\s-]")
_NAME = re.compile(r"[A-Z\d]")
_OTHER_WORDS = 60  # of 100
_SAME_WORDS = 90  # of 100


class Event(Protocol):
    """One event as the model named it."""

    stories: list[str]
    """Ids of the stories that tell it, the leading one first."""
    event: str
    """It in a few English words."""


class Picker:
    """Takes events one by one; no event, and no address, is taken twice."""

    def __init__(
        self, stories: Sequence[Story], drops: list[DroppedItem], follows: Mapping[str, dt.date]
    ) -> None:
        self._left = {story.id: story for story in stories}
        self._all = dict(self._left)
        self._shown: dict[str, str] = {}
        self._taken: list[tuple[Event, frozenset[str]]] = []
        self._ids: set[str] = set()
        self._drops = drops
        self._follows = follows

    def take_named(
        self, events: Iterator[Event], count: int, kind: EntryKind, code: ReasonCode = "model"
    ) -> list[SelectedStory]:
        """Take the next events that the model named whose stories exist and are new.

        A story may tell two events: each can have it, and a bundle may even lead both; the second
        of them is a story of its own, `s12b`.
        """
        taken: list[SelectedStory] = []
        while len(taken) < count and (event := next(events, None)):
            if known := self._known_names(event):
                taken += self._take_event(event, known, kind, code)
        return taken

    def take_next(
        self, count: int, kind: EntryKind | None, code: ReasonCode = "completed"
    ) -> list[SelectedStory]:
        """Take the next stories in order, those that lean to the kind before all others."""
        taken: list[SelectedStory] = []
        order = sorted(
            self._left.values(),
            key=lambda story: kind is not None and story.salience.leaning != kind,
        )
        for story in order:
            if len(taken) >= count:
                break
            taken += self._take(story, kind or story.salience.leaning, code)
        return taken

    def _known_names(self, event: Event) -> list[str]:
        """Give the stories of an event that exist; none where it was taken already."""
        known = [name for name in dict.fromkeys(event.stories) if name in self._all]
        self._drop_all(set(event.stories) - set(known), "unknown_id")
        if known and (again := self._same_event(event, known)):
            self._drop_all(known[:1], "named_twice" if again == known[0] else "same_event")
            return []
        return known

    def _take_event(
        self, event: Event, known: Sequence[str], kind: EntryKind, code: ReasonCode
    ) -> list[SelectedStory]:
        """Take an event as one story, led by the first of its stories that leads none."""
        lead = next((name for name in known if name in self._left), known[0])
        if lead not in self._left and len(known) > 1:
            self._drop_all(known[:1], "named_twice")
            return []
        others = [name for name in known if name != lead]
        story = join_stories([self._all[name] for name in (lead, *others)])
        if lead not in self._left:
            free = self._free_id(lead)
            if free is None:
                self._drop_all(known[:1], "named_twice")
                return []
            story = story.model_copy(update={"id": free})
        chosen = [
            choice.model_copy(update={"event": " ".join(event.event.split())})
            for choice in self._take(story, kind, code, others)
        ]
        if chosen:
            self._taken.append((event, frozenset(known)))
            for name in others:
                self._left.pop(name, None)
        return chosen

    def _free_id(self, name: str) -> str | None:
        """Give the next id for another event of a story that leads one; None after 25 of them."""
        ids = (f"{name}{letter}" for letter in ascii_lowercase[1:])
        return next((free for free in ids if free not in self._ids), None)

    def _same_event(self, event: Event, names: Sequence[str]) -> str:
        """Give the leading story of an event that was taken and is this one, under other words."""
        for other, taken in self._taken:
            shared = len(taken.intersection(names))
            # A story that tells several events may stand in each of them.
            apart = shared == 1 or names[0] not in taken
            words = event.event, other.event
            bundle = apart and (_other_words(*words) or (shared == 1 and _other_names(*words)))
            mostly = shared * 2 > min(len(taken), len(names)) and not bundle
            if mostly or _same_words(event.event, other.event):
                return next(name for name in other.stories if name in taken)
        return ""

    def _drop_all(self, names: Iterable[str], code: ReasonCode) -> None:
        self._drops += [DroppedItem(what=name, reason=Reason(code)) for name in sorted(names)]

    def _take(
        self, story: Story, kind: EntryKind, code: ReasonCode, others: Sequence[str] = ()
    ) -> list[SelectedStory]:
        name = story.id
        self._ids.add(name)
        self._left.pop(name, None)
        free = [url for url in story.sources if canonical(url) not in self._shown]
        if story.sources and not free and name in self._all:
            other = self._shown[canonical(story.sources[0])]
            self._drops.append(DroppedItem(what=name, reason=Reason.of("same_link_as", other)))
            return []
        link = free[0] if free else None
        if link is not None:
            self._shown[canonical(link)] = name
        return [
            SelectedStory(
                story=story,
                kind=kind,
                link=link,
                reason=Reason(code),
                follows=next(filter(None, map(self._follows.get, (name, *others))), None),
            )
        ]


def _other_words(one: str, other: str) -> bool:
    """Whether two events are named by other words altogether, as two events of one bullet are."""
    return fuzz.token_set_ratio(one.casefold(), other.casefold()) < _OTHER_WORDS


def _other_names(one: str, other: str) -> bool:
    """Whether two events have names, and none of them stands in the other: `A ships B 2`.

    The first word may be no name, and words in a row are one: Gemini Omni is not Gemini 3.5 Flash.
    Two releases are told in like words, and are two all the same.
    """
    names = [_names(text) for text in (one, other)]
    texts = [_UNJOINED.sub("", text).casefold() for text in (one, other)]
    return all(names) and not any(
        name in text for row, text in zip(names, reversed(texts), strict=True) for name in row
    )


def _names(event: str) -> list[str]:
    """Give the names of an event, each without spaces and hyphens."""
    rows = groupby(event.split()[1:], lambda word: bool(_NAME.search(word)))
    return [_UNJOINED.sub("", "".join(row)).casefold() for is_name, row in rows if is_name]


def _same_words(one: str, other: str) -> bool:
    """Whether two events are named by the same words in whatever order, versions and all."""
    figures = [
        {word for word in text.casefold().split() if _FIGURE.search(word)} for text in (one, other)
    ]
    alike = fuzz.token_sort_ratio(one.casefold(), other.casefold()) >= _SAME_WORDS
    return alike and figures[0] == figures[1]
