"""The newsletter's site: an issue's own page, and the feed, which carries the newest as text."""

import re
from typing import TYPE_CHECKING

from typing_extensions import override

from pipeline.errors import SourceError
from pipeline.fetch.pages import PageNotFound, decode
from pipeline.fetch.source import Source
from pipeline.records import Page, StoredPage

if TYPE_CHECKING:
    from pipeline.fetch.rss import FeedItem

_BLANK = re.compile(r"(?:\s|<[^<>]*>)*+")
"""Tags and blanks, without a word between them."""


class SitePage(Source):
    """The issue page, through the refresh page of frozen issues."""

    name = "site"
    page_paths = ("issues/{slug}/", "frozen-issues/{slug}.html")
    has_list = True

    @override
    def fetch(self, slug: str) -> Page:
        """Bring the issue page.

        It must close an `<article>`, which login pages, stubs and cut-off pages do not, and
        contain its own slug, which the home page served in its place would not. An article without
        a word, as the site has for an issue of raw HTML, is left to the next source.
        """
        served = self._client.get(self.page_urls(slug)[0], _refresh_url)
        text = decode(served.body, served.content_type)
        if "</article>" not in text or slug not in text:
            message = f"{served.url} is not this issue's page (no whole <article>, or another's)"
            raise SourceError(message)
        article = text.partition("<article")[2].partition(">")[2].partition("</article>")[0]
        if _BLANK.fullmatch(article):
            raise SourceError(f"{served.url} has an article without a word in it")
        return self.make_page(slug, text, served.body)

    @override
    def list_items(self) -> "dict[str, FeedItem]":
        return self._client.read_site_feed()


def _refresh_url(page: StoredPage) -> str:
    text = decode(page.body, page.content_type)
    if "</article>" in text:
        return ""
    from pipeline.fetch.head import read_head

    return read_head(text).refresh_url


class FeedText(Source):
    """An issue's text in the site's feed."""

    name = "feed"

    @override
    def fetch(self, slug: str) -> Page:
        item = self._client.read_site_feed().get(slug)
        if item is None:
            raise PageNotFound(f"{self._base_url}rss.xml does not list it")
        return self.page_from_item(slug, item)
