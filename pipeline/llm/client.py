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
from tenacity import (
    RetryCallState,
    Retrying,
    before_sleep_log,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_attempt,
    stop_before_delay,
    stop_when_event_set,
    wait_exponential_jitter,
    wait_random,
)

from pipeline.errors import DigestError, ModelError, ModelInvalid, ModelRefused, ModelTransient
from pipeline.llm.answers import Paid, is_blank
from pipeline.llm.budget import Account, Caps, Meter, Prices, Receipt, Tariff, Tokens
from pipeline.llm.cache import Cache, Learnt, TokenParam
from pipeline.llm.prompts import Question, estimate_tokens
from pipeline.llm.responses import LONGEST_PAUSE_S, Choice, Completion, Endpoint, Refusal
from pipeline.llm.schema import Mode, response_format
from pipeline.records import Record

if TYPE_CHECKING:
    from pipeline.llm.transport import Server

_log = logging.getLogger(__name__)

_WORDS_CHARS: Final = 240
# Waiting that nobody is told of, in seconds.
_NOTICED_S: Final = 1.0
_BACKOFF = wait_exponential_jitter(max=30)
_SPREAD = wait_random(0, 1)
_LADDER: Final[dict[Mode, Mode]] = {"json_schema": "json_object", "json_object": "text"}
_PARAMS: Final[dict[TokenParam, TokenParam]] = {
    "max_tokens": "max_completion_tokens",
    "max_completion_tokens": "max_tokens",
}
_SPEAKS_OF_FORMAT = re.compile(r"response_?format|json|schema|structured", re.IGNORECASE)
_NOT_TAKEN = re.compile(
    r"unsupported|not supported|unrecogni|unknown|unexpected|extra|not permitted|instead",
    re.IGNORECASE,
)

Messages = list[dict[str, str]]


@dataclass
class Way:
    """How one question goes through the loops, and what it met there."""

    fresh: bool = False
    """Whether the answers that are kept are asked for anew."""
    dry: bool = False
    """Whether it stops before its first call."""
    found: int = 0
    """Answers that were kept already."""
    called: int = 0
    """Answers that were asked for."""


class Call(NamedTuple):
    """One call of a question, the cap of its answer excepted."""

    question: Question
    messages: Messages
    schema: type[BaseModel]
    temperature: float | None
    key: str
    """What its answer is kept under."""
    way: Way


