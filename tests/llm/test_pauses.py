"""How long a server asks to be left alone: in headers, fields and sentences of any language."""

import json
import time

import pytest

from pipeline.llm.pauses import asked_pause_s, parse_duration

SENTENCES = [
    ("Please retry in 24.5s.", 24.5),
    ("Please try again in 1m3.5s. Visit the page for more.", 63.5),
    ("Please try again in 7m12s.", 432),
    ("Please try again in 800ms", 0.8),
    ("try again in 1 hour and 2 minutes", 3720),
    ("Rate limit: Limit 10000, Used 9000, Requested 2000. Please try again in 6s.", 6),
    ("Please retry after 27 seconds.", 27),
    ("Retry your request after 10 seconds", 10),
    ("retry after 30", 30),
    ("please wait 20 seconds before retrying", 20),
    ("max RPM: 3, please try again after 1 minutes", 60),
    ("quota will reset after 2h", 7200),
    ("请在 30 秒后重试", 30),
    ("请求过于频繁，请2分钟后再试", 120),
    ("请等待3秒", 3),
    ("请求数限制，将在5s后恢复", 5),
    # no pause
    ("try again later", None),
    ("You exceeded your current quota", None),
    ("limit 3 requests per 60 s", None),
    ("20 requests per minute", None),
    ("retry your request (5 attempts)", None),
    ("gpt-4-0613s is busy", None),
    ("", None),
    ("9" * 20_000, None),
]
FIELDS: list[tuple[object, float | None]] = [
    ([{"error": {"details": [{"@type": "t", "retryDelay": "27s"}]}}], 27),
    ({"retryDelay": "0.5s"}, 0.5),
    ({"retryDelay": {"seconds": 27, "nanos": 5}}, 27),
    ({"error": {"metadata": {"retry_after": 30}}}, 30),
    ({"retry_after_ms": 1500}, 1.5),
    ({"retryAfter": "12"}, 12),
    ({"message": json.dumps({"error": {"retryDelay": "9s"}})}, 9),
    ({"retry": True}, None),
]


@pytest.mark.parametrize(("text", "pause"), SENTENCES)
def test_a_sentence_may_name_a_pause(text: str, pause: float | None) -> None:
    """In any unit, after any of the words for it; numbers of other things are none."""
    assert asked_pause_s({}, text) == pause
    assert asked_pause_s({}, json.dumps({"error": {"message": text}}, ensure_ascii=False)) == pause


@pytest.mark.parametrize(("body", "pause"), FIELDS)
def test_a_field_may_name_a_pause(body: object, pause: float | None) -> None:
    """Under the names that servers give it, also in a list and in text inside of text."""
    assert asked_pause_s({}, json.dumps(body)) == pause


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "7s"}, 7),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "1767225600"}, None),
        ({"retry-after-ms": "9" * 400}, None),
        ({"retry-after": ""}, None),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "20s"}, 20),
        (
            {
                "x-ratelimit-remaining-requests": "5",
                "x-ratelimit-reset-requests": "1s",
                "x-ratelimit-remaining-tokens": "0",
                "x-ratelimit-reset-tokens": "6m0s",
            },
            60,
        ),
        ({"x-ratelimit-remaining-tokens": "5", "x-ratelimit-reset-tokens": "6s"}, None),
        ({"x-ratelimit-reset": "1741305600000"}, 0),
    ],
)
def test_a_header_may_name_a_pause(headers: dict[str, str], pause: float | None) -> None:
    """What is asked for comes before when a limit is whole again, which is no longer than a minute."""
    assert asked_pause_s(headers, "busy") == pause


def test_a_moment_is_waited_for() -> None:
    """As OpenRouter names the end of a limit, in milliseconds or seconds."""
    at = time.time() + 100
    for value in (f"{at * 1000:.0f}", f"{at:.0f}"):
        pause = asked_pause_s({"x-ratelimit-reset": value}, "")
        assert pause is not None
        assert 95 < pause < 105


def test_a_header_comes_before_the_words() -> None:
    """It is what programs are to read."""
    assert asked_pause_s({"retry-after": "3"}, "try again in 20s") == 3


def test_a_duration_has_any_unit() -> None:
    """Or none, for seconds."""
    texts = ["12", "1m3.5s", "250ms", "30 seconds", "2分钟", "1h", "x"]
    assert [parse_duration(text) for text in texts] == [12, 63.5, 0.25, 30, 120, 3600, None]
