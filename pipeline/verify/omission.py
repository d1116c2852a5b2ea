"""What an English sentence says and its Chinese leaves out: numbers, names, a clause.

One Chinese sentence stands for one English one, so the comparison goes from the English to the
Chinese, as `numbers` and `names` go the other way; `sentence.py` does both. A number that stands
once must not be told twice, since it would stand beside a second noun. Not covered: names that the
English writes like ordinary words (fal, torch).
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from pipeline.chinese import AMBIGUOUS_WORDS, CHINESE_WORDS, ORDINARY_WORDS, Term, find_terms
from pipeline.quantities import Quantity, find_quantities, match_quantities
from pipeline.verify.aliases import CHINESE_NAMES, COMMON, EXPANSIONS
from pipeline.verify.check import Problem
from pipeline.verify.counterparts import FAMILY_NAMES, NOT_A_NAME, PRODUCTS
from pipeline.verify.names import NameIndex, name_key

_HAN = re.compile("[\u4e00-\u9fff]")


def find_omissions(english: str, chinese: str, terms: Sequence[Term] = ()) -> tuple[Problem, ...]:
    """Find what of an English sentence its Chinese does not say.

    Args:
        english: one sentence, as the issue has it.
        chinese: the sentence that stands for it.
        terms: the glossary, whose Chinese is as good as the English.

    Returns:
        One problem for each number and each name that is missing or told too often, and for a
        sentence that is too short to say it all; `expected` is the English.
    """
    return (
        *_missing_numbers(english, chinese),
        *_missing_names(english, chinese, tuple(terms)),
        *_lost_clause(english, chinese),
    )


# ------------------------------------------------------------------------------------- numbers


def _missing_numbers(english: str, chinese: str) -> Iterator[Problem]:
    """Compare how often each number stands in both."""
    told: dict[str, Problem] = {}
    matches = match_quantities(english, chinese)
    for match in matches:
        quantity = match.claim
        if match.matched_by == "none":
            if not _is_said_otherwise(quantity, english, chinese):
                told[quantity.text] = Problem(quantity.text, "left out")
        elif match.matched_by == "value" and not quantity.weak:
            same = sum(match.equals == other.equals for other in matches)
            if len(match.equals) > same and not _is_shared(match.equals, english):
                told[quantity.text] = Problem(f"{quantity.text} once", match.equals[1].text)
    yield from told.values()


def _is_shared(equals: Sequence[Quantity], english: str) -> bool:
    """Whether the English has other numbers that the Chinese ones may stand for."""
    return all(
        match.matched_by != "none" and match.claim.text != equals[0].text
        for match in match_quantities("，".join(one.text for one in equals), english)
    )


_ONE_UNIT = re.compile(r"(?i)(?:an?|one|the|past|last|next|this|every|each|per)\b")
_UNIT_WORDS = {
    "second": "秒", "minute": "分钟", "hour": "小时|钟头", "day": "天|日", "week": "周|星期",
    "month": "月", "year": "年|同比", "decade": "十年|年代", "quarter": "季|环比", "centur": "世纪",
}  # fmt: skip
_SMALL = {
    0: "零|无|没|未|不", 1: "一|首|单|最|唯|每|独|头|同", 2: "两|二|双|对|俩|皆|都|均|再|另|次|又",
    3: "三", 4: "四", 5: "五", 6: "六", 7: "七", 8: "八", 9: "九", 10: "十",
}  # fmt: skip
"""How Chinese says a small number without counting by it."""
_LOOSE_PLURALS = re.compile("数|几|多|上|成|大量|无数|众")


def _is_said_otherwise(quantity: Quantity, english: str, chinese: str) -> bool:
    """Whether Chinese may say a quantity without a number: 每年, 首次, 双语, 数周."""
    if quantity.bound == "plural":
        return bool(_LOOSE_PLURALS.search(chinese)) or _has_unit(quantity, chinese)
    if _ONE_UNIT.match(quantity.text) and _has_unit(quantity, chinese):
        return True
    before = english[: quantity.start]
    if quantity.value == 1 and (quantity.weak or quantity.unit in {"", "ordinal"}):
        return not re.search(r"[#\d]", quantity.text) or bool(re.search("第一|首|榜首", chinese))
    small = quantity.weak or quantity.unit == "ordinal"
    if small and (words := _SMALL.get(int(quantity.value))):
        return bool(re.search(words, chinese)) or before.endswith(" of the ")
    return False


def _has_unit(quantity: Quantity, chinese: str) -> bool:
    words = [word for unit, word in _UNIT_WORDS.items() if unit in quantity.text.lower()]
    return any(re.search(word, chinese) for word in words)


# --------------------------------------------------------------------------------------- names

_TOKEN = re.compile(r"[A-Za-z0-9À-ÿ]+(?:(?:[.&+_/-]|['’](?!s\b))[A-Za-z0-9À-ÿ]+)*")
_JOINED = re.compile(r"[A-Z][a-z]+(?:-[a-z]+)+")
_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]{2,}")
_INNER_CAPITAL = re.compile(r"[a-z][A-Z]|[A-Z]{2}")
_VERB_AFTER = re.compile(
    r"(?:['’]s)?,? (?:is|was|has|had|will|can|did|also|now|just|lets?|said|made|put|says|makes"
    r"|adds|opens"
    r"|launches|releases|ships|brings|plans|wants|offers|gives|gets|takes|puts|drops|cuts|raises"
    r"|sells|buys"
    r"|builds|runs|claims|expects|supports|introduces|unveils|publishes|announces|shows|uses"
    r"|turns|joins"
    r"|hires|acquires|leads|tops|beats|outperforms|scores|reaches|hits|reports|works|needs|comes"
    r"|goes|handles"
    r"|turns|writes|reads|indexes|records|trains|[a-z]{2,}ed|and [A-Z])\b"
)
_VERB_WITH_OBJECT = re.compile(r" [a-z]{3,}[^su]s (?:[A-Z]|\d|(?:an?|the|its|their|that|up)\b)")
"""Serves GLM-4.6, and no rates in `Error rates fell`."""
_ENGLISH_ENDING = re.compile(
    r"(?:ings?|[st]ions?|ments?|ness|ships?|ities|ity|[ae]nces?|ists?|isms?|ers|ors|ly|ed|ies|ures?"
    r"|es|ts|ns|ls|ds|ks|gs|ps)$"
)


def _missing_names(english: str, chinese: str, terms: tuple[Term, ...]) -> Iterator[Problem]:
    spans = list(find_terms(english, terms))
    names = list(_names(english))
    seen: set[str] = set()
    for found in names:
        name = found.group()
        # The metal of vllm-metal is no Metal.
        longer = {other.group() for other in names if _is_part(name, other.group())}
        text = (
            re.sub("|".join(map(re.escape, longer)), "，", chinese, flags=re.IGNORECASE)
            if longer
            else chinese
        )
        if name in seen or _is_there(name, text, NameIndex(text)):
            continue
        if _is_first_name(found, english, chinese):
            continue
        term = next((term for start, end, term in spans if start <= found.start() < end), None)
        if term and any(word.casefold() in chinese.casefold() for word in term.renderings):
            continue
        seen.add(name)
        yield Problem(name, "left out, or told as a word")


def _is_first_name(found: re.Match[str], english: str, chinese: str) -> bool:
    """Whether a family name follows whose Chinese is the whole person: Yann LeCun is 杨立昆."""
    after = re.match(r" ([A-Z][\w-]+)", english[found.end() :])
    family = after[1].casefold() if after else ""
    return family in FAMILY_NAMES and any(name in chinese for name in _chinese_of()[family])


def _is_part(name: str, other: str) -> bool:
    return name != other and name.casefold() in re.split("[-_/.]", other.casefold())


def _names(english: str) -> Iterator[re.Match[str]]:
    """Find the names of an English sentence, word by word."""
    counted = [one for one in find_quantities(english) if one.unit != "version"]
    for found in _TOKEN.finditer(english):
        inside = any(one.start < found.end() and found.start() < one.end for one in counted)
        joined = "-" in found.group() and _INNER_CAPITAL.search(found.group())
        if (joined or not inside) and _is_name(found, english):
            yield found


def _is_name(found: re.Match[str], english: str) -> bool:
    word = found.group()
    if word.isdigit() or COMMON.fullmatch(word) or word.casefold() in NOT_A_NAME:
        return False
    if word.islower():
        return any(char in word for char in "._") or bool(
            _NO_VOWEL.fullmatch(re.split("-", word)[0])
        )
    if not any(char.isalpha() for char in word) or not any(char.isupper() for char in word):
        return bool(re.search(r"[a-z]\d|\d[a-z]", word))
    if _starts_sentence(found, english) and (word.istitle() or _JOINED.fullmatch(word)):
        return _is_name_at_start(found, english)
    return True


def _starts_sentence(found: re.Match[str], english: str) -> bool:
    before = english[: found.start()].rstrip(" \"'“‘(*")
    return not before or before[-1] in ".!?:"


def _is_name_at_start(found: re.Match[str], english: str) -> bool:
    """Whether the first word, which has a capital anyway, is a name."""
    word, after = found.group(), english[found.end() :]
    if "-" in word:
        return False  # Ready-made, Open-source
    if word.casefold() in _known_names():
        return True
    if word.lower() in ORDINARY_WORDS | AMBIGUOUS_WORDS:
        return False
    if re.match("['’]s [a-z]", after) or _VERB_WITH_OBJECT.match(after):
        return True
    if re.match(r" [A-Z]", after) and not _ENGLISH_ENDING.search(word):
        return True
    return bool(_VERB_AFTER.match(after)) and not _ENGLISH_ENDING.search(word)


@cache
def _known_names() -> frozenset[str]:
    """Give the Latin names of the table of Chinese ones, in lower case."""
    return frozenset(name.casefold() for latin in CHINESE_NAMES.values() for name in latin)


@cache
def _chinese_of() -> dict[str, tuple[str, ...]]:
    """Give by Latin name in lower case the Chinese ones: nvidia to 英伟达."""
    found: dict[str, list[str]] = {}
    for chinese, latin in CHINESE_NAMES.items():
        for name in latin:
            if name == latin[0] or name not in PRODUCTS:
                for word in name.split():
                    found.setdefault(word.casefold(), []).append(chinese)
    return {name: tuple(chinese) for name, chinese in found.items()}


def _is_there(name: str, chinese: str, index: NameIndex) -> bool:
    """Whether a name is in the Chinese, in either script."""
    key = re.sub(r"['’]s$", "", name)
    if index.has(key) or any(index.has(other) for other in EXPANSIONS.get(key.casefold(), ())):
        return True
    if any(word in chinese for word in _chinese_of().get(key.casefold(), ())):
        return True
    if (words := CHINESE_WORDS.get(key.casefold())) and re.search(words, chinese):
        return True
    parts = [part for part in re.split(r"[-/&+]", key) if part]
    if len(parts) > 1:
        return all(part.islower() or _is_there(part, chinese, index) for part in parts)
    return not name_key(key)


# -------------------------------------------------------------------------------------- length

_LEAST = 0.95
"""Chinese characters for an English word, a Latin name counted as two, at the very least."""
_LATIN = re.compile(r"[A-Za-z0-9.+%-]+")
_FEWEST_WORDS = 8


def _lost_clause(english: str, chinese: str) -> Iterator[Problem]:
    words = len(re.findall(r"[\w.'’%$+-]+", english))
    written = len(_HAN.findall(chinese)) + 2 * len(_LATIN.findall(chinese))
    if words >= _FEWEST_WORDS and written < _LEAST * words:
        yield Problem("all of the sentence", f"{written} characters for {words} words")
