"""Digests -> what the pages of readers show: a digest, the newest ones, a month, the search.

Pure. Links between pages are relative; a page is given what else the site has, so that none leads
nowhere. What a digest does not say of itself, as older ones do not, is left out.
"""

import json
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from pipeline.records import HALVES, Entry, EntryKind, Finding
from pipeline.site.entry import DayLink, EntryView, day_link, entry_view
from pipeline.site.feed import SiteDigest
from pipeline.site.forms import FormLink, form_links
from pipeline.site.reasons import CHECK_LABELS
from pipeline.site.report_link import ReportForm
from pipeline.site.safe import ExternalLink, external_link, one_line
from pipeline.write import DEGRADED, NO_ENTRIES, closing_note, heading

MAX_INDEX_DIGESTS: Final = 8
"""Digests on the first page."""
_TEASER_NEWS: Final = 5
"""News of each of them but the newest, which is shown whole."""
# Nothing in a script of its own needs them escaped; wherever it is put, they stay text.
_SCRIPT_ESCAPES: Final = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


class PageSection(NamedTuple):
    """The news or the tools; in a roundup a timeline, too."""

    id: str
    heading: str
    items: tuple[EntryView, ...]
    nothing: str


class DigestPage(NamedTuple):
    """All that a digest's page shows."""

    day: DayLink
    source: ExternalLink | None
    """The issue."""
    issue: str
    """The issue's English title; blank where it is unknown."""
    issued: str
    """Its date."""
    degraded: str
    sections: tuple[PageSection, ...]
    cited: bool
    """Whether sentences of it say which evidence lines they rest on."""
    translated: str
    """Names the model that translated it sentence by sentence; blank in the full profile."""
    findings: str
    review: str
    """Address of its review page."""
    older: DayLink | None
    newer: DayLink | None
    month: str
    """Page of its month."""
    forms: tuple[FormLink, ...]
    """The same digest in other forms."""
    description: str


class TitleLink(NamedTuple):
    """The title of one entry, on another page."""

    href: str
    text: str
    quoted: bool


class Outline(NamedTuple):
    """What pages of several digests say of one."""

    stem: str
    news: tuple[tuple[str, bool], ...]
    """Titles of its first news, and whether each is a quotation."""
    tools: tuple[tuple[str, bool], ...]
    """The same of its tools."""
    more: int
    """How many entries are not named."""


class Teaser(NamedTuple):
    """A digest on the first page or on that of its month."""

    day: DayLink
    news: tuple[TitleLink, ...]
    tools: tuple[TitleLink, ...]
    more: int
    """How many entries are not named."""


class SearchRow(NamedTuple):
    """One digest in the search data: each entry is its title, its summary, and 1 if English."""

    stem: str
    news: list[list[str | int]]
    tools: list[list[str | int]]


class MonthLink(NamedTuple):
    """A month that has digests."""

    name: str
    """`2025-12`."""
    label: str
    href: str
    """From the site's root."""
    data: str
    """Its search data, from the site's root."""
    digests: int


class IndexPage(NamedTuple):
    """All that the first page shows."""

    newest: Teaser | None
    others: tuple[Teaser, ...]
    years: tuple[tuple[str, tuple[MonthLink, ...]], ...]
    digests: int


class MonthPage(NamedTuple):
    """All that a month's page shows."""

    month: MonthLink
    teasers: tuple[Teaser, ...]
    months: tuple[MonthLink, ...]
    """All that there are."""
    older: MonthLink | None
    newer: MonthLink | None


def digest_page(
    published: SiteDigest,
    *,
    stems: Container[str],
    older: str | None = None,
    newer: str | None = None,
    form: ReportForm | None = None,
) -> DigestPage:
    """Show one digest."""
    stem, digest = published
    origin = digest.provenance
    sections = tuple(
        _page_section(published, name, kind, stems, form) for kind, name in HALVES.items()
    )
    return DigestPage(
        day=day_link(stem),
        source=external_link(digest.issue_url),
        issue=one_line(origin.title) if origin else "",
        issued=origin.issue_date.isoformat() if origin else "",
        degraded=DEGRADED.format(digest.degraded).split(maxsplit=1)[1] if digest.degraded else "",
        sections=sections,
        cited=any(item.sentences for half in sections for item in half.items),
        translated=closing_note(digest, clean=one_line),
        findings=_findings(digest.findings),
        review=f"review/{stem}.html",
        older=day_link(older) if older else None,
        newer=day_link(newer) if newer else None,
        month=f"month/{stem[:7]}.html",
        forms=form_links(stem),
        description="；".join(one_line(entry.title) for entry in digest.news[:3]),
    )


def outline(published: SiteDigest, *, whole: bool) -> Outline:
    """Name the first entries of a digest, or all."""
    news, tools = (
        tuple((one_line(entry.title), entry.quoted) for entry in entries)
        for entries in (published.digest.news, published.digest.tools)
    )
    if whole:
        return Outline(published.stem, news, tools, 0)
    shown = news[:_TEASER_NEWS]
    return Outline(published.stem, shown, (), len(news) + len(tools) - len(shown))


