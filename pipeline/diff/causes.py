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
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Final, get_args

from rapidfuzz import fuzz

from pipeline.chinese import load_glossary, occurring_terms, shorten
from pipeline.diff.changes import Cause, CauseKind, EntryDiff, FieldChange
from pipeline.diff.matching import take_best_pairs
from pipeline.diff.run_metadata import RunComparison
from pipeline.edits import text_key
from pipeline.records import NO_REASON, Digest, Edit, Entry, Reason, ReasonCode

CAUSE_ORDER = {why: at for at, why in enumerate(get_args(CauseKind))}
"""In which order reasons are named."""
_SAMPLING = Cause(why="sampling", what="")
# What is said of a story that was left out for want of room, not for what it is.
_IMPERSONAL_REASONS: Final = frozenset[ReasonCode](
    {"none", "not_chosen", "passed_over", "not_shown", "same_link_as", "same_event_as"}
)
_MARKS = str.maketrans("。“”‘’「」『』", ".\"\"''\"\"''")
_LABEL_CHARS = 60
_OMITTED_WORDS_CHARS = 160
# How much of a mention must be the same, of 100, for it to be the same one in other words.
_REWORDED_MIN_RATIO = 45
# Settings that shape every question, those about one story, those about the choice; and those that
# come in only where an answer did not fit.
_COMMON_SETTINGS = ("temperature", "host", "profile")
_ENTRY_SETTINGS = (*_COMMON_SETTINGS, "evidence_chars")
_SELECTION_SETTINGS = (*_COMMON_SETTINGS, "want", "select_tokens", "select_questions")
_RETRY_SETTINGS = ("reask_temperature", "mends")
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
        if found := by_hand or _presence_causes(self._runs, entry, dropped=dropped):
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
        return self._ranked(_entry_prompt_causes(self._runs, entry, entry) or [_SAMPLING])

    def selection_causes(self, half: str) -> tuple[Cause, ...]:
        """Say why other stories of a half may have been chosen, or in another order."""
        found = [*self._selection_inputs, *self._possible_edits({half})]
        return self._ranked(found, ("settings", "memory", "mentions"))

    def omission_reason(self, entry: Entry, *, dropped: bool) -> Reason:
        """Find why a version does not have an entry of the other one, in its own words."""
        if self._runs.issue_causes:
            return NO_REASON
        return _find_omission_reason(
            self._runs, entry, self._runs.new if dropped else self._runs.old
        )

    def _field_causes(self, matched: MatchedEntry, change: FieldChange) -> list[Cause]:
        old, new = matched.old, matched.new
        if by_hand := self._field_edit_causes(matched, change.field):
            return by_hand
        if change.field == "follows":
            found = [*_evidence_causes(self._runs, old, new), *self._runs.history_causes]
            return found or self._unless_unknown(
                "memory", Cause(why="earlier", what="", sure=False)
            )
        if change.field == "link":
            return self._link_field_causes(matched)
        return self._text_causes(matched, change)

    def _text_causes(self, matched: MatchedEntry, change: FieldChange) -> list[Cause]:
        """Explain a title, a summary, or that it is a quotation."""
        if found := _entry_prompt_causes(self._runs, matched.old, matched.new):
            return found
        if matched.old.kind != matched.new.kind:  # the question says which half it is for
            return self._move_causes(matched)
        otherwise = self._unless_unknown("settings", _SAMPLING)
        if not _is_typographic_only(change):
            return otherwise
        typography = Cause(why="program", what="typography", sure=self._all_typographic)
        if self._all_typographic:
            return [typography]
        return [typography, *(_as_possible(cause) for cause in otherwise)]

    def _link_field_causes(self, matched: MatchedEntry) -> list[Cause]:
        old, new = matched.old, matched.new
        found = [*_link_causes(self._runs, old, new), *_evidence_causes(self._runs, old, new)]
        if found:
            return found
        if words := [change for change in matched.changes if change.field in ("title", "summary")]:
            return [cause for change in words for cause in self._field_causes(matched, change)]
        if not self._runs.has_provenance:
            return []
        # No page is shown twice: what another entry shows may have taken this one's.
        unsure = [_as_possible(cause) for cause in self._selection_inputs]
        links = {old.link, new.link}
        unsure += [
            _as_possible(cause)
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
            _as_possible(cause)
            for edit, cause in self._runs.edit_causes
            if edit.do in _REORDERING_EDITS
            and {_half(edit.stood), _half(edit.place or "")} & {*halves}
        ]

    @cached_property
    def _selection_inputs(self) -> list[Cause]:
        return _selection_prompt_causes(self._runs)

    def _finding_causes(self, matched: MatchedEntry) -> list[Cause]:
        """Explain findings of words that are the same."""
        found = _evidence_causes(self._runs, matched.old, matched.new)
        found += _link_causes(self._runs, matched.old, matched.new)
        checks = {finding.check for finding in (*matched.came, *matched.went)}
        found += [cause for cause in self._glossary_causes if "term" in checks]
        found += [cause for _, cause in self._runs.edit_causes if "edit" in checks]
        if "repeat" in checks:
            found += [_as_possible(cause) for cause in self._selection_inputs]
            found += [
                _as_possible(cause)
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
        asked += [*_proofreader_causes(self._runs), *self._runs.model_causes]
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
    keys = {*_mentions_by_key(old), *_mentions_by_key(new)}
    return edit.story.key in keys or (edit.instead is not None and edit.instead.key in keys)


def _is_typographic_only(change: FieldChange) -> bool:
    """Whether two texts differ in spaces, widths and quotation marks only."""
    return change.field in ("title", "summary") and _without_typography(
        change.old
    ) == _without_typography(change.new)


def _without_typography(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text).translate(_MARKS))


