"""Words of one category, of which a text means one: a weekday, a season, a round of funding.

A word is wrong where the English has another one of its category and nothing that it could stand
for. What the English may have instead is wide, since a right word that is rejected costs a true
fact: 上周 may stand for `two days ago`. What shows that the English has another one is narrow. Not
covered: two words of one category that are exchanged, where the English has both. The words are in
`category_words`.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import permutations
from typing import NamedTuple

from pipeline.verify.category_words import CATEGORIES, GROWTH, Member
from pipeline.verify.kind_words import KINDS, UNSAID


class ExchangedWord(NamedTuple):
    """A word that stands in the place of another one of its category."""

    found: str
    expected: str
    """The word of what the English has."""
    english: str
    """What the English has."""


def find_exchanged_words(chinese: str, english: str) -> Iterator[ExchangedWord]:
    """Find words of a Chinese text whose English has another one of their category.

    Args:
        chinese: Chinese text.
        english: what it is about.
    """
    yield from _exchanged_growth(chinese, english)
    yield from _exchanged(chinese, english, CATEGORIES)


def find_exchanged_kinds(chinese: str, english: str) -> Iterator[ExchangedWord]:
    """Find the same of the categories that only warn."""
    yield from _exchanged(chinese, english, KINDS)


def find_unsaid_words(chinese: str, english: str) -> Iterator[str]:
    """Find words that say all, proved or planned where nothing of the English does."""
    for word in UNSAID:
        found = _search(word.chinese, chinese)
        if found and not _search(word.english, english):
            yield found.group()


def _exchanged(
    chinese: str, english: str, categories: Sequence[Sequence[Member]]
) -> Iterator[ExchangedWord]:
    for category in categories:
        for member in category:
            found = _search(member.chinese, chinese)
            if found and not _search(member.english, english):
                others = [other for other in category if other is not member]
                if instead := _first_of(others, english):
                    yield ExchangedWord(found[found.lastindex or 0], *instead)


def _exchanged_growth(chinese: str, english: str) -> Iterator[ExchangedWord]:
    """Find growth since a year ago that is told as that since a quarter ago, by its figure."""
    for member, other in permutations(GROWTH):
        told = re.findall(rf"({member.chinese}[^，。；\d]{{0,8}}(\d[\d.]*))", chinese)
        for growth, figure in dict.fromkeys(told):
            said = re.findall(rf"(?<![\d.]){re.escape(figure)}(?![\d.])([^\d,;]{{1,40}})", english)
            since = [words.split(" and ")[0] for words in said]
            found = next(filter(None, (_search(other.sure, words) for words in since)), None)
            if found and not any(_search(member.english, words) for words in since):
                yield ExchangedWord(growth, other.example, found.group())


def _first_of(members: Sequence[Member], english: str) -> tuple[str, str] | None:
    for member in members:
        if found := _search(member.sure, english):
            return member.example, found.group()
    return None


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return _compiled(pattern).search(text)


_compiled = cache(re.compile)
"""Of hundreds of patterns an entry needs few, and one takes a millisecond to compile."""
