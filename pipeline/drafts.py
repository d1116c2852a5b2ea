"""Tell the chosen stories: translate, verify, ask again, set, spares, quotation.

`run` calls `tell_all` between the selection and the digest. One story is told by `tell`, which asks
again with what did not pass the checks, and sets what did as Chinese is set; `tell_all` hands out
the places of those that cannot be told. What is left over of the model's own failures is a
quotation.
"""

import re
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor

from pipeline.chinese import glossary
from pipeline.chinese.language import traditional
from pipeline.chinese.typography import polish
from pipeline.edits.apply import Text
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm.factory import Sizes
from pipeline.llm.prompts import Ask
from pipeline.records import (
    Choice,
    Drop,
    Entry,
    Finding,
    Issue,
    Kind,
    Record,
    Selection,
    Touched,
)
from pipeline.translate.entry import translate
from pipeline.translate.excerpt import quote
from pipeline.verify.registry import verify


class Told(Record):
    """What came of telling one story."""

    choice: Choice
    """The story, and the half of the digest it was told for."""
    entry: Entry | None
    """The entry; None where the model gave none."""
    findings: tuple[Finding, ...] = ()
    """What did not pass the checks, after the last try."""
    asked: int = 1
    """How often it was asked for."""
    reason: str = ""
    """Why it is no entry, where it is none."""

    @property
    def name(self) -> str:
        """Id of the story."""
        return self.choice.story.id

    @property
    def fit(self) -> bool:
        """Whether it may be published as it is."""
        return self.entry is not None and not self.reason

    @property
    def published(self) -> Entry:
        """The entry, or the quotation that takes its place."""
        if self.entry is None or not self.fit:
            return quote(self.choice)
        return self.entry.model_copy(update={"tries": self.asked})


def tell(choice: Choice, *, issue: Issue, ask: Ask, how: Sizes) -> Told:
    """Tell one story, and again with what did not pass the checks, as often as allowed.

    Raises:
        ModelError: the model could not be asked.
    """
    terms = glossary.load()
    told = Told(choice=choice, entry=None, asked=0)
    for _ in range(how.mends + 1):
        errors = [finding for finding in told.findings if finding.severity == "error"]
        asked = told.asked + 1
        try:
            entry = translate(
                choice,
                issue_date=issue.date,
                ask=ask,
                terms=terms,
                max_evidence_chars=how.evidence_chars,
                mend=errors,
            )
        except (ModelInvalid, ModelRefused) as error:
            return told.model_copy(update={"asked": asked, "reason": str(error)})
        findings = verify(entry, choice.story, terms=terms)
        wrong = ", ".join(f"{f.check} {f.found!r}" for f in findings if f.severity == "error")
        reason = f"did not pass the checks: {wrong}" if wrong else ""
        told = Told(choice=choice, entry=entry, findings=findings, asked=asked, reason=reason)
        if told.fit:
            break
    return polished(told) if told.fit else told


def ready() -> None:
    """Load what telling needs, so that the first answer does not wait for it."""
    glossary.load()
    traditional("")


def polished(told: Told) -> Told:
    """Set the words of a telling that may be published as Chinese is set.

    Only what was told just now comes here: what is by hand, quoted or kept from a digest that
    exists stays as it is. So does what a check would read otherwise, as a check compares what a
    reader reads.
    """
    entry = told.entry
    if entry is None or entry.quoted:
        return told
    words = {"title": polish(entry.title), "summary": polish(entry.summary)}
    if words == {"title": entry.title, "summary": entry.summary}:
        return told
    better = entry.model_copy(update=words)
    findings = verify(better, told.choice.story, terms=glossary.load())
    if [_gist(each) for each in findings] != [_gist(each) for each in told.findings]:
        return told
    return told.model_copy(update={"entry": better, "findings": findings})


def reword(told: Told, text: Text | None, touched: tuple[Touched, ...] | None) -> Told:
    """Put words by hand in the place of the model's, and check them all the same.

    Args:
        told: what the model told; where it is not fit, its quotation is what is reworded.
        text: the words; None leaves all as they are.
        touched: what of the entry is by hand; None where nothing is.

    Returns:
        A telling that is published as it is, with its findings.
    """
    if touched is None:
        return told
    entry = told.published.model_copy(update={"edited": touched})
    findings = told.findings
    if text is not None:
        given = text.model_dump(exclude_none=True, exclude={"quoted"})
        quoted = text.quoted if text.whole else entry.quoted
        entry = entry.model_copy(update={**given, "quoted": quoted})
        # What kept a translation from being published is still why it is quoted.
        before = told.findings if quoted and not told.fit else ()
        checked = verify(entry, told.choice.story, terms=glossary.load())
        findings = tuple(dict.fromkeys((*before, *checked)))
    return Told(choice=told.choice, entry=entry, findings=findings, asked=entry.tries)


def unasked(choice: Choice) -> Told:
    """Tell a story whose title and summary are both by hand: nobody is asked."""
    return Told(choice=choice, entry=quote(choice), asked=0)


def tell_all(
    chosen: Selection,
    tell: Callable[[Choice], Told],
    pool: Executor,
    stay: Collection[str] = frozenset(),
) -> tuple[list[Told], list[Drop]]:
    """Tell the chosen stories; a spare takes the place of each that cannot be told.

    Spares are handed out in rounds and in order, those that lean to the missing kind first, so
    that the digest does not depend on which answer came first. When they run out, the earliest
    stories that could not be told come back, to be quoted.

    Args:
        chosen: the stories.
        tell: tells one; called in the threads of the pool.
        pool: may be shared; on an error those of its tasks are cancelled that were begun here.
        stay: ids of stories that keep their place in any case, to be quoted where need be.
    """
    kept: list[Told] = []
    failed: list[Told] = []
    spares = list(chosen.spares)
    waiting = [*chosen.news, *chosen.tools]
    missing: list[Kind] = []
    while waiting:
        # `map` cancels what it has not begun when it is left early.
        told = list(pool.map(tell, waiting))
        kept += [each for each in told if each.fit or each.name in stay]
        gone = [each for each in told if not each.fit and each.name not in stay]
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
        kept.append(back.model_copy(update={"choice": _as(back.choice, kind)}))
    return kept, [Drop(what=each.name, reason=each.reason) for each in failed]


def told_for(told: Sequence[Told], kind: Kind) -> list[Told]:
    """Pick what was told for one half of the digest."""
    return [each for each in told if each.choice.kind == kind]


def _gist(finding: Finding) -> tuple[str, str, str]:
    """Give what a finding is about, however that is spaced."""
    return finding.check, finding.severity, re.sub(r"\W", "", finding.found)


def _as(choice: Choice, kind: Kind) -> Choice:
    return choice.model_copy(update={"kind": kind})
