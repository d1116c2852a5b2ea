"""Rows of the matrix: the newsletter's servers."""

import json
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler

from faults.bench import (
    CONTENT,
    MARKDOWN,
    PAGE,
    SLUG,
    Answer,
    FaultBench,
    FaultCase,
    FinishedCommand,
    item,
    moved,
    page,
    rss,
)

SITE = f"site/issues/{SLUG}/"
UPSTREAM = f"upstream/src/content/issues/{SLUG}.md"
FROZEN = f"upstream/src/content/frozen-issues/{SLUG}.md"
FEED = "site/rss.xml"
MADE = "a new digest of 2026-01-30"
NOTHING = "what was there"
NEW = ("2026-01-30",)


def serving(pages: dict[str, Answer]) -> Callable[[FaultBench], FinishedCommand]:
    """Serve these pages, and digest the issue."""

    def play(bench: FaultBench) -> FinishedCommand:
        bench.model()
        bench.site(pages)
        return bench.issue()

    return play


def site_down(bench: FaultBench) -> FinishedCommand:
    """Nobody listens."""
    bench.model()
    return bench.issue()


def slow(request: BaseHTTPRequestHandler) -> None:
    """Drip a page, a byte now and then."""
    request.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
    for _ in range(100):
        time.sleep(0.02)
        request.wfile.write(b"x")


def too_slow(bench: FaultBench) -> FinishedCommand:
    """Each source takes longer than the timeout."""
    bench.model()
    bench.site({SITE: slow, FEED: slow})
    bench.set(HTTP_TIMEOUT_S=0.1)
    return bench.issue()


def not_modified(bench: FaultBench) -> FinishedCommand:
    """The page is in the cache, and the server says that it has not changed."""
    server = bench.model()
    site = bench.site({SITE: page(PAGE, ETag='"one"')})
    first = bench.issue()
    assert first.code == 0, first.err
    before, asked = bench.has("2026-01-30"), len(server.requests)

    def unchanged(request: BaseHTTPRequestHandler) -> None:
        page(b"", status=304 if request.headers["If-None-Match"] == '"one"' else 500)(request)

    site.pages[SITE] = unchanged
    ended = bench.issue()
    assert bench.has("2026-01-30") == before
    assert len(server.requests) == asked
    return ended


def short(request: BaseHTTPRequestHandler) -> None:
    """Send less than was announced."""
    request.send_response(200)
    request.send_header("Content-Length", str(len(PAGE.encode())))
    request.end_headers()
    request.wfile.write(PAGE.encode()[:200])


def in_latin(bench: FaultBench) -> FinishedCommand:
    """The server says UTF-8, the page is in Windows-1252, and its head says so."""
    bench.model()
    text = PAGE.replace("utf-8", "windows-1252").replace("a new coding model", "“naïve” models")
    bench.site({SITE: page(text.encode("cp1252"), "text/html; charset=utf-8")})
    ended = bench.issue()
    assert "“naïve” models" in bench.has("2026-01-30")
    return ended


def in_nothing(bench: FaultBench) -> FinishedCommand:
    """Nothing declares what the page is written in, and it is not UTF-8."""
    bench.model()
    text = PAGE.replace(' charset="utf-8"', "").replace("a new coding model", "a naïve model")
    bench.site({SITE: page(text.encode("latin-1"), "text/html")})
    ended = bench.issue()
    assert "na\ufffdve model" in bench.has("2026-01-30")
    return ended


def dated(pages: dict[str, Answer]) -> Callable[[FaultBench], FinishedCommand]:
    """Serve these pages, and digest whatever the feed lists for the date."""

    def play(bench: FaultBench) -> FinishedCommand:
        bench.model()
        bench.site(pages)
        return bench.run("run", "--date", "2026-01-30")

    return play


def busy_twice(bench: FaultBench) -> FinishedCommand:
    """503 twice, then the page."""
    bench.model()
    bench.set(HTTP_ATTEMPTS=3)
    seen: list[int] = []

    def answer(request: BaseHTTPRequestHandler) -> None:
        seen.append(1)
        busy = page(b"", status=503, Retry_After="0")
        (busy if len(seen) < 3 else page(PAGE))(request)

    bench.site({SITE: answer})
    return bench.issue()


def flood(request: BaseHTTPRequestHandler) -> None:
    """Send 20 MB."""
    request.send_response(200)
    request.end_headers()
    for _ in range(20):
        request.wfile.write(b"<li>x</li>" * 100_000)


def bullets(bench: FaultBench) -> FinishedCommand:
    """A file of 20 MB in 132,000 bullets."""
    bench.model()
    line = "- **Thing {}**: does a task quickly and well ([link](https://example.org/{}))"
    lines = (line.format(n, n) + " " + "x" * 70 for n in range(132_000))
    path = bench.tmp_path / f"{SLUG}.md"
    path.write_text("# AI Twitter Recap\n\n" + "\n".join(lines), encoding="utf-8")
    assert path.stat().st_size > 19_000_000
    return bench.file()


