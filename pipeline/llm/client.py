"""One call to a model's server: retried, asked in the way it takes, kept at once, and counted.

*Retry* for a failure that may pass; and inside it the *ladder*, down which a server goes that
refuses a way to ask for JSON. Which calls a question needs is `llm.py`'s matter, what a server
answers `server.py`'s.
"""

import logging
import math
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from pydantic import BaseModel, Field, JsonValue

from pipeline.errors import DigestError, ModelError, ModelInvalid, ModelRefused, ModelTransient
from pipeline.llm.answers import AnswerCache, is_blank
from pipeline.llm.budget import (
    BudgetLimits,
    CostMeter,
    ModelPricing,
    Prices,
    RunCost,
    RunLedger,
    Tokens,
)
from pipeline.llm.cache import Cache, ServerCapabilities, TokenParam
from pipeline.llm.prompts import Question, estimate_tokens
from pipeline.llm.responses import (
    MAX_RETRY_AFTER_S,
    AnswerChoice,
    Completion,
    Endpoint,
    RequestRejected,
)
from pipeline.llm.schema import FormatMode, response_format
from pipeline.records import Record
from pipeline.retry import RetryPolicy, call_with_retry

if TYPE_CHECKING:
    from pipeline.llm.transport import ModelConnection

_log = logging.getLogger(__name__)

_MAX_MESSAGE_CHARS: Final = 240
# Waiting that nobody is told of, in seconds.
_QUIET_WAIT_S: Final = 1.0
_FORMAT_FALLBACKS: Final[dict[FormatMode, FormatMode]] = {
    "json_schema": "json_object",
    "json_object": "text",
}
_OTHER_TOKEN_PARAM: Final[dict[TokenParam, TokenParam]] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}
_FORMAT_REJECTED = re.compile(r"response_?format|json|schema|structured", re.IGNORECASE)
_PARAM_REJECTED = re.compile(
    r"unsupported|not supported|unrecogni|unknown|unexpected|extra|not permitted|instead",
    re.IGNORECASE,
)

Messages = list[dict[str, str]]


@dataclass
class AskState:
    """How one question goes through the loops, and what it met there."""

    refresh: bool = False
    """Whether the answers that are kept are asked for anew."""
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


