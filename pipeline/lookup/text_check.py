"""A Chinese text -> what the checks find when they compare it with a digest and its issue.

The checks are those of an entry, without those that need its title, its link or its lines. Which
entry a text is about is told by its names, never by its numbers: a wrong number must not find
itself an entry that happens to have it.
"""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Final

from pipeline.chinese import load_glossary
from pipeline.lookup.answers import ComparedWith, NumberedLine, TextCheck, TextFinding, plain
from pipeline.lookup.archive import Archive, IssuePage, index_page
from pipeline.lookup.evidence import entry_at, evidence_texts
from pipeline.lookup.questions import PageQuestion, TextQuestion
from pipeline.records import Digest, Entry, Finding, Page, cut_sentences
from pipeline.verify import checked_spans, story_of_entry, verify

_OF_ENTRIES: Final = frozenset({"link", "citation", "length"})
"""Checks of what a text alone has not."""
_MAX_LINES: Final = 40
_MAX_FINDINGS: Final = 50
_TITLE: Final = "新闻"
"""Stands in place of a title, which every check lets pass."""
_COMMON: Final = 4
"""A name that more than one entry in so many has says nothing of which one is meant."""
_NEAR: Final = 0.8
"""Of the best entry's score, for one that may be meant as well."""
_MOST: Final = 4
"""How many entries may be meant."""

_Placed = tuple[str, Entry]


def verify_text(archive: Archive, question: TextQuestion) -> TextCheck:
    """Compare a text with the evidence of an entry, or with what a digest and its issue have of it.

    Raises:
        SettingsError: there is no such digest or entry, or the page is that of another issue.
        PageNotUnderstood: the file of the digest is damaged, or the page holds no issue.
        SourceError: the page may be fetched, and cannot be.
    """
    name, digest = archive.read(question.digest)
    text = _on_one_line(question)
    if question.entry is not None:
        entry = entry_at(digest, question.entry, name)
        return _compare(text, ((question.entry, entry),), "entry")
    meant, found = _find_meant(text, digest), archive.find_page(digest)
    if found is not None:
        return _compare_with_page(text, meant, found)
    if meant:
        return _compare(text, meant, "digest")
    return _nothing_like_it(f"what an entry of {name} tells; name it with entry, if one does")


def verify_text_by_page(page: Page, question: PageQuestion) -> TextCheck:
    """Compare a text with the page of an issue, of which there need be no digest.

    Raises:
        PageNotUnderstood: the page holds no issue.
    """
    return _compare_with_page(_on_one_line(question), (), IssuePage(page, "given page"))


def _on_one_line(question: PageQuestion) -> str:
    return " ".join(question.text.split())


def _compare_with_page(text: str, meant: Sequence[_Placed], found: IssuePage) -> TextCheck:
    """Compare a text with the entries that it may be about, and all of the page that is like it."""
    title = next((sentence.text for sentence in cut_sentences(text)), text)
    probe = Entry(kind="news", title=title, summary=text, link=None)
    story = index_page(found.page).match(probe)
    known = "\n\n".join(entry.evidence for _, entry in meant)
    mentions = [one for one in story.mentions if one.text not in known] if story else []
    if not (meant or mentions):
        return _nothing_like_it("what the issue says", found.origin)
    more = probe.model_copy(
        update={
            "evidence": "\n\n".join(mention.text for mention in mentions),
            "mentions": tuple(mention.id for mention in mentions),
            "links": tuple(link for mention in mentions for link in mention.links),
            "parts": tuple(mention.part for mention in mentions),
        }
    )
    return _compare(text, meant, found.origin, more=(more,) if mentions else ())


def _compare(
    text: str, meant: Sequence[_Placed], compared_with: ComparedWith, more: Sequence[Entry] = ()
) -> TextCheck:
    entries = (*(entry for _, entry in meant), *more)
    told = _with_evidence(text, entries)
    found = verify(told, story_of_entry(told), terms=load_glossary())
    findings = [finding for finding in found if finding.check not in _OF_ENTRIES]
    lines = (line for entry in entries for line in evidence_texts(entry))
    return TextCheck(
        passed=all(finding.severity != "error" for finding in findings),
        compared_with=compared_with,
        entries=tuple(place for place, _ in meant),
        findings=tuple(map(_finding, findings[:_MAX_FINDINGS])),
        lines=tuple(
            NumberedLine(number=number, text=plain(line))
            for number, line in enumerate(islice(lines, _MAX_LINES), 1)
        ),
    )


def _with_evidence(text: str, entries: Sequence[Entry]) -> Entry:
    """Make an entry that tells a text, with the evidence, links and recaps of others."""
    return Entry(
        kind=entries[0].kind,
        title=_TITLE,
        summary=text,
        link=None,
        links=tuple(link for entry in entries for link in entry.links),
        evidence="\n\n".join(entry.evidence for entry in entries),
        parts=tuple(dict.fromkeys(part for entry in entries for part in entry.parts)),
    )


def _find_meant(text: str, digest: Digest) -> tuple[_Placed, ...]:
    """Find the entries whose evidence has the rare names of a text; none where nothing has."""
    names = {
        place: {span.key for span in checked_spans(_with_evidence(text, [entry]))["name"]}
        for place, entry in digest.placed
        if entry.evidence
    }
    held = Counter(name for found in names.values() for name in found)
    most = max(1, len(names) // _COMMON)
    weights = {name: 1 + math.log(most / count) for name, count in held.items() if count <= most}
    scores = {
        place: math.fsum(weights.get(name, 0) for name in sorted(found))
        for place, found in names.items()
    }
    best = max(scores.values(), default=0)
    near = [one for one in digest.placed if best and scores.get(one[0], 0) >= _NEAR * best]
    return tuple(near[:_MOST])


def _nothing_like_it(expected: str, compared_with: ComparedWith = "digest") -> TextCheck:
    missing = TextFinding(
        check="story",
        severity="error",
        found="nothing there has the names of this text",
        expected=expected,
    )
    return TextCheck(
        passed=False, compared_with=compared_with, entries=(), findings=(missing,), lines=()
    )


def _finding(finding: Finding) -> TextFinding:
    return TextFinding(
        check=finding.check,
        severity=finding.severity,
        found=plain(finding.found),
        expected=plain(finding.expected),
    )
