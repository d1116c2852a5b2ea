"""One process at a time: the system's lock on an open file, or a file where the system has none.

Folders of a network may know no flock: each such refusal has been seen. A lock file says who holds
it, since nothing takes it away with its holder. One of a process of this machine that has ended is
taken over at once, one of another machine after hours, or when somebody removes it. A folder where
two get the same lock is found by `probe_lock` alone.
"""

import errno
import fcntl
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final, Literal

from pipeline.lines import get_logger
from pipeline.storage.location import read_regular
from pipeline.storage.trust import create_exclusively

_log = get_logger(__name__)

_WITHOUT_FLOCK: Final = frozenset(
    {
        # The last one is Linux's for a folder on NFS, where only a file open for writing is locked.
        *(errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS, errno.EBADF),
    }
)
_POLL_S: Final = 0.1
_QUIET_WAIT_S: Final = 5.0
_FOREIGN_AGE_S: Final = 6 * 3600.0
"""Age at which a lock file of another machine counts as left behind."""
_TORN_AGE_S: Final = 60.0
"""The same where it does not say whose it is: its maker was killed while making it."""
LOCK_FILE: Final = ".ainews.lock"
"""Name of a folder's lock file, which is there while it is held."""
_CHILD: Final = (
    "import fcntl, os, sys\n"
    "try: fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)\n"
    "except OSError: sys.exit(3)\n"
)

LockKind = Literal["system", "file", "shared"]
"""Held by the system, by a lock file, or by two at once."""


@contextmanager
def folder_lock(folder: Path) -> Iterator[int]:
    """Hold a folder's lock, waiting for it; give a descriptor of the folder.

    Raises:
        OSError: it is no folder, or has neither kind of lock.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with hold_lock(descriptor, folder / LOCK_FILE):
            yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def hold_lock(
    descriptor: int, instead: Path, on_wait: Callable[[], None] = lambda: None
) -> Iterator[bool]:
    """Hold the lock of an open file, or a lock file where the system has none.

    `on_wait` is called where somebody else holds it.

    Yields:
        Whether somebody else held it.
    """
    with ExitStack() as stack:
        try:
            waited = _flock(descriptor, on_wait)
        except OSError as error:
            if error.errno not in _WITHOUT_FLOCK:
                raise
            waited = stack.enter_context(_lock_file(instead, on_wait))
        else:
            stack.callback(_unlock, descriptor)
        yield waited


def probe_lock(folder: Path, *, twice: bool = False) -> LockKind:
    """Try which lock a folder has.

    With `twice` a second process tries to get the same lock meanwhile. Nothing stays in the folder.

    Raises:
        OSError: it has none.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return "system"
        except OSError as error:
            if error.errno not in _WITHOUT_FLOCK:
                raise
            file = folder / f"{LOCK_FILE}.{os.getpid()}"
            os.close(create_exclusively(file, 0o600))
            file.unlink()
            return "file"
        return "shared" if twice and _child_gets_lock(folder) else "system"
    finally:
        os.close(descriptor)


def process_mark() -> str:
    """Name this process, apart from every other one of this machine and of others."""
    pid = os.getpid()
    return f"{_machine()} {pid} {_started(pid)}"


def is_gone(mark: str) -> bool | None:
    """Say whether the process that a mark names has ended; None where it is another machine's.

    Raises:
        ValueError: it is no mark.
    """
    machine, pid, started = mark.rsplit(" ", 2)
    number = int(pid)
    if machine != _machine() or number <= 0:
        return None
    try:
        os.kill(number, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except PermissionError:
        pass
    return _started(number) != started


def _machine() -> str:
    """Name the machine, and the container: each has its own numbers of processes."""
    with suppress(OSError):
        return f"{socket.gethostname()} {os.stat('/proc/self/ns/pid').st_ino}"  # noqa: PTH116 - no file
    return f"{socket.gethostname()} 0"


def _started(pid: int) -> str:
    """Say when a process was started, where the system tells; its number may be used again."""
    with suppress(OSError, IndexError):
        # Its name, which may hold anything, ends with the last bracket.
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[19].decode()
    return "0"


def _flock(descriptor: int, on_wait: Callable[[], None]) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        on_wait()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return True
    return False


def _unlock(descriptor: int) -> None:
    with suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def _lock_file(path: Path, on_wait: Callable[[], None]) -> Iterator[bool]:
    """Hold a lock file, which says who holds it."""
    mine = f"{process_mark()}\n{secrets.token_hex(8)}\n".encode()
    begun, waits, warned = time.monotonic(), False, False
    while not _create(path, mine):
        held = _content(path)
        if held is None or _take_over(path, held):
            continue
        if not waits:
            waits = True
            on_wait()
        if not warned and time.monotonic() - begun > _QUIET_WAIT_S:
            warned = True
            owner = held.partition(b"\n")[0].decode(errors="replace")
            _log.warning(
                "waiting for the lock %r, held by %r: remove it where that has ended",
                str(path),
                owner,
            )
        time.sleep(_POLL_S)
    try:
        yield waits
    finally:
        with suppress(OSError):
            if _content(path) == mine:
                path.unlink()


def _create(path: Path, data: bytes) -> bool:
    try:
        descriptor = create_exclusively(path, 0o600)
    except FileExistsError:
        return False
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)
    return True


def _content(path: Path) -> bytes | None:
    """Read who holds a lock; None where nobody does.

    Raises:
        OSError: what stands there is none.
    """
    try:
        if path.is_symlink():
            raise OSError(errno.ELOOP, "a link, and no lock", str(path))
        return read_regular(path)
    except FileNotFoundError:
        return None


def _take_over(path: Path, held: bytes) -> bool:
    """Remove a lock file that was left behind; say whether it was one.

    Another process may be about to: between its look and ours the file may be a new one, so that
    each looks again when it alone may remove it.
    """
    if not _is_left_behind(path, held):
        return False
    alone = path.with_name(f"{path.name}.take")
    if not _create(alone, b""):
        if _age_s(alone) > _TORN_AGE_S:
            alone.unlink(missing_ok=True)
        time.sleep(_POLL_S)
        return True
    try:
        if _content(path) == held:
            path.unlink()
            _log.warning("took over the lock %r: its holder has ended", str(path))
    finally:
        alone.unlink(missing_ok=True)
    return True


def _is_left_behind(path: Path, held: bytes) -> bool:
    mark, end, _ = held.partition(b"\n")
    try:
        gone = is_gone(mark.decode()) if end else None
    except ValueError:
        end, gone = b"", None
    if gone is not None:
        return gone
    return _age_s(path) > (_FOREIGN_AGE_S if end else _TORN_AGE_S)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _child_gets_lock(folder: Path) -> bool:
    """Say whether another process gets the lock that this one holds."""
    command = [sys.executable, "-I", "-S", "-c", _CHILD, str(folder.absolute())]
    child = os.posix_spawn(sys.executable, command, os.environ)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
