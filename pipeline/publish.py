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
from pipeline.llm.cache import Cache
from pipeline.llm.factory import open_model, sizes
from pipeline.llm.fallback import Asked
from pipeline.llm.ledger import called
from pipeline.llm.model import Receipt
from pipeline.llm.prompts import Ask
from pipeline.plan import Job, Show, Task, Wanted, agenda, fetch_job, newsstand
from pipeline.records import Digest, Record
from pipeline.run import begin, finish
from pipeline.settings import Settings
from pipeline.write.files import discard_draft, write
from pipeline.write.lock import alone
from pipeline.write.state import state
from pipeline.write.store import Place

ONE_ISSUE = (SourceError, PageNotUnderstood, ModelInvalid, ModelRefused, NotPublished)
"""What goes wrong with one issue, and says nothing of the others."""


class Made(Record):
    """One published digest."""

    digest: Digest
    """The digest."""
    path: Place
    """Its Markdown file; the JSON lies beside it."""
    changed: bool
    """Whether the files are new or have other bytes than before."""


def run(
    wanted: Wanted,
    *,
    settings: Settings,
    today: dt.date,
    show: Show,
    stdin: BinaryIO,
) -> Iterator[Made]:
    """Make and write the digests that are wanted, one after the other.

    Args:
        wanted: which issue, under which date; all unset is the nightly run.
        settings: the settings.
        today: the calendar date in Asia/Shanghai.
        show: where progress is told.
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
        stand = stack.enter_context(newsstand(settings, cache))
        show.stage("fetch")
        tasks = agenda(wanted, stand=stand, settings=settings, today=today, show=show, stdin=stdin)
        if not tasks:
            return
        name = " ".join(called(task.date, task.slug) for task in tasks)
        model = stack.enter_context(open_model(settings, cache, show.bytes, run=name))
        show.watch(lambda: model.receipt().brief())
        stack.callback(lambda: _bill(model.receipt(), show))
        for task in tasks:
            if len(tasks) > 1:
                show.note(f"{task.slug} under {task.date}")
            with alone(settings, task.slug, show.note) as waited:
                if waited and wanted.nightly and _told(task, settings):
                    show.note(f"nothing new: the other run has digested {task.slug!r}")
                    continue
                try:
                    job = fetch_job(task, stand=stand, settings=settings, show=show)
                    if wanted.refresh:
                        from pipeline.ops.refresh import anew

                        model.refresh(anew(wanted.refresh, job, settings=settings))
                    ask = Asked(model, called(task.date, task.slug))
                    made = publish(job, ask=ask, settings=settings, show=show)
                except ONE_ISSUE as error:
                    if len(tasks) == 1:
                        raise
                    show.note(f"{task.slug}: {error}")
                    failed.append(error)
                else:
                    yield made
    if failed:
        raise failed[0]


def publish(
    job: Job,
    *,
    ask: Ask,
    settings: Settings,
    show: Show,
    pool: Executor | None = None,
    computing: Executor | None = None,
) -> Made:
    """Make one digest of one page and write it.

    Args:
        job: page, date and files.
        ask: the model.
        settings: the settings.
        show: where progress is told.
        pool: threads for the questions, where several issues share them.
        computing: the one thread for what only computes, where several issues are open.

    Raises:
        NotPublished: too many entries passed no check; the digest went to `drafts/`.
        DigestError: the page, the model or the disk; what was in `outputs/` before is untouched.
    """
    beginning = partial(begin, job, how=sizes(settings), show=show, outputs=settings.outputs_dir)
    start = computing.submit(beginning).result() if computing else beginning()
    digest = finish(start, ask=ask, show=show, pool=pool)
    return put(digest, job.stem, settings=settings, show=show)


def put(digest: Digest, stem: str, *, settings: Settings, show: Show) -> Made:
    """Write one digest, or its draft where it is not fit to be published.

    Raises:
        NotPublished: too many entries passed no check; the digest went to `drafts/`.
        WriteError: what was there before is there still.
    """
    folder = settings.outputs_dir
    show.stage("write")
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
    show.step()
    return Made(digest=digest, path=written.markdown_path, changed=bool(written.changed))


def _bill(receipt: Receipt, show: Show) -> None:
    """Say what it cost, also where it failed in the end; nothing where nothing was answered."""
    if receipt.total.calls or receipt.total.from_cache:
        show.note(receipt.line())


def _told(task: Task, settings: Settings) -> bool:
    return state(settings.outputs_dir).of_issue(task.slug) is not None
