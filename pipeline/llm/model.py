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
from pipeline.llm.answers import hashed
from pipeline.llm.budget import Prices, Receipt, Tokens
from pipeline.llm.client import (
    Call,
    Caller,
    Messages,
    Options,
    Way,
    counted_or_estimated,
    input_tokens,
    spoken,
)
from pipeline.llm.ledger import asked_for, asking_for
from pipeline.llm.prompts import Answer, Question, load
from pipeline.llm.responses import Choice, Completion, Endpoint, Refusal
from pipeline.llm.schema import NotAnAnswer, extract, wire_schema
from pipeline.records import Record

__all__ = ["Endpoint", "Model", "Options", "Prices", "Receipt", "Unasked", "rendered"]

_log = logging.getLogger(__name__)

_REASKS: Final = 2


class _Stopped(Exception):
    """The first call that a question would make."""

    def __init__(self, call: Call, cap: int) -> None:
        super().__init__(call.key)
        self.call = call
        self.cap = cap


class Unasked(Record):
    """A call that a question needs, for whoever brings the answer by another way."""

    key: str
    """Names the call, in 64 hexadecimal digits: the same in every run."""
    prompt: str
    """Name of the prompt."""
    cap: int
    """Most tokens of the answer."""
    body: dict[str, Any]
    """Body of the request."""
    digest: str = ""
    """Name of the digest that asks it first, for the ledger."""


