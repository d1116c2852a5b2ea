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
from pipeline.llm.budget import Receipt
from pipeline.llm.ledger import asked_for
from pipeline.llm.model import Model
from pipeline.llm.prompts import Answer, Question

_log = logging.getLogger(__name__)


class Fallback(Model):
    """The first of two models; `ask` asks the other one in its place from its failure on."""

    _make: Callable[[Receipt], Model] | None = None
    _other: Model | None = None
    _other_name = ""
    _switching = threading.Lock()

    def fall_back_on(self, name: str, make: Callable[[Receipt], Model]) -> None:
        """Name the other model, and say how it is opened, given what the first has cost by then."""
        self._other_name = name
        self._make = make

    def ask(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask as `Model` does, the other model where this one cannot be asked.

        Raises:
            ModelError: as `Model`; where neither can be asked, what the other one said.
        """
        return self.answer(question, schema)[0]

    def answer(self, question: Question, schema: type[Answer], /) -> tuple[Answer, str]:
        """Ask, and tell which model has answered."""
        try:
            return super().ask(question, schema), self._name
        except (ModelInvalid, ModelRefused):
            raise
        except ModelError as error:
            passed_on = isinstance(error, ModelTransient | ModelUnavailable)
            if self._make is None or not (passed_on or self._other):
                raise
            other = self._switched(error, self._make)
        return other.ask(question, schema), self._other_name

    def refresh(self, anew: Callable[[Question], bool]) -> None:
        """Ask questions anew, as `Model` does, whichever of the two answers."""
        super().refresh(anew)
        if self._other is not None:
            self._other.refresh(anew)

    def receipt(self) -> Receipt:
        """Write down what the questions to both have cost so far."""
        mine = super().receipt()
        return mine.plus(self._other.receipt()) if self._other else mine

    def close(self) -> None:
        """Close the connections of both."""
        super().close()
        if self._other is not None:
            self._other.close()

    def _collect(self) -> None:
        super()._collect()
        if self._other is not None:
            self._other._collect()  # noqa: SLF001 - it is a Model like this one

    def _switched(self, error: ModelError, make: Callable[[Receipt], Model]) -> Model:
        with self._switching:
            if self._other is None:
                other = make(super().receipt())
                if self._anew is not None:
                    other.refresh(self._anew)
                _log.warning("%s; going on with %s", error, self._other_name)
                self._other = other
                # Questions that wait for another try are passed on at once; what is on its way may
                # arrive. From here on the first gives what is kept, and makes no call.
                self._closed.set()
            return self._other


class Asked:
    """An `Ask` for one digest that remembers which models have answered."""

    def __init__(self, model: Model, digest: str = "") -> None:
        """Ask a model for a digest, of which the ledger is told the name."""
        self._model = model
        self._digest = digest
        self._names: set[str] = set()

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        """Ask the model."""
        with asked_for(self._digest):
            if not isinstance(self._model, Fallback):
                return self._model.ask(question, schema)
            answer, name = self._model.answer(question, schema)
        self._names.add(name)
        return answer

    def named(self, model: str) -> str:
        """Name who has answered, beginning with the model that was asked for if it has."""
        others = sorted(self._names - {model})
        first = [model] if model in self._names or not others else []
        return " + ".join([*first, *others])
