"""The source chain: against odd answers, real loopback servers, and the stored newsletter."""

import gzip
import hashlib
import http.server
import inspect
import socketserver
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from pathlib import Path

import httpx
import pytest

from pipeline.errors import IssueNotFound, SourceError
from pipeline.fetch import http as inner
from pipeline.fetch.chain import SourceChain, listing_advice
from pipeline.fetch.pages import FetchLimits, decode
from pipeline.fetch.slugs import issue_not_found, parse_slug, resolve_date
from pipeline.network import parse_retry_after
from pipeline.records import IssueRef, StoredPage

SLUG = "26-02-03-big-model"
PAGE = f'<html><link rel="canonical" href="https://news.smol.ai/issues/{SLUG}"><article>Ü</article></html>'
MARKDOWN = "---\ntitle: Big\ntopics:\n  - x\n---\n\n# AI Twitter Recap\n\n- one\n"
POST = "&lt;p&gt;AI News for 2/2/2026-2/3/2026.&lt;/p&gt;&lt;h1&gt;AI Twitter Recap&lt;/h1&gt;"
SITE = "http://site.test/"
UPSTREAM = "http://upstream.test/main/"
SUBSTACK = "http://substack.test/"

Handler = Callable[[httpx.Request], httpx.Response]


def rss(*items: str) -> str:
    """Make a feed of items."""
    space = "http://purl.org/rss/1.0/modules/content/"
    return f'<rss xmlns:content="{space}"><channel>{"".join(items)}</channel></rss>'


def item(slug: str, content: str = "") -> str:
    """Make an item of the site's feed."""
    link = f"https://news.smol.ai/issues/{slug}/"
    encoded = f"<content:encoded>{content}</content:encoded>" if content else ""
    return f"<item><title>Big &amp; model</title><link>{link}</link>{encoded}</item>"


def post(title: str, published: str = "Wed, 04 Feb 2026 06:44:00 GMT", content: str = POST) -> str:
    """Make an item of Substack's feed."""
    return (
        f"<item><title>{title}</title><link>https://substack.test/p/x</link>"
        f"<pubDate>{published}</pubDate><content:encoded>{content}</content:encoded></item>"
    )


FEED = rss(item(SLUG), item("26-02-02-not-much"), item("25-12-30-old"))


class Sleeps(list[float]):
    """Sleeps that are noted, not slept."""

    def __call__(self, seconds: float) -> None:
        """Note one."""
        self.append(seconds)


class Shelf(dict[str, StoredPage]):
    """A page store in memory."""

    def put(self, page: StoredPage) -> None:
        """Keep a page."""
        self[page.url] = page


