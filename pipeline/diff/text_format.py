"""Comparisons -> text for a terminal, with colours, or with marks where there are none.

Pure: whoever prints it decides on colours. `[-old-]{+new+}` as of `git diff --word-diff`; a changed
number is `[-#4万#-]{+#5万#+}`.
"""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.text import Text

from pipeline.diff.changes import DigestDiff, EntryDiff, Piece
from pipeline.diff.lines_format import escape_invisible
from pipeline.diff.phrases import (
    cause_texts,
    changed_entries,
    common_cause_texts,
    event_texts,
    finding_texts,
    overview_texts,
    pieces_or_whole,
    place_text,
    run_cause_texts,
    status_text,
)
from pipeline.diff.summary import COUNT_FIELDS, Comparison, has_number_change, summarize
from pipeline.tables import format_table

_CHANGE_MARKS = {"gone": ("[-", "-]"), "new": ("{+", "+}"), "same": ("", "")}
_COLOURS = {"gone": "red strike", "new": "green", "same": ""}
_KIND_STYLES = {"number": " bold reverse", "name": " bold", "link": "", "words": ""}
_LABEL_WIDTH = 10


def render_text(
    comparisons: Sequence[Comparison], *, identical: int = 0, colour: bool = False
) -> Text:
    """Show comparisons: of several a table first, then each that differs.

    `identical` digests are the same byte for byte, and only counted; without `colour` signs say
    what is old and new.

    Returns:
        Lines, each ended. Without colours its `plain` is all there is to it.
    """
    lines: list[Text] = []
    if len(comparisons) + identical != 1:
        lines += [Text(line) for line in _table_lines(comparisons, identical)]
    for comparison in comparisons:
        lines += [Text()] * bool(lines) + list(_digest_lines(comparison, colour=colour))
    return Text("\n").join([*lines, Text()])


def render_terminal(comparisons: Sequence[Comparison], *, identical: int = 0) -> str:
    """Show comparisons as standard output can: with colours where it is a terminal that has any."""
    console = Console(highlight=False, markup=False, emoji=False)
    colour = console.is_terminal and not console.no_color
    text = render_text(comparisons, identical=identical, colour=colour)
    if not colour:
        return text.plain
    with console.capture() as captured:
        console.print(text, end="", soft_wrap=True)
    return captured.get()


def _table_lines(comparisons: Sequence[Comparison], identical: int) -> Iterator[str]:
    rows = [
        [escape_invisible(summary.stem), *counts, escape_invisible(summary.issue), why]
        for summary in map(summarize, comparisons)
        for *counts, why in [summary.cells(none="·")]
    ]
    head = ("digest", *COUNT_FIELDS, "issue", "why")
    # What a narrow table lacks is said of each digest below it.
    droppable = ("issue", "links", "numbers")
    yield from format_table(head, rows, droppable=droppable).splitlines()
    if identical:
        yield f"{identical} identical"


def _digest_lines(comparison: Comparison, *, colour: bool) -> Iterator[Text]:
    yield Text(escape_invisible(status_text(comparison)), "bold" if colour else "")
    difference = comparison.difference
    if comparison.markdown is not None:
        yield Text(escape_invisible(comparison.markdown.text))
    indent = "" if difference else "  "
    yield from (Text(indent + escape_invisible(line)) for line in overview_texts(comparison))
    if difference and not difference.is_unchanged:
        yield from map(Text, run_cause_texts(difference))
        yield from _finding_lines("", difference)
    common = common_cause_texts(difference) if difference else ()
    for entry_diff in changed_entries(comparison):
        yield from (Text(), *_entry_lines(entry_diff, common, colour=colour))


def _entry_lines(entry_diff: EntryDiff, common: Sequence[str], *, colour: bool) -> Iterator[Text]:
    sign = "+" if entry_diff.old is None else "-" if entry_diff.new is None else "~"
    style = {"+": "bold green", "-": "bold red", "~": "bold"}[sign] if colour else ""
    entry = entry_diff.new or entry_diff.old
    title = escape_invisible(entry.title) if entry else ""
    yield Text(f"{sign} {place_text(entry_diff)}  {title}", style)
    yield from (_labelled_line("", text) for text in event_texts(entry_diff))
    for change in entry_diff.changes:
        cut = pieces_or_whole(change.old, change.new, change.pieces)
        marked = Text.assemble(*(_piece_text(piece, colour=colour) for piece in cut))
        yield _labelled_line(f"{change.field}{' #' * has_number_change(change)}", marked)
    yield from _finding_lines("    ", entry_diff)
    yield from (_labelled_line(label, why) for label, why in cause_texts(entry_diff, common))


def _finding_lines(indent: str, changed: DigestDiff | EntryDiff) -> Iterator[Text]:
    yield from (Text(f"{indent}{sign} finding: {text}") for sign, text in finding_texts(changed))


def _labelled_line(label: str, content: str | Text) -> Text:
    return (
        Text("    ")
        + Text(f"{label:{_LABEL_WIDTH}}" if label else "")
        + (Text(content) if isinstance(content, str) else content)
    )


def _piece_text(piece: Piece, *, colour: bool) -> Text:
    shown = escape_invisible(piece.text, changed=piece.change != "same")
    if colour:
        changed = piece.change != "same"
        return Text(shown, _COLOURS[piece.change] + (_KIND_STYLES[piece.kind] if changed else ""))
    before, after = _CHANGE_MARKS[piece.change]
    mark = "#" * (piece.kind == "number" and piece.change != "same")
    return Text(f"{before}{mark}{shown}{mark}{after}")
