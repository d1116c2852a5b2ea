"""The stages in order: from the page of one issue to its digest.

The only module that knows the order, and the only one with a thread pool. `prepare` does what needs
no model, `generate` the rest. Writing the digest is the business of `publish`.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path

from pydantic import Field

from pipeline.chinese import glossary_sha256
from pipeline.edits import (
    EditedSelection,
    added_stories,
    apply_edits,
    make_anchor,
    name_remark_prompt,
    read_edits,
    text_key,
)
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
    Reason,
    Record,
    Selection,
    Story,
)
from pipeline.select import (
    SelectionLimits,
    SelectionPlan,
    SelectionRun,
    plan_selection,
    select,
    select_by_code,
)
from pipeline.tell import ReusedEntries, TellingRun, drafts_by_place, load_checks, tell, tell_one
from pipeline.translate import DraftEntry, EarlyDrafts, Translation, preloading

_PROMPT_NAMES = ("select", "translate", "mend", "format", "reask")
_PLAIN_PROMPT_NAMES = ("translate_sentence",)


class GenerationInput(Record):
    """All that is known before the model is asked."""

    job: PreparedJob
    profile: ModelProfile
    """Which model is asked, and how large the questions are."""
    issue: Issue
    memory: History
    repeats: RepeatSearch
    """The stories without those that an earlier digest published."""
    plan: SelectionPlan
    stories: tuple[Story, ...]
    """All stories, published ones included: an edit may name any of them."""
    edits: tuple[Edit, ...] = ()
    """What was changed by hand in the digest that is made again."""
    links: dict[str, str | None] = Field(default_factory=dict)
    """Links that the digest that is edited shows and keeps, by `event_key`."""

    def without_page_text(self) -> "GenerationInput":
        """Give the same without the text of the page, which only edits are looked for in again."""
        page = self.job.page.model_copy(update={"text": ""})
        return self.model_copy(update={"job": self.job.model_copy(update={"page": page})})

    def with_edits(self, edits: Sequence[Edit]) -> "GenerationInput":
        """Give the same with other edits, and with the stories that these add to the issue's."""
        mentions = {mention.id for mention in self.issue.mentions}
        stories = tuple(story for story in self.stories if story.mentions[0].id in mentions)
        added = added_stories(edits, page=self.job.page, issue=self.issue, stories=stories)
        more = {"edits": tuple(edits), "stories": (*stories, *added)}
        return self.model_copy(update=more)


def prepare(
    job: PreparedJob,
    *,
    profile: ModelProfile,
    progress: Progress,
    outputs: Path | None = None,
    index_dir: Path | None = None,
) -> GenerationInput:
    """Do all that needs no model: parse, merge, find repeats, plan the selection.

    `outputs` holds earlier digests, whose stories are not published again, and the digest itself,
    whose edits are applied again; None for neither.

    Raises:
        PageNotUnderstood: the page holds no issue.
    """
    progress.stage("parse")
    issue = parse(job.page)
    for drop in issue.drops:
        progress.note(f"warning: the page has too much: {drop.what}: {drop.reason}")
    memory = History()
    edits: tuple[Edit, ...] = ()
    if outputs is not None:
        memory = read_history(
            outputs, before=issue.date, slug=issue.slug, only=job.memory, index_dir=index_dir
        )
        edits = read_edits(outputs, job.stem, issue.slug)
    stories = merge(issue)
    repeats = find_repeats(stories, memory.entries)
    limits = SelectionLimits(
        want=profile.want, max_tokens=profile.select_tokens, max_questions=profile.select_questions
    )
    plan = plan_selection(repeats.stories, issue=issue, limits=limits)
    progress.step()
    inputs = GenerationInput(
        job=job,
        profile=profile,
        issue=issue,
        memory=memory,
        repeats=repeats,
        plan=plan,
        stories=stories,
    )
    return inputs.with_edits(edits) if edits else inputs


def generate(
    inputs: GenerationInput,
    *,
    ask: Ask,
    progress: Progress,
    pool: Executor | None = None,
    reused: ReusedEntries | None = None,
) -> Digest:
    """Do all that needs the model: select, edits, translate and verify, proofread, assemble.

    Several issues may share `pool`, which must not be the one that this is called in; without it
    there is one for this issue alone. `reused` is not asked for, where a digest that exists is
    edited.

    Raises:
        ModelError: the model could not be asked, or wrote no entry at all.
    """
    with ExitStack() as stack:
        threads = stack.enter_context(_question_pool(inputs.profile, pool))
        run = TellingRun(
            issue=inputs.issue,
            profile=inputs.profile,
            ask=ask,
            threads=threads,
            progress=progress,
            has_edits=bool(inputs.edits),
            reused=reused,
            links=inputs.links,
        )
        early = stack.enter_context(closing(EarlyDrafts(partial(tell_one, run=run), threads)))
        progress.stage("select")
        selection = _select(inputs, run, early)
        early.keep_only([choice.story.id for choice in selection.chosen])
        if selection.shown_ids is not None:
            plan = inputs.plan.model_copy(update={"story_ids": selection.shown_ids})
            inputs = inputs.model_copy(update={"plan": plan})
        progress.step()
        edited = apply_edits(
            selection,
            inputs.edits,
            stories=inputs.stories,
            follows=inputs.repeats.follows,
            want=inputs.profile.want,
        )
        told_with = run._replace(remarks=edited.remarks, early=early)
        translation = tell(selection, edited, told_with)
    if inputs.edits:
        progress.note(f"{edited.applied_count} of {len(inputs.edits)} edits applied")
    return _assemble(inputs, edited, translation, ask, reused)


