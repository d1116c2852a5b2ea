"""One digest -> its review page: what changed since its last version, findings, coverage, receipt.

Pure. What a digest does not say of itself, as older ones do not, is shown as not recorded and never
as nothing. The ledger is in a cache that may be gone: then the page says that there is no receipt.
"""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from pipeline.diff import DigestDiff
from pipeline.edits import entries_by_story
from pipeline.llm import Bill, BillLine
from pipeline.recaps import RECAPS
from pipeline.records import (
    Coverage,
    Digest,
    Edit,
    IssuePart,
    OmittedStory,
    PartCoverage,
)
from pipeline.site.diff_view import DiffView, FindingView, diff_view, finding_view
from pipeline.site.reasons import (
    EDIT_LABELS,
    FIELD_LABELS,
    SOURCE_LABELS,
    Phrase,
    fact_in_chinese,
    reason_in_chinese,
)
from pipeline.urls import is_web_url

PreviousDiff = DigestDiff | Literal["first", "unknown"]
"""What changed since the version before; that there was none; or that nobody looked for one."""

_UNKNOWN: Final = "未记录"
_HASH_CHARS: Final = 12
_BAR_PERCENT: Final = 100


class EditRow(NamedTuple):
    """One edit."""

    what: str
    where: str
    """Where its entry stands now; of one that does not stand, where it stood."""
    before: str
    """Where it stood when it was edited, and where it was put, if that says something else."""
    title: str
    """The title of its entry; blank where it does not stand."""
    words: str
    """How its story begins, in English."""
    instead: str
    """How the story begins that it put out."""
    fields: tuple[tuple[str, str], ...]
    """Names of the fields and their words by hand."""


class CoverageRow(NamedTuple):
    """What was looked at of one part, or of the whole issue."""

    part: str
    mentions: str
    stories: str
    shown: str
    selected: str
    bars: tuple[int, int] | None
    """Per cent of the stories that were shown, and that were selected."""
    said: str
    """The same in words, for whoever does not see the bars."""


class OmittedRow(NamedTuple):
    """One of the best stories that were not chosen."""

    story: str
    words: str
    part: str
    link: str | None
    score: str
    facts: tuple[Phrase, ...]
    reason: Phrase


class CoverageView(NamedTuple):
    """How much of the issue was looked at."""

    characters: str
    shares: tuple[CoverageRow, ...]
    total: CoverageRow
    omitted: tuple[OmittedRow, ...] | None
    """None where the digest does not say."""


class CostRow(NamedTuple):
    """One line of the receipt."""

    prompt: str
    cells: tuple[str, ...]


class CostTable(NamedTuple):
    """What the digest has cost."""

    models: tuple[str, ...]
    days: str
    price: str
    lines: tuple[CostRow, ...]
    total: CostRow


class ReviewPage(NamedTuple):
    """All that a review page shows."""

    date: str
    stem: str
    issue_url: str | None
    facts: tuple[tuple[str, str, bool], ...]
    """Where the digest comes from: what, its value, and whether that is a name or a hash."""
    before: str
    """`first`, `unknown` or `known`."""
    diff: DiffView | None
    checked: bool
    """Whether the digest says what the checks found: one that was read from Markdown does not."""
    findings: tuple[tuple[FindingView, str], ...]
    """Errors first, each with the title of its entry; blank where none stands there."""
    drops: tuple[tuple[str, str, Phrase], ...]
    """What a stage left out or repaired, how the story begins where that is known, and why."""
    edits: tuple[EditRow, ...]
    coverage: CoverageView | None
    receipt: CostTable | None


def review_page(
    digest: Digest, stem: str, *, previous: PreviousDiff, bill: Bill | None = None
) -> ReviewPage:
    """Make the review page of one digest."""
    origin = digest.provenance
    titles = {place: entry.title for place, entry in digest.placed}
    told = entries_by_story(digest)
    now = {key: (place, entry.title) for key, (place, entry) in told.items()}
    words = {story.story: story.words for story in origin.coverage.passed} if origin else {}
    return ReviewPage(
        date=digest.date.isoformat(),
        stem=stem,
        issue_url=digest.issue_url if is_web_url(digest.issue_url) else None,
        facts=tuple(_origin_facts(digest)),
        before=previous if isinstance(previous, str) else "known",
        diff=None if isinstance(previous, str) else diff_view(previous),
        checked=origin is not None,
        findings=tuple(
            (finding_view(finding), titles.get(finding.entry, ""))
            for finding in sorted(digest.findings, key=lambda finding: finding.severity)
        ),
        drops=tuple(
            (drop.what, words.get(drop.what, ""), reason_in_chinese(drop.reason))
            for drop in digest.drops
        ),
        edits=tuple(_edit_row(edit, *now.get(edit.story.key, ("", ""))) for edit in digest.edits),
        coverage=_coverage_view(origin.coverage) if origin else None,
        receipt=_cost_table(bill) if bill else None,
    )


