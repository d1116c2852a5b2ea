"""How servers differ: what each is taken for, what its rejections mean, what is tried next."""

import pytest

from pipeline.llm.capabilities import (
    ServerCapabilities,
    assumed_capabilities,
    batch_advice,
    lacks_batches,
    rejects_batch,
    request_fields,
)
from pipeline.llm.error_words import error_status
from pipeline.llm.quirks import next_capabilities
from pipeline.llm.rejections import classify_rejection, is_context_overflow

# One row a server: its identity, and what it is taken for before its first answer. A server with
# ways of its own gets a line in the table of known servers, and a row here.
SERVERS = [
    ("api.openai.com/v1", ServerCapabilities(token_param="max_completion_tokens", cache_key=True)),  # noqa: S106 - a name
    (
        "embedded:5c94b0ee12ab",
        ServerCapabilities(length_bounds=True, has_batches=False, extra_body={"seed": 1}),
    ),
    ("api.deepseek.com/v1", ServerCapabilities()),
    ("dashscope.aliyuncs.com/compatible-mode/v1", ServerCapabilities()),
    ("openrouter.ai/api/v1", ServerCapabilities()),
    ("localhost:11434/v1", ServerCapabilities()),
    ("gateway.example.org/api.openai.com/v1", ServerCapabilities()),
]

# One row a rejection as some server words it: status, words, what it means.
REJECTIONS = [
    (500, "content filter, insufficient quota, model not found", "transient"),
    (999, "no", "transient"),
    (400, "Content Exists Risk", "filtered"),
    (400, "DataInspectionFailed: data_inspection_failed", "filtered"),
    (403, "flagged by moderation", "filtered"),
    (402, "pay", "no_credit"),
    (429, "insufficient_quota", "no_credit"),
    (400, "Insufficient Balance", "no_credit"),
    (403, "Arrearage", "no_credit"),
    (401, "unknown model", "bad_key"),
    (403, "no", "bad_key"),
    (413, "no", "too_long"),
    (429, "Request too large for this organisation", "too_long"),
    (400, "maximum context length is 8192 tokens", "too_long"),
    (None, "reset", "transient"),
    (408, "no", "transient"),
    (409, "no", "transient"),
    (425, "no", "transient"),
    (429, "slow down", "transient"),
    (404, "model_not_found", "unknown_model"),
    (400, "the model `x` does not exist", "unknown_model"),
    (404, "no route", "not_found"),
    (405, "no", "other"),
    (499, "no", "other"),
]


@pytest.mark.parametrize(("host", "expected"), SERVERS)
def test_a_server_is_known_by_its_address(host: str, expected: ServerCapabilities) -> None:
    """Whoever is not known is asked in the best way that most take."""
    assert assumed_capabilities(host) == expected


def test_a_cap_that_the_sdk_does_not_know_goes_where_it_passes_it_on() -> None:
    """The SDK raises TypeError for arguments that it does not know."""
    odd = ServerCapabilities.model_construct(
        token_param="max_output_tokens",  # type: ignore[arg-type]  # noqa: S106 - a name
        extra_body={"seed": 1},
    )
    assert request_fields(odd, 9) == {"extra_body": {"seed": 1, "max_output_tokens": 9}}


def test_what_is_kept_of_a_server_is_what_it_taught_us() -> None:
    """What goes by its address is neither written down nor shown."""
    embedded = assumed_capabilities("embedded:0")
    assert embedded.model_dump() == ServerCapabilities().model_dump()
    assert embedded.model_dump(exclude_defaults=True) == {}
    assert "seed" not in str(embedded)


def test_a_request_names_the_cap_as_the_server_does() -> None:
    """With the fields that only this server knows."""
    assert request_fields(assumed_capabilities("api.openai.com/v1"), 9) == {
        "max_completion_tokens": 9,
        "extra_body": {},
    }
    assert request_fields(assumed_capabilities("embedded:0"), 9) == {
        "max_tokens": 9,
        "extra_body": {"seed": 1},
    }


@pytest.mark.parametrize(("status", "text", "kind"), REJECTIONS)
def test_a_rejection_has_one_meaning(status: int | None, text: str, kind: str) -> None:
    """The first that fits: what passes, filters, credit, keys, length, models, addresses."""
    assert classify_rejection(status, text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "This model's maximum context length is 8192 tokens",
        "context window exceeded",
        "Prompt is too long",
        "input too long",
        "too many tokens",
        "longer than the maximum",
        "Please reduce the length",
        "Request too large",
    ],
)
def test_a_question_is_too_long_by_words(text: str) -> None:
    """Servers have no common word for it."""
    assert is_context_overflow(400, text)
    assert next_capabilities(ServerCapabilities(), 400, text) is None


def test_a_question_is_too_long_by_its_status() -> None:
    """A lost context is something else."""
    assert is_context_overflow(413, "no")
    assert not is_context_overflow(400, "the context was lost")


@pytest.mark.parametrize(
    ("status", "text", "update"),
    [
        (400, "response_format is not supported", {"mode": "json_object"}),
        (422, "Invalid schema", {"mode": "json_object"}),
        (404, "no structured outputs here", {"mode": "json_object"}),
        (
            400,
            "Unsupported parameter: use max_completion_tokens instead of max_tokens",
            {"token_param": "max_completion_tokens"},
        ),
        (400, "max_tokens is too large", None),
        (400, "no", None),
        (500, "response_format", None),
        (None, "connection reset", None),
    ],
)
def test_a_form_that_is_rejected_is_followed_by_the_next(
    status: int | None, text: str, update: dict[str, object] | None
) -> None:
    """Whatever else the server is known for stays; other rejections are no matter of form."""
    now = ServerCapabilities(extra_body={"a": 1})
    expected = now.model_copy(update=update) if update else None
    assert next_capabilities(now, status, text) == expected


def test_plain_text_is_the_last_form() -> None:
    """After it there is nothing to try."""
    forms = [ServerCapabilities()]
    while (after := next_capabilities(forms[-1], 400, "no json")) is not None:
        forms.append(after)
    assert [form.mode for form in forms] == ["json_schema", "json_object", "text"]


def test_an_error_with_status_200_may_name_its_status() -> None:
    """Only where its code looks like one."""
    found = [error_status({"code": code}) for code in (503, "429", 200, 4290, "rate_limit", None)]
    assert found == [503, 429, None, None, None, None]
    assert error_status("words") is None


def test_a_server_may_have_no_batches_or_reject_one() -> None:
    """By the status of its answer to a Batch call."""
    assert [code for code in range(400, 600) if lacks_batches(code)] == [404, 405, 501]
    assert [code for code in range(400, 600) if rejects_batch(code)] == [400, 413, 422]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Billing hard limit has been reached", "check the account's billing"),
        ("insufficient_quota", "check the account's billing"),
        ("enqueued token limit reached", "other batches have ended"),
        ("token_limit_exceeded", "other batches have ended"),
        ("invalid file", "run without --batch"),
    ],
)
def test_a_batch_that_was_turned_down_has_advice(text: str, advice: str) -> None:
    """By the server's own words."""
    assert advice in batch_advice(text)
