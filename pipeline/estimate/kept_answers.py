"""Which questions a run would ask, and which are answered already: an `Ask` that asks nothing."""

from collections.abc import Sequence

from pipeline.errors import ModelInvalid
from pipeline.llm import Answer, FallbackModel, Question, render_messages


class KeptAnswers:
    """An `Ask` that gives the answers that are kept, and notes what would have to be asked."""

    def __init__(self, model: FallbackModel, refresh: Sequence[str] = ()) -> None:
        """Look among the kept answers of a model."""
        self._model, self._refresh = model, refresh
        self.kept: list[str] = []
        """The questions that have an answer."""
        self.missing: list[str] = []
        """Those that have none, as they would be sent."""

    def anew(self) -> "KeptAnswers":
        """Begin with nothing noted."""
        return KeptAnswers(self._model, self._refresh)

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        """Give the answer that is kept.

        Raises:
            ModelInvalid: none is.
        """
        text = "".join(message["content"] for message in render_messages(question, schema))
        again = question.prompt.partition("_")[0] in self._refresh
        answer = None if again else self._model.model_for(question).kept_answer(question, schema)
        if answer is None:
            self.missing.append(text)
            raise ModelInvalid("not asked")
        self.kept.append(text)
        return answer
