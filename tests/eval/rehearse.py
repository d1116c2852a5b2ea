"""The pipeline, run over a tape: the one place here that knows how `run` is called."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import BaseModel, JsonValue, SecretStr

from eval import tape
from eval.cases import Case, cases, job
from eval.tape import Header, NotRecorded, RecordedReply, RecordedServer, Recording, UncachedReplies
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm.capabilities import ServerCapabilities
from pipeline.llm.factory import open_model
from pipeline.llm.profile import ModelProfile, model_profile
from pipeline.llm.prompts import Answer, Question
from pipeline.progress import NullProgress, Progress
from pipeline.records import Digest, Issue, Record, Story
from pipeline.run import GenerationInput, generate, prepare
from pipeline.select.selection import select
from pipeline.settings import Settings
from pipeline.tell import load_checks
from pipeline.translate.draft_entry import DraftEntry
from pipeline.translate.drafts import try_again

RECORDED_SETTINGS: Final = (
    "openai_base_url",
    "model",
    "temperature",
    "select_tokens",
    "embedded_weights",
)
"""Settings that shape requests; a recording keeps those that are not the defaults.

It also says whether digests were proofread; one that does not is older than that."""


PROOFREAD: Final = "proofread"
"""The prompt that reads a whole digest once more."""


class AskedQuestion(Record):
    """How the model was asked for one answer."""

    question: Question
    """The question; its `again` says whether an entry was being mended."""
    answered: bool
    """Whether an answer fitted in the end."""
    form: type[BaseModel]
    """What the answer had to fit."""


class ReplayedRun(Record):
    """One run, with what it started from."""

    name: str
    """Name of the case."""
    digest: Digest
    """What came out."""
    issue: Issue
    """The parsed issue."""
    stories: tuple[Story, ...]
    """Every story that could have been chosen."""
    alone: tuple[Story, ...]
    """What would have been chosen on salience alone, had the model not answered."""
    questions: tuple[AskedQuestion, ...]
    """Every question, in the order in which they were settled."""
    first: tuple[DraftEntry, ...] = ()
    """Each entry as the model answered first, with what the checks found in it."""
    named: tuple[dict[str, JsonValue], ...] = ()
    """Problems that proofreading named, as the model answered."""
    used: tuple[RecordedReply, ...]
    """The answers that it took, those that did not fit among them."""
    asked: int
    """How many of them were not known before."""
    header: Header
    """Who answered."""

    @property
    def is_proofread(self) -> bool:
        """Whether the digest was proofread."""
        return any(asked.question.prompt == PROOFREAD for asked in self.questions)


def header(settings: Settings, wire: ServerCapabilities | None = None) -> Header:
    """Say who answers under these settings."""
    plain = settings.model_dump(mode="json", include=set(RECORDED_SETTINGS), exclude_defaults=True)
    if settings.proofreads:
        plain["proofread"] = "on"
    if settings.embedded_weights is not None:
        plain["embedded_weights"] = settings.embedded_weights.name
    if settings.openai_base_url is not None:
        # A recording is for everybody: no folder of this machine, no password in an address.
        plain["openai_base_url"] = re.sub(r"//[^/]*@", "//", settings.openai_base_url)
    return Header(
        model=model_profile(settings).model,
        embedded=settings.embedded,
        settings=plain,
        wire=wire,
    )


def recorded_settings(head: Header) -> Settings:
    """Give the settings under which a recording was made; the environment has no say in them."""
    given: dict[str, object] = dict(head.settings)
    if name := given.get("embedded_weights"):
        given["embedded_weights"] = Path(str(name))
    given.setdefault("proofread", "off")
    given["openai_api_key"] = None if head.embedded else SecretStr("")
    return Settings.model_construct().model_copy(update=given)


def replay_recorded(shared: Path, models: str = "*") -> Iterator[tuple[Case, ReplayedRun]]:
    """Run the pipeline on each issue with the answers that are recorded for it, model by model."""
    for folder in sorted(tape.RECORDINGS.glob(models)):
        for case in cases(shared):
            file = folder / f"{case.name}.jsonl"
            if file.is_file():
                recording = tape.load(file)
                settings = recorded_settings(recording.header)
                yield case, replay(case, recording, settings=settings, progress=NullProgress())


def replay(
    case: Case,
    recording: Recording,
    *,
    settings: Settings,
    progress: Progress,
    keep: Callable[[RecordedReply], None] | None = None,
) -> ReplayedRun:
    """Run the pipeline on one issue with recorded answers.

    Args:
        case: the issue.
        recording: the answers there are.
        settings: the settings of the model.
        progress: where progress is told.
        keep: keeps each answer that is not there, which the real model is asked for; None asks
            nobody.

    Raises:
        NotRecorded: an answer is not there, and nobody is asked.
        DigestError: the run failed.
    """
    how = model_profile(settings)
    cache = UncachedReplies(recording.header.wire)
    questions: list[AskedQuestion] = []
    answers: dict[str, BaseModel] = {}
    start = prepare(job(case), profile=how, progress=progress)
    with open_model(settings, cache, progress.bytes) as model:
        tape = RecordedServer(
            recording.replies,
            host=how.host,
            model=how.model,
            connect=model.first._connect,
            timeout_s=model.first._options.timeout_s,
            keep=keep,
        )
        progress.watch_cost(lambda: model.receipt().summary())
        model.first._connection = tape
        if keep is None:
            model.first._sleep = lambda _seconds: None

        def ask(question: Question, schema: type[Answer], /) -> Answer:
            with tape.about(question.prompt):
                try:
                    answer = model.ask(question, schema)
                except (ModelInvalid, ModelRefused):
                    questions.append(AskedQuestion(question=question, answered=False, form=schema))
                    raise
            questions.append(AskedQuestion(question=question, answered=True, form=schema))
            answers[question.user] = answer
            return answer

        digest = generate(start, ask=ask, progress=progress)
    if tape.missing:
        raise NotRecorded(f"{len(tape.missing)} questions have no answer: {set(tape.missing)}")
    return ReplayedRun(
        name=case.name,
        digest=digest,
        issue=start.issue,
        stories=start.repeats.stories,
        alone=_select_without_model(start),
        questions=tuple(questions),
        first=tuple(_first_drafts(start, how, answers)),
        named=tuple(_named_problems(questions, answers)),
        used=tuple(tape.used.values()),
        asked=tape.asked,
        header=recording.header.model_copy(update={"wire": cache.wire}),
    )


def _named_problems(
    questions: Sequence[AskedQuestion], answers: Mapping[str, BaseModel]
) -> Iterator[dict[str, JsonValue]]:
    """Give what proofreading named, in the order in which it was asked."""
    for asked in questions:
        if asked.question.prompt == PROOFREAD and asked.answered:
            yield from answers[asked.question.user].model_dump(mode="json")["problems"]


def _first_drafts(
    start: GenerationInput, how: ModelProfile, answers: Mapping[str, BaseModel]
) -> Iterator[DraftEntry]:
    """Check each entry as it was answered first, from answers by the text of the question."""

    def known(question: Question, schema: type[Answer], /) -> Answer:
        answer = answers.get(question.user)
        if not isinstance(answer, schema):
            raise ModelInvalid("not asked")
        return answer

    chosen = select(
        start.repeats.stories,
        issue=start.issue,
        ask=known,
        plan=start.plan,
        follows=start.repeats.follows,
    )
    checks = load_checks()
    for choice in (*chosen.news, *chosen.tools, *chosen.spares):
        draft = DraftEntry(choice=choice, entry=None, attempts=0)
        draft = try_again(draft, issue=start.issue, ask=known, profile=how, checks=checks)
        if draft.entry is not None:
            yield draft


def _select_without_model(start: GenerationInput) -> tuple[Story, ...]:
    """Choose without a model."""

    def silent(_question: Question, _schema: type[Answer], /) -> Answer:
        raise ModelInvalid("not asked")

    chosen = select(start.repeats.stories, issue=start.issue, ask=silent, plan=start.plan)
    return tuple(choice.story for choice in (*chosen.news, *chosen.tools))
