"""A server that allows so many questions in a while: all are answered, none uses up its tries."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import BaseModel

import openai_server as odd
from openai_server import Behaviour, OpenAIServer, Request
from pipeline.errors import ModelTransient
from pipeline.llm.budget import BudgetLimits
from pipeline.llm.cache import Cache
from pipeline.llm.model import Model
from pipeline.llm.pace import Caller, Pace
from pipeline.llm.prompts import Question
from pipeline.llm.target import ModelOptions, ModelTarget


class Reply(BaseModel):
    """What the tests ask for."""

    word: str


def test_many_questions_are_answered_at_the_pace_that_a_server_allows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three in a while, twelve asked at once, and four tries for each."""
    monkeypatch.setattr("pipeline.network.retry._SPREAD", lambda _least, _most: 0.0)
    lock, recent = threading.Lock(), list[float]()

    def behave(_request: Request) -> Behaviour:
        with lock:
            now = time.monotonic()
            recent[:] = [at for at in recent if now - at < 0.3]
            if len(recent) < 3:
                recent.append(now)
                return odd.ok
        return odd.failing(429, "Too many requests. Please try again in 0.3s.")

    options = ModelOptions(
        timeout_s=60, attempts=4, limits=BudgetLimits(max_tokens=1_000_000, max_cost_usd=1)
    )
    with (
        OpenAIServer(behave=behave) as server,
        Cache(tmp_path / "cache.sqlite") as cache,
        Model(
            ModelTarget(server.host, "m", server.endpoint), options=options, cache=cache
        ) as model,
        ThreadPoolExecutor(12) as pool,
    ):
        questions = [
            Question(prompt="test", system="s", user=f"{n}", max_output_tokens=9) for n in range(12)
        ]
        answers = list(pool.map(lambda question: model.ask(question, Reply), questions))
        assert len(answers) == 12
        assert len(server.requests) < 40


def test_models_of_one_server_share_what_may_be_on_its_way(tmp_path: Path) -> None:
    """Eight threads ask two models of a server that may have three questions, and it gets three."""
    lock, now, most = threading.Lock(), [0], [0]

    def behave(_request: Request) -> Behaviour:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)
        with lock:
            now[0] -= 1
        return odd.ok

    options = ModelOptions(
        timeout_s=60, attempts=1, limits=BudgetLimits(max_tokens=1_000_000, max_cost_usd=1)
    )
    slots = threading.Semaphore(3)
    with (
        OpenAIServer(behave=behave) as server,
        Cache(tmp_path / "cache.sqlite") as cache,
        ThreadPoolExecutor(8) as pool,
    ):
        models = [
            Model(
                ModelTarget(server.host, name, server.endpoint),
                options=options,
                cache=cache,
                slots=slots,
            )
            for name in ("m", "n")
        ]
        questions = [
            Question(prompt="test", system="s", user=f"{n}", max_output_tokens=9) for n in range(24)
        ]
        asked = [
            pool.submit(models[n % 2].ask, question, Reply) for n, question in enumerate(questions)
        ]
        assert all(future.result().word for future in asked)
        for model in models:
            model.close()
    assert most == [3]


def test_nobody_waits_before_a_pause_or_after_the_end() -> None:
    """Turns are free until a server asks for a pause, and again once the run is over."""
    closed = threading.Event()
    pace = Pace(closed)
    started = time.monotonic()
    for _ in range(100):
        with pace.turn(Caller()), pace.turn(Caller()):
            pass
    one = Caller()
    with pytest.raises(ModelTransient), pace.turn(one):
        raise ModelTransient("busy", 60.0)
    with pace.turn(one):  # has waited by itself
        pass
    closed.set()
    with pace.turn(Caller()):
        pass
    assert time.monotonic() - started < 5


def test_a_failure_without_a_pause_slows_nobody() -> None:
    """Each waits for itself then."""
    pace = Pace(threading.Event())
    with pytest.raises(ModelTransient), pace.turn(Caller()):
        raise ModelTransient("down")
    with pace.turn(Caller()), pace.turn(Caller()):
        pass
