"""One process at a time for one issue: two runs at once must not pay twice for the same digest.

A lock is a file in the cache folder, which the system releases when its holder dies. Files stay
whole without it too: `write` has a lock of its own. Where the cache folder cannot be written, or is
not ours, there is no lock, and a run goes on without.
"""

import hashlib
import os
import shlex
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from pipeline.errors import WriteError
from pipeline.storage import hold_lock, is_remote, probe_lock, untrusted_reason


@contextmanager
def issue_lock(
    lock_dir: Path, outputs_dir: Path, slug: str, note: Callable[[str], None]
) -> Iterator[bool]:
    """Hold the lock of one issue in one folder of digests.

    `note` gets a line where another run holds the lock.

    Yields:
        Whether another run held it; the digests may have changed meanwhile.

    Raises:
        WriteError: the folder of the digests has no kind of lock, so that nothing could be
            written in the end.
    """
    _check_outputs(outputs_dir)
    with ExitStack() as stack:
        waited = False
        with suppress(OSError):
            waited = stack.enter_context(
                _hold(
                    lock_dir / f"{_name(outputs_dir, slug)}.lock",
                    lambda: note(f"another run is at work on {slug!r}: waiting"),
                )
            )
        yield waited


@contextmanager
def _hold(file: Path, on_wait: Callable[[], None]) -> Iterator[bool]:
    if reason := untrusted_reason(file.parent, folder=True):
        raise PermissionError(reason)
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(file, flags, 0o600)
    try:
        with hold_lock(descriptor, file.with_suffix(".held"), on_wait) as waited:
            yield waited
    finally:
        os.close(descriptor)


def _name(outputs_dir: Path, slug: str) -> str:
    """Name a lock so that the same folder is the same by any of its names."""
    # `resolve` would end at a circle of links.
    place = outputs_dir if is_remote(outputs_dir) else os.path.realpath(outputs_dir)
    return hashlib.sha256(f"{place}\n{slug}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _check_outputs(folder: Path) -> None:
    """See that the folder of the digests, where it is there, can be locked when they are written.

    Raises:
        WriteError: it cannot be.
    """
    if is_remote(folder) or not folder.is_dir():
        return
    try:
        probe_lock(folder)
    except PermissionError as error:
        raise WriteError(
            f"the folder {str(folder)!r} is closed to this user ({error.strerror or error}): see "
            f"`{shlex.join(['ls', '-ld', str(folder)])}`, or set AINEWS_OUTPUTS_DIR to another"
        ) from error
    except OSError as error:
        raise WriteError(
            f"the folder {str(folder)!r} has no locks ({error.strerror or error}): set "
            "AINEWS_OUTPUTS_DIR to a folder of this machine"
        ) from error
