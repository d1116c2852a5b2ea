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

from pipeline.edits.anchors import StoryFinder
from pipeline.reasons import Reason
from pipeline.records import (
    DroppedItem,
    Edit,
    EditedField,
    EntryKind,
    Finding,
    Record,
    SelectedStory,
    Selection,
    Story,
)
from pipeline.urls import canonical

_BY_HAND = Reason("by_hand")
"""Reason of a story that only an edit brought in, and of one that an edit left out."""
_KIND_BY_SECTION: dict[str, EntryKind] = {"news": "news", "tools": "tool"}
ItemT = TypeVar("ItemT")


class ManualText(Record):
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
    def is_complete(self) -> bool:
        """Whether nothing is left for the model to say."""
        return self.title is not None and self.summary is not None


class EditedSelection(Record):
    """What is told, as the edits have it."""

    selection: Selection
    """The stories; the order of each half is not final."""
    texts: dict[str, ManualText] = Field(default_factory=dict)
    """Words by hand, by story id."""
    places: dict[str, int] = Field(default_factory=dict)
    """Places that are held, by story id, from 1; of two that hold one place the last was later."""
    edited_fields: dict[str, tuple[EditedField, ...]] = Field(default_factory=dict)
    """What of each entry is by hand, by story id."""
    drops: tuple[DroppedItem, ...] = ()
    """Stories that were left out by hand."""
    findings: tuple[Finding, ...] = ()
    """Edits that found no story to be applied to."""
    applied_count: int = 0
    """How many edits found theirs."""


class EntryPlace(NamedTuple):
    """One place of a digest."""

    section: Literal["news", "tools"]
    number: int

    @property
    def kind(self) -> EntryKind:
        """The half of the digest that it is in."""
        return _KIND_BY_SECTION[self.section]


def parse_place(words: str) -> EntryPlace | None:
    """Read `news:3`; None where it is no place."""
    found = re.fullmatch(r"(news|tools):([1-9]\d?)", words, re.ASCII)
    if found is None:
        return None
    return EntryPlace("news" if found[1] == "news" else "tools", int(found[2]))


class _StoryEdits(NamedTuple):
    """What the edits so far mean for one story."""

    dropped: bool = False
    place: EntryPlace | None = None
    original_place: EntryPlace | None = None
    text: ManualText = ManualText()
    edited_fields: frozenset[EditedField] = frozenset()

    def with_text(self, edit: Edit) -> "_StoryEdits":
        fields = ("title", "summary", "link")
        given = {name: getattr(edit, name) for name in fields if getattr(edit, name) is not None}
        names: set[EditedField] = {name for name in fields if name in given}  # type: ignore[misc]
        quoted = edit.quoted or (self.text.quoted and "summary" not in given)
        text = self.text.model_copy(update={**given, "quoted": quoted})
        return self._replace(text=text, edited_fields=self.edited_fields | names)


def apply_edits(
    selection: Selection,
    edits: Sequence[Edit],
    *,
    stories: Sequence[Story],
    follows: Mapping[str, date],
    want: int,
) -> EditedSelection:
    """Apply edits, the oldest first, to what was chosen.

    Args:
        selection: the stories that were chosen, and the spares.
        edits: those of this digest. Of several about one story or one place the last one counts.
        stories: all stories of the issue.
        follows: stories that bring something new to a told event, with the date of its telling.
        want: entries per section: spares fill it, and what is too many becomes a spare.
    """
    if not edits:
        return EditedSelection(selection=selection)
    fates, findings = _edits_by_story(edits, StoryFinder(stories))
    known = {story.id: story for story in stories}
    desk = _SelectionEditor(selection, known, fates, follows)
    news, tools = desk.build_section("news", want), desk.build_section("tool", want)
    news += desk.take_spares("news", want - len(news))
    tools += desk.take_spares("tool", want - len(tools))
    return EditedSelection(
        selection=selection.model_copy(
            update={
                "news": tuple(news),
                "tools": tuple(tools),
                "spares": tuple(desk.spares),
            }
        ),
        texts={name: fate.text for name, fate in fates.items() if fate.text != ManualText()},
        places={name: desk.places[name] for name in fates if name in desk.places},
        edited_fields={
            name: _sort_edited_fields(fate.edited_fields)
            for name, fate in fates.items()
            if fate.edited_fields
        },
        drops=tuple(
            DroppedItem(what=name, reason=_BY_HAND) for name in sorted(fates) if fates[name].dropped
        ),
        findings=tuple(findings),
        applied_count=len(edits) - len(findings),
    )


def order_by_places(
    items: Sequence[ItemT], places: Mapping[str, int], key: Callable[[ItemT], str]
) -> list[ItemT]:
    """Put items at the places that are held for them; the others keep their order around them.

    Args:
        items: one half of the digest.
        places: places by the items' names, from 1; the later one keeps a place that two claim, and
            the other takes the next one that is free.
        key: names an item.
    """
    slots: list[ItemT | None] = [None] * len(items)
    named = {key(item): item for item in items}
    held = [
        (named.pop(key), place) for key, place in reversed(list(places.items())) if key in named
    ]
    for item, place in held:
        start = min(place, len(slots)) - 1
        free = [at for at, other in enumerate(slots) if other is None]
        slots[min(free, key=lambda at: (at < start, abs(at - start)))] = item
    others = iter(named.values())
    return [next(others) if slot is None else slot for slot in slots]


