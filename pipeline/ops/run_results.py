"""What a run has made -> a record for programs: `run --json`."""

import datetime as dt
from collections.abc import Iterable

from pydantic import FiniteFloat

from pipeline.errors import DigestError
from pipeline.llm import RunCost
from pipeline.publish import PublishedDigest
from pipeline.records import Finding, Record


class MadeDigest(Record):
    """One digest that a run has made."""

    name: str
    """Its file name without ending."""
    date: dt.date
    """Digest date."""
    issue: str
    """Slug of its issue."""
    path: str
    """Its Markdown file; the JSON lies beside it."""
    changed: bool
    """Whether the files are new or have other bytes than before."""
    news: int
    """News entries."""
    tools: int
    """Tool entries."""
    quotations: int
    """How many of both quote the English text."""
    findings: tuple[Finding, ...]
    """What the checks found."""


class RunFailure(Record):
    """One thing that went wrong in a run."""

    issue: str
    """Slug of its issue; blank where it is about no single one."""
    message: str
    """What happened, and what to do."""
    exit_code: int
    """What it alone would end a run in."""


class RunResult(Record):
    """What a run has made."""

    digests: tuple[MadeDigest, ...] = ()
    """In the order in which they were made; none where nothing is new."""
    failures: tuple[RunFailure, ...] = ()
    """What went wrong, the first one first; none where all is well."""
    exit_code: int = 0
    """What the run ends in."""
    cost: RunCost | None = None
    """What the model was paid; None where it was not needed."""
    seconds: FiniteFloat
    """How long it took."""


def run_result(
    published: Iterable[PublishedDigest],
    cost: RunCost | None,
    seconds: float,
    failed: DigestError | None = None,
) -> RunResult:
    """Make a record of what a run has made, and of what it has failed in."""
    errors = (failed, *failed.others) if failed else ()
    return RunResult(
        digests=tuple(_made_digest(one) for one in published),
        failures=tuple(
            RunFailure(issue=one.issue, message=str(one), exit_code=one.exit_code) for one in errors
        ),
        exit_code=failed.exit_code if failed else 0,
        cost=cost,
        seconds=round(seconds, 1),
    )


def _made_digest(published: PublishedDigest) -> MadeDigest:
    digest = published.digest
    return MadeDigest(
        name=published.path.stem,
        date=digest.date,
        issue=digest.slug,
        path=str(published.path),
        changed=published.changed,
        news=len(digest.news),
        tools=len(digest.tools),
        quotations=digest.degraded,
        findings=digest.findings,
    )
