"""The entries of all digests -> pages and feeds of each company, model, person, product and source.

A subject has a page from three entries on; what is on it are titles, each of which leads to
its entry. Only so many of the newest are shown: the search has all.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final, NamedTuple
from urllib.parse import urljoin

from pipeline.site.entry import DayLink, day_link
from pipeline.site.entry_facts import EntryFacts, PageKind
from pipeline.site.feed import MAX_FEED_DIGESTS, FeedHead, FeedPost, render_feed, tag_uri
from pipeline.site.folder import SiteFile
from pipeline.site.library import DigestFacts
from pipeline.site.safe import ExternalLink, external_link
from pipeline.site.stamps import hash_inputs

FOLDER: Final = "subject"
MIN_ENTRIES: Final = 3
"""Entries from which on a subject has a page."""
MAX_ROWS: Final = 500
"""Entries that a page shows."""
GROUPS: Final = {
    "company": "公司与机构",
    "model": "模型",
    "person": "人物",
    "product": "产品与工具",
    "source": "按来源",
}
"""The kinds of subjects and what they are called, in their order."""
_SOURCES: Final[dict[PageKind, str]] = {
    "paper": "论文",
    "repository": "代码仓库",
    "model": "模型页",
    "product": "产品页与文档",
}
_INDEX: Final = f"{FOLDER}/index.html"
RenderPage = Callable[[str, str, object, str], bytes]
"""Fills a page: its name, its template, what it shows, and which part of the site it is."""


class SubjectRow(NamedTuple):
    """One entry on the page of a subject."""

    stem: str
    facts: EntryFacts

    @property
    def href(self) -> str:
        """Address of the entry, from the site's root."""
        return f"{self.stem}.html#{self.facts.anchor}"

    @property
    def day(self) -> DayLink:
        """The digest that it stands in."""
        return day_link(self.stem)

    @property
    def source(self) -> ExternalLink | None:
        """Its link."""
        return external_link(self.facts.link)


class SubjectDay(NamedTuple):
    """The entries of one digest."""

    day: DayLink
    rows: tuple[SubjectRow, ...]


class SubjectPage(NamedTuple):
    """A subject and what is told of it."""

    slug: str
    group: str
    label: str
    rows: tuple[SubjectRow, ...]
    """The newest first, at most 500."""
    total: int

    @property
    def href(self) -> str:
        """Its page, from the site's root."""
        return f"{FOLDER}/{self.slug}.html"

    @property
    def feed(self) -> str:
        """Its feed, from the site's root."""
        return f"{FOLDER}/{self.slug}.xml"

    @property
    def group_label(self) -> str:
        """What kind of subject it is."""
        return GROUPS[self.group]

    @property
    def days(self) -> tuple[SubjectDay, ...]:
        """The rows by their digests."""
        by_stem: dict[str, list[SubjectRow]] = {}
        for row in self.rows:
            by_stem.setdefault(row.stem, []).append(row)
        return tuple(SubjectDay(rows[0].day, tuple(rows)) for rows in by_stem.values())

    @property
    def parts(self) -> tuple[str, ...]:
        """The recaps that its entries stand in, the most frequent first."""
        counted = Counter(part for row in self.rows for part in row.facts.parts)
        return tuple(part for part, _ in sorted(counted.items(), key=lambda p: (-p[1], p[0])))


class SubjectGroup(NamedTuple):
    """All subjects of one kind."""

    id: str
    label: str
    subjects: tuple[SubjectPage, ...]


def subject_pages(digests: Iterable[DigestFacts]) -> tuple[SubjectPage, ...]:
    """Collect the entries of each subject that has three.

    Args:
        digests: the newest first.

    Returns:
        The subjects with most entries first, of each kind.
    """
    rows: dict[tuple[str, str], list[SubjectRow]] = {}
    labels: dict[tuple[str, str], Counter[str]] = {}
    for facts in digests:
        for entry in facts.entry_facts:
            for group, slug, label in _subjects(entry):
                rows.setdefault((group, slug), []).append(SubjectRow(facts.stem, entry))
                labels.setdefault((group, slug), Counter())[label] += 1
    order = list(GROUPS)
    pages = (
        SubjectPage(slug, group, _label(labels[group, slug]), tuple(found[:MAX_ROWS]), len(found))
        for (group, slug), found in rows.items()
        if len(found) >= MIN_ENTRIES
    )
    return tuple(sorted(pages, key=lambda page: (order.index(page.group), -page.total, page.slug)))


def subject_groups(pages: Iterable[SubjectPage]) -> tuple[SubjectGroup, ...]:
    """Put subjects under the names of their kinds; kinds that have none are left out."""
    given = tuple(pages)
    found = (
        SubjectGroup(group, label, tuple(page for page in given if page.group == group))
        for group, label in GROUPS.items()
    )
    return tuple(group for group in found if group.subjects)


def _subjects(entry: EntryFacts) -> Iterator[tuple[str, str, str]]:
    for subject in entry.subjects:
        yield subject.kind, subject.slug, subject.label
    if entry.page:
        yield "source", f"source-{entry.page}", _SOURCES[entry.page]


def _label(written: Counter[str]) -> str:
    """Choose of the ways in which a name is written the most frequent, of equal ones the first."""
    return min(written, key=lambda label: (-written[label], label))


def subject_files(
    pages: Sequence[SubjectPage], render: RenderPage, base_url: str | None
) -> Iterator[SiteFile]:
    """Give the files of all subjects."""
    for page in pages:
        made_of = hash_inputs("subject", page, base_url)
        make = partial(render, page.href, "subject.html", page, "subject")
        yield SiteFile(page.href, make, made_of)
        yield SiteFile(page.feed, partial(_feed, page, base_url), made_of)
    listed = [(page.slug, page.group, page.label, page.total) for page in pages]
    yield SiteFile(
        _INDEX,
        lambda: render(_INDEX, "subjects.html", subject_groups(pages), "subject"),
        hash_inputs("subjects", listed, base_url),
    )


def _feed(page: SubjectPage, base_url: str | None) -> bytes:
    posts = [_post(row, base_url) for row in page.rows[:MAX_FEED_DIGESTS]]
    head = FeedHead(
        file=page.feed,
        title=f"{page.label} · AINews 中文日报",
        subtitle=f"日报里提到{page.label}的条目",
        home=page.href,
    )
    return render_feed(posts, base_url=base_url, head=head).encode()


def _post(row: SubjectRow, base_url: str | None) -> FeedPost:
    day = row.day.iso
    source = row.source
    return FeedPost(
        id=tag_uri(base_url, day, f"{row.stem}/{row.facts.anchor}"),
        title=row.facts.title,
        date=f"{day}T00:00:00+08:00",
        # A feed lies in the folder of the subjects.
        address=urljoin(base_url, row.href) if base_url else f"../{row.href}",
        issue_url=source.href if source else "",
        summary=f"{row.day.date}日报",
        content="",
    )
