"""Questions whose answer is a text, with examples as earlier turns; over a real loopback server."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, Field

import openai_server as fake
from openai_server import Behaviour, OpenAIServer
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm.budget import BudgetLimits
from pipeline.llm.cache import Cache
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.model import Model
from pipeline.llm.prompts import Example, Question, parse_prompt
from pipeline.llm.target import ModelOptions, ModelTarget


class Text(BaseModel):
    """What is asked for."""

    text: Annotated[str, Field(min_length=2, max_length=20)]


QUESTION = Question(
    prompt="translate_sentence",
    system="Translate.",
    user="It ships.",
    max_output_tokens=50,
    examples=(Example(user="It runs.", assistant="它会跑。"),),
    as_text=True,
)


Asks = Callable[..., tuple[OpenAIServer, Model]]


@pytest.fixture
def asks(tmp_path: Path) -> Iterator[Asks]:
    """Make servers and models that ask them, closed at the end."""
    with ExitStack() as stack:

        def make(
            *script: Behaviour, capabilities: ServerCapabilities | None = None
        ) -> tuple[OpenAIServer, Model]:
            server = stack.enter_context(OpenAIServer(*script, answer=lambda *_: "已经发布。"))
            model = Model(
                ModelTarget(server.host, "small", server.endpoint, capabilities),
                options=ModelOptions(
                    timeout_s=5, attempts=2, limits=BudgetLimits(max_tokens=10**6, max_cost_usd=1)
                ),
                cache=stack.enter_context(Cache(tmp_path / "cache.sqlite")),
                sleep=lambda _: None,
            )
            return server, stack.enter_context(model)

        yield make


def test_the_examples_stand_before_the_question_and_no_format_is_asked_for(asks: Asks) -> None:
    """Whatever the server takes, and also where it wanted the word json for other questions."""
    server, model = asks(capabilities=ServerCapabilities(json_word=True))
    assert model.ask(QUESTION, Text).text == "已经发布。"
    (request,) = server.requests
    assert [(one["role"], one["content"]) for one in request.messages] == [
        ("system", "Translate."),
        ("user", "It runs."),
        ("assistant", "它会跑。"),
        ("user", "It ships."),
    ]
    assert set(request.body) == {"model", "messages", "max_tokens"}


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("已经发布。", "已经发布。"),
        ("\n\n已经发布。\n", "已经发布。"),
        ("<think>It ships, so…</think>\n\n已经发布。", "已经发布。"),
        ("```\n已经发布。\n```", "已经发布。"),
        ('{"text": "已经发布。"}', "已经发布。"),
        ("已经发布{1}。", "已经发布{1}。"),
    ],
)
def test_the_text_is_found_in_whatever_is_around_it(asks: Asks, said: str, read: str) -> None:
    """Thoughts, fences and an object that nobody asked for do no harm."""
    _, model = asks(fake.says(said))
    assert model.ask(QUESTION, Text).text == read


def test_a_text_that_does_not_fit_is_not_asked_for_again(asks: Asks) -> None:
    """Who wants it asks in other words."""
    server, model = asks(fake.says("很长的一句话" * 9))
    with pytest.raises(ModelInvalid):
        model.ask(QUESTION, Text)
    assert len(server.requests) == 1


def test_a_cut_text_ends_the_question_and_a_cut_thought_does_not(asks: Asks) -> None:
    """A model that repeats itself would fill any room; one that is still thinking gets more."""
    cut, model = asks(lambda request, _: fake.length(request, "发布发布发布"))
    with pytest.raises(ModelInvalid, match="does not end"):
        model.ask(QUESTION, Text)
    assert len(cut.requests) == 1
    thinking, model = asks(
        lambda request, _: fake.length(request, "<think>It ships, so it is out.")
    )
    assert model.ask(QUESTION, Text).text == "已经发布。"
    assert [request.cap for request in thinking.requests] == [50, 100]


def test_an_answer_is_kept_like_any_other(asks: Asks) -> None:
    """The same question is not asked twice, and a refusal is one."""
    server, model = asks()
    assert model.ask(QUESTION, Text) == model.ask(QUESTION, Text)
    assert len(server.requests) == 1
    assert model.kept_answer(QUESTION, Text) == Text(text="已经发布。")
    with pytest.raises(ModelRefused):
        asks(fake.refusal)[1].ask(QUESTION.model_copy(update={"user": "Else."}), Text)


def test_a_prompt_file_may_have_examples_and_ask_for_a_text() -> None:
    """They stand in the front matter and come out with every question."""
    raw = (
        '+++\ndescription = "d"\ninputs = ["it"]\nmax_output_tokens = 9\nas_text = true\n\n'
        f"[[examples]]\nuser = {json.dumps('a')}\nassistant = {json.dumps('b')}\n+++\n\n"
        "## system\n\ns\n\n## user\n\n$it\n"
    )
    asked = parse_prompt("p", raw.encode()).fill(it="c")
    assert asked.as_text
    assert asked.examples == (Example(user="a", assistant="b"),)
