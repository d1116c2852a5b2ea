"""Entries that were told again -> the digest as it was with those entries in it: pure."""

from collections.abc import Collection, Sequence
from functools import partial

from pipeline.edits import make_anchor
from pipeline.errors import NotPublished
from pipeline.records import Digest, SelectedStory
from pipeline.tell import ReusedEntries
from pipeline.translate import DraftEntry


def reuse_others(reused: ReusedEntries, keys: Collection[str]) -> ReusedEntries:
    """Reuse all entries but those whose stories have these keys: those are asked for."""
    return reused._replace(find_draft=partial(_find_other, reused, keys))


def _find_other(
    reused: ReusedEntries, keys: Collection[str], choice: SelectedStory
) -> DraftEntry | None:
    draft = reused.find_draft(choice)
    told = draft and draft.published_entry
    return None if told and make_anchor(told).key in keys else draft


def graft(old: Digest, told: Digest, places: Sequence[str]) -> Digest:
    """Put the entries that were told again into the digest as it was.

    Raises:
        NotPublished: one of them did not pass the checks.
    """
    by_key = {make_anchor(entry).key: (place, entry) for place, entry in told.placed}
    entries = dict(old.placed)
    findings = [finding for finding in old.findings if finding.entry not in places]
    for place in places:
        found = by_key.get(make_anchor(entries[place]).key)
        if found is None or (found[1].quoted and not entries[place].quoted):
            raise NotPublished(
                f"{place} was not reworded: the model's new words do not pass the checks; "
                "nothing was written; try again, or give your own with `edit`"
            )
        there, entries[place] = found
        findings += [
            finding.model_copy(update={"entry": place})
            for finding in told.findings
            if finding.entry == there
        ]
    order = {place: number for number, place in enumerate(entries)}
    return old.model_copy(
        update={
            "news": tuple(entry for entry in entries.values() if entry.kind == "news"),
            "tools": tuple(entry for entry in entries.values() if entry.kind == "tool"),
            "findings": tuple(sorted(findings, key=lambda one: order.get(one.entry, len(order)))),
        }
    )
