"""Versions of files that git has: read by git's own command, and nothing is ever written.

A revision is made a commit's hash first; git sees nothing else of what somebody typed, and paths
are taken as they are. The only place that calls git.
"""

import hashlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple, Self

from pipeline.errors import SettingsError
from pipeline.storage import require_local

_TIMEOUT_S = 60.0
_HASH = frozenset("0123456789abcdef")
_NO_BLOB = frozenset("0")
_CANNOT_START = "cannot start git: install it"


class CommittedFile(NamedTuple):
    """One version of a file that was committed."""

    commit: str
    """Hash of a commit that has it."""
    blob: str
    """Hash of its bytes, as git counts them."""


class Repository:
    """The repository that holds a folder, as far as versions of its files are read."""

    def __init__(self, folder: Path, prefix: PurePosixPath) -> None:
        self._folder = folder
        self.prefix = prefix
        """The folder's path from the repository's root; `.` for the root itself."""

    @classmethod
    def containing(cls, folder: Path, *, takes_file: bool = False) -> Self:
        """Find the repository of a folder, which itself need not exist any more.

        Args:
            folder: the folder.
            takes_file: whether a file could be given in the place of a revision, for the message.

        Raises:
            SettingsError: there is no git, or no repository, or the folder is one of a store.
        """
        todo = "give --against FILE" if takes_file else "ask for a folder of this machine"
        place = require_local(folder, f"git has no versions of it, {todo}")
        try:
            place = Path(os.path.realpath(place))
            at = next(parent for parent in (place, *place.parents) if parent.is_dir())
        except OSError as error:
            raise SettingsError(f"cannot read {str(folder)!r}: {error.strerror}") from error
        inside = _git(at, "rev-parse", "--is-inside-work-tree", "--show-prefix")
        if isinstance(inside, str) or not inside.startswith(b"true\n"):
            said = inside if isinstance(inside, str) else "no working tree"
            why = "" if said.startswith("not a git repository (or any") else f" ({said})"
            file = ": give --against FILE, or the date of another digest" if takes_file else ""
            raise SettingsError(f"{str(folder)!r} is in no git repository{why}{file}")
        below = inside.removeprefix(b"true\n").removesuffix(b"\n").decode(errors="surrogateescape")
        return cls(at, PurePosixPath(below, *place.relative_to(at).parts))

    def resolve_commit(self, revision: str, *, takes_file: bool = True) -> str:
        """Give the hash of the commit that a revision names.

        Args:
            revision: what somebody typed.
            takes_file: whether a file could have been given in its place, for the message.

        Raises:
            SettingsError: it names none, or is an option in disguise.
        """
        if revision.startswith("-") or not revision.isprintable() or not revision.strip():
            raise SettingsError(f"{revision!r} is no revision: give one such as HEAD~1 or a tag")
        asked = ("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        found = _git(self._folder, "rev-parse", *asked)
        name = "" if isinstance(found, str) else found.decode(errors="replace").strip()
        if not name or not _HASH.issuperset(name):  # `^HEAD` is one, and gives `^` and a hash
            raise SettingsError(
                f"git knows no revision {revision!r}{self._hint(revision, takes_file=takes_file)}"
            )
        return name

    def blobs_in_folder(self, commit: str) -> dict[str, str]:
        """List the files that stand directly in the folder in a commit: name -> blob."""
        where = () if self.prefix == PurePosixPath() else ("--", f"{self.prefix}/")
        found = self._git_output("ls-tree", "-z", "--full-tree", commit, *where)
        blobs = {}
        for line in found.decode(errors="surrogateescape").split("\0"):
            facts, _, path = line.partition("\t")
            if " blob " in facts:
                blobs[PurePosixPath(path).name] = facts.split()[2]
        return blobs

    def read_blobs(self, blobs: Sequence[str]) -> dict[str, bytes]:
        """Read the bytes of blobs, all in one call; one that is missing here is left out."""
        if not blobs:
            return {}
        asked = "".join(f"{blob}\n" for blob in dict.fromkeys(blobs)).encode()
        answer, at, found = self._git_output("cat-file", "--batch", stdin=asked), 0, {}
        while at < len(answer):
            end = answer.index(b"\n", at)
            blob, _, facts = answer[at:end].decode(errors="replace").partition(" ")
            at = end + 1
            if facts.startswith("blob "):
                size = int(facts.removeprefix("blob "))
                found[blob] = answer[at : at + size]
                at += size + 1
        return found

    def read_path(self, commit: str, path: str, name: str) -> bytes:
        """Read a file of a commit, by its path from the repository's root, or `./` from here.

        Raises:
            SettingsError: the commit does not have it; says so of `name`.
        """
        found = _git(self._folder, "cat-file", "blob", f"{commit}:{path}")
        if isinstance(found, str):
            raise SettingsError(
                f"git has no file {name!r}: give the path from the repository's root, as in "
                "HEAD:outputs/2025-12-21.json"
            )
        return found

    def committed_files(
        self, since: str = "", *, mainline: bool = False
    ) -> dict[str, list[CommittedFile]]:
        """List what was ever committed directly in the folder, the latest version first.

        Args:
            since: a commit's hash; only what came after it. Blank for all.
            mainline: whether a merge counts as one change, as its pull request does, and what it
                brought as none.
        """
        # A merge lists what it brought to its first parent, or one by hand would be missing.
        log = self._git_output(
            *("log", "--raw", "-z", "--no-abbrev", "--no-renames", "--relative", "--no-color"),
            *(("--first-parent",) if mainline else ()),
            *("--no-show-signature", "--no-notes", "--no-ext-diff", "--diff-merges=first-parent"),
            *("--format=%H", f"{since}..HEAD" if since else "HEAD", "--", "."),
        )
        versions: dict[str, list[CommittedFile]] = {}
        for name, version in _parse_raw_log(log.decode(errors="surrogateescape")):
            versions.setdefault(name, []).append(version)
        return versions

    def history_name(self) -> tuple[str, str]:
        """Give the hash of the last commit, and what else decides on what came before it.

        Of a shallow clone the latter is blank: what it has not may come any time.
        """
        head = self.resolve_commit("HEAD")
        if self._git_output("rev-parse", "--is-shallow-repository") != b"false\n":
            return head, ""
        replaced = self._git_output(
            "for-each-ref", "--format=%(refname) %(objectname)", "refs/replace"
        )
        return head, f"{self.prefix}\n{replaced.decode(errors='replace')}"

    def is_followed_by_a_line(self, commit: str) -> bool:
        """Whether nothing but commits one after the other came after a commit up to the last."""
        if isinstance(_git(self._folder, "merge-base", "--is-ancestor", commit, "HEAD"), str):
            return False
        merges = ("rev-list", "--merges", "--max-count=1", f"{commit}..HEAD")
        return self._git_output(*merges) == b""

    def _git_output(self, *arguments: str, stdin: bytes = b"") -> bytes:
        done = _git(self._folder, *arguments, stdin=stdin)
        if isinstance(done, str):
            raise SettingsError(f"git {arguments[0]} failed in {str(self._folder)!r}: {done}")
        return done

    def _hint(self, revision: str, *, takes_file: bool) -> str:
        if revision == "HEAD":
            file = "; give --against FILE" if takes_file else ""
            return f": nothing is committed yet{file}"
        if _git(self._folder, "rev-parse", "--is-shallow-repository") == b"true\n":
            return ": the clone is shallow; `git fetch --unshallow` gets its history"
        return (
            ": see `git log --oneline`" + ", or give a FILE that ends in .json or .md" * takes_file
        )


def _git(at: Path, *arguments: str, stdin: bytes = b"") -> bytes | str:
    """Call git in a folder: its output, or in one line why it failed.

    Raises:
        SettingsError: there is no git, or it did not end in time.
    """
    try:
        done = subprocess.run(  # noqa: S603 - no shell; what was typed comes after --end-of-options
            ["git", "--literal-pathspecs", "--no-pager", "-C", str(at), *arguments],  # noqa: S607
            input=stdin,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_S,
        )
    except OSError as error:
        raise SettingsError(f"{_CANNOT_START} ({error.strerror})") from error
    except subprocess.TimeoutExpired as error:
        message = f"git {arguments[0]} took more than {_TIMEOUT_S:.0f} s in {str(at)!r}; try again"
        raise SettingsError(message) from error
    if not done.returncode:
        return done.stdout
    said = " ".join(done.stderr.decode(errors="replace").split())
    return said.removeprefix("fatal: ")[:200] or f"exit code {done.returncode}"


def _parse_raw_log(log: str) -> Iterator[tuple[str, CommittedFile]]:
    """Take `git log --raw -z` apart: a commit, then a line of facts and a path for each file."""
    tokens, commit = iter(log.split("\0")), ""
    for token in tokens:
        facts = token.strip("\n")
        if not facts.startswith(":"):
            commit = facts or commit
            continue
        path, blob = next(tokens), facts.split()[3]
        if "/" not in path and not _NO_BLOB.issuperset(blob):
            yield path, CommittedFile(commit, blob)


def git_names(data: bytes) -> tuple[str, str]:
    """Name the bytes of a file as git does, in a repository of SHA-1 and in one of SHA-256."""
    whole = b"blob %d\0" % len(data) + data
    return hashlib.sha1(whole, usedforsecurity=False).hexdigest(), hashlib.sha256(whole).hexdigest()
