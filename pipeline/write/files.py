"""Last stage: a digest goes to disk or to a store, in every format, all files or none.

What the files hold is up to `formats.py`.
"""

import errno
import json
import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from pipeline.errors import PageNotUnderstood, WriteError
from pipeline.records import Digest, Record
from pipeline.storage import (
    StoragePath,
    create_exclusively,
    folder_lock,
    foreign_link,
    is_remote,
    read_or_none,
    read_regular,
)
from pipeline.write.formats import FORMATS, STATE_FORMAT, formats_in_write_order
from pipeline.write.state import DRAFTS

if TYPE_CHECKING:
    from pipeline.storage import S3Path

ROUNDUPS = ("weekly", "monthly")
"""Folders beside the digests for roundups, each named like the command that makes them."""


class WrittenFiles(Record):
    """The files of one digest."""

    paths: dict[str, StoragePath]
    """Each by the name of its format."""
    changed: tuple[StoragePath, ...]
    """Those whose bytes are new; empty when all already had theirs."""

    @property
    def markdown_path(self) -> StoragePath:
        """The digest for readers."""
        return self.paths["markdown"]

    @property
    def json_path(self) -> StoragePath:
        """The digest for machines."""
        return self.paths["json"]


def write(
    digest: Digest, folder: Path, stem: str | None = None, *, draft: bool = False
) -> WrittenFiles:
    """Write a digest into a folder in every format, all files or none.

    Args:
        digest: what to write.
        folder: made when it is missing.
        stem: file name without ending; the digest's date when not given. Where another process
            has written another issue's digest under it meanwhile, this one gets the next name.
        draft: whether it is not to be published; it goes to the folder's `drafts`, and says so.

    Returns:
        The paths. A file that already has its bytes is not touched.

    Raises:
        WriteError: naming the file and the reason; the files are as they were before.
        SettingsError: the folder is one of a store, and its address or key cannot be used.
    """
    stem = stem or digest.date.isoformat()
    folder = folder / DRAFTS if draft else folder
    contents = _render(digest, draft=draft)
    try:
        if is_remote(folder):
            return _write_remote(folder, stem, digest, contents)
        if foreign_link(folder):
            raise OSError(errno.ELOOP, "a link that another user has made", str(folder))  # noqa: TRY301 - said below
        folder.mkdir(parents=True, exist_ok=True)
        # With one writer at a time, temporary files in the folder are those of a killed run.
        with folder_lock(folder) as descriptor:
            paths = _format_paths(folder, _free_stem(stem, digest, folder)[0])
            files = {paths[name]: data for name, data in contents.items()}
            changed = _replace_files(files, descriptor)
    except OSError as error:
        where = error.filename2 or error.filename or folder / stem
        reason = error.strerror or str(error)
        message = f"cannot write {str(where)!r}: {reason}; put that right and run again"
        raise WriteError(message) from error
    return WrittenFiles(paths=paths, changed=changed)


def discard_draft(folder: Path, stem: str) -> bool:
    """Remove the draft of a digest that is published now.

    Returns:
        Whether there was one. A draft of that name that belongs to another issue stays.

    Raises:
        WriteError: naming the file and the reason.
    """
    paths = _format_paths(folder / DRAFTS, stem)
    draft = paths[STATE_FORMAT]
    try:
        if _issue_url(draft) != _issue_url(folder / draft.name):
            return False
        for path in paths.values():
            path.unlink(missing_ok=True)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise WriteError(f"cannot remove the draft {str(draft)!r}: {error.strerror}") from error
    return True


def unfinished_digest(json_file: Path) -> Digest | None:
    """Read the digest that a killed run had not put in place yet; None where there is none."""
    if is_remote(json_file):
        return None
    data = read_or_none(_temporary(json_file, "new"))
    try:
        return FORMATS[STATE_FORMAT].read(data.decode()) if data else None
    except (UnicodeDecodeError, PageNotUnderstood):
        return None


def _render(digest: Digest, *, draft: bool) -> dict[str, bytes]:
    """Render every format, by its name and in the order of writing."""
    formats = formats_in_write_order().items()
    return {name: one.render(digest, draft).encode() for name, one in formats}


