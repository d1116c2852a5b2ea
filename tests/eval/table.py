"""Cards as a table for people: one column per issue, one line per figure."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from eval.card import LOW, RATIOS, Card, Ratio

_FROM_LINES = frozenset({"moved", "qualifier", "subject", "fact", "line", "claim", "padding"})
"""Groups of broken entries that are always shown: who notices them is what is asked."""


def print_table(
    cards: Sequence[Card], total: Card, console: Console, *, every: bool = False
) -> None:
    """Print the cards of one model, and their total: shares in percent, and counts where marked.

    A figure that nothing was counted for is left out. Kinds of broken entries follow, with who is
    meant to notice them and which checks did: those of which one was missed, or every kind.
    """
    title = f"{total.model}: percent; # is a count, the fewer the better"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 0, 0, 1))
    table.add_column("", no_wrap=True)
    for name in (*_short([card.name for card in cards]), "total", "of"):
        table.add_column(name, justify="right", no_wrap=True)
    for field in RATIOS:
        if not getattr(total, field).of:
            continue
        cells = [_cell(getattr(card, field), field) for card in (*cards, total)]
        name = f"{field} #" if field in LOW else field
        table.add_row(name, *cells, str(getattr(total, field).of))
    console.print(table)
    _print_kinds(total, console, every=every)


def _print_kinds(total: Card, console: Console, *, every: bool) -> None:
    """Print what was noticed of broken entries, kind by kind."""
    kinds = Table(
        title="broken entries noticed by the checks, in percent",
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 0, 0, 2),
    )
    for name in ("kind", "meant for", "noticed", "of", "by"):
        kinds.add_column(
            name, justify="right" if name in {"noticed", "of"} else "left", no_wrap=True
        )
    for meant, table in (("code", total.by_kind), ("proofreading", total.by_kind_open)):
        for kind, ratio in table.items():
            if every or ratio.hit < ratio.of or kind.partition(":")[0] in _FROM_LINES:
                by = total.by_check.get(kind, {})
                shown = ", ".join(f"{check} {count}" for check, count in by.items())
                kinds.add_row(kind, meant, _cell(ratio, ""), str(ratio.of), shown)
    if kinds.row_count:
        console.print(kinds)


def _short(names: Sequence[str]) -> list[str]:
    """Name issues by their dates, and the second one of a day with a letter."""
    seen: Counter[str] = Counter()
    short = []
    for name in names:
        date = name[:8].replace("-", "") if name[:2].isdigit() else name
        short.append(date + "abcdefgh"[seen[date]] if seen[date] else date)
        seen[date] += 1
    return short


def _cell(ratio: Ratio, field: str) -> str:
    if ratio.value is None:
        return "-"
    if field in LOW:
        return str(ratio.hit)
    # Never rounded up: 99.96 is not 100.
    return "100" if ratio.hit == ratio.of else f"{int(1000 * ratio.value) / 10:.1f}"
