"""An answer is read whatever its shape; what is no answer is a refusal, a failure or one error."""

import json
from typing import Any

import pytest
from pydantic import BaseModel

from pipeline.errors import ModelError, ModelRefused, ModelTransient
from pipeline.llm.prices import Tokens
from pipeline.llm.prompts import Question
from pipeline.llm.received import ReceivedAnswers, count_or_estimate
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import Completion, answer_state, parse_completion
from pipeline.llm.schema import extract_object

GOOD = '{"title": "好", "n": 1}'
DRAFT = '{"title": "草", "n": 0}'
QUESTION = Question(prompt="select", system="", user="?", max_output_tokens=100)


class Told(BaseModel):
    """What is asked for."""

    title: str
    n: int


def read(choice: object, **more: object) -> Completion:
    """Read a body with one choice."""
    return parse_completion(json.dumps({"choices": [choice]} | more), "h", str)


def said(message: object, reason: object = "stop") -> Completion:
    """Read a choice with a message."""
    return read({"message": message, "finish_reason": reason})


def refused(completion: Completion) -> str:
    """Say in which words an answer was refused."""
    with pytest.raises(ModelRefused) as caught:
        ReceivedAnswers("m").require(completion.choice, QUESTION)
    return str(caught.value)


# --- where the answer stands ---------------------------------------------------------------------

THOUGHT = {"type": "thinking", "thinking": [{"type": "text", "text": DRAFT}]}


@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        [{"type": "text", "text": GOOD}],
        [THOUGHT, {"type": "text", "text": GOOD}],
        [{"type": "text", "text": GOOD[:9]}, {"type": "text", "text": GOOD[9:]}],
        [{"type": "output_text", "text": GOOD, "annotations": []}],
        [{"type": "output_text", "output_text": GOOD}],
        [{"type": "reasoning", "text": DRAFT}, {"type": "text", "text": GOOD}],
        [{"type": "reasoning", "summary": [{"type": "summary_text", "text": DRAFT}]}, GOOD],
        [{"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": GOOD}],
        [{"text": DRAFT, "thought": True}, {"text": GOOD}],
        [[{"type": "text", "text": {"value": GOOD, "annotations": []}}]],
        [{"type": "message", "content": [{"type": "text", "text": GOOD}]}],
        {"type": "text", "text": GOOD},
        {"parts": [{"text": GOOD}]},
        json.loads(GOOD),
        [{"type": "json", "json": json.loads(GOOD)}],
        [{"type": "tool_use", "name": "answer", "input": json.loads(GOOD)}],
        [None, {"type": "text", "text": GOOD}],
    ],
)
def test_content_is_text_parts_lists_or_an_object(content: object) -> None:
    """Thoughts among the parts are none of it."""
    found = said({"role": "assistant", "content": content})
    assert json.loads(extract_object(found.choice.message.content or "", Told))["n"] == 1
    assert answer_state(found.choice) == "complete"


def call(arguments: object) -> dict[str, Any]:
    """Write a call of a tool."""
    return {"id": "1", "type": "function", "function": {"name": "x", "arguments": arguments}}


@pytest.mark.parametrize("content", [None, "", " \n", "<think></think>", "<think>hm</think>\n", []])
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"reasoning_content": GOOD},
        {"reasoning": f"{DRAFT}? Rather:\n```json\n{GOOD}\n```"},
        {"reasoning_details": [{"type": "reasoning.text", "text": GOOD}]},
        {"thinking": f"<think>{DRAFT}</think>{GOOD}"},
        {"tool_calls": [call(GOOD)]},
        {"tool_calls": [call(json.loads(GOOD))], "reasoning_content": DRAFT},
        {"tool_calls": [call(DRAFT), call(GOOD)]},
        {"function_call": {"name": "x", "arguments": GOOD}},
        {"parsed": json.loads(GOOD)},
    ],
)
def test_an_answer_that_stands_elsewhere_is_taken(
    content: object, elsewhere: dict[str, Any]
) -> None:
    """Where the content is blank, and the other field holds the answer whole."""
    found = said({"content": content} | elsewhere, "tool_calls")
    assert json.loads(extract_object(found.choice.message.content or "", Told))["n"] == 1


