"""One entry of a digest -> what its page shows of it; and the day of a digest, in words. Pure."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from pipeline.recaps import RECAPS
from pipeline.records import EditedField, Entry, Finding, Sentence
from pipeline.site.citations import (
    CitedSpan,
    EvidenceBlock,
    HighlightRun,
    cited_spans,
    evidence_blocks,
    highlight_runs,
    line_ranges,
)
from pipeline.site.diff_view import FindingView, finding_view
from pipeline.site.highlights import CheckedKind, Highlights, HighlightSpan, find_highlights
from pipeline.site.safe import (
    ExternalLink,
    drop_invisible,
    external_link,
    external_links,
    one_line,
)
from pipeline.write import NO_LINK, make_entry_text

_RECAP: Final = re.compile(r"\b(twitter|reddit|discord)\b", re.IGNORECASE)
_EDITED_NAMES: Final[dict[EditedField, str]] = {
    "story": "选题",
    "place": "位置",
    "title": "标题",
    "summary": "摘要",
    "link": "链接",
    "remark": "按编辑意见重写",
}
_WEEKDAYS: Final = "一二三四五六日"


class DayLink(NamedTuple):
    """A digest as other pages speak of it."""

    stem: str
    iso: str
    date: str
    """`2025年12月22日`, with （二） for the second of a day."""
    short: str
    """`12月22日`."""
    weekday: str
    href: str


def day_link(stem: str) -> DayLink:
    """Say the date that a digest's file name holds."""
    date = dt.date.fromisoformat(stem[:10])
    second = f"（{stem[11:]}）" if stem[11:] else ""
    short = f"{date.month}月{date.day}日{second}"
    return DayLink(
        stem=stem,
        iso=date.isoformat(),
        date=f"{date.year}年{short}",
        short=short,
        weekday=f"星期{_WEEKDAYS[date.weekday()]}",
        href=f"{stem}.html",
    )


class SentenceView(NamedTuple):
    """One sentence of a summary, and the evidence lines that it rests on."""

    number: int
    """From 1."""
    runs: tuple[HighlightRun, ...]
    lines: tuple[int, ...]
    """Numbers of the lines; none where they are not known."""
    ranges: str
    """The same as a reader sees them: `1–3,7`."""
    finding: Literal["", "提醒", "错误"]
    """What was found of it, the worst of it; blank for nothing."""


class SentenceFinding(NamedTuple):
    """One finding about the title or a sentence."""

    sentence: int | None
    """0 for the title, sentences from 1; None for an error of which that is not known."""
    finding: FindingView


class CheckedMatch(NamedTuple):
    """One number or name as both texts have it."""

    kind: CheckedKind
    pair: int
    said: str
    source: str
    """How the evidence writes it, if otherwise; blank where alike."""
    linked: bool
    """Whether only a link has it."""


class EntryView(NamedTuple):
    """One entry."""

    id: str
    """Where on its page it stands, for good: `news-3`."""
    number: int
    title: tuple[HighlightRun, ...]
    summary: tuple[HighlightRun, ...]
    sentences: tuple[SentenceView, ...]
    """The summary once more, where it is known what its sentences rest on."""
    quoted: str
    """What is said above an English quotation; blank where it is none."""
    link: ExternalLink | None
    no_link: str
    parts: tuple[str, ...]
    earlier: DayLink | None
    """The digest that published it before."""
    edited: str
    """What of it is by hand; blank for nothing."""
    section: tuple[str, ...]
    """English headings above it in the issue."""
    evidence: tuple[EvidenceBlock, ...]
    """Mentions, each with its lines, which have numbers where sentences name them."""
    links: tuple[ExternalLink, ...]
    """The other links of the story."""
    findings: tuple[SentenceFinding, ...]
    """Those about its title or a sentence, and its other errors; errors first."""
    matches: tuple[CheckedMatch, ...]
    counts: str
    """How many numbers and names are marked, in words; blank for none."""
    report: str = ""
    """Where a reader reports an error in it; blank for nowhere."""
    published: DayLink | None = None
    """In a roundup the digest that it stands in; its `href` is blank where the site has none."""

    @property
    def errors(self) -> int:
        """How many of its findings are errors."""
        return sum(one.finding.severe for one in self.findings)

    @property
    def findings_heading(self) -> str:
        """What its findings are called."""
        if not self.errors:
            return "核对提醒"
        return "核对错误" if self.errors == len(self.findings) else "核对错误与提醒"

    @property
    def has_details(self) -> bool:
        """Whether there is anything to unfold."""
        return bool(self.evidence or self.links or self.findings)


