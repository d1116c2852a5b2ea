"""One process at a time for one issue: two runs at once must not pay twice for the same digest.

A lock is an advisory lock on a file in the cache folder, which the system releases when its holder
dies, so that nothing is left to clean up. Files stay whole without it too: `write` has a lock of
its own. Where the cache folder cannot be written there is no lock, and a run goes on without.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.settings import Settings


@contextmanager
def issue_lock(settings: Settings, slug: str, note: Callable[[str], None]) -> Iterator[bool]:
    """Hold the lock of one issue in one folder of digests.

    Args:
        settings: names the folders of the digests and of the locks.
        slug: the issue.
        note: told where another run holds it.

    Yields:
        Whether another run held it; the digests may have changed meanwhile.
    """
    place = f"{settings.outputs_dir.resolve()}\n{slug}"
    name = hashlib.sha256(place.encode()).hexdigest()[:32]
    path = settings.cache_dir / "locks" / f"{name}.lock"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        yield False
        return
    try:
        yield _acquire(descriptor, lambda: note(f"another run is at work on {slug!r}: waiting"))
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, wait: Callable[[], None]) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        wait()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        return True
    return False