def pages_of(pages: dict[str, str | bytes | int | httpx.Response | Handler]) -> Handler:
    """Answer with these pages, status codes or responses; 404 for the rest."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = pages.get(str(request.url), 404)
        if isinstance(found, int):
            return httpx.Response(found)
        if isinstance(found, str | bytes):
            return httpx.Response(200, content=found)
        return found if isinstance(found, httpx.Response) else found(request)

    return answer


def stand(
    handler: Handler | None = None,
    site: str = SITE,
    *,
    sleep: Callable[[float], None] | None = None,
    pages: Shelf | None = None,
    **limits: float,
) -> SourceChain:
    """Open a newsstand over a fake transport, or without `handler` over real sockets."""
    return SourceChain(
        {
            "site_url": site,
            "upstream_url": UPSTREAM if handler else site,
            "substack_url": SUBSTACK if handler else site,
        },
        FetchLimits.model_validate({"timeout_s": 5, **limits}),
        pages=pages,
        transport=httpx.MockTransport(handler) if handler else None,
        sleep=Sleeps() if sleep is None else sleep,
    )


def refusal(handler: Handler, slug: str = SLUG, *, attempts: int = 4) -> str:
    """Give the one-line message with which fetching fails."""
    with stand(handler, attempts=attempts) as shop, pytest.raises(SourceError) as caught:
        shop.fetch(slug)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# The stored newsletter, served as a site.


@contextmanager
def served(shared: Path, *options: str) -> Iterator[str]:
    """Serve the stored newsletter on loopback."""
    tool = shared / "tools" / "serve_site.py"
    command = [sys.executable, str(tool), "--port", "0", "--root", str(shared / "site"), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def newsletter(shared: Path) -> Iterator[str]:
    """Address of the stored newsletter, served without failures."""
    with served(shared) as address:
        yield address


def test_the_stored_feed_resolves_dates(newsletter: str) -> None:
    """A date gives the newest issue of that date or earlier, and a slug or URL its own issue."""
    with stand(site=newsletter) as shop:
        refs = shop.list_issues()
    assert len(refs) == 701
    assert refs[0].slug == "26-08-21-not-much"
    assert resolve_date(refs, date(2025, 12, 21)).slug == "25-12-19-not-much"
    assert resolve_date(refs, date(2026, 8, 21)).slug == "26-08-21-not-much"
    assert resolve_date(refs, date.max).slug == "26-08-21-not-much"
    assert resolve_date(refs, date(2026, 8, 11)).slug == "26-08-11-not-much"
    assert (
        resolve_date(refs, date(2025, 4, 16)).slug
        == "25-04-16-ainews-openai-o3-o4-mini-and-codex-cli"
    )
    with pytest.raises(IssueNotFound, match="23-12-06-ainews-is-googles-gemini-legit"):
        resolve_date(refs, date(2023, 1, 1))
    assert "25-12-19-not-much" in str(
        issue_not_found("25-12-19-not-mcuh", [ref.slug for ref in refs])
    )


@pytest.mark.parametrize(
    "slug",
    ["25-12-19-not-much", "26-08-21-not-much", "25-04-16-ainews-openai-o3-o4-mini-and-codex-cli"],
)
def test_stored_issues_arrive(newsletter: str, shared: Path, slug: str) -> None:
    """A frozen issue arrives through its refresh page, a new one directly, byte for byte."""
    with stand(site=newsletter) as shop:
        page = shop.fetch(slug)
    frozen, astro = (
        shared / "site" / path
        for path in (f"frozen-issues/{slug}.html", f"issues/{slug}/index.html")
    )
    body = (frozen if frozen.is_file() else astro).read_bytes()
    assert page.sha256 == hashlib.sha256(body).hexdigest()
    assert page.text == body.decode()
    assert (page.source, page.media) == ("site", "html")
    assert page.url == f"https://news.smol.ai/issues/{slug}/"


def test_a_stored_issue_without_a_page_comes_from_the_feed(newsletter: str) -> None:
    """An issue whose page is missing is read from the feed's own text, as a page with a title."""
    with stand(site=newsletter) as shop:
        page = shop.fetch("26-08-19-not-much")
    assert page.source == "feed"
    assert "AI News for 8/18/2026-8/19/2026" in page.text
    assert "<h1>not much happened today</h1>" in page.text


def test_retry_after_is_honoured_over_the_wire(shared: Path) -> None:
    """A server that is busy twice is asked a third time, after the pauses that it asked for."""
    sleeps = Sleeps()
    with served(shared, "--fail", "503:2") as address, stand(site=address, sleep=sleeps) as shop:
        assert shop.fetch("26-08-21-not-much").source == "site"
    assert sleeps == [1.0, 1.0]


def test_an_unchanged_page_is_not_sent_again(newsletter: str) -> None:
    """The second time the server says 304 and the stored page is used."""
    shelf = Shelf()
    with stand(site=newsletter, pages=shelf) as shop:
        first = shop.fetch("25-12-19-not-much")
    assert {url.removeprefix(newsletter) for url in shelf} == {
        "/issues/25-12-19-not-much/",
        "/frozen-issues/25-12-19-not-much.html",
    }
    url = f"{newsletter}/frozen-issues/25-12-19-not-much.html"
    shelf.put(shelf[url].model_copy(update={"body": shelf[url].body + b"<!-- stored -->"}))
    with stand(site=newsletter, pages=shelf) as shop:
        assert shop.fetch("25-12-19-not-much").text == first.text + "<!-- stored -->"


# Naming an issue.


@pytest.mark.parametrize(
    "wanted",
    [
        SLUG,
        f" {SLUG}\n",
        f"https://news.smol.ai/issues/{SLUG}/",
        f"http://news.smol.ai/issues/{SLUG}",
        f"https://news.smol.ai/issues/{SLUG}/?utm_source=x#ai-twitter-recap",
        f"https://news.smol.ai/frozen-issues/{SLUG}.html",
        f"https://raw.githubusercontent.com/smol-ai/ainews-web-2025/main/src/content/issues/{SLUG}.md",
        f"https://github.com/smol-ai/ainews-web-2025/blob/main/src/content/frozen-issues/{SLUG}.md",
    ],
)
def test_an_issue_has_many_names(wanted: str) -> None:
    """A slug and every address of an issue name the same issue."""
    assert parse_slug(wanted) == SLUG


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "26-02-03",
        "26-02-31-no-such-day",
        "big-model",
        "../26-02-03-x",
        f"{SLUG}/../x",
        "https://news.smol.ai/",
        f"ftp://news.smol.ai/issues/{SLUG}/",
    ],
)
def test_other_words_name_no_issue(wanted: str) -> None:
    """What has no slug of that form names no issue, and cannot be fetched."""
    assert parse_slug(wanted) is None
    with stand(pages_of({})) as shop, pytest.raises(IssueNotFound, match="not an issue's slug"):
        shop.fetch(wanted)


