"""One selected story -> its entry, and what it is told with."""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from pipeline.edits import order_by_places, with_remark
from pipeline.llm import Ask, ModelProfile
from pipeline.progress import Progress
from pipeline.records import HALVES, Finding, Issue, Provenance, SelectedStory, Selection
from pipeline.translate import Checks, DraftEntry, EarlyDrafts, Translation, translate_checked

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


def load_checks() -> Checks:
    """Import the checks, which is not worth the time before the model is asked."""
    from pipeline.verify import check_sentence, complete_citations, verify

    return Checks(verify=verify, cite=complete_citations, compare=check_sentence)


def drafts_by_place(translation: Translation, places: Mapping[str, int]) -> dict[str, DraftEntry]:
    """Give the drafts in their order in the digest, each with its place, such as `news:3`."""
    return {
        f"{name}:{number}": draft
        for kind, name in HALVES.items()
        for number, draft in enumerate(
            order_by_places(
                [draft for draft in translation.drafts if draft.choice.kind == kind],
                places,
                lambda draft: draft.story_id,
            ),
            1,
        )
    }
