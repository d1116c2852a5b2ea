"""The selected stories -> their entries: translated, verified, proofread, with the words by hand.

`run` calls `tell` between the choice of stories and the digest. The stages do not know of each
other: here an entry goes from one to the next, and back once for what proofreading names in it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

from pipeline.chinese import shorten
from pipeline.edits import (
    EditedSelection,
    apply_manual_text,
    event_key,
    order_by_places,
    with_remark,
)
from pipeline.errors import ModelInvalid, ModelTransient, ModelUnavailable
from pipeline.llm import Ask, ModelProfile
from pipeline.progress import Progress
from pipeline.proofread import PlacedEntry, Proofreading, proofread
from pipeline.reasons import NO_REASON, Reason, read_expected
from pipeline.records import (
    DroppedItem,
    EntryKind,
    Finding,
    Issue,
    Provenance,
    SelectedStory,
    Selection,
)
from pipeline.translate import (
    Checks,
    DraftEntry,
    EarlyDrafts,
    Translation,
    quoted_draft,
    take_spare,
    translate_all,
    translate_checked,
    try_again,
)

_REPEATED: Final = "same_event_as"
"""Why an entry that proofreading found told twice gives its place to a spare."""

_MAX_WHY_CHARS: Final = 240
"""Of the reason why the first story could not be told; each try adds to it."""

_Given = TypeVar("_Given")
_Made = TypeVar("_Made")

DraftsByPlace = Mapping[str, DraftEntry]
"""Drafts by their places in the digest, such as `news:3`."""


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
    untold: tuple[Finding, ...] = ()
    """Findings of places that stayed empty."""


class TellingRun(NamedTuple):
    """What the entries of one digest are told with."""

    issue: Issue
    profile: ModelProfile
    """How the model is asked."""
    ask: Ask
    threads: Executor
    progress: Progress
    has_edits: bool = False
    """Whether the digest was changed by hand."""
    reused: ReusedEntries | None = None
    """What is not asked for, where a digest that exists is edited."""
    remarks: Mapping[str, str] = MappingProxyType({})
    """What the model is asked to mind, by story id."""
    links: Mapping[str, str | None] = MappingProxyType({})
    """Links that the digest that is edited shows and keeps, by `event_key`."""
    early: EarlyDrafts | None = None
    """What was begun while the stories were chosen."""

    def map(self, work: Callable[[_Given], _Made], given: Iterable[_Given]) -> Iterable[_Made]:
        """Ask for one thing in this thread, which waits for it, for several in those of the pool.

        A question on which the whole digest waits does not stand behind the entries of others.
        """
        items = list(given)
        return self.threads.map(work, items) if len(items) > 1 else map(work, items)


def tell_one(choice: SelectedStory, run: TellingRun) -> DraftEntry:
    """Translate one story and verify its entry."""
    return translate_checked(
        choice,
        issue=run.issue,
        ask=with_remark(run.ask, run.remarks.get(choice.story.id)),
        profile=run.profile,
        checks=load_checks(),
    )


def tell(selection: Selection, edited: EditedSelection, run: TellingRun) -> Translation:
    """Translate, verify and proofread the selected stories, then put words by hand in place.

    Each entry has its link before the words by hand: no edit but that of a link changes one.

    Args:
        selection: the stories as the model chose them.
        edited: the same as the edits have it.
        run: what they are told with.

    Raises:
        ModelError: the model could not be asked, or wrote no entry at all.
    """
    return _with_manual_text(_tell_before_edits(selection, edited, run), edited)


def _tell_before_edits(
    selection: Selection, edited: EditedSelection, run: TellingRun
) -> Translation:
    """Translate and proofread, before the words by hand.

    With edits the digest is told as the model has it first, which asks nothing where it was told
    before: so an edit changes nothing but what it is about. What it brings in is proofread alone.
    """
    if not run.profile.proofreads:
        return _attribute_links(_translate(edited, run), selection, run)
    find_known = run.reused.find_draft if run.reused and run.reused.proofread else None
    if find_known is None:
        plain = EditedSelection(selection=selection)
        unread = _translate(plain, run._replace(remarks={}))
        whole, repeated = _proofread_whole(unread, selection.spares, run)
        whole = _attribute_links(whole, selection, run)
        if not run.has_edits:
            return whole
        known = [*whole.drafts, *_but_edited(repeated, edited)]
        find_known = partial(_find_same, known, run.remarks)
        run = run._replace(links={**_links_by_event(whole, run.remarks), **run.links})
    translation = _translate(edited, run, find_known)
    drafts = [
        draft if find_known(draft.choice) else _proofread({"entry": draft}, run)["entry"]
        for draft in translation.drafts
    ]
    return _attribute_links(translation._replace(drafts=drafts), selection, run)


def _attribute_links(
    translation: Translation, selection: Selection, run: TellingRun
) -> Translation:
    """Give each draft the link that is about its event, before the words by hand.

    With edits the stories have their links in the order in which the model chose them, wherever
    they stand now, and what an edit brings in comes last.
    """
    from pipeline.verify import choose_links

    drafts = list(drafts_by_place(translation, {}).values())
    if run.has_edits:
        order = [choice.story.id for choice in (*selection.news, *selection.tools)]
        at = {name: number for number, name in enumerate(order)}
        drafts.sort(key=lambda draft: at.get(draft.story_id, len(at)))
    held: dict[str | None, str | None] = {
        draft.story_id: run.links[key]
        for draft in drafts
        if (key := event_key(draft.choice.story)) in run.links
    }
    pairs = [(draft.published_entry, draft.choice.story) for draft in drafts]
    named = {draft.story_id for draft in drafts if draft.published_entry.link != draft.choice.link}
    chosen = choose_links(pairs, named, held)
    links = {draft.story_id: link for draft, link in zip(drafts, chosen, strict=True)}
    return translation._replace(
        drafts=[draft.with_link(links[draft.story_id]) for draft in translation.drafts]
    )


def _links_by_event(whole: Translation, remarks: Collection[str]) -> dict[str, str | None]:
    """Give the links of a digest before its edits, but for what is told again."""
    return {
        event_key(draft.choice.story): draft.published_entry.link
        for draft in whole.drafts
        if draft.story_id not in remarks
    }


def _but_edited(repeated: Iterable[DraftEntry], edited: EditedSelection) -> Iterator[DraftEntry]:
    """Give what was told twice: it keeps its place only where an edit names it."""
    for draft in repeated:
        keeps = draft.story_id in edited.edited_fields
        yield draft.model_copy(update={"reason": NO_REASON}) if keeps else draft


def _find_same(
    drafts: Sequence[DraftEntry], remarks: Collection[str], choice: SelectedStory
) -> DraftEntry | None:
    """Find the draft that came of the same question, whichever half it stands in now."""
    if choice.story.id in remarks:
        return None
    return next(
        (
            draft.in_half(choice.kind).model_copy(update={"choice": choice})
            for draft in drafts
            if draft.choice.model_copy(update={"reason": choice.reason, "kind": choice.kind})
            == choice
            and (draft.passed or draft.reason.code == _REPEATED)
        ),
        None,
    )


def _translate(
    edited: EditedSelection,
    run: TellingRun,
    find_known: Callable[[SelectedStory], DraftEntry | None] = lambda _: None,
) -> Translation:
    """Translate the selected stories and verify each entry; nobody is asked for words by hand."""
    reused = run.reused
    run.progress.stage("translate", len(edited.selection.news) + len(edited.selection.tools))

    def find_draft(choice: SelectedStory) -> DraftEntry | None:
        text = edited.texts.get(choice.story.id)
        if text and text.is_complete:
            return find_known(choice) or quoted_draft(choice)
        return find_known(choice) or (reused.find_draft(choice) if reused else None)

    def translate_one(choice: SelectedStory) -> DraftEntry:
        kind = edited.kinds.get(choice.story.id, choice.kind)
        draft = find_draft(choice)
        if draft is None:
            told = tell_one(choice.model_copy(update={"kind": kind}), run)
            draft = told.in_half(choice.kind)
        return draft

    def begin(choice: SelectedStory) -> Future[DraftEntry]:
        begun = run.early and run.early.take(choice)
        return begun or run.threads.submit(translate_one, choice)

    def show(draft: DraftEntry) -> None:
        if draft.passed:
            run.progress.step()
            run.progress.entry(draft.published_entry.title, draft.published_entry.summary)

    translation = translate_all(
        edited.selection,
        begin,
        must_stay=edited.edited_fields,
        on_draft=show,
        first_alone=not run.profile.plain,
        quotes=not run.profile.plain,
    )
    if all(draft.entry is None for draft in translation.drafts):
        drafts, drops = translation.drafts, translation.drops
        why = drafts[0].reason if drafts else drops[0].reason
        said = shorten(" ".join(str(why).split()), _MAX_WHY_CHARS)
        raise ModelInvalid(
            f"no story of {run.issue.slug!r} could be told: {said}; set AINEWS_MODEL to another "
            "model, or see with --verbose and `ainews-digest doctor` what this one answers"
        )
    return translation


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
    from pipeline.verify import check_sentence, complete_citations, verify

    return Checks(verify=verify, cite=complete_citations, compare=check_sentence)


def _proofread_whole(
    translation: Translation, spares: Sequence[SelectedStory], run: TellingRun
) -> tuple[Translation, list[DraftEntry]]:
    """Have all entries of a digest read together; a spare takes the place of what is told twice.

    Returns:
        The digest, and the drafts that are left out of it for that, each with its reason.
    """
    read = _proofread(drafts_by_place(translation, {}), run)
    named = {draft.story_id for draft in read.values()} | {drop.what for drop in translation.drops}
    left = [spare for spare in spares if spare.story.id not in named]
    out: list[DraftEntry] = []
    for place, draft in list(read.items()):
        told = _same_event(draft, read.values())
        spare = _read_spare(left, out, place, read, run) if told else None
        if told and spare:
            read[place] = spare
            reason = Reason.of(_REPEATED, told.story_id)
            out.append(draft.model_copy(update={"reason": reason}))
    drops = [DroppedItem(what=draft.story_id, reason=draft.reason) for draft in out]
    return Translation(list(read.values()), [*translation.drops, *drops]), out


def _same_event(draft: DraftEntry, others: Iterable[DraftEntry]) -> DraftEntry | None:
    """Give the entry that tells the event of a draft too, as proofreading found; None if none."""
    reasons = [read_expected(found.expected) for found in draft.findings]
    titles = {reason.params[0] for reason in reasons if reason.code == "untold"}
    return next((it for it in others if it.published_entry.title in titles), None)


def _read_spare(
    left: list[SelectedStory],
    out: list[DraftEntry],
    place: str,
    read: DraftsByPlace,
    run: TellingRun,
) -> DraftEntry | None:
    """Tell the next spare that passes the checks, and have it read beside the others.

    Those that do not pass are put to what is left out. None where no spare is better than an event
    that is told twice: there is none, it tells that too, or the model is not there any more.
    """
    beside = {at: other for at, other in read.items() if at != place}
    try:
        while left:
            draft = tell_one(take_spare(left, read[place].choice.kind), run)
            if draft.passed:
                spare = _proofread({place: draft}, run, beside)[place]
                return None if _same_event(spare, beside.values()) else spare
            out.append(draft)
    except (ModelTransient, ModelUnavailable) as error:
        run.progress.note(f"no spare for an event that is told twice: {error}")
    return None


def _proofread(
    drafts: DraftsByPlace, run: TellingRun, beside: DraftsByPlace = MappingProxyType({})
) -> dict[str, DraftEntry]:
    """Have entries read together, and try those again in which something is named.

    What is still named then stands as a warning; it changes nothing by itself. An entry in which
    the second reading names more than the first did stays as it was.
    """
    run.progress.stage("proofread")
    first = _read(drafts, run, beside)
    named = _group_by_place(first.findings)
    tried = _try_again({place: drafts[place] for place in named}, named, run)
    failures = first.failures
    if tried:
        others = first.compared.difference(tried)
        around = {**beside, **drafts}
        second = _read(tried, run, {place: around[place] for place in around if place in others})
        still = _group_by_place(second.findings)
        worse = [place for place, found in still.items() if len(found) > len(named[place])]
        tried = {place: draft for place, draft in tried.items() if place not in worse}
        named |= {place: still.get(place, ()) for place in tried}
        failures += tuple(it for it in second.failures if it.entry in tried)
    for place, found in _group_by_place(failures).items():
        named[place] = (*named.get(place, ()), *found)
    run.progress.step()
    return {
        place: _with_warnings(tried.get(place, draft), named.get(place, ()))
        for place, draft in drafts.items()
    }


def _read(
    drafts: DraftsByPlace, run: TellingRun, beside: DraftsByPlace | None = None
) -> Proofreading:
    """Have drafts read; say where no answer came."""
    result = proofread(
        _placed_entries(drafts),
        ask=run.ask,
        beside=_placed_entries(beside or {}),
        map_function=run.map,
    )
    for failure in result.failures:
        run.progress.note(failure.found)
    return result


def _try_again(
    drafts: DraftsByPlace, named: Mapping[str, Sequence[Finding]], run: TellingRun
) -> dict[str, DraftEntry]:
    """Ask once more for what is named; give what came out otherwise and passed the checks."""
    tried = run.map(lambda place: _ask_once_more(drafts[place], named[place], run), drafts)
    return {
        place: draft
        for place, draft in zip(drafts, tried, strict=True)
        if draft is not drafts[place]
    }


def _ask_once_more(draft: DraftEntry, findings: Sequence[Finding], run: TellingRun) -> DraftEntry:
    """Translate a story once more with what was named; the same draft where that is no better.

    A model that only translates is not told what was named.
    """
    if run.profile.plain:
        return draft
    try:
        tried = try_again(
            draft.model_copy(update={"findings": tuple(findings)}),
            issue=run.issue,
            ask=with_remark(run.ask, run.remarks.get(draft.story_id)),
            profile=run.profile,
            checks=load_checks(),
        )
    except (ModelTransient, ModelUnavailable) as error:
        run.progress.note(f"not tried again after proofreading: {error}")
        return draft
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


def drafts_by_place(translation: Translation, places: Mapping[str, int]) -> dict[str, DraftEntry]:
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
