"""The model is asked over a real loopback server that misbehaves; pauses are counted, not waited."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from pydantic import BaseModel, Field, SecretStr

import openai_server as fake
from openai_server import Behaviour, OpenAIServer, Request, ServerReply
from pipeline.errors import (
    DigestError,
    ModelError,
    ModelInvalid,
    ModelRefused,
    ModelUnavailable,
    SettingsError,
    WeightsError,
)
from pipeline.llm import transport as server_module
from pipeline.llm.budget import BudgetLimits, RunCost
from pipeline.llm.cache import Cache
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.model import Model
from pipeline.llm.prices import Prices, Tokens, calculate_cost
from pipeline.llm.prompts import Question
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import Endpoint
from pipeline.llm.target import ModelOptions, ModelTarget

KEY = "sk-test-0123456789"
GOOD = '{"title": "标题", "ids": ["s01", "s02"]}'


class Story(BaseModel):
    """What the tests ask for."""

    title: str = Field(min_length=2, max_length=12)
    ids: tuple[str, ...] = Field(min_length=1, max_length=3)


class Lab:
    """A server, a model that asks it, and what happened."""

    def __init__(self, server: OpenAIServer, model: Model, pauses: list[float]) -> None:
        self.server = server
        self.model = model
        self.pauses = pauses

    def ask(self, user: str = "Which stories?", cap: int = 100) -> Story:
        """Ask the question of the tests."""
        question = Question(prompt="select", system="Choose.", user=user, max_output_tokens=cap)
        return self.model.ask(question, Story)

    def failure(self) -> DigestError:
        """Ask, and expect an error of our tree in one line, with the right exit code."""
        with pytest.raises(DigestError) as caught:
            self.ask()
        message = str(caught.value)
        assert caught.value.exit_code == 5
        assert len(message.splitlines()) == 1
        assert KEY not in message
        return caught.value

    @property
    def modes(self) -> list[str]:
        """Modes of the requests so far."""
        return [request.mode for request in self.server.requests]


Labs = Callable[..., Lab]


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Labs]:
    """Make laboratories that share one cache file and are closed at the end."""
    with contextmanager(_labs)(tmp_path / "cache.sqlite") as make:
        yield make


def _labs(path: Path) -> Iterator[Labs]:
    opened: list[Any] = []

    def enter(thing: Any) -> Any:
        opened.append(thing)
        return thing.__enter__()

    def make(
        *script: Behaviour,
        host: str | None = None,
        connect: Callable[[], Endpoint] | None = None,
        options: dict[str, Any] | None = None,
        capabilities: ServerCapabilities | None = None,
        sleep: Callable[[float], None] | None = None,
        **abilities: Any,
    ) -> Lab:
        given = {
            "timeout_s": 5.0,
            "attempts": 3,
            "max_tokens": 1_000_000,
            "max_cost_usd": 1.0,
        } | (options or {})
        limits = {name: given.pop(name) for name in ("max_tokens", "max_cost_usd")}
        abilities.setdefault("answer", lambda _messages, _schema: GOOD)
        server = enter(OpenAIServer(*script, **abilities))
        pauses: list[float] = []
        model = Model(
            ModelTarget(
                host or server.host, "test-model", connect or server.endpoint, capabilities
            ),
            options=ModelOptions(limits=BudgetLimits(**limits), **given),
            cache=enter(Cache(path)),
            sleep=sleep or pauses.append,
        )
        return Lab(server, enter(model), pauses)

    yield make
    for thing in reversed(opened):
        thing.__exit__(None, None, None)


# --- answers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", [fake.ok, fake.prose, fake.fenced, fake.think, fake.no_usage])
def test_a_right_answer_is_found_in_whatever_is_around_it(lab: Labs, behaviour: Behaviour) -> None:
    """Prose, code fences, thoughts and missing token counts do no harm, and cost no second call."""
    one = lab(behaviour)
    assert one.ask() == Story(title="标题", ids=("s01", "s02"))
    assert len(one.server.requests) == 1


def test_a_request_has_the_stable_part_first_and_nothing_that_was_not_configured(lab: Labs) -> None:
    """System text and schema stand before the user part; no temperature, no seed."""
    one = lab()
    one.ask("Which of s01, s02?")
    request = one.server.requests[0]
    assert set(request.body) == {"model", "messages", "max_tokens", "response_format"}
    assert [message["role"] for message in request.messages] == ["system", "user"]
    assert request.messages[0]["content"].startswith("Choose.\n\n")
    assert "json" in request.messages[0]["content"].lower()
    assert '"maxLength": 12' in request.messages[0]["content"]
    assert request.messages[1]["content"] == "Which of s01, s02?"
    assert request.headers["authorization"] == f"Bearer {KEY}"


def test_the_schema_on_the_wire_is_one_that_strict_servers_take(lab: Labs) -> None:
    """Lengths of strings stay here; where a grammar enforces them, they are sent."""
    strict, grammar = lab(), lab(capabilities=ServerCapabilities(length_bounds=True))
    strict.ask()
    grammar.ask()
    described = strict.server.requests[0].body["response_format"]["json_schema"]
    assert described["strict"] is True
    assert described["schema"]["properties"]["title"] == {"type": "string"}
    title = grammar.server.requests[0].schema["properties"]["title"]
    assert title == {"type": "string", "minLength": 2, "maxLength": 12}


def test_configured_sampling_and_extra_fields_are_sent(lab: Labs) -> None:
    """A temperature and what only one server knows go out as they were set."""
    one = lab(
        options={"temperature": 0.2},
        capabilities=ServerCapabilities(extra_body={"cache_prompt": True}),
    )
    one.ask()
    assert one.server.requests[0].body["temperature"] == 0.2
    assert one.server.requests[0].body["cache_prompt"] is True


def test_half_a_surrogate_pair_in_the_material_is_no_failure(lab: Labs) -> None:
    """Text that cannot be encoded is sent with a mark in its place."""
    one = lab()
    one.ask("a\ud800b")
    assert one.server.requests[0].messages[1]["content"] == "a?b"


# --- the ladder ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("taken", "asked"),
    [
        (("json_schema", "json_object", "text"), ["json_schema"]),
        (("json_object", "text"), ["json_schema", "json_object"]),
        (("text",), ["json_schema", "json_object", "text"]),
    ],
)
def test_the_best_mode_that_a_server_takes_is_learnt_once(
    lab: Labs, taken: tuple[str, ...], asked: list[str]
) -> None:
    """Going down the ladder costs its steps once: not in the next call, not in the next run."""
    one = lab(modes=taken, host="example.org/v1")
    one.ask("first")
    assert one.modes == asked
    one.ask("second")
    assert one.modes == [*asked, taken[0]]
    later = lab(modes=taken, host="example.org/v1")
    later.ask("third")
    assert later.modes == [taken[0]]


def test_a_mode_is_learnt_for_one_host_only(lab: Labs) -> None:
    """What one server refuses, another is still asked for."""
    lab(modes=("text",), host="one.example/v1").ask()
    two = lab(host="two.example/v1")
    two.ask()
    assert two.modes == ["json_schema"]


def test_the_name_of_the_cap_is_learnt_too(lab: Labs) -> None:
    """A server that knows only the other name of the output cap gets it, from then on at once."""
    one = lab(cap="max_completion_tokens", modes=("json_object",), host="example.org/v1")
    one.ask("first")
    assert one.modes == ["json_schema", "json_schema", "json_object"]
    one.ask("second")
    assert one.server.requests[-1].body["max_completion_tokens"] == 100
    with Cache(Path(one.model._answers._cache._path)) as cache:
        learnt = cache.get_capabilities("example.org/v1", "test-model")
    assert learnt == ServerCapabilities(mode="json_object", token_param="max_completion_tokens")  # noqa: S106 - a name


def test_openai_is_asked_with_its_own_name_of_the_cap(lab: Labs) -> None:
    """No call is lost on OpenAI itself, which is told which questions begin alike."""
    one = lab(cap="max_completion_tokens", host="api.openai.com/v1")
    one.ask()
    (request,) = one.server.requests
    assert request.body["prompt_cache_key"] == "ainews-digest select"


def test_threads_that_go_down_the_ladder_together_arrive(lab: Labs) -> None:
    """Twenty first questions at once all end in an answer."""
    one = lab(modes=("text",), latency_s=0.01)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(one.ask, [f"question {n}" for n in range(20)]))
    assert {answer.title for answer in answers} == {"标题"}
    assert one.model.receipt().total.calls == 20


# --- re-ask --------------------------------------------------------------------------------------


def test_an_answer_that_does_not_fit_is_asked_again_with_the_error(lab: Labs) -> None:
    """The question comes again with what was wrong, without the answer; no pause is made."""
    one = lab(fake.says("I would choose the first."), fake.says('{"title": "x", "ids": ["s01"]}'))
    assert one.ask().title == "标题"
    first, second, third = (request.messages for request in one.server.requests)
    assert [message["role"] for message in third] == ["system", "user"]
    assert second[0] == first[0]
    assert second[1]["content"].startswith(first[1]["content"])
    assert "I would choose" not in second[1]["content"]
    assert "no complete JSON object" in second[1]["content"]
    assert "title: String should have at least 2 characters" in third[1]["content"]
    assert one.pauses == []


def test_a_question_is_asked_again_at_its_own_temperature(lab: Labs) -> None:
    """A cold model would say the same again; without a temperature none is sent."""
    one = lab(fake.says("no"), options={"temperature": 0.0, "reask_temperature": 0.7})
    one.ask()
    assert [request.body.get("temperature") for request in one.server.requests] == [0.0, 0.7]
    plain = lab(fake.says("no"))
    plain.ask()
    assert all("temperature" not in request.body for request in plain.server.requests)


def test_after_two_re_asks_it_ends(lab: Labs) -> None:
    """A model that cannot do it costs three calls, and says what was wrong last."""
    one = lab(behave=lambda _request: fake.says('{"title": "标题", "ids": []}'))
    error = one.failure()
    assert isinstance(error, ModelInvalid)
    assert "ids: Tuple should have at least 1 item" in str(error)
    assert len(one.server.requests) == 3


# --- odd answers ---------------------------------------------------------------------------------

PASSING = [
    fake.failing(500),
    fake.failing(503),
    fake.failing(408),
    fake.failing(409),
    fake.failing(429, "slow down"),
    fake.blank,
    fake.choices_null,
    fake.choices_empty,
    fake.empty_body,
    fake.broken,
    fake.reset,
    fake.error_200(),
    fake.error_200(502),
]


@pytest.mark.parametrize("behaviour", PASSING)
def test_a_failure_that_may_pass_is_tried_again(lab: Labs, behaviour: Behaviour) -> None:
    """Twice wrong, then right, with a growing pause between: a correct answer."""
    one = lab(behaviour, behaviour)
    assert one.ask().title == "标题"
    assert len(one.server.requests) == 3
    assert 1 <= one.pauses[0] <= 2 <= one.pauses[1] <= 3


@pytest.mark.parametrize("behaviour", PASSING)
def test_a_failure_that_does_not_pass_ends_in_one_line(lab: Labs, behaviour: Behaviour) -> None:
    """The attempts are bounded, and the line says how many there were."""
    one = lab(behave=lambda _request: behaviour)
    assert "(attempts: 3)" in str(one.failure())
    assert len(one.server.requests) == 3


def test_a_model_that_stays_silent_spoils_one_question_only(lab: Labs) -> None:
    """Blank answers to the end are an invalid answer, which the stages can do without."""
    assert isinstance(lab(behave=lambda _request: fake.blank).failure(), ModelInvalid)


@pytest.mark.parametrize(
    ("behaviour", "kind", "said"),
    [
        (fake.html, ModelError, "check OPENAI_BASE_URL (does it end in /v1?)"),
        (fake.not_a_completion, ModelError, "check OPENAI_BASE_URL"),
        (fake.failing(404, "Not Found"), ModelError, "check OPENAI_BASE_URL"),
        (fake.wrong_key, ModelError, "check OPENAI_API_KEY"),
        (fake.failing(403, "Country not supported"), ModelError, "country or region"),
        (fake.no_model, ModelUnavailable, "check AINEWS_MODEL"),
        (fake.failing(400, "Model Not Exist"), ModelUnavailable, "check AINEWS_MODEL"),
        (fake.no_credit, ModelUnavailable, "no credit left"),
        (fake.failing(402, "Insufficient Balance"), ModelUnavailable, "no credit left"),
        (fake.too_long, ModelError, "the question is too long"),
        (fake.failing(429, "Request too large for m: Limit 9"), ModelError, "is too long"),
        (fake.failing(413, "Payload"), ModelError, "the question is too long"),
        (fake.failing(400, "messages: bad role"), ModelError, "turned the question down"),
        (fake.failing(400, "no 'temperature' with this model"), ModelError, "turned the question"),
        (fake.failing(418, "I am a teapot"), ModelError, "turned the question down"),
        (fake.error_200(401, "no such key"), ModelError, "check OPENAI_API_KEY"),
        (fake.refusal, ModelRefused, "I can't help with that."),
        (fake.content_filter, ModelRefused, "refused"),
        (fake.failing(400, "Content Exists Risk"), ModelRefused, "content filter"),
        (fake.failing(429, "wait", retry_after="3600"), ModelUnavailable, "asks to wait 3600 s"),
    ],
)
def test_a_failure_that_will_not_pass_ends_at_once(
    lab: Labs, behaviour: Behaviour, kind: type[ModelError], said: str
) -> None:
    """One call, no pause, and a line that says what to do next."""
    one = lab(behave=lambda _request: behaviour)
    error = one.failure()
    assert type(error) is kind
    assert said in str(error)
    assert len(one.server.requests) == 1
    assert one.pauses == []


@pytest.mark.parametrize("after", ["7", "7.0"])
def test_the_pause_is_the_one_that_the_server_asks_for(lab: Labs, after: str) -> None:
    """`Retry-After` in seconds is kept, with a little on top so that threads do not come at once."""
    one = lab(fake.failing(429, retry_after=after))
    one.ask()
    assert 7 <= one.pauses[0] <= 8


@pytest.mark.parametrize("others", [True, False])
def test_a_question_waits_for_its_turn_while_others_are_answered(
    lab: Labs,
    others: bool,
) -> None:
    """Tries that a server sends back for a while do not count then; else three are all."""
    sent_back = 0

    def limit(request: Request) -> Behaviour:
        nonlocal sent_back
        if "waits" not in request.messages[1]["content"] or sent_back == 10:
            return fake.ok
        sent_back += 1
        return fake.failing(429, retry_after="0.1")

    def meanwhile(_seconds: float) -> None:
        if others:
            one.ask(f"another one, {len(one.server.requests)}")

    one = lab(behave=limit, sleep=meanwhile)
    if others:
        assert one.ask("It waits.").title == "标题"
        assert sent_back == 10
        return
    with pytest.raises(ModelError, match=r"attempts: 3"):
        one.ask("It waits.")
    assert sent_back == 3


def test_a_retry_after_may_be_a_date(lab: Labs) -> None:
    """A date is turned into seconds from now."""
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    one = lab(fake.failing(503, retry_after=later))
    one.ask()
    assert 28 <= one.pauses[0] <= 31


def test_a_retry_after_that_is_nonsense_is_ignored(lab: Labs) -> None:
    """The pause is our own then."""
    one = lab(fake.failing(429, retry_after="soon"))
    one.ask()
    assert 1 <= one.pauses[0] <= 2


@pytest.mark.parametrize("behaviour", [fake.hang, fake.drip])
def test_a_server_that_hangs_or_drips_ends_in_time(lab: Labs, behaviour: Behaviour) -> None:
    """Each attempt ends after its timeout, although bytes may keep coming."""
    options = {"timeout_s": 0.2, "attempts": 2}
    one = lab(behave=lambda _request: behaviour, options=options)
    started = time.monotonic()
    error = one.failure()
    assert time.monotonic() - started < 6  # the whole answer would take longer
    assert "did not answer in time; raise AINEWS_MODEL_TIMEOUT_S" in str(error)
    assert len(one.server.requests) == 2


def test_a_server_that_is_not_there_ends_in_one_line(lab: Labs) -> None:
    """A refused connection names the setting and the network."""
    nowhere = Endpoint(base_url="http://127.0.0.1:9/v1/", api_key=SecretStr(""))
    error = lab(connect=lambda: nowhere).failure()
    assert "cannot be reached: [Errno 111] Connection refused; check OPENAI_BASE_URL" in str(error)


def test_an_answer_that_was_cut_off_is_asked_once_more_with_a_doubled_cap(lab: Labs) -> None:
    """A longer cap is tried at once, without a pause."""
    one = lab(fake.length)
    assert one.ask(cap=50).title == "标题"
    assert [request.cap for request in one.server.requests] == [50, 100]
    assert one.pauses == []


def test_an_answer_that_never_ends_is_invalid(lab: Labs) -> None:
    """Three cut-off answers end it; nobody is told to edit a file of this program."""
    one = lab(behave=lambda _request: fake.length)
    error = one.failure()
    assert isinstance(error, ModelInvalid)
    assert str(error) == "the answer to 'select' does not end within 400 tokens"
    assert [request.cap for request in one.server.requests] == [100, 200, 400]


def test_every_error_of_the_sdk_is_translated() -> None:
    """Whatever class the SDK raises, now or after an upgrade, ends in our tree."""
    request = httpx2.Request("POST", "http://example.org/v1")
    for kind in _subclasses(openai.OpenAIError):
        error = kind.__new__(kind)
        Exception.__init__(error, "words")
        if isinstance(error, openai.APIStatusError):
            status = getattr(kind, "status_code", 500)
            response = httpx2.Response(status, request=request)
            error = openai.APIStatusError("words", response=response, body={"message": "words"})
        found = server_module.translate_error(error, "host", str)
        if isinstance(found, RequestRejected):
            found = found.to_error("host", "model")
        assert isinstance(found, ModelError), kind
    others = {
        name
        for name, kind in list(vars(openai).items())
        # A proxy is no class, and to ask it what it is loads all of the SDK.
        if issubclass(type(kind), type)
        and issubclass(kind, Exception)
        and not issubclass(kind, openai.OpenAIError)
    }
    assert others == {"InvalidWebhookSignatureError"}


def _subclasses(kind: type[openai.OpenAIError]) -> list[type[openai.OpenAIError]]:
    return [kind, *(deeper for one in kind.__subclasses__() for deeper in _subclasses(one))]


# --- key and connection --------------------------------------------------------------------------


def test_a_key_that_the_server_repeats_is_in_no_traceback(lab: Labs) -> None:
    """Neither the message nor the cause behind it holds the key."""
    error: BaseException | None = lab(fake.wrong_key).failure()
    assert "***" in str(error)
    while error is not None:
        assert KEY not in repr(error)
        error = error.__cause__


def test_a_key_with_impossible_characters_is_a_setting_error(lab: Labs) -> None:
    """A pasted full-width or multi-line key is named before any request."""
    bad = Endpoint(base_url="http://127.0.0.1:9/v1/", api_key=SecretStr("sk-钥匙"))
    with pytest.raises(SettingsError, match="OPENAI_API_KEY"):
        lab(connect=lambda: bad).ask()


def test_white_space_around_a_key_is_none_of_it(lab: Labs) -> None:
    """It comes with copying; within a key there is none."""
    for key in (f" {KEY}\n", KEY):
        one = lab()

        def connect(server: OpenAIServer = one.server, key: str = key) -> Endpoint:
            return server.endpoint().model_copy(update={"api_key": SecretStr(key)})

        other = lab(connect=connect, host=f"host-{len(key)}")
        assert other.ask().title == "标题"
        (request,) = one.server.requests
        assert request.headers["authorization"] == f"Bearer {KEY}"
    spaced = Endpoint(base_url="http://127.0.0.1:9/v1/", api_key=SecretStr("sk test"))
    with pytest.raises(SettingsError, match="characters that no key has"):
        lab(connect=lambda: spaced, host="spaced").ask()


def test_a_server_without_a_key_is_asked_without_one(lab: Labs) -> None:
    """A blank key is for servers that want none."""
    one = lab()
    blank = one.server.endpoint(api_key="")
    two = lab(connect=lambda: blank)
    assert two.ask().title == "标题"


def test_the_connection_is_opened_once_and_late(lab: Labs) -> None:
    """Threads that come together wait for one `connect`; the constructor calls none."""
    calls: list[int] = []
    one = lab()

    def connect() -> Endpoint:
        calls.append(1)
        time.sleep(0.02)
        return one.server.endpoint()

    two = lab(connect=connect)
    assert calls == []
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(two.ask, [f"question {n}" for n in range(8)]))
    assert calls == [1]


def test_a_connection_that_cannot_be_opened_is_not_tried_again(lab: Labs) -> None:
    """Weights that are damaged are not hashed once per thread."""
    calls: list[int] = []

    def connect() -> Endpoint:
        calls.append(1)
        raise WeightsError("damaged")

    one = lab(connect=connect)
    assert isinstance(one.failure(), WeightsError)
    assert isinstance(one.failure(), WeightsError)
    assert calls == [1]


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    lab: Labs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Questions to a loopback server never go to a proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert lab().ask().title == "标题"


def test_closing_ends_the_pause_between_attempts(tmp_path: Path) -> None:
    """A run that is interrupted does not wait for the next attempt."""
    with (
        OpenAIServer(behave=lambda _request: fake.failing(429, retry_after="50")) as server,
        Cache(tmp_path / "cache.sqlite") as cache,
    ):
        limits = BudgetLimits(max_tokens=10**6, max_cost_usd=1)
        options = ModelOptions(timeout_s=5, attempts=5, limits=limits)
        model = Model(ModelTarget(server.host, "m", server.endpoint), options=options, cache=cache)

        def close_in_the_pause() -> None:
            while not server.requests:
                time.sleep(0.01)
            time.sleep(0.2)
            model.close()

        threading.Thread(target=close_in_the_pause).start()
        question = Question(prompt="select", system="s", user="u", max_output_tokens=10)
        started = time.monotonic()
        with pytest.raises(ModelError):
            model.ask(question, Story)
        assert time.monotonic() - started < 20


# --- cache ---------------------------------------------------------------------------------------


def test_a_repeated_question_makes_no_call_and_no_connection(lab: Labs) -> None:
    """The second run answers from the cache alone."""
    first = lab(host="example.org/v1").ask()

    def connect() -> Endpoint:
        raise AssertionError("connected")

    again = lab(host="example.org/v1", connect=connect)
    assert again.ask() == first
    total = again.model.receipt().total
    assert (total.calls, total.from_cache, total.cost_usd) == (0, 1, 0.0)


def test_another_question_host_or_sampling_is_asked_anew(lab: Labs) -> None:
    """Whatever shapes a reply is part of what it is kept under."""
    lab(host="example.org/v1").ask("one")
    extra = ServerCapabilities(extra_body={"top_k": 1})
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({}, "example.org/v1", "two"),
        ({}, "example.com/v1", "one"),
        ({"options": {"temperature": 0.5}}, "example.org/v1", "one"),
        ({"capabilities": extra}, "example.org/v1", "one"),
    ]
    for more, host, user in cases:
        one = lab(host=host, **more)
        one.ask(user)
        assert len(one.server.requests) == 1


def test_a_kept_reply_that_does_not_fit_any_more_is_asked_anew(lab: Labs, tmp_path: Path) -> None:
    """A validator that became stricter is heard."""
    lab(host="example.org/v1").ask()
    with Cache(tmp_path / "cache.sqlite") as cache:
        cache.execute("UPDATE replies SET answer = '{}'")
        cache.execute("UPDATE answers SET content = '{}'")
    one = lab(host="example.org/v1")
    assert one.ask().title == "标题"
    assert len(one.server.requests) == 1


# --- pauses, ladders and answers, further --------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "least", "most"),
    [("60", 60, 61), ("0", 0, 1), ("2.5", 2.5, 3.5), ("Thu, 01 Jan 1970 00:00:00 GMT", 0, 1)],
)
def test_a_pause_of_up_to_a_minute_is_kept(
    lab: Labs, after: str, least: float, most: float
) -> None:
    """Exactly 60 s, none at all, fractions, and a date that has passed: spread by up to a second."""
    one = lab(fake.failing(503, retry_after=after))
    one.ask()
    (pause,) = one.pauses
    assert least <= pause <= most


def test_a_date_without_a_zone_is_that_of_greenwich(lab: Labs) -> None:
    """As HTTP has it."""
    soon = (datetime.now(UTC) + timedelta(seconds=20)).strftime("%a, %d %b %Y %H:%M:%S -0000")
    one = lab(fake.failing(503, retry_after=soon))
    one.ask()
    assert 15 <= one.pauses[0] <= 21


def test_a_server_that_asks_for_minutes_again_and_again_is_left(
    lab: Labs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times the longest pause is waited in all, however many attempts there are."""
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])

    def wait(seconds: float) -> None:
        clock[0] += seconds
        one.pauses.append(seconds)

    one = lab(
        behave=lambda _request: fake.failing(429, "wait", retry_after="50"),
        options={"attempts": 99, "timeout_s": 5.0},
        sleep=wait,
    )
    assert isinstance(one.failure(), ModelError)
    assert 2 <= len(one.pauses) <= 3
    assert sum(one.pauses) <= 180


