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

from pipeline.chinese import glossary_sha256
from pipeline.edits import ManualText, apply_edits, order_by_places, read_edits, text_key
from pipeline.errors import ModelInvalid
from pipeline.history import History, RepeatSearch, find_repeats, read_history
from pipeline.llm import Ask, DigestAsk, ModelProfile, load_prompt
from pipeline.merge import compute_coverage, merge, update_coverage
from pipeline.parse import parse
from pipeline.plan import PreparedJob
from pipeline.progress import Progress
from pipeline.records import (
    Digest,
    DroppedItem,
    Edit,
    Entry,
    Finding,
    Issue,
    Provenance,
    Record,
    SelectedStory,
    Selection,
    Story,
)
from pipeline.select import SelectionLimits, SelectionPlan, plan_selection, select
from pipeline.verify import choose_links

if TYPE_CHECKING:
    from pipeline.drafts import DraftEntry

_PROMPT_NAMES = ("select", "translate", "mend", "format", "reask")
# A choice that takes so long is asked for, and not known.
_PRELOAD_DELAY_S = 0.6


class GenerationInput(Record):
    """All that is known before the model is asked."""

    job: PreparedJob
    """Page and digest date."""
    profile: ModelProfile
    """Which model is asked, and how large the questions are."""
    issue: Issue
    """The parsed issue."""
    memory: History
    """What earlier digests told."""
    recalled: RepeatSearch
    """Its stories, without those that an earlier digest told."""
    plan: SelectionPlan
    """The first questions."""
    stories: tuple[Story, ...]
    """All its stories, those that were told included: an edit may name any of them."""
    edits: tuple[Edit, ...] = ()
    """What was changed by hand in the digest that is made again."""


class ReusedEntries(NamedTuple):
    """What is not asked for, since the digest that is edited says it."""

    find_draft: "Callable[[SelectedStory], DraftEntry | None]"
    """Gives what is known of a story; None where it has to be told."""
    selection: Selection | None = None
    """The stories of the digest; None where the model's choice is known."""
    provenance: Provenance | None = None
    """Where it came from, where `chosen` is given."""


def prepare(
    job: PreparedJob, *, profile: ModelProfile, progress: Progress, outputs: Path | None = None
) -> GenerationInput:
    """Do all that needs no model: parse, merge, recall, and the first questions.

    Args:
        job: the page and the digest date.
        profile: which model will be asked, and how large its questions are.
        progress: where progress is told.
        outputs: folder of earlier digests, whose stories are not told again, and of the digest
            itself, whose edits are applied again; None for neither.

    Raises:
        PageNotUnderstood: the page holds no issue.
    """
    progress.stage("parse")
    issue = parse(job.page)
    memory = History()
    if outputs is not None:
        memory = read_history(outputs, before=issue.date, slug=issue.slug, only=job.memory)
    stories = merge(issue)
    recalled = find_repeats(stories, memory.entries)
    limits = SelectionLimits(
        want=profile.want, max_tokens=profile.select_tokens, max_questions=profile.select_questions
    )
    plan = plan_selection(recalled.stories, issue=issue, limits=limits)
    progress.step()
    return GenerationInput(
        job=job,
        profile=profile,
        issue=issue,
        memory=memory,
        recalled=recalled,
        plan=plan,
        stories=stories,
        edits=read_edits(outputs, job.stem, issue.slug) if outputs is not None else (),
    )


def make_digest(
    job: PreparedJob,
    *,
    ask: Ask,
    profile: ModelProfile,
    progress: Progress,
    outputs: Path | None = None,
) -> Digest:
    """Turn one page into one digest: parse, merge, recall, select, translate, verify.

    Raises:
        PageNotUnderstood: the page holds no issue.
        ModelError: the model could not be asked, or could tell no story at all.
    """
    return generate(
        prepare(job, profile=profile, progress=progress, outputs=outputs),
        ask=ask,
        progress=progress,
    )


def generate(
    inputs: GenerationInput,
    *,
    ask: Ask,
    progress: Progress,
    pool: Executor | None = None,
    reused: ReusedEntries | None = None,
) -> Digest:
    """Do all that needs the model: select, translate, verify and repair, and what is by hand.

    Args:
        inputs: what is known before.
        ask: the model.
        progress: where progress is told.
        pool: threads for the questions, which several issues may share; must not be those that
            this is called in. Without it there is one for this issue alone.
        reused: what is not asked for; only an edit of a digest that exists has such.

    Raises:
        ModelError: the model could not be asked, or could tell no story at all.
    """
    if pool is not None:
        return _generate(inputs, ask, progress, pool, reused)
    pool = ThreadPoolExecutor(inputs.profile.in_flight, thread_name_prefix="ask")
    try:
        return _generate(inputs, ask, progress, pool, reused)
    finally:
        # On an error or Ctrl-C nobody waits for the questions that are still on their way.
        pool.shutdown(wait=False, cancel_futures=True)


