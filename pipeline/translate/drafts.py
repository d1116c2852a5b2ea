"""The selected stories -> drafts of their entries: ask, check, ask again, spares, quotations.

`run` calls `translate_all`, which gives the places of stories that failed to spares; what is left
over is quoted. `translate_checked` asks for one entry until it passes the checks, which come in as
an argument, and sets its typography.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, as_completed
from threading import Lock, Thread

from pipeline.chinese import load_glossary
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm import Answer, Ask, ModelProfile, Question, when_sent
from pipeline.records import (
    NO_REASON,
    DroppedItem,
    Entry,
    EntryKind,
    Finding,
    Issue,
    Reason,
    SelectedStory,
    Selection,
    read_reason,
)
from pipeline.translate.draft_entry import Checks, DraftEntry, Translation, Verify, quote_evidence
from pipeline.translate.entry import translate
from pipeline.translate.evidence import evidence_limits
from pipeline.translate.revision import FailedEntry


def translate_checked(
    choice: SelectedStory, *, issue: Issue, ask: Ask, profile: ModelProfile, checks: Checks
) -> DraftEntry:
    """Translate one story, and again with what did not pass the checks, as often as allowed.

    Raises:
        ModelError: the model could not be asked.
    """
    if profile.plain:
        # What a model that translates sentences needs is a third of a second to load.
        from pipeline.translate.plain import tell_plainly

        return tell_plainly(choice, ask=ask, checks=checks)
    draft = DraftEntry(choice=choice, entry=None, attempts=0)
    for _ in range(profile.mends + 1):
        draft = try_again(draft, issue=issue, ask=ask, profile=profile, checks=checks)
        if draft.reason.code != "failed_checks":
            break
    return draft


def try_again(
    draft: DraftEntry, *, issue: Issue, ask: Ask, profile: ModelProfile, checks: Checks
) -> DraftEntry:
    """Ask for an entry once, with what was found in it before, and check it.

    What of its findings are errors is to be mended.

    Returns:
        The new draft; without an answer the earlier one, and why it may not be published.

    Raises:
        ModelError: the model could not be asked.
    """
    choice, terms = draft.choice, load_glossary()
    attempts = draft.attempts + 1
    errors = tuple(finding for finding in draft.findings if finding.severity == "error")
    try:
        entry = translate(
            choice,
            issue_date=issue.date,
            ask=ask,
            terms=terms,
            limits=evidence_limits(profile),
            earlier=FailedEntry(draft.entry, errors) if draft.entry else None,
        )
    except (ModelInvalid, ModelRefused) as error:
        reason = read_reason(str(error))
        return draft.model_copy(update={"attempts": attempts, "reason": reason})
    entry = checks.cite(entry, choice.story)
    findings = checks.verify(entry, choice.story, terms=terms)
    failed = [
        Reason.of("failed_check", finding.check, finding.found)
        for finding in findings
        if finding.severity == "error"
    ]
    tried = DraftEntry(
        choice=choice,
        entry=entry,
        findings=findings,
        attempts=attempts,
        reason=Reason.of("failed_checks", *failed) if failed else NO_REASON,
    )
    return _with_typography(tried, checks.verify) if tried.passed else tried


def quoted_draft(choice: SelectedStory) -> DraftEntry:
    """Quote a story without asking the model."""
    return DraftEntry(choice=choice, entry=quote_evidence(choice), attempts=0)


def translate_all(
    selection: Selection,
    begin: Callable[[SelectedStory], Future[DraftEntry]],
    must_stay: Collection[str] = frozenset(),
    *,
    on_draft: Callable[[DraftEntry], None] = lambda _: None,
    first_alone: bool = False,
    quotes: bool = True,
) -> Translation:
    """Translate the selected stories; a spare takes the place of each that fails.

    Spares are handed out in rounds and in order, those that lean to the missing kind first, so
    that the digest does not depend on which answer came first. When spares run out, the earliest
    stories that failed come back: those that are only thin, while there are few entries, then
    others, to be quoted.

    Args:
        selection: the stories.
        begin: begins to translate one, or gives what is on its way already; after an error the
            others are cancelled.
        must_stay: ids of stories that keep their place in any case, to be quoted where need be.
        on_draft: is given each draft as soon as it is there.
        first_alone: whether the others wait for the first, so that a provider that remembers how
            questions begin has seen it, and the others cost less.
        quotes: whether a story that cannot be told is quoted; without, its place stays empty, and
            the story is given as untold.
    """
    waiting = [*selection.news, *selection.tools]
    accepted: list[DraftEntry] = []
    failed: list[DraftEntry] = []
    spares = list(selection.spares)
    unfilled: list[EntryKind] = []
    while waiting:
        for draft in _translate_round(waiting, begin, on_draft, first_alone=first_alone):
            if draft.passed or draft.story_id in must_stay:
                accepted.append(_as_it_is(draft))
            else:
                failed.append(draft)
                unfilled.append(draft.choice.kind)
        waiting, first_alone = [], False
        while unfilled and spares:
            waiting.append(take_spare(spares, unfilled.pop(0)))
    taken = list(_take_back(failed, unfilled, quotes=quotes))
    drops = [DroppedItem(what=draft.story_id, reason=draft.reason) for draft in failed]
    untold = tuple(draft.choice for draft in failed[: len(unfilled) - len(taken)])
    return Translation([*accepted, *taken], drops, untold)


def _translate_round(
    choices: Sequence[SelectedStory],
    begin: Callable[[SelectedStory], Future[DraftEntry]],
    on_draft: Callable[[DraftEntry], None],
    *,
    first_alone: bool,
) -> list[DraftEntry]:
    """Translate stories side by side, all after the first where that is to be alone."""
    parts = (choices[:1], choices[1:]) if first_alone else (choices,)
    drafts: list[DraftEntry] = []
    for part in parts:
        begun = [begin(choice) for choice in part]
        try:
            for draft in as_completed(begun):
                on_draft(draft.result())
        finally:
            for draft in begun:
                draft.cancel()
        drafts += [draft.result() for draft in begun]
    return drafts


def _take_back(
    failed: list[DraftEntry], unfilled: Sequence[EntryKind], *, quotes: bool
) -> Iterator[DraftEntry]:
    """Take stories that failed for the places that no spare is left for, thin ones first."""
    for kind in unfilled:
        back = [draft for draft in failed if draft.thin] or (failed if quotes else [])
        if not back:
            return
        draft = next((draft for draft in back if draft.choice.kind == kind), back[0])
        failed.remove(draft)
        yield _as_it_is(draft.in_half(kind))


def _as_it_is(draft: DraftEntry) -> DraftEntry:
    """Let an entry that is only thin be published; no other changes."""
    return draft.model_copy(update={"reason": NO_REASON}) if draft.thin else draft


def preloading(ask: Ask, load_checks: Callable[[], object]) -> Ask:
    """Ask as `ask` does, and load what entries need while the first answer is on its way.

    Checks, typography, glossary and character tables take half a second, by which the first entries
    would be late. It would delay the question, so it begins when that has been sent; where the
    answer is kept, it does not begin.
    """
    begun = Lock()

    def load() -> None:
        from pipeline.chinese import apply_typography, traditional_characters

        load_checks()
        load_glossary()
        traditional_characters(apply_typography(""))

    def begin() -> None:
        if begun.acquire(blocking=False):
            Thread(target=load, name="preload", daemon=True).start()

    def ask_preloading(question: Question, schema: type[Answer], /) -> Answer:
        with when_sent(begin):
            return ask(question, schema)

    return ask_preloading


def _with_typography(draft: DraftEntry, verify: Verify) -> DraftEntry:
    """Apply Chinese typography to a new translation, unless a check would read it otherwise."""
    entry = draft.entry
    if entry is None or entry.quoted:
        return draft
    better = _set_in_type(entry)
    if better == entry:
        return draft
    findings = verify(better, draft.choice.story, terms=load_glossary())
    pairs = zip(findings, draft.findings, strict=False)
    if len(findings) != len(draft.findings) or not all(_is_same(*pair) for pair in pairs):
        return draft
    return draft.model_copy(update={"entry": better, "findings": findings})


def _set_in_type(entry: Entry) -> Entry:
    from pipeline.chinese import apply_typography, companies_in_chinese

    def as_set(text: str) -> str:
        return apply_typography(companies_in_chinese(text, load_glossary()))

    sentences = tuple(
        sentence.model_copy(update={"text": as_set(sentence.text)}) for sentence in entry.sentences
    )
    summary = "".join(sentence.text for sentence in sentences) or as_set(entry.summary)
    words = {
        "title": as_set(entry.title),
        "summary": summary,
        "sentences": sentences,
    }
    return entry.model_copy(update=words)


def _is_same(finding: Finding, other: Finding) -> bool:
    """Whether two findings are about the same, however that is spaced and so cut."""
    one, another = (re.sub(r"\W", "", each.found) for each in (finding, other))
    placed = [(each.check, each.severity, each.sentence) for each in (finding, other)]
    return placed[0] == placed[1] and (one in another or another in one)


def take_spare(spares: list[SelectedStory], kind: EntryKind) -> SelectedStory:
    """Take the first spare that leans to a kind, or else the first."""
    spare = next((choice for choice in spares if choice.kind == kind), spares[0])
    spares.remove(spare)
    return spare.model_copy(update={"kind": kind})
