"""The cache loses money at worst: no failure of it reaches the caller."""

import logging
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledgers import usage_rows
from pipeline.llm.cache import Cache, StoredAnswer
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.ledger import Ledger, LedgerRow, Usage
from pipeline.records import StoredPage

PAGE = StoredPage(
    url="https://example.org/a",
    etag='W/"1"',
    last_modified=None,
    content_type="text/html",
    body=b"\x00\xff<html>",
)


def test_what_is_kept_is_found_by_the_next_run(tmp_path: Path) -> None:
    """Replies, pages, modes and the ledger survive the process."""
    path = tmp_path / "cache.sqlite"
    learnt = ServerCapabilities(mode="json_object", token_param="max_tokens")  # noqa: S106 - a name
    spent = LedgerRow(
        run="r1", day="2026-01-02", model="m", usage=Usage(prompt="select", calls=2, cost_usd=None)
    )
    with Cache(path) as cache:
        cache.put_reply("k", '{"a": "标题"}')
        cache.put(PAGE)
        cache.put_capabilities("host", "model", learnt)
        Ledger(cache).add_rows([spent, spent])
    with Cache(path) as cache:
        assert cache.get_reply("k") == '{"a": "标题"}'
        assert cache.get(PAGE.url) == PAGE
        assert cache.get_capabilities("host", "model") == learnt
        assert usage_rows(cache) == (spent, spent)


def test_what_was_not_kept_is_not_found(tmp_path: Path) -> None:
    """Nothing is None."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        assert cache.get_reply("k") is None
        assert cache.get("https://example.org/") is None
        assert cache.get_capabilities("host", "model") is None
        assert usage_rows(cache) == ()


def test_the_last_one_kept_counts(tmp_path: Path) -> None:
    """A key has one reply, an address one page, a server one mode."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        cache.put_reply("k", "1")
        cache.put_reply("k", "2")
        cache.put(PAGE)
        cache.put(PAGE.model_copy(update={"body": b"new"}))
        found = cache.get(PAGE.url)
        assert cache.get_reply("k") == "2"
        assert found is not None
        assert found.body == b"new"


def test_a_mode_that_this_version_does_not_know_is_not_found(tmp_path: Path) -> None:
    """A row that somebody else wrote is no failure."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        cache.execute("INSERT INTO modes VALUES ('h', 'm', 'telepathy', 'max_tokens')")
        assert cache.get_capabilities("h", "m") is None


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    """Folder 0700, files 0600, however open they were."""
    path = tmp_path / "deep" / "cache.sqlite"
    with Cache(path) as cache:
        cache.put_reply("k", "1")
        assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
        modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
        assert modes == {0o600}
    path.chmod(0o644)
    with sqlite3.connect(path) as other:
        # Whoever left the file open has left its neighbours there, as open as it was.
        other.execute("CREATE TABLE open_to_all (a)")
    wal = path.with_name("cache.sqlite-wal")
    assert stat.S_IMODE(wal.stat().st_mode) == 0o644
    with Cache(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE(wal.stat().st_mode) == 0o600
    other.close()


def test_several_threads_may_use_one_cache(tmp_path: Path) -> None:
    """Nothing is lost between threads."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: cache.put_reply(f"k{n}", str(n)), range(200)))
        assert [cache.get_reply(f"k{n}") for n in range(200)] == [str(n) for n in range(200)]


def test_several_processes_may_start_one_cache_together(tmp_path: Path) -> None:
    """Processes that find no file make one, and all they keep is in it."""
    path = tmp_path / "cache.sqlite"
    code = (
        "import sys; from pathlib import Path; from pipeline.llm.cache import Cache\n"
        "name = sys.argv[2]\n"
        "with Cache(Path(sys.argv[1])) as cache:\n"
        "    for n in range(50): cache.put_reply(f'{name}{n}', name)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], stderr=subprocess.PIPE)
        for name in "abc"
    ]
    said = [process.communicate(timeout=60)[1] for process in running]
    assert said == [b"", b"", b""]
    with Cache(path) as cache:
        kept = [cache.get_reply(f"{name}{n}") for name in "abc" for n in range(50)]
    assert kept == [name for name in "abc" for _ in range(50)]


