"""Why the program did what it did: a code with parameters, and the English of it.

In memory a reason is a `Reason`. In a file it is the sentence that `str` gives. The readers here
are the one place that turns such a sentence into a `Reason` again; a sentence that no template
makes is kept verbatim under the code `other`. The Chinese is the site's (`site/reasons.py`).
"""

import ast
import datetime as dt
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

ReasonCode = Literal[
    # Nothing is said, and what no template makes.
    "none", "other",
    # Why a story is in the digest, or not.
    "model", "completed", "spare", "by_hand", "named_twice", "unknown_id", "not_shown", "withheld",
    "page_limit",
    "not_chosen", "passed_over", "no_sentence", "same_link_as", "same_event_as",
    "repeated_with_news", "repeated",
    "failed_checks", "failed_check", "unusable", "refused",
    # By what a story is known for one that was published, and what is new of it.
    "same_link", "link_alike", "names_alike", "new_link", "new_name", "new_quantities",
    "new_announcement",
    # Why mentions are one story.
    "first", "same_names", "both_announce", "similar_lead", "similar_text", "heads",
    "similar_overall", "same_event", "has_link", "has_names", "has_link_and_names",
    # What a story's salience is made of.
    "in_part", "position", "in_recaps", "mention_count", "top_tweet", "reddit_votes", "in_title",
    "in_description", "in_tags", "links_subject", "links_maker", "thread_only", "no_link",
    "figures", "joke", "not_technical", "question", "impressions", "community", "money",
    "pastime",
    # What would have passed a check.
    "story_link", "without_link", "issue_link", "unused_link", "unused_story", "unused_event",
    "bound", "qualifier", "attributed", "no_absence", "no_attention", "quantity",
    "quantity_instead", "name", "name_such_as", "name_instead", "latin_name", "chinese",
    "simplified_chinese", "simplified_characters", "no_opening", "no_repetition", "term",
    "length", "whole", "no_link_in_text", "no_markup", "no_handle", "no_brace",
    "no_mail", "no_domain", "no_ping", "no_invitation",
    "no_punctuation_run", "visible_characters", "unchanged", "entry_count", "mention", "topic",
    "edit_applied", "line_says", "line_subject", "line_qualifier", "line_agrees", "untold",
    "line_fact", "line_title", "proofread_all",
    # What a check found, where that is no quotation.
    "found_no_link", "found_length", "two_places", "two_entries", "nearly_all_words",
    "most_words", "same_lines", "same_sentence", "story_gone", "story_dropped",
    "reads_as", "not_proofread", "place_empty",
]  # fmt: skip
"""What can be a reason; each code but `other` has a template here and one in the site."""

