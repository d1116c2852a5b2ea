"""The newsletter's site: an issue's own page, and what a page's head says of other pages."""

import re
from typing import NamedTuple

from lxml import etree
from typing_extensions import override

from pipeline.errors import SourceError
from pipeline.fetch.http import decode
from pipeline.fetch.rss import FeedItem
from pipeline.fetch.source import Source
from pipeline.records import Page, StoredPage

_TAG = re.compile(r"<[^<>]*>")


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
        served = self._client.http.get(self.page_urls(slug)[0], _refresh_url)
        text = decode(served.body, served.content_type)
        if "</article>" not in text or slug not in text:
            message = f"{served.url} is not this issue's page (no whole <article>, or another's)"
            raise SourceError(message)
        article = text.partition("<article")[2].partition(">")[2].partition("</article>")[0]
        if not _TAG.sub("", article).strip():
            raise SourceError(f"{served.url} has an article without a word in it")
        return self.make_page(slug, text, served.body)

    @override
    def list_items(self) -> dict[str, FeedItem]:
        return self._client.read_site_feed()


class PageHead(NamedTuple):
    """What a page's head says of other pages; empty where it says nothing."""

    refresh_url: str
    """Where a page without an article refreshes to."""
    canonical_url: str
    """Its public address."""


def read_head(text: str) -> PageHead:
    """Read a page's head as browsers do."""
    try:
        root = etree.HTML(text.encode(), etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return PageHead("", "")
    refresh_url = ""
    for meta in root.iter("meta") if "</article>" not in text else ():
        if meta.get("http-equiv", "").strip().lower() == "refresh":
            match = re.search(r"(?i)url\s*=\s*['\"]?([^'\"]+)", meta.get("content", ""))
            refresh_url = refresh_url or (match[1].strip() if match else "")
    found = root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    urls = (str(url).strip() for url in found)
    canonical_url = next((url for url in urls if re.fullmatch(r"https?://[^\s<>\"]+", url)), "")
    return PageHead(refresh_url, canonical_url)


def _refresh_url(page: StoredPage) -> str:
    return read_head(decode(page.body, page.content_type)).refresh_url
