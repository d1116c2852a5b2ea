"""What a small model gets wrong of names and terms: marked before it is asked, or mended after.

It makes 线性 of Linear and 金属 of Metal, and leaves what stands between backticks as it is; names
that nobody would translate (GPT-5.2, vLLM, FlashAttention) get no marks, nor do countries and what
Chinese has its own name for.
"""

import re
from collections.abc import Mapping, Sequence

from pipeline.chinese import (
    AMBIGUOUS_WORDS,
    CHINESE_WORDS,
    ORDINARY_WORDS,
    Term,
    find_terms,
    misused_terms,
)

_MARK = "`"
_WORD = r"[A-Z](?:[a-z]+|[A-Z]{1,4})"
_VERSION = r"[1-9]\d?(?:\.\d+)*(?![\w%/-]|[.,]\d)"
_NAME = re.compile(
    rf"(?<![\w`.@/#&'’-]){_WORD}(?: (?:{_WORD}|{_VERSION}))*(?![\w`/-]|\.\w)", re.ASCII
)
_TWO_NAMES = re.compile(r"(?<![\w'’-])(?=([A-Z][\w.-]*\w) ([A-Z][\w.-]*\w))")
_TITLES = re.compile(
    r"(?:The|An?|In|On|At|For|And|But|With|Its?|This|That|These|Those|Mr|Ms|Dr|CEO|CTO|AI|I)\b"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;] |，|[“\"(])$")


def mark_names(sentence: str, terms: Sequence[Term] = ()) -> str:
    """Put names of ordinary words between backticks.

    Args:
        sentence: an English sentence, terms and quantities perhaps in Chinese.
        terms: the glossary: a name that it has needs no mark.
    """
    known = [(start, end) for start, end, _ in find_terms(sentence, tuple(terms))]
    parts, end = [], 0
    for found in _NAME.finditer(sentence):
        start, name = found.start(), found.group()
        first = bool(_SENTENCE_START.search(sentence[:start]))
        if first and name.split(" ")[0].lower() in ORDINARY_WORDS | AMBIGUOUS_WORDS:
            name = name.partition(" ")[2]  # Former of `Former ASML engineers`
            start, first = found.end() - len(name), False
        inside = any(one < found.end() and start < stop for one, stop in known)
        if not inside and _is_at_risk(name, first=first):
            parts += [sentence[end:start], _MARK, name, _MARK]
            end = found.end()
    return "".join((*parts, sentence[end:]))


def join_names(marked: str, lost: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Write names of several words as one, which a small model copies where it translates words.

    Args:
        marked: a sentence whose names are marked.
        lost: words of names that an answer did not have; they get marks, too.

    Returns:
        The sentence, and by joined name the name as it was.
    """
    for word in lost:
        marked = re.sub(
            rf"(?<![\w`.-]){re.escape(word)}(?![\w`-])(?=[^`]*(?:`[^`]*`[^`]*)*$)",
            f"{_MARK}{word}{_MARK}",
            marked,
        )
    joined: dict[str, str] = {}

    def join(found: re.Match[str]) -> str:
        joined[found[1].replace(" ", "")] = found[1]
        return f"{_MARK}{found[1].replace(' ', '')}{_MARK}"

    return re.sub("`([^`]+ [^`]+)`", join, marked), joined


def with_names_apart(text: str, joined: Mapping[str, str]) -> str:
    """Put the names back that `join_names` wrote as one."""
    for one, name in joined.items():
        text = re.sub(rf"(?<![\w-]){re.escape(one)}(?![\w-])", name, text, flags=re.ASCII)
    return text


def with_whole_names(chinese: str, english: str) -> str:
    """Put a name together that an answer has in two, such as SWE-bench 的 Verified."""
    for first, last in _TWO_NAMES.findall(english):
        parted = rf"(?<![\w-]){re.escape(first)} ?的 ?{re.escape(last)}(?![\w-])"
        chinese = re.sub(parted, f"{first} {last}", chinese, flags=re.ASCII)
    return chinese


def without_marks(text: str) -> str:
    """Take the marks out of an answer."""
    return text.replace(_MARK, "")


def with_right_terms(chinese: str, english: str, terms: Sequence[Term]) -> str:
    """Put the Chinese of the glossary in place of what it does not want: token for 令牌."""
    for term in misused_terms(chinese, english, tuple(terms)):
        chinese = chinese.replace(term.found, term.expected)
    return chinese


def _is_at_risk(name: str, *, first: bool) -> bool:
    """Whether a name has a word that may be taken for one of the language."""
    words = name.split(" ")
    if words[0].casefold() in CHINESE_WORDS or _TITLES.fullmatch(words[0]):
        return False
    return any(word.istitle() for word in words) and (len(words) > 1 or not first)
