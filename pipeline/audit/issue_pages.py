"""The page of an issue: the one that is named, that a digest was made from, or as it is now."""

from typing import BinaryIO, NamedTuple

from pipeline.errors import SettingsError
from pipeline.fetch import parse_slug, read_source
from pipeline.llm import Cache
from pipeline.plan import open_sources
from pipeline.records import Digest, Page
from pipeline.settings import Settings
from pipeline.storage import is_here


class FoundPage(NamedTuple):
    """A page that was looked for."""

    page: Page
    fetched: bool
    """Whether it is not the very page that the digest was made from."""


def load_page(source: str, settings: Settings, stdin: BinaryIO) -> Page:
    """Bring the page that `--source` names: a file, `-`, a slug or an address.

    Raises:
        SettingsError: it is none of these.
        SourceError: the issue could not be fetched.
    """
    if source == "-" or is_here(source):
        return read_source(source, stdin, max_page_bytes=settings.max_page_bytes)
    slug = parse_slug(source)
    if slug is None:
        raise SettingsError(
            f"--source {source!r} is no file, and no slug or address of an issue: give one of these"
        )
    return fetch_page(slug, settings)


def fetch_page(slug: str, settings: Settings) -> Page:
    """Fetch an issue.

    Raises:
        SourceError: it could not be fetched.
    """
    with (
        Cache(settings.cache_file) as cache,
        open_sources(settings, cache) as sources,
    ):
        return sources.fetch(slug)


def find_page(digest: Digest, settings: Settings, *, may_fetch: bool) -> FoundPage | None:
    """Find the page of a digest's issue: the very one that is kept, or else one that is fetched.

    Args:
        digest: the digest.
        settings: where the cache and the newsletter are; a cache that is not there is not made.
        may_fetch: whether a page that is not kept is fetched.

    Raises:
        SourceError: it could not be fetched.
    """
    made = digest.provenance
    if made and settings.cache_file.is_file():
        with Cache(settings.cache_file) as cache, open_sources(settings, cache) as sources:
            kept = sources.find_stored(made.slug, made.source, made.page_sha256)
        if kept:
            return FoundPage(kept, fetched=False)
    slug = parse_slug(digest.issue_url)
    return FoundPage(fetch_page(slug, settings), fetched=True) if may_fetch and slug else None