def index_page(published: Sequence[SiteDigest | Outline]) -> IndexPage:
    """Show the newest digests and name the months, all given newest first, that one whole."""
    given = month_links(published)
    teasers = [
        _teaser(site_digest, "", whole=at == 0)
        for at, site_digest in enumerate(published[:MAX_INDEX_DIGESTS])
    ]
    return IndexPage(
        newest=teasers[0] if teasers else None,
        others=tuple(teasers[1:]),
        years=tuple(
            (year, tuple(run)) for year, run in groupby(given, key=lambda month: month.name[:4])
        ),
        digests=len(published),
    )


def month_page(
    name: str,
    published: Sequence[SiteDigest | Outline],
    months: tuple[MonthLink, ...] | None = None,
) -> MonthPage:
    """Show the digests of one month.

    With `months`, all that there are, the digests of this one are enough.
    """
    given = month_links(published) if months is None else months
    at = next(at for at, month in enumerate(given) if month.name == name)
    return MonthPage(
        month=given[at],
        teasers=tuple(
            _teaser(site_digest, "../", whole=False)
            for site_digest in published
            if site_digest.stem[:7] == name
        ),
        months=given,
        older=given[at + 1] if at + 1 < len(given) else None,
        newer=given[at - 1] if at else None,
    )


def search_data(rows: Sequence[SearchRow]) -> str:
    """Write the search data of one month, given its digests, newest first; at least one.

    A script, since a page that was opened from disk may load scripts of its own but no data; it
    calls `ainewsSearch` with what `static/search.js` looks through.
    """
    month = rows[0].stem[:7]
    data = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    # Half a surrogate pair is dropped by `one_line`, so that UTF-8 can hold whatever is here.
    return f"window.ainewsSearch({json.dumps(month)},{data.translate(_SCRIPT_ESCAPES)});\n"


def search_row(published: SiteDigest) -> SearchRow:
    """Give what the search looks through of one digest."""
    news, tools = (
        [_search_entry(entry) for entry in entries]
        for entries in (published.digest.news, published.digest.tools)
    )
    return SearchRow(published.stem, news, tools)


def month_links(published: Iterable[SiteDigest | Outline]) -> tuple[MonthLink, ...]:
    """Count digests by month, in the order in which they come."""
    counted = Counter(site_digest.stem[:7] for site_digest in published)
    return tuple(
        MonthLink(
            name=name,
            label=f"{name[:4]}年{int(name[5:])}月",
            href=f"month/{name}.html",
            data=f"search/{name}.js",
            digests=count,
        )
        for name, count in counted.items()
    )


def _page_section(
    published: SiteDigest,
    name: str,
    kind: EntryKind,
    stems: Container[str],
    form: ReportForm | None,
) -> PageSection:
    stem, digest = published
    entries: tuple[Entry, ...] = getattr(digest, name)
    return PageSection(
        id=name,
        # The Markdown's heading, without its sign of a heading and its picture.
        heading=heading(kind, len(entries)).split(maxsplit=2)[2],
        items=tuple(
            entry_view(
                entry,
                f"{name}-{number}",
                number,
                findings=[one for one in digest.findings if one.entry == f"{name}:{number}"],
                earlier=_earlier_day(entry, stems),
                report=form.link(stem, f"{name}:{number}", entry) if form else "",
            )
            for number, entry in enumerate(entries, start=1)
        ),
        nothing=NO_ENTRIES,
    )


def _earlier_day(entry: Entry, stems: Container[str]) -> DayLink | None:
    """Find the digest that published an entry before; one that the site has not has no page."""
    if entry.follows is None:
        return None
    earlier = day_link(entry.follows.isoformat())
    return earlier if earlier.stem in stems else earlier._replace(href="")


def _findings(findings: Sequence[Finding]) -> str:
    """Count errors and warnings apart, by check; blank for none of either."""
    errors = [finding for finding in findings if finding.severity == "error"]
    warnings = [finding for finding in findings if finding.severity != "error"]
    parts = (("条错误未通过核对", errors), ("条提醒", warnings))
    return "；".join(f"{len(found)} {what}（{_by_check(found)}）" for what, found in parts if found)


def _by_check(findings: Sequence[Finding]) -> str:
    counted = Counter(CHECK_LABELS.get(finding.check, finding.check) for finding in findings)
    return "、".join(f"{check} {count}" for check, count in counted.most_common())


def _teaser(published: SiteDigest | Outline, root: str, *, whole: bool) -> Teaser:
    named = published if isinstance(published, Outline) else outline(published, whole=whole)
    shown = day_link(named.stem)
    page = f"{root}{shown.href}"
    news = _title_links(named.news, f"{page}#news")
    tools = _title_links(named.tools, f"{page}#tools")
    return Teaser(shown._replace(href=page), news, tools, named.more)


def _title_links(titles: Sequence[tuple[str, bool]], page: str) -> tuple[TitleLink, ...]:
    return tuple(
        TitleLink(f"{page}-{number}", title, quoted)
        for number, (title, quoted) in enumerate(titles, start=1)
    )


def _search_entry(entry: Entry) -> list[str | int]:
    return [one_line(entry.title), one_line(entry.summary), *([1] if entry.quoted else [])]
