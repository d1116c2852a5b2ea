"""What a server's body means: an answer with its counts, or one error with what to do next."""

import json
from typing import Any

import pytest

from pipeline.errors import ModelError, ModelRefused, ModelTransient, ModelUnavailable
from pipeline.llm.error_words import error_text
from pipeline.llm.prices import Tokens
from pipeline.llm.rejections import RequestRejected, cut_message
from pipeline.llm.responses import parse_completion


def body(**more: Any) -> str:
    """Write the body of a right answer, with what a test is about."""
    choice = {"message": {"content": "yes"}, "finish_reason": "stop"}
    return json.dumps({"choices": [choice], "usage": None} | more)


def counted(usage: object) -> Tokens | None:
    """Read the tokens of an answer."""
    return parse_completion(body(usage=usage), "h", str).tokens


def verdict(status: int | None, said: str = "no", after: float | None = None) -> ModelError:
    """Judge a refusal."""
    return RequestRejected(status, said, after).to_error("host.example", "some-model")


# --- counts --------------------------------------------------------------------------------------


def test_counts_are_taken_as_the_server_gives_them() -> None:
    """With what was cached and what was reasoning."""
    usage = {
        "prompt_tokens": 900,
        "completion_tokens": 80,
        "prompt_tokens_details": {"cached_tokens": 500},
        "completion_tokens_details": {"reasoning_tokens": 30},
    }
    assert counted(usage) == Tokens(input=900, output=80, cached=500, reasoning=30)
    plain = {"prompt_tokens": 900, "completion_tokens": 80, "prompt_tokens_details": None}
    assert counted(plain) == Tokens(input=900, output=80)


def test_no_more_is_cached_than_was_sent() -> None:
    """A server that says so would have a question cost less than nothing."""
    for cached, known in ((900, 900), (901, 900), (5000, 900)):
        usage = {
            "prompt_tokens": 900,
            "completion_tokens": 1,
            "prompt_tokens_details": {"cached_tokens": cached},
        }
        assert counted(usage) == Tokens(input=900, output=1, cached=known)


@pytest.mark.parametrize(
    "usage",
    [
        None,
        {},
        "many",
        {"prompt_tokens": 1},
        {"completion_tokens": 1},
        {"prompt_tokens": -1, "completion_tokens": 1},
        {"prompt_tokens": 1, "completion_tokens": -1},
    ],
)
def test_counts_that_make_no_sense_are_none(usage: object) -> None:
    """They are unknown, and the answer counts all the same."""
    assert counted(usage) is None


# --- pauses --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503, 599, None])
def test_a_pause_of_up_to_a_minute_is_granted(status: int | None) -> None:
    """Exactly 60 s still are; with a longer one the model cannot be asked."""
    for pause in (None, 0.0, 1.5, 60.0):
        error = verdict(status, after=pause)
        assert isinstance(error, ModelTransient)
        assert error.retry_after_s == pause
    longer = verdict(status, after=60.5)
    assert isinstance(longer, ModelUnavailable)
    assert verdict(status, after=61).args[0].startswith("host.example asks to wait 61 s")


def test_only_a_server_that_is_asked_too_much_is_to_be_asked_less() -> None:
    """Fewer questions at once help against 429, and against nothing else."""
    assert "lower AINEWS_IN_FLIGHT" in str(verdict(429))
    for status in (408, 500, None):
        assert "try again later" in str(verdict(status))


# --- verdicts ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "said", "kind", "todo"),
    [
        (500, "content filter, insufficient quota, model not found", ModelTransient, "try again"),
        (499, "no", ModelError, "--verbose"),
        (429, "insufficient_quota", ModelUnavailable, "billing"),
        (402, "pay", ModelUnavailable, "billing"),
        (400, "Insufficient Balance", ModelUnavailable, "billing"),
        (429, "insufficient credit", ModelUnavailable, "billing"),
        (403, "Arrearage", ModelUnavailable, "billing"),
        (401, "unknown model", ModelError, "OPENAI_API_KEY"),
        (403, "moderation", ModelRefused, "content filter"),
        (None, "data_inspection_failed", ModelRefused, "content filter"),
        (400, "inappropriate content", ModelRefused, "content filter"),
        (429, "input length 9", ModelError, "AINEWS_SELECT_TOKENS"),
        (400, "maximum context length is 9", ModelError, "AINEWS_SELECT_TOKENS"),
        (413, "no", ModelError, "AINEWS_SELECT_TOKENS"),
        (404, "model_not_found", ModelUnavailable, "AINEWS_MODEL"),
        (400, "the model `x` does not exist", ModelUnavailable, "AINEWS_MODEL"),
        (404, "no route", ModelError, "OPENAI_BASE_URL"),
        (405, "no", ModelError, "OPENAI_BASE_URL"),
    ],
)
def test_each_refusal_has_one_meaning_and_one_thing_to_do(
    status: int | None, said: str, kind: type[ModelError], todo: str
) -> None:
    """The first that fits counts: what passes, filters, credit, keys, length, models, addresses."""
    error = verdict(status, said)
    assert type(error) is kind
    assert todo in str(error)
    assert said in str(error)
    assert f"({status or 'error'}: " in str(error)


