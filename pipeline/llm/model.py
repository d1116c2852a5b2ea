"""One structured question to a model: an answer that fits a schema, or a ModelError.

Two loops, one inside the other and never mixed: *re-ask* for an answer that does not fit, at most
twice; and a *longer cap* for one that was cut off, once. Both go through the answers that are kept
already (`paid.py`) before they make a call (`calls.py`, which holds two loops more). It knows
nothing of issues and stories.
"""

import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm.answers import hash_values
from pipeline.llm.budget import Prices, RunCost, Tokens
from pipeline.llm.client import (
    AskState,
    Messages,
    ModelCall,
    ModelCaller,
    ModelOptions,
    count_or_estimate,
    estimate_input_tokens,
    require_answer,
)
from pipeline.llm.ledger import charge_to, charged_digest
from pipeline.llm.prompts import Answer, Question, load_prompt
from pipeline.llm.responses import AnswerChoice, Completion, Endpoint, RequestRejected
from pipeline.llm.schema import SchemaMismatch, extract_object, strict_schema
from pipeline.records import Record

__all__ = [
    "Endpoint",
    "Model",
    "ModelOptions",
    "PendingRequest",
    "Prices",
    "RunCost",
    "render_messages",
]

_log = logging.getLogger(__name__)

_MAX_REASKS: Final = 2


class _RequestNeeded(Exception):
    """The first call that a question would make."""

    def __init__(self, call: ModelCall, cap: int) -> None:
        super().__init__(call.key)
        self.call = call
        self.max_tokens = cap


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


class Model(ModelCaller):
    """One model on one server; `ask` is a `prompts.Ask` for several threads at once."""

    _refresh_filter: Callable[[Question], bool] | None = None
    _refreshed: frozenset[str] = frozenset()

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
        way = AskState(refresh=self._must_refresh(key, question))
        if old is not None and not way.refresh:
            self._meter.record_cache_hit(question.prompt)
            return old
        try:
            found = self._ask_until_valid(question, messages, schema, way)
        except (ModelInvalid, ModelRefused) as error:
            if old is None:
                raise
            _log.warning("%s: no new answer, the old one stays: %s", question.prompt, error)
            return old
        finally:
            if way.cache_hits and not way.calls_made:
                self._meter.record_cache_hit(question.prompt)
        self._cache.put_reply(key, found)
        return schema.model_validate_json(found)

    def refresh(self, refresh_filter: Callable[[Question], bool]) -> None:
        """Ask questions anew, once each, although their answers are kept.

        The new answer takes the place of the old one, for this run and all that follow. Where none
        fits, the old one stays.

        Args:
            refresh_filter: tells whether a question is meant.
        """
        self._refresh_filter = refresh_filter

    def pending_request(
        self, question: Question, schema: type[BaseModel], /
    ) -> PendingRequest | None:
        """Tell the next call that `ask` would make, and make none.

        Returns:
            The call, or None where what is kept decides the question.
        """
        messages = render_messages(question, schema)
        if self._cached_reply(self._reply_key(messages), question, schema) is not None:
            return None
        try:
            self._ask_until_valid(question, messages, schema, AskState(dry_run=True))
        except _RequestNeeded as stopped:
            request = self._build_request(stopped.call, stopped.max_tokens, self._capabilities)
            return PendingRequest(
                key=stopped.call.key,
                prompt=question.prompt,
                max_tokens=stopped.max_tokens,
                body=request | request.pop("extra_body"),
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
            tokens, counted = count_or_estimate(
                result, estimate_input_tokens(request.body["messages"])
            )
            self._meter.record_answer(
                request.prompt, tokens, counted=counted, seconds=0.0, batch=True
            )

    def check_budget(self, requests: Iterable[PendingRequest]) -> None:
        """See that a batch of calls cannot pass a limit.

        Raises:
            ModelError: it could; names the setting to raise.
        """
        sent = received = 0
        for call in requests:
            sent += estimate_input_tokens(call.body["messages"])
            received += call.max_tokens
        expected = Tokens(input=sent, output=received)
        with self._meter.reserve(expected, batch=True):
            pass

    def _cached_reply(self, key: str, question: Question, schema: type[Answer]) -> Answer | None:
        kept = self._cache.get_reply(key)
        if kept is None:
            return None
        try:
            return schema.model_validate_json(kept)
        except ValidationError:
            _log.debug("%s: the reply in the cache does not fit any more", question.prompt)
            return None

    def _must_refresh(self, key: str, question: Question) -> bool:
        if self._refresh_filter is None or not self._refresh_filter(question):
            return False
        with self._lock:
            anew = key not in self._refreshed
            self._refreshed |= {key}
        return anew

    def _reply_key(self, messages: Messages) -> str:
        """Hash everything that shapes a reply; the schema stands in the messages."""
        options = self._options
        sampling = (options.temperature, options.reask_temperature, options.extra_body)
        return hash_values(self._host, self._name, messages, *sampling)

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
        key = self._answers.key(messages, plain, options.extra_body, attempt)
        return ModelCall(question, messages, schema, temperature, key, state)

    def _ask_until_valid(
        self, question: Question, messages: Messages, schema: type[BaseModel], state: AskState
    ) -> str:
        """Re-ask: get a text that holds a fitting object, and return the object.

        The answer that does not fit is not shown again: a small model repeats what it sees.
        """
        user = messages[1]["content"]
        reask = load_prompt("reask")
        for asks in range(1, _MAX_REASKS + 2):
            try:
                return extract_object(
                    self._ask_until_complete(
                        self._build_call(question, messages, schema, attempt=asks, state=state)
                    ),
                    schema,
                )
            except SchemaMismatch as error:
                said = str(error)
                _log.debug("%s: answer %d does not fit: %s", question.prompt, asks, said)
            again = f"{reask.system}\n\n{reask.fill(error=said).user}"
            messages = [messages[0], _message("user", f"{user}\n\n{again}")]
        raise ModelInvalid(
            f"{self._name} gave no usable answer to {question.prompt!r} in {asks} tries: {said}"
        )

    def _ask_until_complete(self, call: ModelCall) -> str:
        """Longer cap: get an answer that was not cut off."""
        question = call.question
        cap = question.max_output_tokens
        for tokens in (cap, 2 * cap):
            choice = self._find_answer(call, tokens) or self.call_with_retry(call, tokens)
            if choice.finish_reason != "length":
                return choice.message.content or ""
            _log.debug("%s: the answer was cut off at %d tokens", question.prompt, tokens)
        raise ModelInvalid(
            f"the answer to {question.prompt!r} does not end within {2 * cap} tokens; "
            f"raise max_output_tokens in prompts/{question.prompt}.md"
        )

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
            return require_answer(choice, call.question.prompt, self._name)
        if call.state.dry_run:
            raise _RequestNeeded(call, max_tokens)
        return None


def render_messages(question: Question, schema: type[BaseModel]) -> Messages:
    """Write a question as messages: what is the same for every question of a prompt comes first."""
    # The schema always, whatever the mode: some servers accept a format and ignore it.
    form = load_prompt("format")
    described = json.dumps(strict_schema(schema, length_bounds=True), ensure_ascii=False)
    system = f"{question.system}\n\n{form.system}\n\n{form.fill(schema=described).user}"
    return [_message("system", system), _message("user", question.user)]


def _message(role: str, text: str) -> dict[str, str]:
    # Half a surrogate pair, which a page may hold, cannot be sent.
    return {"role": role, "content": text.encode("utf-8", "replace").decode()}
