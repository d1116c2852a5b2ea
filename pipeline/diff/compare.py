"""Two versions of a digest -> what changed, and why: pure.

Entries are matched and placed (`matching`), their texts compared word by word (`words`), and every
change is given its causes (`causes`), as far as the two versions say how they were made.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pipeline.diff.causes import CAUSE_ORDER, CauseFinder, MatchedEntry
from pipeline.diff.changes import Cause, DigestDiff, DigestVersion, EntryDiff, FieldChange
from pipeline.diff.matching import (
    EntryPair,
    PlacedEntry,
    find_moved,
    find_replacements,
    match_entries,
    placed_entries,
)
from pipeline.diff.run_metadata import RunComparison
from pipeline.diff.summary import ChangedMarkdown, Comparison
from pipeline.diff.versions import VersionPair, read_version
from pipeline.diff.word_diff import whole_diff, word_diff
from pipeline.records import Digest, Entry, Finding, ReasonCode
from pipeline.write import DRAFTS, adopt_command, compare_bytes

_REPLACEMENT_REASONS = frozenset[ReasonCode]({"spare", "by_hand"})
"""Why a story is there that came in for another one."""
_Field = Literal["title", "summary", "link", "follows", "quoted"]
_WHOLE_FIELD_KINDS: dict[_Field, Literal["words", "number", "link"]] = {
    "link": "link",
    "follows": "number",
    "quoted": "words",
}
"""Fields that are shown as a whole, not word by word, and as what."""
_ENTRY_NAME = re.compile(r"\b(?:s\d{2,}|(?:news|tools):\d+)\b")


class _EntryNames(NamedTuple):
    """Where an entry stands in the new version, by its story's id and its place in either one."""

    old: Mapping[str, str]
    new: Mapping[str, str]


def diff(old: DigestVersion, new: DigestVersion) -> DigestDiff:
    """Compare two versions of a digest, or the digests of two dates.

    What a version does not say of itself is `unknown`, never a cause: of a digest read from
    Markdown everything but its text, of one that an older program made the settings, the memory and
    the mentions. Where something unknown can have mattered, `sampling` is not claimed.
    """
    if old.digest == new.digest:
        same = (
            EntryDiff(old_place=place, new_place=place, old=entry, new=entry)
            for place, entry in new.digest.placed
        )
        return DigestDiff(old=old, new=new, entries=tuple(same))
    runs = RunComparison(old.digest, new.digest)
    both = match_entries(old.digest, new.digest, same_issue=not runs.issue_causes)
    away = find_moved(both)
    names = _names_now(both, runs.new)
    matched = [_match_entry(pair, runs, names, moved=pair.new.place in away) for pair in both]
    causes = CauseFinder(runs, matched)
    entries: list[EntryDiff] = [
        entry_diff.model_copy(update={"causes": causes.entry_causes(entry_diff)})
        for entry_diff in matched
    ]
    entries += _unmatched_entries(runs, both, causes)
    entries.sort(key=_reading_order)
    whole = [
        tuple(finding for finding in digest.findings if finding.entry not in dict(digest.placed))
        for digest in (runs.old, runs.new)
    ]
    came, went = _finding_changes(whole, runs, names)
    return DigestDiff(
        old=old,
        new=new,
        entries=tuple(entries),
        causes=_digest_causes(runs, entries),
        came=came,
        went=went,
    )


def compare_pair(pair: VersionPair) -> Comparison:
    """Compare the two versions of one digest, as far as both exist.

    Raises:
        PageNotUnderstood: one of them is damaged; names it.
    """
    old, new = read_version(pair.old), read_version(pair.new)
    return Comparison(
        stem=pair.stem,
        old_name=pair.old.name,
        new_name=pair.new.name,
        only=None if old and new else new or old,
        difference=diff(old, new) if old and new else None,
        exact=pair.old.data == pair.new.data,
        markdown=_markdown_change(pair, new),
    )


