"""One address -> its bytes, by what Python has, where the server plainly gives or refuses them.

Most runs read one page or list that is there or unchanged, and loading httpx for that takes longer
than all else. Whatever is not that plain, a proxy, a login, a redirect, trouble, is for `http.py`,
which asks once more and says what is wrong.
"""

import http.client
import zlib
from collections.abc import Callable
from contextlib import closing, suppress
from http import HTTPStatus
from importlib.metadata import metadata
from urllib.parse import urljoin, urlsplit

from pipeline.errors import SourceError, SourceTransient
from pipeline.fetch.pages import FetchLimits, PageNotFound, PageStore
from pipeline.network import SocketDeadline, find_proxy, load_certificates, tls_context
from pipeline.records import StoredPage

_REDIRECTION, _SERVER_ERROR = 3, 5
_TRANSIENT = (408, 425, 429)
_CHUNK = 65_536
_GZIP = 31
"""What zlib calls a gzip stream."""


class DirectReader:
    """Reads addresses without httpx; safe between threads."""

    def __init__(self, limits: FetchLimits, pages: PageStore | None = None) -> None:
        """Take how long and how much is read, and what keeps pages between runs."""
        self._limits = limits
        self._pages = pages

    def get(
        self, url: str, next_url: Callable[[StoredPage], str], max_bytes: int
    ) -> StoredPage | None:
        """Bring one address; None where it is not plainly there.

        `next_url` says where a page leads on by its own text; empty where it does not.

        Raises:
            PageNotFound: the server works and does not have it.
            SourceTransient: the server has trouble that may pass.
            SourceError: the server refuses it.
            SettingsError: a proxy or certificates of the environment cannot be used.
        """
        page = self._request(url, max_bytes)
        if page is None or not (onward := next_url(page)):
            return page
        there = urljoin(url, onward)
        if urlsplit(there)[:2] != urlsplit(url)[:2]:
            return None
        page = self._request(there, max_bytes)
        return None if page is None or next_url(page) else page

    def _request(self, url: str, max_bytes: int) -> StoredPage | None:
        if not url.isascii() or find_proxy(url) is not None:
            return None
        stored = None if self._pages is None else self._pages.get(url)
        if stored and len(stored.body) > max_bytes:
            stored = None
        page = None
        # What goes wrong here goes wrong again in `http.py`, which has the words for it.
        with suppress(OSError, ValueError, http.client.HTTPException, zlib.error):
            page = self._exchange(url, stored, max_bytes)
        if page is None or page is stored or self._pages is None:
            return page
        if page.etag or page.last_modified:
            self._pages.put(page)
        return page

    def _exchange(self, url: str, stored: StoredPage | None, max_bytes: int) -> StoredPage | None:
        """Send one request, and read what is answered where that is a page."""
        address = urlsplit(url)
        if address.scheme not in ("http", "https") or address.hostname is None:
            return None
        headers = {"User-Agent": user_agent(), "Accept": "*/*", "Accept-Encoding": "gzip"}
        headers |= {"Connection": "close"} | (validators(stored) if stored else {})
        path = address._replace(
            scheme="", netloc="", fragment="", path=address.path or "/"
        ).geturl()
        deadline = SocketDeadline(self._limits.timeout_s)
        try:
            with closing(self._connection(url)) as connection:
                connection.connect()
                deadline.watch(connection.sock)
                connection.request("GET", path, headers=headers)
                with connection.getresponse() as answer:
                    if stored and answer.status == HTTPStatus.NOT_MODIFIED:
                        return stored
                    if answer.status < HTTPStatus.OK or answer.status // 100 == _REDIRECTION:
                        return None
                    raise_for_status(url, answer.status, answer.headers.get("Retry-After"))
                    body = _read_body(answer, max_bytes)
        finally:
            late = deadline.stop()
        if body is None or late:
            return None
        return StoredPage(
            url=url,
            etag=answer.headers.get("ETag"),
            last_modified=answer.headers.get("Last-Modified"),
            body=body,
            content_type=answer.headers.get("Content-Type", ""),
        )

    def _connection(self, url: str) -> http.client.HTTPConnection:
        address, timeout = urlsplit(url), self._limits.timeout_s
        host = address.hostname or ""
        if address.scheme == "http":
            return http.client.HTTPConnection(host, address.port, timeout=timeout)
        context = tls_context(url, load_certificates)
        return http.client.HTTPSConnection(host, address.port, timeout=timeout, context=context)


def _read_body(answer: http.client.HTTPResponse, max_bytes: int) -> bytes | None:
    """Read and unpack a body that is whole, packed once at most and within the limit."""
    packed = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip"):
        return None
    body = bytearray()
    while chunk := answer.read(_CHUNK):
        body += chunk
        if len(body) > max_bytes:
            return None
    if answer.length:
        return None  # cut off
    if packed == "identity":
        return bytes(body)
    unpacking = zlib.decompressobj(_GZIP)
    unpacked = unpacking.decompress(body, max_bytes)
    return unpacked if unpacking.eof and not unpacking.unused_data else None


def raise_for_status(url: object, status: int, retry_after: str | None) -> None:
    """Raise what an answer's status means, where it is not that of a page."""
    message = f"{url} answered {status}"
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise PageNotFound(message)
    if status in _TRANSIENT or status // 100 == _SERVER_ERROR:
        from pipeline.network import parse_retry_after

        raise SourceTransient(message, parse_retry_after(retry_after or ""))
    if status != HTTPStatus.OK:
        raise SourceError(message)


def validators(stored: StoredPage) -> dict[str, str]:
    """Ask whether a page has changed, in headers that a server may have made up."""
    asked = {"If-None-Match": stored.etag, "If-Modified-Since": stored.last_modified}
    return {
        name: value
        for name, value in asked.items()
        if value and value.isascii() and value.isprintable()
    }


def user_agent() -> str:
    """Say who asks: name, version and, once the package states one, the project's address."""
    about = metadata("ainews-digest")
    address = "".join(url.partition(", ")[2] for url in about.get_all("Project-URL", [])[:1])
    return f"ainews-digest/{about['Version']}" + (f" (+{address})" if address else "")
