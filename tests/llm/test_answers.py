"""No paid answer is asked for twice: not after kill -9, not where none fitted, not by a batch."""

import json
import threading
import weakref
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, Field

import openai_server as fake
from ledgers import usage_rows
from openai_server import Behaviour, OpenAIServer, Request
from pipeline.errors import ModelError, ModelInvalid, ModelRefused
from pipeline.llm.answers import AnswerCache
from pipeline.llm.budget import BudgetLimits, RunLedger
from pipeline.llm.cache import Cache
from pipeline.llm.calls import PendingRequest
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.ledger import Ledger
from pipeline.llm.model import Model
from pipeline.llm.prices import Prices
from pipeline.llm.prompts import Question
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import (
    AnswerChoice,
    AnswerMessage,
    Completion,
    parse_completion,
)
from pipeline.llm.target import ModelOptions, ModelTarget

HOST = "example.org/v1"
NEW = '{"title": "新的标题"}'


class Reply(BaseModel):
    """What the tests ask for."""

    title: str = Field(min_length=2, max_length=12)


class Desk:
    """Models that share one cache file, and the server that they ask."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self.path = path
        self._stack = stack

    def model(self, *script: Behaviour, answer: str = '{"title": "标题"}', **more: Any) -> "Asking":
        """Open a server and a model that asks it, as a new run does."""
        behave = more.pop("behave", lambda _request: fake.ok)
        server = OpenAIServer(*script, answer=lambda _messages, _schema: answer, behave=behave)
        self._stack.enter_context(server)
        cache = self._stack.enter_context(Cache(self.path))
        limits = BudgetLimits(max_tokens=10**6, max_cost_usd=more.pop("max_cost_usd", 1))
        plain = {"timeout_s": 5, "attempts": 2, "limits": limits}
        wire = ServerCapabilities(extra_body=more.pop("extra_body", {}))
        model = Model(
            ModelTarget(HOST, "m", server.endpoint, wire),
            options=ModelOptions.model_validate(plain | more),
            cache=cache,
            account=RunLedger(Ledger(cache), "a run"),
            sleep=lambda _seconds: None,
        )
        return Asking(server, self._stack.enter_context(model))


class Asking:
    """A model, and how often it asked its server."""

    def __init__(self, server: OpenAIServer, model: Model) -> None:
        self.server = server
        self.model = model

    def ask(self, user: str = "Which?") -> str:
        """Ask the question of the tests."""
        return self.model.ask(question(user), Reply).title

    @property
    def calls(self) -> int:
        """Requests so far."""
        return len(self.server.requests)


def question(user: str = "Which?") -> Question:
    """Write the question of the tests."""
    return Question(prompt="select", system="Choose.", user=user, max_output_tokens=100)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Open models one after the other over one cache file."""
    with ExitStack() as stack:
        yield Desk(tmp_path / "cache.sqlite", stack)


# --- kept as it came -----------------------------------------------------------------------------


def test_a_first_answer_that_did_not_fit_is_paid_for_once(desk: Desk) -> None:
    """A run that died before the re-ask goes on with the re-ask."""
    died = desk.model(fake.says("no"), fake.wrong_key)
    with pytest.raises(ModelError):
        died.ask()
    later = desk.model()
    assert later.ask() == "标题"
    assert later.calls == 1
    assert later.server.requests[0].messages == died.server.requests[1].messages
    assert later.model.receipt().total.from_cache == 0


def test_three_answers_that_never_fitted_are_not_paid_for_again(desk: Desk) -> None:
    """The next run ends as the first did, word for word, without a call."""
    first = desk.model(behave=lambda _request: fake.says("no"))
    with pytest.raises(ModelInvalid) as one:
        first.ask()
    later = desk.model()
    with pytest.raises(ModelInvalid) as two:
        later.ask()
    assert str(two.value) == str(one.value)
    assert (first.calls, later.calls) == (3, 0)
    assert later.model.receipt().total.from_cache == 1


def test_two_re_asks_with_the_same_error_are_two_answers(desk: Desk) -> None:
    """The third answer is not taken for the second, which was asked for in the same words."""
    died = desk.model(fake.says("no"), fake.says("no"), fake.wrong_key)
    with pytest.raises(ModelError):
        died.ask()
    later = desk.model()
    assert later.ask() == "标题"
    assert later.calls == 1


