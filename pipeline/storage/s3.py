"""A folder of an S3-compatible store, with pathlib's names.

Every read asks the store at that moment, and no listing is kept, since several processes write at
once. Files are kept in memory by their contents alone.

Key, region and address come from where every tool for S3 has them, and nowhere else:
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (with AWS_SESSION_TOKEN), AWS_PROFILE and the files in
~/.aws, or the machine's role; AWS_DEFAULT_REGION; AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, in the
environment or the profile. fsspec's own configuration works too: FSSPEC_S3_ENDPOINT_URL,
FSSPEC_S3_KEY and FSSPEC_S3_SECRET, or FSSPEC_S3 with JSON. None of them is read from `.env`.
"""

import errno
import hashlib
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from functools import lru_cache
from threading import Lock
from typing import Any, Final, Self

import fsspec.config
from botocore.exceptions import (
    BotoCoreError,
    ConnectTimeoutError,
    HTTPClientError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as Unconnected
from botocore.parsers import ResponseParserError
from s3fs import S3FileSystem
from typing_extensions import override
from upath.extensions import ProxyUPath

from pipeline.errors import DigestError, SettingsError, WriteError

_MAX_CONCURRENCY: Final = 16
"""Files that are read at once."""
_NOT_A_STORE: Final = "what answers for {} is no store: check AWS_ENDPOINT_URL"
_RETRY_HINT: Final = "then run again"
_CREDENTIALS_HINT: Final = "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL"
_CLIENT_CONFIG: Final = {
    "connect_timeout": 5,
    "read_timeout": 10,
    "retries": {"mode": "standard", "total_max_attempts": 2},
    "max_pool_connections": _MAX_CONCURRENCY,
}
"""A digest is small; botocore's own patience would be ten minutes."""
_BAD_KEY_CODES: Final = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
)
_CONFLICT_CODES: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})
_USERINFO: Final = re.compile(r"(?<=://)[^\s/?#]+@")
_CHUNK_FILES: Final = 64
"""Files that are held unpacked at once."""


class S3Path(ProxyUPath):
    """A folder or a file of a store, with pathlib's names; every look asks the store again."""

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
        """Whether anything is in the folder: a store has no empty ones."""
        return _list_etags(self) is not None

    @override
    def is_file(self) -> bool:
        """Whether there is such a file."""
        return self.name in (_list_etags(self.parent) or ())

    @override
    def read_bytes(self) -> bytes:
        """Read the file, with one request: of two, the second might meet another version.

        A file that was found by `glob` is the version that was listed, as far as it is kept.
        """
        if self.version and (data := _FILE_CACHE.get(self.version)) is not None:
            return data
        with _translate_errors(self):
            return bytes(_connection().cat_file(self.path, max_concurrency=1))

    @override
    def read_text(self, encoding: str | None = None, *_more: Any, **_others: Any) -> str:
        """Read the file as text."""
        return self.read_bytes().decode(encoding or "utf-8")

    @override
    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the file; one that is not there counts as removed."""
        with _translate_errors(self):
            _connection().rm_file(self.path)

    @override
    def write_bytes(self, data: bytes) -> int:
        """Write the file in one piece: one PUT, after which readers see all of it or nothing."""
        self.put(data)
        return len(data)

    def put(self, data: bytes, *, create_only: bool = False) -> None:
        """Write the file in one piece.

        With `create_only` it must not be there yet, which not every store looks at.

        Raises:
            FileExistsError: it is there already.
        """
        with _translate_errors(self):
            done = _connection().pipe_file(
                self.path, data, mode="create" if create_only else "overwrite"
            )
        if not (done or {}).get("ETag"):
            raise WriteError(_NOT_A_STORE.format(self))


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


def require_listed(file: S3Path) -> None:
    """Refuse to go on where a file that was read is not listed: what answers is no store.

    Raises:
        WriteError: says what to check.
    """
    if not file.is_file():
        raise WriteError(_NOT_A_STORE.format(file))


def _list_etags(folder: S3Path) -> dict[str, str] | None:
    """List the files directly in a folder with their ETags; None where nothing is in it."""
    try:
        with _translate_errors(folder):
            found = _connection().ls(folder.path, detail=True, refresh=True)
    except FileNotFoundError:
        return None
    inside = f"{folder.path.rstrip('/')}/"
    return {
        item["name"].removeprefix(inside): str(item.get("ETag", "")).strip('"')
        for item in found
        if item["type"] == "file" and item["name"].startswith(inside)
    }


def _prefetch(files: Mapping[str, str]) -> None:
    """Read many files at once, as far as they are not kept; what fails is read again singly."""
    missing = [path for path, version in files.items() if version not in _FILE_CACHE]
    for start in range(0, len(missing), _CHUNK_FILES):
        chunk = missing[start : start + _CHUNK_FILES]
        for data in (
            _connection().cat(chunk, on_error="return", batch_size=_MAX_CONCURRENCY).values()
        ):
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


def _connection() -> S3FileSystem:
    """Give this process's connection: one does not outlive a fork."""
    return _connected(os.getpid())


