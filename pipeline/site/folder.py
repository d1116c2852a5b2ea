"""The folder that a site is written to: only what changed, only what is ours.

A list of the files that we made lies in the folder. A file that stands there and not in the list is
somebody's own: it is neither overwritten nor removed. The list is written before the files and
again after them, so that a run that was killed leaves no file that nobody knows to be ours.
"""

import json
import os
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path, PurePath, PurePosixPath
from posixpath import dirname
from typing import Final, NamedTuple

from pipeline.errors import SettingsError, WriteError
from pipeline.records import Record
from pipeline.site.stamps import PageStamps
from pipeline.storage import (
    LOCK_FILE,
    folder_lock,
    foreign_link,
    read_or_none,
    read_regular,
    replace_file,
)

MANIFEST: Final = ".ainews-site.json"
"""Names the files that are ours; never served, and no page of the site."""


class SyncResult(Record):
    """What became of the folder."""

    changed: tuple[str, ...]
    """Files that are new or have other bytes than before."""
    removed: tuple[str, ...]
    """Files of ours that the site has no more."""


class SiteFile(NamedTuple):
    """A file of a site before it is made."""

    name: str
    """Path, relative, with `/`."""
    make: Callable[[], bytes]
    """Gives its bytes."""
    inputs: str = ""
    """What it is made of, as a hash; blank where making it is as quick as looking."""


def sync_site(
    names: Collection[str],
    files: Iterable[SiteFile],
    out: Path,
    *,
    index_dir: Path | None = None,
    steady: Callable[[], bool] = lambda: True,
) -> SyncResult:
    """Make a folder hold a site, one file after the other.

    `files` are in the order in which they are made. `out` is made where it is missing; it must be
    empty, or hold a site that was laid here. `steady` says whether nothing that they were made of
    changed meanwhile, and is asked last.

    Raises:
        SettingsError: the folder holds something else.
        WriteError: a file cannot be written; names it.
    """
    if foreign_link(out):
        raise SettingsError(
            f"{str(out)!r} is a link that another user has made: give another --out"
        )
    try:
        out.mkdir(parents=True, exist_ok=True)
        with folder_lock(out):
            ours = _owned_files(out)
            foreign = [name for name in names if name not in ours and (out / name).exists()]
            strays = {one for one in set(map(dirname, names)) if not _stays_inside(out, one)}
            foreign += [name for name in names if dirname(name) in strays]
            if foreign:
                raise SettingsError(
                    f"{str(out / foreign[0])!r} is not of this site's making: move it away, "
                    "or give another folder with --out"
                )
            _write_manifest(out, ours.union(names))
            stamps = PageStamps(out, index_dir)
            changed = tuple(sorted(file.name for file in files if _lay(file, out, stamps)))
            removed = tuple(name for name in sorted(ours.difference(names)) if _remove(out, name))
            _write_manifest(out, names)
            if steady():
                stamps.save(names)
    except OSError as error:
        where = error.filename2 or error.filename or out
        message = f"cannot write {str(where)!r}: {error.strerror or error}; put that right"
        raise WriteError(message) from error
    return SyncResult(changed=changed, removed=removed)


def _lay(file: SiteFile, out: Path, stamps: PageStamps) -> bool:
    """Make a file and write it, as far as that is needed; return whether it has other bytes."""
    path = out / file.name
    if stamps.is_current(file.name, file.inputs, path):
        return False
    data = file.make()
    changed = _write_if_changed(path, data)
    stamps.put(file.name, file.inputs, data)
    return changed


def _owned_files(out: Path) -> frozenset[str]:
    """Read the list; an empty folder has none.

    Raises:
        SettingsError: the folder holds something, and no list of ours.
    """
    not_ours = SettingsError(
        f"{str(out)!r} is not empty and holds no site of ours: give an empty or new folder with "
        "--out"
    )
    try:
        listed = json.loads(read_regular(out / MANIFEST))
    except FileNotFoundError as error:
        if any(path.name != LOCK_FILE for path in out.iterdir()):
            raise not_ours from error
        return frozenset()
    except (ValueError, RecursionError) as error:
        raise not_ours from error
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise not_ours
    # A list that somebody changed must not lead out of the folder.
    return frozenset(name for name in listed if _is_inside(name))


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts


def _stays_inside(out: Path, folder: str) -> bool:
    """Say whether no folder on the way to a file was replaced by a link to elsewhere."""
    inside = PurePath(os.path.realpath(out / folder))
    return inside.is_relative_to(os.path.realpath(out))


def _write_manifest(out: Path, names: Iterable[str]) -> None:
    text = json.dumps(sorted(names), indent=0, ensure_ascii=False) + "\n"
    _write_if_changed(out / MANIFEST, text.encode())


def _write_if_changed(path: Path, data: bytes) -> bool:
    """Write a file in one piece, unless it has its bytes already."""
    if read_or_none(path) == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # Under the lock nobody else writes.
    replace_file(path, data)
    return True


def _remove(out: Path, name: str) -> bool:
    """Remove a file of ours, and the folders below `out` that it leaves empty."""
    path = out / name
    if not _stays_inside(out, dirname(name)):
        return False
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    for folder in path.relative_to(out).parents:
        if folder != Path():
            with suppress(OSError):
                (out / folder).rmdir()
    return True
