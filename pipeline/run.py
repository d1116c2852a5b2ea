"""The stages in order: from what was asked for to the files of one digest.

The only module that knows the order, and the only one with a thread pool. Follow `make` for the
way of one item from page to digest.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from pipeline import glossary
from pipeline.backend import Sizes, open_model, sizes
from pipeline.cache import Cache
from pipeline.earlier import Recalled, earlier, recall
from pipeline.earlier import Told as Earlier
from pipeline.errors import ModelInvalid, ModelRefused, NotPublished
from pipeline.llm import Receipt
from pipeline.merge import merge
from pipeline.obtain import Job, Show, Wanted, obtain
from pipeline.parse import parse
from pipeline.prompt import Ask, load
from pipeline.quote import quote
from pipeline.records import (
    Choice,
    Coverage,
    Digest,
    Drop,
    Entry,
    Finding,
    Issue,
    Kind,
    Provenance,
    Record,
    Selection,
)
from pipeline.select import Limits, Plan, prepare, select
from pipeline.settings import Settings
from pipeline.translate import translate
from pipeline.verify import repeats, verify
from pipeline.write import discard_draft, write

_PROMPTS = ("select", "translate", "mend", "format", "reask")


class Made(Record):
    """What a run left behind."""

    digest: Digest
    """The digest."""
    path: Path
    """Its Markdown file; the JSON lies beside it."""
    receipt: Receipt
    """What the model cost."""


def run(
    wanted: Wanted, *, settings: Settings, today: dt.date, show: Show, stdin: BinaryIO
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
        NotPublished: too many entries passed no check; the digest went to `drafts/`.
        DigestError: any of the tree in `errors.py`; what was in `outputs/` before is untouched.
    """
    folder = settings.outputs_dir
    with ExitStack() as stack:
        cache = stack.enter_context(Cache(settings.cache_dir / "cache.sqlite"))
        job = obtain(wanted, settings=settings, cache=cache, today=today, show=show, stdin=stdin)
        if job is None:
            return None
        model = stack.enter_context(open_model(settings, cache, show.bytes))
        show.watch(lambda: model.receipt().brief())
        start = begin(job, how=sizes(settings), show=show, outputs=folder)
        digest = finish(start, ask=model.ask, show=show)
        show.stage("write")
        told = len(digest.news) + len(digest.tools)
        if digest.degraded > min(settings.max_degraded, told - 1):
            draft = write(digest, folder, job.stem, draft=True).markdown_path
            raise NotPublished(
                f"not published: {digest.degraded} of {told} entries of {job.page.slug!r} did not "
                f"pass the checks, and {settings.max_degraded} may; see {str(draft)!r}, then run "
                "again with another model or a higher AINEWS_MAX_DEGRADED"
            )
        written = write(digest, folder, job.stem)
        discard_draft(folder, job.stem)
        show.step()
        return Made(digest=digest, path=written.markdown_path, receipt=model.receipt())


class Start(Record):
    """All that is known before the model is asked."""

    job: Job
    """Page and digest date."""
    how: Sizes
    """Which model is asked, and how large the questions are."""
    issue: Issue
    """The parsed issue."""
    recalled: Recalled
    """Its stories, without those that an earlier digest told."""
    plan: Plan
    """The first questions."""


def begin(job: Job, *, how: Sizes, show: Show, outputs: Path | None = None) -> Start:
    """Do all that needs no model: parse, merge, recall, and the first questions.

    Args:
        job: the page and the digest date.
        how: which model will be asked, and how large its questions are.
        show: where progress is told.
        outputs: folder of earlier digests, whose stories are not told again; None for no memory.

    Raises:
        PageNotUnderstood: the page holds no issue.
    """
    show.stage("parse")
    issue = parse(job.page)
    told: Sequence[Earlier] = ()
    if outputs is not None:
        told = earlier(outputs, before=issue.date, slug=issue.slug)
    recalled = recall(merge(issue), told)
    limits = Limits(want=how.want, max_tokens=how.select_tokens, max_questions=how.select_questions)
    plan = prepare(recalled.stories, issue=issue, limits=limits)
    show.step()
    return Start(job=job, how=how, issue=issue, recalled=recalled, plan=plan)


def make(job: Job, *, ask: Ask, how: Sizes, show: Show, outputs: Path | None = None) -> Digest:
    """Turn one page into one digest: parse, merge, recall, select, translate, verify.

    Raises:
        PageNotUnderstood: the page holds no issue.
        ModelError: the model could not be asked, or could tell no story at all.
    """
    return finish(begin(job, how=how, show=show, outputs=outputs), ask=ask, show=show)


