"""What an operator asks: status, usage, the stories of an issue, a digest shown, what `init` needs.

Open `statuses.py` first: it is the smallest example.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.ops.display import digest_text as digest_text
    from pipeline.ops.display import entry_notes as entry_notes
    from pipeline.ops.env_files import env_text as env_text
    from pipeline.ops.issue_stories import IssueStory as IssueStory
    from pipeline.ops.issue_stories import find_stories as find_stories
    from pipeline.ops.issue_stories import listed_stories as listed_stories
    from pipeline.ops.issue_stories import stories_table as stories_table
    from pipeline.ops.remedies import damaged_digests as damaged_digests
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
