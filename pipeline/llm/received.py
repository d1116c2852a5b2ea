"""What is made of an answer that came: used, asked for with more room, or an error of ours.

Between `responses.py`, which reads what a server sent, and `model.py`, which asks. What came is
kept before it is looked at here, and looked at again when it is found among the kept answers.
"""

from typing import Final

from pipeline.errors import ModelInvalid, ModelRefused, ModelTransient
from pipeline.llm.budget import Tokens
from pipeline.llm.prompts import Question, estimate_tokens
from pipeline.llm.responses import AnswerChoice, Completion, answer_state

_MAX_REFUSAL_CHARS: Final = 240


class BlankAnswer(ModelTransient):
    """An answer without a word; some servers give one now and then."""


class ReceivedAnswers:
    """The answers of one model; used by several threads at once."""

    def __init__(self, model: str) -> None:
        """Begin with none; `model` is its name in messages."""
        self._model = model

    def caps(self, question: Question) -> tuple[int, ...]:
        """Say how many tokens an answer may have, and then when it was cut off."""
        return (question.max_output_tokens, 2 * question.max_output_tokens)

    def require(self, choice: AnswerChoice, prompt: str) -> AnswerChoice:
        """Pass on an answer that has words, or was cut off before them.

        Raises:
            ModelRefused: it is a refusal.
            BlankAnswer: it is blank.
        """
        match answer_state(choice):
            case "refused":
                words = choice.message.refusal or "content filter"
                said = " ".join(words.split())[:_MAX_REFUSAL_CHARS]
                raise ModelRefused(f"{self._model} refused to answer {prompt!r}: {said}")
            case "blank":
                raise BlankAnswer(
                    f"{self._model} gave a blank answer to {prompt!r}; try again, or another model"
                )
        return choice


def endless_answer(question: Question, cap: int) -> ModelInvalid:
    """Make the error of an answer that was cut off at the largest cap, too."""
    return ModelInvalid(
        f"the answer to {question.prompt!r} does not end within {cap} tokens; "
        f"raise max_output_tokens in prompts/{question.prompt}.md"
    )


def estimate_input(messages: list[dict[str, str]]) -> int:
    """Estimate the tokens of a question."""
    return sum(estimate_tokens(message["content"]) for message in messages)


def count_or_estimate(completion: Completion, sent_tokens: int) -> tuple[Tokens, bool]:
    """Take what the server counted, else estimate it; and say which."""
    if completion.tokens is not None:
        return completion.tokens, True
    received = estimate_tokens(completion.choice.message.content or "")
    return Tokens(input=sent_tokens, output=received), False
