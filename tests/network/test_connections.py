"""Proxies and certificates of the environment: used, or named, and only where one is needed."""

import gc
import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import certifi
import httpx
import pytest
from pydantic import SecretStr

from pipeline.errors import ModelTransient, SettingsError, SourceError
from pipeline.fetch.http import HttpClient
from pipeline.fetch.pages import FetchLimits
from pipeline.llm.download import open_download
from pipeline.llm.responses import Endpoint
from pipeline.llm.transport import ModelConnection
from pipeline.network import (
    check_certificates,
    find_proxy,
    is_loopback,
    keep_loopback_direct,
    tls_context,
)
from socks_server import Manner, SocksServer

OUTSIDE = "https://api.example.org/v1/"
ASKED = {"model": "m", "messages": [{"role": "user", "content": "Say ok"}]}


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("localhost", True),
        ("localhost:11434/v1", True),
        ("127.0.0.1:8000/v1", True),
        ("127.9.9.9", True),
        ("[::1]:8080/v1", True),
        ("192.168.1.5:8000/v1", False),
        ("10.0.0.1", False),
        ("localhost.example.org", False),
        ("example.org/localhost", False),
        ("[::1", False),
        ("", False),
    ],
)
def test_this_machine_is_known_by_its_addresses(host: str, *, here: bool) -> None:
    """A private network is another machine."""
    assert is_loopback(host) is here


@pytest.mark.parametrize(
    ("variables", "url", "found"),
    [
        ({}, OUTSIDE, None),
        ({"ALL_PROXY": "socks5://p:1"}, OUTSIDE, ("socks5://p:1", "ALL_PROXY")),
        ({"all_proxy": " socks5h://p:1 "}, OUTSIDE, ("socks5h://p:1", "all_proxy")),
        ({"HTTPS_PROXY": "p:1", "ALL_PROXY": "x"}, OUTSIDE, ("http://p:1", "HTTPS_PROXY")),
        ({"HTTP_PROXY": "http://p:1"}, OUTSIDE, None),
        ({"HTTP_PROXY": "http://p:1"}, "http://a.test", ("http://p:1", "HTTP_PROXY")),
        ({"HTTPS_PROXY": "https://me:x@p:1/"}, OUTSIDE, ("https://me:x@p:1/", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "http://[::1]:3128"}, OUTSIDE, ("http://[::1]:3128", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "p:1", "https_proxy": "q:2"}, OUTSIDE, ("http://q:2", "https_proxy")),
        ({"ALL_PROXY": "wrong://p"}, "http://127.0.0.1:1/v1", None),
        ({"ALL_PROXY": "wrong://p"}, "http://me:x@localhost:1/v1", None),
        ({"ALL_PROXY": "wrong://p"}, "http://[::1]:1/v1", None),
        ({"ALL_PROXY": " "}, OUTSIDE, None),
    ],
)
def test_the_proxy_of_an_address(
    variables: dict[str, str],
    url: str,
    found: tuple[str, str] | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its scheme's goes before that for all; none is between us and this machine."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert find_proxy(url) == found


@pytest.mark.parametrize(
    ("straight", "passes"),
    [
        ("*", False),
        ("api.example.org", False),
        (".example.org", False),
        ("*.example.org", False),
        ("EXAMPLE.ORG", False),
        ("a.test , example.org", False),
        ("a.test example.org", False),
        ("api.example.org:443", True),
        ("api.example.org:8443", False),
        ("xample.org", True),
        ("[::1]", True),
        ("[::1", True),
        ("::1", True),
        ("10.0.0.0/8", True),
        (" , ,", True),
        (":::,[,/8", True),
    ],
)
def test_who_is_named_in_no_proxy_is_reached_straight(
    straight: str, *, passes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host, its domain, its port; what is none of them is nobody."""
    monkeypatch.setenv("ALL_PROXY", "http://p:1")
    monkeypatch.setenv("NO_PROXY", straight)
    assert bool(find_proxy("https://api.example.org:8443/v1")) is passes


@pytest.mark.parametrize(
    ("straight", "passes"),
    [("10.0.0.0/8", False), ("10.1.2.3", False), ("10.1.2.3:80", False), ("10.1.2.0/30", False),
     ("11.0.0.0/8", True), ("fd00::/8", True), ("10.1.2.3:81", True)],
)  # fmt: skip
def test_a_network_can_be_named_in_no_proxy(
    straight: str, *, passes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a range of addresses, of either kind."""
    monkeypatch.setenv("ALL_PROXY", "http://p:1")
    monkeypatch.setenv("NO_PROXY", straight)
    assert bool(find_proxy("http://10.1.2.3:80/")) is passes
    monkeypatch.setenv("NO_PROXY", "[fd00::]/8,fd00::/8")
    assert find_proxy("http://[fd00::7]:80/") is None


@pytest.mark.parametrize(
    "value",
    [
        "ftp://p:1", "socks4://p:1", "socks://p:1", "http://", "http://me:planted@", "http://p:x",
        "http://p:99999", "http://p:0", "http://[::1", "http://p planted:1", "://p",
    ],
)  # fmt: skip
def test_a_proxy_that_cannot_be_used_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its variable, without its value, which may hold a password."""
    monkeypatch.setenv("HTTPS_PROXY", value)
    with pytest.raises(SettingsError, match=r"^HTTPS_PROXY cannot be used as a proxy") as caught:
        find_proxy(OUTSIDE)
    assert "planted" not in str(caught.value)


@pytest.fixture(autouse=True)
def _no_certificates(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the tester's own certificates out."""
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


def wrong_certificates(folder: Path) -> Iterator[tuple[str, str, str]]:
    """List what is no file or folder of certificates, by its variable."""
    (folder / "no.pem").write_text("no certificate")
    (folder / "empty.pem").write_bytes(b"")
    yield "SSL_CERT_FILE", str(folder / "none.pem"), "No such file"
    yield "SSL_CERT_FILE", str(folder), "Is a directory"
    yield "SSL_CERT_FILE", str(folder / "no.pem"), "no certificate in PEM"
    yield "SSL_CERT_FILE", str(folder / "empty.pem"), "no certificate in PEM"
    yield "SSL_CERT_DIR", str(folder / "none"), "no such folder"
    yield "SSL_CERT_DIR", str(folder / "no.pem"), "no such folder"
    yield "SSL_CERT_DIR", f"{folder / 'a'}{os.pathsep}{folder / 'b'}", "no such folder"


def test_certificates_that_cannot_be_used_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where TLS is spoken, and nowhere else."""
    for name, value, why in wrong_certificates(tmp_path):
        with monkeypatch.context() as patched:
            patched.setenv(name, value)
            with pytest.raises(SettingsError, match=rf"^{name} .* cannot be used: .*{why}"):
                tls_context(OUTSIDE, httpx.create_ssl_context)
            context = tls_context("http://a.test/", httpx.create_ssl_context)
            assert context.verify_mode == ssl.CERT_REQUIRED
            assert not context.get_ca_certs()


def test_certificates_that_can_be_used_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file goes before a folder; of several folders one is enough."""
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path}{os.pathsep}/no-such-folder")
    assert not tls_context(OUTSIDE, httpx.create_ssl_context).get_ca_certs()
    monkeypatch.setenv("SSL_CERT_DIR", "/no-such-folder")
    monkeypatch.setenv("SSL_CERT_FILE", certifi.where())
    assert tls_context(OUTSIDE, httpx.create_ssl_context).get_ca_certs()
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path))
    check_certificates("REQUESTS_CA_BUNDLE")


