"""The last committed versions of the digests of a folder, read a few at a time."""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from pydantic import TypeAdapter
from typing_extensions import override

from pipeline.diff.changes import DigestVersion
from pipeline.diff.git import CommittedFile, Repository
from pipeline.diff.versions import UnreadVersion, read_version
from pipeline.errors import DigestError, PageNotUnderstood
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
    ) -> None:
        """Know where the versions are; by default there are none."""
        self._repository = repository
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
        found = _read_if_whole(f"{version.commit[:10]}:{self._repository.prefix / name}", data)
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


def previous_versions(
    folder: Path,
    names: Mapping[str, tuple[str, str]],
    index_dir: Path | None = None,
    against: str | None = None,
) -> PreviousVersions:
    """Find of each digest in a folder the last committed version that has other bytes.

    With a revision it is that revision's, where that has the digest with other bytes.

    Args:
        folder: the digests.
        names: the files that count, each with what git calls its bytes, by SHA-1 and by SHA-256.
        index_dir: folder of the indexes, which spare asking git for what is known; None for none.
        against: the revision, such as the branch that a pull request goes to; None for none.

    Returns:
        None at all where there is no git, no repository, or git cannot be asked.

    Raises:
        SettingsError: there is no such revision.
    """
    commit = ""
    if against:
        commit = Repository.containing(folder).resolve_commit(against, takes_file=False)
    try:
        repository = Repository.containing(folder)
        logged = _committed_files(repository, folder, index_dir)
        chosen = dict(_last_differing(names, logged))
        for name, blob in repository.blobs_in_folder(commit).items() if commit else ():
            if blob not in names.get(name, (blob,)):
                chosen[name] = CommittedFile(commit, blob)
        return PreviousVersions(repository, chosen)
    except (DigestError, OSError):
        return PreviousVersions()


def _read_if_whole(name: str, data: bytes | None) -> DigestVersion | None:
    try:
        return read_version(UnreadVersion(name, data))
    except PageNotUnderstood:
        return None


def _committed_files(
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


def _last_differing(
    names: Mapping[str, tuple[str, str]], logged: Mapping[str, list[CommittedFile]]
) -> Iterator[tuple[str, CommittedFile]]:
    """Give of each file the last version that is not what stands there now."""
    for name, (sha1, sha256) in names.items():
        history = logged.get(name, [])
        now = sha256 if history and len(history[0].blob) == _SHA256_CHARS else sha1
        if found := next((version for version in history if version.blob != now), None):
            yield name, found
