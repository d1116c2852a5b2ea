"""The last committed versions of the digests of a folder, read a few at a time."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import TypeAdapter
from typing_extensions import override

from pipeline.diff.changes import DigestVersion
from pipeline.diff.git import CommittedFile, Repository
from pipeline.errors import DigestError
from pipeline.storage import IndexFile

_AT_ONCE: Final = 32
"""How many versions git is asked for in one call."""
_SHA256_CHARS: Final = 64
_HEAD: Final = TypeAdapter(str)
_COMMITS: Final = TypeAdapter(tuple[str, list[CommittedFile]])


class PreviousVersions(Mapping[str, DigestVersion]):
    """Of each digest the last committed version that has other bytes, by file name without ending.

    Without those that have none, or one that cannot be read. It is read when it is asked for.
    """

    def __init__(
        self,
        repository: Repository | None = None,
        chosen: Mapping[str, CommittedFile] | None = None,
        read: Callable[[str, bytes | None], DigestVersion | None] = lambda _name, _data: None,
    ) -> None:
        """Know where the versions are; by default there are none.

        Args:
            repository: has them.
            chosen: the versions, by file name.
            read: reads a version, given what it is called; None for one that cannot be read.
        """
        self._repository, self._read = repository, read
        self._chosen = {PurePosixPath(name).stem: (name, at) for name, at in (chosen or {}).items()}
        self._order = {stem: place for place, stem in enumerate(self._chosen)}
        self._chunk: int = -1
        self._data: dict[str, bytes] = {}
        self.complete = True
        """Whether git gave what it was asked for."""

    def origin(self, stem: str) -> str:
        """Name the commit and the bytes of a version; blank where there is none."""
        found = self._chosen.get(stem)
        return f"{found[1].commit} {found[1].blob}" if found else ""

    @override
    def __getitem__(self, stem: str) -> DigestVersion:
        name, version = self._chosen[stem]
        if self._repository is None:
            raise KeyError(stem)
        data = self._read_blob(stem, version.blob, self._repository)
        found = self._read(f"{version.commit[:10]}:{self._repository.prefix / name}", data)
        if found is None:
            raise KeyError(stem)
        return found

    @override
    def __iter__(self) -> Iterator[str]:
        return (stem for stem in self._chosen if self.get(stem) is not None)

    @override
    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _read_blob(self, stem: str, blob: str, repository: Repository) -> bytes | None:
        """Read a version, with those that stand beside it."""
        chunk = self._order[stem] // _AT_ONCE
        if chunk != self._chunk:
            beside = list(self._chosen.values())[chunk * _AT_ONCE : (chunk + 1) * _AT_ONCE]
            self._chunk, self._data = chunk, {}
            try:
                self._data = repository.read_blobs([version.blob for _, version in beside])
            except (DigestError, OSError):
                self.complete = False
        self.complete &= blob in self._data
        return self._data.get(blob)


def committed_files(
    repository: Repository, folder: Path, index_dir: Path | None
) -> Mapping[str, list[CommittedFile]]:
    """List what the commits of its own line made of a folder's digests, the latest first.

    Git is asked for what is new alone. What a pull request brought is one change, whatever commits
    it had.
    """
    if index_dir is None:
        return repository.committed_files(mainline=True)
    head, history = repository.history_name()
    file = IndexFile(index_dir if history else None, "mainline", folder, history)
    known_head, known = _load_commits(file)
    if known_head == head:
        return known
    if known_head and repository.is_followed_by_a_line(known_head):
        found = repository.committed_files(known_head, mainline=True)
    else:
        found, known = repository.committed_files(mainline=True), {}
    # What cannot be written down is no digest's name.
    names = [
        name
        for name in found.keys() | known.keys()
        if name.endswith(".json") and name.isprintable()
    ]
    logged = {name: [*found.get(name, ()), *known.get(name, ())] for name in sorted(names)}
    file.save([_HEAD.dump_json(head), *map(_COMMITS.dump_json, logged.items())])
    return logged


def _load_commits(file: IndexFile) -> tuple[str, dict[str, list[CommittedFile]]]:
    head, *lines = file.load() or [b'""']
    try:
        return _HEAD.validate_json(head), dict(map(_COMMITS.validate_json, lines))
    except ValueError:
        return "", {}


def git_names(data: bytes) -> tuple[str, str]:
    """Name the bytes of a file as git does, in a repository of SHA-1 and in one of SHA-256."""
    whole = b"blob %d\0" % len(data) + data
    return hashlib.sha1(whole, usedforsecurity=False).hexdigest(), hashlib.sha256(whole).hexdigest()


def last_differing(
    names: Mapping[str, tuple[str, str]], logged: Mapping[str, list[CommittedFile]]
) -> Iterator[tuple[str, CommittedFile]]:
    """Give of each file the last version that is not what stands there now."""
    for name, (sha1, sha256) in names.items():
        history = logged.get(name, [])
        now = sha256 if history and len(history[0].blob) == _SHA256_CHARS else sha1
        if found := next((version for version in history if version.blob != now), None):
            yield name, found
