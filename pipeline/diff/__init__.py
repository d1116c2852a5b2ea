"""Two versions of a digest go in, what changed and why comes out.

Open `compare.py` first: it orders the steps; `renderers.py` names the forms of the result.
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
    from pipeline.diff.compare import compare_pair as compare_pair
    from pipeline.diff.compare import diff as diff
    from pipeline.diff.git import Repository as Repository
    from pipeline.diff.git import git_names as git_names
    from pipeline.diff.json_format import DiffListing as DiffListing
    from pipeline.diff.lines_format import escape_invisible as escape_invisible
    from pipeline.diff.lines_format import render_lines as render_lines
    from pipeline.diff.previous import PreviousVersions as PreviousVersions
    from pipeline.diff.previous import previous_versions as previous_versions
    from pipeline.diff.renderers import RENDERERS as RENDERERS
    from pipeline.diff.renderers import Renderer as Renderer
    from pipeline.diff.renderers import RenderOptions as RenderOptions
    from pipeline.diff.summary import ChangedMarkdown as ChangedMarkdown
    from pipeline.diff.summary import Comparison as Comparison
    from pipeline.diff.versions import VersionPair as VersionPair
    from pipeline.diff.versions import find_version_pairs as find_version_pairs
    from pipeline.diff.versions import read_version as read_version
else:
    __getattr__ = lazy_exports(__name__)
