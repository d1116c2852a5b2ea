"""Two versions of a digest go in, what changed and why comes out.

Open `compare.py` first: it orders the steps; each `*_format.py` shows the result in one format.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.diff.changes import Cause as Cause
    from pipeline.diff.changes import CauseKind as CauseKind
    from pipeline.diff.changes import DigestDiff as DigestDiff
    from pipeline.diff.changes import DigestVersion as DigestVersion
    from pipeline.diff.changes import EntryDiff as EntryDiff
    from pipeline.diff.changes import FieldChange as FieldChange
    from pipeline.diff.changes import Piece as Piece
    from pipeline.diff.compare import diff as diff
    from pipeline.diff.git import Repository as Repository
    from pipeline.diff.json_format import render_json as render_json
    from pipeline.diff.lines_format import render_lines as render_lines
    from pipeline.diff.markdown_format import render_markdown as render_markdown
    from pipeline.diff.summary import Comparison as Comparison
    from pipeline.diff.text_format import render_text as render_text
    from pipeline.diff.versions import VersionPair as VersionPair
    from pipeline.diff.versions import find_version_pairs as find_version_pairs
    from pipeline.diff.versions import previous_versions as previous_versions
    from pipeline.diff.versions import read_version as read_version
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "changes": (
                "Cause",
                "CauseKind",
                "DigestDiff",
                "DigestVersion",
                "EntryDiff",
                "FieldChange",
                "Piece",
            ),
            "compare": ("diff",),
            "summary": ("Comparison",),
            "git": ("Repository",),
            "json_format": ("render_json",),
            "lines_format": ("render_lines",),
            "markdown_format": ("render_markdown",),
            "text_format": ("render_text",),
            "versions": ("VersionPair", "find_version_pairs", "previous_versions", "read_version"),
        },
    )
