"""The form of a server's questions: learnt once, kept for the next run, and forgotten where wrong."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel

import openai_server as odd
from openai_server import Behaviour, OpenAIServer, Request
from pipeline.errors import ModelError, ModelTransient
from pipeline.llm.budget import BudgetLimits
from pipeline.llm.cache import Cache
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.model import Model
from pipeline.llm.prompts import Question
from pipeline.llm.target import ModelOptions, ModelTarget

NO_THINKING = "parameter.enable_thinking must be set to false for non-streaming calls"


class Reply(BaseModel):
    """What the tests ask for."""

    word: str


def ask(
    path: Path, server: OpenAIServer, text: str, *, temperature: float | None = None
) -> ServerCapabilities:
    """Ask one question as a run of its own does, and give what the server is then taken for."""
    limits = BudgetLimits(max_tokens=1_000_000, max_cost_usd=1)
    options = ModelOptions(timeout_s=5, attempts=2, limits=limits, temperature=temperature)
    question = Question(prompt="test", system="Answer.", user=text, max_output_tokens=100)
    target = ModelTarget(server.host, "m", server.endpoint)
    with (
        Cache(path / "cache.sqlite") as cache,
        Model(target, options=options, cache=cache, sleep=lambda _s: None) as model,
    ):
        model.ask(question, Reply)
        return model.capabilities


def unless(fits: Callable[[Request], bool], said: str) -> Callable[[Request], Behaviour]:
    """Turn down what does not fit."""
    return lambda request: odd.ok if fits(request) else odd.failing(400, said)


def test_a_form_is_learnt_once_and_kept(tmp_path: Path) -> None:
    """The first run pays one refusal for it; the next one none."""
    wants = unless(lambda request: request.body.get("enable_thinking") is False, NO_THINKING)
    with OpenAIServer(behave=wants) as server:
        for text in ("one", "two", "three"):
            ask(tmp_path, server, text)
        sent = [request.body.get("enable_thinking") for request in server.requests]
    assert sent == [None, False, False, False]


def test_a_form_that_led_nowhere_is_forgotten(tmp_path: Path) -> None:
    """A server that says the same of every form is asked as at first by the next question."""
    with OpenAIServer(
        odd.failing(400, "no json_schema here"),
        odd.failing(400, "no json"),
        odd.failing(400, "no json"),
    ) as server:
        with pytest.raises(ModelError, match="turned the question down"):
            ask(tmp_path, server, "one")
        assert [request.mode for request in server.requests] == [
            "json_schema",
            "json_object",
            "text",
        ]
        ask(tmp_path, server, "two")
        assert server.requests[-1].mode == "json_schema"


def test_a_kept_form_that_fails_is_given_up(tmp_path: Path) -> None:
    """Where its failure teaches nothing, what was assumed at first is tried once more, and kept."""
    wants = unless(lambda request: request.body.get("enable_thinking") is False, NO_THINKING)
    with OpenAIServer(behave=wants) as server:
        ask(tmp_path, server, "one")
        server._behave = unless(
            lambda request: "enable_thinking" not in request.body, "something is wrong"
        )
        assert ask(tmp_path, server, "two").required_fields == {}
        server.requests.clear()
        ask(tmp_path, server, "three")
        assert len(server.requests) == 1


def test_a_field_that_is_no_more_taken_is_left_out(tmp_path: Path) -> None:
    """A lesson is drawn back by the words that name its field."""
    wants = unless(lambda request: request.body.get("enable_thinking") is False, NO_THINKING)
    with OpenAIServer(behave=wants) as server:
        ask(tmp_path, server, "one")
        server._behave = unless(
            lambda request: "enable_thinking" not in request.body,
            "Unrecognized request argument supplied: enable_thinking",
        )
        ask(tmp_path, server, "two")
        assert "enable_thinking" not in server.requests[-1].body


def test_a_setting_that_is_not_taken_is_named_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The run goes on without it."""
    said = "Unsupported value: 'temperature' does not support 0.2 with this model."
    wants = unless(lambda request: "temperature" not in request.body, said)
    caplog.set_level(logging.WARNING)
    with OpenAIServer(behave=wants) as server:
        for text in ("one", "two"):
            ask(tmp_path, server, text, temperature=0.2)
        assert len(server.requests) == 3
    (line,) = caplog.messages
    assert line.endswith("does not take 'temperature' (AINEWS_TEMPERATURE); going on without it")


def test_a_server_that_contradicts_itself_is_asked_a_few_times(tmp_path: Path) -> None:
    """It wants either name of the cap, whichever was sent."""

    def behave(request: Request) -> Behaviour:
        name = "max_tokens" if "max_tokens" in request.body else "max_completion_tokens"
        return odd.failing(400, f"Unsupported parameter: '{name}'")

    with OpenAIServer(behave=behave) as server:
        server._answered = lambda request, behaviour: behaviour(request, "")  # type: ignore[method-assign]
        with pytest.raises(ModelError, match="turned the question down"):
            ask(tmp_path, server, "one")
        assert len(server.requests) == 3


def test_a_pause_in_the_words_of_an_error_is_kept(tmp_path: Path) -> None:
    """In a body with 429 or 200; longer than a minute, nobody waits for it."""
    for behaviour in (
        odd.failing(429, "Rate limit. Please try again in 6s."),
        odd.error_200(429, "Rate limit. Please try again in 6s."),
    ):
        with OpenAIServer(behaviour, behaviour) as server, pytest.raises(ModelTransient) as caught:
            ask(tmp_path, server, "one")
        assert caught.value.retry_after_s == 6
    long = odd.failing(429, "请在 300 秒后重试")
    with OpenAIServer(long) as server, pytest.raises(ModelError, match="asks to wait 300 s"):
        ask(tmp_path, server, "one")
