"""The site's feed: the text that it carries of each issue."""

from typing_extensions import override

from pipeline.fetch.pages import PageNotFound
from pipeline.fetch.source import Source
from pipeline.records import Page


class FeedText(Source):
    """An issue's text in the site's feed."""

    name = "feed"

    @override
    def fetch(self, slug: str) -> Page:
        item = self._client.read_site_feed().get(slug)
        if item is None:
            raise PageNotFound(f"{self._base_url}rss.xml does not list it")
        return self.page_from_item(slug, item)
