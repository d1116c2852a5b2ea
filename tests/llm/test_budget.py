"""What calls cost is written down at once, added up honestly, and stopped before a limit."""

import datetime as dt
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledgers import usage_rows
from pipeline.cli import app
from pipeline.errors import ModelError
from pipeline.llm.budget import BudgetLimits, CostMeter, ModelPricing, RunCost, RunLedger
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import (
    DailyUsage,
    Ledger,
    LedgerRow,
    Usage,
    charge_to,
    charged_digest,
    format_cost,
)
from pipeline.llm.prices import Prices, Tokens, calculate_cost

DAY = dt.date(2026, 1, 30)
PRICES = Prices(input_usd_per_mtok=1, output_usd_per_mtok=10)
CALL = Tokens(input=1000, output=100, cached=400, reasoning=30)  # 0.002 USD


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[Cache]:
    """Open a cache."""
    with Cache(tmp_path / "cache.sqlite") as opened:
        yield opened


def meter(
    cache: Cache | None = None,
    *,
    prices: Prices | None = PRICES,
    ledger: Ledger | None = None,
    caps: BudgetLimits | None = None,
    run: str = "a run",
) -> CostMeter:
    """Make a meter of a priced model."""
    if cache is not None:
        ledger = ledger or Ledger(cache, today=lambda: DAY)
    return CostMeter(
        ModelPricing(host="example.org/v1", model="m", prices=prices),
        caps or BudgetLimits(max_tokens=10**6, max_cost_usd=1),
        RunLedger(ledger, run) if ledger else None,
    )


# --- ledger --------------------------------------------------------------------------------------


def test_each_call_is_a_line_at_once(cache: Cache) -> None:
    """An answer, a failure and an answer from the cache stand there before the run ends."""
    one = meter(cache)
    one.record_answer("select", CALL, counted=True, seconds=1.5)
    one.record_failure("select", seconds=2)
    one.record_cache_hit("translate")
    lines = usage_rows(cache)
    assert [(line.run, line.day, line.model) for line in lines] == [
        ("a run", "2026-01-30", "m")
    ] * 3
    assert [(line.usage.calls, line.usage.failed, line.usage.from_cache) for line in lines] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    assert lines[0].usage.cost_usd == pytest.approx(0.002)
    assert (lines[0].usage.cached_tokens, lines[0].usage.reasoning_tokens) == (400, 30)


def test_a_price_that_nobody_knows_is_none_in_the_ledger(cache: Cache) -> None:
    """An unknown model's is not 0; uncounted tokens have the price of the estimate."""
    meter(cache, prices=None).record_answer("select", CALL, counted=True, seconds=1)
    meter(cache).record_answer("select", CALL, counted=False, seconds=1)
    assert [line.usage.cost_usd for line in usage_rows(cache)] == [None, 0.002]
    assert Ledger(cache).spent_usd("2026-01-30") == pytest.approx(0.002)


def test_the_day_is_that_of_the_call_in_shanghai(cache: Cache) -> None:
    """A run over midnight is spent on two days; the default clock is that of Asia/Shanghai."""
    days = iter([DAY, DAY + dt.timedelta(days=1)])
    one = meter(cache, ledger=Ledger(cache, today=lambda: next(days)))
    one.record_failure("select", seconds=1)
    one.record_failure("select", seconds=1)
    Ledger(cache).add("r", "m", Usage(prompt="p"), 0.0)
    zone = dt.timezone(dt.timedelta(hours=8))
    first, second, real = (line.day for line in usage_rows(cache))
    assert (first, second) == ("2026-01-30", "2026-01-31")
    assert dt.date.fromisoformat(real) == dt.datetime.now(zone).date()


def test_threads_and_processes_write_one_ledger(cache: Cache, tmp_path: Path) -> None:
    """No line of theirs is lost."""
    code = (
        "import sys; from pathlib import Path\n"
        "from pipeline.llm.cache import Cache\n"
        "from pipeline.llm.ledger import Ledger, Usage\n"
        "with Cache(Path(sys.argv[1])) as cache:\n"
        "    for n in range(50): Ledger(cache).add('other', 'm', Usage(prompt='p', calls=1), 0.0)\n"
    )
    path = str(tmp_path / "cache.sqlite")
    other = subprocess.Popen([sys.executable, "-c", code, path], stderr=subprocess.PIPE)
    one = meter(cache)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _n: one.record_answer("p", CALL, counted=True, seconds=0), range(50)))
    assert other.communicate(timeout=60)[1] == b""
    *_, total = Ledger(cache).daily_usage()
    assert (total.usage.calls, total.runs) == (100, 2)


