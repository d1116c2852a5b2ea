"""A digest that is made through logins holds none of them, whoever repeats them."""

import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import command_server
import editor
from build import PAGE
from newsletter import Newsletter, issue_page
from openai_server import OpenAIServer
from test_addresses import BASIC, PASSWORD, PROXIES, QUERY, SECRETS, USER

ROOT = Path(__file__).parents[2]


class EchoingProxy(BaseHTTPRequestHandler):
    """Refuses everything, and repeats the headers, as a proxy does that debugs."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Refuse."""
        self.asked.append(self.headers.get("Proxy-Authorization", ""))
        body = json.dumps({"error": {"message": f"denied: {dict(self.headers)}"}}).encode()
        self.send_response(407)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - as the server calls it

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def run(folder: Path, environment: dict[str, str]) -> dict[str, bytes]:
    """Run every command that tells of addresses, and read all that was said and written."""
    (folder / "26-01-30-sampler.md").write_text(PAGE, encoding="utf-8")
    commands = [
        *(["doctor"], ["doctor", "--json"], ["status"], ["status", "--json"], ["usage", "--json"]),
        ["--verbose", "run", "--issue", "26-01-30-sampler"],
        ["--verbose", "run", "--source", "26-01-30-sampler.md", "--date", "2026-01-31"],
        *(["site", "--out", "site"], ["show", "2026-01-30"], ["diff", "2026-01-30"]),
        ["report", "outputs/2026-01-30.json"],
        ["verify", "outputs/2026-01-30.json", "--json"],
        ["--verbose", "run", "--source", f"http://{USER}:{PASSWORD}@127.0.0.1:9/{QUERY}"],
        ["--verbose", "run", "--issue", f"http://{USER}:{PASSWORD}@127.0.0.1:9/issues/{QUERY}"],
        ["site", "--url", f"http://{USER}:{PASSWORD}@127.0.0.1:9/{QUERY}"],
        ["status", "--out", f"s3://{USER}:{PASSWORD}@bucket/folder"],
    ]
    settings = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PYTHONPATH": str(ROOT),
        "AINEWS_CACHE_DIR": str(folder / "cache"),
        "AINEWS_OUTPUTS_DIR": str(folder / "outputs"),
        "AINEWS_HTTP_ATTEMPTS": "1",
        "AINEWS_MODEL_ATTEMPTS": "1",
        "AINEWS_MODEL": "test-model",
        "OPENAI_API_KEY": "sk-planted",
    }
    said = ""
    for command in commands:
        done = command_server.call(*command, folder=folder, environment={**settings, **environment})
        said += done.stdout + done.stderr
    files = {str(file): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    return {**files, "said": said.encode()}


def search(written: dict[str, bytes]) -> list[tuple[str, str]]:
    """Find the secrets in what was written."""
    return [
        (name, secret)
        for name, data in written.items()
        for secret in SECRETS
        if secret.encode() in data
    ]


def test_a_digest_made_through_logins_holds_none(tmp_path: Path) -> None:
    """Newsletter, model and channel want a login each: what they make is whole, and silent."""
    with Newsletter() as site, OpenAIServer(answer=editor.answer) as model:
        site.publish("26-01-30-sampler", page=issue_page("26-01-30-sampler", 4))

        def login(url: str, scheme: str = "http") -> str:
            return f"{scheme}://{USER}:{PASSWORD}@{url.partition('://')[2]}"

        written = run(
            tmp_path,
            {
                "AINEWS_SITE_URL": login(site.url),
                "AINEWS_UPSTREAM_URL": login(site.url),
                "AINEWS_SUBSTACK_URL": login(site.url),
                "OPENAI_BASE_URL": login(model.base_url),
                "AINEWS_NOTIFY_URLS": login(site.url, "json") + QUERY,
            },
        )
    assert search(written) == []
    assert str(tmp_path / "outputs" / "2026-01-30.md") in written
    assert b"answered 501" in written["said"]


def test_a_proxy_that_repeats_the_login_is_silenced(tmp_path: Path) -> None:
    """Its answer is said without what it was sent."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), EchoingProxy)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    address = f"http://{USER}:{PASSWORD}@127.0.0.1:{server.server_port}"
    elsewhere = ("AINEWS_SITE_URL", "AINEWS_UPSTREAM_URL", "AINEWS_SUBSTACK_URL", "OPENAI_BASE_URL")
    written = run(
        tmp_path,
        {**dict.fromkeys(PROXIES, address), **dict.fromkeys(elsewhere, "http://host.example/v1/")},
    )
    server.shutdown()
    server.server_close()
    assert f"Basic {BASIC}" in EchoingProxy.asked
    assert b"denied" in written["said"]
    assert search(written) == []
