"""The index of a folder: what is read again, and what of an index is never believed."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.errors import SettingsError
from pipeline.storage.index import FileIndex, IndexFile


class Facts(NamedTuple):
    """What is read of a file here."""

    text: str


class Reader:
    """A folder with its index, and which of its files were read."""

    def __init__(self, folder: Path, index_dir: Path | None, version: str = "1") -> None:
        self.folder, self.index_dir, self.version = folder, index_dir, version
        self.read: list[str] = []

    def look(self) -> dict[str, str]:
        """Look at all files as a command does, which loads the index and saves it."""
        self.read.clear()
        index = FileIndex(
            self.folder, self._read, Facts, index_dir=self.index_dir, version=self.version
        )
        names = index.json_names()
        found = {name: index.get(name).text for name in names}
        index.save(names)
        return found

    def _read(self, file: Path) -> Facts:
        self.read.append(file.name)
        return Facts(file.read_text("utf-8"))


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every file count as written long ago."""
    monkeypatch.setattr("pipeline.storage.index.SETTLED_NS", 0)


@pytest.fixture
def reader(tmp_path: Path, settled: None) -> Reader:
    """Make a folder of three files that an index knows."""
    del settled
    folder = tmp_path / "outputs"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.json").write_text(f"{name}1", "utf-8")
    made = Reader(folder, tmp_path / "cache" / "index")
    made.look()
    return made


def test_a_file_that_did_not_change_is_read_once(reader: Reader) -> None:
    """What is new is read, what is gone is forgotten."""
    assert reader.look() == {"a.json": "a1", "b.json": "b1", "c.json": "c1"}
    assert reader.read == []
    (reader.folder / "d.json").write_text("d1", "utf-8")
    (reader.folder / "b.json").unlink()
    assert reader.look() == {"a.json": "a1", "c.json": "c1", "d.json": "d1"}
    assert reader.read == ["d.json"]


def _in_place(file: Path) -> None:
    """Change a file without a change of its size or the time that anybody can set."""
    times = file.stat()
    time.sleep(0.02)  # past the tick of the file system's clock
    with file.open("r+b") as held:
        held.write(b"b2")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def _replaced(file: Path) -> None:
    """Put another file of the same size and time in its place."""
    times = file.stat()
    part = file.with_name("part")
    part.write_text("b2", "utf-8")
    os.utime(part, ns=(times.st_atime_ns, times.st_mtime_ns))
    part.replace(file)


def _linked(file: Path) -> None:
    """Put a link to another file in its place."""
    other = file.with_name("other")
    other.write_text("b2", "utf-8")
    file.unlink()
    file.symlink_to(other)


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write_text("b2", "utf-8"),
        lambda file: file.write_text("b2 and more", "utf-8"),
        _in_place,
        _replaced,
        _linked,
    ],
    ids=["rewritten", "longer", "in place", "replaced", "a link"],
)
def test_a_file_that_changed_in_any_way_is_read_again(
    reader: Reader, change: Callable[[Path], object]
) -> None:
    """Whatever of its size and its times is the same."""
    change(reader.folder / "b.json")
    assert reader.look()["b.json"].startswith("b2")
    assert reader.read == ["b.json"]
    reader.look()
    assert reader.read == []


@pytest.mark.parametrize("name", ['a"b.json', "a\\b.json", "日报.json", '"', "a.json.json"])
def test_any_name_has_its_own_facts(reader: Reader, name: str) -> None:
    """Those too that are written with escapes where the index keeps them."""
    name = f"{name.removesuffix('.json')}.json"
    (reader.folder / name).write_text("other", "utf-8")
    for _ in range(3):
        assert reader.look() == {"a.json": "a1", "b.json": "b1", "c.json": "c1", name: "other"}
        assert set(reader.read) <= {name}


def test_a_file_that_has_just_changed_is_not_kept(tmp_path: Path) -> None:
    """Until a further change would show in its times it is read each time."""
    made = Reader(tmp_path / "outputs", tmp_path / "index")
    made.folder.mkdir()
    (made.folder / "a.json").write_text("1", "utf-8")
    for _ in range(2):
        made.look()
        assert made.read == ["a.json"]


def _other_folder(reader: Reader, file: Path) -> None:
    """Put the index of a folder with the same names in its place."""
    other = Reader(reader.folder.with_name("others"), reader.folder.with_name("x"))
    other.folder.mkdir()
    for name in "abc":
        (other.folder / f"{name}.json").write_text(f"{name}9", "utf-8")
    other.look()
    assert other.index_dir is not None
    next(other.index_dir.iterdir()).replace(file)


def _well_formed(reader: Reader, file: Path) -> None:
    """Write an index that is whole, and holds something else."""
    IndexFile(file.parent, "facts", reader.folder, "1").save([b"{}", b'["a.json", [1], 2]'])


def _foreign(_: Reader, file: Path) -> None:
    """Let somebody else have written it, before the folder was closed to others."""
    if os.geteuid() != 0:
        pytest.skip("only root may give a file to somebody else")
    os.chown(file, 12345, 12345)


def _elsewhere(_: Reader, file: Path) -> None:
    """Keep it in a folder that all may write to."""
    other = file.parent.parent.parent / "shared"
    other.mkdir()
    file.rename(other / "index")
    other.chmod(0o777)
    file.symlink_to(other / "index")


def _without(file: Path) -> Path:
    """Remove a file, and give the place where it was."""
    file.unlink()
    return file


