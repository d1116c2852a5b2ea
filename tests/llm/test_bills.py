"""The ledger knows for which digest it was asked, whatever shares the model."""

import datetime as dt
import io
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import BaseModel

import editor
import openai_server as odd
from ledgers import usage_rows
from newsletter import issue_page
from openai_server import Behaviour, OpenAIServer, Request
from pipeline.batch.requests import RequestFile
from pipeline.errors import ModelTransient
from pipeline.llm.cache import Cache
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.factory import open_model
from pipeline.llm.fallback import DigestAsk, FallbackModel
from pipeline.llm.ledger import Ledger, LedgerRow, Usage, charge_to, digest_key
from pipeline.llm.prices import Tokens
from pipeline.llm.prompts import Question
from pipeline.llm.responses import AnswerChoice, AnswerMessage, Completion
from pipeline.plan import RunRequest
from pipeline.publish import run_request
from pipeline.settings import Settings
from test_plan import Notes

DAY = dt.date(2026, 2, 1)
FIRST = digest_key(dt.date(2026, 1, 30), "26-01-30-sampler")
SECOND = digest_key(dt.date(2026, 1, 31), "26-01-31-other")


class Reply(BaseModel):
    """What the tests ask for."""

    word: str


def question(text: str, prompt: str = "test") -> Question:
    """Write a question."""
    return Question(prompt=prompt, system="Answer.", user=text, max_output_tokens=100)


@contextmanager
def opened(folder: Path, server: OpenAIServer) -> Iterator[tuple[Cache, FallbackModel]]:
    """Open the one model that all issues of a process share."""
    settings = Settings.model_validate(
        {
            "model": "m",
            "model_attempts": 1,
            "cache_dir": folder,
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": "sk-test",
        }
    )
    with (
        Cache(folder / "cache.sqlite") as cache,
        open_model(settings, cache, lambda *_: None, run="backfill") as model,
    ):
        yield cache, model


def test_each_digest_has_a_bill_although_all_share_threads_and_model(tmp_path: Path) -> None:
    """Answers, failures and answers from the cache go to the digest that asked."""

    def behave(request: Request) -> Behaviour:
        return odd.failing(500) if "fails" in request.body["messages"][1]["content"] else odd.ok

    with (
        OpenAIServer(behave=behave) as server,
        opened(tmp_path, server) as (cache, model),
        ThreadPoolExecutor(4) as pool,
    ):
        one, two = DigestAsk(model, FIRST), DigestAsk(model, SECOND)
        asks = [(one if number % 4 else two, number) for number in range(8)]
        list(pool.map(lambda each: each[0](question(f"{each[1]}", "select"), Reply), asks))
        two(question("1", "select"), Reply)
        with pytest.raises(ModelTransient):
            one(question("fails", "select"), Reply)
        model.ask(question("nobody's"), Reply)
        bills = Ledger(cache).digest_bills()
        assert bills.keys() == {FIRST, SECOND}
        assert bills[FIRST].total.usage.calls == 6
        assert bills[FIRST].total.usage.failed == 1
        assert bills[SECOND].total.usage.calls == 2
        assert bills[SECOND].total.usage.from_cache == 1
        assert [each.usage.prompt for each in bills[FIRST].prompts] == ["select"]
        assert bills[FIRST].models == ("m",)
        assert Ledger(cache).daily_usage()[-1].usage.calls == 9


