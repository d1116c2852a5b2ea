"""Rows of the matrix: what surrounds the command."""

import json
from collections.abc import Callable
from pathlib import Path

from faults.bench import (
    CONTENT,
    PAGE,
    SLUG,
    FaultBench,
    FaultCase,
    FinishedCommand,
    item,
    page,
)
from faults.source import FEED, MADE, NEW, NOTHING, SITE
from openai_server import OpenAIServer
from socks_server import SocksServer

UNUSABLE = {
    "ALL_PROXY": "ftp://nowhere",
    "NO_PROXY": "[::1]",
    "SSL_CERT_FILE": "/no-such-file",
    "SSL_CERT_DIR": "/no-such-folder",
}


def surrounded(
    play: Callable[[FaultBench], FinishedCommand], **variables: str
) -> Callable[[FaultBench], FinishedCommand]:
    """Set variables that are no settings, and play."""

    def played(bench: FaultBench) -> FinishedCommand:
        for name, value in variables.items():
            bench.monkeypatch.setenv(name, value)
        return play(bench)

    return played


def with_file(bench: FaultBench) -> FinishedCommand:
    """Digest a file, with the model on loopback."""
    bench.model()
    return bench.file()


def from_loopback(bench: FaultBench) -> FinishedCommand:
    """Digest a page of a site on loopback."""
    bench.model()
    bench.site({SITE: page(PAGE)})
    return bench.issue()


def model_outside(bench: FaultBench) -> FinishedCommand:
    """Digest a file, with a model that is elsewhere."""
    bench.model()
    bench.monkeypatch.setenv("OPENAI_BASE_URL", "https://model.invalid/v1")
    return bench.file()


def site_outside(bench: FaultBench) -> FinishedCommand:
    """Digest a page of a site that is elsewhere."""
    bench.model()
    bench.set(SITE_URL="https://site.invalid/")
    return bench.issue()


def all_through_socks(bench: FaultBench) -> FinishedCommand:
    """Site and model are both behind a SOCKS proxy, the only way out."""
    server: OpenAIServer = bench.model()
    site = bench.site({SITE: page(PAGE)})
    to_site = bench.stack.enter_context(SocksServer(int(site.address.rpartition(":")[2])))
    port = int(server.base_url.split(":")[2].split("/")[0])
    to_model = bench.stack.enter_context(SocksServer(port))
    bench.set(SITE_URL="http://site.test/site/")
    bench.monkeypatch.setenv("OPENAI_BASE_URL", "http://model.test/v1")
    bench.monkeypatch.setenv("ALL_PROXY", f"socks5h://{to_model.address}")
    with bench.monkeypatch.context() as patched:
        patched.setenv("ALL_PROXY", f"socks5h://{to_site.address}")
        patched.setenv("NO_PROXY", "model.test")
        assert bench.run("run", "--issue", SLUG, "--date", "2026-01-30", "--dry-run").code == 0
    # The page is kept; what is asked now goes to the model.
    (bench.tmp_path / f"{SLUG}.html").write_text(PAGE, encoding="utf-8")
    ended = bench.run("run", "--source", f"{SLUG}.html", "--date", "2026-01-30")
    assert to_site.asked
    assert {name for name, _ in to_model.asked} == {"model.test"}
    return ended


def with_env(data: bytes) -> Callable[[FaultBench], FinishedCommand]:
    """Digest a file, with this `.env`."""

    def play(bench: FaultBench) -> FinishedCommand:
        Path(".env").write_bytes(data)
        return with_file(bench)

    return play


def untidy_feed(bench: FaultBench) -> FinishedCommand:
    """The feed has the text of the issue, and an older item that is no XML."""
    bench.model()
    old = item("26-01-29-old").replace("A sampler", "old \x08 &nbsp; AT&T")
    feed = f"\n{_feed_text(item(SLUG, CONTENT), old)}<!-- cached -->"
    bench.site({FEED: page(feed, "application/xml")})
    ended = bench.run("run", "--date", "2026-01-30")
    assert json.loads(bench.has("2026-01-30"))["provenance"]["source"] == "feed"
    return ended


def _feed_text(*items: str) -> str:
    space = "http://purl.org/rss/1.0/modules/content/"
    return f'<rss xmlns:content="{space}"><channel>{"".join(items)}</channel></rss>'


def faulty(bench: FaultBench) -> FinishedCommand:
    """Something that nobody foresaw is raised while the digest is made."""

    def fail(*_: object, **__: object) -> None:
        raise KeyError("sk-planted-key")

    bench.model()
    bench.monkeypatch.setattr("pipeline.run.generate", fail)
    return bench.file()


def misspelt(bench: FaultBench) -> FinishedCommand:
    """A variable looks like a setting and is none."""
    bench.set(MODLE="x")
    return with_file(bench)


# A table: one row a line.
# fmt: off
ROWS = (
    FaultCase("surroundings unused", "proxies and certificates that cannot be used, a file and a model on loopback", 0, (), MADE, surrounded(with_file, **UNUSABLE), NEW),
    FaultCase("surroundings of loopback", "the same, and the site on loopback too", 0, (), MADE, surrounded(from_loopback, **UNUSABLE), NEW),
    FaultCase("SOCKS", "site and model behind a SOCKS proxy", 0, (), MADE, all_through_socks, NEW),
    FaultCase("model's proxy", "a proxy that cannot be used, a model elsewhere", 2, ("ALL_PROXY cannot be used as a proxy",), NOTHING, surrounded(model_outside, ALL_PROXY="socks4://127.0.0.1:1")),
    FaultCase("site's proxy", "a proxy that cannot be used, a site elsewhere", 2, ("HTTPS_PROXY cannot be used as a proxy",), NOTHING, surrounded(site_outside, HTTPS_PROXY="http://me:sk-planted@")),
    FaultCase("proxy down", "nobody listens at the SOCKS proxy", 5, ("through the proxy of ALL_PROXY", "Connection refused"), NOTHING, surrounded(model_outside, ALL_PROXY="socks5://127.0.0.1:1")),
    FaultCase("model's certificates", "a file of certificates that is not there, a model elsewhere", 2, ("SSL_CERT_FILE", "No such file"), NOTHING, surrounded(model_outside, SSL_CERT_FILE="/no-such-file")),
    FaultCase("site's certificates", "a file of certificates that holds none, a site elsewhere", 2, ("SSL_CERT_FILE", "no certificate in PEM"), NOTHING, surrounded(site_outside, SSL_CERT_FILE="/dev/null")),
    FaultCase(".env in UTF-16", "`.env` is in UTF-16", 2, (".env' is not UTF-8 but UTF-16",), NOTHING, with_env("AINEWS_MODEL=x".encode("utf-16"))),
    FaultCase(".env in GBK", "`.env` is in GBK", 2, (".env' is not UTF-8 but", "GBK"), NOTHING, with_env("# 模型\nAINEWS_MODEL=x".encode("gbk"))),
    FaultCase("unknown variable", "a variable looks like a setting and is none", 0, ("AINEWS_MODLE is no setting", "did you mean AINEWS_MODEL?"), MADE, misspelt, NEW),
    FaultCase("untidy feed", "the feed has a control character, an undeclared entity, a raw & and text around it", 0, ("is no clean XML", "read one by one"), MADE, untidy_feed, NEW),
    FaultCase("fault", "an exception that nobody foresaw", 70, ("a fault of this program (KeyError at", "please report this line"), NOTHING, faulty),
)
# fmt: on
