"""`A..B` between digests that git has: both versions of each digest that differs, none of it here.

A range of which an end begins as dates do is one of dates, and a matter of `versions`.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pipeline.diff.git import Repository
from pipeline.errors import SettingsError

_RANGE = re.compile(r"(?P<old>.*?)\.\.(?P<new>.*)")
_DATE = re.compile(r"\d{4}-.*")


class RevisionRange(NamedTuple):
    """Two revisions, as `git diff A..B` takes them; what is left out is `HEAD`."""

    old: str
    new: str


Blob = bytes | Callable[[], bytes | None] | None
"""The bytes of a file in a revision, or what reads them; None where it does not have it."""


class CommittedPair(NamedTuple):
    """A digest in two revisions."""

    file: str
    old: Blob
    new: Blob
    markdown: Blob
    """Those of the Markdown in the newer one."""
    identical: bool
    """Whether both files are the same in both revisions."""


def revision_range(target: str) -> RevisionRange | None:
    """Give the revisions that a word names, if it is a range of them.

    Raises:
        SettingsError: it has three dots, which to git is something else.
    """
    found = _RANGE.fullmatch(target)
    if found is None or target.endswith((".json", ".md")) or target.startswith("../"):
        return None
    old, new = found["old"], found["new"]
    if _DATE.fullmatch(old) or _DATE.fullmatch(new) or not (old or new):
        return None
    if new.startswith("."):
        raise SettingsError(f"{target!r} has three dots: give A..B, both of them revisions")
    return RevisionRange(old or "HEAD", new or "HEAD")


def committed_pairs(
    repository: Repository, revisions: RevisionRange, wanted: Callable[[str], bool]
) -> list[CommittedPair]:
    """Read the digests of a folder in two revisions; those that are the same only when asked.

    Raises:
        SettingsError: there is no such revision.
    """
    try:
        commits = [repository.resolve_commit(revision) for revision in revisions]
    except SettingsError as error:
        given = "..".join(revisions)
        raise SettingsError(f"{error}; and {given!r} is no range of dates") from error
    old, new = map(repository.blobs_in_folder, commits)
    names = sorted(filter(wanted, old.keys() | new.keys()))
    beside = {name: str(PurePosixPath(name).with_suffix(".md")) for name in names}
    same = {n for n in names if all(old.get(one) == new.get(one) for one in (n, beside[n]))}
    differing = [name for name in names if name not in same]
    asked = [side[name] for side in (old, new) for name in differing if name in side]
    asked += [new[beside[name]] for name in differing if beside[name] in new]
    data = repository.read_blobs(asked)
    read = cache(lambda blob: repository.read_blobs([blob]).get(blob))

    def side_of(blobs: Mapping[str, str], name: str, file: str) -> Blob:
        blob = blobs.get(file, "")
        # Of thousands that are the same none is read.
        return partial(read, blob) if blob and name in same else data.get(blob)

    return [
        CommittedPair(
            file=name,
            old=side_of(old, name, name),
            new=side_of(new, name, name),
            markdown=side_of(new, name, beside[name]),
            identical=name in same,
        )
        for name in names
    ]


def read_committed(name: str) -> bytes | None:
    """Read `REV:PATH`, a file as a revision has it; None where the name is not of that form.

    Raises:
        SettingsError: there is no such revision, or it has no such file.
    """
    revision, colon, path = name.partition(":")
    if not colon or not revision or "://" in name or not path:
        return None
    repository = Repository.containing(Path())
    return repository.read_path(repository.resolve_commit(revision), path, name)
