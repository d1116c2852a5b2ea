"""What `outputs/` already holds: which issue was digested, under which date.

The digests' JSON files are the only state; everything here is read from them.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from pipeline.records import Record
from pipeline.storage import FileIndex, read_regular

# As `write.dump` writes them. Line breaks and quotation marks inside a text are escaped, so that
# no text looks like a field; parsing hundreds of digests whole would take seconds.
_DATE = re.compile(rb'\A\{\n  "date": "(\d{4}-\d\d-\d\d)",\n')
_SLUG = re.compile(rb'\n    "slug": ("[^"\\\n]+"),\n')
_END = b"\n}\n"
_INDEXED = "2026-11-29"
"""Changes with what `_read_state_facts` makes of a file, so that no older index is believed."""


class _StateFacts(NamedTuple):
    date: date
    slug: str


class DigestRef(Record):
    """One digest that exists."""

    stem: str
    """File name without its ending: the digest date, with `-2`… for a second one."""
    date: date
    """Digest date."""
    slug: str
    """Slug of its issue."""


class OutputsState(Record):
    """All digests of a folder."""

    digests: tuple[DigestRef, ...]
    """In the order of their names."""
    damaged: tuple[str, ...]
    """Files that should be digests and cannot be read, each with the reason."""

    def find_by_issue(self, slug: str) -> DigestRef | None:
        """Find the earliest digest of an issue."""
        found = [known for known in self.digests if known.slug == slug]
        return min(found, key=lambda known: (known.date, known.stem)) if found else None

    def find_by_date(self, day: date) -> DigestRef | None:
        """Find the first digest of a date."""
        return next((known for known in self.digests if known.date == day), None)

    def with_digest(self, slug: str, day: date) -> "OutputsState":
        """Count a digest that is going to be made."""
        known = DigestRef(stem=self.stem_for(slug, day), date=day, slug=slug)
        return self.model_copy(update={"digests": (*self.digests, known)})

    def stem_for(self, slug: str, day: date) -> str:
        """Name the file of a digest so that it replaces its own earlier version only."""
        for known in self.digests:
            if known.slug == slug and known.date == day:
                return known.stem
        taken = {known.stem for known in self.digests}
        taken.update(entry.split(".json", 1)[0] for entry in self.damaged)
        return next(stem for stem in _candidate_stems(day) if stem not in taken)


def read_state(folder: Path, index_dir: Path | None = None) -> OutputsState:
    """Read which digests a folder holds; one that does not exist holds none.

    Args:
        folder: the digests.
        index_dir: folder of the indexes, which spare reading what did not change; None for none.
    """
    digests: list[DigestRef] = []
    damaged: list[str] = []
    index = FileIndex(folder, _read_state_facts, _StateFacts, index_dir=index_dir, version=_INDEXED)
    names = index.json_names()
    for name in names:
        try:
            day, slug = index.get(name)
            stem = name.removesuffix(".json") or name
            digests.append(DigestRef(stem=stem, date=day, slug=slug))
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            damaged.append(f"{name}: {type(error).__name__} {error}")
    index.save(frozenset(names))
    return OutputsState(digests=tuple(digests), damaged=tuple(damaged))


def _read_state_facts(file: Path) -> _StateFacts:
    """Read digest date and slug, from the bytes where they are ours and whole."""
    data = read_regular(file)
    day, slugs = _DATE.search(data), _SLUG.findall(data)
    if day and len(slugs) == 1 and data.endswith(_END):
        return _StateFacts(date.fromisoformat(day[1].decode()), str(json.loads(slugs[0])))
    facts = json.loads(data)
    return _StateFacts(date.fromisoformat(facts["date"]), facts["provenance"]["slug"])


def _candidate_stems(day: date) -> Sequence[str]:
    return [day.isoformat(), *(f"{day.isoformat()}-{number}" for number in range(2, 100))]