def _markdown_change(pair: VersionPair, new: DigestVersion | None) -> ChangedMarkdown | None:
    """Compare the Markdown of a revision with its digest."""
    if pair.markdown is None or new is None:
        return None
    file = Path(new.name.partition(":")[2])
    draft = file.parent.name == DRAFTS
    state = compare_bytes(new.digest, pair.markdown.data, draft=draft)
    if state == "same":
        return None
    return ChangedMarkdown(file=pair.markdown.name, state=state, command=adopt_command(file))


def _names_now(both: Sequence[EntryPair], new: Digest) -> _EntryNames:
    stories = {pair.old.entry.story or "": pair.new.place for pair in both}
    places = {pair.old.place: pair.new.place for pair in both}
    return _EntryNames(
        old={**stories, **places}, new={entry.story or "": place for place, entry in new.placed}
    )


def _match_entry(
    pair: EntryPair, runs: RunComparison, names: _EntryNames, *, moved: bool
) -> MatchedEntry:
    findings = [_entry_findings(runs.old, pair.old), _entry_findings(runs.new, pair.new)]
    came, went = _finding_changes(findings, runs, names)
    return MatchedEntry(
        old_place=pair.old.place,
        new_place=pair.new.place,
        old=pair.old.entry,
        new=pair.new.entry,
        moved=moved,
        changes=tuple(_field_changes(pair.old.entry, pair.new.entry)),
        came=came,
        went=went,
    )


def _field_changes(old: Entry, new: Entry) -> Iterator[FieldChange]:
    """Compare what a reader sees of an entry."""
    before, after = _shown_fields(old), _shown_fields(new)
    for field in before:
        was, now = before[field], after[field]
        if was != now:
            kind = _WHOLE_FIELD_KINDS.get(field)
            pieces = whole_diff(was, now, kind) if kind else word_diff(was, now)
            yield FieldChange(field=field, old=was, new=now, pieces=pieces)


def _shown_fields(entry: Entry) -> dict[_Field, str]:
    return {
        "title": entry.title,
        "summary": entry.summary,
        "link": entry.link or "",
        "follows": str(entry.follows or ""),
        "quoted": "quoted" if entry.quoted else "",
    }


def _unmatched_entries(
    runs: RunComparison, both: Sequence[EntryPair], causes: CauseFinder
) -> list[EntryDiff]:
    """Describe the entries that only one version has, and which of them took whose place."""
    dropped = _without(runs.old, [pair.old for pair in both])
    added = _without(runs.new, [pair.new for pair in both])
    edits = [edit for edit, _ in runs.edit_causes]
    instead = {} if runs.issue_causes else find_replacements(dropped, added, edits)
    back = {new: old for old, new in instead.items()}

    def alone(place: PlacedEntry, *, gone: bool) -> EntryDiff:
        found = _entry_findings(runs.old if gone else runs.new, place)
        known = found if runs.has_provenance else ()
        return EntryDiff(
            old_place=place.place if gone else None,
            new_place=None if gone else place.place,
            old=place.entry if gone else None,
            new=None if gone else place.entry,
            came=() if gone else known,
            went=known if gone else (),
            instead=(instead if gone else back).get(place.place),
            reason=causes.omission_reason(place.entry, dropped=gone),
            causes=causes.unmatched_causes(place.entry, dropped=gone),
        )

    gone = {place.place: alone(place, gone=True) for place in dropped}
    come = {place.place: alone(place, gone=False) for place in added}
    explained = [_explained(place, gone[place.place], come, causes) for place in dropped]
    return explained + [_explained(place, come[place.place], gone, causes) for place in added]


def _without(digest: Digest, matched: Sequence[PlacedEntry]) -> list[PlacedEntry]:
    """List the entries of a version that the other one does not have."""
    places = {place.place for place in matched}
    return [place for place in placed_entries(digest) if place.place not in places]


