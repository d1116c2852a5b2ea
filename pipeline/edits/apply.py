"""Edits by hand, applied to the stories of an issue: pure, on records alone.

`arrange` says which stories are told instead of those that were chosen, before anything is told;
`placed` says where they stand, and `Arranged.texts` what words they get, afterwards. An edit names
its story by a `Mark`, since ids and places change with the page and with the model's choice.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeVar

from pydantic import Field

from pipeline.edits.anchors import Finder
from pipeline.records import (
    Choice,
    Drop,
    Edit,
    Finding,
    Kind,
    Record,
    Selection,
    Story,
    Touched,
)
from pipeline.urls import canonical

BY_HAND = "by hand"
"""Reason of a story that only an edit brought in, and of one that an edit left out."""
_SECTIONS: dict[str, Kind] = {"news": "news", "tools": "tool"}
Item = TypeVar("Item")


class Text(Record):
    """Words that were given by hand; None leaves the model's."""

    title: str | None = None
    """Title."""
    summary: str | None = None
    """Summary."""
    link: str | None = None
    """Address."""
    quoted: bool = False
    """Whether title and summary are a quotation that was pinned."""

    @property
    def whole(self) -> bool:
        """Whether nothing is left for the model to say."""
        return self.title is not None and self.summary is not None


class Arranged(Record):
    """What is told, as the edits have it."""

    selection: Selection
    """The stories; the order of each half is not final."""
    texts: dict[str, Text] = Field(default_factory=dict)
    """Words by hand, by story id."""
    places: dict[str, int] = Field(default_factory=dict)
    """Places that are held, by story id, from 1; of two that hold one place the last was later."""
    touched: dict[str, tuple[Touched, ...]] = Field(default_factory=dict)
    """What of each entry is by hand, by story id."""
    drops: tuple[Drop, ...] = ()
    """Stories that were left out by hand."""
    findings: tuple[Finding, ...] = ()
    """Edits that found no story to be applied to."""
    applied: int = 0
    """How many edits found theirs."""


class Place(NamedTuple):
    """One place of a digest."""

    section: Literal["news", "tools"]
    number: int

    @property
    def kind(self) -> Kind:
        """The half of the digest that it is in."""
        return _SECTIONS[self.section]


def place_of(words: str) -> Place | None:
    """Read `news:3`; None where it is no place."""
    found = re.fullmatch(r"(news|tools):([1-9]\d?)", words, re.ASCII)
    if found is None:
        return None
    return Place("news" if found[1] == "news" else "tools", int(found[2]))


class _Fate(NamedTuple):
    """What the edits so far mean for one story."""

    gone: bool = False
    place: Place | None = None
    stood: Place | None = None
    text: Text = Text()
    touched: frozenset[Touched] = frozenset()

    def with_text(self, edit: Edit) -> "_Fate":
        fields = ("title", "summary", "link")
        given = {name: getattr(edit, name) for name in fields if getattr(edit, name) is not None}
        names: set[Touched] = {name for name in fields if name in given}  # type: ignore[misc]
        quoted = edit.quoted or (self.text.quoted and "summary" not in given)
        text = self.text.model_copy(update={**given, "quoted": quoted})
        return self._replace(text=text, touched=self.touched | names)


def arrange(
    chosen: Selection,
    edits: Sequence[Edit],
    *,
    stories: Sequence[Story],
    follows: Mapping[str, date],
    want: int,
) -> Arranged:
    """Apply edits, the oldest first, to what was chosen.

    Args:
        chosen: the stories that were chosen, and the spares.
        edits: those of this digest. Of several about one story or one place the last one counts.
        stories: all stories of the issue.
        follows: stories that bring something new to a told event, with the date of its telling.
        want: entries per section: spares fill it, and what is too many becomes a spare.
    """
    if not edits:
        return Arranged(selection=chosen)
    fates, findings = _fates(edits, Finder(stories))
    known = {story.id: story for story in stories}
    desk = _Desk(chosen, known, fates, follows)
    news, tools = desk.section("news", want), desk.section("tool", want)
    news += desk.fill("news", want - len(news))
    tools += desk.fill("tool", want - len(tools))
    return Arranged(
        selection=chosen.model_copy(
            update={
                "news": tuple(news),
                "tools": tuple(tools),
                "spares": tuple(desk.spares),
            }
        ),
        texts={name: fate.text for name, fate in fates.items() if fate.text != Text()},
        places={name: desk.places[name] for name in fates if name in desk.places},
        touched={name: _ordered(fate.touched) for name, fate in fates.items() if fate.touched},
        drops=tuple(Drop(what=name, reason=BY_HAND) for name in sorted(fates) if fates[name].gone),
        findings=tuple(findings),
        applied=len(edits) - len(findings),
    )


def placed(
    items: Sequence[Item], places: Mapping[str, int], name: Callable[[Item], str]
) -> list[Item]:
    """Put items at the places that are held for them; the others keep their order around them.

    Args:
        items: one half of the digest.
        places: places by the items' names, from 1; the later one keeps a place that two claim, and
            the other takes the next one that is free.
        name: names an item.
    """
    slots: list[Item | None] = [None] * len(items)
    named = {name(item): item for item in items}
    held = [
        (named.pop(key), place) for key, place in reversed(list(places.items())) if key in named
    ]
    for item, place in held:
        start = min(place, len(slots)) - 1
        free = [at for at, other in enumerate(slots) if other is None]
        slots[min(free, key=lambda at: (at < start, abs(at - start)))] = item
    others = iter(named.values())
    return [next(others) if slot is None else slot for slot in slots]


