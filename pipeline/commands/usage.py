"""The command that says what has been spent: `usage`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands import common

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.table import Table

    from pipeline.llm import DailyUsage

_PIPE_COLUMNS = 200
_COUNTS: "dict[str, Callable[[DailyUsage], int]]" = {
    "runs": lambda line: line.runs,
    "calls": lambda line: line.usage.calls,
    "from cache": lambda line: line.usage.from_cache,
    "failed": lambda line: line.usage.failed,
    "in": lambda line: line.usage.input_tokens,
    "cached": lambda line: line.usage.cached_tokens,
    "out": lambda line: line.usage.output_tokens,
    "reasoning": lambda line: line.usage.reasoning_tokens,
}
_LEFT_OUT = ("reasoning", "cached", "failed", "from cache", "runs", "calls", "out", "in")
"""Columns that a narrow terminal does without, the first one first; JSON has all."""


def usage(
    *,
    since: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="First day that counts.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The table as JSON.")] = False,
) -> None:
    """Show what the model was asked and what it cost, by day and model.

    Example: ainews-digest usage --since 2025-12-01

    Exit codes: 0 shown; 2 a setting or the date cannot be used.
    """
    import json

    from pipeline.llm import Cache, Ledger

    first = common.parse_date(since, "--since")
    path = common.load_settings(None).cache_file
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
    """Write a line as JSON; the cost is that of the calls whose price is known."""
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
    width = None if sys.stdout.isatty() else _PIPE_COLUMNS
    console = Console(width=width)
    left_out = 0
    # Columns are left out until the others fit: a figure that is cut is another figure.
    while (
        left_out < len(_LEFT_OUT)
        and console.measure(
            _table(lines, _LEFT_OUT[:left_out]), options=console.options.update(max_width=999)
        ).maximum
        > console.width
    ):
        left_out += 1
    console.print(_table(lines, _LEFT_OUT[:left_out]))


def _table(lines: "Sequence[DailyUsage]", left_out: "Sequence[str]" = ()) -> "Table":
    from rich.markup import escape
    from rich.table import Table

    from pipeline.lines import visible
    from pipeline.llm import format_cost

    table = Table(box=None, pad_edge=False)
    for heading in ("day", "model"):
        table.add_column(heading, no_wrap=True)
    counted = {name: count for name, count in _COUNTS.items() if name not in left_out}
    for heading in (*counted, "cost"):
        table.add_column(heading, justify="right", no_wrap=True)
    for line in lines:
        if not line.day:
            table.add_section()
        counts = (f"{count(line):,}" for count in counted.values())
        table.add_row(line.day or "total", escape(visible(line.model)), *counts, format_cost(line))
    return table
