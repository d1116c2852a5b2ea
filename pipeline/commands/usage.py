"""The command that tells what has been spent: `usage`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from pipeline.llm import DailyUsage

_PIPE_COLUMNS = 200
_HEADINGS = (
    "day",
    "model",
    "runs",
    "calls",
    "from cache",
    "failed",
    "in",
    "cached",
    "out",
    "reasoning",
    "cost",
)


def usage(
    *,
    since: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="First day that counts.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The table as JSON.")] = False,
) -> None:
    """Show what the model was asked and what it cost, by day and model."""
    import json

    from pipeline.llm import Cache, Ledger

    first = common.parse_date(since, "--since")
    path = common.load_settings(None).cache_dir / "cache.sqlite"
    lines: tuple[DailyUsage, ...] = ()
    # Looking makes no folder.
    if path.exists():
        with Cache(path) as cache:
            lines = Ledger(cache).daily_usage(first.isoformat() if first else "")
    if as_json:
        typer.echo(json.dumps([_to_json(line) for line in lines], indent=2, ensure_ascii=False))
    elif lines:
        _print(lines)
    else:
        since_then = f" since {first}" if first else ""
        common.echo_err(f"nothing was asked{since_then}: the ledger in {str(path)!r} is empty")


def _to_json(line: "DailyUsage") -> dict[str, object]:
    """Say in JSON what a line says; the cost is that of the calls whose price is known."""
    usage = line.usage.model_dump(mode="json", exclude={"prompt"})
    known = not line.unpriced or bool(line.usage.cost_usd)
    return {
        "day": line.day or "total",
        "model": line.model or None,
        "runs": line.runs,
        **usage,
        "cost_usd": usage["cost_usd"] if known else None,
        "unpriced_calls": line.unpriced,
    }


def _print(lines: "Sequence[DailyUsage]") -> None:
    from rich.console import Console

    # A pipe has no width: nothing is cut there, and nothing coloured.
    terminal = sys.stdout.isatty()
    Console(width=None if terminal else _PIPE_COLUMNS).print(_table(lines))


def _table(lines: "Sequence[DailyUsage]") -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from pipeline.llm import format_cost

    table = Table(box=None, pad_edge=False)
    for heading in _HEADINGS:
        words = heading in {"day", "model"}
        table.add_column(heading, justify="left" if words else "right", no_wrap=True)
    for line in lines:
        used = line.usage
        if not line.day:
            table.add_section()
        numbers = (
            line.runs,
            used.calls,
            used.from_cache,
            used.failed,
            used.input_tokens,
            used.cached_tokens,
            used.output_tokens,
            used.reasoning_tokens,
        )
        cells = (f"{number:,}" for number in numbers)
        table.add_row(line.day or "total", escape(line.model), *cells, format_cost(line))
    return table
