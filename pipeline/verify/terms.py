"""The terms of the evidence are written as the glossary has them."""

from collections.abc import Iterator

from pipeline.chinese import misused_terms, without_commands, without_spacing
from pipeline.verify.check import CheckInput, CheckResult, Problem


def check_terms(data: CheckInput) -> CheckResult:
    """Look for terms that are written otherwise."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    # The glossary has KV缓存, whichever way that is spaced.
    text = without_spacing(without_commands(data.text, data.story.evidence))
    for term in misused_terms(text, data.story.evidence, data.terms):
        yield Problem(f"{term.expected} for {term.term!r}", term.found, minor=not term.strict)
