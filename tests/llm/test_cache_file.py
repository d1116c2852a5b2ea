"""A cache is used while nobody else can write it, read while we cannot, and believed in parts."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ledgers import usage_rows
from pipeline.cli import main
from pipeline.llm.cache import Cache, StoredAnswer
from pipeline.llm.ledger import Ledger, LedgerRow, Usage
from pipeline.records import StoredPage

STRANGER = 12345
PAGE = StoredPage(
    url="https://example.org/a", etag="1", last_modified=None, content_type="", body=b"body"
)
SPENT = LedgerRow(
    run="r", day="2026-01-30", model="m", usage=Usage(prompt="p", calls=1), estimated_usd=0.5
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make a cache with one of each."""
    path = tmp_path / "cache" / "cache.sqlite"
    with Cache(path) as cache:
        cache.put_reply("k", "1")
        cache.put_answer("a", StoredAnswer(content="words"))
        cache.put(PAGE)
        cache.put_note("batch", "b", "text")
        Ledger(cache).add_rows([SPENT])
    return path


def give_away(path: Path) -> None:
    """Give a file to somebody else."""
    if os.geteuid() != 0:
        pytest.skip("only root may give a file to somebody else")
    os.chown(path, STRANGER, STRANGER, follow_symlinks=False)


def open_folder(path: Path) -> None:
    """Everybody may write into the folder."""
    path.parent.chmod(0o777)


def group_folder(path: Path) -> None:
    """Those of its group may."""
    path.parent.chmod(0o770)


def foreign_folder(path: Path) -> None:
    """It is somebody else's."""
    give_away(path.parent)


def foreign_link(path: Path) -> None:
    """It is a link into a folder of somebody else's."""
    path.parent.rename(path.parent.with_name("theirs"))
    give_away(path.parent.with_name("theirs"))
    path.parent.symlink_to("theirs")


def foreign_file(path: Path) -> None:
    """The file in our folder is somebody else's."""
    give_away(path)


def open_file(path: Path) -> None:
    """Everybody may write the file."""
    path.chmod(0o666)


def open_log(path: Path) -> None:
    """Everybody may write what belongs to the file."""
    log = path.with_name("cache.sqlite-wal")
    log.touch()
    log.chmod(0o666)


def pipe(path: Path) -> None:
    """It is a pipe, which nobody writes."""
    path.unlink()
    os.mkfifo(path)


def device(path: Path) -> None:
    """It is a link to a device that never ends."""
    path.unlink()
    path.symlink_to("/dev/zero")


