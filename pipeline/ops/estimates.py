"""What a run would ask and cost, without asking: `--dry-run`."""

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from os.path import commonprefix
from typing import BinaryIO

from pipeline.chinese import load_glossary
from pipeline.errors import ModelInvalid
from pipeline.fetch import SourceChain
from pipeline.llm import (
    Answer,
    Cache,
    Ledger,
    ModelProfile,
    Question,
    Tokens,
    calculate_cost,
    estimate_tokens,
    model_profile,
    render_messages,
)
from pipeline.plan import DigestTask, RunRequest, fetch_job, open_sources, plan_tasks
from pipeline.progress import Progress
from pipeline.reasons import NO_REASON
from pipeline.records import Issue, Record, SelectedStory
from pipeline.run import GenerationInput, prepare
from pipeline.select import select
from pipeline.settings import Settings
from pipeline.storage import StoragePath
from pipeline.translate import translate

# What answers take, in tokens: a pair of ids, and an entry with room for a model that thinks.
_CHOICE_TOKENS = 12
_ENTRY_TOKENS = 250

MIN_CACHED_PREFIX_TOKENS = 1_024
"""Shortest prefix that OpenAI's prompt cache takes, in tokens."""


class Estimate(Record):
    """What a run would do, before it asks anything."""

    issue: Issue
    """The issue."""
    path: StoragePath
    """The file that the run would write."""
    mentions: dict[str, int]
    """Mentions by section, in the order of the page."""
    stories: int
    """Stories that could be chosen."""
    questions: int
    """Questions to the model."""
    model: str
    """Name of the model."""
    tokens: Tokens
    """Estimated tokens of all questions and answers."""
    cost_usd: float | None
    """Their price; None where nobody knows it."""
    translate_questions: int
    """Questions that tell one story."""
    shared_tokens: int
    """Estimated tokens with which each of those begins alike; a provider's cache may keep them."""


def estimate(
    request: RunRequest, *, settings: Settings, today: date, progress: Progress, stdin: BinaryIO
) -> tuple[Estimate, ...]:
    """Count what `run` would ask, asking nothing; the pages are fetched all the same.

    Returns:
        One estimate per digest, none when there is nothing new.

    Raises:
        SourceError, PageNotUnderstood: as `run`.
    """
    with (
        Cache(settings.cache_dir / "cache.sqlite") as cache,
        open_sources(settings, cache) as stand,
    ):
        tasks = plan_tasks(
            request, sources=stand, settings=settings, today=today, progress=progress, stdin=stdin
        )
        return tuple(
            estimate_task(task, sources=stand, settings=settings, progress=progress)
            for task in tasks
        )


def estimate_task(
    task: DigestTask, *, sources: SourceChain, settings: Settings, progress: Progress
) -> Estimate:
    """Count what one digest would ask.

    Which stories will be told is not known before the model chose: the longest ones stand for
    them, so that the estimate is high rather than low.

    Raises:
        SourceError, PageNotUnderstood: as `run`.
    """
    job = fetch_job(task, sources=sources, settings=settings, progress=progress)
    how = model_profile(settings)
    start = prepare(job, profile=how, progress=progress, outputs=settings.outputs_dir)
    issue, stories = start.issue, start.recalled.stories
    choosing, telling = _select_questions(start), _translate_questions(start, how)
    tokens = Tokens(
        input=sum(map(estimate_tokens, (*choosing, *telling))),
        output=len(choosing) * how.want * _CHOICE_TOKENS + len(telling) * _ENTRY_TOKENS,
    )
    return Estimate(
        issue=issue,
        path=settings.outputs_dir / f"{job.stem}.md",
        mentions=dict(Counter(" › ".join(m.section) or "(intro)" for m in issue.mentions)),
        stories=len(stories),
        questions=len(choosing) + len(telling),
        model=how.model,
        tokens=tokens,
        cost_usd=calculate_cost(tokens, host=how.host, model=how.model, prices=how.prices),
        translate_questions=len(telling),
        shared_tokens=shared_tokens(telling),
    )


def exceeded_limits(
    estimates: Sequence[Estimate], *, settings: Settings, today: date
) -> tuple[str, ...]:
    """Name the settings at which a run of all these would stop."""
    with Cache(settings.cache_dir / "cache.sqlite") as cache:
        spent = Ledger(cache).spent_usd(today.isoformat())
    tokens = sum(each.tokens.input + each.tokens.output for each in estimates)
    cost = sum(each.cost_usd or 0.0 for each in estimates)
    limits = {
        "AINEWS_MAX_TOKENS_PER_RUN": tokens > settings.max_tokens_per_run,
        "AINEWS_MAX_COST_USD": cost > settings.max_cost_usd,
        "AINEWS_MAX_COST_USD_PER_DAY": spent + cost > settings.max_cost_usd_per_day,
    }
    return tuple(name for name, passed in limits.items() if passed)


def shared_tokens(questions: Sequence[str]) -> int:
    """Estimate with how many tokens several questions begin alike."""
    # Of texts, character by character.
    return estimate_tokens(commonprefix(questions)) if len(questions) > 1 else 0  # noqa: RUF071 - no paths


class _RecordingAsk:
    """An `Ask` that answers nothing and remembers what would have been sent."""

    def __init__(self) -> None:
        self.questions: list[str] = []

    def __call__(self, question: Question, schema: type[Answer], /) -> Answer:
        """Remember a question."""
        self.questions.append(
            "".join(each["content"] for each in render_messages(question, schema))
        )
        raise ModelInvalid("not asked")


def _select_questions(start: GenerationInput) -> list[str]:
    """Write the questions of `select`; without answers the last choice is among no finalists."""
    ask = _RecordingAsk()
    select(start.recalled.stories, issue=start.issue, ask=ask, plan=start.plan)
    return ask.questions


def _translate_questions(start: GenerationInput, profile: ModelProfile) -> list[str]:
    """Write the questions of `translate` for the longest stories."""
    ask = _RecordingAsk()
    stories = start.recalled.stories
    for story in sorted(stories, key=lambda story: -len(story.evidence))[: 2 * profile.want]:
        with suppress(ModelInvalid):
            translate(
                SelectedStory(story=story, kind="news", link=None, reason=NO_REASON),
                issue_date=start.issue.date,
                ask=ask,
                terms=load_glossary(),
                max_evidence_chars=profile.evidence_chars,
            )
    return ask.questions
