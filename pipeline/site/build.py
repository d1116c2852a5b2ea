"""The folder of digests -> the files of the site: the order of everything.

The only module here that knows which pages there are, where they stand and what each is made of; it
has git asked for earlier versions of digests, and `folder` make what is not there yet. No clock:
what changed is what the digests say.
"""

import datetime as dt
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Final, Literal, NamedTuple
from urllib.parse import urljoin, urlsplit

from pipeline.chinese import glossary_sha256
from pipeline.diff import DigestVersion, PreviousVersions, Repository, diff, previous_versions
from pipeline.errors import SettingsError
from pipeline.llm import Bill, digest_key
from pipeline.records import Record
from pipeline.site.feed import SiteDigest, render_robots, render_sitemap
from pipeline.site.folder import SiteFile, sync_site
from pipeline.site.library import DigestFacts, Library
from pipeline.site.pages import (
    MAX_INDEX_DIGESTS,
    MonthLink,
    SearchRow,
    digest_page,
    index_page,
    month_links,
    month_page,
    outline,
    search_data,
    search_row,
)
from pipeline.site.published import digest_files, feed_files, whole_files
from pipeline.site.render import read_assets, render_template
from pipeline.site.report_link import ReportForm, installed_version
from pipeline.site.review import review_page
from pipeline.site.roundups import Roundups
from pipeline.site.stamps import hash_inputs
from pipeline.site.subjects import subject_files, subject_pages
from pipeline.storage import is_remote

WATCHED_FOLDERS: Final = tuple(Path(__file__).parent / name for name in ("templates", "static"))
"""What the site is made of besides the digests."""


class BuiltSite(Record):
    """A site that was built."""

    out: Path
    """Its folder."""
    digests: int
    """How many digests it has."""
    files: tuple[str, ...]
    """All its files."""
    changed: tuple[str, ...]
    """Those that are new or have other bytes than before."""
    removed: tuple[str, ...]
    """Files that it had and has no more."""
    warnings: tuple[str, ...]
    """What is not on it, and why."""


class ReviewSources(NamedTuple):
    """What review pages are made of besides the digests."""

    bills: Mapping[str, Bill] | None = None
    """What each digest has cost, by its name in the ledger; None for unknown."""
    against: str | None = None
    """The revision that they compare with; None for each digest's last version."""


def build_site(
    folder: Path,
    out: Path,
    *,
    base_url: str | None = None,
    repository_url: str | None = None,
    reviews_of: ReviewSources | None = None,
    index_dir: Path | None = None,
) -> BuiltSite:
    """Build the site of all digests of a folder.

    Drafts are in a folder of their own, and are not published. See `folder.sync_site` for what may
    be in `out`. Without `base_url`, which ends in a slash, links are relative only; without
    `repository_url` readers have no link for reports.

    Raises:
        SettingsError: there is no such folder or revision, or `out` holds something else.
        WriteError: a file cannot be written.
    """
    if not folder.is_dir():
        raise SettingsError(
            f"there is no folder of digests {str(folder)!r}: set AINEWS_OUTPUTS_DIR"
        )
    if not is_remote(folder) and os.path.realpath(out) == os.path.realpath(folder):
        raise SettingsError(f"{str(out)!r} holds the digests: give another folder with --out")
    besides = reviews_of or ReviewSources()
    library = Library(folder, index_dir)
    form = ReportForm(repository_url, installed_version()) if repository_url else None
    roundups = Roundups(folder, index_dir, form)
    warnings = [*library.warnings, *roundups.warnings]
    if not library.digests and not warnings:
        warnings.append(f"{str(folder)!r} holds no digest: the site is empty")
    if base_url is None:
        warnings.append("no address of the site is known: no sitemap.xml; give --url")
    pages = _Pages(library, base_url, form)
    reviews = _Reviews(
        library,
        previous_versions(folder, library.git_names, index_dir, besides.against),
        besides.bills or {},
        _no_previous_version(folder),
    )
    made = (*_site_files(library, pages, reviews, roundups), *_asset_files())
    files = {file.name: file for file in made}
    laid = sync_site(
        files.keys(),
        files.values(),
        out,
        index_dir=index_dir,
        steady=lambda: library.steady and reviews.steady,
    )
    return BuiltSite(
        out=out,
        digests=len(library.digests),
        files=tuple(sorted(files)),
        changed=laid.changed,
        removed=laid.removed,
        warnings=tuple(warnings),
    )


