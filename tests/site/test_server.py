"""The site on loopback: what is answered, to whom, and that a change is seen."""

import http.client
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.errors import SettingsError, WriteError
from pipeline.site.server import POLICY, BuiltFiles, SiteServer, serve


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SiteServer]:
    """Serve a site of a few files, beside a secret."""
    (tmp_path / "secret.txt").write_text("secret")
    out = tmp_path / "site"
    files = {
        "index.html": "<p>今天</p>",
        "404.html": "<p>没有这一页</p>",
        "month/2025-12.html": "<p>十二月</p>",
        "static/site.js": "",
        "static/style.css": "p {}",
        "feed.xml": "<feed/>",
        "feed.json": "{}",
        "digests/a.wechat.html": "<p>文</p>",
        "digests/a.eml": "MIME-Version: 1.0",
        "digests/a.md": "# a",
        "sitemap.xml": "<urlset/>",
        "名 字.bin": "x",
    }
    for name, text in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(text, encoding="utf-8")
    (out / "hidden.txt").write_text("not of the site")
    with SiteServer(BuiltFiles(out, frozenset(files)), port=0) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def get(
    server: SiteServer, target: str, method: str = "GET", host: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    """Ask for a path as it is, without tidying it."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    connection.putrequest(method, target, skip_host=host is not None)
    if host:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


@pytest.mark.parametrize(
    ("target", "media", "text"),
    [
        ("/", "text/html; charset=utf-8", "<p>今天</p>"),
        ("/index.html?q=a#b", "text/html; charset=utf-8", "<p>今天</p>"),
        ("/month/2025-12.html", "text/html; charset=utf-8", "<p>十二月</p>"),
        ("/static/site.js", "text/javascript; charset=utf-8", ""),
        ("/static/style.css", "text/css; charset=utf-8", "p {}"),
        ("/feed.xml", "application/atom+xml; charset=utf-8", "<feed/>"),
        ("/feed.json", "application/feed+json", "{}"),
        ("/digests/a.eml", "message/rfc822", "MIME-Version: 1.0"),
        ("/digests/a.md", "text/markdown; charset=utf-8", "# a"),
        ("/sitemap.xml", "application/xml; charset=utf-8", "<urlset/>"),
        ("/%E5%90%8D%20%E5%AD%97.bin", "application/octet-stream", "x"),
    ],
)
def test_a_file_of_the_site_comes_with_its_type(
    server: SiteServer, target: str, media: str, text: str
) -> None:
    """And with the headers that keep a page from doing more than it should."""
    for method, body in (("GET", text.encode()), ("HEAD", b"")):
        status, headers, found = get(server, target, method)
        assert (status, headers["Content-Type"], found) == (200, media, body)
        assert headers["Content-Length"] == str(len(text.encode()))
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_an_article_may_have_its_styles_and_nothing_else(server: SiteServer) -> None:
    """They stand at its elements, as the editor that it is for wants them."""
    _, headers, _ = get(server, "/digests/a.wechat.html")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "script-src" not in policy


@pytest.mark.parametrize(
    "target",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/static/../../secret.txt",
        "//etc/passwd",
        "/static/..%5c..%5csecret.txt",
        "/hidden.txt",
        "/.ainews-site.json",
        "/month",
        "/month/",
        "/%ff%fe",
        "//[",
        "/index.html%00",
        "http://127.0.0.1/../secret.txt",
    ],
)
def test_nothing_else_exists(server: SiteServer, target: str) -> None:
    """No path leads out of the site, nor to a file in its folder that is not of it."""
    status, headers, found = get(server, target, host=f"127.0.0.1:{server.server_port}")
    assert (status, found.decode()) == (404, "<p>没有这一页</p>")
    assert headers["Content-Type"] == "text/html; charset=utf-8"


def test_only_names_of_loopback_are_answered(server: SiteServer) -> None:
    """A name of somebody's that leads here reads nothing, with or without the right port."""
    port = server.server_port
    for good in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}"):
        assert get(server, "/", host=good)[0] == 200
    for bad in (
        f"evil.example:{port}",
        "127.0.0.1",
        f"127.0.0.1:{port + 1}",
        f"localhost.evil:{port}",
    ):
        status, _, found = get(server, "/", host=bad)
        assert status == 421
        assert "今天".encode() not in found
    with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
        raw.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b" 421 " in raw.recv(100)


