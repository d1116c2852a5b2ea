"""The folder of the digests -> those of a period; a roundup -> its own folder below it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.errors import NotPublished, PageNotUnderstood
from pipeline.records import Digest, PeriodDates
from pipeline.storage import read_or_none, read_regular
from pipeline.write import (
    WrittenFiles,
    damage_words,
    describe_markdown,
    from_json,
    markdown_state,
    write,
)

_MOST_OF_A_DAY: Final = 99


class PeriodDigests(NamedTuple):
    """The daily digests of a period."""

    digests: tuple[tuple[str, Digest], ...]
    """Name and content of each, oldest first."""
    unreadable: tuple[str, ...]
    """What is no digest, and why."""


def roundup_file(folder: Path, period: PeriodDates) -> Path:
    """Name the JSON of a roundup."""
    return folder / period.kind / f"{period.name}.json"


def read_period(folder: Path, period: PeriodDates) -> PeriodDigests:
    """Read the digests of a period; those of other days are not looked at."""
    digests: list[tuple[str, Digest]] = []
    unreadable: list[str] = []
    for name in _names(folder, period):
        try:
            digest = from_json(read_regular(folder / f"{name}.json").decode())
            if digest.date.isoformat() != name[:10]:
                raise PageNotUnderstood(f"its date is {digest.date}: name it so")  # noqa: TRY301 - said below
            digests.append((name, digest))
        except FileNotFoundError:
            continue
        except OSError as error:
            unreadable.append(f"{name}: {damage_words(error)}")
        except (UnicodeDecodeError, PageNotUnderstood) as error:
            unreadable.append(f"{name}: {error}")
    return PeriodDigests(tuple(digests), tuple(unreadable))


def _names(folder: Path, period: PeriodDates) -> Iterator[str]:
    """Give what the digests of a period may be called, oldest first."""
    for day in period.days:
        yield day.isoformat()
        for number in range(2, _MOST_OF_A_DAY + 1):
            name = f"{day.isoformat()}-{number}"
            # Numbers have no gaps, unless somebody removed one; then the rest is another's.
            if not (folder / f"{name}.json").exists():
                break
            yield name


def write_roundup(
    roundup: Digest, folder: Path, period: PeriodDates, *, force: bool = False
) -> WrittenFiles:
    """Write a roundup in every format, unless somebody has changed the one that is there.

    Raises:
        NotPublished: its files were changed by hand; nothing was written.
        WriteError: a file cannot be written.
    """
    file = roundup_file(folder, period)
    if not force and (reason := _changed_by_hand(file)):
        raise NotPublished(f"{reason}; nothing was written")
    return write(roundup, file.parent, period.name)


def _changed_by_hand(file: Path) -> str:
    """Say what of a roundup is not as it was written, and what to do; blank where all is."""
    data = read_or_none(file)
    if data is None:
        markdown = file.with_suffix(".md")
        found = f"{str(markdown)!r} stands there without its JSON: move it away"
        return found if markdown.exists() else ""
    try:
        roundup = from_json(data.decode())
    except (UnicodeDecodeError, PageNotUnderstood) as error:
        return f"{str(file)!r} is no digest: {error}; move it away"
    return describe_markdown(markdown_state(roundup, file), file)
