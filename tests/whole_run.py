"""The bundled issue digested by the command in this process, and what that leaves on the disk."""

import datetime as dt
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from openai_server import OpenAIServer
from pipeline import cli
from pipeline.plan import RunRequest
from pipeline.publish import run_request
from pipeline.settings import Settings
from test_plan import Notes

DAY = dt.date(2026, 1, 30)
DEMO = Path(__file__).parent.parent / "pipeline" / "data" / "demo.md"


def environment(tmp_path: Path, server: OpenAIServer, **more: str) -> dict[str, str]:
    """Set what a run needs, and nothing of the tester's own."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "AINEWS_CACHE_DIR": str(tmp_path / "cache"),
        "AINEWS_OUTPUTS_DIR": str(tmp_path / "outputs"),
        "AINEWS_MODEL": "test-model",
        "AINEWS_MODEL_TIMEOUT_S": "1",
        "AINEWS_MODEL_ATTEMPTS": "2",
        "OPENAI_BASE_URL": server.base_url,
        "OPENAI_API_KEY": "sk-planted-key",
        **more,
    }


def run_demo(env: Mapping[str, str], cwd: Path, *more: str) -> subprocess.CompletedProcess[bytes]:
    """Digest the bundled issue under a fixed date: the command, but in this process."""
    words = ("run", "--source", str(DEMO), "--date", "2026-01-30", *more)
    return call_here(*words, env=env, cwd=cwd)


def call_here(
    *arguments: str, env: Mapping[str, str], cwd: Path, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in this process, which spares the start of another."""
    out, err = io.StringIO(), io.StringIO()
    before = signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patched:
        for name, value in env.items():
            patched.setenv(name, value)
        patched.chdir(cwd)
        patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as left:
            cli.main(arguments)
    signal.signal(signal.SIGTERM, before)
    code = left.value.code
    assert isinstance(code, int)
    return subprocess.CompletedProcess(
        arguments, code, out.getvalue().encode(), err.getvalue().encode()
    )


def run_here(tmp_path: Path, server: OpenAIServer, attempts: int) -> None:
    """Digest the bundled issue in this process, which spares the start of another."""
    settings = Settings.model_validate(
        {
            "cache_dir": tmp_path / "cache",
            "outputs_dir": tmp_path / "outputs",
            "model": "test-model",
            "model_timeout_s": 1,
            "model_attempts": attempts,
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": "sk-planted-key",
        }
    )
    wanted = RunRequest(source=str(DEMO), date=DAY)
    list(run_request(wanted, settings=settings, today=DAY, progress=Notes(), stdin=io.BytesIO()))


def files(folder: Path) -> dict[str, bytes]:
    """Read all files of a folder, hidden ones too."""
    return (
        {file.name: file.read_bytes() for file in sorted(folder.glob("*")) if file.is_file()}
        if folder.is_dir()
        else {}
    )


def until(seen: "list[object]", count: int) -> None:
    """Wait until a list has grown."""
    end = time.monotonic() + 50
    while len(seen) < count:
        assert time.monotonic() < end
        time.sleep(0.01)