def _mentions_by_key(entry: Entry) -> dict[str, str]:
    """Give the texts of an entry's mentions by their keys."""
    return {text_key(text): text for text in entry.evidence.split("\n\n") if text}


def _mention_label(text: str) -> str:
    """Name a mention by how it begins."""
    text = " ".join(text.split())
    return shorten(text, _LABEL_CHARS, within=False)


def _evidence_causes(runs: RunComparison, old: Entry, new: Entry) -> list[Cause]:
    """Say which mentions of a story came, went or read otherwise.

    On the same page only the program can have done that. On another page it is sure where the page
    itself did not have the mention, and not where it only went to another story. What was read
    from Markdown has no evidence, and says nothing.
    """
    if old.evidence == new.evidence or not (old.evidence and new.evidence):
        return []
    why = "program" if runs.is_same_page else "source"
    before, after = _mentions_by_key(old), _mentions_by_key(new)
    gone = {name: text for name, text in before.items() if name not in after}
    came = {name: text for name, text in after.items() if name not in before}
    found = [
        Cause(why=why, what=_mention_label(text), old=before[name], new=text)
        for name, text in after.items()
        if before.get(name, text) != text
    ]
    reworded = [(one, gone.pop(one), came.pop(other)) for one, other in _match_reworded(gone, came)]
    only_one_page_has = [
        *((name, was, text, True) for name, was, text in reworded),
        *((name, text, "", True) for name, text in gone.items()),
        *((name, "", text, False) for name, text in came.items()),
    ]
    for name, was, text, missing_in_new in only_one_page_has:
        sure = runs.is_same_page or runs.page_has_mention(name, new=missing_in_new) is False
        what = _mention_label(text or was)
        found.append(Cause(why=why, what=what, old=was, new=text, sure=sure))
    return found or [Cause(why=why, what="order", sure=runs.is_same_page)]


def _link_causes(runs: RunComparison, old: Entry, new: Entry) -> list[Cause]:
    """Say which links of the evidence came and went."""
    before, after = ([link.url for link in entry.links] for entry in (old, new))
    gone = [url for url in before if url not in after]
    came = [url for url in after if url not in before]
    if before == after or not (old.evidence and new.evidence):
        return []
    why = "program" if runs.is_same_page else "source"
    return [Cause(why=why, what="links", old=" ".join(gone), new=" ".join(came))]


def _presence_causes(runs: RunComparison, entry: Entry, *, dropped: bool) -> list[Cause]:
    """Say whether only one page has the first mention of a story that only one version has."""
    first = entry.evidence.partition("\n\n")[0]
    if (
        not first
        or runs.is_same_page
        or runs.page_has_mention(text_key(first), new=dropped) is not False
    ):
        return []
    if dropped:
        return [Cause(why="source", what=_mention_label(first), old=first)]
    return [Cause(why="source", what=_mention_label(first), new=first)]