def test_of_several_calls_the_last_that_fits_counts() -> None:
    """Another one may come after it."""
    said_so = {"function": {"name": "answer", "arguments": GOOD}}
    done = {"function": {"name": "done", "arguments": "{}"}}
    for calls in ([said_so], [done, said_so], [said_so, done]):
        found = said({"content": None, "tool_calls": calls}).choice.message.content
        assert Told.model_validate_json(extract_object(found or "", Told)).n == 1


def test_an_answer_in_the_form_of_ollama_is_one() -> None:
    """Its own address has a message and no choices."""
    body = {"message": {"role": "assistant", "content": GOOD}, "done": True, "done_reason": "stop"}
    assert parse_completion(json.dumps(body), "h", str).choice.message.content == GOOD
    with pytest.raises(RequestRejected):
        parse_completion('{"message": "no"}', "h", str)


@pytest.mark.parametrize(
    "thoughts", [f"{DRAFT} no, that is wrong", GOOD[:-4], "let me see", "", None, 3]
)
def test_thoughts_without_an_end_are_no_answer(thoughts: object) -> None:
    """A draft in them is none; the answer is blank."""
    found = said({"content": "", "reasoning_content": thoughts})
    assert answer_state(found.choice) == "blank"


def test_content_counts_before_whatever_stands_elsewhere() -> None:
    """A draft in the thoughts and a call do not replace it."""
    found = said({"content": GOOD, "reasoning_content": DRAFT, "tool_calls": [call(DRAFT)]})
    assert found.choice.message.content == GOOD
    prose = said({"content": "I call the tool.", "tool_calls": [call(GOOD)]})
    assert prose.choice.message.content == GOOD


# --- refusals ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason",
    [
        "content_filter",
        "content_filter: PROHIBITED_CONTENT",
        "content-filter",
        "contentFilter",
        "sensitive",
        "safety",
        "SAFETY",
        "RECITATION",
        "PROHIBITED_CONTENT",
        "BLOCKLIST",
        "blocklist",
        "SPII",
        "IMAGE_SAFETY",
        "refusal",
        "high_risk",
    ],
)
@pytest.mark.parametrize(
    "more", [{"message": None}, {}, {"message": {"content": None}}, {"message": {"content": "He"}}]
)
def test_the_ending_of_a_filter_is_a_refusal(reason: str, more: dict[str, Any]) -> None:
    """In the server's words; whatever came before it is no answer."""
    words = refused(read({"finish_reason": reason} | more))
    assert ("content filter" if reason == "content_filter" else reason) in words


@pytest.mark.parametrize(
    "choice",
    [
        {"message": None, "finish_reason": "stop"},
        {"index": 0},
        {"message": {"content": None, "refusal": "I cannot help."}, "finish_reason": "stop"},
        {"message": {"content": [{"type": "refusal", "refusal": "I cannot help."}]}},
        {"message": {"content": "", "refusal": True}},
        {
            "message": {"content": ""},
            "finish_reason": "stop",
            "content_filter_results": {"hate": {"filtered": True, "severity": "high"}},
        },
        {"message": {"content": ""}, "finish_reason": "stop", "native_finish_reason": "SAFETY"},
    ],
)
def test_a_choice_without_a_message_or_with_a_refusal_is_one(choice: dict[str, Any]) -> None:
    """It is no error of the night."""
    assert refused(read(choice)).startswith("m refused to answer 'select': ")