def test_two_issues_of_one_day_resolve_in_feed_order() -> None:
    """Of two issues of one date the one that the feed lists first is taken."""
    refs = [
        IssueRef(slug=f"26-01-0{day}-{x}", date=date(2026, 1, day), title="")
        for day, x in ((1, "a"), (2, "b"), (2, "c"))
    ]
    assert resolve_date(refs, date(2026, 1, 5)).slug == "26-01-02-b"
    with pytest.raises(IssueNotFound, match="nearest are: none at all"):
        resolve_date([], date(2026, 1, 5))


def test_an_unknown_slug_names_the_nearest() -> None:
    """A slug that no source has is answered with the most similar ones of the feed."""
    with stand(pages_of({f"{SITE}rss.xml": FEED})) as shop:
        assert shop.resolve(f"https://news.smol.ai/issues/{SLUG}") == SLUG
        with pytest.raises(IssueNotFound, match=f"nearest are: {SLUG}"):
            shop.resolve("big model")
    said = refusal(pages_of({f"{SITE}rss.xml": FEED}), "26-02-03-bigmodel")
    assert said.startswith(f"no source knows an issue '26-02-03-bigmodel'; the nearest are: {SLUG}")


# The chain.


def test_the_next_source_serves_when_one_fails() -> None:
    """Each source of the chain serves when those before it fail."""
    pages: dict[str, str | bytes | int | httpx.Response | Handler] = {
        f"{SITE}issues/{SLUG}/": PAGE,
        f"{SITE}rss.xml": rss(item(SLUG, POST)),
        f"{UPSTREAM}src/content/issues/{SLUG}.md": MARKDOWN,
        f"{UPSTREAM}src/content/frozen-issues/{SLUG}.md": MARKDOWN + "\nfrozen",
        f"{SUBSTACK}feed": rss(post("[AINews] Big model and more")),
    }
    came = []
    while pages:
        with stand(pages_of(pages)) as shop:
            page = shop.fetch(SLUG)
        came.append((page.source, page.media, page.url, "frozen" in page.text))
        pages[next(iter(pages))] = 503
        while pages and next(iter(pages.values())) == 503:
            pages.pop(next(iter(pages)))
    public = f"https://news.smol.ai/issues/{SLUG}/"
    assert came == [
        ("site", "html", public, False),
        ("feed", "html", public, False),
        ("upstream", "markdown", public, False),
        ("upstream", "markdown", public, True),
        ("substack", "html", "https://substack.test/p/x", False),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   ",
        "<html><form>Log in</form></html>",
        "<html><article>another issue</article></html>",
        PAGE[:-20],
        PAGE.replace("Ü", "<div class='prose'>\n</div>"),
        "<meta http-equiv='refresh'>",
    ],
)
def test_a_page_that_is_no_issue_is_passed_over(body: str) -> None:
    """Blank, login, foreign and cut-off pages with status 200 fall on to the next source."""
    pages = {f"{SITE}issues/{SLUG}/": body, f"{UPSTREAM}src/content/issues/{SLUG}.md": MARKDOWN}
    with stand(pages_of({**pages})) as shop:
        assert shop.fetch(SLUG).source == "upstream"


@pytest.mark.parametrize(
    "note",
    [
        "---\n---\nArchived full issue body is elsewhere",
        "---\n---\n# Big model\n\nArchived full issue body is elsewhere",
        "# Big model\n\nwithout front matter",
        PAGE,
        "",
        "---\na: b\n---\n",
        "---\na: b\n---\n#hash\n",
    ],
)
def test_upstream_notes_lead_to_the_frozen_folder(note: str) -> None:
    """An upstream file that is no issue sends us to the frozen folder, and is named if that fails."""
    first, frozen = (
        f"{UPSTREAM}src/content/{folder}/{SLUG}.md" for folder in ("issues", "frozen-issues")
    )
    with stand(pages_of({first: note, frozen: MARKDOWN})) as shop:
        assert shop.fetch(SLUG).text == MARKDOWN
    assert f"upstream: {first} is not an issue in Markdown" in refusal(pages_of({first: note}))


