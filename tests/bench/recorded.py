"""What a digest of a strong model costs, stage by stage, beside one question about the same issue.

Questions and answers are those of the recordings that were made by hand, with what was asked a second
time; the one question writes the same titles and summaries. Tokens are estimated alike for both.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from bench.pricing import (
    LINK_TOKENS,
    ONE_CALL_CHARS,
    ONE_CALL_PROMPT_TOKENS,
    Cost,
    cacheable,
    cost_of,
)
from bench.reading import hosted_profile
from bench.rows import Measurement
from eval.cases import Case
from eval.rehearse import ReplayedRun, replay_recorded
from pipeline.llm import ModelProfile, estimate_tokens, render_messages

_MODEL = "by-hand"
_STAGES = ("select", "translate", "mend", "proofread")
_ONE_CALL = "one call with 65,535 characters"


def recorded(shared: Path) -> Iterator[Measurement]:
    """Add up tokens and price over the recorded issues, as a whole and stage by stage."""
    how = hosted_profile()
    by_stage: dict[str, Cost] = {}
    one = Cost()
    played = list(replay_recorded(shared, _MODEL))
    for case, run in played:
        for stage, cost in _costs(run, how).items():
            by_stage[stage] = by_stage.get(stage, Cost()).plus(cost)
        one = one.plus(_one_call(case, run, how, shared))
    ours = Cost()
    for cost in by_stage.values():
        ours = ours.plus(cost)
    count = len(played)
    yield from _rows("a digest", ours, one, count, bar=1)
    for stage in _STAGES:
        if stage in by_stage:
            yield from _rows(stage, by_stage[stage], one, count)


def _costs(run: ReplayedRun, how: ModelProfile) -> dict[str, Cost]:
    """Add up one digest, by prompt; the stable part of each prompt is new to the provider once."""
    said: Counter[str] = Counter()
    for reply in run.used:
        said[reply.prompt] += estimate_tokens(reply.content or "")
    sent, known, seen = Counter[str](), Counter[str](), set[str]()
    for asked in run.questions:
        stable, *rest = (
            estimate_tokens(message["content"])
            for message in render_messages(asked.question, asked.form)
        )
        prompt = asked.question.prompt
        sent[prompt] += stable + sum(rest)
        known[prompt] += cacheable(stable) if prompt in seen else 0
        seen.add(prompt)
    return {prompt: cost_of(sent[prompt], said[prompt], how, known[prompt]) for prompt in sent}


def _one_call(case: Case, run: ReplayedRun, how: ModelProfile, shared: Path) -> Cost:
    """Price the one question that writes the same entries, with their links."""
    files = (shared / folder / f"{case.name}.md" for folder in ("markdown", "more-markdown"))
    text = next((file for file in files if file.exists()), case.path).read_text("utf-8")
    entries = run.digest.entries
    written = sum(estimate_tokens(one.title + one.summary) + LINK_TOKENS for one in entries)
    sent = ONE_CALL_PROMPT_TOKENS + estimate_tokens(text[:ONE_CALL_CHARS])
    return cost_of(sent, written, how)


def _rows(
    name: str, ours: Cost, one: Cost, count: int, bar: float | None = None
) -> Iterator[Measurement]:
    figures = (
        ("input tokens", ours.input, one.input, "tokens"),
        ("output tokens", ours.output, one.output, "tokens"),
        ("price", ours.usd, one.usd, "USD"),
        ("price, prompt cache", ours.cached_usd, one.cached_usd, "USD"),
    )
    for what, value, beside, unit in figures:
        yield Measurement(
            group=f"price of {count} recorded digests",
            name=f"{name}: {what}",
            value=value / count,
            unit=unit,
            baseline=_ONE_CALL,
            baseline_value=beside / count,
            bar=bar if unit == "USD" else None,
        )
