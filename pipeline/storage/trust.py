"""Whose a folder or a file is: what somebody else could write is not believed, nor written through.

Root is trusted, since it can do anything; everybody else is somebody else.
"""

import errno
import os
import stat
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_MAX_LINKS = 40
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_OVERFLOW_UID = 65534


def untrusted_reason(path: Path, *, folder: bool = False) -> str:
    """Say how somebody else could write a file or a folder, or put another in its place.

    Every folder on the way counts, and every link. What is missing will be made by us.

    Args:
        path: the file or the folder.
        folder: whether it has to be a folder.

    Returns:
        The reason, and where there is something to do about it by itself, that; blank where nobody
        else could.

    Raises:
        OSError: it cannot be looked at.
    """
    here, names, links = Path("/"), [*reversed(path.absolute().parts[1:])], 0
    facts = here.stat()
    while names:
        if not stat.S_ISDIR(facts.st_mode):
            return _no_folder(here)
        if reason := _ancestor_reason(here, facts):
            return reason
        found = here / names.pop()
        try:
            facts = found.lstat()
        except FileNotFoundError:
            return ""
        if not stat.S_ISLNK(facts.st_mode):
            here = Path(os.path.normpath(found))
            facts = here.stat()
            continue
        if facts.st_uid not in (0, os.geteuid()):
            return f"{str(found)!r} is a link that another user has made: remove it"
        if (links := links + 1) > _MAX_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        target = found.readlink()
        names += [part for part in reversed(target.parts) if part != target.anchor]
        here = Path("/") if target.is_absolute() else here
        facts = here.stat()
    if folder and not stat.S_ISDIR(facts.st_mode):
        return _no_folder(here)
    return _own_reason(here, facts)


def what_is_no_folder(folder: Path) -> Path | None:
    """Give what stands where a folder is or would be made, and is none; None where all is well."""
    near = folder.absolute()
    while not os.path.lexists(near) and near != near.parent:
        near = near.parent
    try:
        return None if near.is_dir() else near
    except PermissionError:  # a link into what is locked away
        return None


def create_exclusively(path: Path, mode: int = 0o666) -> int:
    """Create a file that was not there, and open it for writing; follows no link.

    Raises:
        FileExistsError: something of that name is there, be it a link to nowhere.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(path, flags, mode)


def replace_file(path: Path, data: bytes) -> None:
    """Put a file in place in one piece, whatever stands there or beside it.

    No two may do it at once: what stands at `.<name>.part` is taken for a killed run's.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        with open(create_exclusively(part), "wb") as file:
            file.write(data)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def foreign_link(path: Path) -> bool:
    """Say whether a name is a link that another user, who is not root, has made."""
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISLNK(facts.st_mode) and facts.st_uid not in (0, os.geteuid())


def _no_folder(path: Path) -> str:
    return f"{str(path)!r} is no folder"


def _ancestor_reason(folder: Path, facts: os.stat_result) -> str:
    """Say how somebody else could exchange what lies in a folder.

    Those of its group may: what they would put there in its place is not ours, which is seen.
    """
    if facts.st_uid not in (0, os.geteuid()) and not _is_hidden_owner(facts.st_uid):
        return f"{str(folder)!r} above it belongs to another user (id {facts.st_uid})"
    if facts.st_mode & stat.S_IWOTH and not facts.st_mode & stat.S_ISVTX:
        return f"{str(folder)!r} above it can be written to by anybody: chmod o-w {folder}"
    return ""


def _own_reason(path: Path, facts: os.stat_result) -> str:
    if facts.st_uid not in (0, os.geteuid()):
        return f"{str(path)!r} belongs to another user (id {facts.st_uid})"
    if facts.st_mode & stat.S_ISVTX and facts.st_mode & stat.S_IWOTH:
        return f"{str(path)!r} is a folder for everybody"
    if facts.st_mode & _WRITABLE_BY_OTHERS:
        return f"{str(path)!r} can be written to by others: chmod go-w {path}"
    return ""


@lru_cache(1)
def _is_full_user_space() -> bool:
    try:
        return Path("/proc/self/uid_map").read_text(encoding="ascii").split()[-1] == "4294967295"
    except (OSError, IndexError):
        return True


def _is_hidden_owner(uid: int) -> bool:
    """Whether this is how a container without a user for it shows a folder of the system."""
    return uid == _OVERFLOW_UID and not _is_full_user_space()