def test_the_last_error_names_every_source() -> None:
    """When nothing works one line says what each source answered and what to do."""

    def refuse(_: httpx.Request) -> httpx.Response:
        message = "Connection refused"
        raise httpx.ConnectError(message)

    said = refusal(
        pages_of({f"{SITE}issues/{SLUG}/": 503, f"{SITE}rss.xml": FEED, f"{SUBSTACK}feed": refuse}),
        attempts=3,
    )
    assert said == (
        f"issue '{SLUG}' could not be read from any source: "
        f"site: {SITE}issues/{SLUG}/ answered 503, tried 3 times; "
        f"feed: https://news.smol.ai/issues/{SLUG}/ comes without its text in the feed; "
        f"upstream: {UPSTREAM}src/content has no {SLUG}.md; "
        f"substack: {SUBSTACK}feed could not be read (Connection refused). "
        "Check the network, or save the page: `ainews-digest run --source FILE`"
    )


@pytest.mark.parametrize(
    "feed", ["", "<html>", "<rss><channel/></rss>", "not XML", rss("<item/>"), FEED[:60]]
)
def test_a_malformed_feed_falls_on(feed: str) -> None:
    """Without a readable feed the list comes from Substack, and without that it is an error."""
    with stand(
        pages_of(
            {
                f"{SITE}rss.xml": feed,
                f"{SUBSTACK}feed": rss(post("[AINews] not much happened today")),
            }
        )
    ) as shop:
        assert [ref.slug for ref in shop.list_issues()] == ["26-02-03-not-much"]
    with (
        stand(pages_of({f"{SITE}rss.xml": feed})) as shop,
        pytest.raises(SourceError, match=r"no list of issues: .*rss\.xml .*feed answered 404"),
    ):
        shop.list_issues()


def test_a_feed_opens_no_entities(tmp_path: Path) -> None:
    """An entity in a feed reads no file of this machine."""
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    hostile = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + FEED.replace(
        "Big", "&x;"
    )
    with stand(pages_of({f"{SITE}rss.xml": hostile})) as shop:
        assert "hidden" not in shop.list_issues()[0].title


def test_items_that_are_no_issues_are_skipped() -> None:
    """Feed items without an issue's link are left out, and the slug's date is the issue's."""
    other = "<item><title>P</title><link>https://news.smol.ai/projects/project-1/</link></item>"
    with stand(
        pages_of({f"{SITE}rss.xml": rss(other, item(SLUG), item("26-02-31-no-day"))})
    ) as shop:
        assert shop.list_issues() == (
            IssueRef(slug=SLUG, date=date(2026, 2, 3), title="Big & model"),
        )


def test_substack_posts_are_matched_with_care() -> None:
    """A post serves an issue only if its date and title fit, and no second post fits too."""
    feed = f"{SUBSTACK}feed"
    other = post("[AINews] Big model", content=POST.replace("2/3", "2/4"))
    podcast, twin = post("Big model, the interview"), post("[AINews] The Big Model")
    assert "has no post(s) that fit" in refusal(
        pages_of({feed: rss(other, podcast, post("[AINews] Small model"))})
    )
    assert "has 2 post(s) that fit" in refusal(
        pages_of({feed: rss(twin, post("[AINews] Big model"))})
    )
    assert "without its text" in refusal(
        pages_of({feed: rss(post("[AINews] Big model", content="AI News for 2/3/2026"))})
    )
    undated = post("[AINews] Big model", "Tue, 03 Feb 2026 22:00:00 GMT", "Recap")
    with stand(pages_of({feed: rss(undated, post("[AINews] x", "some day", "Recap"))})) as shop:
        assert shop.fetch(SLUG).url == "https://substack.test/p/x"
    titled = post("[AINews] Big &amp; model", content=POST)
    with stand(
        pages_of({feed: rss(titled), f"{SITE}rss.xml": rss(item("26-02-03-abbrev"))})
    ) as shop:
        assert shop.fetch("26-02-03-abbrev").url == "https://news.smol.ai/issues/26-02-03-abbrev/"


def test_text_of_a_feed_cannot_leave_its_place() -> None:
    """Title and description of a feed item are escaped in the page that is made of it."""
    hostile = item(SLUG, POST).replace("Big", "&lt;script&gt;")
    with stand(pages_of({f"{SITE}rss.xml": rss(hostile)})) as shop:
        assert "<script>" not in shop.fetch(SLUG).text