@pytest.mark.parametrize("status", [400, 404, 422])
def test_the_ladder_is_gone_down_by_words_about_the_form(lab: Labs, status: int) -> None:
    """Whatever of the three states says it; each step is asked once."""
    one = lab(fake.failing(status, "response_format is not supported"), host=f"h{status}")
    assert one.ask().title == "标题"
    assert one.modes == ["json_schema", "json_object"]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "response_format is not supported"),
        (400, "the json is longer than the maximum context length"),
        (400, "max_tokens must be positive"),
    ],
)
def test_other_refusals_are_no_reason_to_ask_otherwise(lab: Labs, status: int, said: str) -> None:
    """A key, a length or a value stay what they are."""
    one = lab(behave=lambda _request: fake.failing(status, said))
    assert isinstance(one.failure(), ModelError)
    assert len(one.server.requests) == 1


def test_a_server_that_takes_neither_name_of_the_cap_is_asked_without(lab: Labs) -> None:
    """Each name is tried once, and then none; the next question begins there."""

    def caps(request: Request) -> list[str]:
        return sorted({"max_tokens", "max_completion_tokens"} & set(request.body))

    def behave(request: Request) -> Behaviour:
        said = "Unrecognized request argument supplied: "
        return fake.failing(400, f"{said}{caps(request)[0]}") if caps(request) else fake.ok

    one = lab(behave=behave)
    right = json.dumps({"title": "title", "ids": ["s01"]})
    one.server._answered = lambda request, behaviour: behaviour(request, right)  # type: ignore[method-assign]
    one.ask()
    one.ask("another question")
    sent = [caps(request) for request in one.server.requests]
    assert sent == [["max_tokens"], ["max_completion_tokens"], [], []]