@pytest.mark.parametrize(
    "body",
    [
        {"choices": [], "promptFeedback": {"blockReason": "SAFETY"}},
        {"choices": None, "prompt_feedback": {"block_reason": "OTHER"}},
        {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}},
        {"choices": [], "input_sensitive": True, "base_resp": {"status_code": 1026}},
        {"choices": None, "base_resp": {"status_code": 1027, "status_msg": "output sensitive"}},
        {
            "choices": [],
            "prompt_filter_results": [{"content_filter_results": {"hate": {"filtered": True}}}],
        },
    ],
)
def test_no_choice_with_the_words_of_a_filter_is_a_refusal(body: dict[str, Any]) -> None:
    """The question itself was turned down."""
    refused(parse_completion(json.dumps(body), "h", str))


def test_an_answer_beside_harmless_verdicts_is_one() -> None:
    """Azure says of each that it is not filtered; others send empty refusals."""
    harmless = {"hate": {"filtered": False, "severity": "safe"}}
    choice = {
        "message": {"content": GOOD, "refusal": ""},
        "finish_reason": "stop",
        "content_filter_results": harmless,
    }
    found = read(choice, prompt_filter_results=[{"content_filter_results": harmless}])
    assert answer_state(found.choice) == "complete"


# --- endings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason", "state"),
    [
        (GOOD, "stop", "complete"),
        (GOOD, "STOP", "complete"),
        (GOOD, None, "complete"),
        (GOOD, "eos_token", "complete"),
        (GOOD[:-4], "length", "cut_off"),
        (GOOD[:-4], "max_tokens", "cut_off"),
        (GOOD[:-4], "MAX_TOKENS", "cut_off"),
        (GOOD[:-4], "max_output_tokens", "cut_off"),
        (GOOD[:-4], "model_length", "cut_off"),
        (GOOD[:-4], "model_context_window_exceeded", "cut_off"),
        (GOOD[:-4], "incomplete", "cut_off"),
        (GOOD[:-4], "stop", "cut_off"),
        (GOOD[:-4], None, "cut_off"),
        (None, "length", "cut_off"),
        ("<think>and then", "stop", "cut_off"),
        (f"{DRAFT} no, I", "length", "cut_off"),
        (f"I think {DRAFT} no, I", "length", "cut_off"),
        (f"{GOOD}\n\n\n\n", "length", "complete"),
        (f"```json\n{GOOD}\n", "length", "complete"),
        ("I would rather not.", "stop", "complete"),
        (" ", "stop", "blank"),
        ("<think>hm</think>\n", "stop", "blank"),
        ("<|channel|>analysis<|message|>hm<|end|>", "stop", "blank"),
    ],
)
def test_a_cut_answer_is_known_by_its_ending_or_its_shape(
    content: str | None, reason: str | None, state: str
) -> None:
    """A whole object that begins the answer is whole, whatever blanks ran into the cap."""
    assert answer_state(said({"content": content}, reason).choice) == state


@pytest.mark.parametrize(
    "reason", ["error", "network_error", "insufficient_system_resource", "abort"]
)
def test_a_failure_in_the_middle_may_pass(reason: str) -> None:
    """It is tried again; an answer that is whole all the same is taken."""
    with pytest.raises(ModelTransient, match=reason):
        said({"content": "He"}, reason)
    assert said({"content": GOOD}, reason).choice.message.content == GOOD


# --- frames --------------------------------------------------------------------------------------

