"""What all tests share: the stored newsletter, no network but loopback, no settings of yours.

What fixtures need is imported by them: the process that only hands out tests to others and counts
them loads this file too, and both cores wait for it.
"""

import functools
import gc
import ipaddress
import itertools
import os
import shutil
import socket
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from desk import Desk
    from faults.bench import FaultBench
    from newsletter import Newsletter
    from openai_server import OpenAIServer
    from pipeline.settings import Settings

FIXTURES = Path(__file__).parent / "fixtures"
SHARED = Path(__file__).parent.parent.parent / "shared"

_connect = socket.socket.connect
_numbers = itertools.count()

# Both are measured by the clock on the wall, which tells more of a busy machine than of the test.
settings.register_profile("new", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fixed", settings.get_profile("new"), derandomize=True)
settings.load_profile("fixed")

# The tests start our command some hundred times: compiled once, each start is 0.25 s shorter.
for _name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
    os.environ.pop(_name, None)
# Nor does each worker compile the tests anew.
sys.dont_write_bytecode = False


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Keep what thousands of tests are made of out of every later garbage collection."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.freeze()


def _only_loopback(self: socket.socket, address: Any) -> None:
    if self.family != socket.AF_UNIX and not ipaddress.ip_address(address[0]).is_loopback:
        message = f"a test tried to reach {address[0]}: only loopback is allowed"
        raise RuntimeError(message)
    _connect(self, address)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tester's own settings, cache and network out of every test."""
    from pipeline.typed_command import give_option

    for name in list(os.environ):
        if name.startswith(("AINEWS_", "OPENAI_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    for option in ("--out", "--directory"):  # of a command that an earlier test has called
        give_option(option, None)
    # A name, not a folder: most tests write nothing.
    cache = tmp_path_factory.getbasetemp() / f"user-cache-{next(_numbers)}"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr(socket.socket, "connect", _only_loopback)


@pytest.fixture(scope="session", autouse=True)
def _read_once() -> Iterator[None]:
    """Parse and merge a page that many runs have once a process; both are pure."""
    from pipeline import run
    from pipeline.merge import merge
    from pipeline.parse import parse

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "parse", functools.lru_cache(maxsize=64)(parse))
        patch.setattr(run, "merge", functools.lru_cache(maxsize=64)(merge))
        yield


@pytest.fixture(scope="session", autouse=True)
def _commands_once() -> Iterator[None]:
    """Make typer's commands of ours once a process, not for each call of `main`."""
    import typer.main

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.main, "get_command", functools.cache(typer.main.get_command))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the stored newsletter; tests that need it are skipped, visibly, without it."""
    if not SHARED.is_dir():
        pytest.skip(f"needs the stored newsletter in {SHARED}")
    return SHARED


@pytest.fixture
def newsletter() -> "Iterator[Newsletter]":
    """Run a newsletter of our own on loopback."""
    from newsletter import Newsletter

    with Newsletter() as site:
        yield site


@pytest.fixture
def writer() -> "Iterator[OpenAIServer]":
    """Run a model that does its work on loopback."""
    import editor
    from openai_server import OpenAIServer

    with OpenAIServer(answer=editor.answer) as server:
        yield server


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Desk]":
    """Make the digest of a desk once; its answers belong to the server's address."""
    import editor
    from build import small_page
    from desk import Desk
    from openai_server import OpenAIServer

    with OpenAIServer(answer=editor.answer) as server:
        folder = tmp_path_factory.mktemp("made")
        found = Desk(folder, server, small_page(folder, 44))
        found.run()
        yield found


@pytest.fixture
def desk(made: "Desk", tmp_path: Path) -> "Desk":
    """Lay a copy of the finished digest on the desk, with the cache that it was made with."""
    made.asked()
    return made.copy(tmp_path)


@pytest.fixture
def loopback(newsletter: "Newsletter", writer: "OpenAIServer", tmp_path: Path) -> "Settings":
    """Read from that newsletter alone, ask that model, and write to a folder of the test."""
    from pipeline.settings import Settings

    nowhere = "http://127.0.0.1:9/"
    return Settings.model_validate(
        {
            "site_url": newsletter.url,
            "upstream_url": nowhere,
            "substack_url": nowhere,
            "outputs_dir": tmp_path / "outputs",
            "cache_dir": tmp_path / "cache",
            "http_attempts": 1,
            "model": "test-model",
            "model_attempts": 1,
            "OPENAI_BASE_URL": writer.base_url,
            "OPENAI_API_KEY": "sk-test",
        }
    )


@pytest.fixture
def bench(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> "Iterator[FaultBench]":
    """Set up the command with a good digest, settings and nothing else."""
    from faults.bench import FaultBench

    made = FaultBench(tmp_path, monkeypatch, capfd)
    with made.stack:
        yield made


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """Start the system's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next((path for path in map(shutil.which, names) if path), None)
    if found is None:
        assert not os.environ.get("CI"), f"needs one of {', '.join(names)}"
        pytest.skip(f"needs one of {', '.join(names)}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()
