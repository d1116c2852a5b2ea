"""Date, slug or URL -> `Page`: the first stage.

A `Newsstand` asks one source after the other, in the order of DESIGN section 6: the site's page
(through the refresh page of frozen issues), the feed's own text, the upstream repository's
Markdown, Substack's feed. `read_source` is the last source, a file. Whether a page holds what a
digest needs is for `parse` to say; here only what is plainly no issue is turned away.
"""

import hashlib
import logging
import re
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from html import escape
from pathlib import Path
from typing import BinaryIO, NamedTuple, Self

from lxml import etree

from pipeline.errors import IssueNotFound, PageNotUnderstood, SettingsError, SourceError
from pipeline.fetch.http import FetchLimits, HttpClient, PageNotFound, PageStore, Transport, decode
from pipeline.fetch.rss import (
    FeedItem,
    covered_date,
    issue_not_found,
    parse_slug,
    read_feed,
    resolve_date,
    resolve_issue,
    slug_date,
    slugify,
)
from pipeline.records import IssueRef, Page, PageFormat, Record, SourceName, StoredPage

__all__ = [
    "FetchLimits",
    "PageStore",
    "SourceChain",
    "SourceUrls",
    "parse_slug",
    "read_source",
    "resolve_date",
    "resolve_issue",
]

HOME_URL = "https://news.smol.ai/"

_MOVED_NOTE = "Archived full issue body"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_log = logging.getLogger(__name__)


class SourceUrls(Record):
    """Where the sources are: base URLs, with or without their last slash."""

    site: str
    """The newsletter's site: its feed and its issue pages."""
    upstream: str
    """Raw files of the upstream repository."""
    substack: str
    """The Substack publication that carries the newsletter as a section."""


class _PageHead(NamedTuple):
    """What a page's head says of other pages; empty where it says nothing."""

    refresh_url: str
    """Where a page without an article refreshes to."""
    canonical_url: str
    """Its public address."""


