"""One process at a time for one issue: two runs at once must not pay twice for the same digest.

A lock is a file in the cache folder, which the system releases when its holder dies. Files stay
whole without it too: `write` has a lock of its own. Where the cache folder cannot be written there
is no lock, and a run goes on without.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout


@contextmanager
def issue_lock(
    lock_dir: Path, outputs_dir: Path, slug: str, note: Callable[[str], None]
) -> Iterator[bool]:
    """Hold the lock of one issue in one folder of digests.

    Args:
        lock_dir: folder of the locks.
        outputs_dir: folder of the digests.
        slug: the issue.
        note: gets a line where another run holds the lock.

    Yields:
        Whether another run held it; the digests may have changed meanwhile.
    """
    place = f"{outputs_dir.resolve()}\n{slug}"
    name = hashlib.sha256(place.encode("utf-8", "surrogateescape")).hexdigest()[:32]
    # A soft lock would outlive its holder.
    lock = FileLock(lock_dir / f"{name}.lock", mode=0o600, fallback_to_soft=False)
    waited = False
    try:
        lock_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            note(f"another run is at work on {slug!r}: waiting")
            lock.acquire()
            waited = True
    except OSError:
        pass
    try:
        yield waited
    finally:
        lock.release()
