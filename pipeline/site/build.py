"""The folder of digests -> the files of the site: the order of everything.

The only module here that knows which pages there are and where they stand; it reads the digests,
has git asked for their earlier versions, and hands all files at once to `folder`. No clock: what
changed is what the digests say.
"""

import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from pipeline.diff import DigestVersion, Repository, diff, previous_versions
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.llm import Bill, digest_key
from pipeline.records import Record
from pipeline.site.feed import FEED, SiteDigest, render_feed, render_robots, render_sitemap
from pipeline.site.folder import sync_folder
from pipeline.site.pages import (
    digest_page,
    index_page,
    month_links,
    month_page,
    search_data,
)
from pipeline.site.render import read_assets, render_template
from pipeline.site.review import review_page
from pipeline.storage import read_regular
from pipeline.write import from_json

WATCHED_FOLDERS: Final = tuple(Path(__file__).parent / name for name in ("templates", "static"))
"""What the site is made of besides the digests."""
_STEM: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:-([2-9]|[1-9]\d))?")


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


def build_site(
    folder: Path,
    out: Path,
    *,
    base_url: str | None = None,
    bills: Mapping[str, Bill] | None = None,
) -> BuiltSite:
    """Build the site of all digests of a folder.

    Args:
        folder: the digests; drafts are in a folder of their own, and are not published.
        out: folder of the site; see `folder.lay` for what may be in it.
        base_url: where it will be found, ending in a slash; without it links are relative only.
        bills: what each digest has cost, by its name in the ledger; None for unknown.

    Raises:
        SettingsError: there is no such folder, or `out` holds something else.
        WriteError: a file cannot be written.
    """
    if not folder.is_dir():
        raise SettingsError(
            f"there is no folder of digests {str(folder)!r}: set AINEWS_OUTPUTS_DIR"
        )
    if os.path.realpath(out) == os.path.realpath(folder):
        raise SettingsError(f"{str(out)!r} holds the digests: give another folder with --out")
    published, warnings = _read_digests(folder)
    files = {name: text.encode() for name, text in _reader_pages(published, base_url)}
    files |= {name: text.encode() for name, text in _review_pages(published, folder, bills or {})}
    laid = sync_folder(files | read_assets(), out)
    if base_url is None:
        warnings.append("no address of the site is known: no sitemap.xml; give --url")
    return BuiltSite(
        out=out,
        digests=len(published),
        files=tuple(sorted(files | read_assets())),
        changed=laid.changed,
        removed=laid.removed,
        warnings=tuple(warnings),
    )


def _reader_pages(
    published: Sequence[SiteDigest], base_url: str | None
) -> Iterator[tuple[str, str]]:
    """Make all that is for readers, and for the machines that read for them."""

    def page(name: str, template: str, view: object, active: str = "") -> tuple[str, str]:
        return name, render_template(
            template,
            view=view,
            root="../" * name.count("/"),
            canonical=base_url and urljoin(base_url, name),
            active=active,
        )

    stems = [site_digest.stem for site_digest in published]
    dates = {f"{site_digest.stem}.html": site_digest.digest.date for site_digest in published}
    for at, site_digest in enumerate(published):
        newer, older = stems[at - 1] if at else None, next(iter(stems[at + 1 :]), None)
        view = digest_page(site_digest, stems=set(stems), older=older, newer=newer)
        yield page(f"{site_digest.stem}.html", "digest.html", view)
    for month in month_links(published):
        in_month = [
            site_digest for site_digest in published if site_digest.stem.startswith(month.name)
        ]
        dates[month.href] = in_month[0].digest.date
        yield page(month.href, "month.html", month_page(month.name, published))
        yield month.data, search_data(in_month)
    yield page("search.html", "search.html", month_links(published), active="search")
    # The first page is found at the site's own address; one that is not found at any.
    values = {"view": index_page(published), "root": "", "canonical": base_url, "active": "index"}
    yield "index.html", render_template("index.html", **values)
    root = urlsplit(base_url or "/").path
    yield "404.html", render_template("404.html", root=root, canonical=None, active="")
    yield FEED, render_feed(published, base_url=base_url)
    if base_url:
        newest = published[0].digest.date if published else None
        yield "sitemap.xml", render_sitemap([("", newest), *dates.items()], base_url=base_url)
        if said := render_robots(base_url):
            yield "robots.txt", said


def _read_digests(folder: Path) -> tuple[list[SiteDigest], list[str]]:
    """Read all digests, newest first; what cannot be read is named."""
    published, warnings = [], []
    for file in folder.glob("*.json"):
        try:
            published.append(_read_digest(file))
        except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
            warnings.append(f"{file} is not on the site: {error}")
    if not published and not warnings:
        warnings.append(f"{str(folder)!r} holds no digest: the site is empty")
    return sorted(published, key=_date_and_number, reverse=True), sorted(warnings)


def _read_digest(file: Path) -> SiteDigest:
    digest = from_json(read_regular(file).decode())
    named = _STEM.fullmatch(file.stem)
    # Pages are named by it, and one such as `index` has its place already.
    if named is None or named[1] != digest.date.isoformat():
        raise PageNotUnderstood(f"its date is {digest.date}: name it so")
    return SiteDigest(file.stem, digest)


def _date_and_number(published: SiteDigest) -> tuple[dt.date, int]:
    return published.digest.date, int(published.stem[11:] or 1)


def _review_pages(
    published: Sequence[SiteDigest], folder: Path, bills: Mapping[str, Bill]
) -> Iterator[tuple[str, str]]:
    """Make the reviewers' pages."""
    earlier, otherwise = previous_versions(folder), _no_previous_version(folder)
    for stem, digest in published:
        old = earlier.get(stem)
        now = DigestVersion(name=f"{stem}.json", digest=digest)
        slug = digest.provenance.slug if digest.provenance else ""
        view = review_page(
            digest,
            stem,
            previous=diff(old, now) if old else otherwise,
            bill=bills.get(digest_key(digest.date, slug)),
        )
        name = f"review/{stem}.html"
        yield name, render_template("review.html", view=view, root="../", canonical=None, active="")


def _no_previous_version(folder: Path) -> Literal["first", "unknown"]:
    """Say what it means that no earlier version of a digest is known."""
    try:
        Repository.containing(folder)
    except SettingsError:
        return "unknown"
    return "first"
