"""What came is used, asked for with more room, or ends the run; over a server that answers so."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pydantic import BaseModel

import openai_server as fake
from openai_server import Behaviour, OpenAIServer, Request, ServerReply
from pipeline.errors import ModelError, ModelInvalid, ModelRefused, ModelUnavailable
from pipeline.llm.budget import BudgetLimits
from pipeline.llm.cache import Cache
from pipeline.llm.model import Model
from pipeline.llm.prompts import Question
from pipeline.llm.target import ModelOptions, ModelTarget

GOOD = '{"title": "标题标题"}'


class Story(BaseModel):
    """What is asked for."""

    title: str


class Lab:
    """A server and a model that asks it."""

    def __init__(self, server: OpenAIServer, model: Model) -> None:
        self.server = server
        self.model = model

    def ask(self, user: str = "?", cap: int = 100) -> str:
        """Ask one question."""
        question = Question(prompt="select", system="", user=user, max_output_tokens=cap)
        return self.model.ask(question, Story).title

    @property
    def caps(self) -> list[int]:
        """Caps of the requests so far."""
        return [request.cap for request in self.server.requests]


Labs = Callable[..., Lab]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Labs]:
    """Make laboratories that share one cache."""
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(tmp_path / "cache.sqlite"))

        def make(
            *script: Behaviour,
            behave: Behaviour = fake.ok,
            attempts: int = 3,
            max_tokens: int = 10**6,
        ) -> Lab:
            server = OpenAIServer(*script, behave=lambda _: behave, answer=lambda *_: GOOD)
            stack.enter_context(server)
            limits = BudgetLimits(max_tokens=max_tokens, max_cost_usd=1)
            options = ModelOptions(timeout_s=5, attempts=attempts, limits=limits)
            target = ModelTarget("example.org/v1", "m", server.endpoint)
            model = Model(target, options=options, cache=cache, sleep=lambda _: None)
            return Lab(server, stack.enter_context(model))

        yield make


def cut_below(cap: int, reason: str = "stop") -> Behaviour:
    """Answer half where the cap is smaller."""

    def behave(request: Request, content: str) -> ServerReply:
        if request.cap >= cap:
            return fake.ok(request, content)
        return fake.completion(request, content[: len(content) // 2], finish_reason=reason)

    return behave


@pytest.mark.parametrize("reason", ["stop", "length", "max_tokens", "MAX_TOKENS"])
def test_a_cut_answer_gets_more_room_and_after_two_all_have_it(lab: Labs, reason: str) -> None:
    """Whatever the server says of its ending; four times the cap is the most."""
    one = lab(behave=cut_below(300, reason))
    for user in "ab":
        assert one.ask(user) == "标题标题"
    assert one.caps == [100, 200, 400] * 2
    one.ask("c")
    assert one.caps[6:] == [400]


def test_cut_answers_are_kept_for_their_own_cap(lab: Labs) -> None:
    """A second run goes through them without a call."""
    lab(behave=cut_below(300)).ask()
    again = lab()
    assert again.ask() == "标题标题"
    assert again.caps == []


def test_an_object_that_is_never_whole_is_asked_for_with_what_is_wrong(lab: Labs) -> None:
    """More room does not help a model that forgets a brace."""
    one = lab(*[cut_below(10_000)] * 3)
    assert one.ask() == "标题标题"
    assert one.caps == [100, 200, 400, 100]
    assert "no complete JSON object" in one.server.requests[3].messages[1]["content"]


def test_an_answer_that_never_ends_is_invalid(lab: Labs) -> None:
    """With the largest cap in its message."""
    with pytest.raises(ModelInvalid, match="does not end within 400 tokens"):
        lab(behave=fake.length).ask()


@pytest.mark.parametrize(("fitting", "ends"), [(0, True), (1, False)])
def test_nothing_but_endless_answers_ends_the_run_soon(
    lab: Labs, fitting: int, *, ends: bool
) -> None:
    """Only the first is asked for with more and more room; a model that has answered may go on."""
    one = lab(*[fake.ok] * fitting, behave=fake.length)
    for user in "abcd"[:fitting]:
        one.ask(user)
    for user in "efg":
        with pytest.raises(ModelInvalid, match="does not end within 400 tokens"):
            one.ask(user)
    with pytest.raises(ModelError, match="does not end within 400 tokens") as ended:
        one.ask("h")
    assert isinstance(ended.value, ModelUnavailable) is ends
    assert str(ended.value).endswith("; set another AINEWS_MODEL") is ends
    assert one.caps[fitting:] == [100, 200, 400] + ([400] * 3 if ends else [100, 200, 400] * 3)


def test_a_model_whose_kept_answers_fit_is_not_given_up(lab: Labs) -> None:
    """The questions of a run that is repeated end as they did, those without an answer too."""
    for repeat in (False, True):
        one = lab(fake.ok, behave=fake.length)
        assert one.ask("a") == "标题标题"
        for user in "bcdef":
            with pytest.raises(ModelInvalid, match="does not end within 400 tokens"):
                one.ask(user)
        assert bool(one.caps) is not repeat
    batch = lab().model
    needed = [
        batch.pending_request(
            Question(prompt="select", system="", user=user, max_output_tokens=100), Story
        )
        is not None
        for user in "abcdefg"
    ]
    assert needed == [False] * 6 + [True]


def test_nothing_but_blanks_ends_the_run_soon(lab: Labs) -> None:
    """A model that has never answered is given up with the third question."""
    one = lab(behave=fake.blank)
    for user in "ab":
        with pytest.raises(ModelInvalid, match="gave a blank answer"):
            one.ask(user)
    with pytest.raises(ModelUnavailable, match="7 blank answers in a row, to 3 questions") as ended:
        one.ask("c")
    assert "AINEWS_MODEL" in str(ended.value)
    assert len(one.server.requests) == 7


def test_blanks_now_and_then_end_nothing(lab: Labs) -> None:
    """An answer between them makes them few; one question alone may get only blanks."""
    one = lab(fake.ok, *[fake.blank] * 6, fake.ok, *[fake.blank] * 6, attempts=3)
    one.ask("a")
    for users in ("bc", "ef"):
        for user in users:
            with pytest.raises(ModelInvalid, match="blank"):
                one.ask(user)
        assert one.ask(f"after {users}") == "标题标题"
    for _ in range(9):
        with pytest.raises(ModelInvalid, match="blank"):
            lab(behave=fake.blank).ask("always the same")


def test_a_model_that_has_answered_is_given_up_later(lab: Labs) -> None:
    """With the eighth question in a row."""
    one = lab(fake.ok, behave=fake.blank, attempts=1)
    one.ask("a")
    for user in "bcdefgh":
        with pytest.raises(ModelInvalid, match="blank"):
            one.ask(user)
    with pytest.raises(ModelUnavailable, match="8 blank answers"):
        one.ask("i")


def test_answers_that_never_fit_end_the_run_soon(lab: Labs) -> None:
    """After four questions that were asked again: it is the model's way, not a story's."""
    one = lab(behave=fake.says("抱歉，我不能回答。"))
    for user in "abc":
        with pytest.raises(ModelInvalid):
            one.ask(user)
    with pytest.raises(ModelUnavailable, match=r"none of 4 questions of 'select': .*AINEWS_MODEL"):
        one.ask("d")
    assert len(one.server.requests) == 11


def test_a_model_whose_answers_fit_now_and_then_is_not_given_up(lab: Labs) -> None:
    """One that fits is enough, also where it was asked for again."""
    bad = fake.says("抱歉，我不能回答。")
    one = lab(bad, fake.ok, behave=bad)
    assert one.ask("first") == "标题标题"
    for user in "abcdef":
        with pytest.raises(ModelInvalid):
            one.ask(user)


def test_refusals_are_no_blanks(lab: Labs) -> None:
    """Each is that of its story, however many there are."""
    one = lab(behave=fake.content_filter)
    for user in "abcdefghij":
        with pytest.raises(ModelRefused):
            one.ask(user)
    assert len(one.server.requests) == 10


def spending(**usage: object) -> Behaviour:
    """Answer rightly, with these figures."""
    return lambda request, content: fake.completion(request, content, usage=usage)


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 5150},
        {
            "prompt_tokens": 100,
            "completion_tokens": 50,
            "completion_tokens_details": {"reasoning_tokens": 5000},
        },
        {"prompt_tokens": "100", "completion_tokens": "5050"},
    ],
)
def test_a_limit_holds_for_what_the_server_hides(lab: Labs, usage: dict[str, object]) -> None:
    """Reasoning that is left out of the answer's figure counts all the same."""
    one = lab(behave=spending(**usage), max_tokens=6_000)
    one.ask("a")
    total = one.model.receipt().total
    assert (total.input_tokens, total.output_tokens, total.uncounted) == (100, 5050, 0)
    with pytest.raises(ModelError, match="AINEWS_MAX_TOKENS_PER_RUN"):
        one.ask("b", cap=1_000)


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
        {"prompt_tokens": 10**15, "completion_tokens": 1},
        {"prompt_tokens": 9, "completion_tokens": -1},
        {},
    ],
)
def test_what_a_server_does_not_count_is_estimated(lab: Labs, usage: dict[str, object]) -> None:
    """The receipt says so, and no figure is nothing or beyond belief."""
    one = lab(behave=spending(**usage))
    one.ask("a")
    total = one.model.receipt().total
    assert total.uncounted == 1
    assert 0 < total.input_tokens < 1_000
    assert 0 < total.output_tokens < 100
