"""Where digests are: a folder of this machine, or one of an S3-compatible store.

Code that reads digests holds a `Path` and need not know which. What a store needs is loaded only
when one is named.
"""

import errno
import os
import re
import stat
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Annotated, BinaryIO, TypeGuard, cast
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import PlainSerializer, PlainValidator

from pipeline.errors import SettingsError
from pipeline.patterns import lazy_pattern

if TYPE_CHECKING:
    from pipeline.storage.s3 import S3Path

_DESCRIPTOR = lazy_pattern(r"/dev/stdin|/(?:dev|proc/self)/fd/\d+", re.ASCII)

_MAX_BYTES = 64 * 2**20
"""Of the files that are read whole none is near this size."""

S3_MODULE = "s3fs"
"""Module whose presence means that the extra is installed."""


def read_regular(path: Path) -> bytes:
    """Read a file that stands in a folder of ours, whoever put it there.

    Raises:
        OSError: it cannot be read, or is a pipe, a socket or a device, of which reading may never
            end; or is larger than anything of ours.
    """
    if is_remote(path):
        return path.read_bytes()
    with open_regular(path) as file:
        return _read_bounded(file, path)


def read_given(path: Path) -> bytes:
    """Read a file that somebody has named, which may be what a shell hands over; as `read_regular`.

    Raises:
        OSError: as `read_regular`.
    """
    if is_remote(path):
        return path.read_bytes()
    with open_regular(path, given=True) as file:
        return _read_bounded(file, path)


def _read_bounded(file: BinaryIO, path: Path) -> bytes:
    """Read a file to its end, unless that is farther away than anything of ours."""
    if os.fstat(file.fileno()).st_size > _MAX_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return file.read()


def open_regular(path: Path, *, given: bool = False) -> BinaryIO:
    """Open a file of this machine, as `read_regular`.

    Args:
        path: the file.
        given: whether somebody has named it, who may hand over a descriptor as `/dev/fd/63`, as
            a shell does for `<(command)`; what is open already has its other end.
    """
    if given and _DESCRIPTOR.fullmatch(str(path)):
        return path.open("rb")
    # Opening a pipe waits for its other end, unless told not to.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return open(descriptor, "rb")  # noqa: PTH123 - a descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "not a regular file", str(path))


def read_or_none(path: Path) -> bytes | None:
    """Read a file that stands in a folder of ours, as `read_regular`; None where there is none."""
    try:
        return read_regular(path)
    except FileNotFoundError:
        return None


def is_here(name: str) -> bool:
    """Whether there is a file or a folder of this name; there is none of one too long to be one."""
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def expand_home(value: object) -> object:
    """Replace a leading `~` or `~user` by the home folder it means; the rest is left as it is.

    Raises:
        ValueError: there is no such home, or the name is blank, as of a shell's variable that
            is not set: the working folder is `.`.
    """
    if isinstance(value, str) and not value.strip():
        raise ValueError("its name is blank")
    if not isinstance(value, str | Path) or not str(value).startswith("~"):
        return value
    found = os.path.expanduser(value)  # noqa: PTH111 - pathlib's error is no ValueError
    if str(found).startswith("~"):
        raise ValueError("nothing is known of the home folder it begins with: write it out")
    return found


def parse_location(value: str | Path) -> Path:
    """Make the path of a folder or a file.

    Args:
        value: a path, or `file:///folder` or `s3://bucket/folder`.

    Returns:
        A path; for `s3://` one that has pathlib's names and no more than digests need, although
        it is none to Python.

    Raises:
        ValueError: it cannot be used; says why, and quotes nothing that may be a key.
    """
    if not isinstance(value, str):
        return value
    scheme, is_url, rest = value.partition("://")
    if "\0" in (unquote(rest) if is_url else value):
        raise ValueError("no name of a file has a NUL in it: write it without")
    return _path_of_address(value, scheme, rest) if is_url else Path(str(expand_home(value)))


def _path_of_address(value: str, scheme: str, rest: str) -> Path:
    if "@" in rest.partition("/")[0]:
        raise ValueError("no key belongs in an address: set AWS_ACCESS_KEY_ID and the like")
    parts = urlsplit(value)
    if parts.query or parts.fragment:
        raise ValueError("an address without ? and # is needed")
    if scheme == "file":
        return _local_path(value, parts)
    if scheme != "s3":
        raise ValueError(f"{scheme!r} is unknown: give a folder, file:///folder or s3://bucket/…")
    return _store_path(value, parts)


def _local_path(value: str, parts: SplitResult) -> Path:
    if parts.netloc not in ("", "localhost"):
        raise ValueError(f"{value!r} is on another machine: write it as file:///folder")
    from urllib.request import url2pathname

    return Path(url2pathname(parts.path))


def _store_path(value: str, parts: SplitResult) -> Path:
    if not parts.netloc:
        raise ValueError(f"{value!r} names no bucket: write it as s3://bucket/folder")
    if find_spec(S3_MODULE) is None or find_spec("upath") is None:
        raise ValueError("s3:// needs an extra: pip install 'ainews-digest[s3]'")
    from pipeline.storage.s3 import S3Path

    return cast("Path", S3Path(value.rstrip("/")))


def is_remote(path: "Path | S3Path") -> "TypeGuard[S3Path]":
    """Whether a path is one of a store."""
    return not isinstance(path, PurePath)


def location_argument(value: str, what: str) -> Path:
    """Make the path of a folder or a file that the command line names.

    Raises:
        SettingsError: it cannot be used; `what` says where it was given.
    """
    try:
        return parse_location(value)
    except ValueError as error:
        raise SettingsError(f"{what} cannot be used: {error}") from error


def require_local(path: Path, what: str) -> Path:
    """Check that a path is one of this machine.

    Raises:
        SettingsError: it is one of a store; `what` says what cannot be done there, and what can.
    """
    if is_remote(path):
        raise SettingsError(f"{path} is no folder of this machine: {what}")
    return path


StoragePath = Annotated[Path, PlainValidator(parse_location), PlainSerializer(str)]
"""A path in a record or a setting, either of the two."""
