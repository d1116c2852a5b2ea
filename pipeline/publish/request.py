"""What was asked for -> published digests: one issue, or all that a night brings.

Between `plan`, which decides, and `run`, which makes one digest of one page. Here are the lock of
an issue, the questions that are asked again, and what a failure of one issue means for the others.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache as cached
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from pipeline.errors import (
    DigestError,
    ModelInvalid,
    ModelRefused,
    NotPublished,
    PageNotUnderstood,
    SettingsError,
    SourceError,
)
from pipeline.fetch import SourceChain
from pipeline.llm import Cache
from pipeline.plan import (
    DigestTask,
    PreparedJob,
    RunRequest,
    damaged_error,
    fetch_job,
    open_sources,
    plan_tasks,
)
from pipeline.progress import DigestProgress, Progress
from pipeline.publish.digest import (
    PublishedDigest,
    is_too_degraded,
    left_alone,
    publish,
    read_existing,
    require_same_model,
)
from pipeline.publish.up_to_date import begin_refresh, end_refresh, find_up_to_date, note_up_to_date
from pipeline.settings import Settings
from pipeline.write import issue_lock, read_state

if TYPE_CHECKING:
    from pipeline.llm import FallbackModel, Question, RunCost

SINGLE_ISSUE_ERRORS = (SourceError, PageNotUnderstood, ModelInvalid, ModelRefused, NotPublished)
"""What goes wrong with one issue, and says nothing of the others."""
_REFRESHABLE_PROMPTS = ("select", "translate", "proofread")
_REFRESH_TARGET = re.compile(rf"{'|'.join(_REFRESHABLE_PROMPTS)}|(news|tools):[1-9]\d?", re.ASCII)


class _Session(NamedTuple):
    """What the digests of one request share."""

    request: RunRequest
    settings: Settings
    sources: SourceChain
    cache: Cache
    open_model: "Callable[[], FallbackModel]"
    """Opens the model where something is asked: most runs find nothing new."""
    progress: Progress


def run_request(
    request: RunRequest,
    *,
    settings: Settings,
    today: dt.date,
    progress: Progress,
    stdin: BinaryIO,
    take_receipt: "Callable[[RunCost], None]" = lambda _cost: None,
) -> Iterator[PublishedDigest]:
    """Make and write the digests that were asked for, one after the other.

    With nothing set the request is the nightly run. `take_receipt` is given what it cost, at the
    end.

    Yields:
        Each digest as soon as it is written; none where there is nothing new.

    Raises:
        NotPublished: too many entries passed no check; the digest went to `drafts/`.
        DigestError: any of the tree in `errors.py`; what was in `outputs/` before is untouched.
            Of several issues the others are made first, where only one of them is at fault.
    """
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_file))
        sources = stack.enter_context(open_sources(settings, cache))
        progress.stage("fetch")
        tasks = plan_tasks(
            request, sources=sources, settings=settings, today=today, progress=progress, stdin=stdin
        )
        failed = _failures_before(settings) if request.nightly else []

        @cached
        def open_model() -> "FallbackModel":
            from pipeline.llm import digest_key

            name = " ".join(digest_key(task.date, task.slug) for task in tasks)
            opened = _open_model(settings, cache, progress, name, stack)
            stack.callback(lambda: take_receipt(opened.receipt()))
            stack.callback(lambda: _note_receipt(opened, progress))
            return opened

        session = _Session(request, settings, sources, cache, open_model, progress)
        yield from _publish_tasks(tasks, session, failed)
    if failed:
        raise _first_of(failed)


def _failures_before(settings: Settings) -> list[DigestError]:
    """Give an error for each issue whose digest is damaged, so that no night makes it."""
    return [
        _of_issue(damaged_error(hurt, settings.outputs_dir), hurt.slug)
        for hurt in read_state(settings.outputs_dir, settings.index_dir).damaged
        if hurt.slug
    ]


def _publish_tasks(
    tasks: Sequence[DigestTask], session: _Session, failed: list[DigestError]
) -> Iterator[PublishedDigest]:
    """Publish digests one after the other, and collect the failures that are of one issue each."""
    for task in tasks:
        if len(tasks) > 1:
            session.progress.note(f"{task.slug} under {task.date}")
        try:
            published = _publish_task(task, session)
        except SINGLE_ISSUE_ERRORS as error:
            failed.append(_of_issue(error, task.slug))
            if len(tasks) == 1 and len(failed) == 1:
                raise
            session.progress.note(f"error: {task.slug}: {error}")
        else:
            if published:
                yield published


def _publish_task(task: DigestTask, session: _Session) -> PublishedDigest | None:
    """Publish one digest under its issue's lock; None where another run has just done so."""
    request, settings, progress = session.request, session.settings, session.progress
    with issue_lock(settings.lock_dir, settings.outputs_dir, task.slug, progress.note) as waited:
        if waited and request.nightly and _is_digested(task, settings):
            progress.note(f"nothing new: the other run has digested {task.slug!r}")
            return None
        job = fetch_job(task, sources=session.sources, settings=settings, progress=progress)
        if not (request.force or request.refresh):
            found = find_up_to_date(job, settings, session.cache)
            if found and not is_too_degraded(found.head, settings):
                progress.note(f"{job.stem} is up to date; --force makes it again")
                return left_alone(found, settings.outputs_dir / f"{job.stem}.md")
        return _make_task(job, session)


