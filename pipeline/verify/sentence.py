"""One English sentence against the one Chinese sentence that stands for it, both ways.

For entries that are translated sentence by sentence, where each sentence has its line; the checks
of `registry.py` run on every entry and cannot know that. What comes out says in plain words what is
wrong, so that the model can be asked once more.
"""

import re
from collections.abc import Iterator, Sequence

from pipeline.chinese import (
    AMBIGUOUS_WORDS,
    ORDINARY_WORDS,
    Term,
    assistant_preamble,
    find_terms,
    is_chinese,
    misused_terms,
    traditional_characters,
    untranslated_english,
)
from pipeline.quantities import unsupported_quantities
from pipeline.verify.categories import find_exchanged_words
from pipeline.verify.names import unsupported_names
from pipeline.verify.omission import find_omissions
from pipeline.verify.scraps import english_scraps
from pipeline.verify.sense import find_changed_sense


def check_sentence(english: str, chinese: str, terms: Sequence[Term] = ()) -> tuple[str, ...]:
    """Compare a Chinese sentence with its English one, both ways.

    Args:
        english: one sentence, as the issue has it.
        chinese: what the model made of it.
        terms: the glossary.

    Returns:
        What is wrong, one short English clause each, the same fault once; nothing where the
        sentence may be published.
    """
    english = _RANK_AT_END.sub(r"\1 ", english)
    sense = find_changed_sense(english, _without_negative_terms(english, chinese, terms))
    said = (
        *_invented(english, chinese),
        *(f"{one.expected}: {one.found}" for one in find_omissions(english, chinese, terms)),
        *(f"lacks {one.expected} ({one.found})" for one in sense),
        *(
            f"{word.english} is {word.expected}, not {word.found}"
            for word in find_exchanged_words(chinese, english)
        ),
        *_bad_chinese(english, chinese, tuple(terms)),
    )
    return tuple(dict.fromkeys(said))


def _without_negative_terms(english: str, chinese: str, terms: Sequence[Term]) -> str:
    """Leave out terms of the English whose Chinese has a negation: 未对齐 for misalignment."""
    for _, _, term in find_terms(english, tuple(terms)):
        if term.chinese and re.search("[不没无未非]", term.chinese):
            chinese = chinese.replace(term.chinese, "")
    return chinese


def _invented(english: str, chinese: str) -> Iterator[str]:
    """Say which numbers and names the English does not have."""
    for quantity in unsupported_quantities(chinese, english):
        yield f"{quantity.text} is not in the English"
    for problem in unsupported_names(chinese, english):
        yield f"{problem.found} is not in the English"
    for points in _POINTS.finditer(english):
        if re.search(rf"(?<!\d){points[1]} ?位|第 ?{points[1]}(?!\d)", chinese):
            yield f"{points[1]} is a number of points, no rank"
    for glued in _GLUED.finditer(chinese):
        if not re.search(rf"(?<![\w.]){re.escape(glued.group())}", english):
            yield f"{glued.group()}: number and name are one word"


_RANK_AT_END = re.compile(r"(#\d+)(?=\.(?:\s|$))")
"""Read as a bare number where the full stop follows."""
_GLUED = re.compile(r"(?<![\w.-])\d+[A-Z]{1,5}\d+(?![\w.-])", re.ASCII)
"""64GB200 for 64 GB200."""
_POINTS = re.compile(r"(?<![\w.,])(\d+) points\b")
_CAPITALISED = re.compile(r"(?<![\w.-])[A-Z][a-z]+(?![\w-])", re.ASCII)
_SPEAKER_LAST = re.compile(
    r"[，,] ?(?:(?:声?称(?:其为)?|说|表示) ?[A-Z][A-Za-z .-]*[。.]?$"
    r"|声?称其(?:仓库|作者|论文|团队|开发者)(?=[，。]|$))"
)
_FEWEST_REPEATED = 6
_NOT_ONLY = re.compile(r"不(?:仅|只|光|单)")
_ONLY = re.compile(
    r"\b(?:only|just|merely|solely|simply|also|alone|beyond|besides|both|more than|as well"
    r"|not limited)\b",
    re.IGNORECASE,
)
"""`rather than assuming` is told as 而不仅仅是假设, which says the opposite."""


def _bad_chinese(english: str, chinese: str, terms: tuple[Term, ...]) -> Iterator[str]:
    """Say what of a sentence is no Chinese, or stands there twice."""
    for left in dict.fromkeys(_left_english(english, chinese, terms)):
        yield f"{left} is still English"
    if last := _SPEAKER_LAST.search(chinese):
        yield f"who says it stands at the end: {last.group()}"
    if chinese.count("“") != chinese.count("”"):
        yield "a quotation mark has no other half"
    if not is_chinese(chinese, ignore_names=True):
        yield "it is not Chinese"
    if opening := assistant_preamble(chinese):
        yield f"it begins with {opening}"
    if traditional := traditional_characters(chinese):
        yield f"{traditional} are traditional characters"
    for term in misused_terms(chinese, english, terms):
        yield f"{term.term} is {term.expected}, not {term.found}"
    if (more := _NOT_ONLY.search(chinese)) and not _ONLY.search(english):
        yield f"{more.group()} without an only in the English"
    if twice := _said_twice(chinese):
        yield f"{twice} stands there twice"


def _left_english(english: str, chinese: str, terms: tuple[Term, ...]) -> Iterator[str]:
    """Find words that are still English."""
    names = [term.term for term in terms if term.keep]
    names += [word for term in terms for word in term.accept if word.isascii() and word.isalpha()]
    for left in untranslated_english(chinese, english, names):
        yield left.text
    yield from english_scraps(chinese, english, names)
    for word in _CAPITALISED.findall(chinese):
        if word.lower() in ORDINARY_WORDS | AMBIGUOUS_WORDS and _only_begins(word, english):
            yield word


def _only_begins(word: str, english: str) -> bool:
    """Whether a word has its capital since a sentence begins with it: Leaks of `Leaks say`."""
    inside = re.search(rf"[\w,;)”\"'’] {word}\b|\b{word} [A-Z]", english)
    return bool(re.search(rf"\b{word}\b", english)) and not inside


def _said_twice(chinese: str) -> str:
    """Give what a sentence says twice: a clause, or words that follow each other again."""
    clauses = [clause.strip() for clause in re.split("[，。；：、！？]", chinese)]
    long = [clause for clause in clauses if len(clause) >= _FEWEST_REPEATED]
    again = next((clause for at, clause in enumerate(long) if clause in long[:at]), "")
    stutter = re.search(r"([\u4e00-\u9fff]{3,})[，、和的]?\1", chinese)
    return again or (stutter.group(1) if stutter else "")
