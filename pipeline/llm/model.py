"""One structured question to a model: an answer that fits a schema, or a ModelError.

Four loops, one inside the other and never mixed:

    re-ask       an answer that does not fit is asked for again, at most twice
    longer cap   one that was cut off is asked for with twice the room, and twice that
    retry        a call that fails in passing is made again, see `network/retry.py`
    ladder       a server that rejects a form is asked in the next one, see `capabilities.py`

The outer two go through the answers that are kept (`answers.py`) before the inner two make a call,
which is kept at once, and counted. Nothing here knows of issues and stories.
"""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING, Any, Final, Self

from pydantic import BaseModel, ValidationError

from pipeline.errors import DigestError, ModelError, ModelInvalid, ModelRefused, ModelTransient
from pipeline.lines import get_logger
from pipeline.llm.answers import AnswerCache
from pipeline.llm.budget import CostMeter, ModelPricing, RunCost, RunLedger
from pipeline.llm.cache import Cache
from pipeline.llm.calls import (
    AskState,
    ModelCall,
    PendingRequest,
    RequestNeeded,
    build_request,
    join_messages,
    render_messages,
    write_message,
)
from pipeline.llm.capabilities import (
    MAX_RETRY_AFTER_S,
    Messages,
    ServerCapabilities,
    assumed_capabilities,
    batch_body,
    body_fields,
)
from pipeline.llm.ledger import charge_to, charged_digest
from pipeline.llm.listeners import Listener, current_listener
from pipeline.llm.pace import Caller, Pace
from pipeline.llm.prices import Tokens
from pipeline.llm.prompts import Answer, Question, load_prompt
from pipeline.llm.received import (
    BlankAnswer,
    ReceivedAnswers,
    count_or_estimate,
    estimate_input,
)
from pipeline.llm.rejections import RequestRejected
from pipeline.llm.responses import AnswerChoice, Completion, answer_words
from pipeline.llm.schema import SchemaMismatch, extract_object, wrap_text
from pipeline.llm.server_form import ServerForm, is_about_form
from pipeline.llm.target import ModelOptions, ModelTarget
from pipeline.llm.traffic import Traffic
from pipeline.llm.window import ProbeAnswer, ReadingWindow
from pipeline.network import RetryPolicy, call_with_retry

if TYPE_CHECKING:
    from pipeline.llm.transport import ModelConnection

_log = get_logger(__name__)

_MAX_REASKS: Final = 2
# Room for the answer to a question that is asked for what is read of it.
_PROBE_TOKENS: Final = 16
# Longest wait at the end of a run that nobody is warned of.
_QUIET_WAIT_S: Final = 1.0


