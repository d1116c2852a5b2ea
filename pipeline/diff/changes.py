"""What changed between two versions of a digest: the records that `diff` makes and others show.

They carry the two versions' entries whole, so that whoever shows them needs nothing else.
"""

from typing import Literal

from pydantic import Field

from pipeline.records import NO_REASON, Digest, Entry, Finding, Reason, Record

CauseKind = Literal[
    "issue",
    "source",
    "earlier",
    "edit",
    "prompt",
    "model",
    "settings",
    "program",
    "sampling",
    "unknown",
]
"""Why something differs, in the order in which they are named: another issue; the issue's page;
what earlier digests published; somebody's edit; a prompt or the glossary; the model; how it is
asked; this program itself; nothing but another answer, or a hand in the file; something that one of
the versions does not say of itself, such as a digest that was read from Markdown."""


class Piece(Record):
    """A stretch of a text, as it is shown beside its other version."""

    change: Literal["same", "gone", "new"]
    """Whether both versions have it, or only the old, or only the new one."""
    kind: Literal["words", "number", "name", "link"]
    """What it is: a changed number must stand out from changed words. What is the same in both
    versions, or only stands elsewhere in the text, is `words`, whatever it is."""
    text: str
    """The text; the pieces of one change joined without the `new` ones are its old version."""


class FieldChange(Record):
    """One field of an entry that differs."""

    field: Literal["title", "summary", "link", "follows", "quoted"]
    """Which."""
    old: str
    """Its old text; empty for none. A quotation's `quoted` is `quoted`, another's empty."""
    new: str
    """Its new text; empty for none."""
    pieces: tuple[Piece, ...]
    """Both in one, in reading order; what is gone stands before what is new."""


class Cause(Record):
    """One reason for a change, as far as the two versions show it."""

    why: CauseKind
    """Which kind of reason."""
    what: str
    """To what it happened; empty where the kind says all.

    Of an issue `date` where only the digest's own differs; of a page `page`, `mentions`, `order`,
    `served by`, or of one story how its mention begins, `links`, `order`; of an edit where
    its entry stands now, empty where it does not stand; of earlier digests `stories` where those of
    the same names tell others; the
    name of a prompt or a setting; of the program `mentions`, `characters`, `stories`, `order`,
    `checks`, `typography`, `link`, or a mention; of sampling, what of it no reader sees; what is
    not known: `provenance`, `settings`, `memory`, `mentions`, `evidence`."""
    title: str = Field(default="", exclude_if=lambda title: not title)
    """Of an edit the title of its entry, where either version has it."""
    old: str = ""
    """What it was: the first 12 digits of a hash, a name, a value, a mention's text; empty where
    there was none."""
    new: str = ""
    """What it is."""
    reason: Reason = Field(default=NO_REASON, exclude=True)
    """What `old` or `new` says, where it is why one version leaves a story out."""
    sure: bool = True
    """Whether the versions show that it did it; False where it only may have."""


class EntryDiff(Record):
    """One entry in two versions, or one that only one of them has."""

    old_place: str | None
    """Where it stood: `news:3`; None where it is added."""
    new_place: str | None
    """Where it stands; None where it is dropped."""
    old: Entry | None
    """What it was."""
    new: Entry | None
    """What it is."""
    moved: bool = False
    """Whether it stands elsewhere among those that both versions have: not where only others came
    or went."""
    changes: tuple[FieldChange, ...] = ()
    """Fields that differ."""
    came: tuple[Finding, ...] = ()
    """Findings that the new version has of it, and the old has not."""
    went: tuple[Finding, ...] = ()
    """Findings that the old version had of it, and the new has not."""
    instead: str | None = None
    """Of one that is dropped, the new place of the one that took its place; of one that is added,
    the old place of the one whose place it took."""
    reason: Reason = NO_REASON
    """Of one that is dropped, why the new version does not have it, and of one that is added, why
    the old version did not, in their own words; empty where they do not say."""
    causes: tuple[Cause, ...] = ()
    """Why, those that are sure first; empty where nothing changed."""

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing about it changed."""
        whole = self.old is not None and self.new is not None
        return whole and not (self.moved or self.changes or self.came or self.went)


class DigestVersion(Record):
    """One of the two versions."""

    name: str
    """What it is called: a file, or a revision and a file."""
    digest: Digest
    """The digest."""


class DigestDiff(Record):
    """What changed between two versions of a digest."""

    old: DigestVersion
    """The version compared against."""
    new: DigestVersion
    """The version at hand."""
    entries: tuple[EntryDiff, ...]
    """All entries of both: in the new order, each dropped one where it stood."""
    causes: tuple[Cause, ...] = ()
    """Everything that differs between the two runs, whether or not it changed an entry."""
    came: tuple[Finding, ...] = ()
    """New findings about no entry that stands in the digest."""
    went: tuple[Finding, ...] = ()
    """Findings about no entry that are gone."""

    @property
    def is_unchanged(self) -> bool:
        """Whether a reader of the two would see no difference, and a reviewer neither.

        What one of them does not say of itself is no difference.
        """
        known = any(cause.why != "unknown" for cause in self.causes)
        return not (known or self.came or self.went) and all(
            entry.is_unchanged for entry in self.entries
        )