def test_the_words_of_a_refusal_are_cut(lab: Labs) -> None:
    """A model may refuse at length."""
    said = {"content": None, "refusal": "no " * 500}
    body = json.dumps({"choices": [{"message": said, "finish_reason": "stop"}]}).encode()

    def answer(_request: Request, _content: str) -> ServerReply:
        return ServerReply(200, body)

    error = lab(behave=lambda _request: answer).failure()
    assert isinstance(error, ModelRefused)
    assert len(str(error)) < 320


def test_only_openai_itself_is_asked_with_its_own_name_of_the_cap(lab: Labs) -> None:
    """Not who passes on to it."""
    one = lab(host="gateway.example/api.openai.com/v1")
    one.ask()
    assert "max_tokens" in one.server.requests[0].body


def test_a_question_that_comes_again_is_asked_warmer(lab: Labs) -> None:
    """From the first call on, and its re-asks as well."""
    one = lab(fake.says("no"), options={"temperature": 0.0, "reask_temperature": 0.7})
    again = Question(
        prompt="translate", system="S.", user="U?", max_output_tokens=100, asked_before=True
    )
    one.model.ask(again, Story)
    assert [request.body["temperature"] for request in one.server.requests] == [0.7, 0.7]


def test_the_schema_in_words_has_its_lengths_whatever_is_on_the_wire(lab: Labs) -> None:
    """Strict mode rejects them there, and a model may read them here."""
    one = lab()
    one.ask()
    (request,) = one.server.requests
    assert '"maxLength": 12' in request.messages[0]["content"]
    assert "maxLength" not in json.dumps(request.body["response_format"])


