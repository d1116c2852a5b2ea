"""The stages in order: from what was asked for to the files of one digest.

The only module that knows the order, and the only one with a thread pool. Follow `make` for the
way of one item from page to digest.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import BinaryIO

from pipeline.backend import Sizes, open_model, sizes
from pipeline.cache import Cache
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm import Receipt
from pipeline.merge import merge
from pipeline.obtain import Job, Show, Wanted, obtain
from pipeline.parse import parse
from pipeline.prompt import Ask, load
from pipeline.records import (
    Choice,
    Coverage,
    Digest,
    Drop,
    Entry,
    Issue,
    Kind,
    Page,
    Provenance,
    Record,
    Selection,
    Story,
)
from pipeline.select import Plan, prepare, select
from pipeline.settings import Settings
from pipeline.translate import translate
from pipeline.verify import repeats, verify
from pipeline.write import write


class Made(Record):
    """What a run left behind."""

    digest: Digest
    """The digest."""
    path: Path
    """Its Markdown file; the JSON lies beside it."""
    receipt: Receipt
    """What the model cost."""


def run(
    wanted: Wanted, *, settings: Settings, today: date, show: Show, stdin: BinaryIO
) -> Made | None:
    """Make one digest and write it.

    Args:
        wanted: which issue, under which date.
        settings: the settings.
        today: the calendar date in Asia/Shanghai.
        show: where progress is told.
        stdin: what `--source -` reads.

    Returns:
        The digest and its files, or None when there is nothing new.

    Raises:
        DigestError: any of the tree in `errors.py`; what was in `outputs/` before is untouched.
    """
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_dir / "cache.sqlite"))
        job = obtain(wanted, settings=settings, cache=cache, today=today, show=show, stdin=stdin)
        if job is None:
            return None
        model = stack.enter_context(open_model(settings, cache, show.bytes))
        show.watch(lambda: model.receipt().brief())
        digest = make(job, ask=model.ask, how=sizes(settings), show=show)
        show.stage("write")
        written = write(digest, settings.outputs_dir, job.stem)
        show.step()
        return Made(digest=digest, path=written.markdown_path, receipt=model.receipt())


def make(job: Job, *, ask: Ask, how: Sizes, show: Show) -> Digest:
    """Turn one page into one digest: parse, merge, select, translate, verify.

    Raises:
        PageNotUnderstood: the page holds no issue.
        ModelError: the model could not be asked, or could tell no story at all.
    """
    show.stage("parse")
    issue = parse(job.page)
    stories = merge(issue)
    plan = prepare(
        stories,
        issue=issue,
        want=how.want,
        max_tokens=how.select_tokens,
        max_questions=how.select_questions,
    )
    show.step()
    pool = ThreadPoolExecutor(how.in_flight, thread_name_prefix="ask")
    try:
        show.stage("select")
        chosen = select(stories, issue=issue, ask=ask, plan=plan, want=how.want, each=pool.map)
        show.step()
        show.stage("translate", len(chosen.news) + len(chosen.tools))

        def tell(choice: Choice) -> Entry | Drop:
            try:
                entry = translate(
                    choice, issue_date=issue.date, ask=ask, max_evidence_chars=how.evidence_chars
                )
            except (ModelInvalid, ModelRefused) as error:
                return Drop(what=choice.story.id, reason=str(error))
            show.step()
            return entry

        entries, drops = _tell_all(chosen, tell, pool)
    finally:
        # On an error or Ctrl-C nobody waits for the questions that are still on their way.
        pool.shutdown(wait=False, cancel_futures=True)
    if not entries:
        raise ModelInvalid(f"no story of {issue.slug!r} could be told: {drops[0].reason}")
    by_id = {story.id: story for story in stories}
    checked = [finding for entry in entries for finding in verify(entry, by_id[str(entry.story)])]
    return Digest(
        date=job.date,
        issue_url=issue.url,
        news=tuple(entry for entry in entries if entry.kind == "news"),
        tools=tuple(entry for entry in entries if entry.kind == "tool"),
        findings=(*checked, *repeats(entries)),
        drops=(*chosen.drops, *drops),
        provenance=_provenance(job.page, issue, stories, plan, how),
    )


def _tell_all(
    chosen: Selection, tell: Callable[[Choice], Entry | Drop], pool: Executor
) -> tuple[list[Entry], list[Drop]]:
    """Tell the chosen stories; a spare takes the place of each that cannot be told.

    Spares are handed out in rounds and in order, so that the digest does not depend on which
    answer came first.
    """
    entries: list[Entry] = []
    drops: list[Drop] = []
    spares = iter(chosen.spares)
    waiting = [*chosen.news, *chosen.tools]
    while waiting:
        failed: list[Kind] = []
        for choice, told in zip(waiting, pool.map(tell, waiting), strict=True):
            if isinstance(told, Drop):
                drops.append(told)
                failed.append(choice.kind)
            else:
                entries.append(told)
        waiting = [
            spare.model_copy(update={"kind": kind})
            for kind, spare in zip(failed, spares, strict=False)
        ]
    return entries, drops


def _provenance(
    page: Page, issue: Issue, stories: Sequence[Story], plan: Plan, how: Sizes
) -> Provenance:
    return Provenance(
        slug=issue.slug,
        title=issue.title,
        issue_date=issue.date,
        source=page.source,
        page_sha256=page.sha256,
        model=how.model,
        prompts={name: load(name).sha256 for name in ("select", "translate", "format", "reask")},
        coverage=Coverage(
            characters=sum(len(mention.text) for mention in issue.mentions),
            mentions=dict(Counter(mention.part for mention in issue.mentions)),
            stories=len(stories),
            shown=plan.shown,
        ),
    )
