"""Comparisons -> JSON for machines, in a stable order: one object, a `DiffListing`."""

import json
from collections.abc import Iterator, Sequence

from pipeline.diff.changes import Cause, EntryDiff
from pipeline.diff.summary import Comparison, ComparisonSummary, summarize
from pipeline.records import Finding, Record


class ListedDifference(Record):
    """What changed between two versions of a digest."""

    entries: tuple[EntryDiff, ...]
    """All entries of both: in the new order, each dropped one where it stood."""
    causes: tuple[Cause, ...] = ()
    """Everything that differs between the two runs, whether or not it changed an entry."""
    came: tuple[Finding, ...] = ()
    """New findings about no entry that stands in the digest."""
    went: tuple[Finding, ...] = ()
    """Findings about no entry that are gone."""


class ListedDigest(ComparisonSummary):
    """One digest in two versions: counts, names, and what changed."""

    old: str
    """What the old version is called, or would be."""
    new: str
    """What the new version is called, or would be."""
    difference: ListedDifference | None
    """What changed; null where only one version exists."""


class DiffListing(Record):
    """Digests in two versions each."""

    identical: int
    """How many are the same byte for byte, and are not listed."""
    digests: tuple[ListedDigest, ...]
    """The others, in the order of their names."""


def render_json(comparisons: Sequence[Comparison], *, identical: int = 0) -> Iterator[str]:
    """Write comparisons as JSON, digest by digest; fields in the records' order, one last newline.

    `identical` digests are the same byte for byte, and only counted.
    """
    # Whole in memory, hundreds of them would take as much as the pages that they came from.
    yield f'{{"identical": {identical}, "digests": ['
    for number, comparison in enumerate(comparisons):
        data = _listed(comparison).model_dump(mode="json")
        text = json.dumps(data, indent=2, ensure_ascii=False)
        # Half a surrogate pair, which UTF-8 cannot hold, becomes a question mark.
        yield "," * (number > 0) + "\n" + text.encode("utf-8", "replace").decode("utf-8")
    yield "\n]}\n"


def _listed(comparison: Comparison) -> ListedDigest:
    found = comparison.difference
    whole = found and ListedDifference(
        entries=found.entries, causes=found.causes, came=found.came, went=found.went
    )
    return ListedDigest(
        **dict(summarize(comparison)),
        old=comparison.old_name,
        new=comparison.new_name,
        difference=whole,
    )
