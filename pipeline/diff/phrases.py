"""What changed in a digest, put into words: one line at a time, for every format."""

from collections.abc import Collection, Iterator
from typing import Literal

from rapidfuzz.distance import Prefix

from pipeline.chinese import shorten
from pipeline.diff.changes import Cause, CauseKind, DigestDiff, EntryDiff, Piece
from pipeline.diff.lines_format import escape_invisible
from pipeline.diff.summary import Comparison, ComparisonSummary, summarize
from pipeline.records import Finding

_CAUSE_NAMES: dict[CauseKind, str] = {
    "issue": "another issue",
    "source": "the issue's page",
    "earlier": "what earlier digests told",
    "edit": "by hand",
    "prompt": "prompt",
    "model": "model",
    "settings": "setting",
    "program": "this program",
    "sampling": "another answer to the same question, or a hand in the file",
    "unknown": "not recorded:",
}
_WHOLE_CAUSES: dict[tuple[CauseKind, str], str] = {("settings", "host"): "another server"}
"""Causes that are told in a few words, as their values say nothing to a reader."""
_CAUSE_DETAILS: dict[tuple[CauseKind, str], str] = {
    ("earlier", "stories"): "by now, which leaves other stories",
    ("unknown", "provenance"): "how one of the versions was made",
}
_DOUBT = "perhaps "
_CONTEXT_CHARS = 40
_MAX_CHARS = 160


def cause_text(cause: Cause) -> str:
    """Say one reason: what it happened to, what that was and what it is."""
    # That something is not recorded is known, though not what it did.
    doubt = "" if cause.sure or cause.why == "unknown" else _DOUBT
    return doubt + _plain_cause_text(cause)


def _plain_cause_text(cause: Cause) -> str:
    if said := _WHOLE_CAUSES.get((cause.why, cause.what)):
        return said
    said = _CAUSE_NAMES[cause.why]
    if cause.what:
        said += f" {excerpt(_CAUSE_DETAILS.get((cause.why, cause.what), cause.what))}"
    if cause.title:
        said += f" “{excerpt(cause.title)}”"
    old, new = _from_first_difference(cause.old, cause.new)
    if cause.why == "edit":
        return f"{said}: {new}" if new else f"{said}: taken back: {old}"
    if old and new:
        said += f": {old} → {new}"
    elif old or new:
        said += f": gone: {old}" if old else f": new: {new}"
    return said


def common_cause_texts(difference: DigestDiff) -> tuple[str, ...]:
    """Say why all entries changed that are not by hand, where several did and have that in common.

    One that only may have it as its cause does not keep it from being common, and says so itself.
    """
    changed = [one for one in difference.entries if not (one.is_unchanged or _is_by_hand(one))]
    if len(changed) < 2:  # noqa: PLR2004 - of one entry it is said there
        return ()
    all_texts = [{cause_text(cause) for cause in one.causes} for one in changed]
    named = dict.fromkeys(cause_text(cause) for one in changed for cause in one.causes)
    return tuple(
        text for text in named if all({text, _DOUBT + text} & texts for texts in all_texts)
    )


def _is_by_hand(entry_diff: EntryDiff) -> bool:
    """Whether nothing but edits by hand changed it."""
    return all(cause.why == "edit" and cause.sure for cause in entry_diff.causes)


def run_cause_texts(difference: DigestDiff) -> Iterator[str]:
    """Say what differs between the two runs, each as a whole line."""
    common = common_cause_texts(difference)
    some_by_hand = any(
        _is_by_hand(entry_diff) for entry_diff in difference.entries if not entry_diff.is_unchanged
    )
    every = "of every change that is not by hand" if some_by_hand else "of every change"
    yield from (f"{every}: {text}" for text in common)
    for cause in difference.causes:
        if (text := cause_text(cause)) not in common:
            yield f"between the runs: {text}"


def cause_texts(
    entry_diff: EntryDiff, common: Collection[str] = ()
) -> Iterator[tuple[Literal["why", "perhaps"], str]]:
    """Say why an entry changed: whether that is sure, and the reason.

    That the issue is another one, and what all changes have in common, is said of the digest.
    """
    for known in entry_diff.causes:
        if known.why != "issue" and (text := cause_text(known)) not in common:
            doubtful = text.startswith(_DOUBT)
            yield "perhaps" if doubtful else "why", text.removeprefix(_DOUBT)


def overview_texts(comparison: Comparison) -> Iterator[str]:
    """Give the titles of a digest that exists once; of one that changed, in one line how much."""
    if comparison.difference is None:
        yield from (entry.title for entry in comparison.digest.entries)
    elif not comparison.difference.is_unchanged:
        yield counts_text(summarize(comparison)) or "every entry is as it was"


