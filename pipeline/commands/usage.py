"""The command that says what has been spent: `usage`."""

from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common
from pipeline.commands.common import JsonOption

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from pipeline.llm import DailyUsage


def usage(
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM-DD", help="First day that counts; by default the first one."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the model was asked and what it cost, by day and model.

    A run that asked two models, or over midnight, counts in both lines, and once in the total. The
    questions of doctor count too, where a cache is there.

    Example: ainews-digest usage --since 2025-12-01

    Exit codes: 0 shown; 2 a setting or the date cannot be used.
    """
    from pipeline.llm import Cache, Ledger
    from pipeline.ops import usage_rows, usage_table

    first = common.parse_date(since, "--since")
    path = common.load_settings(None).cache_file
    lines: tuple[DailyUsage, ...] = ()
    last_day = ""
    # Looking makes no folder.
    if path.exists():
        with Cache(path, looks=True) as cache:
            ledger = Ledger(cache)
            lines = ledger.daily_usage(first.isoformat() if first else "")
            last_day = ledger.last_day() if not lines else ""
    if as_json:
        common.echo_json(usage_rows(lines))
    elif lines:
        common.echo(usage_table(lines).rstrip("\n"))
    else:
        common.echo_err(_nothing(first, last_day, path))


def _nothing(first: "dt.date | None", last_day: str, path: "Path") -> str:
    """Say why there is nothing to show."""
    if last_day:
        return f"nothing was asked since {first}: the last question was on {last_day}"
    since_then = f" since {first}" if first else ""
    return f"nothing was asked{since_then}: the ledger in {str(path)!r} is empty"
