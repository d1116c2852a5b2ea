"""What the questions to the model follow from, and of that what differs; part of `diff`.

Pure, but for the glossary, which is read as it is installed.
"""

from collections.abc import Mapping, Sequence

from pipeline.chinese import load_glossary, occurring_terms
from pipeline.diff.changes import Cause
from pipeline.diff.evidence import evidence_causes
from pipeline.diff.runs import RunComparison
from pipeline.records import Entry

# Settings that shape every question, those about one story, those about the choice; and those that
# come in only where an answer did not fit.
_COMMON_SETTINGS = ("temperature", "host")
_ENTRY_SETTINGS = (*_COMMON_SETTINGS, "evidence_chars")
_SELECTION_SETTINGS = (*_COMMON_SETTINGS, "want", "select_tokens", "select_questions")
_RETRY_SETTINGS = ("reask_temperature", "mends")
# Edits that may put another story elsewhere than the one that they are about.
_REORDERING_EDITS = ("drop", "swap", "pin", "move")


def entry_prompt_causes(runs: RunComparison, old: Entry, new: Entry) -> list[Cause]:
    """Name what the words of a story follow from: its own evidence, not the rest of the page."""
    found = evidence_causes(runs, old, new)
    if runs.has_provenance and not (old.evidence and new.evidence):
        found = [Cause(why="unknown", what="evidence", sure=False)]
    mended = max(old.tries, new.tries) > 1 or old.quoted or new.quoted
    for name, cause in runs.prompt_causes.items():
        if name in ("translate", "format"):
            found.append(cause)
        elif (
            name == "reask"
            or (name == "mend" and mended)
            or (name == "glossary" and (_has_terms(old) or _has_terms(new)))
        ):
            found.append(as_possible(cause))
    longest = max(len(old.evidence), len(new.evidence))
    settings = {
        name: cause
        for name, cause in runs.setting_causes.items()
        if name != "evidence_chars" or _may_truncate(cause, longest)
    }
    return [*found, *runs.model_causes, *_setting_causes(settings, _ENTRY_SETTINGS)]


def selection_prompt_causes(runs: RunComparison) -> list[Cause]:
    """Name what the choice of the stories and their order follow from."""
    mentions = [each for each in runs.page_causes if each.what in ("mentions", "order")]
    shown = (*(mentions or runs.page_causes), *runs.history_causes, *runs.program_causes)
    found = [as_possible(each) for each in shown]
    found += [
        as_possible(cause) for edit, cause in runs.edit_causes if edit.do in _REORDERING_EDITS
    ]
    for name, cause in runs.prompt_causes.items():
        if name in ("select", "format"):
            found.append(cause)
        elif name == "reask":
            found.append(as_possible(cause))
    return [*found, *runs.model_causes, *_setting_causes(runs.setting_causes, _SELECTION_SETTINGS)]


def as_possible(cause: Cause) -> Cause:
    """Say that a cause only may be one."""
    return cause.model_copy(update={"sure": False})


def _setting_causes(settings: Mapping[str, Cause], sure: Sequence[str]) -> list[Cause]:
    found = [cause for name, cause in settings.items() if name in sure]
    return found + [
        as_possible(cause) for name, cause in settings.items() if name in _RETRY_SETTINGS
    ]


def _may_truncate(cause: Cause, length: int) -> bool:
    """Whether a story is long enough to have been cut in either version."""
    limits = [int(each) for each in (cause.old, cause.new) if each.isdigit()]
    return len(limits) < 2 or length > min(limits)  # noqa: PLR2004 - an old and a new one


def _has_terms(entry: Entry) -> bool:
    """Whether a change of the glossary can have mattered: as it is installed, it has a say."""
    return not entry.evidence or bool(occurring_terms(entry.evidence, load_glossary()))