def _make_task(job: PreparedJob, session: _Session) -> PublishedDigest:
    """Make a digest and write it; remember that it is up to date where it kept its files."""
    from pipeline.llm import DigestAsk, digest_key

    request, settings, model = session.request, session.settings, session.open_model()
    progress = DigestProgress(session.progress, job.stem)
    if request.refresh:
        _require_model(job, request, settings)
        begin_refresh(job.page.slug, session.cache)
        model.refresh(lambda question: _asks_for(question) in request.refresh)
    ask = DigestAsk(model, digest_key(job.date, job.page.slug))
    published = publish(job, ask=ask, settings=settings, progress=progress)
    end_refresh(job.page.slug, session.cache)
    if not published.changed:
        digest, made_from = published.digest, published.made_from
        note_up_to_date(digest, made_from, job.stem, settings=settings, cache=session.cache)
    return published


def _require_model(job: PreparedJob, request: RunRequest, settings: Settings) -> None:
    """Refuse to ask another model again than the one that made the digest, where there is one."""
    digest = read_existing(job, settings)
    if digest:
        require_same_model(digest, settings, may_change=request.may_change_model)


def _asks_for(question: "Question") -> str:
    """Give what a question asks for, whichever way a model is asked."""
    return question.prompt.partition("_")[0]


def _is_digested(task: DigestTask, settings: Settings) -> bool:
    known = read_state(settings.outputs_dir, settings.index_dir)
    return known.find_by_issue(task.slug) is not None


def _open_model(
    settings: Settings, cache: Cache, progress: Progress, name: str, stack: ExitStack
) -> "FallbackModel":
    """Open the model of the settings until the stack ends, and show what it costs."""
    from pipeline.llm import model_profile, open_model

    model = stack.enter_context(open_model(settings, cache, progress.bytes, run=name))
    free = model_profile(settings).is_free
    progress.watch_cost(lambda: model.receipt().summary(is_free=free))
    return model


def _note_receipt(model: "FallbackModel", progress: Progress) -> None:
    """Note the cost, also of a run that failed; nothing where nothing was answered."""
    receipt = model.receipt()
    if receipt.total.calls or receipt.total.from_cache:
        progress.note(receipt.describe())


def _of_issue(error: DigestError, slug: str) -> DigestError:
    """Say which issue an error is about."""
    error.issue = slug
    return error


def _first_of(failed: Sequence[DigestError]) -> DigestError:
    """Take the first failure, which the others go with."""
    failed[0].others = tuple(failed[1:])
    return failed[0]


class RefreshTargets(NamedTuple):
    """What is asked again."""

    prompts: tuple[str, ...] = ()
    """`select`, `translate` or `proofread`."""
    places: tuple[str, ...] = ()
    """Entries, such as `news:3`."""


def parse_refresh(targets: Sequence[str]) -> RefreshTargets:
    """Check the values of `--refresh`.

    Raises:
        SettingsError: one is neither a prompt nor the place of an entry, or both are given.
    """
    for target in targets:
        if not _REFRESH_TARGET.fullmatch(target):
            raise SettingsError(
                f"--refresh {target!r} is not select, translate, proofread or an entry "
                "such as news:3"
            )
    prompts = tuple(target for target in targets if target in _REFRESHABLE_PROMPTS)
    places = tuple(target for target in targets if target not in _REFRESHABLE_PROMPTS)
    if prompts and places:
        raise SettingsError(
            f"--refresh {places[0]!r} keeps all other entries, and --refresh {prompts[0]!r} may "
            "change any: give one of them"
        )
    return RefreshTargets(prompts, tuple(dict.fromkeys(places)))