_DECISIONS: Final[dict[ReasonCode, str]] = {
    "none": "",
    "model": "model",
    "completed": "completed",
    "spare": "spare",
    "by_hand": "by hand",
    "named_twice": "named twice",
    "unknown_id": "no story has this id",
    "not_shown": "not shown to the model",
    "withheld": "no editor would take them: jokes, chatter, questions, too little said",
    "page_limit": "{count} left out, beyond the first {count}",
    "not_chosen": "not chosen by the model",
    "passed_over": "not chosen",
    "no_sentence": "none of its sentences says who did what, as a model that only translates needs",
    "same_link_as": "tells the same link as {word}",
    "same_event_as": "tells the same event as {word}",
    "repeated_with_news": "told on {word} as {word}: {match}; new: {match}",
    "repeated": "told on {word} as {word}: {match}",
    "failed_checks": "did not pass the checks: {checks}",
    "unusable": "{text} gave no usable answer to {text} in {count} tries: {text}",
    "refused": "{text} refused to answer {short}: {text}",
}
_MATCHES: Final[dict[ReasonCode, str]] = {
    "same_link": "same link {word}",
    "link_alike": "link {word}, and alike",
    "names_alike": "names {text}, and alike",
    "new_link": "link {word}",
    "new_name": "name {text}",
    "new_quantities": "quantities {text}",
    "new_announcement": "announced, a rumour before",
}
_JOINS: Final[dict[ReasonCode, str]] = {
    "first": "first",
    "same_names": "same names {text}",
    "both_announce": "both announce {text}",
    "similar_lead": "similar lead to {word}",
    "similar_text": "similar text to {word}",
    "heads": "heads {word}",
    "similar_overall": "similar on the whole",
    "same_event": "one event for the model",
    "has_link": "link",
    "has_names": "names {text}",
    "has_link_and_names": "link; names {text}",
}
_FACTS: Final[dict[ReasonCode, str]] = {
    "in_part": "stands in {part}",
    "position": "place in its list",
    "in_recaps": "told in {parts}",
    "mention_count": "{count} mentions",
    "top_tweet": "among the top tweets",
    "reddit_votes": "{count} votes on Reddit",
    "in_title": "in the issue's title",
    "in_description": "in the issue's description",
    "in_tags": "in the issue's tags",
    "links_subject": "links the thing itself",
    "links_maker": "links its maker's post",
    "thread_only": "links a thread only",
    "no_link": "no link",
    "figures": "{count} figures",
    "joke": "a joke",
    "not_technical": "not technical",
    "question": "a question or complaint",
    "impressions": "impressions",
    "community": "a community's own affairs",
    "money": "money",
    "pastime": "a gadget or pastime",
}
_EXPECTED: Final[dict[ReasonCode, str]] = {
    "story_link": "one of the story's links",
    "without_link": "no link: the story has none",
    "issue_link": "a link of the issue",
    "unused_link": "an address that no other entry shows",
    "unused_story": "a story that no other entry tells",
    "unused_event": "an event that no other entry tells",
    "bound": "the bound of {quoted}, such as {text}",
    "qualifier": "what {quoted} says, such as {text}",
    "attributed": "what users say told as theirs, such as 有用户称",
    "no_absence": "only what the text says, nothing about what it leaves out",
    "no_attention": "only what the text says, nothing about attention",
    "quantity": "a quantity of the text",
    "quantity_instead": "a quantity of the text, which has {text}",
    "name": "a name of the text",
    "name_such_as": "a name of the text, such as {quoted}",
    "name_instead": "a name of the text, which does not have {text}",
    "latin_name": "the name in Latin letters, as in the text",
    "chinese": "Chinese for this English",
    "simplified_chinese": "Simplified Chinese, names apart",
    "simplified_characters": "simplified characters",
    "no_opening": "the news itself, without opening words",
    "no_repetition": "every sentence said once",
    "term": "{text} for {quoted}",
    "length": "a {field} of {count} to {count} characters",
    "whole": "a {field} that is whole: it ends in the middle",
    "no_link_in_text": "plain text without a link",
    "no_markup": "plain text without {markup}",
    "no_handle": "plain text without an @handle",
    "no_mail": "plain text without a mail address",
    "no_domain": "plain text without a domain",
    "no_ping": "plain text without a ping",
    "no_invitation": "plain text without an invitation to a chat",
    "no_brace": "plain text without a brace",
    "no_punctuation_run": "plain text without a run of punctuation",
    "visible_characters": "characters that show",
    "unchanged": "the words of the text, unchanged",
    "entry_count": "at most {count} entries",
    "mention": "a mention of the issue with this link, or with these names",
    "topic": "a name or a topic of the mention that has this link",
    "edit_applied": "{edit} of {word}, {quoted}, to be applied",
    "line_says": "only what line {count} says: {quoted}",
    "line_subject": "the subject that line {count} has: {quoted}",
    "line_qualifier": "the qualifier of line {count}: {quoted}",
    "line_agrees": "what agrees with {quoted}, as line {count} has it: {quoted}",
    "untold": "what {quoted} does not tell already",
    "line_fact": "a fact, or nothing in its place; line {count} has {quoted}",
    "line_title": "a title that says no more than line {count}: {quoted}",
    "proofread_all": "every entry read once more",
}
_FOUND: Final[dict[ReasonCode, str]] = {
    "found_no_link": "no link",
    "found_length": "{count} characters",
    "two_places": "{word} stands under {word} too",
    "two_entries": "{word} is told by {word} too",
    "nearly_all_words": "nearly all words of {word}",
    "most_words": "most words of {word}",
    "same_lines": "the lines of {word} again",
    "same_sentence": "a sentence of {word} again",
    "story_gone": "no story of the issue is this one any more",
    "story_dropped": "the story was left out by hand",
    "reads_as": "reads as {problem}: {text}",
    "not_proofread": "not proofread, with {count} others: {text}",
    "place_empty": "no entry for {quoted}, and no other story for its place",
}
_FAILED_CHECK: Final[dict[ReasonCode, str]] = {"failed_check": "{check} {quoted}"}
ENGLISH: Final[dict[ReasonCode, str]] = (
    _DECISIONS | _MATCHES | _JOINS | _FACTS | _EXPECTED | _FOUND | _FAILED_CHECK
)
"""The English of each code; a slot is named after what may stand in it (`_SLOTS`)."""

