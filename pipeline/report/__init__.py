"""Digests, their findings and what they cost -> the text of the pull request that adds them.

Open `pull_request.py` first; `findings.py` and `entries.py` are its pieces, `text.py` makes
strangers' words harmless, `github_review.py` makes a review of what has one right answer
(`suggestions.py`), `records.py` is for programs.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.report.changed_markdown import describe_change as describe_change
    from pipeline.report.findings import annotations as annotations
    from pipeline.report.github_review import ReviewComment as ReviewComment
    from pipeline.report.github_review import review as review
    from pipeline.report.github_review import review_comments as review_comments
    from pipeline.report.pull_request import report as report
    from pipeline.report.records import Report as Report
    from pipeline.report.records import report_record as report_record
else:
    __getattr__ = lazy_exports(__name__)