class SourceChain:
    """Brings issues over the source chain; owns one HTTP client, and is safe between threads."""

    def __init__(
        self,
        addresses: SourceUrls,
        limits: FetchLimits | None = None,
        *,
        pages: PageStore | None = None,
        transport: Transport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._site = addresses.site.rstrip("/") + "/"
        self._upstream = addresses.upstream.rstrip("/") + "/"
        self._substack = addresses.substack.rstrip("/") + "/"
        self._web = HttpClient(
            limits or FetchLimits(), pages=pages, transport=transport, sleep=sleep
        )
        self._lock = threading.Lock()
        self._feeds: dict[str, tuple[FeedItem, ...] | SourceError] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def list_issues(self) -> tuple[IssueRef, ...]:
        """List the issues that exist, in the feed's order, which is newest first but for slips.

        Without the site's feed the list is made of the posts in Substack's: the newest score
        only, under slugs made from date and title. These are the site's own for `not-much`
        issues, half of all; another issue may so be digested once more when the site is back.

        Raises:
            SourceError: neither feed could be read.
        """
        try:
            listed = self._site_items()
        except SourceError as error:
            try:
                listed = self._substack_items()
                _log.warning("the list of issues is Substack's, since %s", error)
            except SourceError as other:
                message = f"no list of issues: {error}; {other}. Check the network"
                raise SourceError(message) from other
        return tuple(
            IssueRef(slug=slug, date=day, title=item.title)
            for slug, item in listed.items()
            if (day := slug_date(slug))
        )

    def resolve(self, slug_or_url: str) -> str:
        """Name the slug of a slug or address; asks for the list only to say what is near.

        Raises:
            IssueNotFound: `slug_or_url` has no slug in it; names the nearest ones.
            SourceError: it has none, and there is no list.
        """
        return parse_slug(slug_or_url) or resolve_issue(self.list_issues(), slug_or_url).slug

    def fetch(self, slug: str) -> Page:
        """Bring an issue's page from the first source that has it; needs no list.

        Raises:
            IssueNotFound: no source knows the slug; names the nearest ones.
            SourceError: no source could serve it; names each and what it said.
        """
        if parse_slug(slug) != slug:
            message = f"{slug!r} is not an issue's slug: it should look like 25-12-19-not-much"
            raise IssueNotFound(message)
        said: dict[SourceName, SourceError] = {}
        chain: dict[SourceName, Callable[[str], Page]] = {
            "site": self._from_site,
            "feed": self._from_feed,
            "upstream": self._from_upstream,
            "substack": self._from_substack,
        }
        for name, read in chain.items():
            try:
                page = read(slug)
            except SourceError as error:
                said[name] = error
            else:
                if said:
                    _log.warning("%s comes from %s, since %s", slug, name, _describe_failures(said))
                return page
        if all(isinstance(said[name], PageNotFound) for name in ("site", "feed", "upstream")):
            raise issue_not_found(slug, list(self._site_items()))
        raise SourceError(
            f"issue {slug!r} could not be read from any source: {_describe_failures(said)}. "
            "Check the network, or give the page with --source FILE"
        )

    def _from_site(self, slug: str) -> Page:
        """Bring the issue page.

        It must close an `<article>`, which login pages, stubs and cut-off pages do not, and speak
        of its own slug, which the home page served in its place would not.
        """
        served = self._web.get(f"{self._site}issues/{slug}/", _refresh_target)
        text = decode(served.body, served.content_type)
        if "</article>" not in text or slug not in text:
            message = f"{served.url} is not this issue's page (no whole <article>, or another's)"
            raise SourceError(message)
        return _make_page(slug, "site", text, served.body)

    def _from_feed(self, slug: str) -> Page:
        item = self._site_items().get(slug)
        if item is None:
            raise PageNotFound(f"{self._site}rss.xml does not list it")
        return _page_from_item(slug, "feed", item)

    def _from_upstream(self, slug: str) -> Page:
        """Bring the Markdown: front matter and a heading, and not the note that it moved."""
        failure: SourceError = PageNotFound(f"{self._upstream}src/content has no {slug}.md")
        for folder in ("issues", "frozen-issues"):
            with suppress(PageNotFound):
                served = self._web.get(f"{self._upstream}src/content/{folder}/{slug}.md")
                text = decode(served.body, served.content_type)
                whole = text.startswith("---") and re.search(r"(?m)^#{1,6} ", text)
                if whole and _MOVED_NOTE not in text:
                    return _make_page(slug, "upstream", text, served.body)
                failure = SourceError(f"{served.url} is not an issue in Markdown")
        raise failure

    def _from_substack(self, slug: str) -> Page:
        """Bring the one post of the issue's date whose title fits the slug, or the feed's title.

        The digest links the post where the site's feed does not vouch for the issue's address.
        Issues older than the newest score of posts, and those whose slug says nothing of the
        title while the site's feed is down, are not found.
        """
        item = None
        with suppress(SourceError):
            item = self._site_items().get(slug)
        words = f"-{slug[9:].removeprefix('ainews-')}-"
        posts = [
            post
            for name, post in self._substack_items().items()
            if name[:9] == slug[:9]
            and (words in f"-{slugify(post.title)}-" or (item and item.title == post.title))
        ]
        if len(posts) != 1:
            raise PageNotFound(f"{self._substack}feed has {len(posts) or 'no'} post(s) that fit it")
        page = _page_from_item(slug, "substack", posts[0])
        return page if item else page.model_copy(update={"url": posts[0].link})

    def _site_items(self) -> dict[str, FeedItem]:
        url = f"{self._site}rss.xml"
        listed = {
            slug: item for item in self._read_feed_once(url) if (slug := parse_slug(item.link))
        }
        if not listed:
            raise SourceError(f"{url} lists no issue")
        return listed

    def _substack_items(self) -> dict[str, FeedItem]:
        """Give the newsletter's posts by the slugs that date and title make.

        A post's date is the last day that its text says it covers, else its publication's.
        """
        url = f"{self._substack}feed"
        listed = {}
        for post in self._read_feed_once(url):
            mark, _, title = post.title.partition("]")
            day = covered_date(post.content) or post.published
            if mark.strip().casefold() == "[ainews" and day:
                words = slugify(title)
                words = "not-much" if words.startswith("not-much-happened") else words
                listed[f"{day:%y-%m-%d}-{words}"] = post._replace(title=title.strip())
        if not listed:
            raise SourceError(f"{url} lists no issue")
        return listed

    def _read_feed_once(self, url: str) -> tuple[FeedItem, ...]:
        """Read a feed once: its items, or the failure that it met the first time."""
        with self._lock:
            if url not in self._feeds:
                try:
                    self._feeds[url] = read_feed(self._web.get_feed(url).body, url)
                except SourceError as error:
                    self._feeds[url] = error
            known = self._feeds[url]
        if isinstance(known, SourceError):
            raise SourceError(str(known)) from known
        return known


def read_source(
    file: str | Path, stdin: BinaryIO, *, max_page_bytes: int = FetchLimits().max_page_bytes
) -> Page:
    """Read an issue's page from an HTML or Markdown file, or from `stdin` for `-`.

    Its slug is the file's name where that looks like one, the folder's for an `index.html`, the
    one in the page's canonical link, else the file's name with the start of the text's SHA-256, so
    that two texts of one name are two issues. A page without a public address gets the
    newsletter's home: a digest never shows a path of this machine.

    Raises:
        SettingsError: there is no such text to read.
        PageNotUnderstood: it is the page that only redirects to the frozen issue.
    """
    path = Path("stdin" if str(file) == "-" else file)
    body = _read_bytes(path if str(file) != "-" else None, stdin, max_page_bytes)
    text = decode(body, "")
    media = _detect_format(path, text)
    head = _read_head(text) if media == "html" else _PageHead("", "")
    if head.refresh_url:
        message = (
            f"--source {str(file)!r} only redirects: give the page it leads to, {head.refresh_url}"
        )
        raise PageNotUnderstood(message)
    folder = path.absolute().parent.name if path.stem == "index" else ""
    slug = parse_slug(path.stem) or parse_slug(folder) or parse_slug(head.canonical_url)
    page = _make_page(slug or _slug_for_file(path, body), "file", text, body)
    return page.model_copy(
        update={"media": media, "url": page.url if slug else head.canonical_url or HOME_URL}
    )


def _slug_for_file(path: Path, body: bytes) -> str:
    """Name an issue that has no slug."""
    return f"{path.stem}-{hashlib.sha256(body).hexdigest()[:8]}"


def _describe_failures(failures: dict[SourceName, SourceError]) -> str:
    return "; ".join(f"{name}: {error}" for name, error in failures.items())


def _make_page(slug: str, source: SourceName, text: str, body: bytes) -> Page:
    return Page(
        slug=slug,
        url=f"{HOME_URL}issues/{slug}/",
        source=source,
        media="markdown" if source == "upstream" else "html",
        text=text,
        sha256=hashlib.sha256(body).hexdigest(),
    )


def _page_from_item(slug: str, source: SourceName, item: FeedItem) -> Page:
    """Make a feed item's text a page like the site's: head, title, article.

    The SHA-256 is that of the text, since what the feed wraps it in changes every day.
    """
    if "Recap" not in item.content:
        raise SourceError(f"{item.link} comes without its text in the feed")
    title, description = escape(item.title), escape(item.description)
    text = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="description" content="{description}"></head>\n'
        f'<body><h1>{title}</h1>\n<article class="content-area">{item.content}</article>'
        "</body></html>\n"
    )
    return _make_page(slug, source, text, item.content.encode())