def _generate(
    inputs: GenerationInput,
    ask: Ask,
    progress: Progress,
    pool: Executor,
    reused: ReusedEntries | None,
) -> Digest:
    progress.stage("select")
    # What is needed for telling takes a quarter of a second to load: while the model chooses.
    loading = Timer(_PRELOAD_DELAY_S, _preload)
    loading.daemon = True
    loading.start()
    try:
        chosen = (reused and reused.selection) or _select(inputs, ask, pool)
    finally:
        loading.cancel()
    from pipeline.drafts import apply_manual_text, drafts_of_kind, translate_all

    progress.step()
    # By hand, before anything is told: which stories.
    by_hand = apply_edits(
        chosen,
        inputs.edits,
        stories=inputs.stories,
        follows=inputs.recalled.follows,
        want=inputs.profile.want,
    )
    chosen, texts, touched = by_hand.selection, by_hand.texts, by_hand.edited_fields
    progress.stage("translate", len(chosen.news) + len(chosen.tools))
    telling = partial(
        _translate_story, inputs=inputs, ask=ask, progress=progress, reused=reused, texts=texts
    )
    told, drops = translate_all(chosen, telling, pool, must_stay=touched)
    if all(each.entry is None for each in told):
        raise ModelInvalid(f"no story of {inputs.issue.slug!r} could be told: {told[0].reason}")
    # By hand, after everything is told: which words, and which places.
    told = [
        apply_manual_text(each, texts.get(each.story_id), touched.get(each.story_id))
        for each in told
    ]
    news, tools = (
        order_by_places(drafts_of_kind(told, kind), by_hand.places, lambda each: each.story_id)
        for kind in ("news", "tool")
    )
    if inputs.edits:
        progress.note(f"{by_hand.applied_count} of {len(inputs.edits)} edits applied")
    entries = _attribute_links([*news, *tools])
    drops = [*chosen.drops, *drops, *by_hand.drops]
    return Digest(
        date=inputs.job.date,
        issue_url=inputs.issue.url,
        news=entries[: len(news)],
        tools=entries[len(news) :],
        findings=(*_locate_findings(news, tools, entries), *by_hand.findings),
        drops=tuple(drops),
        edits=inputs.edits,
        provenance=_provenance(inputs, ask, reused and reused.provenance, entries, drops),
    )


def _preload() -> None:
    """Load what the first telling would."""
    from pipeline.drafts import preload

    preload()


def _select(inputs: GenerationInput, ask: Ask, pool: Executor) -> Selection:
    """Ask which stories are told; what was told before is left out, too."""
    recalled = inputs.recalled
    chosen = select(
        recalled.stories,
        issue=inputs.issue,
        ask=ask,
        plan=inputs.plan,
        follows=recalled.follows,
        map_function=pool.map,
    )
    return chosen.model_copy(update={"drops": (*recalled.drops, *chosen.drops)})


def _translate_story(
    choice: SelectedStory,
    *,
    inputs: GenerationInput,
    ask: Ask,
    progress: Progress,
    reused: ReusedEntries | None,
    texts: Mapping[str, ManualText],
) -> "DraftEntry":
    """Tell one story, unless it is told by hand or known."""
    from pipeline.drafts import quoted_draft, translate_checked

    text = texts.get(choice.story.id)
    known = (
        quoted_draft(choice) if text and text.is_complete else reused and reused.find_draft(choice)
    )
    told = known or translate_checked(choice, issue=inputs.issue, ask=ask, profile=inputs.profile)
    if told.passed:
        progress.step()
    return told


def _attribute_links(drafts: "Sequence[DraftEntry]") -> tuple[Entry, ...]:
    """Give each entry the link that is about what it tells."""
    pairs = [(each.published_entry, each.choice.story) for each in drafts]
    links = choose_links(pairs)
    return tuple(
        entry.model_copy(update={"link": link})
        for (entry, _), link in zip(pairs, links, strict=True)
    )


def _locate_findings(
    news: "Sequence[DraftEntry]", tools: "Sequence[DraftEntry]", entries: Sequence[Entry]
) -> tuple[Finding, ...]:
    """Name the findings of what is published by the place where it stands: `news:3`."""
    from pipeline.verify import shared_links

    places = {
        each.choice.story.id: f"{section}:{number}"
        for section, half in (("news", news), ("tools", tools))
        for number, each in enumerate(half, start=1)
    }
    found = [finding for each in (*news, *tools) for finding in each.findings]
    found += shared_links(entries)
    return tuple(each.model_copy(update={"entry": places[each.entry]}) for each in found)


def _provenance(
    inputs: GenerationInput,
    ask: Ask,
    previous: Provenance | None,
    entries: Sequence[Entry],
    drops: Sequence[DroppedItem],
) -> Provenance:
    """Say where a digest comes from; an edit of a digest leaves what it says of that."""
    issue, page, how = inputs.issue, inputs.job.page, inputs.profile
    told = {entry.story for entry in entries if entry.story}
    if previous is not None:
        if previous.page_sha256 != page.sha256:
            return previous
        coverage = update_coverage(
            previous.coverage, stories=inputs.stories, published=told, drops=drops
        )
        return previous.model_copy(update={"coverage": coverage})
    prompts = {name: load_prompt(name).sha256 for name in _PROMPT_NAMES}
    return Provenance(
        slug=issue.slug,
        title=issue.title,
        issue_date=issue.date,
        source=page.source,
        page_sha256=page.sha256,
        model=ask.model_names(how.model) if isinstance(ask, DigestAsk) else how.model,
        prompts={**prompts, "glossary": glossary_sha256()},
        settings=how.settings,
        memory=inputs.memory.digests,
        mentions=" ".join(text_key(mention.text)[:8] for mention in issue.mentions),
        coverage=compute_coverage(
            issue, stories=inputs.stories, published=told, drops=drops, shown=inputs.plan.story_ids
        ),
    )
