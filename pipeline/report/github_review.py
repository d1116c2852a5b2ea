"""Findings that have one right answer -> a review of a pull request, as GitHub's API takes it.

Pure. Each line of the Markdown that would be another one gets a comment with a suggestion, which a
press of a button commits. A line gets one comment, however many findings change it; and GitHub
refuses a review of which any line is not in the pull request, so lines that were there before have
none.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from pipeline.chinese import Term
from pipeline.records import Digest, Entry, Finding, Record
from pipeline.report.findings import finding_name
from pipeline.report.suggestions import changed_lines, corrected_entry, replace_entry
from pipeline.report.text import fenced, safe_text, shell_command


class ReviewComment(Record):
    """What is said of one line."""

    path: str
    """The file, from the repository's root."""
    line: int
    """From 1, in the file as the pull request has it."""
    side: Literal["RIGHT"] = "RIGHT"
    body: str


class Review(Record):
    """The body of `POST /repos/{owner}/{repo}/pulls/{number}/reviews`."""

    commit_id: str
    """The commit whose lines are meant."""
    event: Literal["COMMENT"] = "COMMENT"
    """It neither approves nor refuses."""
    body: str
    comments: tuple[ReviewComment, ...]


def review(commit: str, comments: Sequence[ReviewComment]) -> Review | None:
    """Put comments into a review; None where there are none."""
    if not comments:
        return None
    count = len(comments)
    said = "1 suggestion: its" if count == 1 else f"{count} suggestions: each"
    body = f"{said} finding has one right answer."
    return Review(commit_id=commit, body=body, comments=tuple(comments))


def review_comments(
    path: str, stem: str, digest: Digest, held: str, known: Iterable[str], terms: tuple[Term, ...]
) -> Iterator[ReviewComment]:
    """Suggest the right answers to the findings of one digest.

    A line of `held` that somebody has changed, or that a version in `known` has, gets no comment.
    """
    lines = held.split("\n")
    before = {line for text in known for line in text.split("\n")}
    for place, entry in digest.placed:
        corrected, findings = _corrected(digest, place, entry, terms)
        for number, old, new in changed_lines(digest, place, corrected):
            if old not in before and lines[number - 1 : number] == [old]:
                said = (*map(_said, findings[number]), "", *fenced("suggestion", new), "")
                yield ReviewComment(path=path, line=number, body="\n".join([*said, *_taking(stem)]))


def _corrected(
    digest: Digest, place: str, entry: Entry, terms: tuple[Term, ...]
) -> tuple[Entry, dict[int, list[Finding]]]:
    """Correct all of an entry that leaves no choice; give what was found, by line."""
    found: dict[int, list[Finding]] = {}
    for finding in digest.findings:
        if finding.entry == place and (better := corrected_entry(entry, finding, terms)):
            for line in changed_lines(replace_entry(digest, place, entry), place, better):
                found.setdefault(line.number, []).append(finding)
            entry = better
    return entry, found


def _said(finding: Finding) -> str:
    found, expected = safe_text(finding.found), safe_text(finding.expected)
    return f"{finding_name(finding)}: found {found}, expected {expected}  "


def _taking(stem: str) -> Iterator[str]:
    yield (
        "The suggestion changes the Markdown. The next night takes it over into the digest; this "
        "does it at once:"
    )
    yield ""
    yield from fenced("sh", shell_command("ainews-digest", "edit", stem, "--adopt"))