def test_threads_share_a_newsstand() -> None:
    """Many threads may fetch at once, and the feed is read once for all."""
    asked: list[str] = []
    known = pages_of({f"{SITE}rss.xml": rss(item(SLUG, POST))})

    def count(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return known(request)

    with stand(count) as shop, ThreadPoolExecutor(8) as pool:
        assert {page.source for page in pool.map(shop.fetch, [SLUG] * 8)} == {"feed"}
    assert asked.count(f"{SITE}rss.xml") == 1


# Redirects.


@pytest.mark.parametrize(
    "onward",
    ["/moved", "http://site.test/moved", "http://www.site.test/moved", "https://site.test/moved"],
)
def test_redirects_on_the_same_host_are_followed(onward: str) -> None:
    """A redirect, or a refresh page, within the source's own host leads to the page."""
    end = str(httpx.URL(SITE).join(onward))
    moved = httpx.Response(301, headers={"Location": onward})
    refresh = f'<!-- <meta http-equiv="refresh" content="0;url=/no"> --><META content=" 0; URL=\'{onward}\' " HTTP-EQUIV="Refresh">'
    for step in (moved, refresh):
        with stand(pages_of({f"{SITE}issues/{SLUG}/": step, end: PAGE})) as shop:
            assert shop.fetch(SLUG).source == "site"


@pytest.mark.parametrize(
    "onward",
    [
        "http://evil.test/",
        "//evil.test/x",
        "http://site.test:8080/",
        "http://site.test@evil.test/",
        "http://site.test.evil.test/",
        "file:///etc/passwd",
        "ftp://site.test/",
    ],
)
def test_redirects_to_other_hosts_are_refused(onward: str) -> None:
    """A redirect or a refresh page that leads away is that source's failure."""
    moved = httpx.Response(302, headers={"Location": onward})
    for step in (moved, f'<meta http-equiv="refresh" content="0;url={onward}">'):
        assert "redirects away from its own host" in refusal(
            pages_of({f"{SITE}issues/{SLUG}/": step})
        )


def test_a_secure_site_is_not_left_for_an_insecure_one() -> None:
    """A redirect from https down to http is refused."""
    moved = httpx.Response(302, headers={"Location": f"http://site.test/issues/{SLUG}/"})
    with (
        stand(pages_of({f"https://site.test/issues/{SLUG}/": moved}), "https://site.test") as shop,
        pytest.raises(SourceError, match="redirects away"),
    ):
        shop.fetch(SLUG)


def test_endless_redirects_end() -> None:
    """Circles, and chains of more than five redirects, are given up."""
    circle = httpx.Response(302, headers={"Location": f"/issues/{SLUG}/"})
    assert "redirects in a circle" in refusal(pages_of({f"{SITE}issues/{SLUG}/": circle}))

    def longer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(302, headers={"Location": request.url.path + "x"})

    assert "more than 5 times" in refusal(longer)
    broken = httpx.Response(302, headers={"Location": "http://site.test:port/"})
    assert "could not be read (" in refusal(pages_of({f"{SITE}issues/{SLUG}/": broken}))


# Failures of servers, over real sockets.


@contextmanager
def server(answer: Callable[[http.server.BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Answer on loopback as `answer` does."""

    class Odd(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.close_connection = True
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    class Quiet(socketserver.ThreadingMixIn, http.server.HTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            pass

    with Quiet(("127.0.0.1", 0), Odd) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.server_port}"
        finally:
            listening.shutdown()
            thread.join()


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nX: ",
        b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode(),
    ],
)
def test_a_dripping_server_is_cut_off(start: bytes) -> None:
    """A server that drips its headers or its body ends at the deadline, and nothing half is used."""

    def drip(request: http.server.BaseHTTPRequestHandler) -> None:
        request.wfile.write(start)
        for _ in range(1_000):
            time.sleep(0.02)
            request.wfile.write(b"x")

    began = time.monotonic()
    with (
        server(drip) as address,
        stand(site=address, timeout_s=0.15, attempts=1) as shop,
        pytest.raises(SourceError, match=r"no whole answer within 0\.15 s"),
    ):
        shop.fetch(SLUG)
    assert time.monotonic() - began < 15


def test_a_silent_server_times_out() -> None:
    """A server that accepts and says nothing is given up after the timeout."""
    quiet = threading.Event()

    def hold(_: http.server.BaseHTTPRequestHandler) -> None:
        quiet.wait(2)

    with (
        server(hold) as address,
        stand(site=address, timeout_s=0.1, attempts=1) as shop,
    ):
        try:
            with pytest.raises(SourceError, match="could not be read"):
                shop.fetch(SLUG)
        finally:
            quiet.set()


def test_a_body_that_breaks_off_is_asked_again() -> None:
    """A body shorter than announced is no page; the address is tried again."""
    tries = []

    def half(request: http.server.BaseHTTPRequestHandler) -> None:
        tries.append(request.path)
        request.send_response(200)
        request.send_header("Content-Length", str(len(PAGE.encode())))
        request.end_headers()
        request.wfile.write(PAGE.encode()[: 20 if len(tries) == 1 else None])

    with server(half) as address, stand(site=address) as shop:
        assert shop.fetch(SLUG).source == "site"
    assert len(tries) == 2


@pytest.mark.parametrize(
    ("start", "more", "packing", "most"),
    [
        (b"", b" " * 1_000_000, "identity", None),
        (gzip.compress(b" " * 30_000_000), b"", "gzip", None),
        # httpx copies all that followed the end at each read.
        (gzip.compress(b" "), b"x" * 1_000_000, "gzip", 4_000_000),
    ],
    ids=["endless", "bomb", "endless-after-gzip"],
)
def test_a_page_that_is_too_large_is_not_read(
    start: bytes, more: bytes, packing: str, most: int | None
) -> None:
    """Reading stops at the limit, of what is sent and of what it unpacks to."""

    def flood(request: http.server.BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Encoding", packing)
        request.end_headers()
        request.wfile.write(start)
        while more:
            request.wfile.write(more)

    with server(flood) as address:
        patient = partial(stand, site=address, timeout_s=30)
        with (
            patient(max_feed_bytes=most) if most else patient() as shop,
            pytest.raises(SourceError, match=f"larger than {most or 20_000_000:,} bytes"),
        ):
            shop.list_issues()


def test_only_the_packing_asked_for_is_unpacked() -> None:
    """A page that is packed twice, or in a way that was not asked for, is refused unread."""
    for packing in ("gzip, gzip", "br"):
        twice = httpx.Response(
            200, headers={"Content-Encoding": packing}, stream=httpx.ByteStream(b"x")
        )
        assert "not asked for" in refusal(pages_of({f"{SITE}issues/{SLUG}/": twice}))


def test_nobody_listening_is_an_error_at_once() -> None:
    """A refused connection is not retried; the chain goes on, and the end names the reason."""
    with server(lambda _: None) as address:
        pass
    sleeps = Sleeps()
    with (
        stand(site=address, sleep=sleeps) as shop,
        pytest.raises(SourceError, match="Connection refused"),
    ):
        shop.list_issues()
    assert sleeps == []


def test_requests_say_who_asks() -> None:
    """Every request carries the program's name and version, and nothing of its user."""

    def look(request: httpx.Request) -> httpx.Response:
        assert request.headers["User-Agent"].startswith("ainews-digest/")
        assert not {"authorization", "cookie", "referer"} & set(request.headers)
        return httpx.Response(200, text=PAGE)

    with stand(look) as shop:
        assert shop.fetch(SLUG).source == "site"


# Retries.


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504])
def test_passing_failures_are_retried(code: int) -> None:
    """A timeout, 429 or 5xx is tried again, with growing pauses, up to the number of attempts."""
    sleeps = Sleeps()
    pages = pages_of(
        {f"{SITE}issues/{SLUG}/": code, f"{UPSTREAM}src/content/issues/{SLUG}.md": MARKDOWN}
    )
    with stand(pages, sleep=sleeps, attempts=4) as shop:
        assert shop.fetch(SLUG).source == "upstream"
    assert len(sleeps) == 3
    assert (
        1 <= sleeps[0] <= 2 <= sleeps[1] <= 3 <= sleeps[2] <= 5 or sleeps[0] < sleeps[1] < sleeps[2]
    )


@pytest.mark.parametrize("code", [204, 206, 304, 400, 401, 403, 404, 410])
def test_lasting_failures_are_not_retried(code: int) -> None:
    """Other answers than a page are that source's failure at once."""
    sleeps = Sleeps()
    pages = pages_of(
        {f"{SITE}issues/{SLUG}/": code, f"{UPSTREAM}src/content/issues/{SLUG}.md": MARKDOWN}
    )
    with stand(pages, sleep=sleeps) as shop:
        assert shop.fetch(SLUG).source == "upstream"
    assert sleeps == []


def test_retry_after_is_read_as_it_is_written() -> None:
    """Seconds and dates are pauses, at most 120 s; anything else leaves it to us."""
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    assert parse_retry_after("7") == 7
    assert parse_retry_after(soon) == pytest.approx(60, abs=3)
    assert parse_retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    for nonsense in ("", "soon", "-5", "nan", "²", "9" * 5000):
        assert parse_retry_after(nonsense) is None
    sleeps = Sleeps()
    busy = httpx.Response(429, headers={"Retry-After": "86400"})
    with (
        stand(pages_of({f"{SITE}issues/{SLUG}/": busy}), sleep=sleeps, attempts=2) as shop,
        pytest.raises(SourceError),
    ):
        shop.fetch(SLUG)
    assert sleeps == [120]


def test_no_error_of_httpx_is_unmapped() -> None:
    """Every exception class that httpx exports becomes one of ours, on one line, with its cause."""
    classes = [
        each
        for _, each in inspect.getmembers(httpx, inspect.isclass)
        if issubclass(each, Exception)
    ]
    assert len(classes) > 20
    for each in classes:
        error = each.__new__(each)
        with (
            pytest.raises(SourceError, match="http://x could not be read") as caught,
            inner._translate_errors("http://x"),
        ):
            raise error
        assert caught.value.__cause__ is error


# Decoding.


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("Ü".encode(), ""),
        (b"\xef\xbb\xbf" + "Ü".encode(), "text/html"),
        ("Ü".encode(), "text/html; charset=ISO-8859-1"),
        ("Ü".encode("latin-1"), 'text/html; charset="latin-1"'),
        ("Ü".encode("utf-16"), ""),
    ],
)
def test_text_is_decoded_by_what_it_is(body: bytes, content_type: str) -> None:
    """Marks and valid UTF-8 come before what the server says, and no mark stays in the text."""
    assert decode(body, content_type) == "Ü"


