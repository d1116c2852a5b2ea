"""What a server answers, read strictly: a completion, or one error of ours.

Pure. Servers answer oddly: web pages, empty bodies, errors with status 200, choices that are null.
Each becomes one error with what to do next. `server.py` sends the request.
"""

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr, ValidationError

from pipeline.errors import ModelError, ModelRefused, ModelTransient, ModelUnavailable
from pipeline.llm.budget import Tokens
from pipeline.records import Record

MAX_RETRY_AFTER_S: Final = 60.0
"""Longest pause that we grant a server that asks for one, in seconds."""

_MAX_MESSAGE_CHARS: Final = 240
_TRANSIENT_STATUSES: Final = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.CONFLICT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
}
_CHECK_BASE_URL: Final = "check OPENAI_BASE_URL (does it end in /v1?)"

_CONTEXT_OVERFLOW = re.compile(
    r"context.{0,12}(length|size|window)|input length|too many tokens"
    r"|(prompt|input).{0,20}too long|longer than the max|reduce the length|request too large",
    re.IGNORECASE,
)
_UNKNOWN_MODEL = re.compile(
    r"model.{0,80}(not exist|not found|not available|invalid|unknown)|(invalid|unknown) model"
    r"|model_not_found",
    re.IGNORECASE,
)
_NO_CREDIT = re.compile(r"insufficient.?(quota|balance|credit)|arrearage", re.IGNORECASE)
_FILTERED = re.compile(
    r"content.?(filter|management|exists risk)|data_?inspection|inappropriate content|moderation",
    re.IGNORECASE,
)


class Endpoint(Record):
    """Where a model listens."""

    base_url: str
    """Address up to and including `/v1/`."""
    api_key: SecretStr
    """Key; blank for a server that wants none."""
    prefill: Callable[[str], None] | None = None
    """Told the stable part of each question before it is sent, for a server that can use it."""


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
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None


class _TokenCounts(LenientRecord):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)
    prompt_tokens_details: _TokenDetails | None = None
    completion_tokens_details: _TokenDetails | None = None


class RequestRejected(Exception):
    """A request that the server turned down, in its own words; `verdict` makes an error of it."""

    def __init__(self, status: int | None, words: str, retry_after_s: float | None = None) -> None:
        super().__init__(shorten(words))
        self.status = status
        self.text = words
        self.retry_after_s = retry_after_s

    @property
    def is_context_overflow(self) -> bool:
        """Whether the question is longer than the model can read."""
        return self.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or bool(
            _CONTEXT_OVERFLOW.search(self.text)
        )

    def to_error(self, host: str, model: str) -> ModelError:  # noqa: PLR0911 - one line a case
        """Say what it means and what to do, as an error of the tree."""
        status, said = self.status, f"({self.status or 'error'}: {shorten(self.text)})"
        if status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return self._transient_error(host, said)
        if _FILTERED.search(self.text):
            return ModelRefused(f"the content filter of {host} refused the question {said}")
        if _NO_CREDIT.search(self.text) or status == HTTPStatus.PAYMENT_REQUIRED:
            return ModelUnavailable(
                f"the account at {host} has no credit left {said}; check its billing"
            )
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            return ModelError(f"{host} does not accept the key {said}; check OPENAI_API_KEY")
        if self.is_context_overflow:
            return ModelError(
                f"the question is too long for {model!r} {said}; lower AINEWS_SELECT_TOKENS"
            )
        if status is None or status in _TRANSIENT_STATUSES:
            return self._transient_error(host, said)
        if _UNKNOWN_MODEL.search(self.text):
            return ModelUnavailable(f"{host} cannot ask {model!r} {said}; check AINEWS_MODEL")
        if status == HTTPStatus.NOT_FOUND:
            return ModelError(f"{host} has no chat completions {said}; {_CHECK_BASE_URL}")
        return ModelError(f"{host} turned the question down {said}; see --verbose")

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
        Refusal: it is an error in spite of its status.
        ModelTransient: it is empty, broken or without a choice.
        ModelError: what answers is no such server.
    """
    found = _parse_body(body.strip(), host, redact)
    if found.error:
        raise _rejection_in_body(found.error, redact)
    if not found.choices:
        raise ModelTransient(f"{host} answered without a choice; try again later")
    return Completion(choice=found.choices[0], tokens=_parse_usage(found.usage))


def error_text(body: object) -> str:
    """Find what an error body says."""
    if isinstance(body, dict):
        parts = [body.get(key) for key in ("message", "detail", "code", "type")]
        return " ".join(str(part) for part in parts if part) or str(body)
    text = str(body or "no words")
    return "a web page" if text.lstrip().startswith("<") else text


def shorten(text: str) -> str:
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
        start = shorten(redact(text))
        if error.errors()[0]["type"] == "json_invalid":
            message = f"{host} answered with broken JSON: {start}; try again later"
            raise ModelTransient(message) from error
        raise ModelError(
            f"{host} answered with no chat completion: {start}; {_CHECK_BASE_URL}"
        ) from error


def _rejection_in_body(error: JsonValue, redact: Callable[[str], str]) -> RequestRejected:
    """Read the `error` of a 200; its code is a status only where it looks like one."""
    code = str(error.get("code")) if isinstance(error, dict) else ""
    status = int(code) if re.fullmatch(r"[45]\d\d", code) else None
    return RequestRejected(status, redact(error_text(error)))


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