def _explained(
    place: PlacedEntry, alone: EntryDiff, others: Mapping[str, EntryDiff], causes: CauseFinder
) -> EntryDiff:
    """Give an entry without causes of its own those of the one that it stands in for as a spare.

    Where that has none either, it is the whole choice that differs.
    """
    found = alone.causes
    if not found and alone.instead and place.entry.reason.code in _REPLACEMENT_REASONS:
        found = others[alone.instead].causes
    return alone.model_copy(update={"causes": found or causes.selection_causes(place.half)})


def _reading_order(entry_diff: EntryDiff) -> tuple[str, int, bool]:
    """Put all in the new order, and what is dropped where it stood."""
    half, _, number = (entry_diff.new_place or entry_diff.old_place or "").partition(":")
    return half, int(number), entry_diff.new_place is not None


def _entry_findings(digest: Digest, place: PlacedEntry) -> tuple[Finding, ...]:
    return tuple(finding for finding in digest.findings if finding.entry == place.place)


def _finding_changes(
    both: Sequence[Sequence[Finding]], runs: RunComparison, names: _EntryNames
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Give the findings that came and those that went, wherever they stand.

    Of what was read from Markdown the findings are not known: none came or went.
    """
    if not runs.has_provenance:
        return (), ()
    before = [(_finding_key(finding, names.old), finding) for finding in both[0]]
    after = [(_finding_key(finding, names.new), finding) for finding in both[1]]
    return _subtract(after, before), _subtract(before, after)


def _finding_key(finding: Finding, names: Mapping[str, str]) -> tuple[str, ...]:
    """Give what two findings are the same by."""
    found = _ENTRY_NAME.sub(lambda name: names.get(name[0], name[0]), finding.found)
    return finding.check, finding.severity, finding.expected, found


def _subtract(
    ones: Sequence[tuple[tuple[str, ...], Finding]],
    others: Sequence[tuple[tuple[str, ...], Finding]],
) -> tuple[Finding, ...]:
    left = Counter(alike for alike, _ in others)
    found = []
    for alike, finding in ones:
        if left[alike]:
            left[alike] -= 1
        else:
            found.append(finding)
    return tuple(found)


def _digest_causes(runs: RunComparison, entries: Sequence[EntryDiff]) -> tuple[Cause, ...]:
    """Name everything that differs between the runs, and what was concluded from the entries."""
    concluded: dict[tuple[str, str], Cause] = {}
    for cause in (cause for entry_diff in entries for cause in entry_diff.causes):
        if cause.why in ("program", "sampling"):
            # Which mention went where is said of the entry.
            what = "stories" if cause.old or cause.new else cause.what
            plain = Cause(why=cause.why, what=what, sure=cause.sure)
            before = concluded.setdefault((plain.why, what), plain)
            if cause.sure and not before.sure:
                concluded[plain.why, what] = plain
    known = {(cause.why, cause.what) for cause in runs.all_causes}
    found = [*runs.all_causes, *(cause for name, cause in concluded.items() if name not in known)]
    if all(cause.why == "unknown" for cause in found) and all(
        entry_diff.is_unchanged for entry_diff in entries
    ):
        found += _hidden_differences(runs, entries)
    return tuple(sorted(found, key=lambda cause: CAUSE_ORDER[cause.why]))


def _hidden_differences(runs: RunComparison, entries: Sequence[EntryDiff]) -> Iterator[Cause]:
    """Say what differs of two digests that read the same, unless only one version says it."""
    if not runs.has_provenance:
        return
    both = [
        (entry_diff.old, entry_diff.new)
        for entry_diff in entries
        if entry_diff.old and entry_diff.new
    ]
    for field in ("tries", "reason"):
        if any(getattr(old, field) != getattr(new, field) for old, new in both):
            yield Cause(why="sampling", what=field)
    if runs.old.drops != runs.new.drops:
        yield Cause(why="sampling", what="drops")
    for field in ("section", "parts", "links"):
        values = ((getattr(old, field), getattr(new, field)) for old, new in both)
        if any(old != new for old, new in values if old and new):
            yield Cause(why="program", what=field)