def _refresh_target(page: StoredPage) -> str:
    """Tell where the refresh page of a frozen issue leads."""
    return _read_head(decode(page.body, page.content_type)).refresh_url


def _read_head(text: str) -> _PageHead:
    """Read a page's head as browsers do."""
    try:
        root = etree.HTML(text.encode(), etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return _PageHead("", "")
    onward = ""
    for meta in root.iter("meta") if "</article>" not in text else ():
        if meta.get("http-equiv", "").strip().lower() == "refresh":
            match = re.search(r"(?i)url\s*=\s*['\"]?([^'\"]+)", meta.get("content", ""))
            onward = onward or (match[1].strip() if match else "")
    found = root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    public = (str(url).strip() for url in found)
    return _PageHead(
        onward, next((u for u in public if re.fullmatch(r"https?://[^\s<>\"]+", u)), "")
    )


def _read_bytes(path: Path | None, stdin: BinaryIO, max_bytes: int) -> bytes:
    name = f"--source {str(path) if path else '-'!r}"
    try:
        with path.open("rb") if path else nullcontext(stdin) as stream:
            body = stream.read(max_bytes + 1)
    except OSError as error:
        raise SettingsError(f"{name} cannot be read: {error.strerror or error}") from error
    if not body.strip():
        raise SettingsError(f"{name} is empty: give an issue's HTML or Markdown")
    if len(body) > max_bytes:
        raise SettingsError(f"{name} is larger than {max_bytes:,} bytes (AINEWS_MAX_PAGE_BYTES)")
    if b"\0" in body and not body.startswith(_UTF16):
        raise SettingsError(f"{name} is not text: give an issue's HTML or Markdown")
    return body


def _detect_format(path: Path, text: str) -> PageFormat:
    if path.suffix.lower() in (".md", ".markdown"):
        return "markdown"
    if path.suffix.lower() in (".html", ".htm"):
        return "html"
    tag = re.search(r"(?i)<(?:!doctype html|html|head|body|article)\b", text)
    return "html" if tag and not text.startswith("---") else "markdown"
