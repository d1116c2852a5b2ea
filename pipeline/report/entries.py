"""One entry of a digest -> its piece of the text of a pull request.

Pure. Title and summary are what a reviewer judges; the evidence, and the commands that change the
entry, are folded below them.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from pipeline.ops import entry_notes
from pipeline.records import Entry, EvidenceLine, Finding, Sentence
from pipeline.report.findings import finding_name
from pipeline.report.text import Extent, bold_text, fenced, safe_text, shell_command, source_link
from pipeline.site.highlights import find_highlights

_BULLET = re.compile(r"\A *[-*•] +")


def entry_extent(stem: str, place: str, entry: Entry, findings: Iterable[Finding] = ()) -> Extent:
    """Tell an entry: its title; its summary and commands too; what its sentences name; all."""
    head = f"{place.partition(':')[2]}. "
    found = {finding_name(finding) for finding in findings if finding.entry == place}
    notes = ", ".join(filter(None, [entry_notes(entry), *sorted(found)]))
    title = source_link(entry.link, safe_text(entry.title)) + (f" — *{notes}*" if notes else "")
    commands = fenced("sh", *_commands(stem, place, entry))
    cited, evidence = _evidence(entry)
    bodies = [("", _cited_summary(entry), *_fold("Commands", commands))]
    lacking = ["summary"]
    if cited and cited != evidence:
        fold = _fold("Evidence of the sentences, and commands", (*cited, "", *commands))
        bodies.append(("", _cited_summary(entry), *fold))
        lacking.append("evidence")
    if evidence:
        lacking[0] = "summary and evidence"
        fold = _fold("Evidence and commands", (*evidence, "", *commands))
        bodies.append(("", _cited_summary(entry), *fold))
        lacking.append("rest of the evidence" if len(lacking) > 1 else "evidence")
    indent = " " * len(head)
    indented = (tuple(indent + line if line else "" for line in body) for body in bodies)
    lines = ((head + title,), *((head + title, *body) for body in indented))
    return Extent(lines, tuple(lacking))


def _fold(name: str, lines: Iterable[str]) -> tuple[str, ...]:
    return ("", f"<details><summary>{name}</summary>", "", *lines, "", "</details>", "")


def _commands(stem: str, place: str, entry: Entry) -> Iterator[str]:
    """Give the commands that change an entry, with its words as they are."""
    yield shell_command("ainews-digest", "show", stem, place)
    for field, words in (("title", entry.title), ("summary", entry.summary)):
        yield shell_command("ainews-digest", "edit", stem, "--set", f"{place}.{field}={words}")
    yield shell_command("ainews-digest", "edit", stem, "--drop", place)


def _cited_summary(entry: Entry) -> str:
    """Give the summary, what was checked in bold, and behind each sentence its known lines."""
    sentences = entry.told or (Sentence(text=entry.summary),)
    marks = [(span.start, span.end) for span in find_highlights(entry).summary]
    starts = accumulate((len(sentence.text) for sentence in sentences), initial=0)
    return " ".join(
        bold_text(sentence.text, _within(marks, start, start + len(sentence.text)))
        + (f"<sup>[{','.join(map(str, sentence.lines))}]</sup>" if sentence.lines else "")
        for sentence, start in zip(sentences, starts, strict=False)
    )


def _within(marks: Iterable[tuple[int, int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Give the part of each mark that stands in a sentence, counted from its beginning."""
    for first, last in marks:
        if first < end and start < last:
            yield max(first, start) - start, min(last, end) - start


def _evidence(entry: Entry) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List what its sentences name, and all that an entry rests on; with numbers, if known."""
    named = {number for sentence in entry.told for number in sentence.lines}
    if not entry.evidence_lines:
        return (), tuple(_items(map(_bulletless, entry.evidence.split("\n"))))
    rows = tuple(_numbered_rows(entry.evidence_lines))
    cited = (text for numbers, text in rows if numbers & named)
    return tuple(_items(cited)), tuple(_items(text for _, text in rows))


def _items(rows: Iterable[str]) -> Iterator[str]:
    # Escaped whole: what stands alone in a sentence could find its other half in the next one.
    yield from (f"- {text}" for row in rows if (text := safe_text(row)))


def _numbered_rows(lines: Sequence[EvidenceLine]) -> Iterator[tuple[set[int], str]]:
    """Number the lines; those of one line of a mention stand in one row, with their numbers."""
    rows: list[dict[int, str]] = []
    for number, line in enumerate(lines, 1):
        if not line.continues:
            rows.append({})
        text = line.text if line.continues else _bulletless(line.text)
        if text.strip():
            rows[-1][number] = f"[{number}] {text}"
    yield from ((set(row), " ".join(row.values())) for row in rows)


def _bulletless(line: str) -> str:
    return _BULLET.sub("", line)
