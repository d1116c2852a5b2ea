"""Edits by hand, applied to the stories of an issue: pure, on records alone.

`apply_edits` says which stories are translated instead of those that were selected; what it returns
also holds the places and the words by hand, which `apply_manual_text` and `order_by_places` apply
to the drafts. An edit names its story by a `StoryAnchor`, since ids and places change with the page
and with the model's answer.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from string import ascii_lowercase
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeVar, get_args

from pydantic import Field

from pipeline.chinese import load_glossary
from pipeline.edits.anchors import StoryFinder
from pipeline.edits.descriptions import expected_edit
from pipeline.records import (
    HALVES,
    DroppedItem,
    Edit,
    EditedField,
    Entry,
    EntryKind,
    Finding,
    Reason,
    Record,
    SelectedStory,
    Selection,
    Sentence,
    Story,
    cut_sentences,
)
from pipeline.urls import canonical

if TYPE_CHECKING:
    from pipeline.translate import Checks, DraftEntry

_BY_HAND = Reason("by_hand")
"""Reason of a story that only an edit brought in, and of one that an edit left out."""
_KIND_BY_SECTION: dict[str, EntryKind] = {name: kind for kind, name in HALVES.items()}
ItemT = TypeVar("ItemT")


class ManualText(Record):
    """Words that were given by hand; None leaves the model's, and an empty link takes it off."""

    title: str | None = None
    summary: str | None = None
    link: str | None = None
    quoted: bool = False
    """Whether title and summary are a quotation that was pinned."""

    @property
    def fields(self) -> dict[str, str | None]:
        """What is given, as an entry has it."""
        given = self.model_dump(exclude_none=True, exclude={"quoted"})
        return {name: words or None for name, words in given.items()}

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left for the model to say."""
        return self.title is not None and self.summary is not None


class EditedSelection(Record):
    """What is translated, as the edits have it."""

    selection: Selection
    """The stories; the order of each half is not final."""
    texts: dict[str, ManualText] = Field(default_factory=dict)
    """Words by hand, by story id."""
    places: dict[str, int] = Field(default_factory=dict)
    """Places that are held, by story id, from 1; of two that hold one place the last was later."""
    edited_fields: dict[str, tuple[EditedField, ...]] = Field(default_factory=dict)
    """What of each entry is by hand, by story id."""
    remarks: dict[str, str] = Field(default_factory=dict)
    """What the model is asked to mind, by story id."""
    kinds: dict[str, EntryKind] = Field(default_factory=dict)
    """The halves that stories were chosen for, by story id: one that moves keeps its words."""
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
    remarks: tuple[str, ...] = ()
    edited_fields: frozenset[EditedField] = frozenset()

    def with_text(self, edit: Edit) -> "_StoryEdits":
        fields: tuple[EditedField, ...] = ("title", "summary", "link")
        given = [field for field in fields if getattr(edit, field) is not None]
        quoted = edit.quoted or (self.text.quoted and "summary" not in given)
        words: dict[str, object] = {field: getattr(edit, field) for field in given}
        text = self.text.model_copy(update={**words, "quoted": quoted})
        return self._replace(text=text, edited_fields=self.edited_fields.union(given))

    def with_remark(self, edit: Edit) -> "_StoryEdits":
        return self._replace(
            original_place=self.original_place or parse_place(edit.stood),
            remarks=(*self.remarks, *([edit.remark] if edit.remark else [])),
            edited_fields=self.edited_fields | {"remark"},
        )


def apply_edits(
    selection: Selection,
    edits: Sequence[Edit],
    *,
    stories: Sequence[Story],
    follows: Mapping[str, date],
    want: int,
) -> EditedSelection:
    """Apply edits, the oldest first, to what was selected.

    Args:
        selection: the stories that were selected, and the spares.
        edits: those of this digest. Of several about one story or one place the last one counts.
        stories: all stories of the issue.
        follows: stories with news of an event of an earlier digest, with the date of that digest.
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
        remarks={name: "\n".join(fate.remarks) for name, fate in fates.items() if fate.remarks},
        kinds={c.story.id: c.kind for c in selection.chosen},
        edited_fields={
            name: _field_order(fate.edited_fields)
            for name, fate in fates.items()
            if fate.edited_fields
        },
        drops=tuple(
            DroppedItem(what=name, reason=_BY_HAND) for name in sorted(fates) if fates[name].dropped
        ),
        findings=tuple(findings),
        applied_count=len(edits) - len(findings),
    )


def apply_manual_text(
    draft: "DraftEntry",
    manual: ManualText | None,
    edited_fields: tuple[EditedField, ...] | None,
    *,
    checks: "Checks",
) -> "DraftEntry":
    """Replace the model's words by those by hand, and check them all the same.

    Without `manual` all words stay as they are; where the model's may not be published, its
    quotation is changed. `edited_fields` say what of the entry is by hand; None for nothing.

    Returns:
        A draft that is published as it is, with its findings: those of the checks, and what
        proofreading named in words that stay.
    """
    if edited_fields is None:
        return draft
    entry = draft.published_entry.model_copy(update={"edited": edited_fields})
    findings = draft.findings
    if manual is not None:
        given = manual.fields
        quoted = manual.quoted if manual.is_complete else entry.quoted
        kept = () if quoted else _keep_citations(entry, str(given.get("summary", entry.summary)))
        entry = entry.model_copy(update={**given, "quoted": quoted, "sentences": kept})
        # What kept a translation from being published is still why it is quoted.
        before = draft.findings if quoted and not draft.passed else ()
        checked = checks.verify(entry, draft.choice.story, terms=load_glossary())
        findings = tuple(dict.fromkeys((*before, *checked, *_lasting_warnings(draft, entry))))
    return draft.model_copy(
        update={"entry": entry, "findings": findings, "attempts": entry.tries, "reason": ""}
    )