class Model(Caller):
    """One model on one server; `ask` is a `prompts.Ask` for several threads at once."""

    _anew: Callable[[Question], bool] | None = None
    _renewed: frozenset[str] = frozenset()

    def ask(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask until an answer fits the schema, from the cache if it did before.

        Raises:
            ModelInvalid: no answer did, two re-asks included, or it is too long.
            ModelRefused: the model or its provider's filter refused.
            ModelError: the model could not be asked, or the run would pass a limit.
        """
        messages = rendered(question, schema)
        key = self._key(messages)
        old = self._kept_reply(key, question, schema)
        way = Way(fresh=self._is_anew(key, question))
        if old is not None and not way.fresh:
            self._meter.from_cache(question.prompt)
            return old
        try:
            found = self._fitting(question, messages, schema, way)
        except (ModelInvalid, ModelRefused) as error:
            if old is None:
                raise
            _log.warning("%s: no new answer, the old one stays: %s", question.prompt, error)
            return old
        finally:
            if way.found and not way.called:
                self._meter.from_cache(question.prompt)
        self._cache.keep_reply(key, found)
        return schema.model_validate_json(found)

    def refresh(self, anew: Callable[[Question], bool]) -> None:
        """Ask questions anew, once each, although their answers are kept.

        The new answer takes the place of the old one, for this run and all that follow. Where none
        fits, the old one stays.

        Args:
            anew: tells whether a question is meant.
        """
        self._anew = anew

    def unasked(self, question: Question, schema: type[BaseModel], /) -> Unasked | None:
        """Tell the next call that `ask` would make, and make none.

        Returns:
            The call, or None where what is kept decides the question.
        """
        messages = rendered(question, schema)
        if self._kept_reply(self._key(messages), question, schema) is not None:
            return None
        try:
            self._fitting(question, messages, schema, Way(dry=True))
        except _Stopped as stopped:
            request = self._request(stopped.call, stopped.cap, self._wire)
            return Unasked(
                key=stopped.call.key,
                prompt=question.prompt,
                cap=stopped.cap,
                body=request | request.pop("extra_body"),
                digest=asking_for(),
            )
        except (ModelInvalid, ModelRefused):
            return None
        return None

    def bring(self, unasked: Unasked, came: Completion | Refusal) -> None:
        """Keep what a batch brought for a call, and count it at a batch's price.

        A failure that is no content filter's, and a blank, are counted and not kept: `ask` makes
        the call itself then. What was brought before is neither counted nor kept again.
        """
        try:
            known = self._paid.find(unasked.key, unasked.cap) is not None
        except ModelRefused:
            known = True
        if known:
            return
        with asked_for(unasked.digest):
            if isinstance(came, Refusal):
                self._paid.keep(unasked.key, unasked.cap, came)
                self._meter.failed(unasked.prompt, seconds=0.0)
                return
            self._paid.keep(unasked.key, unasked.cap, came.choice)
            tokens, counted = counted_or_estimated(came, input_tokens(unasked.body["messages"]))
            self._meter.answered(unasked.prompt, tokens, counted=counted, seconds=0.0, batch=True)

    def check(self, calls: Iterable[Unasked]) -> None:
        """See that a batch of calls cannot pass a limit.

        Raises:
            ModelError: it could; names the setting to raise.
        """
        sent = received = 0
        for call in calls:
            sent += input_tokens(call.body["messages"])
            received += call.cap
        expected = Tokens(input=sent, output=received)
        with self._meter.hold(expected, batch=True):
            pass

    def _kept_reply(self, key: str, question: Question, schema: type[Answer]) -> Answer | None:
        kept = self._cache.reply(key)
        if kept is None:
            return None
        try:
            return schema.model_validate_json(kept)
        except ValidationError:
            _log.debug("%s: the reply in the cache does not fit any more", question.prompt)
            return None

    def _is_anew(self, key: str, question: Question) -> bool:
        if self._anew is None or not self._anew(question):
            return False
        with self._lock:
            anew = key not in self._renewed
            self._renewed |= {key}
        return anew

    def _key(self, messages: Messages) -> str:
        """Hash everything that shapes a reply; the schema stands in the messages."""
        options = self._options
        sampling = (options.temperature, options.reask_temperature, options.extra)
        return hashed(self._host, self._name, messages, *sampling)

    def _call(
        self,
        question: Question,
        messages: Messages,
        schema: type[BaseModel],
        *,
        asks: int,
        way: Way,
    ) -> Call:
        """Write one call; a new answer is kept in the place of the one that was asked plainly."""
        options = self._options
        warmer = question.again or asks > 1
        plain = options.reask_temperature if warmer else options.temperature
        warm = options.reask_temperature
        temperature = warm if way.fresh and warm is not None else plain
        # Two errors alike make two calls alike, with an answer each.
        key = self._paid.key(messages, plain, options.extra, asks)
        return Call(question, messages, schema, temperature, key, way)

    def _fitting(
        self, question: Question, messages: Messages, schema: type[BaseModel], way: Way
    ) -> str:
        """Re-ask: get a text that holds a fitting object, and return the object.

        The answer that does not fit is not shown again: a small model repeats what it sees.
        """
        user = messages[1]["content"]
        reask = load("reask")
        for asks in range(1, _REASKS + 2):
            try:
                return extract(
                    self._whole(self._call(question, messages, schema, asks=asks, way=way)), schema
                )
            except NotAnAnswer as error:
                said = str(error)
                _log.debug("%s: answer %d does not fit: %s", question.prompt, asks, said)
            again = f"{reask.system}\n\n{reask.fill(error=said).user}"
            messages = [messages[0], _message("user", f"{user}\n\n{again}")]
        raise ModelInvalid(
            f"{self._name} gave no usable answer to {question.prompt!r} in {asks} tries: {said}"
        )

    def _whole(self, call: Call) -> str:
        """Longer cap: get an answer that was not cut off."""
        question = call.question
        cap = question.max_output_tokens
        for tokens in (cap, 2 * cap):
            choice = self._found(call, tokens) or self.patiently(call, tokens)
            if choice.finish_reason != "length":
                return choice.message.content or ""
            _log.debug("%s: the answer was cut off at %d tokens", question.prompt, tokens)
        raise ModelInvalid(
            f"the answer to {question.prompt!r} does not end within {2 * cap} tokens; "
            f"raise max_output_tokens in prompts/{question.prompt}.md"
        )

    def _found(self, call: Call, cap: int) -> Choice | None:
        """Replay: find the answer that this call was given before."""
        if call.way.fresh:
            return None
        try:
            choice = self._paid.find(call.key, cap)
        except ModelRefused:
            call.way.found += 1
            raise
        if choice is not None:
            call.way.found += 1
            return spoken(choice, call.question.prompt, self._name)
        if call.way.dry:
            raise _Stopped(call, cap)
        return None


def rendered(question: Question, schema: type[BaseModel]) -> Messages:
    """Write a question as messages: what is the same for every question of a prompt comes first."""
    # The schema always, whatever the mode: some servers accept a format and ignore it.
    form = load("format")
    described = json.dumps(wire_schema(schema, length_bounds=True), ensure_ascii=False)
    system = f"{question.system}\n\n{form.system}\n\n{form.fill(schema=described).user}"
    return [_message("system", system), _message("user", question.user)]


def _message(role: str, text: str) -> dict[str, str]:
    # Half a surrogate pair, which a page may hold, cannot be sent.
    return {"role": role, "content": text.encode("utf-8", "replace").decode()}
