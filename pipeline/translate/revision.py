"""An entry that did not pass, what was found in it -> the same entry with only that changed.

The model is shown its answer and answers with what changes. Whatever else it answers is not taken:
a sentence that passed stays as it is, and so do the title and the link.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pipeline.llm import Question, fence, load_prompt
from pipeline.records import Entry, Finding, Sentence
from pipeline.summary_room import summary_room
from pipeline.translate.answers import Revision, clean_sentence, clean_title
from pipeline.translate.evidence import Evidence


class FailedEntry(NamedTuple):
    """An entry that is not fit to be published."""

    entry: Entry
    findings: tuple[Finding, ...]
    """What was found in it."""


def revision_question(question: Question, earlier: FailedEntry) -> Question:
    """Ask for what is to change of an entry that did not pass."""
    entry, findings = earlier
    lines = [f"title: {entry.title}"]
    for number, sentence in enumerate(entry.sentences, 1):
        lines.append(f"{number}. {sentence.text} (lines {', '.join(map(str, sentence.lines))})")
    mend = load_prompt("mend").fill(
        answer=fence("\n".join(lines)), findings=fence(list_findings(findings))
    )
    return add_to_question(question, mend)


def list_findings(findings: Sequence[Finding]) -> str:
    """Write one line for each finding, with what would pass."""
    # What was found are words of an answer, and with them perhaps of the page.
    return "\n".join(
        f"{_place(finding)}{finding.check}: {finding.found} (wanted: {finding.expected})"
        for finding in findings
    )


def _place(finding: Finding) -> str:
    if finding.sentence is None:
        return ""
    return f"sentence {finding.sentence}, " if finding.sentence else "title, "


def add_to_question(question: Question, addition: Question) -> Question:
    """Put more after a question: it is asked again."""
    user = f"{question.user}\n\n{addition.system}\n\n{addition.user}"
    return question.model_copy(update={"user": user, "asked_before": True})


def revise(earlier: FailedEntry, revision: Revision, evidence: Evidence) -> Entry:
    """Change of an entry what was found in it, as the model answers."""
    entry, findings = earlier
    may_change = failed_passages(entry, findings)
    # A title that does not fit its sentences may want one more: it is taken with it.
    may_grow = 0 in may_change
    sentences = dict(enumerate(entry.sentences, 1))
    for new in revision.sentences:
        if new.number in may_change or (may_grow and new.number not in sentences):
            text = clean_sentence(new.text) if new.text.strip() else ""
            sentences[new.number] = Sentence(text=text, lines=tuple(new.lines))
    told = [sentences[number] for number in sorted(sentences) if sentences[number].text]
    told = told[: summary_room(entry.evidence).sentences] or list(entry.sentences)
    title = clean_title(revision.title) if 0 in may_change else ""
    changes: dict[str, object] = {
        "title": title or entry.title,
        "sentences": tuple(told),
        "summary": "".join(sentence.text for sentence in told),
    }
    named = evidence.link(revision.link)
    if named and any(finding.check == "link" for finding in findings):
        changes["link"] = named
    return entry.model_copy(update=changes)


def failed_passages(entry: Entry, findings: Sequence[Finding]) -> frozenset[int]:
    """Say which sentences of an entry, from 1, did not pass, and 0 where its title did not.

    A finding on the link is about none of them; one that stands in none is about all.
    """
    texts = [entry.title, *(sentence.text for sentence in entry.sentences)]
    failed: set[int] = set()
    for finding in findings:
        if finding.check == "link":
            continue
        if finding.sentence is not None:
            failed.add(finding.sentence)
            continue
        has = {number for number, text in enumerate(texts) if finding.found in text}
        failed |= has or set(range(len(texts)))
    return frozenset(failed)
