"""Entries x evidence -> findings: what an entry says that its story does not.

Pure. A failed check is a value. Today the link is checked; numbers, names, terms and the language
are not compared with the evidence yet.
"""

from collections.abc import Sequence

from pipeline.links import canonical
from pipeline.records import Entry, Finding, Story


def verify(entry: Entry, story: Story) -> tuple[Finding, ...]:
    """Compare one entry with the story it tells.

    Returns:
        One finding per failed check, empty for a clean entry.
    """
    links = {canonical(link.url) for link in story.links}
    if entry.link is None and not links:
        return ()
    if entry.link is not None and canonical(entry.link) in links:
        return ()
    return (
        Finding(
            entry=story.id,
            check="link",
            severity="error",
            expected="one of the story's links",
            found=str(entry.link),
        ),
    )


def repeats(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Find addresses that stand under more than one entry."""
    first: dict[str, str] = {}
    findings = []
    for entry in entries:
        if entry.link is None:
            continue
        other = first.setdefault(canonical(entry.link), str(entry.story))
        if other != entry.story:
            findings.append(
                Finding(
                    entry=str(entry.story),
                    check="repeat",
                    severity="error",
                    expected="an address that no other entry shows",
                    found=f"{entry.link} stands under {other} too",
                )
            )
    return tuple(findings)