def test_odd_charsets_do_no_harm() -> None:
    """A page's own declaration is used where the server gives none; nonsense is replaced."""
    assert decode('<meta charset="cp1252">“'.encode("cp1252"), "").endswith("“")
    assert decode(b"\xff\x00", "text/html; charset=rot13") == "\ufffd\x00"
    assert decode(b"caf\xe9", "charset=no-such") == "caf\ufffd"


@pytest.mark.parametrize(
    ("title", "known"),
    [
        ("[AINews] Big model", True),
        ("[AINEWS] Big model", True),
        (" [ainews ] Big model", True),
        ("[AINews]Big model", True),
        ("[Other] Big model", False),
        ("AINews] Big model", False),
        ("Big model", False),
    ],
)
def test_the_newsletters_posts_are_known_by_their_mark(title: str, known: bool) -> None:
    """However its letters are written; the others of the publication are no issues."""
    with stand(pages_of({f"{SUBSTACK}feed": rss(post(title), post("[AINews] x"))})) as shop:
        listed = shop.list_issues()
    assert [ref.slug for ref in listed] == ["26-02-03-big-model"] * known + ["26-02-03-x"]
    assert listed[0].title == ("Big model" if known else "x")


def test_a_post_is_dated_by_what_it_covers_else_by_its_publication() -> None:
    """One without either date is no issue."""
    posts = (
        post("[AINews] a", "Wed, 04 Feb 2026 06:44:00 GMT", "AI News for 2/1/2026-2/2/2026"),
        post("[AINews] b", "Wed, 04 Feb 2026 06:44:00 GMT", "no date"),
        post("[AINews] c", "some day", "no date"),
    )
    with stand(pages_of({f"{SUBSTACK}feed": rss(*posts)})) as shop:
        assert [(ref.slug, ref.date) for ref in shop.list_issues()] == [
            ("26-02-02-a", date(2026, 2, 2)),
            ("26-02-04-b", date(2026, 2, 4)),
        ]


