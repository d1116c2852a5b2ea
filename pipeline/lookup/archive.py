"""The folder of published digests, read only: which there are, and one of them whole.

A name is a date, so that no path leads out of the folder; a link that does is not followed. A
digest carries the evidence of its own entries; what else its issue says only the page shows, where
it is at hand: kept since the digest was made, given, or fetched where that is allowed.
"""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

# Packages, not what is in them: a server starts without what only a page needs.
from pipeline import audit, chinese, fetch, merge, parse
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.lookup.answers import DigestSummary, EntrySummary, PageOrigin, plain
from pipeline.records import DIGEST_NAME, Digest, Page
from pipeline.settings import Settings
from pipeline.storage import FileIndex, file_stamp, is_remote, program_hash, read_regular
from pipeline.write import damage_words, from_json

MAX_DIGEST_BYTES: Final = 8_000_000
"""A larger file is no digest; the largest so far has 0.2 MB."""
_MAX_UNREADABLE: Final = 10
_MAX_REASON_CHARS: Final = 200


class ArchivedDigest(NamedTuple):
    """What is held of a digest."""

    name: str
    date: dt.date
    issue_title: str
    issue_url: str
    entries: tuple[EntrySummary, ...]

    @property
    def summary(self) -> DigestSummary:
        """The digest in a few words."""
        news = sum(entry.entry.startswith("news") for entry in self.entries)
        return DigestSummary(
            digest=self.name,
            date=self.date,
            issue_title=self.issue_title,
            issue_url=self.issue_url,
            news=news,
            tools=len(self.entries) - news,
        )


class IssuePage(NamedTuple):
    """The page of an issue, and where it came from."""

    page: Page
    origin: PageOrigin


FindPage = Callable[[Digest], IssuePage | None]
"""Finds the page of a digest's issue; None where it is not at hand."""


def _no_page(_digest: Digest) -> None:
    """Find none: a digest speaks for itself."""


class Archive:
    """The digests of a folder."""

    def __init__(
        self, folder: Path, index_dir: Path | None = None, *, find_page: FindPage = _no_page
    ) -> None:
        """Name the folder.

        A folder that does not exist holds none.
        """
        self._folder, self._index_dir = folder, index_dir
        self.find_page: Final = find_page

    def digests(self, unreadable: list[str] | None = None) -> Iterator[ArchivedDigest]:
        """Look at all digests, the newest first, and read those that no index knows.

        Args:
            unreadable: takes what is no digest, and why, at most ten, once all were looked at.
        """
        index = FileIndex(
            self._folder,
            self._read_facts,
            ArchivedDigest,
            index_dir=self._index_dir,
            version=program_hash(),
        )
        names = index.json_names()
        failures: dict[str, str] = {}
        try:
            for name in sorted(names, key=_date_and_number, reverse=True):
                try:
                    yield index.get(name)
                except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
                    failures[name] = plain(f"{name}: {_reason(error)}", _MAX_REASON_CHARS)
        finally:
            # Who needs the newest ones looks no further.
            index.save(frozenset(names))
        if unreadable is not None:
            unreadable += [failures[name] for name in sorted(failures)[:_MAX_UNREADABLE]]

    def read(self, name: str | None) -> tuple[str, Digest]:
        """Read a digest; None for the newest one.

        Returns:
            Its name and all of it.

        Raises:
            SettingsError: there is none of that name.
            PageNotUnderstood: the file is damaged.
        """
        if name is None:
            newest = next(self.digests(), None)
            if newest is None:
                raise SettingsError("there is no digest yet")
            name = newest.name
        if not DIGEST_NAME.fullmatch(name):
            raise SettingsError("no digest is called so: write it as 2025-12-21 or 2025-12-21-2")
        try:
            return name, self._read_file(self._folder / f"{name}.json")
        except FileNotFoundError:
            raise SettingsError(f"there is no digest {name}") from None
        except (OSError, UnicodeDecodeError, PageNotUnderstood) as error:
            raise PageNotUnderstood(
                f"the digest {name} cannot be read: {_reason(error)}"
            ) from error

    def _read_file(self, file: Path) -> Digest:
        if not is_remote(file):
            # Unlike pathlib's, it takes a link to itself as it is; reading says what that is.
            if Path(os.path.realpath(file)).parent != Path(os.path.realpath(self._folder)):
                raise PageNotUnderstood("it is a link that leads out of the folder")
            stamp = file_stamp(file)
            if stamp and stamp.size > MAX_DIGEST_BYTES:
                raise PageNotUnderstood(f"it has {stamp.size:,} bytes, no digest has so many")
        return from_json(read_regular(file).decode())

    def _read_facts(self, file: Path) -> ArchivedDigest:
        digest = self._read_file(file)
        if not DIGEST_NAME.fullmatch(file.stem) or file.stem[:10] != digest.date.isoformat():
            raise PageNotUnderstood(f"its date is {digest.date}: name it so")
        return ArchivedDigest(
            name=file.stem,
            date=digest.date,
            issue_title=plain(digest.provenance.title if digest.provenance else ""),
            issue_url=plain(digest.issue_url),
            entries=tuple(
                EntrySummary.of(file.stem, place, entry) for place, entry in digest.placed
            ),
        )


def _date_and_number(name: str) -> tuple[str, int]:
    """Say what a file is sorted by: its date, and its number of that date; what has none, last."""
    stem = name.removesuffix(".json")
    return (stem[:10], int(stem[11:] or 1)) if DIGEST_NAME.fullmatch(stem) else ("", 0)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return damage_words(error)
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8 text"
    return str(error)


def kept_pages(settings: Settings, *, may_fetch: bool = False) -> FindPage:
    """Look in the cache for the very page that a digest was made from.

    Raises SourceError where a page that is to be fetched cannot be.
    """

    def find(digest: Digest) -> IssuePage | None:
        found = audit.find_page(digest, settings, may_fetch=may_fetch)
        return found and IssuePage(found.page, "fetched page" if found.fetched else "kept page")

    return find


def given_page(page: Page) -> FindPage:
    """Take a page that was given; that of another issue than the digest's raises SettingsError."""

    def find(digest: Digest) -> IssuePage:
        asked = fetch.parse_slug(digest.issue_url)
        if asked and fetch.parse_slug(page.slug) == page.slug != asked:
            raise SettingsError(f"--source is the page of {page.slug!r}, not of {asked!r}")
        return IssuePage(page, "given page")

    return find


@lru_cache(maxsize=2)  # an assistant asks about one digest several times
def index_page(page: Page) -> "audit.EvidenceIndex":
    """Make the stories of a page ready to be matched with texts.

    Raises:
        PageNotUnderstood: it holds no issue.
    """
    topics = audit.topic_words(chinese.load_glossary())
    return audit.EvidenceIndex(merge.merge(parse.parse(page)), topics)
