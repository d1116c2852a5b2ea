"""A month of issues, and the backfill that digests it."""

import datetime as dt
from pathlib import Path

from fakes import Heard
from newsletter import Newsletter
from pipeline.batch.ranges import (
    BackfillReport,
    backfill,
)
from pipeline.settings import Settings

FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 1, 31)


def fill(settings: Settings, heard: Heard | None = None, jobs: int = 3) -> BackfillReport:
    """Digest January."""
    return backfill(FIRST, LAST, settings=settings, progress=heard or Heard(), jobs=jobs)


def january(newsletter: Newsletter, count: int, stories: int = 3) -> list[str]:
    """Publish issues from the fifth on, two of them on one date."""
    slugs = [f"26-01-{5 + number - (number == 1):02d}-issue-{number}" for number in range(count)]
    for slug in slugs:
        newsletter.publish(slug, stories)
    return slugs


def contents(folder: Path) -> dict[str, bytes]:
    """Read the files of a folder, hidden ones too."""
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