# --- receipt and limits --------------------------------------------------------------------------

PRICES = Prices(input_usd_per_mtok=1.0, output_usd_per_mtok=10.0)


def test_the_receipt_counts_tokens_and_price_per_prompt(lab: Labs) -> None:
    """What the server counted is what the receipt says."""
    one = lab(fake.failing(500), options={"prices": PRICES})
    one.ask("first")
    one.ask("second")
    one.ask("second")
    receipt = one.model.receipt()
    assert [line.prompt for line in receipt.prompts] == ["select"]
    total = receipt.total
    assert (total.calls, total.failed, total.from_cache, total.uncounted) == (2, 1, 1, 0)
    assert (total.input_tokens, total.cached_tokens) == (2000, 800)
    assert (total.output_tokens, total.reasoning_tokens) == (200, 60)
    assert total.cost_usd == pytest.approx(2 * (0.001 + 0.001))
    assert total.seconds > 0
    assert receipt.describe() == (
        "test-model: 2 calls, 1 answer from the cache; 1 call failed; "
        "2,000 tokens in (800 cached), 200 out (60 reasoning); $0.0040"
    )


def test_the_receipt_says_what_each_prompt_cost(lab: Labs) -> None:
    """What was taken from the cache cost nothing, and has no price."""
    one = lab(options={"prices": PRICES})
    for prompt in ("select", "translate", "select"):
        one.model.ask(Question(prompt=prompt, system="S.", user=prompt, max_output_tokens=9), Story)
    assert one.model.receipt().describe().endswith("; $0.0040 (select $0.0020, translate $0.0020)")


