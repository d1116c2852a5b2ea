"""The stored real issues, each of them parsed once for all tests of a process.

An issue is a frozen record: who gets it cannot change it for the next test.
"""

import io
from functools import cache
from pathlib import Path

from pipeline.fetch.local_file import read_source
from pipeline.parse.page import parse
from pipeline.records import Issue


def html_path(shared: Path, slug: str) -> Path:
    """Give the page that holds a stored issue."""
    frozen = shared / "site" / "frozen-issues" / f"{slug}.html"
    return frozen if frozen.is_file() else shared / "site" / "issues" / slug / "index.html"


@cache
def issue_at(path: Path) -> Issue:
    """Read and parse a file, as `--source` does."""
    return parse(read_source(path, stdin=io.BytesIO()))


def stored_issue(shared: Path, slug: str) -> Issue:
    """Parse the page of a stored issue."""
    return issue_at(html_path(shared, slug))
