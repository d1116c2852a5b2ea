"""What a digest costs: all of an issue in small questions, beside one question with its start.

Every first answer fits, in either method; no cached prefix and no batch is counted for either.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import editor
from bench.reading import hosted_profile, stored
from bench.rows import Measurement
from eval.cases import Case, job
from pipeline.llm.budget import Tokens, calculate_cost
from pipeline.llm.factory import ModelProfile
from pipeline.llm.model import render_messages
from pipeline.llm.prompts import Answer, Question, estimate_tokens
from pipeline.progress import NullProgress
from pipeline.run import generate, prepare

_ONE_CALL_CHARS = 65_535
"""How much of an issue the one question holds, as the earlier system's did."""
_ONE_CALL_PROMPT_TOKENS = 400
"""Its instructions and schema, without which it cannot be asked; ours have 1,000 a question."""
_ENTRY_TOKENS = 120
"""An entry's title and summary: 162 characters on average, in either method."""
_LINK_TOKENS = 30
"""An entry's link, which the one question has the model write."""
_EVENT_TOKENS = 40
"""A chosen event, its ids and its words, which ours has it write."""

_PROBLEMS_TOKENS = 300
"""What proofreading names: five problems."""


class _Cost(NamedTuple):
    """Tokens, and what they cost question by question, as long questions may cost more a token."""

    input: int = 0
    output: int = 0
    usd: float = 0.0

    def plus(self, other: "_Cost") -> "_Cost":
        return _Cost(self.input + other.input, self.output + other.output, self.usd + other.usd)


class _Counter:
    """An `Ask` that answers with the stand-in editor and counts what a model would be paid for."""

    def __init__(self, profile: ModelProfile) -> None:
        self.cost = _Cost()
        self._how = profile
        self._lock = Lock()

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        """Answer and count."""
        messages = render_messages(question, schema)
        sent = sum(estimate_tokens(message["content"]) for message in messages)
        answer = schema.model_validate_json(
            editor.answer(list(messages), schema.model_json_schema())
        )
        chosen = [*getattr(answer, "news", ()), *getattr(answer, "tools", ())]
        words = _PROBLEMS_TOKENS if hasattr(answer, "problems") else _ENTRY_TOKENS
        said = len(chosen) * _EVENT_TOKENS if chosen else words
        with self._lock:
            self.cost = self.cost.plus(_cost(sent, said, self._how))
        return answer


def pricing(shared: Path) -> Iterator[Measurement]:
    """Add up tokens and price over all stored issues, with no answer in any cache."""
    how = hosted_profile()
    ours, one = _Cost(), _Cost()
    issues = stored(shared)
    for case in issues:
        whole, cut = _both(case, how, shared)
        ours, one = ours.plus(whole), one.plus(cut)
    rows = (
        ("input tokens of a digest", ours.input, one.input, "tokens"),
        ("output tokens of a digest", ours.output, one.output, "tokens"),
        (f"price of a digest, {how.model}", ours.usd, one.usd, "USD"),
    )
    for name, value, beside, unit in rows:
        yield Measurement(
            group="price",
            name=name,
            value=value / len(issues),
            unit=unit,
            baseline="one call with 65,535 characters",
            baseline_value=beside / len(issues),
            bar=1 if unit == "USD" else None,
        )


def _both(case: Case, profile: ModelProfile, shared: Path) -> tuple[_Cost, _Cost]:
    """Count one issue in our way, and in one question."""
    start = prepare(job(case), profile=profile, progress=NullProgress())
    ask = _Counter(profile)
    digest = generate(start, ask=ask, progress=NullProgress())
    entries = len(digest.news) + len(digest.tools)
    # Who has the model write the links has to show them to it: the issue's own Markdown.
    text = (shared / "markdown" / f"{case.name}.md").read_text("utf-8")[:_ONE_CALL_CHARS]
    sent = _ONE_CALL_PROMPT_TOKENS + estimate_tokens(text)
    return ask.cost, _cost(sent, entries * (_ENTRY_TOKENS + _LINK_TOKENS), profile)


def _cost(sent: int, said: int, profile: ModelProfile) -> _Cost:
    tokens = Tokens(input=sent, output=said)
    usd = calculate_cost(tokens, host=profile.host, model=profile.model, prices=profile.prices)
    return _Cost(sent, said, usd or 0.0)
