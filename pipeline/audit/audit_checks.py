"""A finished digest -> findings: any digest, also one that this project did not write.

Pure. An entry that carries its evidence is compared with that, and the evidence with the issue
where there is one; an entry without is matched with the issue's mentions first. Not covered: what
`verify` does not cover, and whether the choice was good.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from pipeline.audit.evidence_search import EvidenceIndex
from pipeline.chinese import Term, shorten
from pipeline.merge import merge
from pipeline.records import Digest, Entry, Finding, Issue, Story
from pipeline.urls import canonical
from pipeline.verify import CHINESE_NAMES, repeated_entries, story_of_entry, verify

_STRAIGHT = str.maketrans(
    dict.fromkeys("‘’", "'") | dict.fromkeys("“”", '"') | dict.fromkeys("–—", "-") | {"…": "..."}
)

MOST = 10
"""Entries of one half of a digest."""
_MAX_EVIDENCE_CHARS = 80


def check_digest(
    digest: Digest, issue: Issue | None, terms: Sequence[Term] = ()
) -> tuple[Finding, ...]:
    """Compare every entry of a digest with its evidence.

    Its issue is needed unless every entry carries its evidence.

    Returns:
        Findings in the order of the entries, each under `news:3` or `tools:10`, and then those
        about several entries. Beyond the checks of `verify`: `story` (nothing in the issue is like
        the entry; a warning where only its link is), `evidence` (what the entry carries is not in
        the issue), `count`, `repeat`.
    """
    index = _IssueIndex(issue, terms) if issue else None
    findings: list[Finding] = []
    named: list[Entry] = []
    for half, entries in digest.halves:
        for number, entry in enumerate(entries, start=1):
            name = f"{half}:{number}"
            named.append(entry.model_copy(update={"story": name}))
            found = _check_entry(entry, index, terms)
            findings += [finding.model_copy(update={"entry": name}) for finding in found]
        if len(entries) > MOST and digest.period is None:
            name, expected = f"{half}:{MOST + 1}", f"at most {MOST} entries"
            findings.append(_finding("count", expected, str(len(entries)), name, "warning"))
    if digest.period is not None:
        return tuple(findings)  # a timeline tells one event on several days
    stories = tuple(_repeated_stories(digest.entries, named))
    known = {finding.entry for finding in stories}
    repeated = [finding for finding in repeated_entries(named) if finding.entry not in known]
    return (*findings, *repeated, *stories)


def needs_issue(digest: Digest) -> bool:
    """Whether an entry comes without evidence, so that only the issue shows."""
    return not all(entry.evidence for entry in digest.entries)


def topic_words(terms: Iterable[Term]) -> dict[str, str]:
    """List the Chinese words of an entry that say what the issue says in English."""
    names = {chinese: latin[0] for chinese, latin in CHINESE_NAMES.items()}
    return names | {chinese: term.term for term in terms for chinese in term.renderings}


class _IssueIndex:
    """An issue, ready to be compared with entries."""

    def __init__(self, issue: Issue, terms: Sequence[Term]) -> None:
        self.mentions = {_folded(mention.text): mention for mention in issue.mentions}
        self.text = "\n".join(self.mentions)
        self.addresses = {
            canonical(link.url) for mention in issue.mentions for link in mention.links
        }
        self.evidence = EvidenceIndex(merge(issue), topic_words(terms))


def _check_entry(
    entry: Entry, issue: _IssueIndex | None, terms: Sequence[Term]
) -> Iterator[Finding]:
    """Check one entry against its own evidence, or against what the issue has for it."""
    if issue is None:
        yield from verify(entry, story_of_entry(entry), terms=terms)
        return
    yield from _check_grounding(entry, issue)
    story = _story_of_issue(entry, issue) if entry.evidence else issue.evidence.match(entry)
    if story is None:
        expected = "a mention of the issue with this link, or with these names"
        yield _finding("story", expected, entry.title)
        return
    if {join.code for join in story.joins} == {"has_link"}:
        expected = "a name or a topic of the mention that has this link"
        yield _finding("story", expected, entry.title, severity="warning")
    linked = entry.link is None or canonical(entry.link) in issue.addresses
    for finding in verify(entry, story, terms=terms):
        if finding.check != "link" or (linked and (entry.evidence or entry.link)):
            yield finding
        elif entry.link is None:
            # Other digests may leave the link out; ours never does where there is one.
            yield finding.model_copy(update={"severity": "warning"})


def _check_grounding(entry: Entry, issue: _IssueIndex) -> Iterator[Finding]:
    """Find what an entry shows or carries and the issue does not have."""
    if entry.link is not None and canonical(entry.link) not in issue.addresses:
        yield _finding("link", "a link of the issue", entry.link)
    for piece in filter(None, map(_folded, entry.evidence.split("\n\n"))):
        if piece not in issue.text:
            yield _finding("evidence", "text of the issue", shorten(piece, _MAX_EVIDENCE_CHARS))
    if entry.evidence:
        for link in entry.links:
            if canonical(link.url) not in issue.addresses:
                yield _finding("evidence", "a link of the issue", link.url)


def _story_of_issue(entry: Entry, issue: _IssueIndex) -> Story:
    """Make a story of the mentions that an entry's evidence was taken from, with their links."""
    pieces = [_folded(piece) for piece in entry.evidence.split("\n\n")]
    mentions = [issue.mentions[piece] for piece in pieces if piece in issue.mentions]
    if len(mentions) < len(pieces):
        return story_of_entry(entry)
    return Story(id="own", mentions=tuple(mentions))


def _repeated_stories(entries: Sequence[Entry], named: Sequence[Entry]) -> Iterator[Finding]:
    """Find stories that two entries have under different links."""
    first: dict[str, tuple[str, str | None]] = {}
    for entry, name in zip(entries, (str(other.story) for other in named), strict=True):
        if entry.story is None:
            continue
        other, link = first.setdefault(entry.story, (name, entry.link))
        if other != name and not (link and entry.link and canonical(link) == canonical(entry.link)):
            expected = "a story that no other entry tells"
            yield _finding("repeat", expected, f"{entry.story} is told by {other} too", name)


def _finding(
    check: str,
    expected: str,
    found: str,
    entry: str = "",
    severity: Literal["error", "warning"] = "error",
) -> Finding:
    return Finding(entry=entry, check=check, severity=severity, expected=expected, found=found)


def _folded(text: str) -> str:
    """Fold white space, and the quotes, dashes and dots that only the site's pages make round."""
    return re.sub(r"-{2,}", "-", " ".join(text.translate(_STRAIGHT).split()))