def finish(start: Start, *, ask: Ask, show: Show) -> Digest:
    """Do all that needs the model: select, translate, verify and repair.

    Raises:
        ModelError: the model could not be asked, or could tell no story at all.
    """
    issue, recalled = start.issue, start.recalled
    pool = ThreadPoolExecutor(start.how.in_flight, thread_name_prefix="ask")
    try:
        show.stage("select")
        chosen = select(
            recalled.stories,
            issue=issue,
            ask=ask,
            plan=start.plan,
            follows=recalled.follows,
            each=pool.map,
        )
        show.step()
        show.stage("translate", len(chosen.news) + len(chosen.tools))

        def tell(choice: Choice) -> Told:
            told = _tell(choice, issue=issue, ask=ask, how=start.how)
            if told.fit:
                show.step()
            return told

        told, drops = _tell_all(chosen, tell, pool)
    finally:
        # On an error or Ctrl-C nobody waits for the questions that are still on their way.
        pool.shutdown(wait=False, cancel_futures=True)
    if all(each.entry is None for each in told):
        raise ModelInvalid(f"no story of {issue.slug!r} could be told: {told[0].reason}")
    news = [each for each in told if each.choice.kind == "news"]
    tools = [each for each in told if each.choice.kind == "tool"]
    return Digest(
        date=start.job.date,
        issue_url=issue.url,
        news=tuple(each.published for each in news),
        tools=tuple(each.published for each in tools),
        findings=_findings(news, tools),
        drops=(*recalled.drops, *chosen.drops, *drops),
        provenance=_provenance(start),
    )


class Told(Record):
    """What came of telling one story."""

    choice: Choice
    """The story, and the half of the digest it was told for."""
    entry: Entry | None
    """The entry; None where the model gave none."""
    findings: tuple[Finding, ...] = ()
    """What did not pass the checks, after the last try."""
    asked: int = 1
    """How often it was asked for."""
    reason: str = ""
    """Why it is no entry, where it is none."""

    @property
    def fit(self) -> bool:
        """Whether it may be published as it is."""
        return self.entry is not None and not self.reason

    @property
    def published(self) -> Entry:
        """The entry, or the quotation that takes its place."""
        if self.entry is None or not self.fit:
            return quote(self.choice)
        return self.entry.model_copy(update={"tries": self.asked})


def _tell(choice: Choice, *, issue: Issue, ask: Ask, how: Sizes) -> Told:
    """Tell one story, and again with what did not pass the checks, as often as allowed."""
    terms = glossary.load()
    told = Told(choice=choice, entry=None, asked=0)
    for _ in range(how.mends + 1):
        errors = [finding for finding in told.findings if finding.severity == "error"]
        asked = told.asked + 1
        try:
            entry = translate(
                choice,
                issue_date=issue.date,
                ask=ask,
                terms=terms,
                max_evidence_chars=how.evidence_chars,
                mend=errors,
            )
        except (ModelInvalid, ModelRefused) as error:
            return told.model_copy(update={"asked": asked, "reason": str(error)})
        findings = verify(entry, choice.story, terms=terms)
        wrong = ", ".join(f"{f.check} {f.found!r}" for f in findings if f.severity == "error")
        reason = f"did not pass the checks: {wrong}" if wrong else ""
        told = Told(choice=choice, entry=entry, findings=findings, asked=asked, reason=reason)
        if told.fit:
            break
    return told


def _tell_all(
    chosen: Selection, tell: Callable[[Choice], Told], pool: Executor
) -> tuple[list[Told], list[Drop]]:
    """Tell the chosen stories; a spare takes the place of each that cannot be told.

    Spares are handed out in rounds and in order, those that lean to the missing kind first, so
    that the digest does not depend on which answer came first. When they run out, the earliest
    stories that could not be told come back, to be quoted.
    """
    kept: list[Told] = []
    failed: list[Told] = []
    spares = list(chosen.spares)
    waiting = [*chosen.news, *chosen.tools]
    missing: list[Kind] = []
    while waiting:
        told = list(pool.map(tell, waiting))
        kept += [each for each in told if each.fit]
        failed += [each for each in told if not each.fit]
        missing += [each.choice.kind for each in told if not each.fit]
        waiting = []
        while missing and spares:
            kind = missing.pop(0)
            spare = next((each for each in spares if each.kind == kind), spares[0])
            spares.remove(spare)
            waiting.append(spare.model_copy(update={"kind": kind}))
    for kind in missing:
        back = next((each for each in failed if each.choice.kind == kind), failed[0])
        failed.remove(back)
        kept.append(back.model_copy(update={"choice": _as(back.choice, kind)}))
    return kept, [Drop(what=each.choice.story.id, reason=each.reason) for each in failed]


def _as(choice: Choice, kind: Kind) -> Choice:
    return choice.model_copy(update={"kind": kind})


def _findings(news: Sequence[Told], tools: Sequence[Told]) -> tuple[Finding, ...]:
    """Name the findings of what is published by the place where it stands: `news:3`."""
    places = {
        each.choice.story.id: f"{section}:{number}"
        for section, half in (("news", news), ("tools", tools))
        for number, each in enumerate(half, start=1)
    }
    found = [finding for each in (*news, *tools) for finding in each.findings]
    found += repeats([each.published for each in (*news, *tools)])
    return tuple(each.model_copy(update={"entry": places[each.entry]}) for each in found)


def _provenance(start: Start) -> Provenance:
    issue, page = start.issue, start.job.page
    prompts = {name: load(name).sha256 for name in _PROMPTS}
    return Provenance(
        slug=issue.slug,
        title=issue.title,
        issue_date=issue.date,
        source=page.source,
        page_sha256=page.sha256,
        model=start.how.model,
        prompts={**prompts, "glossary": glossary.sha256()},
        coverage=Coverage(
            characters=sum(len(mention.text) for mention in issue.mentions),
            mentions=dict(Counter(mention.part for mention in issue.mentions)),
            stories=len(start.recalled.stories),
            shown=start.plan.shown,
        ),
    )
