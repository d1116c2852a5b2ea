"""Digests -> the Atom feed (RFC 4287), the JSON Feed (jsonfeed.org), the sitemap (sitemaps.org).

Pure. Dates are the digests' own, so that nothing changes by itself. Relative addresses are enough
for a feed that is read where the site lies; ids need a name that is somebody's, which a site
without an address has not, so its own is one that can never be anybody's (RFC 2606).
"""

import datetime as dt
import json
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from pipeline.records import Digest
from pipeline.site.render import render_template
from pipeline.site.safe import ExternalLink, external_link, one_line
from pipeline.write import NO_LINK, EntryText, digest_sections

FEED: Final = "feed.xml"
"""Name of the feed's file."""
FEED_TITLE: Final = "AINews 中文日报"
FEED_SUBTITLE: Final = "每期 AINews 的十大新闻与十大工具，每条都附来源"
AUTHOR: Final = "ainews-digest"
MAX_FEED_DIGESTS: Final = 30
"""How many digests a feed has."""
MAX_SITEMAP_URLS: Final = 50_000
"""How many addresses one list of pages may have."""
_PLACEHOLDER_HOST: Final = "ainews-digest.invalid"
_MIDNIGHT: Final = "T00:00:00+08:00"  # a digest's date is Shanghai's
# All that XML 1.0 cannot hold, as itself or as an entity.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
JSON_FEED: Final = "feed.json"
"""Name of the JSON Feed's file."""
_LANGUAGE: Final = "zh-CN"


class SiteDigest(NamedTuple):
    """One digest of the site."""

    stem: str
    """File name without ending: date, and `-2` for the second one of a date."""
    digest: Digest


class FeedEntry(NamedTuple):
    """One item of a digest in the feed."""

    text: EntryText
    link: ExternalLink | None
    earlier: str
    """Address of the earlier digest that it follows; blank where the site has none."""
    no_link: str = NO_LINK


class FeedSection(NamedTuple):
    """The news, or the tools."""

    heading: str
    entries: tuple[FeedEntry, ...]


class FeedHead(NamedTuple):
    """What a feed says of itself."""

    file: str = FEED
    """Its own file, from the site's root."""
    title: str = FEED_TITLE
    subtitle: str = FEED_SUBTITLE
    home: str = ""
    """The page that it belongs to, from the site's root; blank for the first one."""


_MAIN: Final = FeedHead()


class FeedPost(NamedTuple):
    """One entry of a feed: a whole digest, or one entry of it."""

    id: str
    title: str
    date: str
    address: str
    issue_url: str
    summary: str
    content: str
    """HTML, which the feed holds as text."""


def feed_posts(
    published: Iterable[SiteDigest], *, base_url: str | None, stems: Container[str] | None = None
) -> tuple[FeedPost, ...]:
    """Make the entries of the feeds, of the newest digests.

    `stems` are all digests of the site; by default those that are given.
    """
    if stems is None:
        published = tuple(published)
        stems = {site_digest.stem for site_digest in published}
    newest = islice(published, MAX_FEED_DIGESTS)
    return tuple(_feed_post(site_digest, base_url, stems) for site_digest in newest)


def render_feed(posts: Sequence[FeedPost], *, base_url: str | None, head: FeedHead = _MAIN) -> str:
    """Write the Atom feed of these entries."""
    name = head.file.removesuffix(".xml")
    up = "../" * head.file.count("/")
    text = render_template(
        FEED,
        title=head.title,
        subtitle=head.subtitle,
        author=AUTHOR,
        posts=posts,
        id=tag_uri(base_url, "2025-01-01", name),
        updated=posts[0].date if posts else f"1970-01-01{_MIDNIGHT}",
        home=urljoin(base_url, head.home) if base_url else f"{up}{head.home or 'index.html'}",
        own=urljoin(base_url, head.file) if base_url else "",
    )
    return _NOT_XML.sub("", text)


def render_sitemap(pages: Iterable[tuple[str, dt.date | None]], *, base_url: str) -> str:
    """Write the list of pages.

    The most important ones come first; those beyond the 50,000 that a list may have are left out.
    """
    rows = [
        (urljoin(base_url, quote(name)), date.isoformat() if date else "")
        for (name, date), _ in zip(pages, range(MAX_SITEMAP_URLS), strict=False)
    ]
    return _NOT_XML.sub("", render_template("sitemap.xml", rows=rows))


def render_robots(base_url: str) -> str | None:
    """Write what search engines may read; None where nobody would look for it.

    They look at the root of a host only, and a site may lie below it.
    """
    if urlsplit(base_url).path != "/":
        return None
    return f"User-agent: *\nDisallow:\n\nSitemap: {urljoin(base_url, 'sitemap.xml')}\n"


def _feed_post(published: SiteDigest, base_url: str | None, stems: Container[str]) -> FeedPost:
    stem, digest = published
    day = digest.date.isoformat()
    page = f"{stem}.html"
    sections = [
        FeedSection(section.plain_heading, tuple(_feed_entries(section.entries, base_url, stems)))
        for section in digest_sections(digest, clean=one_line)
    ]
    # Text, not markup, from here on: the feed must escape it once more.
    content = str(render_template("feed_post.html", sections=sections))
    issue = external_link(digest.issue_url)
    titles = [entry.title for entry in digest.entries[:3]]
    return FeedPost(
        id=tag_uri(base_url, day, stem),
        title=f"AINews {stem}",
        date=f"{day}{_MIDNIGHT}",
        address=urljoin(base_url, page) if base_url else page,
        issue_url=issue.href if issue else "",
        summary="；".join(map(one_line, titles)),
        content=content,
    )


def _feed_entries(
    entries: Sequence[EntryText], base_url: str | None, stems: Container[str]
) -> Iterator[FeedEntry]:
    for entry in entries:
        earlier = f"{entry.follows}.html" if entry.follows in stems else ""
        yield FeedEntry(
            text=entry,
            link=external_link(entry.link),
            earlier=urljoin(base_url, earlier) if base_url and earlier else earlier,
        )


def tag_uri(base_url: str | None, day: str, name: str) -> str:
    """Give an address that names a thing for good (RFC 4151), whatever becomes of its page."""
    parts = urlsplit(base_url or f"https://{_PLACEHOLDER_HOST}/")
    host = (parts.hostname or _PLACEHOLDER_HOST).encode("idna").decode()
    return f"tag:{host},{day}:{quote(parts.path, safe='/%')}{name}"


def render_json_feed(posts: Sequence[FeedPost], *, base_url: str | None) -> str:
    """Write the JSON Feed of these entries, under the ids that they have in the Atom feed."""
    own = {"feed_url": urljoin(base_url, JSON_FEED)} if base_url else {}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": FEED_TITLE,
        "description": FEED_SUBTITLE,
        "home_page_url": base_url or "index.html",
        **own,
        "language": _LANGUAGE,
        "authors": [{"name": AUTHOR}],
        "items": [_json_item(post) for post in posts],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def _json_item(post: FeedPost) -> dict[str, str]:
    source = {"external_url": post.issue_url} if post.issue_url else {}
    return {
        "id": post.id,
        "url": post.address,
        **source,
        "title": post.title,
        "content_html": post.content,
        "summary": post.summary,
        "date_published": post.date,
        "language": _LANGUAGE,
    }
