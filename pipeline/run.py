"""The stages in order: from the page of one issue to its digest.

The only module that knows the order, and the only one with a thread pool. `prepare` does what needs
no model, `generate` the rest. Writing the digest is the business of `publish`.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline.chinese import glossary_sha256, load_glossary
from pipeline.edits import (
    EditedSelection,
    apply_edits,
    apply_manual_text,
    order_by_places,
    read_edits,
    text_key,
)
from pipeline.errors import ModelInvalid, ModelRefused
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
    EditedField,
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
    DraftEntry,
    Translation,
    Verify,
    evidence_limits,
    preloading,
    quoted_draft,
    translate,
    translate_all,
    translate_checked,
)

DraftsByPlace = Mapping[str, DraftEntry]
"""Drafts by their places in the digest, such as `news:3`."""
_PROMPT_NAMES = ("select", "translate", "mend", "format", "reask")


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
        progress.stage("translate", len(edited.selection.news) + len(edited.selection.tools))
        translation = _translate(inputs, edited, ask, threads, progress, reused)
        if inputs.profile.proofreads:
            rereading = _Rereading(inputs, edited, ask, threads, progress)
            translation = _proofread(translation, rereading, reused)
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
    with preloading(_load_verify):
        selection = select(
            repeats.stories,
            issue=inputs.issue,
            ask=ask,
            plan=inputs.plan,
            follows=repeats.follows,
            map_function=threads.map,
        )
    return selection.model_copy(update={"drops": (*repeats.drops, *selection.drops)})


def _translate(
    inputs: GenerationInput,
    edited: EditedSelection,
    ask: Ask,
    threads: Executor,
    progress: Progress,
    reused: ReusedEntries | None,
) -> Translation:
    """Translate the selected stories and verify each entry; words by hand replace the model's."""
    verify = _load_verify()

    def find_draft(choice: SelectedStory) -> DraftEntry | None:
        text = edited.texts.get(choice.story.id)
        if text and text.is_complete:
            return quoted_draft(choice)
        return reused.find_draft(choice) if reused else None

    def translate_one(choice: SelectedStory) -> DraftEntry:
        draft = find_draft(choice) or translate_checked(
            choice, issue=inputs.issue, ask=ask, profile=inputs.profile, verify=verify
        )
        if draft.passed:
            progress.step()
        return draft

    drafts, drops = translate_all(
        edited.selection, translate_one, threads, must_stay=edited.edited_fields
    )
    if all(draft.entry is None for draft in drafts):
        raise ModelInvalid(f"no story of {inputs.issue.slug!r} could be told: {drafts[0].reason}")
    manual = [
        apply_manual_text(
            draft,
            edited.texts.get(draft.story_id),
            edited.edited_fields.get(draft.story_id),
            verify=verify,
        )
        for draft in drafts
    ]
    return Translation(manual, drops)


def _load_verify() -> Verify:
    """Import the checks, which is not worth the time before the model is asked."""
    from pipeline.verify import verify

    return verify


class _Rereading(NamedTuple):
    """What the proofreading of one digest works with."""

    inputs: GenerationInput
    edited: EditedSelection
    ask: Ask
    threads: Executor
    progress: Progress

    def read(self, read: DraftsByPlace, beside: DraftsByPlace) -> Proofreading:
        """Have drafts read; say where no answer came."""
        result = proofread(
            _placed_entries(read),
            ask=self.ask,
            beside=_placed_entries(beside),
            map_function=self.threads.map,
        )
        for failure in result.failures:
            self.progress.note(f"not proofread: {failure}")
        return result

    def by_hand(self, draft: DraftEntry) -> frozenset[EditedField]:
        """Say what of an entry is by hand."""
        return frozenset(self.edited.edited_fields.get(draft.story_id, ()))


