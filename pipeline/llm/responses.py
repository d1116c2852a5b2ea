"""What a server answers, read strictly: a completion, or one error of ours.

Pure. Servers answer oddly: web pages, empty bodies, errors with status 200, choices that are null.
Each becomes one error with what to do next. `transport.py` sends the request.
"""

from collections.abc import Callable
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, ValidationError

from pipeline.errors import ModelError, ModelTransient
from pipeline.llm.budget import Tokens
from pipeline.llm.error_words import error_status, error_text
from pipeline.llm.rejections import CHECK_BASE_URL, RequestRejected, cut_message
from pipeline.records import Record

# More than any model has read or written in one call, and few enough for sums and for the ledger.
_MAX_TOKENS: Final = 1_000_000_000


class Endpoint(Record):
    """Where a model listens."""

    base_url: str
    """Address up to and including `/v1/`."""
    api_key: SecretStr
    """Key; blank for a server that wants none."""
    secrets: tuple[SecretStr, ...] = ()
    """Secrets besides, which stand in the fields of its requests."""
    prefill: Callable[[str], None] | None = None
    """Given the stable part of each question before it is sent, for a server that can use it."""


class LenientRecord(BaseModel):
    """Base of what servers send: they add what they like."""

    model_config = ConfigDict(frozen=True)


class AnswerMessage(LenientRecord):
    """What the model said."""

    content: str | None = None
    """Its words."""
    refusal: str | None = None
    """Its words where it refuses."""


class AnswerChoice(LenientRecord):
    """One answer."""

    message: AnswerMessage
    """The answer."""
    finish_reason: str | None = None
    """Why it ended; `length` when it was cut off."""


AnswerState = Literal["complete", "cut_off", "refused", "blank"]


class Completion(Record):
    """What came back for one request."""

    choice: AnswerChoice
    """The answer."""
    tokens: Tokens | None
    """Tokens that the server counted; None where it did not."""


class _CompletionBody(LenientRecord):
    choices: list[AnswerChoice] | None = None
    usage: JsonValue = None
    error: JsonValue = None


class _TokenDetails(LenientRecord):
    cached_tokens: int | None = Field(default=None, ge=0, le=_MAX_TOKENS)
    reasoning_tokens: int | None = Field(default=None, ge=0, le=_MAX_TOKENS)


class _TokenCounts(LenientRecord):
    prompt_tokens: int = Field(ge=0, le=_MAX_TOKENS)
    completion_tokens: int = Field(ge=0, le=_MAX_TOKENS)
    prompt_tokens_details: _TokenDetails | None = None
    completion_tokens_details: _TokenDetails | None = None


def parse_completion(body: str, host: str, redact: Callable[[str], str]) -> Completion:
    """Read the body of an answer with status 200.

    Args:
        body: what came.
        host: what messages call the server.
        redact: makes one line without secrets of a stranger's words.

    Raises:
        RequestRejected: it is an error in spite of its status.
        ModelTransient: it is empty, broken or without a choice.
        ModelError: what answers is no such server.
    """
    found = _parse_body(body.strip(), host, redact)
    if found.error:
        raise RequestRejected(error_status(found.error), redact(error_text(found.error)))
    if not found.choices:
        raise ModelTransient(f"{host} answered without a choice; try again later")
    return Completion(choice=found.choices[0], tokens=_parse_usage(found.usage))


def answer_state(choice: AnswerChoice) -> AnswerState:
    """Say whether a model answered, and to the end; some servers say nothing now and then."""
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return "refused"
    if choice.finish_reason == "length":
        return "cut_off"
    return "complete" if (choice.message.content or "").strip() else "blank"


def _parse_body(text: str, host: str, redact: Callable[[str], str]) -> _CompletionBody:
    if not text:
        raise ModelTransient(f"{host} answered with an empty body; try again later")
    if text.startswith("<"):
        raise ModelError(f"{host} answered with a web page; {CHECK_BASE_URL}")
    try:
        return _CompletionBody.model_validate_json(text)
    except ValidationError as error:
        start = cut_message(redact(text))
        if error.errors()[0]["type"] == "json_invalid":
            message = f"{host} answered with broken JSON: {start}; try again later"
            raise ModelTransient(message) from error
        raise ModelError(
            f"{host} answered with no chat completion: {start}; {CHECK_BASE_URL}"
        ) from error


def _parse_usage(usage: JsonValue) -> Tokens | None:
    try:
        counts = _TokenCounts.model_validate(usage)
    except ValidationError:
        return None
    sent = counts.prompt_tokens_details or _TokenDetails()
    received = counts.completion_tokens_details or _TokenDetails()
    return Tokens(
        input=counts.prompt_tokens,
        output=counts.completion_tokens,
        cached=min(sent.cached_tokens or 0, counts.prompt_tokens),
        reasoning=received.reasoning_tokens or 0,
    )
