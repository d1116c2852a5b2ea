"""What an operator or an editor asks: status, report, estimate, audit, edit, show.

Open `statuses.py` first: it is the smallest example.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.ops.audit_checks import topic_words as topic_words
    from pipeline.ops.audits import audit as audit
    from pipeline.ops.damaged import damaged_digests as damaged_digests
    from pipeline.ops.display import digest_text as digest_text
    from pipeline.ops.edit import edit_digest as edit_digest
    from pipeline.ops.edit_lists import list_edits as list_edits
    from pipeline.ops.edit_lists import list_stories as list_stories
    from pipeline.ops.edit_lists import stories_lines as stories_lines
    from pipeline.ops.estimates import Estimate as Estimate
    from pipeline.ops.estimates import estimate as estimate
    from pipeline.ops.estimates import estimate_task as estimate_task
    from pipeline.ops.estimates import exceeded_limits as exceeded_limits
    from pipeline.ops.evidence_search import EvidenceIndex as EvidenceIndex
    from pipeline.ops.existing import read_editable as read_editable
    from pipeline.ops.github_review import review as review
    from pipeline.ops.github_review import review_comments as review_comments
    from pipeline.ops.issue_pages import find_page as find_page
    from pipeline.ops.issue_pages import load_page as load_page
    from pipeline.ops.issue_stories import IssueStory as IssueStory
    from pipeline.ops.issue_stories import find_stories as find_stories
    from pipeline.ops.issue_stories import listed_stories as listed_stories
    from pipeline.ops.issue_stories import stories_table as stories_table
    from pipeline.ops.kept_answers import KeptAnswers as KeptAnswers
    from pipeline.ops.locations import DigestLocation as DigestLocation
    from pipeline.ops.locations import locate_digest as locate_digest
    from pipeline.ops.plans import BackfillPlan as BackfillPlan
    from pipeline.ops.plans import RunPlan as RunPlan
    from pipeline.ops.plans import plan_backfill as plan_backfill
    from pipeline.ops.plans import planned_digest as planned_digest
    from pipeline.ops.refresh import RefreshOptions as RefreshOptions
    from pipeline.ops.refresh import locate_to_refresh as locate_to_refresh
    from pipeline.ops.refresh import refresh_entries as refresh_entries
    from pipeline.ops.refresh_estimates import plan_refresh as plan_refresh
    from pipeline.ops.report_findings import annotations as annotations
    from pipeline.ops.report_markdown import describe_change as describe_change
    from pipeline.ops.report_records import Report as Report
    from pipeline.ops.report_records import report_record as report_record
    from pipeline.ops.reports import report as report
    from pipeline.ops.run_results import RunResult as RunResult
    from pipeline.ops.run_results import run_result as run_result
    from pipeline.ops.schedules import schedule_lines as schedule_lines
    from pipeline.ops.shown import ShownDigest as ShownDigest
    from pipeline.ops.shown import shown_digest as shown_digest
    from pipeline.ops.status_rows import Status as Status
    from pipeline.ops.statuses import list_issues as list_issues
    from pipeline.ops.statuses import status as status
    from pipeline.ops.usages import UsageRow as UsageRow
    from pipeline.ops.usages import usage_rows as usage_rows
    from pipeline.ops.usages import usage_table as usage_table
else:
    __getattr__ = lazy_exports(__name__)
