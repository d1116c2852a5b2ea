"""Tell the chosen stories: translate, verify, ask again, set, spares, quotation.

`run` calls `tell_all` between the selection and the digest. One story is told by `tell`, which asks
again with what did not pass the checks, and sets what did as Chinese is set; `tell_all` hands out
the places of those that cannot be told. What is left over of the model's own failures is a
quotation.
"""

import re
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor

from pipeline.chinese import apply_typography, load_glossary, traditional_characters
from pipeline.edits import ManualText
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm import Ask, ModelProfile
from pipeline.reasons import NO_REASON, Reason, read_reason
from pipeline.records import (
    DroppedItem,
    EditedField,
    Entry,
    EntryKind,
    Finding,
    Issue,
    Record,
    SelectedStory,
    Selection,
)
from pipeline.translate import quote_evidence, translate
from pipeline.verify import verify


class DraftEntry(Record):
    """What came of telling one story."""

    choice: SelectedStory
    """The story, and the half of the digest it was told for."""
    entry: Entry | None
    """The entry; None where the model gave none."""
    findings: tuple[Finding, ...] = ()
    """What did not pass the checks, after the last try."""
    attempts: int = 1
    """How often it was asked for."""
    reason: Reason = NO_REASON
    """Why it is no entry, where it is none."""

    @property
    def story_id(self) -> str:
        """Id of the story."""
        return self.choice.story.id

    @property
    def passed(self) -> bool:
        """Whether it may be published as it is."""
        return self.entry is not None and not self.reason

    @property
    def published_entry(self) -> Entry:
        """The entry, or the quotation that takes its place."""
        if self.entry is None or not self.passed:
            return quote_evidence(self.choice)
        return self.entry.model_copy(update={"tries": self.attempts})


def translate_checked(
    choice: SelectedStory, *, issue: Issue, ask: Ask, profile: ModelProfile
) -> DraftEntry:
    """Tell one story, and again with what did not pass the checks, as often as allowed.

    Raises:
        ModelError: the model could not be asked.
    """
    terms = load_glossary()
    told = DraftEntry(choice=choice, entry=None, attempts=0)
    for _ in range(profile.mends + 1):
        errors = [finding for finding in told.findings if finding.severity == "error"]
        asked = told.attempts + 1
        try:
            entry = translate(
                choice,
                issue_date=issue.date,
                ask=ask,
                terms=terms,
                max_evidence_chars=profile.evidence_chars,
                findings=errors,
            )
        except (ModelInvalid, ModelRefused) as error:
            return told.model_copy(update={"attempts": asked, "reason": read_reason(str(error))})
        findings = verify(entry, choice.story, terms=terms)
        failed = [
            Reason.of("failed_check", finding.check, finding.found)
            for finding in findings
            if finding.severity == "error"
        ]
        reason = Reason.of("failed_checks", *failed) if failed else NO_REASON
        told = DraftEntry(
            choice=choice, entry=entry, findings=findings, attempts=asked, reason=reason
        )
        if told.passed:
            break
    return with_typography(told) if told.passed else told


def preload() -> None:
    """Load what telling needs, so that the first answer does not wait for it."""
    load_glossary()
    traditional_characters("")


def with_typography(draft: DraftEntry) -> DraftEntry:
    """Set the words of a telling that may be published as Chinese is set.

    Only what was told just now comes here: what is by hand, quoted or kept from a digest that
    exists stays as it is. So does what a check would read otherwise, as a check compares what a
    reader reads.
    """
    entry = draft.entry
    if entry is None or entry.quoted:
        return draft
    words = {"title": apply_typography(entry.title), "summary": apply_typography(entry.summary)}
    if words == {"title": entry.title, "summary": entry.summary}:
        return draft
    better = entry.model_copy(update=words)
    findings = verify(better, draft.choice.story, terms=load_glossary())
    if [_finding_key(each) for each in findings] != [_finding_key(each) for each in draft.findings]:
        return draft
    return draft.model_copy(update={"entry": better, "findings": findings})


