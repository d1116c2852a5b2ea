"""One chosen story -> one entry: its Chinese title and summary, written by the model.

The question holds the story's own evidence, the glossary terms that occur in it, and nothing else
of the issue. Only the answer's shape is checked here; whether it is Chinese, and says what the
evidence says, is the business of `verify`, whose findings come back as `mend`.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field
from pydantic.functional_validators import AfterValidator

from pipeline.chinese import Term, format_terms, occurring_terms
from pipeline.llm import Ask, Question, fence, load_prompt
from pipeline.records import Entry, Finding, SelectedStory
from pipeline.translate.evidence import EvidenceLimits, collect_evidence

_LIMITS = EvidenceLimits()
_MAX_TITLE_CHARS = 40
# The last clause of a title, where what stands before it is long enough to be one.
_LAST_CLAUSE = re.compile(r"(?<=.{10})[，；：,;:] ?[^，；：,;:]*$")
# What a summary may end in, besides a letter that still wants its full stop.
_CLOSED = "。！？!?…”’」）)"
_MIDDLE = "，、：；,:;-—（(《“"


def _clean_title(text: str) -> str:
    """Fold white space, forgive a full stop, and let clauses go that make a title too long."""
    text = " ".join(text.split()).rstrip("。.!！ ")
    while len(text) > _MAX_TITLE_CHARS and (cut := _LAST_CLAUSE.search(text)):
        text = text[: cut.start()]
    return text


def _clean_summary(text: str) -> str:
    """Fold white space; a missing full stop is added, unless the text was cut off."""
    text = " ".join(text.split())
    return text if text[-1:] in _CLOSED + _MIDDLE else f"{text.rstrip('.')}。"


class _Reply(BaseModel):
    """What the model answers.

    A server whose grammar knows lengths stops a text a little above the longest one that counts:
    one that runs into the bound was cut off, and `verify` must see that it is too long.
    """

    title: Annotated[str, Field(min_length=6, max_length=52), AfterValidator(_clean_title)]
    summary: Annotated[str, Field(min_length=40, max_length=300), AfterValidator(_clean_summary)]
    link: Annotated[int, Field(ge=0, le=99)] = 0
    """Number of the link to show; 0 leaves it to the code."""


def translate(
    choice: SelectedStory,
    *,
    issue_date: date,
    ask: Ask,
    terms: Sequence[Term] = (),
    limits: EvidenceLimits = _LIMITS,
    findings: Sequence[Finding] = (),
) -> Entry:
    """Write the Chinese entry of one story.

    Args:
        choice: the story, its kind and its link.
        issue_date: date of the issue.
        ask: the model.
        terms: the glossary.
        limits: how much of the event the model is shown.
        findings: what was wrong with an earlier entry of this story.

    Returns:
        The entry as the model worded it, not checked.

    Raises:
        ModelInvalid: no answer had a title and a summary, re-asks included.
        ModelRefused: the model would not write about this story.
        ModelError: the model could not be asked.

    Source: prompts/translate.md, prompts/glossary.toml, prompts/mend.md.
    """
    question = build_question(
        choice,
        issue_date=issue_date,
        terms=terms,
        limits=limits,
    )
    if findings:
        question = _revision_question(question, findings)
    reply = ask(question, _Reply)
    entry = make_entry(choice, title=reply.title, summary=reply.summary)
    named = collect_evidence(choice.story, limits).link(reply.link)
    return entry.model_copy(update={"link": named}) if named else entry


def make_entry(choice: SelectedStory, *, title: str, summary: str, quoted: bool = False) -> Entry:
    """Make the entry of a story of its words and of what the story carries."""
    story = choice.story
    return Entry(
        kind=choice.kind,
        title=title,
        summary=summary,
        link=choice.link,
        story=story.id,
        section=story.mentions[0].section,
        parts=story.parts,
        links=story.links,
        evidence=story.evidence,
        mentions=tuple(mention.id for mention in story.mentions),
        reason=choice.reason,
        follows=choice.follows,
        quoted=quoted,
    )


def build_question(
    choice: SelectedStory,
    *,
    issue_date: date,
    terms: Sequence[Term] = (),
    limits: EvidenceLimits = _LIMITS,
) -> Question:
    """Write the question that `translate` asks first."""
    evidence = collect_evidence(choice.story, limits)
    return load_prompt("translate").fill(
        date=issue_date.isoformat(),
        kind="a tool" if choice.kind == "tool" else "news",
        event=fence(choice.event) if choice.event else "what line 1 tells",
        terms=format_terms(occurring_terms(evidence.text, tuple(terms))) or "none",
        evidence=fence(evidence.text),
        links=fence(evidence.link_lines) if evidence.links else "none",
    )


def _revision_question(question: Question, findings: Sequence[Finding]) -> Question:
    # What was found are words of an answer, and with them perhaps of the page.
    lines = (f"{error.check}: {error.found} (wanted: {error.expected})" for error in findings)
    mend = load_prompt("mend").fill(findings=fence("\n".join(lines)))
    user = f"{question.user}\n\n{mend.system}\n\n{mend.user}"
    return question.model_copy(update={"user": user, "asked_before": True})
