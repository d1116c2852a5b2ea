"""An answer is heard while it comes; what is heard changes no answer and costs no question."""

import json
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pydantic import BaseModel

import openai_server as odd
from openai_server import Behaviour, OpenAIServer, Request, ServerReply
from pipeline.llm.budget import BudgetLimits, RunCost
from pipeline.llm.cache import Cache
from pipeline.llm.listeners import HeardStream, listening, when_sent
from pipeline.llm.model import Model
from pipeline.llm.prompts import Question
from pipeline.llm.target import ModelOptions, ModelTarget

GOOD = '{"word": "流式回答"}'


class Reply(BaseModel):
    """What the tests ask for."""

    word: str


def event(words: str, **more: Any) -> bytes:
    """Write one event of a stream."""
    data = {"choices": [{"index": 0, "delta": {"content": words}, **more}]}
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def in_pieces(request: Request, content: str) -> ServerReply:
    """Answer as a server with streams does, where it is asked for one."""
    whole = odd.completion(request, content)
    if not request.body.get("stream"):
        return whole
    usage = json.loads(whole.body)["usage"]
    last = f"data: {json.dumps({'choices': [], 'usage': usage})}\n\ndata: [DONE]\n\n"
    body = b"".join(map(event, content)) + event("", finish_reason="stop") + last.encode()
    return ServerReply(body=body, content_type="text/event-stream")


def uncounted(request: Request, content: str) -> ServerReply:
    """Answer in pieces, and count tokens of whole answers only."""
    reply = in_pieces(request, content)
    if not request.body.get("stream"):
        return reply
    return ServerReply(body=reply.body.replace(b'"usage"', b'"used"'), content_type="text/plain")


def broken_off(request: Request, content: str) -> ServerReply:
    """Break off in the middle of every stream."""
    if not request.body.get("stream"):
        return in_pieces(request, content)
    return ServerReply(body=b"".join(map(event, content[:9])), content_type="text/event-stream")


def refusing(status: int, said: str) -> Behaviour:
    """Take no stream."""

    def behave(request: Request, content: str) -> ServerReply:
        answered = odd.failing(status, said) if request.body.get("stream") else in_pieces
        return answered(request, content)

    return behave


