"""Comparisons -> Markdown for a pull request on GitHub.

Pure. What is old stands in `<del>` and what is new in `<ins>`, as `~~` and `**` do not end next to
Chinese punctuation. Nothing of a digest comes out as markup, calls anybody or refers to anything:
every sign is escaped, what would make a link or a name of words is cut by a space of no width, and
addresses are code.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.diff.changes import DigestDiff, EntryDiff, FieldChange, Piece
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
from pipeline.write import MAX_GITHUB_CHARS, truncate_lines

_ZERO_WIDTH_SPACE = "\u200b"  # a space of no width, which ends a name for GitHub and cannot be seen
# `@name`, `#12`, `GH-12`, `:smile:`, and what autolinks make of `https://`, `www.` and `a@b.c`.
_REFERENCES = re.compile(r"@|#(?=\w)|(?i:\bgh-(?=\d))|:(?=[\w+-]+:)|:(?=//)|(?i:\bwww(?=\.))")
_ESCAPED = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;"}
# Of Markdown's signs those that do something within a line; ours never begins with a stranger's.
_MARKDOWN_SIGNS = re.compile(r"[#$&*<>@\[\\\]_`|~]")
_TAGS = {"gone": "del", "new": "ins"}


def render_markdown(
    comparisons: Sequence[Comparison],
    *,
    identical: int = 0,
    max_characters: int = MAX_GITHUB_CHARS,
    command: str = "ainews-digest diff",
) -> str:
    """Write comparisons: of several a table first, then each that differs.

    `identical` digests are the same byte for byte, and only counted.

    Returns:
        Markdown in which every line stands for itself, cut with a word about what is missing.
    """
    lines: list[str] = []
    if len(comparisons) + identical != 1:
        lines += ["## What changed", "", *_table_lines(comparisons, identical)]
    for comparison in comparisons:
        lines += _digest_lines(comparison)
    return truncate_lines(lines, max_characters, see=_inline_code(command))


def neutralize(text: str, *, changed: bool = False) -> str:
    """Make a stranger's words text that is no markup, links nowhere and calls nobody."""
    parts = _REFERENCES.sub(
        lambda found: found[0] + _ZERO_WIDTH_SPACE, escape_invisible(text, changed=changed)
    )
    return _MARKDOWN_SIGNS.sub(lambda found: _ESCAPED.get(found[0], f"\\{found[0]}"), parts)


def _table_lines(comparisons: Sequence[Comparison], identical: int) -> Iterator[str]:
    if comparisons:
        yield f"| {' | '.join(('digest', *COUNT_FIELDS, 'why'))} |"
        yield f"|---|{'--:|' * len(COUNT_FIELDS)}---|"
    for summary in map(summarize, comparisons):
        # A table's bar ends a cell in code, too.
        issue = _inline_code(summary.issue).replace("|", r"\|")
        yield f"| {' | '.join((f'{neutralize(summary.stem)} {issue}', *summary.cells(none='')))} |"
    yield ""
    if identical:
        digests = "digest is" if identical == 1 else "digests are"
        yield from (f"{identical} {digests} identical.", "")


def _digest_lines(comparison: Comparison) -> Iterator[str]:
    difference = comparison.difference
    status = "what changed" if comparison.status == "changed" else comparison.status
    yield from (f"## {neutralize(comparison.stem)}: {status}", "")
    yield from (neutralize(status_text(comparison)), "")
    if comparison.markdown is not None:
        yield from (f"**{neutralize(comparison.markdown.text)}**", "")
    if difference is None:
        yield from (f"- {neutralize(title)}" for title in overview_texts(comparison))
        yield ""
    elif not difference.is_unchanged:
        yield from (*overview_texts(comparison), "")
        yield from _run_lines(difference)
    common = common_cause_texts(difference) if difference else ()
    for entry_diff in changed_entries(comparison):
        yield from _entry_lines(entry_diff, common)


def _run_lines(difference: DigestDiff) -> Iterator[str]:
    lines = [f"- {neutralize(text)}" for text in run_cause_texts(difference)]
    if lines:
        yield from (*lines, "")
    lines = list(_finding_lines(difference))
    if lines:
        yield from (*lines, "")


def _entry_lines(entry_diff: EntryDiff, common: Sequence[str]) -> Iterator[str]:
    entry = entry_diff.new or entry_diff.old
    title = neutralize(" ".join(entry.title.split())) if entry else ""
    yield from (f"### {neutralize(place_text(entry_diff))} · {title}", "")
    yield from (f"- {neutralize(text)}" for text in event_texts(entry_diff))
    yield from map(_change_line, entry_diff.changes)
    yield from _finding_lines(entry_diff)
    yield from (f"- {label}: {neutralize(why)}" for label, why in cause_texts(entry_diff, common))
    yield ""


def _change_line(change: FieldChange) -> str:
    if change.field == "link":
        both = ((_TAGS["gone"], change.old), (_TAGS["new"], change.new))
        values = " ".join(f"<{tag}>{_inline_code(url)}</{tag}>" for tag, url in both if url)
    else:
        cut = pieces_or_whole(change.old, change.new, change.pieces)
        values = "".join(map(_piece_markup, cut))
    return f"- {change.field}{' (**a number changed**)' * has_number_change(change)}: {values}"


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


def _finding_lines(changed: DigestDiff | EntryDiff) -> Iterator[str]:
    for sign, text in finding_texts(changed):
        yield f"- finding {'came' if sign == '+' else 'went'}: {neutralize(text)}"
