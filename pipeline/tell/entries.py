"""The selected stories -> their entries, in order, and with the words by hand."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Final

from pipeline.chinese import shorten
from pipeline.edits import EditedSelection, apply_manual_text, event_key
from pipeline.errors import ModelInvalid
from pipeline.records import NO_REASON, SelectedStory, Selection
from pipeline.tell.proofreading import REPEATED, proofread_drafts, proofread_whole
from pipeline.tell.story import TellingRun, drafts_by_place, load_checks, tell_one
from pipeline.translate import DraftEntry, Translation, quoted_draft, translate_all

_MAX_WHY_CHARS: Final = 240
"""Of the reason why the first story could not be told; each try adds to it."""


def tell(selection: Selection, edited: EditedSelection, run: TellingRun) -> Translation:
    """Translate, verify and proofread the selected stories, then put words by hand in place.

    Each entry has its link before the words by hand: no edit but that of a link changes one.

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
        whole, repeated = proofread_whole(unread, selection.spares, run)
        whole = _attribute_links(whole, selection, run)
        if not run.has_edits:
            return whole
        known = [*whole.drafts, *_but_edited(repeated, edited)]
        find_known = partial(_find_same, known, run.remarks)
        run = run._replace(links={**_links_by_event(whole, run.remarks), **run.links})
    translation = _translate(edited, run, find_known)
    drafts = [
        draft if find_known(draft.choice) else proofread_drafts({"entry": draft}, run)["entry"]
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
        order = [choice.story.id for choice in selection.chosen]
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
            and (draft.passed or draft.reason.code == REPEATED)
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
            "model"
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