class _SelectionEditor:
    """The selection while it is edited; every story lies in one place only."""

    def __init__(
        self,
        chosen: Selection,
        stories: Mapping[str, Story],
        fates: Mapping[str, _StoryEdits],
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
            if (place := fate.place or (None if name in told else fate.original_place))
        }
        self.places = {name: place.number for name, place in self._held.items()}
        self.spares = [c for c in chosen.spares if not self._is_moved_or_dropped(c.story.id)]
        gone = {name for name, fate in fates.items() if fate.dropped}
        kept = [c for half in self._halves.values() for c in half if c.story.id not in gone]
        self._shown = {canonical(choice.link) for choice in kept if choice.link}

    def build_section(self, kind: EntryKind, want: int) -> list[SelectedStory]:
        """Give one half without what is elsewhere, and with what an edit brings in."""
        stay = [c for c in self._halves[kind] if not self._is_moved_or_dropped(c.story.id)]
        here = [name for name, place in self._held.items() if place.kind == kind]
        held = [self._make_choice(name, kind) for name in here]
        room = max(want - len(held), 0)
        edited = [c for c in stay if c.story.id in self._fates]
        over = [c for c in stay if c not in edited][max(room - len(edited), 0) :]
        self.spares[:0] = over
        return [*(c for c in stay if c not in over), *held]

    def take_spares(self, kind: EntryKind, count: int) -> list[SelectedStory]:
        """Take spares, those that lean to the kind first."""
        taken: list[SelectedStory] = []
        while len(taken) < count and self.spares:
            spare = next((c for c in self.spares if c.kind == kind), self.spares[0])
            self.spares.remove(spare)
            taken.append(spare.model_copy(update={"kind": kind}))
        return taken

    def _is_moved_or_dropped(self, name: str) -> bool:
        return name in self._held or (name in self._fates and self._fates[name].dropped)

    def _make_choice(self, name: str, kind: EntryKind) -> SelectedStory:
        if name in self._choices:
            return self._choices[name].model_copy(update={"kind": kind})
        story = self._stories[name]
        free = [url for url in story.sources if canonical(url) not in self._shown]
        link = next(iter((*free, *story.sources)), None)
        if link:
            self._shown.add(canonical(link))
        follows = self._follows.get(name)
        return SelectedStory(story=story, kind=kind, link=link, reason=_BY_HAND, follows=follows)


def _edits_by_story(
    edits: Sequence[Edit], finder: StoryFinder
) -> tuple[dict[str, _StoryEdits], list[Finding]]:
    """Follow the edits, the oldest first; who claims a place again is the last to claim it."""
    fates: dict[str, _StoryEdits] = {}
    findings = []
    for edit in edits:
        story = finder.find(edit.story)
        if story is None:
            findings.append(_unapplied(edit, "no story of the issue is this one any more"))
            continue
        fate = fates.get(story.id, _StoryEdits())
        if fate.dropped and edit.do not in ("drop", "swap"):
            findings.append(_unapplied(edit, "the story was left out by hand"))
            continue
        if edit.instead and (other := finder.find(edit.instead)) and other.id != story.id:
            fates.pop(other.id, None)
            fates[other.id] = _StoryEdits(dropped=True)
        if edit.do != "set":
            fates.pop(story.id, None)
        fates[story.id] = _apply_edit(edit, fate)
    return fates, findings


def _apply_edit(edit: Edit, fate: _StoryEdits) -> _StoryEdits:
    place = parse_place(edit.place or "")
    match edit.do:
        case "drop":
            return _StoryEdits(dropped=True)
        case "swap":
            return _StoryEdits(place=place, edited_fields=frozenset({"story"}))
        case "pin":
            pinned = fate.with_text(edit)
            return pinned._replace(place=place, edited_fields=pinned.edited_fields | {"place"})
        case "move":
            return fate._replace(place=place, edited_fields=fate.edited_fields | {"place"})
        case "set":
            stood = fate.original_place or parse_place(edit.stood)
            return fate.with_text(edit)._replace(place=fate.place or place, original_place=stood)


def _unapplied(edit: Edit, why: str) -> Finding:
    expected = f"{edit.do} of {edit.place or edit.stood}, {edit.story.words!r}, to be applied"
    return Finding(
        entry=edit.story.id, check="edit", severity="warning", expected=expected, found=why
    )


def _sort_edited_fields(touched: frozenset[EditedField]) -> tuple[EditedField, ...]:
    order: tuple[EditedField, ...] = ("story", "place", "title", "summary", "link")
    return tuple(each for each in order if each in touched)