Run = Callable[..., tuple[list[list[str]], RunCost]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Give what asks questions as one run does, and says what was heard of each."""

    def ask(
        server: OpenAIServer, *users: str, heard: bool = True
    ) -> tuple[list[list[str]], RunCost]:
        limits = BudgetLimits(max_tokens=1_000_000, max_cost_usd=1)
        options = ModelOptions(timeout_s=5, attempts=2, limits=limits)
        target = ModelTarget(server.host, "m", server.endpoint)
        pieces: list[list[str]] = []
        with (
            Cache(tmp_path / "cache.sqlite") as cache,
            Model(target, options=options, cache=cache, sleep=lambda _s: None) as model,
        ):
            for user in users:
                pieces.append([])
                question = Question(prompt="t", system="S.", user=user, max_output_tokens=100)
                with listening(pieces[-1].append if heard else None):
                    assert model.ask(question, Reply) == Reply(word="流式回答")
            return pieces, model.receipt()

    return ask


def serving(behaviour: Behaviour, *script: Behaviour) -> OpenAIServer:
    """Start a server that answers so."""
    return OpenAIServer(*script, answer=lambda _m, _s: GOOD, behave=lambda _request: behaviour)


def test_an_answer_is_heard_as_it_comes_and_is_the_same(run: Run) -> None:
    """The pieces are the words of the answer; tokens are counted; nobody listens, nobody streams."""
    with serving(in_pieces) as server:
        pieces, cost = run(server, "one")
        deaf, same = run(server, "two", heard=False)
    assert "".join(pieces[0]) == GOOD
    assert deaf == [[]]
    assert [request.body.get("stream") for request in server.requests] == [True, None]
    assert server.requests[0].body["stream_options"] == {"include_usage": True}
    assert (cost.total.uncounted, cost.total.input_tokens) == (0, same.total.input_tokens)


def test_a_listener_that_fails_costs_no_answer(tmp_path: Path) -> None:
    """It hears no more; what was paid for is kept."""
    heard: list[str] = []

    def fail(words: str) -> None:
        heard.append(words)
        raise StopIteration

    target_limits = BudgetLimits(max_tokens=1_000_000, max_cost_usd=1)
    question = Question(prompt="t", system="S.", user="one", max_output_tokens=100)
    with serving(in_pieces) as server, Cache(tmp_path / "cache.sqlite") as cache:
        target = ModelTarget(server.host, "m", server.endpoint)
        options = ModelOptions(timeout_s=5, attempts=2, limits=target_limits)
        with Model(target, options=options, cache=cache, sleep=lambda _s: None) as model:
            for _ in range(2):
                with listening(fail):
                    assert model.ask(question, Reply) == Reply(word="流式回答")
    assert len(heard) == len(server.requests) == 1


def test_what_is_kept_is_neither_asked_nor_heard(run: Run) -> None:
    """A listener hears answers on their way only, and changes nothing about which are kept."""
    with serving(in_pieces) as server:
        run(server, "one", heard=False)
        pieces, _ = run(server, "one")
    assert pieces == [[]]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "Your organization must be verified to stream this model."),
        (422, "stream_options: Extra inputs are not permitted"),
        (400, "该模型不支持流式输出"),
    ],
)
def test_a_server_that_takes_no_stream_is_asked_for_whole_answers(
    run: Run, status: int, said: str
) -> None:
    """It pays one refusal for it, and the next run none."""
    with serving(refusing(status, said)) as server:
        run(server, "one", "two")
        run(server, "three")
    assert [request.body.get("stream") for request in server.requests] == [True, None, None, None]


def test_a_refusal_of_something_else_does_not_forbid_streams(run: Run) -> None:
    """The next question is asked in pieces again."""
    with serving(in_pieces, odd.failing(400, "the upstream said no"), in_pieces) as server:
        run(server, "one", "two")
    assert [request.body.get("stream") for request in server.requests] == [True, None, True]


def test_what_breaks_off_in_a_stream_is_asked_for_whole(run: Run) -> None:
    """A second try is made as if nobody listened."""
    with serving(broken_off) as server:
        pieces, _ = run(server, "one")
    assert [request.body.get("stream") for request in server.requests] == [True, None]
    assert "".join(pieces[0]) == GOOD[:9]


def test_a_server_that_counts_whole_answers_only_is_asked_for_those(run: Run) -> None:
    """An estimate would leave the price of each run a guess."""
    with serving(uncounted) as server:
        _, first = run(server, "one", "two")
        _, later = run(server, "three")
    assert (first.total.uncounted, later.total.uncounted) == (1, 0)
    assert [request.body.get("stream") for request in server.requests] == [True, None, None]


def test_a_re_ask_is_not_heard(run: Run) -> None:
    """Its words would follow those of an answer that counts for nothing."""
    with serving(in_pieces, odd.says("no JSON")) as server:
        pieces, _ = run(server, "one")
    assert [request.body.get("stream") for request in server.requests] == [True, None]
    assert pieces == [[]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 10_000])
def test_pieces_are_found_however_the_bytes_are_cut(size: int) -> None:
    """A letter of three bytes may come in three parts; comments and odd events say nothing."""
    odd_events = b': wait\n\ndata: [DONE]\n\ndata: {"choices": []}\n\ndata: 1\n\ndata: {"choices": [{"delta": {"content": [1]}}]}\n\n'
    body = event("流") + odd_events + event("式") + odd_events.replace(b"\n", b"\r\n")
    heard: list[str] = []
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    assert b"".join(HeardStream(heard.append).passing(parts)) == body
    assert "".join(heard) == "流式"


def test_a_line_that_never_ends_is_not_held() -> None:
    """A server may send 40 MB without the end of a line: each part takes no longer than the first."""
    heard: list[str] = []
    for _ in HeardStream(heard.append).passing([b"data: " + b"x" * 1_000_000] * 40):
        pass
    assert heard == []


def test_whoever_waits_for_an_answer_knows_when_it_was_asked_for(run: Run) -> None:
    """It is said once the question is on its way and before it is answered; a kept one is not."""
    sent = Event()
    known: list[bool] = []

    def behave(request: Request, content: str) -> ServerReply:
        known.append(sent.wait(timeout=5))
        return in_pieces(request, content)

    with serving(behave) as server, when_sent(sent.set):
        run(server, "one", heard=False)
        assert known == [True]
        sent.clear()
        run(server, "one")
    assert (len(server.requests), sent.is_set()) == (1, False)