def changed_entries(comparison: Comparison) -> tuple[EntryDiff, ...]:
    """List the entries of which there is something to show."""
    entries = comparison.difference.entries if comparison.difference else ()
    return tuple(entry for entry in entries if not entry.is_unchanged)


def finding_texts(changed: DigestDiff | EntryDiff) -> Iterator[tuple[Literal["+", "-"], str]]:
    """Say which findings came, and which went."""
    yield from (("+", finding_text(finding)) for finding in changed.came)
    for finding in changed.went:
        yield "-", finding_text(_as_placed_now(finding, changed))


def _as_placed_now(finding: Finding, changed: DigestDiff | EntryDiff) -> Finding:
    """Give a finding of an entry's old version the place where the entry stands now."""
    if isinstance(changed, EntryDiff) and changed.new_place and changed.old_place == finding.entry:
        return finding.model_copy(update={"entry": changed.new_place})
    return finding


def finding_text(finding: Finding) -> str:
    """Say one finding."""
    return excerpt(finding.line())


def place_text(entry_diff: EntryDiff) -> str:
    """Say where an entry stands, and where it stood if that was elsewhere."""
    if (
        entry_diff.old_place
        and entry_diff.new_place
        and entry_diff.old_place != entry_diff.new_place
    ):
        return f"{entry_diff.new_place} (was {entry_diff.old_place})"
    return entry_diff.new_place or entry_diff.old_place or "nowhere"


def event_texts(entry_diff: EntryDiff) -> Iterator[str]:
    """Say what became of an entry as a whole."""
    if entry_diff.old is None:
        yield "added" + (f" in the place of {entry_diff.instead}" if entry_diff.instead else "")
    elif entry_diff.new is None:
        yield "dropped" + (f"; {entry_diff.instead} took its place" if entry_diff.instead else "")
    elif entry_diff.moved:
        yield f"moved from {entry_diff.old_place} to {entry_diff.new_place}"
    if entry_diff.reason:
        when = "before" if entry_diff.old is None else "now"
        yield f"not told {when}: {excerpt(str(entry_diff.reason))}"


def counts_text(summary: ComparisonSummary) -> str:
    """Say in one line how much changed."""
    reworded = f"{summary.texts} reworded"
    if summary.numbers:
        reworded += f" ({summary.numbers} with another number)"
    counts = (
        (summary.added, f"{summary.added} added"),
        (summary.dropped, f"{summary.dropped} dropped"),
        (summary.moved, f"{summary.moved} moved"),
        (summary.texts, reworded),
        (summary.links, f"{summary.links} with another link"),
        (summary.came + summary.went, f"findings +{summary.came} -{summary.went}"),
        (summary.unchanged, f"{summary.unchanged} unchanged"),
    )
    return ", ".join(words for number, words in counts if number)


def status_text(comparison: Comparison) -> str:
    """Say in one line what became of a digest as a whole."""
    size = f"{len(comparison.digest.news)} news, {len(comparison.digest.tools)} tools"
    if comparison.status == "added":
        return f"added: {comparison.new_name} ({size}); there is no {comparison.old_name}"
    if comparison.status == "removed":
        return f"removed: there is no {comparison.new_name}; it was {comparison.old_name} ({size})"
    if comparison.status == "changed":
        return f"changed: {comparison.new_name} against {comparison.old_name}"
    said = "identical" if comparison.exact else "nothing to tell apart, though not byte for byte"
    both = f"{comparison.new_name} and {comparison.old_name}"
    return f"{said} but for the Markdown: {both}" if comparison.markdown else f"{said}: {both}"


def pieces_or_whole(old: str, new: str, cut: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Give the pieces of a change, also where it was not cut into any."""
    both = (("gone", old), ("new", new))
    return cut or tuple(
        Piece.model_validate({"change": change, "kind": "words", "text": text})
        for change, text in both
        if text
    )


def _from_first_difference(old: str, new: str) -> tuple[str, str]:
    """Fold two long texts from where they begin to differ; what stands just before stays."""
    alike = Prefix.similarity(old, new)
    start = max(0, alike - _CONTEXT_CHARS) if max(len(old), len(new)) > _MAX_CHARS else 0
    mark = "…" if start else ""
    before, after = (excerpt(f"{mark}{text[start:]}") if text else "" for text in (old, new))
    return before, after


def excerpt(text: str) -> str:
    """Give a text as a part of a line: white space folded, at most 160 characters."""
    line = escape_invisible(" ".join(text.split()))
    return shorten(line, _MAX_CHARS)
