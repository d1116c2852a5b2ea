"""Processes that pay at the same time never pass a cap together."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from pipeline.clock import today
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import Ledger


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the name of a cache that waits for nobody."""
    monkeypatch.setattr("pipeline.llm.cache_file._BUSY_TIMEOUT_S", 0.1)
    (tmp_path / "cache").mkdir(mode=0o700)
    return tmp_path / "cache" / "cache.sqlite"


SPENDER = """
import sys
from contextlib import suppress
from pathlib import Path
from pipeline.errors import ModelError
from pipeline.llm.budget import *
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import Ledger
from pipeline.clock import today
import time

prices = Prices(input_usd_per_mtok=1, output_usd_per_mtok=10)
limits = BudgetLimits(
    max_tokens=10**9, max_cost_usd=100, max_cost_usd_per_day=0.021,
    explicit=("AINEWS_MAX_COST_USD_PER_DAY",),
)
call = Tokens(input=1000, output=100)
with Cache(Path(sys.argv[1])) as cache:
    pricing = ModelPricing(host="example.org/v1", model="m", prices=prices)
    meter = CostMeter(pricing, limits, RunLedger(Ledger(cache), "r"))
    with suppress(ModelError):
        for _ in range(50):
            with meter.reserve(call):
                time.sleep(0.01)
                meter.record_answer("p", call, counted=True, seconds=0)
"""


def test_processes_never_pass_a_cap_together(path: Path) -> None:
    """What another one has on its way counts as if it were spent; all that fits is spent."""
    command = [sys.executable, "-c", textwrap.dedent(SPENDER), str(path)]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]
    for process in running:
        assert process.communicate(timeout=60)[1] == b""
    with Cache(path) as cache:
        assert Ledger(cache).spent_usd(today().isoformat()) == pytest.approx(0.02)
        assert cache.notes("call") == {}
