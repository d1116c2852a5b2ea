"""What a run would ask and cost, without asking: `--dry-run`."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from os.path import commonprefix
from typing import BinaryIO, NamedTuple

from pydantic import FiniteFloat

from pipeline.chinese import load_glossary
from pipeline.errors import ModelError, ModelInvalid
from pipeline.estimate.replaced import Replaced, what_is_replaced
from pipeline.fetch import SourceChain
from pipeline.llm import (
    Answer,
    Cache,
    FallbackModel,
    Ledger,
    ModelProfile,
    Question,
    Tokens,
    calculate_cost,
    estimate_tokens,
    model_profile,
    open_model,
    render_messages,
)
from pipeline.plan import DigestTask, RunRequest, fetch_job, open_sources, plan_tasks
from pipeline.progress import NullProgress, Progress
from pipeline.proofread import PlacedEntry, proofread
from pipeline.records import NO_REASON, Digest, Entry, Record, SelectedStory, Story
from pipeline.run import GenerationInput, generate, prepare
from pipeline.select import select
from pipeline.settings import Settings
from pipeline.translate import ChineseText, evidence_limits, first_questions, translate
from pipeline.write import require_folder

# What answers take, in tokens: a pair of events, and an entry with room for a model that thinks.
_CHOICE_TOKENS = 100
ENTRY_TOKENS = 250
PROBLEMS_TOKENS = 400
# How long the words of an entry are, before there are any.
_TITLE_CHARS = 24
_SUMMARY_CHARS = 160
MIN_CACHED_PREFIX_TOKENS = 1_024
"""Shortest prefix that OpenAI's prompt cache takes, in tokens."""


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


class PlannedDigest(Record):
    """One digest that a run would make."""

    issue: str
    """Slug of its issue."""
    title: str
    """Title of the issue."""
    issue_url: str
    """Public address of the issue."""
    date: dt.date | None
    """Digest date."""
    path: str
    """The Markdown file that would be written."""
    replaced: Replaced
    """What stands there now."""
    mentions: dict[str, int]
    """Mentions of the issue by section, in the order of the page."""
    stories: int
    """Stories that could be chosen."""
    model: str
    """Name of the model."""
    host: str = ""
    """The server that would be asked, without its scheme; blank for the embedded model."""
    questions: int
    """All questions to the model, those that are answered already too."""
    kept: int
    """Questions whose answers are kept, so that they are not asked."""
    tokens: Tokens
    """Estimated tokens of the questions that are asked, and of their answers."""
    cost_usd: FiniteFloat | None
    """Their price; None where nobody knows it."""
    command: str
    """What makes it, as it is typed."""


class Estimate(PlannedDigest):
    """What a run would do, before it asks anything."""

    command: str = ""
    translate_questions: int
    """Questions that translate one story."""
    shared_tokens: int
    """Estimated tokens with which each of those begins alike; a provider's cache may keep them."""

    def planned(self, command: str) -> PlannedDigest:
        """Give what is said to programs, with the command that does it."""
        known = {name: getattr(self, name) for name in PlannedDigest.model_fields}
        return PlannedDigest.model_validate({**known, "command": command})

    def lines(self, *, verbose: bool = False) -> Iterator[str]:
        """Write it for people; the sections of the issue only where more is wanted."""
        yield f"issue      {self.issue}  {self.title}"
        yield f"url        {self.issue_url}"
        yield f"digest     {self.path}, {self.replaced.words}"
        for edit in self.replaced.edits:
            yield f"edit       {edit}"
        if verbose:
            yield f"mentions   {sum(self.mentions.values())}, of which {self.stories} can be told"
            for section, count in self.mentions.items():
                yield f"  {count:4}  {section}"
        yield f"model      {describe_model(self.model, self.host)}"
        yield (
            f"questions  {self.questions}: {self.questions - self.kept} to ask, "
            f"{self.kept} answered already and kept"
        )
        yield f"tokens     about {self.tokens.input:,} in, {self.tokens.output:,} out"
        nothing = self.questions == self.kept
        yield f"price      {'$0: nothing is asked' if nothing else describe_price(self.cost_usd)}"
        if verbose and self.translate_questions:
            few = (
                f", too few for OpenAI's prompt cache, which begins at {MIN_CACHED_PREFIX_TOKENS:,}"
                if self.shared_tokens < MIN_CACHED_PREFIX_TOKENS
                else ""
            )
            questions = f"each of {self.translate_questions} questions"
            yield f"shared prefix  about {self.shared_tokens:,} tokens of {questions}{few}"


