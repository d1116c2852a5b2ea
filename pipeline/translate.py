"""One chosen story -> one entry: its Chinese title and summary, written by the model.

The question holds the story's own evidence and nothing else of the issue. The answer's form is
checked here, so that an answer which is no Chinese summary is asked again; whether its facts are
those of the evidence is the business of `verify`.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from pipeline.prompt import Ask, Question, fence, load
from pipeline.records import Choice, Entry, Finding

_CJK = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z][\w.+#-]*")
_LINK = re.compile(r"https?://|www\.|\]\(|<[a-z/!]", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@\w+")
_CHATTER = re.compile(r"^\W*(以下是|好的|当然|标题[:：]|摘要[:：]|翻译[:：])")
# A bracket that only says who posted it: (@fal, @linoy_tsaban; tweet).
_POSTERS = re.compile(
    r" ?\((?:@\w+|tweet|thread|link|post|also|via|and|[\s,;:/&+])+\)", re.IGNORECASE
)
_SHORT = 6  # characters; what two sentences may share
_LONGEST_TITLE = 40
_LONGEST_SUMMARY = 260
_OPEN_END = tuple("，、：；,:;-—（(《“和与及的仅")
# Two English words in a row that are no names, or seven that may be, were left over; a term in
# brackets or quotes explains the Chinese one.
_ENGLISH = re.compile(
    r"(?<![\w./(（“\"‘-])[a-z]{2,}(?: [a-z]{2,})+(?![\w./-])"
    r"|(?:\b[A-Za-z][A-Za-z'’-]*[ ,]+){7,}[A-Za-z]+"
)
_RUBBISH = re.compile(r"[{}]|([，。、；：！？,;:!?“”\"'])\1\1")


def _chinese(text: str) -> str:
    """Refuse what is not Chinese in plain text; the messages are for the model."""
    text = " ".join(text.split())
    if found := _ENGLISH.search(text):
        raise ValueError(f"leaves English untranslated: {found[0]!r}")
    # Product names fill a good title; a text with fewer characters than words is not Chinese.
    if len(_CJK.findall(text)) < max(2, len(_WORD.findall(text))):
        raise ValueError("must be written in Simplified Chinese, names apart")
    if _LINK.search(text) or _HANDLE.search(text):
        raise ValueError("must hold no link, no @handle and no Markdown or HTML")
    said = [part for part in re.split(r"[。！？；]", text) if len(part) > _SHORT]
    if len(said) != len(set(said)):
        raise ValueError("must not say the same thing twice")
    if _RUBBISH.search(text):
        raise ValueError("must hold no braces and no run of punctuation")
    if _CHATTER.search(text):
        raise ValueError("must start with the news itself, without opening words")
    return text


def _title(text: str) -> str:
    """Refuse a title that is too long or was cut off; a full stop is forgiven."""
    text = text.rstrip("。.!！ ")
    if len(text) > _LONGEST_TITLE:
        raise ValueError(f"must have at most {_LONGEST_TITLE} characters, not {len(text)}")
    if text[-1:] in _OPEN_END:
        raise ValueError("must be a whole clause: it ends in the middle")
    return text


def _summary(text: str) -> str:
    """Refuse a summary that is too long, or was cut off; a missing full stop is added."""
    if len(text) > _LONGEST_SUMMARY:
        raise ValueError(f"must have at most {_LONGEST_SUMMARY} characters, not {len(text)}")
    if text[-1:] in _OPEN_END:
        raise ValueError("must end with a whole sentence: it ends in the middle")
    return text if text[-1] in "。！？!?…”’」）)" else f"{text.rstrip('.')}。"


class _Reply(BaseModel):
    """What the model answers.

    A server whose grammar knows lengths stops a text a little above the longest one that counts:
    one that runs into the bound was cut off, and must not pass for whole.
    """

    title: Annotated[
        str,
        Field(min_length=6, max_length=_LONGEST_TITLE + 12),
        AfterValidator(_chinese),
        AfterValidator(_title),
    ]
    summary: Annotated[
        str,
        Field(min_length=40, max_length=_LONGEST_SUMMARY + 40),
        AfterValidator(_chinese),
        AfterValidator(_summary),
    ]


def translate(
    choice: Choice,
    *,
    issue_date: date,
    ask: Ask,
    max_evidence_chars: int = 12_000,
    mend: Sequence[Finding] = (),
) -> Entry:
    """Tell one story in Chinese.

    Args:
        choice: the story, its kind and its link.
        issue_date: date of the issue.
        ask: the model.
        max_evidence_chars: how much of a long story the model is shown, in characters.
        mend: what was wrong with an earlier entry of this story.

    Returns:
        The entry: title of at most 40 characters, summary of 40-260, plain text.

    Raises:
        ModelInvalid: no answer was a Chinese title and summary, re-asks included.
        ModelRefused: the model would not tell this story.
        ModelError: the model could not be asked.

    Source: prompts/translate.md, prompts/mend.md.
    """
    asked = question(choice, issue_date=issue_date, max_evidence_chars=max_evidence_chars)
    if mend:
        asked = _mending(asked, mend)
    reply = ask(asked, _Reply)
    story = choice.story
    return Entry(
        kind=choice.kind,
        title=reply.title,
        summary=reply.summary,
        link=choice.link,
        story=story.id,
        section=story.mentions[0].section,
        links=story.links,
        evidence=story.evidence,
        reason=choice.reason,
    )


def question(choice: Choice, *, issue_date: date, max_evidence_chars: int = 12_000) -> Question:
    """Ask for one entry; the question that `translate` asks."""
    evidence = _told(choice.story.evidence)
    if len(evidence) > max_evidence_chars:
        evidence = evidence[:max_evidence_chars].rsplit(" ", 1)[0] + " …"
    return load("translate").fill(
        date=issue_date.isoformat(),
        kind="a tool" if choice.kind == "tool" else "news",
        evidence=fence(evidence),
    )


def _told(evidence: str) -> str:
    """Show the model what a story tells, without the handles that it would copy."""
    return _HANDLE.sub(lambda found: found[0][1:], _POSTERS.sub("", evidence))


def _mending(asked: Question, findings: Sequence[Finding]) -> Question:
    prompt = load("mend")
    wrong = prompt.fill(findings="\n".join(f"- {each.check}: {each.found}" for each in findings))
    user = f"{asked.user}\n\n{wrong.system}\n\n{wrong.user}"
    return asked.model_copy(update={"user": user, "again": True})
