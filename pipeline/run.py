"""The stages in order: from the page of one issue to its digest.

The only module that knows the order, and the only one with a thread pool. Follow `make` for the
way of one item from page to digest.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, NamedTuple

from pipeline.chinese import glossary
from pipeline.edits.anchors import key
from pipeline.edits.apply import Text, arrange, placed
from pipeline.edits.previous import edits_of
from pipeline.errors import ModelInvalid
from pipeline.history import Memory, Recalled, earlier, recall
from pipeline.llm.factory import Sizes
from pipeline.llm.fallback import Asked
from pipeline.llm.prompts import Ask, load
from pipeline.merge.coverage import cover, recover
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.plan import Job, Show
from pipeline.records import (
    Choice,
    Digest,
    Drop,
    Edit,
    Entry,
    Finding,
    Issue,
    Provenance,
    Record,
    Selection,
    Story,
)
from pipeline.select.selection import Limits, Plan, prepare, select
from pipeline.verify.link_choice import attribute

if TYPE_CHECKING:
    from pipeline.drafts import Told

_PROMPTS = ("select", "translate", "mend", "format", "reask")
# A choice that takes so long is asked for, and not known.
_ASKED_S = 0.6


class Start(Record):
    """All that is known before the model is asked."""

    job: Job
    """Page and digest date."""
    how: Sizes
    """Which model is asked, and how large the questions are."""
    issue: Issue
    """The parsed issue."""
    memory: Memory
    """What earlier digests told."""
    recalled: Recalled
    """Its stories, without those that an earlier digest told."""
    plan: Plan
    """The first questions."""
    stories: tuple[Story, ...]
    """All its stories, those that were told included: an edit may name any of them."""
    edits: tuple[Edit, ...] = ()
    """What was changed by hand in the digest that is made again."""


class Kept(NamedTuple):
    """What is not asked for, since the digest that is edited says it."""

    told: "Callable[[Choice], Told | None]"
    """Gives what is known of a story; None where it has to be told."""
    chosen: Selection | None = None
    """The stories of the digest; None where the model's choice is known."""
    provenance: Provenance | None = None
    """Where it came from, where `chosen` is given."""


def begin(job: Job, *, how: Sizes, show: Show, outputs: Path | None = None) -> Start:
    """Do all that needs no model: parse, merge, recall, and the first questions.

    Args:
        job: the page and the digest date.
        how: which model will be asked, and how large its questions are.
        show: where progress is told.
        outputs: folder of earlier digests, whose stories are not told again, and of the digest
            itself, whose edits are applied again; None for neither.

    Raises:
        PageNotUnderstood: the page holds no issue.
    """
    show.stage("parse")
    issue = parse(job.page)
    memory = Memory()
    if outputs is not None:
        memory = earlier(outputs, before=issue.date, slug=issue.slug, only=job.memory)
    stories = merge(issue)
    recalled = recall(stories, memory.told)
    limits = Limits(want=how.want, max_tokens=how.select_tokens, max_questions=how.select_questions)
    plan = prepare(recalled.stories, issue=issue, limits=limits)
    show.step()
    return Start(
        job=job,
        how=how,
        issue=issue,
        memory=memory,
        recalled=recalled,
        plan=plan,
        stories=stories,
        edits=edits_of(outputs, job.stem, issue.slug) if outputs is not None else (),
    )


def make(job: Job, *, ask: Ask, how: Sizes, show: Show, outputs: Path | None = None) -> Digest:
    """Turn one page into one digest: parse, merge, recall, select, translate, verify.

    Raises:
        PageNotUnderstood: the page holds no issue.
        ModelError: the model could not be asked, or could tell no story at all.
    """
    return finish(begin(job, how=how, show=show, outputs=outputs), ask=ask, show=show)


def finish(
    start: Start, *, ask: Ask, show: Show, pool: Executor | None = None, kept: Kept | None = None
) -> Digest:
    """Do all that needs the model: select, translate, verify and repair, and what is by hand.

    Args:
        start: what is known before.
        ask: the model.
        show: where progress is told.
        pool: threads for the questions, which several issues may share; must not be those that
            this is called in. Without it there is one for this issue alone.
        kept: what is not asked for; only an edit of a digest that exists has such.

    Raises:
        ModelError: the model could not be asked, or could tell no story at all.
    """
    if pool is not None:
        return _finish(start, ask, show, pool, kept)
    pool = ThreadPoolExecutor(start.how.in_flight, thread_name_prefix="ask")
    try:
        return _finish(start, ask, show, pool, kept)
    finally:
        # On an error or Ctrl-C nobody waits for the questions that are still on their way.
        pool.shutdown(wait=False, cancel_futures=True)


