"""The stages in order: from the page of one issue to its digest.

The only module that knows the order, and the only one with a thread pool. `prepare` does what needs
no model, `generate` the rest. Writing the digest is the business of `publish`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipeline.chinese import glossary_sha256
from pipeline.edits import (
    EditedSelection,
    apply_edits,
    apply_manual_text,
    order_by_places,
    read_edits,
    text_key,
)
from pipeline.errors import ModelInvalid
from pipeline.history import History, RepeatSearch, find_repeats, read_history
from pipeline.llm import Ask, DigestAsk, ModelProfile, load_prompt
from pipeline.merge import compute_coverage, merge, update_coverage
from pipeline.parse import parse
from pipeline.plan import PreparedJob
from pipeline.progress import Progress
from pipeline.proofread import PlacedEntry, Proofreading, proofread
from pipeline.records import (
    Digest,
    DroppedItem,
    Edit,
    Entry,
    EntryKind,
    Finding,
    Issue,
    Provenance,
    Record,
    SelectedStory,
    Selection,
    Story,
)
from pipeline.select import SelectionLimits, SelectionPlan, plan_selection, select
from pipeline.translate import (
    Checks,
    DraftEntry,
    Translation,
    preloading,
    quoted_draft,
    translate_all,
    translate_checked,
    try_again,
)

DraftsByPlace = Mapping[str, DraftEntry]
"""Drafts by their places in the digest, such as `news:3`."""
_PROMPT_NAMES = ("select", "translate", "mend", "format", "reask")
_PLAIN_PROMPT_NAMES = ("translate_plain", "mend_plain", "format", "reask")


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


class ReusedEntries(NamedTuple):
    """What the model is not asked for, since the digest that is edited holds it."""

    find_draft: Callable[[SelectedStory], DraftEntry | None]
    """Gives the draft of a story; None where the model has to translate it."""
    selection: Selection | None = None
    """The stories of the digest; None where the model's selection is cached."""
    provenance: Provenance | None = None
    """Where the digest came from, where `selection` is given."""
    proofread: bool = True
    """Whether they have been proofread, if digests are."""


def prepare(
    job: PreparedJob, *, profile: ModelProfile, progress: Progress, outputs: Path | None = None
) -> GenerationInput:
    """Do all that needs no model: parse, merge, find repeats, plan the selection.

    Args:
        job: the page and the digest date.
        profile: which model will be asked, and how large its questions are.
        progress: where progress is shown.
        outputs: folder of earlier digests, whose stories are not published again, and of the
            digest itself, whose edits are applied again; None for neither.

    Raises:
        PageNotUnderstood: the page holds no issue.
    """
    progress.stage("parse")
    issue = parse(job.page)
    memory = History()
    edits: tuple[Edit, ...] = ()
    if outputs is not None:
        memory = read_history(outputs, before=issue.date, slug=issue.slug, only=job.memory)
        edits = read_edits(outputs, job.stem, issue.slug)
    stories = merge(issue)
    repeats = find_repeats(stories, memory.entries)
    limits = SelectionLimits(
        want=profile.want, max_tokens=profile.select_tokens, max_questions=profile.select_questions
    )
    plan = plan_selection(repeats.stories, issue=issue, limits=limits)
    progress.step()
    return GenerationInput(
        job=job,
        profile=profile,
        issue=issue,
        memory=memory,
        repeats=repeats,
        plan=plan,
        stories=stories,
        edits=edits,
    )


def generate(
    inputs: GenerationInput,
    *,
    ask: Ask,
    progress: Progress,
    pool: Executor | None = None,
    reused: ReusedEntries | None = None,
) -> Digest:
    """Do all that needs the model: select, edits, translate and verify, proofread, assemble.

    Args:
        inputs: what is known before.
        ask: the model.
        progress: where progress is shown.
        pool: threads for the questions, which several issues may share; must not be those that
            this is called in. Without it there is one for this issue alone.
        reused: what is not asked for, where a digest that exists is edited.

    Raises:
        ModelError: the model could not be asked, or wrote no entry at all.
    """
    with _question_pool(inputs.profile, pool) as threads:
        progress.stage("select")
        selection = _select(inputs, ask, threads, reused)
        progress.step()
        edited = apply_edits(
            selection,
            inputs.edits,
            stories=inputs.stories,
            follows=inputs.repeats.follows,
            want=inputs.profile.want,
        )
        run = _Run(inputs, ask, threads, progress, reused)
        translation = _with_manual_text(_tell(selection, edited, run), edited)
    if inputs.edits:
        progress.note(f"{edited.applied_count} of {len(inputs.edits)} edits applied")
    return _assemble(inputs, edited, translation, ask, reused and reused.provenance)


@contextmanager
def _question_pool(profile: ModelProfile, shared: Executor | None) -> Iterator[Executor]:
    """Give the shared threads, or some for one issue."""
    if shared is not None:
        yield shared
        return
    pool = ThreadPoolExecutor(profile.in_flight, thread_name_prefix="ask")
    try:
        yield pool
    finally:
        # On an error or Ctrl-C nobody waits for the questions that are still on their way.
        pool.shutdown(wait=False, cancel_futures=True)