def _site_files(
    library: Library, pages: "_Pages", reviews: "_Reviews", roundups: Roundups
) -> Iterator[SiteFile]:
    """Give all files, those of one digest one after the other, then those of its month."""
    ordered: tuple[DigestFacts | None, ...] = (None, *library.digests, None)
    neighbours = zip(ordered, library.digests, ordered[2:], strict=False)
    for month, run in groupby(neighbours, key=lambda three: three[1].stem[:7]):
        in_month = []
        for newer, facts, older in run:
            yield pages.digest(facts, newer, older)
            yield reviews.review(facts)
            yield from digest_files(library, facts)
            in_month.append(facts)
        yield pages.month(month, in_month)
        yield pages.search(in_month)
    subjects = subject_pages(library.digests)
    yield from subject_files(subjects, pages.render, pages.base_url)
    pages.add_dates((page.href, dt.date.fromisoformat(page.rows[0].stem[:10])) for page in subjects)
    yield from roundups.files(pages.render, library, pages.base_url)
    pages.add_dates((facts.page, facts.last) for facts in roundups.all)
    yield from pages.whole()
    yield from feed_files(library, pages.base_url)
    yield from whole_files(library, pages.base_url)


def _asset_files() -> Iterator[SiteFile]:
    for name, data in read_assets().items():
        yield SiteFile(name, partial(bytes, data))


