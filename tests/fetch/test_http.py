"""What is asked of a server, within which limits, and what is kept of its answers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from pipeline.errors import SourceError
from pipeline.fetch.http import HttpClient
from pipeline.fetch.pages import FetchLimits, PageNotFound, without_login
from pipeline.records import StoredPage

URL = "http://site.test/a"


class Shelf(dict[str, StoredPage]):
    """A page store in memory."""

    def put(self, page: StoredPage) -> None:
        """Keep a page."""
        self[page.url] = page


def web(
    answer: Callable[[httpx.Request], httpx.Response],
    *,
    pages: Shelf | None = None,
    sleeps: list[float] | None = None,
    **limits: int,
) -> HttpClient:
    """Read over a fake transport."""
    return HttpClient(
        FetchLimits.model_validate({"timeout_s": 5, **limits}),
        pages=pages,
        transport=httpx.MockTransport(answer),
        sleep=(sleeps if sleeps is not None else []).append,
    )


def always(answer: httpx.Response) -> Callable[[httpx.Request], httpx.Response]:
    """Answer alike every time."""
    return lambda _: httpx.Response(
        answer.status_code, headers=answer.headers, content=answer.content
    )


@pytest.mark.parametrize(("size", "read"), [(100, True), (101, False)])
@pytest.mark.parametrize("feed", [False, True])
def test_an_answer_may_be_as_large_as_its_limit(size: int, *, read: bool, feed: bool) -> None:
    """A page's limit can be set, and is named; a feed comes with its own."""
    answer = always(httpx.Response(200, content=b"x" * size))
    reader = web(answer, max_page_bytes=10 if feed else 100)
    given = 100 if feed else None
    if read:
        assert reader.get(URL, max_bytes=given).body == b"x" * size
    else:
        with pytest.raises(SourceError, match="larger than 100 bytes") as caught:
            reader.get(URL, max_bytes=given)
        assert ("AINEWS_MAX_PAGE_BYTES" in str(caught.value)) is not feed


@pytest.mark.parametrize(("hops", "arrives"), [(5, True), (6, False)])
def test_five_redirects_are_followed(hops: int, *, arrives: bool) -> None:
    """A sixth one is not."""

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("n", "0"))
        if number == hops:
            return httpx.Response(200, text="there")
        return httpx.Response(302, headers={"Location": f"/a?n={number + 1}"})

    if arrives:
        assert web(answer).get(URL).body == b"there"
    else:
        with pytest.raises(SourceError, match="more than 5 times"):
            web(answer).get(URL)


def test_a_circle_is_left_at_once() -> None:
    """No address is asked for twice."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(302, headers={"Location": "/b" if request.url.path == "/a" else "/a"})

    with pytest.raises(SourceError, match="in a circle"):
        web(answer).get(URL)
    assert asked == ["/a", "/b"]


@pytest.mark.parametrize(
    "marks",
    [
        {"ETag": '"1"', "Last-Modified": "Sat, 03 Jan 2026 00:00:00 GMT"},
        {"ETag": '"1"'},
        {"Last-Modified": "Sat, 03 Jan 2026 00:00:00 GMT"},
        {},
    ],
)
def test_a_page_with_a_mark_is_kept_and_asked_for_with_it(marks: dict[str, str]) -> None:
    """Either mark will do; a page without any is not kept."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        known = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
        headers = {"Content-Type": "text/html; charset=x", **marks}
        return httpx.Response(304) if known else httpx.Response(200, headers=headers, text="x")

    shelf = Shelf()
    reader = web(answer, pages=shelf)
    first, second = reader.get(URL), reader.get(URL)
    assert first == second
    assert (first.url, first.body, first.content_type) == (URL, b"x", "text/html; charset=x")
    assert (first.etag, first.last_modified) == (marks.get("ETag"), marks.get("Last-Modified"))
    assert asked[1].headers.get("If-None-Match") == marks.get("ETag")
    assert asked[1].headers.get("If-Modified-Since") == marks.get("Last-Modified")
    assert list(shelf) == [URL] * bool(marks)


def test_a_page_that_has_changed_replaces_the_one_that_was_kept() -> None:
    """And a server that says nothing has changed, though nothing is kept, has failed."""
    versions = iter(["one", "two"])
    shelf = Shelf()
    reader = web(
        lambda _: httpx.Response(200, headers={"ETag": "x"}, text=next(versions)), pages=shelf
    )
    assert [reader.get(URL).body for _ in range(2)] == [b"one", b"two"]
    assert shelf[URL].body == b"two"
    with pytest.raises(SourceError, match="answered 304"):
        web(always(httpx.Response(304)), pages=Shelf()).get(URL)


