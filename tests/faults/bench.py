"""Where one row of the matrix is played: real servers, a real command, and a good digest to lose.

The command runs in this process, which spares the start of another; where it is killed it runs in
a fork of this process. Only the pauses between attempts are shortened.
"""

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NoReturn, Self

import pytest

from build import entry
from editor import answer
from openai_server import Answerer, OpenAIServer, Request, ok
from pipeline import cli
from pipeline.records import Coverage, Digest, Provenance
from pipeline.write.files import write

SLUG = "26-01-30-sampler"
OTHER = "26-01-28-other"
_TEXTS = (
    ("Kestrel 3", "a new coding model with open weights and a long context was released"),
    ("Lantern", "a tool that traces agent runs and replays them in the terminal is out"),
    ("Orrery", "a research group showed that smaller drafts speed up decoding on one card"),
    ("Quarry", "a vector store written in Rust now keeps its index on disk by default"),
)
MARKDOWN = (
    "---\ntitle: A sampler\ntopics:\n  - x\n---\n\n# AI Twitter Recap\n\n**Models and tools**\n\n"
    + "\n".join(
        f"- **{name}**: {text} ([link](https://example.org/{n}))"
        for n, (name, text) in enumerate(_TEXTS, 1)
    )
    + "\n"
)
_ITEMS = "".join(
    f'<li><strong>{name}</strong>: {text} (<a href="https://example.org/{n}">link</a>)</li>'
    for n, (name, text) in enumerate(_TEXTS, 1)
)
CONTENT = f"<h1>AI Twitter Recap</h1><p><strong>Models and tools</strong></p><ul>{_ITEMS}</ul>"
PAGE = (
    f'<!doctype html><html><head><meta charset="utf-8"><title>A sampler</title>'
    f'<link rel="canonical" href="https://news.smol.ai/issues/{SLUG}/"></head>'
    f'<body><article class="content-area">{CONTENT}</article></body></html>'
)
QUESTIONS = 1 + len(_TEXTS) + 1