@pytest.mark.parametrize(
    "behaviour", [fake.refusal, fake.content_filter, fake.failing(400, "Content Exists Risk")]
)
def test_a_refusal_is_kept_with_its_words(desk: Desk, behaviour: Behaviour) -> None:
    """A repeated run refuses alike and makes no call; else its digest would have other bytes."""
    first = desk.model(behave=lambda _request: behaviour)
    with pytest.raises(ModelRefused) as one:
        first.ask()
    later = desk.model()
    with pytest.raises(ModelRefused) as two:
        later.ask()
    assert str(two.value) == str(one.value)
    assert later.calls == 0


def test_an_answer_that_was_cut_off_counts_for_its_own_cap(desk: Desk) -> None:
    """A run that died before the doubled cap asks with that cap only; a whole one fits any cap."""
    died = desk.model(fake.length, fake.wrong_key)
    with pytest.raises(ModelError):
        died.ask()
    later = desk.model()
    assert later.ask() == "标题"
    assert [request.cap for request in later.server.requests] == [200]
    again = desk.model()
    again.model._answers._cache.execute("DELETE FROM replies")
    assert again.ask() == "标题"
    assert again.calls == 0


@pytest.mark.parametrize("behaviour", [fake.blank, fake.failing(500), fake.choices_null])
def test_what_another_try_may_better_is_not_kept(desk: Desk, behaviour: Behaviour) -> None:
    """Blanks and failures in passing are asked for again by the next run."""
    first = desk.model(behave=lambda _request: behaviour)
    with pytest.raises(ModelError):
        first.ask()
    assert first.model._answers._cache.execute("SELECT * FROM answers") == []
    later = desk.model()
    assert later.ask() == "标题"
    assert later.calls == 1


def test_an_answer_is_on_the_disk_before_the_next_call_is_made(desk: Desk) -> None:
    """When the server sees the re-ask, another process can read the first answer."""
    seen: list[int] = []

    def look(request: Request, content: str) -> fake.ServerReply:
        with Cache(desk.path) as other:
            seen.append(len(other.execute("SELECT * FROM answers")))
            seen.append(sum(line.usage.calls for line in usage_rows(other)))
        return fake.ok(request, content)

    assert desk.model(fake.says("no"), look).ask() == "标题"
    assert seen == [1, 1]


def test_an_error_waits_for_the_answers_that_are_on_their_way(desk: Desk) -> None:
    """What was asked beside the question that failed is kept, and no new question begins."""
    begun, go_on = threading.Event(), threading.Event()

    def slow(request: Request, content: str) -> fake.ServerReply:
        begun.set()
        go_on.wait(5)
        return fake.ok(request, content)

    one = desk.model(slow)

    def fail() -> None:
        with one.model:
            begun.wait(5)
            threading.Timer(0.1, go_on.set).start()
            raise ModelInvalid("another question failed")

    beside = threading.Thread(target=one.ask)
    beside.start()
    with pytest.raises(ModelInvalid, match="another question failed"):
        fail()
    beside.join(5)
    with pytest.raises(ModelError, match="run again"):
        one.ask("Another?")
    later = desk.model()
    assert later.ask() == "标题"
    assert (one.calls, later.calls) == (1, 0)


# --- asked anew ----------------------------------------------------------------------------------


def test_a_question_that_is_refreshed_is_asked_once_and_stays_new(desk: Desk) -> None:
    """The new answer is the answer from then on, in this run and in those that follow."""
    assert desk.model().ask() == "标题"
    one = desk.model(answer=NEW)
    one.model.refresh(lambda asked: asked.user == "Which?")
    assert [one.ask(), one.ask()] == ["新的标题"] * 2
    assert one.calls == 1
    later = desk.model()
    assert later.ask() == "新的标题"
    later.model._answers._cache.execute("DELETE FROM replies")
    assert desk.model().ask() == "新的标题"
    assert later.calls == 0


def test_only_what_is_meant_is_refreshed(desk: Desk) -> None:
    """Every other question is answered from the cache."""
    first = desk.model()
    first.ask("one")
    first.ask("two")
    one = desk.model(answer=NEW)
    one.model.refresh(lambda asked: asked.user == "two")
    assert [one.ask("one"), one.ask("two")] == ["标题", "新的标题"]
    assert one.calls == 1


def test_a_cold_model_is_refreshed_warmer(desk: Desk) -> None:
    """It would say the same again; the plain question finds the new answer all the same."""
    cold: dict[str, Any] = {"temperature": 0.0, "reask_temperature": 0.7}
    desk.model(**cold).ask()
    one = desk.model(answer=NEW, **cold)
    one.model.refresh(lambda _question: True)
    one.ask()
    assert one.server.requests[0].body["temperature"] == 0.7
    later = desk.model(**cold)
    later.model._answers._cache.execute("DELETE FROM replies")
    assert later.ask() == "新的标题"
    assert later.calls == 0


