"""The folder of digests -> the files of the site: the order of everything.

The only module here that knows which pages there are and where they stand; it reads the digests,
has git asked for their earlier versions, and hands all files at once to `folder`. No clock: what
changed is what the digests say.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit

from pipeline.diff.compare import diff
from pipeline.diff.git import Repository
from pipeline.diff.records import Version
from pipeline.diff.versions import previous
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.llm.ledger import Bill, called
from pipeline.records import Record
from pipeline.site.feed import FEED, Published, feed, robots, sitemap
from pipeline.site.folder import lay
from pipeline.site.pages import digest_page, index_page, month_page, months, search_page
from pipeline.site.render import assets, render
from pipeline.site.review import review
from pipeline.site.search import search_data
from pipeline.write.files import load

SOURCES: Final = tuple(Path(__file__).parent / name for name in ("templates", "static"))
"""What the site is made of besides the digests."""
_STEM: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:-([2-9]|[1-9]\d))?")


class Built(Record):
    """A site that was built."""

    out: Path
    """Its folder."""
    digests: int
    """How many digests it tells."""
    files: tuple[str, ...]
    """All its files."""
    changed: tuple[str, ...]
    """Those that are new or have other bytes than before."""
    removed: tuple[str, ...]
    """Files that it had and has no more."""
    warnings: tuple[str, ...]
    """What is not on it, and why."""


def site(
    folder: Path,
    out: Path,
    *,
    base_url: str | None = None,
    bills: Mapping[str, Bill] | None = None,
) -> Built:
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
    if out.resolve() == folder.resolve():
        raise SettingsError(f"{str(out)!r} holds the digests: give another folder with --out")
    published, warnings = _published(folder)
    files = {name: text.encode() for name, text in _pages(published, base_url)}
    files |= {name: text.encode() for name, text in _reviews(published, folder, bills or {})}
    laid = lay(files | assets(), out)
    if base_url is None:
        warnings.append("no address of the site is known: no sitemap.xml; give --url")
    return Built(
        out=out,
        digests=len(published),
        files=tuple(sorted(files | assets())),
        changed=laid.changed,
        removed=laid.removed,
        warnings=tuple(warnings),
    )


def _pages(published: Sequence[Published], base_url: str | None) -> Iterator[tuple[str, str]]:
    """Make all that is for readers, and for the machines that read for them."""

    def page(name: str, template: str, view: object, active: str = "") -> tuple[str, str]:
        return name, render(
            template,
            view=view,
            root="../" * name.count("/"),
            canonical=base_url and urljoin(base_url, name),
            active=active,
        )

    stems = [each.stem for each in published]
    dates = {f"{each.stem}.html": each.digest.date for each in published}
    for at, each in enumerate(published):
        newer, older = stems[at - 1] if at else None, next(iter(stems[at + 1 :]), None)
        view = digest_page(each, stems=set(stems), older=older, newer=newer)
        yield page(f"{each.stem}.html", "digest.html", view)
    for month in months(published):
        told = [each for each in published if each.stem.startswith(month.name)]
        dates[month.href] = told[0].digest.date
        yield page(month.href, "month.html", month_page(month.name, published))
        yield month.data, search_data(told)
    yield page("search.html", "search.html", search_page(published), active="search")
    # The first page is found at the site's own address; one that is not found at any.
    values = {"view": index_page(published), "root": "", "canonical": base_url, "active": "index"}
    yield "index.html", render("index.html", **values)
    root = urlsplit(base_url or "/").path
    yield "404.html", render("404.html", root=root, canonical=None, active="")
    yield FEED, feed(published, base_url=base_url)
    if base_url:
        newest = published[0].digest.date if published else None
        yield "sitemap.xml", sitemap([("", newest), *dates.items()], base_url=base_url)
        if said := robots(base_url):
            yield "robots.txt", said


def _published(folder: Path) -> tuple[list[Published], list[str]]:
    """Read all digests, newest first; what cannot be read is named."""
    published, warnings = [], []
    for file in folder.glob("*.json"):
        try:
            published.append(_read(file))
        except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
            warnings.append(f"{file} is not on the site: {error}")
    if not published and not warnings:
        warnings.append(f"{str(folder)!r} holds no digest: the site is empty")
    return sorted(published, key=_place, reverse=True), sorted(warnings)


def _read(file: Path) -> Published:
    digest = load(file.read_text(encoding="utf-8"))
    named = _STEM.fullmatch(file.stem)
    # Pages are named by it, and one such as `index` has its place already.
    if named is None or named[1] != digest.date.isoformat():
        raise PageNotUnderstood(f"its date is {digest.date}: name it so")
    return Published(file.stem, digest)


def _place(published: Published) -> tuple[dt.date, int]:
    return published.digest.date, int(published.stem[11:] or 1)


def _reviews(
    published: Sequence[Published], folder: Path, bills: Mapping[str, Bill]
) -> Iterator[tuple[str, str]]:
    """Make the reviewers' pages."""
    earlier, otherwise = previous(folder), _without(folder)
    for stem, digest in published:
        old = earlier.get(stem)
        now = Version(name=f"{stem}.json", digest=digest)
        slug = digest.provenance.slug if digest.provenance else ""
        view = review(
            digest,
            stem,
            before=diff(old, now) if old else otherwise,
            bill=bills.get(called(digest.date, slug)),
        )
        name = f"review/{stem}.html"
        yield name, render("review.html", view=view, root="../", canonical=None, active="")


def _without(folder: Path) -> Literal["first", "unknown"]:
    """Say what it means that no earlier version of a digest is known."""
    try:
        Repository.of(folder)
    except SettingsError:
        return "unknown"
    return "first"
