"""Comparisons -> Markdown for a pull request on GitHub.

Pure. What is old stands in `<del>` and what is new in `<ins>`, as `~~` and `**` do not end next to
Chinese punctuation. Nothing of a digest comes out as markup, calls anybody or refers to anything:
every sign is escaped, what would make a link or a name of words is cut by a space of no width, and
addresses are code.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.diff import phrases
from pipeline.diff.changes import DigestDiff, EntryDiff, FieldChange, Piece
from pipeline.diff.comparison import Comparison, has_number_change, summarize
from pipeline.diff.unseen import escape_invisible
from pipeline.records import Finding

MAX_CHARACTERS = 60_000
"""Longest text; GitHub takes 65,536 characters."""

_ZERO_WIDTH_SPACE = "\u200b"  # a space of no width, which ends a name for GitHub and cannot be seen
# `@name`, `#12`, `GH-12`, `:smile:`, and what autolinks make of `https://`, `www.` and `a@b.c`.
_REFERENCES = re.compile(r"@|#(?=\w)|(?i:\bgh-(?=\d))|:(?=[\w+-]+:)|:(?=//)|(?i:\bwww(?=\.))")
_ESCAPED = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;"}
# Of Markdown's signs those that do something within a line; ours never begins with a stranger's.
_MARKDOWN_SIGNS = re.compile(r"[#$&*<>@\[\\\]_`|~]")
_TAGS = {"gone": "del", "new": "ins"}
_COUNT_FIELDS = ("added", "dropped", "moved", "texts", "numbers", "links", "came", "went")
_COLUMNS = ("digest", *_COUNT_FIELDS, "why")


def render_markdown(
    comparisons: Sequence[Comparison], *, identical: int = 0, max_characters: int = MAX_CHARACTERS
) -> str:
    """Write comparisons: of several a table first, then each that differs.

    Args:
        comparisons: in the order in which they are told.
        identical: digests that are the same byte for byte and are only counted.
        max_characters: longest text, in characters.

    Returns:
        Markdown in which every line stands for itself, cut with a word about what is missing.
    """
    lines: list[str] = []
    if len(comparisons) + identical != 1:
        lines += ["## What changed", "", *_table_lines(comparisons, identical)]
    for each in comparisons:
        lines += _digest_lines(each)
    return _truncate_lines(lines, max_characters)


def neutralize(text: str, *, changed: bool = False) -> str:
    """Make a stranger's words text that is no markup, links nowhere and calls nobody."""
    parts = _REFERENCES.sub(
        lambda found: found[0] + _ZERO_WIDTH_SPACE, escape_invisible(text, changed=changed)
    )
    return _MARKDOWN_SIGNS.sub(lambda found: _ESCAPED.get(found[0], f"\\{found[0]}"), parts)


def _table_lines(comparisons: Sequence[Comparison], identical: int) -> Iterator[str]:
    if comparisons:
        yield f"| {' | '.join(_COLUMNS)} |"
        yield f"|---|{'--:|' * (len(_COLUMNS) - 2)}---|"
    for each in map(summarize, comparisons):
        cells = [str(getattr(each, name) or "") for name in _COUNT_FIELDS]
        why = ", ".join(each.why) or (each.status if each.status != "changed" else "")
        issue = _inline_code(each.issue).replace(
            "|", r"\|"
        )  # a table's bar ends a cell in code, too
        yield f"| {' | '.join((f'{neutralize(each.stem)} {issue}', *cells, why))} |"
    yield ""
    if identical:
        yield from (f"{identical} digests are identical.", "")


def _digest_lines(comparison: Comparison) -> Iterator[str]:
    difference = comparison.difference
    yield from (f"## {neutralize(comparison.stem)}: {_status(comparison)}", "")
    yield from (neutralize(phrases.status_text(comparison)), "")
    if difference is None:
        digest = comparison.digest
        yield from (f"- {neutralize(entry.title)}" for entry in (*digest.news, *digest.tools))
        yield ""
    elif not difference.is_unchanged:
        yield from (phrases.counts_text(summarize(comparison)) or "every entry is as it was", "")
        yield from _run_lines(difference)
        for each in difference.entries:
            if not each.is_unchanged:
                yield from _entry_lines(each)


def _status(comparison: Comparison) -> str:
    return "what changed" if comparison.status == "changed" else comparison.status


def _run_lines(difference: DigestDiff) -> Iterator[str]:
    lines = [f"- {neutralize(phrases.cause_text(each))}" for each in difference.causes]
    if lines:
        yield from ("Between the two runs:", "", *lines, "")
    lines = list(_finding_lines(difference.came, difference.went))
    if lines:
        yield from (*lines, "")


def _entry_lines(entry_diff: EntryDiff) -> Iterator[str]:
    entry = entry_diff.new or entry_diff.old
    title = neutralize(" ".join(entry.title.split())) if entry else ""
    yield from (f"### {neutralize(phrases.place_text(entry_diff))} · {title}", "")
    yield from (f"- {neutralize(told)}" for told in phrases.event_texts(entry_diff))
    yield from map(_change_line, entry_diff.changes)
    yield from _finding_lines(entry_diff.came, entry_diff.went)
    yield from (f"- why: {neutralize(why)}" for why in phrases.cause_texts(entry_diff))
    yield ""


def _change_line(change: FieldChange) -> str:
    if change.field == "link":
        both = ((_TAGS["gone"], change.old), (_TAGS["new"], change.new))
        told = " ".join(f"<{tag}>{_inline_code(url)}</{tag}>" for tag, url in both if url)
    else:
        cut = phrases.pieces_or_whole(change.old, change.new, change.pieces)
        told = "".join(map(_piece_markup, cut))
    return f"- {change.field}{' (**a number changed**)' * has_number_change(change)}: {told}"


def _piece_markup(piece: Piece) -> str:
    shown = neutralize(piece.text, changed=piece.change != "same")
    if piece.change == "same":
        return shown
    tag = _TAGS[piece.change]
    inner = f"<b>{shown}</b>" if piece.kind == "number" else shown
    return f"<{tag}>{inner}</{tag}>"


def _inline_code(text: str) -> str:
    """Give an address as inline code, which is neither linked nor announced."""
    shown = escape_invisible(" ".join(text.split()), changed=True)
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    space = " " * ("`" in shown)
    return f"{ticks}{space}{shown}{space}{ticks}"


def _finding_lines(came: Sequence[Finding], went: Sequence[Finding]) -> Iterator[str]:
    for word, findings in (("came", came), ("went", went)):
        yield from (
            f"- finding {word}: {neutralize(phrases.finding_text(each))}" for each in findings
        )


def _truncate_lines(lines: Sequence[str], most: int) -> str:
    """Join lines as far as they go, and say how many are missing."""
    kept, room = [], most - 100
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            kept += ["", f"… {len(lines) - number} more lines: see `ainews-digest diff`."]
            break
        kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