def reword_draft(draft: "DraftEntry", edits: Sequence[Edit], *, checks: "Checks") -> "DraftEntry":
    """Apply the edits of one entry to what it says, the oldest first.

    `edits` are all that are about its story, those that it shows already among them.
    """
    fate = _StoryEdits()
    for edit in edits:
        fate = _apply_edit(edit, fate)
    return apply_manual_text(draft, fate.text, _field_order(fate.edited_fields), checks=checks)


def _field_order(fields: frozenset[EditedField]) -> tuple[EditedField, ...]:
    return tuple(field for field in get_args(EditedField) if field in fields)


def _lasting_warnings(draft: "DraftEntry", edited: Entry) -> Iterator[Finding]:
    """Give what proofreading named in the words that an edit leaves as they are."""
    old = draft.published_entry
    for finding in draft.findings:
        field = "title" if finding.sentence == 0 else "summary"
        if finding.check == "proofread" and getattr(edited, field) == getattr(old, field):
            yield finding


def order_by_places(
    items: Sequence[ItemT], places: Mapping[str, int], key: Callable[[ItemT], str]
) -> list[ItemT]:
    """Put items at the places that are held for them; the others keep their order around them.

    `places` are by the items' names, from 1: the later one keeps a place that two claim, and the
    other takes the next one that is free.
    """
    slots: list[ItemT | None] = [None] * len(items)
    named = {key(item): item for item in items}
    held = [
        (named.pop(name), place) for name, place in reversed(list(places.items())) if name in named
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
        selection: Selection,
        stories: Mapping[str, Story],
        fates: Mapping[str, _StoryEdits],
        follows: Mapping[str, date],
    ) -> None:
        everything = (*selection.news, *selection.tools, *selection.spares)
        self._choices = {choice.story.id: choice for choice in everything}
        self._stories, self._fates, self._follows = stories, fates, follows
        self._halves = {"news": selection.news, "tool": selection.tools}
        selected = {choice.story.id for half in self._halves.values() for choice in half}
        # A story with words by hand stays where it is selected; else it stands where it did.
        self._held = {
            name: place
            for name, fate in fates.items()
            if (place := fate.place or (None if name in selected else fate.original_place))
        }
        self.places = {name: place.number for name, place in self._held.items()}
        self.spares = [c for c in selection.spares if not self._is_moved_or_dropped(c.story.id)]
        gone = {name for name, fate in fates.items() if fate.dropped}
        staying = [c for half in self._halves.values() for c in half if c.story.id not in gone]
        self._shown = {canonical(choice.link) for choice in staying if choice.link}

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
        story = self._stories.get(name)
        if story is None:  # the second event of a story, which this run does not tell apart
            story = self._stories[name.rstrip(ascii_lowercase)].model_copy(update={"id": name})
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
        if fate.dropped and edit.do not in ("drop", "swap", "add"):
            findings.append(_unapplied(edit, "the story was left out by hand"))
            continue
        out = finder.find(edit.instead) if edit.do == "swap" and edit.instead else None
        if out and out.id != story.id:
            fates.pop(out.id, None)
            fates[out.id] = _StoryEdits(dropped=True)
        if edit.do not in ("set", "tell"):
            fates.pop(story.id, None)
        fates[story.id] = _apply_edit(edit, fate)
    return fates, findings


def _apply_edit(edit: Edit, fate: _StoryEdits) -> _StoryEdits:
    place = parse_place(edit.place or "")
    match edit.do:
        case "drop":
            return _StoryEdits(dropped=True)
        case "swap" | "add":
            return _StoryEdits(place=place, edited_fields=frozenset({"story"}))
        case "pin":
            pinned = fate.with_text(edit)
            return pinned._replace(place=place, edited_fields=pinned.edited_fields | {"place"})
        case "move":
            return fate._replace(place=place, edited_fields=fate.edited_fields | {"place"})
        case "set":
            stood = fate.original_place or parse_place(edit.stood)
            return fate.with_text(edit)._replace(place=fate.place or place, original_place=stood)
        case "tell":
            return fate.with_remark(edit)._replace(place=fate.place or place)


def _unapplied(edit: Edit, why: str) -> Finding:
    return Finding(
        entry=edit.story.id,
        check="edit",
        severity="warning",
        expected=expected_edit(edit),
        found=why,
    )


def _keep_citations(entry: Entry, summary: str) -> tuple[Sentence, ...]:
    """Cut a summary by hand, with the lines of each sentence that the entry has word for word.

    Nobody has said what the other words rest on: they cite nothing.
    """
    if not entry.line_places or entry.quoted:
        return ()
    if summary == entry.summary:
        return entry.sentences
    ends = [*accumulate(len(sentence.text) for sentence in cut_sentences(summary))]
    sentences: list[Sentence] = []
    at = 0
    for end in ends:
        # A sentence of the entry may be several between full stops.
        if end <= at:
            continue
        known = [it for it in entry.told if it.text and summary.startswith(it.text, at)]
        kept = next((it for it in known if at + len(it.text) in ends), None)
        sentences.append(kept or Sentence(text=summary[at:end]))
        at += len(sentences[-1].text)
    return tuple(sentences)
