"""What a run asks of a digest that it leaves alone, read from its JSON without its records.

Nothing is checked but what is read: who needs more reads the digest with `from_json`.
"""

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pipeline.records import Digest


class DigestHead(NamedTuple):
    """What a digest is of, what it was made from, and how much it holds."""

    slug: str
    """Slug of its issue; blank where it has no provenance."""
    memory: tuple[str, ...] | None
    """As in its provenance: the earlier digests that it was compared with."""
    made_from: str
    """As in its provenance: the sum of what it was made from."""
    issue_url: str
    news: int
    """News entries."""
    tools: int
    """Tool entries."""
    degraded: int
    """How many of both quote the English text."""
    untold: int
    """How many places stay empty, for want of a story that could be told."""
    severities: tuple[str, ...]
    """Severity of each finding."""


def head_of(digest: "Digest") -> DigestHead:
    """Give the head of a digest."""
    origin = digest.provenance
    return DigestHead(
        slug=origin.slug if origin else "",
        memory=origin.memory if origin else None,
        made_from=origin.made_from if origin else "",
        issue_url=digest.issue_url,
        news=len(digest.news),
        tools=len(digest.tools),
        degraded=digest.degraded,
        untold=digest.untold,
        severities=tuple(finding.severity for finding in digest.findings),
    )


def read_head(data: bytes) -> DigestHead | None:
    """Read the head of a digest from its JSON, of any version; None where it has none."""
    try:
        tree = json.loads(data)
        origin = {"slug": ""} if tree["provenance"] is None else tree["provenance"]
        memory = origin.get("memory")
        findings = tree.get("findings", ())
        return DigestHead(
            slug=origin["slug"],
            memory=None if memory is None else tuple(memory),
            made_from=origin.get("made_from", ""),
            issue_url=tree["issue_url"],
            news=len(tree["news"]),
            tools=len(tree["tools"]),
            degraded=sum(entry.get("quoted", False) for entry in (*tree["news"], *tree["tools"])),
            untold=sum(finding["check"] == "told" for finding in findings),
            severities=tuple(finding["severity"] for finding in findings),
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
