"""No address stands under two entries of a digest."""

from collections.abc import Sequence

from pipeline.records import Entry, Finding
from pipeline.urls import canonical


def shared_links(entries: Sequence[Entry]) -> tuple[Finding, ...]:
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
