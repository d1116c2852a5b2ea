"""A model, and another one on the same server that goes on where the first cannot be asked.

It goes on when there is no such model, no credit is left for it, or its failures do not pass; never
for an answer that does not fit or is refused, a key that is not accepted, or a limit of the run.
What the first model has answered before still counts, so that a run that is repeated is the same.
"""

import logging
import threading
from collections.abc import Callable

from pipeline.errors import (
    ModelError,
    ModelInvalid,
    ModelRefused,
    ModelTransient,
    ModelUnavailable,
)
from pipeline.llm.budget import RunCost
from pipeline.llm.ledger import charge_to
from pipeline.llm.model import Model
from pipeline.llm.prompts import Answer, Question

_log = logging.getLogger(__name__)


class FallbackModel(Model):
    """The first of two models; `ask` asks the other one in its place from its failure on."""

    _open_fallback: Callable[[RunCost], Model] | None = None
    _fallback: Model | None = None
    _fallback_name = ""
    _switch_lock = threading.Lock()

    def set_fallback(self, name: str, open_model: Callable[[RunCost], Model]) -> None:
        """Name the other model, and say how it is opened, given what the first has cost by then."""
        self._fallback_name = name
        self._open_fallback = open_model

    def ask(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask as `Model` does, the other model where this one cannot be asked.

        Raises:
            ModelError: as `Model`; where neither can be asked, what the other one said.
        """
        return self.ask_with_name(question, schema)[0]

    def ask_with_name(self, question: Question, schema: type[Answer], /) -> tuple[Answer, str]:
        """Ask, and tell which model has answered."""
        try:
            return super().ask(question, schema), self._name
        except (ModelInvalid, ModelRefused):
            raise
        except ModelError as error:
            passed_on = isinstance(error, ModelTransient | ModelUnavailable)
            if self._open_fallback is None or not (passed_on or self._fallback):
                raise
            other = self._switch(error, self._open_fallback)
        return other.ask(question, schema), self._fallback_name

    def refresh(self, refresh_filter: Callable[[Question], bool]) -> None:
        """Ask questions anew, as `Model` does, whichever of the two answers."""
        super().refresh(refresh_filter)
        if self._fallback is not None:
            self._fallback.refresh(refresh_filter)

    def receipt(self) -> RunCost:
        """Write down what the questions to both have cost so far."""
        mine = super().receipt()
        return mine.add(self._fallback.receipt()) if self._fallback else mine

    def close(self) -> None:
        """Close the connections of both."""
        super().close()
        if self._fallback is not None:
            self._fallback.close()

    def _await_pending(self) -> None:
        super()._await_pending()
        if self._fallback is not None:
            self._fallback._await_pending()  # noqa: SLF001 - it is a Model like this one

    def _switch(self, error: ModelError, open_model: Callable[[RunCost], Model]) -> Model:
        with self._switch_lock:
            if self._fallback is None:
                other = open_model(super().receipt())
                if self._refresh_filter is not None:
                    other.refresh(self._refresh_filter)
                _log.warning("%s; going on with %s", error, self._fallback_name)
                self._fallback = other
                # Questions that wait for another try are passed on at once; what is on its way may
                # arrive. From here on the first gives what is kept, and makes no call.
                self._closed.set()
            return self._fallback


class DigestAsk:
    """An `Ask` for one digest that remembers which models have answered."""

    def __init__(self, model: Model, digest: str = "") -> None:
        """Ask a model for a digest, of which the ledger is told the name."""
        self._model = model
        self._digest = digest
        self._names: set[str] = set()

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask the model."""
        with charge_to(self._digest):
            if not isinstance(self._model, FallbackModel):
                return self._model.ask(question, schema)
            answer, name = self._model.ask_with_name(question, schema)
        self._names.add(name)
        return answer

    def model_names(self, model: str) -> str:
        """Name who has answered, beginning with the model that was asked for if it has."""
        others = sorted(self._names - {model})
        first = [model] if model in self._names or not others else []
        return " + ".join([*first, *others])
