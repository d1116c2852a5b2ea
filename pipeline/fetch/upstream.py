"""The upstream repository: an issue's Markdown."""

import re
from contextlib import suppress

from typing_extensions import override

from pipeline.errors import SourceError
from pipeline.fetch.pages import PageNotFound, decode
from pipeline.fetch.source import Source
from pipeline.records import Page

_MOVED_NOTE = "Archived full issue body"


class UpstreamMarkdown(Source):
    """An issue's file in the upstream repository."""

    name = "upstream"
    setting = "upstream_url"
    media = "markdown"
    page_paths = ("src/content/issues/{slug}.md", "src/content/frozen-issues/{slug}.md")

    @override
    def fetch(self, slug: str) -> Page:
        """Bring the Markdown: front matter and a heading, and not the note that it moved."""
        failure: SourceError = PageNotFound(f"{self._base_url}src/content has no {slug}.md")
        for url in self.page_urls(slug):
            with suppress(PageNotFound):
                served = self._client.get(url)
                text = decode(served.body, served.content_type)
                is_issue = text.startswith("---") and re.search(r"(?m)^#{1,6} ", text)
                if is_issue and _MOVED_NOTE not in text:
                    return self.make_page(slug, text, served.body)
                failure = SourceError(f"{served.url} is not an issue in Markdown")
        raise failure

    @override
    def probe(self, slug: str) -> None:
        """Ask for the file of the newest issue, whatever is in it."""
        self._client.get(self.page_urls(slug)[0])
