"""What was asked for -> published digests: one issue, or all that a night brings.

Between `plan`, which decides, and `run`, which makes one digest of one page. Here are the lock of
an issue, the draft in place of a digest that is not fit to be published, the questions that are
asked again, and what a failure of one issue means for the others.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, suppress
from functools import cache as cached
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from pipeline.errors import (
    DigestError,
    ModelInvalid,
    ModelRefused,
    NewerFormat,
    NotPublished,
    PageNotUnderstood,
    SettingsError,
    SourceError,
)
from pipeline.fetch import SourceChain
from pipeline.llm import Ask, Cache, Question, RunCost, digest_key
from pipeline.night import digest_lines
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
from pipeline.records import Digest, Record
from pipeline.settings import Settings
from pipeline.storage import StoragePath, changed_program, is_remote, read_regular
from pipeline.up_to_date import (
    begin_refresh,
    end_refresh,
    find_up_to_date,
    made_from_of,
    note_up_to_date,
    seal,
    sum_of_inputs,
    with_made_from,
)
from pipeline.write import (
    DRAFTS,
    DamagedDigest,
    discard_draft,
    from_json,
    issue_lock,
    read_state,
    require_own_markdown,
    require_unchanged,
    require_writable,
    write,
)

if TYPE_CHECKING:
    from pipeline.llm import FallbackModel

SINGLE_ISSUE_ERRORS = (SourceError, PageNotUnderstood, ModelInvalid, ModelRefused, NotPublished)
"""What goes wrong with one issue, and says nothing of the others."""


_REFRESHABLE_PROMPTS = ("select", "translate", "proofread")
_REFRESH_TARGET = re.compile(rf"{'|'.join(_REFRESHABLE_PROMPTS)}|(news|tools):[1-9]\d?", re.ASCII)


class PublishedDigest(Record):
    """One published digest."""

    digest: Digest
    path: StoragePath
    """Its Markdown file; the JSON lies beside it."""
    changed: bool
    """Whether the files are new or have other bytes than before."""
    replaced: str = ""
    """What of an earlier version is not there any more; blank where there was none, or the same."""
    made_from: str = ""
    """The sum of what it was made from, which its files may not name where they were there before;
    blank where the same run again could give another digest, or where nothing was made."""

    def lines(self) -> Iterator[str]:
        """Say what it holds, what it has replaced, and what the checks found."""
        if self.replaced:
            yield f"note {self.path.stem}: {self.replaced}"
        yield from digest_lines(self.digest, self.path.stem)


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
    take_receipt: Callable[[RunCost], None] = lambda _cost: None,
) -> Iterator[PublishedDigest]:
    """Make and write the digests that were asked for, one after the other.

    Args:
        request: which issue, under which date; with nothing set it is the nightly run.
        settings: the settings.
        today: the calendar date in Asia/Shanghai.
        progress: where progress is reported.
        stdin: what `--source -` reads.
        take_receipt: is given what it cost, at the end.

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
        name = " ".join(digest_key(task.date, task.slug) for task in tasks)

        @cached
        def open_model() -> "FallbackModel":
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


def _open_model(
    settings: Settings, cache: Cache, progress: Progress, name: str, stack: ExitStack
) -> "FallbackModel":
    """Open the model of the settings until the stack ends, and show what it costs."""
    from pipeline.llm import model_profile, open_model

    model = stack.enter_context(open_model(settings, cache, progress.bytes, run=name))
    free = model_profile(settings).is_free
    progress.watch_cost(lambda: model.receipt().summary(is_free=free))
    return model


def _of_issue(error: DigestError, slug: str) -> DigestError:
    """Say which issue an error is about."""
    error.issue = slug
    return error


def _first_of(failed: Sequence[DigestError]) -> DigestError:
    """Take the first failure, which the others go with."""
    failed[0].others = tuple(failed[1:])
    return failed[0]


