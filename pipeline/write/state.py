"""What `outputs/` already holds: which issue was digested, under which date.

The digests' JSON files are the only state; everything here is read from them.
"""

import datetime as dt
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.records import Record
from pipeline.storage import FileIndex, read_regular
from pipeline.write.damage import damage_words

# As `write.dump` writes them. Line breaks and quotation marks inside a text are escaped, so that
# no text looks like a field; parsing hundreds of digests whole would take seconds.
_DATE = re.compile(
    rb'\A\{\n(?:  "\$schema": "[^"\\\n]*",\n  "format_version": \d+,\n)?'
    rb'  "date": "(\d{4}-\d\d-\d\d)",\n'
)
_SLUG = re.compile(rb'\n    "slug": ("[^"\\\n]+"),\n')
_END = b"\n}\n"
# Where a digest names its issue's address, in its JSON and in its Markdown.
_ADDRESS = re.compile(
    r"(?:\"issue_url\": \"|> \[原文链接\]\()https?://[^\"\s()]*/(?P<slug>[\w.~-]+)/?[\")]", re.ASCII
)
_DIGEST_STEM = re.compile(r"\d{4}-\d\d-\d\d(?:-\d{1,2})?", re.ASCII)
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
        if self.slug is None:
            return "restore the file, or remove it"
        again = f"`ainews-digest run --issue {self.slug} --date {self.stem[:10]} --force`"
        return f"restore the file, or {again} makes it again without its edits by hand"


class OutputsState(Record):
    """All digests of a folder."""

    digests: tuple[DigestRef, ...]
    """In the order of their names."""
    damaged: tuple[DamagedDigest, ...]
    """Those that cannot be read, in the order of their names."""

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
        taken = {known.stem for known in self.digests}
        taken.update(entry.stem for entry in self.damaged)
        return next(stem for stem in _candidate_stems(day) if stem not in taken)


def read_state(folder: Path, index_dir: Path | None = None) -> OutputsState:
    """Read which digests a folder holds; one that does not exist holds none.

    Args:
        folder: the digests.
        index_dir: folder of the indexes, which spare reading what did not change; None for none.
    """
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
            reason = damage_words(error)
            known = _find_slug(folder / name)
            damaged.append(DamagedDigest(stem=stem, reason=reason, slug=known))
    index.save(frozenset(names))
    return OutputsState(digests=tuple(digests), damaged=tuple(damaged))


def _read_state_facts(file: Path) -> _StateFacts:
    """Read digest date and slug, from the bytes where they are ours and whole."""
    data = read_regular(file)
    day, slugs = _DATE.search(data), _SLUG.findall(data)
    if day and len(slugs) == 1 and data.endswith(_END):
        return _StateFacts(dt.date.fromisoformat(day[1].decode()), str(json.loads(slugs[0])))
    facts = json.loads(data)
    return _StateFacts(dt.date.fromisoformat(facts["date"]), facts["provenance"]["slug"])


def _find_slug(file: Path) -> str | None:
    """Find out which issue a damaged digest is of, from what can be read of it."""
    if not _DIGEST_STEM.fullmatch(file.stem):
        return None
    for path in (file, file.with_suffix(".md")):
        try:
            data = read_regular(path)
        except OSError:
            continue
        if slugs := set(_SLUG.findall(data)):
            return str(json.loads(slugs.pop())) if len(slugs) == 1 else None
        if address := _ADDRESS.search(data.decode(errors="replace")):
            return address["slug"]
    return None


def _candidate_stems(day: dt.date) -> Sequence[str]:
    return [day.isoformat(), *(f"{day.isoformat()}-{number}" for number in range(2, 100))]
