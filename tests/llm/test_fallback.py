"""Two models on one server: when the second goes on, what it may cost, and who is named."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from pydantic import BaseModel

import openai_server as odd
from openai_server import Behaviour, OpenAIServer, Request
from pipeline.errors import ModelError, ModelRefused
from pipeline.llm.cache import Cache
from pipeline.llm.factory import open_model
from pipeline.llm.fallback import DigestAsk, FallbackModel
from pipeline.llm.prompts import Question
from pipeline.settings import Settings


class Reply(BaseModel):
    """What the tests ask for."""

    word: str


def question(text: str = "one") -> Question:
    """Write a question."""
    return Question(prompt="test", system="Answer.", user=text, max_output_tokens=100)


@contextmanager
def opened(tmp_path: Path, server: OpenAIServer, **settings: object) -> Iterator[FallbackModel]:
    """Open both models as a run does."""
    chosen = Settings.model_validate(
        {
            "model": "first",
            "fallback_model": "second",
            "model_attempts": 1,
            "cache_dir": tmp_path,
            "OPENAI_BASE_URL": server.base_url,
            "OPENAI_API_KEY": "sk-test",
            **settings,
        }
    )
    with (
        Cache(tmp_path / "cache.sqlite") as cache,
        open_model(chosen, cache, lambda *_: None) as model,
    ):
        yield model


def only(model: str, behaviour: Behaviour) -> Callable[[Request], Behaviour]:
    """Misbehave for all other models."""
    return lambda request: odd.ok if request.body["model"] == model else behaviour


def asked_of(server: OpenAIServer) -> list[str]:
    """Name the models that were asked, in order."""
    return [request.body["model"] for request in server.requests]


def test_many_questions_at_once_switch_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each is answered by the second model, and one line says why."""
    with (
        OpenAIServer(behave=only("second", odd.no_model), latency_s=0.02) as server,
        opened(tmp_path, server) as model,
        ThreadPoolExecutor(8) as pool,
    ):
        asked = DigestAsk(model)
        answers = list(pool.map(lambda n: asked(question(f"{n}"), Reply), range(16)))
        assert len(answers) == 16
        assert asked_of(server).count("second") == 16
        assert asked_of(server).count("first") <= 8
        assert asked.model_names("first") == "second"
        assert model.receipt().total.calls == 16
    (line,) = [message for message in caplog.messages if "going on" in message]
    assert line.startswith(server.host)
    assert line.endswith("check AINEWS_MODEL; going on with second")


def test_what_the_first_has_answered_stays_its_answer(tmp_path: Path) -> None:
    """After the switch it is not asked again, and what is kept of it is named."""
    down = threading.Event()

    def behave(request: Request) -> Behaviour:
        return odd.failing(500) if down.is_set() and request.body["model"] == "first" else odd.ok

    with OpenAIServer(behave=behave) as server, opened(tmp_path, server) as model:
        asked = DigestAsk(model)
        asked(question("one"), Reply)
        down.set()
        asked(question("two"), Reply)
        asked(question("one"), Reply)
        asked(question("three"), Reply)
        assert asked.model_names("first") == "first + second"
        assert asked_of(server) == ["first", "first", "second", "second"]
        again = DigestAsk(model)
        again(question("three"), Reply)
        assert again.model_names("first") == "second"


@pytest.mark.parametrize("behaviour", [odd.refusal, odd.wrong_key, odd.says("{}"), odd.html])
def test_the_second_is_not_asked_where_it_would_not_help(
    tmp_path: Path, behaviour: Behaviour
) -> None:
    """Refusals, answers that do not fit, wrong keys and wrong addresses stay what they are."""
    with (
        OpenAIServer(behave=only("second", behaviour)) as server,
        opened(tmp_path, server) as model,
        pytest.raises(ModelError),
    ):
        model.ask(question(), Reply)
    assert set(asked_of(server)) == {"first"}


def test_the_second_has_what_the_first_has_left(tmp_path: Path) -> None:
    """A limit of the run is one limit, whoever answers."""
    with (
        OpenAIServer(odd.ok, behave=only("second", odd.no_credit)) as server,
        opened(tmp_path, server, max_tokens_per_run=2000) as model,
    ):
        model.ask(question("one"), Reply)
        model.ask(question("two"), Reply)
        with pytest.raises(ModelError, match="AINEWS_MAX_TOKENS_PER_RUN"):
            model.ask(question("three"), Reply)


def test_without_a_second_model_the_failure_is_the_run_s(tmp_path: Path) -> None:
    """Nothing is asked twice, and the first model's words are the error."""
    with (
        OpenAIServer(behave=only("second", odd.no_model)) as server,
        opened(tmp_path, server, fallback_model=None) as model,
        pytest.raises(ModelError, match="cannot ask 'first'"),
    ):
        model.ask(question(), Reply)
    assert asked_of(server) == ["first"]


def test_a_refusal_of_the_second_is_a_refusal(tmp_path: Path) -> None:
    """After the switch one story may be refused as before."""

    def behave(request: Request) -> Behaviour:
        return odd.no_model if request.body["model"] == "first" else odd.refusal

    with (
        OpenAIServer(behave=behave) as server,
        opened(tmp_path, server) as model,
        pytest.raises(ModelRefused),
    ):
        model.ask(question(), Reply)
