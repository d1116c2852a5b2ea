"""The options of `edit` -> the edits of the digest, all or none: pure.

Every place that is named, `news:3`, is one of the digest as it is, whatever else the same command
does. Nothing is applied here: `apply_edits` does that.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import chain

from pydantic import field_validator

from pipeline.edits.anchors import make_anchor
from pipeline.edits.apply import parse_place
from pipeline.edits.previous import find_entry
from pipeline.errors import SettingsError
from pipeline.records import Digest, Edit, Entry, Record, Story
from pipeline.urls import is_public_url

_FIELDS = ("title", "summary", "link")
_SET = re.compile(rf"(?P<place>\w+:\d+)\.(?P<field>{'|'.join(_FIELDS)})=(?P<value>.*)", re.DOTALL)
_SWAP = re.compile(r"(?P<place>\w+:\d+)=(?:(?P<story>s\d+)|(?P<other>\w+:\d+))", re.ASCII)
_MOVE = re.compile(r"(?P<place>\w+:\d+)=(?:(?P<section>\w+):)?(?P<number>[1-9]\d?)", re.ASCII)
_LINK_NUMBER = re.compile(r"L?(?P<number>[1-9]\d?)", re.ASCII)


class EditOptions(Record):
    """The options of the command, as they were written."""

    drop: tuple[str, ...] = ()
    """`news:3`"""
    swap: tuple[str, ...] = ()
    """`tools:2=s17`, or two entries that change places: `news:1=news:2`"""
    pin: tuple[str, ...] = ()
    """`news:2`"""
    move: tuple[str, ...] = ()
    """`news:5=1`, or to the other half: `tools:2=news:4`"""
    set: tuple[str, ...] = ()
    """`news:1.title=…`, `.summary=…`, `.link=…`; a link by its number in the evidence, too"""
    undo: tuple[str, ...] = ()
    """`all`, `last`, or the number that the list of edits gives."""
    adopt: bool = False
    """Whether the digest takes over what somebody has changed in its Markdown."""
    source: str | None = None
    """File with the issue's page, for a digest that was made from one."""
    dry_run: bool = False
    """Whether nothing is asked and nothing written."""
    force: bool = False
    """Whether words that do not pass the checks are written, and Markdown changed by hand is
    replaced."""

    @property
    def only_words(self) -> bool:
        """Whether nothing but words and links is changed."""
        return bool(self.set) and not (self.drop or self.swap or self.pin or self.move or self.undo)

    @field_validator("drop", "swap", "pin", "move", "set", "undo")
    @classmethod
    def _clean(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        """Take words as they are pasted: without what cannot be seen, wide signs as narrow ones."""
        return tuple(map(_clean_option, words))


def _clean_option(word: str) -> str:
    seen = "".join(char for char in word if unicodedata.category(char) != "Cf").strip()
    parts = re.split("[=＝]", seen, maxsplit=1)
    return "=".join([unicodedata.normalize("NFKC", parts[0]).strip(), *parts[1:]])


def reverted_edits(options: EditOptions, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Name the edits that are taken back.

    Raises:
        SettingsError: there is no edit of that number.
    """
    if "all" in options.undo:
        return tuple(edits)
    undone = [str(len(edits)) if word == "last" else word for word in options.undo]
    for word in undone:
        if not (re.fullmatch(r"[1-9]\d{0,3}", word, re.ASCII) and int(word) <= len(edits)):
            raise SettingsError(f"--undo {word!r}: the digest has {len(edits)} edits; see --list")
    numbers = {int(word) for word in undone}
    return tuple(edit for number, edit in enumerate(edits, 1) if number in numbers)


def parse_edits(
    options: EditOptions, digest: Digest, stem: str, stories: Sequence[Story]
) -> tuple[Edit, ...]:
    """Turn options into the edits that the digest is to have.

    Args:
        options: the options of the command.
        digest: the digest as it is.
        stem: its name, for messages.
        stories: the stories of its issue, which a swap may bring in.

    Returns:
        The edits that it has and keeps, and then the new ones.

    Raises:
        SettingsError: one of the options is not possible; names it.
    """
    reverted = reverted_edits(options, digest.edits)
    unreverted = [edit for edit in digest.edits if edit not in reverted]
    builder = _EditBuilder(digest, stem, stories)
    new = [
        *map(builder.drop, options.drop),
        *chain.from_iterable(map(builder.swap, options.swap)),
        *map(builder.pin, options.pin),
        *map(builder.move, options.move),
        *map(builder.set_text, options.set),
    ]
    return (*unreverted, *(edit for edit in new if edit not in unreverted[-1:]))


def describe_edit(edit: Edit) -> str:
    """Write one edit in one line, for people."""
    story = f"“{edit.story.words}”"
    given = "; ".join(f"{name} “{words}”" for name in _FIELDS if (words := getattr(edit, name)))
    match edit.do:
        case "swap":
            out = f", not “{edit.instead.words}”" if edit.instead else ""
            return f"swap {edit.place}: {story}{out}"
        case "move":
            return f"move {edit.stood} to {edit.place}: {story}"
        case "drop":
            return f"drop {edit.stood}: {story}"
        case "pin" | "set":
            return f"{edit.do} {edit.place or edit.stood}: {given} ({story})"


class _EditBuilder:
    """Makes edits of options that do not contradict each other."""

    def __init__(self, digest: Digest, stem: str, stories: Sequence[Story]) -> None:
        self._digest, self._stem = digest, stem
        self._stories = {story.id: story for story in stories}
        self._removed: set[str] = set()
        self._claimed: set[str] = set()

    def drop(self, word: str) -> Edit:
        return Edit(
            do="drop", story=make_anchor(self._entry_to_remove(word, f"--drop {word}")), stood=word
        )

    def swap(self, word: str) -> tuple[Edit, ...]:
        option = f"--swap {word}"
        found = _match_option(_SWAP, word, option, "tools:2=s17 or news:1=news:2")
        place, name = found["place"], found["story"]
        if other := found["other"]:
            return self._exchange(place, other, option)
        out = make_anchor(self._entry_to_remove(place, option))
        story = self._stories.get(name)
        if story is None:
            last = max(self._stories, default="s00", key=lambda name: (len(name), name))
            known = f"it has s01 to {last}"
            raise SettingsError(f"{option}: the issue has no story {name}: {known}; see --stories")
        comes = make_anchor(story)
        if comes.key == out.key:
            raise SettingsError(f"{option}: {name} stands there already")
        self._claim(place, option)
        self._claim(name, option)
        return (Edit(do="swap", story=comes, stood=place, place=place, instead=out),)

    def _exchange(self, one: str, other: str, option: str) -> tuple[Edit, ...]:
        """Have two entries change places."""
        if one == other:
            raise SettingsError(f"{option}: an entry cannot change places with itself")
        both = ((one, other), (other, one))
        moved = [(self._entry_to_keep(stood, option), stood, place) for stood, place in both]
        for _, _, place in moved:
            self._claim(place, option)
        return tuple(
            Edit(do="move", story=make_anchor(entry), stood=stood, place=place)
            for entry, stood, place in moved
        )

    def pin(self, word: str) -> Edit:
        entry = self._entry_to_keep(word, f"--pin {word}")
        self._claim(word, f"--pin {word}")
        return Edit(
            do="pin",
            story=make_anchor(entry),
            stood=word,
            place=word,
            title=entry.title,
            summary=entry.summary,
            link=entry.link,
            quoted=entry.quoted,
        )

    def move(self, word: str) -> Edit:
        option = f"--move {word}"
        found = _match_option(_MOVE, word, option, "news:5=1 or tools:2=news:4")
        entry = self._entry_to_keep(found["place"], option)
        section = found["section"] or found["place"].partition(":")[0]
        target = f"{section}:{found['number']}"
        find_entry(self._digest, target, self._stem)
        self._claim(target, option)
        return Edit(do="move", story=make_anchor(entry), stood=found["place"], place=target)

    def set_text(self, word: str) -> Edit:
        option = f"--set {word.partition('=')[0]}"
        found = _match_option(_SET, word, option, "news:1.title=…, .summary=… or .link=…")
        entry = self._entry_to_keep(found["place"], option)
        field = found["field"]
        value = " ".join(found["value"].encode("utf-8", "replace").decode().split())
        if not value:
            raise SettingsError(f"{option}: no text was given")
        if field == "link" and (number := _LINK_NUMBER.fullmatch(value)):
            value = _numbered_link(entry, int(number["number"]), option)
        if field == "link" and not is_public_url(value):
            message = "is not an http or https address of a public host"
            raise SettingsError(f"{option}: {value!r} {message}")
        # A quotation stands at the end for want of words; with words it is not to jump.
        place = found["place"] if entry.quoted else None
        edit = Edit(do="set", story=make_anchor(entry), stood=found["place"], place=place)
        return edit.model_copy(update={field: value})

    def _entry_to_remove(self, place: str, option: str) -> Entry:
        entry = find_entry(self._digest, place, self._stem)
        if place in self._removed:
            raise SettingsError(f"{option}: {place} is dropped or swapped twice")
        self._removed.add(place)
        return entry

    def _entry_to_keep(self, place: str, option: str) -> Entry:
        entry = find_entry(self._digest, place, self._stem)
        if place in self._removed:
            raise SettingsError(f"{option}: {place} is dropped or swapped by the same command")
        return entry

    def _claim(self, name: str, option: str) -> None:
        if name in self._claimed:
            raise SettingsError(
                f"{option}: the same command puts {name} elsewhere, or another there"
            )
        self._claimed.add(name)


def _numbered_link(entry: Entry, number: int, option: str) -> str:
    """Give a link of the evidence by its number, as `show` lists them."""
    if number > len(entry.links):
        raise SettingsError(
            f"{option}: the evidence has {len(entry.links)} links; `ainews-digest show` lists them"
        )
    return entry.links[number - 1].url


def _match_option(pattern: re.Pattern[str], value: str, option: str, example: str) -> re.Match[str]:
    found = pattern.fullmatch(value)
    if found is None or parse_place(found["place"]) is None:
        raise SettingsError(f"{option}: write it as {example}")
    return found


def describe_changes(old: Digest, new: Digest) -> Iterator[str]:
    """Say what another version of a digest changes, one line each.

    Entries that only stand elsewhere since others came or went are not named.
    """
    before, after = _entries_by_story(old), _entries_by_story(new)
    for key, (place, entry) in before.items():
        if key not in after:
            yield f"- {place} “{entry.title}”"
    for key, (place, entry) in after.items():
        if key in before:
            yield from _describe_entry(before[key], (place, entry))
        else:
            yield f"+ {place} “{entry.title}” ({entry.story})"


def _describe_entry(old: tuple[str, Entry], new: tuple[str, Entry]) -> Iterator[str]:
    """Say what changes in an entry that is in both versions."""
    (old_place, was), (place, entry) = old, new
    by_hand = {"place", "story"} & {*entry.edited, *was.edited}
    if old_place != place and (by_hand or entry.kind != was.kind):
        yield f"~ {old_place} to {place} “{entry.title}”"
    for field in _FIELDS:
        before, after = getattr(was, field), getattr(entry, field)
        if before != after:
            yield f"~ {place} {field}: “{before}” to “{after}”"
    if entry.quoted != was.quoted:
        yield f"~ {place} is {'now' if entry.quoted else 'no longer'} a quotation"


def _entries_by_story(digest: Digest) -> dict[str, tuple[str, Entry]]:
    return {make_anchor(entry).key: (place, entry) for place, entry in digest.placed}
