"""What came of an edit, for whoever asked for it: changes, and findings by their old places."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.edits import describe_changes, event_key, preview_lines
from pipeline.lines import counted
from pipeline.records import Digest, Finding

_PLACE = re.compile(r"\b(?:news|tools):\d+\b")


class EditResult(NamedTuple):
    """What came of an edit."""

    changes: tuple[str, ...]
    """One line each; none where nothing changes."""
    findings: tuple[Finding, ...]
    """Those of the changed digest; by the places of the old one, unless it was written."""
    as_before: tuple[bool, ...]
    """Of each of them, whether the digest had it already, of an entry that is the same."""
    path: Path
    """The Markdown file that was written, or would be."""
    questions: int = 0
    """How many entries the model would be asked for; 0 where the digest was written."""
    preview: tuple[str, ...] = ()
    """The changed entries, old and new words."""
    refused: str = ""
    """Why a preview cannot be written; empty where it can."""
    edits: str = ""
    """How many edits the digest has: `4 edits, 2 of them new`."""


def edit_result(old: Digest, new: Digest, path: Path, asked: Collection[str] = ()) -> EditResult:
    """Compare two versions of a digest.

    The model would be asked for the stories in `asked`, which are quotations until then.
    """
    findings = _findings_by_old_place(old, new)
    before, after = dict(old.placed), dict(new.placed)
    return EditResult(
        changes=tuple(describe_changes(old, new, asked)),
        findings=findings,
        as_before=tuple(
            one in old.findings and before.get(one.entry) == after.get(now.entry)
            for one, now in zip(findings, new.findings, strict=True)
        ),
        path=path,
        preview=tuple(preview_lines(old, new)),
        edits=_count_edits(old, new),
    )


def _count_edits(old: Digest, new: Digest) -> str:
    before, after = Counter(old.edits), Counter(new.edits)
    came, gone = (after - before).total(), (before - after).total()
    parts = [counted(len(new.edits), "edit")]
    new_words = "new" if came == len(new.edits) == 1 else f"{came} of them new"
    parts += [new_words] if came else []
    parts += [f"{gone} taken back"] if gone else []
    return ", ".join(parts)


def _findings_by_old_place(old: Digest, new: Digest) -> tuple[Finding, ...]:
    """Name the findings of a new version by where their entries stand now, before it is written.

    One about an entry that would come in has the id of its story: nothing of it can be looked at.
    """
    return tuple(_findings(new, old_names(old, new)))


def old_names(old: Digest, new: Digest) -> dict[str, str]:
    """Say where the entries of a new version stand in the old one, by their new places.

    Returns:
        For an entry that comes in the id of its story.
    """
    before = {event_key(entry): place for place, entry in old.placed}
    return {
        place: before.get(event_key(entry), entry.story or "a new entry")
        for place, entry in new.placed
    }


def _findings(new: Digest, names: Mapping[str, str]) -> Iterator[Finding]:
    for finding in new.findings:
        found = finding.found
        if finding.check == "repeat":
            found = _PLACE.sub(lambda place: names.get(place[0], place[0]), found)
        entry = names.get(finding.entry, finding.entry)
        yield finding.model_copy(update={"entry": entry, "found": found})
