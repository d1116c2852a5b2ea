"""The terms of the evidence are written as the glossary has them, and a Tuesday is no Thursday."""

from collections.abc import Iterator

from pipeline.chinese import misused_terms, without_commands, without_spacing
from pipeline.verify.categories import (
    find_exchanged_kinds,
    find_exchanged_words,
    find_unsaid_words,
)
from pipeline.verify.check import CheckInput, CheckResult, Passage, Problem
from pipeline.verify.unsaid import find_unsaid


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
    for passage in data.passages:
        for problem in _by_passage(passage, cited=data.has_lines and passage.number > 0):
            yield problem._replace(minor=True, sentence=passage.number)


def _by_passage(passage: Passage, *, cited: bool) -> Iterator[Problem]:
    for word in find_exchanged_kinds(passage.text, passage.evidence):
        yield Problem(f"{word.expected} for {word.english!r}", word.found)
    for find in (find_unsaid_words, find_unsaid) if cited else (find_unsaid_words,):
        for found in find(passage.text, passage.evidence):
            yield Problem("only what the text says, which has no word for this", found)
