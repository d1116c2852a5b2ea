"""One chosen story -> one entry: its Chinese title and summary, written by the model.

The question holds the story's own evidence, the glossary terms that occur in it, and nothing else
of the issue. Only the answer's shape is checked here; whether it is Chinese, and says what the
evidence says, is the business of `verify`, whose findings come back as `mend`.
"""

from collections.abc import Sequence
from datetime import date

from pipeline.chinese import Term, format_terms, occurring_terms
from pipeline.llm import Ask, Question, fence, load_prompt
from pipeline.records import Entry, SelectedStory, Sentence
from pipeline.summary_room import summary_room
from pipeline.translate.answers import Reply, Revision
from pipeline.translate.evidence import Evidence, EvidenceLimits, collect_evidence
from pipeline.translate.revision import (
    FailedEntry,
    revise,
    revision_question,
)

_LIMITS = EvidenceLimits()


def translate(
    choice: SelectedStory,
    *,
    issue_date: date,
    ask: Ask,
    terms: Sequence[Term] = (),
    limits: EvidenceLimits = _LIMITS,
    earlier: FailedEntry | None = None,
) -> Entry:
    """Write the Chinese entry of one story.

    An `earlier` entry did not pass: it is shown, and only what was found in it may change.

    Returns:
        The entry as the model worded it, not checked.

    Raises:
        ModelInvalid: no answer had a title and a summary, re-asks included.
        ModelRefused: the model would not write about this story.
        ModelError: the model could not be asked.

    Source: prompts/translate.md, prompts/glossary.toml, prompts/mend.md.
    """
    evidence = collect_evidence(choice.story, limits)
    question = _question(choice, evidence, issue_date, terms)
    if earlier is not None and earlier.entry.sentences:
        revision = ask(revision_question(question, earlier), Revision)
        return revise(earlier, revision, evidence)
    reply = ask(question, Reply)
    sentences = tuple(Sentence(text=one.text, lines=tuple(one.lines)) for one in reply.sentences)
    entry = make_entry(choice, title=reply.title, sentences=sentences)
    # Who sees every link and names none says that none is about the event.
    saw_all = 0 < len(evidence.links) == len(choice.story.sources)
    named = evidence.link(reply.link)
    if saw_all and reply.link == 0:
        return entry.model_copy(update={"link": None, "unlinked": True})
    return entry.model_copy(update={"link": named}) if named else entry


def make_entry(
    choice: SelectedStory,
    *,
    title: str,
    summary: str = "",
    sentences: tuple[Sentence, ...] = (),
    quoted: bool = False,
) -> Entry:
    """Make the entry of a story of its words and of what the story carries.

    The words are a title and a summary, or a title and sentences.
    """
    story = choice.story
    return Entry(
        kind=choice.kind,
        title=title,
        summary=summary or "".join(sentence.text for sentence in sentences),
        sentences=sentences,
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


def _question(
    choice: SelectedStory,
    evidence: Evidence,
    issue_date: date,
    terms: Sequence[Term],
) -> Question:
    room = summary_room(choice.story.evidence)
    return load_prompt("translate").fill(
        date=issue_date.isoformat(),
        kind="a tool" if choice.kind == "tool" else "news",
        event=fence(choice.event) if choice.event else "what line 1 tells",
        terms=format_terms(occurring_terms(evidence.text, tuple(terms))) or "none",
        evidence=fence(evidence.placed_text),
        links=fence(evidence.link_lines) if evidence.links else "none",
        sentences=str(room.sentences),
        chars=str(room.chars),
    )
