"""A digest, or one entry of it -> a record for programs: `show --json`."""

import datetime as dt
from collections.abc import Mapping, Sequence

from pipeline.edits import find_entry, make_anchor
from pipeline.records import Digest, Edit, Entry, EvidenceLine, Finding, Record


class NumberedEdit(Record):
    """One change by hand."""

    number: int
    """By which `edit --undo` takes it back, from 1."""
    edit: Edit
    """The change."""


class ShownEntry(Record):
    """One entry, and all that is known of it."""

    place: str
    """Where it stands: `news:3`."""
    entry: Entry
    """The entry."""
    evidence_lines: tuple[EvidenceLine, ...]
    """What it rests on, line by line; a sentence names them by number, from 1. Empty where it is
    not known which mention has which."""
    findings: tuple[Finding, ...]
    """What was found in it."""
    edits: tuple[NumberedEdit, ...]
    """Changes by hand that keep, move or word it, or brought it in."""


class ShownDigest(Record):
    """A digest, or one entry of it."""

    name: str
    """What it is called: its file name without ending."""
    date: dt.date
    """Digest date."""
    title: str
    """Title of its issue; blank in a digest read from Markdown."""
    issue_url: str
    """Public address of its issue."""
    entries: tuple[ShownEntry, ...]
    """All entries, news first; or the one that was asked for."""
    findings: tuple[Finding, ...]
    """Findings about no entry that stands here; none where one entry was asked for."""
    edits: tuple[NumberedEdit, ...]
    """Changes by hand of no entry that stands here; likewise."""


def shown_digest(digest: Digest, stem: str, place: str | None = None) -> ShownDigest:
    """Make a record of what `show` prints.

    With a `place`, such as `news:3`, of this entry alone; without, of all.

    Raises:
        SettingsError: it is no place, or nothing stands there.
    """
    placed = dict(digest.placed)
    if place is not None:
        placed = {place: find_entry(digest, place, stem)}
    edits = tuple(NumberedEdit(number=n, edit=edit) for n, edit in enumerate(digest.edits, 1))
    entries = tuple(
        ShownEntry(
            place=name,
            entry=entry,
            evidence_lines=entry.evidence_lines,
            findings=tuple(one for one in digest.findings if one.entry == name),
            edits=edits_of(entry, edits),
        )
        for name, entry in placed.items()
    )
    return ShownDigest(
        name=stem,
        date=digest.date,
        title=digest.provenance.title if digest.provenance else "",
        issue_url=digest.issue_url,
        entries=entries,
        findings=_other_findings(digest, placed) if place is None else (),
        edits=_other_edits(entries, edits) if place is None else (),
    )


def edits_of(entry: Entry, edits: Sequence[NumberedEdit]) -> tuple[NumberedEdit, ...]:
    """Give the edits that keep, move or word an entry, or brought it in."""
    key = make_anchor(entry).key
    return tuple(one for one in edits if one.edit.do != "drop" and one.edit.story.key == key)


def _other_findings(digest: Digest, placed: Mapping[str, Entry]) -> tuple[Finding, ...]:
    return tuple(one for one in digest.findings if one.entry not in placed)


def _other_edits(
    entries: Sequence[ShownEntry], edits: Sequence[NumberedEdit]
) -> tuple[NumberedEdit, ...]:
    shown = {one.number for entry in entries for one in entry.edits}
    return tuple(one for one in edits if one.number not in shown)
