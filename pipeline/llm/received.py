"""What is made of an answer that came: used, asked for with more room, or an error of ours.

Between `responses.py`, which reads what a server sent, and `model.py`, which asks. What came is
kept before it is looked at here, and looked at again when it is found among the kept answers.
"""

import threading
from typing import Final

from pipeline.errors import ModelInvalid, ModelRefused, ModelTransient, ModelUnavailable
from pipeline.llm.prices import Tokens
from pipeline.llm.prompts import Question, estimate_tokens
from pipeline.llm.responses import AnswerChoice, Completion, answer_state

_MAX_REFUSAL_CHARS: Final = 240
# What the cap of an answer is multiplied by, one after the other: thoughts may need most of it.
_ROOMS: Final = (1, 2, 4)
# Answers that needed more room until all have it: one may be a story that never ends.
_LEARNT_FROM: Final = 2
# Questions that get nothing but blanks one after the other until the run ends: of a model that has
# never answered, and of one that has.
_MAX_BLANK_AT_ONCE: Final = 3
_MAX_BLANK_LATER: Final = 8
# Questions of one prompt to which nothing fits, asked again or not, until the run ends.
_MAX_UNFIT: Final = 4


class BlankAnswer(ModelTransient):
    """An answer without a word; some servers give one now and then."""


class ReceivedAnswers:
    """The answers of one model in one run; used by several threads at once."""

    def __init__(self, model: str) -> None:
        """Begin with none; `model` is its name in messages."""
        self._model = model
        self._lock = threading.Lock()
        self._room = 1
        self._roomy = 0
        self._answered = False
        self._blanks = 0
        self._blank_questions: set[str] = set()
        self._fitted: set[str] = set()
        self._unfit: dict[str, set[str]] = {}

    def caps(self, question: Question) -> tuple[int, ...]:
        """Say how many tokens an answer may have, and then where it was cut off.

        A model of which two answers needed more room than was given has it from the next question
        on.
        """
        rooms = [times for times in _ROOMS if times >= self._room]
        return tuple(times * question.max_output_tokens for times in rooms)

    def is_whole(self, choice: AnswerChoice, cap: int, question: Question) -> bool:
        """Say whether an answer was not cut off, and remember how much room it had."""
        if answer_state(choice) == "cut_off":
            return False
        room = cap // question.max_output_tokens
        with self._lock:
            self._roomy += room > self._room
            if self._roomy >= _LEARNT_FROM:
                self._room, self._roomy = max(self._room, room), 0
        return True

    def require(self, choice: AnswerChoice, question: Question) -> AnswerChoice:
        """Pass on an answer that has words, or was cut off before them.

        Raises:
            ModelRefused: it is a refusal.
            BlankAnswer: it is blank.
            ModelUnavailable: nothing but blanks came for several questions.
        """
        state = answer_state(choice)
        if state == "blank":
            raise self._blank(question)
        with self._lock:
            self._answered, self._blanks, self._blank_questions = True, 0, set()
        if state == "refused":
            words = choice.message.refusal or "content filter"
            said = " ".join(words.split())[:_MAX_REFUSAL_CHARS]
            raise ModelRefused(f"{self._model} refused to answer {question.prompt!r}: {said}")
        return choice

    def record_fitting(self, question: Question) -> None:
        """Remember that the model can answer a prompt, or could in an earlier run."""
        with self._lock:
            self._fitted.add(question.prompt)

    def record_unfit(self, question: Question, said: str) -> None:
        """Count a question to which no answer fits, though it was asked for again.

        Raises:
            ModelUnavailable: nothing fits to several questions of a prompt, and never did.
        """
        with self._lock:
            unfit = self._unfit.setdefault(question.prompt, set())
            unfit.add(question.user)
            if question.prompt in self._fitted or len(unfit) < _MAX_UNFIT:
                return
        raise ModelUnavailable(
            f"{self._model} gave a usable answer to none of {len(unfit)} questions of "
            f"{question.prompt!r}: {said}; set another AINEWS_MODEL"
        )

    def endless(self, question: Question, cap: int) -> ModelInvalid:
        """Count a question whose answer does not end, and make its error.

        A model of which nothing else is known has the largest cap from the next question on, so
        that another answer that does not end is paid for once.

        Raises:
            ModelUnavailable: as `record_unfit`.
        """
        said = f"the answer to {question.prompt!r} does not end within {cap} tokens"
        with self._lock:
            if not self._fitted and cap >= _ROOMS[-1] * question.max_output_tokens:
                self._room = _ROOMS[-1]
        self.record_unfit(question, said)
        return ModelInvalid(said)

    def _blank(self, question: Question) -> BlankAnswer | ModelUnavailable:
        """Make the error of a blank; of too many in a row one that ends the run."""
        with self._lock:
            self._blanks += 1
            self._blank_questions.add(question.user)
            blanks, questions = self._blanks, len(self._blank_questions)
            most = _MAX_BLANK_LATER if self._answered else _MAX_BLANK_AT_ONCE
        if questions < most:
            return BlankAnswer(
                f"{self._model} gave a blank answer to {question.prompt!r}; try again, or another "
                "model"
            )
        return ModelUnavailable(
            f"{self._model} gave {blanks} blank answers in a row, to {questions} questions; see "
            "whether its server hides them as thoughts, or set another AINEWS_MODEL"
        )


def estimate_input(messages: list[dict[str, str]]) -> int:
    """Estimate the tokens of a question."""
    return sum(estimate_tokens(message["content"]) for message in messages)


def count_or_estimate(completion: Completion, sent_tokens: int) -> tuple[Tokens, bool]:
    """Take what the server counted, else estimate it; and say which."""
    if completion.tokens is not None:
        return completion.tokens, True
    received = estimate_tokens(f"{completion.choice.message.content or ''}{completion.thoughts}")
    return Tokens(input=completion.read or sent_tokens, output=received), False
