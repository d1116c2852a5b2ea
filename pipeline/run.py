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
    Finding,
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

_MENDS = 2  # how often a story is told again that said what its evidence does not


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

        def tell(choice: Choice) -> Told:
            told = _tell(choice, issue=issue, ask=ask, how=how)
            if told.fit:
                show.step()
            return told

        told, drops = _tell_all(chosen, tell, pool)
    finally:
        # On an error or Ctrl-C nobody waits for the questions that are still on their way.
        pool.shutdown(wait=False, cancel_futures=True)
    entries = [each.entry for each in told if each.entry is not None]
    if not entries:
        raise ModelInvalid(f"no story of {issue.slug!r} could be told: {drops[0].reason}")
    found = [finding for each in told for finding in each.findings]
    return Digest(
        date=job.date,
        issue_url=issue.url,
        news=tuple(entry for entry in entries if entry.kind == "news"),
        tools=tuple(entry for entry in entries if entry.kind == "tool"),
        findings=(*found, *repeats(entries)),
        drops=(*chosen.drops, *drops),
        provenance=_provenance(job.page, issue, stories, plan, how),
    )


class Told(Record):
    """What came of telling one story."""

    kind: Kind
    """The half of the digest it was told for."""
    entry: Entry | None
    """The entry; None where the model gave none."""
    findings: tuple[Finding, ...] = ()
    """What the entry says that its story does not, after the last try."""
    drop: Drop
    """Why it is left out, if it has to be."""

    @property
    def fit(self) -> bool:
        """Whether it may be published as it is."""
        return self.entry is not None and all(f.severity != "error" for f in self.findings)


def _tell(choice: Choice, *, issue: Issue, ask: Ask, how: Sizes) -> Told:
    """Tell one story, and again when it says what its evidence does not, at most twice."""
    name = choice.story.id
    entry: Entry | None = None
    findings: tuple[Finding, ...] = ()
    try:
        for _ in range(_MENDS + 1):
            entry = translate(
                choice,
                issue_date=issue.date,
                ask=ask,
                max_evidence_chars=how.evidence_chars,
                mend=[finding for finding in findings if finding.severity == "error"],
            )
            findings = verify(entry, choice.story)
            if all(finding.severity != "error" for finding in findings):
                break
    except (ModelInvalid, ModelRefused) as error:
        drop = Drop(what=name, reason=str(error))
        return Told(kind=choice.kind, entry=entry, findings=findings, drop=drop)
    wrong = ", ".join(f"{finding.check} {finding.found!r}" for finding in findings)
    drop = Drop(what=name, reason=f"says what its evidence does not: {wrong}")
    return Told(kind=choice.kind, entry=entry, findings=findings, drop=drop)


def _tell_all(
    chosen: Selection, tell: Callable[[Choice], Told], pool: Executor
) -> tuple[list[Told], list[Drop]]:
    """Tell the chosen stories; a spare takes the place of each that cannot be told.

    Spares are handed out in rounds and in order, so that the digest does not depend on which
    answer came first. When they run out, entries that say what their evidence does not come back
    with their findings, the earliest first.
    """
    kept: list[Told] = []
    failed: list[Told] = []
    spares = iter(chosen.spares)
    waiting = [*chosen.news, *chosen.tools]
    missing: list[Kind] = []
    while waiting:
        told = list(pool.map(tell, waiting))
        kept += [each for each in told if each.fit]
        failed += [each for each in told if not each.fit]
        missing += [each.kind for each in told if not each.fit]
        waiting = []
        while missing and (spare := next(spares, None)):
            waiting.append(spare.model_copy(update={"kind": missing.pop(0)}))
    for kind in missing:
        back = next((each for each in failed if each.kind == kind and each.entry), None)
        if back is not None:
            failed.remove(back)
            kept.append(back)
    return kept, [each.drop for each in failed]


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
        prompts={
            name: load(name).sha256 for name in ("select", "translate", "mend", "format", "reask")
        },
        coverage=Coverage(
            characters=sum(len(mention.text) for mention in issue.mentions),
            mentions=dict(Counter(mention.part for mention in issue.mentions)),
            stories=len(stories),
            shown=plan.shown,
        ),
    )
