"""Why an entry is told otherwise: only what can have touched it; part of `diff`.

A title and a summary follow from the story's own evidence, the prompts that tell it, the model and
its settings; which stories are told, and in which order, follows from the whole page, the earlier
digests, the prompt that chooses, the model and its settings; a link follows from the evidence and
the text. What is by hand is by hand.

Not covered: an earlier digest that was itself changed between the two runs, and sampling beside
another cause: it is named where nothing else can have done it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Final, NamedTuple, get_args

from pipeline.diff.changes import Cause, CauseKind, FieldChange
from pipeline.diff.evidence import (
    evidence_causes,
    find_omission_reason,
    link_causes,
    mentions_by_key,
    presence_causes,
)
from pipeline.diff.prompt_causes import as_possible, entry_prompt_causes, selection_prompt_causes
from pipeline.diff.runs import RunComparison
from pipeline.reasons import NO_REASON, Reason, ReasonCode
from pipeline.records import Edit, Entry, Finding

CAUSE_ORDER = {why: at for at, why in enumerate(get_args(CauseKind))}
"""In which order reasons are named."""
_SAMPLING = Cause(why="sampling", what="")
# What is said of a story that was not told for want of room, not for what it is.
_IMPERSONAL_REASONS: Final = frozenset[ReasonCode](
    {"none", "not_chosen", "not_shown", "same_link_as"}
)
_MARKS = str.maketrans("。“”‘’「」『』", ".\"\"''\"\"''")


class MatchedEntry(NamedTuple):
    """One entry in both versions, with what is known to differ."""

    old: Entry
    new: Entry
    place: str
    """Where it stands."""
    moved: bool
    changes: tuple[FieldChange, ...]
    came: tuple[Finding, ...]
    went: tuple[Finding, ...]


class CauseFinder:
    """The reasons that two runs leave for what they tell otherwise."""

    def __init__(self, runs: RunComparison, matched: Sequence[MatchedEntry]) -> None:
        self._runs = runs
        texts = [
            change
            for each in matched
            for change in each.changes
            if change.field in ("title", "summary")
        ]
        self._all_typographic = bool(texts) and all(map(_is_typographic_only, texts))

    def entry_causes(self, matched: MatchedEntry) -> tuple[Cause, ...]:
        """Say why an entry of both versions changed; nothing where it did not."""
        if not (matched.moved or matched.changes or matched.came or matched.went):
            return ()
        if self._runs.issue_causes:
            return self._runs.issue_causes
        found: list[Cause] = []
        matters = ["settings"]
        for change in matched.changes:
            found += self._field_causes(matched, change)
            matters += ["memory"] * (change.field == "follows")
        if matched.moved:
            found += self._move_causes(matched)
            matters += ["memory", "mentions"]
        if not (matched.moved or matched.changes):
            found += self._finding_causes(matched)
        return self._ranked(found, matters)

    def unmatched_causes(self, entry: Entry, *, dropped: bool) -> tuple[Cause, ...]:
        """Say why only one version tells an entry, as far as that is about the entry itself.

        Returns:
            Nothing where it only was not chosen, or chosen, among others.
        """
        if self._runs.issue_causes:
            return self._runs.issue_causes
        by_hand = self._edit_causes(entry, {"drop", "swap", "pin", "move", "set"})
        if found := by_hand or presence_causes(self._runs, entry, dropped=dropped):
            return self._ranked(found)
        reason = self.omission_reason(entry, dropped=dropped)
        if reason.code in _IMPERSONAL_REASONS:
            return ()
        if reason.code in ("repeated", "repeated_with_news"):
            here, gone = ("", str(reason)) if dropped else (str(reason), "")
            known = Cause(why="earlier", what="", old=here, new=gone, reason=reason)
            return self._ranked([known])
        if reason.code == "by_hand":
            return self._ranked([Cause(why="edit", what="")])
        return self._ranked(entry_prompt_causes(self._runs, entry, entry) or [_SAMPLING])

    def selection_causes(self) -> tuple[Cause, ...]:
        """Say why other stories may have been chosen, or in another order."""
        return self._ranked(self._selection_inputs, ("settings", "memory", "mentions"))

    def omission_reason(self, entry: Entry, *, dropped: bool) -> Reason:
        """Find why a version does not tell an entry of the other one, in its own words."""
        if self._runs.issue_causes:
            return NO_REASON
        return find_omission_reason(
            self._runs, entry, self._runs.new if dropped else self._runs.old
        )

    # ------------------------------------------------------------------ of one field

    def _field_causes(self, told: MatchedEntry, change: FieldChange) -> list[Cause]:
        old, new = told.old, told.new
        if by_hand := self._field_edit_causes(told, change.field):
            return by_hand
        if change.field == "follows":
            found = [*evidence_causes(self._runs, old, new), *self._runs.history_causes]
            return found or self._unless_unknown(
                "memory", Cause(why="earlier", what="", sure=False)
            )
        if change.field == "link":
            return self._link_field_causes(told)
        return self._text_causes(told, change)

    def _text_causes(self, told: MatchedEntry, change: FieldChange) -> list[Cause]:
        """Explain a title, a summary, or that it is a quotation."""
        if found := entry_prompt_causes(self._runs, told.old, told.new):
            return found
        if told.old.kind != told.new.kind:  # the question says which half it is for
            return [*self._selection_inputs]
        otherwise = self._unless_unknown("settings", _SAMPLING)
        if not _is_typographic_only(change):
            return otherwise
        typography = Cause(why="program", what="typography", sure=self._all_typographic)
        if self._all_typographic:
            return [typography]
        return [typography, *(as_possible(each) for each in otherwise)]

    def _link_field_causes(self, told: MatchedEntry) -> list[Cause]:
        old, new = told.old, told.new
        found = [*link_causes(self._runs, old, new), *evidence_causes(self._runs, old, new)]
        if found:
            return found
        if words := [each for each in told.changes if each.field in ("title", "summary")]:
            return [cause for each in words for cause in self._field_causes(told, each)]
        if not self._runs.has_provenance:
            return []
        # No page is shown twice: what another entry shows may have taken this one's.
        unsure = [as_possible(each) for each in self._selection_inputs]
        return unsure or [Cause(why="program", what="link", sure=False)]

    # ------------------------------------------------------------------ of place and choice

    def _move_causes(self, told: MatchedEntry) -> list[Cause]:
        by_hand = self._edit_causes(told.new, {"move", "pin", "swap"})
        by_hand += self._edit_causes(told.old, {"move", "pin", "swap"})
        return by_hand or self._selection_inputs

    @cached_property
    def _selection_inputs(self) -> list[Cause]:
        return selection_prompt_causes(self._runs)

    def _finding_causes(self, told: MatchedEntry) -> list[Cause]:
        """Explain findings of words that are the same."""
        found = evidence_causes(self._runs, told.old, told.new)
        found += link_causes(self._runs, told.old, told.new)
        checks = {each.check for each in (*told.came, *told.went)}
        found += [cause for cause in self._glossary_causes if "term" in checks]
        found += [cause for _, cause in self._runs.edit_causes if "edit" in checks]
        if "repeat" in checks:
            found += [as_possible(each) for each in self._selection_inputs]
        return found or [Cause(why="program", what="checks")]

    @property
    def _glossary_causes(self) -> list[Cause]:
        return [cause for name, cause in self._runs.prompt_causes.items() if name == "glossary"]

    # ------------------------------------------------------------------ by hand

    def _field_edit_causes(self, told: MatchedEntry, field: str) -> list[Cause]:
        """Find the edits of one field that only one version has."""
        given = [
            cause
            for edit, cause in self._runs.edit_causes
            if _is_edit_of(edit, told.old, told.new)
            and getattr(edit, field, None) not in (None, False)
        ]
        if given or (field in told.old.edited) == (field in told.new.edited):
            return given
        # The edit is in both versions, and found its story in one of them only.
        now = field in told.new.edited
        said = {"new" if now else "old": f"set {field}"}
        return [Cause(why="edit", what=told.place, **said)]

    def _edit_causes(self, entry: Entry, kinds: Iterable[str]) -> list[Cause]:
        return [
            cause
            for edit, cause in self._runs.edit_causes
            if edit.do in kinds and _is_edit_of(edit, entry, entry)
        ]

    # ------------------------------------------------------------------ all together

    def _unless_unknown(self, name: str, cause: Cause) -> list[Cause]:
        """Conclude what is left when nothing else is; not where something is not known."""
        unknown = [
            each for what, each in self._runs.unknown_causes.items() if what in (name, "provenance")
        ]
        return unknown or [cause]

    def _ranked(
        self, found: Iterable[Cause], matters: Collection[str] = ("settings",)
    ) -> tuple[Cause, ...]:
        """Name each cause once, what is sure first; where nothing is sure, what is unknown too.

        Args:
            found: the causes.
            matters: what would matter, were it known.
        """
        sure: dict[tuple[str, str, str, str], Cause] = {}
        for each in sorted(found, key=lambda each: not each.sure):
            sure.setdefault((each.why, each.what, each.old, each.new), each)
        causes = list(sure.values())
        if not any(each.sure for each in causes):
            known = {each.what for each in causes if each.why == "unknown"}
            for what, each in self._runs.unknown_causes.items():
                if what not in known and what in ("provenance", *matters):
                    causes.append(each)
        if not causes:
            causes = [_SAMPLING]
        return tuple(sorted(causes, key=lambda each: (not each.sure, CAUSE_ORDER[each.why])))


def _is_edit_of(edit: Edit, old: Entry, new: Entry) -> bool:
    keys = {*mentions_by_key(old), *mentions_by_key(new)}
    return edit.story.key in keys or (edit.instead is not None and edit.instead.key in keys)


def _is_typographic_only(change: FieldChange) -> bool:
    """Whether two texts differ in spaces, widths and quotation marks only."""
    return change.field in ("title", "summary") and _without_typography(
        change.old
    ) == _without_typography(change.new)


def _without_typography(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(_MARKS))
