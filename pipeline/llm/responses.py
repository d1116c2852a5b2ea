"""What a server answers, read strictly: a completion, or one error of ours.

Pure. Servers answer oddly: web pages, empty bodies, errors with status 200, choices that are null.
Each becomes one error with what to do next. `transport.py` sends the request.
"""

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue, SecretStr

from pipeline.errors import ModelError, ModelRefused, ModelTransient, ModelUnavailable
from pipeline.llm.bodies import BrokenBody, read_body
from pipeline.llm.budget import Tokens
from pipeline.llm.capabilities import (
    MAX_RETRY_AFTER_S,
    RejectionKind,
    classify_rejection,
    error_status,
    error_text,
)
from pipeline.llm.completions import NoChoice, read_choice
from pipeline.llm.json_text import read_objects
from pipeline.llm.usage import read_usage
from pipeline.records import Record

_MAX_MESSAGE_CHARS: Final = 240
# Fields in which servers say what is wrong, in a body without an answer.
_ERROR_FIELDS: Final = ("message", "msg", "error_msg", "error_message", "errors", "detail")
# Codes that are no error, or that a filter's verdict comes with.
_SOUND_BASES: Final = (None, 0, 1026, 1027)
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
    """Tokens that the server counted; None where it did not, or not all of them."""
    read: int | None = None
    """Tokens of the question that it says it has read."""
    thoughts: str = Field(default="", exclude=True, repr=False)
    """What the model thought aloud beside its answer, to estimate its length."""


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
    found = _parse_body(body, host, redact)
    if said := _find_error(found):
        raise RequestRejected(error_status(said), redact(error_text(said)))
    try:
        choice = read_choice(found)
    except NoChoice as error:
        raise _no_completion(json.dumps(found), host, redact) from error
    if choice is None:
        raise ModelTransient(f"{host} answered without a choice; try again later")
    if choice.failed:
        said = cut_message(redact(choice.failed))
        raise ModelTransient(f"{host} broke its answer off ({said}); try again later")
    message = AnswerMessage(content=choice.content, refusal=choice.refusal)
    counts = read_usage(
        found.get("usage"), answered=bool((choice.content or choice.thoughts).strip())
    )
    return Completion(
        choice=AnswerChoice(message=message, finish_reason=choice.finish_reason),
        tokens=counts.tokens,
        read=counts.read,
        thoughts=choice.thoughts,
    )


def answer_state(choice: AnswerChoice) -> AnswerState:
    """Say whether a model answered, and to the end; some servers say nothing now and then.

    A server may say that an answer has ended where it was cut, and that it was cut where an object
    is whole and only blanks followed.
    """
    if choice.message.refusal or choice.finish_reason == "content_filter":
        return "refused"
    read = read_objects(choice.message.content or "")
    if choice.finish_reason == "length":
        whole = read.begins_at_once and read.ends_whole and read.objects
        return "complete" if whole else "cut_off"
    if read.unfinished:
        return "cut_off"
    return "blank" if read.blank and not read.found else "complete"


def cut_message(text: str) -> str:
    """Cut a stranger's words to one line's length."""
    return text if len(text) <= _MAX_MESSAGE_CHARS else text[:_MAX_MESSAGE_CHARS] + "…"


def _parse_body(text: str, host: str, redact: Callable[[str], str]) -> dict[str, Any]:
    if not text.strip("\ufeff\0 \t\r\n"):
        raise ModelTransient(f"{host} answered with an empty body; try again later")
    if text.lstrip("\ufeff\0 \t\r\n").startswith("<"):
        raise ModelError(f"{host} answered with a web page; {_CHECK_BASE_URL}")
    try:
        found = read_body(text)
    except BrokenBody as error:
        start = cut_message(redact(text))
        message = f"{host} answered with broken JSON: {start}; try again later"
        raise ModelTransient(message) from error
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, dict):
        raise _no_completion(text, host, redact)
    return found


def _no_completion(text: str, host: str, redact: Callable[[str], str]) -> ModelError:
    start = cut_message(redact(text))
    return ModelError(f"{host} answered with no chat completion: {start}; {_CHECK_BASE_URL}")


def _find_error(body: dict[str, Any]) -> JsonValue:
    """Find the error in a body that came with status 200."""
    if error := body.get("error"):
        return cast("JsonValue", error)
    choices = body.get("choices")
    if isinstance(choices, list) and choices:
        first = choices[0]
        inner = first.get("error") if isinstance(first, dict) else None
        return cast("JsonValue", inner)
    base = body.get("base_resp")
    if isinstance(base, dict) and base.get("status_code") not in _SOUND_BASES:
        return {"message": base.get("status_msg"), "code": base.get("status_code")}
    return cast("JsonValue", body) if any(map(body.get, _ERROR_FIELDS)) else None
