"""A run is interrupted, as a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

import openai_server as odd
from editor import answer
from openai_server import OpenAIServer
from whole_run import DEMO, environment, files, until

ROOT = str(Path(__file__).parents[2])


@contextmanager
def started(
    env: Mapping[str, str], cwd: Path, *, ignored: tuple[signal.Signals, ...] = ()
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a run that has some signals ignored, and see that it is gone at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "run", "--source", str(DEMO), "--date", "2026-01-30"],
        env={"PYTHONPATH": ROOT, **env},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=partial(_restore_signals, ignored),  # noqa: PLW1509
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _restore_signals(ignored: tuple[signal.Signals, ...]) -> None:
    """Take back what a shell's `&` or nohup has ignored: the tests may run there."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN if number in ignored else signal.SIG_DFL)


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_run_ends_at_once_in_one_line(tmp_path: Path, by: signal.Signals) -> None:
    """Ctrl-C, or a terminal that closes, leaves no file behind and waits for no answer."""
    with OpenAIServer(answer=answer, behave=lambda _request: odd.hang) as server:
        env = environment(tmp_path, server, AINEWS_MODEL_TIMEOUT_S="60")
        with started(env, tmp_path) as process:
            until(server.requests, 1)  # type: ignore[arg-type]
            process.send_signal(by)
            # On a busy machine a second becomes ten; an answer would take sixty.
            _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    lines = said.decode().strip().splitlines()
    assert "interrupted" in lines[-1]
    assert b"Traceback" not in said
    assert files(tmp_path / "outputs") == {}


def test_a_run_below_nohup_outlives_its_terminal(tmp_path: Path) -> None:
    """What is ignored stays ignored."""
    with OpenAIServer(answer=answer) as server:
        env = environment(tmp_path, server)
        with started(env, tmp_path, ignored=(signal.SIGHUP,)) as process:
            until(server.requests, 1)  # type: ignore[arg-type]
            process.send_signal(signal.SIGHUP)
            process.communicate(timeout=120)
    assert process.returncode == 0
    assert files(tmp_path / "outputs").keys() == {"2026-01-30.json", "2026-01-30.md"}


_INTERRUPTED_IMPORT = """
import os, runpy, signal, sys

class Interrupt:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.meta_path.insert(0, Interrupt())
sys.argv = ["ainews-digest", "status"]
runpy.run_module("pipeline", run_name="__main__")
"""


@pytest.mark.parametrize("module", ["typer", "pipeline.lines", "pipeline.settings"])
def test_ctrl_c_while_the_program_is_loaded_is_one_line(tmp_path: Path, module: str) -> None:
    """However early somebody presses it, there is no traceback."""
    code = _INTERRUPTED_IMPORT.format(module=module)
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": "", "PYTHONPATH": ROOT},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (130, b"")
    assert ended.stderr == b"ainews-digest: error: interrupted\n"
