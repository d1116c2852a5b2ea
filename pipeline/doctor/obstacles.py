"""What keeps a folder from being written to, and what to do about it."""

import errno
import os
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Obstacle(NamedTuple):
    """Why nothing can be written, and what helps."""

    found: str
    todo: str


def nearest_folder(folder: Path) -> Path:
    """Find the folder, or the nearest one above it that is there: whatever stands there."""
    near = folder.absolute()
    while not os.path.lexists(near) and near != near.parent:
        near = near.parent
    return near


def write_obstacle(folder: Path) -> Obstacle | None:
    """Try to write where a folder is or will be; None where that is possible. Leaves nothing."""
    near = nearest_folder(folder)
    if not near.is_dir():
        kind = "a link to nothing" if near.is_symlink() and not near.exists() else "a file"
        where = near if near != folder.absolute() else folder
        return Obstacle(f"{str(where)!r} is {kind}, and no folder", "move it away")
    try:
        with tempfile.TemporaryFile(dir=near) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        cannot = f"{str(folder)!r} cannot be written to"
        if error.errno in _FULL:
            return Obstacle(f"{cannot}: the disk is full", "make room")
        if error.errno == errno.EROFS:
            found = f"{cannot}: its file system is read-only"
            return Obstacle(found, "have it mounted for writing")
        return Obstacle(cannot, "correct its permissions")
    return None
