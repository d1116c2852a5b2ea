"""What a user has: the packages that a lock names, of those that are installed beside the tools.

With a developer's tools come click and aiohttp, which httpx and openai load wherever they find them.
"""

import re
import venv
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

_LOCKS = Path(__file__).parents[2] / "locks"
_PINNED = re.compile(r"(?m)^([\w.-]+)==")


def user_python(folder: Path, lock: str = "run") -> str:
    """Make an environment with links to what a lock names, and give its interpreter."""
    venv.create(folder, symlinks=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    for found in _pinned(lock):
        for name in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            link = packages / name
            if not link.exists():
                link.symlink_to(Path(str(found.locate_file(name))).resolve())
    return str(folder / "bin" / "python")


def _pinned(lock: str) -> Iterator[Distribution]:
    """Give this package and what is installed of a lock; other platforms have more."""
    for name in ("ainews-digest", *_PINNED.findall((_LOCKS / f"{lock}.txt").read_text("utf-8"))):
        try:
            yield distribution(name)
        except PackageNotFoundError:
            continue
