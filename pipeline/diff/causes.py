"""Why an entry differs: only what can have touched it.

A title and a summary follow from the story's own evidence, the prompts that translate it, the
model and its settings; which stories are in a digest, and in which order, follows from the whole
page, the earlier digests, the prompt that selects, the model and its settings; a link follows from
the evidence and the text. What is by hand is by hand. Pure, but for the glossary, which is read as
it is installed.

Not covered: an earlier digest that was itself changed between the two runs, and sampling beside
another cause: it is named where nothing else can have done it.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Final, get_args

from pipeline.diff.changes import Cause, CauseKind, EntryDiff, FieldChange
from pipeline.diff.input_causes import (
    as_possible,
    entry_prompt_causes,
    evidence_causes,
    find_omission_reason,
    link_causes,
    mentions_by_key,
    presence_causes,
    proofreader_causes,
    selection_prompt_causes,
)
from pipeline.diff.run_metadata import RunComparison
from pipeline.records import NO_REASON, Edit, Entry, Reason, ReasonCode

CAUSE_ORDER = {why: at for at, why in enumerate(get_args(CauseKind))}
"""In which order reasons are named."""
_SAMPLING = Cause(why="sampling", what="")
# What is said of a story that was left out for want of room, not for what it is.
_IMPERSONAL_REASONS: Final = frozenset[ReasonCode](
    {"none", "not_chosen", "passed_over", "not_shown", "same_link_as", "same_event_as"}
)
_MARKS = str.maketrans("。“”‘’「」『』", ".\"\"''\"\"''")
# Edits that may put another story elsewhere than the one that they are about.
_REORDERING_EDITS = ("drop", "swap", "pin", "move", "add")
_TOLD_FIELDS = ("title", "summary", "link", "quoted")


class MatchedEntry(EntryDiff):
    """One entry of both versions."""

    old_place: str
    new_place: str
    old: Entry
    new: Entry


class CauseFinder:
    """The reasons that two runs leave for what differs between them."""

    def __init__(self, runs: RunComparison, matched: Sequence[MatchedEntry]) -> None:
        self._runs = runs
        texts = [
            change
            for entry_diff in matched
            for change in entry_diff.changes
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
        """Say why only one version has an entry, as far as that is about the entry itself.

        Returns:
            Nothing where it only was not chosen, or chosen, among others.
        """
        if self._runs.issue_causes:
            return self._runs.issue_causes
        by_hand = self._edit_causes(entry, {"drop", "swap", "pin", "move", "set", "add"})
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

    def selection_causes(self, half: str) -> tuple[Cause, ...]:
        """Say why other stories of a half may have been chosen, or in another order."""
        found = [*self._selection_inputs, *self._possible_edits({half})]
        return self._ranked(found, ("settings", "memory", "mentions"))

    def omission_reason(self, entry: Entry, *, dropped: bool) -> Reason:
        """Find why a version does not have an entry of the other one, in its own words."""
        if self._runs.issue_causes:
            return NO_REASON
        return find_omission_reason(
            self._runs, entry, self._runs.new if dropped else self._runs.old
        )

    def _field_causes(self, matched: MatchedEntry, change: FieldChange) -> list[Cause]:
        old, new = matched.old, matched.new
        if by_hand := self._field_edit_causes(matched, change.field):
            return by_hand
        if change.field == "follows":
            found = [*evidence_causes(self._runs, old, new), *self._runs.history_causes]
            return found or self._unless_unknown(
                "memory", Cause(why="earlier", what="", sure=False)
            )
        if change.field == "link":
            return self._link_field_causes(matched)
        return self._text_causes(matched, change)

    def _text_causes(self, matched: MatchedEntry, change: FieldChange) -> list[Cause]:
        """Explain a title, a summary, or that it is a quotation."""
        if found := entry_prompt_causes(self._runs, matched.old, matched.new):
            return found
        if matched.old.kind != matched.new.kind:  # the question says which half it is for
            return self._move_causes(matched)
        otherwise = self._unless_unknown("settings", _SAMPLING)
        if not _is_typographic_only(change):
            return otherwise
        typography = Cause(why="program", what="typography", sure=self._all_typographic)
        if self._all_typographic:
            return [typography]
        return [typography, *(as_possible(cause) for cause in otherwise)]

    def _link_field_causes(self, matched: MatchedEntry) -> list[Cause]:
        old, new = matched.old, matched.new
        found = [*link_causes(self._runs, old, new), *evidence_causes(self._runs, old, new)]
        if found:
            return found
        if words := [change for change in matched.changes if change.field in ("title", "summary")]:
            return [cause for change in words for cause in self._field_causes(matched, change)]
        if not self._runs.has_provenance:
            return []
        # No page is shown twice: what another entry shows may have taken this one's.
        unsure = [as_possible(cause) for cause in self._selection_inputs]
        links = {old.link, new.link}
        unsure += [
            as_possible(cause)
            for edit, cause in self._runs.edit_causes
            if self._runs.has_shown(edit, links)
        ]
        return unsure or [Cause(why="program", what="link", sure=False)]

    def _move_causes(self, matched: MatchedEntry) -> list[Cause]:
        by_hand = self._edit_causes(matched.new, {"move", "pin", "swap"})
        by_hand += self._edit_causes(matched.old, {"move", "pin", "swap"})
        halves = {_half(matched.old_place), _half(matched.new_place)}
        return by_hand or [
            *self._selection_inputs,
            *self._possible_edits(halves),
        ]

    def _possible_edits(self, halves: Collection[str]) -> list[Cause]:
        """Name the edits that may have put another entry of these halves elsewhere.

        Where something is known to have done so nobody wonders about them.
        """
        if any(cause.sure for cause in self._selection_inputs):
            return []
        return [
            as_possible(cause)
            for edit, cause in self._runs.edit_causes
            if edit.do in _REORDERING_EDITS
            and {_half(edit.stood), _half(edit.place or "")} & {*halves}
        ]

    @cached_property
    def _selection_inputs(self) -> list[Cause]:
        return selection_prompt_causes(self._runs)

    def _finding_causes(self, matched: MatchedEntry) -> list[Cause]:
        """Explain findings of words that are the same."""
        found = evidence_causes(self._runs, matched.old, matched.new)
        found += link_causes(self._runs, matched.old, matched.new)
        checks = {finding.check for finding in (*matched.came, *matched.went)}
        found += [cause for cause in self._glossary_causes if "term" in checks]
        found += [cause for _, cause in self._runs.edit_causes if "edit" in checks]
        if "repeat" in checks:
            found += [as_possible(cause) for cause in self._selection_inputs]
            found += [
                as_possible(cause)
                for edit, cause in self._runs.edit_causes
                if edit.do in _REORDERING_EDITS
            ]
        if "proofread" in checks:
            found += self._proofread_causes
        return found or [Cause(why="program", what="checks")]

    @property
    def _proofread_causes(self) -> list[Cause]:
        """Explain what a reader of the whole digest said of the same words."""
        prompts = self._runs.prompt_causes
        asked = [cause for name, cause in prompts.items() if name in ("proofread", "format")]
        asked += [*proofreader_causes(self._runs), *self._runs.model_causes]
        return asked or self._unless_unknown("settings", _SAMPLING)

    @property
    def _glossary_causes(self) -> list[Cause]:
        return [cause for name, cause in self._runs.prompt_causes.items() if name == "glossary"]

    def _field_edit_causes(self, matched: MatchedEntry, field: str) -> list[Cause]:
        """Find the edits of one field that only one version has."""
        given = [
            cause
            for edit, cause in self._runs.edit_causes
            if _is_edit_of(edit, matched.old, matched.new)
            and (
                getattr(edit, field, None) not in (None, False)
                or (edit.do == "tell" and field in _TOLD_FIELDS)
            )
        ]
        if given or (field in matched.old.edited) == (field in matched.new.edited):
            return given
        # The edit is in both versions, and found its story in one of them only.
        now = field in matched.new.edited
        said = {"new" if now else "old": f"set {field}"}
        return [Cause(why="edit", what=matched.new_place, title=matched.new.title, **said)]

    def _edit_causes(self, entry: Entry, kinds: Iterable[str]) -> list[Cause]:
        return [
            cause
            for edit, cause in self._runs.edit_causes
            if edit.do in kinds and _is_edit_of(edit, entry, entry)
        ]

    def _unless_unknown(self, name: str, cause: Cause) -> list[Cause]:
        """Conclude what is left when nothing else is; not where something is not known."""
        unknown = [
            unknown_cause
            for what, unknown_cause in self._runs.unknown_causes.items()
            if what in (name, "provenance")
        ]
        return unknown or [cause]

    def _ranked(
        self, found: Iterable[Cause], matters: Collection[str] = ("settings",)
    ) -> tuple[Cause, ...]:
        """Name each cause once, the sure ones first; where none is, what is unknown and matters."""
        sure: dict[tuple[str, str, str, str], Cause] = {}
        for cause in sorted(found, key=lambda cause: not cause.sure):
            sure.setdefault((cause.why, cause.what, cause.old, cause.new), cause)
        causes = list(sure.values())
        if not any(cause.sure for cause in causes):
            known = {cause.what for cause in causes if cause.why == "unknown"}
            for what, cause in self._runs.unknown_causes.items():
                if what not in known and what in ("provenance", *matters):
                    causes.append(cause)
        if not causes:
            causes = [_SAMPLING]
        return tuple(sorted(causes, key=lambda cause: (not cause.sure, CAUSE_ORDER[cause.why])))


def _half(place: str) -> str:
    return place.partition(":")[0]


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