class Model:
    """One model on one server; `ask` is a `prompts.Ask` for several threads at once."""

    def __init__(
        self,
        target: ModelTarget,
        *,
        options: ModelOptions,
        cache: Cache,
        account: RunLedger | None = None,
        slots: threading.Semaphore | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """Prepare to ask; nothing is opened before the first call.

        There are as many `slots` as there may be calls on their way, which several models may
        share. `sleep` replaces the pause between attempts, which `close` ends early.
        """
        self.host = target.host
        self.name = target.name
        self._connect = target.connect
        self._options = options
        self._answers = AnswerCache(cache, host=self.host, model=self.name)
        self._received = ReceivedAnswers(self.name)
        self._window = ReadingWindow(self.host)
        pricing = ModelPricing(
            host=self.host,
            model=self.name,
            prices=options.prices,
            batch_price_factor=options.batch_price_factor,
        )
        self._meter = CostMeter(pricing, options.limits, account)
        self._slots = slots or nullcontext()
        self._sleep = sleep
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._pace = Pace(self._closed)
        self._connection: ModelConnection | None = None
        assumed = target.capabilities or assumed_capabilities(self.host)
        self._form = ServerForm(cache, host=self.host, model=self.name, assumed=assumed)
        self._refresh_filter: Callable[[Question], bool] | None = None
        self._refreshed: frozenset[str] = frozenset()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, DigestError):
            self.drain()
        self.close()

    def close(self) -> None:
        """Close the connections; questions that wait for another attempt give up."""
        self.stop()
        if self._connection is not None:
            self._connection.close()

    def stop(self) -> None:
        """Make no call from here on; what is on its way may arrive, what is kept is given."""
        self._closed.set()

    def drain(self) -> None:
        """Stop, and wait for the answers that are on their way: they are paid for."""
        self.stop()
        if not self._meter.wait_idle(_QUIET_WAIT_S):
            _log.warning("%s: waiting for answers that are on their way", self.host)
            self._meter.wait_idle(self._options.timeout_s)

    @property
    def capabilities(self) -> ServerCapabilities:
        """What the server is taken for now."""
        return self._form.current

    @property
    def capabilities_known(self) -> bool:
        """Whether it is known how the server takes questions."""
        return self._form.known

    def connection(self) -> "ModelConnection":
        """Give the server, for calls that ask no question."""
        with self._lock:
            if self._connection is None:
                from pipeline.llm.transport import ModelConnection

                self._connection = ModelConnection(
                    host=self.host, connect=self._connect, timeout_s=self._options.timeout_s
                )
            return self._connection

    def receipt(self) -> RunCost:
        """Write down what the questions have cost so far."""
        return self._meter.receipt()

    def ask(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask until an answer fits the schema, from the cache if it did before.

        Raises:
            ModelInvalid: no answer did, two re-asks included, or it is too long.
            ModelRefused: the model or its provider's filter refused.
            ModelError: the model could not be asked, or the run would pass a limit.
        """
        messages = render_messages(question, schema)
        key = self._reply_key(messages)
        old = self._cached_reply(key, question, schema)
        state = AskState(refresh=self._must_refresh(key, question))
        if old is not None and not state.refresh:
            self._meter.record_cache_hit(question.prompt)
            return old
        try:
            reply = self._ask_until_valid(question, messages, schema, state)
        except (ModelInvalid, ModelRefused) as error:
            if old is None:
                raise
            _log.warning("%s: no new answer, the old one stays: %s", question.prompt, error)
            return old
        finally:
            if state.cache_hits and not state.calls_made:
                self._meter.record_cache_hit(question.prompt)
        self._answers.store_reply(key, reply)
        return schema.model_validate_json(reply)

    def refresh(self, refresh_filter: Callable[[Question], bool]) -> None:
        """Ask the questions that a filter picks again, once each, although their answers are kept.

        The new answer takes the place of the old one, for this run and all that follow. Where none
        fits, the old one stays.
        """
        self._refresh_filter = refresh_filter

    def kept_answer(self, question: Question, schema: type[Answer], /) -> Answer | None:
        """Give the answer to a question that was asked before; asks and counts nothing."""
        key = self._reply_key(render_messages(question, schema))
        return self._cached_reply(key, question, schema)

    def pending_request(
        self, question: Question, schema: type[BaseModel], /
    ) -> PendingRequest | None:
        """Give the next call that `ask` would make, and make none.

        Returns:
            The call, or None where what is kept decides the question.
        """
        messages = render_messages(question, schema)
        if self._cached_reply(self._reply_key(messages), question, schema) is not None:
            return None
        try:
            self._ask_until_valid(question, messages, schema, AskState(dry_run=True))
        except RequestNeeded as stopped:
            request = build_request(self.name, stopped.call, stopped.max_tokens, self.capabilities)
            return PendingRequest(
                key=stopped.call.key,
                prompt=question.prompt,
                max_tokens=stopped.max_tokens,
                body=batch_body(request),
                digest=charged_digest(),
            )
        except (ModelInvalid, ModelRefused):
            return None
        return None

    def store_result(self, request: PendingRequest, result: Completion | RequestRejected) -> None:
        """Keep what a batch brought for a call, and count it at a batch's price.

        A failure that is no content filter's, and a blank, are counted and not kept: `ask` makes
        the call itself then. What was brought before is neither counted nor kept again.
        """
        try:
            known = self._answers.find(request.key, request.max_tokens) is not None
        except ModelRefused:
            known = True
        if known:
            return
        with charge_to(request.digest):
            if isinstance(result, RequestRejected):
                self._answers.store(request.key, request.max_tokens, result)
                self._meter.record_failure(request.prompt, seconds=0.0)
                return
            self._answers.store(request.key, request.max_tokens, result.choice)
            tokens, counted = count_or_estimate(result, estimate_input(request.body["messages"]))
            self._meter.record_answer(
                request.prompt, tokens, counted=counted, seconds=0.0, batch=True
            )

    def check_budget(self, requests: Iterable[PendingRequest]) -> None:
        """See that a batch of calls cannot pass a limit.

        Raises:
            ModelError: it could; names the setting to raise.
        """
        sent = most = 0
        for call in requests:
            sent += estimate_input(call.body["messages"])
            most += call.max_tokens
        with self._meter.reserve(Tokens(input=sent, output=most), batch=True):
            pass

    def _cached_reply(self, key: str, question: Question, schema: type[Answer]) -> Answer | None:
        reply = self._answers.find_reply(key)
        if reply is None:
            return None
        try:
            answer = schema.model_validate_json(reply)
        except ValidationError:
            _log.debug("%s: the reply in the cache does not fit any more", question.prompt)
            return None
        self._received.record_fitting(question)
        return answer

    def _must_refresh(self, key: str, question: Question) -> bool:
        if self._refresh_filter is None or not self._refresh_filter(question):
            return False
        with self._lock:
            is_first = key not in self._refreshed
            self._refreshed |= {key}
        return is_first

    def _reply_key(self, messages: Messages) -> str:
        """Hash everything that shapes a reply; the schema stands in the messages."""
        sampling = (self._options.temperature, self._options.reask_temperature)
        return self._answers.reply_key(messages, *sampling, self.capabilities.extra_body)

    def _build_call(
        self,
        question: Question,
        messages: Messages,
        schema: type[BaseModel],
        *,
        attempt: int,
        state: AskState,
    ) -> ModelCall:
        """Write one call; a new answer is kept in the place of the one that was asked plainly."""
        options = self._options
        warmer = question.asked_before or attempt > 1
        plain = options.reask_temperature if warmer else options.temperature
        warm = options.reask_temperature
        temperature = warm if state.refresh and warm is not None else plain
        # Two errors alike make two calls alike, with an answer each.
        key = self._answers.key(messages, plain, self.capabilities.extra_body, attempt)
        return ModelCall(question, messages, schema, temperature, key, state)

    def _ask_until_valid(
        self, question: Question, messages: Messages, schema: type[BaseModel], state: AskState
    ) -> str:
        """Re-ask: get a text that holds a fitting object, and return the object.

        The answer that does not fit is not shown again: a small model repeats what it sees. One
        that is a text is not asked for again: who wants it knows better what was wrong.
        """
        *before, last = messages
        reask = load_prompt("reask")
        read = wrap_text if question.as_text else extract_object
        attempts = 1 if question.as_text else _MAX_REASKS + 1
        for attempt in range(1, attempts + 1):
            call = self._build_call(question, messages, schema, attempt=attempt, state=state)
            try:
                fitting = read(self._ask_until_complete(call), schema)
            except SchemaMismatch as error:
                said = str(error)
                _log.debug("%s: answer %d does not fit: %s", question.prompt, attempt, said)
            else:
                self._received.record_fitting(question)
                return fitting
            if attempt > 1 or question.as_text:
                self._received.record_unfit(question, said)
            again = f"{reask.system}\n\n{reask.fill(error=said).user}"
            messages = [*before, write_message("user", f"{last['content']}\n\n{again}")]
        raise ModelInvalid(
            f"{self.name} gave no usable answer to {question.prompt!r} in {attempt} tries: {said}"
        )

    def _ask_until_complete(self, call: ModelCall) -> str:
        """Longer cap: get an answer that was not cut off."""
        question = call.question
        caps = self._received.caps(question)
        for tokens in caps:
            choice = self._find_answer(call, tokens) or self._ask_with_retry(call, tokens)
            if self._received.is_whole(choice, tokens, question):
                return choice.message.content or ""
            _log.debug("%s: the answer was cut off at %d tokens", question.prompt, tokens)
            if question.as_text and answer_words(choice):
                raise self._received.endless(question, tokens)
        if choice.finish_reason != "length":
            return choice.message.content or ""  # by its shape alone: what is wrong is said
        raise self._received.endless(question, caps[-1])

    def _find_answer(self, call: ModelCall, max_tokens: int) -> AnswerChoice | None:
        """Replay: find the answer that this call was given before."""
        if call.state.refresh:
            return None
        try:
            choice = self._answers.find(call.key, max_tokens)
        except ModelRefused:
            call.state.cache_hits += 1
            raise
        if choice is not None:
            call.state.cache_hits += 1
            return self._received.require(choice, call.question)
        if call.state.dry_run:
            raise RequestNeeded(call, max_tokens)
        return None

    def _ask_with_retry(self, call: ModelCall, max_tokens: int) -> AnswerChoice:
        """Retry: get an answer from a server that fails in passing."""
        answered = self._pace.answered

        def others_succeed() -> bool:
            nonlocal answered
            before, answered = answered, self._pace.answered
            return answered > before

        policy = RetryPolicy(
            self._options.attempts,
            spread_s=1.0,
            deadline_s=max(3 * self._options.timeout_s, 3 * MAX_RETRY_AFTER_S),
            others_succeed=others_succeed,
        )
        caller = Caller()

        def send() -> AnswerChoice:
            with self._slots, self._pace.turn(caller):
                return self._negotiate_format(call, max_tokens)

        try:
            return call_with_retry(send, policy, sleep=self._sleep, closed=self._closed)
        except ModelTransient as error:
            message = f"{error} (attempts: {error.attempts})"
            if isinstance(error, BlankAnswer):
                raise ModelInvalid(message) from error
            raise ModelTransient(message, error.retry_after_s) from error.__cause__

    def _negotiate_format(self, call: ModelCall, max_tokens: int) -> AnswerChoice:
        """Ladder: ask in the best way that the server takes, and remember it."""
        tried: list[ServerCapabilities] = []
        # What is asked once more is asked as if nobody listened.
        listener = None if call.state.calls_made else current_listener()
        while True:
            current = self._form.current
            try:
                choice = self._send_once(call, max_tokens, current, listener)
            except RequestRejected as rejection:
                if listener and self._form.blames_pieces(rejection):
                    listener = None
                    continue
                tried.append(current)
                sent = body_fields(build_request(self.name, call, max_tokens, current))
                if self._form.learn(rejection, tried, sent):
                    continue
                if listener and is_about_form(rejection):
                    listener = None
                    tried.clear()
                    continue
                self._answers.store(call.key, max_tokens, rejection)
                raise rejection.to_error(self.host, self.name) from rejection.__cause__
            self._form.keep(current)
            return self._received.require(choice, call.question)

    def _send_once(
        self,
        call: ModelCall,
        max_tokens: int,
        capabilities: ServerCapabilities,
        listener: Listener | None,
    ) -> AnswerChoice:
        """Make one call, keep what came before all else, and count it.

        Raises:
            QuestionCut: the server has read a part of the question only; what came is not kept.
        """
        prompt = call.question.prompt
        sent = estimate_input(call.messages)
        self._window.check(join_messages(call.messages), sent)
        with self._meter.reserve(Tokens(input=sent, output=max_tokens)):
            if self._closed.is_set():
                raise ModelError(f"the run ended before {prompt!r} was asked; run again")
            self.connection().prefill(call.messages[:-1])
            call.state.calls_made += 1
            form = capabilities.in_pieces() if listener else capabilities
            request = build_request(self.name, call, max_tokens, form)
            began = time.monotonic()
            completion = self._complete(prompt, request, sent, max_tokens, listener)
            is_low = self._window.is_low(completion.read, join_messages(call.messages))
            if not is_low:
                self._answers.store(call.key, max_tokens, completion.choice)
            tokens, counted = self._count(prompt, completion, sent, began)
            if listener and not counted:
                self._form.refuse_pieces()
        took_ms = 1000 * (time.monotonic() - began)
        _log.debug("%s: %.0f ms, %s, %s", prompt, took_ms, tokens, capabilities)
        if is_low:
            self._window.judge(completion.read or 0, sent, self._tokens_read)
            self._answers.store(call.key, max_tokens, completion.choice)
        return completion.choice

    def _tokens_read(self, text: str) -> int | None:
        """Probe: ask a question of filler, and give what the server says it has read of it."""
        prompt, most = "window", _PROBE_TOKENS
        question = Question(prompt=prompt, system="", user=text, max_output_tokens=most)
        messages = render_messages(question, ProbeAnswer)
        call = ModelCall(question, messages, ProbeAnswer, None, "", AskState())
        request = build_request(self.name, call, most, self.capabilities)
        sent = estimate_input(messages)
        began = time.monotonic()
        with (
            suppress(ModelError, RequestRejected),
            self._meter.reserve(Tokens(input=sent, output=most)),
        ):
            completion = self._complete(prompt, request, sent, most, None)
            self._count(prompt, completion, sent, began)
            return completion.read
        return None

    def _complete(
        self, prompt: str, request: dict[str, Any], sent: int, most: int, listener: Listener | None
    ) -> Completion:
        """Make one call; one that has no answer is counted by the tokens that it took all the same.

        `sent` and `most` are tokens of the question, estimated, and the cap of the answer.
        """
        began, traffic = time.monotonic(), Traffic()
        try:
            return self.connection().complete(request, listener, traffic)
        except (ModelError, RequestRejected) as error:
            taken = traffic.taken(error, sent=sent, most=most)
            self._meter.record_failure(prompt, taken, seconds=time.monotonic() - began)
            raise

    def _count(
        self, prompt: str, completion: Completion, sent: int, began: float
    ) -> tuple[Tokens, bool]:
        """Count an answer: give its tokens, and whether the server has counted them."""
        tokens, counted = count_or_estimate(completion, sent)
        seconds = time.monotonic() - began
        self._meter.record_answer(prompt, tokens, counted=counted, seconds=seconds)
        return tokens, counted
