"""A day's cap holds for all processes; one set by hand stops a run that cannot keep it."""

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ledgers import usage_rows
from pipeline.errors import ModelError
from pipeline.llm.budget import BudgetLimits, CostMeter, ModelPricing, RunLedger
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import Ledger, LedgerRow, Usage
from pipeline.llm.prices import Prices, Tokens
from pipeline.storage import process_mark

NAME = "AINEWS_MAX_COST_USD_PER_DAY"
CALL = Tokens(input=1000, output=100)
"""It costs 0.002 USD."""
TODAY = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
DAY = TODAY.isoformat()


def meter(
    cache: Cache, limit: float = 1.0, *, by_hand: bool = True, today: dt.date = TODAY
) -> CostMeter:
    """Make a meter with a cap of the day."""
    prices = Prices(input_usd_per_mtok=1, output_usd_per_mtok=10)
    limits = BudgetLimits(
        max_tokens=10**6,
        max_cost_usd=100,
        max_cost_usd_per_day=limit,
        explicit=(NAME,) if by_hand else (),
    )
    ledger = Ledger(cache, today=lambda: today)
    pricing = ModelPricing(host="example.org/v1", model="m", prices=prices)
    return CostMeter(pricing, limits, RunLedger(ledger, "r"))


def spend(one: CostMeter) -> None:
    """Make a call."""
    with one.reserve(CALL):
        one.record_answer("p", CALL, counted=True, seconds=0)


def spent(usd: float, day: str = DAY) -> LedgerRow:
    """Write a line."""
    return LedgerRow(run="r", day=day, model="m", usage=Usage(prompt="p"), estimated_usd=usd)


def in_file_way(path: Path) -> None:
    """A file stands where its folder should be."""
    path.parent.rmdir()
    path.parent.write_bytes(b"")


def others_may_write(path: Path) -> None:
    """Others could have written it."""
    path.parent.chmod(0o777)


def damaged(path: Path) -> None:
    """It is no database."""
    path.write_bytes(b"no database" * 1000)


def newer(path: Path) -> None:
    """It is of a version that this one cannot read."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE usage (something)")
        db.execute("PRAGMA user_version = 99")


def busy(path: Path) -> None:
    """Somebody else does not let go of it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("BEGIN EXCLUSIVE")
    others.append(db)


others: list[sqlite3.Connection] = []
HARMS = [in_file_way, others_may_write, damaged, newer, busy]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the name of a cache that waits for nobody."""
    monkeypatch.setattr("pipeline.llm.cache_file._BUSY_TIMEOUT_S", 0.1)
    (tmp_path / "cache").mkdir(mode=0o700)
    return tmp_path / "cache" / "cache.sqlite"


@pytest.mark.parametrize("harm", HARMS)
def test_a_cap_set_by_hand_that_cannot_be_kept_stops_before_anything_is_paid(
    harm: Callable[[Path], None], path: Path
) -> None:
    """In this run and in the next, with the setting and the file; as one that is passed."""
    harm(path)
    try:
        for _ in range(2):
            with Cache(path) as cache:
                with pytest.raises(ModelError, match=rf"^{NAME} cannot be kept: ") as caught:
                    spend(meter(cache))
                assert caught.value.exit_code == 5
                assert str(path.parent) in str(caught.value)
                assert "\n" not in str(caught.value)
                assert usage_rows(cache) == ()
    finally:
        while others:
            others.pop().close()


@pytest.mark.parametrize("harm", HARMS)
def test_one_that_nobody_set_goes_on_with_a_warning(
    harm: Callable[[Path], None], path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """What this run spends still counts."""
    harm(path)
    try:
        with Cache(path) as cache:
            one = meter(cache, 0.005, by_hand=False)
            spend(one)
            spend(one)
            with pytest.raises(ModelError, match="stopped before passing"):
                spend(one)
    finally:
        while others:
            others.pop().close()
    assert len(caplog.messages) == 1


def test_a_ledger_that_breaks_in_the_middle_stops_the_next_call(path: Path) -> None:
    """A full disk, or one that went away."""
    with Cache(path) as cache:
        one = meter(cache)
        spend(one)
        cache.execute("PRAGMA max_page_count = 1")
        cache.put_reply("large", "x" * 1_000_000)
        with pytest.raises(ModelError, match="full"):
            spend(one)


def test_a_full_disk_shows_before_the_first_call(path: Path) -> None:
    """The ledger is tried by writing into it."""
    with Cache(path) as cache:
        cache.put_reply("large", "x" * 100_000)
        cache.execute("PRAGMA query_only = 1")
        with pytest.raises(ModelError, match=f"{NAME} cannot be kept"):
            spend(meter(cache))


def test_the_day_after_a_damage_begins_anew(path: Path) -> None:
    """So it does where the file that was moved aside is removed, as the line says."""
    damaged(path)
    with Cache(path) as cache, pytest.raises(ModelError):
        spend(meter(cache))
    aside = path.with_name("cache.sqlite.damaged")
    with Cache(path) as cache:
        with pytest.raises(ModelError, match=f"remove that file.*unset {NAME}"):
            spend(meter(cache))
        spend(meter(cache, today=TODAY + dt.timedelta(days=1)))
        aside.unlink()
        spend(meter(cache))


def test_days_to_come_count_where_somebody_set_the_cap(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A clock that was set back opens no cap anew; a default cap only warns of them."""
    ahead = (TODAY + dt.timedelta(days=3)).isoformat()
    with Cache(path) as cache:
        Ledger(cache).add_rows([spent(0.9, ahead), spent(50, "2020-01-01")])
        spend(meter(cache, 0.5, by_hand=False))
        spend(meter(cache, 0.95))
        with pytest.raises(ModelError, match=NAME):
            spend(meter(cache, 0.9))
    assert "was the clock wrong" in caplog.text


