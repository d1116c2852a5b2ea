"""A folder of digests in an S3-compatible store, with pathlib's names; see `_connection.py`.

What is read is what the store holds at that moment: nothing is answered from an earlier listing,
since several processes write at once. Files are kept by their contents alone.
"""

import hashlib
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from threading import Lock
from typing import Any, Final, Self

from typing_extensions import override
from upath.extensions import ProxyUPath

from pipeline.errors import DigestError, WriteError
from pipeline.write.connection import MAX_CONCURRENCY, NOT_A_STORE, connection, translate_errors

_CHUNK_FILES: Final = 64
"""Files that are held unpacked at once."""


class S3Path(ProxyUPath):
    """A folder or a file of a store, with pathlib's names; every look asks the store anew."""

    version = ""
    """ETag of a file that was listed."""

    @override
    def resolve(self, strict: bool = False) -> Self:
        """Give itself: there is nothing to follow."""
        return self

    @override
    def absolute(self) -> Self:
        """Give itself."""
        return self

    @override
    def glob(self, pattern: str, **_more: Any) -> Iterator[Self]:
        """Find the files directly in the folder by a pattern of names; none where it is missing."""
        found = {
            self / name: version
            for name, version in (_list_etags(self) or {}).items()
            if fnmatchcase(name, pattern)
        }
        _prefetch({file.path: version for file, version in found.items()})
        for file, version in found.items():
            file.version = version
            yield file

    @override
    def is_dir(self) -> bool:
        """Tell whether anything is in the folder: a store has no empty ones."""
        return _list_etags(self) is not None

    @override
    def is_file(self) -> bool:
        """Tell whether there is such a file."""
        return self.name in (_list_etags(self.parent) or ())

    @override
    def read_bytes(self) -> bytes:
        """Read the file, with one request: of two, the second might meet another version.

        A file that was found by `glob` is the version that was listed, as far as it is kept.
        """
        if self.version and (kept := _FILE_CACHE.get(self.version)) is not None:
            return kept
        with translate_errors(self):
            return bytes(connection().cat_file(self.path, max_concurrency=1))

    @override
    def read_text(self, encoding: str | None = None, *_more: Any, **_others: Any) -> str:
        """Read the file as text."""
        return self.read_bytes().decode(encoding or "utf-8")

    @override
    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the file; one that is not there counts as removed."""
        with translate_errors(self):
            connection().rm_file(self.path)

    @override
    def write_bytes(self, data: bytes) -> int:
        """Write the file in one piece: one PUT, after which readers see all of it or nothing."""
        self.put(data)
        return len(data)

    def put(self, data: bytes, *, create_only: bool = False) -> None:
        """Write the file in one piece.

        Args:
            data: all of it.
            create_only: whether it must not be there yet, which not every store looks at.

        Raises:
            FileExistsError: it is there already.
        """
        with translate_errors(self):
            done = connection().pipe_file(
                self.path, data, mode="create" if create_only else "overwrite"
            )
        if not (done or {}).get("ETag"):
            raise WriteError(NOT_A_STORE.format(self))


def replace_files(
    files: Mapping[S3Path, bytes], *, expected_last: bytes | None
) -> tuple[S3Path, ...]:
    """Put files in place, in their order, all or none; return those that had other bytes.

    One PUT replaces one file, and nothing replaces two at once. A run that is killed between them
    leaves two whole files, the first of them new; one that fails puts back what was there. There
    is no lock: of two writers of one issue's digest the last one wins, file by file, and where
    their bytes differ the next run makes them a pair again. The last file must not have appeared
    meanwhile, where the store looks at If-None-Match: that is who gets a name for a new digest.

    Args:
        files: what each is to hold.
        expected_last: what the last of them held when its name was chosen; None where it was
            not there.

    Raises:
        FileExistsError: somebody else has written the last file meanwhile.
        DigestError: the store failed.
    """
    *others, state = files
    old = {path: _read_or_none(path) for path in others} | {state: expected_last}
    changed = tuple(path for path in files if files[path] != old[path])
    try:
        for path in changed:
            try:
                path.put(files[path], create_only=path == state and expected_last is None)
            except FileExistsError:
                # An answer that was lost on its way, to a request that was repeated: it is ours.
                if _read_or_none(path) != files[path]:
                    raise
    except BaseException:
        for path in changed:
            _restore(path, old[path], ours=files[path])
        raise
    return changed


def probe_access(folder: S3Path) -> None:
    """Try whether a folder can be listed and written to; what is written is removed again.

    Raises:
        DigestError: it cannot be.
    """
    folder.is_dir()
    file = folder / f".doctor-{os.getpid()}"
    file.put(b"x")
    file.unlink()


def _list_etags(folder: S3Path) -> dict[str, str] | None:
    """List the files directly in a folder with their ETags; None where nothing is in it."""
    try:
        with translate_errors(folder):
            found = connection().ls(folder.path, detail=True, refresh=True)
    except FileNotFoundError:
        return None
    inside = f"{folder.path.rstrip('/')}/"
    return {
        each["name"].removeprefix(inside): str(each.get("ETag", "")).strip('"')
        for each in found
        if each["type"] == "file" and each["name"].startswith(inside)
    }


def _prefetch(files: Mapping[str, str]) -> None:
    """Read many files at once, as far as they are not kept; what fails is read again singly."""
    wanted = [path for path, version in files.items() if version not in _FILE_CACHE]
    for start in range(0, len(wanted), _CHUNK_FILES):
        chunk = wanted[start : start + _CHUNK_FILES]
        for data in connection().cat(chunk, on_error="return", batch_size=MAX_CONCURRENCY).values():
            if isinstance(data, bytes):
                _FILE_CACHE.add(data)


class _FileCache:
    """Files that were read, by their ETag, so that a second look reads only what is new.

    Where a store's ETag is not the MD5 of the bytes (it encrypts them with a key of its own),
    nothing is found here, and every look reads all.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._files: dict[str, bytes] = {}
        self._bytes = 0
        self._lock = Lock()

    def __contains__(self, version: str) -> bool:
        return version in self._files

    def get(self, version: str) -> bytes | None:
        packed = self._files.get(version)
        return None if packed is None else zlib.decompress(packed)

    def add(self, data: bytes) -> None:
        version = hashlib.md5(data, usedforsecurity=False).hexdigest()
        packed = zlib.compress(data, 1)
        with self._lock:
            self._bytes += len(packed) - len(self._files.pop(version, b""))
            self._files[version] = packed
            while self._bytes > self._most_bytes:
                self._bytes -= len(self._files.pop(next(iter(self._files))))


def _restore(path: S3Path, data: bytes | None, *, ours: bytes) -> None:
    """Undo what we wrote, as far as the store lets us, and nobody else's writing."""
    with suppress(OSError, DigestError):
        if _read_or_none(path) == ours:
            path.unlink() if data is None else path.put(data)


def _read_or_none(path: S3Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


_FILE_CACHE: Final = _FileCache(most_bytes=32_000_000)
