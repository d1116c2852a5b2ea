"""The digests of a folder that cannot be read, each with what brings it back: for `doctor`.

A run reads no more of a digest than its date and its issue where the bytes look whole. Here each is
read to its end, so that damage in its middle is found, too.
"""

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import NewerFormat, PageNotUnderstood
from pipeline.ops.remedies import restore_command
from pipeline.storage import is_remote, read_regular
from pipeline.write import DamagedDigest, damage_words, from_json, read_state


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
