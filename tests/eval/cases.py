"""The issues that are measured, and what an earlier system published of them.

The stored newsletter lies beside the checkout and is not ours to copy: where it is missing, only
the bundled issue is left, and whoever measures says so.
"""

import io
from importlib import resources
from pathlib import Path

from pipeline.fetch.local_file import read_source
from pipeline.parse.page import parse
from pipeline.plan import PreparedJob
from pipeline.records import Digest, Record
from pipeline.write.markdown_format import from_markdown

SHARED = Path(__file__).parents[3] / "shared"
"""Where the stored newsletter lies."""

DEMO = "demo"
"""Name of the bundled issue."""


class Case(Record):
    """One issue that is measured."""

    name: str
    """Its slug; `demo` for the bundled issue."""
    path: Path
    """File of its page."""


def cases(shared: Path = SHARED) -> tuple[Case, ...]:
    """List the issues at hand, the bundled one first."""
    bundled = Path(str(resources.files("pipeline") / "data" / "demo.md"))
    frozen = sorted((shared / "site" / "frozen-issues").glob("*.html"))
    found = {file.stem: file for file in frozen}
    for file in sorted((shared / "site" / "issues").glob("*/index.html")):
        # A page that has a frozen copy only leads there.
        found.setdefault(file.parent.name, file)
    for file in sorted((shared / "more-markdown").glob("*.md")):
        found.setdefault(file.stem, file)
    stored = (Case(name=name, path=found[name]) for name in sorted(found))
    return (Case(name=DEMO, path=bundled), *stored)


def job(case: Case) -> PreparedJob:
    """Read the page of a case; its digest is dated like the issue, whatever day it is."""
    page = read_source(case.path, stdin=io.BytesIO())
    return PreparedJob(page=page, date=parse(page).date, stem=case.name)


def reference_digests(case: Case, shared: Path = SHARED) -> tuple[Digest, ...]:
    """Read the digests that an earlier system published of this issue, oldest first."""
    files = sorted((shared / "published").glob("*.md"))
    digests = (from_markdown(file.read_text(encoding="utf-8")) for file in files)
    return tuple(one for one in digests if one.issue_url.rstrip("/").endswith(f"/{case.name}"))
