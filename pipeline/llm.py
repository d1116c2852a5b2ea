"""One structured question to a model: an answer that fits a schema, or a ModelError.

Four loops, one inside the other and never mixed: *re-ask* for an answer that does not fit, at most
twice; a *longer cap* for one that was cut off, once; *retry* for a failure that may pass; and the
*ladder*, down which a server goes that refuses a way to ask for JSON. What the server answers is
`server.py`'s matter. It knows nothing of issues and stories.
"""

import hashlib
import json
import logging
import re
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from pydantic import BaseModel, Field, JsonValue, ValidationError
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

from pipeline.cache import Cache, Learnt, TokenParam
from pipeline.completion import LONGEST_PAUSE_S, Choice, Endpoint, Refusal
from pipeline.errors import ModelError, ModelInvalid, ModelRefused, ModelTransient
from pipeline.meter import Meter, Prices, Receipt, Tokens
from pipeline.prompt import Answer, Question, estimate_tokens, load
from pipeline.records import Record
from pipeline.structured import Mode, NotAnAnswer, extract, response_format, wire_schema

if TYPE_CHECKING:
    from pipeline.server import Server

__all__ = ["Endpoint", "Model", "Options", "Prices", "Receipt"]

_log = logging.getLogger(__name__)

_REASKS: Final = 2
_WORDS_CHARS: Final = 240
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


class _Call(NamedTuple):
    """One question on its way through the loops."""

    question: Question
    messages: Messages
    schema: type[BaseModel]
    temperature: float | None


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


