"""A Difference -> the two versions side by side, ready to be shown; and a page that is that alone.

Pure. `review` puts the same view on a digest's review page. What a template has to decide is
decided here: which words stand on which side, what happened in a few words, and why.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, Literal, NamedTuple

from pipeline.diff.records import Cause, Change, Compared, Difference, Piece
from pipeline.records import Entry, Finding
from pipeline.site.causes import Because, because
from pipeline.site.reasons import CHECKS, FIELDS, SEVERITIES, Words, expected, found, reason
from pipeline.site.render import asset, render
from pipeline.write.escape import is_web

_KINDS: Final = {"words": "", "number": "数字", "name": "名称", "link": "链接"}
_LABELS: Final = {"same": "", "gone": "删", "new": "增"}
_NONE: Final = "无"


class Run(NamedTuple):
    """A stretch of a text on one side."""

    change: Literal["same", "gone", "new"]
    text: str
    kind: str = "words"
    label: str = ""
    """What happened, unless the run before says it, and what it is where it is no mere words."""


class Line(NamedTuple):
    """One further line of a side: its link, 后续, 原文摘录."""

    label: str
    runs: tuple[Run, ...]
    href: str | None = None
    """Address, where the line is a link."""


class Side(NamedTuple):
    """What one version says of an entry."""

    place: str
    title: tuple[Run, ...]
    summary: tuple[Run, ...]
    lines: tuple[Line, ...]


class Told(NamedTuple):
    """One finding in Chinese."""

    place: str
    check: str
    severity: str
    severe: bool
    expected: Words
    found: Words


class Row(NamedTuple):
    """One entry that changed."""

    anchor: str
    heading: str
    """Title of its newer version; of one that is gone, its own."""
    what: tuple[tuple[str, str], ...]
    """What happened: a kind for the style, and words."""
    old: Side | None
    new: Side | None
    notes: tuple[tuple[str, Words], ...]
    """Why a version does not tell what the other one does: which, and its words."""
    causes: tuple[Because, ...]
    came: tuple[Told, ...]
    went: tuple[Told, ...]


class Same(NamedTuple):
    """One entry that did not change."""

    place: str
    before: str
    """Where it stood, if that is another place."""
    title: str
    summary: str


class Group(NamedTuple):
    """Entries that stand together: one that changed, or a run of those that did not."""

    row: Row | None
    same: tuple[Same, ...] = ()


class Sides(NamedTuple):
    """A whole difference."""

    old: str
    new: str
    identical: bool
    counts: tuple[tuple[str, str, int], ...]
    """How often something happened: a kind for the style, words, and how often."""
    causes: tuple[Because, ...]
    came: tuple[Told, ...]
    went: tuple[Told, ...]
    groups: tuple[Group, ...]


def sides(difference: Difference) -> Sides:
    """Lay two versions of a digest side by side."""
    groups: list[Group] = []
    gone, rest = _stood_in_for(difference.entries)
    for same, run in groupby(rest, key=lambda each: each.same):
        if same:
            groups.append(Group(None, tuple(map(_same, run))))
        else:
            groups += [Group(_row(each, gone.get(each.instead or ""))) for each in run]
    return Sides(
        old=difference.old.name,
        new=difference.new.name,
        identical=difference.same,
        counts=tuple(_counts(difference.entries)),
        causes=tuple(map(because, difference.causes)),
        came=tuple(map(told, difference.came)),
        went=tuple(map(told, difference.went)),
        groups=tuple(groups),
    )


def diff_page(difference: Difference) -> str:
    """Write the difference of two digests as one HTML page that needs no other file."""
    style = asset("style.css") + asset("review.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return render("diff.html", view=sides(difference), style=style, style_hash=f"sha256-{digest}")


def told(finding: Finding) -> Told:
    """Say one finding in Chinese."""
    return Told(
        place=finding.entry,
        check=CHECKS.get(finding.check, finding.check),
        severity=SEVERITIES[finding.severity],
        severe=finding.severity == "error",
        expected=expected(finding.expected),
        found=found(finding.found),
    )


def _same(each: Compared) -> Same:
    entry = each.new or each.old
    place, before = each.new_place or "", each.old_place or ""
    return Same(
        place=place,
        before=before if before != place else "",
        title=entry.title if entry else "",
        summary=entry.summary if entry else "",
    )


def _stood_in_for(
    entries: Sequence[Compared],
) -> tuple[dict[str, Compared], tuple[Compared, ...]]:
    """Part dropped entries whose place another one took, by their place, from all the others."""
    added = {each.new_place: each.instead for each in entries if each.old is None}
    gone = {
        each.old_place: each
        for each in entries
        if each.new is None and each.old_place and added.get(each.instead) == each.old_place
    }
    return gone, tuple(each for each in entries if each.new or each.old_place not in gone)


def _row(each: Compared, gone: Compared | None) -> Row:
    """Make a row; what was added stands beside what is gone for it."""
    if each.old is not None:
        gone = None
    before = gone or each
    entry = (gone and gone.old) or each.new or each.old
    place = each.new_place or f"old:{each.old_place}"
    causes = dict.fromkeys((*before.causes, *each.causes)) or [Cause(why="unknown", what="")]
    return Row(
        anchor=f"diff-{place.replace(':', '-')}",
        heading=entry.title if entry else "",
        what=tuple(_what(gone) if gone else _what(each)),
        old=_side(before.old, before.old_place, each.changes, "new") if before.old else None,
        new=_side(each.new, each.new_place, each.changes, "gone") if each.new else None,
        notes=tuple(_notes(gone, each) if gone else _notes(each)),
        causes=tuple(map(because, causes)),
        came=tuple(map(told, each.came)),
        went=tuple(map(told, before.went)),
    )


def _notes(*given: Compared) -> Iterator[tuple[str, Words]]:
    for each in given:
        if each.reason:
            which = "新版不讲旧条目" if each.new is None else "旧版不讲新条目"
            yield which, reason(each.reason)


def _what(each: Compared) -> Iterator[tuple[str, str]]:
    if each.old is None:
        yield "added", f"新增，顶替 {each.instead}" if each.instead else "新增"
        return
    if each.new is None:
        yield "dropped", f"删除，由 {each.instead} 顶替" if each.instead else "删除"
        return
    if each.moved:
        yield "moved", f"移动 {each.old_place} → {each.new_place}"
    for change in each.changes:
        yield "changed", FIELDS[change.field]
    if each.came or each.went:
        yield "checked", "核对结果"


def _counts(entries: Sequence[Compared]) -> Iterator[tuple[str, str, int]]:
    both = [each for each in entries if each.old and each.new]
    kinds = (
        ("added", "新增", sum(each.old is None for each in entries)),
        ("dropped", "删除", sum(each.new is None for each in entries)),
        ("moved", "移动", sum(each.moved for each in entries)),
        ("changed", "改写", sum(bool(each.changes) for each in both)),
        ("checked", "核对结果有变", sum(bool(each.came or each.went) for each in both)),
        ("same", "未改动", sum(each.same for each in entries)),
    )
    return (each for each in kinds if each[2])


def _side(
    entry: Entry, place: str | None, changes: Sequence[Change], without: Literal["gone", "new"]
) -> Side:
    """Give one version of an entry, `without` the pieces that only the other one has."""
    changed = {change.field: _runs(change.pieces, without) for change in changes}
    mine: Literal["gone", "new"] = "gone" if without == "new" else "new"

    def line(field: str, value: str, kind: str = "words") -> Line:
        # An address, a date: to its reader each changes as a whole.
        change = mine if field in changed and value else "same"
        run = Run(change, value or _NONE, kind, _label(change, kind, "same"))
        return Line(FIELDS[field], (run,), value if field == "link" and is_web(value) else None)

    lines = [
        ("link", entry.link or "", "link"),
        ("follows", str(entry.follows or ""), "words"),
        ("quoted", "译文未通过核对，引用原文" if entry.quoted else "", "words"),
    ]
    return Side(
        place=place or "",
        title=changed.get("title", (Run("same", entry.title),)),
        summary=changed.get("summary", (Run("same", entry.summary),)),
        lines=tuple(line(*each) for each in lines if each[1] or each[0] in changed),
    )


def _runs(pieces: Iterable[Piece], without: Literal["gone", "new"]) -> tuple[Run, ...]:
    runs: list[Run] = []
    before = "same"
    for piece in pieces:
        if piece.change != without and piece.text:
            label = _label(piece.change, piece.kind, before)
            runs.append(Run(piece.change, piece.text, piece.kind, label))
            before = piece.change
    return tuple(runs)


def _label(change: str, kind: str, before: str) -> str:
    """Label a run in words: beside a number, a sign would be one of minus."""
    return (
        "" if change == "same" else _LABELS[change if change != before else "same"] + _KINDS[kind]
    )