class Options(Record):
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
    caps_chosen: tuple[str, ...] = ()
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
    extra: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields of the request that only this server knows."""


class Caller:
    """One model on one server, for several threads at once."""

    def __init__(  # noqa: PLR0913 - each is one thing that a model works with
        self,
        *,
        host: str,
        name: str,
        connect: Callable[[], Endpoint],
        options: Options,
        cache: Cache,
        account: Account | None = None,
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
        self._paid = Paid(cache, host=host, model=name)
        self._closed = threading.Event()
        self._sleep = sleep or sleep_using_event(self._closed)
        self._lock = threading.Lock()
        self._connect = connect
        self._server: Server | None = None
        self._kept = cache.mode(host, name)
        own = host.startswith("api.openai.com")
        param = "max_completion_tokens" if own else "max_tokens"
        self._wire = self._kept or Learnt(mode="json_schema", token_param=param)
        self._meter = Meter(
            Tariff(
                host=host,
                model=name,
                prices=options.prices,
                batch_factor=options.batch_price_factor,
            ),
            Caps(
                max_tokens=options.max_tokens_per_run,
                max_cost_usd=options.max_cost_usd,
                max_cost_usd_per_day=options.max_cost_usd_per_day,
                chosen=options.caps_chosen,
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
            self._collect()
        self.close()

    def close(self) -> None:
        """Close the connections; questions that wait for another attempt give up."""
        self._closed.set()
        if self._server is not None:
            self._server.close()

    @property
    def host(self) -> str:
        """Identity of the server, for messages."""
        return self._host

    @property
    def name(self) -> str:
        """Name of the model on it."""
        return self._name

    @property
    def learnt(self) -> bool:
        """Whether it is known how the server takes questions."""
        return self._kept is not None

    def server(self) -> "Server":
        """Give the server, for calls that ask no question."""
        return self._opened()

    def receipt(self) -> Receipt:
        """Write down what the questions have cost so far."""
        return self._meter.receipt()

    def _collect(self) -> None:
        """Wait for the answers that are on their way: they are paid for."""
        self._closed.set()
        if not self._meter.settle(_NOTICED_S):
            _log.warning("%s: waiting for answers that are on their way", self._host)
            self._meter.settle(self._options.timeout_s)

    def patiently(self, call: Call, cap: int) -> Choice:
        """Retry: get an answer from a server that fails in passing."""
        # One `Retrying` per call: its statistics belong to one thread.
        retrying = Retrying(
            retry=retry_if_exception_type(ModelTransient),
            wait=_pause,
            stop=stop_after_attempt(self._options.attempts)
            | stop_before_delay(max(3 * self._options.timeout_s, 3 * LONGEST_PAUSE_S))
            | stop_when_event_set(self._closed),
            sleep=self._sleep,
            before_sleep=before_sleep_log(_log, logging.DEBUG),
            reraise=True,
        )
        try:
            return retrying(self._laddered, call, cap)
        except ModelTransient as error:
            message = f"{error} (attempts: {retrying.statistics['attempt_number']})"
            if isinstance(error, _Blank):
                raise ModelInvalid(message) from error
            raise ModelTransient(message, error.retry_after_s) from error.__cause__

    def _laddered(self, call: Call, cap: int) -> Choice:
        """Ladder: ask in the best way that the server takes, and remember it."""
        tried: set[Learnt] = set()
        while True:
            wire = self._wire
            try:
                choice = self._once(call, cap, wire)
            except Refusal as refusal:
                tried.add(wire)
                other = _other(wire, refusal)
                if other is None or other in tried:
                    self._paid.keep(call.key, cap, refusal)
                    raise refusal.verdict(self._host, self._name) from refusal.__cause__
                _log.info("%s: %s; trying %s", self._host, refusal, other)
                with self._lock:
                    if self._wire == wire:
                        self._wire = other
            else:
                self._remember(wire)
                return spoken(choice, call.question.prompt, self._name)

    def _request(self, call: Call, cap: int, wire: Learnt) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._name,
            "messages": call.messages,
            wire.token_param: cap,
            "extra_body": self._options.extra,
        }
        if call.temperature is not None:
            request["temperature"] = call.temperature
        bounds = self._options.length_bounds
        form = response_format(call.schema, wire.mode, length_bounds=bounds)
        return request if form is None else request | {"response_format": form}

    def _once(self, call: Call, cap: int, wire: Learnt) -> Choice:
        """Make one call, keep what came before all else, and count it."""
        prompt = call.question.prompt
        sent = input_tokens(call.messages)
        with self._meter.hold(Tokens(input=sent, output=cap)):
            if self._closed.is_set():
                raise ModelError(f"the run ended before {prompt!r} was asked; run again")
            server = self._opened()
            server.open(call.messages[0]["content"])
            call.way.called += 1
            started = time.monotonic()
            try:
                completion = server.complete(self._request(call, cap, wire))
            except (ModelError, Refusal):
                self._meter.failed(prompt, seconds=time.monotonic() - started)
                raise
            self._paid.keep(call.key, cap, completion.choice)
            seconds = time.monotonic() - started
            tokens, counted = counted_or_estimated(completion, sent)
            self._meter.answered(prompt, tokens, counted=counted, seconds=seconds)
        _log.debug("%s: %.0f ms, %s, %s", prompt, 1000 * seconds, tokens, wire)
        return completion.choice

    def _opened(self) -> "Server":
        with self._lock:
            if self._server is None:
                from pipeline.llm.transport import Server

                timeout_s = self._options.timeout_s
                self._server = Server(host=self._host, connect=self._connect, timeout_s=timeout_s)
            return self._server

    def _remember(self, wire: Learnt) -> None:
        with self._lock:
            if self._kept == wire:
                return
            self._kept = wire
        self._cache.keep_mode(self._host, self._name, wire)


class _Blank(ModelTransient):
    """An answer without a word; some servers give one now and then."""


def input_tokens(messages: Messages) -> int:
    """Estimate what messages take."""
    return sum(estimate_tokens(message["content"]) for message in messages)


def counted_or_estimated(completion: Completion, sent: int) -> tuple[Tokens, bool]:
    """Take what the server counted, else estimate it; and say which."""
    if completion.tokens is not None:
        return completion.tokens, True
    got = estimate_tokens(completion.choice.message.content or "")
    return Tokens(input=sent, output=got), False


def spoken(choice: Choice, prompt: str, model: str) -> Choice:
    """Pass on an answer that has words, or was cut off before them."""
    refusal = choice.message.refusal
    if refusal or choice.finish_reason == "content_filter":
        words = " ".join((refusal or "content filter").split())[:_WORDS_CHARS]
        raise ModelRefused(f"{model} refused to answer {prompt!r}: {words}")
    if is_blank(choice):
        raise _Blank(f"{model} gave a blank answer to {prompt!r}; try again, or another model")
    return choice


def _other(wire: Learnt, refusal: Refusal) -> Learnt | None:
    """Find what to try after a refusal that is about the form of the request."""
    if refusal.status not in {400, 404, 422} or refusal.is_about_length:
        return None
    if wire.token_param in refusal.words and _NOT_TAKEN.search(refusal.words):
        return wire.model_copy(update={"token_param": _PARAMS[wire.token_param]})
    if wire.mode in _LADDER and _SPEAKS_OF_FORMAT.search(refusal.words):
        return wire.model_copy(update={"mode": _LADDER[wire.mode]})
    return None


def _pause(state: RetryCallState) -> float:
    """Wait as long as the server asks, spread a little; else longer every time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after_s if isinstance(error, ModelTransient) else None
    return _BACKOFF(state) if asked is None else asked + _SPREAD(state)
