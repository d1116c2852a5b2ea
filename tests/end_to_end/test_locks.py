"""Locks hold between processes, with the system's lock and without."""

import errno
import fcntl
import os
import platform
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipeline.storage import LOCK_FILE, folder_lock, hold_lock, is_gone, probe_lock, process_mark
from pipeline.storage import locks as practice

MISSING = ("ENOLCK", "ENOTSUP", "EOPNOTSUPP", "EINVAL", "ENOSYS", "EBADF")
# Takes the lock, says so, and holds it until its standard input ends; then counts up a file that
# loses a count where two do it at once.
HOLDER = """
import errno, fcntl, sys, time
from pathlib import Path
from pipeline.storage import folder_lock

folder, missing = Path(sys.argv[1]), sys.argv[2]
if missing:
    def refuse(*_):
        raise OSError(getattr(errno, missing), "no such lock")
    fcntl.flock = refuse
with folder_lock(folder):
    print("held", flush=True)
    sys.stdin.read()
    count = folder / "count"
    number = int(count.read_text()) if count.exists() else 0
    time.sleep(0.02)
    count.write_text(str(number + 1))
"""


def without_flock(monkeypatch: pytest.MonkeyPatch, name: str = "ENOLCK") -> None:
    """Make this process one whose folders have no flock."""

    def refuse(*_: object) -> None:
        raise OSError(getattr(errno, name), "no such lock")

    monkeypatch.setattr(fcntl, "flock", refuse)


def holder(folder: Path, missing: str = "ENOLCK") -> "subprocess.Popen[str]":
    """Start another process that takes the folder's lock."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), str(folder), missing],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: "subprocess.Popen[str]") -> str:
    """Read one line of another process."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """Make a folder in which no lock file may be left."""
    made = tmp_path / "folder"
    made.mkdir()
    yield made
    assert [file.name for file in made.iterdir() if file.name.startswith(LOCK_FILE)] == []


@pytest.mark.parametrize("name", MISSING)
def test_without_flock_a_lock_file_stands_in(
    name: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is its owner's alone, names its process, and goes with its lock, also after a failure."""
    without_flock(monkeypatch, name)
    file = folder / LOCK_FILE
    with folder_lock(folder):
        assert file.stat().st_mode & 0o777 == 0o600
        assert file.read_text().startswith(process_mark() + "\n")
    with pytest.raises(KeyError), folder_lock(folder):
        raise KeyError
    assert not file.exists()
    assert probe_lock(folder) == "file"


