"""How servers differ: all that is known of what they take, what they reject, and in which words.

Pure; the one file to change for a server with ways of its own, for single questions and batches,
but for a third name of the cap (docs/changing.md).
`ServerCapabilities` is what one server takes: assumed by its address, corrected by what it rejects,
remembered once it has answered.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Literal, NamedTuple, get_args

from pydantic import Field, JsonValue

from pipeline.records import Record

FormatMode = Literal["json_schema", "json_object", "text"]
"""How a server is made to answer in JSON, best first."""
TokenParam = Literal["max_tokens", "max_completion_tokens"]
"""What a server calls the cap of an answer."""
RejectionKind = Literal[
    "filtered",
    "no_credit",
    "bad_key",
    "too_long",
    "transient",
    "unknown_model",
    "not_found",
    "other",
]
"""What a rejected request means."""

MAX_RETRY_AFTER_S: Final = 60.0
"""Longest pause that we grant a server that asks for one, in seconds."""


class ServerCapabilities(Record):
    """What one server takes for one model; the last three are known by its address, not stored."""

    mode: FormatMode = "json_schema"
    """Structured-output mode."""
    token_param: TokenParam = "max_tokens"  # noqa: S105 - a name
    """Name of the output cap."""
    length_bounds: bool = Field(default=False, exclude=True, repr=False)
    """Whether its grammar enforces lengths of strings, which strict mode rejects."""
    has_batches: bool = Field(default=True, exclude=True, repr=False)
    """Whether it may have a Batch API."""
    extra_body: dict[str, JsonValue] = Field(default_factory=dict, exclude=True, repr=False)
    """Fields of a request that only this server knows."""


# By the beginning of a server's identity; whoever is not listed is taken for one like the others.
_KNOWN_SERVERS: Final[Mapping[str, ServerCapabilities]] = {
    "api.openai.com": ServerCapabilities(token_param="max_completion_tokens"),  # noqa: S106 - a name
    # llama.cpp in this process; a fixed seed, so that asking again warmer is no lottery.
    "embedded:": ServerCapabilities(length_bounds=True, has_batches=False, extra_body={"seed": 1}),
}


def assumed_capabilities(host: str) -> ServerCapabilities:
    """Give what is assumed of a server before its first answer."""
    for prefix, capabilities in _KNOWN_SERVERS.items():
        if host.startswith(prefix):
            return capabilities
    return ServerCapabilities()


def token_params(host: str) -> tuple[TokenParam, ...]:
    """Name what a server may call the cap of an answer, the likeliest name first."""
    likely = assumed_capabilities(host).token_param
    return (likely, *(name for name in _TOKEN_PARAMS if name != likely))


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


def request_fields(capabilities: ServerCapabilities, max_tokens: int) -> dict[str, Any]:
    """Write the fields of a request that differ between servers, its format excepted.

    They are arguments of the SDK, which takes names that it does not know in `extra_body` only.
    """
    cap: dict[str, Any] = {capabilities.token_param: max_tokens}
    extra_body = capabilities.extra_body
    if capabilities.token_param in _SDK_TOKEN_PARAMS:
        return {**cap, "extra_body": extra_body}
    return {"extra_body": extra_body | cap}


# --- what is rejected ----------------------------------------------------------------------------

_FORMAT_FALLBACKS: Final[Mapping[FormatMode, FormatMode]] = {
    "json_schema": "json_object",
    "json_object": "text",
}
_TOKEN_PARAMS: Final[tuple[TokenParam, ...]] = get_args(TokenParam)
_SDK_TOKEN_PARAMS: Final = {"max_tokens", "max_completion_tokens"}
_FORM_STATUSES: Final = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
_FORMAT_REJECTED = re.compile(r"response_?format|json|schema|structured", re.IGNORECASE)
_PARAM_REJECTED = re.compile(
    r"unsupported|not supported|unrecogni|unknown|unexpected|extra|not permitted|instead",
    re.IGNORECASE,
)


def next_capabilities(
    capabilities: ServerCapabilities, status: int | None, text: str
) -> ServerCapabilities | None:
    """Find what to try after a rejection; None where it is not about the form of the request."""
    if status not in _FORM_STATUSES or is_context_overflow(status, text):
        return None
    if capabilities.token_param in text and _PARAM_REJECTED.search(text):
        names = _TOKEN_PARAMS + _TOKEN_PARAMS
        following = names[names.index(capabilities.token_param) + 1]
        return capabilities.model_copy(update={"token_param": following})
    if capabilities.mode in _FORMAT_FALLBACKS and _FORMAT_REJECTED.search(text):
        return capabilities.model_copy(update={"mode": _FORMAT_FALLBACKS[capabilities.mode]})
    return None


class _Rule(NamedTuple):
    """One kind of rejection: any of these statuses, or any of these words."""

    kind: RejectionKind
    statuses: frozenset[int | None] = frozenset()
    words: re.Pattern[str] | None = None

    def fits(self, status: int | None, text: str) -> bool:
        return status in self.statuses or bool(self.words and self.words.search(text))


_TOO_LONG: Final = _Rule(
    "too_long",
    frozenset({HTTPStatus.REQUEST_ENTITY_TOO_LARGE}),
    re.compile(
        r"context.{0,12}(length|size|window)|input length|too many tokens"
        r"|(prompt|input).{0,20}too long|longer than the max|reduce the length|request too large",
        re.IGNORECASE,
    ),
)
# The first that fits counts: a server that is down may say anything, and a filter may answer 403.
_RULES: Final = (
    _Rule("transient", frozenset(range(500, 1000))),
    _Rule(
        "filtered",
        words=re.compile(
            r"content.?(filter|management|exists risk)|data_?inspection|inappropriate content"
            r"|moderation",
            re.IGNORECASE,
        ),
    ),
    _Rule(
        "no_credit",
        frozenset({HTTPStatus.PAYMENT_REQUIRED}),
        re.compile(r"insufficient.?(quota|balance|credit)|arrearage", re.IGNORECASE),
    ),
    _Rule("bad_key", frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})),
    _TOO_LONG,
    _Rule(
        "transient",
        frozenset(
            {
                None,
                HTTPStatus.REQUEST_TIMEOUT,
                HTTPStatus.CONFLICT,
                HTTPStatus.TOO_EARLY,
                HTTPStatus.TOO_MANY_REQUESTS,
            }
        ),
    ),
    _Rule(
        "unknown_model",
        words=re.compile(
            r"model.{0,80}(not exist|not found|not available|invalid|unknown)"
            r"|(invalid|unknown) model|model_not_found",
            re.IGNORECASE,
        ),
    ),
    _Rule("not_found", frozenset({HTTPStatus.NOT_FOUND})),
)


def classify_rejection(status: int | None, text: str) -> RejectionKind:
    """Say what a rejected request means, by its status and the server's words."""
    return next((rule.kind for rule in _RULES if rule.fits(status, text)), "other")


def is_context_overflow(status: int | None, text: str) -> bool:
    """Say whether a question is longer than the model can read."""
    return _TOO_LONG.fits(status, text)


# --- what is answered ----------------------------------------------------------------------------


def error_text(body: object) -> str:
    """Find what an error body says, wherever it says it, as text that can be shown and kept."""
    try:
        text = _error_words(body)
    except (RecursionError, ValueError):
        text = "words that cannot be read"  # nested too deeply, or a number of too many digits
    # Half a surrogate pair, which JSON may hold, can be neither written nor sent.
    return text.encode("utf-8", "replace").decode()


def _error_words(body: object) -> str:
    if isinstance(body, dict):
        parts = [body.get(key) for key in ("message", "detail", "code", "type")]
        return " ".join(str(part) for part in parts if part) or str(body)
    text = str(body or "no words")
    return "a web page" if text.lstrip().startswith("<") else text


def error_status(error: JsonValue) -> int | None:
    """Read the code of an error that came with status 200, where it looks like a status."""
    code = str(error.get("code")) if isinstance(error, dict) else ""
    return int(code) if re.fullmatch(r"[45]\d\d", code) else None


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
