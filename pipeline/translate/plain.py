"""One chosen story -> the draft of its entry, for a model that only translates.

The code picks the sentences that tell the event and puts terms and quantities in Chinese; the model
is asked to translate them one at a time, and nothing else. Each answer is compared with its sentence
both ways; one that does not say the same is asked for once more, in other words, and left out then.
"""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field
from pydantic.functional_validators import AfterValidator

from pipeline.chinese import apply_typography, load_glossary
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm import Ask, Question, load_prompt, tame
from pipeline.reasons import Reason
from pipeline.records import Finding, SelectedStory, Sentence
from pipeline.translate.answers import clean_sentence
from pipeline.translate.draft_entry import Checks, DraftEntry
from pipeline.translate.entry import make_entry
from pipeline.translate.mixed import put_in_chinese
from pipeline.translate.plain_title import titles
from pipeline.translate.revision import failed_passages
from pipeline.translate.sentences import SourceSentence, event_sentences

# Tokens of an answer: Chinese takes a third of a token for a letter of English, names more.
_MIN_TOKENS = 32
_CHARS_PER_TOKEN = 2


def _first_line(text: str) -> str:
    """Take the first line: what comes after it is no translation."""
    return text.strip().partition("\n")[0]


class ChineseText(BaseModel):
    """What the model answers: a text."""

    text: Annotated[
        str, Field(min_length=2, max_length=400), AfterValidator(_first_line)
    ]


class _Translated(NamedTuple):
    """What came of one sentence."""

    sentence: Sentence | None
    """None where no answer says what the sentence says."""
    faults: tuple[str, ...]
    """What was wrong with the last answer that was no good."""
    attempts: int


def tell_plainly(choice: SelectedStory, *, ask: Ask, checks: Checks) -> DraftEntry:
    """Translate the sentences that tell a story, and leave out what does not pass the checks.

    Raises:
        ModelError: the model could not be asked.

    Source: prompts/translate_sentence.md, prompts/translate_title.md, prompts/glossary.toml.
    """
    sources = event_sentences(choice.story, kind=choice.kind)
    translated = [_translate(source, ask, checks) for source in sources]
    told = tuple(one.sentence for one in translated if one.sentence)
    attempts = max((one.attempts for one in translated), default=1)
    if not told:
        faults = [fault for one in translated for fault in one.faults] or ["no sentence to tell"]
        return _failed(choice, faults, attempts)
    return _with_title(choice, told, attempts, ask, checks)


def first_questions(choice: SelectedStory) -> Iterator[Question]:
    """Write what `tell_plainly` asks first, for whoever counts or gathers questions.

    The schema of their answers is `ChineseText`.
    """
    for source in event_sentences(choice.story, kind=choice.kind):
        yield _questions(source.text)[0]


def _questions(sentence: str) -> tuple[Question, ...]:
    """Write the questions for one sentence: what is asked first, and what after a fault."""
    mixed = put_in_chinese(sentence, load_glossary())
    wordings = dict.fromkeys((mixed, sentence))
    cap = max(_MIN_TOKENS, len(sentence) // _CHARS_PER_TOKEN)
    prompt = load_prompt("translate_sentence")
    return tuple(
        prompt.fill(sentence=tame(text)).model_copy(
            update={"max_output_tokens": cap, "asked_before": at > 0}
        )
        for at, text in enumerate(wordings)
    )


def _translate(source: SourceSentence, ask: Ask, checks: Checks) -> _Translated:
    """Ask for one sentence until the answer says what it says."""
    faults: tuple[str, ...] = ()
    questions = _questions(source.text)
    for attempt, question in enumerate(questions, 1):
        try:
            answer = ask(question, ChineseText).text
        except (ModelInvalid, ModelRefused) as error:
            faults = (str(error),)
            continue
        chinese = apply_typography(clean_sentence(answer))
        faults = checks.compare(source.text, chinese, load_glossary())
        if not faults:
            return _Translated(Sentence(text=chinese, lines=source.lines), (), attempt)
    return _Translated(None, faults, len(questions))


def _with_title(
    choice: SelectedStory, told: tuple[Sentence, ...], attempts: int, ask: Ask, checks: Checks
) -> DraftEntry:
    """Find a title that passes; a sentence that does not pass is left out first."""
    findings: tuple[Finding, ...] = ()
    for title in titles(told[0].text, ask):
        entry = make_entry(choice, title=apply_typography(title), sentences=told)
        findings = checks.verify(entry, choice.story, terms=load_glossary())
        errors = tuple(finding for finding in findings if finding.severity == "error")
        failed = failed_passages(entry, errors)
        kept = tuple(one for at, one in enumerate(told, 1) if at not in failed)
        if not failed:
            return DraftEntry(choice=choice, entry=entry, findings=findings, attempts=attempts)
        if len(kept) < len(told):
            if not kept:
                break
            return _with_title(choice, kept, attempts, ask, checks)
    return _failed(choice, [f"{one.check}: {one.found}" for one in findings], attempts)


def _failed(choice: SelectedStory, faults: list[str], attempts: int) -> DraftEntry:
    failed = (Reason.of("failed_check", "sentence", fault) for fault in dict.fromkeys(faults))
    return DraftEntry(
        choice=choice,
        entry=None,
        attempts=attempts,
        reason=Reason.of("failed_checks", *failed),
    )
