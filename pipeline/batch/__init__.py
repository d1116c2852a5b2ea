"""A range of issues goes in, their digests come out, through the Batch API where wanted.

Open `ranges.py` first: it makes the issues of a range.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.batch.outcome import IssueOutcome as IssueOutcome
    from pipeline.batch.outcome import OutcomeStatus as OutcomeStatus
    from pipeline.batch.ranges import backfill as backfill
    from pipeline.batch.ranges import backfill_day as backfill_day
    from pipeline.batch.ranges import estimate_backfill as estimate_backfill
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "outcome": ("IssueOutcome", "OutcomeStatus"),
            "ranges": (
                "backfill",
                "backfill_day",
                "estimate_backfill",
            ),
        },
    )
