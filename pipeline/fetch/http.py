"""One address -> its bytes: politely, within limits, and only on its own host.

`fetch` asks this; the only importer of httpx. Redirects, retries, deadlines, size limits and
conditional requests are here; what a page means is not.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

import httpx

from pipeline.errors import SourceError, SourceTransient
from pipeline.fetch.direct import raise_for_status, user_agent, validators
from pipeline.fetch.pages import FetchLimits, PageStore
from pipeline.lines import counted
from pipeline.network import (
    Proxy,
    RetryPolicy,
    SocketDeadline,
    call_with_retry,
    find_proxy,
    load_certificates,
    socks_errors,
    tls_context,
)
from pipeline.records import StoredPage

_MAX_REDIRECTS = 5
_MAX_PAUSE_S = 120.0

_HTTPX_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict, httpx.StreamError)
_TRANSIENT_ERRORS = (
    httpx.TimeoutException,
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.RemoteProtocolError,
)
Transport = httpx.BaseTransport


class HttpClient:
    """Reads addresses within limits; owns its HTTP clients, and is safe between threads."""

    def __init__(
        self,
        limits: FetchLimits,
        *,
        pages: PageStore | None = None,
        logins: Iterable[str] = (),
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Open the client.

        `logins` are addresses with a user and a password, which are sent to their hosts alone.
        """
        self._limits = limits
        self._logins = {
            _host_and_port(url): httpx.BasicAuth(url.username, url.password)
            for url in map(httpx.URL, (each for each in logins if "@" in each))
            if url.userinfo
        }
        self._pages = pages
        self._sleep = sleep
        self._transport = transport
        self._clients: dict[tuple[str, Proxy | None], httpx.Client] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close its clients."""
        for client in self._clients.values():
            client.close()

    def _client(self, url: httpx.URL, proxy: Proxy | None) -> httpx.Client:
        """Give the client for an address, opened when one like it is first asked for.

        No connection is kept, so that every request's deadline knows its socket.
        """
        with self._lock:
            if (url.scheme, proxy) not in self._clients:
                self._clients[url.scheme, proxy] = httpx.Client(
                    headers={"User-Agent": user_agent(), "Accept-Encoding": "gzip, deflate"},
                    timeout=self._limits.timeout_s,
                    limits=httpx.Limits(max_keepalive_connections=0),
                    transport=self._transport,
                    proxy=proxy and proxy.url,
                    verify=tls_context(str(url), load_certificates),
                    trust_env=False,
                )
            return self._clients[url.scheme, proxy]

    def get(
        self,
        url: str,
        next_url: Callable[[StoredPage], str] = lambda _: "",
        *,
        max_bytes: int | None = None,
        failed: SourceTransient | None = None,
    ) -> StoredPage:
        """Bring one address, through redirects on its own host, at most five.

        `next_url` says where a page leads on by its own text; empty where it does not. `failed` is
        what the first try at this address has met already.

        Raises:
            PageNotFound: the server works and does not have it.
            SourceError: it could not be read; says why.
        """
        with _translate_errors(url):
            here = start = httpx.URL(url)
            seen: list[httpx.URL] = []
            while len(seen) <= _MAX_REDIRECTS and here not in seen:
                seen.append(here)
                limit = max_bytes or self._limits.max_page_bytes
                answer = self._request_with_retry(here, limit, failed)
                failed = None
                if isinstance(answer, StoredPage):
                    onward = next_url(answer)
                    if not onward:
                        return answer
                else:
                    onward = answer
                here = here.join(onward).copy_with(userinfo=b"")
                if not _same_host(start, here):
                    raise SourceError(f"{url} redirects away from its own host, to {here}")
        raise SourceError(f"{url} redirects in a circle or more than {_MAX_REDIRECTS} times")

    def _request_with_retry(
        self, url: httpx.URL, max_bytes: int, failed: SourceTransient | None
    ) -> StoredPage | str:
        policy = RetryPolicy(self._limits.attempts, max_pause_s=_MAX_PAUSE_S)
        met = [failed] if failed else []

        def send() -> StoredPage | str:
            if met:
                raise met.pop()
            return self._request(url, max_bytes)

        try:
            return call_with_retry(send, policy, sleep=self._sleep)
        except SourceTransient as error:
            raise SourceError(f"{error}, tried {counted(error.attempts, 'time')}") from error

    def _request(self, url: httpx.URL, max_bytes: int) -> StoredPage | str:
        """Send one request: the page, or the address that it redirects to."""
        stored = None if self._pages is None else self._pages.get(str(url))
        if stored and len(stored.body) > max_bytes:
            stored = None
        headers = validators(stored) if stored else {}
        proxy = None if self._transport else find_proxy(str(url))
        with (
            _translate_errors(str(url), proxy),
            _deadline(self._limits.timeout_s) as trace,
            self._client(url, proxy).stream(
                "GET",
                url,
                headers=headers,
                auth=self._logins.get(_host_and_port(url)),
                extensions={"trace": trace},
            ) as answer,
        ):
            if stored and answer.status_code == httpx.codes.NOT_MODIFIED:
                return stored
            if answer.has_redirect_location:
                return str(answer.headers["Location"])
            raise_for_status(url, answer.status_code, answer.headers.get("Retry-After"))
            page = StoredPage(
                url=str(url),
                etag=answer.headers.get("ETag"),
                last_modified=answer.headers.get("Last-Modified"),
                body=self._read_body(answer, max_bytes),
                content_type=answer.headers.get("Content-Type", ""),
            )
        if self._pages is not None and (page.etag or page.last_modified):
            self._pages.put(page)
        return page

    def _read_body(self, answer: httpx.Response, max_bytes: int) -> bytes:
        """Read and unpack the body up to the limit.

        One read of 64 KB unpacks to 66 MB at worst; packed twice it would be 68 GB, so only what
        we asked for is unpacked. The packed bytes count too: what follows the end of a gzip
        stream unpacks to nothing.
        """
        packed = answer.headers.get("Content-Encoding", "identity").strip().lower()
        if packed not in ("", "identity", "gzip", "deflate"):
            raise SourceError(f"{answer.url} is packed as {packed!r}, which was not asked for")
        named = " (AINEWS_MAX_PAGE_BYTES)" * (max_bytes == self._limits.max_page_bytes)
        large = SourceError(f"{answer.url} is larger than {max_bytes:,} bytes{named}")
        answer.stream = _CappedStream(cast("httpx.SyncByteStream", answer.stream), max_bytes, large)
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > max_bytes:
                raise large
        return bytes(body)


class _CappedStream(httpx.SyncByteStream):
    """A body that ends in an error past its limit, before anything unpacks it."""

    def __init__(self, body: httpx.SyncByteStream, most: int, large: SourceError) -> None:
        self._body = body
        self._most = most
        self._large = large

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._body:
            size += len(chunk)
            if size > self._most:
                raise self._large
            yield chunk

    def close(self) -> None:
        self._body.close()


def _same_host(start: httpx.URL, target: httpx.URL) -> bool:
    """Say whether a redirect stays at home: same port, `www.` or not, never from https to http."""
    host = _host_and_port(target) == _host_and_port(start)
    scheme = target.scheme == start.scheme or (start.scheme, target.scheme) == ("http", "https")
    return host and scheme


def _host_and_port(url: httpx.URL) -> tuple[str, int | None]:
    return url.host.removeprefix("www."), url.port


@contextmanager
def _translate_errors(url: str, proxy: Proxy | None = None) -> Iterator[None]:
    """Turn httpx's errors into ours: the only place that does."""
    try:
        yield
    except _read_errors() as error:
        what = " ".join(str(error).split()) or type(error).__name__
        kind = SourceTransient if isinstance(error, _TRANSIENT_ERRORS) else SourceError
        through = f", through the proxy of {proxy.variable}" if proxy else ""
        raise kind(f"{url} could not be read ({what}{through})") from error


def _read_errors() -> tuple[type[Exception], ...]:
    return (*_HTTPX_ERRORS, *socks_errors())


@contextmanager
def _deadline(seconds: float) -> Iterator[Callable[[str, dict[str, Any]], None]]:
    """Cut a request off when its time is up; gives the trace to send."""
    deadline = SocketDeadline(seconds)
    try:
        yield deadline.trace
    finally:
        if deadline.stop():
            message = f"no whole answer within {seconds:g} s (AINEWS_HTTP_TIMEOUT_S)"
            raise httpx.ReadTimeout(message)