WHOLE = json.dumps(
    {
        "choices": [{"message": {"content": GOOD}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 3},
    }
)
CHUNKS = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "reasoning_content": DRAFT}}]},
    {"choices": [{"index": 0, "delta": {"content": GOOD[:7]}, "finish_reason": None}]},
    {"choices": [{"index": 0, "delta": {"content": GOOD[7:]}}]},
    {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": None},
    {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 3}},
]
EVENTS = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in CHUNKS)


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        f"\ufeff{WHOLE}",
        f"\n\n   \n{WHOLE}\n",
        f"{WHOLE}\n\ndata: [DONE]\n\n",
        f"{WHOLE}\n: ping\n",
        f": OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n{WHOLE}",
        f": OPENROUTER PROCESSING\r\n\r\n{json.dumps(json.loads(WHOLE), indent=2)}",
        f"data: {WHOLE}\n\ndata: [DONE]\n\n",
        f"data:{WHOLE}",
        f"event: message\nid: 1\ndata: {WHOLE}\n\n",
        f": keep-alive\n\ndata: {WHOLE}\n\ndata: [DONE]",
        f"[{WHOLE}]",
        EVENTS,
        f"{EVENTS}data: [DONE]\n\n",
        f": OPENROUTER PROCESSING\n\n{EVENTS}",
        EVENTS.replace("\n\n", "\n"),
        EVENTS.replace("\n", "\r\n"),
        "\n".join(json.dumps(chunk) for chunk in CHUNKS),
    ],
)
def test_a_body_is_read_in_any_frame(text: str) -> None:
    """Marks of bytes, blanks and comments that keep a connection alive, events and chunks."""
    found = parse_completion(text, "h", str)
    assert found.choice.message.content == GOOD
    assert found.choice.finish_reason == "stop"
    assert found.tokens == Tokens(input=9, output=3)


@pytest.mark.parametrize(
    "text",
    [
        WHOLE[:-3],
        f"{WHOLE}oops",
        f"data: {WHOLE[:-3]}\n\n",
        "data: [DONE]\n\n",
        ": OPENROUTER PROCESSING\n\n",
        ": ping",
    ],
)
def test_a_broken_body_may_pass(text: str) -> None:
    """It is said to be broken, and tried again."""
    with pytest.raises(ModelTransient):
        parse_completion(text, "h", str)


def test_a_stream_that_breaks_off_was_cut() -> None:
    """By its shape; and an error in it is one."""
    found = parse_completion(EVENTS.split("\n\n")[1], "h", str)
    assert answer_state(found.choice) == "cut_off"
    with pytest.raises(RequestRejected, match="overloaded"):
        parse_completion('data: {"error": "overloaded"}', "h", str)


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"code": "Arrearage", "message": "Access denied."}, None, "Arrearage"),
        ([{"error": {"code": 429, "message": "Slow down."}}], 429, "Slow down."),
        ({"error": "Unexpected endpoint or method."}, None, "Unexpected endpoint"),
        ({"detail": "Not Found"}, None, "Not Found"),
        (
            {"choices": None, "base_resp": {"status_code": 1008, "status_msg": "no balance"}},
            None,
            "no balance",
        ),
        (
            {"choices": [{"error": {"code": 502, "message": "upstream"}, "message": None}]},
            502,
            "upstream",
        ),
    ],
)
def test_an_error_in_the_place_of_an_answer_is_a_rejection(
    body: object, status: int | None, words: str
) -> None:
    """Wherever it stands."""
    with pytest.raises(RequestRejected) as caught:
        parse_completion(json.dumps(body), "h", str)
    assert caught.value.status == status
    assert words in caught.value.text


@pytest.mark.parametrize(
    "body", ['{"choices": 3}', '{"choices": [3]}', '{"choices": [{"message": {"content": 3}}]}']
)
def test_what_is_no_choice_is_no_completion(body: str) -> None:
    """The address may be wrong."""
    with pytest.raises(ModelError, match="OPENAI_BASE_URL"):
        parse_completion(body, "h", str)


