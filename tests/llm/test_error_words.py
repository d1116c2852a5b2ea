"""What a server says, whatever the shape in which it says it."""

import pytest
from pydantic import JsonValue

from pipeline.llm.error_words import error_text, find_error, read_error

SHAPES: list[tuple[JsonValue, str]] = [
    ({"error": "model 'x' not found"}, "model 'x' not found"),
    ({"error": {"message": "busy", "type": "server_error", "code": 503}}, "busy 503 server_error"),
    ({"error": {"message": None, "code": "x"}}, "x"),
    ({"error_code": 17, "error_msg": "daily limit"}, "daily limit 17"),
    ({"code": "Arrearage", "message": "no", "request_id": "r"}, "no Arrearage"),
    (
        {"code": 20012, "message": "Model does not exist.", "data": None},
        "Model does not exist. 20012",
    ),
    ({"detail": "Not Found"}, "Not Found"),
    (
        {
            "detail": [
                {"type": "extra_forbidden", "loc": ["body", "seed"], "msg": "Extra", "input": 1}
            ]
        },
        "body.seed: Extra extra_forbidden",
    ),
    ({"errors": ["one", {"message": "two"}]}, "one two"),
    ({"base_resp": {"status_code": 1008, "status_msg": "no balance"}}, "no balance 1008"),
    (
        [{"error": {"code": 429, "message": "quota", "details": [{"quotaId": "PerDay"}]}}],
        "quota PerDay 429",
    ),
    (
        {"error": {"message": "Provider returned error", "metadata": {"raw": '{"error": "slow"}'}}},
        "Provider returned error slow",
    ),
    ({"error": {"message": '{"error": {"message": "inner", "code": 429}}'}}, "inner 429"),
    ({"error": True, "message": "words"}, "words"),
    ("<400> InternalError.Algo: wrong", "<400> InternalError.Algo: wrong"),
    ("<html><head><title>502 Bad\n Gateway</title></head>", 'a web page, "502 Bad Gateway"'),
    ("<h1>Busy &amp; slow</h1>", 'a web page, "Busy & slow"'),
    ("<!doctype html><p>hi", "a web page"),
    ("404 page not found", "404 page not found"),
]


@pytest.mark.parametrize(("body", "text"), SHAPES)
def test_words_are_found_wherever_they_stand(body: JsonValue, text: str) -> None:
    """Under any name, in lists, as text in text; what is said twice is said once."""
    assert error_text(body) == text


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"error": "Unexpected endpoint"}, True),
        ({"code": "Arrearage", "message": "no"}, True),
        ({"error_code": 17, "error_msg": "limit"}, True),
        ({"detail": "no"}, True),
        ({"base_resp": {"status_code": 1002, "status_msg": "rate limit"}, "choices": None}, True),
        ({"choices": [{"finish_reason": "error", "error": {"message": "upstream"}}]}, True),
        ({"choices": [{"message": {"content": "x"}}], "message": "ok"}, False),
        ({"choices": [{"message": {}}], "base_resp": {"status_code": 0, "status_msg": ""}}, False),
        ({"choices": [], "base_resp": {"status_code": 0, "status_msg": "success"}}, False),
        ({"choices": [], "usage": {}}, False),
        ({"choices": [{}], "error": None}, False),
        ({}, False),
        ([], False),
    ],
)
def test_an_error_may_come_with_200(body: JsonValue, *, found: bool) -> None:
    """In place of choices, or in one."""
    assert (find_error(body) is not None) == found


def test_a_body_that_is_no_json_is_its_text() -> None:
    """However deep or long it is."""
    assert read_error("busy") == "busy"
    assert read_error('event: error\ndata: {"error": {"message": "no"}}\n\n') == {
        "error": {"message": "no"}
    }
    assert read_error("\ufeff[1]\n") == [1]
    assert read_error("[" * 100_000) == "[" * 100_000
    assert len(error_text("x" * 1_000_000)) == 4000
