"""A loopback newsletter whose feed grows: it publishes issues of our own making, and can stop.

with Newsletter() as site:
    site.publish("26-01-30-not-much")
    ...                     # site.url is a setting's value; site.seen counts requests
    site.down = True        # every request gets a 503
"""

import random
import threading
from collections import Counter
from datetime import date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

_SYLLABLES = ("ka", "lo", "mir", "ten", "vos", "dra", "pel", "su", "rin", "tho", "gal", "bex")
_KINDS = ("speech model", "vector store", "agent harness", "tokenizer", "benchmark", "compiler")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, *_: object) -> None:
        """Say nothing of readers that were killed."""


class Newsletter:
    """The feed and the issue pages of a newsletter, for several threads at once."""

    def __init__(self) -> None:
        self.down = False
        self.seen: Counter[str] = Counter()
        self._order: list[str] = []
        self._pages: dict[str, bytes] = {}
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Its address, with a trailing slash."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def publish(self, slug: str, stories: int = 4, *, page: str | None = None) -> None:
        """Put an issue on top of the feed; `page` replaces its made page."""
        self._order.insert(0, slug)
        text = issue_page(slug, stories) if page is None else page
        self._pages[f"/issues/{slug}/"] = text.encode()

    def feed(self) -> bytes:
        """Write the feed: the newest issue first."""
        items = "".join(
            f"<item><title>not much happened</title><link>https://news.smol.ai/issues/{slug}/</link>"
            f"<pubDate>{_day(slug):%a, %d %b %Y} 05:44:39 GMT</pubDate></item>"
            for slug in self._order
        )
        return f"<rss version='2.0'><channel>{items}</channel></rss>".encode()

    def answer(self, path: str) -> tuple[int, bytes]:
        """Answer one request."""
        self.seen[path] += 1
        if self.down:
            return 503, b"down"
        body = self.feed() if path == "/rss.xml" else self._pages.get(path)
        return (200, body) if body is not None else (404, b"not here")

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                status, body = site.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def issue_page(slug: str, stories: int) -> str:
    """Write an issue of so many stories, other ones for every slug."""
    dice = random.Random(slug)  # noqa: S311 - the same issue every time
    bullets = "".join(_bullet(dice) for _ in range(stories))
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>not much | AINews</title>'
        f'<link rel="canonical" href="https://news.smol.ai/issues/{slug}/"></head><body>'
        f'<h1>not much</h1><article class="content-area"><h1>AI Twitter Recap</h1>'
        f"<p><strong>The day</strong></p><ul>{bullets}</ul></article></body></html>"
    )


def _bullet(dice: random.Random) -> str:
    name = "".join(dice.choices(_SYLLABLES, k=3)).capitalize()
    maker = "".join(dice.choices(_SYLLABLES, k=2)).capitalize()
    kind, size, share = dice.choice(_KINDS), dice.randint(2, 400), dice.randint(11, 97)
    link = f"https://github.com/{maker.lower()}/{name.lower()}"
    return (
        f"<li><strong>{maker} releases {name}</strong>, a {kind} of {size}B parameters that beats "
        f'its forerunner on {share}% of the tasks: <a href="{link}">code</a>. The {name} weights '
        f"come under an open licence, and {maker} runs them on one card.</li>"
    )


def _day(slug: str) -> date:
    return datetime.strptime(slug[:8], "%y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