def test_tokens_that_the_server_does_not_count_are_said_to_be_estimated(lab: Labs) -> None:
    """Missing usage is not 0; the price is then that of the estimate, and said to be."""
    one = lab(fake.no_usage, options={"prices": PRICES})
    one.ask()
    receipt: RunCost = one.model.receipt()
    assert receipt.total.uncounted == 1
    assert receipt.total.input_tokens > 50
    assert receipt.total.cost_usd
    usd = f"{receipt.total.cost_usd:.4f}"
    assert receipt.describe().endswith(f"1 call estimated; about ${usd}")


def test_a_free_model_is_free_whatever_it_counts(lab: Labs) -> None:
    """The embedded model's price is known: nothing."""
    free = Prices(input_usd_per_mtok=0, output_usd_per_mtok=0)
    one = lab(fake.no_usage, options={"prices": free, "max_cost_usd": 1e-9})
    one.ask()
    assert one.model.receipt().total.cost_usd == 0.0


def test_the_price_list_knows_models_by_host_and_by_name() -> None:
    """A listed model has its price; an unknown one, or one served here, has none."""
    tokens = Tokens(input=1_000_000, output=1_000_000, cached=500_000)

    def listed(host: str, model: str) -> float | None:
        return calculate_cost(tokens, host=host, model=model, prices=None)

    assert listed("api.openai.com/v1", "gpt-4o-mini") == pytest.approx(0.7125)
    assert listed("gateway.example.org/v1", "gpt-4o-mini") == pytest.approx(0.7125)
    assert listed("api.openai.com/v1", "no-such-model") is None
    assert listed("localhost:11434/v1", "deepseek-r1") is None
    assert listed("[::1]:8080/v1", "gpt-4o-mini") is None


