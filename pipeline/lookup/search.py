"""The entries that say something: by words, company, model and date.

Only title and summary are looked at, which the checks have passed; the evidence is what an entry
found is asked for next.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, TypeVar

from pipeline.chinese import HAN, fold, to_simplified
from pipeline.errors import SettingsError
from pipeline.lookup.answers import DigestList, EntryList, EntrySummary
from pipeline.lookup.archive import Archive, ArchivedDigest
from pipeline.lookup.questions import ListQuestion, RangeQuestion, SearchQuestion
from pipeline.verify import NameQuery

_Test = Callable[[str], bool]
_Found = TypeVar("_Found")
_MAX_WORDS: Final = 12
_GAP: Final = r"[\s\-_/·.+]{0,2}"
_PART: Final = re.compile(rf"[0-9]+(?:\.[0-9]+)*|[{HAN}]+|[^\W\d_{HAN}]+")


def list_digests(archive: Archive, question: ListQuestion) -> DigestList:
    """List the published digests of a range of dates."""
    unreadable: list[str] = []
    found = (one for one in archive.digests(unreadable) if _is_in_range(one, question))
    shown, total = _one_page(found, question)
    return DigestList(
        digests=tuple(digest.summary for digest in shown),
        total=total,
        next_offset=_next_offset(question, total),
        unreadable=tuple(unreadable),
    )


def search_entries(archive: Archive, question: SearchQuestion) -> EntryList:
    """Find the entries that have all that is asked for.

    Raises:
        SettingsError: nothing is asked for that an entry could have.
    """
    tests = _make_tests(question)
    unreadable: list[str] = []
    found = (
        entry
        for digest in archive.digests(unreadable)
        if _is_in_range(digest, question)
        for entry in _matching(digest, tests)
    )
    shown, total = _one_page(found, question)
    return EntryList(
        entries=tuple(shown),
        total=total,
        next_offset=_next_offset(question, total),
        unreadable=tuple(unreadable),
    )


def word_pattern(word: str) -> re.Pattern[str]:
    """Make the pattern of a folded word: its parts may be set apart, and a number is whole.

    Raises:
        ValueError: it has neither letters nor digits.
    """
    parts = _PART.findall(word)
    if not parts:
        raise ValueError(word)
    body = _GAP.join(map(re.escape, parts))
    before = r"(?<![0-9])(?<![0-9]\.)" if parts[0][0].isdigit() else ""
    if parts[0][0].isascii() and parts[0][0].isalpha():
        before = "(?<![a-z])"
    after = r"(?![0-9]|\.[0-9])" if parts[-1][-1].isdigit() else ""
    return re.compile(before + body + after)


def _make_tests(question: SearchQuestion) -> tuple[_Test, ...]:
    words = to_simplified(fold(question.words)).split()
    if len(words) > _MAX_WORDS:
        raise SettingsError(f"words: at most {_MAX_WORDS} of them")
    tests: list[_Test] = []
    for word in words:
        try:
            pattern = word_pattern(word)
        except ValueError:
            raise SettingsError("words: each has a letter or a digit") from None
        tests.append(partial(_has, pattern))
    for field, name in (("company", question.company), ("model", question.model)):
        if name:
            try:
                tests.append(NameQuery(name).is_in)
            except ValueError as error:
                raise SettingsError(f"{field}: {error}") from None
    return tuple(tests)


def _has(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(fold(text)) is not None


def _matching(digest: ArchivedDigest, tests: tuple[_Test, ...]) -> Iterator[EntrySummary]:
    for entry in digest.entries:
        text = f"{entry.title}。{entry.summary}"
        if all(test(text) for test in tests):
            yield entry


def _is_in_range(digest: ArchivedDigest, question: RangeQuestion) -> bool:
    early = question.since is not None and digest.date < question.since
    return not early and not (question.until is not None and digest.date > question.until)


def _one_page(found: Iterable[_Found], question: RangeQuestion) -> tuple[list[_Found], int]:
    """Take what is asked for, and count all; the rest is not held."""
    shown, total = [], 0
    for each in found:
        if question.offset <= total < question.offset + question.limit:
            shown.append(each)
        total += 1
    return shown, total


def _next_offset(question: RangeQuestion, total: int) -> int | None:
    following = question.offset + question.limit
    return following if following < total else None
