"""Pages that come without httpx: what httpx would bring, or nothing."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from pipeline.errors import SourceError
from pipeline.fetch.direct import DirectReader
from pipeline.fetch.http import HttpClient
from pipeline.fetch.pages import FetchLimits, PageNotFound
from pipeline.records import StoredPage

_LIMIT = 1000
_LIMITS = FetchLimits(timeout_s=20, attempts=1, max_page_bytes=_LIMIT)
_PACKED = gzip.compress(b"page")


class Shelf(dict[str, StoredPage]):
    """A page store in memory."""

    def put(self, page: StoredPage) -> None:
        """Keep a page."""
        self[page.url] = page


@contextmanager
def answering(answer: Callable[[str], bytes]) -> Iterator[tuple[str, list[str]]]:
    """Answer each request's text with these bytes, and close; gives the address, and what came."""
    asked: list[str] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                asked.append(connection.recv(65_536).decode())
                connection.sendall(answer(asked[-1]))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/a", asked
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def http(head: str, body: bytes = b"page", status: str = "200 OK") -> bytes:
    """Write an answer."""
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def length(body: bytes) -> str:
    """Say how long a body is."""
    return f"Content-Length: {len(body)}\r\n"


PLAIN = {
    "a length": http(length(b"page")),
    "no length": http("Content-Type: text/html; charset=latin-1\r\n"),
    "in pieces": http("Transfer-Encoding: chunked\r\n", b"4\r\npage\r\n0\r\n\r\n"),
    "packed": http("Content-Encoding: GZIP\r\n" + length(_PACKED), _PACKED),
    "with marks": http('ETag: "1"\r\nLast-Modified: Mon\r\n' + length(b"page")),
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\npage",
    "as large as it may be": http("", b"x" * _LIMIT),
    "a handled 100 before it": b"HTTP/1.1 100 Continue\r\n\r\n" + http(length(b"page")),
}
ODD = {
    "elsewhere": http("Location: /b\r\n", b"", "302 Found"),
    "another 304": http("", b"", "304 Not Modified"),
    "cut off": http("Content-Length: 9\r\n"),
    "pieces cut off": http("Transfer-Encoding: chunked\r\n", b"9\r\npage"),
    "too large": http("", b"x" * (_LIMIT + 1)),
    "too large unpacked": http("Content-Encoding: gzip\r\n", gzip.compress(b"x" * (_LIMIT + 1))),
    "packed and cut off": http("Content-Encoding: gzip\r\n", _PACKED[:-9]),
    "packed and more": http("Content-Encoding: gzip\r\n", _PACKED + b"more"),
    "not packed": http("Content-Encoding: gzip\r\n"),
    "packed twice": http("Content-Encoding: gzip, gzip\r\n", gzip.compress(_PACKED)),
    "packed otherwise": http("Content-Encoding: br\r\n"),
    "early hints": b"HTTP/1.1 103 Early Hints\r\n\r\n" + http(length(b"page")),
    "no HTTP": b"hello",
    "nothing": b"",
}


@pytest.mark.parametrize("kind", PLAIN)
def test_a_plain_page_is_what_httpx_brings(kind: str) -> None:
    """Bytes, marks and type; it is kept where it has a mark."""
    kept, other = Shelf(), Shelf()
    with answering(lambda _: PLAIN[kind]) as (url, _):
        page = DirectReader(_LIMITS, kept).get(url, lambda _: "", _LIMIT)
        assert page == HttpClient(_LIMITS, pages=other).get(url)
    assert kept == other


@pytest.mark.parametrize("kind", ODD)
def test_what_is_not_plainly_a_page_is_left_to_httpx(kind: str) -> None:
    """Nothing of it is kept."""
    kept = Shelf()
    with answering(lambda _: ODD[kind]) as (url, _):
        assert DirectReader(_LIMITS, kept).get(url, lambda _: "", _LIMIT) is None
    assert not kept


@pytest.mark.parametrize("status", [204, 403, 404, 410, 429, 503])
def test_a_refusal_is_that_of_httpx(status: int) -> None:
    """In its words and of its kind; what may pass names the pause that is asked for."""
    refusal = http("Retry-After: 7\r\n", b"", f"{status} No")
    with answering(lambda _: refusal) as (url, _):
        with pytest.raises(SourceError) as direct:
            DirectReader(_LIMITS).get(url, lambda _: "", _LIMIT)
        with pytest.raises(SourceError) as whole:
            HttpClient(_LIMITS).get(url)
    assert str(whole.value).startswith(str(direct.value))
    assert getattr(direct.value, "retry_after_s", 7) == 7
    assert isinstance(direct.value, PageNotFound) is isinstance(whole.value, PageNotFound)


def test_a_page_that_is_kept_is_asked_for_by_its_marks() -> None:
    """Where the server says 304 it is that page; one over the limit is asked for anew."""

    def answer(request: str) -> bytes:
        known = 'If-None-Match: "1"' in request and "If-Modified-Since: Mon" in request
        return http("", b"", "304 Not Modified") if known else http("")

    with answering(answer) as (url, _):
        kept = StoredPage(url=url, etag='"1"', last_modified="Mon", content_type="", body=b"old")
        reader = DirectReader(_LIMITS, Shelf({url: kept}))
        assert reader.get(url, lambda _: "", 3) is kept
        page = reader.get(url, lambda _: "", 2)
    assert page is None


def test_a_page_that_leads_on_is_followed_once_on_its_own_host() -> None:
    """By its text; a second time, and elsewhere, httpx says what is wrong."""
    for onward, arrives in (("/b", True), ("/c", False), ("http://localhost:1/b", False)):

        def next_url(page: StoredPage, onward: str = onward) -> str:
            return "" if page.url.endswith("/b") else onward

        with answering(lambda _: http("")) as (url, asked):
            page = DirectReader(_LIMITS).get(url, next_url, _LIMIT)
        assert (page is not None) is arrives
        assert asked[0].startswith("GET /a HTTP/1.1\r\nHost: 127.0.0.1:")


@pytest.mark.parametrize(
    "url", ["ftp://h.test/", "http:///a", "http://h.test/\u00e9", "http://a:x/"]
)
def test_an_address_that_is_not_plain_is_left_to_httpx(url: str) -> None:
    """It has the words for what is wrong with it."""
    assert DirectReader(_LIMITS).get(url, lambda _: "", _LIMIT) is None


def test_a_proxy_is_left_to_httpx(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is asked for nothing here."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9/")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert DirectReader(_LIMITS).get("http://h.test/", lambda _: "", _LIMIT) is None


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    """Whatever came until then is no page."""
    ended = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65_536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            try:
                while not ended.wait(0.05):
                    connection.sendall(b"X: y\r\n")
            except OSError:
                pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        limits = FetchLimits(timeout_s=0.3, attempts=1)
        assert DirectReader(limits).get(url, lambda _: "", _LIMIT) is None
        ended.set()
        thread.join()
