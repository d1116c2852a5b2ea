"""What was read from the files of a folder, kept in the cache so that it is not read again.

Only an optimisation: what an index says of a file counts while the file has the size, the times and
the inode that it had when it was read, and an index that is not, byte for byte, what this program
wrote of this folder is no index. Without one, or where none can be written, all is read.
"""

import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from pydantic import TypeAdapter

from pipeline.errors import SettingsError
from pipeline.storage.location import is_remote, read_regular
from pipeline.storage.trust import untrusted_reason

SETTLED_NS: Final = 2_000_000_000
"""A file that was changed so shortly before it was read may change once more within the same tick
of its file system's clock: what is read of it then is not kept."""
_UNUSED_S: Final = 30 * 24 * 3600
"""After so long without use an index goes: its folder may have gone."""
_ENDING: Final = ".index"
_SUM_CHARS: Final = 64

Facts = TypeVar("Facts")


class FileStamp(NamedTuple):
    """What differs wherever a file was written, replaced or touched."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int

    def is_settled(self) -> bool:
        """Whether a change from now on would show."""
        return time.time_ns() - self.ctime_ns >= SETTLED_NS


_Stamps: TypeAlias = tuple[FileStamp | None, ...]
"""Those of a file and of the one beside it, which may not be there."""


def file_stamp(path: str | Path) -> FileStamp | None:
    """Look at a file; None where there is none, or it is no regular one."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a path as text is twice as quick, for 10,000 files
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(found.st_mode):
        return None
    return FileStamp(
        found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev
    )


def _is_ours(path: Path) -> bool:
    """Whether nobody else can have written a file, or what a folder holds."""
    try:
        return not untrusted_reason(path)
    except OSError:
        return False


def line_name(line: bytes) -> str:
    """Give the name with which a line begins; another one where it is written with escapes."""
    return line[2 : line.find(b'"', 2)].decode(errors="replace")


class IndexFile:
    """The file of one index: lines by name, as they were written; who reads them is another."""

    def __init__(self, index_dir: Path | None, kind: str, folder: Path, version: str = "") -> None:
        """Name the file.

        Nothing is believed of what another `version` wrote, or was written for another `folder`.
        """
        self._path = None
        if index_dir is not None and _is_ours(index_dir):
            place = f"{kind}\n{os.path.realpath(folder)}\n".encode(errors="surrogateescape")
            name = hashlib.sha256(place).hexdigest()[:32]
            self._path = index_dir / f"{kind}-{name}{_ENDING}"
            self._about = place + version.encode() + b"\n"

    def load(self) -> list[bytes]:
        """Read its lines; none where it is missing, damaged or another one."""
        # Somebody else may have put it there before the folder was closed to others.
        if self._path is None or not _is_ours(self._path):
            return []
        try:
            data = read_regular(self._path)
        except (OSError, ValueError):
            return []
        said, body = data[:_SUM_CHARS], data[_SUM_CHARS + 1 :]
        # Of 10,000 digests it has 20 MB and more, once each.
        del data
        if said != self._sum(body):
            return []
        with suppress(OSError):
            os.utime(self._path)
        return body.splitlines()

    def save(self, lines: Collection[bytes]) -> None:
        """Write it whole and in one step; where that cannot be, it stays as it is."""
        if self._path is None:
            return
        body = b"".join(line + b"\n" for line in lines)
        part = self._path.with_name(f".{self._path.name}.{os.getpid()}-{threading.get_ident()}")
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                part.unlink()
            try:
                descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor is no path
                    file.writelines((self._sum(body), b"\n", body))
                part.replace(self._path)
            finally:
                with suppress(OSError):
                    part.unlink()
            _remove_unused(self._path.parent)

    def _sum(self, body: bytes) -> bytes:
        whole = hashlib.sha256(self._about)
        whole.update(body)
        return whole.hexdigest().encode()


def _remove_unused(index_dir: Path) -> None:
    """Remove indexes that nobody uses any more, and what killed runs left."""
    for file in index_dir.iterdir():
        if _ENDING in file.name and time.time() - file.lstat().st_mtime > _UNUSED_S:
            file.unlink()