@pytest.mark.parametrize(
    ("cells", "usd"),
    [
        (("'r'", f"'{DAY}'", "'m'", "-5"), 0),
        (("'r'", f"'{DAY}'", "'m'", "'much'"), 0),
        (("x'ff'", f"'{DAY}'", "x'ff'", "x'ff'"), 0),
        (("NULL", f"'{DAY}'", "NULL", "NULL"), 0),
        (("printf('%.3000000c', 'x')", f"'{DAY}'", "printf('%.3000000c', 'm')", "0.5"), 0.5),
        (("'r'", f"'{DAY}'", "'m'", "1e999"), float("inf")),
    ],
    ids=["negative", "words", "bytes", "nothing", "huge", "endless"],
)
def test_what_is_in_the_ledger_need_not_be_what_was_written(
    cells: tuple[str, ...], usd: float, path: Path
) -> None:
    """A line makes no room in the cap; sums and bills are told all the same, in short lines."""
    with Cache(path) as cache:
        Ledger(cache).add_rows([spent(0.25)])
        rest = ("'p'", "9223372036854775807", *("9223372036854775807",) * 9, "'text'", "1e999")
        row = ", ".join((*cells, *rest))
        cache.execute(f"INSERT INTO usage VALUES ({row}, '2026-01-30=x')")  # noqa: S608 - of this test
        assert Ledger(cache).spent_usd(DAY) == 0.25 + usd
        usage = Ledger(cache).daily_usage()
        assert usage[-1].usage.calls == 9_000_000_000_000_000
        assert max(len(line.model) for line in usage) <= 300
        assert len(str(Ledger(cache).digest_bills()["2026-01-30=x"])) < 5000
        assert not cache.loss


def test_two_ledgers_of_one_process_do_not_meet(path: Path) -> None:
    """Each call has a name of its own, whichever ledger it goes through."""
    with Cache(path) as cache:
        one, two = meter(cache), meter(cache)
        with one.reserve(CALL), two.reserve(CALL), one.reserve(CALL):
            assert len(cache.notes("call")) == 3
        assert cache.notes("call") == {}
        assert not cache.loss


def test_what_a_killed_process_had_on_its_way_is_forgotten(path: Path) -> None:
    """So is what another machine said hours ago; what a process at work has on its way counts."""
    machine, pid, _ = process_mark().rsplit(" ", 2)
    with Cache(path) as cache:
        cache.put_note("call", f"{machine} {pid} 1 0 1", "0.9")
        cache.put_note("call", f"other 1 2 3 {0} 1", "0.9")
        cache.put_note("call", "no mark", "0.9")
        spend(meter(cache, 0.5))
        assert cache.notes("call") == {}


def test_a_run_of_cached_answers_needs_no_ledger(path: Path) -> None:
    """Nothing is paid, and nothing is refused."""
    in_file_way(path)
    with Cache(path) as cache:
        meter(cache).record_cache_hit("p")


def test_a_price_that_nobody_knows_has_no_cap(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As ever it is warned of."""
    path.parent.chmod(0o777)
    with Cache(path) as cache:
        limits = BudgetLimits(max_tokens=10**6, max_cost_usd=1, explicit=(NAME,))
        pricing = ModelPricing(host="example.org/v1", model="none", prices=None)
        one = CostMeter(pricing, limits, RunLedger(Ledger(cache), "r"))
        with one.reserve(CALL):
            pass
    assert "cannot stop the run" in caplog.text