def _select(
    inputs: GenerationInput, ask: Ask, threads: Executor, reused: ReusedEntries | None
) -> Selection:
    """Select the stories, unless they are known; its drops include the repeats."""
    if reused and reused.selection:
        return reused.selection
    repeats = inputs.repeats
    with preloading(load_checks):
        selection = select(
            repeats.stories,
            issue=inputs.issue,
            ask=ask,
            plan=inputs.plan,
            follows=repeats.follows,
            map_function=threads.map,
        )
    return selection.model_copy(update={"drops": (*repeats.drops, *selection.drops)})


class _Run(NamedTuple):
    """What the entries of one digest are told with."""

    inputs: GenerationInput
    ask: Ask
    threads: Executor
    progress: Progress
    reused: ReusedEntries | None


def _tell(selection: Selection, edited: EditedSelection, run: _Run) -> Translation:
    """Translate and proofread, before the words by hand.

    With edits the digest is told as the model has it first, which asks nothing where it was told
    before: so an edit changes nothing but what it is about. What it brings in is proofread alone.
    """
    if not run.inputs.profile.proofreads:
        return _translate(edited, run)
    find_known = run.reused.find_draft if run.reused and run.reused.proofread else None
    if find_known is None:
        plain = EditedSelection(selection=selection)
        whole = _proofread_whole(_translate(plain, run), run)
        if not run.inputs.edits:
            return whole
        find_known = partial(_find_same, whole.drafts)
    translation = _translate(edited, run, find_known)
    drafts = [
        draft if find_known(draft.choice) else _proofread({"entry": draft}, run)["entry"]
        for draft in translation.drafts
    ]
    return translation._replace(drafts=drafts)


def _find_same(drafts: Sequence[DraftEntry], choice: SelectedStory) -> DraftEntry | None:
    """Find the draft that came of the same question."""
    return next(
        (
            draft.model_copy(update={"choice": choice})
            for draft in drafts
            if draft.choice.model_copy(update={"reason": choice.reason}) == choice and draft.passed
        ),
        None,
    )


def _translate(
    edited: EditedSelection,
    run: _Run,
    find_known: Callable[[SelectedStory], DraftEntry | None] = lambda _: None,
) -> Translation:
    """Translate the selected stories and verify each entry; nobody is asked for words by hand."""
    inputs, ask, threads, progress, reused = run
    checks = load_checks()
    progress.stage("translate", len(edited.selection.news) + len(edited.selection.tools))

    def find_draft(choice: SelectedStory) -> DraftEntry | None:
        text = edited.texts.get(choice.story.id)
        if text and text.is_complete:
            return quoted_draft(choice)
        return find_known(choice) or (reused.find_draft(choice) if reused else None)

    def translate_one(choice: SelectedStory) -> DraftEntry:
        draft = find_draft(choice) or translate_checked(
            choice, issue=inputs.issue, ask=ask, profile=inputs.profile, checks=checks
        )
        if draft.passed:
            progress.step()
        return draft

    drafts, drops = translate_all(
        edited.selection,
        translate_one,
        threads,
        must_stay=edited.edited_fields,
        first_alone=not inputs.profile.plain,
    )
    if all(draft.entry is None for draft in drafts):
        raise ModelInvalid(f"no story of {inputs.issue.slug!r} could be told: {drafts[0].reason}")
    return Translation(drafts, drops)


def _with_manual_text(translation: Translation, edited: EditedSelection) -> Translation:
    """Put words by hand in place of the model's."""
    checks = load_checks()
    manual = [
        apply_manual_text(
            draft,
            edited.texts.get(draft.story_id),
            edited.edited_fields.get(draft.story_id),
            checks=checks,
        )
        for draft in translation.drafts
    ]
    return translation._replace(drafts=manual)


def load_checks() -> Checks:
    """Import the checks, which is not worth the time before the model is asked."""
    from pipeline.verify import complete_citations, verify

    return Checks(verify=verify, cite=complete_citations)


def _proofread_whole(translation: Translation, run: _Run) -> Translation:
    """Have all entries of a digest read together."""
    read = _proofread(_drafts_by_place(translation, {}), run)
    return translation._replace(drafts=list(read.values()))


def _proofread(drafts: DraftsByPlace, run: _Run) -> dict[str, DraftEntry]:
    """Have entries read together, and try those again in which something is named.

    What is still named then stands as a warning; it changes nothing by itself.
    """
    run.progress.stage("proofread")
    first = _read(drafts, run)
    named = _group_by_place(first.findings)
    tried = _try_again({place: drafts[place] for place in named}, named, run)
    if tried:
        others = first.compared.difference(tried)
        second = _read(tried, run, {place: drafts[place] for place in drafts if place in others})
        named |= dict.fromkeys(tried, ()) | _group_by_place(second.findings)
    run.progress.step()
    return {
        place: _with_warnings(tried.get(place, draft), named.get(place, ()))
        for place, draft in drafts.items()
    }