@dataclass(frozen=True)
class FinishedCommand:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it said, without its progress."""
        said = [line for line in self.err.splitlines() if line.strip()]
        return [line for line in said if not re.match(r"\w+: \d+/\d+\b", line)]

    @property
    def last(self) -> str:
        """Its last line."""
        return self.lines[-1] if self.lines else ""


@dataclass(frozen=True)
class FaultCase:
    """One row of the matrix."""

    name: str
    """Short, for the test's id."""
    what: str
    """What happens."""
    code: int
    """Exit code."""
    says: tuple[str, ...]
    """Words of the one line that tells of it; none where nothing needs to be told."""
    after: str
    """What is on the disk then."""
    play: "Callable[[FaultBench], FinishedCommand]"
    """Makes it happen and runs the command."""
    leaves: tuple[str, ...] = ()
    """Names of the digests that are there afterwards, beside the good one."""


Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class FaultSite:
    """The three network sources on one loopback server: `site/`, `upstream/` and `substack/`."""

    pages: dict[str, Answer] = field(default_factory=dict)
    """What each path answers; 404 for all others."""
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for."""
    address: str = ""
    """`http://…`, without the last slash."""
    ended: threading.Event = field(default_factory=threading.Event)
    """Set at the end, for answers that wait."""


def page(
    body: str | bytes,
    content_type: str = "text/html; charset=utf-8",
    *,
    status: int = 200,
    **headers: str,
) -> Answer:
    """Answer with a page."""
    data = body.encode() if isinstance(body, str) else body

    def send(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        request.send_header("Content-Type", content_type)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(data)

    return send


def moved(location: str) -> Answer:
    """Redirect."""
    return page(b"", status=302, Location=location)


def rss(*items: str) -> Answer:
    """Answer with a feed of items."""
    space = "http://purl.org/rss/1.0/modules/content/"
    channel = f'<rss xmlns:content="{space}"><channel>{"".join(items)}</channel></rss>'
    return page(channel, "application/xml")


def item(slug: str, content: str = "", link: str = "https://news.smol.ai/issues/{}/") -> str:
    """Write an item of a feed."""
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return f"<item><title>A sampler</title><link>{link.format(slug)}</link>{encoded}</item>"


class FaultBench:
    """Runs the command with everything that a row has set up."""

    def __init__(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        self.tmp_path = tmp_path
        self.outputs = tmp_path / "outputs"
        self.cache = tmp_path / "cache"
        self.monkeypatch = monkeypatch
        self._capfd = capfd
        self.stack = ExitStack()
        self._server: OpenAIServer | None = None
        closed = "http://127.0.0.1:9/"
        self.set(
            OUTPUTS_DIR=self.outputs,
            CACHE_DIR=self.cache,
            SITE_URL=closed,
            UPSTREAM_URL=closed,
            SUBSTACK_URL=closed,
            HTTP_ATTEMPTS=1,
            HTTP_TIMEOUT_S=5,
            MODEL="test-model",
            MODEL_ATTEMPTS=2,
            MODEL_TIMEOUT_S=5,
        )
        monkeypatch.chdir(tmp_path)
        # Pauses, and nothing else.
        monkeypatch.setattr("pipeline.network.retry._BACKOFF", lambda _state: 0.01)
        monkeypatch.setattr("pipeline.network.retry._SPREAD", lambda _least, _most: 0.0)
        self.good = write_published_digest(self.outputs)
        (tmp_path / f"{SLUG}.md").write_text(MARKDOWN, encoding="utf-8")

    def set(self, **settings: object) -> None:
        """Set settings, without their prefix."""
        for name, value in settings.items():
            self.monkeypatch.setenv(f"AINEWS_{name}", str(value))

    def model(self, server: OpenAIServer | None = None) -> OpenAIServer:
        """Open a model server, one that answers well unless another one is given."""
        opened = self.stack.enter_context(server or OpenAIServer(answer=answer))
        self._server = opened
        self.monkeypatch.setenv("OPENAI_BASE_URL", opened.base_url)
        self.monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-key")
        return opened

    def say(self, answerer: Answerer) -> None:
        """Have the model server say something else."""
        assert self._server is not None
        self._server.answer = answerer

    def stop_failing(self) -> list[Request]:
        """Let the model server answer well from now on; gives the requests that then come.

        The same server, since answers are kept by its address.
        """
        assert self._server is not None
        self._server._behave = lambda _request: ok
        self._server.requests = []
        return self._server.requests

    def site(self, pages: Mapping[str, Answer]) -> FaultSite:
        """Open the sources, each page under its path: `site/issues/…`, `upstream/…`."""
        site = FaultSite(pages=dict(pages))

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.close_connection = True
                path = self.path.removeprefix("/")
                site.asked.append(path)
                with suppress(ConnectionError):  # the client may have had enough
                    site.pages.get(path, page(b"", status=404))(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads, server.block_on_close = True, False
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        site.address = f"http://127.0.0.1:{server.server_port}"
        self.stack.callback(thread.join)
        self.stack.callback(server.server_close)
        self.stack.callback(server.shutdown)
        self.stack.callback(site.ended.set)
        self.set(
            SITE_URL=f"{site.address}/site/",
            UPSTREAM_URL=f"{site.address}/upstream/",
            SUBSTACK_URL=f"{site.address}/substack/",
        )
        return site

    def issue(self) -> FinishedCommand:
        """Digest the sampler by its slug."""
        return self.run("run", "--issue", SLUG, "--date", "2026-01-30")

    def file(self) -> FinishedCommand:
        """Digest the sampler from a file."""
        return self.run("run", "--source", f"{SLUG}.md", "--date", "2026-01-30")

    def run(self, *arguments: str) -> FinishedCommand:
        """Run the command."""
        self._capfd.readouterr()
        before = signal.getsignal(signal.SIGTERM)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("logging.root.handlers", [])
            try:
                cli.main(arguments)
            except SystemExit as left:
                code = int(left.code or 0)
            finally:
                signal.signal(signal.SIGTERM, before)
        said = self._capfd.readouterr()
        return FinishedCommand(code, said.out, said.err)

    def killed(
        self, by: signal.Signals, when: Callable[[], bool], *arguments: str
    ) -> FinishedCommand:
        """Run the command in a process of its own, and kill it as soon as `when` is true."""
        with self.forked(*arguments) as process:
            wait(when)
            os.kill(process.number, by)
            return process.ended()

    def forked(self, *arguments: str, first: Callable[[], None] = lambda: None) -> "Process":
        """Start the command in a process of its own, which does `first` before."""
        return fork(self.tmp_path, arguments, first)

    def names(self) -> tuple[str, ...]:
        """Name the digests that are there beside the good one."""
        found = {file.stem for file in self.outputs.glob("*.json")} - {"2026-01-28"}
        return tuple(sorted(found))

    def has(self, name: str) -> str:
        """Read the JSON of a digest."""
        return (self.outputs / f"{name}.json").read_text(encoding="utf-8")


class Process:
    """A command in a process of its own; a context manager that sees to its end."""

    def __init__(self, number: int, folder: Path) -> None:
        self.number = number
        self._folder = folder
        self._status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._status is None:
            os.kill(self.number, signal.SIGKILL)
            self.ended()

    def ended(self) -> FinishedCommand:
        """Wait for its end; its code is the signal's number, negative, where a signal ended it."""
        _, status = os.waitpid(self.number, 0)
        self._status = os.waitstatus_to_exitcode(status)
        out, err = (self._folder / name for name in ("child.out", "child.err"))
        return FinishedCommand(self._status, out.read_text("utf-8"), err.read_text("utf-8"))


def fork(folder: Path, arguments: tuple[str, ...], first: Callable[[], None]) -> Process:
    """Start the command in a fork of this process, which does `first` before."""
    sys.stdout.flush()
    sys.stderr.flush()
    number = os.fork()
    if number == 0:
        _child(folder, arguments, first)
    return Process(number, folder)


def _child(folder: Path, arguments: tuple[str, ...], first: Callable[[], None]) -> NoReturn:
    """Run the command in a forked process, with standard output and error of its own."""
    code = 70
    try:
        for number, name in ((1, "child.out"), (2, "child.err")):
            descriptor = os.open(folder / name, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
            os.dup2(descriptor, number)
            opened = open(number, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
            setattr(sys, ("stdout", "stderr")[number - 1], opened)
        first()
        cli.main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        # Nothing of the tests' own process may run here again.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def wait(when: Callable[[], bool], most_s: float = 10) -> None:
    """Wait until something is true."""
    end = time.monotonic() + most_s
    while not when():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.005)


def write_published_digest(outputs: Path) -> dict[str, bytes]:
    """Write a good digest of another issue, and give its files."""
    digest = Digest(
        date=date(2026, 1, 28),
        issue_url=f"https://news.smol.ai/issues/{OTHER}/",
        news=(entry("s01", "https://example.org/other"),),
        tools=(),
        provenance=Provenance(
            slug=OTHER,
            title="Another",
            issue_date=date(2026, 1, 28),
            source="site",
            page_sha256="0" * 64,
            model="test-model",
            prompts={},
            coverage=Coverage(characters=1, mentions={"twitter": 1}, stories=1, shown=1),
        ),
    )
    write(digest, outputs)
    return {file.name: file.read_bytes() for file in outputs.iterdir()}
