"""What is said of a change in words, the same in a terminal and in a pull request."""

from collections.abc import Iterator

from rapidfuzz.distance import Prefix

from pipeline.diff.records import Cause, Compared, Piece, Why
from pipeline.diff.render_comparison import Comparison, Row
from pipeline.diff.unseen import visible
from pipeline.records import Finding

_WHY: dict[Why, str] = {
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
_BEFORE = 40
_LONGEST = 160


def cause(each: Cause) -> str:
    """Say one reason: what it happened to, what that was and what it is."""
    said = _WHY[each.why]
    if each.what:
        said += f" {folded(each.what)}"
    old, new = _apart(each.old, each.new)
    if old and new:
        said += f": {old} → {new}"
    elif old or new:
        said += f": gone: {old}" if old else f": new: {new}"
    return said if each.sure else f"perhaps {said}"


def causes(each: Compared) -> Iterator[str]:
    """Say why an entry changed; that the issue is another one is said of the digest alone."""
    yield from (cause(known) for known in each.causes if known.why != "issue")


def finding(each: Finding) -> str:
    """Say one finding."""
    place = f"{each.severity} at {each.entry}, {each.check}"
    return folded(f"{place}: found {each.found!r}, expected {each.expected}")


def place(each: Compared) -> str:
    """Say where an entry stands, and where it stood if that was elsewhere."""
    if each.old_place and each.new_place and each.old_place != each.new_place:
        return f"{each.new_place} (was {each.old_place})"
    return each.new_place or each.old_place or "nowhere"


def happened(each: Compared) -> Iterator[str]:
    """Say what became of an entry as a whole."""
    if each.old is None:
        yield "added" + (f" in the place of {each.instead}" if each.instead else "")
    elif each.new is None:
        yield "dropped" + (f"; {each.instead} took its place" if each.instead else "")
    elif each.moved:
        yield f"moved from {each.old_place} to {each.new_place}"
    if each.reason:
        yield f"{'not told before' if each.old is None else 'not told now'}: {folded(each.reason)}"


def counts(counted: Row) -> str:
    """Say in one line how much changed."""
    reworded = f"{counted.texts} reworded"
    if counted.numbers:
        reworded += f" ({counted.numbers} with another number)"
    told = (
        (counted.added, f"{counted.added} added"),
        (counted.dropped, f"{counted.dropped} dropped"),
        (counted.moved, f"{counted.moved} moved"),
        (counted.texts, reworded),
        (counted.links, f"{counted.links} with another link"),
        (counted.came + counted.went, f"findings +{counted.came} -{counted.went}"),
        (counted.unchanged, f"{counted.unchanged} unchanged"),
    )
    return ", ".join(words for number, words in told if number)


def whole(comparison: Comparison) -> str:
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


def pieces(old: str, new: str, cut: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Give the pieces of a change, also where it was not cut into any."""
    both = (("gone", old), ("new", new))
    return cut or tuple(
        Piece.model_validate({"change": change, "kind": "words", "text": text})
        for change, text in both
        if text
    )


def _apart(old: str, new: str) -> tuple[str, str]:
    """Fold two long texts from where they begin to differ; what stands just before stays."""
    alike = Prefix.similarity(old, new)
    start = max(0, alike - _BEFORE) if max(len(old), len(new)) > _LONGEST else 0
    mark = "…" if start else ""
    before, after = (folded(f"{mark}{text[start:]}") if text else "" for text in (old, new))
    return before, after


def folded(text: str) -> str:
    """Give a text as a part of a line: white space folded, at most 160 characters."""
    line = visible(" ".join(text.split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