def _publish_task(task: DigestTask, session: _Session) -> PublishedDigest | None:
    """Publish one digest under its issue's lock; None where another run has just done so."""
    request, settings, progress = session.request, session.settings, session.progress
    with issue_lock(settings.lock_dir, settings.outputs_dir, task.slug, progress.note) as waited:
        if waited and request.nightly and _is_digested(task, settings):
            progress.note(f"nothing new: the other run has digested {task.slug!r}")
            return None
        job = fetch_job(task, sources=session.sources, settings=settings, progress=progress)
        if not (request.force or request.refresh):
            digest = find_up_to_date(job, settings, session.cache)
            if digest and not is_too_degraded(digest, settings):
                progress.note(f"{job.stem} is up to date; --force makes it again")
                path = settings.outputs_dir / f"{job.stem}.md"
                return PublishedDigest(digest=digest, path=path, changed=False)
        return _make_task(job, session)


def _make_task(job: PreparedJob, session: _Session) -> PublishedDigest:
    """Make a digest and write it; remember that it is up to date where it kept its files."""
    from pipeline.llm import DigestAsk

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


def publish(
    job: PreparedJob,
    *,
    ask: Ask,
    settings: Settings,
    progress: Progress,
    pool: Executor | None = None,
    compute_pool: Executor | None = None,
) -> PublishedDigest:
    """Make one digest of one page and write it.

    Args:
        job: page, date and files.
        ask: the model.
        settings: the settings.
        progress: where progress is reported.
        pool: threads for the questions, where several issues share them.
        compute_pool: the one thread for what only computes, where several issues are open.

    Raises:
        NotPublished: too many entries passed no check, and the digest went to `drafts/`; or the
            Markdown that is there was changed by hand, and nothing is forced.
        DigestError: the page, the model or the disk; what was in `outputs/` before is untouched.
    """
    from pipeline.llm import model_profile
    from pipeline.run import generate, prepare

    prepare_job = partial(
        prepare,
        job,
        profile=model_profile(settings),
        progress=progress,
        outputs=settings.outputs_dir,
        index_dir=settings.index_dir,
    )
    require_writable(settings.outputs_dir)
    if not job.force:
        _require_unchanged(job, settings)
    inputs = compute_pool.submit(prepare_job).result() if compute_pool else prepare_job()
    # Before the model is asked: what is changed meanwhile is not what the digest was made from.
    total = ""
    with suppress(OSError):
        total = sum_of_inputs(job, inputs.memory.digests, settings)
    digest = generate(inputs, ask=ask, progress=progress, pool=pool)
    if total and is_repeatable(digest, ask, settings):
        digest = seal(digest, total)
    if not job.force:
        _require_own_markdown(digest, job.stem, settings)
    earlier = None
    with suppress(PageNotUnderstood):  # what is damaged, or a later version's, is written over
        earlier = _read_existing(job, settings)
    kept = with_made_from(digest, made_from_of(earlier)) if earlier else digest
    written = write_or_draft(
        kept if kept == earlier else digest, job.stem, settings=settings, progress=progress
    )
    more = {"made_from": made_from_of(digest)}
    if earlier is not None and earlier != kept:
        more["replaced"] = _describe_replaced(earlier, digest, job.stem)
    return written.model_copy(update=more)


def _describe_replaced(earlier: Digest, digest: Digest, stem: str) -> str:
    from pipeline.edits import describe_replaced

    return describe_replaced(earlier, digest, stem)


def is_repeatable(digest: Digest, ask: Ask, settings: Settings) -> bool:
    """Whether the same run again would make the same digest.

    What got no answer would be asked again, and so would a model that another one went on for; and
    a program that was changed while it ran is another one by then.
    """
    from pipeline.llm import DigestAsk, model_profile

    profile = model_profile(settings)
    asked = {profile.model, *({profile.proofread_model} - {settings.fallback_model})}
    answered = digest.provenance.model.split(" + ") if digest.provenance else ()
    answers = isinstance(ask, DigestAsk) and ask.is_repeatable and asked.issuperset(answered)
    return answers and not changed_program()


def _require_unchanged(job: PreparedJob, settings: Settings) -> None:
    """Refuse to make a digest again whose Markdown was changed by hand, before it costs anything.

    Raises:
        NotPublished: says how the changes are taken over.
    """
    if digest := _read_existing(job, settings):
        require_unchanged(digest, settings.outputs_dir / f"{job.stem}.json")


def _require_own_markdown(digest: Digest, stem: str, settings: Settings) -> None:
    """Refuse to write over Markdown without its JSON that says something else.

    Raises:
        NotPublished: says what to do.
    """
    draft = is_too_degraded(digest, settings)
    folder = settings.outputs_dir / DRAFTS if draft else settings.outputs_dir
    require_own_markdown(digest, folder / f"{stem}.json", draft=draft)