# --- prices --------------------------------------------------------------------------------------


def test_cached_input_has_its_own_price_where_one_is_set() -> None:
    """Without one it costs what all input costs."""
    own = PRICES.model_copy(update={"cached_input_usd_per_mtok": 0.1})
    plain, cheaper = (
        calculate_cost(CALL, host="h", model="m", prices=each) for each in (PRICES, own)
    )
    assert plain == pytest.approx(0.0006 + 0.0004 + 0.001)
    assert cheaper == pytest.approx(0.0006 + 0.00004 + 0.001)


def test_a_batched_answer_costs_its_part_and_says_what_it_saved(cache: Cache) -> None:
    """The receipt and the ledger know both."""
    one = meter(cache)
    one.record_answer("select", CALL, counted=True, seconds=0, batch=True)
    total = one.receipt().total
    assert total.cost_usd == total.saved_usd == pytest.approx(0.001)
    assert "1 by batch, which saved $0.0010" in one.receipt().describe()
    assert Ledger(cache).daily_usage()[-1].usage.saved_usd == pytest.approx(0.001)


def test_a_receipt_has_a_line_per_prompt() -> None:
    """Stages are told apart, in alphabetical order."""
    one = meter()
    one.record_answer("translate", CALL, counted=True, seconds=1)
    one.record_answer("select", CALL, counted=True, seconds=2)
    lines = one.receipt().prompts
    assert [(line.prompt, line.seconds) for line in lines] == [("select", 2), ("translate", 1)]


# --- limits --------------------------------------------------------------------------------------


def spend(one: CostMeter, tokens: Tokens = CALL) -> None:
    """Make one call, as `Model` does."""
    with one.reserve(tokens):
        one.record_answer("select", tokens, counted=True, seconds=0)


def test_a_day_stops_before_its_cap_whoever_spent_it(cache: Cache) -> None:
    """What other runs and processes have written counts; the next day begins anew."""
    day = [DAY]
    ledger = Ledger(cache, today=lambda: day[0])
    caps = BudgetLimits(max_tokens=10**6, max_cost_usd=1, max_cost_usd_per_day=0.005)
    one = meter(ledger=ledger, caps=caps)
    spend(one)
    spent = LedgerRow(
        run="b", day="2026-01-30", model="x", usage=Usage(prompt="p"), estimated_usd=0.002
    )
    with Cache(cache._path) as other:
        Ledger(other).add_rows([spent])
    with pytest.raises(ModelError, match=r"0\.0040 are spent today.*AINEWS_MAX_COST_USD_PER_DAY$"):
        spend(one)
    day[0] += dt.timedelta(days=1)
    spend(one)


def test_what_other_models_of_the_process_have_on_their_way_counts(cache: Cache) -> None:
    """Two runs that share a ledger cannot pass the day's cap together."""
    ledger = Ledger(cache, today=lambda: DAY)
    caps = BudgetLimits(max_tokens=10**6, max_cost_usd=1, max_cost_usd_per_day=0.003)
    one, two = (meter(ledger=ledger, caps=caps, run=run) for run in "ab")
    held = threading.Event()
    ended: list[str] = []

    def ask_second() -> None:
        held.wait(5)
        with pytest.raises(ModelError, match="PER_DAY"):
            spend(two)
        ended.append("refused")

    thread = threading.Thread(target=ask_second)
    thread.start()
    with one.reserve(CALL):
        held.set()
        thread.join(0.1)
        assert ended == []
        one.record_answer("select", CALL, counted=True, seconds=0)
    thread.join(5)
    assert ended == ["refused"]


