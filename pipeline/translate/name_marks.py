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
_OF_COMPANIES = frozenset({"together"})  # first word of one where another name follows
_WORD = r"[A-Z](?:[a-z]+|[A-Z]{1,4})"
_VERSION = r"[1-9]\d?(?:\.\d+)*(?![\w%/-]|[.,]\d)"
_NAME = re.compile(
    rf"(?<![\w`.@/#&'’-]){_WORD}(?: (?:{_WORD}|{_VERSION}))*(?![\w`/-]|\.\w)", re.ASCII
)
_TWO_NAMES = re.compile(r"(?<![\w'’-])(?=([A-Z][\w.-]*\w) ([A-Z][\w.-]*\w))")
_TITLES = re.compile(
    r"(?:The|An?|In|On|At|For|And|But|With|Its?|This|That|These|Those|Mr|Ms|Dr|CEO|CTO|AI|I)\b"
)
_CAPITALS = re.compile(r"(?<![\w-])[A-Z][a-z]+(?: [A-Z][a-z]+){2,3}(?![\w-])")
_CAPITALS_IN_A_ROW = re.compile(r"(?<![\w-])[A-Z][a-z]+(?: [A-Z][a-z]+){1,2}(?![\w-])")
_LATIN_WORD = re.compile(r"(?<![\w.-])[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*", re.ASCII)
_INNER_CAPITAL = re.compile("[a-z][A-Z]")
_PLURAL = re.compile(r"\b([A-Z][A-Z0-9]+)s$")  # Chinese has none: LLMs, H100s
_QUOTE_ENDS = ("”", '"')  # behind a name that is all that is quoted: “Model Factory”
_NOUN = re.compile(r"(?:tion|sion|ity|ment|[ae]nce|ness|ing|ism|logy)$")
# What a company does, and no thing.
_ACTS = re.compile(
    r" (?:has |is |also |just |now )*(?:launch|releas|announc|introduc|rais|acquir|unveil|publish"
    r"|open-sourc|ship|sign|join|hir)(?:e?s|e?d|ing)\b"
)
_SENTENCE_START = re.compile(r"(?:^|[.!?:;] |，|[“\"(])$")


def mark_names(sentence: str, terms: Sequence[Term] = ()) -> str:
    """Put names of ordinary words between backticks.

    A name that the glossary has needs no mark.
    """
    known = [(start, end) for start, end, _ in find_terms(sentence, tuple(terms))]
    parts, end = [], 0
    for found in _NAME.finditer(sentence):
        start, name = found.start(), found.group()
        quoted = sentence[found.end() : found.end() + 1] in _QUOTE_ENDS
        first = bool(_SENTENCE_START.search(sentence[:start])) and not quoted
        word = name.split(" ")[0].lower()
        plain = word in AMBIGUOUS_WORDS or _NOUN.search(word)
        if first and plain and word not in ORDINARY_WORDS and _ACTS.match(sentence, found.end()):
            first = False  # Cognition launched: one by name
        if first and word in ORDINARY_WORDS | AMBIGUOUS_WORDS and word not in _OF_COMPANIES:
            name = name.partition(" ")[2]  # Former of `Former ASML engineers`
            start, first = found.end() - len(name), False
        inside = any(one < found.end() and start < stop for one, stop in known)
        if not inside and _is_at_risk(name, first=first):
            parts += [sentence[end:start], _MARK, name, _MARK]
            end = found.end()
    return "".join((*parts, sentence[end:]))


