"""A folder of digests in an S3-compatible store: the only place that talks to one.

Nothing is remembered between two looks, since several processes write at once. Every failure ends
in one of our errors, in one line and in about half a minute at the worst.

Key, region and address come from where every tool for S3 has them, and nowhere else:
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (with AWS_SESSION_TOKEN), AWS_PROFILE and the files in
~/.aws, or the machine's role; AWS_DEFAULT_REGION; AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, in the
environment or the profile. fsspec's own configuration works too: FSSPEC_S3_ENDPOINT_URL,
FSSPEC_S3_KEY and FSSPEC_S3_SECRET, or FSSPEC_S3 with JSON. None of them is read from `.env`.
"""

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from functools import lru_cache
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

_PATIENCE: Final = {
    "connect_timeout": 5,
    "read_timeout": 10,
    "retries": {"mode": "standard", "total_max_attempts": 2},
}
"""A digest is small; botocore's own patience would be ten minutes."""
_KEY: Final = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"}
)
_TAKEN: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict"})


class Remote(ProxyUPath):
    """A folder or a file of a store, with pathlib's names; every look asks the store anew."""

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
        for name in _names(self) or ():
            if fnmatchcase(name, pattern):
                yield self / name

    @override
    def is_dir(self) -> bool:
        """Tell whether anything is in the folder: a store has no empty ones."""
        return _names(self) is not None

    @override
    def is_file(self) -> bool:
        """Tell whether there is such a file."""
        return self.name in (_names(self.parent) or ())

    @override
    def read_bytes(self) -> bytes:
        """Read the file, with one request: of two, the second might meet another version."""
        with _told(self):
            return bytes(_store().cat_file(self.path, max_concurrency=1))

    @override
    def read_text(self, encoding: str | None = None, *_more: Any, **_others: Any) -> str:
        """Read the file as text."""
        return self.read_bytes().decode(encoding or "utf-8")

    @override
    def unlink(self, missing_ok: bool = False) -> None:
        """Remove the file; one that is not there counts as removed."""
        with _told(self):
            _store().rm_file(self.path)

    @override
    def write_bytes(self, data: bytes) -> int:
        """Write the file in one piece: one PUT, after which readers see all of it or nothing."""
        self.put(data)
        return len(data)

    def put(self, data: bytes, *, new: bool = False) -> None:
        """Write the file in one piece.

        Args:
            data: all of it.
            new: whether it must not be there yet, which not every store looks at.

        Raises:
            FileExistsError: it is there already.
        """
        with _told(self):
            done = _store().pipe_file(self.path, data, mode="create" if new else "overwrite")
        if not (done or {}).get("ETag"):
            raise WriteError(_NO_STORE.format(self))


def replace(files: Mapping[Remote, bytes], *, last: bytes | None) -> tuple[Remote, ...]:
    """Put files in place, in their order, all or none; return those that had other bytes.

    One PUT replaces one file, and nothing replaces two at once. A run that is killed between them
    leaves two whole files, the first of them new; one that fails puts back what was there. There
    is no lock: of two writers of one issue's digest the last one wins, file by file, and where
    their bytes differ the next run makes them a pair again. The last file must not have appeared
    meanwhile, where the store looks at If-None-Match: that is who gets a name for a new digest.

    Args:
        files: what each is to hold.
        last: what the last of them held when its name was chosen; None where it was not there.

    Raises:
        FileExistsError: somebody else has written the last file meanwhile.
        DigestError: the store failed.
    """
    *others, state = files
    old = {path: _bytes(path) for path in others} | {state: last}
    changed = tuple(path for path in files if files[path] != old[path])
    try:
        for path in changed:
            try:
                path.put(files[path], new=path == state and last is None)
            except FileExistsError:
                # An answer that was lost on its way, to a request that was repeated: it is ours.
                if _bytes(path) != files[path]:
                    raise
    except BaseException:
        for path in changed:
            _restore(path, old[path], ours=files[path])
        raise
    return changed


