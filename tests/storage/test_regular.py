"""Only regular files are read in a folder of digests, whatever else somebody has put there."""

import datetime as dt
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from daily import digest
from pipeline.history import read_history
from pipeline.site import build_site
from pipeline.storage import read_given, read_or_none, read_regular, replace_file
from pipeline.write import read_state, write

DAY = dt.date(2026, 1, 30)


def in_time(do: Callable[[], object]) -> None:
    """Do something that may hang, and be told if it does."""
    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive(), "it waits for the other end of a pipe"


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Make a folder with a digest, a pipe, a socket's name and a link to a device."""
    folder = tmp_path / "outputs"
    write(digest(DAY), folder)
    os.mkfifo(folder / "2026-01-31.json")
    (folder / "2026-02-01.json").symlink_to("/dev/zero")
    (folder / "2026-02-02.json").symlink_to(folder / "2026-01-31.json")
    (folder / "2026-02-03.json").mkdir()
    (folder / "2026-02-04.json").symlink_to("2026-01-30.json")
    return folder


def test_what_is_no_regular_file_is_damaged(outputs: Path) -> None:
    """Its name stays taken, and the digests beside it are read, also through a link."""
    found = []
    in_time(lambda: found.append(read_state(outputs)))
    (state,) = found
    assert {known.stem for known in state.digests} == {"2026-01-30", "2026-02-04"}
    names = [hurt.line.partition(":")[0] for hurt in state.damaged]
    assert names == [f"2026-{day}.json" for day in ("01-31", "02-01", "02-02", "02-03")]
    assert "a pipe, a socket or a device" in state.damaged[0].line


def test_history_and_site_pass_over_a_pipe(outputs: Path, tmp_path: Path) -> None:
    """The digest beside it counts, and the site says what is not on it."""
    in_time(lambda: read_history(outputs, before=dt.date(2026, 2, 5), slug="26-02-05-x", days=30))
    built = []
    in_time(lambda: built.append(build_site(outputs, tmp_path / "site", base_url=None)))
    assert any("2026-01-31.json is not on the site" in line for line in built[0].warnings)
    assert built[0].digests == 1


def test_a_regular_file_is_read_whole(tmp_path: Path) -> None:
    """Nothing else is: neither a pipe nor a socket; what is missing is missing."""
    file, pipe = tmp_path / "a", tmp_path / "b"
    file.write_bytes(b"x" * 200_000)
    assert read_regular(file) == read_or_none(file) == b"x" * 200_000
    assert read_or_none(tmp_path / "none") is None
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="not a regular file"):
        read_regular(pipe)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "s"))
        with pytest.raises(OSError):  # noqa: PT011 - each system has its own words
            read_regular(tmp_path / "s")


def test_a_descriptor_of_a_shell_may_be_named(tmp_path: Path) -> None:
    """`<(command)` is a pipe whose other end is open already; a pipe of any other name is none."""
    reading, writing = os.pipe()
    os.write(writing, b"text")
    os.close(writing)
    assert read_given(Path(f"/dev/fd/{reading}")) == b"text"
    with pytest.raises(OSError, match="not a regular file"):
        read_regular(Path(f"/dev/fd/{reading}"))
    os.close(reading)
    os.mkfifo(tmp_path / "pipe")
    for read in (read_given, read_regular):
        with pytest.raises(OSError, match="not a regular file"):
            read(tmp_path / "pipe")
        with pytest.raises(IsADirectoryError):
            read(tmp_path)


def test_a_file_is_put_in_place_whatever_stands_there(tmp_path: Path) -> None:
    """A pipe or a link in its place, or in that of its part, is replaced and not written through."""
    file, part, theirs = tmp_path / "a", tmp_path / ".a.part", tmp_path / "theirs"
    theirs.write_bytes(b"precious")
    for place in (file, part):
        place.symlink_to(theirs)
    replace_file(file, b"1")
    file.unlink()
    os.mkfifo(file)
    os.mkfifo(part)
    replace_file(file, b"2")
    assert (file.read_bytes(), theirs.read_bytes()) == (b"2", b"precious")
    assert not part.exists()
