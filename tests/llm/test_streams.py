"""Answers in pieces: joined, with their counts; errors in the middle; ends that never came."""

import json
from typing import Any

import pytest

from pipeline.errors import ModelTransient
from pipeline.llm.bodies import check_stream
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import Completion, parse_completion


def chunk(delta: dict[str, Any], reason: str | None = None, **more: Any) -> str:
    """Write one event."""
    body = {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}], **more}
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def joined(text: str) -> Completion:
    """Read a stream as the connection does."""
    return parse_completion(check_stream(text, "h"), "h", str)


ANSWER = (
    chunk({"role": "assistant", "content": ""})
    + chunk({"content": '{"a":'})
    + chunk({"content": " 1}"})
)
DONE = "data: [DONE]\n\n"


@pytest.mark.parametrize(
    "text",
    [
        ANSWER + chunk({}, "stop") + DONE,
        ANSWER + chunk({}, "stop"),
        ANSWER + DONE,
        ": keep-alive\n\n" + ANSWER + ": ping\n\n" + chunk({}, "stop") + DONE,
        "\ufeff" + (ANSWER + chunk({}, "stop") + DONE).replace("\n", "\r\n"),
        (ANSWER + chunk({}, "stop") + DONE).replace("data: ", "data:"),
        "event: message\nid: 1\n" + ANSWER + chunk({}, "stop"),
        'data: {"choices": [{"message": {"content": "{\\"a\\": 1}"}, "finish_reason": "stop"}]}\n\n',
    ],
)
def test_pieces_make_the_answer(text: str) -> None:
    """With or without a mark of its end, as long as one of both came."""
    assert joined(text).choice.message.content == '{"a": 1}'


def test_counts_come_with_the_last_piece() -> None:
    """In an event of their own that has no choice."""
    counts = {"prompt_tokens": 9, "completion_tokens": 3}
    text = (
        ANSWER
        + chunk({}, "stop")
        + f"data: {json.dumps({'choices': [], 'usage': counts})}\n\n"
        + DONE
    )
    found = joined(text).tokens
    assert found is not None
    assert (found.input, found.output) == (9, 3)


def test_thoughts_in_pieces_are_no_answer() -> None:
    """And an answer in the pieces of a call's arguments is one."""
    text = chunk({"reasoning_content": "Let me "}) + chunk({"reasoning_content": "see."}) + ANSWER
    assert joined(text + chunk({}, "stop")).choice.message.content == '{"a": 1}'
    calls = [
        chunk(
            {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": ""}}]}
        ),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": '{"a":'}}]}),
        chunk({"tool_calls": [{"index": 0, "function": {"arguments": " 1}"}}]}),
        chunk({}, "tool_calls"),
    ]
    assert joined("".join(calls) + DONE).choice.message.content == '{"a": 1}'


def test_half_a_pair_in_each_of_two_pieces_is_one_character() -> None:
    """As servers cut that escape what is no ASCII; a separator of lines may stand inside."""
    text = (
        'data: {"choices": [{"index": 0, "delta": {"content": "{\\"a\\": \\"\\ud83d"}}]}\n\n'
        'data: {"choices": [{"index": 0, "delta": {"content": "\\ude00\u2028\\"}"}, "finish_reason": "stop"}]}\n\n'
    )
    content = joined(text).choice.message.content or ""
    assert content.encode("utf-16", "surrogatepass").decode("utf-16") == '{"a": "😀\u2028"}'


@pytest.mark.parametrize(
    "text",
    [
        ANSWER,
        ANSWER + 'data: {"choices": [{"ind',
        ANSWER + ": keep-alive\n\n",
        chunk({"content": 'the word "finish_reason": "stop"'}),
        'data: {"choices": [], "prompt_filter_results": []}\n\n' + ANSWER,
        chunk({"content": '{"a": 1}'}, error=None),
        chunk({"content": '{"a": 1}'}, error={}) + chunk({"content": " "}, error=""),
        chunk({"content": '{"a": 1}'}, "null"),
        ANSWER.replace("data: ", ""),
    ],
)
def test_a_stream_that_is_cut_off_is_asked_for_again(text: str) -> None:
    """What came of it is no answer."""
    with pytest.raises(ModelTransient, match="broke off in the middle"):
        joined(text)


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        (
            ANSWER + 'data: {"error": {"message": "upstream died", "code": 502}}\n\n',
            502,
            "upstream died",
        ),
        (
            (
                "id:1\nevent:error\n:HTTP_STATUS/429\n"
                'data:{"code":"Throttling","message":"Requests rate limit exceeded"}\n\n'
            ),
            429,
            "rate limit exceeded",
        ),
        (ANSWER + 'event: error\ndata: {"message": "filtered", "code": "x"}\n\n', None, "filtered"),
        ("event: error\n:HTTP_STATUS/500\ndata: broken\n\n", 500, "broken"),
        ('data: {"code":"Arrearage","message":"Access denied"}\n\n', None, "Access denied"),
    ],
)
def test_an_error_in_the_middle_is_one(text: str, status: int | None, said: str) -> None:
    """With the status that stands in it, or in the comment beside it."""
    with pytest.raises(RequestRejected) as caught:
        joined(text)
    assert caught.value.status == status
    assert said in caught.value.text


@pytest.mark.parametrize("text", ["", '{"choices": []}', ": only\n: comments\n", "<html>", "data"])
def test_what_is_no_stream_stays_as_it_is(text: str) -> None:
    """Its meaning is found elsewhere."""
    assert check_stream(text, "h") == text
