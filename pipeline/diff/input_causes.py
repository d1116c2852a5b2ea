"""What differs between what two runs were given, as the causes of what differs in their entries."""

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from pipeline.chinese import load_glossary, occurring_terms, shorten
from pipeline.diff.changes import Cause
from pipeline.diff.matching import take_best_pairs
from pipeline.diff.run_metadata import RunComparison
from pipeline.edits import text_key
from pipeline.records import NO_REASON, Digest, Entry, Reason

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


def mentions_by_key(entry: Entry) -> dict[str, str]:
    """Give the texts of an entry's mentions by their keys."""
    return {text_key(text): text for text in entry.mention_texts if text}


def _mention_label(text: str) -> str:
    """Name a mention by how it begins."""
    text = " ".join(text.split())
    return shorten(text, _LABEL_CHARS, within=False)


def evidence_causes(runs: RunComparison, old: Entry, new: Entry) -> list[Cause]:
    """Say which mentions of a story came, went or read otherwise.

    On the same page only the program can have done that. On another page it is sure where the page
    itself did not have the mention, and not where it only went to another story. What was read
    from Markdown has no evidence, and says nothing.
    """
    if old.evidence == new.evidence or not (old.evidence and new.evidence):
        return []
    why = "program" if runs.is_same_page else "source"
    before, after = mentions_by_key(old), mentions_by_key(new)
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


def link_causes(runs: RunComparison, old: Entry, new: Entry) -> list[Cause]:
    """Say which links of the evidence came and went."""
    before, after = ([link.url for link in entry.links] for entry in (old, new))
    gone = [url for url in before if url not in after]
    came = [url for url in after if url not in before]
    if before == after or not (old.evidence and new.evidence):
        return []
    why = "program" if runs.is_same_page else "source"
    return [Cause(why=why, what="links", old=" ".join(gone), new=" ".join(came))]


def presence_causes(runs: RunComparison, entry: Entry, *, dropped: bool) -> list[Cause]:
    """Say whether only one page has the first mention of a story that only one version has."""
    first = entry.first_mention
    if not first or runs.is_same_page:
        return []
    if runs.page_has_mention(text_key(first), new=dropped) is not False:
        return []
    return [Cause(why="source", what=_mention_label(first), **{"old" if dropped else "new": first})]


def find_omission_reason(runs: RunComparison, entry: Entry, other: Digest) -> Reason:
    """Find why a version does not have a story that the other one has, in its own words."""
    if other.provenance is None:
        return NO_REASON
    first = " ".join(entry.first_mention.split())
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


def entry_prompt_causes(runs: RunComparison, old: Entry, new: Entry) -> list[Cause]:
    """Name what the words of a story follow from: its own evidence, not the rest of the page."""
    found = evidence_causes(runs, old, new)
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
            found.append(as_possible(cause))
    longest = max(len(old.evidence), len(new.evidence))
    settings = {
        name: cause
        for name, cause in runs.setting_causes.items()
        if name != "evidence_chars" or _may_truncate(cause, longest)
    }
    if mended:
        found += map(as_possible, proofreader_causes(runs))
    return [*found, *runs.model_causes, *_setting_causes(settings, _ENTRY_SETTINGS)]


def proofreader_causes(runs: RunComparison) -> list[Cause]:
    """Name who proofread, where that was another model, or only one version was."""
    return [cause for name, cause in runs.setting_causes.items() if name == "proofreader"]


def selection_prompt_causes(runs: RunComparison) -> list[Cause]:
    """Name what the choice of the stories and their order follow from."""
    mentions = [cause for cause in runs.page_causes if cause.what in ("mentions", "order")]
    shown = (*(mentions or runs.page_causes), *runs.history_causes, *runs.program_causes)
    found = [as_possible(cause) for cause in shown]
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
    limits = [int(limit) for limit in (cause.old, cause.new) if limit.isdigit()]
    return len(limits) < 2 or length > min(limits)  # noqa: PLR2004 - an old and a new one


def _has_terms(entry: Entry) -> bool:
    """Whether a change of the glossary can have mattered: as it is installed, it has a say."""
    return not entry.evidence or bool(occurring_terms(entry.evidence, load_glossary()))
