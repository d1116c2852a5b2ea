"""A run that was asked for -> what it would ask, cost and write over, without asking: `--dry-run`.

Open `estimates.py` first; `plans.py` shows them, `refresh.py` and `replaced.py` are parts of it.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.estimate.estimates import Estimate as Estimate
    from pipeline.estimate.estimates import KeptAnswers as KeptAnswers
    from pipeline.estimate.estimates import estimate as estimate
    from pipeline.estimate.estimates import estimate_task as estimate_task
    from pipeline.estimate.estimates import exceeded_limits as exceeded_limits
    from pipeline.estimate.plans import BackfillPlan as BackfillPlan
    from pipeline.estimate.plans import RunPlan as RunPlan
    from pipeline.estimate.plans import plan_backfill as plan_backfill
    from pipeline.estimate.refresh import plan_refresh as plan_refresh
else:
    __getattr__ = lazy_exports(__name__)