@pytest.mark.parametrize("behaviour", [fake.says("no"), fake.refusal])
def test_where_no_new_answer_fits_the_old_one_stays(
    desk: Desk, behaviour: Behaviour, caplog: pytest.LogCaptureFixture
) -> None:
    """It is used, and the reader is told."""
    desk.model().ask()
    one = desk.model(behave=lambda _request: behaviour)
    one.model.refresh(lambda _question: True)
    assert one.ask() == "标题"
    assert "the old one stays" in caplog.text
    later = desk.model()
    assert later.ask() == "标题"
    assert later.calls == 0


def test_a_refresh_that_was_interrupted_breaks_nothing(desk: Desk) -> None:
    """The plain run that follows gives the old answer, without a call."""
    desk.model().ask()
    one = desk.model(fake.says("no"), fake.wrong_key)
    one.model.refresh(lambda _question: True)
    with pytest.raises(ModelError):
        one.ask()
    later = desk.model()
    assert later.ask() == "标题"
    assert later.calls == 0


# --- brought by a batch --------------------------------------------------------------------------


def completion(content: str) -> Completion:
    """Read what a batch's result file holds for one line."""
    choice = {"message": {"content": content}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100}
    return parse_completion(json.dumps({"choices": [choice], "usage": usage}), HOST, str)


def test_an_answer_that_a_batch_brought_needs_no_call(desk: Desk) -> None:
    """It is counted at a batch's price, said in the receipt, and replayed as if it was asked."""
    prices = Prices(input_usd_per_mtok=1, output_usd_per_mtok=10)
    one = desk.model(prices=prices)
    waiting = one.model.pending_request(question(), Reply)
    assert waiting is not None
    one.model.check_budget([waiting])
    one.model.store_result(waiting, completion('{"title": "标题"}'))
    one.model.store_result(waiting, completion(NEW))
    assert one.model.pending_request(question(), Reply) is None
    assert one.ask() == "标题"
    assert one.calls == 0
    total = one.model.receipt().total
    assert (total.calls, total.batched, total.from_cache) == (1, 1, 1)
    assert total.cost_usd == pytest.approx(0.001)
    assert "1 by batch, which saved $0.0010" in one.model.receipt().describe()


def test_the_call_of_a_batch_is_the_one_that_would_be_made(desk: Desk) -> None:
    """Its name is the same in every run, its body is what goes over the wire."""
    one = desk.model(extra_body={"top_k": 1}, temperature=0.5)
    waiting = one.model.pending_request(question(), Reply)
    assert waiting is not None
    assert waiting == desk.model(extra_body={"top_k": 1}, temperature=0.5).model.pending_request(
        question(), Reply
    )
    assert len(waiting.key) == 64
    one.ask()
    assert waiting.body == one.server.requests[0].body


def test_a_batch_may_bring_re_asks_too(desk: Desk) -> None:
    """After an answer that does not fit, the next call is the re-ask."""
    one = desk.model()
    first = one.model.pending_request(question(), Reply)
    assert first is not None
    one.model.store_result(first, completion("no"))
    second = one.model.pending_request(question(), Reply)
    assert second is not None
    assert second.key != first.key
    assert "no complete JSON object" in second.body["messages"][1]["content"]
    one.model.store_result(second, completion(NEW))
    assert one.ask() == "新的标题"
    assert one.calls == 0


@pytest.mark.parametrize(
    "came", [RequestRejected(500, "oops"), RequestRejected(None, "expired"), completion(" ")]
)
def test_what_a_batch_did_not_bring_is_asked_for(
    desk: Desk, came: Completion | RequestRejected
) -> None:
    """A failed line and a blank are asked directly."""
    one = desk.model()
    waiting = one.model.pending_request(question(), Reply)
    assert waiting is not None
    one.model.store_result(waiting, came)
    assert one.ask() == "标题"
    assert one.calls == 1


def test_a_refusal_that_a_batch_brought_stays_one(desk: Desk) -> None:
    """What a content filter turned down is not asked again."""
    one = desk.model()
    waiting = one.model.pending_request(question(), Reply)
    assert waiting is not None
    one.model.store_result(waiting, RequestRejected(400, "content_filter"))
    assert one.model.pending_request(question(), Reply) is None
    with pytest.raises(ModelRefused):
        one.ask()
    assert one.calls == 0