class Model:
    """One model on one server; `ask` is a `pipeline.prompt.Ask` for several threads at once."""

    def __init__(
        self,
        *,
        host: str,
        name: str,
        connect: Callable[[], Endpoint],
        options: Options,
        cache: Cache,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """Prepare to ask; nothing is opened before the first question that is not in the cache.

        Args:
            host: identity of the server for the cache and for messages, `host/path` without
                scheme: it outlives the address on which an embedded model listens.
            name: the model's name on that server.
            connect: called at most once, may take seconds.
            options: how to ask.
            cache: replies and what was learnt about the server.
            sleep: replaces the pause between attempts, which `close` ends early.
        """
        self._host = host
        self._name = name
        self._options = options
        self._cache = cache
        self._format = load("format")
        self._reask = load("reask")
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
            host=host,
            model=name,
            prices=options.prices,
            max_tokens=options.max_tokens_per_run,
            max_cost_usd=options.max_cost_usd,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections; questions that wait for another attempt give up."""
        self._closed.set()
        if self._server is not None:
            self._server.close()

    def receipt(self) -> Receipt:
        """Write down what the questions have cost so far."""
        return self._meter.receipt()

    def ask(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask until an answer fits the schema, from the cache if it did before.

        Raises:
            ModelInvalid: no answer did, two re-asks included, or it is too long.
            ModelRefused: the model or its provider's filter refused.
            ModelError: the model could not be asked, or the run would pass a limit.
        """
        messages = self._messages(question, schema)
        key = self._key(messages)
        kept = self._cache.reply(key)
        if kept is not None:
            try:
                answer = schema.model_validate_json(kept)
            except ValidationError:
                _log.debug("%s: the reply in the cache does not fit any more", question.prompt)
            else:
                self._meter.from_cache(question.prompt)
                return answer
        found = self._fitting(question, messages, schema)
        self._cache.keep_reply(key, found)
        return schema.model_validate_json(found)

    def _messages(self, question: Question, schema: type[BaseModel]) -> Messages:
        # The schema always, whatever the mode: some servers accept a format and ignore it. What
        # is the same for every question of a prompt comes first, for the providers' caches.
        described = json.dumps(wire_schema(schema, length_bounds=True), ensure_ascii=False)
        form = self._format.system, self._format.fill(schema=described).user
        system = "\n\n".join((question.system, *form))
        return [_message("system", system), _message("user", question.user)]

    def _key(self, messages: Messages) -> str:
        """Hash everything that shapes a reply; the schema stands in the messages."""
        options = self._options
        sampling = (options.temperature, options.reask_temperature, options.extra)
        shape = (self._host, self._name, messages, *sampling)
        return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()

    def _fitting(self, question: Question, messages: Messages, schema: type[BaseModel]) -> str:
        """Re-ask: get a text that holds a fitting object, and return the object.

        The answer that does not fit is not shown again: a small model repeats what it sees.
        """
        options = self._options
        first = options.reask_temperature if question.again else options.temperature
        call = _Call(question, messages, schema, first)
        for asks in range(1, _REASKS + 2):
            try:
                return extract(self._whole(call), schema)
            except NotAnAnswer as error:
                said = str(error)
                _log.debug("%s: answer %d does not fit: %s", question.prompt, asks, said)
            again = f"{self._reask.system}\n\n{self._reask.fill(error=said).user}"
            user = f"{messages[1]['content']}\n\n{again}"
            call = call._replace(
                messages=[messages[0], _message("user", user)],
                temperature=options.reask_temperature,
            )
        raise ModelInvalid(
            f"{self._name} gave no usable answer to {question.prompt!r} in {asks} tries: {said}"
        )

    def _whole(self, call: _Call) -> str:
        """Longer cap: get an answer that was not cut off."""
        question = call.question
        cap = question.max_output_tokens
        for tokens in (cap, 2 * cap):
            choice = self._patiently(call, tokens)
            if choice.finish_reason != "length":
                return choice.message.content or ""
            _log.debug("%s: the answer was cut off at %d tokens", question.prompt, tokens)
        raise ModelInvalid(
            f"the answer to {question.prompt!r} does not end within {2 * cap} tokens; "
            f"raise max_output_tokens in prompts/{question.prompt}.md"
        )

    def _patiently(self, call: _Call, cap: int) -> Choice:
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

    def _laddered(self, call: _Call, cap: int) -> Choice:
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
                    raise refusal.verdict(self._host, self._name) from refusal.__cause__
                _log.info("%s: %s; trying %s", self._host, refusal, other)
                with self._lock:
                    if self._wire == wire:
                        self._wire = other
            else:
                self._remember(wire)
                return _spoken(choice, call.question.prompt, self._name)

    def _request(self, call: _Call, cap: int, wire: Learnt) -> dict[str, Any]:
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

    def _once(self, call: _Call, cap: int, wire: Learnt) -> Choice:
        """Make one call, and count it."""
        prompt = call.question.prompt
        sent = sum(estimate_tokens(message["content"]) for message in call.messages)
        with self._meter.hold(Tokens(input=sent, output=cap)):
            server = self._opened()
            server.open(call.messages[0]["content"])
            started = time.monotonic()
            try:
                completion = server.complete(self._request(call, cap, wire))
            except (ModelError, Refusal):
                self._meter.failed(prompt, seconds=time.monotonic() - started)
                raise
            seconds = time.monotonic() - started
            counted = completion.tokens
            choice = completion.choice
            got = estimate_tokens(choice.message.content or "")
            tokens = counted or Tokens(input=sent, output=got)
            self._meter.answered(prompt, tokens, counted=counted is not None, seconds=seconds)
        _log.debug("%s: %.0f ms, %s, %s", prompt, 1000 * seconds, tokens, wire)
        return choice

    def _opened(self) -> "Server":
        with self._lock:
            if self._server is None:
                from pipeline.server import Server

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


def _spoken(choice: Choice, prompt: str, model: str) -> Choice:
    """Pass on an answer that has words, or was cut off before them."""
    refusal = choice.message.refusal
    if refusal or choice.finish_reason == "content_filter":
        words = " ".join((refusal or "content filter").split())[:_WORDS_CHARS]
        raise ModelRefused(f"{model} refused to answer {prompt!r}: {words}")
    if choice.finish_reason != "length" and not (choice.message.content or "").strip():
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


def _message(role: str, text: str) -> dict[str, str]:
    # Half a surrogate pair, which a page may hold, cannot be sent.
    return {"role": role, "content": text.encode("utf-8", "replace").decode()}
