"""Which of many digests have Markdown that is not what their JSON says; read once each."""

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


class _MarkdownFacts(NamedTuple):
    state: MarkdownState


def changed_markdown(
    json_files: Iterable[Path], index_dir: Path | None = None
) -> Iterator[tuple[Path, MarkdownState]]:
    """Find the digests whose Markdown is not what their JSON says.

    What is no digest, or cannot be read, is passed over: whoever reads it says so.

    Args:
        json_files: the digests.
        index_dir: folder of the indexes, which spare reading what did not change; None for none.
    """
    for folder, files in groupby(sorted(json_files, key=str), key=lambda file: file.parent):
        index = FileIndex(
            folder,
            _read_markdown_facts,
            _MarkdownFacts,
            index_dir=index_dir,
            version=program_hash(),
            beside=".md",
        )
        for file in files:
            try:
                state = without_leftovers(index.get(file.name).state, file)
            except (OSError, ValueError, PageNotUnderstood):
                continue
            if state != "same":
                yield file, state
        if index_dir is not None:
            index.save(frozenset(index.json_names()))


def _read_markdown_facts(file: Path) -> _MarkdownFacts:
    digest = from_json(read_regular(file).decode())
    try:
        return _MarkdownFacts(compare_markdown(digest, file))
    except OSError:
        return _MarkdownFacts("changed")