def _read(drafts: DraftsByPlace, run: _Run, beside: DraftsByPlace | None = None) -> Proofreading:
    """Have drafts read; say where no answer came."""
    result = proofread(
        _placed_entries(drafts),
        ask=run.ask,
        beside=_placed_entries(beside or {}),
        map_function=run.threads.map,
    )
    for failure in result.failures:
        run.progress.note(f"not proofread: {failure}")
    return result


def _try_again(
    drafts: DraftsByPlace, named: Mapping[str, Sequence[Finding]], run: _Run
) -> dict[str, DraftEntry]:
    """Ask once more for what is named; give what came out otherwise and passed the checks."""
    tried = run.threads.map(
        lambda place: _ask_once_more(drafts[place], named[place], run), list(drafts)
    )
    return {
        place: draft
        for place, draft in zip(drafts, tried, strict=True)
        if draft is not drafts[place]
    }


def _ask_once_more(draft: DraftEntry, findings: Sequence[Finding], run: _Run) -> DraftEntry:
    """Translate a story once more with what was named; the same draft where that is no better."""
    tried = try_again(
        draft.model_copy(update={"findings": tuple(findings)}),
        issue=run.inputs.issue,
        ask=run.ask,
        profile=run.inputs.profile,
        checks=load_checks(),
    )
    old, new = draft.published_entry, tried.published_entry
    if not tried.passed or (old.title, old.summary) == (new.title, new.summary):
        return draft
    return tried


def _with_warnings(draft: DraftEntry, named: Sequence[Finding]) -> DraftEntry:
    warnings = (
        finding.model_copy(update={"entry": draft.story_id, "severity": "warning"})
        for finding in named
    )
    return draft.model_copy(update={"findings": (*draft.findings, *warnings)})


def _group_by_place(findings: Sequence[Finding]) -> dict[str, tuple[Finding, ...]]:
    places = dict.fromkeys(finding.entry for finding in findings)
    return {
        place: tuple(finding for finding in findings if finding.entry == place) for place in places
    }


def _placed_entries(drafts: DraftsByPlace) -> list[PlacedEntry]:
    return [PlacedEntry(place, draft.published_entry) for place, draft in drafts.items()]


def _drafts_by_place(translation: Translation, places: Mapping[str, int]) -> dict[str, DraftEntry]:
    """Give the drafts in their order in the digest, each with its place, such as `news:3`."""
    halves: dict[EntryKind, str] = {"news": "news", "tool": "tools"}
    return {
        f"{name}:{number}": draft
        for kind, name in halves.items()
        for number, draft in enumerate(
            order_by_places(
                [draft for draft in translation.drafts if draft.choice.kind == kind],
                places,
                lambda draft: draft.story_id,
            ),
            1,
        )
    }


def _assemble(
    inputs: GenerationInput,
    edited: EditedSelection,
    translation: Translation,
    ask: Ask,
    previous: Provenance | None,
) -> Digest:
    """Put the drafts in their order, and say of the whole what was found and dropped."""
    drafts = list(_drafts_by_place(translation, edited.places).values())
    entries = _attribute_links(drafts)
    news = sum(draft.choice.kind == "news" for draft in drafts)
    drops = (*edited.selection.drops, *translation.drops, *edited.drops)
    digest = Digest(
        date=inputs.job.date,
        issue_url=inputs.issue.url,
        news=entries[:news],
        tools=entries[news:],
        drops=drops,
        edits=inputs.edits,
        provenance=_provenance(inputs, ask, previous, entries, drops),
    )
    findings = (*_locate_findings(digest, translation.drafts), *edited.findings)
    return digest.model_copy(update={"findings": findings})


def _attribute_links(drafts: Sequence[DraftEntry]) -> tuple[Entry, ...]:
    """Give each entry the link that is about its event."""
    from pipeline.verify import choose_links

    pairs = [(draft.published_entry, draft.choice.story) for draft in drafts]
    named = {draft.story_id for draft in drafts if draft.published_entry.link != draft.choice.link}
    links = choose_links(pairs, named)
    return tuple(
        entry.model_copy(update={"link": link})
        for (entry, _), link in zip(pairs, links, strict=True)
    )


def _locate_findings(digest: Digest, drafts: Sequence[DraftEntry]) -> Iterator[Finding]:
    """Give the findings on the entries of a digest, each with its place, such as `news:3`."""
    from pipeline.verify import repeated_entries

    findings = {draft.story_id: draft.findings for draft in drafts}
    places = {entry.story: place for place, entry in digest.placed}
    for entry in digest.entries:
        for finding in findings[entry.story or ""]:
            yield finding.model_copy(update={"entry": places[finding.entry]})
    for finding in repeated_entries(digest.entries):
        yield finding.model_copy(update={"entry": places[finding.entry]})


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
        memory=inputs.memory.digests,
        mentions=" ".join(text_key(mention.text)[:8] for mention in issue.mentions),
        coverage=compute_coverage(
            issue,
            stories=inputs.stories,
            published=published,
            drops=drops,
            shown=inputs.plan.story_ids,
        ),
    )