def with_stand_ins(marked: str, lost: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Write names as abbreviations with a figure, which a small model copies where it translates.

    Returns:
        The sentence, and by stand-in the name as it was: `JD1` for `Jeff Dean`. What is neither
        lost nor of several words stays.
    """
    words = "|".join(re.escape(word) for word in lost)
    unmarked = rf"(?<![\w`.-])(?:{words})(?![\w`.-])(?: (?:{words})(?![\w`-]))*"
    # Each pair of marks is read, so that what stands between two names is no name.
    marked = re.sub(
        rf"`[^`]+`|{unmarked}" if lost else "`[^`]+`",
        lambda it: it[0] if it[0].startswith(_MARK) else f"{_MARK}{it[0]}{_MARK}",
        marked,
    )
    names: dict[str, str] = {}

    def stand_in(found: re.Match[str]) -> str:
        name = found[1]
        plain = " " in name and not re.search(r"\d", name)
        if not plain and not set(name.split(" ")) & set(lost):
            return found[0]
        short = next((one for one, other in names.items() if other == name), "")
        short = short or f"{_initials(name)}{len(names) + 1}"
        names[short] = name
        return f"{_MARK}{short}{_MARK}"

    return re.sub("`([^`]+)`", stand_in, marked), names


def _initials(name: str) -> str:
    """Give two or more capitals for a name: JD for Jeff Dean, HP for Hopper."""
    first = [word[0] for word in re.findall("[A-Za-z]+", name)]
    letters = first if len(first) > 1 else re.sub("(?<=.)[aeiou.-]", "", name)[:2]
    return "".join(letters).upper()


def with_names_back(text: str, names: Mapping[str, str]) -> str:
    """Put the names back that `with_stand_ins` wrote as abbreviations."""
    for short, name in names.items():
        text = re.sub(rf"(?<![\w-]){short}(?!\w)", name, text, flags=re.ASCII)
    return text


def with_whole_names(chinese: str, english: str, terms: Sequence[Term] = ()) -> str:
    """Put a name together that an answer has in two, or of which it translates only the first word.

    It is SWE-bench Verified and not SWE-bench 的 Verified, Google DeepMind and not 谷歌 DeepMind.
    """
    own = {term.term: term.chinese for term in terms if term.term in term.accept}
    for first, last in _TWO_NAMES.findall(english):
        of_it = rf"(?<![\w-]){re.escape(first)} ?的 ?"
        half = f"|{own[first]} ?" if own.get(first) else ""
        parted = rf"(?:{of_it}{half}){re.escape(last)}(?![\w-])"
        chinese = re.sub(parted, f"{first} {last}", chinese, flags=re.ASCII)
    return chinese


def with_own_spelling(chinese: str, english: str) -> str:
    """Write names as the English does: Runway for runway, Jeff Dean for JeffDean, LLM for LLMs."""
    for found in _CAPITALS_IN_A_ROW.finditer(english):
        together = found[0].replace(" ", "")
        if together not in english:
            chinese = re.sub(rf"(?<![\w-]){together}(?![\w-])", found[0], chinese, flags=re.ASCII)
    words = set(_LATIN_WORD.findall(english))
    own: dict[str, set[str]] = {}
    for word in words:
        own.setdefault(word.casefold(), set()).add(word)

    def spelled(found: re.Match[str]) -> str:
        word = found[0]
        forms = own.get(word.casefold(), set()) if word not in words else set()
        # GitHub stays where the English has Github.
        if len(forms) == 1 and not (_INNER_CAPITAL.search(word) and min(forms).istitle()):
            word = forms.pop()
        return _PLURAL.sub(r"\1", word)

    return _LATIN_WORD.sub(spelled, chinese)


def without_marks(text: str) -> str:
    """Take the marks out of an answer."""
    return text.replace(_MARK, "")


def torn_names(chinese: str, english: str) -> list[str]:
    """Give the names whose first and last word are there, and what is between is translated."""
    names = (found[0].split(" ") for found in _CAPITALS.finditer(english))
    return [
        " ".join(words)
        for words in names
        if words[0] in chinese and words[-1] in chinese
        if not all(word in chinese for word in words[1:-1])
    ]


def with_right_terms(chinese: str, english: str, terms: Sequence[Term]) -> str:
    """Put the Chinese of the glossary in place of what it does not want: token for 令牌."""
    for term in terms:  # Perplexity is no measure
        company = term.term.capitalize()
        is_other = term.exact and term.term.islower() and term.term not in english
        if is_other and term.chinese and company in english:
            chinese = chinese.replace(term.chinese, company)
    for misused in misused_terms(chinese, english, tuple(terms)):
        chinese = chinese.replace(misused.found, misused.expected)
    return chinese


def _is_at_risk(name: str, *, first: bool) -> bool:
    """Whether a name has a word that may be taken for one of the language."""
    words = name.split(" ")
    if words[0].casefold() in CHINESE_WORDS or _TITLES.fullmatch(words[0]):
        return False
    return any(word.istitle() for word in words) and (len(words) > 1 or not first)
