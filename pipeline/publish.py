"""What was asked for -> published digests: one issue, or all that a night brings.

Between `obtain`, which decides, and `run`, which makes one digest of one page. Here stand the lock
of an issue, the draft in place of a digest that is not fit, and what a failure of one issue means
for the others. `backfill` publishes many issues with the same `publish`.
"""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from functools import partial
from typing import BinaryIO

from pipeline.errors import (
    DigestError,
    ModelInvalid,
    ModelRefused,
    NotPublished,
    PageNotUnderstood,
    SourceError,
)
from pipeline.llm import Ask, Cache, DigestAsk, RunCost, digest_key, model_profile, open_model
from pipeline.plan import (
    DigestTask,
    PreparedJob,
    Progress,
    RunRequest,
    fetch_job,
    open_sources,
    plan_tasks,
)
from pipeline.records import Digest, Record
from pipeline.run import generate, prepare
from pipeline.settings import Settings
from pipeline.write import StoragePath, discard_draft, issue_lock, read_state, write

SINGLE_ISSUE_ERRORS = (SourceError, PageNotUnderstood, ModelInvalid, ModelRefused, NotPublished)
"""What goes wrong with one issue, and says nothing of the others."""


class PublishedDigest(Record):
    """One published digest."""

    digest: Digest
    """The digest."""
    path: StoragePath
    """Its Markdown file; the JSON lies beside it."""
    changed: bool
    """Whether the files are new or have other bytes than before."""


def run_request(
    request: RunRequest,
    *,
    settings: Settings,
    today: dt.date,
    progress: Progress,
    stdin: BinaryIO,
) -> Iterator[PublishedDigest]:
    """Make and write the digests that are wanted, one after the other.

    Args:
        request: which issue, under which date; all unset is the nightly run.
        settings: the settings.
        today: the calendar date in Asia/Shanghai.
        progress: where progress is told.
        stdin: what `--source -` reads.

    Yields:
        Each digest as soon as it is written; none where there is nothing new.

    Raises:
        NotPublished: too many entries passed no check; the digest went to `drafts/`.
        DigestError: any of the tree in `errors.py`; what was in `outputs/` before is untouched.
            Of several issues the others are made first, where only one of them is at fault.
    """
    failed: list[DigestError] = []
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_dir / "cache.sqlite"))
        stand = stack.enter_context(open_sources(settings, cache))
        progress.stage("fetch")
        tasks = plan_tasks(
            request, sources=stand, settings=settings, today=today, progress=progress, stdin=stdin
        )
        if not tasks:
            return
        name = " ".join(digest_key(task.date, task.slug) for task in tasks)
        model = stack.enter_context(open_model(settings, cache, progress.bytes, run=name))
        progress.watch(lambda: model.receipt().summary())
        stack.callback(lambda: _note_receipt(model.receipt(), progress))
        for task in tasks:
            if len(tasks) > 1:
                progress.note(f"{task.slug} under {task.date}")
            with issue_lock(settings, task.slug, progress.note) as waited:
                if waited and request.nightly and _is_digested(task, settings):
                    progress.note(f"nothing new: the other run has digested {task.slug!r}")
                    continue
                try:
                    job = fetch_job(task, sources=stand, settings=settings, progress=progress)
                    if request.refresh:
                        from pipeline.ops import refresh_filter

                        model.refresh(refresh_filter(request.refresh, job, settings=settings))
                    ask = DigestAsk(model, digest_key(task.date, task.slug))
                    made = publish(job, ask=ask, settings=settings, progress=progress)
                except SINGLE_ISSUE_ERRORS as error:
                    if len(tasks) == 1:
                        raise
                    progress.note(f"{task.slug}: {error}")
                    failed.append(error)
                else:
                    yield made
    if failed:
        raise failed[0]


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
        progress: where progress is told.
        pool: threads for the questions, where several issues share them.
        compute_pool: the one thread for what only computes, where several issues are open.

    Raises:
        NotPublished: too many entries passed no check; the digest went to `drafts/`.
        DigestError: the page, the model or the disk; what was in `outputs/` before is untouched.
    """
    beginning = partial(
        prepare,
        job,
        profile=model_profile(settings),
        progress=progress,
        outputs=settings.outputs_dir,
    )
    start = compute_pool.submit(beginning).result() if compute_pool else beginning()
    digest = generate(start, ask=ask, progress=progress, pool=pool)
    return write_or_draft(digest, job.stem, settings=settings, progress=progress)


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
    told = len(digest.news) + len(digest.tools)
    if digest.degraded > min(settings.max_degraded, told - 1):
        draft = write(digest, folder, stem, draft=True).markdown_path
        slug = digest.provenance.slug if digest.provenance else stem
        raise NotPublished(
            f"not published: {digest.degraded} of {told} entries of {slug!r} did not "
            f"pass the checks, and {settings.max_degraded} may; see {str(draft)!r}, then run "
            "again with another model or a higher AINEWS_MAX_DEGRADED"
        )
    written = write(digest, folder, stem)
    discard_draft(folder, stem)
    progress.step()
    return PublishedDigest(digest=digest, path=written.markdown_path, changed=bool(written.changed))


def _note_receipt(receipt: RunCost, progress: Progress) -> None:
    """Say what it cost, also where it failed in the end; nothing where nothing was answered."""
    if receipt.total.calls or receipt.total.from_cache:
        progress.note(receipt.describe())


def _is_digested(task: DigestTask, settings: Settings) -> bool:
    return read_state(settings.outputs_dir).find_by_issue(task.slug) is not None