@pytest.mark.parametrize(
    ("slug", "title", "found"),
    [
        ("26-02-03-big-model", "Big model", True),
        ("26-02-03-ainews-big-model", "Big model", True),
        ("26-02-03-big", "Big model", True),
        ("26-02-03-model", "A big model", True),
        ("26-02-03-bi", "Big model", False),
        ("26-02-03-big-model-two", "Big model", False),
        ("26-02-04-big-model", "Big model", False),
        ("25-02-03-big-model", "Big model", False),
    ],
)
def test_a_post_fits_by_whole_words_of_its_title(slug: str, title: str, found: bool) -> None:
    """And by its whole date."""
    with stand(pages_of({f"{SUBSTACK}feed": rss(post(f"[AINews] {title}"))})) as shop:
        if found:
            page = shop.fetch(slug)
            assert (page.source, page.slug) == ("substack", slug)
        else:
            with pytest.raises(SourceError, match="has no post"):
                shop.fetch(slug)


def test_a_later_source_is_said_with_what_the_others_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """In one line of the log; where the site serves, there is none."""
    with stand(pages_of({f"{SITE}issues/{SLUG}/": PAGE})) as shop:
        shop.fetch(SLUG)
    assert caplog.messages == []
    with stand(pages_of({f"{SITE}rss.xml": rss(item(SLUG, POST))})) as shop:
        shop.fetch(SLUG)
    assert len(caplog.messages) == 1
    assert f"{SLUG} comes from feed" in caplog.messages[0]
    assert "answered 404" in caplog.messages[0]


