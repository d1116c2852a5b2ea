"""A Chinese text -> what the checks find when they compare it with the evidence of a digest.

The checks are those of an entry, without those that need its title, its link or its lines.
"""

from typing import Final

from pipeline.chinese import load_glossary
from pipeline.lookup.answers import NumberedLine, TextCheck, TextFinding, plain
from pipeline.lookup.archive import Archive
from pipeline.lookup.evidence import entry_at
from pipeline.lookup.questions import TextQuestion
from pipeline.ops import EvidenceIndex, topic_words
from pipeline.records import Digest, Entry, Finding, Mention, Story
from pipeline.verify import story_of_entry, verify

_OF_ENTRIES: Final = frozenset({"link", "citation", "length"})
"""Checks of what a text alone has not."""
_MAX_LINES: Final = 40
_TITLE: Final = "新闻"
"""Stands in place of a title, which every check lets pass."""


def verify_text(archive: Archive, question: TextQuestion) -> TextCheck:
    """Compare a text with the evidence of an entry, or with what of a digest is most like it.

    Raises:
        SettingsError: there is no such digest or entry.
        PageNotUnderstood: its file is damaged.
    """
    name, digest = archive.read(question.digest)
    terms = load_glossary()
    text = " ".join(question.text.split())
    entry = Entry(kind="news", title=_TITLE, summary=text, link=None)
    story, places = _evidence_for(entry, digest, question.entry, name)
    if story is None:
        return _nothing_like_it(name)
    findings = [one for one in verify(entry, story, terms=terms) if one.check not in _OF_ENTRIES]
    return TextCheck(
        passed=all(finding.severity != "error" for finding in findings),
        entries=places,
        findings=tuple(map(_finding, findings)),
        lines=tuple(
            NumberedLine(number=number, text=plain(line))
            for number, line in enumerate(_lines(story)[:_MAX_LINES], 1)
        ),
    )


def _evidence_for(
    entry: Entry, digest: Digest, place: str | None, name: str
) -> tuple[Story | None, tuple[str, ...]]:
    """Give the evidence that a text is compared with, and the places that have it."""
    if place is not None:
        return story_of_entry(entry_at(digest, place, name)), (place,)
    found = EvidenceIndex(_stories(digest), topic_words(load_glossary())).match(entry)
    if found is None:
        return None, ()
    have = {mention.text for mention in found.mentions}
    return found, tuple(
        at for at, one in digest.placed if not have.isdisjoint(one.evidence.split("\n\n"))
    )


def _stories(digest: Digest) -> tuple[Story, ...]:
    """Make a story of the evidence of each entry, by its mentions."""
    return tuple(
        Story(id=place.replace(":", "-"), mentions=_mentions(place, entry))
        for place, entry in digest.placed
        if entry.evidence
    )


def _mentions(place: str, entry: Entry) -> tuple[Mention, ...]:
    """Take the mentions of an entry apart; links of one that is not known go with the first."""
    blocks = entry.evidence.split("\n\n")
    names = entry.mentions if len(entry.mentions) == len(blocks) else ()
    # Which of several recaps a mention stands in is not known: nothing is held against it then.
    part = entry.parts[0] if len(entry.parts) == 1 else "intro"
    return tuple(
        Mention(
            id=names[at] if names else f"{place.replace(':', '-')}-{at}",
            part=part,
            section=entry.section,
            lead="",
            text=block,
            links=tuple(
                link
                for link in entry.links
                if (link.mention == names[at] if names and link.mention else at == 0)
            ),
            bullets=0,
        )
        for at, block in enumerate(blocks)
    )


def _lines(story: Story) -> tuple[str, ...]:
    return tuple(line for line in story.evidence.split("\n") if line.strip())


def _nothing_like_it(name: str) -> TextCheck:
    missing = TextFinding(
        check="story",
        severity="error",
        found="nothing in the digest is like this text",
        expected=f"what an entry of {name} tells; the digest carries no other part of its issue",
    )
    return TextCheck(passed=False, entries=(), findings=(missing,), lines=())


def _finding(finding: Finding) -> TextFinding:
    return TextFinding(
        check=finding.check,
        severity=finding.severity,
        found=plain(finding.found),
        expected=plain(finding.expected),
    )