def _find_omission_reason(runs: RunComparison, entry: Entry, other: Digest) -> Reason:
    """Find why a version does not have a story that the other one has, in its own words."""
    if other.provenance is None:
        return NO_REASON
    first = " ".join(entry.evidence.partition("\n\n")[0].split())
    for passed in other.provenance.coverage.passed:
        if first and shorten(first, _OMITTED_WORDS_CHARS, within=False) == passed.words:
            return passed.reason
    if not runs.is_same_page:  # there the id is another story's
        return NO_REASON
    reasons = (drop.reason for drop in other.drops if drop.what == entry.story)
    return next((reason for reason in reasons if reason.code != "named_twice"), NO_REASON)


def _match_reworded(gone: dict[str, str], came: dict[str, str]) -> list[tuple[str, str]]:
    """Find what is the same mention in other words, the most alike first."""
    ways = sorted(
        (-fuzz.ratio(gone[one], came[other]), i, j, one, other)
        for i, one in enumerate(gone)
        for j, other in enumerate(came)
    )
    return take_best_pairs(
        (one, other) for score, _, _, one, other in ways if -score >= _REWORDED_MIN_RATIO
    )


def _entry_prompt_causes(runs: RunComparison, old: Entry, new: Entry) -> list[Cause]:
    """Name what the words of a story follow from: its own evidence, not the rest of the page."""
    found = _evidence_causes(runs, old, new)
    if runs.has_provenance and not (old.evidence and new.evidence):
        found = [Cause(why="unknown", what="evidence", sure=False)]
    mended = max(old.tries, new.tries) > 1 or old.quoted or new.quoted
    for file, cause in runs.prompt_causes.items():
        name = file.removesuffix("_plain")
        if name in ("translate", "format"):
            found.append(cause)
        elif (
            name == "reask"
            or (name in ("mend", "proofread") and mended)
            or (name == "glossary" and (_has_terms(old) or _has_terms(new)))
        ):
            found.append(_as_possible(cause))
    longest = max(len(old.evidence), len(new.evidence))
    settings = {
        name: cause
        for name, cause in runs.setting_causes.items()
        if name != "evidence_chars" or _may_truncate(cause, longest)
    }
    if mended:
        found += map(_as_possible, _proofreader_causes(runs))
    return [*found, *runs.model_causes, *_setting_causes(settings, _ENTRY_SETTINGS)]


def _proofreader_causes(runs: RunComparison) -> list[Cause]:
    """Name who proofread, where that was another model, or only one version was."""
    return [cause for name, cause in runs.setting_causes.items() if name == "proofreader"]


def _selection_prompt_causes(runs: RunComparison) -> list[Cause]:
    """Name what the choice of the stories and their order follow from."""
    mentions = [cause for cause in runs.page_causes if cause.what in ("mentions", "order")]
    shown = (*(mentions or runs.page_causes), *runs.history_causes, *runs.program_causes)
    found = [_as_possible(cause) for cause in shown]
    for name, cause in runs.prompt_causes.items():
        if name in ("select", "format"):
            found.append(cause)
        elif name == "reask":
            found.append(_as_possible(cause))
    return [*found, *runs.model_causes, *_setting_causes(runs.setting_causes, _SELECTION_SETTINGS)]


def _as_possible(cause: Cause) -> Cause:
    """Say that a cause only may be one."""
    return cause.model_copy(update={"sure": False})


def _setting_causes(settings: Mapping[str, Cause], sure: Sequence[str]) -> list[Cause]:
    found = [cause for name, cause in settings.items() if name in sure]
    return found + [
        _as_possible(cause) for name, cause in settings.items() if name in _RETRY_SETTINGS
    ]


def _may_truncate(cause: Cause, length: int) -> bool:
    """Whether a story is long enough to have been cut in either version."""
    limits = [int(limit) for limit in (cause.old, cause.new) if limit.isdigit()]
    return len(limits) < 2 or length > min(limits)  # noqa: PLR2004 - an old and a new one


def _has_terms(entry: Entry) -> bool:
    """Whether a change of the glossary can have mattered: as it is installed, it has a say."""
    return not entry.evidence or bool(occurring_terms(entry.evidence, load_glossary()))
