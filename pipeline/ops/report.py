"""Digests and what they cost -> the text of the pull request that brings them.

Pure. Written for GitHub: a title's `@name` or `#12` must not call anybody or refer to anything, and
the text ends before GitHub's limit. The entries' links are left to the digests themselves, since
a link to somebody's issue or pull request would be announced there.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.llm.ledger import Daily, money
from pipeline.records import Digest, Entry
from pipeline.write import escape as _escape

MOST_CHARACTERS = 60_000
"""Longest text; GitHub takes 65,536 characters."""

_CALLS = re.compile(r"[@#](?=\w)|(?i:\bgh-(?=\d))")
_NOTHING = "\u200b"  # a space of no width, which ends a name for GitHub and cannot be seen
_DROPS = 40


def report(digests: Sequence[tuple[str, Digest]], spent: Sequence[Daily]) -> str:
    """Write the text of a pull request.

    Args:
        digests: each with its file name without ending, in the order in which they are told.
        spent: the ledger of their days; empty where nothing was paid, or nobody knows.

    Returns:
        Markdown of at most `MOST_CHARACTERS` characters.
    """
    lines = [line for stem, digest in digests for line in _digest(stem, digest)]
    return _cut([*lines, *_receipt(spent)])


def _digest(stem: str, digest: Digest) -> Iterator[str]:
    entries = len(digest.news) + len(digest.tools)
    yield f"## {_text(stem)}"
    yield ""
    told = f"{len(digest.news)} news, {len(digest.tools)} tools"
    quoted = f", **{digest.degraded} of {entries} quoted**" if digest.degraded else ""
    title = digest.provenance.title if digest.provenance else ""
    yield f"{_text(title) or 'Issue'} ({_escape.link(digest.issue_url)}): {told}{quoted}"
    yield ""
    for name, half in (("News", digest.news), ("Tools", digest.tools)):
        yield f"### {name}"
        yield ""
        yield from (f"{number}. {_entry(entry)}" for number, entry in enumerate(half, 1))
        yield ""
    yield from _section("Findings", _findings(digest))
    yield from _section("Left out", _drops(digest))
    yield from _coverage(digest)


def _entry(entry: Entry) -> str:
    marks = [
        *(["quoted"] * entry.quoted),
        *([f"by hand: {', '.join(entry.edited)}"] if entry.edited else []),
        *([f"after {entry.tries} tries"] * (entry.tries > 1)),
        *([f"follows {entry.follows}"] if entry.follows else []),
        *(["no link"] * (entry.link is None)),
    ]
    return _text(entry.title) + (f" — *{', '.join(marks)}*" if marks else "")


def _findings(digest: Digest) -> Iterator[str]:
    for each in digest.findings:
        place = f"{each.severity} at {_text(each.entry)}, {_text(each.check)}"
        yield f"{place}: found {_text(each.found)}, expected {_text(each.expected)}"


def _drops(digest: Digest) -> Iterator[str]:
    for each in digest.drops[:_DROPS]:
        yield f"{_text(each.what)}: {_text(each.reason)}"
    reasons = Counter(each.reason.partition(":")[0] for each in digest.drops[_DROPS:])
    for reason, count in reasons.most_common():
        yield f"{count} more: {_text(reason)}"


def _coverage(digest: Digest) -> Iterator[str]:
    if digest.provenance:
        known = digest.provenance
        seen = known.coverage
        yield (
            f"Model {_text(known.model)}; page from {known.source}; {seen.characters:,} characters "
            f"in {sum(seen.mentions.values()):,} mentions, {seen.shown:,} of {seen.stories:,} "
            "stories shown to the model."
        )
        yield ""


def _receipt(spent: Sequence[Daily]) -> Iterator[str]:
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
        model = _text(line.model).replace("|", "&#124;")
        yield f"| {' | '.join((line.day, model, *numbers, money(line)))} |"
    yield ""


def _section(name: str, items: Iterator[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from (f"### {name}", "", *lines, "")


def _text(text: str) -> str:
    """Make a stranger's words text that calls nobody."""
    return _CALLS.sub(lambda found: found[0] + _NOTHING, _escape.line(text))


def _cut(lines: Sequence[str]) -> str:
    """Join lines as far as they go, and say how many are missing."""
    kept, room = [], MOST_CHARACTERS - 100
    for number, line in enumerate(lines):
        room -= len(line) + 1
        if room < 0:
            kept += ["", f"… {len(lines) - number} more lines: see the digests' JSON."]
            break
        kept.append(line)
    return "\n".join(kept).rstrip("\n") + "\n"
