"""Substack: the publication that carries the newsletter as a section, and its newest posts."""

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from typing_extensions import override

from pipeline.errors import SourceError
from pipeline.fetch.pages import PageNotFound
from pipeline.fetch.slugs import slugify
from pipeline.fetch.source import Source
from pipeline.patterns import lazy_pattern
from pipeline.records import Page

if TYPE_CHECKING:
    from pipeline.fetch.rss import FeedItem

_COVERED_DATES = lazy_pattern(r"AI News for (?:[\d/]+\s*[-–]\s*)?(\d{1,2})/(\d{1,2})/(\d{4})")


class SubstackPost(Source):
    """An issue's post in Substack's feed."""

    name = "substack"
    setting = "substack_url"
    is_complete = False
    has_list = True

    @override
    def fetch(self, slug: str) -> Page:
        """Bring the one post of the issue's date whose title fits the slug, or the feed's title.

        The digest links the post where the site's feed does not vouch for the issue's address.
        Issues older than the newest score of posts, and those whose slug says nothing of the
        title while the site's feed is down, are not found.
        """
        item = None
        with suppress(SourceError):
            item = self._client.read_site_feed().get(slug)
        words = f"-{slug[9:].removeprefix('ainews-')}-"
        posts = [
            post
            for name, post in self.list_items().items()
            if name[:9] == slug[:9]
            and (words in f"-{slugify(post.title)}-" or (item and item.title == post.title))
        ]
        if len(posts) != 1:
            raise PageNotFound(f"{self._base_url}feed has {len(posts) or 'no'} post(s) that fit it")
        page = self.page_from_item(slug, posts[0])
        return page if item else page.model_copy(update={"url": posts[0].link})

    @override
    def list_items(self) -> "dict[str, FeedItem]":
        """List the newest score of issues, under slugs made from date and title.

        These are the site's own for `not-much` issues, half of all. A post's date is the last day
        that its text says it covers, else its publication's.
        """
        url = f"{self._base_url}feed"
        listed = {}
        for post in self._client.read_feed(url):
            mark, _, title = post.title.partition("]")
            day = covered_date(post.content) or post.published
            if mark.strip().casefold() == "[ainews" and day:
                words = slugify(title)
                words = "not-much" if words.startswith("not-much-happened") else words
                listed[f"{day:%y-%m-%d}-{words}"] = post._replace(title=title.strip())
        if not listed:
            raise SourceError(f"{url} lists no issue")
        return listed

    @override
    def probe(self, slug: str) -> None:
        """Read the feed; no post in it need be an issue."""
        url = f"{self._base_url}feed"
        if not self._client.read_feed(url):
            raise SourceError(f"{url} lists nothing")


def covered_date(content: str) -> date | None:
    """Read the last day that an issue's text says it covers."""
    match = _COVERED_DATES.search(content)
    with suppress(ValueError):
        return date(int(match[3]), int(match[1]), int(match[2])) if match else None
    return None
