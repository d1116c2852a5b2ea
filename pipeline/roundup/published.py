"""A roundup and the digests that it names -> whether each of its entries stands there.

Pure.
"""

from collections.abc import Callable

from pipeline.records import Digest, Entry, Finding

ReadDigest = Callable[[str], Digest | None]
"""Gives the daily digest of a name, or None where there is none that can be read."""


def match_published(roundup: Digest, read: ReadDigest) -> tuple[Digest, tuple[Finding, ...]]:
    """Look up every entry of a roundup in the digest that it names.

    Returns:
        The roundup, whose entries have the evidence of their digest where they came without, and
        an error for each that does not stand there word for word.
    """
    places = {place: _published(entry, read) for place, entry in roundup.placed}
    findings = tuple(
        Finding(
            entry=place,
            check="published",
            severity="error",
            expected=f"an entry of the digest {entry.published or 'that it names'}, word for word",
            found=entry.title,
        )
        for place, entry in roundup.placed
        if places[place] is None
    )
    news, tools = (
        tuple(places[f"{field}:{number}"] or entry for number, entry in enumerate(half, start=1))
        for field, half in roundup.halves
    )
    return roundup.model_copy(update={"news": news, "tools": tools}), findings


def _published(entry: Entry, read: ReadDigest) -> Entry | None:
    digest = read(entry.published) if entry.published else None
    for other in digest.entries if digest else ():
        if _are_one(entry, other):
            update = {"published": entry.published, "timeline": entry.timeline}
            return entry if entry.evidence else other.model_copy(update=update)
    return None


def _are_one(entry: Entry, other: Entry) -> bool:
    """Whether a reader is told the same; of what came from Markdown nothing else is known."""
    fields = ("title", "summary", "link", "quoted", "follows")
    told = all(getattr(entry, field) == getattr(other, field) for field in fields)
    return told and (not entry.evidence or entry.evidence == other.evidence)
