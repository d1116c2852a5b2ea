"""Questions of a round wait on the disk, each once; and what came for each is read strictly."""

import json
from typing import Any

import pytest

from pipeline.batch.api import parse_result
from pipeline.batch.requests import BatchLimits, RequestFile
from pipeline.batch.rounds import BatchReport
from pipeline.llm.calls import PendingRequest
from pipeline.llm.prices import Tokens
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import (
    AnswerChoice,
    AnswerMessage,
    Completion,
    answer_state,
)


def call(number: int, size: int = 0, **more: object) -> PendingRequest:
    """Write a question whose line has a size of its own."""
    body = {"messages": [{"role": "user", "content": "x" * size}]}
    given = {"key": f"{number:064x}", "prompt": "select", "max_tokens": 100 + number, "body": body}
    return PendingRequest.model_validate(given | more)


def filled(*sizes: int) -> tuple[RequestFile, list[str]]:
    """Fill a spool, and give the names of its questions."""
    spool = RequestFile()
    for number, size in enumerate(sizes):
        spool.add(call(number, size))
    return spool, list(spool)


def lengths(spool: RequestFile, keys: list[str]) -> list[int]:
    """Measure the lines as they are uploaded."""
    with spool.copy(keys) as file:
        return [len(line) for line in file]


# --- the spool -----------------------------------------------------------------------------------


def test_a_question_is_there_once_and_comes_back_whole() -> None:
    """The first of two of one name counts; order is that in which they came."""
    with RequestFile() as spool:
        first = call(1, 3, digest="2026-01-30=a", prompt="translate")
        spool.add(first)
        spool.add(call(1, 9, digest="2026-01-31=b"))
        spool.add(call(0, 5))
        assert (len(spool), list(spool)) == (2, [first.key, call(0).key])
        assert first.key in spool
        assert call(2).key not in spool
        assert spool[first.key] == first
        assert spool.prompt_and_cap(first.key) == ("translate", 101)
        assert (spool.digest(first.key), spool.digest(call(0).key)) == ("2026-01-30=a", "")


def test_a_copy_holds_the_lines_that_were_asked_for() -> None:
    """As the Batch API wants them, in ASCII, each on one line."""
    odd = {"messages": [{"role": "user", "content": "一\u2028二\n"}]}
    with RequestFile() as spool:
        for number in (3, 1, 2):
            spool.add(call(number, body=odd))
        with spool.copy([call(2).key, call(3).key]) as file:
            lines = file.read().decode("ascii").splitlines()
    assert [json.loads(line) for line in lines] == [
        {"custom_id": call(n).key, "method": "POST", "url": "/v1/chat/completions", "body": odd}
        for n in (2, 3)
    ]


def test_a_batch_has_as_many_questions_as_it_may() -> None:
    """Neither one more nor one less."""
    spool, keys = filled(*[10] * 7)
    with spool:
        for most, sizes in ((3, [3, 3, 1]), (7, [7]), (8, [7]), (1, [1] * 7)):
            parts = list(spool.split(keys, BatchLimits(max_lines=most)))
            assert [len(part) for part in parts] == sizes
            assert [key for part in parts for key in part] == keys
        assert list(spool.split([], BatchLimits())) == []


def test_a_batch_is_as_large_as_it_may_be() -> None:
    """A file of exactly that size is; what alone is larger is a batch of its own."""
    spool, keys = filled(10, 10, 10, 500, 10, 10)
    with spool:
        one = lengths(spool, keys)[0]

        def parted(size: int) -> list[int]:
            return [len(part) for part in spool.split(keys, BatchLimits(max_bytes=size))]

        assert parted(2 * one) == [2, 1, 1, 2]
        assert parted(2 * one - 1) == [1] * 6
        assert parted(3 * one) == [3, 1, 2]
        for size in range(one, 8 * one, 37):
            for part in spool.split(keys, BatchLimits(max_bytes=size)):
                assert len(part) == 1 or sum(lengths(spool, part)) <= size


def test_a_batch_may_be_as_large_as_the_api_says() -> None:
    """50,000 questions and 200 MB."""
    assert (BatchLimits().max_lines, BatchLimits().max_bytes) == (50_000, 200_000_000)


# --- a line of what came -------------------------------------------------------------------------


def came(**more: Any) -> Completion | RequestRejected:
    """Read a line."""
    line = parse_result(json.dumps({"custom_id": "k"} | more).encode())
    assert line is not None
    return line.to_completion("h", str.strip)


