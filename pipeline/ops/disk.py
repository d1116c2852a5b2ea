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
from pipeline.ops.part import Diagnostic, failed_diagnostic
from pipeline.write import is_remote, read_state

if TYPE_CHECKING:
    from pipeline.write import S3Path

_MIN_FREE_BYTES, _LOW_FREE_BYTES = 20_000_000, 200_000_000


def check_disk(outputs: Path, cache: Path) -> Iterator[Diagnostic]:
    """Try to write where digests and answers go, and read what is there.

    Args:
        outputs: folder of the digests.
        cache: the cache's file.
    """
    part = _check_outputs(outputs)
    yield part
    for line in read_state(outputs).damaged if not part.exit_code else ():
        found = f"{outputs}/{line}"
        todo = "restore the file, or remove it: its issue counts as not digested"
        yield Diagnostic(name="disk", state="warning", found=found, todo=todo)
    yield _check_cache(cache)


def _check_outputs(folder: Path) -> Diagnostic:
    if is_remote(folder):
        return _check_store(folder)
    here = free_space(folder)
    if here is None:
        error = WriteError(f"{str(folder)!r} cannot be written to")
        return failed_diagnostic(
            "disk", error, "correct its permissions, or set AINEWS_OUTPUTS_DIR"
        )
    free, there = here
    state = "can be written to" if there else "will be made"
    found = f"{folder} {state}, {format_bytes(free)} are free"
    if free < _MIN_FREE_BYTES:
        return failed_diagnostic("disk", WriteError(found), "make room")
    low = free < _LOW_FREE_BYTES
    todo = "make room soon" if low else ""
    return Diagnostic(name="disk", state="warning" if low else "ok", found=found, todo=todo)


def _check_store(folder: "S3Path") -> Diagnostic:
    from pipeline.write import probe_access

    try:
        probe_access(folder)
    except DigestError as error:
        return failed_diagnostic(
            "disk", error, "see the note on keys in pipeline/write/connection.py"
        )
    return Diagnostic(name="disk", state="ok", found=f"{folder} can be listed and written to")


def _check_cache(file: Path) -> Diagnostic:
    """Read all of the cache as it is; nothing in it is needed, but it saves money."""
    if free_space(file.parent) is None:
        found = f"{str(file.parent)!r} cannot be written to: no answer is kept, each is paid again"
        todo = "correct its permissions, or set AINEWS_CACHE_DIR"
        return Diagnostic(name="cache", state="warning", found=found, todo=todo)
    if not file.exists():
        return Diagnostic(name="cache", state="ok", found=f"{file} will be made")
    try:
        said = _quick_check(file)
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        found, todo = f"{file} is damaged ({said})", "remove it, or let the next run set it aside"
        return Diagnostic(name="cache", state="warning", found=found, todo=todo)
    if file.stat().st_mode & 0o077:
        found = f"{file} can be read by others on this machine"
        return Diagnostic(name="cache", state="warning", found=found, todo=f"chmod 600 {file}")
    found = f"{file} is whole and private, {format_bytes(file.stat().st_size)}"
    return Diagnostic(name="cache", state="ok", found=found)


def free_space(folder: Path) -> tuple[int, bool] | None:
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


def _quick_check(file: Path) -> str:
    db = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=5)
    try:
        return str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
    finally:
        db.close()


def format_bytes(count: int) -> str:
    """Write bytes as people do."""
    gigabytes = count / 1e9
    return f"{gigabytes:,.1f} GB" if gigabytes >= 1 else f"{count / 1e6:,.1f} MB"
