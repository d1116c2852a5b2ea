"""Entries told again, or words by hand -> the digest as it was with those in it: pure.

An entry carries the evidence that its words are checked against, so that a title is corrected where
the page is gone and the network is down; every other entry stays as it is.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial

from pipeline.edits import (
    entries_by_story,
    make_anchor,
    places_by_key,
    reword_draft,
    story_from_entry,
)
from pipeline.errors import NotPublished
from pipeline.records import HALVES, Digest, Edit, Entry, Finding, SelectedStory
from pipeline.revise.reuse import reuse_entry
from pipeline.tell import ReusedEntries, load_checks
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
    by_key = entries_by_story(told)
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
    findings.sort(key=lambda one: order.get(one.entry, len(order)))
    return _with_entries(old, entries, findings)


def can_reword(digest: Digest, edits: Sequence[Edit]) -> bool:
    """Whether all edits are of words, and of entries that are translated."""
    told = {make_anchor(entry).key for entry in digest.entries if not entry.quoted}
    return all(edit.do == "set" and edit.story.key in told for edit in edits)


def reword(digest: Digest, edits: Sequence[Edit]) -> Digest:
    """Put words by hand into a digest, and check them."""
    everything = (*digest.edits, *edits)
    named = {edit.story.key for edit in edits}
    stands = places_by_key(digest)
    entries, findings = dict(digest.placed), list(digest.findings)
    for place, entry in digest.placed:
        key = make_anchor(entry).key
        if key not in named:
            continue
        story = story_from_entry(entry, entry.story or place.replace(":", "-"))
        draft = reuse_entry(entry, story, digest.findings, place)
        own = [edit for edit in everything if stands.get(edit.story.key) == place]
        changed = reword_draft(draft, own, checks=load_checks())
        entries[place] = changed.published_entry
        kept = {finding for finding in findings if finding.entry == place}
        at = next((n for n, one in enumerate(findings) if one in kept), len(findings))
        findings = [one for one in findings if one not in kept]
        findings[at:at] = [
            finding.model_copy(update={"entry": place}) for finding in changed.findings
        ]
    return _with_entries(digest, entries, findings).model_copy(update={"edits": everything})


def _with_entries(
    digest: Digest, entries: Mapping[str, Entry], findings: Sequence[Finding]
) -> Digest:
    """Give a digest these entries, by place, and findings."""
    halves = {
        name: tuple(entry for entry in entries.values() if entry.kind == kind)
        for kind, name in HALVES.items()
    }
    return digest.model_copy(update={**halves, "findings": tuple(findings)})
