"""Whether a folder can be written to, found out before a model is paid for what goes there."""

import os
import threading
from contextlib import suppress
from pathlib import Path

from pipeline.errors import WriteError
from pipeline.storage import create_exclusively, is_remote


def require_writable(folder: Path) -> None:
    """Refuse to go on where a digest could not be written; nothing is left there.

    Args:
        folder: the digests; where it is missing, what it would be made in is tried. One of a store
            is not tried, which every request would have to pay for.

    Raises:
        WriteError: naming the folder and the reason.
    """
    if is_remote(folder):
        return
    near = folder.absolute()
    while not near.exists() and near != near.parent:
        near = near.parent
    file = near / f".writable-{os.getpid()}-{threading.get_ident()}.tmp"
    try:
        os.close(create_exclusively(file, 0o600))
    except OSError as error:
        message = f"cannot write {str(folder)!r}: {error.strerror or error}"
        raise WriteError(f"{message}; put that right and run again: nothing was asked") from error
    finally:
        with suppress(OSError):
            file.unlink()