def test_another_error_is_none_of_a_missing_lock(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is raised as it is."""
    without_flock(monkeypatch, "EIO")
    with pytest.raises(OSError, match="no such lock"), folder_lock(folder):
        pass


@pytest.mark.parametrize(("missing", "left"), [("", False), ("ENOSYS", False), ("ENOSYS", True)])
def test_processes_hold_a_lock_one_after_the_other(
    missing: str, folder: Path, *, left: bool
) -> None:
    """Four real processes that do the same at once lose nothing, nor where one was killed before."""
    if left:
        machine, pid, _ = process_mark().rsplit(" ", 2)
        (folder / LOCK_FILE).write_text(f"{machine} {pid} 1\nabc\n")
    running = [holder(folder, missing) for _ in range(4)]
    for process in running:
        assert process.stdin is not None
        process.stdin.close()
        process.stdin = None
    errors = "".join(process.communicate(timeout=60)[1] for process in running)
    assert ("took over" in errors) == left
    assert "Traceback" not in errors
    assert (folder / "count").read_text() == "4"


def test_a_lock_file_of_a_killed_process_is_taken_over(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """While it lives it is waited for; what it left behind is no lock."""
    process = holder(folder)
    assert said(process) == "held"
    without_flock(monkeypatch)
    mark = (folder / LOCK_FILE).read_text().partition("\n")[0]
    assert is_gone(mark) is False
    process.kill()
    process.communicate()
    assert is_gone(mark) is True
    assert (folder / LOCK_FILE).exists()
    begun = time.monotonic()
    with folder_lock(folder):
        assert time.monotonic() - begun < 2
    assert "took over the lock" in caplog.text


def test_who_waits_is_told_and_gets_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with the system's lock."""
    process = holder(folder)
    assert said(process) == "held"
    without_flock(monkeypatch)
    told: list[bool] = []

    def let_go() -> None:
        told.append(True)
        process.communicate("", timeout=60)

    descriptor = os.open(folder, os.O_RDONLY)
    with hold_lock(descriptor, folder / LOCK_FILE, let_go) as waited:
        assert waited
    os.close(descriptor)
    assert told == [True]


def wait_a_moment(folder: Path) -> None:
    """See that a lock is not to be had; what waits for it is ended."""
    monitor = holder(folder)
    assert monitor.stdout is not None
    os.set_blocking(monitor.stdout.fileno(), False)
    time.sleep(1.5)
    assert monitor.poll() is None
    with suppress(TypeError):
        assert not monitor.stdout.read()
    monitor.kill()
    monitor.communicate()


def test_a_lock_of_another_machine_holds_for_hours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody here can tell whether its process has ended; an old one is taken over."""
    file = tmp_path / LOCK_FILE
    file.write_text("other.example 4026531836 17 12345\nabc\n")
    wait_a_moment(tmp_path)
    assert file.exists()
    os.utime(file, (time.time() - 7 * 3600,) * 2)
    without_flock(monkeypatch)
    with folder_lock(tmp_path):
        pass
    assert not file.exists()


@pytest.mark.parametrize(
    "content", ["", "torn", "no mark at all\n", "a b -1 0\n", f"x {'9' * 30} 0\n"]
)
def test_a_lock_file_that_names_nobody_is_taken_over_later(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its maker may be about to write its name; hours later it is nobody's in any case."""
    file = tmp_path / LOCK_FILE
    file.write_text(content)
    os.utime(file, (time.time() - 7 * 3600,) * 2)
    without_flock(monkeypatch)
    with folder_lock(tmp_path):
        assert file.read_text() != content
    assert not file.exists()


def test_a_number_that_is_used_again_is_another_process() -> None:
    """The time of its start tells; a process of another container is nobody's here."""
    machine, pid, started = process_mark().rsplit(" ", 2)
    assert is_gone(f"{machine} {pid} {started}") is False
    assert is_gone(f"{machine} {pid} 1") is True
    assert is_gone(f"{machine}0 {pid} 1") is None


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_lock_file_is_an_error(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that somebody prepared in a shared folder is neither followed nor waited for."""
    file = tmp_path / LOCK_FILE
    (tmp_path / "theirs").write_text("precious")
    if kind == "link":
        file.symlink_to("theirs")
    elif kind == "pipe":
        os.mkfifo(file)
    else:
        file.mkdir()
    without_flock(monkeypatch)
    with pytest.raises(OSError, match=r"\.ainews\.lock"), folder_lock(tmp_path):
        pass
    assert (tmp_path / "theirs").read_text() == "precious"


def test_a_folder_is_tried(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's lock, a lock file, or one that two get at once."""
    assert probe_lock(folder, twice=True) == "system"
    process = holder(folder, "")
    assert said(process) == "held"
    assert probe_lock(folder) == "system"
    process.communicate("", timeout=60)
    monkeypatch.setattr(fcntl, "flock", lambda *_: None)
    assert probe_lock(folder, twice=True) == "shared"


def test_a_folder_with_neither_kind_of_lock_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one of a network that is mounted for reading."""
    without_flock(monkeypatch)

    def refuse(path: Path, _mode: int = 0) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))

    monkeypatch.setattr(practice, "create_exclusively", refuse)
    with pytest.raises(OSError, match="Read-only"):
        probe_lock(folder)


# A filter of the kernel that lets `flock` fail in this process and its children, as a folder of a
# network does: load the number of the call; flock returns ENOLCK, all else is let through.
REALLY_WITHOUT = """
import ctypes, platform, struct
number = {"x86_64": 73, "aarch64": 32}[platform.machine()]
steps = struct.pack("HBBI" * 4, 0x20, 0, 0, 0, 0x15, 0, 1, number, 0x06, 0, 0, 0x00050000 | 37,
    0x06, 0, 0, 0x7FFF0000)
kept = ctypes.create_string_buffer(steps)
class Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_ushort), ("filter", ctypes.c_void_p)]
libc = ctypes.CDLL(None, use_errno=True)
program = Program(4, ctypes.addressof(kept))
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(program), 0, 0):
    raise SystemExit("no filter")
"""


def test_the_systems_own_refusal_is_met(folder: Path) -> None:
    """Where the kernel itself refuses flock, real processes still wait for each other."""
    if platform.system() != "Linux" or platform.machine() not in {"x86_64", "aarch64"}:
        pytest.skip("needs a filter of Linux")
    program = REALLY_WITHOUT + textwrap.dedent(HOLDER)
    command = [sys.executable, "-c", program, str(folder), ""]
    running = [
        subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = {process.communicate(timeout=60)[1] for process in running}
    if said == {"no filter\n"}:
        pytest.skip("needs a kernel that takes filters")
    assert said == {""}
    assert (folder / "count").read_text() == "4"
    probe = "from pathlib import Path; from pipeline.storage import probe_lock; import sys\n"
    probe = REALLY_WITHOUT + probe + "print(probe_lock(Path(sys.argv[1]), twice=True))"
    done = subprocess.run(
        [sys.executable, "-c", probe, str(folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "file\n"