@lru_cache(maxsize=1)
def _connected(_process: int) -> S3FileSystem:
    given = fsspec.config.conf.get("s3", {})
    store = S3FileSystem(
        config_kwargs=_CLIENT_CONFIG | given.get("config_kwargs", {}),
        use_listings_cache=False,
        skip_instance_cache=True,
        max_concurrency=1,
    )
    store.retries = 1  # botocore tries again by itself
    return store


@contextmanager
def _translate_errors(path: object) -> Iterator[None]:
    """Translate what goes wrong with a store into our errors, which name the path and no key.

    Raises:
        FileNotFoundError: there is no such file.
        FileExistsError: there is one already.
        SettingsError: bucket, key or address cannot be used.
        WriteError: anything else.
    """
    try:
        yield
    except (ConnectTimeoutError, ReadTimeoutError) as error:
        raise WriteError(f"the store of {path} does not answer in time; {_RETRY_HINT}") from error
    except (Unconnected, HTTPClientError, ResponseParserError) as error:
        message = f"the store of {path} cannot be reached ({type(error).__name__})"
        raise WriteError(
            f"{message}: check AWS_ENDPOINT_URL and the network, {_RETRY_HINT}"
        ) from error
    except (BotoCoreError, ValueError) as error:
        message = " ".join(str(error).split())
        bare = _USERINFO.sub("", message)
        failure = SettingsError(f"{path} cannot be used: {bare}: {_CREDENTIALS_HINT}")
        # The error behind it, which a traceback shows, may quote the address with its password.
        raise failure from (error if bare == message else None)
    except OSError as error:
        raise _to_error(error, path) from error


def _to_error(error: OSError, path: object) -> OSError | DigestError:
    """Translate a store's refusal; what callers catch stays what it is."""
    answer = getattr(error.__cause__, "response", None) or {}
    code = str(answer.get("Error", {}).get("Code", ""))
    message = " ".join(str(error.args[-1] if error.args else code).split()).rstrip(".")
    if answer and not code:
        return WriteError(_NOT_A_STORE.format(path))
    if code in _CONFLICT_CODES or isinstance(error, FileExistsError):
        return FileExistsError(errno.EEXIST, "written meanwhile", str(path))
    if code in _BAD_KEY_CODES:
        return SettingsError(f"{path} cannot be used: {message}: {_CREDENTIALS_HINT}")
    if isinstance(error, FileNotFoundError):
        if code in ("", "NoSuchKey"):
            return FileNotFoundError(errno.ENOENT, "no such file", str(path))
        # Not an empty folder, of which every issue would be made, and paid, once more.
        return SettingsError(f"there is no bucket for {path}: make it, or set AWS_ENDPOINT_URL")
    if isinstance(error, PermissionError):
        todo = "the key may not do this, permit it or set another one"
    else:
        todo = f"the store failed, {_RETRY_HINT}"
    return WriteError(f"{path}: {message}: {todo}")


_FILE_CACHE: Final = _FileCache(most_bytes=32_000_000)