class FileIndex(Generic[Facts]):
    """The facts of a folder's files, by name: as they are kept, or else read from the file."""

    def __init__(
        self,
        folder: Path,
        read: Callable[[Path], Facts],
        facts: type[Facts],
        *,
        index_dir: Path | None,
        version: str,
        beside: str = "",
    ) -> None:
        """Load what is kept.

        Args:
            folder: where the files are; of one in a store nothing is kept.
            read: reads the facts of a file; what it raises is raised to who asks.
            facts: their type.
            index_dir: folder of all indexes; None to keep nothing.
            version: that of `read`.
            beside: ending of a second file that `read` looks at, beside each `.json`, if it is
                there; blank for none.
        """
        self._folder, self._read, self._beside = folder, read, beside
        self._local = not is_remote(folder)
        self._found: Mapping[str, Path] = {}
        self._line: TypeAdapter[tuple[str, _Stamps, Facts]] = TypeAdapter(
            tuple[str, _Stamps, facts]  # type: ignore[valid-type]  # known when it runs
        )
        kind = facts.__name__.strip("_").lower()
        self._file = IndexFile(index_dir if self._local else None, kind, folder, version)
        self._loaded = self._file.load()
        # A line is read when it is asked for: of 10,000 digests all facts at once are large.
        self._lines = {line_name(line): line for line in self._loaded}

    def json_names(self) -> list[str]:
        """List the folder's JSON files; none where there is no folder.

        Raises:
            SettingsError: it cannot be listed, which is not the same as empty.
        """
        if not self._local:
            self._found = {file.name: file for file in self._folder.glob("*.json")}
            return sorted(self._found)
        try:
            names = os.listdir(self._folder)  # noqa: PTH208 - 10,000 names, and no paths of them
        except (FileNotFoundError, NotADirectoryError):  # whoever writes there says so
            return []
        except OSError as error:
            why = (error.strerror or "no reason").lower()
            message = f"{str(self._folder)!r} cannot be listed: {why}; see `ainews-digest doctor`"
            raise SettingsError(message) from error
        return sorted(name for name in names if name.endswith(".json"))

    def path(self, name: str) -> Path:
        """Give the path of a file, as it was listed."""
        return self._found.get(name) or self._folder / name

    def get(self, name: str) -> Facts:
        """Give the facts of a file."""
        stamps = self._stamps(name)
        known = self._read_line(name) if stamps else None
        if known and known[0] == stamps:
            return known[1]
        settled = all(stamp is None or stamp.is_settled() for stamp in stamps)
        self._lines.pop(name, None)
        facts = self._read(self.path(name))
        if stamps and settled:
            # A name or a text that UTF-8 cannot hold is read anew each time.
            with suppress(ValueError):
                self._lines[name] = self._line.dump_json((name, stamps, facts), warnings="error")
        return facts

    def _read_line(self, name: str) -> tuple[_Stamps, Facts] | None:
        """Read what is kept of a file; None where nothing is, or nothing of this form."""
        line = self._lines.get(name)
        try:
            kept, stamps, facts = self._line.validate_json(line) if line else (None, (), None)
        except ValueError:
            return None
        return (stamps, facts) if facts is not None and kept == name else None

    def _stamps(self, name: str) -> _Stamps:
        """Look at a file and what belongs to it; none where not all of it can be looked at."""
        if not self._local:
            return ()
        path = f"{self._folder}{os.sep}{name}"
        first = file_stamp(path)
        if first is None or not self._beside:
            return (first,) if first else ()
        other = path.removesuffix(".json") + self._beside
        second = file_stamp(other)
        return () if second is None and os.path.lexists(other) else (first, second)

    def save(self, names: Collection[str]) -> None:
        """Keep the facts of these files, where they are others than before."""
        lines = [line for name, line in self._lines.items() if name in names]
        if lines != self._loaded:
            self._file.save(lines)
