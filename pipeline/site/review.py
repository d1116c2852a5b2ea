"""One digest -> its review page: what changed since its last version, findings, coverage, receipt.

Pure. What a digest does not say of itself, as older ones do not, is shown as not recorded and never
as nothing. The ledger is in a cache that may be gone: then the page says that there is no receipt.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from pipeline.diff.records import Difference
from pipeline.llm.ledger import Bill, Item
from pipeline.records import Coverage, Digest, Drop, Edit, Entry, Part, Passed, Seen
from pipeline.site.reasons import EDITS, FIELDS, PARTS, SOURCES, Words, fact, reason
from pipeline.site.sides import Sides, Told, sides, told
from pipeline.write.escape import is_web

Before = Difference | Literal["first", "unknown"]
"""What changed since the version before; that there was none; or that nobody looked for one."""

_UNKNOWN: Final = "未记录"
_HASH: Final = 12
_ORDER: Final[tuple[Part, ...]] = ("intro", "twitter", "reddit", "discord", "discord_details")
_BAR: Final = 100


class About(NamedTuple):
    """A finding, and the entry that it is about."""

    told: Told
    title: str
    """Title of the entry; blank where none stands there."""


class Left(NamedTuple):
    """What a stage left out or repaired."""

    what: str
    words: str
    """How the story begins, in English, where that is known."""
    reason: Words


class ByHand(NamedTuple):
    """One edit."""

    what: str
    where: str
    words: str
    """How its story begins, in English."""
    instead: str
    """How the story begins that it put out."""
    fields: tuple[tuple[str, str], ...]
    """Names of the fields and their words by hand."""


class Share(NamedTuple):
    """What was looked at of one part, or of the whole issue."""

    part: str
    mentions: str
    stories: str
    shown: str
    told: str
    bars: tuple[int, int] | None
    """Per cent of the stories that were shown, and that are told."""
    said: str
    """The same in words, for whoever does not see the bars."""


class Untold(NamedTuple):
    """One of the best stories that were not chosen."""

    story: str
    words: str
    part: str
    link: str | None
    score: str
    facts: tuple[Words, ...]
    reason: Words


class Covered(NamedTuple):
    """How much of the issue was looked at."""

    characters: str
    shares: tuple[Share, ...]
    total: Share
    untold: tuple[Untold, ...] | None
    """None where the digest does not say."""


class Cost(NamedTuple):
    """One line of the receipt."""

    prompt: str
    cells: tuple[str, ...]


class Receipt(NamedTuple):
    """What the digest has cost."""

    models: tuple[str, ...]
    days: str
    price: str
    lines: tuple[Cost, ...]
    total: Cost


class Review(NamedTuple):
    """All that a review page shows."""

    date: str
    stem: str
    issue_url: str | None
    facts: tuple[tuple[str, str, bool], ...]
    """Where the digest comes from: what, its value, and whether that is a name or a hash."""
    before: str
    """`first`, `unknown` or `known`."""
    sides: Sides | None
    checked: bool
    """Whether the digest says what the checks found: one that was read from Markdown does not."""
    findings: tuple[About, ...]
    drops: tuple[Left, ...]
    edits: tuple[ByHand, ...]
    coverage: Covered | None
    receipt: Receipt | None


def review(digest: Digest, stem: str, *, before: Before, bill: Bill | None = None) -> Review:
    """Make the review page of one digest.

    Args:
        digest: the digest.
        stem: name of its files without ending.
        before: what changed since its last version.
        bill: what the ledger knows of it; None for nothing.
    """
    origin = digest.provenance
    return Review(
        date=digest.date.isoformat(),
        stem=stem,
        issue_url=digest.issue_url if is_web(digest.issue_url) else None,
        facts=tuple(_facts(digest)),
        before=before if isinstance(before, str) else "known",
        sides=None if isinstance(before, str) else sides(before),
        checked=origin is not None,
        findings=tuple(_findings(digest)),
        drops=tuple(_drops(digest.drops, origin.coverage.passed if origin else ())),
        edits=tuple(map(_edit, digest.edits)),
        coverage=_covered(origin.coverage) if origin else None,
        receipt=_receipt(bill) if bill else None,
    )


def _facts(digest: Digest) -> Iterator[tuple[str, str, bool]]:
    origin = digest.provenance
    if origin is None:
        return
    yield "期号", origin.slug, True
    yield "原刊标题", origin.title, True
    yield "原刊日期", origin.issue_date.isoformat(), True
    yield "来源", SOURCES[origin.source], False
    yield "来源页 SHA-256", origin.page_sha256[:_HASH], True
    yield "模型", origin.model, True
    for name, sha256 in sorted(origin.prompts.items()):
        yield ("术语表" if name == "glossary" else f"提示词 {name}"), sha256[:_HASH], True
    for name, value in sorted(origin.settings.items()):
        yield f"设置 {name}", "无" if value is None else str(value), value is not None
    if not origin.settings:
        yield "设置", _UNKNOWN, False
    memory = origin.memory
    compared = _UNKNOWN if memory is None else "、".join(memory) or "没有更早的日报"
    yield "对照过的日报", compared, False


def _findings(digest: Digest) -> Iterator[About]:
    entries: Mapping[str, Entry] = {
        f"{section}:{number}": entry
        for section, half in (("news", digest.news), ("tools", digest.tools))
        for number, entry in enumerate(half, start=1)
    }
    for finding in digest.findings:
        entry = entries.get(finding.entry)
        yield About(told(finding), entry.title if entry else "")


def _drops(drops: Sequence[Drop], passed: Sequence[Passed]) -> Iterator[Left]:
    words = {each.story: each.words for each in passed}
    for drop in drops:
        yield Left(drop.what, words.get(drop.what, ""), reason(drop.reason))


def _edit(edit: Edit) -> ByHand:
    names = ("title", "summary", "link")
    place = edit.place or ""
    return ByHand(
        what=EDITS[edit.do],
        where=edit.stood if place in ("", edit.stood) else f"{edit.stood} → {place}",
        words=edit.story.words,
        instead=edit.instead.words if edit.instead else "",
        fields=tuple((FIELDS[name], words) for name in names if (words := getattr(edit, name))),
    )


def _covered(coverage: Coverage) -> Covered:
    known: dict[Part, Seen] = coverage.parts
    parts = [part for part in _ORDER if part in known or part in coverage.mentions]
    shares = tuple(_share(part, known.get(part), coverage.mentions.get(part)) for part in parts)
    all_told = str(sum(each.told for each in known.values())) if known else _UNKNOWN
    return Covered(
        characters=f"{coverage.characters:,}",
        shares=shares,
        total=Share(
            part="合计",
            mentions=f"{sum(coverage.mentions.values()):,}",
            stories=f"{coverage.stories:,}",
            shown=f"{coverage.shown:,}",
            told=all_told,
            bars=None,
            said="",
        ),
        # A digest that counts by part names its untold stories too, if there are any.
        untold=tuple(map(_untold, coverage.passed)) if known or coverage.passed else None,
    )


def _share(part: Part, seen: Seen | None, mentions: int | None) -> Share:
    if seen is None:
        count = _UNKNOWN if mentions is None else f"{mentions:,}"
        return Share(PARTS[part], count, _UNKNOWN, _UNKNOWN, _UNKNOWN, None, "")
    shown, told_ = (
        min(_BAR, round(_BAR * count / seen.stories)) if seen.stories else 0
        for count in (seen.shown, seen.told)
    )
    return Share(
        part=PARTS[part],
        mentions=f"{seen.mentions:,}",
        stories=f"{seen.stories:,}",
        shown=f"{seen.shown:,}",
        told=f"{seen.told:,}",
        bars=(shown, told_),
        said=f"{PARTS[part]}：{seen.stories} 则报道中展示 {seen.shown} 则，入选 {seen.told} 则",
    )


def _untold(passed: Passed) -> Untold:
    return Untold(
        story=passed.story,
        words=passed.words,
        part=PARTS[passed.part],
        link=passed.link if passed.link and is_web(passed.link) else None,
        score=f"{passed.score:.2f}",
        facts=tuple(map(fact, passed.facts)),
        reason=reason(passed.reason),
    )


def _receipt(bill: Bill) -> Receipt:
    return Receipt(
        models=bill.models,
        days=bill.since if bill.since == bill.until else f"{bill.since} 至 {bill.until}",
        price=_price(bill.total),
        lines=tuple(_cost(each) for each in bill.prompts),
        total=_cost(bill.total),
    )


def _cost(item: Item) -> Cost:
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
    return Cost(used.prompt or "合计", cells)


def _price(item: Item) -> str:
    """Say a price, at least so much, or unknown."""
    known = item.usage.cost_usd or 0.0
    if not item.unpriced:
        return f"${known:.4f}"
    return f"≥ ${known:.4f}" if known else "未知"
