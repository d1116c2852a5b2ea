"""The editor that somebody at a terminal has chosen."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

from pipeline.errors import SettingsError
from pipeline.storage import require_local


def edit_file(file: Path) -> None:
    """Open a file in the editor of `VISUAL` or `EDITOR`, and wait until it is closed.

    Raises:
        SettingsError: there is no editor, it fails, or the file is one of a store.
    """
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if not chosen and not sys.stdin.isatty():
        raise SettingsError(
            "nothing to do: give --drop, --swap, --set, --pin, --move, --undo or --adopt, or set "
            "EDITOR to change the Markdown file"
        )
    require_local(file, "the Markdown file")
    try:
        command = [*shlex.split(chosen or "vi"), str(file)]
        done = subprocess.run(command, check=False)  # noqa: S603 - the editor of this user
    except (OSError, ValueError) as error:
        message = f"the editor {chosen!r} cannot be started ({error}): set EDITOR to another"
        raise SettingsError(message) from error
    if done.returncode:
        raise SettingsError(f"the editor ended with {done.returncode}: nothing was taken over")