class Files(BaseHTTPRequestHandler):
    """Answers everything with a few bytes."""

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"bytes")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Serve on loopback; gives the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def read_page(url: str, timeout_s: float = 2) -> str:
    """Read it as a source's page."""
    client = HttpClient(FetchLimits(timeout_s=timeout_s, attempts=1))
    try:
        return client.get(url).body.decode()
    finally:
        client.close()


def read_weights(url: str, timeout_s: float = 2) -> str:
    """Read it as a file of weights."""
    with open_download(url, {}, timeout_s=timeout_s) as answer:
        return answer.read().decode()


def ask_model(url: str, timeout_s: float = 2) -> str:
    """Ask it as a model's server."""
    endpoint = Endpoint(base_url=f"{url}/v1/", api_key=SecretStr("sk-planted"))
    server = ModelConnection(host="there", connect=lambda: endpoint, timeout_s=timeout_s)
    try:
        return server.call(lambda client: str(client.get("/file", cast_to=httpx.Response)))
    finally:
        server.close()


def failure(read: Callable[[str], str], url: str) -> str:
    """Read what cannot be read, and keep nothing but the words of the error."""
    try:
        read(url)
    except (SourceError, ModelTransient, ConnectionError) as error:
        return str(error)
    raise AssertionError("it could be read")


CLIENTS = pytest.mark.parametrize("read", [read_page, read_weights, ask_model])


@CLIENTS
@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
def test_a_socks_proxy_is_gone_through(
    read: Callable[[str], str], scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By source, model and weights; the name is looked up at its other end."""
    with serving(Files) as port, SocksServer(port, login=("me", "planted")) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"{scheme}://me:planted@{proxy.address}")
        assert read("http://site.test:81/file")
        assert proxy.asked == [("site.test", 81)]
        assert read(f"http://127.0.0.1:{port}/file")
        assert len(proxy.asked) == 1


# The library leaves the socket of a failed greeting to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@CLIENTS
@pytest.mark.parametrize("manner", ["says nothing", "hangs up", "refuses", "talks nonsense"])
def test_a_socks_proxy_that_fails_is_named(
    read: Callable[..., str], manner: Manner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one error of ours, within the time for an answer."""
    short = partial(read, timeout_s=0.3 if manner == "says nothing" else 2)
    with SocksServer(9, manner) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"socks5://me:planted@{proxy.address}")
        said = failure(short, "http://site.test/file")
    gc.collect()
    assert "planted" not in said
    assert "through the proxy of ALL_PROXY" in said or "in time" in said


@CLIENTS
def test_nobody_is_asked_past_a_proxy_that_cannot_be_used(
    read: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the variable, and is no matter of trying again."""
    monkeypatch.setenv("http_proxy", "socks4://127.0.0.1:1")
    with pytest.raises(SettingsError, match=r"^http_proxy cannot be used"):
        read("http://site.test/file")


@CLIENTS
def test_this_machine_is_reached_whatever_the_environment_says(
    read: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Proxies and certificates that are not needed are not looked at."""
    for name in ("ALL_PROXY", "HTTP_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.setenv(name, "ftp://nowhere")
    monkeypatch.setenv("NO_PROXY", "[::1]")
    with serving(Files) as port:
        assert read(f"http://127.0.0.1:{port}/file")


def test_other_libraries_reach_this_machine_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What NO_PROXY says already stays, and without a proxy nothing is set."""
    keep_loopback_direct()
    assert "no_proxy" not in os.environ
    monkeypatch.setenv("no_proxy", "a.test")
    monkeypatch.setenv("ALL_PROXY", "http://p:1")
    keep_loopback_direct()
    assert os.environ["no_proxy"] == "a.test,localhost,127.0.0.0/8,::1"
