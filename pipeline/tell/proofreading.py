"""The entries of a digest, read together: what is named is asked for once more, or gives way."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

from pipeline.edits import with_remark
from pipeline.errors import ModelTransient, ModelUnavailable
from pipeline.proofread import PlacedEntry, Proofreading, proofread
from pipeline.records import DroppedItem, Finding, Reason, SelectedStory, read_expected
from pipeline.tell.story import DraftsByPlace, TellingRun, drafts_by_place, load_checks, tell_one
from pipeline.translate import DraftEntry, Translation, take_spare, try_again

REPEATED: Final = "same_event_as"
"""Why an entry that proofreading found told twice gives its place to a spare."""


def proofread_whole(
    translation: Translation, spares: Sequence[SelectedStory], run: TellingRun
) -> tuple[Translation, list[DraftEntry]]:
    """Have all entries of a digest read together; a spare takes the place of what is told twice.

    Returns:
        The digest, and the drafts that are left out of it for that, each with its reason.
    """
    read = proofread_drafts(drafts_by_place(translation, {}), run)
    named = {draft.story_id for draft in read.values()} | {drop.what for drop in translation.drops}
    left = [spare for spare in spares if spare.story.id not in named]
    out: list[DraftEntry] = []
    for place, draft in list(read.items()):
        told = _same_event(draft, read.values())
        spare = _read_spare(left, out, place, read, run) if told else None
        if told and spare:
            read[place] = spare
            reason = Reason.of(REPEATED, told.story_id)
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
                spare = proofread_drafts({place: draft}, run, beside)[place]
                return None if _same_event(spare, beside.values()) else spare
            out.append(draft)
    except (ModelTransient, ModelUnavailable) as error:
        run.progress.note(f"no spare for an event that is told twice: {error}")
    return None


def proofread_drafts(
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
