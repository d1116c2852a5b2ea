"""What a call took that has no answer: counted where a figure came, else estimated, and said so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import BaseModel

import openai_server as odd
from ledgers import usage_rows
from openai_server import Behaviour, OpenAIServer, Request, ServerReply
from pipeline.errors import ModelError
from pipeline.llm.bodies import read_partial
from pipeline.llm.budget import BudgetLimits, RunCost, RunLedger
from pipeline.llm.cache import Cache
from pipeline.llm.ledger import Ledger, format_cost
from pipeline.llm.listeners import listening
from pipeline.llm.model import Model
from pipeline.llm.prices import Prices
from pipeline.llm.prompts import Question
from pipeline.llm.responses import Endpoint
from pipeline.llm.target import ModelOptions, ModelTarget

WORDS = "流式回答" * 10
USAGE = {"prompt_tokens": 900, "completion_tokens": 70, "total_tokens": 970}
PRICES = Prices(input_usd_per_mtok=1, output_usd_per_mtok=2)


class Reply(BaseModel):
    """What the tests ask for."""

    word: str


def event(words: str, reason: str | None = None, **more: Any) -> bytes:
    """Write one event of a stream."""
    choice = {"index": 0, "delta": {"content": words}, "finish_reason": reason}
    return f"data: {json.dumps({'choices': [choice], **more})}\n\n".encode()


PIECES = b"".join(map(event, WORDS))


def sends(body: bytes, **more: Any) -> Behaviour:
    """Answer with a stream of these bytes."""
    return lambda _request, _content: ServerReply(
        body=body, content_type="text/event-stream", **more
    )


class Asked(NamedTuple):
    """What one run cost, and what went wrong in it."""

    cost: RunCost
    spent_usd: float
    shown: str
    error: ModelError | None


Run = Callable[..., Asked]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give what asks one question as a run does, of a server that answers so."""

    def ask(
        *script: Behaviour,
        attempts: int = 1,
        prices: Prices | None = PRICES,
        max_tokens: int = 10**6,
        endpoint: Endpoint | None = None,
    ) -> Asked:
        limits = BudgetLimits(max_tokens=max_tokens, max_cost_usd=1)
        options = ModelOptions(timeout_s=0.7, attempts=attempts, limits=limits, prices=prices)
        question = Question(prompt="t", system="S.", user="U" * 700, max_output_tokens=100)
        error = None
        with (
            OpenAIServer(*script, answer=lambda _m, _s: json.dumps({"word": WORDS})) as server,
            Cache(tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite") as cache,
        ):
            ledger = Ledger(cache)
            target = ModelTarget(server.host, "m", lambda: endpoint or server.endpoint())
            account = RunLedger(ledger, "r")
            with Model(
                target, options=options, cache=cache, account=account, sleep=lambda _s: None
            ) as model:
                try:
                    with listening(lambda _words: None):
                        model.ask(question, Reply)
                except ModelError as raised:
                    error = raised
                *_, total = ledger.daily_usage()
                spent = sum(line.estimated_usd for line in usage_rows(cache))
                return Asked(model.receipt(), spent, format_cost(total), error)

    return ask


def test_a_stream_without_counts_is_estimated_and_said_to_be(run: Run) -> None:
    """Tokens and price stand in the receipt, the ledger and what limits compare."""
    asked = run(sends(event(json.dumps({"word": WORDS}), "stop") + b"data: [DONE]\n\n"))
    total = asked.cost.total
    assert (asked.error, total.calls, total.uncounted) == (None, 1, 1)
    assert total.input_tokens > 200
    assert total.output_tokens > len(WORDS)
    usd = (total.input_tokens + 2 * total.output_tokens) / 1e6
    assert total.cost_usd == pytest.approx(usd)
    assert asked.spent_usd == pytest.approx(usd)
    assert asked.cost.summary().endswith(f" tokens, about ${usd:.4f}")
    assert asked.cost.describe().endswith(f"1 call estimated; about ${usd:.4f}")
    assert asked.shown == f"about ${usd:.4f}"


@pytest.mark.parametrize(
    "behaviour",
    [
        sends(PIECES),
        sends(PIECES + b'data: {"choices": [{"ind'),
        sends(PIECES * 2, cut=True),
        sends(PIECES + b'data: {"error": {"message": "upstream died", "code": 502}}\n\n'),
        sends(PIECES + b": wait\n" * 1000, drip_s=0.0002),
    ],
    ids=["silently", "within an event", "by a reset", "with an error", "by time"],
)
def test_a_stream_that_breaks_off_costs_what_was_sent_and_received(
    run: Run, behaviour: Behaviour
) -> None:
    """However it ends before its end, and whoever ends it."""
    asked = run(behaviour)
    total = asked.cost.total
    assert asked.error is not None
    assert (total.calls, total.failed, total.uncounted) == (0, 1, 1)
    assert total.input_tokens > 200
    assert 2 < total.output_tokens <= 100
    usd = (total.input_tokens + 2 * total.output_tokens) / 1e6
    assert asked.spent_usd == total.cost_usd == pytest.approx(usd)
    assert asked.shown.startswith("about $0.000")


def test_what_broke_off_counts_towards_the_limits(run: Run) -> None:
    """A server that breaks off again and again stops a run before it passes its limit."""
    asked = run(*[sends(PIECES)] * 9, attempts=9, max_tokens=1500)
    assert "AINEWS_MAX_TOKENS_PER_RUN" in str(asked.error)
    assert 1 < asked.cost.total.failed < 6


def test_a_figure_that_came_before_the_break_counts(run: Run) -> None:
    """It is no estimate then."""
    asked = run(sends(event("x", usage=USAGE) + event("y", usage=USAGE)))
    total = asked.cost.total
    assert (total.failed, total.uncounted) == (1, 0)
    assert (total.input_tokens, total.output_tokens) == (900, 70)
    assert asked.shown == f"${(900 + 140) / 1e6:.4f}"


def test_a_broken_call_of_unknown_price_is_not_called_free(run: Run) -> None:
    """What nobody knows is unknown, although no answer came."""
    asked = run(sends(PIECES), prices=None)
    assert asked.cost.total.cost_usd is None
    assert asked.shown == "unknown"


def test_a_question_without_an_answer_in_time_costs_what_was_sent(run: Run) -> None:
    """A server works on it, and is paid for that, though not a byte came."""
    total = run(odd.hang).cost.total
    assert (total.failed, total.uncounted, total.output_tokens) == (1, 1, 0)
    assert total.input_tokens > 200


@pytest.mark.parametrize(
    "behaviour",
    [
        odd.failing(500),
        odd.failing(429),
        odd.wrong_key,
        odd.error_200(),
        odd.html,
        odd.not_a_completion,
        sends(b'event: error\ndata: {"message": "busy", "code": 503}\n\n'),
        lambda _r, _c: ServerReply(status=302, headers={"Location": "http://elsewhere.test/"}),
    ],
)
def test_what_is_turned_down_costs_nothing(run: Run, behaviour: Behaviour) -> None:
    """Nor does what no model has answered."""
    asked = run(behaviour)
    total = asked.cost.total
    assert asked.error is not None
    assert (total.failed, total.uncounted, total.input_tokens) == (1, 0, 0)
    assert (total.cost_usd, asked.shown) == (0, "$0.0000")


def test_what_is_never_sent_costs_nothing(run: Run) -> None:
    """Nobody listens there."""
    with OpenAIServer() as gone:
        endpoint = gone.endpoint()
    asked = run(endpoint=endpoint)
    assert "cannot be reached" in str(asked.error)
    assert (asked.cost.total.failed, asked.cost.total.input_tokens) == (1, 0)


def test_half_of_a_whole_answer_is_estimated_too(run: Run) -> None:
    """Of a body that ends within its JSON all that came."""
    asked = run(odd.broken)
    assert asked.cost.total.uncounted == 1
    assert asked.cost.total.output_tokens > 5


@pytest.mark.parametrize(
    "text",
    ["", "<html>", "busy", "[1]", "null", '{"error": "x"}', 'data: {"error": {"a": 1}}\n\n: x'],
)
def test_nothing_is_read_of_what_is_no_completion(text: str) -> None:
    """Pages and errors have no words of a model."""
    assert read_partial(text) == {}


def test_a_request_names_its_answer_only_once(run: Run) -> None:
    """A second try that succeeds counts beside the first, as another call."""

    def whole(request: Request, content: str) -> ServerReply:
        return odd.completion(request, content)

    asked = run(sends(PIECES), whole, attempts=2)
    total = asked.cost.total
    assert (asked.error, total.calls, total.failed, total.uncounted) == (None, 1, 1, 1)
