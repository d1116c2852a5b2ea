"""Comparisons -> text for a terminal, with colours, or with marks where there are none.

Pure: whoever prints it decides on colours. `[-old-]{+new+}` as of `git diff --word-diff`; a changed
number is `[-#4万#-]{+#5万#+}`.
"""

from collections.abc import Iterator, Sequence

from rich.text import Text

from pipeline.diff import render_phrases as phrases
from pipeline.diff.records import Compared, Piece
from pipeline.diff.render_comparison import Comparison, has_number, row
from pipeline.diff.unseen import visible
from pipeline.progress import table
from pipeline.records import Finding

_SIGNS = {"gone": ("[-", "-]"), "new": ("{+", "+}"), "same": ("", "")}
_COLOURS = {"gone": "red strike", "new": "green", "same": ""}
_KINDS = {"number": " bold reverse", "name": " bold", "link": "", "words": ""}
_LABEL = 10
_COUNTS = ("added", "dropped", "moved", "texts", "numbers", "links", "came", "went")
_HEAD = ("digest", *_COUNTS, "why", "issue")


def text(comparisons: Sequence[Comparison], *, identical: int = 0, colour: bool = False) -> Text:
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
        lines += [Text(line) for line in _table(comparisons, identical)]
    for each in comparisons:
        lines += [Text()] * bool(lines) + list(_digest(each, colour=colour))
    return Text("\n").join([*lines, Text()])


def _table(comparisons: Sequence[Comparison], identical: int) -> Iterator[str]:
    rows = []
    for each in map(row, comparisons):
        cells = [str(getattr(each, name) or "·") for name in _COUNTS]
        why = ", ".join(each.why) or (each.status if each.status != "changed" else "")
        rows.append([visible(each.stem), *cells, why, visible(each.issue)])
    yield from table(_HEAD, rows).splitlines()
    if identical:
        yield f"{identical} identical"


def _digest(comparison: Comparison, *, colour: bool) -> Iterator[Text]:
    yield Text(visible(phrases.whole(comparison)), "bold" if colour else "")
    difference = comparison.difference
    if difference is None:
        digest = comparison.digest
        yield from (Text(f"  {visible(entry.title)}") for entry in (*digest.news, *digest.tools))
    elif not difference.same:
        yield Text(phrases.counts(row(comparison)) or "every entry is as it was")
        yield from (Text(f"between the runs: {phrases.cause(each)}") for each in difference.causes)
        yield from _findings("", difference.came, difference.went)
        for each in difference.entries:
            if not each.same:
                yield from (Text(), *_entry(each, colour=colour))


def _entry(each: Compared, *, colour: bool) -> Iterator[Text]:
    sign = "+" if each.old is None else "-" if each.new is None else "~"
    style = {"+": "bold green", "-": "bold red", "~": "bold"}[sign] if colour else ""
    entry = each.new or each.old
    title = visible(entry.title) if entry else ""
    yield Text(f"{sign} {phrases.place(each)}  {title}", style)
    yield from (_line("", told) for told in phrases.happened(each))
    for change in each.changes:
        cut = phrases.pieces(change.old, change.new, change.pieces)
        marked = Text.assemble(*(_piece(piece, colour=colour) for piece in cut))
        yield _line(f"{change.field}{' #' * has_number(change)}", marked)
    yield from _findings("    ", each.came, each.went)
    yield from (_line("why", why) for why in phrases.causes(each))


def _findings(indent: str, came: Sequence[Finding], went: Sequence[Finding]) -> Iterator[Text]:
    for sign, findings in (("+", came), ("-", went)):
        for each in findings:
            yield Text(f"{indent}{sign} finding: {phrases.finding(each)}")


def _line(label: str, told: str | Text) -> Text:
    return (
        Text("    ")
        + Text(f"{label:{_LABEL}}" if label else "")
        + (Text(told) if isinstance(told, str) else told)
    )


def _piece(piece: Piece, *, colour: bool) -> Text:
    shown = visible(piece.text, changed=piece.change != "same")
    if colour:
        changed = piece.change != "same"
        return Text(shown, _COLOURS[piece.change] + (_KINDS[piece.kind] if changed else ""))
    before, after = _SIGNS[piece.change]
    mark = "#" * (piece.kind == "number" and piece.change != "same")
    return Text(f"{before}{mark}{shown}{mark}{after}")
