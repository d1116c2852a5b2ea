"""Pairs of English and Chinese quantities, measured: right ones rejected, wrong ones passed.

The pairs are written by hand in `quantity_pairs.tsv`, of every kind that the checks know. A right
answer that is rejected is a fault like a wrong one that passes.
"""

import csv
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.quantities import unsupported_quantities

PAIRS_FILE: Final = Path(__file__).with_name("quantity_pairs.tsv")


class PairsScore(NamedTuple):
    """How many pairs there are of each side, and how many of them are judged wrongly."""

    right: int
    right_rejected: int
    wrong: int
    wrong_passed: int


class QuantityPair(NamedTuple):
    """What an issue says, and what a digest says of it."""

    right: bool
    evidence: str
    claim: str

    @property
    def misjudged(self) -> bool:
        """Whether the check rejects what is right, or passes what is wrong."""
        return self.right == bool(unsupported_quantities(self.claim, self.evidence))


def read_pairs(file: Path = PAIRS_FILE) -> tuple[QuantityPair, ...]:
    """Read the pairs of a table: `right` or `wrong`, English evidence, Chinese text."""
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = csv.reader(
        (line for line in lines if not line.startswith("#")),
        delimiter="\t",
        quoting=csv.QUOTE_NONE,
    )
    return tuple(QuantityPair(kind == "right", evidence, claim) for kind, evidence, claim in rows)


def pairs_score(file: Path = PAIRS_FILE) -> PairsScore:
    """Judge every pair, and count."""
    pairs = read_pairs(file)
    right = [pair for pair in pairs if pair.right]
    wrong = [pair for pair in pairs if not pair.right]
    return PairsScore(
        right=len(right),
        right_rejected=sum(pair.misjudged for pair in right),
        wrong=len(wrong),
        wrong_passed=sum(pair.misjudged for pair in wrong),
    )
