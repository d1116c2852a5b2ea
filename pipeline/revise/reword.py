"""A digest and edits of words -> the same digest with those words: pure, and without its issue.

An entry carries the evidence that its words are checked against, so that a title is corrected where
the page is gone and the network is down; every other entry stays as it is.
"""

from collections.abc import Sequence

from pipeline.edits import make_anchor, places_by_key, reword_draft, story_from_entry
from pipeline.records import Digest, Edit
from pipeline.revise.reuse import reuse_entry
from pipeline.tell import load_checks


def can_reword(digest: Digest, edits: Sequence[Edit]) -> bool:
    """Whether all edits are of words, and of entries that are translated."""
    told = {make_anchor(entry).key for entry in digest.entries if not entry.quoted}
    return all(edit.do == "set" and edit.story.key in told for edit in edits)


def reword(digest: Digest, edits: Sequence[Edit]) -> Digest:
    """Put words by hand into a digest, and check them.

    Args:
        digest: the digest with the edits that it has.
        edits: those that are new.
    """
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
    return digest.model_copy(
        update={
            "news": tuple(entry for entry in entries.values() if entry.kind == "news"),
            "tools": tuple(entry for entry in entries.values() if entry.kind == "tool"),
            "edits": everything,
            "findings": tuple(findings),
        }
    )
