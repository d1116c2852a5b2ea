"""The terms of the evidence are written as the glossary has them, and a Tuesday is no Thursday."""

from collections.abc import Iterator

from pipeline.chinese import misused_terms, without_commands, without_spacing
from pipeline.verify.categories import (
    find_exchanged_kinds,
    find_exchanged_words,
    find_unsaid_words,
)
from pipeline.verify.check import CheckInput, CheckResult, Problem
from pipeline.verify.unsaid import find_unsaid

_UNSAID = "only what the text says, which has no word for this"


def check_terms(data: CheckInput) -> CheckResult:
    """Look for terms that are written otherwise, and for words of another meaning."""
    return CheckResult(_problems(data))


def _problems(data: CheckInput) -> Iterator[Problem]:
    evidence = data.story.evidence
    # The glossary has KV缓存, whichever way that is spaced.
    text = without_spacing(without_commands(data.text, evidence))
    for term in misused_terms(text, evidence, data.terms):
        yield Problem(f"{term.expected} for {term.term!r}", term.found, minor=not term.strict)
    for word in find_exchanged_words(data.text, evidence):
        yield Problem(f"{word.expected} for {word.english!r}", word.found)
    for word in find_exchanged_kinds(data.text, evidence):
        yield Problem(f"{word.expected} for {word.english!r}", word.found, minor=True)
    for found in find_unsaid_words(data.text, evidence):
        yield Problem(_UNSAID, found, minor=True)
    for passage in data.passages[1:] if data.has_lines else ():
        for found in find_unsaid(passage.text, passage.evidence):
            yield Problem(_UNSAID, found, minor=True, sentence=passage.number)