def test_a_damaged_file_is_moved_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What is no database is kept beside, said, and started anew."""
    path = tmp_path / "cache.sqlite"
    path.write_bytes(b"this is no database at all" * 100)
    with Cache(path) as cache:
        cache.put_reply("k", "1")
        assert cache.get_reply("k") == "1"
    assert (tmp_path / "cache.sqlite.damaged").read_bytes().startswith(b"this is no database")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "is damaged" in caplog.text
    with Cache(path) as cache:
        assert cache.get_reply("k") == "1"


def test_damage_that_shows_later_is_moved_aside_too(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A page of the file that is broken is met when it is read; the run goes on."""
    path = tmp_path / "cache.sqlite"
    with Cache(path) as cache:
        for n in range(500):
            cache.put_reply(f"k{n}", "x" * 500)
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + b"\xff" * (len(whole) - 8192))
    with Cache(path) as cache:
        found = [cache.get_reply(f"k{n}") for n in range(500)]
        assert None in found
        cache.put_reply("new", "1")
        assert cache.get_reply("new") == "1"
    assert (tmp_path / "cache.sqlite.damaged").exists()
    assert "is damaged" in caplog.text


def test_where_no_file_can_be_written_it_works_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A folder that cannot be made is said once; the run goes on."""
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "cache.sqlite", tmp_path):
        caplog.clear()
        with Cache(path) as cache:
            cache.put_reply("k", "1")
            assert cache.get_reply("k") == "1"
        assert "cannot be used, nothing will be kept" in caplog.text
        assert len(caplog.records) == 1
    assert stat.S_IMODE(tmp_path.stat().st_mode) & stat.S_IXUSR


def test_a_full_disk_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What cannot be kept is not kept; what was kept is still found."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        cache.put_reply("small", "1")
        cache.execute("PRAGMA max_page_count = 1")
        for n in range(3):
            cache.put_reply(f"large{n}", "x" * 100_000)
        assert cache.get_reply("small") == "1"
        assert cache.get_reply("large0") is None
    assert len(caplog.records) == 1
    assert "full" in caplog.text


@pytest.mark.parametrize("version", [0, 99])
def test_a_file_of_an_unknown_version_is_moved_aside(
    tmp_path: Path, version: int, caplog: pytest.LogCaptureFixture
) -> None:
    """What a newer version has paid for is not lost, and the run goes on."""
    path = tmp_path / "cache.sqlite"
    old = sqlite3.connect(path)
    old.execute("CREATE TABLE replies (something TEXT)")
    old.execute("INSERT INTO replies VALUES ('paid')")
    old.execute(f"PRAGMA user_version = {version}")
    old.commit()
    old.close()
    with Cache(path) as cache:
        cache.put_reply("k", "1")
        assert cache.get_reply("k") == "1"
    assert [f"is of version {version}" in line for line in caplog.messages] == [True]
    aside = sqlite3.connect(tmp_path / "cache.sqlite.other")
    assert aside.execute("SELECT * FROM replies").fetchall() == [("paid",)]
    aside.close()


def test_the_paid_answers_of_version_1_stay(tmp_path: Path) -> None:
    """Replies, modes and pages of an older file are found; its ledger begins anew."""
    path = tmp_path / "cache.sqlite"
    old = sqlite3.connect(path)
    old.executescript(
        """
        CREATE TABLE replies (
            key TEXT PRIMARY KEY, answer TEXT NOT NULL,
            created TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
        ) WITHOUT ROWID;
        CREATE TABLE modes (
            host TEXT, model TEXT, mode TEXT NOT NULL, token_param TEXT NOT NULL,
            PRIMARY KEY (host, model)
        ) WITHOUT ROWID;
        CREATE TABLE pages (
            url TEXT PRIMARY KEY, etag TEXT, last_modified TEXT, content_type TEXT NOT NULL,
            body BLOB NOT NULL
        );
        CREATE TABLE usage (run, day, model, prompt, calls);
        INSERT INTO replies (key, answer) VALUES ('k', '{"a": 1}');
        INSERT INTO modes VALUES ('h', 'm', 'text', 'max_tokens');
        PRAGMA user_version = 1;
        """
    )
    old.close()
    with Cache(path) as cache:
        assert cache.get_reply("k") == '{"a": 1}'
        assert cache.get_capabilities("h", "m") is not None
        cache.put_answer("c", StoredAnswer(content="words"))
        cache.put(PAGE)
    with Cache(path) as cache:
        assert cache.get_answer("c") == StoredAnswer(content="words")
        assert cache.get(PAGE.url) == PAGE
        assert usage_rows(cache) == ()


def test_an_answer_is_kept_as_it_came(tmp_path: Path) -> None:
    """Words, a refusal, why it ended and a filter's status come back; the last one counts."""
    raws = [
        StoredAnswer(content="标题", finish_reason="stop"),
        StoredAnswer(refusal="no", finish_reason="stop"),
        StoredAnswer(turned_down="content_filter", status=400),
    ]
    with Cache(tmp_path / "cache.sqlite") as cache:
        assert cache.get_answer("k") is None
        for raw in raws:
            cache.put_answer("k", raw)
            assert cache.get_answer("k") == raw


