"""What became of a digest -> the command that mends it, as it is typed."""

import datetime as dt
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.errors import DigestError, NewerFormat, PageNotUnderstood
from pipeline.storage import is_remote, read_or_none, read_regular
from pipeline.typed_command import issue_options, typed_command
from pipeline.write import DamagedDigest, damage_words, from_json, has_conflict, read_state


def make_command(slug: str, day: dt.date) -> str:
    """Say how the digest of an issue is made."""
    return typed_command("run", *issue_options(slug), "--date", day.isoformat())


def remake_command(slug: str, stem: str, day: dt.date) -> str:
    """Say how a damaged digest is made again."""
    return typed_command("run", *issue_options(slug), "--date", stem_date(stem, day), "--force")


def restore_command(file: Path) -> str:
    """Say how git brings a damaged digest back, with its edits; blank where it has no whole one."""
    from pipeline.diff import Repository

    try:
        repository = Repository.containing(file.parent)
        versions = repository.committed_files().get(file.name, [])
        data = repository.read_blobs([version.blob for version in versions])
        whole = (version for version in versions if _is_whole(data.get(version.blob, b"")))
        if (found := next(whole, None)) is None:
            return ""
        files, beside = [file], file.with_suffix(".md")
        if beside.name in repository.blobs_in_folder(found.commit) and _is_unmerged(beside):
            files.append(beside)
    except (DigestError, OSError):
        return ""
    source = "HEAD" if found == versions[0] else found.commit[:10]
    restore = ("restore", f"--source={source}", "--")
    if file.is_absolute():
        names = [each.name for each in files]
        return shlex.join(["git", "-C", str(file.parent), *restore, *names])
    return shlex.join(["git", *restore, *map(str, files)])


def _is_unmerged(file: Path) -> bool:
    return has_conflict((read_or_none(file) or b"").decode("utf-8", "replace"))


def _is_whole(data: bytes) -> bool:
    try:
        from_json(data.decode())
    except (UnicodeDecodeError, PageNotUnderstood):
        return False
    return True


def retell_command(slug: str, day: dt.date, places: Sequence[str]) -> str:
    """Say how entries that are quotations are asked for again."""
    options = [word for place in places for word in ("--refresh", place)]
    return typed_command("run", *issue_options(slug), "--date", day.isoformat(), *options)


def verify_command(stem: str) -> str:
    """Say how the errors of a digest are listed, each with the edit that mends it."""
    return typed_command("verify", stem)


def look_command() -> str:
    """Say how to find out why the newsletter has nothing new."""
    return typed_command("doctor", takes_out=False)


def stem_date(stem: str, otherwise: dt.date) -> str:
    """Give the digest date that a file's name begins with."""
    try:
        return dt.date.fromisoformat(stem[:10]).isoformat()
    except ValueError:
        return otherwise.isoformat()


def damaged_digests(folder: Path) -> Iterator[tuple[DamagedDigest, str]]:
    """Find the digests that cannot be read; give each with its remedy, in words and commands."""
    known = read_state(folder)
    inside = [
        DamagedDigest(stem=ref.stem, reason=reason, slug=ref.slug)
        for ref in known.digests
        if (reason := _inside(folder / f"{ref.stem}.json"))
    ]
    for hurt in sorted([*known.damaged, *inside], key=lambda one: one.stem):
        restore = ""
        if hurt.kind == "damaged" and not is_remote(folder):
            restore = restore_command(folder / f"{hurt.stem}.json")
        yield hurt, f"`{restore}`, or {hurt.remedy}" if restore else hurt.remedy


def _inside(file: Path) -> str:
    """Say what is wrong with a digest that looks whole; blank where nothing is."""
    try:
        from_json(read_regular(file).decode())
    except NewerFormat:
        return ""  # it is whole
    except PageNotUnderstood as error:
        return str(error)
    except (OSError, UnicodeDecodeError) as error:
        return damage_words(error)
    return ""