def estimate(
    request: RunRequest, *, settings: Settings, today: dt.date, progress: Progress, stdin: BinaryIO
) -> tuple[Estimate, ...]:
    """Count what `run` would ask, asking nothing; the pages are fetched all the same.

    Returns:
        One estimate per digest, none when there is nothing new.

    Raises:
        SourceError, PageNotUnderstood, WriteError: as `run`.
    """
    require_folder(settings.outputs_dir)
    with (
        Cache(settings.cache_file) as cache,
        open_sources(settings, cache) as sources,
        open_model(settings, cache, progress.bytes) as model,
    ):
        tasks = plan_tasks(
            request, sources=sources, settings=settings, today=today, progress=progress, stdin=stdin
        )
        asks = KeptAnswers(model, request.refresh)
        return tuple(
            estimate_task(
                task, sources=sources, settings=settings, progress=progress, answers=asks.anew()
            )
            for task in tasks
        )


def estimate_task(
    task: DigestTask,
    *,
    sources: SourceChain,
    settings: Settings,
    progress: Progress,
    answers: KeptAnswers,
) -> Estimate:
    """Count what one digest would ask.

    Which stories the model will select is not known unless that answer is kept: the longest ones
    stand for them, so that the estimate is high rather than low.

    Raises:
        SourceError, PageNotUnderstood: as `run`.
    """
    job = fetch_job(task, sources=sources, settings=settings, progress=progress)
    profile = model_profile(settings)
    inputs = prepare(
        job,
        profile=profile,
        progress=progress,
        outputs=settings.outputs_dir,
        index_dir=settings.index_dir,
    )
    issue = inputs.issue
    asked = _questions(inputs, answers)
    missing = [*asked.selecting.missing, *asked.telling.missing, *asked.proofreading]
    tokens = Tokens(
        input=sum(map(estimate_tokens, missing)),
        output=len(asked.selecting.missing) * profile.want * _CHOICE_TOKENS
        + len(asked.telling.missing) * ENTRY_TOKENS
        + len(asked.proofreading) * PROBLEMS_TOKENS,
    )
    kept = len(asked.selecting.kept) + len(asked.telling.kept)
    telling = [*asked.telling.kept, *asked.telling.missing]
    return Estimate(
        issue=issue.slug,
        title=issue.title,
        issue_url=issue.url,
        date=job.date,
        path=str(settings.outputs_dir / f"{job.stem}.md"),
        replaced=what_is_replaced(inputs, settings.outputs_dir, asked.digest),
        mentions=dict(Counter(" › ".join(m.section) or "(intro)" for m in issue.mentions)),
        stories=len(inputs.repeats.stories),
        questions=len(missing) + kept,
        kept=kept,
        model=profile.model,
        host="" if settings.embedded else profile.host,
        tokens=tokens,
        cost_usd=calculate_cost(
            tokens, host=profile.host, model=profile.model, prices=profile.prices
        )
        if missing
        else 0.0,
        translate_questions=len(telling),
        shared_tokens=shared_tokens(telling),
    )


class _Questions(NamedTuple):
    """The questions of one digest, as far as they can be known."""

    selecting: KeptAnswers
    telling: KeptAnswers
    proofreading: Sequence[str]
    """Those that have to be asked."""
    digest: Digest | None = None
    """What comes of them, where all are answered."""


def _questions(inputs: GenerationInput, answers: KeptAnswers) -> _Questions:
    """Find the questions: exactly where all are answered, else with the longest stories."""
    selecting, telling, whole = (answers.anew() for _ in range(3))
    selection = select(inputs.repeats.stories, issue=inputs.issue, ask=selecting, plan=inputs.plan)
    stories = _longest_stories(inputs)
    if selecting.kept and not selecting.missing:
        with suppress(ModelError):
            digest = generate(inputs, ask=whole, progress=NullProgress())
            if not whole.missing:
                return _Questions(whole, telling, (), digest)
        stories = [chosen.story for chosen in selection.chosen]
    ask_for_entries(stories, telling, inputs.issue.date, inputs.profile)
    proofreading = _proofread_stories(inputs, stories) if inputs.profile.proofreads else []
    return _Questions(selecting, telling, proofreading)


