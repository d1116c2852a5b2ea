"""What `doctor` finds of the folders that a run writes to: their locks, and whose they are.

Every lock is really tried, by two processes. Nothing stays behind.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from pipeline.clock import today
from pipeline.errors import DigestError, ModelError, WriteError
from pipeline.llm import file_problem, moved_aside, read_only_addresses
from pipeline.settings import Settings
from pipeline.storage import is_remote, probe_lock, what_is_no_folder

_DAILY_CAP = "AINEWS_MAX_COST_USD_PER_DAY"


class FolderProblem(NamedTuple):
    """Something that is not as it should be."""

    name: str
    """`disk` for the digests, `cache` for the cache."""
    found: str
    todo: str
    error: DigestError | None = None
    """What a run would end in; None where it goes on."""


def folder_problems(settings: Settings, *, cache_writable: bool) -> Iterator[FolderProblem]:
    """Try the locks of the folders of digests, of the cache with its ledger, and of the issues.

    What keeps the cache from being written to is said elsewhere.
    """
    for name, folder, setting in (
        ("disk", settings.outputs_dir, "AINEWS_OUTPUTS_DIR"),
        ("cache", settings.cache_dir, "AINEWS_CACHE_DIR"),
        ("cache", settings.lock_dir, "AINEWS_CACHE_DIR"),
    ):
        if not is_remote(folder) and (problem := _lock_problem(name, folder, setting)):
            yield problem
    yield from _cache_problems(settings, cache_writable=cache_writable)


def quick_check(file: Path) -> str:
    """Let SQLite check a database: `ok`, or what is wrong."""
    if not file.is_file():
        return "not a regular file"
    result = ""
    for address in read_only_addresses(file):
        try:
            db = sqlite3.connect(address, uri=True, timeout=5)
            try:
                return str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
            finally:
                db.close()
        except sqlite3.Error as error:
            result = result or str(error)
    return result


def _cache_problems(settings: Settings, *, cache_writable: bool) -> Iterator[FolderProblem]:
    """Say why the cache is not used, and what that means for a cap that was set by hand."""
    file = settings.cache_file
    foreign = ""
    with suppress(OSError):
        foreign = file_problem(file)
    if foreign and not what_is_no_folder(file.parent):  # which is said elsewhere
        found = f"{file} is not used, no answer is kept: {foreign}"
        yield FolderProblem("cache", found, "put that right, or set AINEWS_CACHE_DIR")
    if "max_cost_usd_per_day" not in settings.model_fields_set or settings.embedded:
        return
    why = foreign or moved_aside(file, today())
    if not why and not cache_writable:
        why = f"{str(file.parent)!r} cannot be written to"
    if not why and file.is_file() and (result := quick_check(file)) != "ok":
        why = f"{file} is damaged ({result})"
    if why:
        cannot = ModelError(f"{_DAILY_CAP} cannot be kept: {why}")
        yield FolderProblem("cache", str(cannot), f"put that right, or unset {_DAILY_CAP}", cannot)


def _lock_problem(name: str, folder: Path, setting: str) -> FolderProblem | None:
    near = folder.absolute()
    while not os.path.isdir(near) and near != near.parent:  # noqa: PTH112 - it may be locked away
        near = near.parent
    elsewhere = f"set {setting} to a folder of this machine"
    try:
        kind = probe_lock(near, twice=True)
    except OSError as error:
        closed = isinstance(error, PermissionError)
        what = "is closed to this user" if closed else "has no locks"
        found = f"{near} {what} ({error.strerror or error})"
        failure = WriteError(found) if name == "disk" and near == folder.absolute() else None
        return FolderProblem(name, found, elsewhere, failure)
    if kind == "file":
        found = f"{near} knows no flock, as folders of a network may: lock files stand in for it"
        return FolderProblem(name, found, f"nothing in haste; or {elsewhere}")
    if kind == "shared":
        found = f"{near} gives two processes the same lock: they would not wait for each other"
        return FolderProblem(name, found, f"run one command at a time, or {elsewhere}")
    return None