@pytest.mark.parametrize("code", [404, 410])
def test_what_is_not_there_or_gone_is_absent(code: int) -> None:
    """The server works, and has it not; it is asked once."""
    sleeps: list[float] = []
    with pytest.raises(PageNotFound, match=str(code)):
        web(always(httpx.Response(code)), sleeps=sleeps).get(URL)
    assert sleeps == []


def test_other_failures_are_not_absence() -> None:
    """Another source may still say that it is there."""
    for code in (400, 401, 403, 500):
        with pytest.raises(SourceError) as caught:
            web(always(httpx.Response(code)), attempts=1).get(URL)
        assert not isinstance(caught.value, PageNotFound)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.RemoteProtocolError,
    ],
)
def test_failures_that_may_pass_are_tried_again(error: type[httpx.TransportError]) -> None:
    """As often as is set, and the line says how often."""
    sleeps: list[float] = []

    def fail(_: httpx.Request) -> httpx.Response:
        raise error("broken\n off")

    with pytest.raises(SourceError, match=r"\(broken off\), tried 3 times"):
        web(fail, sleeps=sleeps, attempts=3).get(URL)
    assert len(sleeps) == 2
    assert all(0 < pause <= 31 for pause in sleeps)


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ProxyError, httpx.UnsupportedProtocol, httpx.DecodingError]
)
def test_failures_that_last_are_not_tried_again(error: type[httpx.RequestError]) -> None:
    """The line has the address and the reason."""
    sleeps: list[float] = []

    def fail(_: httpx.Request) -> httpx.Response:
        raise error("no")

    with pytest.raises(SourceError, match=rf"{URL} could not be read \(no\)$"):
        web(fail, sleeps=sleeps).get(URL)
    assert sleeps == []


@pytest.mark.parametrize(
    ("asked", "pause"),
    [("0", 0), ("7", 7), (" 7 ", 7), ("119", 119), ("120", 120), ("121", 120), ("86400", 120)],
)
def test_the_pause_that_a_server_asks_for_is_kept(asked: str, pause: float) -> None:
    """Up to two minutes, for each kind of answer that asks for one."""
    for code in (429, 503):
        sleeps: list[float] = []
        busy = httpx.Response(code, headers={"Retry-After": asked})
        with pytest.raises(SourceError):
            web(always(busy), sleeps=sleeps, attempts=2).get(URL)
        assert sleeps == [pause]


@pytest.mark.parametrize("zone", [" GMT", " -0000", ""])
def test_a_pause_may_be_a_date(zone: str) -> None:
    """In Greenwich where it names no zone; one that is over is none."""
    for ahead, pause in ((50, 50), (-50, 0)):
        until = datetime.now(UTC) + timedelta(seconds=ahead)
        written = format_datetime(until, usegmt=True).removesuffix(" GMT") + zone
        sleeps: list[float] = []
        busy = httpx.Response(503, headers={"Retry-After": written})
        with pytest.raises(SourceError):
            web(always(busy), sleeps=sleeps, attempts=2).get(URL)
        assert sleeps == [pytest.approx(pause, abs=3)]


