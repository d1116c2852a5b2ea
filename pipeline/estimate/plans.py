"""What `run --dry-run` and `backfill --dry-run` show: records, and lines for people."""

import datetime as dt
from collections.abc import Iterator, Sequence

from pydantic import FiniteFloat

from pipeline.errors import DigestError
from pipeline.estimate.estimates import Estimate, PlannedDigest, describe_model, describe_price
from pipeline.estimate.refresh import RefreshPlan
from pipeline.lines import counted
from pipeline.plan import DigestTask
from pipeline.records import Record
from pipeline.tables import format_table

_UNKNOWN = "price unknown: limits in USD cannot hold"


class RunPlan(Record):
    """What a run would do."""

    digests: tuple[PlannedDigest, ...] = ()
    """The digests that it would make; none where nothing is new."""
    refresh: RefreshPlan | None = None
    """Which entries it would have told anew, where entries are named."""
    exceeded_limits: tuple[str, ...] = ()
    """Settings at which it would stop."""

    @property
    def exit_code(self) -> int:
        """What the first thing that would be refused ends in; 0 where nothing would be."""
        codes = [one.replaced.exit_code for one in self.digests]
        codes += [self.refresh.exit_code] if self.refresh else []
        return next(filter(None, codes), 0)


class PlannedIssue(Record):
    """One issue of a backfill."""

    date: dt.date
    """Issue date, which is the digest's too."""
    issue: str
    """Its slug."""
    questions: int | None = None
    """Questions to the model; None where its page cannot be read."""
    tokens: int | None = None
    """Estimated tokens in and out; likewise."""
    cost_usd: FiniteFloat | None = None
    """Their price; None where nobody knows it."""
    error: str = ""
    """Why it cannot be made; blank where it can."""
    exit_code: int = 0
    """What this failure alone would end a run in."""


class BackfillPlan(Record):
    """What a backfill would do."""

    issues: tuple[PlannedIssue, ...]
    """Those that have no digest yet, oldest first."""
    tokens: int
    """Estimated tokens of all."""
    cost_usd: FiniteFloat | None
    """Their price; None where that of one is not known."""
    exceeded_limits: tuple[str, ...]
    """Settings at which it would stop."""
    command: str
    """What does it, as it is typed."""
    model: str = ""
    """Name of the model; blank where no issue could be looked at."""
    host: str = ""
    """The server that would be asked, without its scheme; blank for the embedded model."""

    @property
    def exit_code(self) -> int:
        """That of the first issue that could not be looked at; 0 where all could."""
        return next((issue.exit_code for issue in self.issues if issue.exit_code), 0)

    def lines(self) -> Iterator[str]:
        """Write it for people: a line each, the sums, the command."""
        head = ("date", "issue", "questions", "tokens", "price")
        rows = [_row(issue) for issue in self.issues if not issue.error]
        numbers = ("questions", "tokens", "price")
        table = format_table(head, rows, droppable=("issue", "questions"), right=numbers)
        yield from table.splitlines()
        failed = [issue for issue in self.issues if issue.error]
        yield from (f"error {issue.date}: {issue.issue}: {issue.error}" for issue in failed)
        price = _UNKNOWN if self.cost_usd is None else f"about ${self.cost_usd:.4f}"
        left = f"; {len(failed)} could not be looked at" if failed else ""
        yield f"{counted(len(rows), 'issue')}, about {self.tokens:,} tokens, {price}{left}"
        for name in self.exceeded_limits:
            yield f"the backfill would stop at {name}: raise it first"
        if self.model:
            yield f"model: {describe_model(self.model, self.host)}"
        yield f"command: {self.command}"


def plan_backfill(
    found: Sequence[tuple[DigestTask, Estimate | DigestError]],
    *,
    exceeded_limits: tuple[str, ...],
    command: str,
) -> BackfillPlan:
    """Sum up the estimates of many issues."""
    in_order = sorted(found, key=lambda pair: pair[0].date)
    issues = tuple(_planned_issue(task, result) for task, result in in_order)
    whole = [issue for issue in issues if not issue.error]
    costs = [issue.cost_usd for issue in whole if issue.cost_usd is not None]
    one = next((result for _, result in found if isinstance(result, Estimate)), None)
    return BackfillPlan(
        model=one.model if one else "",
        host=one.host if one else "",
        issues=issues,
        tokens=sum(issue.tokens or 0 for issue in whole),
        cost_usd=sum(costs) if len(costs) == len(whole) else None,
        exceeded_limits=exceeded_limits,
        command=command,
    )


def _planned_issue(task: DigestTask, result: Estimate | DigestError) -> PlannedIssue:
    planned = PlannedIssue(date=task.date, issue=task.slug)
    if isinstance(result, DigestError):
        return planned.model_copy(update={"error": str(result), "exit_code": result.exit_code})
    tokens = result.tokens.input + result.tokens.output
    said = {"questions": result.questions, "tokens": tokens, "cost_usd": result.cost_usd}
    return planned.model_copy(update=said)


def _row(issue: PlannedIssue) -> tuple[str, ...]:
    price = describe_price(issue.cost_usd).partition(":")[0]
    counts = (str(issue.questions), f"{issue.tokens:,}", price)
    return (issue.date.isoformat(), issue.issue, *counts)
