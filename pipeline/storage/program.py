"""The program's own files -> one name for this version of it, prompts, data and libraries included.

What another version has made may be other than what this one makes. A process whose files were
changed while it ran is neither: it has loaded some of them before, and others after.
"""

import hashlib
import os
import re
import sys
import time
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Final

from pipeline import STARTED_NS
from pipeline.storage.index import FileStamp, IndexFile, file_stamp

LIBRARIES: Final = (
    "beautifulsoup4",
    "lxml",
    "markdown-it-py",
    "opencc",
    "pydantic",
    "pyyaml",
    "rapidfuzz",
    "rjieba",
    "soupsieve",
)
"""Those whose versions shape what is made of a page and of an answer."""
_PACKAGE: Final = Path(__file__).parent.parent
_LEFT_OUT: Final = "__pycache__"


@cache
def program_hash(index_dir: Path | None = None) -> str:
    """Name this version of the program by the bytes that it consists of, data and templates too.

    Args:
        index_dir: folder of the indexes, where the name is kept with the sizes and times of the
            files, so that they are not read again; None reads them.
    """
    stamps = _look()
    runs_on = _runs_on()
    kept = IndexFile(index_dir, "program", _PACKAGE, runs_on)
    looked_at = hashlib.sha256(repr([*stamps.items()]).encode(errors="surrogateescape")).hexdigest()
    if (known := kept.load()) and known[0].decode() == looked_at:
        return known[1].decode() + changed_program()
    total = hashlib.sha256(runs_on.encode())
    for path in stamps:
        total.update(f"\0{os.path.relpath(path, _PACKAGE)}\0".encode(errors="surrogateescape"))
        total.update(Path(path).read_bytes())
    name = total.hexdigest()
    if all(stamp.is_settled() for stamp in stamps.values()):
        kept.save([looked_at.encode(), name.encode()])
    return name + changed_program()


def changed_program() -> str:
    """Name this process, where files of the program were changed since it began; else blank."""
    changed = any(stamp.ctime_ns > STARTED_NS for stamp in _look().values())
    return f" changed while process {os.getpid()} of {STARTED_NS} ran" if changed else ""


def _look() -> dict[str, FileStamp]:
    """Look at the files, once in a second."""
    return _stamps(int(time.monotonic()))


@lru_cache(1)
def _stamps(_second: int) -> dict[str, FileStamp]:
    found = {path: file_stamp(path) for path in sorted(_files())}
    # An editor's lock is a link to nothing.
    return {path: stamp for path, stamp in found.items() if stamp is not None}


def _files() -> Iterator[str]:
    """List the package's files, and the prompts beside it in a checkout."""
    prompts = _PACKAGE.parent / "prompts"
    wheel = (_PACKAGE / "_prompts").is_dir()
    for top in (_PACKAGE,) if wheel else (_PACKAGE, prompts):
        for folder, folders, names in os.walk(top):
            folders[:] = [name for name in folders if name != _LEFT_OUT]
            yield from (f"{folder}{os.sep}{name}" for name in names)


def _runs_on() -> str:
    """Name Python and the libraries, each with its version."""
    return " ".join((sys.version.split()[0], *(f"{name} {_version(name)}" for name in LIBRARIES)))


def _version(name: str) -> str:
    """Give a library's version; its whole metadata is not taken apart for that."""
    try:
        metadata = distribution(name).read_text("METADATA") or ""
    except PackageNotFoundError:
        return "none"
    found = re.search(r"(?m)^Version: (.+)$", metadata)
    return found[1] if found else "none"