def exceeded_limits(
    estimates: Sequence[Estimate], *, settings: Settings, today: dt.date
) -> tuple[str, ...]:
    """Name the settings at which a run of all these would stop."""
    with Cache(settings.cache_file) as cache:
        spent = Ledger(cache).spent_usd(today.isoformat())
    tokens = sum(estimate.tokens.input + estimate.tokens.output for estimate in estimates)
    cost = sum(estimate.cost_usd or 0.0 for estimate in estimates)
    limits = {
        "AINEWS_MAX_TOKENS_PER_RUN": tokens > settings.max_tokens_per_run,
        "AINEWS_MAX_COST_USD": cost > settings.max_cost_usd,
        "AINEWS_MAX_COST_USD_PER_DAY": spent + cost > settings.max_cost_usd_per_day,
    }
    return tuple(name for name, is_exceeded in limits.items() if is_exceeded)


def shared_tokens(questions: Sequence[str]) -> int:
    """Estimate with how many tokens several questions begin alike."""
    # Of texts, character by character.
    return estimate_tokens(commonprefix(questions)) if len(questions) > 1 else 0  # noqa: RUF071 - no paths


def describe_model(model: str, host: str) -> str:
    """Name a model and the server that is sent the questions, and the key with them."""
    return f"{model} at {host}" if host else model


def _format_price(cost_usd: float | None) -> str:
    return "unknown" if cost_usd is None else f"about ${cost_usd:.4f}"


def describe_price(cost_usd: float | None) -> str:
    """Say what it costs, and what follows where nobody knows."""
    if cost_usd is not None:
        return _format_price(cost_usd)
    return (
        "unknown: limits in USD cannot hold; set AINEWS_INPUT_USD_PER_MTOK and "
        "AINEWS_OUTPUT_USD_PER_MTOK"
    )


def ask_for_entries(
    stories: Sequence[Story], ask: KeptAnswers, day: dt.date, profile: ModelProfile
) -> None:
    """Ask what is asked first about some stories."""
    for story in stories:
        choice = SelectedStory(story=story, kind="news", link=None, reason=NO_REASON)
        if profile.plain:
            _ask_for_sentences(choice, ask)
            continue
        with suppress(ModelInvalid):
            translate(
                choice,
                issue_date=day,
                ask=ask,
                terms=load_glossary(),
                limits=evidence_limits(profile),
            )


def _ask_for_sentences(choice: SelectedStory, ask: KeptAnswers) -> None:
    for question in first_questions(choice):
        with suppress(ModelInvalid):
            ask(question, ChineseText)


def _proofread_stories(inputs: GenerationInput, stories: Sequence[Story]) -> list[str]:
    """Write the questions of `proofread` for some stories, whatever is told of them."""
    want = inputs.profile.want
    entries = [
        Entry(
            kind="tool" if at > want else "news",
            title="题" * _TITLE_CHARS,
            summary="文" * _SUMMARY_CHARS,
            link=None,
            evidence=story.evidence,
            mentions=tuple(mention.id for mention in story.mentions),
        )
        for at, story in enumerate(stories, 1)
    ]
    return proofread_questions(
        [PlacedEntry(f"news:{at}", entry) for at, entry in enumerate(entries, 1)]
    )


def proofread_questions(entries: Sequence[PlacedEntry]) -> list[str]:
    """Write the questions that have some entries read together."""
    questions: list[str] = []

    def ask(question: Question, schema: type[Answer], /) -> Answer:
        messages = render_messages(question, schema)
        questions.append("".join(message["content"] for message in messages))
        raise ModelInvalid("not asked")

    proofread(entries, ask=ask)
    return questions


def _longest_stories(inputs: GenerationInput) -> list[Story]:
    """Take as many stories as a digest has."""
    longest = sorted(inputs.repeats.stories, key=lambda story: -len(story.evidence))
    return longest[: 2 * inputs.profile.want]
