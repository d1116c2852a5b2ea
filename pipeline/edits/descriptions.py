"""Edits and their effect in words: one line for an edit, one for each thing that changes. Pure."""

from collections.abc import Collection, Iterator, Mapping

from pipeline.edits.anchors import StoryFinder, entries_by_story, event_key, story_from_entry
from pipeline.records import Digest, Edit, Entry

SET_FIELDS = ("title", "summary", "link")
"""What of an entry can be set by hand."""


def describe_edit(edit: Edit, places: Mapping[str, str] | None = None) -> str:
    """Write one edit in one line, for people.

    `places` say where stories stand now, by the key of their anchor; without them they stand where
    they did at the time of the edit.
    """
    now = (places or {}).get(edit.story.key)
    target = edit.place or edit.stood
    moved = f", now {now}" if now and now != target else ""
    story = f"“{edit.story.words}”"
    words = {name: getattr(edit, name) for name in SET_FIELDS}
    given = "; ".join(f"{name} {_quoted(said)}" for name, said in words.items() if said is not None)
    out = f", not “{edit.instead.words}”" if edit.instead else ""
    match edit.do:
        case "swap":
            return f"swap {edit.place}{moved}: {story}{out}"
        case "move":
            return f"move {edit.stood} to {edit.place}{moved}: {story}"
        case "drop":
            return f"drop {edit.stood}: {story}"
        case "tell":
            return f"tell {now or edit.stood} again: “{edit.remark}” ({story})"
        case "add":
            return f"add {edit.place}{moved}: {story}{out}"
        case "pin" | "set":
            return f"{edit.do} {now or target}: {given} ({story})"


def describe_changes(old: Digest, new: Digest, asked: Collection[str] = ()) -> Iterator[str]:
    """Say what another version of a digest changes, one line each.

    Entries that only stand elsewhere since others came or went are not named. The words of the
    stories in `asked` are not known yet.
    """
    before, after = entries_by_story(old), entries_by_story(new)
    for key, (place, entry) in before.items():
        if key not in after:
            yield f"- {place} “{entry.title}”"
    for key, (place, entry) in after.items():
        if key in before:
            told_again = entry.story in asked
            yield from _describe_entry(before[key], (place, entry), told_again=told_again)
        else:
            yield f"+ {place} “{entry.title}” ({entry.story})"


def preview_lines(old: Digest, new: Digest) -> Iterator[str]:
    """Show the entries that another version changes, with all their words, old and new."""
    before, after = entries_by_story(old), entries_by_story(new)
    for key, (place, entry) in before.items():
        if key not in after:
            yield f"{place} “{entry.title}” goes"
    for key, (place, entry) in after.items():
        if key not in before:
            yield f"{place} comes in ({entry.story})"
            yield from (f"  + {words}" for words in _words(entry))
            continue
        there, was = before[key]
        if (was.edited, _words(was)) == (entry.edited, _words(entry)):
            continue
        yield place if there == place else f"{place}, before {there}"
        for one, other in zip(_words(was), _words(entry), strict=True):
            yield from (f"    {one}",) if one == other else (f"  - {one}", f"  + {other}")


def _words(entry: Entry) -> tuple[str, ...]:
    quoted = "【原文】" if entry.quoted else ""
    return (f"{quoted}{entry.title}", entry.summary, entry.link or "(no link)")


def _describe_entry(
    old: tuple[str, Entry], new: tuple[str, Entry], *, told_again: bool
) -> Iterator[str]:
    """Say what changes in an entry that is in both versions."""
    (old_place, was), (place, entry) = old, new
    by_hand = {"place", "story"} & {*entry.edited, *was.edited}
    if old_place != place and (by_hand or entry.kind != was.kind):
        yield f"~ {old_place} to {place} “{was.title if told_again else entry.title}”"
    if told_again:
        yield f"~ {place} told again: “{was.title}”"
        return
    for field in SET_FIELDS:
        before, after = getattr(was, field), getattr(entry, field)
        if before != after:
            yield f"~ {place} {field}: {_quoted(before)} to {_quoted(after)}"
    if entry.quoted != was.quoted:
        yield f"~ {place} is {'now' if entry.quoted else 'no longer'} a quotation"


def _quoted(words: str | None) -> str:
    return f"“{words}”" if words else "none"


def places_by_key(digest: Digest) -> dict[str, str]:
    """Say where the stories of a digest and of its edits stand, by the keys of their anchors."""
    places = {key: place for key, (place, _) in entries_by_story(digest).items()}
    unknown = [edit.story for edit in digest.edits if edit.story.key not in places]
    if not unknown:
        return places
    entries = {place: story_from_entry(entry, place) for place, entry in digest.placed}
    finder = StoryFinder(tuple(entries.values()))
    found = {anchor.key: finder.find(anchor) for anchor in unknown}
    return {**{key: story.id for key, story in found.items() if story}, **places}


def expected_edit(edit: Edit) -> str:
    """Say what a finding expects that is about an edit which is not applied."""
    return f"{edit.do} of {edit.place or edit.stood}, {edit.story.words!r}, to be applied"


def why_unapplied(edit: Edit, digest: Digest) -> str | None:
    """Say why an edit of a digest was not applied; None where it was."""
    about = (one for one in digest.findings if one.check == "edit" and one.entry == edit.story.id)
    return next((one.found for one in about if one.expected == expected_edit(edit)), None)


def describe_replaced(old: Digest, new: Digest, stem: str) -> str:
    """Say in one line that a digest replaced another, and what became of its entries."""
    before = {event_key(entry): (place, entry) for place, entry in old.placed}
    after = {event_key(entry): (place, entry) for place, entry in new.placed}
    both = before.keys() & after.keys()
    reworded = {
        key
        for key in both
        if any(getattr(before[key][1], name) != getattr(after[key][1], name) for name in SET_FIELDS)
    }
    moved = {key for key in both - reworded if before[key][0] != after[key][0]}
    counts = {
        "new": len(after.keys() - both),
        "gone": len(before.keys() - both),
        "reworded": len(reworded),
        "moved": len(moved),
        "unchanged": len(both - reworded - moved),
    }
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    made_by = f", made by {old.provenance.model}" if old.provenance else ""
    return f"replaced the digest that was there{made_by}: {said}; `ainews-digest diff {stem}`"
