"""Digests and what they cost -> the text of the pull request that adds them.

Pure. Written for GitHub and a reviewer who has a minute: the first line sums up, what was found
stands above the entries, and their evidence is folded. A title's `@name` or `#12` must not notify
anybody or refer to anything, and the text ends before GitHub's limit: evidence is left out first,
that of sentences after the rest, then summaries.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from pipeline.chinese import Term, shorten
from pipeline.edits import describe_edit, places_by_key
from pipeline.llm import Bill, DailyUsage, digest_key, format_cost
from pipeline.records import Digest
from pipeline.report.changed_markdown import MarkdownChange
from pipeline.report.entries import entry_extent
from pipeline.report.findings import finding_extents
from pipeline.report.text import Extent, fit, safe_text
from pipeline.write import MAX_GITHUB_CHARS, markdown_link, truncate_lines

_MAX_DROPS = 40
_MAX_EDIT_CHARS = 240
_MAX_STORY_CHARS = 80
_SMALLEST_USD = 0.001
_SPARE_CHARS = 400
"""Room for what is said of that which is left out."""


def report(
    digests: Sequence[tuple[str, Digest]],
    spent: Sequence[DailyUsage],
    *,
    bills: Mapping[str, Bill] | None = None,
    pages_url: str | None = None,
    terms: tuple[Term, ...] = (),
    markdown: Mapping[str, MarkdownChange | None] | None = None,
) -> str:
    """Write the text of a pull request.

    Args:
        digests: each with its file name without ending, in the order of the report.
        spent: the ledger of their days; empty where nothing was paid, or nobody knows.
        bills: what each digest cost, by `digest_key`, as far as that is known.
        pages_url: address of the site, ending in a slash; None where there is none.
        terms: the glossary, for suggestions.
        markdown: how the Markdown of a digest differs from it, by file name without ending.

    Returns:
        Markdown of at most `MAX_GITHUB_CHARS` characters.
    """
    parts: list[str | Extent] = []
    changes = {stem: change for stem, change in (markdown or {}).items() if change}
    if digests:
        overview = _overview([digest for _, digest in digests], bills or {})
        parts += [overview + " · Markdown differs from the JSON" * bool(changes), ""]
    for stem, digest in digests:
        head, *rest = _digest(stem, digest, pages_url, terms)
        said = ["", changes[stem].markdown] if stem in changes else []
        parts += [head, *said, *rest]
    parts += _receipt(spent)
    lines = fit(parts, MAX_GITHUB_CHARS - _SPARE_CHARS)
    return truncate_lines(lines, MAX_GITHUB_CHARS, see="the digests' JSON")


def _overview(digests: Sequence[Digest], bills: Mapping[str, Bill]) -> str:
    """Sum up in one line, as far as anything is known."""
    entries = [entry for digest in digests for entry in digest.entries]
    severities = Counter(finding.severity for digest in digests for finding in digest.findings)
    counts = (
        (len(digests) if len(digests) > 1 else 0, "digest", "digests"),
        (len(entries), "entry", "entries"),
        (severities["error"], "error", "errors"),
        (severities["warning"], "warning", "warnings"),
    )
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    # A digest that was read from Markdown was checked by nobody.
    if not severities and all(digest.provenance for digest in digests):
        parts.append("nothing found")
    by_hand = sum(bool(entry.edited) for entry in entries)
    quoted = sum(entry.quoted for entry in entries)
    parts += [f"{by_hand} by hand"] * bool(by_hand) + [f"{quoted} quoted"] * bool(quoted)
    return " · ".join([*parts, *_price(digests, bills)])


def _price(digests: Sequence[Digest], bills: Mapping[str, Bill]) -> Iterator[str]:
    """Say what the digests cost: all, about that, at least that, or nothing where nobody knows."""
    keys = [digest_key(each.date, each.slug) for each in digests if each.slug]
    known = [bills[key].total for key in keys if key in bills]
    usd = sum(line.usage.cost_usd or 0.0 for line in known)
    whole = len(known) == len(digests) and not any(line.unpriced for line in known)
    if whole or usd:
        cents = f"{usd:.3f}" if usd >= _SMALLEST_USD or not usd else f"{usd:.4f}"
        estimated = usd and any(line.usage.uncounted for line in known)
        about = "about " if estimated else ""
        yield f"{about if whole else '≥ '}${cents}"


def _digest(
    stem: str, digest: Digest, pages_url: str | None, terms: tuple[Term, ...]
) -> Iterator[str | Extent]:
    yield f"## {safe_text(stem)}"
    yield ""
    counts = f"{len(digest.news)} news, {len(digest.tools)} tools"
    quoted = f", **{digest.degraded} of {len(digest.entries)} quoted**" if digest.degraded else ""
    title = digest.provenance.title if digest.provenance else ""
    link = markdown_link(digest.issue_url)
    pages = _site_links(stem, pages_url) if pages_url else ""
    yield f"{safe_text(title) or 'Issue'} ({link}): {counts}{quoted}{pages}"
    yield ""
    if digest.findings:
        yield from ("### Findings", "")
        yield from finding_extents(stem, digest, terms)
        yield ""
    for name, half in (("News", "news"), ("Tools", "tools")):
        yield from (f"### {name}", "")
        yield from (
            entry_extent(stem, place, entry, digest.findings)
            for place, entry in digest.placed
            if place.startswith(f"{half}:")
        )
        yield ""
    yield from _bullet_section("Edits by hand", _edits(digest))
    yield from _bullet_section("Left out", _drops(digest))
    yield from _coverage(digest)


def _site_links(stem: str, pages_url: str) -> str:
    page, review = (f"{pages_url}{folder}{quote(stem)}.html" for folder in ("", "review/"))
    links = f"{markdown_link(page, 'page')} and {markdown_link(review, 'review')}"
    return f" · {links} once it is merged"


def _edits(digest: Digest) -> Iterator[str]:
    places = places_by_key(digest)
    for number, edit in enumerate(digest.edits[:_MAX_DROPS], 1):
        said = shorten(describe_edit(edit, places), _MAX_EDIT_CHARS)
        yield f"edit {number}: {safe_text(said)}"
    if more := len(digest.edits[_MAX_DROPS:]):
        yield f"{more} more"


def _drops(digest: Digest) -> Iterator[str]:
    passed = digest.provenance.coverage.passed if digest.provenance else ()
    words = {story.story: shorten(story.words, _MAX_STORY_CHARS) for story in passed}
    for drop in digest.drops[:_MAX_DROPS]:
        begins = f" “{safe_text(words[drop.what])}”" if drop.what in words else ""
        yield f"{safe_text(drop.what)}{begins}: {safe_text(str(drop.reason))}"
    reasons = Counter(drop.reason.summary for drop in digest.drops[_MAX_DROPS:])
    for reason, count in reasons.most_common():
        yield f"{count} more: {safe_text(reason)}"


def _coverage(digest: Digest) -> Iterator[str]:
    if digest.provenance:
        known = digest.provenance
        seen = known.coverage
        profile = ", profile plain" if digest.plain_model else ""
        chosen = f"{seen.shown:,} of {seen.stories:,} stories shown to the model"
        if digest.plain_model and not seen.shown:
            chosen = f"{seen.stories:,} stories, of which the code chose"
        yield (
            f"Model {safe_text(known.model)}{profile}; page from {known.source}; "
            f"{seen.characters:,} characters "
            f"in {sum(seen.mentions.values()):,} mentions, {chosen}."
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
        model = safe_text(line.model)
        yield f"| {' | '.join((line.day, model, *numbers, format_cost(line)))} |"
    yield ""


def _bullet_section(name: str, items: Iterator[str]) -> Iterator[str]:
    lines = [f"- {item}" for item in items]
    if lines:
        yield from (f"### {name}", "", *lines, "")