@pytest.mark.parametrize(
    ("onward", "stays"),
    [
        ("http://site.test/b", True),
        ("https://site.test/b", True),
        ("http://www.site.test/b", True),
        ("//site.test/b", True),
        ("http://site.test:81/b", False),
        ("https://site.test:8443/b", False),
        ("http://other.test/b", False),
        ("http://www.www.site.test/b", False),
        ("ftp://site.test/b", False),
    ],
)
def test_a_redirect_stays_on_its_host_and_port(onward: str, *, stays: bool) -> None:
    """With `www.` or without; a page that leads on by its text is held to the same."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/b":
            return httpx.Response(200, text="there")
        return httpx.Response(301, headers={"Location": onward})

    def refresh(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text="there" if request.url.path == "/b" else "on")

    def leads(page: StoredPage) -> str:
        return onward if page.body == b"on" else ""

    cases: tuple[tuple[HttpClient, Callable[[StoredPage], str]], ...] = (
        (web(answer), lambda _: ""),
        (web(refresh), leads),
    )
    for reader, onward_of in cases:
        if stays:
            assert reader.get(URL, onward_of).body == b"there"
        else:
            with pytest.raises(SourceError, match="away from its own host"):
                reader.get(URL, onward_of)


def test_from_www_to_without_it_is_at_home_too() -> None:
    """The other way round."""

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "site.test":
            return httpx.Response(200, text="there")
        return httpx.Response(301, headers={"Location": "http://site.test/a"})

    assert web(answer).get("http://www.site.test/a").body == b"there"


@pytest.mark.parametrize("packing", ["", "identity", " GZIP ", "deflate"])
def test_packings_that_were_asked_for_are_read(packing: str) -> None:
    """Whatever their letters; what is asked for is said in the request."""
    import gzip
    import zlib

    def answer(request: httpx.Request) -> httpx.Response:
        assert request.headers["Accept-Encoding"] == "gzip, deflate"
        packed = {"GZIP": gzip.compress(b"x"), "deflate": zlib.compress(b"x")}
        headers = {"Content-Encoding": packing}
        body = packed.get(packing.strip(), b"x")
        return httpx.Response(200, headers=headers, stream=httpx.ByteStream(body))

    assert web(answer).get(URL).body == b"x"


def test_limits_have_defaults_and_are_no_nonsense() -> None:
    """Thirty seconds, four attempts, a page of 1.5 MB and a feed of 20 MB."""
    assert FetchLimits().model_dump() == {
        "timeout_s": 30,
        "attempts": 4,
        "max_page_bytes": 1_500_000,
        "max_feed_bytes": 20_000_000,
    }
    for name in FetchLimits.model_fields:
        with pytest.raises(ValueError, match=name):
            FetchLimits.model_validate({name: 0})


@pytest.mark.parametrize(
    ("url", "bare"),
    [
        ("https://me:p%40ss@a.test:8080/x/", "https://a.test:8080/x/"),
        ("https://me@a.test/", "https://a.test/"),
        ("https://a.test/@me", "https://a.test/@me"),
        ("https://a.test/", "https://a.test/"),
    ],
)
def test_an_address_is_shown_without_its_login(url: str, bare: str) -> None:
    """The rest stays as it is written."""
    assert without_login(url) == bare


def test_a_login_is_sent_to_its_own_host_alone() -> None:
    """Other hosts and ports get none."""
    came: dict[str, str | None] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        came[str(request.url)] = request.headers.get("Authorization")
        return httpx.Response(200)

    client = HttpClient(
        FetchLimits(), logins=["https://me:p%40ss@a.test/"], transport=httpx.MockTransport(answer)
    )
    for url in ("https://a.test/x", "https://a.test:8443/x", "https://b.test/x"):
        client.get(url)
    assert came == {
        "https://a.test/x": "Basic bWU6cEBzcw==",
        "https://a.test:8443/x": None,
        "https://b.test/x": None,
    }


@pytest.mark.parametrize("onward", ["https://me:planted@b.test/", "https://me:planted@a.test/"])
def test_a_redirect_shows_no_login(onward: str) -> None:
    """One that a server names is neither sent nor said."""
    reader = web(lambda _: httpx.Response(302, headers={"Location": onward}))
    with pytest.raises(SourceError) as caught:
        reader.get("https://a.test/")
    assert "planted" not in str(caught.value)


@pytest.mark.parametrize("mark", ["caf\u00e9", "a\r\nX: 1", "\u6807", "\x1b[1m"])
def test_a_mark_that_no_header_can_hold_is_not_sent(mark: str) -> None:
    """A server, or whoever wrote the cache, may have made it up; the page is asked for anew."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, text="new")

    page = StoredPage(url=URL, etag=mark, last_modified=mark, content_type="", body=b"old")
    assert web(answer, pages=Shelf({URL: page})).get(URL).body == b"new"
    assert "If-None-Match" not in asked[0].headers


def test_a_stored_page_is_no_larger_than_a_page_may_be() -> None:
    """Its limit may have been lowered, or somebody else have stored it."""
    page = StoredPage(url=URL, etag="1", last_modified=None, content_type="", body=b"x" * 101)
    reader = web(
        lambda request: httpx.Response(
            304 if "If-None-Match" in request.headers else 200, text="y"
        ),
        pages=Shelf({URL: page}),
        max_page_bytes=100,
    )
    assert reader.get(URL).body == b"y"
