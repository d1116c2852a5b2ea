"""What commands over many digests say of each, read once: the index of a folder of digests.

One for all of them, so that what `status` has read `diff` need not read.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import PageNotUnderstood
from pipeline.storage import FileIndex, program_hash, read_regular
from pipeline.write.json_format import from_json
from pipeline.write.manual_changes import (
    MarkdownState,
    compare_markdown,
    without_leftovers,
)


class StatusFacts(NamedTuple):
    """What is kept of a digest."""

    issue_date: dt.date | None
    news: int
    tools: int
    quoted: tuple[str, ...]
    """Places of the entries that quote the English text."""
    untold: int
    """How many places stay empty, for want of a story that could be told."""
    errors: int
    """How many errors the checks found in what it tells."""
    markdown: MarkdownState
    """As `compare_markdown` gives it."""


def open_digest_index(folder: Path, index_dir: Path | None) -> FileIndex[StatusFacts]:
    """Open the index of a folder; getting a digest's facts raises what reading it does."""
    return FileIndex(
        folder,
        _read_facts,
        StatusFacts,
        index_dir=index_dir,
        version=program_hash(),
        beside=".md",
    )


def changed_markdown(
    json_files: Iterable[Path], index_dir: Path | None = None
) -> Iterator[tuple[Path, MarkdownState]]:
    """Find the digests whose Markdown is not what their JSON says.

    What is no digest, or cannot be read, is passed over: whoever reads it says so.
    """
    for folder, files in groupby(sorted(json_files, key=str), key=lambda file: file.parent):
        index = open_digest_index(folder, index_dir)
        for file in files:
            try:
                state = without_leftovers(index.get(file.name).markdown, file)
            except (OSError, ValueError, PageNotUnderstood):
                continue
            if state != "same":
                yield file, state
        if index_dir is not None:
            index.save(frozenset(index.json_names()))


def _read_facts(file: Path) -> StatusFacts:
    digest = from_json(read_regular(file).decode())
    origin = digest.provenance
    return StatusFacts(
        issue_date=origin.issue_date if origin else None,
        news=len(digest.news),
        tools=len(digest.tools),
        quoted=tuple(place for place, entry in digest.placed if entry.quoted),
        untold=digest.untold,
        errors=digest.errors,
        markdown=compare_markdown(digest, file),
    )
