"""What the questions to the model follow from, and of that what differs; part of `diff`.

Pure, but for the glossary, which is read as it is installed.
"""

from collections.abc import Mapping, Sequence

from pipeline.chinese import glossary
from pipeline.diff.evidence import evidence_causes
from pipeline.diff.records import Cause
from pipeline.diff.runs import Runs
from pipeline.records import Entry

# Settings that shape every question, those about one story, those about the choice; and those that
# come in only where an answer did not fit.
_OF_ALL = ("temperature", "host")
_OF_TEXT = (*_OF_ALL, "evidence_chars")
_OF_CHOICE = (*_OF_ALL, "want", "select_tokens", "select_questions")
_OF_REPAIR = ("reask_temperature", "mends")
# Edits that may put another story elsewhere than the one that they are about.
_SHIFTING = ("drop", "swap", "pin", "move")


def text_causes(runs: Runs, old: Entry, new: Entry) -> list[Cause]:
    """Name what the words of a story follow from: its own evidence, not the rest of the page."""
    found = evidence_causes(runs, old, new)
    if runs.known and not (old.evidence and new.evidence):
        found = [Cause(why="unknown", what="evidence", sure=False)]
    mended = max(old.tries, new.tries) > 1 or old.quoted or new.quoted
    for name, cause in runs.prompts.items():
        if name in ("translate", "format"):
            found.append(cause)
        elif (
            name == "reask"
            or (name == "mend" and mended)
            or (name == "glossary" and (_has_terms(old) or _has_terms(new)))
        ):
            found.append(perhaps(cause))
    longest = max(len(old.evidence), len(new.evidence))
    settings = {
        name: cause
        for name, cause in runs.settings.items()
        if name != "evidence_chars" or _cuts(cause, longest)
    }
    return [*found, *runs.model, *_settings(settings, _OF_TEXT)]


def choice_causes(runs: Runs) -> list[Cause]:
    """Name what the choice of the stories and their order follow from."""
    mentions = [each for each in runs.page if each.what in ("mentions", "order")]
    shown = (*(mentions or runs.page), *runs.memory, *runs.program)
    found = [perhaps(each) for each in shown]
    found += [perhaps(cause) for edit, cause in runs.edits if edit.do in _SHIFTING]
    for name, cause in runs.prompts.items():
        if name in ("select", "format"):
            found.append(cause)
        elif name == "reask":
            found.append(perhaps(cause))
    return [*found, *runs.model, *_settings(runs.settings, _OF_CHOICE)]


def perhaps(cause: Cause) -> Cause:
    """Say that a cause only may be one."""
    return cause.model_copy(update={"sure": False})


def _settings(settings: Mapping[str, Cause], sure: Sequence[str]) -> list[Cause]:
    found = [cause for name, cause in settings.items() if name in sure]
    return found + [perhaps(cause) for name, cause in settings.items() if name in _OF_REPAIR]


def _cuts(cause: Cause, length: int) -> bool:
    """Whether a story is long enough to have been cut in either version."""
    limits = [int(each) for each in (cause.old, cause.new) if each.isdigit()]
    return len(limits) < 2 or length > min(limits)  # noqa: PLR2004 - an old and a new one


def _has_terms(entry: Entry) -> bool:
    """Whether a change of the glossary can have mattered: as it is installed, it has a say."""
    return not entry.evidence or bool(glossary.occurring(entry.evidence, glossary.load()))
