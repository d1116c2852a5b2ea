"""The digests of one date -> the score card that Dagster shows beside them.

Pure, and free of Dagster: numbers, texts and addresses by name. A number of two digests is their
sum. What a digest cost is what this machine's ledger knows.
"""

from collections.abc import Sequence

from pipeline.lines import visible
from pipeline.orchestration.day import DayDigest
from pipeline.records import Finding, Record
from pipeline.verify import generation_checks


class CheckSummary(Record):
    """What one check says of a date's digests."""

    check: str
    """Name of the check, as findings have it."""
    passed: bool
    """Whether nothing was found."""
    error: bool
    """Whether something was found that should have stopped the entry, and not only a warning."""
    found: tuple[str, ...] = ()
    """One line per finding."""


def score_card(day_digests: Sequence[DayDigest]) -> dict[str, int | float | str]:
    """Count what the digests of one date hold, and what they cost."""
    digests = [made.digest for made in day_digests]
    findings = [finding for digest in digests for finding in digest.findings]
    known = [digest.provenance for digest in digests if digest.provenance]
    bills = [made.bill for made in day_digests if made.bill]
    card: dict[str, int | float | str] = {
        "digests": ", ".join(
            made.stem + ("" if made.new else " (made before)") for made in day_digests
        ),
        "model": ", ".join(dict.fromkeys(origin.model for origin in known)),
        "news": sum(len(digest.news) for digest in digests),
        "tools": sum(len(digest.tools) for digest in digests),
        "quotations": sum(digest.degraded for digest in digests),
        "errors": sum(finding.severity == "error" for finding in findings),
        "warnings": sum(finding.severity == "warning" for finding in findings),
        "characters": sum(origin.coverage.characters for origin in known),
        "mentions": sum(sum(origin.coverage.mentions.values()) for origin in known),
        "stories": sum(origin.coverage.stories for origin in known),
        "stories shown": sum(origin.coverage.shown for origin in known),
        "calls": sum(bill.total.usage.calls for bill in bills),
        "tokens": sum(
            bill.total.usage.input_tokens + bill.total.usage.output_tokens for bill in bills
        ),
    }
    if bills and not any(bill.total.unpriced for bill in bills):
        card["cost usd"] = sum(bill.total.usage.cost_usd or 0.0 for bill in bills)
    return card


def check_results(day_digests: Sequence[DayDigest]) -> tuple[CheckSummary, ...]:
    """Gather the findings of one date's digests by check, each check once."""
    found: dict[str, list[tuple[str, Finding]]] = {name: [] for name in generation_checks()}
    for made in day_digests:
        for finding in made.digest.findings:
            if finding.check in found:
                found[finding.check].append((made.stem, finding))
    return tuple(
        CheckSummary(
            check=name,
            passed=not lines,
            error=any(finding.severity == "error" for _, finding in lines),
            found=tuple(_describe_finding(stem, finding) for stem, finding in lines),
        )
        for name, lines in found.items()
    )


def _describe_finding(stem: str, finding: Finding) -> str:
    place = f"{stem} {finding.entry}: {finding.severity}"
    return visible(f"{place}, found {finding.found!r}, expected {finding.expected}")