def apply_manual_text(
    draft: DraftEntry, manual: ManualText | None, edited_fields: tuple[EditedField, ...] | None
) -> DraftEntry:
    """Put words by hand in the place of the model's, and check them all the same.

    Args:
        draft: what the model told; where it is not fit, its quotation is what is reworded.
        manual: the words; None leaves all as they are.
        edited_fields: what of the entry is by hand; None where nothing is.

    Returns:
        A telling that is published as it is, with its findings.
    """
    if edited_fields is None:
        return draft
    entry = draft.published_entry.model_copy(update={"edited": edited_fields})
    findings = draft.findings
    if manual is not None:
        given = manual.model_dump(exclude_none=True, exclude={"quoted"})
        quoted = manual.quoted if manual.is_complete else entry.quoted
        entry = entry.model_copy(update={**given, "quoted": quoted})
        # What kept a translation from being published is still why it is quoted.
        before = draft.findings if quoted and not draft.passed else ()
        checked = verify(entry, draft.choice.story, terms=load_glossary())
        findings = tuple(dict.fromkeys((*before, *checked)))
    return DraftEntry(choice=draft.choice, entry=entry, findings=findings, attempts=entry.tries)


def quoted_draft(choice: SelectedStory) -> DraftEntry:
    """Tell a story whose title and summary are both by hand: nobody is asked."""
    return DraftEntry(choice=choice, entry=quote_evidence(choice), attempts=0)


def translate_all(
    selection: Selection,
    translate_one: Callable[[SelectedStory], DraftEntry],
    pool: Executor,
    must_stay: Collection[str] = frozenset(),
) -> tuple[list[DraftEntry], list[DroppedItem]]:
    """Tell the chosen stories; a spare takes the place of each that cannot be told.

    Spares are handed out in rounds and in order, those that lean to the missing kind first, so
    that the digest does not depend on which answer came first. When they run out, the earliest
    stories that could not be told come back, to be quoted.

    Args:
        selection: the stories.
        translate_one: tells one; called in the threads of the pool.
        pool: may be shared; on an error those of its tasks are cancelled that were begun here.
        must_stay: ids of stories that keep their place in any case, to be quoted where need be.
    """
    kept: list[DraftEntry] = []
    failed: list[DraftEntry] = []
    spares = list(selection.spares)
    waiting = [*selection.news, *selection.tools]
    missing: list[EntryKind] = []
    while waiting:
        # `map` cancels what it has not begun when it is left early.
        told = list(pool.map(translate_one, waiting))
        kept += [each for each in told if each.passed or each.story_id in must_stay]
        gone = [each for each in told if not each.passed and each.story_id not in must_stay]
        failed += gone
        missing += [each.choice.kind for each in gone]
        waiting = []
        while missing and spares:
            kind = missing.pop(0)
            spare = next((each for each in spares if each.kind == kind), spares[0])
            spares.remove(spare)
            waiting.append(spare.model_copy(update={"kind": kind}))
    for kind in missing:
        back = next((each for each in failed if each.choice.kind == kind), failed[0])
        failed.remove(back)
        kept.append(back.model_copy(update={"choice": _with_kind(back.choice, kind)}))
    return kept, [DroppedItem(what=each.story_id, reason=each.reason) for each in failed]


def drafts_of_kind(drafts: Sequence[DraftEntry], kind: EntryKind) -> list[DraftEntry]:
    """Pick what was told for one half of the digest."""
    return [each for each in drafts if each.choice.kind == kind]


def _finding_key(finding: Finding) -> tuple[str, str, str]:
    """Give what a finding is about, however that is spaced."""
    return finding.check, finding.severity, re.sub(r"\W", "", finding.found)


def _with_kind(choice: SelectedStory, kind: EntryKind) -> SelectedStory:
    return choice.model_copy(update={"kind": kind})
