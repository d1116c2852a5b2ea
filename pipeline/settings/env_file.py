"""The environment and the `.env` of a working folder, which is found as git finds its folder.

Upwards from the working folder, to the home folder or the end of the file system at most. Above the
working folder one counts only where it and its folder are the user's own: anybody may put a file
into a folder that all may write. It is read as UTF-8 and nothing else.
"""

import logging
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from pipeline.errors import SettingsError
from pipeline.storage import read_regular

ENV_FILE: Final = ".env"

_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_HIGH_BYTES = re.compile(rb"[\x81-\xfe]{4}")


def find_env_file() -> Path | None:
    """Find the `.env` that holds for the working folder, and check that it can be read.

    Returns:
        Its path; None where there is none.

    Raises:
        SettingsError: it cannot be read, is not UTF-8, or the working folder is gone.
    """
    try:
        here = Path.cwd()
    except OSError as error:
        message = f"the working folder cannot be used: {error.strerror}"
        raise SettingsError(f"{message}; go to another, or name one with --directory") from error
    for folder in (here, *_own_parents(here)):
        file = folder / ENV_FILE
        if not os.path.lexists(file) or (file / "pyvenv.cfg").exists():
            continue
        if folder != here and not _is_own(file):
            continue
        _check_text(file)
        return file
    return None


def read_variables() -> dict[str, str]:
    """Give what is set, by names in small letters: by the environment, and by `.env` besides.

    Raises:
        SettingsError: `.env` cannot be read.
    """
    given: dict[str, str | None] = {}
    if file := find_env_file():
        from dotenv import dotenv_values

        # The library names neither the file nor what to do.
        log, name_file = logging.getLogger("dotenv.main"), partial(_name_file, file)
        log.addFilter(name_file)
        try:
            given = dotenv_values(file, encoding="utf-8")
        finally:
            log.removeFilter(name_file)
    # Blank is not set: a workflow passes on what nobody has set.
    named = [*given.items(), *os.environ.items()]
    return {name.lower(): value for name, value in named if value}


def _name_file(file: Path, record: logging.LogRecord) -> bool:
    """Say in which file a line is that sets nothing; the record's one argument is its number."""
    if isinstance(record.args, tuple) and record.args:
        words = "cannot be understood and sets nothing: write NAME=value"
        record.msg, record.args = f"{str(file)!r}, line {record.args[0]}, {words}", ()
    return True


def _own_parents(here: Path) -> Iterator[Path]:
    """List the folders above, nearest first, as far as they are the user's own."""
    home = os.path.realpath(os.path.expanduser("~"))  # noqa: PTH111 - there may be none
    if str(here) == home:
        return
    for folder in here.parents:
        if not _is_own(folder) or folder.stat().st_dev != here.stat().st_dev:
            return
        yield folder
        if str(folder) == home:
            return


def _is_own(path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return found.st_uid == os.geteuid() and not found.st_mode & stat.S_IWOTH


def _check_text(file: Path) -> None:
    try:
        data = read_regular(file)
    except OSError as error:
        message = f"{str(file)!r} cannot be read: {error.strerror}"
        raise SettingsError(f"{message}; correct its permissions, or move it away") from error
    encoding = _foreign_encoding(data)
    if encoding:
        raise SettingsError(f"{str(file)!r} is not UTF-8 but {encoding}: save it as UTF-8")


def _foreign_encoding(data: bytes) -> str:
    """Name the encoding of what is not UTF-8, as far as it can be told; blank for UTF-8."""
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    if b"\0" in data:
        return "UTF-16 without its mark, or no text"
    with suppress(UnicodeDecodeError):
        data.decode()
        return ""
    with suppress(UnicodeDecodeError):
        # Latin letters beside ASCII ones are GBK too, but not that of plain Chinese.
        data.decode("gb18030" if _HIGH_BYTES.search(data) else "gb2312")
        return "another encoding, probably GBK"
    return "another encoding, probably Latin-1"
