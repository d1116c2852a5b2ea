"""What nobody has read for long goes, and the oldest of too much; never what a run has just used."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledgers import usage_rows
from pipeline.llm.cache import Cache, StoredAnswer
from pipeline.llm.ledger import Ledger, LedgerRow, Usage
from pipeline.llm.pruning import prune
from pipeline.records import StoredPage

TABLES = {"replies": "key", "answers": "key", "pages": "url"}
PLENTY = 10**12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the name of a cache."""
    return tmp_path / "cache.sqlite"


@pytest.fixture
def cache(path: Path) -> Iterator[Cache]:
    """Open it."""
    with Cache(path) as opened:
        yield opened


def put(cache: Cache, name: str, days_ago: float, *, size: int = 10) -> None:
    """Keep one of each that was last of use so long ago."""
    cache.put_reply(name, "x" * size)
    cache.put_answer(name, StoredAnswer(content="x" * size))
    body = b"x" * size
    cache.put(StoredPage(url=name, etag="1", last_modified=None, content_type="", body=body))
    for table, key in TABLES.items():
        when = f"datetime('now', '{-days_ago} days')"
        cache.execute(f"UPDATE {table} SET created = {when} WHERE {key} = ?", name)  # noqa: S608 - of this test


def names(cache: Cache) -> list[set[str]]:
    """Name what is there."""
    return [
        {str(row[0]) for row in cache.execute(f"SELECT {key} FROM {table}")}  # noqa: S608 - of this test
        for table, key in TABLES.items()
    ]


def test_what_was_of_no_use_for_long_goes(cache: Cache) -> None:
    """Reading makes it of use again; the ledger, notes and what servers take stay."""
    for name, days in {"old": 31, "read": 31, "young": 29, "new": 0}.items():
        put(cache, name, days)
    cache.put_note("batch", "b", "text")
    line = LedgerRow(run="r", day="2020-01-01", model="m", usage=Usage(prompt="p"))
    Ledger(cache).add_rows([line])
    assert cache.get_reply("read")
    assert cache.get_answer("read")
    assert cache.get("read")
    prune(cache, max_age_days=30, max_bytes=PLENTY)
    assert names(cache) == [{"read", "young", "new"}] * 3
    assert cache.notes("batch") == {"b": "text"}
    assert usage_rows(cache) == (line,)


def test_of_too_much_the_oldest_goes(cache: Cache) -> None:
    """Until the rest is small enough."""
    for number in range(30):
        put(cache, f"{number:02}", 60 - number, size=100_000)
    prune(cache, max_age_days=365, max_bytes=5_000_000)
    for left in names(cache):
        assert 10 <= len(left) <= 20
        assert left == {f"{number:02}" for number in range(30 - len(left), 30)}


def test_what_was_of_use_within_a_day_stays(cache: Cache, path: Path) -> None:
    """However much it is, and whoever of two processes read it."""
    for name in ("a", "b", "c"):
        put(cache, name, 400, size=100_000)
    put(cache, "new", 0, size=100_000)
    assert cache.get_reply("a")
    with Cache(path) as other:
        assert other.get_answer("b")
        assert other.get("b")
        prune(cache, max_age_days=1, max_bytes=1)
        assert names(other) == [{"a", "new"}, {"b", "new"}, {"b", "new"}]


def test_days_to_come_are_days_of_now(cache: Cache) -> None:
    """A clock that was ahead has marked them; they go when they are old, and are not lost now."""
    put(cache, "ahead", -4000)
    prune(cache, max_age_days=30, max_bytes=1)
    assert names(cache) == [{"ahead"}] * 3
    for table in TABLES:
        [[age]] = cache.execute(f"SELECT julianday() - julianday(created) FROM {table}")  # noqa: S608 - of this test
        assert 0 <= age < 0.01


def test_the_work_of_a_run_is_bounded_and_goes_on(cache: Cache) -> None:
    """A cache that was never cleared does not hold up a run."""
    cache.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) "
        "INSERT INTO replies SELECT i, 'x', '2020-01-01 00:00:00' FROM n"
    )
    left = []
    for _ in range(3):
        prune(cache, max_age_days=30, max_bytes=PLENTY)
        left.append(cache.execute("SELECT count(*) FROM replies")[0][0])
    assert left == [3000, 1000, 0]


def test_freed_room_is_given_back(path: Path) -> None:
    """The file of a new cache becomes smaller."""
    with Cache(path) as cache:
        for number in range(50):
            put(cache, str(number), 400, size=100_000)
    before = path.stat().st_size
    with Cache(path) as cache:
        prune(cache, max_age_days=30, max_bytes=PLENTY)
    assert path.stat().st_size < before / 10


def test_a_cache_that_is_not_kept_is_left_alone(path: Path, tmp_path: Path) -> None:
    """In memory, or closed, there is nothing to do; other files beside it are never touched."""
    (tmp_path / "mine.txt").write_text("mine")
    tmp_path.chmod(0o777)
    with Cache(path) as cache:
        put(cache, "a", 400)
        prune(cache, max_age_days=30, max_bytes=1)
        assert names(cache) == [{"a"}] * 3
    prune(cache, max_age_days=30, max_bytes=1)
    tmp_path.chmod(0o700)
    with Cache(path) as cache:
        put(cache, "a", 400)
        prune(cache, max_age_days=30, max_bytes=1)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    with sqlite3.connect(path) as db:
        assert db.execute("SELECT count(*) FROM replies").fetchone() == (0,)
    db.close()
