"""What `outputs/` already holds: which issue was digested, under which date.

The digests' JSON files are the only state; everything here is read from them.
"""

import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pipeline.records import Record

# As `write.dump` writes them. Line breaks and quotation marks inside a text are escaped, so that
# no text looks like a field; parsing hundreds of digests whole would take seconds.
_DATE = re.compile(rb'\A\{\n  "date": "(\d{4}-\d\d-\d\d)",\n')
_SLUG = re.compile(rb'\n    "slug": ("[^"\\\n]+"),\n')
_END = b"\n}\n"


class Known(Record):
    """One digest that exists."""

    stem: str
    """File name without its ending: the digest date, with `-2`… for a second one."""
    date: date
    """Digest date."""
    slug: str
    """Slug of its issue."""


class State(Record):
    """All digests of a folder."""

    digests: tuple[Known, ...]
    """In the order of their names."""
    damaged: tuple[str, ...]
    """Files that should be digests and cannot be read, each with the reason."""

    def of_issue(self, slug: str) -> Known | None:
        """Find the earliest digest of an issue."""
        found = [known for known in self.digests if known.slug == slug]
        return min(found, key=lambda known: (known.date, known.stem)) if found else None

    def of_date(self, day: date) -> Known | None:
        """Find the first digest of a date."""
        return next((known for known in self.digests if known.date == day), None)

    def add(self, slug: str, day: date) -> "State":
        """Count a digest that is going to be made."""
        known = Known(stem=self.stem_for(slug, day), date=day, slug=slug)
        return self.model_copy(update={"digests": (*self.digests, known)})

    def stem_for(self, slug: str, day: date) -> str:
        """Name the file of a digest so that it replaces its own earlier version only."""
        for known in self.digests:
            if known.slug == slug and known.date == day:
                return known.stem
        taken = {known.stem for known in self.digests}
        taken.update(entry.split(".json", 1)[0] for entry in self.damaged)
        return next(stem for stem in _stems(day) if stem not in taken)


def state(folder: Path) -> State:
    """Read which digests a folder holds; one that does not exist holds none."""
    digests: list[Known] = []
    damaged: list[str] = []
    for file in sorted(folder.glob("*.json")):
        try:
            day, slug = _facts(file.read_bytes())
            digests.append(Known(stem=file.stem, date=date.fromisoformat(day), slug=slug))
        except (OSError, ValueError, KeyError, TypeError) as error:
            damaged.append(f"{file.name}: {type(error).__name__} {error}")
    return State(digests=tuple(digests), damaged=tuple(damaged))


def _facts(data: bytes) -> tuple[str, str]:
    """Read digest date and slug, from the bytes where they are ours and whole."""
    day, slugs = _DATE.search(data), _SLUG.findall(data)
    if day and len(slugs) == 1 and data.endswith(_END):
        return day[1].decode(), str(json.loads(slugs[0]))
    facts = json.loads(data)
    return facts["date"], facts["provenance"]["slug"]


def _stems(day: date) -> Sequence[str]:
    return [day.isoformat(), *(f"{day.isoformat()}-{number}" for number in range(2, 100))]