def body(content: str = "yes") -> dict[str, Any]:
    """Write the body of an answer."""
    choice = {"message": {"content": content}, "finish_reason": "stop"}
    return {"choices": [choice], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}


def test_a_line_with_an_answer_is_one() -> None:
    """With its tokens."""
    found = came(response={"status_code": 200, "body": body()}, error=None)
    assert isinstance(found, Completion)
    assert (found.choice.message.content, found.tokens) == ("yes", Tokens(input=5, output=2))


@pytest.mark.parametrize(
    ("line", "status", "words"),
    [
        ({}, None, "no words"),
        ({"response": None, "error": {"message": "gone"}}, None, "gone"),
        (
            {"response": {"status_code": 200, "body": body()}, "error": {"message": "odd"}},
            None,
            "odd",
        ),
        ({"response": {"status_code": 429, "body": {"error": {"message": "slow"}}}}, 429, "slow"),
        ({"response": {"status_code": 400, "body": "words "}}, 400, "words"),
        ({"response": {"body": body()}}, None, "choices"),
        ({"response": {"status_code": 200, "body": {"error": {"code": 503}}}}, 503, "503"),
        ({"response": {"status_code": 200, "body": {"choices": []}}}, None, "without a choice"),
        ({"response": {"status_code": 200, "body": None}}, None, "no chat completion"),
    ],
)
def test_whatever_else_a_line_holds_is_a_refusal(
    line: dict[str, Any], status: int | None, words: str
) -> None:
    """With its status and its words, wherever they stand."""
    found = came(**line)
    assert isinstance(found, RequestRejected)
    assert found.status == status
    assert words in found.text


def test_a_line_that_expired_says_so() -> None:
    """By its code alone."""

    def expired(error: object) -> bool:
        line = parse_result(json.dumps({"custom_id": "k", "error": error}).encode())
        return line is not None and line.is_expired

    assert expired({"code": "batch_expired", "message": "x"})
    assert not expired({"code": "other", "message": "batch_expired"})
    assert not expired("batch_expired")
    assert not expired(None)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b'{"custom_id": 3}', b"\xff"])
def test_what_is_no_line_is_none(text: bytes) -> None:
    """Nothing is guessed."""
    assert parse_result(text) is None


@pytest.mark.parametrize(
    ("content", "refusal", "reason", "whole"),
    [
        ("yes", None, "stop", True),
        ("yes", None, None, True),
        ("yes", None, "length", False),
        ("yes", None, "content_filter", False),
        ("yes", "no", "stop", False),
        (None, "no", "stop", False),
        (" \n", None, "stop", False),
        (None, None, "stop", False),
    ],
)
def test_an_answer_is_whole_where_the_model_said_something_to_the_end(
    content: str | None, refusal: str | None, reason: str | None, *, whole: bool
) -> None:
    """Neither cut off, nor refused, nor blank."""
    message = AnswerMessage(content=content, refusal=refusal)
    state = answer_state(AnswerChoice(message=message, finish_reason=reason))
    assert (state == "complete") is whole


# --- what is said --------------------------------------------------------------------------------


def test_a_report_says_what_came_and_what_it_saved() -> None:
    """A saving of nothing is no unknown one; what did not fail is not spoken of."""
    plain = {"batches": 2, "questions": 9, "answers": 9, "failed": 0, "expired": 0}
    for more, line in (
        ({"saved_usd": 0.5}, "2 batches answered 9 of 9 questions; saved $0.5000"),
        ({"saved_usd": 0.0}, "2 batches answered 9 of 9 questions; saved $0.0000"),
        ({"saved_usd": None}, "2 batches answered 9 of 9 questions; price unknown"),
        (
            {"answers": 5, "failed": 3, "expired": 1, "saved_usd": 0.25},
            "2 batches answered 5 of 9 questions; 3 failed; 1 expired; saved $0.2500",
        ),
        ({"questions": 0, "saved_usd": None}, "nothing was left to ask by batch"),
    ):
        assert BatchReport.model_validate(plain | more).describe() == line


@pytest.mark.parametrize("status", ["9223372036854775808", "9" * 5000, "-1", "1000", "NaN", "1e99"])
def test_a_line_with_a_status_that_is_none_is_none(status: str) -> None:
    """It could not be kept."""
    text = f'{{"custom_id": "k", "response": {{"status_code": {status}, "body": {{}}}}}}'
    assert parse_result(text.encode()) is None
