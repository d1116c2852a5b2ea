"""A model, and others on the same server that stand in for it: for a prompt, or where it fails.

One goes on in its place when there is no such model, no credit is left for it, or its failures do
not pass; never for an answer that does not fit or is refused, a key that is not accepted, or a
limit of the run. What the first model has answered before still counts, so that a run that is
repeated is the same.
"""

import threading
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Self

from pipeline.errors import (
    DigestError,
    ModelError,
    ModelInvalid,
    ModelRefused,
    ModelTransient,
    ModelUnavailable,
    QuestionCut,
)
from pipeline.lines import get_logger
from pipeline.llm.budget import RunCost
from pipeline.llm.ledger import charge_to
from pipeline.llm.model import Model
from pipeline.llm.prompts import Answer, Question

_log = get_logger(__name__)


class FallbackModel:
    """Asks the first of some models, and another one in its place from its failure on."""

    def __init__(
        self,
        first: Model,
        *,
        second_name: str = "",
        open_second: Callable[[], Model] | None = None,
        by_prompt: Mapping[str, Model] | None = None,
    ) -> None:
        """Ask one model, or several.

        Models of `by_prompt` are asked in place of the first, by the name of the prompt.
        """
        self.first = first
        self._second: Model | None = None
        self._second_name = second_name
        self._open_second = open_second
        self._by_prompt = dict(by_prompt or {})
        self._refresh_filter: Callable[[Question], bool] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None and issubclass(kind, DigestError):
            for model in self._opened:
                model.drain()
        self.close()

    def ask(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask as `Model` does, the other model where the first cannot be asked.

        Raises:
            ModelError: as `Model`; where neither can be asked, what the other one said.
        """
        return self.ask_with_name(question, schema)[0]

    def ask_with_name(self, question: Question, schema: type[Answer], /) -> tuple[Answer, str]:
        """Ask, and name the model that has answered."""
        if other := self._by_prompt.get(question.prompt):
            return other.ask(question, schema), other.name
        try:
            return self.first.ask(question, schema), self.first.name
        except (ModelInvalid, ModelRefused):
            raise
        except ModelError as error:
            passed_on = isinstance(error, ModelTransient | ModelUnavailable)
            if self._open_second is None or not (passed_on or self._second):
                raise
            second = self._switch(error, self._open_second)
        return second.ask(question, schema), self._second_name

    def model_for(self, question: Question) -> Model:
        """Give the model that a question goes to, as long as it can be asked."""
        return self._by_prompt.get(question.prompt, self.first)

    def needs_request(self, question: Question, schema: type[Answer], /) -> bool:
        """Whether what is kept does not decide a question, or it is to be asked again."""
        if self._refresh_filter is not None and self._refresh_filter(question):
            return True
        return self.model_for(question).pending_request(question, schema) is not None

    def refresh(self, refresh_filter: Callable[[Question], bool]) -> None:
        """Ask questions again, as `Model` does, whichever of them answers."""
        self._refresh_filter = refresh_filter
        for model in self._opened:
            model.refresh(refresh_filter)

    def receipt(self) -> RunCost:
        """Write down what the questions to all of them have cost so far."""
        first, *others = (model.receipt() for model in self._opened)
        return reduce(RunCost.add, (cost for cost in others if cost.prompts), first)

    def close(self) -> None:
        """Close the connections of all."""
        for model in self._opened:
            model.close()

    @property
    def _opened(self) -> tuple[Model, ...]:
        second = (self._second,) if self._second else ()
        return (self.first, *second, *self._by_prompt.values())

    def _switch(self, error: ModelError, open_second: Callable[[], Model]) -> Model:
        with self._lock:
            if self._second is None:
                second = open_second()
                if self._refresh_filter is not None:
                    second.refresh(self._refresh_filter)
                _log.warning("%s; going on with %s", error, self._second_name)
                self._second = second
                # Questions that wait for another try are passed on at once.
                self.first.stop()
            return self._second


class DigestAsk:
    """An `Ask` for one digest that remembers which models have answered."""

    def __init__(self, model: FallbackModel, digest: str = "") -> None:
        """Ask for a digest, whose name goes into the ledger."""
        self._model = model
        self._digest = digest
        self._names: set[str] = set()
        self._not_kept: DigestError | None = None
        self.is_repeatable = True
        """Whether all that was asked is kept, so that the same questions again get the same."""

    def from_kept(self, error: DigestError) -> "DigestAsk":
        """Give one that answers from what is kept, and raises an error in place of a request."""
        kept = DigestAsk(self._model, self._digest)
        kept._not_kept = error
        return kept

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask the model."""
        if self._not_kept and self._model.needs_request(question, schema):
            raise self._not_kept
        try:
            with charge_to(self._digest):
                answer, name = self._model.ask_with_name(question, schema)
        except (ModelInvalid, ModelRefused) as error:
            # Kept, as answers are, but for blank ones and those to a part of the question.
            if isinstance(error, QuestionCut) or isinstance(error.__cause__, ModelTransient):
                self.is_repeatable = False
            raise
        except ModelError:
            self.is_repeatable = False
            raise
        self._names.add(name)
        return answer

    def model_names(self, model: str) -> str:
        """Name who has answered, beginning with the model that was asked for if it has."""
        others = sorted(self._names - {model})
        first = [model] if model in self._names or not others else []
        return " + ".join([*first, *others])
