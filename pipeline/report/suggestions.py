"""A finding that has one right answer -> the entry, and the lines, as they are then.

Pure. A guess is worse than none: a word of the glossary is exchanged only where no term but one
calls it wrong and it stands for itself, and a character that only looks like Chinese for the one
that it is; and only where the entry then passes what it did not pass, and all that it did.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from pipeline.chinese import Term, apply_typography, misused_terms
from pipeline.records import HALVES, Digest, Entry, Finding
from pipeline.verify import story_of_entry, verify
from pipeline.write import to_markdown

_LOOKALIKE = re.compile(r"(?P<found>\S) \(U\+[0-9A-F]{4,6}\)")
_EXPECTED = "the character {}"


class ChangedLine(NamedTuple):
    """A line of the Markdown as it is, and as it would be."""

    number: int
    """From 1."""
    old: str
    new: str


def corrected_entry(entry: Entry, finding: Finding, terms: tuple[Term, ...]) -> Entry | None:
    """Correct an entry where a finding leaves no choice.

    Returns:
        The entry with other words; None where there is not exactly one right answer.
    """
    answer = _ANSWERS.get(finding.check)
    if entry.quoted or not entry.evidence or answer is None:
        return None
    exchange = answer(entry, finding, terms)
    if exchange is None:
        return None
    wrong, right = exchange
    corrected = _exchanged(entry, wrong, right)
    before, after = (_failures(each, terms) for each in (entry, corrected))
    mended = (finding.check, finding.found) not in after and after <= before
    return corrected if corrected != entry and mended else None


def replace_entry(digest: Digest, place: str, entry: Entry) -> Digest:
    """Put an entry at a place of a digest."""
    entries = {**dict(digest.placed), place: entry}
    halves = {
        half: tuple(entry for name, entry in entries.items() if name.startswith(f"{half}:"))
        for half in HALVES.values()
    }
    return digest.model_copy(update=halves)


def changed_lines(digest: Digest, place: str, corrected: Entry) -> Iterator[ChangedLine]:
    """Give the lines of a digest's Markdown that are others with other words of an entry."""
    old = to_markdown(digest).split("\n")
    new = to_markdown(replace_entry(digest, place, corrected)).split("\n")
    for number, (was, is_now) in enumerate(zip(old, new, strict=True), 1):
        if was != is_now:
            yield ChangedLine(number, was, is_now)


def _right_term(entry: Entry, finding: Finding, terms: tuple[Term, ...]) -> tuple[str, str] | None:
    """Find the word that the glossary has in place of one that it calls wrong."""
    text = f"{entry.title}。{entry.summary}"
    misused = [
        found
        for found in misused_terms(text, entry.evidence, terms)
        if found.found == finding.found
    ]
    if len(misused) != 1 or not misused[0].strict:
        return None
    wrong, term = misused[0].found, misused[0].term
    if wrong.isascii():
        # An English word that was left may have several translations, or stand in a name as well.
        choices = next(known for known in terms if known.term == term).renderings
        once = text.casefold().count(wrong.casefold()) == 1
        return (wrong, choices[0]) if once and len(choices) == 1 else None
    longer = (word for other in terms for word in (*other.renderings, *other.fine) if wrong in word)
    if any(word in text for word in longer):
        return None
    answers = {
        misuse.expected
        for other in terms
        for misuse in misused_terms(text, entry.evidence, (other,))
        if misuse.found == wrong
    }
    return (wrong, misused[0].expected) if len(answers) == 1 else None


def _right_character(
    _entry: Entry, finding: Finding, _terms: tuple[Term, ...]
) -> tuple[str, str] | None:
    """Find the character for which another one stands."""
    found = _LOOKALIKE.fullmatch(finding.found)
    if found is None:
        return None
    right = unicodedata.normalize("NFKC", found["found"])
    return (found["found"], right) if finding.expected == _EXPECTED.format(right) else None


_Answer = Callable[[Entry, Finding, tuple[Term, ...]], tuple[str, str] | None]
_ANSWERS: Final[dict[str, _Answer]] = {"term": _right_term, "scripts": _right_character}


def _exchanged(entry: Entry, wrong: str, right: str) -> Entry:
    """Write another word in all that an entry says, set as Chinese is set."""

    def exchange(text: str) -> str:
        return apply_typography(text.replace(wrong, right)) if wrong in text else text

    sentences = tuple(
        sentence.model_copy(update={"text": exchange(sentence.text)}) for sentence in entry.told
    )
    told = "".join(sentence.text for sentence in sentences)
    return entry.model_copy(
        update={
            "title": exchange(entry.title),
            "summary": told or exchange(entry.summary),
            "sentences": sentences or entry.sentences,
        }
    )


def _failures(entry: Entry, terms: tuple[Term, ...]) -> set[tuple[str, str]]:
    found = verify(entry, story_of_entry(entry), terms=terms)
    return {(finding.check, finding.found) for finding in found}
