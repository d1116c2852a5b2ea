"""A site that was built -> a browser on this machine; built again whenever something changes.

It listens on loopback alone, and answers only whoever calls it by a name of loopback: a page from
elsewhere that had its own name lead here would otherwise read what is shown. Only files that the
site is made of exist for it, so no path leads out of the folder.
"""

import os
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

from typing_extensions import override

from pipeline.errors import DigestError, SettingsError
from pipeline.site.forms import is_article
from pipeline.storage import read_or_none

HOST: Final = "127.0.0.1"
NOT_FOUND: Final = "404.html"
"""Page of the site that answers for what it has not."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""The pages' own policy, and that nobody may frame them, which only a header can say."""
ARTICLE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""That of an article, which has its styles at its elements, and nothing else."""
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".eml": "message/rfc822",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
}
_FEEDS: Final = {
    "feed.json": "application/feed+json",
    "feed.xml": "application/atom+xml; charset=utf-8",
}
_NAMES: Final = (HOST, "localhost")
_POLL_S: Final = 0.5


class BuiltFiles(NamedTuple):
    """What is shown."""

    out: Path
    """Folder of the site."""
    files: frozenset[str]
    """What it is made of: paths relative to the folder."""


def serve(
    build: Callable[[], BuiltFiles],
    watched: Iterable[Path],
    *,
    port: int,
    log: Callable[[str], None],
    on_ready: Callable[[str], None],
) -> None:
    """Show a site until somebody presses Ctrl-C.

    It is built again whenever a file in a watched folder changes; `log` hears of each new building,
    and of one that failed: the site stays as it was then.

    Raises:
        DigestError: it cannot be built at first, or the port is not to be had.
        KeyboardInterrupt: somebody pressed Ctrl-C.
    """
    watched = tuple(watched)
    seen = _file_stamps(watched)
    with SiteServer(build(), port=port) as server:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        try:
            on_ready(server.url)
            while True:
                time.sleep(_POLL_S)
                now = _file_stamps(watched)
                if now != seen:
                    seen = now
                    _rebuild(server, build, log)
        finally:
            server.shutdown()


class SiteServer(ThreadingHTTPServer):
    """Answers for one site on loopback."""

    daemon_threads = True
    allow_reuse_port = False

    def __init__(self, site: BuiltFiles, *, port: int) -> None:
        """Listen.

        The site may be replaced at any time; port 0 is any that is free.

        Raises:
            SettingsError: the port is not to be had.
        """
        self.site = site
        try:
            super().__init__((HOST, port), _Request)
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or error
            raise SettingsError(
                f"cannot listen on port {port} of {HOST}: {reason}; give another with --port"
            ) from error

    @property
    def url(self) -> str:
        """Address of the site."""
        return f"http://{HOST}:{self.server_port}/"

    @override
    def server_bind(self) -> None:
        """Listen, without asking a name server what this machine is called."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, int(self.server_address[1])

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away in the middle."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Request(BaseHTTPRequestHandler):
    server: SiteServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        site = self.server.site
        if not self._has_own_host():
            status, name, body = HTTPStatus.MISDIRECTED_REQUEST, "no.txt", b"no name of this site"
        else:
            status, name = HTTPStatus.OK, _file_name(self.path)
            found = read_or_none(site.out / name) if name in site.files else None
            if found is None:
                status, name = HTTPStatus.NOT_FOUND, NOT_FOUND
                found = read_or_none(site.out / name)
            body = found or b""
        self.send_response(status)
        self.send_header("Content-Type", _content_type(name))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", ARTICLE_POLICY if is_article(name) else POLICY)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _has_own_host(self) -> bool:
        """Whether the browser means this server, and no name of its own that leads here."""
        port = self.server.server_port
        known = {f"{name}:{port}" for name in _NAMES} | (set(_NAMES) if port == 80 else set())  # noqa: PLR2004
        hosts = self.headers.get_all("Host") or []
        return len(hosts) == 1 and hosts[0].strip().lower() in known

    @override
    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    @override
    def version_string(self) -> str:
        return "ainews-digest"

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing of each request."""


def _rebuild(
    server: SiteServer, build: Callable[[], BuiltFiles], log: Callable[[str], None]
) -> None:
    begun = time.monotonic()
    try:
        server.site = build()
    except DigestError as error:
        log(f"not built again: {error}")
    else:
        log(f"built again in {time.monotonic() - begun:.1f} s")


def _file_name(target: str) -> str:
    """Give the file that is meant: what the site is made of is compared with it, nothing else."""
    try:
        name = unquote(urlsplit(target).path, errors="strict").removeprefix("/")
    except ValueError:
        return ""
    return f"{name}index.html" if not name or name.endswith("/") else name


def _content_type(name: str) -> str:
    if name in _FEEDS:
        return _FEEDS[name]
    return _TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")


def _file_stamps(watched: Iterable[Path]) -> Mapping[str, tuple[int, int]]:
    """Note when each file was changed, and how long it is."""
    stamps = {}
    for folder in watched:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.is_file() and not entry.name.startswith("."):
                        facts = entry.stat()
                        stamps[entry.path] = (facts.st_mtime_ns, facts.st_size)
        except FileNotFoundError:
            continue  # a folder, or a file that went away meanwhile; the next look finds out
    return stamps