def _format_paths(folder: Path, stem: str) -> dict[str, Path]:
    """Name the files of one digest by format, in the order of writing."""
    formats = formats_in_write_order().items()
    return {name: folder / f"{stem}{one.suffix}" for name, one in formats}


def _free_stem(stem: str, digest: Digest, folder: Path) -> tuple[str, bytes | None]:
    """Find the first of `stem`, `<date>-2`, … that no other issue has; give what it holds, too."""
    slug = digest.provenance.slug if digest.provenance else None
    for name in (stem, *(f"{digest.date.isoformat()}-{number}" for number in range(2, 100))):
        file = _format_paths(folder, name)[STATE_FORMAT]
        if (current := read_or_none(file)) is None:
            return name, None
        try:
            owner = json.loads(current)["provenance"]["slug"]
        except (ValueError, KeyError, TypeError, RecursionError):
            owner = None
        if slug is None or slug == owner or (owner is None and name == stem):
            return name, current
    raise FileExistsError(errno.EEXIST, "a hundred digests of one date", str(folder / stem))


def _issue_url(path: Path) -> object:
    """Read which issue a digest is of; a file that is no digest is of none but itself."""
    try:
        return json.loads(read_regular(path))["issue_url"]
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return path


def _write_remote(
    folder: "S3Path", stem: str, digest: Digest, contents: Mapping[str, bytes]
) -> WrittenFiles:
    """Write all files to a store, where no lock keeps others out meanwhile."""
    from pipeline.storage import replace_files

    while True:
        name, current = _free_stem(stem, digest, cast("Path", folder))
        paths = _format_paths(cast("Path", folder), name)
        files = cast("dict[S3Path, bytes]", {paths[kind]: contents[kind] for kind in contents})
        try:
            return WrittenFiles(paths=paths, changed=replace_files(files, expected_last=current))
        except FileExistsError:
            # Another writer took the name after we had looked: ours gets the next one, and the
            # files that we replaced are made again from its JSON.
            state = paths.pop(STATE_FORMAT).read_bytes().decode(errors="replace")
            with suppress(PageNotUnderstood):
                theirs = _render(FORMATS[STATE_FORMAT].read(state), draft=folder.name == DRAFTS)
                for kind, path in paths.items():
                    path.write_bytes(theirs[kind])


def _replace_files(files: Mapping[Path, bytes], folder: int) -> tuple[Path, ...]:
    """Put files in place, in their order, all or none; return those that had other bytes."""
    old = {path: read_or_none(path) for path in files}
    changed = tuple(path for path in files if files[path] != old[path])
    try:
        for path in changed:
            _write_synced(_temporary(path, "new"), files[path], like=path)
            if (data := old[path]) is not None:
                _write_synced(_temporary(path, "old"), data, like=path)
        _move_staged({path: old[path] for path in changed}, folder)
    finally:
        for path in files:
            for name in ("new", "old"):
                with suppress(OSError):
                    _temporary(path, name).unlink()
    return changed


def _move_staged(old: Mapping[Path, bytes | None], folder: int) -> None:
    """Move the staged files into place; what cannot be finished is undone, which takes no space."""
    try:
        for path in old:
            _temporary(path, "new").replace(path)
        if old:
            os.fsync(folder)
    except BaseException:
        for path, data in old.items():
            if data is None:
                path.unlink(missing_ok=True)
            elif read_or_none(path) != data:
                _temporary(path, "old").replace(path)
        raise


def _write_synced(path: Path, data: bytes, *, like: Path) -> None:
    """Write a new file in full and wait until the disk has it.

    Its mode is that of the file it will replace, else what the umask leaves. What stands in its
    place, left by a killed run or put there by somebody, is removed, and never written through.
    """
    path.unlink(missing_ok=True)
    with open(create_exclusively(path), "wb") as file:  # noqa: PTH123 - a descriptor
        with suppress(OSError):
            os.fchmod(file.fileno(), stat.S_IMODE(like.stat().st_mode))
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _temporary(path: Path, name: str) -> Path:
    return path.with_name(f".{path.name}.{name}.tmp")
