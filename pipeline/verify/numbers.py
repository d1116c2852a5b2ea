"""Every quantity of an entry has its equal in the evidence."""

from collections.abc import Iterator
from itertools import chain

from pipeline.quantities import find_quantities, match_quantities, unsupported_quantities
from pipeline.verify.check import CheckedSpan, CheckInput, CheckResult, Problem
from pipeline.verify.pairing import find_exchanged_numbers
from pipeline.verify.rates import find_other_rates

_MAX_LISTED = 3
"""A translation may count two or three things that the text lists, and hardly more."""
_MAX_SIMILAR = 5
_MOST_COMPARED = 2000
"""Characters of cited lines in which every two figures are compared."""


def check_numbers(data: CheckInput) -> CheckResult:
    """Compare the quantities with those of the evidence."""
    return CheckResult(_problems(data), _spans(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    evidence = data.story.evidence
    # A quantity of the title that the summary repeats is one finding.
    wrong = {quantity.text: quantity for quantity in unsupported_quantities(data.text, evidence)}
    known = find_quantities(evidence) if wrong else ()
    for text, quantity in wrong.items():
        similar = [*dict.fromkeys(other.text for other in known if other.unit == quantity.unit)]
        also = f", which has {', '.join(similar[:_MAX_SIMILAR])}" if similar else ""
        listed = quantity.weak and quantity.value <= _MAX_LISTED
        yield Problem(f"a quantity of the text{also}", text, minor=listed)
    rates = chain.from_iterable(
        find_other_rates(match, data.text, evidence)
        for match in match_quantities(data.text, evidence)
    )
    yield from dict.fromkeys(rates)
    if data.has_lines:
        yield from _exchanged(data)


def _exchanged(data: CheckInput) -> Iterator[Problem]:
    """Find figures that stand beside each other's names in a sentence and in its lines."""
    for passage in data.passages[1:]:
        if len(passage.evidence) > _MOST_COMPARED:
            continue
        for problem in find_exchanged_numbers(passage.evidence, passage.text):
            expected = f"{problem.expected}, and not {problem.found}"
            yield Problem(expected, passage.text, sentence=passage.number)


def _spans(data: CheckInput) -> Iterator[CheckedSpan]:
    for claim, equals, _ in match_quantities(data.text, data.story.evidence):
        if places := [(other.start, other.end) for other in equals]:
            # A spelled 两 has one equal; every `two` of the evidence is too many.
            shown = places[:1] if claim.weak else places
            yield CheckedSpan(claim.start, claim.end, tuple(shown), counted=claim.weak)
