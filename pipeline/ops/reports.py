"""Digests and what they cost -> the text of the pull request that brings them.

Pure. Written for GitHub: a title's `@name` or `#12` must not call anybody or refer to anything, and
the text ends before GitHub's limit. The entries' links are left to the digests themselves, since
a link to somebody's issue or pull request would be announced there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.llm import DailyUsage, format_cost
from pipeline.records import Digest, Entry
from pipeline.write import escape_line, markdown_link

MAX_CHARACTERS = 60_000
"""Longest text; GitHub takes 65,536 characters."""

_NOTIFYING_TEXT = re.compile(r"[@#](?=\w)|(?i:\bgh-(?=\d))")
_ZERO_WIDTH_SPACE = "\u200b"  # a space of no width, which ends a name for GitHub and cannot be seen
_MAX_DROPS = 40


def report(digests: Sequence[tuple[str, Digest]], spent: Sequence[DailyUsage]) -> str:
    """Write the text of a pull request.

    Args:
        digests: each with its file name without ending, in the order in which they are told.
        spent: the ledger of their days; empty where nothing was paid, or nobody knows.

    Returns:
        Markdown of at most `MOST_CHARACTERS` characters.
    """
    lines = [line for stem, digest in digests for line in _digest(stem, digest)]
    return _truncate([*lines, *_receipt(spent)])


def _digest(stem: str, digest: Digest) -> Iterator[str]:
    entries = len(digest.news) + len(digest.tools)
    yield f"## {_safe_text(stem)}"
    yield ""
    told = f"{len(digest.news)} news, {len(digest.tools)} tools"
    quoted = f", **{digest.degraded} of {entries} quoted**" if digest.degraded else ""
    title = digest.provenance.title if digest.provenance else ""
    link = markdown_link(digest.issue_url)
    yield f"{_safe_text(title) or 'Issue'} ({link}): {told}{quoted}"
    yield ""
    for name, half in (("News", digest.news), ("Tools", digest.tools)):
        yield f"### {name}"
        yield ""
        yield from (f"{number}. {_entry(entry)}" for number, entry in enumerate(half, 1))
        yield ""
    yield from _bullet_section("Findings", _findings(digest))
    yield from _bullet_section("Left out", _drops(digest))
    yield from _coverage(digest)


def _entry(entry: Entry) -> str:
    marks = [
        *(["quoted"] * entry.quoted),
        *([f"by hand: {', '.join(entry.edited)}"] if entry.edited else []),
        *([f"after {entry.tries} tries"] * (entry.tries > 1)),
        *([f"follows {entry.follows}"] if entry.follows else []),
        *(["no link"] * (entry.link is None)),
    ]
    return _safe_text(entry.title) + (f" — *{', '.join(marks)}*" if marks else "")


def _findings(digest: Digest) -> Iterator[str]:
    for each in digest.findings:
        place = f"{each.severity} at {_safe_text(each.entry)}, {_safe_text(each.check)}"
        yield f"{place}: found {_safe_text(each.found)}, expected {_safe_text(each.expected)}"


def _drops(digest: Digest) -> Iterator[str]:
    for each in digest.drops[:_MAX_DROPS]:
        yield f"{_safe_text(each.what)}: {_safe_text(each.reason)}"
    reasons = Counter(each.reason.partition(":")[0] for each in digest.drops[_MAX_DROPS:])
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
    """Tell what each day cost, with everything that was asked in vain."""
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
    """Make a stranger's words text that calls nobody."""
    return _NOTIFYING_TEXT.sub(lambda found: found[0] + _ZERO_WIDTH_SPACE, escape_line(text))


def _truncate(lines: Sequence[str]) -> str:
    """Join lines as far as they go, and say how many are missing."""
    kept, room = [], MAX_CHARACTERS - 100
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            kept += ["", f"… {len(lines) - number} more lines: see the digests' JSON."]
            break
        kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
