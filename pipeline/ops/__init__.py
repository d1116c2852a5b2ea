"""What an operator or an editor asks: status, doctor, report, estimate, audit, edit, show.

Open `statuses.py` first: it is the smallest example.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.ops.audits import audit as audit
    from pipeline.ops.diagnosis import doctor as doctor
    from pipeline.ops.display import digest_text as digest_text
    from pipeline.ops.edit import edit_digest as edit_digest
    from pipeline.ops.edit import list_stories as list_stories
    from pipeline.ops.env_text import env_text as env_text
    from pipeline.ops.estimates import Estimate as Estimate
    from pipeline.ops.estimates import estimate as estimate
    from pipeline.ops.estimates import estimate_task as estimate_task
    from pipeline.ops.estimates import estimates_table as estimates_table
    from pipeline.ops.estimates import exceeded_limits as exceeded_limits
    from pipeline.ops.existing import DigestLocation as DigestLocation
    from pipeline.ops.existing import locate_digest as locate_digest
    from pipeline.ops.existing import read_editable as read_editable
    from pipeline.ops.issue_stories import find_stories as find_stories
    from pipeline.ops.issue_stories import stories_json as stories_json
    from pipeline.ops.issue_stories import stories_table as stories_table
    from pipeline.ops.kept_answers import KeptAnswers as KeptAnswers
    from pipeline.ops.refresh import RefreshOptions as RefreshOptions
    from pipeline.ops.refresh import locate_to_refresh as locate_to_refresh
    from pipeline.ops.refresh import refresh_entries as refresh_entries
    from pipeline.ops.refresh_estimates import refresh_lines as refresh_lines
    from pipeline.ops.report_findings import annotations as annotations
    from pipeline.ops.reports import report as report
    from pipeline.ops.schedules import schedule_lines as schedule_lines
    from pipeline.ops.statuses import list_issues as list_issues
    from pipeline.ops.statuses import status as status
else:
    __getattr__ = lazy_exports(__name__)
