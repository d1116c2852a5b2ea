"""Rows of text -> a table that fits a terminal: columns are dropped, figures never cut."""

import shutil
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import Final

from pipeline.lines import visible

PLAIN_WIDTH: Final = 80
"""Columns where there is no terminal, as of a pipe or a log."""
_GAP: Final = "  "
_MIN_FOLD: Final = 24
"""Narrowest last column whose words are folded; in a narrower one they run over the edge."""


def table_width() -> int:
    """Give the width of the terminal; `COLUMNS` decides where it is set."""
    return shutil.get_terminal_size((PLAIN_WIDTH, 24)).columns or PLAIN_WIDTH


def cell_width(text: str) -> int:
    """Count the columns of a terminal that a text takes: a Chinese character takes two."""
    if text.isascii():
        return len(text)
    return sum(_character_width(character) for character in text)


def format_table(
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    droppable: Sequence[str] = (),
    right: Sequence[str] = (),
    width: int | None = None,
) -> str:
    """Set text in columns, for people; a cell that stands there is whole.

    Args:
        head: the names of the columns.
        rows: their cells.
        droppable: names of columns that a narrow terminal does without, the first one first; the
            last column is folded at its words before any is dropped.
        right: names of columns that are set to the right, as figures are.
        width: columns of the terminal; those of the one at hand if not given.

    Returns:
        Lines with a final newline; blank without rows.
    """
    if not rows:
        return ""
    width = width or table_width()
    table = [tuple(map(visible, row)) for row in (head, *rows)]
    kept = list(range(len(head)))
    for name in droppable:
        if _fits(table, kept, width):
            break
        kept.remove(head.index(name))
    sides = [head[at] in right for at in kept]
    return "".join(_lines([[row[at] for at in kept] for row in table], sides, width))


def _fits(table: Sequence[Sequence[str]], kept: Sequence[int], width: int) -> bool:
    """Whether the columns fit, the last one folded where it holds words."""
    widths = [max(cell_width(row[at]) for row in table) for at in kept]
    words = any(" " in row[kept[-1]] for row in table[1:])
    last = min(widths[-1], _MIN_FOLD) if words else widths[-1]
    return sum(widths[:-1]) + len(_GAP) * (len(kept) - 1) + last <= width


def _lines(table: Sequence[Sequence[str]], sides: Sequence[bool], width: int) -> list[str]:
    widths = [max(map(cell_width, column)) for column in zip(*table, strict=True)]
    indent = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    room = width - indent
    lines = []
    for row in table:
        folded = fold(row[-1], room) if room >= _MIN_FOLD else [row[-1]]
        cells = [*row[:-1], folded[0]]
        padded = [
            _padded(cell, columns, right=right)
            for cell, columns, right in zip(cells, widths, sides, strict=True)
        ]
        lines.append(_GAP.join(padded).rstrip() + "\n")
        lines += [f"{'':{indent}}{line}\n" for line in folded[1:]]
    return lines


def fold(text: str, width: int) -> list[str]:
    """Fold a text at its words; a word that is longer, such as an address, stays whole."""
    if cell_width(text) <= width:
        return [text]
    lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
    return lines or [text]


def _padded(cell: str, width: int, *, right: bool) -> str:
    space = " " * (width - cell_width(cell))
    return space + cell if right else cell + space


def _character_width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
