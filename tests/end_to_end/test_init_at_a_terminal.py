"""Init at a real terminal: it is interrupted, and asks for prices."""

import fcntl
import os
import pty
import select
import signal
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import pytest
from dotenv import dotenv_values

ROOT = Path(__file__).parents[2]


def at_a_terminal(folder: Path, *typed: bytes) -> tuple[int, str]:
    """Run `init` at a terminal, typing each answer when its question is there."""
    master, slave = pty.openpty()
    process = Popen(
        [sys.executable, "-m", "pipeline", "init", "--no-doctor"],
        cwd=folder, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        preexec_fn=_own_terminal,  # noqa: PLW1509 - no threads here
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    os.close(slave)
    shown = b""
    answers = list(typed)
    asked = 0
    until = time.monotonic() + 60
    pressed = until
    with suppress(OSError):  # the end of a terminal
        while time.monotonic() < until:
            # What is typed too early at a question for a key is thrown away: it has to be quiet.
            if select.select([master], [], [], 0.4)[0]:
                if not (data := os.read(master, 4096)):
                    break
                shown += data
            elif answers and shown[asked:].rstrip(b" ").endswith(b":"):
                asked = len(shown)
                os.write(master, answers.pop(0))
                pressed = time.monotonic()
            elif typed[-1:] == (b"\x03",) and time.monotonic() > pressed + 10:
                # It may have come while modules were read; what is ending is left to end.
                os.write(master, b"\x03")
                pressed = time.monotonic()
    code = process.wait(timeout=60)
    os.close(master)
    return code, shown.decode()


def _own_terminal() -> None:
    """Let the terminal interrupt what is started at it, also where the tests run in the background."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.parametrize("typed", [(b"\x03",), (b"http://h.example/v1\n", b"\x04")])
def test_an_interrupted_init_keeps_nothing_and_says_so(
    tmp_path: Path, typed: tuple[bytes, ...]
) -> None:
    """Ctrl-C or the end of input at a question: no answer was kept."""
    code, shown = at_a_terminal(tmp_path, *typed)
    assert code == 130
    assert "nothing was written" in shown
    assert "answers so far" not in shown
    assert not (tmp_path / ".env").exists()


def test_prices_are_asked_for_at_a_terminal(tmp_path: Path) -> None:
    """Both are written, where the price list has none."""
    typed = (b"https://api.example.com/v1\n", b"sk-planted\n", b"m\n", b"1.5\n", b"6\n")
    code, shown = at_a_terminal(tmp_path, *typed)
    assert code == 0, shown
    found = dotenv_values(tmp_path / ".env")
    assert found["AINEWS_INPUT_USD_PER_MTOK"] == "1.5"
    assert found["AINEWS_OUTPUT_USD_PER_MTOK"] == "6"