def probe(folder: Remote) -> None:
    """Try whether a folder can be listed and written to; what is written is removed again.

    Raises:
        DigestError: it cannot be.
    """
    folder.is_dir()
    file = folder / f".doctor-{os.getpid()}"
    file.put(b"x")
    file.unlink()


def _names(folder: Remote) -> frozenset[str] | None:
    """List the names of the files directly in a folder; None where nothing is in it."""
    try:
        with _told(folder):
            found = _store().ls(folder.path, detail=True, refresh=True)
    except FileNotFoundError:
        return None
    inside = f"{folder.path.rstrip('/')}/"
    names = (each["name"] for each in found if each["type"] == "file")
    return frozenset(name.removeprefix(inside) for name in names if name.startswith(inside))


def _restore(path: Remote, data: bytes | None, *, ours: bytes) -> None:
    """Undo what we wrote, as far as the store lets us, and nobody else's writing."""
    with suppress(OSError, DigestError):
        if _bytes(path) == ours:
            path.unlink() if data is None else path.put(data)


def _bytes(path: Remote) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _store() -> S3FileSystem:
    return _connected(os.getpid())


@lru_cache(maxsize=1)
def _connected(_process: int) -> S3FileSystem:
    """Connect once per process: a connection does not outlive a fork."""
    given = fsspec.config.conf.get("s3", {})
    store = S3FileSystem(
        config_kwargs=_PATIENCE | given.get("config_kwargs", {}),
        use_listings_cache=False,
        skip_instance_cache=True,
        max_concurrency=1,
    )
    store.retries = 1  # botocore tries again by itself
    return store


@contextmanager
def _told(path: Remote) -> Iterator[None]:
    """Translate what goes wrong with a store into our errors, which name the path and no key."""
    try:
        yield
    except (ConnectTimeoutError, ReadTimeoutError) as error:
        raise WriteError(f"the store of {path} does not answer in time; {_AGAIN}") from error
    except (Unconnected, HTTPClientError, ResponseParserError) as error:
        said = f"the store of {path} cannot be reached ({type(error).__name__})"
        raise WriteError(f"{said}: check AWS_ENDPOINT_URL and the network, {_AGAIN}") from error
    except (BotoCoreError, ValueError) as error:
        said = " ".join(str(error).split())
        raise SettingsError(f"{path} cannot be used: {said}: {_SET}") from error
    except OSError as error:
        raise _meant(error, path) from error


def _meant(error: OSError, path: Remote) -> OSError | DigestError:
    """Tell what a store's refusal means; what callers look out for stays what it is."""
    answer = getattr(error.__cause__, "response", None) or {}
    code = str(answer.get("Error", {}).get("Code", ""))
    said = " ".join(str(error.args[-1] if error.args else code).split()).rstrip(".")
    if answer and not code:
        return WriteError(_NO_STORE.format(path))
    if code in _TAKEN or isinstance(error, FileExistsError):
        return FileExistsError(errno.EEXIST, "written meanwhile", str(path))
    if code in _KEY:
        return SettingsError(f"{path} cannot be used: {said}: {_SET}")
    if isinstance(error, FileNotFoundError):
        if code in ("", "NoSuchKey"):
            return FileNotFoundError(errno.ENOENT, "no such file", str(path))
        # Not an empty folder, of which every issue would be made, and paid, once more.
        return SettingsError(f"there is no bucket for {path}: make it, or set AWS_ENDPOINT_URL")
    if isinstance(error, PermissionError):
        todo = "the key may not do this, permit it or set another one"
    else:
        todo = f"the store failed, {_AGAIN}"
    return WriteError(f"{path}: {said}: {todo}")


_NO_STORE: Final = "what answers for {} is no store: check AWS_ENDPOINT_URL"
_AGAIN: Final = "then run again"
_SET: Final = "set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL"
