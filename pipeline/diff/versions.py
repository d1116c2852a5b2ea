"""What is to be compared, as it was typed -> the two versions of each digest that it names.

Reads the working tree, standard input and, through `git`, what was committed. `previous` does the
same for a whole folder, and is never an error.
"""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pipeline.diff.changes import DigestVersion
from pipeline.diff.git import Repository, git_names
from pipeline.diff.revisions import RevisionRange, committed_pairs, read_committed, revision_range
from pipeline.errors import NewerFormat, PageNotUnderstood, SettingsError
from pipeline.storage import FileIndex, is_remote, location_argument, read_given
from pipeline.write import FORMATS, damage_words, is_no_file, read_digest

_DIGEST = re.compile(r"\d{4}-\d\d-\d\d(?:-\d+)?")
_RANGE = re.compile(r"(?P<first>[^./]*)\.\.(?P<last>[^./]*)")
_STEM = re.compile(r"(?P<date>\d{4}-\d\d-\d\d)(?:-\d+)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_STDIN = "-"
_MAX_NAME_CHARS = 60  # of more characters it is none; a system may refuse to look for it


class UnreadVersion:
    """A version of a digest before it is read."""

    def __init__(self, name: str, data: bytes | Callable[[], bytes | None] | None) -> None:
        """Know where it is.

        Args:
            name: what it is called: a file, or a revision and a file.
            data: its bytes, or what reads them anew each time; None where there is no such version.
        """
        self.name = name
        self._data = data

    @property
    def data(self) -> bytes | None:
        """Its bytes; None where there is no such version."""
        return self._data() if callable(self._data) else self._data


class _GitNames(NamedTuple):
    """What git calls the bytes of a file."""

    sha1: str
    sha256: str


class VersionPair(NamedTuple):
    """The two versions of one digest; at least one of them exists."""

    stem: str
    """The digest's file name without ending."""
    old: UnreadVersion
    """The version compared against."""
    new: UnreadVersion
    """The version at hand."""
    identical: bool
    """Whether they are the same byte for byte."""
    markdown: UnreadVersion | None = None
    """The Markdown of the new version, where that is no file here but in a revision."""


def find_version_pairs(
    targets: Sequence[str],
    *,
    folder: Path,
    against: str | None,
    stdin: Callable[[], bytes],
    index_dir: Path | None = None,
) -> tuple[VersionPair, ...]:
    """Find both versions of all digests that are named.

    Args:
        targets: each a date, for all its digests; a digest's file name without ending; a file with
            the ending of a format, or `-`, or such a file of a revision, `REV:PATH`; or a range of
            dates `A..B`, either of which may lack; and one of revisions, between which the others,
            or all digests, are compared.
        folder: the digests.
        against: a file, `-` or a digest's name, which one digest is compared with; else a revision;
            None for git's `HEAD`.
        stdin: reads standard input.
        index_dir: folder of the indexes, which spare reading what did not change; None for none.

    Returns:
        The pairs as they were named, a range in the order of its names; each once.

    Raises:
        SettingsError: nothing is called so, or there is no git, no repository, no such revision.
    """
    if revisions := _only_revisions(targets, against):
        find = partial(_pairs_between, folder=folder, revisions=revisions)
        targets = [target for target in targets if not revision_range(target)] or [".."]
    elif against is not None and (other := _as_file(against, folder)):
        if len(targets) > 1 or _RANGE.fullmatch(targets[0]):
            raise SettingsError(f"--against {against!r} is one digest: name one to compare with it")
        return (_pair_of_files(targets[0], folder, other, stdin),)
    else:
        revision = "HEAD" if against is None else against
        find = partial(_pairs_at_revision, folder=folder, revision=revision, index_dir=index_dir)
    pairs = [pair for target in targets for pair in find(target)]
    return tuple({pair.new.name: pair for pair in pairs}.values())


def _only_revisions(targets: Sequence[str], against: str | None) -> RevisionRange | None:
    """Read the range of revisions among what is named; it says by itself what is compared."""
    ranges = {target: named for target in targets if (named := revision_range(target))}
    if ranges and (against is not None or len(ranges) > 1):
        raise SettingsError(
            f"{next(iter(ranges))!r} names both versions: without --against"
            " and without another range of revisions"
        )
    return next(iter(ranges.values()), None)


def _pair_of_files(
    target: str, folder: Path, other: Path, stdin: Callable[[], bytes]
) -> VersionPair:
    """Pair one digest with a file."""
    mine = _as_file(target, folder) or folder / f"{target}.json"
    if mine == other == Path(_STDIN):
        raise SettingsError("a digest and --against cannot both be standard input")
    new, old = _read_bytes_of(mine, stdin), _read_bytes_of(other, stdin)
    for side in (new, old):
        if side.data is None:
            raise SettingsError(f"there is no digest {side.name!r}: give a date or a file")
    stem = (other if mine == Path(_STDIN) else mine).stem
    return VersionPair(stem, old, new, old.data == new.data)


def read_version(unread: UnreadVersion) -> DigestVersion | None:
    """Read a version, in whatever format it is; None where there is none.

    Raises:
        PageNotUnderstood: it is damaged; names it.
    """
    if unread.data is None:
        return None
    # What git has is no file that anybody restores.
    ours = unread.name.endswith(".json") and ":" not in unread.name
    restore = "; `ainews-digest status` says how it is restored" if ours else ""
    try:
        digest = read_digest(unread.data.decode("utf-8-sig"), unread.name)
    except UnicodeDecodeError as error:
        said = f"{unread.name} is not UTF-8 text: {error.reason}{restore}"
        raise PageNotUnderstood(said) from error
    except NewerFormat as error:
        raise NewerFormat(f"{unread.name}: {error}") from error
    except PageNotUnderstood as error:
        raise PageNotUnderstood(f"{unread.name} is damaged: {error}{restore}") from error
    return DigestVersion(name=unread.name, digest=digest)


def _pairs_at_revision(
    target: str, folder: Path, revision: str, index_dir: Path | None
) -> Iterable[VersionPair]:
    """Pair what the working tree has with what a revision has."""
    file = _as_file(target, folder, allow_stem=False)
    if file == Path(_STDIN):
        raise SettingsError("standard input has no revision: give --against FILE")
    where = file.parent if file else folder
    try:
        repository = Repository.containing(where, takes_file=True)
    except SettingsError:
        if not is_remote(where):
            _require_digests(folder, (revision, target))
        raise
    blobs = repository.blobs_in_folder(repository.resolve_commit(revision))
    if file:
        names = [file.name]
    else:
        present = _json_files(where)
        names = sorted(filter(_name_filter(target), present | blobs.keys()), key=_date_order)
    blobs = {name: blobs[name] for name in names if name in blobs}
    same = _find_committed(where, blobs, index_dir)
    old = repository.read_blobs([blob for name, blob in blobs.items() if name not in same])
    found = []
    for name in names:
        path, committed = where / name, f"{revision}:{repository.prefix / name}"
        # Of thousands that are the same none is held; what reads the one reads the other.
        data = partial(_read, path) if name in same else _read(path)
        before = data if name in same else old.get(blobs.get(name, ""))
        if data is not None or before is not None:
            sides = UnreadVersion(committed, before), UnreadVersion(str(path), data)
            found.append(VersionPair(PurePosixPath(name).stem, *sides, identical=name in same))
    if not found and target != "..":
        raise SettingsError(
            f"there is no digest {target!r} in {str(where)!r}, and {revision} has none: "
            "give a date, "
            "a name such as 2025-12-21-2, a range such as 2025-12-01..2025-12-31, or a file"
            f"{_revision_hint(target, repository)}"
        )
    return found


def _require_digests(folder: Path, names: Sequence[str]) -> None:
    """Refuse a digest's name that no digest has: where there is no git, it is no revision.

    Raises:
        SettingsError: names it.
    """
    for name in filter(_DIGEST.fullmatch, names):
        if not any(map(_name_filter(name), _json_files(folder))):
            raise SettingsError(f"there is no digest {name!r} in {str(folder)!r}")


def _pairs_between(target: str, folder: Path, revisions: RevisionRange) -> Iterable[VersionPair]:
    """Pair what two revisions have."""
    file = _as_file(target, folder, allow_stem=False)
    where = file.parent if file else folder
    repository = Repository.containing(where, takes_file=True)
    wanted = _name_filter(target) if file is None else file.name.__eq__
    found = committed_pairs(repository, revisions, wanted)
    if not found and target != "..":
        raise SettingsError(f"neither {revisions.old} nor {revisions.new} has a digest {target!r}")
    for pair in sorted(found, key=lambda pair: _date_order(pair.file)):
        path = repository.prefix / pair.file
        old = UnreadVersion(f"{revisions.old}:{path}", pair.old)
        new = UnreadVersion(f"{revisions.new}:{path}", pair.new)
        markdown = UnreadVersion(f"{revisions.new}:{path.with_suffix('.md')}", pair.markdown)
        yield VersionPair(path.stem, old, new, pair.identical, markdown)


def _revision_hint(target: str, repository: Repository) -> str:
    """Say how a revision is named, where that is what was given for a digest."""
    try:
        repository.resolve_commit(target)
    except SettingsError:
        return ""
    return f"; it is a revision: give --against {target}, or {target}..HEAD for two of them"


def _as_file(name: str, folder: Path, *, allow_stem: bool = True) -> Path | None:
    """Give the file that a name is, or with `allow_stem` that a digest of that name has."""
    if name == _STDIN or name.endswith(tuple(made.suffix for made in FORMATS.values())):
        return location_argument(name, "the file")
    short = allow_stem and "/" not in name and len(name) < _MAX_NAME_CHARS
    digest = folder / f"{name}.json"
    return digest if short and digest.is_file() else None


def _name_filter(target: str) -> Callable[[str], bool]:
    """Say which files a date, a name or a range of dates means."""
    dates = _RANGE.fullmatch(target)
    if dates is None:
        second = r"(?:-\d+)?" if _DATE.fullmatch(target) else ""
        pattern = re.compile(rf"{re.escape(target)}{second}\.json")
        return lambda name: pattern.fullmatch(name) is not None
    first, last = (_iso_date(dates[name], target) for name in ("first", "last"))
    if first and last and first > last:
        raise SettingsError(f"{target!r} ends before it begins: exchange the dates")

    def within(name: str) -> bool:
        stem = _STEM.fullmatch(name.removesuffix(".json"))
        return (
            stem is not None
            and name.endswith(".json")
            and (not first or first <= stem["date"])
            and (not last or stem["date"] <= last)
        )

    return within


def _iso_date(text: str, what: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat() if text else ""
    except ValueError as error:
        message = f"{what!r} is no range of dates: write it as 2025-12-01..2025-12-31"
        raise SettingsError(message) from error


def _date_order(name: str) -> tuple[str, int, str]:
    """Put the second digest of a date after the first, and the tenth after the second."""
    return name[:10], len(name), name


def _read_bytes_of(file: Path, stdin: Callable[[], bytes]) -> UnreadVersion:
    if file == Path(_STDIN):
        return UnreadVersion("standard input", stdin())
    data = _read(file)
    return UnreadVersion(str(file), read_committed(str(file)) if data is None else data)


def _read(file: Path) -> bytes | None:
    try:
        return read_given(file)
    except FileNotFoundError:
        return None
    except OSError as error:
        if is_no_file(error):
            raise PageNotUnderstood(f"{str(file)!r}: {damage_words(error)}") from error
        raise SettingsError(f"cannot read {str(file)!r}: {error.strerror}") from error


def _json_files(folder: Path) -> frozenset[str]:
    """Name the JSON files of a folder of this machine; none where it cannot be listed."""
    try:
        with os.scandir(folder) as found:
            return frozenset(e.name for e in found if e.name.endswith(".json") and e.is_file())
    except OSError:
        return frozenset()


def _find_committed(
    folder: Path, blobs: Mapping[str, str], index_dir: Path | None
) -> frozenset[str]:
    """Find the files that have the bytes that were committed.

    Raises:
        SettingsError: one cannot be read.
    """
    # An index pays where many are looked at.
    index_dir = index_dir if len(blobs) > 1 else None
    index = FileIndex(folder, _read_git_names, _GitNames, index_dir=index_dir, version="1")
    names = index.json_names()
    found = set()
    for name, blob in blobs.items():
        try:
            if blob in index.get(name):
                found.add(name)
        except FileNotFoundError:
            continue
        except OSError as error:
            message = f"cannot read {str(folder / name)!r}: {error.strerror}"
            raise SettingsError(message) from error
    index.save(frozenset(names))
    return frozenset(found)


def _read_git_names(file: Path) -> _GitNames:
    return _GitNames(*git_names(read_given(file)))
