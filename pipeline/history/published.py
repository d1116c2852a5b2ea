"""The digests of older issues in `outputs/` -> what they have published."""

import datetime as dt
import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.history.rumours import is_rumour
from pipeline.records import HALVES, Record, join_lines
from pipeline.storage import FileIndex, read_regular

_ISSUE_DATE = re.compile(rb'"issue_date"\s*:\s*"([0-9-]{10})"')


class PublishedEntry(Record):
    """One entry of an earlier digest."""

    date: dt.date
    """Digest date."""
    place: str
    """`news:3` or `tools:10`."""
    title: str
    """In Chinese."""
    link: str | None
    """The address that it shows."""
    links: tuple[str, ...]
    """Every address of its evidence."""
    evidence: str
    """Verbatim English text of its story."""
    rumour: bool = False
    """Whether it told its event as a rumour."""


class History(Record):
    """What the digests of older issues have published."""

    digests: tuple[str, ...] = ()
    """Names of their files without ending, the latest first."""
    entries: tuple[PublishedEntry, ...] = ()
    """Their entries, the latest digest first, in the order of the digest."""


class _IssueDate(NamedTuple):
    text: str


def read_history(
    folder: Path,
    *,
    before: dt.date,
    slug: str,
    days: int = 30,
    only: Collection[str] | None = None,
    index_dir: Path | None = None,
) -> History:
    """Read what the digests of older issues have published.

    Args:
        folder: `outputs/`; only the JSON files in it count, not those of its folders.
        before: issue date of the issue at hand; younger issues are none of its past.
        slug: the issue at hand, whose own digest does not count.
        days: how far back an issue date may lie.
        only: names of the files that count, without ending; all where it is None.
        index_dir: folder of the indexes, which spare reading what did not change; None for none.
    """
    digests: list[tuple[str, str, tuple[PublishedEntry, ...]]] = []
    index = FileIndex(folder, _read_issue_date, _IssueDate, index_dir=index_dir, version="1")
    names = index.json_names()
    for name in reversed(names):
        stem = name.removesuffix(".json")
        if only is not None and stem not in only:
            continue
        # What is no digest has published nothing; `status` reports it.
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            age = (before - dt.date.fromisoformat(index.get(name).text)).days
            if not 0 < age <= days:
                continue
            digest: Mapping[str, Any] = json.loads(read_regular(index.path(name)))
            if digest["provenance"]["slug"] != slug:
                digests.append((digest["date"], stem, tuple(_published_entries(digest))))
    index.save(frozenset(names))
    digests.sort(key=lambda digest: digest[0], reverse=True)
    return History(
        digests=tuple(stem for _, stem, _ in digests),
        entries=tuple(entry for _, _, entries in digests for entry in entries),
    )


def _read_issue_date(file: Path) -> _IssueDate:
    # Quotation marks inside a text are escaped: no text looks like the field. Parsing all digests
    # to find the few of these days would take seconds.
    field = _ISSUE_DATE.search(read_regular(file))
    return _IssueDate(field[1].decode() if field else "")


def _published_entries(digest: Mapping[str, Any]) -> Iterator[PublishedEntry]:
    for half in HALVES.values():
        for number, entry in enumerate(digest[half], 1):
            yield PublishedEntry(
                date=digest["date"],
                place=f"{half}:{number}",
                title=entry["title"],
                link=entry["link"],
                links=tuple(link["url"] for link in entry["links"]),
                evidence=join_lines(entry["evidence"]),
                rumour=is_rumour(entry["title"], entry["summary"]),
            )
