"""What differs in the evidence of one story, and why a version does not tell a story.

Pure; part of `diff`.
"""

from rapidfuzz import fuzz

from pipeline.diff.changes import Cause
from pipeline.diff.runs import RunComparison
from pipeline.edits import text_key
from pipeline.reasons import NO_REASON, Reason
from pipeline.records import Digest, Entry

_LABEL_CHARS = 60
_OMITTED_WORDS_CHARS = 160
# How much of a mention must be the same, of 100, for it to be the same one in other words.
_REWORDED_MIN_RATIO = 45


def mentions_by_key(entry: Entry) -> dict[str, str]:
    """Give the texts of an entry's mentions by their keys."""
    return {text_key(text): text for text in entry.evidence.split("\n\n") if text}


def mention_label(text: str) -> str:
    """Name a mention by how it begins."""
    text = " ".join(text.split())
    return text if len(text) <= _LABEL_CHARS else f"{text[:_LABEL_CHARS]}…"


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
        Cause(why=why, what=mention_label(text), old=before[name], new=text)
        for name, text in after.items()
        if before.get(name, text) != text
    ]
    for one, other in _match_reworded(gone, came):
        was, text = gone.pop(one), came.pop(other)
        sure = runs.is_same_page or runs.page_has_mention(one, new=True) is False
        found.append(Cause(why=why, what=mention_label(text), old=was, new=text, sure=sure))
    for name, text in gone.items():
        sure = runs.is_same_page or runs.page_has_mention(name, new=True) is False
        found.append(Cause(why=why, what=mention_label(text), old=text, sure=sure))
    for name, text in came.items():
        sure = runs.is_same_page or runs.page_has_mention(name, new=False) is False
        found.append(Cause(why=why, what=mention_label(text), new=text, sure=sure))
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
    """Say whether only one page has the first mention of a story that only one version tells."""
    first = entry.evidence.partition("\n\n")[0]
    if (
        not first
        or runs.is_same_page
        or runs.page_has_mention(text_key(first), new=dropped) is not False
    ):
        return []
    if dropped:
        return [Cause(why="source", what=mention_label(first), old=first)]
    return [Cause(why="source", what=mention_label(first), new=first)]


def find_omission_reason(runs: RunComparison, entry: Entry, other: Digest) -> Reason:
    """Find why a version does not tell a story that the other one tells, in its own words.

    Args:
        runs: both runs.
        entry: the other one's entry.
        other: the version without it.
    """
    if other.provenance is None:
        return NO_REASON
    first = " ".join(entry.evidence.partition("\n\n")[0].split())
    for passed in other.provenance.coverage.passed:
        if first and _omitted_words(first) == passed.words:
            return passed.reason
    if not runs.is_same_page:  # there the id is another story's
        return NO_REASON
    reasons = (each.reason for each in other.drops if each.what == entry.story)
    return next((reason for reason in reasons if reason.code != "named_twice"), NO_REASON)


def _omitted_words(text: str) -> str:
    return text if len(text) <= _OMITTED_WORDS_CHARS else f"{text[:_OMITTED_WORDS_CHARS]}…"


def _match_reworded(gone: dict[str, str], came: dict[str, str]) -> list[tuple[str, str]]:
    """Find what is the same mention in other words, the most alike first."""
    ways = sorted(
        (-fuzz.ratio(gone[one], came[other]), i, j, one, other)
        for i, one in enumerate(gone)
        for j, other in enumerate(came)
    )
    found: dict[str, str] = {}
    for score, _, _, one, other in ways:
        if -score >= _REWORDED_MIN_RATIO and one not in found and other not in found.values():
            found[one] = other
    return list(found.items())
