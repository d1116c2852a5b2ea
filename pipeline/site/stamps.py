"""Which pages of a site need not be made again, since nothing that they are made of has changed.

Kept in the cache, beside the indexes. A page counts as made only while its file has the size, the
times and the inode that it was left with, or at least its bytes.
"""

import hashlib
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from pipeline.site.render import ENGINE
from pipeline.storage import (
    FileStamp,
    IndexFile,
    file_stamp,
    line_name,
    program_hash,
    read_regular,
)


def hash_inputs(*made_of: object) -> str:
    """Name what a page is made of, and by which version of the program, in a short hash."""
    whole = repr((program_hash(), ENGINE, *made_of))
    return hashlib.sha256(whole.encode(errors="surrogatepass")).hexdigest()[:32]


class PageStamp(NamedTuple):
    """How a page was left."""

    inputs: str
    """What it was made of, as a hash."""
    sha256: str
    """Of its bytes."""
    file: FileStamp | None
    """Of its file; None where that had just been written and might change unseen."""


_LINE = TypeAdapter(tuple[str, PageStamp])


class PageStamps:
    """The stamps of all pages of one folder."""

    def __init__(self, out: Path, index_dir: Path | None) -> None:
        """Load what is kept; without a folder of indexes nothing is."""
        self._file = IndexFile(index_dir, "pages", out)
        self._loaded = self._file.load()
        # As they were written: a site of 10,000 digests has 80,000 files.
        self._lines = {line_name(line): line for line in self._loaded}

    def is_current(self, name: str, inputs: str, path: Path) -> bool:
        """Whether a page that is made of this stands there as it was made."""
        known = self._stamp(name)
        found = file_stamp(path)
        if known is None or found is None or not inputs or known.inputs != inputs:
            return False
        if found == known.file:
            return True
        settled = found if found.is_settled() else None
        try:
            same = hashlib.sha256(read_regular(path)).hexdigest() == known.sha256
        except OSError:
            return False
        if same:
            self._lines[name] = _LINE.dump_json((name, known._replace(file=settled)))
        return same

    def put(self, name: str, inputs: str, data: bytes) -> None:
        """Note that a page was written; the next look at it compares its bytes."""
        if not inputs:
            self._lines.pop(name, None)
            return
        stamp = PageStamp(inputs, hashlib.sha256(data).hexdigest(), None)
        self._lines[name] = _LINE.dump_json((name, stamp))

    def save(self, names: Collection[str]) -> None:
        """Keep the stamps of these pages."""
        lines = [line for name, line in self._lines.items() if name in names]
        if lines != self._loaded:
            self._file.save(lines)

    def _stamp(self, name: str) -> PageStamp | None:
        line = self._lines.get(name)
        try:
            found, stamp = _LINE.validate_json(line) if line else ("", None)
        except ValueError:
            return None
        return stamp if found == name else None