def test_a_call_waits_for_reservations_that_turn_out_too_high() -> None:
    """An answer seldom takes all that was reserved; nothing is refused before that is known."""
    one = meter(caps=BudgetLimits(max_tokens=2000, max_cost_usd=1))
    started = threading.Event()
    done: list[int] = []

    def second() -> None:
        started.wait(5)
        spend(one, Tokens(input=900, output=100))
        done.append(1)

    thread = threading.Thread(target=second)
    thread.start()
    with one.reserve(Tokens(input=900, output=600)):
        started.set()
        thread.join(0.1)
        assert done == []
        one.record_answer("select", Tokens(input=900, output=50), counted=True, seconds=0)
    thread.join(5)
    assert done == [1]


def test_a_question_that_is_too_large_leaves_room_for_smaller_ones() -> None:
    """It alone is refused, in a line that names the setting."""
    one = meter(caps=BudgetLimits(max_tokens=2000, max_cost_usd=1))
    with pytest.raises(ModelError, match=r"may take 5000; .*AINEWS_MAX_TOKENS_PER_RUN$"):
        spend(one, Tokens(input=4000, output=1000))
    spend(one)


def test_many_threads_never_pass_a_limit_together(cache: Cache) -> None:
    """Whatever the order, what was spent stays below each cap."""
    caps = BudgetLimits(max_tokens=10**6, max_cost_usd=0.021, max_cost_usd_per_day=0.015)
    one = meter(cache, caps=caps)

    def told(_n: int) -> bool:
        try:
            spend(one)
        except ModelError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        answered = sum(pool.map(told, range(64)))
    assert answered == 7
    assert Ledger(cache).spent_usd("2026-01-30") == pytest.approx(0.014)


@pytest.mark.parametrize(
    ("chosen", "lines"), [((), 0), (("AINEWS_MAX_COST_USD",), 1)], ids=["default", "chosen"]
)
def test_a_cap_that_cannot_stop_anything_is_said_once(
    chosen: tuple[str, ...], lines: int, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the price is unknown, whoever chose a cap is told."""
    caps = BudgetLimits(max_tokens=10**6, max_cost_usd=1e-9, explicit=chosen)
    one = meter(prices=None, caps=caps)
    with caplog.at_level(logging.WARNING):
        spend(one)
        spend(one)
    assert len(caplog.records) == lines
    assert all("price of 'm' is not known" in line for line in caplog.messages)


# --- ainews-digest usage -------------------------------------------------------------------------


def spent(day: str, model: str, cost: float | None, run: str = "r") -> LedgerRow:
    """Write a line of one call."""
    usage = Usage(prompt="select", calls=1, input_tokens=1500, cached_tokens=500, cost_usd=cost)
    return LedgerRow(run=run, day=day, model=model, usage=usage)


Shown = Callable[..., tuple[list[list[str]], str]]


@pytest.fixture
def shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shown:
    """Run `usage` over these lines; give its table and what was said beside it."""

    def show(*lines: LedgerRow, arguments: tuple[str, ...] = ()) -> tuple[list[list[str]], str]:
        folder = tmp_path / "cache"
        if lines:
            with Cache(folder / "cache.sqlite") as cache:
                Ledger(cache).add_rows(lines)
        monkeypatch.setenv("AINEWS_CACHE_DIR", str(folder))
        monkeypatch.setenv("COLUMNS", "160")  # as wide as the table with all its columns
        done = CliRunner().invoke(app, ["usage", *arguments])
        assert done.exit_code == 0
        return [line.split() for line in done.stdout.splitlines()], done.stderr

    return show


def test_usage_adds_up_by_day_and_model(shown: Shown) -> None:
    """Unknown is said, never 0; a sum with unknown parts is a lower bound."""
    (heading, *rows), said = shown(
        spent("2026-01-30", "a", 0.25),
        spent("2026-01-30", "a", 0.5, run="s"),
        spent("2026-01-30", "b", None),
        spent("2026-01-31", "a", 0.0),
        spent("2026-01-31", "c[red]", 0.5),
        spent("2026-01-31", "c[red]", None),
    )
    assert said == ""
    assert heading[:3] == ["day", "model", "runs"]
    assert rows == [
        ["2026-01-30", "a", "2", "2", "0", "0", "3,000", "1,000", "0", "0", "$0.7500"],
        ["2026-01-30", "b", "1", "1", "0", "0", "1,500", "500", "0", "0", "unknown"],
        ["2026-01-31", "a", "1", "1", "0", "0", "1,500", "500", "0", "0", "$0.0000"],
        ["2026-01-31", "c[red]", "1", "2", "0", "0", "3,000", "1,000", "0", "0", "≥", "$0.5000"],
        ["total", "2", "6", "0", "0", "9,000", "3,000", "0", "0", "≥", "$1.2500"],
    ]


def test_usage_since_a_day_as_json(shown: Shown, tmp_path: Path) -> None:
    """Earlier days do not count; a cost that nobody knows is null."""
    lines = spent("2026-01-30", "a", 0.25), spent("2026-01-31", "b", None)
    table, _ = shown(*lines, arguments=("--since", "2026-01-31", "--json"))
    found = json.loads(" ".join(word for row in table for word in row))
    assert [(line["day"], line["cost_usd"], line["unpriced_calls"]) for line in found] == [
        ("2026-01-31", None, 1),
        ("total", None, 1),
    ]
    assert (tmp_path / "cache").is_dir()


def test_usage_without_a_ledger_says_so_and_makes_none(shown: Shown, tmp_path: Path) -> None:
    """Looking is no failure, and leaves no folder behind."""
    table, said = shown()
    assert table == []
    assert "the ledger in" in said
    assert "is empty" in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "cache").exists()


def test_usage_of_days_to_come_does_not_call_the_ledger_empty(shown: Shown) -> None:
    """It names the last day on which anything was asked."""
    (table, said) = shown(
        spent("2026-01-30", "a", 0.25),
        spent("2026-01-31", "b", 0.5),
        arguments=("--since", "2026-12-30"),
    )
    assert table == []
    assert "the last question was on 2026-01-31" in said
    assert "empty" not in said


def test_usage_of_a_damaged_cache_is_one_line_more(
    shown: Shown, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is moved aside, as every command does, and the ledger is empty then."""
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "cache.sqlite").write_bytes(b"no database " * 100)
    _, said = shown()
    assert ["is damaged" in line for line in caplog.messages] == [True]
    assert "is empty" in said