def test_a_request_with_two_hosts_is_for_nobody(server: SiteServer) -> None:
    """Whichever of them would be right."""
    good = f"Host: 127.0.0.1:{server.server_port}\r\n".encode()
    for hosts in (good + b"Host: evil.example\r\n", good * 2):
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as raw:
            raw.sendall(b"GET / HTTP/1.1\r\n" + hosts + b"Connection: close\r\n\r\n")
            assert b" 421 " in raw.recv(100)


def test_only_what_is_shown_and_seen_is_a_page_of_a_folder(server: SiteServer) -> None:
    """A folder's address gives its first page, where it has one; HEAD gives no body."""
    out = server.site.out
    (out / "month" / "index.html").write_text("<p>月</p>", encoding="utf-8")
    server.site = BuiltFiles(out, server.site.files | {"month/index.html"})
    assert get(server, "/month/")[2].decode() == "<p>月</p>"
    assert get(server, "/month")[0] == 404
    assert get(server, "/%ff")[0] == 404
    host = f"127.0.0.1:{server.server_port}"
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=5) as raw:
        raw.sendall(f"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        with raw.makefile("rb") as answer:
            assert answer.read().endswith(b"\r\n\r\n")


def test_it_only_reads(server: SiteServer) -> None:
    """Other methods are refused, with the same headers."""
    status, headers, _ = get(server, "/", "POST")
    assert status == 501
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_went_away_is_not_found(server: SiteServer) -> None:
    """As it may while the site is built again."""
    (server.site.out / "feed.xml").unlink()
    assert get(server, "/feed.xml")[0] == 404


def test_a_port_that_is_taken_is_one_line(server: SiteServer) -> None:
    """It says which, and what to do."""
    with pytest.raises(SettingsError, match=r"port \d+ of 127.0.0.1: .*in use; .*--port"):
        SiteServer(server.site, port=server.server_port)


def test_it_is_built_again_on_change_until_ctrl_c(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A building that fails leaves the site as it was, and the next change is seen all the same."""
    watched = tmp_path / "outputs"
    watched.mkdir()
    out = tmp_path / "site"
    out.mkdir()
    said: list[str] = []
    built: list[int] = []

    def build() -> BuiltFiles:
        built.append(len(list(watched.glob("[!.]*"))))
        if built[-1] == 1:
            raise WriteError("no space")
        (out / "index.html").write_text(str(built[-1]))
        return BuiltFiles(out, frozenset({"index.html"}))

    steps: Iterator[Callable[[], object]] = iter(
        [
            lambda: (watched / ".a.json.part").write_text("1"),
            lambda: (watched / "a.json").write_text("1"),
            lambda: (watched / "b.json").write_text("2"),
            lambda: (_ for _ in ()).throw(KeyboardInterrupt),
        ]
    )
    addresses: list[str] = []

    def pause(_seconds: float) -> None:
        """Change something between two looks, once the last change was seen."""
        next(steps)()

    monkeypatch.setattr("time.sleep", pause)
    with pytest.raises(KeyboardInterrupt):
        serve(
            build, [watched, tmp_path / "none"], port=0, log=said.append, on_ready=addresses.append
        )
    assert built == [0, 1, 2]
    assert said[0] == "not built again: no space"
    assert said[1].startswith("built again in ")
    assert addresses[0].startswith("http://127.0.0.1:")
    assert (out / "index.html").read_text() == "2"
