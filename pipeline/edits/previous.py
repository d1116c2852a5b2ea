"""The digest that is made again: what an earlier run left of it in `outputs/`."""

from pathlib import Path

from pipeline.edits.apply import parse_place
from pipeline.errors import PageNotUnderstood, SettingsError
from pipeline.records import Digest, Edit, Entry
from pipeline.storage import read_regular
from pipeline.write import DRAFTS, damage_words, from_json, is_no_file


def read_previous(folder: Path, stem: str, slug: str) -> Digest | None:
    """Read the digest that is made again; a draft of it is always the later version.

    A digest of another issue than `slug` is none of it.

    Returns:
        None where there is no such digest, or none that can be read.
    """
    for file in (folder / DRAFTS / f"{stem}.json", folder / f"{stem}.json"):
        try:
            digest = from_json(read_regular(file).decode())
        except (OSError, UnicodeDecodeError, PageNotUnderstood):
            continue
        if digest.provenance and digest.provenance.slug == slug:
            return digest
    return None


def read_edits(folder: Path, stem: str, slug: str) -> tuple[Edit, ...]:
    """Read what was changed by hand in a digest, oldest first; as `read_previous`."""
    digest = read_previous(folder, stem, slug)
    return digest.edits if digest else ()


def read_digest(file: Path) -> Digest:
    """Read a digest that has to be there.

    Raises:
        SettingsError: there is no such file.
        PageNotUnderstood: it holds no digest.
    """
    try:
        return from_json(read_regular(file).decode())
    except OSError as error:
        if is_no_file(error):
            raise PageNotUnderstood(f"{str(file)!r}: {damage_words(error)}") from error
        reason = error.strerror or str(error)
        if isinstance(error, PermissionError):
            raise SettingsError(f"cannot read {str(file)!r}: {reason}") from error
        raise SettingsError(f"no digest in {str(file)!r} ({reason}): make it with `run`") from error
    except UnicodeDecodeError as error:
        raise PageNotUnderstood(f"{str(file)!r} is not UTF-8 text: {error.reason}") from error
    except PageNotUnderstood as error:
        # Of the same class: a file of a later version is not damaged.
        raise type(error)(f"{str(file)!r}: {error}") from error


def find_entry(digest: Digest, place: str, stem: str) -> Entry:
    """Find the entry of a digest that stands at `news:3`.

    Raises:
        SettingsError: it is no place, or nothing stands there.
    """
    if parse_place(place) is None:
        raise SettingsError(f"{place!r} is not an entry: write it as news:3 or tools:10")
    entry = dict(digest.placed).get(place)
    if entry is None:
        held = f"{len(digest.news)} news and {len(digest.tools)} tools"
        raise SettingsError(f"there is no {place} in the digest {stem}: it has {held}")
    return entry
