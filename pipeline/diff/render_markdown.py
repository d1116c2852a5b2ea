"""Comparisons -> Markdown for a pull request on GitHub.

Pure. What is old stands in `<del>` and what is new in `<ins>`, as `~~` and `**` do not end next to
Chinese punctuation. Nothing of a digest comes out as markup, calls anybody or refers to anything:
every sign is escaped, what would make a link or a name of words is cut by a space of no width, and
addresses are code.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.diff import render_phrases as phrases
from pipeline.diff.records import Change, Compared, Difference, Piece
from pipeline.diff.render_comparison import Comparison, has_number, row
from pipeline.diff.unseen import visible
from pipeline.records import Finding

MOST_CHARACTERS = 60_000
"""Longest text; GitHub takes 65,536 characters."""

_NOTHING = "\u200b"  # a space of no width, which ends a name for GitHub and cannot be seen
# `@name`, `#12`, `GH-12`, `:smile:`, and what autolinks make of `https://`, `www.` and `a@b.c`.
_CALLS = re.compile(r"@|#(?=\w)|(?i:\bgh-(?=\d))|:(?=[\w+-]+:)|:(?=//)|(?i:\bwww(?=\.))")
_ESCAPED = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "$": "&#36;"}
# Of Markdown's signs those that do something within a line; ours never begins with a stranger's.
_SIGNS = re.compile(r"[#$&*<>@\[\\\]_`|~]")
_TAGS = {"gone": "del", "new": "ins"}
_COUNTS = ("added", "dropped", "moved", "texts", "numbers", "links", "came", "went")
_HEAD = ("digest", *_COUNTS, "why")


def markdown(
    comparisons: Sequence[Comparison], *, identical: int = 0, most: int = MOST_CHARACTERS
) -> str:
    """Write comparisons: of several a table first, then each that differs.

    Args:
        comparisons: in the order in which they are told.
        identical: digests that are the same byte for byte and are only counted.
        most: longest text, in characters.

    Returns:
        Markdown in which every line stands for itself, cut with a word about what is missing.
    """
    lines: list[str] = []
    if len(comparisons) + identical != 1:
        lines += ["## What changed", "", *_table(comparisons, identical)]
    for each in comparisons:
        lines += _digest(each)
    return _cut(lines, most)


def inert(text: str, *, changed: bool = False) -> str:
    """Make a stranger's words text that is no markup, links nowhere and calls nobody."""
    parts = _CALLS.sub(lambda found: found[0] + _NOTHING, visible(text, changed=changed))
    return _SIGNS.sub(lambda found: _ESCAPED.get(found[0], f"\\{found[0]}"), parts)


def _table(comparisons: Sequence[Comparison], identical: int) -> Iterator[str]:
    if comparisons:
        yield f"| {' | '.join(_HEAD)} |"
        yield f"|---|{'--:|' * (len(_HEAD) - 2)}---|"
    for each in map(row, comparisons):
        cells = [str(getattr(each, name) or "") for name in _COUNTS]
        why = ", ".join(each.why) or (each.status if each.status != "changed" else "")
        issue = _code(each.issue).replace("|", r"\|")  # a table's bar ends a cell in code, too
        yield f"| {' | '.join((f'{inert(each.stem)} {issue}', *cells, why))} |"
    yield ""
    if identical:
        yield from (f"{identical} digests are identical.", "")


def _digest(comparison: Comparison) -> Iterator[str]:
    difference = comparison.difference
    yield from (f"## {inert(comparison.stem)}: {_status(comparison)}", "")
    yield from (inert(phrases.whole(comparison)), "")
    if difference is None:
        digest = comparison.digest
        yield from (f"- {inert(entry.title)}" for entry in (*digest.news, *digest.tools))
        yield ""
    elif not difference.same:
        yield from (phrases.counts(row(comparison)) or "every entry is as it was", "")
        yield from _runs(difference)
        for each in difference.entries:
            if not each.same:
                yield from _entry(each)


def _status(comparison: Comparison) -> str:
    return "what changed" if comparison.status == "changed" else comparison.status


def _runs(difference: Difference) -> Iterator[str]:
    lines = [f"- {inert(phrases.cause(each))}" for each in difference.causes]
    if lines:
        yield from ("Between the two runs:", "", *lines, "")
    lines = list(_findings(difference.came, difference.went))
    if lines:
        yield from (*lines, "")


def _entry(each: Compared) -> Iterator[str]:
    entry = each.new or each.old
    title = inert(" ".join(entry.title.split())) if entry else ""
    yield from (f"### {inert(phrases.place(each))} · {title}", "")
    yield from (f"- {inert(told)}" for told in phrases.happened(each))
    yield from map(_change, each.changes)
    yield from _findings(each.came, each.went)
    yield from (f"- why: {inert(why)}" for why in phrases.causes(each))
    yield ""


def _change(change: Change) -> str:
    if change.field == "link":
        both = ((_TAGS["gone"], change.old), (_TAGS["new"], change.new))
        told = " ".join(f"<{tag}>{_code(url)}</{tag}>" for tag, url in both if url)
    else:
        cut = phrases.pieces(change.old, change.new, change.pieces)
        told = "".join(map(_piece, cut))
    return f"- {change.field}{' (**a number changed**)' * has_number(change)}: {told}"


def _piece(piece: Piece) -> str:
    shown = inert(piece.text, changed=piece.change != "same")
    if piece.change == "same":
        return shown
    tag = _TAGS[piece.change]
    inner = f"<b>{shown}</b>" if piece.kind == "number" else shown
    return f"<{tag}>{inner}</{tag}>"


def _code(text: str) -> str:
    """Give an address as inline code, which is neither linked nor announced."""
    shown = visible(" ".join(text.split()), changed=True)
    ticks = "`" * (1 + max((len(run) for run in re.findall("`+", shown)), default=0))
    space = " " * ("`" in shown)
    return f"{ticks}{space}{shown}{space}{ticks}"


def _findings(came: Sequence[Finding], went: Sequence[Finding]) -> Iterator[str]:
    for word, findings in (("came", came), ("went", went)):
        yield from (f"- finding {word}: {inert(phrases.finding(each))}" for each in findings)


def _cut(lines: Sequence[str], most: int) -> str:
    """Join lines as far as they go, and say how many are missing."""
    kept, room = [], most - 100
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            kept += ["", f"… {len(lines) - number} more lines: see `ainews-digest diff`."]
            break
        kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
