"""A Difference -> the two versions side by side, ready to be shown; and a page that is that alone.

Pure. `review` puts the same view on a digest's review page. What a template has to decide is
decided here: which words stand on which side, what happened in a few words, and why.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Final, Literal, NamedTuple

from pipeline.diff import (
    Cause,
    ChangedMarkdown,
    Comparison,
    DigestDiff,
    EntryDiff,
    FieldChange,
    Piece,
    RenderOptions,
)
from pipeline.errors import SettingsError
from pipeline.records import Entry, Finding
from pipeline.site.causes import CauseView, cause_view
from pipeline.site.reasons import (
    CHECK_LABELS,
    FIELD_LABELS,
    SEVERITY_LABELS,
    Phrase,
    expected_in_chinese,
    found_in_chinese,
    reason_in_chinese,
)
from pipeline.site.render import read_asset, render_template
from pipeline.urls import is_web_url
from pipeline.write import MarkdownState

_KIND_LABELS: Final = {"words": "", "number": "数字", "name": "名称", "link": "链接"}
_CHANGE_LABELS: Final = {"same": "", "gone": "删", "new": "增"}
_ABSENT: Final = "无"


class DiffRun(NamedTuple):
    """A stretch of a text on one side."""

    change: Literal["same", "gone", "new"]
    text: str
    kind: str = "words"
    label: str = ""
    """What happened, unless the run before says it, and what it is where it is no mere words."""


class DetailLine(NamedTuple):
    """One further line of a side: its link, 后续, 原文摘录."""

    label: str
    runs: tuple[DiffRun, ...]
    href: str | None = None
    """Address, where the line is a link."""


class EntrySide(NamedTuple):
    """What one version says of an entry."""

    place: str
    title: tuple[DiffRun, ...]
    summary: tuple[DiffRun, ...]
    lines: tuple[DetailLine, ...]


class FindingView(NamedTuple):
    """One finding in Chinese."""

    place: str
    sentence: str
    """Which sentence, in words; blank where that is not known."""
    check: str
    severity: str
    severe: bool
    expected: Phrase
    found: Phrase


class ChangedEntry(NamedTuple):
    """One entry that changed."""

    anchor: str
    heading: str
    """Title of its newer version; of one that is gone, its own."""
    what: tuple[tuple[str, str], ...]
    """What happened: a kind for the style, and words."""
    old: EntrySide | None
    new: EntrySide | None
    notes: tuple[tuple[str, Phrase], ...]
    """Why a version does not have what the other one does: which, and its words."""
    causes: tuple[CauseView, ...]
    came: tuple[FindingView, ...]
    went: tuple[FindingView, ...]


class UnchangedEntry(NamedTuple):
    """One entry that did not change."""

    place: str
    before: str
    """Where it stood, if that is another place."""
    title: str
    summary: str


class DiffGroup(NamedTuple):
    """Entries that stand together: one that changed, or a run of those that did not."""

    row: ChangedEntry | None
    unchanged: tuple[UnchangedEntry, ...] = ()


class DiffView(NamedTuple):
    """A whole difference."""

    old: str
    new: str
    identical: bool
    markdown: str
    """What is said of Markdown that is not what its JSON says; blank where it is."""
    counts: tuple[tuple[str, str, int], ...]
    """How often something happened: a kind for the style, words, and how often."""
    causes: tuple[CauseView, ...]
    came: tuple[FindingView, ...]
    went: tuple[FindingView, ...]
    groups: tuple[DiffGroup, ...]


def diff_view(difference: DigestDiff, markdown: ChangedMarkdown | None = None) -> DiffView:
    """Lay two versions of a digest side by side; `markdown` is how that of the new one differs."""
    groups: list[DiffGroup] = []
    gone, rest = _split_replaced(difference.entries)
    for same, run in groupby(rest, key=lambda entry_diff: entry_diff.is_unchanged):
        if same:
            groups.append(DiffGroup(None, tuple(map(_unchanged_entry, run))))
        else:
            groups += [
                DiffGroup(_changed_entry(entry_diff, gone.get(entry_diff.instead or "")))
                for entry_diff in run
            ]
    return DiffView(
        old=difference.old.name,
        new=difference.new.name,
        identical=difference.is_unchanged,
        markdown=_markdown_note(markdown) if markdown else "",
        counts=tuple(_count_badges(difference.entries)),
        causes=tuple(map(cause_view, difference.causes)),
        came=tuple(map(finding_view, difference.came)),
        went=tuple(map(finding_view, difference.went)),
        groups=tuple(groups),
    )


def render_diff_page(difference: DigestDiff, markdown: ChangedMarkdown | None = None) -> str:
    """Write the difference of two digests as one HTML page that needs no other file."""
    style = read_asset("style.css") + read_asset("review.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return render_template(
        "diff.html",
        view=diff_view(difference, markdown),
        style=style,
        style_hash=f"sha256-{digest}",
    )


def render_html(comparisons: Sequence[Comparison], _options: RenderOptions) -> Iterable[str]:
    """Write the page of the one digest that is compared: the form `html` of the command `diff`.

    Raises:
        SettingsError: they are several, or only one version exists.
    """
    if len(comparisons) != 1 or comparisons[0].difference is None:
        raise SettingsError(
            "--format html shows one digest that exists in both versions: name one, or take md"
        )
    return [render_diff_page(comparisons[0].difference, comparisons[0].markdown)]


_MARKDOWN_LABELS: dict[MarkdownState, tuple[str, str]] = {
    "same": ("与 JSON 一致", "不改什么"),
    "changed": ("被直接改过，与 JSON 不一致", "把改动收进 JSON"),
    "missing": ("不在 JSON 旁边", "重新写出"),
    "unreadable": ("无法读取", "在删去它之后重新写出"),
}
"""What is said of Markdown, and what the command does."""


def _markdown_note(markdown: ChangedMarkdown) -> str:
    said, does = _MARKDOWN_LABELS[markdown.state]
    return f"{markdown.file} {said}：运行 {markdown.command} {does}。"


def finding_view(finding: Finding) -> FindingView:
    """Say one finding in Chinese."""
    return FindingView(
        place=finding.entry,
        sentence=_sentence_label(finding.sentence),
        check=CHECK_LABELS.get(finding.check, finding.check),
        severity=SEVERITY_LABELS[finding.severity],
        severe=finding.severity == "error",
        expected=expected_in_chinese(finding.expected),
        found=found_in_chinese(finding.found),
    )


def _sentence_label(number: int | None) -> str:
    if number is None:
        return ""
    return f"第{number}句" if number else "标题"


def _unchanged_entry(entry_diff: EntryDiff) -> UnchangedEntry:
    entry = entry_diff.new or entry_diff.old
    place, before = entry_diff.new_place or "", entry_diff.old_place or ""
    return UnchangedEntry(
        place=place,
        before=before if before != place else "",
        title=entry.title if entry else "",
        summary=entry.summary if entry else "",
    )


def _split_replaced(
    entries: Sequence[EntryDiff],
) -> tuple[dict[str, EntryDiff], tuple[EntryDiff, ...]]:
    """Part dropped entries whose place another one took, by their place, from all the others."""
    added = {
        entry_diff.new_place: entry_diff.instead for entry_diff in entries if entry_diff.old is None
    }
    gone = {
        entry_diff.old_place: entry_diff
        for entry_diff in entries
        if entry_diff.new is None
        and entry_diff.old_place
        and added.get(entry_diff.instead) == entry_diff.old_place
    }
    return gone, tuple(
        entry_diff for entry_diff in entries if entry_diff.new or entry_diff.old_place not in gone
    )


def _changed_entry(entry_diff: EntryDiff, gone: EntryDiff | None) -> ChangedEntry:
    """Make a row; what was added stands beside what is gone for it."""
    if entry_diff.old is not None:
        gone = None
    before = gone or entry_diff
    entry = (gone and gone.old) or entry_diff.new or entry_diff.old
    place = entry_diff.new_place or f"old:{entry_diff.old_place}"
    causes = dict.fromkeys((*before.causes, *entry_diff.causes)) or [Cause(why="unknown", what="")]
    return ChangedEntry(
        anchor=f"diff-{place.replace(':', '-')}",
        heading=entry.title if entry else "",
        what=tuple(_event_badges(gone) if gone else _event_badges(entry_diff)),
        old=_entry_side(before.old, before.old_place, entry_diff.changes, "new")
        if before.old
        else None,
        new=_entry_side(entry_diff.new, entry_diff.new_place, entry_diff.changes, "gone")
        if entry_diff.new
        else None,
        notes=tuple(_omission_notes(gone, entry_diff) if gone else _omission_notes(entry_diff)),
        causes=tuple(map(cause_view, causes)),
        came=tuple(map(finding_view, entry_diff.came)),
        went=tuple(map(finding_view, before.went)),
    )


def _omission_notes(*given: EntryDiff) -> Iterator[tuple[str, Phrase]]:
    for entry_diff in given:
        if entry_diff.reason:
            which = "新版不讲旧条目" if entry_diff.new is None else "旧版不讲新条目"
            yield which, reason_in_chinese(entry_diff.reason)


def _event_badges(entry_diff: EntryDiff) -> Iterator[tuple[str, str]]:
    if entry_diff.old is None:
        yield "added", f"新增，顶替 {entry_diff.instead}" if entry_diff.instead else "新增"
        return
    if entry_diff.new is None:
        yield "dropped", f"删除，由 {entry_diff.instead} 顶替" if entry_diff.instead else "删除"
        return
    if entry_diff.moved:
        yield "moved", f"移动 {entry_diff.old_place} → {entry_diff.new_place}"
    for change in entry_diff.changes:
        yield "changed", FIELD_LABELS[change.field]
    if entry_diff.came or entry_diff.went:
        yield "checked", "核对结果"


def _count_badges(entries: Sequence[EntryDiff]) -> Iterator[tuple[str, str, int]]:
    both = [entry_diff for entry_diff in entries if entry_diff.old and entry_diff.new]
    kinds = (
        ("added", "新增", sum(entry_diff.old is None for entry_diff in entries)),
        ("dropped", "删除", sum(entry_diff.new is None for entry_diff in entries)),
        ("moved", "移动", sum(entry_diff.moved for entry_diff in entries)),
        ("changed", "改写", _count_changes(both, "title", "summary")),
        ("changed", "换链接", _count_changes(both, "link")),
        ("changed", "改标注", _count_changes(both, "follows", "quoted")),
        (
            "checked",
            "核对结果有变",
            sum(bool(entry_diff.came or entry_diff.went) for entry_diff in both),
        ),
        ("same", "未改动", sum(entry_diff.is_unchanged for entry_diff in entries)),
    )
    return (entry_diff for entry_diff in kinds if entry_diff[2])


def _count_changes(entries: Iterable[EntryDiff], *fields: str) -> int:
    return sum(any(change.field in fields for change in each.changes) for each in entries)


def _entry_side(
    entry: Entry, place: str | None, changes: Sequence[FieldChange], without: Literal["gone", "new"]
) -> EntrySide:
    """Give one version of an entry, `without` the pieces that only the other one has."""
    changed = {change.field: _side_runs(change.pieces, without) for change in changes}
    mine: Literal["gone", "new"] = "gone" if without == "new" else "new"

    def line(field: str, value: str, kind: str = "words") -> DetailLine:
        # An address, a date: to its reader each changes as a whole.
        change = mine if field in changed and value else "same"
        run = DiffRun(change, value or _ABSENT, kind, _run_label(change, kind, "same"))
        return DetailLine(
            FIELD_LABELS[field], (run,), value if field == "link" and is_web_url(value) else None
        )

    lines = [
        ("link", entry.link or "", "link"),
        ("follows", str(entry.follows or ""), "words"),
        ("quoted", "译文未通过核对，引用原文" if entry.quoted else "", "words"),
    ]
    return EntrySide(
        place=place or "",
        title=changed.get("title", (DiffRun("same", entry.title),)),
        summary=changed.get("summary", (DiffRun("same", entry.summary),)),
        lines=tuple(line(*row) for row in lines if row[1] or row[0] in changed),
    )


def _side_runs(pieces: Iterable[Piece], without: Literal["gone", "new"]) -> tuple[DiffRun, ...]:
    runs: list[DiffRun] = []
    before = "same"
    for piece in pieces:
        if piece.change != without and piece.text:
            label = _run_label(piece.change, piece.kind, before)
            runs.append(DiffRun(piece.change, piece.text, piece.kind, label))
            before = piece.change
    return tuple(runs)


def _run_label(change: str, kind: str, before: str) -> str:
    """Label a run in words: beside a number, a sign would be one of minus."""
    return (
        ""
        if change == "same"
        else _CHANGE_LABELS[change if change != before else "same"] + _KIND_LABELS[kind]
    )
