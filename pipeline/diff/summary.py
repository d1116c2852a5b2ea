"""The two versions of a digest, compared as far as both exist, and counted."""

from collections.abc import Iterator
from typing import Literal

from pipeline.diff.changes import DigestDiff, DigestVersion, FieldChange
from pipeline.records import Digest, Record
from pipeline.write import ADOPT_EFFECTS, MARKDOWN_WORDS, MarkdownState

DigestStatus = Literal["added", "removed", "changed", "same"]
"""What became of a digest."""


class ChangedMarkdown(Record):
    """The Markdown of a digest that is not what its JSON says."""

    file: str
    """What it is called."""
    state: MarkdownState
    """Whether it was changed, is missing, or cannot be read."""
    command: str
    """What takes the changes over, or writes it again."""

    @property
    def text(self) -> str:
        """All of it in one line."""
        said, does = MARKDOWN_WORDS[self.state], ADOPT_EFFECTS[self.state]
        return f"{self.file} {said}: `{self.command}` {does}"


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
    markdown: ChangedMarkdown | None = None
    """How the Markdown of the new version differs from its JSON."""

    @property
    def status(self) -> DigestStatus:
        """What became of the digest."""
        if self.difference is not None:
            return "same" if self.difference.is_unchanged else "changed"
        added = self.only is not None and self.only.name == self.new_name
        return "added" if added else "removed"

    @property
    def has_difference(self) -> bool:
        """Whether a reader of either file of the digest sees a difference."""
        return self.status != "same" or self.markdown is not None

    @property
    def digest(self) -> Digest:
        """The digest as it is, or was."""
        version = self.difference.new if self.difference else self.only
        assert version is not None  # noqa: S101 - whoever compares has at least one version
        return version.digest


COUNT_FIELDS = ("added", "dropped", "moved", "texts", "numbers", "links", "came", "went")
"""The columns of counts in the table over several digests."""


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
    """Entries whose title or summary differs."""
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
    markdown: ChangedMarkdown | None = None
    """How the Markdown of the new version differs from its JSON; null where it does not."""

    def cells(self, *, none: str) -> list[str]:
        """Give the counts of `COUNT_FIELDS` and the reasons, as a table shows them.

        Args:
            none: what stands for 0.
        """
        counts = [str(getattr(self, name) or none) for name in COUNT_FIELDS]
        said = self.why or [self.status] * (self.status != "changed")
        return [*counts, ", ".join([*said, *["Markdown"] * (self.markdown is not None)])]


def summarize(comparison: Comparison) -> ComparisonSummary:
    """Count what changed in one digest."""
    digest = comparison.digest
    slug = digest.provenance.slug if digest.provenance else digest.issue_url
    plain = ComparisonSummary(
        stem=comparison.stem, issue=slug, status=comparison.status, markdown=comparison.markdown
    )
    found = comparison.difference
    if found is None:
        return plain
    in_both = [entry for entry in found.entries if entry.old and entry.new]
    counts = {
        "added": sum(entry.old is None for entry in found.entries),
        "dropped": sum(entry.new is None for entry in found.entries),
        "moved": sum(entry.moved for entry in in_both),
        "texts": sum(any(map(is_text_change, entry.changes)) for entry in in_both),
        "numbers": sum(any(map(has_number_change, entry.changes)) for entry in in_both),
        "links": sum(any(change.field == "link" for change in entry.changes) for entry in in_both),
        "came": len(found.came) + sum(len(entry.came) for entry in found.entries),
        "went": len(found.went) + sum(len(entry.went) for entry in found.entries),
        "unchanged": sum(entry.is_unchanged for entry in in_both),
    }
    return plain.model_copy(update={**counts, "why": tuple(_cause_kinds(found))})


def is_text_change(change: FieldChange) -> bool:
    """Whether it is about words that a reader reads."""
    return change.field in {"title", "summary"}


def has_number_change(change: FieldChange) -> bool:
    """Whether a number of a title or summary is another one now."""
    pieces = change.pieces if is_text_change(change) else ()
    return any(piece.kind == "number" and piece.change != "same" for piece in pieces)


def _cause_kinds(difference: DigestDiff) -> Iterator[str]:
    """Name each kind of reason once: those of the changed entries, or else of the runs."""
    changed = (entry for entry in difference.entries if not entry.is_unchanged)
    causes = [cause for entry in changed for cause in entry.causes]
    causes = causes or list(difference.causes)
    sure = dict.fromkeys(cause.why for cause in causes if cause.sure)
    yield from sure
    yield from (
        f"{why}?" for why in dict.fromkeys(cause.why for cause in causes) if why not in sure
    )
