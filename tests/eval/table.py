"""Cards as a table for people: one column per issue, one line per figure."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from eval.card import LOW, RATIOS, Card, Ratio


def print_table(
    cards: Sequence[Card], total: Card, console: Console, *, every: bool = False
) -> None:
    """Print the cards of one model, and their total: shares in percent, and counts where marked.

    Kinds of broken entries follow of which one was missed, or every kind.
    """
    title = f"{total.model}: percent; # is a count, the fewer the better"
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, padding=(0, 0, 0, 1))
    table.add_column("", no_wrap=True)
    for name in (*_short([card.name for card in cards]), "total", "of"):
        table.add_column(name, justify="right", no_wrap=True)
    for field in RATIOS:
        cells = [_cell(getattr(card, field), field) for card in (*cards, total)]
        name = f"{field} #" if field in LOW else field
        table.add_row(name, *cells, str(getattr(total, field).of))
    console.print(table)
    kinds = Table(
        title="broken entries noticed, by kind", title_justify="left", box=None, show_header=False
    )
    for kind, ratio in total.by_kind.items():
        if every or ratio.hit < ratio.of:
            kinds.add_row(kind, _cell(ratio, ""), f"of {ratio.of}")
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
