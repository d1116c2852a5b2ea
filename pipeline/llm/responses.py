"""What a server answers, read strictly: a completion, or one error of ours.

Pure. Servers answer oddly: web pages, empty bodies, errors with status 200, choices that are null.
Each becomes one error with what to do next. `transport.py` sends the request.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, ValidationError

from pipeline.errors import ModelError, ModelRefused, ModelTransient, ModelUnavailable
from pipeline.llm.budget import Tokens
from pipeline.llm.capabilities import (
    MAX_RETRY_AFTER_S,
    RejectionKind,
    classify_rejection,
    error_status,
    error_text,
)
from pipeline.records import Record

_MAX_MESSAGE_CHARS: Final = 240
# More than any model has read or written in one call, and few enough for sums and for the ledger.
_MAX_TOKENS: Final = 1_000_000_000
_CHECK_BASE_URL: Final = "check OPENAI_BASE_URL (does it end in /v1?)"

_REJECTIONS: Final[dict[RejectionKind, tuple[type[ModelError], str]]] = {
    "filtered": (ModelRefused, "the content filter of {host} refused the question {said}"),
    "no_credit": (
        ModelUnavailable,
        "the account at {host} has no credit left {said}; check its billing",
    ),
    "bad_key": (ModelError, "{host} does not accept the key {said}; check OPENAI_API_KEY"),
    "too_long": (
        ModelError,
        "the question is too long for {model!r} {said}; lower AINEWS_SELECT_TOKENS",
    ),
    "unknown_model": (ModelUnavailable, "{host} cannot ask {model!r} {said}; check AINEWS_MODEL"),
    "not_found": (ModelError, f"{{host}} has no chat completions {{said}}; {_CHECK_BASE_URL}"),
    "other": (ModelError, "{host} turned the question down {said}; see --verbose"),
}


class Endpoint(Record):
    """Where a model listens."""

    base_url: str
    """Address up to and including `/v1/`."""
    api_key: SecretStr
    """Key; blank for a server that wants none."""
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


class RequestRejected(Exception):
    """A request that the server turned down, in its own words; `to_error` says what it means."""

    def __init__(self, status: int | None, words: str, retry_after_s: float | None = None) -> None:
        super().__init__(cut_message(words))
        self.status = status
        self.text = words
        self.retry_after_s = retry_after_s

    def to_error(self, host: str, model: str) -> ModelError:
        """Say what it means and what to do, as an error of the tree."""
        said = f"({self.status or 'error'}: {cut_message(self.text)})"
        kind = classify_rejection(self.status, self.text)
        if kind == "transient":
            return self._transient_error(host, said)
        error, template = _REJECTIONS[kind]
        return error(template.format(host=host, model=model, said=said))

    def _transient_error(self, host: str, said: str) -> ModelError:
        pause = self.retry_after_s
        if pause is not None and pause > MAX_RETRY_AFTER_S:
            return ModelUnavailable(
                f"{host} asks to wait {pause:.0f} s {said}; run again after that"
            )
        todo = (
            "lower AINEWS_IN_FLIGHT"
            if self.status == HTTPStatus.TOO_MANY_REQUESTS
            else "try again later"
        )
        return ModelTransient(f"{host} cannot answer now {said}; {todo}", pause)


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


def cut_message(text: str) -> str:
    """Cut a stranger's words to one line's length."""
    return text if len(text) <= _MAX_MESSAGE_CHARS else text[:_MAX_MESSAGE_CHARS] + "…"


def _parse_body(text: str, host: str, redact: Callable[[str], str]) -> _CompletionBody:
    if not text:
        raise ModelTransient(f"{host} answered with an empty body; try again later")
    if text.startswith("<"):
        raise ModelError(f"{host} answered with a web page; {_CHECK_BASE_URL}")
    try:
        return _CompletionBody.model_validate_json(text)
    except ValidationError as error:
        start = cut_message(redact(text))
        if error.errors()[0]["type"] == "json_invalid":
            message = f"{host} answered with broken JSON: {start}; try again later"
            raise ModelTransient(message) from error
        raise ModelError(
            f"{host} answered with no chat completion: {start}; {_CHECK_BASE_URL}"
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