def _finish(start: Start, ask: Ask, show: Show, pool: Executor, kept: Kept | None) -> Digest:
    show.stage("select")
    # What is needed for telling takes a quarter of a second to load: while the model chooses.
    loading = Timer(_ASKED_S, _load)
    loading.daemon = True
    loading.start()
    try:
        chosen = (kept and kept.chosen) or _choose(start, ask, pool)
    finally:
        loading.cancel()
    from pipeline.drafts import reword, tell_all, told_for

    show.step()
    # By hand, before anything is told: which stories.
    by_hand = arrange(
        chosen,
        start.edits,
        stories=start.stories,
        follows=start.recalled.follows,
        want=start.how.want,
    )
    chosen, texts, touched = by_hand.selection, by_hand.texts, by_hand.touched
    show.stage("translate", len(chosen.news) + len(chosen.tools))
    telling = partial(_told, start=start, ask=ask, show=show, kept=kept, texts=texts)
    told, drops = tell_all(chosen, telling, pool, stay=touched)
    if all(each.entry is None for each in told):
        raise ModelInvalid(f"no story of {start.issue.slug!r} could be told: {told[0].reason}")
    # By hand, after everything is told: which words, and which places.
    told = [reword(each, texts.get(each.name), touched.get(each.name)) for each in told]
    news, tools = (
        placed(told_for(told, kind), by_hand.places, lambda each: each.name)
        for kind in ("news", "tool")
    )
    if start.edits:
        show.note(f"{by_hand.applied} of {len(start.edits)} edits applied")
    entries = _linked([*news, *tools])
    drops = [*chosen.drops, *drops, *by_hand.drops]
    return Digest(
        date=start.job.date,
        issue_url=start.issue.url,
        news=entries[: len(news)],
        tools=entries[len(news) :],
        findings=(*_findings(news, tools, entries), *by_hand.findings),
        drops=tuple(drops),
        edits=start.edits,
        provenance=_provenance(start, ask, kept and kept.provenance, entries, drops),
    )


def _load() -> None:
    """Load what the first telling would."""
    from pipeline.drafts import ready

    ready()


def _choose(start: Start, ask: Ask, pool: Executor) -> Selection:
    """Ask which stories are told; what was told before is left out, too."""
    recalled = start.recalled
    chosen = select(
        recalled.stories,
        issue=start.issue,
        ask=ask,
        plan=start.plan,
        follows=recalled.follows,
        each=pool.map,
    )
    return chosen.model_copy(update={"drops": (*recalled.drops, *chosen.drops)})


def _told(
    choice: Choice,
    *,
    start: Start,
    ask: Ask,
    show: Show,
    kept: Kept | None,
    texts: Mapping[str, Text],
) -> "Told":
    """Tell one story, unless it is told by hand or known."""
    from pipeline.drafts import tell, unasked

    text = texts.get(choice.story.id)
    known = unasked(choice) if text and text.whole else kept and kept.told(choice)
    told = known or tell(choice, issue=start.issue, ask=ask, how=start.how)
    if told.fit:
        show.step()
    return told


def _linked(told: "Sequence[Told]") -> tuple[Entry, ...]:
    """Give each entry the link that is about what it tells."""
    pairs = [(each.published, each.choice.story) for each in told]
    links = attribute(pairs)
    return tuple(
        entry.model_copy(update={"link": link})
        for (entry, _), link in zip(pairs, links, strict=True)
    )


def _findings(
    news: "Sequence[Told]", tools: "Sequence[Told]", entries: Sequence[Entry]
) -> tuple[Finding, ...]:
    """Name the findings of what is published by the place where it stands: `news:3`."""
    from pipeline.verify.registry import repeats

    places = {
        each.choice.story.id: f"{section}:{number}"
        for section, half in (("news", news), ("tools", tools))
        for number, each in enumerate(half, start=1)
    }
    found = [finding for each in (*news, *tools) for finding in each.findings]
    found += repeats(entries)
    return tuple(each.model_copy(update={"entry": places[each.entry]}) for each in found)


def _provenance(
    start: Start,
    ask: Ask,
    known: Provenance | None,
    entries: Sequence[Entry],
    drops: Sequence[Drop],
) -> Provenance:
    """Say where a digest comes from; an edit of a digest leaves what it says of that."""
    issue, page, how = start.issue, start.job.page, start.how
    told = {entry.story for entry in entries if entry.story}
    if known is not None:
        if known.page_sha256 != page.sha256:
            return known
        coverage = recover(known.coverage, stories=start.stories, told=told, drops=drops)
        return known.model_copy(update={"coverage": coverage})
    prompts = {name: load(name).sha256 for name in _PROMPTS}
    return Provenance(
        slug=issue.slug,
        title=issue.title,
        issue_date=issue.date,
        source=page.source,
        page_sha256=page.sha256,
        model=ask.named(how.model) if isinstance(ask, Asked) else how.model,
        prompts={**prompts, "glossary": glossary.sha256()},
        settings=how.settings,
        memory=start.memory.digests,
        mentions=" ".join(key(mention.text)[:8] for mention in issue.mentions),
        coverage=cover(
            issue, stories=start.stories, told=told, drops=drops, shown=start.plan.names
        ),
    )