def test_money_is_never_nothing_where_it_is_unknown(cache: Cache) -> None:
    """The line of a day with free and unknown calls is unknown, not $0."""
    Ledger(cache).add_rows([spent("2026-01-30", "a", None), spent("2026-01-30", "a", 0.0)])
    assert [format_cost(line) for line in Ledger(cache).daily_usage()] == ["unknown", "unknown"]


# --- the receipt, prices and limits, further -----------------------------------------------------


def test_a_receipt_adds_up_everything_and_an_unknown_price_stays_unknown() -> None:
    """Of all prompts; an estimated call makes the whole an estimate."""
    one = meter()
    one.record_answer("select", CALL, counted=True, seconds=1.5)
    one.record_answer("translate", CALL, counted=True, seconds=2, batch=True)
    one.record_failure("select", seconds=3)
    one.record_cache_hit("translate")
    total = one.receipt().total
    assert (total.calls, total.batched, total.failed, total.from_cache) == (2, 1, 1, 1)
    assert (total.input_tokens, total.cached_tokens) == (2000, 800)
    assert (total.output_tokens, total.reasoning_tokens, total.seconds) == (200, 60, 6.5)
    assert total.cost_usd == pytest.approx(0.003)
    assert total.saved_usd == pytest.approx(0.001)
    assert one.receipt().summary() == "2,200 tokens, $0.0030"
    one.record_answer("select", CALL, counted=False, seconds=0)
    assert one.receipt().summary() == "3,300 tokens, about $0.0050"
    assert "(select about $0.0040, translate $0.0010)" in one.receipt().describe()
    other = meter(prices=None)
    other.record_answer("select", CALL, counted=True, seconds=0)
    both = one.receipt().add(other.receipt())
    assert both.total.cost_usd is None
    assert both.summary() == "4,400 tokens, price unknown"
    assert [line.cost_usd for line in both.prompts] == [None, pytest.approx(0.001)]


