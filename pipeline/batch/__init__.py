"""A range of issues goes in, their digests come out, through the Batch API where wanted.

Open `ranges.py` first: it makes the issues of a range.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.batch.ranges import BackfillReport as BackfillReport
    from pipeline.batch.ranges import IssueOutcome as IssueOutcome
    from pipeline.batch.ranges import OutcomeStatus as OutcomeStatus
    from pipeline.batch.ranges import backfill as backfill
    from pipeline.batch.ranges import backfill_day as backfill_day
    from pipeline.batch.ranges import estimate_backfill as estimate_backfill
else:
    __getattr__ = lazy_exports(__name__)