def entry_view(
    entry: Entry,
    anchor_id: str,
    number: int,
    *,
    findings: Sequence[Finding] = (),
    earlier: DayLink | None = None,
    report: str = "",
) -> EntryView:
    """Show one entry.

    A warning is shown where it is known of which sentence; the `href` of an `earlier` digest is
    blank where it has no page.
    """
    text = make_entry_text(entry, number, clean=one_line)
    cited = cited_spans(entry)
    link = external_link(entry.link)
    links = external_links(entry.links, but=link)
    shown = {
        "title": text.title,
        "summary": text.summary,
        "sentences": tuple(
            Sentence(text=text.summary[span.start : span.end], lines=span.lines) for span in cited
        ),
        "evidence": drop_invisible(entry.evidence),
    }
    checked = find_highlights(entry.model_copy(update=shown))
    located = tuple(
        SentenceFinding(finding.sentence, finding_view(finding))
        for finding in sorted(findings, key=lambda one: one.severity != "error")
        if finding.sentence is not None or finding.severity == "error"
    )
    return EntryView(
        id=anchor_id,
        number=number,
        title=highlight_runs(text.title, checked.title),
        summary=highlight_runs(text.summary, checked.summary),
        sentences=tuple(_sentence_views(text.summary, cited, checked.summary, located)),
        quoted=text.introduction,
        link=link,
        no_link=NO_LINK,
        parts=part_names(entry),
        earlier=earlier,
        edited="、".join(_EDITED_NAMES[field] for field in entry.edited),
        section=tuple(filter(None, map(one_line, entry.section))),
        evidence=evidence_blocks(entry, checked.evidence, numbered=bool(cited)),
        links=links,
        findings=located,
        matches=tuple(_checked_matches(checked)),
        counts=_counts_text(checked),
        report=report,
    )


def part_names(entry: Entry) -> tuple[str, ...]:
    """Name the recaps that mention it; an older digest has only the heading of one."""
    if entry.parts:
        return tuple(dict.fromkeys(RECAPS[RECAPS[part].recap].label for part in entry.parts))
    found = _RECAP.search(entry.section[0]) if entry.section else None
    return (found[1].capitalize(),) if found else ()


def _sentence_views(
    summary: str,
    cited: Sequence[CitedSpan],
    spans: Sequence[HighlightSpan],
    findings: Iterable[SentenceFinding],
) -> Iterator[SentenceView]:
    findings = tuple(findings)
    warned = {found.sentence for found in findings}
    severe = {found.sentence for found in findings if found.finding.severe}
    for number, span in enumerate(cited, 1):
        yield SentenceView(
            number=number,
            runs=highlight_runs(summary, spans, span.start, span.end),
            lines=span.lines,
            ranges=line_ranges(span.lines),
            finding="错误" if number in severe else "提醒" if number in warned else "",
        )


def _checked_matches(checked: Highlights) -> Iterator[CheckedMatch]:
    """Say what equals what: numbers first, for they are what a reader compares."""
    numbered = sorted(enumerate(checked.pairs, start=1), key=lambda pair: pair[1].kind == "name")
    for number, pair in numbered:
        others = [word for word in pair.source if word not in pair.said]
        alike = len(others) < len(pair.source) and pair.kind == "name"
        source = "" if alike else " / ".join(others)
        yield CheckedMatch(pair.kind, number, " / ".join(pair.said), source, linked=not pair.source)


def _counts_text(checked: Highlights) -> str:
    counted = Counter(pair.kind for pair in checked.pairs)
    said = ((counted["number"], "个数字"), (counted["name"], "个名称"))
    return "、".join(f"{count} {what}" for count, what in said if count)
