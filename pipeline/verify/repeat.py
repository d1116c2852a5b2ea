"""No two entries of a digest show one page, rest on the same lines or tell the same in most words.

Two releases of one maker are alike in all but their names: where each title has a name or a number
that the other entry does not have, only the page counts. Not covered: one event in other words and
on other lines, which needs a reader.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

from pipeline.chinese import HAN
from pipeline.records import Entry, Finding
from pipeline.urls import canonical

_T = TypeVar("_T")
_LATIN = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)*")
_HAN_PAIR = re.compile(f"[{HAN}]{{2}}")
_RETOLD = 0.36
"""Share of the pairs of Chinese characters that two tellings of one event have in common."""
_MOST_NAMES = 2 / 3
_FEWEST_NAMES = 3
_NEARLY_ALL = 0.85
_MOST_LINES = 1 / 2
_LONG_SENTENCE_CHARS = 20


class _Told:
    """What is compared of one entry."""

    def __init__(self, entry: Entry) -> None:
        self.name = str(entry.story)
        self.entry = entry
        self.page = canonical(entry.link) if entry.link else None
        self.text = f"{entry.title}\n{entry.summary}".casefold()

    @cached_property
    def names(self) -> set[str]:
        """Latin words and numbers."""
        return set(_LATIN.findall(self.text))

    @cached_property
    def title_names(self) -> set[str]:
        """Those of the title."""
        return set(_LATIN.findall(self.entry.title.casefold()))

    @cached_property
    def pairs(self) -> set[str]:
        """Its pairs of neighbouring characters."""
        plain = re.sub(r"[\W_]", "", self.text)
        return {plain[at : at + 2] for at in range(len(plain) - 1)}

    @cached_property
    def chinese_pairs(self) -> set[str]:
        """Those of Chinese characters: names of one maker are alike in whatever is told of it."""
        return set(filter(_HAN_PAIR.fullmatch, self.pairs))

    @cached_property
    def sentences(self) -> set[str]:
        """Its long sentences, letters and digits alone."""
        plain = (re.sub(r"[\W_]", "", part) for part in re.split("[。！？\n]", self.text))
        return {part for part in plain if len(part) >= _LONG_SENTENCE_CHARS}

    @cached_property
    def lines(self) -> set[tuple[str, str]]:
        """The evidence lines that its sentences name, each with its mention."""
        known = self.entry.evidence_lines
        named = {number for sentence in self.entry.sentences for number in sentence.lines}
        lines = [known[number - 1] for number in named if 0 < number <= len(known)]
        return {(line.mention, line.text) for line in lines}


class _Likeness(NamedTuple):
    """What an entry has in common with an earlier one."""

    found: str
    expected: str = "an event that no other entry tells"
    severity: Literal["error", "warning"] = "warning"


def repeated_entries(entries: Sequence[Entry]) -> tuple[Finding, ...]:
    """Find entries that tell what an earlier one tells.

    Args:
        entries: the entries of a digest in their order; findings name them by what stands as
            their story, which may be their place.

    Returns:
        At most one finding per entry: an error where the page or nearly all words are those of an
        earlier one, else a warning.
    """
    earlier: list[_Told] = []
    findings = []
    for told in map(_Told, entries):
        if likeness := _same_page(told, earlier) or _same_event(told, earlier):
            findings.append(
                Finding(
                    entry=told.name,
                    check="repeat",
                    severity=likeness.severity,
                    expected=likeness.expected,
                    found=likeness.found,
                )
            )
        earlier.append(told)
    return tuple(findings)


def _same_page(told: _Told, others: Sequence[_Told]) -> _Likeness | None:
    other = next((other for other in others if told.page and told.page == other.page), None)
    if other and other.name != told.name:
        found = f"{told.entry.link} stands under {other.name} too"
        return _Likeness(found, "an address that no other entry shows", "error")
    return None


def _same_event(told: _Told, others: Sequence[_Told]) -> _Likeness | None:
    for other in others:
        quoted = told.entry.quoted or other.entry.quoted
        if other.name == told.name or quoted or _are_two_things(told, other):
            continue
        if _shared(told.pairs, other.pairs) >= _NEARLY_ALL:
            return _Likeness(f"nearly all words of {other.name}", severity="error")
        if _shared(told.lines, other.lines) > _MOST_LINES:
            return _Likeness(f"the lines of {other.name} again")
        if told.sentences & other.sentences:
            return _Likeness(f"a sentence of {other.name} again")
        names = _shared(told.names, other.names, least=_FEWEST_NAMES)
        if _shared(told.chinese_pairs, other.chinese_pairs) >= _RETOLD and names >= _MOST_NAMES:
            return _Likeness(f"most words of {other.name}")
    return None


def _are_two_things(told: _Told, other: _Told) -> bool:
    """Whether names or numbers tell two entries apart, however alike their other words are.

    Where they have none in common, nothing says that their words are about one thing.
    """
    only, others_only = told.title_names - other.names, other.title_names - told.names
    numbers = [{name for name in each.names if name[0].isdigit()} for each in (told, other)]
    both_count = numbers[0] - numbers[1] and numbers[1] - numbers[0]
    if told.names.isdisjoint(other.names):
        return True
    return bool((only and others_only) or ((only or others_only) and both_count))


def _shared(one: set[_T], other: set[_T], *, least: int = 1) -> float:
    """Give how much of the smaller of two sets the other has."""
    return len(one & other) / max(least, min(len(one), len(other)))