# --- figures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        # The reasoning is left out of the figure, and in the sum.
        (
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "total_tokens": 5150,
                "completion_tokens_details": {"reasoning_tokens": 5000},
            },
            Tokens(input=100, output=5050, reasoning=5000),
        ),
        # It is left out of both.
        (
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "total_tokens": 150,
                "completion_tokens_details": {"reasoning_tokens": 300},
            },
            Tokens(input=100, output=350, reasoning=300),
        ),
        # It is in the figure.
        (
            {
                "prompt_tokens": 100,
                "completion_tokens": 50,
                "total_tokens": 150,
                "completion_tokens_details": {"reasoning_tokens": 30},
            },
            Tokens(input=100, output=50, reasoning=30),
        ),
        ({"prompt_tokens": 100, "total_tokens": 150}, Tokens(input=100, output=50)),
        (
            {"prompt_tokens": 100, "completion_tokens": 0, "total_tokens": 150},
            Tokens(input=100, output=50),
        ),
        (
            {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 20},
            Tokens(input=100, output=50),
        ),
        ({"prompt_tokens": "100", "completion_tokens": 50.0}, Tokens(input=100, output=50)),
        ({"prompt_tokens": 100.2, "completion_tokens": "50"}, Tokens(input=101, output=50)),
        ({"input_tokens": 100, "output_tokens": 50}, Tokens(input=100, output=50)),
        (
            {"prompt_tokens": 100, "completion_tokens": 50, "prompt_cache_hit_tokens": 60},
            Tokens(input=100, output=50, cached=60),
        ),
        (
            {"prompt_tokens": 100, "completion_tokens": 50, "cached_tokens": 60},
            Tokens(input=100, output=50, cached=60),
        ),
        # What was cached is left out of the figure, and in the sum.
        (
            {
                "prompt_tokens": 10,
                "completion_tokens": 50,
                "total_tokens": 960,
                "cache_read_input_tokens": 900,
            },
            Tokens(input=910, output=50, cached=900),
        ),
        ({"prompt_tokens": 100, "completion_tokens": 0}, None),
        ({"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}, None),
        ({"prompt_tokens": 0, "completion_tokens": 50}, None),
        ({"prompt_tokens": 100, "completion_tokens": -50}, None),
        ({"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": -1}, None),
        ({"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 10**12}, None),
        ({"prompt_tokens": 100, "completion_tokens": "fifty"}, None),
        ({"prompt_tokens": 100, "completion_tokens": True}, None),
        ({"prompt_tokens": 100, "completion_tokens": [50]}, None),
        ({"prompt_tokens": 100, "completion_tokens": None}, None),
        ([100, 50], None),
    ],
)
def test_the_larger_of_two_figures_counts(usage: object, tokens: Tokens | None) -> None:
    """What no call can have taken is not counted."""
    found = read({"message": {"content": GOOD}, "finish_reason": "stop"}, usage=usage)
    assert found.tokens == tokens


def test_what_is_not_counted_is_estimated_thoughts_included() -> None:
    """The figure for the question is taken where there is one."""
    usage = {"prompt_tokens": 100, "completion_tokens": 0}
    message = {"content": GOOD, "reasoning_content": "hm " * 3_500}
    found = read({"message": message, "finish_reason": "stop"}, usage=usage)
    tokens, counted = count_or_estimate(found, 77)
    assert not counted
    assert tokens.input == 100
    assert 3_000 < tokens.output < 3_100
    none = read({"message": message, "finish_reason": "stop"})
    assert count_or_estimate(none, 77)[0].input == 77


def test_nothing_said_takes_nothing() -> None:
    """A blank answer may have no tokens."""
    usage = {"prompt_tokens": 100, "completion_tokens": 0}
    found = read({"message": {"content": ""}, "finish_reason": "stop"}, usage=usage)
    assert found.tokens == Tokens(input=100, output=0)


def test_half_a_surrogate_pair_is_kept_as_a_question_mark() -> None:
    """JSON may hold one; a cache, a digest and a terminal cannot."""
    told = said({"content": GOOD.replace("好", "\ud83d好\ude00")}).choice
    assert told.message.content == GOOD.replace("好", "?好?")
    assert refused(said({"content": None, "refusal": "no \ud800"})).endswith("no ?")
    assert said({"content": "😀"}, "stop\ud800").choice.finish_reason == "stop?"
    assert said({"content": "😀"}).choice.message.content == "😀"
