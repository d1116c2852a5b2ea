"""Whether a folder can be written to, found out before a model is paid for what goes there.

A file of its own: a run with nothing new asks it, and loads nothing that makes a digest.
"""

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from pipeline.errors import WriteError
from pipeline.storage import create_exclusively, is_remote, what_is_no_folder

_DIGEST_BYTES: Final = 256 * 1024
"""What the files of a large digest take while they lie beside those that they replace."""


def require_folder(folder: Path) -> None:
    """Refuse to go on where something else stands in place of the folder of the digests.

    Raises:
        WriteError: naming both, and what to do.
    """
    if not is_remote(folder) and (other := what_is_no_folder(folder)):
        raise WriteError(
            f"cannot write {str(folder)!r}: {str(other)!r} is no folder: name one with "
            "AINEWS_OUTPUTS_DIR or --out; nothing was asked"
        )


def require_writable(folder: Path) -> None:
    """Refuse to go on where a digest could not be written; nothing is left there.

    A full disk and a spent quota take an empty file, so as much is written as a digest takes.

    Args:
        folder: the digests; where it is missing, what it would be made in is tried. One of a store
            is not tried, which every request would have to pay for.

    Raises:
        WriteError: naming the folder and the reason.
    """
    require_folder(folder)
    if is_remote(folder):
        return
    near = folder.absolute()
    while not near.exists() and near != near.parent:
        near = near.parent
    file = near / f".writable-{os.getpid()}-{threading.get_ident()}.tmp"
    try:
        with open(create_exclusively(file, 0o600), "wb") as trial:  # noqa: PTH123 - a descriptor
            trial.write(os.urandom(_DIGEST_BYTES))  # which no file system makes smaller
    except OSError as error:
        message = f"cannot write {str(folder)!r}: {error.strerror or error}"
        raise WriteError(f"{message}; put that right and run again: nothing was asked") from error
    finally:
        with suppress(OSError):
            file.unlink()