def test_a_digest_finds_its_bill_by_its_own_date_and_issue(tmp_path: Path) -> None:
    """However it was asked for; a run that needs no call adds to the bill what the cache gave."""
    page = tmp_path / "26-01-30-sampler.html"
    page.write_text(issue_page("26-01-30-sampler", 2), encoding="utf-8")
    wanted = RunRequest(source=str(page), date=DAY)
    with OpenAIServer(answer=editor.answer) as server:
        settings = Settings.model_validate(
            {
                "cache_dir": tmp_path / "cache",
                "outputs_dir": tmp_path / "outputs",
                "model": "m",
                "OPENAI_BASE_URL": server.base_url,
                "OPENAI_API_KEY": "sk-test",
            }
        )
        for _ in range(2):
            made = run_request(
                wanted, settings=settings, today=DAY, progress=Notes(), stdin=io.BytesIO()
            )
            (digest,) = (each.digest for each in made)
            shutil.rmtree(tmp_path / "outputs")  # or the second run finds it up to date
        calls = len(server.requests)
    assert digest.provenance is not None
    with Cache(tmp_path / "cache" / "cache.sqlite") as cache:
        (name, bill), *others = Ledger(cache).digest_bills().items()
    assert name == digest_key(digest.date, digest.provenance.slug)
    assert bill.total.usage.calls == calls
    assert bill.total.usage.from_cache
    assert not others


def test_what_a_batch_brings_goes_to_the_digest_that_asked(tmp_path: Path) -> None:
    """The name goes with the question, and comes back with its answer."""
    with (
        OpenAIServer() as server,
        opened(tmp_path, server) as (cache, model),
        RequestFile() as spool,
    ):
        known = ServerCapabilities(mode="text", token_param="max_tokens")  # noqa: S106 - no password
        cache.put_capabilities(server.host, "m", known)
        with charge_to(FIRST):
            unasked = model.first.pending_request(question("one"), Reply)
        assert unasked is not None
        spool.add(unasked)
        came = Completion(
            choice=AnswerChoice(
                message=AnswerMessage(content='{"word": "x"}'), finish_reason="stop"
            ),
            tokens=Tokens(input=10, output=5),
        )
        model.first.store_result(spool[unasked.key], came)
        bill = Ledger(cache).digest_bills()[FIRST]
        assert (bill.total.usage.batched, bill.total.usage.input_tokens) == (1, 10)
        assert server.requests == []


def test_bills_add_up_days_models_and_prompts(tmp_path: Path) -> None:
    """A price that nobody knows is counted and not summed."""

    def spent(run: str, day: str, model: str, prompt: str, cost: float | None) -> LedgerRow:
        usage = Usage(prompt=prompt, calls=1, input_tokens=100, cost_usd=cost)
        return LedgerRow(run=run, day=day, model=model, usage=usage, digest=FIRST)

    with Cache(tmp_path / "cache.sqlite") as cache:
        Ledger(cache).add_rows(
            [
                spent("r1", "2026-01-30", "a, b", "select", 0.5),
                spent("r1", "2026-01-30", "c", "translate", None),
                spent("r2", "2026-02-01", "c", "translate", 0.25),
            ]
        )
        (bill,) = Ledger(cache).digest_bills().values()
    assert (bill.since, bill.until) == ("2026-01-30", "2026-02-01")
    assert bill.models == ("a, b", "c")
    assert (bill.total.usage.cost_usd, bill.total.unpriced) == (0.75, 1)
    assert [(each.usage.prompt, each.unpriced) for each in bill.prompts] == [
        ("select", 0),
        ("translate", 1),
    ]


def test_a_ledger_without_names_is_kept_and_read_as_far_as_it_tells(tmp_path: Path) -> None:
    """A run of one digest named it; of many at once, nobody knows."""
    path = tmp_path / "cache.sqlite"
    with Cache(path) as cache:
        cache.put_reply("k", "{}")
        for run in (FIRST, f"{FIRST} {SECOND}", "backfill 2026-01-01..2026-02-01", "run 0a1b"):
            usage = Usage(prompt="select", calls=1)
            Ledger(cache).add_rows([LedgerRow(run=run, day="2026-01-30", model="m", usage=usage)])
    before = sqlite3.connect(path)
    before.execute("ALTER TABLE usage DROP COLUMN digest")
    before.execute("PRAGMA user_version = 2")
    before.close()
    with Cache(path) as cache:
        assert cache.get_reply("k") == "{}"
        assert len(usage_rows(cache)) == 4
        assert Ledger(cache).digest_bills().keys() == {FIRST}
        assert Ledger(cache).digest_bills()[FIRST].total.usage.calls == 1
