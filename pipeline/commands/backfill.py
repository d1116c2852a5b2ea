"""The command that digests a range of dates: `backfill`."""

from typing import TYPE_CHECKING, Annotated, get_args

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from pipeline.settings import Settings


def backfill(
    *,
    since: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="First issue date.")],
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Last issue date; by default today.")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=64, help="Issues open at once; 1 is one by one.")
    ] = None,
    batch: Annotated[
        bool, typer.Option("--batch", help="Ask through the provider's Batch API where it can be.")
    ] = False,
    out: OutOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the issues, tokens and price; ask nothing.")
    ] = False,
) -> None:
    """Digest all issues of a range of dates that no digest has yet, each under its own date."""
    from pipeline.batch import OutcomeStatus
    from pipeline.batch import backfill as fill
    from pipeline.progress import TerminalBatchProgress, format_table
    from pipeline.settings import today

    first = common.parse_date(since, "--since")
    last = common.parse_date(until, "--until") or today()
    if first is None or first > last:
        raise SettingsError(f"--since {since} is after --until {last}: turn them round")
    settings = common.load_settings(out)
    common.warn_of_unknown_variables()
    if dry_run:
        words = ["backfill", "--since", since, "--until", last.isoformat()]
        words += ["--jobs", str(jobs)] if jobs else []
        words += ["--batch"] if batch else []
        words += ["--out", out] if out else []
        _dry_run(first, last, settings, words)
        return
    with TerminalBatchProgress() as progress:
        report = fill(first, last, settings=settings, progress=progress, jobs=jobs, batch=batch)
    rows = [
        (outcome.date.isoformat(), outcome.slug, outcome.status, outcome.reason)
        for outcome in report.outcomes
        if outcome.status != "skipped"
    ]
    if rows:
        common.echo(format_table(("date", "issue", "", "reason"), rows).rstrip("\n"))
    counts = [f"{n} {status}" for status in get_args(OutcomeStatus) if (n := report.count(status))]
    common.echo(f"{len(report.outcomes)} issues: {', '.join(counts)}")
    for cost in (report.batch, report.receipt):
        if cost is not None:
            common.echo_err(cost.describe())
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _dry_run(
    first: "dt.date", last: "dt.date", settings: "Settings", words: "Sequence[str]"
) -> None:
    import shlex

    from pipeline.batch import estimate_backfill
    from pipeline.ops import Estimate, estimates_table, exceeded_limits
    from pipeline.progress import NullProgress, TerminalBatchProgress
    from pipeline.settings import today

    with TerminalBatchProgress() as progress:
        quiet = NullProgress(progress.note, name="dry run")
        found = list(estimate_backfill(first, last, settings=settings, progress=quiet))
    for line in estimates_table(found):
        common.echo(line)
    estimates = [result for _, result in found if isinstance(result, Estimate)]
    for name in exceeded_limits(estimates, settings=settings, today=today()):
        common.echo(f"the backfill would stop at {name}: raise it first")
    common.echo(f"command: {shlex.join(['ainews-digest', *common.directory_option(), *words])}")
