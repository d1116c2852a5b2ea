"""The command that digests a range of dates: `backfill`."""

from typing import TYPE_CHECKING, Annotated, get_args

import typer

from pipeline.commands import common
from pipeline.commands.common import JsonOption, OutOption
from pipeline.errors import IssueNotFound
from pipeline.lines import counted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.batch import BackfillReport, OutcomeStatus
    from pipeline.estimate import BackfillPlan
    from pipeline.settings import Settings


_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
"""Of `mallopt` in `malloc.h`."""
_WHY: "Mapping[OutcomeStatus, str]" = {"skipped": " (digested already)"}


def backfill(
    *,
    since: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="First issue date.")],
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Last issue date; by default today.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=64,
            metavar="N",
            help="Issues open at once, 1 is one by one; by default 1 for 2 questions in flight.",
        ),
    ] = None,
    batch: Annotated[
        bool, typer.Option("--batch", help="Ask through the provider's Batch API where it can be.")
    ] = False,
    out: OutOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the issues, tokens and price; ask nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Digest all issues of a range of dates that no digest has yet, each under its own date.

    What goes wrong with one issue stops no other. Run it again to go on where it was left.

    Example: ainews-digest backfill --since 2025-12-01 --until 2025-12-31 --dry-run

    Exit codes: 0 done, or no issue has such a date; else that of the first issue that failed: 1 it
    is not fit to be published, 3 it cannot be fetched, 4 its page is not an issue, or its digest is
    damaged, 5 the model cannot be asked, 6 it cannot be written; 2 a setting or a date cannot be
    used.
    """
    from pipeline.batch import BackfillReport
    from pipeline.batch import backfill as fill
    from pipeline.clock import today
    from pipeline.progress import TerminalBatchProgress

    first, last = common.date_range(since, until, default=today())
    settings = common.load_settings(out)
    common.warn_of_unknown_variables()
    if dry_run:
        words = ["backfill", "--since", since, "--until", last.isoformat()]
        words += ["--jobs", str(jobs)] if jobs else []
        words += ["--batch"] if batch else []
        plan = _plan(first, last, settings, words)
        _show_plan(plan, as_json=as_json)
        if plan.exit_code:
            raise typer.Exit(plan.exit_code)
        return
    _tune_process()
    try:
        with TerminalBatchProgress() as progress:
            report = fill(first, last, settings=settings, progress=progress, jobs=jobs, batch=batch)
    except IssueNotFound as nothing:  # a weekend, say: that is no failure
        common.echo_err(str(nothing), "note")
        report = BackfillReport(outcomes=(), cost=None)
    _show_report(report, as_json=as_json)
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _tune_process() -> None:
    """Have what computes give way to what asks, and memory go back to the system.

    A thread that computes holds up one that has an answer to send on for 1 ms at a time, not 5.
    glibc gives each thread a heap of its own, 30 MB in all, and once a page of a megabyte has been
    freed it takes the next one from a heap too, which keeps it: 8 MB.
    """
    import ctypes
    import sys

    sys.setswitchinterval(0.001)
    if sys.platform == "linux" and (limit := getattr(ctypes.CDLL(None), "mallopt", None)):
        limit(_M_ARENA_MAX, 2)
        limit(_M_MMAP_THRESHOLD, 128 * 1024)


def _show_plan(plan: "BackfillPlan", *, as_json: bool) -> None:
    if as_json:
        common.echo_json(plan)
    elif plan.issues:
        common.echo("\n".join(plan.lines()))
    else:
        common.echo_err("nothing is missing in these dates: a backfill would do nothing")


def _show_report(report: "BackfillReport", *, as_json: bool) -> None:
    if as_json:
        common.echo_json(report)
    elif report.outcomes:
        common.echo("\n".join(_lines(report)))
    for cost in (report.batch, report.cost):
        if cost is not None:
            common.echo_err(cost.describe())


def _lines(report: "BackfillReport") -> "Iterator[str]":
    """Write for people what became of each issue that was worked on, and the counts."""
    from pipeline.batch import OutcomeStatus
    from pipeline.tables import format_table

    rows = [
        (outcome.date.isoformat(), outcome.slug, outcome.status, outcome.reason)
        for outcome in report.outcomes
        if outcome.status != "skipped"
    ]
    table = format_table(("date", "issue", "state", "reason"), rows, droppable=("issue",))
    yield from table.splitlines()
    counts = [
        f"{n} {status}{_WHY.get(status, '')}"
        for status in get_args(OutcomeStatus)
        if (n := report.count(status))
    ]
    yield f"{counted(len(report.outcomes), 'issue')}: {', '.join(counts)}"


def _plan(
    first: "dt.date", last: "dt.date", settings: "Settings", words: "Sequence[str]"
) -> "BackfillPlan":
    from pipeline.batch import estimate_backfill
    from pipeline.clock import today
    from pipeline.estimate import Estimate, exceeded_limits, plan_backfill
    from pipeline.progress import NullProgress, TerminalBatchProgress
    from pipeline.typed_command import typed_command

    with TerminalBatchProgress() as progress:
        quiet = NullProgress(progress.note, name="dry run")
        try:
            found = list(estimate_backfill(first, last, settings=settings, progress=quiet))
        except IssueNotFound as nothing:
            progress.note(f"note: {nothing}")
            found = []
    estimates = [result for _, result in found if isinstance(result, Estimate)]
    limits = exceeded_limits(estimates, settings=settings, today=today())
    return plan_backfill(found, exceeded_limits=limits, command=typed_command(*words))
