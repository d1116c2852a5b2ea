"""A model of hosted size that answers as the test editor does."""

from editor import answer
from pipeline.llm.profile import ModelProfile
from pipeline.llm.prompts import Question


def editing(question: Question) -> str:
    """Answer like the test editor."""
    wants: dict[str, object] = {"news": {}, "tools": {}} if question.prompt == "select" else {}
    messages = [{"content": question.system}, {"content": question.user}]
    return answer(messages, {"properties": wants})


def sizes(select_tokens: int = 60_000) -> ModelProfile:
    """Size the questions as for a hosted model."""
    return ModelProfile(
        model="test",
        host="test",
        prices=None,
        in_flight=4,
        select_tokens=select_tokens,
        select_questions=64,
        evidence_chars=12_000,
    )
