"""Digests and what they cost -> records for programs: `report --json`."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from pydantic import FiniteFloat

from pipeline.llm import Bill, digest_key
from pipeline.records import Digest, DroppedItem, Finding, Record


class ReportedDigest(Record):
    """One digest, summed up for a reviewer."""

    name: str
    """Its file name without ending."""
    date: dt.date
    """Digest date."""
    issue_url: str
    """Public address of its issue."""
    news: int
    """News entries."""
    tools: int
    """Tool entries."""
    by_hand: int
    """Entries of which something is by hand."""
    quotations: int
    """Entries that quote the English text."""
    checked: bool
    """Whether the checks were run: not where it was read from Markdown."""
    findings: tuple[Finding, ...]
    """What they found."""
    drops: tuple[DroppedItem, ...]
    """What was left out, and why."""
    cost_usd: FiniteFloat | None
    """What all runs that made it have cost; None where this machine does not know."""
    unpriced_calls: int
    """Calls whose price is not known, and not in the sum."""


class Report(Record):
    """What there is to judge."""

    digests: tuple[ReportedDigest, ...]
    """In the order of their names."""


def report_record(
    digests: Sequence[tuple[str, Digest]], bills: Mapping[str, Bill] | None = None
) -> Report:
    """Sum up digests."""
    return Report(digests=tuple(_reported(digests, bills or {})))


def _reported(
    digests: Sequence[tuple[str, Digest]], bills: Mapping[str, Bill]
) -> Iterator[ReportedDigest]:
    for name, digest in digests:
        key = digest_key(digest.date, digest.slug) if digest.slug else ""
        bill = bills.get(key)
        yield ReportedDigest(
            name=name,
            date=digest.date,
            issue_url=digest.issue_url,
            news=len(digest.news),
            tools=len(digest.tools),
            by_hand=sum(bool(entry.edited) for entry in digest.entries),
            quotations=digest.degraded,
            checked=digest.provenance is not None,
            findings=digest.findings,
            drops=digest.drops,
            cost_usd=bill.total.usage.cost_usd if bill else None,
            unpriced_calls=bill.total.unpriced if bill else 0,
        )