# --- bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("", ModelTransient, "an empty body"),
        (" \n", ModelTransient, "an empty body"),
        ("<!doctype html><p>hi", ModelError, "a web page"),
        ("\n <?xml version='1.0'?>", ModelError, "a web page"),
        ('{"choices": [', ModelTransient, "broken JSON"),
        ("[1]", ModelError, "no chat completion"),
        ('{"choices": [{"message": 3}]}', ModelError, "no chat completion"),
        ('{"choices": []}', ModelTransient, "without a choice"),
        ('{"choices": null}', ModelTransient, "without a choice"),
        ("{}", ModelTransient, "without a choice"),
        ('{"object": "response", "output": []}', ModelTransient, "OPENAI_BASE_URL"),
    ],
)
def test_a_body_that_is_no_answer_is_one_error(
    text: str, kind: type[ModelError], said: str
) -> None:
    """What may pass is told from what will not."""
    with pytest.raises(ModelError, match=said) as caught:
        parse_completion(text, "h", str)
    assert type(caught.value) is kind


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        ({"message": "busy", "code": 503}, 503, "busy 503"),
        ({"message": "busy", "code": "429"}, 429, "busy 429"),
        ({"message": "odd", "code": 200}, None, "odd 200"),
        ({"message": "odd", "code": 4290}, None, "odd 4290"),
        ({"message": "odd", "code": "rate_limit"}, None, "odd rate_limit"),
        ({"detail": "nothing"}, None, "nothing"),
        ({"type": "server_error"}, None, "server_error"),
        ({"other": 1}, None, "{'other': 1}"),
        ("words alone", None, "words alone"),
    ],
)
def test_an_error_with_status_200_is_a_refusal(error: Any, status: int | None, said: str) -> None:
    """Its code is its status where it looks like one, and its words are found wherever they are."""
    with pytest.raises(RequestRejected) as caught:
        parse_completion(body(error=error), "h", str)
    assert (caught.value.status, caught.value.text) == (status, said)


def test_the_first_choice_is_the_answer() -> None:
    """Others, and fields that nobody knows, are passed over."""
    choices = [
        {"message": {"content": "first", "reasoning": "long"}, "finish_reason": "stop", "index": 0},
        {"message": {"content": "second"}, "finish_reason": "stop"},
    ]
    choice = parse_completion(body(choices=choices, error=None), "h", str).choice
    assert (choice.message.content, choice.finish_reason) == ("first", "stop")


def test_words_of_an_error_are_short_and_never_a_page() -> None:
    """A page is named, not shown; nothing said is said; 240 characters are shown."""
    assert error_text("  <html>") == "a web page"
    assert error_text(None) == error_text("") == "no words"
    assert cut_message("x" * 240) == "x" * 240
    assert cut_message("x" * 241) == "x" * 240 + "…"


# --- what no server should send ------------------------------------------------------------------

HUGE = ["1000000001", "9223372036854775808", "9" * 400, "NaN", "Infinity", "1e999", "-1"]


@pytest.mark.parametrize("count", HUGE)
@pytest.mark.parametrize(
    "usage",
    [
        '{"prompt_tokens": %s, "completion_tokens": 1}',
        '{"prompt_tokens": 1, "completion_tokens": %s}',
        '{"prompt_tokens": 9, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": %s}}',
        '{"prompt_tokens": 1, "completion_tokens": 1, "completion_tokens_details": {"reasoning_tokens": %s}}',
    ],
)
def test_a_count_that_no_model_has_is_none(count: str, usage: str) -> None:
    """The answer counts, its tokens are estimated; none is below nothing or beyond the ledger."""
    found = parse_completion(body().replace("null", usage % count), "h", str)
    assert found.choice.message.content == "yes"
    assert found.tokens is None


@pytest.mark.parametrize("depth", [150, 1000, 100_000])
@pytest.mark.parametrize("place", ['{"error": %s}', '{"choices": %s}', '{"usage": %s}', "%s"])
def test_a_body_nested_too_deeply_is_one_error(depth: int, place: str) -> None:
    """However deep it goes."""
    with pytest.raises((ModelError, RequestRejected)):
        parse_completion(place % ("[" * depth + "]" * depth), "h", str)


def test_an_error_of_any_depth_and_size_has_words() -> None:
    """They can be shown, sent and kept."""
    deep: object = "x"
    for _ in range(100_000):
        deep = [deep]
    assert error_text({"message": deep}) == "words that cannot be read"
    assert error_text({"code": 10**5000}) == "words that cannot be read"
    assert error_text({"message": "half \ud800 a pair"}) == "half ? a pair"


@pytest.mark.parametrize("name", ["data", "result"])
def test_a_completion_in_an_envelope_is_taken_out(name: str) -> None:
    """Gateways put a code and a message of their own around what they pass on."""
    inner = {"choices": [{"message": {"content": "好"}, "finish_reason": "stop"}]}
    body = json.dumps({"code": 0, "msg": "ok", name: inner})
    assert parse_completion(body, "h", str).choice.message.content == "好"
    with pytest.raises(RequestRejected):
        parse_completion(json.dumps({"code": 1, "msg": "no", name: None}), "h", str)
