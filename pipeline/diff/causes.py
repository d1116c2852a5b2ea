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
from typing import NamedTuple, get_args

from pipeline.diff.evidence import (
    PAGE_WIDE,
    evidence_causes,
    link_causes,
    mentions,
    presence_causes,
    untold,
)
from pipeline.diff.prompt_causes import choice_causes, perhaps, text_causes
from pipeline.diff.records import Cause, Change, Why
from pipeline.diff.runs import Runs
from pipeline.edits.apply import BY_HAND
from pipeline.records import Edit, Entry, Finding

ORDER = {why: at for at, why in enumerate(get_args(Why))}
"""In which order reasons are named."""
_SAMPLING = Cause(why="sampling", what="")
_TOLD = "told on "
_SAME_LINK = "tells the same link as "
_MARKS = str.maketrans("。“”‘’「」『』", ".\"\"''\"\"''")


class Told(NamedTuple):
    """One entry in both versions, with what is known to differ."""

    old: Entry
    new: Entry
    place: str
    """Where it stands."""
    moved: bool
    changes: tuple[Change, ...]
    came: tuple[Finding, ...]
    went: tuple[Finding, ...]


class Causes:
    """The reasons that two runs leave for what they tell otherwise."""

    def __init__(self, runs: Runs, told: Sequence[Told]) -> None:
        self._runs = runs
        texts = [
            change
            for each in told
            for change in each.changes
            if change.field in ("title", "summary")
        ]
        self._all_typographic = bool(texts) and all(map(_is_typographic, texts))

    def of_told(self, told: Told) -> tuple[Cause, ...]:
        """Say why an entry of both versions changed; nothing where it did not."""
        if not (told.moved or told.changes or told.came or told.went):
            return ()
        if self._runs.issue:
            return self._runs.issue
        found: list[Cause] = []
        matters = ["settings"]
        for change in told.changes:
            found += self._of_change(told, change)
            matters += ["memory"] * (change.field == "follows")
        if told.moved:
            found += self._of_move(told)
            matters += ["memory", "mentions"]
        if not (told.moved or told.changes):
            found += self._of_findings(told)
        return self._settled(found, matters)

    def of_lone(self, entry: Entry, *, dropped: bool) -> tuple[Cause, ...]:
        """Say why only one version tells an entry, as far as that is about the entry itself.

        Returns:
            Nothing where it only was not chosen, or chosen, among others.
        """
        if self._runs.issue:
            return self._runs.issue
        by_hand = self._by_hand(entry, {"drop", "swap", "pin", "move", "set"})
        if found := by_hand or presence_causes(self._runs, entry, dropped=dropped):
            return self._settled(found)
        reason = self.reason(entry, dropped=dropped)
        if not reason or reason in PAGE_WIDE or reason.startswith(_SAME_LINK):
            return ()
        if reason.startswith(_TOLD):
            here, gone = ("", reason) if dropped else (reason, "")
            return self._settled([Cause(why="earlier", what="", old=here, new=gone)])
        if reason == BY_HAND:
            return self._settled([Cause(why="edit", what="")])
        return self._settled(text_causes(self._runs, entry, entry) or [_SAMPLING])

    def of_choice(self) -> tuple[Cause, ...]:
        """Say why other stories may have been chosen, or in another order."""
        return self._settled(self._choosing, ("settings", "memory", "mentions"))

    def reason(self, entry: Entry, *, dropped: bool) -> str:
        """Find why a version does not tell an entry of the other one, in its own words."""
        if self._runs.issue:
            return ""
        return untold(self._runs, entry, self._runs.new if dropped else self._runs.old)

    # ------------------------------------------------------------------ of one field

    def _of_change(self, told: Told, change: Change) -> list[Cause]:
        old, new = told.old, told.new
        if by_hand := self._by_hand_in(told, change.field):
            return by_hand
        if change.field == "follows":
            found = [*evidence_causes(self._runs, old, new), *self._runs.memory]
            return found or self._or_unknown("memory", Cause(why="earlier", what="", sure=False))
        if change.field == "link":
            return self._of_link(told)
        return self._of_words(told, change)

    def _of_words(self, told: Told, change: Change) -> list[Cause]:
        """Explain a title, a summary, or that it is a quotation."""
        if found := text_causes(self._runs, told.old, told.new):
            return found
        if told.old.kind != told.new.kind:  # the question says which half it is for
            return [*self._choosing]
        otherwise = self._or_unknown("settings", _SAMPLING)
        if not _is_typographic(change):
            return otherwise
        typography = Cause(why="program", what="typography", sure=self._all_typographic)
        if self._all_typographic:
            return [typography]
        return [typography, *(perhaps(each) for each in otherwise)]

    def _of_link(self, told: Told) -> list[Cause]:
        old, new = told.old, told.new
        found = [*link_causes(self._runs, old, new), *evidence_causes(self._runs, old, new)]
        if found:
            return found
        if words := [each for each in told.changes if each.field in ("title", "summary")]:
            return [cause for each in words for cause in self._of_change(told, each)]
        if not self._runs.known:
            return []
        # No page is shown twice: what another entry shows may have taken this one's.
        unsure = [perhaps(each) for each in self._choosing]
        return unsure or [Cause(why="program", what="link", sure=False)]

    # ------------------------------------------------------------------ of place and choice

    def _of_move(self, told: Told) -> list[Cause]:
        by_hand = self._by_hand(told.new, {"move", "pin", "swap"})
        by_hand += self._by_hand(told.old, {"move", "pin", "swap"})
        return by_hand or self._choosing

    @cached_property
    def _choosing(self) -> list[Cause]:
        return choice_causes(self._runs)

    def _of_findings(self, told: Told) -> list[Cause]:
        """Explain findings of words that are the same."""
        found = evidence_causes(self._runs, told.old, told.new)
        found += link_causes(self._runs, told.old, told.new)
        checks = {each.check for each in (*told.came, *told.went)}
        found += [cause for cause in self._glossary if "term" in checks]
        found += [cause for _, cause in self._runs.edits if "edit" in checks]
        if "repeat" in checks:
            found += [perhaps(each) for each in self._choosing]
        return found or [Cause(why="program", what="checks")]

    @property
    def _glossary(self) -> list[Cause]:
        return [cause for name, cause in self._runs.prompts.items() if name == "glossary"]

    # ------------------------------------------------------------------ by hand

    def _by_hand_in(self, told: Told, field: str) -> list[Cause]:
        """Find the edits of one field that only one version has."""
        given = [
            cause
            for edit, cause in self._runs.edits
            if _is_about(edit, told.old, told.new)
            and getattr(edit, field, None) not in (None, False)
        ]
        if given or (field in told.old.edited) == (field in told.new.edited):
            return given
        # The edit is in both versions, and found its story in one of them only.
        now = field in told.new.edited
        said = {"new" if now else "old": f"set {field}"}
        return [Cause(why="edit", what=told.place, **said)]

    def _by_hand(self, entry: Entry, kinds: Iterable[str]) -> list[Cause]:
        return [
            cause
            for edit, cause in self._runs.edits
            if edit.do in kinds and _is_about(edit, entry, entry)
        ]

    # ------------------------------------------------------------------ all together

    def _or_unknown(self, name: str, cause: Cause) -> list[Cause]:
        """Conclude what is left when nothing else is; not where something is not known."""
        unknown = [
            each for what, each in self._runs.unknown.items() if what in (name, "provenance")
        ]
        return unknown or [cause]

    def _settled(
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
            for what, each in self._runs.unknown.items():
                if what not in known and what in ("provenance", *matters):
                    causes.append(each)
        if not causes:
            causes = [_SAMPLING]
        return tuple(sorted(causes, key=lambda each: (not each.sure, ORDER[each.why])))


def _is_about(edit: Edit, old: Entry, new: Entry) -> bool:
    keys = {*mentions(old), *mentions(new)}
    return edit.story.key in keys or (edit.instead is not None and edit.instead.key in keys)


def _is_typographic(change: Change) -> bool:
    """Whether two texts differ in spaces, widths and quotation marks only."""
    return change.field in ("title", "summary") and _plain(change.old) == _plain(change.new)


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(_MARKS))
