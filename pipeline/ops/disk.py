"""Looks at where digests and answers are kept: whether it can be written to, and is whole.

A part of `doctor`. Writes one file without a name, in a store one that it removes again, and
nothing else.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import DigestError, WriteError
from pipeline.ops.part import Part, failed
from pipeline.write.state import state
from pipeline.write.store import is_remote

if TYPE_CHECKING:
    from pipeline.write.s3 import Remote

_LITTLE_BYTES, _LOW_BYTES = 20_000_000, 200_000_000


def disk(outputs: Path, cache: Path) -> Iterator[Part]:
    """Try to write where digests and answers go, and read what is there.

    Args:
        outputs: folder of the digests.
        cache: the cache's file.
    """
    part = _outputs(outputs)
    yield part
    for line in state(outputs).damaged if not part.exit_code else ():
        found = f"{outputs}/{line}"
        todo = "restore the file, or remove it: its issue counts as not digested"
        yield Part(name="disk", state="warning", found=found, todo=todo)
    yield _cache(cache)


def _outputs(folder: Path) -> Part:
    if is_remote(folder):
        return _stored(folder)
    here = room(folder)
    if here is None:
        error = WriteError(f"{str(folder)!r} cannot be written to")
        return failed("disk", error, "correct its permissions, or set AINEWS_OUTPUTS_DIR")
    free, there = here
    found = f"{folder} {'can be written to' if there else 'will be made'}, {amount(free)} are free"
    if free < _LITTLE_BYTES:
        return failed("disk", WriteError(found), "make room")
    low = free < _LOW_BYTES
    todo = "make room soon" if low else ""
    return Part(name="disk", state="warning" if low else "ok", found=found, todo=todo)


def _stored(folder: "Remote") -> Part:
    from pipeline.write.s3 import probe

    try:
        probe(folder)
    except DigestError as error:
        return failed("disk", error, "see the note on keys in pipeline/write/connection.py")
    return Part(name="disk", state="ok", found=f"{folder} can be listed and written to")


def _cache(file: Path) -> Part:
    """Read all of the cache as it is; nothing in it is needed, but it saves money."""
    if room(file.parent) is None:
        found = f"{str(file.parent)!r} cannot be written to: no answer is kept, each is paid again"
        todo = "correct its permissions, or set AINEWS_CACHE_DIR"
        return Part(name="cache", state="warning", found=found, todo=todo)
    if not file.exists():
        return Part(name="cache", state="ok", found=f"{file} will be made")
    try:
        said = _checked(file)
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        found, todo = f"{file} is damaged ({said})", "remove it, or let the next run set it aside"
        return Part(name="cache", state="warning", found=found, todo=todo)
    if file.stat().st_mode & 0o077:
        found = f"{file} can be read by others on this machine"
        return Part(name="cache", state="warning", found=found, todo=f"chmod 600 {file}")
    found = f"{file} is whole and private, {amount(file.stat().st_size)}"
    return Part(name="cache", state="ok", found=found)


def room(folder: Path) -> tuple[int, bool] | None:
    """Say how many bytes are free where a folder is or will be, and whether it is there.

    None where it cannot be written to.
    """
    near = folder.absolute()
    try:
        while not near.exists() and near != near.parent:
            near = near.parent
        with tempfile.TemporaryFile(dir=near) as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
        return shutil.disk_usage(near).free, near == folder.absolute()
    except OSError:
        return None


def _checked(file: Path) -> str:
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        return str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    finally:
        db.close()


def amount(count: int) -> str:
    """Write bytes as people do."""
    gigabytes = count / 1e9
    return f"{gigabytes:,.1f} GB" if gigabytes >= 1 else f"{count / 1e6:,.1f} MB"
