"""A server that reads a part of a question is found out, and no other is taken for one."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest
from pydantic import BaseModel

from openai_server import Behaviour, OpenAIServer, Request, ServerReply, completion
from pipeline.errors import ModelInvalid, QuestionCut
from pipeline.llm.budget import BudgetLimits
from pipeline.llm.cache import Cache
from pipeline.llm.model import Model
from pipeline.llm.prompts import Question
from pipeline.llm.target import ModelOptions, ModelTarget
from pipeline.llm.window import filler_question, is_local, least_tokens

GOOD = '{"title": "标题"}'
ENGLISH = "The new model reads long questions, and its makers say how much of them they cost. "
CHINESE = "新模型能够阅读很长的问题，开发者公布了它的价格和上下文长度。"
Count = Callable[[str], object]


class Story(BaseModel):
    """What is asked for."""

    title: str


def counting(count: Count, **more: Any) -> Behaviour:
    """Answer rightly, and say that so many tokens of the question were read."""

    def behave(request: Request, content: str) -> ServerReply:
        text = "".join(message["content"] for message in request.messages)
        usage = {"prompt_tokens": count(text), "completion_tokens": 9, **more}
        return completion(request, content, usage=usage)

    return behave


def window(size: int) -> Count:
    """Read so many tokens of a question."""
    return lambda text: min(size, len(text) // 4)


class Lab:
    """A server that counts in its own way, and a model that asks it."""

    def __init__(self, tmp_path: Path, behaviour: Behaviour) -> None:
        self.server = OpenAIServer(behave=lambda _: behaviour, answer=lambda *_: GOOD)
        self._cache = Cache(tmp_path / "cache.sqlite")
        self._behaviour = behaviour

    def __enter__(self) -> Self:
        self.server.__enter__()
        options = ModelOptions(
            timeout_s=5, attempts=2, limits=BudgetLimits(max_tokens=10**7, max_cost_usd=9)
        )
        target = ModelTarget(self.server.host, "m", self.server.endpoint)
        self.model = Model(target, options=options, cache=self._cache, sleep=lambda _: None)
        return self

    def __exit__(self, *_: object) -> None:
        self.model.close()
        self._cache.close()
        self.server.__exit__(None, None, None)

    def ask(self, chars: int, text: str = ENGLISH) -> Story:
        """Ask a question of about so many characters."""
        user = (text * (chars // len(text) + 1))[:chars]
        question = Question(prompt="select", system="Choose.", user=user, max_output_tokens=100)
        return self.model.ask(question, Story)


def test_a_question_that_is_cut_is_no_question(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, with the setting; what does not fit then is not asked, what fits is."""
    with caplog.at_level(logging.WARNING), Lab(tmp_path, counting(window(2048))) as lab:
        with pytest.raises(QuestionCut, match="reads 2,048 tokens") as cut:
            lab.ask(40_000)
        assert isinstance(cut.value, ModelInvalid)
        assert 1000 < cut.value.room_tokens < 2048
        asked = len(lab.server.requests)
        with pytest.raises(QuestionCut, match="OLLAMA_CONTEXT_LENGTH"):
            lab.ask(50_000)
        assert len(lab.server.requests) == asked
        with pytest.raises(QuestionCut):
            lab.ask(8_100)
        assert lab.ask(3_000).title == "标题"
    assert len([one for one in caplog.records if "cuts the rest" in one.getMessage()]) == 1
    assert {line.prompt for line in lab.model.receipt().prompts} == {"select", "window"}


def test_a_window_of_which_half_is_read_holds_twice_as_much(tmp_path: Path) -> None:
    """Ollama cuts what is longer than 4,096 tokens to 2,050, and nothing else."""

    def half(text: str) -> int:
        return len(text) // 4 if len(text) // 4 <= 4096 else 2050

    with Lab(tmp_path, counting(half)) as lab:
        with pytest.raises(QuestionCut, match="reads 2,050 tokens") as cut:
            lab.ask(40_000)
        assert 2050 < cut.value.room_tokens < 4096
        assert lab.ask(12_000).title == "标题"


def test_an_answer_to_a_cut_question_is_not_kept(tmp_path: Path) -> None:
    """Once the window is wide enough, it is asked again."""
    with Lab(tmp_path, counting(window(2048))) as lab, pytest.raises(QuestionCut):
        lab.ask(40_000)
    with Lab(tmp_path, counting(window(60_000))) as lab:
        lab.ask(40_000)
        assert len(lab.server.requests) == 1


