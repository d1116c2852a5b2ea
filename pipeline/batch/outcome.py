"""What became of one issue among many, for `backfill` and its display."""

import datetime as dt
from typing import Literal

from pipeline.records import Record

OutcomeStatus = Literal["done", "degraded", "skipped", "failed", "not tried"]


class IssueOutcome(Record):
    """What became of one issue."""

    slug: str
    """Slug of the issue."""
    date: dt.date
    """Its date, which is the digest's too."""
    status: OutcomeStatus
    """How it ended."""
    reason: str = ""
    """Why, where it is not done."""
    exit_code: int = 0
    """What this failure alone would have ended a run in."""
