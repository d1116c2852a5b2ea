"""Digests and what they cost -> the text of the pull request that adds them.

Pure. Written for GitHub: a title's `@name` or `#12` must not notify anybody or refer to anything,
and the text ends before GitHub's limit; evidence is what is left out first. Entries have no links
here, since GitHub would announce a link to an issue or a pull request there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pipeline.llm import DailyUsage, format_cost
from pipeline.records import Digest, Entry, EvidenceLine
from pipeline.write import MAX_GITHUB_CHARS, escape_line, markdown_link, truncate_lines

_NOTIFYING_TEXT = re.compile(r"[@#](?=\w)|(?i:\bgh-(?=\d))")
_ZERO_WIDTH_SPACE = "\u200b"  # ends a name for GitHub, and is invisible
_BULLET = re.compile(r"\A *[-*•] +")
_MAX_DROPS = 40
_SPARE_CHARS = 300
"""Room for what is said of that which is left out."""


class _Evidence(NamedTuple):
    """The evidence of one entry, folded: lines that are left out where there is no room."""

    lines: tuple[str, ...]


def report(digests: Sequence[tuple[str, Digest]], spent: Sequence[DailyUsage]) -> str:
    """Write the text of a pull request.

    Args:
        digests: each with its file name without ending, in the order of the report.
        spent: the ledger of their days; empty where nothing was paid, or nobody knows.

    Returns:
        Markdown of at most `MAX_GITHUB_CHARS` characters.
    """
    parts = [part for stem, digest in digests for part in _digest(stem, digest)]
    parts += _receipt(spent)
    lines = _with_evidence(parts, MAX_GITHUB_CHARS - _SPARE_CHARS)
    return truncate_lines(lines, MAX_GITHUB_CHARS, see="the digests' JSON")


def _with_evidence(parts: Sequence[str | _Evidence], max_chars: int) -> list[str]:
    """Give the lines of all parts, and of the evidence what has room, in its order."""
    room = max_chars - sum(len(part) + 1 for part in parts if isinstance(part, str))
    lines: list[str] = []
    left_out = 0
    for part in parts:
        if isinstance(part, str):
            lines.append(part)
            continue
        needed = sum(len(line) + 1 for line in part.lines)
        if needed <= room:
            lines += part.lines
            room -= needed
        else:
            left_out += 1
    if left_out:
        entries = f"{left_out} {'entry' if left_out == 1 else 'entries'}"
        lines += [f"For its length the evidence of {entries} is left out: see the JSON.", ""]
    return lines


def _digest(stem: str, digest: Digest) -> Iterator[str | _Evidence]:
    entries = len(digest.entries)
    yield f"## {_safe_text(stem)}"
    yield ""
    counts = f"{len(digest.news)} news, {len(digest.tools)} tools"
    quoted = f", **{digest.degraded} of {entries} quoted**" if digest.degraded else ""
    title = digest.provenance.title if digest.provenance else ""
    link = markdown_link(digest.issue_url)
    yield f"{_safe_text(title) or 'Issue'} ({link}): {counts}{quoted}"
    yield ""
    for name, section in (("News", digest.news), ("Tools", digest.tools)):
        yield from (f"### {name}", "")
        for number, entry in enumerate(section, 1):
            head = f"{number}. "
            yield head + _entry(entry)
            yield from _evidence(entry, " " * len(head))
        yield ""
    yield from _bullet_section("Findings", _findings(digest))
    yield from _bullet_section("Left out", _drops(digest))
    yield from _coverage(digest)


def entry_notes(entry: Entry) -> str:
    """Say in a few words what an entry has that most have not; blank for nothing."""
    flags = (
        (entry.quoted, "quoted"),
        (entry.edited, f"by hand: {', '.join(entry.edited)}"),
        (entry.tries > 1, f"after {entry.tries} tries"),
        (entry.follows, f"follows {entry.follows}"),
        (entry.link is None, "no link"),
    )
    return ", ".join(text for applies, text in flags if applies)


def _entry(entry: Entry) -> str:
    notes = entry_notes(entry)
    return _safe_text(entry.title) + (f" — *{notes}*" if notes else "")


def _evidence(entry: Entry, indent: str) -> Iterator[_Evidence]:
    """Fold the evidence below its entry: the sentences with the numbers of their lines, the lines.

    Where it is not known which mention has which line, lines have no numbers.
    """
    if not entry.evidence:
        return
    numbered = entry.evidence_lines
    rows = _numbered_rows(numbered) if numbered else map(_bulletless, entry.evidence.split("\n"))
    # Escaped whole: what stands alone in a sentence could find its other half in the next one.
    items = (f"- {text}" for row in rows if (text := _safe_text(row)))
    said = _safe_text(_cited_summary(entry) if numbered else entry.summary)
    lines = ("", "<details><summary>Evidence</summary>", "", said, "", *items, "", "</details>", "")
    yield _Evidence(tuple(indent + line if line else "" for line in lines))


def _cited_summary(entry: Entry) -> str:
    """Put the numbers of its lines behind each sentence, where they are known."""
    cited = " ".join(
        sentence.text + (f" [{','.join(map(str, sentence.lines))}]" if sentence.lines else "")
        for sentence in entry.told
    )
    return cited or entry.summary


def _numbered_rows(lines: Iterable[EvidenceLine]) -> Iterator[str]:
    """Number the lines; those of one line of a mention stand in one row."""
    rows: list[list[str]] = []
    for number, line in enumerate(lines, 1):
        if not line.continues:
            rows.append([])
        text = line.text if line.continues else _bulletless(line.text)
        if text.strip():
            rows[-1].append(f"[{number}] {text}")
    yield from map(" ".join, rows)


def _bulletless(line: str) -> str:
    return _BULLET.sub("", line)


def _findings(digest: Digest) -> Iterator[str]:
    for finding in digest.findings:
        place = f"{finding.severity} at {_safe_text(finding.place)}, {_safe_text(finding.check)}"
        yield f"{place}: found {_safe_text(finding.found)}, expected {_safe_text(finding.expected)}"


def _drops(digest: Digest) -> Iterator[str]:
    for drop in digest.drops[:_MAX_DROPS]:
        yield f"{_safe_text(drop.what)}: {_safe_text(str(drop.reason))}"
    reasons = Counter(drop.reason.summary for drop in digest.drops[_MAX_DROPS:])
    for reason, count in reasons.most_common():
        yield f"{count} more: {_safe_text(reason)}"


def _coverage(digest: Digest) -> Iterator[str]:
    if digest.provenance:
        known = digest.provenance
        seen = known.coverage
        yield (
            f"Model {_safe_text(known.model)}; page from {known.source}; "
            f"{seen.characters:,} characters "
            f"in {sum(seen.mentions.values()):,} mentions, {seen.shown:,} of {seen.stories:,} "
            "stories shown to the model."
        )
        yield ""


def _receipt(spent: Sequence[DailyUsage]) -> Iterator[str]:
    """List what each day cost, failed calls included."""
    lines = [line for line in spent if line.day]
    if not lines:
        return
    yield f"## Receipt: all runs since {lines[0].day}"
    yield ""
    yield "| day | model | runs | calls | failed | in | cached | out | reasoning | cost |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"
    for line in lines:
        use = line.usage
        counts = (line.runs, use.calls, use.failed, use.input_tokens, use.cached_tokens)
        numbers = [f"{count:,}" for count in (*counts, use.output_tokens, use.reasoning_tokens)]
        model = _safe_text(line.model).replace("|", "&#124;")
        yield f"| {' | '.join((line.day, model, *numbers, format_cost(line)))} |"
    yield ""


def _bullet_section(name: str, items: Iterator[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from (f"### {name}", "", *lines, "")


def _safe_text(text: str) -> str:
    """Escape a stranger's words as text that notifies nobody."""
    return _NOTIFYING_TEXT.sub(lambda found: found[0] + _ZERO_WIDTH_SPACE, escape_line(text))
