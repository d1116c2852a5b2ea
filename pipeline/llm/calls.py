"""One call of a question on its way through `model.py`, and the messages that it is made of."""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel

from pipeline.llm.capabilities import (
    Messages,
    ServerCapabilities,
    fit_request,
    request_fields,
)
from pipeline.llm.prompts import Question, load_prompt
from pipeline.llm.schema import response_format, strict_schema
from pipeline.records import Record


class PendingRequest(Record):
    """A call that a question needs, for whoever brings the answer by another way."""

    key: str
    """Names the call, in 64 hexadecimal digits: the same in every run."""
    prompt: str
    """Name of the prompt."""
    max_tokens: int
    """Most tokens of the answer."""
    body: dict[str, Any]
    """Body of the request."""
    digest: str = ""
    """Name of the digest that asks it first, for the ledger."""


@dataclass
class AskState:
    """How one question goes through the loops, and what it met there."""

    refresh: bool = False
    """Whether the answers that are kept are asked for again."""
    dry_run: bool = False
    """Whether it stops before its first call."""
    cache_hits: int = 0
    """Answers that were kept already."""
    calls_made: int = 0
    """Answers that were asked for."""


class ModelCall(NamedTuple):
    """One call of a question, the cap of its answer excepted."""

    question: Question
    messages: Messages
    schema: type[BaseModel]
    temperature: float | None
    key: str
    """What its answer is kept under."""
    state: AskState


class RequestNeeded(Exception):
    """The first call that a question would make."""

    def __init__(self, call: ModelCall, max_tokens: int) -> None:
        """Keep the call, and the cap of its answer."""
        super().__init__(call.key)
        self.call = call
        self.max_tokens = max_tokens


def render_messages(question: Question, schema: type[BaseModel]) -> Messages:
    """Write a question as messages: what is the same for every question of a prompt comes first."""
    system = question.system if question.as_text else _with_format(question.system, schema)
    turns = [
        write_message(role, text)
        for example in question.examples
        for role, text in (("user", example.user), ("assistant", example.assistant))
    ]
    return [write_message("system", system), *turns, write_message("user", question.user)]


def _with_format(system: str, schema: type[BaseModel]) -> str:
    # The schema always, whatever the mode: some servers accept a format and ignore it.
    form = load_prompt("format")
    described = json.dumps(strict_schema(schema, length_bounds=True), ensure_ascii=False)
    return f"{system}\n\n{form.system}\n\n{form.fill(schema=described).user}"


def write_message(role: str, text: str) -> dict[str, str]:
    """Write one message, without what cannot be sent."""
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which a page may hold
        text = text.encode("utf-8", "replace").decode()
    return {"role": role, "content": text}


def join_messages(messages: Messages) -> str:
    """Join what is sent: up to a megabyte, which nobody holds while the answer is on its way."""
    return "".join(message["content"] for message in messages)


def build_request(
    model: str, call: ModelCall, max_tokens: int, capabilities: ServerCapabilities
) -> dict[str, Any]:
    """Write a call as arguments of the SDK, in the form that the server takes."""
    if call.question.as_text:
        capabilities = capabilities.model_copy(update={"mode": "text", "json_word": False})
    form = response_format(call.schema, capabilities.mode, length_bounds=capabilities.length_bounds)
    request: dict[str, Any] = {"model": model, "messages": call.messages}
    request |= request_fields(capabilities, max_tokens)
    if call.temperature is not None:
        request["temperature"] = call.temperature
    if capabilities.cache_key:
        request["prompt_cache_key"] = f"ainews-digest {call.question.prompt}"
    if form is not None:
        request["response_format"] = form
    return fit_request(request, capabilities, json_words=load_prompt("format").system)