def circle(path: Path) -> None:
    """It is a link to itself."""
    path.unlink()
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    "harm",
    [
        *(open_folder, group_folder, foreign_folder, foreign_link, foreign_file, open_file),
        *(open_log, pipe, device, circle),
    ],
)
def test_a_cache_that_others_could_write_is_not_used(
    harm: Callable[[Path], None], path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing in it is found, nothing written, and one line says why; the run goes on in memory."""
    harm(path)
    before = sorted(file.name for file in path.parent.iterdir())
    with Cache(path) as cache:
        assert cache.get_reply("k") is None
        assert usage_rows(cache) == ()
        cache.put_reply("new", "1")
        assert cache.get_reply("new") == "1"
        assert "cannot be used, nothing will be kept" in cache.loss
    assert sorted(file.name for file in path.parent.iterdir()) == before
    assert len(caplog.messages) == 1
    assert str(path) in caplog.text
    assert path.parent.stat().st_mode & 0o777 in (0o777, 0o770, 0o700)


def test_a_cache_of_our_own_behind_our_own_link_is_used(path: Path) -> None:
    """Also where others may read it."""
    path.parent.rename(path.parent.with_name("elsewhere"))
    path.parent.symlink_to("elsewhere")
    path.parent.chmod(0o755)
    with Cache(path) as cache:
        assert cache.get_reply("k") == "1"
        assert not cache.loss


@contextmanager
def mounted_for_reading(folder: Path) -> Iterator[None]:
    """Mount a folder over itself, for reading; skips, visibly, where that is not allowed."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("needs to mount a file system, which only root may")
    if subprocess.run(["mount", "--bind", folder, folder], check=False).returncode:
        pytest.skip("needs to mount a file system")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.parametrize("older", [False, True])
def test_a_cache_that_cannot_be_written_is_read(
    older: bool, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Answers, pages, notes and the ledger are found; what is new is found until the end."""
    if older:
        with sqlite3.connect(path) as db:
            for name in ("replies_by_age", "answers_by_age", "pages_by_age"):
                db.execute(f"DROP INDEX {name}")
            db.execute("ALTER TABLE pages DROP COLUMN created")
            db.execute("PRAGMA user_version = 3")
        db.close()
    with mounted_for_reading(path.parent), Cache(path) as cache:
        assert cache.get_reply("k") == "1"
        assert cache.get_answer("a") == StoredAnswer(content="words")
        assert cache.get(PAGE.url) == PAGE
        assert cache.notes("batch") == {"b": "text"}
        assert Ledger(cache).spent_usd("2026-01-30") == 0.5
        cache.put_reply("k", "2")
        cache.put_reply("new", "3")
        assert [cache.get_reply(key) for key in ("k", "new", "none")] == ["2", "3", None]
        assert "only read" in cache.loss
    assert len(caplog.messages) == 1
    with Cache(path) as cache:
        assert [cache.get_reply(key) for key in ("k", "new")] == ["1", None]


def trace(folder: Path) -> dict[str, tuple[int, ...]]:
    """Say what is in a folder, so that whatever is written there shows."""
    facts = {path.name: path.lstat() for path in (folder, *folder.iterdir())}
    return {
        name: (one.st_size, one.st_mtime_ns, one.st_ctime_ns, one.st_ino, one.st_mode)
        for name, one in facts.items()
    }


def test_a_look_at_a_cache_that_cannot_be_written_says_nothing_of_it(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody wants to write there."""
    before = trace(path.parent)
    with mounted_for_reading(path.parent), Cache(path, looks=True) as cache:
        assert Ledger(cache).spent_usd("2026-01-30") == 0.5
    assert caplog.messages == []
    assert trace(path.parent) == before


@pytest.mark.parametrize("log", [False, True], ids=["taken over", "with a log"])
def test_a_look_at_the_cache_of_another_user_reads_its_ledger_and_leaves_no_trace(
    log: bool, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What it costs is shown; its answers and pages are believed by nobody."""
    if log:
        with sqlite3.connect(path) as db:
            db.execute("INSERT INTO notes VALUES ('batch', 'c', 'text')")
        copy = path.parent.with_name("copy")
        shutil.copytree(path.parent, copy)
        db.close()
        path = copy / path.name
    for file in (path.parent, *path.parent.iterdir()):
        give_away(file)
    before = trace(path.parent)
    with Cache(path, looks=True) as cache:
        assert Ledger(cache).spent_usd("2026-01-30") == 0.5
        assert (cache.get_reply("k"), cache.get_answer("a"), cache.get(PAGE.url)) == (None,) * 3
        cache.put_reply("k", "2")
    assert caplog.messages == []
    assert trace(path.parent) == before


@contextmanager
def as_stranger() -> Iterator[None]:
    """Be another user, from whom the folders of root are locked away."""
    if os.geteuid() != 0:
        pytest.skip("only root may become somebody else")
    os.seteuid(STRANGER)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_look_at_a_folder_that_is_locked_away_finds_nothing_and_says_so(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """As the cache of another user is, unless he opens it."""
    path.parent.chmod(0o700)
    with as_stranger(), Cache(path, looks=True) as cache:
        assert usage_rows(cache) == ()
        assert "cannot be read: [Errno 13] Permission denied" in cache.loss
    assert caplog.messages == [f"{cache.loss}; put that right or set AINEWS_CACHE_DIR"]


def test_a_ledger_that_is_locked_away_is_not_called_empty(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its costs are not nothing."""
    path.parent.chmod(0o700)
    monkeypatch.chdir("/")
    monkeypatch.setenv("AINEWS_CACHE_DIR", str(path.parent))
    with as_stranger(), pytest.raises(SystemExit) as ended:
        main(["usage", "--json"])
    told = capsys.readouterr()
    assert (ended.value.code, told.out) == (2, "")
    assert f"the ledger in {str(path)!r} cannot be read: permission denied" in told.err


def test_a_look_makes_no_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nor a folder; there is nothing to say of it."""
    with Cache(tmp_path / "none" / "cache.sqlite", looks=True) as cache:
        assert usage_rows(cache) == ()
        assert not cache.loss
    assert not list(tmp_path.iterdir())
    assert caplog.messages == []


def test_a_look_at_what_is_no_file_ends(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A pipe of another user would never be read to its end."""
    path.unlink()
    os.mkfifo(path)
    give_away(path)
    with Cache(path, looks=True) as cache:
        assert usage_rows(cache) == ()
    assert ["cannot be read" in line for line in caplog.messages] == [True]


def test_a_log_that_was_not_taken_over_is_read_too(path: Path) -> None:
    """A run that was killed has left its last answers there."""
    writer = sqlite3.connect(path)
    writer.execute("INSERT INTO replies (key, answer) VALUES ('late', '5')")
    writer.commit()
    copy = path.parent.with_name("copy")
    shutil.copytree(path.parent, copy)
    writer.close()
    with mounted_for_reading(copy), Cache(copy / "cache.sqlite") as cache:
        assert cache.get_reply("k") == "1"
        assert "only read" in cache.loss


def test_what_is_in_it_need_not_be_what_was_put(path: Path) -> None:
    """Wrong types, bytes that are no text and cells that are too large are not found, or harmless."""
    huge = b"x" * 70_000_000
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO answers (key, content, status) VALUES ('w', x'ff00', 'many')")
        db.execute("INSERT INTO replies (key, answer) VALUES ('b', CAST(x'ff41' AS TEXT))")
        db.execute("INSERT INTO replies (key, answer) VALUES ('h', ?)", (huge.decode(),))
        db.execute("INSERT INTO pages (url, content_type, body) VALUES ('h', '', ?)", (huge,))
        db.execute("INSERT INTO pages (url, content_type, body) VALUES ('i', '', 17)")
    db.close()
    with Cache(path) as cache:
        assert cache.get_answer("w") is None
        assert cache.get_reply("b") == "\ufffdA"
        assert (cache.get_reply("h"), cache.get("h"), cache.get("i")) == (None, None, None)
        assert cache.get_reply("k") == "1"
        assert not cache.loss


def test_the_age_of_a_page_is_known_from_version_3_on(path: Path) -> None:
    """Those that were there before are as old as the change."""
    with sqlite3.connect(path) as db:
        db.execute("DROP INDEX pages_by_age")
        db.execute("ALTER TABLE pages DROP COLUMN created")
        db.execute("PRAGMA user_version = 3")
    db.close()
    with Cache(path) as cache:
        assert cache.get(PAGE.url) == PAGE
        [[age]] = cache.execute("SELECT julianday() - julianday(created) FROM pages")
        assert 0 <= age < 0.01