class ModelOptions(Record):
    """How questions are asked."""

    timeout_s: float = Field(gt=0)
    """Longest wait for one answer, its last byte included."""
    attempts: int = Field(ge=1)
    """How often one call is tried when it fails in a way that may pass."""
    max_tokens_per_run: int
    """The run stops before it passes this many tokens, input and output."""
    max_cost_usd: float
    """The run stops before it passes this price, where the price is known."""
    max_cost_usd_per_day: float = math.inf
    """The same for all runs of a day."""
    explicit_limits: tuple[str, ...] = ()
    """Those settings of a price that somebody chose."""
    batch_price_factor: float = 0.5
    """What an answer costs by batch, as a part of its price."""
    prices: Prices | None = None
    """The model's price; None looks it up in the list that comes with genai-prices."""
    temperature: float | None = None
    """Sent only when set."""
    reask_temperature: float | None = None
    """Sent in its place when a question is asked again, which a cold model answers alike."""
    length_bounds: bool = False
    """Whether the server's grammar takes lengths of strings; strict mode rejects them."""
    extra_body: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields of the request that only this server knows."""


class ModelCaller:
    """One model on one server, for several threads at once."""

    def __init__(  # noqa: PLR0913 - each is one thing that a model works with
        self,
        *,
        host: str,
        name: str,
        connect: Callable[[], Endpoint],
        options: ModelOptions,
        cache: Cache,
        account: RunLedger | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """Prepare to call; nothing is opened before the first call.

        Args:
            host: identity of the server for the cache and for messages, `host/path` without
                scheme: it outlives the address on which an embedded model listens.
            name: the model's name on that server.
            connect: called at most once, may take seconds.
            options: how to ask.
            cache: answers, replies and what was learnt about the server.
            account: the ledger that is told of every call; None tells nobody.
            sleep: replaces the pause between attempts, which `close` ends early.
        """
        self._host = host
        self._name = name
        self._options = options
        self._cache = cache
        self._answers = AnswerCache(cache, host=host, model=name)
        self._closed = threading.Event()
        self._sleep = sleep
        self._lock = threading.Lock()
        self._connect = connect
        self._connection: ModelConnection | None = None
        self._known_capabilities = cache.get_capabilities(host, name)
        own = host.startswith("api.openai.com")
        param = "max_completion_tokens" if own else "max_tokens"
        self._capabilities = self._known_capabilities or ServerCapabilities(
            mode="json_schema", token_param=param
        )
        self._meter = CostMeter(
            ModelPricing(
                host=host,
                model=name,
                prices=options.prices,
                batch_price_factor=options.batch_price_factor,
            ),
            BudgetLimits(
                max_tokens=options.max_tokens_per_run,
                max_cost_usd=options.max_cost_usd,
                max_cost_usd_per_day=options.max_cost_usd_per_day,
                explicit=options.explicit_limits,
            ),
            account,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and issubclass(kind, DigestError):
            self._await_pending()
        self.close()

    def close(self) -> None:
        """Close the connections; questions that wait for another attempt give up."""
        self._closed.set()
        if self._connection is not None:
            self._connection.close()

    @property
    def host(self) -> str:
        """Identity of the server, for messages."""
        return self._host

    @property
    def name(self) -> str:
        """Name of the model on it."""
        return self._name

    @property
    def capabilities_known(self) -> bool:
        """Whether it is known how the server takes questions."""
        return self._known_capabilities is not None

    def connection(self) -> "ModelConnection":
        """Give the server, for calls that ask no question."""
        return self._get_connection()

    def receipt(self) -> RunCost:
        """Write down what the questions have cost so far."""
        return self._meter.receipt()

    def _await_pending(self) -> None:
        """Wait for the answers that are on their way: they are paid for."""
        self._closed.set()
        if not self._meter.wait_idle(_QUIET_WAIT_S):
            _log.warning("%s: waiting for answers that are on their way", self._host)
            self._meter.wait_idle(self._options.timeout_s)

    def call_with_retry(self, call: ModelCall, max_tokens: int) -> AnswerChoice:
        """Retry: get an answer from a server that fails in passing."""
        policy = RetryPolicy(
            self._options.attempts,
            spread_s=1.0,
            deadline_s=max(3 * self._options.timeout_s, 3 * MAX_RETRY_AFTER_S),
        )
        try:
            return call_with_retry(
                lambda: self._negotiate_format(call, max_tokens),
                policy,
                sleep=self._sleep,
                closed=self._closed,
            )
        except ModelTransient as error:
            message = f"{error} (attempts: {error.attempts})"
            if isinstance(error, _BlankAnswer):
                raise ModelInvalid(message) from error
            raise ModelTransient(message, error.retry_after_s) from error.__cause__

    def _negotiate_format(self, call: ModelCall, max_tokens: int) -> AnswerChoice:
        """Ladder: ask in the best way that the server takes, and remember it."""
        tried: set[ServerCapabilities] = set()
        while True:
            wire = self._capabilities
            try:
                choice = self._send_once(call, max_tokens, wire)
            except RequestRejected as refusal:
                tried.add(wire)
                other = _next_capabilities(wire, refusal)
                if other is None or other in tried:
                    self._answers.store(call.key, max_tokens, refusal)
                    raise refusal.to_error(self._host, self._name) from refusal.__cause__
                _log.info("%s: %s; trying %s", self._host, refusal, other)
                with self._lock:
                    if self._capabilities == wire:
                        self._capabilities = other
            else:
                self._remember_capabilities(wire)
                return require_answer(choice, call.question.prompt, self._name)

    def _build_request(
        self, call: ModelCall, max_tokens: int, capabilities: ServerCapabilities
    ) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._name,
            "messages": call.messages,
            capabilities.token_param: max_tokens,
            "extra_body": self._options.extra_body,
        }
        if call.temperature is not None:
            request["temperature"] = call.temperature
        bounds = self._options.length_bounds
        form = response_format(call.schema, capabilities.mode, length_bounds=bounds)
        return request if form is None else request | {"response_format": form}

    def _send_once(
        self, call: ModelCall, max_tokens: int, capabilities: ServerCapabilities
    ) -> AnswerChoice:
        """Make one call, keep what came before all else, and count it."""
        prompt = call.question.prompt
        sent = estimate_input_tokens(call.messages)
        with self._meter.reserve(Tokens(input=sent, output=max_tokens)):
            if self._closed.is_set():
                raise ModelError(f"the run ended before {prompt!r} was asked; run again")
            server = self._get_connection()
            server.prefill(call.messages[0]["content"])
            call.state.calls_made += 1
            started = time.monotonic()
            try:
                completion = server.complete(self._build_request(call, max_tokens, capabilities))
            except (ModelError, RequestRejected):
                self._meter.record_failure(prompt, seconds=time.monotonic() - started)
                raise
            self._answers.store(call.key, max_tokens, completion.choice)
            seconds = time.monotonic() - started
            tokens, counted = count_or_estimate(completion, sent)
            self._meter.record_answer(prompt, tokens, counted=counted, seconds=seconds)
        _log.debug("%s: %.0f ms, %s, %s", prompt, 1000 * seconds, tokens, capabilities)
        return completion.choice

    def _get_connection(self) -> "ModelConnection":
        with self._lock:
            if self._connection is None:
                from pipeline.llm.transport import ModelConnection

                timeout_s = self._options.timeout_s
                self._connection = ModelConnection(
                    host=self._host, connect=self._connect, timeout_s=timeout_s
                )
            return self._connection

    def _remember_capabilities(self, capabilities: ServerCapabilities) -> None:
        with self._lock:
            if self._known_capabilities == capabilities:
                return
            self._known_capabilities = capabilities
        self._cache.put_capabilities(self._host, self._name, capabilities)


class _BlankAnswer(ModelTransient):
    """An answer without a word; some servers give one now and then."""


def estimate_input_tokens(messages: Messages) -> int:
    """Estimate what messages take."""
    return sum(estimate_tokens(message["content"]) for message in messages)


def count_or_estimate(completion: Completion, sent_tokens: int) -> tuple[Tokens, bool]:
    """Take what the server counted, else estimate it; and say which."""
    if completion.tokens is not None:
        return completion.tokens, True
    got = estimate_tokens(completion.choice.message.content or "")
    return Tokens(input=sent_tokens, output=got), False


def require_answer(choice: AnswerChoice, prompt: str, model: str) -> AnswerChoice:
    """Pass on an answer that has words, or was cut off before them."""
    refusal = choice.message.refusal
    if refusal or choice.finish_reason == "content_filter":
        words = " ".join((refusal or "content filter").split())[:_MAX_MESSAGE_CHARS]
        raise ModelRefused(f"{model} refused to answer {prompt!r}: {words}")
    if is_blank(choice):
        raise _BlankAnswer(
            f"{model} gave a blank answer to {prompt!r}; try again, or another model"
        )
    return choice


def _next_capabilities(
    capabilities: ServerCapabilities, rejection: RequestRejected
) -> ServerCapabilities | None:
    """Find what to try after a refusal that is about the form of the request."""
    if rejection.status not in {400, 404, 422} or rejection.is_context_overflow:
        return None
    if capabilities.token_param in rejection.text and _PARAM_REJECTED.search(rejection.text):
        return capabilities.model_copy(
            update={"token_param": _OTHER_TOKEN_PARAM[capabilities.token_param]}
        )
    if capabilities.mode in _FORMAT_FALLBACKS and _FORMAT_REJECTED.search(rejection.text):
        return capabilities.model_copy(update={"mode": _FORMAT_FALLBACKS[capabilities.mode]})
    return None
