"""What every source of a page is, and what the sources share."""

import hashlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar

from pipeline.errors import SourceError
from pipeline.fetch.pages import FetchLimits, without_login
from pipeline.fetch.slugs import parse_slug
from pipeline.records import Page, PageFormat, SourceName, StoredPage

if TYPE_CHECKING:
    from pipeline.fetch.rss import FeedItem

HOME_URL = "https://news.smol.ai/"
SITE_SETTING = "site_url"


class SourceClient:
    """What the sources of one chain share: an HTTP client, feeds read once, their base URLs.

    Safe between threads.
    """

    def __init__(
        self,
        get: Callable[[str, Callable[[StoredPage], str], int], StoredPage],
        base_urls: Mapping[str, str],
        limits: FetchLimits,
    ) -> None:
        self._get, self._limits = get, limits
        self._base_urls = {name: without_login(url) for name, url in base_urls.items()}
        self._lock = threading.Lock()
        self._feeds: dict[str, tuple[FeedItem, ...] | SourceError] = {}

    def get(self, url: str, next_url: Callable[[StoredPage], str] = lambda _: "") -> StoredPage:
        """Bring one page, and the one that it leads on to by its own text.

        Raises:
            PageNotFound: the server works and does not have it.
            SourceError: it could not be read; says why.
        """
        return self._get(url, next_url, self._limits.max_page_bytes)

    def base_url(self, setting: str) -> str:
        """Give the base URL that a setting names, with one trailing slash."""
        return self._base_urls[setting].rstrip("/") + "/"

    def read_feed(self, url: str) -> "tuple[FeedItem, ...]":
        """Read a feed once: its items, or the failure that it met the first time."""
        from pipeline.fetch.rss import read_feed

        with self._lock:
            if url not in self._feeds:
                try:
                    self._feeds[url] = read_feed(self._get_feed(url), url)
                except SourceError as error:
                    self._feeds[url] = error
            known = self._feeds[url]
        if isinstance(known, SourceError):
            raise SourceError(str(known)) from known
        return known

    def _get_feed(self, url: str) -> bytes:
        """Bring a feed, which may be larger than a page."""
        return self._get(url, lambda _: "", self._limits.max_feed_bytes).body

    def read_site_feed(self) -> "dict[str, FeedItem]":
        """Read the site's feed: its items by slug."""
        url = f"{self.base_url(SITE_SETTING)}rss.xml"
        listed = {slug: item for item in self.read_feed(url) if (slug := parse_slug(item.link))}
        if not listed:
            raise SourceError(f"{url} lists no issue")
        return listed


class Source(ABC):
    """One place that issues come from. `SOURCES` in `chain.py` lists the subclasses."""

    name: ClassVar[SourceName]
    """How a digest names it."""
    setting: ClassVar[str] = SITE_SETTING
    """Field of the settings that holds its base URL."""
    page_paths: ClassVar[tuple[str, ...]] = ()
    """Where an issue's page may be, below the base URL; none where it has no page of its own."""
    media: ClassVar[PageFormat] = "html"
    """How its pages are written."""
    is_complete: ClassVar[bool] = True
    """Whether it has every issue, so that one it does not have does not exist."""
    has_list: ClassVar[bool] = False
    """Whether it lists the issues that exist."""

    def __init__(self, client: SourceClient) -> None:
        self._client = client
        self._base_url = client.base_url(self.setting)

    @abstractmethod
    def fetch(self, slug: str) -> Page:
        """Bring an issue's page.

        Raises:
            PageNotFound: the source works and does not have it.
            SourceError: it could not be read, or is not an issue.
        """

    def page_urls(self, slug: str) -> tuple[str, ...]:
        """List the addresses of an issue's page."""
        return tuple(self._base_url + path.format(slug=slug) for path in self.page_paths)

    def list_items(self) -> "dict[str, FeedItem]":
        """List the issues that exist by slug, in the feed's order.

        Raises:
            SourceError: the list could not be read, or is empty.
        """
        return {}

    def probe(self, slug: str) -> None:
        """Ask briefly whether the source answers; `slug` is the newest issue, empty if unknown.

        Raises:
            SourceError: it does not.
        """
        self.fetch(slug)

    def make_page(self, slug: str, text: str, body: bytes) -> Page:
        """Make the page of an issue; its SHA-256 is that of `body`."""
        return make_page(slug, text, body, source=self.name, media=self.media)

    def page_from_item(self, slug: str, item: "FeedItem") -> Page:
        """Make a feed item's text a page like the site's: head, title, article.

        The SHA-256 is that of the text, since what the feed wraps it in changes every day.
        """
        if "Recap" not in item.content:
            raise SourceError(f"{item.link} comes without its text in the feed")
        from html import escape

        title, description = escape(item.title), escape(item.description)
        text = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta name="description" content="{description}"></head>\n'
            f'<body><h1>{title}</h1>\n<article class="content-area">{item.content}</article>'
            "</body></html>\n"
        )
        return self.make_page(slug, text, item.content.encode())


def make_page(slug: str, text: str, body: bytes, *, source: SourceName, media: PageFormat) -> Page:
    """Make a page whose public address is the newsletter's own."""
    return Page(
        slug=slug,
        url=f"{HOME_URL}issues/{slug}/",
        source=source,
        media=media,
        text=text,
        sha256=hashlib.sha256(body).hexdigest(),
    )