def from_upstream(bench: FaultBench) -> FinishedCommand:
    """Only the upstream repository has the issue, and its first file says that it moved."""
    bench.model()
    bench.site({UPSTREAM: page("---\n---\nArchived full issue body"), FROZEN: page(MARKDOWN)})
    ended = bench.issue()
    assert json.loads(bench.has("2026-01-30"))["provenance"]["source"] == "upstream"
    return ended


def from_feed(bench: FaultBench) -> FinishedCommand:
    """The feed has the text of an issue whose page is not there yet."""
    bench.model()
    bench.site({FEED: rss(item(SLUG, CONTENT))})
    ended = bench.run("run", "--date", "2026-01-30")
    assert json.loads(bench.has("2026-01-30"))["provenance"]["source"] == "feed"
    return ended


HOME = "<html><body><article>news of today</article></body></html>"
LOGIN = "<html><body><form>Log in</form></body></html>"
NOT_IT = ("could not be read from any source", "is not this issue's page")
EMPTY_ISSUE = PAGE.replace(CONTENT, "<h1>AI Twitter Recap</h1>")

# A table: one row a line.
# fmt: off
ROWS = (
    FaultCase("site down", "nobody listens at any source", 3, ("could not be read from any source", "Connection refused"), NOTHING, site_down),
    FaultCase("slow", "each source drips, slower than the timeout", 3, ("no whole answer within 0.1 s (AINEWS_HTTP_TIMEOUT_S)",), NOTHING, too_slow),
    FaultCase("busy", "503 twice with Retry-After, then the page", 0, (), MADE, busy_twice, NEW),
    FaultCase("304 cached", "304, and the page is in the cache", 0, (), "the digest, byte for byte as before, and no call", not_modified, NEW),
    FaultCase("304 alone", "304, and no page is in the cache", 3, ("answered 304",), NOTHING, serving({SITE: page(b"", status=304)})),
    FaultCase("short page", "a page that breaks off before its announced length", 3, ("could not be read",), NOTHING, serving({SITE: short})),
    FaultCase("cut page", "a page cut off in its middle; upstream has it whole", 0, ("comes from upstream",), MADE, serving({SITE: page(PAGE[:-60]), UPSTREAM: page(MARKDOWN)}), NEW),
    FaultCase("wrong charset", "Windows-1252, declared by the page, denied by the server", 0, (), MADE + ", its words intact", in_latin, NEW),
    FaultCase("no charset", "Latin-1 that nothing declares", 0, (), MADE + ", the odd letter replaced", in_nothing, NEW),
    FaultCase("home page", "the home page in the issue's place", 3, NOT_IT, NOTHING, serving({SITE: page(HOME)})),
    FaultCase("login page", "a login page in the issue's place", 3, NOT_IT, NOTHING, serving({SITE: page(LOGIN)})),
    FaultCase("JSON", "JSON in the issue's place", 3, NOT_IT, NOTHING, serving({SITE: page('{"error": 1}', "application/json")})),
    FaultCase("empty", "an empty page in the issue's place", 3, NOT_IT, NOTHING, serving({SITE: page("")})),
    FaultCase("no stories", "a page of the issue without a single story", 4, (SLUG,), NOTHING, serving({SITE: page(EMPTY_ISSUE)})),
    FaultCase("feed ahead", "the feed lists an issue whose page is 404 everywhere", 3, (SLUG, "comes without its text in the feed", "answered 404"), NOTHING, dated({FEED: rss(item(SLUG))})),
    FaultCase("feed has it", "the feed lists an issue whose page is 404, and has its text", 0, ("comes from feed",), MADE, from_feed, NEW),
    FaultCase("feed garbage", "the feed is no XML, Substack's is down", 3, ("no list of issues", "is not a readable feed"), NOTHING, dated({FEED: page("<rss><chan")})),
    FaultCase("feed of nothing", "the feed is an HTML page, Substack's is empty", 3, ("no list of issues",), NOTHING, dated({FEED: page(HOME), "substack/feed": rss()})),
    FaultCase("circle", "the page redirects to itself", 3, ("redirects in a circle",), NOTHING, serving({SITE: moved(f"/{SITE}")})),
    FaultCase("other host", "the page redirects to another host", 3, ("redirects away from its own host",), NOTHING, serving({SITE: moved("http://localhost:9/x")})),
    FaultCase("20 MB page", "the page has 20 MB", 3, ("larger than 1,500,000 bytes (AINEWS_MAX_PAGE_BYTES)",), NOTHING, serving({SITE: flood})),
    FaultCase("132,000 bullets", "a file of 20 MB in 132,000 bullets", 2, ("larger than 1,500,000 bytes (AINEWS_MAX_PAGE_BYTES)",), NOTHING, bullets),
    FaultCase("upstream only", "only the upstream repository's Markdown is there, in its second folder", 0, ("comes from upstream",), MADE, from_upstream, NEW),
)
# fmt: on