class _Desk:
    """The selection while it is edited; every story lies in one place only."""

    def __init__(
        self,
        chosen: Selection,
        stories: Mapping[str, Story],
        fates: Mapping[str, _Fate],
        follows: Mapping[str, date],
    ) -> None:
        everything = (*chosen.news, *chosen.tools, *chosen.spares)
        self._choices = {choice.story.id: choice for choice in everything}
        self._stories, self._fates, self._follows = stories, fates, follows
        self._halves = {"news": chosen.news, "tool": chosen.tools}
        told = {choice.story.id for half in self._halves.values() for choice in half}
        # A story with words by hand stays, wherever it is chosen for; else it stands where it did.
        self._held = {
            name: place
            for name, fate in fates.items()
            if (place := fate.place or (None if name in told else fate.stood))
        }
        self.places = {name: place.number for name, place in self._held.items()}
        self.spares = [c for c in chosen.spares if not self._is_elsewhere(c.story.id)]
        gone = {name for name, fate in fates.items() if fate.gone}
        kept = [c for half in self._halves.values() for c in half if c.story.id not in gone]
        self._shown = {canonical(choice.link) for choice in kept if choice.link}

    def section(self, kind: Kind, want: int) -> list[Choice]:
        """Give one half without what is elsewhere, and with what an edit brings in."""
        stay = [c for c in self._halves[kind] if not self._is_elsewhere(c.story.id)]
        here = [name for name, place in self._held.items() if place.kind == kind]
        held = [self._choice(name, kind) for name in here]
        room = max(want - len(held), 0)
        edited = [c for c in stay if c.story.id in self._fates]
        over = [c for c in stay if c not in edited][max(room - len(edited), 0) :]
        self.spares[:0] = over
        return [*(c for c in stay if c not in over), *held]

    def fill(self, kind: Kind, count: int) -> list[Choice]:
        """Take spares, those that lean to the kind first."""
        taken: list[Choice] = []
        while len(taken) < count and self.spares:
            spare = next((c for c in self.spares if c.kind == kind), self.spares[0])
            self.spares.remove(spare)
            taken.append(spare.model_copy(update={"kind": kind}))
        return taken

    def _is_elsewhere(self, name: str) -> bool:
        return name in self._held or (name in self._fates and self._fates[name].gone)

    def _choice(self, name: str, kind: Kind) -> Choice:
        if name in self._choices:
            return self._choices[name].model_copy(update={"kind": kind})
        story = self._stories[name]
        free = [url for url in story.sources if canonical(url) not in self._shown]
        link = next(iter((*free, *story.sources)), None)
        if link:
            self._shown.add(canonical(link))
        follows = self._follows.get(name)
        return Choice(story=story, kind=kind, link=link, reason=BY_HAND, follows=follows)


def _fates(edits: Sequence[Edit], finder: Finder) -> tuple[dict[str, _Fate], list[Finding]]:
    """Follow the edits, the oldest first; who claims a place again is the last to claim it."""
    fates: dict[str, _Fate] = {}
    findings = []
    for edit in edits:
        story = finder.find(edit.story)
        if story is None:
            findings.append(_lost(edit, "no story of the issue is this one any more"))
            continue
        fate = fates.get(story.id, _Fate())
        if fate.gone and edit.do not in ("drop", "swap"):
            findings.append(_lost(edit, "the story was left out by hand"))
            continue
        if edit.instead and (other := finder.find(edit.instead)) and other.id != story.id:
            fates.pop(other.id, None)
            fates[other.id] = _Fate(gone=True)
        if edit.do != "set":
            fates.pop(story.id, None)
        fates[story.id] = _after(edit, fate)
    return fates, findings


def _after(edit: Edit, fate: _Fate) -> _Fate:
    place = place_of(edit.place or "")
    match edit.do:
        case "drop":
            return _Fate(gone=True)
        case "swap":
            return _Fate(place=place, touched=frozenset({"story"}))
        case "pin":
            pinned = fate.with_text(edit)
            return pinned._replace(place=place, touched=pinned.touched | {"place"})
        case "move":
            return fate._replace(place=place, touched=fate.touched | {"place"})
        case "set":
            stood = fate.stood or place_of(edit.stood)
            return fate.with_text(edit)._replace(place=fate.place or place, stood=stood)


def _lost(edit: Edit, why: str) -> Finding:
    expected = f"{edit.do} of {edit.place or edit.stood}, {edit.story.words!r}, to be applied"
    return Finding(
        entry=edit.story.id, check="edit", severity="warning", expected=expected, found=why
    )


def _ordered(touched: frozenset[Touched]) -> tuple[Touched, ...]:
    order: tuple[Touched, ...] = ("story", "place", "title", "summary", "link")
    return tuple(each for each in order if each in touched)
