"""What a server answers, read strictly: a completion, or one error of ours.

Pure. Servers answer oddly: web pages, empty bodies, errors with status 200, choices that are null.
Each becomes one error with what to do next. `transport.py` sends the request.
"""

import json
from collections.abc import Callable
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from pipeline.errors import ModelError, ModelTransient
from pipeline.llm.bodies import BrokenBody, read_body
from pipeline.llm.completions import NoChoice, read_choice
from pipeline.llm.error_words import error_status, error_text, find_error
from pipeline.llm.json_text import read_objects
from pipeline.llm.prices import Tokens
from pipeline.llm.rejections import CHECK_BASE_URL, RequestRejected, cut_message
from pipeline.llm.usage import read_usage
from pipeline.records import Record


class Endpoint(Record):
    """Where a model listens."""

    base_url: str
    """Address up to and including `/v1/`."""
    api_key: SecretStr
    """Key; blank for a server that wants none."""
    secrets: tuple[SecretStr, ...] = ()
    """Secrets besides, which stand in the fields of its requests."""
    prefill: Callable[[list[dict[str, str]]], None] | None = None
    """Given the stable messages of each question before it is sent, for a server that uses them."""


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


_ENVELOPES: Final = ("data", "result", "response", "completion")

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


def parse_completion(body: str, host: str, redact: Callable[[str], str]) -> Completion:
    """Read the body of an answer with status 200.

    Raises:
        RequestRejected: it is an error in spite of its status.
        ModelTransient: it is empty, broken or without a choice.
        ModelError: what answers is no such server.
    """
    found = _parse_body(body, host, redact)
    if failure := find_error(found):
        raise RequestRejected(error_status(failure), redact(error_text(failure)))
    try:
        choice = read_choice(found)
    except NoChoice as error:
        raise _no_completion(json.dumps(found), host, redact) from error
    if choice is None:
        if "choices" not in found and found:
            raise ModelTransient(_describe_foreign(json.dumps(found), host, redact))
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


def answer_words(choice: AnswerChoice) -> str:
    """Give what a model answered, without its thoughts."""
    return read_objects(choice.message.content or "").words


def _parse_body(text: str, host: str, redact: Callable[[str], str]) -> dict[str, Any]:
    if not text.strip("\ufeff\0 \t\r\n"):
        raise ModelTransient(f"{host} answered with an empty body; try again later")
    if text.lstrip("\ufeff\0 \t\r\n").startswith("<"):
        raise ModelError(f"{host} answered with a web page; {CHECK_BASE_URL}")
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
    return _unwrap(found)


def _unwrap(body: dict[str, Any]) -> dict[str, Any]:
    """Take a completion out of what a gateway puts around it, such as `{"code": 0, "data": …}`."""
    inside = (body.get(name) for name in _ENVELOPES)
    wrapped = [one for one in inside if isinstance(one, dict) and one.get("choices")]
    return wrapped[0] if wrapped and not body.get("choices") else body


def _no_completion(text: str, host: str, redact: Callable[[str], str]) -> ModelError:
    return ModelError(_describe_foreign(text, host, redact))


def _describe_foreign(text: str, host: str, redact: Callable[[str], str]) -> str:
    start = cut_message(redact(text))
    return f"{host} answered with no chat completion: {start}; {CHECK_BASE_URL}"
