"""Digests and what they cost -> the text of the pull request that adds them.

Pure. Written for GitHub: a title's `@name` or `#12` must not notify anybody or refer to anything,
and the text ends before GitHub's limit. Entries have no links here, since GitHub would announce a
link to an issue or a pull request there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.llm import DailyUsage, format_cost
from pipeline.records import Digest, Entry
from pipeline.write import MAX_GITHUB_CHARS, escape_line, markdown_link, truncate_lines

_NOTIFYING_TEXT = re.compile(r"[@#](?=\w)|(?i:\bgh-(?=\d))")
_ZERO_WIDTH_SPACE = "\u200b"  # ends a name for GitHub, and is invisible
_MAX_DROPS = 40


def report(digests: Sequence[tuple[str, Digest]], spent: Sequence[DailyUsage]) -> str:
    """Write the text of a pull request.

    Args:
        digests: each with its file name without ending, in the order of the report.
        spent: the ledger of their days; empty where nothing was paid, or nobody knows.

    Returns:
        Markdown of at most `MAX_GITHUB_CHARS` characters.
    """
    lines = [line for stem, digest in digests for line in _digest(stem, digest)]
    return truncate_lines([*lines, *_receipt(spent)], MAX_GITHUB_CHARS, see="the digests' JSON")


def _digest(stem: str, digest: Digest) -> Iterator[str]:
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
        rows = (f"{number}. {_entry(entry)}" for number, entry in enumerate(section, 1))
        yield from (f"### {name}", "", *rows, "")
    yield from _bullet_section("Findings", _findings(digest))
    yield from _bullet_section("Left out", _drops(digest))
    yield from _coverage(digest)


def _entry(entry: Entry) -> str:
    flags = (
        (entry.quoted, "quoted"),
        (entry.edited, f"by hand: {', '.join(entry.edited)}"),
        (entry.tries > 1, f"after {entry.tries} tries"),
        (entry.follows, f"follows {entry.follows}"),
        (entry.link is None, "no link"),
    )
    notes = ", ".join(text for applies, text in flags if applies)
    return _safe_text(entry.title) + (f" — *{notes}*" if notes else "")


def _findings(digest: Digest) -> Iterator[str]:
    for finding in digest.findings:
        place = f"{finding.severity} at {_safe_text(finding.entry)}, {_safe_text(finding.check)}"
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
