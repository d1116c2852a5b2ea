"""One chosen story -> the draft of its entry, for a model that only translates.

The code picks the sentences that tell the event and puts terms and quantities in Chinese; the model
is asked to translate them one at a time, and nothing else. Each answer is compared with its
sentence both ways; where it does not say the same, the main clause alone is asked for, and then the
sentence is left out.
"""

from collections.abc import Iterator, Sequence
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field
from pydantic.functional_validators import AfterValidator

from pipeline.chinese import apply_typography, load_glossary
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm import Ask, Question, load_prompt, tame
from pipeline.reasons import Reason
from pipeline.records import Entry, Finding, SelectedStory, Sentence
from pipeline.translate.answers import clean_sentence
from pipeline.translate.draft_entry import Checks, DraftEntry
from pipeline.translate.entry import make_entry
from pipeline.translate.mixed import put_in_chinese
from pipeline.translate.name_marks import mark_names, with_right_terms, without_marks
from pipeline.translate.plain_title import (
    clause_title,
    headline_title,
    headlines,
    long_title,
    main_clause,
    named_title,
)
from pipeline.translate.revision import failed_passages
from pipeline.translate.sentences import SourceSentence, event_sentences

# Tokens of an answer: Chinese takes a third of a token for a letter of English, names more.
_MIN_TOKENS = 32
_CHARS_PER_TOKEN = 2


def _first_line(text: str) -> str:
    """Take the first line: what comes after it is no translation."""
    return text.strip().partition("\n")[0]


def _mend(answer: str, english: str) -> str:
    """Set an answer, without marks and with the terms of the glossary."""
    chinese = clean_sentence(without_marks(answer))
    return apply_typography(with_right_terms(chinese, english, load_glossary()))


class ChineseText(BaseModel):
    """What the model answers: a text."""

    text: Annotated[str, Field(min_length=2, max_length=400), AfterValidator(_first_line)]


class _Answered(NamedTuple):
    """What came of asking for one sentence."""

    chinese: str
    """Empty where no answer says what the sentence says."""
    faults: tuple[str, ...]
    """What was wrong with an answer that was no good."""


class _Told(NamedTuple):
    """A sentence in both languages."""

    source: SourceSentence
    sentence: Sentence


class _Translator(NamedTuple):
    """The model, and the checks that its answers go through."""

    ask: Ask
    checks: Checks

    def translate(self, english: str) -> _Answered:
        """Ask for one sentence; what comes is compared with it both ways."""
        try:
            answer = self.ask(_question(english), ChineseText).text
        except (ModelInvalid, ModelRefused) as error:
            return _Answered("", (str(error),))
        chinese = _mend(answer, english)
        faults = self.checks.compare(english, chinese, load_glossary())
        return _Answered("" if faults else chinese, faults)

    def tell(self, source: SourceSentence) -> tuple[_Told | None, _Answered]:
        """Translate a sentence, or else its main clause, which a small model gets right sooner."""
        first = self.translate(source.text)
        if first.chinese:
            return _told(source, first.chinese), first
        main = main_clause(source.text)
        if not main or main == source.text:
            return None, first
        second = self.translate(main)
        if not second.chinese:
            return None, second
        return _told(source._replace(text=main), second.chinese), first

    def titles(self, lead: str, told: _Told) -> Iterator[str]:
        """Give titles of an entry that begins with a sentence, best first."""
        chinese = told.sentence.text
        yield clause_title(chinese)
        for headline in headlines(lead, told.source.text):
            title = headline_title(self.translate(headline).chinese, headline)
            # A headline from inside the sentence is what somebody says.
            inside = headline[:-1] in told.source.text[1:]
            yield f"据称{title}" if title and inside else title
        yield long_title(chinese)
        yield named_title(chinese)


def tell_plainly(choice: SelectedStory, *, ask: Ask, checks: Checks) -> DraftEntry:
    """Translate the sentences that tell a story, and leave out what does not pass the checks.

    Raises:
        ModelError: the model could not be asked.

    Source: prompts/translate_sentence.md, prompts/glossary.toml.
    """
    translator = _Translator(ask, checks)
    told: list[_Told] = []
    faults: list[str] = []
    for source in event_sentences(choice.story, kind=choice.kind):
        one, answered = translator.tell(source)
        faults += answered.faults
        if one:
            told.append(one)
    attempts = 2 if faults else 1
    while told:
        entry, findings = _with_title(choice, told, translator)
        errors = tuple(finding for finding in findings if finding.severity == "error")
        if entry and not errors:
            return DraftEntry(choice=choice, entry=entry, findings=findings, attempts=attempts)
        faults += [f"{finding.check}: {finding.found}" for finding in errors]
        failed = failed_passages(entry, errors) if entry else {1}
        told = [one for at, one in enumerate(told, 1) if at not in failed]
        if failed == {0}:
            break
    failed_checks = (
        Reason.of("failed_check", "sentence", fault)
        for fault in dict.fromkeys(faults or ["none that tells it"])
    )
    reason = Reason.of("failed_checks", *failed_checks)
    return DraftEntry(choice=choice, entry=None, attempts=attempts, reason=reason)


def _with_title(
    choice: SelectedStory, told: Sequence[_Told], translator: _Translator
) -> tuple[Entry | None, tuple[Finding, ...]]:
    """Give the entry its first title that passes, or the last one with what was found."""
    sentences = tuple(one.sentence for one in told)
    entry: Entry | None = None
    findings: tuple[Finding, ...] = ()
    for title in filter(None, translator.titles(choice.story.mentions[0].lead, told[0])):
        entry = make_entry(choice, title=apply_typography(title), sentences=sentences)
        findings = translator.checks.verify(entry, choice.story, terms=load_glossary())
        errors = [finding for finding in findings if finding.severity == "error"]
        if 0 not in failed_passages(entry, errors):
            break
    return entry, findings


def first_questions(choice: SelectedStory) -> Iterator[Question]:
    """Write what `tell_plainly` asks first, for whoever counts or gathers questions.

    The schema of their answers is `ChineseText`.
    """
    for source in event_sentences(choice.story, kind=choice.kind):
        yield _question(source.text)


def _question(sentence: str) -> Question:
    """Write the question for one sentence, with room for an answer of its length."""
    terms = load_glossary()
    mixed = mark_names(put_in_chinese(sentence, terms), terms)
    asked = load_prompt("translate_sentence").fill(sentence=tame(mixed))
    cap = max(_MIN_TOKENS, len(sentence) // _CHARS_PER_TOKEN)
    return asked.model_copy(update={"max_output_tokens": cap})


def _told(source: SourceSentence, chinese: str) -> _Told:
    return _Told(source, Sentence(text=chinese, lines=source.lines))
