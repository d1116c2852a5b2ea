"""The ledger, by day and model -> rows: the command `usage`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from pydantic import FiniteFloat

from pipeline.llm import DailyUsage, format_cost
from pipeline.records import Record
from pipeline.tables import format_table

_COUNTS: Final[Mapping[str, Callable[[DailyUsage], int]]] = {
    "runs": lambda line: line.runs,
    "calls": lambda line: line.usage.calls,
    "from cache": lambda line: line.usage.from_cache,
    "failed": lambda line: line.usage.failed,
    "in": lambda line: line.usage.input_tokens,
    "cached": lambda line: line.usage.cached_tokens,
    "out": lambda line: line.usage.output_tokens,
    "reasoning": lambda line: line.usage.reasoning_tokens,
}
_DROPPABLE: Final = ("reasoning", "cached", "failed", "from cache", "runs", "calls", "out", "in")
"""Columns that a narrow terminal does without, the first one first; JSON has all."""


class UsageRow(Record):
    """What one model cost on one day, or all of them on all days."""

    day: str
    """Calendar date in Asia/Shanghai; `total` for all days."""
    model: str | None
    """Name of the model; null for all models."""
    runs: int
    """Runs that asked it."""
    calls: int
    """Answers that a server gave."""
    batched: int
    """Those of them that came through a batch, at its price."""
    failed: int
    """Calls that ended without an answer; what came before they broke off is in the tokens."""
    from_cache: int
    """Questions that were answered from the cache."""
    uncounted: int
    """Calls whose server did not say how many tokens they took; the tokens here are estimated."""
    input_tokens: int
    """Tokens sent, those that the provider had cached included."""
    cached_tokens: int
    """Tokens sent that the provider had cached."""
    output_tokens: int
    """Tokens received, reasoning included."""
    reasoning_tokens: int
    """Tokens received that were reasoning."""
    cost_usd: FiniteFloat | None
    """Price of the calls whose price is known; null where that of none is."""
    saved_usd: FiniteFloat
    """What the same answers would have cost more without a batch, where the price is known."""
    seconds: FiniteFloat
    """Time spent waiting, added up over calls that may have run at once."""
    unpriced_calls: int
    """Calls whose price is not known, and not in the sum."""


def usage_rows(lines: Sequence[DailyUsage]) -> tuple[UsageRow, ...]:
    """Make a row of each line of the ledger; the cost is that of the calls whose price is known."""
    return tuple(_row(line) for line in lines)


def usage_table(lines: Sequence[DailyUsage]) -> str:
    """Write the lines for people: day, model and cost stand there however narrow it is."""
    rows = [
        (
            line.day or "total",
            line.model,
            *(f"{count(line):,}" for count in _COUNTS.values()),
            format_cost(line),
        )
        for line in lines
    ]
    head = ("day", "model", *_COUNTS, "cost")
    return format_table(head, rows, droppable=_DROPPABLE, right=(*_COUNTS, "cost"))


def _row(line: DailyUsage) -> UsageRow:
    usage = line.usage.model_dump(exclude={"prompt"})
    known = not line.unpriced or bool(line.usage.cost_usd)
    return UsageRow(
        day=line.day or "total",
        model=line.model or None,
        runs=line.runs,
        unpriced_calls=line.unpriced,
        **(usage if known else {**usage, "cost_usd": None}),
    )