@pytest.mark.parametrize(
    "count",
    [
        lambda text: len(text) // 4,
        lambda text: len(text) // 3,
        lambda text: round(len(text) / 4.25),
        lambda _: 0,
        lambda _: None,
        lambda _: 1,
        lambda _: 17,
        lambda _: 1000,  # says the same of every question
        lambda _: "many",
        lambda _: -5,
        lambda text: len(text) // 40,  # counts something else
        lambda text: len(text) // 12,
        lambda text: len(text) // 8,
    ],
)
def test_whatever_else_a_server_says_is_no_window(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, count: Count
) -> None:
    """Nothing, nonsense, and its own way to count; the answer counts and is kept."""
    with caplog.at_level(logging.WARNING), Lab(tmp_path, counting(count)) as lab:
        for chars in (40_000, 20_000, 300):
            assert lab.ask(chars).title == "标题"
        asked = len(lab.server.requests)
        lab.ask(40_000)
        assert len(lab.server.requests) == asked <= 5
    assert not caplog.records


def test_a_cache_that_leaves_out_what_it_has_is_no_window(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Only what was new of a question is counted; of a new one all is."""
    seen: list[str] = []

    def uncached(text: str) -> int:
        known = max((len(_common(text, one)) for one in seen), default=0)
        seen.append(text)
        return max(1, (len(text) - known) // 4)

    with caplog.at_level(logging.WARNING), Lab(tmp_path, counting(uncached)) as lab:
        lab.ask(40_000)
        assert lab.ask(44_000).title == "标题"
        assert lab.ask(60_000).title == "标题"
    assert not caplog.records


def test_cached_tokens_beside_the_figure_are_read_too(tmp_path: Path) -> None:
    """Where they are more than it, it leaves them out."""
    details = {"prompt_tokens_details": {"cached_tokens": 9_000}}
    with Lab(tmp_path, counting(lambda _: 1000, **details)) as lab:
        lab.ask(40_000)
        assert len(lab.server.requests) == 1


def test_chinese_has_fewer_tokens_than_characters(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A tokenizer that knows its words makes one token of two of them."""
    with (
        caplog.at_level(logging.WARNING),
        Lab(tmp_path, counting(lambda text: int(len(text) / 1.9))) as lab,
    ):
        lab.ask(20_000, CHINESE)
        assert len(lab.server.requests) == 1
    assert not caplog.records


def test_filler_is_new_each_time_and_long_enough() -> None:
    """Nothing of it is in a cache, its beginning least of all."""
    one, other = filler_question(9_000), filler_question(9_000)
    assert one[:5] != other[:5]
    assert 9_000 <= len(one) < 9_100
    assert least_tokens(one) < least_tokens(one, local=True) < len(one) / 4


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("127.0.0.1:11434/v1", True),
        ("localhost:1234/v1", True),
        ("192.168.1.9:8000/v1", True),
        ("10.0.0.2/v1", True),
        ("[::1]:8000/v1", True),
        ("ollama:11434/v1", True),
        ("host.docker.internal:11434/v1", True),
        ("box.local/v1", True),
        ("api.openai.com/v1", False),
        ("8.8.8.8/v1", False),
        ("[bad", False),
    ],
)
def test_a_server_nearby_is_known_by_its_address(host: str, *, near: bool) -> None:
    """This machine, those of its network, and names without a domain."""
    assert is_local(host) is near


def _common(one: str, other: str) -> str:
    end = next(
        (n for n, pair in enumerate(zip(one, other, strict=False)) if len(set(pair)) > 1), -1
    )
    return one if end < 0 else one[:end]


def test_the_probe_is_asked_for_a_few_words(tmp_path: Path) -> None:
    """Of a question of filler that is longer than what was read."""
    with Lab(tmp_path, counting(window(2048))) as lab, pytest.raises(QuestionCut):
        lab.ask(40_000)
    first, longer, shorter = lab.server.requests
    assert (longer.cap, shorter.cap) == (16, 16)
    assert len(longer.messages[1]["content"]) > 2048 * 8
    assert len(shorter.messages[1]["content"]) < 200
    assert json.dumps(first.messages) != json.dumps(longer.messages)