@contextmanager
def _question_pool(profile: ModelProfile, shared: Executor | None) -> Iterator[Executor]:
    """Give the shared threads, or some for one issue."""
    if shared is not None:
        yield shared
        return
    pool = ThreadPoolExecutor(profile.threads, thread_name_prefix="ask")
    try:
        yield pool
    finally:
        # On an error or Ctrl-C nobody waits for the questions that are still on their way.
        pool.shutdown(wait=False, cancel_futures=True)


def _select(inputs: GenerationInput, run: TellingRun, early: EarlyDrafts) -> Selection:
    """Select the stories, unless they are known; its drops include the repeats.

    What a digest has without edits is begun as soon as it is chosen.
    """
    if run.reused and run.reused.selection:
        return run.reused.selection
    repeats = inputs.repeats
    if inputs.profile.plain:
        from pipeline.translate import facts_told, how_told

        selection = select_by_code(
            repeats.stories,
            want=inputs.profile.want,
            follows=repeats.follows,
            how_told=lambda story: how_told(story, kind=story.salience.leaning),
            facts_told=facts_told,
        )
        return selection.model_copy(update={"drops": (*repeats.drops, *selection.drops)})
    selection = select(
        repeats.stories,
        issue=inputs.issue,
        ask=preloading(run.ask, load_checks),
        plan=inputs.plan,
        follows=repeats.follows,
        run=SelectionRun(
            map_function=run.map,
            on_choice=None if run.reused or inputs.edits else early.begin,
        ),
    )
    return selection.model_copy(update={"drops": (*repeats.drops, *selection.drops)})


def _assemble(
    inputs: GenerationInput,
    edited: EditedSelection,
    translation: Translation,
    ask: Ask,
    reused: ReusedEntries | None,
) -> Digest:
    """Put the drafts in their order, and say of the whole what was found and dropped."""
    drafts = list(drafts_by_place(translation, edited.places).values())
    entries = tuple(draft.published_entry for draft in drafts)
    news = sum(draft.choice.kind == "news" for draft in drafts)
    drops = (
        *inputs.issue.drops,
        *edited.selection.drops,
        *translation.drops,
        *edited.drops,
    )
    digest = Digest(
        date=inputs.job.date,
        issue_url=inputs.issue.url,
        news=entries[:news],
        tools=entries[news:],
        drops=drops,
        edits=inputs.edits,
        provenance=name_remark_prompt(
            _provenance(inputs, ask, reused and reused.provenance, entries, drops), inputs.edits
        ),
    )
    told = {entry.story for entry in entries}
    lost = [choice.story for choice in translation.untold]
    if inputs.profile.plain:  # what has no sentence that can be told was not even chosen
        unsaid = {drop.what for drop in drops if drop.reason.code == "no_sentence"}
        empty = max(2 * inputs.profile.want - len(entries) - len(lost), 0)
        lost += [story for story in inputs.stories if story.id in unsaid][:empty]
    untold = (*(reused.untold if reused else ()), *map(_untold, lost))
    findings = (
        *_locate_findings(digest, translation.drafts),
        *dict.fromkeys(finding for finding in untold if finding.entry not in told),
        *edited.findings,
    )
    return digest.model_copy(update={"findings": findings})


def _untold(story: Story) -> Finding:
    """Say that a place stays empty, since its story cannot be told and no other is left."""
    return Finding(
        entry=story.id,
        check="told",
        severity="warning",
        expected="",
        found=str(Reason.of("place_empty", make_anchor(story).words)),
    )


def _locate_findings(digest: Digest, drafts: Sequence[DraftEntry]) -> Iterator[Finding]:
    """Give the findings on the entries of a digest, each with its place, such as `news:3`."""
    from pipeline.verify import repeated_entries

    findings = {draft.story_id: draft.findings for draft in drafts}
    places = {entry.story: place for place, entry in digest.placed}
    for entry in digest.entries:
        for finding in findings[entry.story or ""]:
            yield finding.model_copy(update={"entry": places[finding.entry]})
    # Named by their places, which say to everybody which entry is repeated.
    yield from repeated_entries(
        [entry.model_copy(update={"story": place}) for place, entry in digest.placed]
    )


def _provenance(
    inputs: GenerationInput,
    ask: Ask,
    previous: Provenance | None,
    entries: Sequence[Entry],
    drops: Sequence[DroppedItem],
) -> Provenance:
    """Say where a digest comes from; that of an edited digest stays, but for its coverage."""
    issue, page, profile = inputs.issue, inputs.job.page, inputs.profile
    published = {entry.story for entry in entries if entry.story}
    if previous is not None:
        if previous.page_sha256 != page.sha256:
            return previous
        coverage = update_coverage(
            previous.coverage, stories=inputs.stories, published=published, drops=drops
        )
        return previous.model_copy(update={"coverage": coverage})
    names = _PLAIN_PROMPT_NAMES if profile.plain else _PROMPT_NAMES
    if profile.proofreads:
        names = (*names, "proofread")
    prompts = {name: load_prompt(name).sha256 for name in names}
    return Provenance(
        slug=issue.slug,
        title=issue.title,
        issue_date=issue.date,
        source=page.source,
        page_sha256=page.sha256,
        model=ask.model_names(profile.model) if isinstance(ask, DigestAsk) else profile.model,
        prompts={**prompts, "glossary": glossary_sha256()},
        settings=profile.settings,
        profile="plain" if profile.plain else None,
        memory=inputs.memory.digests,
        mentions=" ".join(text_key(mention.text)[:8] for mention in issue.mentions),
        coverage=compute_coverage(
            issue,
            stories=inputs.stories,
            published=published,
            drops=drops,
            shown=None if profile.plain else inputs.plan.story_ids,
        ),
    )
