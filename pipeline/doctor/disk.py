"""Whether digests and answers can be written where they go, and read where they are."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.doctor.diagnostics import Diagnostic, failed, ok, warning
from pipeline.doctor.folders import folder_problems, quick_check
from pipeline.errors import DigestError, PageNotUnderstood, WriteError
from pipeline.ops import damaged_digests
from pipeline.settings import Settings
from pipeline.storage import is_remote, what_is_no_folder

if TYPE_CHECKING:
    from pipeline.storage import S3Path

_MIN_FREE_BYTES, _LOW_FREE_BYTES = 20_000_000, 200_000_000
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class FreeSpace(NamedTuple):
    """The space where a folder is or will be."""

    free_bytes: int
    exists: bool
    """Whether the folder is there already."""


def check_disk(outputs: Path, cache: Path) -> Iterator[Diagnostic]:
    """Try to write where digests and answers go, and read what is there."""
    part = _check_store(outputs) if is_remote(outputs) else _check_folder(outputs)
    yield part
    for hurt, remedy in damaged_digests(outputs) if not part.exit_code else ():
        found = f"{outputs}/{hurt.line}"
        # As every night does: it fails for an issue that it cannot tell again by itself.
        if hurt.slug:
            yield failed("disk", PageNotUnderstood(found), remedy)
        else:
            yield warning("disk", found, remedy)
    yield _check_cache(cache)


def check_folders(settings: Settings) -> Iterator[Diagnostic]:
    """Report what is wrong with locks, and with whose the cache is."""
    writable = free_space(settings.cache_dir) is not None
    for name, found, todo, error in folder_problems(settings, cache_writable=writable):
        yield failed(name, error, todo) if error else warning(name, found, todo)


def _check_folder(folder: Path) -> Diagnostic:
    obstacle = _write_obstacle(folder)
    if obstacle:
        todo = f"{obstacle.todo}set AINEWS_OUTPUTS_DIR"
        return failed("disk", WriteError(obstacle.found), todo)
    space = free_space(folder)
    if space is None:  # it went away meanwhile
        error = WriteError(f"{str(folder)!r} cannot be measured")
        return failed("disk", error, "see why, or set AINEWS_OUTPUTS_DIR")
    state = "can be written to" if space.exists else "will be made"
    found = f"{folder} {state}, {format_bytes(space.free_bytes)} are free"
    if space.free_bytes < _MIN_FREE_BYTES:
        return failed("disk", WriteError(found), "make room")
    if space.free_bytes < _LOW_FREE_BYTES:
        return warning("disk", found, "make room soon")
    return ok("disk", found)


def _check_store(folder: "S3Path") -> Diagnostic:
    from pipeline.storage import probe_access

    try:
        probe_access(folder)
    except DigestError as error:
        return failed("disk", error, "see the note on keys in pipeline/storage/s3.py")
    return ok("disk", f"{folder} can be listed and written to")


def _check_cache(file: Path) -> Diagnostic:
    """Read all of the cache as it is; nothing in it is needed, but it saves money."""
    if obstacle := _write_obstacle(file.parent):
        found = f"{obstacle.found}: no answer is kept, each is paid again"
        return warning("cache", found, f"{obstacle.todo}set AINEWS_CACHE_DIR")
    if not file.exists():
        return ok("cache", f"{file} will be made")
    result = quick_check(file)
    if result != "ok":
        todo = "remove it, or let the next run set it aside"
        return warning("cache", f"{file} is damaged ({result})", todo)
    if file.stat().st_mode & 0o077:
        found = f"{file} can be read by others on this machine"
        return warning("cache", found, f"chmod 600 {file}")
    return ok("cache", f"{file} is whole and private, {format_bytes(file.stat().st_size)}")


def free_space(folder: Path) -> FreeSpace | None:
    """Measure the space where a folder is or will be; None where it cannot be written to."""
    if _write_obstacle(folder):
        return None
    near = _nearest_folder(folder)
    try:
        return FreeSpace(shutil.disk_usage(near).free, near == folder.absolute())
    except OSError:
        return None


def format_bytes(count: int) -> str:
    """Write a size for people: `1.1 GB`, `20.0 MB`."""
    gigabytes = count / 1e9
    return f"{gigabytes:,.1f} GB" if gigabytes >= 1 else f"{count / 1e6:,.1f} MB"


class _Obstacle(NamedTuple):
    """Why nothing can be written, and what helps."""

    found: str
    todo: str
    """What helps beside another folder, with `or`; blank where nothing does."""


def _nearest_folder(folder: Path) -> Path:
    """Find the folder, or the nearest one above it that is there: whatever stands there."""
    near = folder.absolute()
    while not os.path.lexists(near) and near != near.parent:
        near = near.parent
    return near


def _write_obstacle(folder: Path) -> _Obstacle | None:
    """Try to write where a folder is or will be; None where that is possible. Leaves nothing."""
    if near := what_is_no_folder(folder):
        return _obstacle_instead(near if near != folder.absolute() else folder)
    near = _nearest_folder(folder)
    try:
        with tempfile.TemporaryFile(dir=near) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        cannot = f"{str(folder)!r} cannot be written to"
        if error.errno in _FULL:
            return _Obstacle(f"{cannot}: the disk is full", "make room, or ")
        if error.errno == errno.EROFS:
            found = f"{cannot}: its file system is read-only"
            return _Obstacle(found, "have it mounted for writing, or ")
        return _Obstacle(cannot, "correct its permissions, or ")
    return None


def _obstacle_instead(stands: Path) -> _Obstacle:
    """Say what stands where a folder should; a device is not to be moved."""
    is_link = stands.is_symlink() and not stands.exists()
    if not is_link and not stands.is_file():
        return _Obstacle(f"{str(stands)!r} is no folder", "")
    kind = "a link to nothing" if is_link else "a file"
    return _Obstacle(f"{str(stands)!r} is {kind}, and no folder", "move it away, or ")