@pytest.mark.parametrize(
    ("limit", "said"),
    [
        ({"max_tokens": 150}, "raise AINEWS_MAX_TOKENS_PER_RUN"),
        ({"max_cost_usd": 0.0005, "prices": PRICES}, "raise AINEWS_MAX_COST_USD"),
    ],
)
def test_a_limit_stops_the_run_before_it_is_passed(
    lab: Labs, limit: dict[str, Any], said: str
) -> None:
    """Nothing is sent, and the line names the setting."""
    one = lab(options=limit)
    assert said in str(one.failure())
    assert one.server.requests == []


def test_calls_in_flight_count_towards_the_limit(lab: Labs) -> None:
    """Many questions at once cannot pass together what one after the other could not."""
    one = lab(latency_s=0.1, options={"max_tokens": 1000})

    def told(user: str) -> bool:
        try:
            return one.ask(user).title == "标题"
        except ModelError:
            return False

    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(told, [f"question {n}" for n in range(8)]))
    assert 1 <= sum(answered) <= 5
    assert len(one.server.requests) == sum(answered)


def test_what_is_logged_names_prompt_and_mode_and_no_text(
    lab: Labs, caplog: pytest.LogCaptureFixture
) -> None:
    """Debug lines hold neither key nor question nor answer."""
    one = lab(fake.failing(500), modes=("json_object",))
    with caplog.at_level(logging.DEBUG, logger="pipeline"):
        one.ask("a secret question")
    ours = [one.getMessage() for one in caplog.records if one.name.startswith("pipeline")]
    assert any("select:" in line and "json_object" in line for line in ours)
    assert not any(KEY in line or "secret question" in line or "标题" in line for line in ours)


def test_the_test_server_makes_up_an_answer_for_any_schema(lab: Labs) -> None:
    """Without an answer of its own it gives the plainest one that fits, in every mode."""
    for modes in (("json_schema",), ("text",)):
        one = lab(
            answer=None,
            modes=modes,
            capabilities=ServerCapabilities(length_bounds=True),
            host=modes[0],
        )
        assert one.ask() == Story(title="xx", ids=("x",))
        assert one.server.requests[-1].mode == modes[0]
