"""The findings of digests -> lines of a pull request, and annotations of its files.

Pure. Both say where in the Markdown a finding stands. A finding that has one right answer comes
with the lines as they would be, which GitHub's review takes as a suggestion, and with the command
that changes the digest.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipeline.chinese import Term
from pipeline.diff import escape_invisible
from pipeline.records import HALVES, Digest, Entry, Finding
from pipeline.report.changed_markdown import MarkdownChange, first_changed_line
from pipeline.report.suggestions import changed_lines, corrected_entry
from pipeline.report.text import Extent, fenced, safe_text, shell_command
from pipeline.write import to_markdown

_HALF = re.compile(r"## .*要点")
_ITEM = re.compile(r"### (?P<number>\d{1,3})\. ")
_FIELDS = ("title", "summary")


class _EntryLines(NamedTuple):
    """Numbers of an entry's lines in its Markdown, from 1."""

    title: int
    summary: int

    @property
    def link(self) -> int:
        """The line of its source, below the title."""
        return self.title + 1


def finding_extents(stem: str, digest: Digest, terms: tuple[Term, ...]) -> Iterator[Extent]:
    """Tell each finding, and where there is one right answer, this too."""
    entries = dict(digest.placed)
    for finding in _worst_first(digest):
        entry = entries.get(finding.entry)
        line = f"- {finding_name(finding)} {_said(finding, entry)}"
        answer = tuple(_answer(stem, digest, finding, terms))
        longer = (line, "", *(f"  {text}" if text else "" for text in answer), "")
        yield Extent(((line,), longer), ("suggestion",)) if answer else Extent(((line,),))


def finding_name(finding: Finding) -> str:
    """Name what a finding is: `error[link]`."""
    return f"{finding.severity}[{safe_text(finding.check)}]"


def annotations(
    file: str, digest: Digest, markdown: str, change: MarkdownChange | None = None
) -> Iterator[str]:
    """Write each finding as a workflow command of GitHub, which shows it beside its line.

    `change`, how the Markdown differs from the digest, is told first, on the first line that does.
    """
    if change is not None:
        number = first_changed_line(to_markdown(digest), markdown)
        about = f"file={_property(file)},line={number},title=warning[markdown]"
        yield f"::warning {about}::{_data(change.text)}"
    places = _entry_lines(markdown)
    entries = dict(digest.placed)
    for finding in _worst_first(digest):
        entry, lines = entries.get(finding.entry), places.get(finding.entry)
        number = _line_of(finding, entry, lines) if entry and lines else 1
        title = _property(f"{finding.name} {finding.place}")
        about = f"«{entry.title}»: " if entry else ""
        said = f"{about}found {finding.found}, expected {finding.expected}"
        yield (
            f"::{finding.severity} file={_property(file)},line={number},title={title}"
            f"::{_data(said)}"
        )


def _worst_first(digest: Digest) -> list[Finding]:
    return sorted(digest.findings, key=lambda finding: finding.severity)


def _said(finding: Finding, entry: Entry | None) -> str:
    title = f" «{safe_text(entry.title)}»" if entry else ""
    found, expected = safe_text(finding.found), safe_text(finding.expected)
    return f"{safe_text(finding.place)}{title}: found {found}, expected {expected}"


def _answer(stem: str, digest: Digest, finding: Finding, terms: tuple[Term, ...]) -> Iterator[str]:
    """Give the lines of the Markdown as they would be, and the command that makes them so."""
    entry = dict(digest.placed).get(finding.entry)
    corrected = corrected_entry(entry, finding, terms) if entry else None
    if entry is None or corrected is None:
        return
    changed = list(changed_lines(digest, finding.entry, corrected))
    for line in changed:
        yield from (f"Line {line.number} of the Markdown:", "")
        yield from (*fenced("suggestion", line.new), "")
    options = [
        option
        for field in _FIELDS
        if (words := getattr(corrected, field)) != getattr(entry, field)
        for option in ("--set", f"{finding.entry}.{field}={words}")
    ]
    if changed:
        yield from fenced("sh", shell_command("ainews-digest", "edit", stem, *options))


def _entry_lines(markdown: str) -> dict[str, _EntryLines]:
    """Find the entries of a digest in its Markdown."""
    found: dict[str, _EntryLines] = {}
    halves, place = iter(HALVES.values()), ""
    half = ""
    for number, line in enumerate(markdown.split("\n"), 1):
        if _HALF.match(line):
            half, place = next(halves, ""), ""
        elif item := _ITEM.match(line):
            place = f"{half}:{item['number']}"
            found.setdefault(place, _EntryLines(number, number))
        elif line.startswith("> ") and place:
            found[place] = found[place]._replace(summary=number)
    return found


def _line_of(finding: Finding, entry: Entry, lines: _EntryLines) -> int:
    """Say on which line a finding stands: its sentence's, or where what was found stands."""
    if finding.sentence is not None:
        return lines.summary if finding.sentence else lines.title
    if finding.check == "link":
        return lines.link
    in_summary = finding.found in entry.summary and finding.found not in entry.title
    return lines.summary if in_summary else lines.title


def _data(text: str) -> str:
    """Escape the words of a command: nothing in them ends its line."""
    shown = escape_invisible(" ".join(text.split()))
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Escape a property of a command: nothing in it ends it either."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