def _proofread(
    translation: Translation, rereading: _Rereading, reused: ReusedEntries | None
) -> Translation:
    """Have the entries read together, and try those again in which something is named.

    What is still named then stands as a warning; it changes nothing by itself. Of a digest that is
    edited only what is new is read.
    """
    drafts = _drafts_by_place(translation, rereading.edited)
    new = {
        place: draft
        for place, draft in drafts.items()
        if not (reused and reused.find_draft(draft.choice))
    }
    if not new:
        return translation
    rereading.progress.stage("proofread")
    first = rereading.read(new, {place: drafts[place] for place in drafts if place not in new})
    named = _group_by_place(first.findings)
    tried = _try_again({place: new[place] for place in named}, named, rereading)
    if tried:
        others = first.compared.difference(tried)
        second = rereading.read(
            tried, {place: drafts[place] for place in drafts if place in others}
        )
        named |= dict.fromkeys(tried, ()) | _group_by_place(second.findings)
    rereading.progress.step()
    read = [
        _with_warnings(tried.get(place, draft), named.get(place, ()))
        for place, draft in drafts.items()
    ]
    return translation._replace(drafts=read)


def _try_again(
    drafts: DraftsByPlace, named: Mapping[str, Sequence[Finding]], rereading: _Rereading
) -> dict[str, DraftEntry]:
    """Ask once more for what is named and not by hand; give what came out otherwise and passed."""
    verify = _load_verify()
    texts, fields = rereading.edited.texts, rereading.edited.edited_fields

    def again(place: str) -> DraftEntry:
        draft = drafts[place]
        findings = _not_by_hand(named[place], rereading.by_hand(draft))
        if not findings:
            return draft
        new = _ask_once_more(draft, findings, rereading, verify)
        story = draft.story_id
        return apply_manual_text(new, texts.get(story), fields.get(story), verify=verify)

    tried = dict(zip(drafts, rereading.threads.map(again, drafts), strict=True))
    return {
        place: draft
        for place, draft in tried.items()
        if _words(draft.published_entry) != _words(drafts[place].published_entry)
    }


def _ask_once_more(
    draft: DraftEntry, findings: Sequence[Finding], rereading: _Rereading, verify: Verify
) -> DraftEntry:
    """Translate a story once more with what was named; the earlier draft where that fails."""
    inputs = rereading.inputs
    try:
        entry = translate(
            draft.choice,
            issue_date=inputs.issue.date,
            ask=rereading.ask,
            terms=load_glossary(),
            limits=evidence_limits(inputs.profile),
            findings=findings,
        )
    except (ModelInvalid, ModelRefused):
        return draft
    found = verify(entry, draft.choice.story, terms=load_glossary())
    if any(finding.severity == "error" for finding in found):
        return draft
    update = {"entry": entry, "findings": found, "attempts": draft.attempts + 1}
    return draft.model_copy(update=update)


def _not_by_hand(
    findings: Sequence[Finding], by_hand: frozenset[EditedField]
) -> tuple[Finding, ...]:
    return tuple(
        finding
        for finding in findings
        if ("title" if finding.sentence == 0 else "summary") not in by_hand
    )


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


def _words(entry: Entry) -> tuple[str, str]:
    return entry.title, entry.summary


def _drafts_by_place(translation: Translation, edited: EditedSelection) -> dict[str, DraftEntry]:
    """Give the drafts in their order in the digest, each with its place, such as `news:3`."""
    halves: dict[EntryKind, str] = {"news": "news", "tool": "tools"}
    return {
        f"{name}:{number}": draft
        for kind, name in halves.items()
        for number, draft in enumerate(
            order_by_places(
                [draft for draft in translation.drafts if draft.choice.kind == kind],
                edited.places,
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
    drafts = list(_drafts_by_place(translation, edited).values())
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
    from pipeline.verify import shared_links

    findings = {draft.story_id: draft.findings for draft in drafts}
    places = {entry.story: place for place, entry in digest.placed}
    for entry in digest.entries:
        for finding in findings[entry.story or ""]:
            yield finding.model_copy(update={"entry": places[finding.entry]})
    for finding in shared_links(digest.entries):
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
    names = (*_PROMPT_NAMES, *(["proofread"] if profile.proofreads else []))
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
