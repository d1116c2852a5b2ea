"""Comparisons -> text for a terminal, with colours, or with marks where there are none.

Pure: whoever prints it decides on colours. `[-old-]{+new+}` as of `git diff --word-diff`; a changed
number is `[-#4万#-]{+#5万#+}`.
"""

from collections.abc import Iterator, Sequence

from rich.text import Text

from pipeline.diff import phrases
from pipeline.diff.changes import EntryDiff, Piece
from pipeline.diff.comparison import Comparison, has_number_change, summarize
from pipeline.diff.unseen import escape_invisible
from pipeline.progress import format_table
from pipeline.records import Finding

_CHANGE_MARKS = {"gone": ("[-", "-]"), "new": ("{+", "+}"), "same": ("", "")}
_COLOURS = {"gone": "red strike", "new": "green", "same": ""}
_KIND_STYLES = {"number": " bold reverse", "name": " bold", "link": "", "words": ""}
_LABEL_WIDTH = 10
_COUNT_FIELDS = ("added", "dropped", "moved", "texts", "numbers", "links", "came", "went")
_COLUMNS = ("digest", *_COUNT_FIELDS, "why", "issue")


def render_text(
    comparisons: Sequence[Comparison], *, identical: int = 0, colour: bool = False
) -> Text:
    """Show comparisons: of several a table first, then each that differs.

    Args:
        comparisons: in the order in which they are shown.
        identical: digests that are the same byte for byte and are only counted.
        colour: whether colours say what is old and new; otherwise signs do.

    Returns:
        Lines, each ended. Without colours its `plain` is all there is to it.
    """
    lines: list[Text] = []
    if len(comparisons) + identical != 1:
        lines += [Text(line) for line in _table_lines(comparisons, identical)]
    for each in comparisons:
        lines += [Text()] * bool(lines) + list(_digest_lines(each, colour=colour))
    return Text("\n").join([*lines, Text()])


def _table_lines(comparisons: Sequence[Comparison], identical: int) -> Iterator[str]:
    rows = []
    for each in map(summarize, comparisons):
        cells = [str(getattr(each, name) or "·") for name in _COUNT_FIELDS]
        why = ", ".join(each.why) or (each.status if each.status != "changed" else "")
        rows.append([escape_invisible(each.stem), *cells, why, escape_invisible(each.issue)])
    yield from format_table(_COLUMNS, rows).splitlines()
    if identical:
        yield f"{identical} identical"


def _digest_lines(comparison: Comparison, *, colour: bool) -> Iterator[Text]:
    yield Text(escape_invisible(phrases.status_text(comparison)), "bold" if colour else "")
    difference = comparison.difference
    if difference is None:
        digest = comparison.digest
        yield from (
            Text(f"  {escape_invisible(entry.title)}") for entry in (*digest.news, *digest.tools)
        )
    elif not difference.is_unchanged:
        yield Text(phrases.counts_text(summarize(comparison)) or "every entry is as it was")
        yield from (
            Text(f"between the runs: {phrases.cause_text(each)}") for each in difference.causes
        )
        yield from _finding_lines("", difference.came, difference.went)
        for each in difference.entries:
            if not each.is_unchanged:
                yield from (Text(), *_entry_lines(each, colour=colour))


def _entry_lines(entry_diff: EntryDiff, *, colour: bool) -> Iterator[Text]:
    sign = "+" if entry_diff.old is None else "-" if entry_diff.new is None else "~"
    style = {"+": "bold green", "-": "bold red", "~": "bold"}[sign] if colour else ""
    entry = entry_diff.new or entry_diff.old
    title = escape_invisible(entry.title) if entry else ""
    yield Text(f"{sign} {phrases.place_text(entry_diff)}  {title}", style)
    yield from (_labelled_line("", told) for told in phrases.event_texts(entry_diff))
    for change in entry_diff.changes:
        cut = phrases.pieces_or_whole(change.old, change.new, change.pieces)
        marked = Text.assemble(*(_piece_text(piece, colour=colour) for piece in cut))
        yield _labelled_line(f"{change.field}{' #' * has_number_change(change)}", marked)
    yield from _finding_lines("    ", entry_diff.came, entry_diff.went)
    yield from (_labelled_line("why", why) for why in phrases.cause_texts(entry_diff))


def _finding_lines(indent: str, came: Sequence[Finding], went: Sequence[Finding]) -> Iterator[Text]:
    for sign, findings in (("+", came), ("-", went)):
        for each in findings:
            yield Text(f"{indent}{sign} finding: {phrases.finding_text(each)}")


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