def _read_existing(job: PreparedJob, settings: Settings) -> Digest | None:
    """Read the earlier version of a digest; None where there is none, or none that must be read.

    Raises:
        NewerFormat: a later version of this program wrote it.
        PageNotUnderstood: it is damaged within, which its first and last bytes do not show, and
            nothing is forced: its edits would be lost.
    """
    file = settings.outputs_dir / f"{job.stem}.json"
    try:
        digest = from_json(read_regular(file).decode())
    except OSError:
        return None
    except NewerFormat as error:
        raise NewerFormat(f"{job.stem}.json: {error}") from error
    except (UnicodeDecodeError, PageNotUnderstood) as error:
        if job.force:
            return None
        if is_remote(file):  # what answers may be no store at all
            from pipeline.storage import require_listed

            require_listed(file)
        hurt = DamagedDigest(stem=job.stem, reason=str(error), slug=job.page.slug)
        raise damaged_error(hurt, settings.outputs_dir) from error
    same = digest.provenance and digest.provenance.slug == job.page.slug
    return digest if same else None


def is_too_degraded(digest: Digest, settings: Settings) -> bool:
    """Whether more entries are quotations than may be published."""
    return digest.degraded > min(settings.max_degraded, len(digest.entries) - 1)


def write_or_draft(
    digest: Digest, stem: str, *, settings: Settings, progress: Progress
) -> PublishedDigest:
    """Write one digest, or its draft where it is not fit to be published.

    Raises:
        NotPublished: too many entries passed no check; the digest went to `drafts/`.
        WriteError: what was there before is there still.
    """
    folder = settings.outputs_dir
    progress.stage("write")
    entries = len(digest.entries)
    if is_too_degraded(digest, settings):
        draft = write(digest, folder, stem, draft=True).markdown_path
        slug = digest.provenance.slug if digest.provenance else stem
        raise NotPublished(
            f"not published: {digest.degraded} of {entries} entries of {slug!r} did not "
            f"pass the checks, and {settings.max_degraded} may; see {str(draft)!r}, then run "
            "again with another model or a higher AINEWS_MAX_DEGRADED"
        )
    written = write(digest, folder, stem)
    discard_draft(folder, stem)
    progress.step()
    return PublishedDigest(digest=digest, path=written.markdown_path, changed=bool(written.changed))


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


def require_same_model(
    digest: Digest, settings: Settings, *, may_change: Callable[[str], bool]
) -> None:
    """Refuse to have a digest told again by a model that did not make it, unless that is wanted.

    Args:
        digest: the digest.
        settings: name the model that is asked.
        may_change: says whether it is wanted; is given what would happen.

    Raises:
        SettingsError: it is not; names both models.
    """
    from pipeline.llm import model_profile

    made_by = digest.provenance.model if digest.provenance else ""
    now = model_profile(settings).model
    if now in made_by.split(" + "):
        return
    said = f"the digest of {digest.date} was made by {made_by!r}, and {now!r} would be asked"
    if not may_change(said):
        wanted = "set OPENAI_API_KEY" if settings.embedded else "set AINEWS_MODEL to the first"
        raise SettingsError(f"{said}: {wanted}, or give --model-change")


def _require_model(job: PreparedJob, request: RunRequest, settings: Settings) -> None:
    """Refuse to ask another model again than the one that made the digest, where there is one."""
    digest = _read_existing(job, settings)
    if digest:
        require_same_model(digest, settings, may_change=request.may_change_model)


def _asks_for(question: Question) -> str:
    """Give what a question asks for, whichever way a model is asked."""
    return question.prompt.partition("_")[0]


def _note_receipt(model: "FallbackModel", progress: Progress) -> None:
    """Note the cost, also of a run that failed; nothing where nothing was answered."""
    receipt = model.receipt()
    if receipt.total.calls or receipt.total.from_cache:
        progress.note(receipt.describe())


def _is_digested(task: DigestTask, settings: Settings) -> bool:
    known = read_state(settings.outputs_dir, settings.index_dir)
    return known.find_by_issue(task.slug) is not None