def test_where_nothing_is_paid_answers_are_counted() -> None:
    """Sentences, where the model translates them one by one; those of the cache count, too."""
    lines = (
        Usage(prompt="translate", calls=3, from_cache=1),
        Usage(prompt="translate_sentence", calls=30, from_cache=4),
    )
    cost = RunCost(model="m", total=Usage(prompt="", calls=33, input_tokens=9), prompts=lines)
    assert cost.summary(is_free=True) == "34 sentences"
    assert cost.model_copy(update={"prompts": lines[:1]}).summary(is_free=True) == "4 answers"
    assert cost.summary().startswith("9 tokens, ")


def test_two_receipts_are_one_that_names_both_models() -> None:
    """Line by line; a price that one does not know is not known of both."""
    first, second, third = meter(), meter(), meter(prices=None)
    first.record_answer("select", CALL, counted=True, seconds=1)
    second.record_answer("translate", CALL, counted=True, seconds=2)
    second.record_answer("select", CALL, counted=True, seconds=4)
    both = first.receipt().add(second.receipt())
    assert both.model == "m + m"
    assert [(line.prompt, line.calls, line.seconds) for line in both.prompts] == [
        ("select", 2, 5),
        ("translate", 1, 2),
    ]
    assert both.total.calls == 3
    assert both.total.cost_usd == pytest.approx(0.006)
    third.record_answer("select", CALL, counted=True, seconds=0)
    for one, other in ((first, third), (third, first)):
        assert one.receipt().add(other.receipt()).total.cost_usd is None


def test_estimated_tokens_have_a_price_where_the_model_has_one() -> None:
    """A price of nothing is one."""
    free = Prices(input_usd_per_mtok=0, output_usd_per_mtok=0)
    for prices, cost, saved in ((free, 0.0, 0.0), (PRICES, 0.001, 0.001), (None, None, 0.0)):
        one = meter(prices=prices)
        one.record_answer("select", CALL, counted=False, seconds=0, batch=True)
        total = one.receipt().total
        assert (total.cost_usd, total.saved_usd) == (cost, saved)


def test_a_batch_has_the_factor_that_is_set() -> None:
    """Not everybody gives half."""
    tariff = ModelPricing(host="h", model="m", prices=PRICES, batch_price_factor=0.25)
    one = CostMeter(tariff, BudgetLimits(max_tokens=10**6, max_cost_usd=0.0006))
    one.record_answer("p", CALL, counted=True, seconds=0, batch=True)
    total = one.receipt().total
    assert total.cost_usd == pytest.approx(0.0005)
    assert total.saved_usd == pytest.approx(0.0015)
    with pytest.raises(ModelError), one.reserve(CALL):
        pass
    cheap = Tokens(input=100, output=2)
    with one.reserve(cheap, batch=True):
        pass


def test_a_price_counts_input_and_output_and_what_was_cached() -> None:
    """Each at its own rate, per million."""
    prices = Prices(input_usd_per_mtok=2, cached_input_usd_per_mtok=0, output_usd_per_mtok=8)
    tokens = Tokens(input=1_000_000, output=500_000, cached=250_000)
    assert calculate_cost(tokens, host="h", model="m", prices=prices) == pytest.approx(1.5 + 4)
    whole = Tokens(input=1_000_000, output=0, cached=1_000_000)
    assert calculate_cost(whole, host="h", model="m", prices=prices) == 0.0


def test_a_provider_s_own_price_is_taken_before_anybody_else_s() -> None:
    """One model costs otherwise where another company serves it."""
    tokens = Tokens(input=1_000_000, output=1_000_000)

    def listed(host: str, model: str) -> float | None:
        return calculate_cost(tokens, host=host, model=model, prices=None)

    hosts = ("api.groq.com/openai/v1", "openrouter.ai/api/v1", "nowhere.example/v1")
    first, second, nobody = (listed(host, "openai/gpt-oss-120b") for host in hosts)
    assert first is not None
    assert second is not None
    assert first != second
    assert nobody is None
    # A name that its maker's list knows is priced by it where the server is nobody's.
    own, other = (listed(host, "deepseek-r1-distill-llama-70b") for host in hosts[::2])
    assert own is not None
    assert other is not None
    assert own != other


