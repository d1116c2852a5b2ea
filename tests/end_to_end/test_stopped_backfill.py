"""A backfill that is killed or interrupted goes on where it was: real processes."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import editor
from january import contents, fill, january
from newsletter import Newsletter
from nights import told
from openai_server import Behaviour, OpenAIServer, Request, ServerReply, ok
from pipeline.settings import Settings

KILLS = int(os.environ.get("KILLS", "1"))
"""How often the backfill of the killing test is killed; the issue's bar was taken with 10."""


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """Give a process the settings of the test."""
    shown = {
        "SITE_URL": settings.site_url,
        "UPSTREAM_URL": settings.upstream_url,
        "SUBSTACK_URL": settings.substack_url,
        "OUTPUTS_DIR": str(settings.outputs_dir),
        "CACHE_DIR": str(settings.cache_dir),
        "HTTP_ATTEMPTS": "1",
        "MODEL": "test-model",
        "IN_FLIGHT": "8",
    } | more
    own = {name: value for name, value in os.environ.items() if "AINEWS" not in name}
    return (
        own
        | {f"AINEWS_{name}": value for name, value in shown.items()}
        | {"OPENAI_BASE_URL": str(settings.openai_base_url), "OPENAI_API_KEY": "sk-test"}
    )


def start(env: Mapping[str, str], cwd: Path, *more: str) -> "subprocess.Popen[bytes]":
    """Begin the backfill as a process of its own."""
    command = [sys.executable, "-m", "pipeline", "backfill", "--since", "2026-01-01"]
    return subprocess.Popen(
        [*command, "--until", "2026-01-31", *more],
        env=dict(env),
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell's `&` may have left Ctrl-C ignored, which children inherit.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )


class Slow(OpenAIServer):
    """A model that takes a moment for each answer, and knows when it last gave which."""

    def __init__(self) -> None:
        super().__init__(answer=editor.answer, behave=self._told, latency_s=0.03)
        self.said: dict[str, float] = {}

    def _told(self, request: Request) -> Behaviour:
        def told(request: Request, content: str) -> ServerReply:
            self.said.setdefault(str(request.body), time.monotonic())
            return ok(request, content)

        assert request.path
        return told


@pytest.fixture
def slow() -> Iterator[Slow]:
    """Run a model that takes a moment for each answer."""
    with Slow() as server:
        yield server


def test_a_backfill_that_is_killed_goes_on_where_it_was(
    loopback: Settings, newsletter: Newsletter, slow: Slow, tmp_path: Path
) -> None:
    """However often: nothing that was answered is asked twice, and the outputs are the same."""
    # As many issues as give every kill its questions.
    issues = 8 if KILLS == 1 else 20
    january(newsletter, issues)
    mine = loopback.model_copy(update={"openai_base_url": slow.base_url})
    calm = mine.model_copy(
        update={"outputs_dir": tmp_path / "calm", "cache_dir": tmp_path / "calm-cache"}
    )
    assert fill(calm).count("done") == issues
    needed = Counter(str(request.body) for request in slow.requests)
    assert max(needed.values()) == 1
    slow.requests.clear()
    slow.said.clear()
    dice = random.Random(20260124)  # noqa: S311 - the same moments every time
    env = environment(mine)
    died: list[float] = []
    for _ in range(KILLS):
        process = start(env, tmp_path)
        # From the first question on: starting takes longer than a few answers.
        goal = len(slow.requests) + dice.randint(1, max(2, int(3.5 * issues) // KILLS))
        while len(slow.requests) < goal and process.poll() is None:
            time.sleep(0.001)
        process.kill()
        died.append(time.monotonic())
        process.communicate()
    process = start(env, tmp_path)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == 0, out
    assert contents(mine.outputs_dir) == contents(calm.outputs_dir)
    asked = Counter(str(request.body) for request in slow.requests)
    assert set(asked) == set(needed)
    # Asked twice was only what was on its way when the process died, or had just left the server.
    twice = [body for body, count in asked.items() if count > 1]
    late = [min(abs(moment - slow.said[body]) for moment in died) for body in twice]
    print(f"{KILLS} kills, {len(needed)} questions, {len(twice)} on their way asked twice")  # noqa: T201
    # A busy machine makes an answer late; no more than eight are on their way at any time.
    assert len(twice) <= 8 * KILLS or all(gap < 0.1 for gap in late), late


def test_ctrl_c_ends_a_backfill_at_once_and_nothing_is_lost(
    loopback: Settings,
    newsletter: Newsletter,
    slow: Slow,
    tmp_path: Path,
) -> None:
    """One line, exit code 130, whole files; the next call finishes."""
    january(newsletter, 6)
    mine = loopback.model_copy(update={"openai_base_url": slow.base_url})
    env = environment(mine)
    process = start(env, tmp_path)
    while len(slow.requests) < 8:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"run the same command again" in err
    assert b"Traceback" not in err
    out, _ = start(env, tmp_path).communicate(timeout=60)
    assert out.decode().splitlines()[-1].startswith("6 issues: ")
    assert len(told(mine)) == 6
