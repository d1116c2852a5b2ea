"""How servers differ in what they take, and how a request is fitted to it.

Pure. `ServerCapabilities` is what one server takes: assumed by its address, corrected by what it
rejects (`quirks.py`), remembered once it has answered. What a rejection means for the run is in
`rejections.py`.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Literal, get_args

from pydantic import Field, JsonValue

from pipeline.records import Record

FormatMode = Literal["json_schema", "json_object", "text"]
"""How a server is made to answer in JSON, best first."""
TokenParam = Literal["max_tokens", "max_completion_tokens"]
"""What a server calls the cap of an answer."""
MAX_RETRY_AFTER_S: Final = 60.0
"""Longest pause that we grant a server that asks for one, in seconds."""


class ServerCapabilities(Record):
    """What one server takes for one model; the last four are known beforehand, not stored."""

    mode: FormatMode = "json_schema"
    """Structured-output mode."""
    token_param: TokenParam = "max_tokens"  # noqa: S105 - a name
    """Name of the output cap."""
    most_tokens: int | None = Field(default=None, gt=0)
    """The largest cap that it takes; None where it never named one."""
    stream: bool = False
    """Whether it answers in pieces only."""
    whole: bool = False
    """Whether it is asked for whole answers only, since it takes no stream or counts none."""
    merge_system: bool = False
    """Whether the system part must stand in the user's message."""
    json_word: bool = False
    """Whether the user's message must hold the word json."""
    required_fields: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields without which it does not answer, such as one that turns thinking off."""
    refused_fields: tuple[str, ...] = ()
    """Fields that are left out, since it takes none of that name."""
    length_bounds: bool = Field(default=False, exclude=True, repr=False)
    """Whether its grammar enforces lengths of strings, which strict mode rejects."""
    cache_key: bool = Field(default=False, exclude=True, repr=False)
    """Whether it may be told which questions begin alike, so that it finds what it has cached."""
    has_batches: bool = Field(default=True, exclude=True, repr=False)
    """Whether it may have a Batch API."""
    extra_body: dict[str, JsonValue] = Field(default_factory=dict, exclude=True, repr=False)
    """Fields of a request that only this server knows, or that were set."""

    def in_pieces(self) -> "ServerCapabilities":
        """Give the form in which an answer is heard while it comes, where there is one."""
        return self if self.whole else self.model_copy(update={"stream": True})


# By the beginning of a server's identity; whoever is not listed is taken for one like the others.
_KNOWN_SERVERS: Final[Mapping[str, ServerCapabilities]] = {
    "api.openai.com": ServerCapabilities(token_param="max_completion_tokens", cache_key=True),  # noqa: S106 - a name
    # llama.cpp in this process; a fixed seed, so that asking again warmer is no lottery.
    "embedded:": ServerCapabilities(length_bounds=True, has_batches=False, extra_body={"seed": 1}),
}


def assumed_capabilities(host: str) -> ServerCapabilities:
    """Give what is assumed of a server before its first answer."""
    for prefix, capabilities in _KNOWN_SERVERS.items():
        if host.startswith(prefix):
            return capabilities
    return ServerCapabilities()


# --- what is sent --------------------------------------------------------------------------------

DROPPED_SCHEMA_KEYS: Final = frozenset(
    {"title", "default", "examples", "discriminator", "uniqueItems"}
)
"""Keywords of JSON Schema that some server rejects and none needs."""
LENGTH_SCHEMA_KEYS: Final = frozenset({"minLength", "maxLength"})
"""Keywords that strict mode rejects, see `length_bounds`."""
STRICT_FORMATS: Final = frozenset(
    {
        "date-time",
        "time",
        "date",
        "duration",
        "email",
        "hostname",
        "ipv4",
        "ipv6",
        "uuid",
    }
)
"""Values of `format` that strict mode knows."""


TOKEN_PARAMS: Final[tuple[TokenParam, ...]] = get_args(TokenParam)
"""What the cap of an answer may be called."""
_SDK_TOKEN_PARAMS: Final = {"max_tokens", "max_completion_tokens"}
_STREAM_FIELDS: Final[Mapping[str, JsonValue]] = {
    "stream": True,
    "stream_options": {"include_usage": True},
}

Messages = list[dict[str, str]]


def request_fields(capabilities: ServerCapabilities, max_tokens: int) -> dict[str, Any]:
    """Write the fields of a request that differ between servers, its format excepted.

    They are arguments of the SDK, which takes names that it does not know in `extra_body` only.
    """
    most = capabilities.most_tokens or max_tokens
    cap: dict[str, Any] = {capabilities.token_param: min(max_tokens, most)}
    # A body that comes in pieces is read as a whole, too: the SDK need not know of it.
    streaming = _STREAM_FIELDS if capabilities.stream else {}
    extra_body = {**capabilities.extra_body, **streaming, **capabilities.required_fields}
    if capabilities.token_param in _SDK_TOKEN_PARAMS:
        return {**cap, "extra_body": extra_body}
    return {"extra_body": extra_body | cap}


def fit_request(
    request: dict[str, Any], capabilities: ServerCapabilities, *, json_words: str
) -> dict[str, Any]:
    """Give a whole request the form that the server takes.

    `json_words` ask for JSON, for a server that looks for the word.
    """
    refused = capabilities.refused_fields
    fitted = {name: value for name, value in request.items() if name not in refused}
    fitted["extra_body"] = {
        name: value for name, value in request["extra_body"].items() if name not in refused
    }
    messages: Messages = request["messages"]
    if capabilities.json_word:
        *before, last = messages
        words = json_words.replace("JSON", "json")
        messages = [*before, {**last, "content": f"{last['content']}\n\n{words}"}]
    if capabilities.merge_system:
        text = "\n\n".join(message["content"] for message in messages)
        messages = [{"role": "user", "content": text}]
    return fitted | {"messages": messages}


def body_fields(request: Mapping[str, Any]) -> dict[str, Any]:
    """Write a request as the body that is sent: arguments of the SDK and what it passes on."""
    fields = {name: value for name, value in request.items() if name != "extra_body"}
    return {**fields, **request["extra_body"]}


def batch_body(request: Mapping[str, Any]) -> dict[str, Any]:
    """Write a request as a line of a batch, which is never answered in pieces."""
    body = body_fields(request)
    return {name: value for name, value in body.items() if name not in _STREAM_FIELDS}


# --- batches -------------------------------------------------------------------------------------

_NO_BATCH_STATUSES: Final = {
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_IMPLEMENTED,
}
_INVALID_BATCH_STATUSES: Final = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
_BATCH_BILLING: Final = re.compile(r"billing|quota|credit", re.IGNORECASE)
_BATCH_QUEUE: Final = re.compile(r"token_limit|enqueued", re.IGNORECASE)


def lacks_batches(status: int | None) -> bool:
    """Say whether a server that answers so to a Batch call has no Batch API."""
    return status in _NO_BATCH_STATUSES


def rejects_batch(status: int | None) -> bool:
    """Say whether this is about the batch itself."""
    return status in _INVALID_BATCH_STATUSES


def batch_advice(text: str) -> str:
    """Say what to do about a batch that was turned down in these words."""
    if _BATCH_BILLING.search(text):
        return "check the account's billing"
    if _BATCH_QUEUE.search(text):
        return "run fewer dates at once, or wait until other batches have ended"
    return "run fewer dates at once, or run without --batch"