def test_a_closed_cache_finds_and_keeps_nothing(tmp_path: Path) -> None:
    """A thread that comes late, after an interrupted run, does no harm."""
    cache = Cache(tmp_path / "cache.sqlite")
    cache.close()
    cache.close()
    cache.put_reply("k", "1")
    assert cache.get_reply("k") is None


def test_notes_are_read_by_kind_in_the_order_of_their_names(tmp_path: Path) -> None:
    """One that is kept again is there once, one that is dropped is gone, and no other."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        for kind, name, text in (
            ("batch", "b", "1"),
            ("batch", "a", "2"),
            ("other", "a", "3"),
            ("batch", "c", "4"),
            ("batch", "b", "5"),
        ):
            cache.put_note(kind, name, text)
        assert list(cache.notes("batch").items()) == [("a", "2"), ("b", "5"), ("c", "4")]
        cache.delete_note("batch", "a")
        assert cache.notes("batch") == {"b": "5", "c": "4"}
        assert cache.notes("other") == {"a": "3"}


def test_the_ledger_is_read_in_the_order_in_which_it_was_written(tmp_path: Path) -> None:
    """Whatever days and models; models of a bill are in alphabetical order."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        for day, model in (("2026-02-01", "z"), ("2026-01-30", "a"), ("2026-01-31", "m")):
            usage = Usage(prompt="p", calls=1)
            Ledger(cache).add_rows(
                [LedgerRow(run="r", day=day, model=model, usage=usage, digest="d")]
            )
        assert [line.model for line in usage_rows(cache)] == ["z", "a", "m"]
        bill = Ledger(cache).digest_bills()["d"]
        assert (bill.models, bill.since, bill.until) == (
            ("a", "m", "z"),
            "2026-01-30",
            "2026-02-01",
        )


def test_what_was_learnt_is_by_host_and_model(tmp_path: Path) -> None:
    """The last of each counts."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        text = ServerCapabilities(mode="text", token_param="max_tokens")  # noqa: S106 - no password
        schema = ServerCapabilities(mode="json_schema", token_param="max_completion_tokens")  # noqa: S106
        cache.put_capabilities("h", "m", text)
        cache.put_capabilities("h", "m", schema)
        cache.put_capabilities("h", "n", text)
        assert (cache.get_capabilities("h", "m"), cache.get_capabilities("h", "n")) == (
            schema,
            text,
        )
        assert cache.get_capabilities("i", "m") is None