_ESCAPED: Final = r"\\[\\'nrtxuU]"
_QUOTED: Final = rf"""(?:'(?:[^'\\]|{_ESCAPED})*'|"(?:[^"\\]|{_ESCAPED})*")"""
_SLOTS: Final = {
    "text": r".+",
    "short": r".+?",
    "word": r"\S+",
    "count": r"\d+",
    "part": r"\w+",
    "parts": r".+",
    "check": r"[a-z]+",
    "field": r"title|summary",
    "edit": r"drop|swap|pin|move|set",
    "markup": r"HTML|Markdown",
    "problem": r"unsupported|wrong subject|lost qualifier|contradiction|told twice|padding|title",
    "quoted": _QUOTED,  # a text as Python writes it
    "match": r".+?",  # a reason of `_MATCHES`
    "checks": r".+",  # reasons of `_FAILED_CHECK`, a comma between them
}
_SLOT: Final = re.compile(r"\{(\w+)\}")
# No sentence of ours is longer; what a server said may be, and is not worth looking through.
_MAX_CHARS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is as it is; in a file, a sentence."""

    code: ReasonCode
    params: "tuple[str | Reason, ...]" = ()
    """What fills the slots of the code's template, in their order; of `other`, the sentence."""

    @classmethod
    def of(cls, code: ReasonCode, *params: "str | int | dt.date | Reason") -> Self:
        """Make a reason; numbers and dates become text, as they will be when they are read."""
        return cls(code, tuple(p if isinstance(p, Reason) else str(p) for p in params))

    def __bool__(self) -> bool:
        """Whether anything is said."""
        return self.code != "none"

    def __str__(self) -> str:
        """Say it in English, as it is saved."""
        return _in_english(ENGLISH.get(self.code, ""), self)

    @property
    def summary(self) -> str:
        """The English up to the first colon, under which reasons of one kind are counted."""
        if self.code == "other":
            return str(self).partition(":")[0]
        return _in_english(ENGLISH[self.code].partition(":")[0], self)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let a record hold a reason, and a file its sentence."""
        return _saved_as_text(cls, read_reason)


NO_REASON: Final = Reason("none")


@dataclass(frozen=True, slots=True)
class SalienceFact:
    """One fact that a story's salience is made of; in a file, a clause with its points."""

    reason: Reason
    points: float | None = None
    """What it adds, to one decimal; None in a clause that this program did not write."""

    def __str__(self) -> str:
        """Say it in English, as it is saved."""
        return str(self.reason) if self.points is None else f"{self.reason} {self.points:+.1f}"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let a record hold a fact, and a file its clause."""
        return _saved_as_text(cls, read_fact)


class Template(NamedTuple):
    """The English of one code, taken apart."""

    pattern: re.Pattern[str]
    slots: tuple[str, ...]
    """What stands in each slot: a key of `_SLOTS`."""


@cache
def template(code: ReasonCode) -> Template:
    """Take the English of a code apart."""
    pieces = _SLOT.split(ENGLISH[code])
    slots = tuple(pieces[1::2])
    pattern = "".join(
        f"({_SLOTS[piece]})" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces)
    )
    return Template(re.compile(pattern, re.DOTALL), slots)


@lru_cache(4096)
def read_reason(sentence: str) -> Reason:
    """Turn a saved sentence about a story into a reason."""
    return _read(sentence, _DECISIONS) or _read(sentence, _MATCHES | _JOINS) or _other(sentence)


@lru_cache(4096)
def read_fact(clause: str) -> SalienceFact:
    """Turn a saved clause of a story's salience into a fact."""
    said, _, points = clause.rpartition(" ")
    if not re.fullmatch(r"[+-]\d+\.\d", points):
        return SalienceFact(_other(clause))
    return SalienceFact(_read(said, _FACTS) or _other(said), float(points))


