"""What is said of a change in words, the same in a terminal and in a pull request."""

from collections.abc import Iterator

from rapidfuzz.distance import Prefix

from pipeline.diff.changes import Cause, CauseKind, EntryDiff, Piece
from pipeline.diff.comparison import Comparison, ComparisonSummary
from pipeline.diff.unseen import escape_invisible
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
    "unknown": "not known",
}
_CONTEXT_CHARS = 40
_MAX_CHARS = 160


def cause_text(cause: Cause) -> str:
    """Say one reason: what it happened to, what that was and what it is."""
    said = _CAUSE_NAMES[cause.why]
    if cause.what:
        said += f" {excerpt(cause.what)}"
    old, new = _from_first_difference(cause.old, cause.new)
    if old and new:
        said += f": {old} → {new}"
    elif old or new:
        said += f": gone: {old}" if old else f": new: {new}"
    return said if cause.sure else f"perhaps {said}"


def cause_texts(entry_diff: EntryDiff) -> Iterator[str]:
    """Say why an entry changed; that the issue is another one is said of the digest alone."""
    yield from (cause_text(known) for known in entry_diff.causes if known.why != "issue")


def finding_text(finding: Finding) -> str:
    """Say one finding."""
    place = f"{finding.severity} at {finding.entry}, {finding.check}"
    return excerpt(f"{place}: found {finding.found!r}, expected {finding.expected}")


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
    told = (
        (summary.added, f"{summary.added} added"),
        (summary.dropped, f"{summary.dropped} dropped"),
        (summary.moved, f"{summary.moved} moved"),
        (summary.texts, reworded),
        (summary.links, f"{summary.links} with another link"),
        (summary.came + summary.went, f"findings +{summary.came} -{summary.went}"),
        (summary.unchanged, f"{summary.unchanged} unchanged"),
    )
    return ", ".join(words for number, words in told if number)


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
    return f"{said}: {comparison.new_name} and {comparison.old_name}"


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
    return line if len(line) <= _MAX_CHARS else f"{line[: _MAX_CHARS - 1]}…"