DAMAGES: dict[str, Callable[[Reader, Path], object]] = {
    "empty": lambda _, file: file.write_bytes(b""),
    "cut off": lambda _, file: file.write_bytes(file.read_bytes()[:-10]),
    "one letter": lambda _, file: file.write_bytes(file.read_bytes().replace(b"b1", b"b7")),
    "a line less": lambda _, file: file.write_bytes(file.read_bytes().rsplit(b"\n", 2)[0] + b"\n"),
    "no text": lambda _, file: file.write_bytes(os.urandom(5000)),
    "deep": lambda _, file: file.write_bytes(b"[" * 100_000),
    "well formed": _well_formed,
    "another folder's": _other_folder,
    "a pipe": lambda _, file: os.mkfifo(_without(file)),
    "a folder": lambda _, file: _without(file).mkdir(),
    "writable by its group": lambda _, file: file.chmod(0o660),
    "writable by all": lambda _, file: file.chmod(0o606),
    "another user's": _foreign,
    "a link to where all write": _elsewhere,
    "gone": lambda _, file: file.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_an_index_that_is_not_what_was_written_is_thrown_away(
    reader: Reader, damage: Callable[[Reader, Path], object], caplog: pytest.LogCaptureFixture
) -> None:
    """With no word: all files are read."""
    assert reader.index_dir is not None
    (file,) = reader.index_dir.iterdir()
    damage(reader, file)
    assert reader.look() == {"a.json": "a1", "b.json": "b1", "c.json": "c1"}
    assert reader.read == ["a.json", "b.json", "c.json"]
    assert not caplog.records
    reader.look()
    assert reader.read == (["a.json", "b.json", "c.json"] if file.is_dir() else [])


def test_what_another_version_found_is_not_believed(reader: Reader) -> None:
    """And its index takes no room beside that of this one."""
    reader.version = "2"
    reader.look()
    assert reader.read == ["a.json", "b.json", "c.json"]
    assert reader.index_dir is not None
    assert len(list(reader.index_dir.iterdir())) == 1


def test_folders_that_share_a_cache_do_not_mix(reader: Reader) -> None:
    """Whichever is looked at first, and by whatever name."""
    other = Reader(reader.folder.with_name("more"), reader.index_dir)
    other.folder.mkdir()
    (other.folder / "a.json").write_text("a9", "utf-8")
    for _ in range(2):
        assert other.look() == {"a.json": "a9"}
        assert reader.look()["a.json"] == "a1"
    assert reader.read == other.read == []
    (reader.folder.with_name("name")).symlink_to(reader.folder)
    by_link = Reader(reader.folder.with_name("name"), reader.index_dir)
    assert by_link.look()["a.json"] == "a1"
    assert by_link.read == []


@pytest.mark.parametrize("kept", [True, False], ids=["an index is there", "none is"])
def test_where_nothing_can_be_written_all_works(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, *, kept: bool
) -> None:
    """What is kept already is used, what is new is read each time."""
    (reader.folder / "d.json").write_text("d1", "utf-8")
    real = os.open

    def read_only(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise OSError(30, "Read-only file system", path)
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", read_only)
    if not kept:
        reader.index_dir = reader.folder / "a.json" / "index"
    for _ in range(2):
        assert reader.look()["d.json"] == "d1"
        assert reader.read == (["d.json"] if kept else [f"{name}.json" for name in "abcd"])


def test_a_folder_that_is_closed_is_not_an_empty_one(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A site of it would lose its pages, and a search find nothing; one that is not there is empty."""

    def refuse(path: Path) -> list[str]:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(SettingsError, match="cannot be listed: permission denied; see"):
        reader.look()
    monkeypatch.undo()
    assert Reader(reader.folder / "none", None).look() == {}


def test_a_folder_that_is_a_link_to_itself_is_no_fault(tmp_path: Path) -> None:
    """Whoever reads it says what is wrong."""
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(SettingsError, match="too many levels of symbolic links"):
        Reader(tmp_path / "loop", tmp_path / "index").look()


def test_without_a_cache_all_is_read(tmp_path: Path, settled: None) -> None:
    """And nothing is written."""
    del settled
    made = Reader(tmp_path, None)
    (tmp_path / "a.json").write_text("1", "utf-8")
    for _ in range(2):
        made.look()
        assert made.read == ["a.json"]
    assert [file.name for file in tmp_path.iterdir()] == ["a.json"]
    assert Reader(tmp_path / "none", tmp_path / "index").look() == {}


def test_several_that_write_at_once_leave_one_whole_index(reader: Reader) -> None:
    """And nothing half written beside it."""
    readers = [Reader(reader.folder, reader.index_dir) for _ in range(8)]
    for number in range(5):
        (reader.folder / "a.json").write_text(f"a{number}" * 3, "utf-8")
        threads = [threading.Thread(target=one.look) for one in readers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert reader.look()["a.json"] == f"a{number}" * 3
    assert reader.index_dir is not None
    assert len(list(reader.index_dir.iterdir())) == 1


def test_a_name_that_is_no_text_hides_no_other_one(reader: Reader) -> None:
    """It is read each time."""
    name = os.fsdecode(b"\xff.json")
    try:
        (reader.folder / name).write_text("x", "utf-8")
    except OSError:
        pytest.skip("this file system takes only names that are text")
    reader.look()
    assert reader.look()["a.json"] == "a1"
    assert reader.read == [name]


def test_an_index_that_nobody_uses_goes(reader: Reader) -> None:
    """After a month; what is no index stays."""
    assert reader.index_dir is not None
    (mine,) = reader.index_dir.iterdir()
    old, left = (reader.index_dir / name for name in ("facts-0.index", ".facts-0.index.1-1"))
    note = reader.index_dir / "note.txt"
    for file in (mine, old, left, note):
        file.touch()
        os.utime(file, (0, 0))
    reader.look()
    (reader.folder / "a.json").write_text("another", "utf-8")
    reader.look()
    assert sorted(reader.index_dir.iterdir()) == sorted([mine, note])
