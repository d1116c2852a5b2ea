"""Where a digest lies that was named by its date, its name or one of its files."""

import os
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import SettingsError
from pipeline.records import DIGEST_NAME, PERIOD_NAME
from pipeline.storage import is_remote, location_argument
from pipeline.typed_command import typed_command
from pipeline.write import DRAFTS, FORMATS, overwrite_command

_ENDINGS = tuple(form.suffix for form in FORMATS.values())


class DigestLocation(NamedTuple):
    """Where a digest lies."""

    folder: Path
    """Folder of the digests."""
    json_path: Path
    """Its JSON, in that folder or in the drafts."""

    @property
    def markdown_path(self) -> Path:
        """Its Markdown, beside the JSON."""
        return self.json_path.with_suffix(".md")

    @property
    def stem(self) -> str:
        """Name of its files, without ending."""
        return self.json_path.stem


def locate_digest(name: str, folder: Path) -> DigestLocation:
    """Find a digest by its date, its file name without ending, or the path of one of its files.

    A path may also be one below the folder of the digests, such as `drafts/2025-12-21`.

    Raises:
        SettingsError: there is none of that name.
    """
    if "/" in name or name.endswith(_ENDINGS):
        return _locate_file(name, folder)
    for file in (folder / f"{name}.json", folder / DRAFTS / f"{name}.json"):
        try:
            # What is there and cannot be read is damaged, and not missing.
            if file.is_file() or (not is_remote(file) and os.path.lexists(file)):
                return DigestLocation(folder, file)
        except OSError as error:
            message = f"cannot look for the digest {name!r} in {str(folder)!r}: {error.strerror}"
            raise SettingsError(message) from error
    if DIGEST_NAME.fullmatch(name) and (folder / f"{name}.md").exists():
        again = overwrite_command(folder / f"{name}.json")
        raise SettingsError(
            f"'{folder / name}.md' lies there without its JSON, which is the digest: restore it, "
            f"or write over it with `{again}`"
        )
    if period := PERIOD_NAME.fullmatch(name):
        again = typed_command("weekly" if period["week"] else "monthly", name)
        raise SettingsError(
            f"{name!r} is a roundup, which has the entries of daily digests word for word: change "
            f"those, then run `{again}`"
        )
    raise SettingsError(
        f"there is no digest {name!r} in {str(folder)!r}: give a date, a name such as "
        "2025-12-21-2, or the path of its JSON"
    )


def _locate_file(name: str, folder: Path) -> DigestLocation:
    """Find the JSON of a digest by the path of any of its files, with or without ending."""
    stem = next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end)), name)
    file = location_argument(f"{stem}.json", "the file")
    below = folder / f"{stem}.json"
    try:
        if not is_remote(file) and not file.exists() and below.is_file():
            return DigestLocation(folder, below)
    except OSError as error:
        raise SettingsError(f"cannot look for the digest {name!r}: {error.strerror}") from error
    parent = file.absolute().parent
    return DigestLocation(parent.parent if parent.name == DRAFTS else parent, file)
