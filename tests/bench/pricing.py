"""What a digest costs: all of an issue in small questions, beside one question with its start.

Every first answer fits, in either method, and no batch is counted for either. The price is given
without a prompt cache and with the provider's: a beginning of at least 1,024 tokens that it has just
seen costs less, in steps of 128 tokens.
"""

from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import editor
from bench.reading import hosted_profile, stored
from bench.rows import Measurement
from eval.cases import Case, job
from pipeline.llm.calls import render_messages
from pipeline.llm.prices import Tokens, calculate_cost
from pipeline.llm.profile import ModelProfile
from pipeline.llm.prompts import Answer, Question, estimate_tokens
from pipeline.progress import NullProgress
from pipeline.run import generate, prepare

ONE_CALL_CHARS = 65_535
"""How much of an issue the one question holds, as the earlier system's did."""
ONE_CALL_PROMPT_TOKENS = 400
"""Its instructions and schema, without which it cannot be asked; ours have 1,000 a question."""
_ENTRY_TOKENS = 120
"""An entry's title and summary: 162 characters on average."""
_CITED_ENTRY_TOKENS = 135
"""The same told in sentences with their lines, which ours has it write."""
LINK_TOKENS = 30
"""An entry's link, which the one question has the model write."""
_EVENT_TOKENS = 40
"""A chosen event, its ids and its words, which ours has it write."""
_CACHE_MIN_TOKENS = 1_024
_CACHE_STEP_TOKENS = 128
_PROBLEMS_TOKENS = 300
"""What proofreading names: five problems."""


class Cost(NamedTuple):
    """Tokens, and what they cost question by question, as long questions may cost more a token."""

    input: int = 0
    output: int = 0
    usd: float = 0.0
    cached_usd: float = 0.0
    """With the provider's prompt cache."""

    def plus(self, other: "Cost") -> "Cost":
        """Add another."""
        return Cost(
            self.input + other.input,
            self.output + other.output,
            self.usd + other.usd,
            self.cached_usd + other.cached_usd,
        )


class _Counter:
    """An `Ask` that answers with the stand-in editor and counts what a model would be paid for."""

    def __init__(self, profile: ModelProfile) -> None:
        self.cost = Cost()
        self._how = profile
        self._lock = Lock()
        self._seen: set[str] = set()

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        """Answer and count."""
        messages = render_messages(question, schema)
        sent = sum(estimate_tokens(message["content"]) for message in messages)
        answer = schema.model_validate_json(
            editor.answer(list(messages), schema.model_json_schema())
        )
        chosen = [*getattr(answer, "news", ()), *getattr(answer, "tools", ())]
        words = _PROBLEMS_TOKENS if hasattr(answer, "problems") else _CITED_ENTRY_TOKENS
        said = len(chosen) * _EVENT_TOKENS if chosen else words
        stable = messages[0]["content"]
        with self._lock:
            # The first of a prompt is asked alone.
            cached = cacheable(estimate_tokens(stable)) if stable in self._seen else 0
            self._seen.add(stable)
            self.cost = self.cost.plus(cost_of(sent, said, self._how, cached))
        return answer


def cacheable(tokens: int) -> int:
    """Say how much of a beginning a provider keeps."""
    return tokens // _CACHE_STEP_TOKENS * _CACHE_STEP_TOKENS if tokens >= _CACHE_MIN_TOKENS else 0


def pricing(shared: Path) -> Iterator[Measurement]:
    """Add up tokens and price over all stored issues, with no answer in any cache."""
    how = hosted_profile()
    ours, one = Cost(), Cost()
    issues = stored(shared)
    for case in issues:
        whole, cut = _both(case, how, shared)
        ours, one = ours.plus(whole), one.plus(cut)
    rows = (
        ("input tokens of a digest", ours.input, one.input, "tokens"),
        ("output tokens of a digest", ours.output, one.output, "tokens"),
        (f"price of a digest, {how.model}", ours.usd, one.usd, "USD"),
        (f"price of a digest, {how.model}, prompt cache", ours.cached_usd, one.cached_usd, "USD"),
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


def _both(case: Case, profile: ModelProfile, shared: Path) -> tuple[Cost, Cost]:
    """Count one issue in our way, and in one question."""
    start = prepare(job(case), profile=profile, progress=NullProgress())
    ask = _Counter(profile)
    digest = generate(start, ask=ask, progress=NullProgress())
    entries = len(digest.news) + len(digest.tools)
    # Who has the model write the links has to show them to it: the issue's own Markdown.
    files = (shared / folder / f"{case.name}.md" for folder in ("markdown", "more-markdown"))
    text = next(file for file in files if file.exists()).read_text("utf-8")[:ONE_CALL_CHARS]
    sent = ONE_CALL_PROMPT_TOKENS + estimate_tokens(text)
    return ask.cost, cost_of(sent, entries * (_ENTRY_TOKENS + LINK_TOKENS), profile)


def cost_of(sent: int, said: int, profile: ModelProfile, cached: int = 0) -> Cost:
    """Price tokens sent and said, without a prompt cache and with so many of them from it."""
    prices = [
        calculate_cost(
            Tokens(input=sent, output=said, cached=known),
            host=profile.host,
            model=profile.model,
            prices=profile.prices,
        )
        for known in (0, cached)
    ]
    return Cost(sent, said, *(usd or 0.0 for usd in prices))
