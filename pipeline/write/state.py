"""What `outputs/` already holds: which issue was digested, under which date.

The digests' JSON files are the only state; everything here is read from them.
"""

import datetime as dt
import errno
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

from pipeline.errors import NewerFormat, PageNotUnderstood
from pipeline.records import Record
from pipeline.storage import FileIndex, read_regular
from pipeline.typed_command import issue_options, typed_command
from pipeline.write.damage import damage_words
from pipeline.write.orphans import SLUG, OrphanMarkdown, find_orphans, find_slug

# As `write.dump` writes them. Line breaks and quotation marks inside a text are escaped, so that
# no text looks like a field; parsing hundreds of digests whole would take seconds.
DRAFTS = "drafts"
"""Folder beside the digests for those that are not published; no state is read from it."""

_DATE = re.compile(
    rb'\A\{\n(?:  "\$schema": "[^"\\\n]*",\n  "format_version": \d+,\n)?'
    rb'  "date": "(\d{4}-\d\d-\d\d)",\n'
)
_END = b"\n}\n"
_INDEXED = "2026-11-29"
"""Changes with what `_read_state_facts` makes of a file, so that no older index is believed."""


class _StateFacts(NamedTuple):
    date: dt.date
    slug: str


class DigestRef(Record):
    """One digest that exists."""

    stem: str
    """File name without its ending: the digest date, with `-2`… for a second one."""
    date: dt.date
    """Digest date."""
    slug: str
    """Slug of its issue."""


class DamagedDigest(Record):
    """A file that should be a digest and cannot be read."""

    stem: str
    """File name without its ending."""
    reason: str
    slug: str | None = None
    """Slug of its issue, where what is left of it or its Markdown says so."""
    kind: Literal["damaged", "locked", "newer"] = "damaged"
    """Whether it is damaged, or whole: not to be opened, or written by a later version."""
    source: str = ""
    """The file that its issue was given as; blank where none was."""

    @property
    def date(self) -> dt.date | None:
        """Digest date, by its name; None where the name has none."""
        try:
            return dt.date.fromisoformat(self.stem[:10])
        except ValueError:
            return None

    @property
    def line(self) -> str:
        """The file and what is wrong with it, for people."""
        return f"{self.stem}.json: {self.reason}"

    @property
    def remedy(self) -> str:
        """How it comes back, for people."""
        if self.kind == "locked":
            return f"see to it that {self.stem}.json can be read: correct its permissions"
        if self.kind == "newer":
            return "it is whole, and stays as it is"
        if self.slug is None:
            return "restore the file, or remove it"
        return f"restore the file, or `{self.command}` makes it again without its edits by hand"

    @property
    def command(self) -> str:
        """What makes it again, as it is typed; blank where none does, or it is whole."""
        if self.slug is None or self.kind != "damaged":
            return ""
        issue = ("--source", self.source) if self.source else issue_options(self.slug)
        return typed_command("run", *issue, "--date", self.stem[:10], "--force")


class OutputsState(Record):
    """All digests of a folder."""

    digests: tuple[DigestRef, ...]
    """In the order of their names."""
    damaged: tuple[DamagedDigest, ...]
    """Those that cannot be read, in the order of their names."""
    orphans: tuple[OrphanMarkdown, ...] = ()
    """Markdown files whose JSON is gone, in the order of their names."""

    def find_by_issue(self, slug: str) -> DigestRef | None:
        """Find the earliest digest of an issue."""
        found = [known for known in self.digests if known.slug == slug]
        return min(found, key=lambda known: (known.date, known.stem)) if found else None

    def find_by_date(self, day: dt.date) -> DigestRef | None:
        """Find the first digest of a date."""
        return next((known for known in self.digests if known.date == day), None)

    def find_damaged(self, slug: str) -> DamagedDigest | None:
        """Find the damaged digest of an issue."""
        return next((hurt for hurt in self.damaged if hurt.slug == slug), None)

    def find_orphan(self, slug: str) -> OrphanMarkdown | None:
        """Find the Markdown of an issue whose JSON is gone; None where it has a digest, too."""
        if self.find_by_issue(slug) or self.find_damaged(slug):
            return None
        return next((one for one in self.orphans if one.slug == slug), None)

    def with_digest(self, slug: str, day: dt.date) -> "OutputsState":
        """Count a digest that is going to be made."""
        known = DigestRef(stem=self.stem_for(slug, day), date=day, slug=slug)
        return self.model_copy(update={"digests": (*self.digests, known)})

    def stem_for(self, slug: str, day: dt.date) -> str:
        """Name the file of a digest so that it replaces its own earlier version only."""
        for known in self.digests:
            if known.slug == slug and known.date == day:
                return known.stem
        for hurt in self.damaged:
            if hurt.slug == slug and hurt.stem.startswith(day.isoformat()):
                return hurt.stem
        for orphan in self.orphans:
            if orphan.slug == slug and orphan.date == day:
                return orphan.stem
        taken = {known.stem for known in self.digests}
        taken.update(entry.stem for entry in self.damaged)
        # Markdown that names no issue may be this one's; it is not written over unseen.
        taken.update(orphan.stem for orphan in self.orphans if orphan.slug)
        return next(stem for stem in _candidate_stems(day) if stem not in taken)


def read_state(folder: Path, index_dir: Path | None = None) -> OutputsState:
    """Read which digests a folder holds; one that does not exist holds none."""
    digests: list[DigestRef] = []
    damaged: list[DamagedDigest] = []
    index = FileIndex(folder, _read_state_facts, _StateFacts, index_dir=index_dir, version=_INDEXED)
    names = index.json_names()
    for name in names:
        stem = name.removesuffix(".json") or name
        try:
            day, slug = index.get(name)
            digests.append(DigestRef(stem=stem, date=day, slug=slug))
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            damaged.append(_damaged(folder / name, stem, error))
    index.save(frozenset(names))
    orphans = find_orphans(folder, {name.removesuffix(".json") for name in names})
    return OutputsState(digests=tuple(digests), damaged=tuple(damaged), orphans=orphans)


def _damaged(file: Path, stem: str, error: Exception) -> DamagedDigest:
    """Say what is wrong with a file that could not be read."""
    from pipeline.write.json_format import from_json

    slug = find_slug(file)
    if isinstance(error, OSError):
        reason = damage_words(error)
        locked = error.errno in {errno.EACCES, errno.EPERM}
        kind: Literal["locked", "damaged"] = "locked" if locked else "damaged"
        return DamagedDigest(stem=stem, reason=reason, slug=slug, kind=kind)
    try:
        from_json(read_regular(file).decode())
    except NewerFormat as newer:
        return DamagedDigest(stem=stem, reason=str(newer), slug=slug, kind="newer")
    except (OSError, ValueError, PageNotUnderstood, RecursionError):
        pass
    return DamagedDigest(stem=stem, reason=damage_words(error), slug=slug)


def _read_state_facts(file: Path) -> _StateFacts:
    """Read digest date and slug, from the bytes where they are ours and whole."""
    data = read_regular(file)
    day, slugs = _DATE.search(data), SLUG.findall(data)
    if day and len(slugs) == 1 and data.endswith(_END):
        return _StateFacts(dt.date.fromisoformat(day[1].decode()), str(json.loads(slugs[0])))
    facts = json.loads(data)
    return _StateFacts(dt.date.fromisoformat(facts["date"]), facts["provenance"]["slug"])


def _candidate_stems(day: dt.date) -> Sequence[str]:
    return [day.isoformat(), *(f"{day.isoformat()}-{number}" for number in range(2, 100))]
