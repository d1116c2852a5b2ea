"""One chosen story -> the draft of its entry, for a model that only translates.

The code picks the sentences that tell the event and puts terms and quantities in Chinese; the model
is asked to translate them one at a time, and nothing else. Each answer is compared with its
sentence both ways; where it does not say the same, the main clause alone is asked for, and then the
sentence is left out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field
from pydantic.functional_validators import AfterValidator
from rapidfuzz import fuzz

from pipeline.chinese import apply_typography, load_glossary, must_stay
from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm import Ask, Question, load_prompt, tame
from pipeline.records import NO_REASON, Entry, Finding, Reason, SelectedStory, Sentence
from pipeline.translate.answers import clean_sentence
from pipeline.translate.candidates import plain_headline
from pipeline.translate.chinese_order import in_chinese_order
from pipeline.translate.clauses import SAYING
from pipeline.translate.draft_entry import Checks, DraftEntry
from pipeline.translate.entry import make_entry
from pipeline.translate.headlines import headlines, main_clause
from pipeline.translate.mixed import put_in_chinese
from pipeline.translate.name_marks import (
    mark_names,
    torn_names,
    with_names_back,
    with_own_spelling,
    with_right_terms,
    with_stand_ins,
    with_whole_names,
    without_marks,
)
from pipeline.translate.naming import names_in
from pipeline.translate.plain_title import (
    clause_title,
    cut_title,
    first_clause,
    headline_title,
    long_title,
    named_title,
    title_without_means,
    with_name,
)
from pipeline.translate.revision import failed_passages
from pipeline.translate.sentences import (
    SourceSentence,
    event_sentences,
    further_sentences,
    other_beginnings,
)
from pipeline.translate.title_words import in_title_words, is_long, is_no_title, is_poor
from pipeline.translate.told_link import link_told
from pipeline.translate.who_did_what import names_its_subject

# Tokens of an answer: Chinese takes a third of a token for a letter of English, names more.
_MIN_TOKENS = 32
_CHARS_PER_TOKEN = 2
_LONGEST_MAIN = 150  # characters of a main clause that is told in place of its sentence
_TITLE_ALONE = 6  # characters that a sentence has beyond its title and tells nothing with
_SAME_WORDS = 85  # of 100: as alike as this to its title, and a sentence says it again
_HYPHENS = re.compile("[‐‑]")  # the answer has the plain one
_AS_A_BOOK = re.compile(r"《([A-Za-z][\w .'’-]*)》")  # a product, or a paper without a Chinese name
_ENGLISH_PREDICATE = re.compile(r"(?:是|被|已|为) ?([A-Z][a-z]+(?:ed|ing))(?=[，。])")
_LESS_THAN = re.compile(r"比[^，。]{1,40}(?:少|低|慢|小|差|弱)(?=了|[，。\d ]|$)")
_LESS = re.compile(
    r"\b(?:less|fewer|lower|slower|smaller|shorter|cheaper|worse|weaker|behind|below|under|only|not"
    r"|never|lag|trail|reduc|cut|drop|decreas|declin|fell|fall|sav|shr[aiu]nk|half|halv|lighter)"
)
_FASTER = re.compile(r"快(?![照捷手讯])")
_FAST = re.compile(
    r"fast|quick|speed|rapid|accelerat|latency|outrun|swift|soon|slow|brisk|\b(?:seconds?|minutes?)\b",
    re.IGNORECASE,
)
# What a small model puts in of itself, and the English that it may stand for.
_ADDED = (
    (_LESS_THAN, _LESS),
    (_FASTER, _FAST),
    (re.compile("阶段"), re.compile(r"(?:stage|phase|step|round|period|session)", re.IGNORECASE)),
)
_LOST_NAME = re.compile(r"(.+): left out, or told as a word")
_TOKENS = re.compile(r"^(?!.*\b(?:mark|label|tag|flag)).*\btokens?\b", re.IGNORECASE)
_SPEAKER = re.compile(r"\b(?:says?|said|claims?|claimed|according to|reports? (?:that|in))\b")
_SAID_AT_END = re.compile(rf", [^,]{{3,40}}\b{SAYING.pattern}(?: in [\w ]{{3,25}})?\.$")
_SAID = re.compile("[据称说]|表示|报告|报道|认为|指出|写道|介绍")
_SAYS_SO = re.compile(rf"\b(?:{SAYING.pattern}|according to|reported\w*|alleged\w*)\b")
_THIN = Reason.of(
    "failed_checks", Reason.of("failed_check", "sentence", "says nothing beyond its title")
)


def _first_line(text: str) -> str:
    """Take the first line: what comes after it is no translation."""
    return text.strip().partition("\n")[0]


def _mend(answer: str, english: str) -> str:
    """Set an answer, without marks and with the terms of the glossary."""
    chinese = clean_sentence(without_marks(answer))
    if _TOKENS.search(english) and "token" not in chinese:
        chinese = chinese.replace("标记", " token ")
    chinese = with_right_terms(chinese, english, load_glossary())
    chinese = with_own_spelling(with_whole_names(chinese, english, load_glossary()), english)
    chinese = _AS_A_BOOK.sub(r" \1 ", chinese)
    return apply_typography(in_chinese_order(chinese, english))


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
        """Ask for one sentence, and where it lost a name once more with names as abbreviations."""
        english = _HYPHENS.sub("-", english)
        first = self._ask_once(english, _marked(english), {})
        lost = [found[1] for fault in first.faults if (found := _LOST_NAME.fullmatch(fault))]
        marked, names = with_stand_ins(_marked(english), lost) if lost else ("", {})
        if not names:
            return first
        second = self._ask_once(english, marked, names)
        return second if second.chinese else first

    def _ask_once(self, english: str, marked: str, names: Mapping[str, str]) -> _Answered:
        """Ask for one sentence; what comes is compared with it both ways."""
        try:
            answer = self.ask(_ask_for(marked, english), ChineseText).text
        except (ModelInvalid, ModelRefused) as error:
            return _Answered("", (str(error),))
        chinese = _mend(with_names_back(answer, names), english)
        faults = self.checks.compare(english, chinese, load_glossary())
        lost = (word for word in must_stay() if word in marked and word not in chinese)
        faults += tuple(f"{word}: told as something else" for word in lost)
        faults += tuple(f"{name}: told in part" for name in torn_names(chinese, english))
        faults += tuple(f"{word}: told in English" for word in _ENGLISH_PREDICATE.findall(chinese))
        faults += tuple(
            f"{found[0]}: there is nothing of it in the English"
            for added, said in _ADDED
            if (found := added.search(chinese)) and not said.search(english)
        )
        if _SAID_AT_END.search(english) and not _SAID.search(chinese):
            faults += ("who says it: left out",)
        return _Answered("" if faults else chinese, faults)

    def tell(self, source: SourceSentence) -> tuple[_Told | None, _Answered]:
        """Translate a sentence, or else its main clause, which a small model gets right sooner."""
        first = self.translate(source.text)
        if first.chinese:
            return _told(source, first.chinese), first
        main = main_clause(source.text, longest=_LONGEST_MAIN)
        if not main or main == source.text:
            return None, first
        second = self.translate(main)
        if not second.chinese:
            return None, second
        return _told(source._replace(text=main), second.chinese), first

    def titles(self, lead: str, told: _Told) -> Iterator[str]:
        """Give titles of an entry that begins with a sentence, best first, poor ones last."""
        later: list[str] = []
        for title in filter(None, self._titles(lead, told)):
            if is_poor(title) or is_long(title) or is_no_title(title):
                later.append(title)
            else:
                yield title
        yield from sorted(later, key=lambda title: (is_no_title(title), is_poor(title)))

    def _titles(self, lead: str, told: _Told) -> Iterator[str]:
        """Give what might be a title."""
        chinese = told.sentence.text
        if headline := plain_headline(lead):
            yield headline_title(self.translate(headline).chinese, headline)
        yield clause_title(chinese)
        yield title_without_means(chinese)
        for headline in headlines(plain_headline(lead), told.source.text):
            title = headline_title(self.translate(headline).chinese, headline)
            said = bool(title) and _is_said(headline, told.source.text)
            yield in_title_words(f"据称{title}") if said else title
        yield long_title(chinese)
        yield cut_title(chinese)
        yield named_title(chinese)


def tell_plainly(choice: SelectedStory, *, ask: Ask, checks: Checks) -> DraftEntry:
    """Translate the sentences that tell a story, and leave out what does not pass the checks.

    Raises:
        ModelError: the model could not be asked.

    Source: prompts/translate_sentence.md, prompts/glossary.toml.
    """
    translator = _Translator(ask, checks)
    told, faults = _tell_sentences(choice, translator)
    attempts = 2 if faults else 1
    first = told[0].source if told else None
    while first and told and _may_begin(told[0].source, first):
        entry, findings = _with_title(choice, told, translator)
        errors = tuple(finding for finding in findings if finding.severity == "error")
        if entry and not errors:
            if is_no_title(entry.title):
                faults.append(f"title {entry.title!r} tells nothing")
                break
            thin = _is_thin(told) or is_poor(entry.title) or not _tells_lead(choice, entry, told)
            thin = thin or (len(told) == 1 and _is_title_again(told[0], entry))
            return DraftEntry(
                choice=choice,
                entry=_told_once(choice, entry, told, checks),
                findings=findings,
                attempts=attempts,
                thin=thin,
                reason=_THIN if thin else NO_REASON,
            )
        faults += [f"{finding.check}: {finding.found}" for finding in errors]
        failed = failed_passages(entry, errors) if entry else {1}
        if failed == {0}:  # the title alone, and no other one is left
            break
        told = [one for at, one in enumerate(told, 1) if at not in failed]
    return DraftEntry(choice=choice, entry=None, attempts=attempts, reason=_failure(faults))


def _failure(faults: Sequence[str]) -> Reason:
    """Say why a story could not be told: what was wrong with its sentences, each thing once."""
    checks = dict.fromkeys(faults or ["none that tells it"])
    return Reason.of(
        "failed_checks", *(Reason.of("failed_check", "sentence", fault) for fault in checks)
    )


def _tell_sentences(
    choice: SelectedStory, translator: _Translator
) -> tuple[list[_Told], list[str]]:
    """Translate what tells a story, the sentence first that says who did what.

    Returns:
        The sentences that passed, and what was wrong with answers that did not.
    """
    told: list[_Told] = []
    faults: list[str] = []
    sources = event_sentences(choice.story, kind=choice.kind)
    for source in sources:
        one, answered = translator.tell(source)
        faults += answered.faults
        if one and (told or _may_begin(source, sources[0])):
            told.append(one)
    if not told or not sources[0].text.startswith(told[0].source.text.rstrip(".")):
        told[:0] = _other_beginning(choice, translator, told, sources)
    for source in further_sentences(choice.story, kind=choice.kind):
        if not _is_thin(told):
            break
        told += filter(None, [translator.tell(source)[0]])
    return told, faults


def _other_beginning(
    choice: SelectedStory,
    translator: _Translator,
    told: Sequence[_Told],
    sources: Sequence[SourceSentence],
) -> Iterator[_Told]:
    """Translate a sentence in place of the first, about the same as what then follows, if any."""
    already = tuple(one.source.text for one in told)
    others = other_beginnings(choice.story, kind=choice.kind, told=already)
    about = (*(one.source for one in told), *sources)[:1]
    fit = (one for one in others if all(_may_begin(one, first) for first in about))
    return islice(filter(None, (translator.tell(source)[0] for source in fit)), 1)


def _with_title(
    choice: SelectedStory, told: Sequence[_Told], translator: _Translator
) -> tuple[Entry | None, tuple[Finding, ...]]:
    """Give the entry its first title that passes, or the last one with what was found."""
    sentences = tuple(one.sentence for one in told)
    entry: Entry | None = None
    findings: tuple[Finding, ...] = ()
    lead = choice.story.mentions[0].lead
    titles = translator.titles(lead, told[0])
    for title in (form for short in titles for form in (with_name(short, lead), short)):
        entry = make_entry(choice, title=apply_typography(title), sentences=sentences)
        first = told[0].source.text
        story = choice.story
        link = link_told(entry, story.mentions, story.sources, f"{lead}. {first}", first)
        entry = entry.model_copy(update={"link": link or entry.link})
        findings = translator.checks.verify(entry, choice.story, terms=load_glossary())
        errors = [finding for finding in findings if finding.severity == "error"]
        if 0 not in failed_passages(entry, errors):
            break
    return entry, findings


def _told_once(choice: SelectedStory, entry: Entry, told: Sequence[_Told], checks: Checks) -> Entry:
    """Leave out a first sentence that is the title again, where the next one can stand alone."""
    sentences = entry.sentences[1:]
    if not sentences or not _is_title_again(told[0], entry):
        return entry
    following = told[1].source
    goes_on = following.lines != told[0].source.lines or " also " in following.text
    if goes_on or not names_its_subject(following.text):
        return entry
    summary = "".join(sentence.text for sentence in sentences)
    shorter = entry.model_copy(update={"sentences": sentences, "summary": summary})
    findings = checks.verify(shorter, choice.story, terms=load_glossary())
    return entry if any(one.severity == "error" for one in findings) else shorter


def _is_title_again(one: _Told, entry: Entry) -> bool:
    return fuzz.ratio(entry.title, one.sentence.text) >= _SAME_WORDS


def first_questions(choice: SelectedStory) -> Iterator[Question]:
    """Write what `tell_plainly` asks first, for whoever counts or gathers questions.

    The schema of their answers is `ChineseText`.
    """
    for source in event_sentences(choice.story, kind=choice.kind):
        yield _question(source.text)


def _may_begin(source: SourceSentence, first: SourceSentence) -> bool:
    """Whether a sentence may stand alone for the one that says who did what."""
    return source is first or bool(names_in(source.text) & names_in(first.text))


def _is_thin(told: Sequence[_Told]) -> bool:
    """Whether all there is to read is one clause, which is the title."""
    if len(told) != 1:
        return False
    chinese = told[0].sentence.text
    return len(chinese) - len(first_clause(chinese)) <= _TITLE_ALONE


def _tells_lead(choice: SelectedStory, entry: Entry, told: Sequence[_Told]) -> bool:
    """Whether an entry has any name of its headline: a figure of no named thing says nothing."""
    names = names_in(choice.story.mentions[0].lead)
    words = f"{entry.title} {' '.join(one.source.text for one in told)}".casefold()
    parts = re.findall(r"[a-z]{2,}", " ".join(names))
    return not parts or any(part in words for part in parts)


def _is_said(headline: str, english: str) -> bool:
    """Whether a headline leaves out who says what it says."""
    before = english.partition(headline[:-1])[0] if headline[:-1] in english else ""
    inside = bool(before) and bool(_SAYS_SO.search(before))
    return inside or bool(_SPEAKER.search(english) and not _SPEAKER.search(headline))


def _question(sentence: str) -> Question:
    """Write the question for one sentence."""
    return _ask_for(_marked(sentence), sentence)


def _marked(sentence: str) -> str:
    terms = load_glossary()
    return mark_names(put_in_chinese(sentence, terms), terms)


def _ask_for(marked: str, sentence: str) -> Question:
    """Ask for a sentence as it was prepared, with room for an answer of its length."""
    asked = load_prompt("translate_sentence").fill(sentence=tame(marked))
    cap = max(_MIN_TOKENS, len(sentence) // _CHARS_PER_TOKEN)
    return asked.model_copy(update={"max_output_tokens": cap})


def _told(source: SourceSentence, chinese: str) -> _Told:
    return _Told(source, Sentence(text=chinese, lines=source.lines))
