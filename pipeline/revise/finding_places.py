"""Findings of a version that is not written, by the places of the digest as it is: pure."""

import re
from collections.abc import Iterator, Mapping

from pipeline.edits import event_key
from pipeline.records import Digest, Finding

_PLACE = re.compile(r"\b(?:news|tools):\d+\b")


def findings_by_old_place(old: Digest, new: Digest) -> tuple[Finding, ...]:
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
