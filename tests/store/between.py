"""A proxy on loopback between a store and who writes to it, for what goes wrong on the way.

with Between(server.address) as way:
    environment = server.environment | {"AWS_ENDPOINT_URL": way.address}
    way.trouble = lambda method, path: "hold" if method == "PUT" else "pass"
    way.held.wait(10)        # somebody waits for an answer that does not come
    way.settle()             # all is well again, and nothing was seen
"""

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal, Self
from urllib.parse import urlsplit

Trouble = Literal["pass", "hold", "half", "lose", "refuse", "missing", "nonsense"]
"""What becomes of a request: passed on; held back; half of its body passed on, and no answer; passed
on, and its answer lost; answered with 503; answered as a site of pages would, that page missing or not."""


class Between:
    """The proxy; a context manager."""

    trouble: Callable[[str, str], Trouble]
    """Decides by method and path."""

    def __init__(self, target: str) -> None:
        """Listen; `target` is the address of the store."""
        self.held = threading.Event()
        self._ended = threading.Event()
        self.settle()
        self._target = urlsplit(target).netloc
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._http.block_on_close = False
        self.address = f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def settle(self) -> None:
        """Let go of what is held, pass on what comes, and forget what was."""
        self._ended.set()
        self._ended, self.held = threading.Event(), threading.Event()
        self.seen: list[tuple[str, str]] = []
        self.trouble = lambda _method, _path: "pass"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # The body of an answer need not wait until its head has arrived: 40 ms each.
            disable_nagle_algorithm = True

            def answer(self) -> None:
                between.pass_on(self)

            do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = answer  # noqa: N815 - http.server's names

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler

    def pass_on(self, request: BaseHTTPRequestHandler) -> None:
        """Do with one request what was decided."""
        path = urlsplit(request.path).path
        self.seen.append((request.command, path))
        ended = self._ended
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        what = self.trouble(request.command, path)
        if what == "pass":
            self._answer(request, *self._fetched(request, body))
        elif what == "refuse":
            self._answer(request, 503, [], b"")
        elif what == "nonsense":
            self._answer(request, 200, [("Content-Type", "text/html")], b"<html>hello</html>")
        elif what == "missing":
            self._answer(request, 404, [("Content-Type", "text/html")], b"<html>no</html>")
        else:
            if what == "lose":
                self._fetched(request, body)
            store = self._begun(request, body[: len(body) // 2]) if what == "half" else None
            self.held.set()
            if what != "lose":
                ended.wait()
            if store:
                store.close()
            request.close_connection = True

    def _begun(self, request: BaseHTTPRequestHandler, body: bytes) -> http.client.HTTPConnection:
        """Send a request with its own headers, the signed name of the host among them."""
        store = http.client.HTTPConnection(self._target, timeout=10)
        store.putrequest(request.command, request.path, skip_host=True, skip_accept_encoding=True)
        for name, value in request.headers.items():
            store.putheader(name, value)
        store.endheaders(body)
        return store

    def _fetched(
        self, request: BaseHTTPRequestHandler, body: bytes
    ) -> tuple[int, list[tuple[str, str]], bytes]:
        store = self._begun(request, body)
        try:
            answer = store.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            store.close()

    @staticmethod
    def _answer(request: BaseHTTPRequestHandler, status: int, headers: Any, body: bytes) -> None:
        request.send_response(status)
        for name, value in headers:
            if name.lower() not in ("transfer-encoding", "connection", "content-length", "date"):
                request.send_header(name, value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        if request.command != "HEAD":
            request.wfile.write(body)
