"""The two versions of a digest, compared as far as both exist, and counted."""

from collections.abc import Iterator
from typing import Literal

from pipeline.diff.changes import Cause, DigestDiff, DigestVersion, EntryDiff, FieldChange
from pipeline.records import Digest, Record

DigestStatus = Literal["added", "removed", "changed", "same"]
"""What became of a digest."""


class Comparison(Record):
    """One digest in two versions, of which one may not exist."""

    stem: str
    """Its file name without ending."""
    old_name: str
    """What the old version is called, or would be."""
    new_name: str
    """What the new version is called, or would be."""
    only: DigestVersion | None = None
    """The version that exists, where the other one does not."""
    difference: DigestDiff | None = None
    """What changed, where both exist."""
    exact: bool = False
    """Whether both are the same, byte for byte."""

    @property
    def status(self) -> DigestStatus:
        """What became of the digest."""
        if self.difference is not None:
            return "same" if self.difference.is_unchanged else "changed"
        added = self.only is not None and self.only.name == self.new_name
        return "added" if added else "removed"

    @property
    def digest(self) -> Digest:
        """The digest as it is, or was."""
        version = self.difference.new if self.difference else self.only
        assert version is not None  # noqa: S101 - whoever compares has at least one version
        return version.digest


class ComparisonSummary(Record):
    """One line of the table over several digests."""

    stem: str
    """The digest's file name without ending."""
    issue: str
    """Slug of its issue; the issue's address where it does not say."""
    status: DigestStatus
    """What became of it."""
    added: int = 0
    """Entries that only the new version has."""
    dropped: int = 0
    """Entries that only the old version has."""
    moved: int = 0
    """Entries that stand elsewhere among those of both."""
    texts: int = 0
    """Entries whose title or summary is told otherwise."""
    numbers: int = 0
    """Entries of which a number changed in title or summary."""
    links: int = 0
    """Entries with another link."""
    came: int = 0
    """Findings that only the new version has."""
    went: int = 0
    """Findings that only the old version has."""
    unchanged: int = 0
    """Entries that are as they were, wherever others' coming and going put them."""
    why: tuple[str, ...] = ()
    """Kinds of reasons, `sampling` for example; with a question mark where it only may be."""


def summarize(comparison: Comparison) -> ComparisonSummary:
    """Count what changed in one digest."""
    digest = comparison.digest
    slug = digest.provenance.slug if digest.provenance else digest.issue_url
    plain = ComparisonSummary(stem=comparison.stem, issue=slug, status=comparison.status)
    found = comparison.difference
    if found is None:
        return plain
    kept = [each for each in found.entries if each.old and each.new]
    counts = {
        "added": sum(each.old is None for each in found.entries),
        "dropped": sum(each.new is None for each in found.entries),
        "moved": sum(each.moved for each in kept),
        "texts": sum(any(map(is_text_change, each.changes)) for each in kept),
        "numbers": sum(any(map(has_number_change, each.changes)) for each in kept),
        "links": sum(any(change.field == "link" for change in each.changes) for each in kept),
        "came": len(found.came) + sum(len(each.came) for each in found.entries),
        "went": len(found.went) + sum(len(each.went) for each in found.entries),
        "unchanged": sum(each.is_unchanged for each in kept),
    }
    return plain.model_copy(update={**counts, "why": tuple(_cause_kinds(found))})


def is_text_change(change: FieldChange) -> bool:
    """Whether it is about words that a reader reads."""
    return change.field in {"title", "summary"}


def has_number_change(change: FieldChange) -> bool:
    """Whether a number of a title or summary is another one now."""
    pieces = change.pieces if is_text_change(change) else ()
    return any(each.kind == "number" and each.change != "same" for each in pieces)


def _cause_kinds(difference: DigestDiff) -> Iterator[str]:
    """Name each kind of reason once: those of the changed entries, or else of the runs."""
    told = [cause for each in difference.entries for cause in _changed_causes(each)]
    told = told or list(difference.causes)
    sure = dict.fromkeys(cause.why for cause in told if cause.sure)
    yield from sure
    yield from (f"{why}?" for why in dict.fromkeys(each.why for each in told) if why not in sure)


def _changed_causes(compared: EntryDiff) -> tuple[Cause, ...]:
    return () if compared.is_unchanged else compared.causes