def read_expected(text: str) -> Reason:
    """Turn what a finding expected into a reason."""
    return _read(text, _EXPECTED) or _other(text)


def read_found(text: str) -> Reason:
    """Turn what a finding found into a reason; a quotation is `other`."""
    return _read(text, _FOUND) or _other(text)


def _read(sentence: str, templates: Mapping[ReasonCode, str]) -> Reason | None:
    """Find the template that makes a sentence; None where none makes just this one."""
    if len(sentence) > _MAX_CHARS:
        return None
    for code, english in templates.items():
        # Most are known by how they begin, without a pattern.
        if not sentence.startswith(english.partition("{")[0]):
            continue
        if match := template(code).pattern.fullmatch(sentence):
            slots = template(code).slots
            params = zip(slots, match.groups(), strict=True)
            nested = _read_checks(match[1]) if slots == ("checks",) else None
            found = Reason(code, nested or tuple(_read_slot(*param) for param in params))
            return found if str(found) == sentence else None
    return None


def _read_slot(slot: str, text: str) -> str | Reason:
    if slot == "match":
        return _read(text, _MATCHES) or _other(text)
    return _unquoted(text) if slot == "quoted" else text


def _unquoted(text: str) -> str:
    with suppress(SyntaxError, ValueError):
        return str(ast.literal_eval(text))
    return text


def _read_checks(text: str) -> tuple[str | Reason, ...]:
    """Read `number '4', name 'Foo'`; what is not in this form stays one text."""
    found = template("failed_check").pattern.finditer(text)
    checks = [
        Reason.of("failed_check", match[1], _read_slot("quoted", match[2])) for match in found
    ]
    return tuple(checks) if ", ".join(map(str, checks)) == text else (text,)


def _other(sentence: str) -> Reason:
    return Reason("other", (sentence,)) if sentence else NO_REASON


def _in_english(template_text: str, reason: Reason) -> str:
    if reason.code == "other":
        return str(reason.params[0])
    params = iter(reason.params)

    def fill(slot: re.Match[str]) -> str:
        if slot[1] == "checks":
            return ", ".join(map(str, params))
        return repr(next(params)) if slot[1] == "quoted" else str(next(params))

    return _SLOT.sub(fill, template_text)


def _saved_as_text(cls: type, read: Callable[[str], object]) -> CoreSchema:
    def validate(value: object, handler: core_schema.ValidatorFunctionWrapHandler) -> object:
        return value if isinstance(value, cls) else read(handler(value))

    return core_schema.no_info_wrap_validator_function(
        validate,
        core_schema.str_schema(),
        serialization=core_schema.to_string_ser_schema(when_used="always"),
    )