def test_a_batch_that_could_pass_a_limit_is_not_submitted(desk: Desk) -> None:
    """All its calls count together, at a batch's price."""
    prices = Prices(input_usd_per_mtok=0, output_usd_per_mtok=1000)
    one = desk.model(prices=prices, max_cost_usd=0.2)
    waiting = [one.model.pending_request(question(f"{n}?"), Reply) for n in range(5)]
    calls = [each for each in waiting if each is not None]
    assert len(calls) == 5
    one.model.check_budget(calls[:4])
    with pytest.raises(ModelError, match="AINEWS_MAX_COST_USD"):
        one.model.check_budget(calls)


def test_the_questions_of_a_batch_are_counted_one_by_one(desk: Desk) -> None:
    """They lie on the disk: all at once would take more memory than a whole backfill."""
    one = desk.model()
    made: list[weakref.ref[PendingRequest]] = []

    def calls() -> Iterator[PendingRequest]:
        for number in range(9):
            waiting = one.model.pending_request(question(f"{number}?"), Reply)
            assert waiting is not None
            made.append(weakref.ref(waiting))
            yield waiting
            del waiting
            assert sum(each() is not None for each in made) <= 1

    one.model.check_budget(calls())
    assert len(made) == 9


# --- what is kept, and under which name ----------------------------------------------------------


def choice(
    content: str | None, reason: str | None = "stop", refusal: str | None = None
) -> AnswerChoice:
    """Write an answer."""
    return AnswerChoice(
        message=AnswerMessage(content=content, refusal=refusal), finish_reason=reason
    )


@pytest.fixture
def paid(tmp_path: Path) -> Iterator[AnswerCache]:
    """Keep the answers of one model."""
    with Cache(tmp_path / "paid.sqlite") as cache:
        yield AnswerCache(cache, host="h", model="m")


def test_a_name_follows_from_all_that_shaped_a_call(paid: AnswerCache) -> None:
    """And not from the order in which fields were written."""
    names = {
        paid.key("a", 1, {"x": 1, "y": 2}),
        paid.key("a", 1, {"x": 1, "y": 3}),
        paid.key("a", 2, {"x": 1, "y": 2}),
        paid.key("b", 1, {"x": 1, "y": 2}),
        paid.key("a", None, {"x": 1, "y": 2}),
    }
    assert len(names) == 5
    assert paid.key("a", 1, {"y": 2, "x": 1}) == paid.key("a", 1, {"x": 1, "y": 2})
    assert {len(name) for name in names} == {64}


def test_another_host_or_model_has_other_names(tmp_path: Path) -> None:
    """What one said is nothing that the other said."""
    with Cache(tmp_path / "paid.sqlite") as cache:
        names = {
            AnswerCache(cache, host=host, model=model).key("a")
            for host in "hi"
            for model in ("m", "n")
        }
    assert len(names) == 4


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        (choice("yes"), True),
        (choice("yes", None), True),
        (choice(None, refusal="no"), True),
        (choice("part", "length"), True),
        (choice(None, "length"), True),
        (choice(None, "content_filter"), True),
        (choice(" \n "), False),
        (choice(""), False),
        (choice(None, None), False),
        (RequestRejected(400, "content filter"), True),
        (RequestRejected(500, "content filter"), False),
        (RequestRejected(400, "odd"), False),
        (RequestRejected(None, "no"), False),
    ],
)
def test_what_another_try_cannot_better_is_kept(
    paid: AnswerCache, came: AnswerChoice | RequestRejected, *, kept: bool
) -> None:
    """Answers, refusals and filters; neither blanks nor failures."""
    assert paid.store("k", 100, came) is kept
    if isinstance(came, AnswerChoice):
        assert paid.find("k", 100) == (came if kept else None)
    elif kept:
        with pytest.raises(ModelRefused, match="content filter of h"):
            paid.find("k", 100)
    else:
        assert paid.find("k", 100) is None


def test_an_answer_that_was_cut_off_is_found_for_its_cap_alone(paid: AnswerCache) -> None:
    """A whole one for any."""
    paid.store("cut", 100, choice("part", "length"))
    assert paid.find("cut", 100) == choice("part", "length")
    assert paid.find("cut", 200) is None
    paid.store("cut", 200, choice("whole"))
    assert paid.find("cut", 100) == choice("whole")


def test_a_refusal_that_a_batch_brought_is_counted_as_a_failure_once(desk: Desk) -> None:
    """A second one for the same question is not counted, nor an answer after it."""
    one = desk.model()
    waiting = one.model.pending_request(question(), Reply)
    assert waiting is not None
    one.model.store_result(waiting, RequestRejected(400, "content_filter"))
    one.model.store_result(waiting, RequestRejected(400, "content_filter"))
    one.model.store_result(waiting, completion(NEW))
    total = one.model.receipt().total
    assert (total.calls, total.failed, total.batched) == (0, 1, 0)