def _origin_facts(digest: Digest) -> Iterator[tuple[str, str, bool]]:
    origin = digest.provenance
    if origin is None:
        return
    yield "期号", origin.slug, True
    yield "原刊标题", origin.title, True
    yield "原刊日期", origin.issue_date.isoformat(), True
    yield "来源", SOURCE_LABELS.get(origin.source, origin.source), False
    yield "来源页 SHA-256", origin.page_sha256[:_HASH_CHARS], True
    yield "模型", origin.model, True
    if digest.plain_model:
        yield "提问方式", "逐句翻译（plain）", False
    for name, sha256 in sorted(origin.prompts.items()):
        yield ("术语表" if name == "glossary" else f"提示词 {name}"), sha256[:_HASH_CHARS], True
    for name, value in sorted(origin.settings.items()):
        yield f"设置 {name}", "无" if value is None else str(value), value is not None
    if not origin.settings:
        yield "设置", _UNKNOWN, False
    memory = origin.memory
    compared = _UNKNOWN if memory is None else "、".join(memory) or "没有更早的日报"
    yield "对照过的日报", compared, False


def _edit_row(edit: Edit, now: str, title: str) -> EditRow:
    """Tell an edit; `now` is where its entry stands, and both are blank where it does not."""
    names = ("title", "summary", "link")
    place = edit.place or ""
    stood = edit.stood if place in ("", edit.stood) else f"{edit.stood} → {place}"
    return EditRow(
        what=EDIT_LABELS[edit.do],
        where=now or stood,
        before=stood if now and stood != now else "",
        title=title,
        words=edit.story.words,
        instead=edit.instead.words if edit.instead else "",
        fields=(
            *((FIELD_LABELS[name], words) for name in names if (words := getattr(edit, name))),
            *((("意见", edit.remark),) if edit.remark else ()),
        ),
    )


def _coverage_view(coverage: Coverage) -> CoverageView:
    known: dict[IssuePart, PartCoverage] = coverage.parts
    parts = [part for part in RECAPS if part in known or part in coverage.mentions]
    shares = tuple(
        _coverage_row(part, known.get(part), coverage.mentions.get(part)) for part in parts
    )
    return CoverageView(
        characters=f"{coverage.characters:,}",
        shares=shares,
        total=CoverageRow(
            part="合计",
            mentions=f"{sum(coverage.mentions.values()):,}",
            stories=f"{coverage.stories:,}",
            shown=f"{coverage.shown:,}",
            selected=str(sum(seen.told for seen in known.values())) if known else _UNKNOWN,
            bars=None,
            said="",
        ),
        # A digest that counts by part names its omitted stories too, if there are any.
        omitted=tuple(map(_omitted_row, coverage.passed)) if known or coverage.passed else None,
    )


def _coverage_row(part: IssuePart, seen: PartCoverage | None, mentions: int | None) -> CoverageRow:
    label = RECAPS[part].label
    if seen is None:
        count = _UNKNOWN if mentions is None else f"{mentions:,}"
        return CoverageRow(label, count, _UNKNOWN, _UNKNOWN, _UNKNOWN, None, "")
    shown, selected = (
        min(_BAR_PERCENT, round(_BAR_PERCENT * count / seen.stories)) if seen.stories else 0
        for count in (seen.shown, seen.told)
    )
    return CoverageRow(
        part=label,
        mentions=f"{seen.mentions:,}",
        stories=f"{seen.stories:,}",
        shown=f"{seen.shown:,}",
        selected=f"{seen.told:,}",
        bars=(shown, selected),
        said=f"{label}：{seen.stories} 则报道中展示 {seen.shown} 则，入选 {seen.told} 则",
    )


def _omitted_row(passed: OmittedStory) -> OmittedRow:
    return OmittedRow(
        story=passed.story,
        words=passed.words,
        part=RECAPS[passed.part].label,
        link=passed.link if passed.link and is_web_url(passed.link) else None,
        score=f"{passed.score:.2f}",
        facts=tuple(map(fact_in_chinese, passed.facts)),
        reason=reason_in_chinese(passed.reason),
    )


def _cost_table(bill: Bill) -> CostTable:
    return CostTable(
        models=bill.models,
        days=bill.since if bill.since == bill.until else f"{bill.since} 至 {bill.until}",
        price=_price(bill.total),
        lines=tuple(_cost_row(prompt) for prompt in bill.prompts),
        total=_cost_row(bill.total),
    )


def _cost_row(item: BillLine) -> CostRow:
    used = item.usage
    counts = (
        used.calls,
        used.batched,
        used.from_cache,
        used.failed,
        used.input_tokens,
        used.cached_tokens,
        used.output_tokens,
        used.reasoning_tokens,
    )
    cells = (*(f"{count:,}" for count in counts), _price(item), f"{used.seconds:,.1f}")
    return CostRow(used.prompt or "合计", cells)


def _price(item: BillLine) -> str:
    """Say a price, or about that, at least so much, or unknown."""
    known = item.usage.cost_usd or 0.0
    if not item.unpriced:
        return f"{'约 ' * bool(item.usage.uncounted and known)}${known:.4f}"
    return f"≥ ${known:.4f}" if known else "未知"