@pytest.mark.parametrize("broken", ["site", "feed", "upstream", None])
def test_an_issue_is_unknown_only_where_every_source_that_lists_issues_says_so(
    broken: str | None,
) -> None:
    """What a source that failed may have is not known; Substack's silence says nothing."""
    pages: dict[str, str | bytes | int | httpx.Response | Handler] = {
        f"{SITE}rss.xml": FEED, f"{SUBSTACK}feed": 500,
    }  # fmt: skip
    slug = "26-02-03-bigger-model"
    if broken == "site":
        pages[f"{SITE}issues/{slug}/"] = 403
    if broken == "feed":
        pages[f"{SITE}rss.xml"] = 403
    if broken == "upstream":
        pages[f"{UPSTREAM}src/content/issues/{slug}.md"] = 403
    with stand(pages_of(pages), attempts=1) as shop, pytest.raises(SourceError) as caught:
        shop.fetch(slug)
    assert isinstance(caught.value, IssueNotFound) is (broken is None)
    assert ("no source knows" in str(caught.value)) is (broken is None)


def test_a_feed_that_failed_is_not_asked_again() -> None:
    """Every issue is told of the same failure."""
    asked: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(403)

    with stand(refuse) as shop:
        for _ in range(2):
            with pytest.raises(SourceError, match=r"rss\.xml answered 403"):
                shop.fetch(SLUG)
    assert asked.count(f"{SITE}rss.xml") == asked.count(f"{SUBSTACK}feed") == 1
    assert asked.count(f"{SITE}issues/{SLUG}/") == 2


def test_the_live_folder_goes_before_the_frozen_one() -> None:
    """Where upstream has both."""
    first, frozen = (
        f"{UPSTREAM}src/content/{folder}/{SLUG}.md" for folder in ("issues", "frozen-issues")
    )
    with stand(pages_of({first: MARKDOWN, frozen: MARKDOWN + "\nfrozen"})) as shop:
        page = shop.fetch(SLUG)
    assert (page.text, page.media, page.sha256) == (
        MARKDOWN, "markdown", hashlib.sha256(MARKDOWN.encode()).hexdigest(),
    )  # fmt: skip


def test_a_feeds_text_becomes_a_page_of_its_own() -> None:
    """Title, description and text; known by the text alone, since the rest changes daily."""
    described = item(SLUG, POST).replace("</title>", "</title><description>A &lt; b</description>")
    with stand(pages_of({f"{SITE}rss.xml": rss(described)})) as shop:
        page = shop.fetch(SLUG)
    content = "<p>AI News for 2/2/2026-2/3/2026.</p><h1>AI Twitter Recap</h1>"
    assert page.sha256 == hashlib.sha256(content.encode()).hexdigest()
    assert "<title>Big &amp; model</title>" in page.text
    assert '<meta name="description" content="A &lt; b">' in page.text
    assert f'<article class="content-area">{content}</article>' in page.text


def test_the_first_refresh_of_a_page_counts() -> None:
    """As in a browser; a page that has its article leads nowhere, and none is one in a comment."""
    url = f"{SITE}issues/{SLUG}/"
    two = '<meta http-equiv="refresh" content="0;url=/one"><meta http-equiv="refresh" content="0;url=/two">'
    with stand(pages_of({url: two, f"{SITE}one": PAGE, f"{SITE}two": 500})) as shop:
        assert shop.fetch(SLUG).text == PAGE
    with stand(pages_of({url: two + PAGE})) as shop:
        assert shop.fetch(SLUG).text == two + PAGE
    other = (
        '<meta http-equiv="X-UA-Compatible" content="url=/x"><meta http-equiv=refresh content=5>'
    )
    assert "not this issue's page" in refusal(pages_of({url: other}))


def test_a_sources_password_stands_in_no_line_and_no_stored_page(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is sent to the source; failures, logs and the page store have the bare address."""
    caplog.set_level("DEBUG")
    site, shelf, sent = "https://me:planted@mirror.test/", Shelf(), []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers.get("Authorization"))
        if request.url.path == "/rss.xml":
            return httpx.Response(200, content=FEED, headers={"ETag": "1"})
        return httpx.Response(500)

    with stand(answer, site, pages=shelf, attempts=1) as chain:
        assert chain.list_issues()
        with pytest.raises(SourceError) as caught:
            chain.fetch("26-02-02-gone")
    assert sent[0] == "Basic bWU6cGxhbnRlZA=="
    assert list(shelf) == ["https://mirror.test/rss.xml"]
    said = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "https://mirror.test/" in said
    assert "planted" not in said


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("x answered 429, tried 1 time", "asks for fewer requests"),
        ("x answered 503, tried 4 times", "trouble of its own"),
        ("x answered 404", "check AINEWS_SITE_URL"),
        ("x redirects in a circle or more than 5 times", "has another page there"),
        ("x is larger than 20 bytes", "has another page there"),
        ("x could not be read (Connection refused)", "Check the network"),
    ],
)
def test_a_list_that_cannot_be_read_comes_with_what_to_do(said: str, advice: str) -> None:
    """Who has answered was reached, and the network is not at fault."""
    assert advice in listing_advice(SourceError(said))
