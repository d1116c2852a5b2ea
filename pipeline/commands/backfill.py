"""The command that digests a range of dates: `backfill`."""

from typing import TYPE_CHECKING, Annotated, get_args

import typer

from pipeline.commands import common
from pipeline.commands.common import OutOption
from pipeline.errors import SettingsError

if TYPE_CHECKING:
    import datetime as dt

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
    """Digest all issues of a range of dates that no digest tells yet, each under its own date."""
    from pipeline.batch import OutcomeStatus
    from pipeline.batch import backfill as fill
    from pipeline.progress import TerminalBatchProgress, format_table
    from pipeline.settings import today

    first, last = (
        common.parse_date(since, "--since"),
        common.parse_date(until, "--until") or today(),
    )
    if first is None or first > last:
        raise SettingsError(f"--since {since} is after --until {last}: turn them round")
    settings = common.load_settings(out)
    if dry_run:
        _dry_run(first, last, settings)
        return
    with TerminalBatchProgress() as bar:
        report = fill(first, last, settings=settings, progress=bar, jobs=jobs, batch=batch)
    rows = [
        (each.date.isoformat(), each.slug, each.status, each.reason)
        for each in report.outcomes
        if each.status != "skipped"
    ]
    typer.echo(format_table(("date", "issue", "", "reason"), rows), nl=False)
    counts = [
        f"{report.count(kind)} {kind}" for kind in get_args(OutcomeStatus) if report.count(kind)
    ]
    typer.echo(f"{len(report.outcomes)} issues: {', '.join(counts)}")
    if report.batch is not None:
        common.echo_err(report.batch.describe())
    if report.receipt is not None:
        common.echo_err(report.receipt.describe())
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _dry_run(first: "dt.date", last: "dt.date", settings: "Settings") -> None:
    from pipeline.batch import estimate_backfill
    from pipeline.errors import DigestError
    from pipeline.ops import exceeded_limits
<<<<<<< HEAD
    from pipeline.progress import NullProgress, TerminalBatchProgress, format_table
=======
    from pipeline.progress import TerminalBatchProgress, format_table
    from pipeline.settings import today
>>>>>>> 952389d (Give programs one call for a digest, and list the stories of an issue)

    rows, found = [], []
    with TerminalBatchProgress() as bar:
        for task, what in estimate_backfill(
            first, last, settings=settings, progress=NullProgress(bar.note, name="dry run")
        ):
            head = (task.date.isoformat(), task.slug)
            if isinstance(what, DigestError):
                rows.append((*head, "", "", str(what)))
                continue
            found.append(what)
            price = "unknown" if what.cost_usd is None else f"about ${what.cost_usd:.4f}"
            tokens = what.tokens.input + what.tokens.output
            rows.append((*head, str(what.questions), f"{tokens:,}", price))
    typer.echo(format_table(("date", "issue", "questions", "tokens", "price"), rows), nl=False)
    tokens = sum(each.tokens.input + each.tokens.output for each in found)
    known = [each.cost_usd for each in found if each.cost_usd is not None]
    price = f"about ${sum(known):.4f}" if len(known) == len(found) else "price unknown"
    typer.echo(f"{len(found)} issues, about {tokens:,} tokens, {price}")
    for name in exceeded_limits(found, settings=settings, today=today()):
        typer.echo(f"the backfill would stop at {name}: raise it first")
