"""Stand-ins for what the stages are given: a model that answers from a list."""

import threading
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, ValidationError

from pipeline.batch.ranges import IssueOutcome
from pipeline.errors import DigestError, ModelInvalid
from pipeline.llm.prompts import Answer, Question


def in_sentences(answer: dict[str, Any], line: int = 1) -> dict[str, Any]:
    """Tell a title and a summary as one sentence too, so that the answer fits every question."""
    if "summary" not in answer or "sentences" in answer:
        return answer
    sentence = {"number": 1, "text": answer["summary"], "lines": [line]}
    return {"link": 1, **answer, "sentences": [sentence]}


class FakeModel:
    """A model that answers from a list and remembers what it was asked; `ask` is an `Ask`.

    An answer is the fields of the reply, its JSON text, a record, an error to raise, or a function
    that makes one of these of the question. A summary among the fields is one sentence, too. It is validated by the schema that the stage brings.
    """

    def __init__(
        self, answers: Iterable[object] = (), *, always: Callable[[Question], object] | None = None
    ) -> None:
        """Keep the answers; `always` answers when there is none left."""
        self.history: list[Question] = []
        self._answers = deque(answers)
        self._always = always
        self._lock = threading.Lock()

    def enqueue(self, *answers: object) -> None:
        """Add answers to the end of the list."""
        self._answers.extend(answers)

    def ask(self, question: Question, schema: type[Answer], /) -> Answer:
        """Give the next answer; one that does not fit ends as it does with a real model."""
        with self._lock:
            self.history.append(question)
            given = self._answers.popleft() if self._answers else self._always
        if callable(given):
            given = given(question)
        if given is None:
            raise AssertionError(f"the fake model has no answer left for {question.prompt!r}")
        if isinstance(given, DigestError):
            raise given
        if isinstance(given, BaseModel):
            given = given.model_dump(mode="json", by_alias=True)
        try:
            if isinstance(given, str):
                return schema.model_validate_json(given)
            return schema.model_validate(in_sentences(given) if isinstance(given, dict) else given)
        except ValidationError as error:
            raise ModelInvalid(str(error)) from error


class Heard:
    """Remembers what a backfill tells."""

    def __init__(self) -> None:
        self.outcomes: list[IssueOutcome] = []
        self.notes: list[str] = []
        self.total = 0

    def begin(self, total: int, spent: object) -> None:
        """Remember how many there are."""
        assert spent is not None
        self.total = total

    def ended(self, outcome: IssueOutcome) -> None:
        """Remember an outcome."""
        self.outcomes.append(outcome)

    def note(self, line: str) -> None:
        """Remember a line."""
        self.notes.append(line)