class _Pages:
    """What is for readers, and for the machines that read for them."""

    def __init__(self, library: Library, base_url: str | None, form: ReportForm | None) -> None:
        self._library, self.base_url, self._form = library, base_url, form
        self._months: dict[str, MonthLink] = {
            month.name: month for month in month_links(facts.outline for facts in library.digests)
        }
        self._all_months = hash_inputs(*self._months.values())
        self._dates = {f"{facts.stem}.html": facts.date for facts in library.digests}
        self._rows: dict[str, SearchRow] = {}

    def render(self, name: str, template: str, view: object, active: str = "") -> bytes:
        """Fill a page of the site."""
        return render_template(
            template,
            view=view,
            root="../" * name.count("/"),
            canonical=self.base_url and urljoin(self.base_url, name),
            active=active,
        ).encode()

    def add_dates(self, dates: Iterable[tuple[str, dt.date]]) -> None:
        """Note when pages that were made elsewhere changed last."""
        self._dates.update(dates)

    def digest(
        self, facts: DigestFacts, newer: DigestFacts | None, older: DigestFacts | None
    ) -> SiteFile:
        name, beside = (
            f"{facts.stem}.html",
            [each.stem if each else None for each in (older, newer)],
        )
        earlier = [day for day in facts.follows if day in self._library.stems]

        def make() -> bytes:
            published = self._library.read(facts)
            self._keep_row(published)
            view = digest_page(
                published,
                stems=earlier,
                older=beside[0],
                newer=beside[1],
                form=self._form,
            )
            return self.render(name, "digest.html", view)

        made_of = (facts.git_names, *beside, earlier, self.base_url, self._form)
        return SiteFile(name, make, hash_inputs("digest", name, made_of))

    def month(self, name: str, in_month: Sequence[DigestFacts]) -> SiteFile:
        month, outlines = self._months[name], [facts.outline for facts in in_month]
        self._dates[month.href] = in_month[0].date

        def make() -> bytes:
            view = month_page(name, outlines, tuple(self._months.values()))
            return self.render(month.href, "month.html", view)

        return SiteFile(
            month.href, make, hash_inputs("month", name, outlines, self._all_months, self.base_url)
        )

    def search(self, in_month: Sequence[DigestFacts]) -> SiteFile:
        month = self._months[in_month[0].stem[:7]]
        made_of = [(facts.stem, facts.git_names) for facts in in_month]
        return SiteFile(
            month.data,
            lambda: search_data([*map(self._row, in_month)]).encode(),
            hash_inputs("search", month, made_of),
        )

    def _keep_row(self, published: SiteDigest) -> None:
        """Keep what the search data of its month, which are made next, need of a digest."""
        if any(stem[:7] != published.stem[:7] for stem in self._rows):
            self._rows.clear()
        self._rows[published.stem] = search_row(published)

    def _row(self, facts: DigestFacts) -> SearchRow:
        return self._rows.pop(facts.stem, None) or search_row(self._library.read(facts))

    def whole(self) -> Iterator[SiteFile]:
        """Give what there is once; after the months, whose dates it names."""
        digests, base_url = self._library.digests, self.base_url
        months = tuple(self._months.values())
        yield SiteFile(
            "search.html", lambda: self.render("search.html", "search.html", months, "search")
        )
        yield SiteFile(
            "index.html", self._index, hash_inputs("index", self._index_parts(), base_url)
        )
        root = urlsplit(base_url or "/").path
        yield SiteFile(
            "404.html",
            lambda: render_template("404.html", root=root, canonical=None, active="").encode(),
        )
        if base_url:
            newest = digests[0].date if digests else None
            rows = [("", newest), *self._dates.items()]
            yield SiteFile(
                "sitemap.xml",
                lambda: render_sitemap(rows, base_url=base_url).encode(),
                hash_inputs("sitemap", rows, base_url),
            )
            if said := render_robots(base_url):
                yield SiteFile("robots.txt", partial(bytes, said.encode()))

    def _index_parts(self) -> list[object]:
        newest = [facts.git_names for facts in self._library.digests[:1]]
        outlines = [facts.outline for facts in self._library.digests[:MAX_INDEX_DIGESTS]]
        return [newest, outlines, self._all_months]

    def _index(self) -> bytes:
        # It is found at the site's own address; the page of what is not found, at any.
        digests = self._library.digests
        first = [outline(self._library.read(facts), whole=True) for facts in digests[:1]]
        view = index_page([*first, *(facts.outline for facts in digests[1:])])
        values = {"view": view, "root": "", "canonical": self.base_url, "active": "index"}
        return render_template("index.html", **values).encode()


class _Reviews:
    """The reviewers' pages."""

    def __init__(
        self,
        library: Library,
        earlier: PreviousVersions,
        bills: Mapping[str, Bill],
        otherwise: Literal["first", "unknown"],
    ) -> None:
        self._library, self._earlier = library, earlier
        self._bills, self._otherwise = bills, otherwise

    @property
    def steady(self) -> bool:
        """Whether git gave every version that it has."""
        return self._earlier.complete

    def review(self, facts: DigestFacts) -> SiteFile:
        name = f"review/{facts.stem}.html"
        bill = self._bill(facts)
        origin = self._earlier.origin(facts.stem)
        made_of = (
            facts.git_names,
            origin and (origin, glossary_sha256()),
            self._otherwise,
            bill.model_dump_json() if bill else "",
        )
        return SiteFile(name, partial(self._make, facts), hash_inputs(name, made_of))

    def _bill(self, facts: DigestFacts) -> Bill | None:
        return self._bills.get(digest_key(facts.date, facts.slug))

    def _make(self, facts: DigestFacts) -> bytes:
        stem, digest = self._library.read(facts)
        old = self._earlier.get(stem)
        now = DigestVersion(name=f"{stem}.json", digest=digest)
        previous = diff(old, now) if old else self._otherwise
        view = review_page(digest, stem, previous=previous, bill=self._bill(facts))
        return render_template(
            "review.html", view=view, root="../", canonical=None, active=""
        ).encode()


def _no_previous_version(folder: Path) -> Literal["first", "unknown"]:
    """Say what it means that no earlier version of a digest is known."""
    try:
        Repository.containing(folder)
    except SettingsError:
        return "unknown"
    return "first"