def test_a_limit_may_be_reached_and_not_passed() -> None:
    """Tokens that come in and that go out count, and what the question may take."""
    one = meter(caps=BudgetLimits(max_tokens=2200, max_cost_usd=1))
    spend(one)
    with one.reserve(CALL):
        pass
    with (
        pytest.raises(ModelError, match="1100 are spent, the next question may take 1101"),
        one.reserve(Tokens(input=1001, output=100)),
    ):
        pass
    spend(one)
    with pytest.raises(ModelError), one.reserve(Tokens(input=1, output=0)):
        pass
    paid = meter(caps=BudgetLimits(max_tokens=10**6, max_cost_usd=0.004))
    spend(paid)
    spend(paid)
    with (
        pytest.raises(ModelError, match=r"passing 0.004 USD: 0.0040 are spent, .* cost 0.0000"),
        paid.reserve(Tokens(input=1, output=0)),
    ):
        pass


def test_what_is_on_its_way_is_free_again_when_it_arrives() -> None:
    """Also where it failed, and whatever fractions it was held with."""
    one = meter(caps=BudgetLimits(max_tokens=10**6, max_cost_usd=0.0031))
    for _ in range(50):
        with suppress(ValueError), one.reserve(CALL):
            raise ValueError
    with one.reserve(CALL):
        assert not one.wait_idle(0.01)
    assert one.wait_idle(0.01)
    assert one.receipt().total == Usage(prompt="")


def test_who_waits_for_what_is_on_its_way_is_told_when_it_arrives() -> None:
    """Not only when the time is over."""
    one = meter()
    there = threading.Event()

    def call() -> None:
        with one.reserve(CALL):
            there.set()
            time.sleep(0.05)

    caller = threading.Thread(target=call)
    caller.start()
    there.wait(5)
    began = time.monotonic()
    assert one.wait_idle(20)
    assert time.monotonic() - began < 15
    caller.join()


def test_what_is_asked_for_a_digest_inside_of_another_is_the_inner_one_s() -> None:
    """And afterwards the outer one's again."""
    with charge_to("outer"):
        with charge_to("inner"):
            assert charged_digest() == "inner"
        assert charged_digest() == "outer"
    assert charged_digest() == ""


def test_money_of_a_day_is_exact_estimated_at_least_or_unknown() -> None:
    """Nothing that was spent is said to be nothing."""

    def said(unpriced: int, cost: float, uncounted: int = 0) -> str:
        usage = Usage(prompt="", cost_usd=cost, uncounted=uncounted)
        return format_cost(DailyUsage(day="", model="", runs=1, unpriced=unpriced, usage=usage))

    assert [said(0, 1.23456), said(0, 0.0), said(0, 0.5, 1), said(2, 0.5), said(1, 0.0)] == [
        "$1.2346",
        "$0.0000",
        "about $0.5000",
        "≥ $0.5000",
        "unknown",
    ]


def test_usage_is_added_up_from_a_day_on_that_day_included(cache: Cache) -> None:
    """By day and model, runs counted once, calls of unknown price apart; the sum at the end."""
    for run, day, model, cost in (
        ("r1", "2026-01-29", "m", 1.0),
        ("r2", "2026-01-30", "n", None),
        ("r1", "2026-01-30", "m", 2.0),
        ("r1", "2026-01-30", "m", 4.0),
        ("r3", "2026-01-31", "m", 8.0),
    ):
        usage = Usage(prompt="p", calls=1, cost_usd=cost)
        Ledger(cache).add_rows([LedgerRow(run=run, day=day, model=model, usage=usage)])
    found = [
        (each.day, each.model, each.runs, each.unpriced, each.usage.calls, each.usage.cost_usd)
        for each in Ledger(cache).daily_usage("2026-01-30")
    ]
    assert found == [
        ("2026-01-30", "m", 1, 0, 2, 6.0),
        ("2026-01-30", "n", 1, 1, 1, 0.0),
        ("2026-01-31", "m", 1, 0, 1, 8.0),
        ("", "", 3, 1, 4, 14.0),
    ]
    assert Ledger(cache).daily_usage("2026-02-01") == ()
    assert [line.run for line in usage_rows(cache)] == ["r1", "r2", "r1", "r1", "r3"]
