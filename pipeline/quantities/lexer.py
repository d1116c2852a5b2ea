"""What every reader of quantities needs: folding, numerals, scales, units and bounds.

Nothing here decides what is a quantity; `patterns` does.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache
from typing import Literal, NamedTuple

from pipeline.chinese import DASHES
from pipeline.quantities.units import (
    GUARDS,
    HAN_DIGITS,
    HAN_SCALES,
    MONEY,
    SCALES,
    Unit,
    load_units,
)

Bound = Literal["", "about", "more", "less", "plural"]
"""Nothing; 约; 超过 or `40k+`; 不到, 近 or `under`; 数百 or `hundreds`."""

ONE = Decimal(1)
HALF = Decimal("0.5")
MAX_DIGITS = 40
"""Longer runs of digits are keys, not quantities."""


class Token(NamedTuple):
    """A quantity while it is read, or a name with a number in it; offsets of the folded text."""

    start: int
    end: int
    number: Decimal = Decimal(0)
    unit: Unit = ""
    scale: Decimal = ONE
    factor: Decimal = ONE
    digits: str = ""
    bound: Bound = ""
    spelled: bool = False
    name: bool = False
    part: bool = False
    """A part of a whole, such as a third or 三成, and no change by so much."""
    weak: bool = False
    carried: bool = False
    """Whether its unit stands at the number before it: 85 in 3 hours instead of 85."""

    @property
    def value(self) -> Decimal:
        """Its value in its unit."""
        return self.number * self.scale * self.factor


_CHUNK = re.compile(r"(?<=[0-9])\*\*?(?=-?[0-9])|[ -)+-_a-~一-龥]+|.", re.DOTALL)
_DASHES = str.maketrans(dict.fromkeys(DASHES, "-") | dict.fromkeys("⁄∕", "/"))


def fold_with_offsets(text: str) -> tuple[str, list[int]]:
    """Fold widths, dashes, superscripts and emphasis; give the offset of each folded character."""
    pieces: list[str] = []
    offsets: list[int] = []
    for found in _CHUNK.finditer(text):
        piece = found.group()
        if len(piece) > 1 and piece != "**":
            offsets.extend(range(found.start(), found.end()))
        else:
            after_digit = bool(pieces) and pieces[-1][-1].isdigit()
            if after_digit and piece in _DECIMALS:
                piece = _DECIMALS[piece]  # 2½
            else:
                between = after_digit and text[found.end() : found.end() + 1].isdigit()
                signs = {"**": "^", "*": "x" if between else ""}
                if not between:
                    # They part a sentence: faster—3x in all.
                    signs |= dict.fromkeys("—―", " - ") | {"…": "... "}
                piece = signs[piece] if piece in signs else _fold_character(piece)
            if piece[:1] == "^" and pieces and re.fullmatch(r"\^?[0-9-]", pieces[-1]):
                piece = piece[1:]  # the second digit of an exponent
            offsets.extend([found.start()] * len(piece))
        if piece:
            pieces.append(piece)
    return "".join(pieces), offsets


_DECIMALS = {"½": ".5", "¼": ".25", "¾": ".75"}


@lru_cache(maxsize=4096)
def _fold_character(char: str) -> str:
    if char in "，。":
        return char  # 3，200 in Chinese is two numbers
    if char in "*`\u200b\u200d\ufeff":
        return ""  # emphasis of Markdown, and what has no width
    if char in "\u2009\u202f":
        return "_"  # thin spaces part thousands
    kind = unicodedata.decomposition(char).split(" ")[0]
    piece = unicodedata.normalize("NFKC", char).translate(_DASHES)
    return {"<super>": "^" + piece, "<circle>": " "}.get(kind, piece)


NUM = r"(?:(?:[0-9]{1,3}(?:[,_][0-9]{3})++(?![0-9])|[0-9]++)(?:\.[0-9]++)?|\.[0-9]++)"
HAN = f"[{''.join(HAN_DIGITS)}]"
_THOUSAND = "千(?!瓦|米|克|赫|字节)"
RUN = f"(?:[{''.join(HAN_DIGITS)}十百万亿]|{_THOUSAND})"
EITHER = f"(?:{NUM}|{RUN}++)"
DECIMAL = f"(?:{NUM}|{RUN}++(?:点{HAN}++)?)"
NO_WORD = "(?![度科川炼问帆物能维相])"
"""What makes 百度, 千问 and 万能 of a scale."""


def parse_decimal(figures: str) -> Decimal:
    """Read figures with separators."""
    return Decimal(figures.replace(",", "").replace("_", ""))


def parse_numeral(figures: str) -> Decimal | None:
    """Read a number in figures or in Chinese numerals; None for a run that is too long."""
    if len(figures) > MAX_DIGITS:
        return None
    return parse_decimal(figures) if figures[0] in ".0123456789" else parse_han(figures)


def parse_han(run: str) -> Decimal | None:
    """Read a Chinese numeral, figures within it too: 三千五百万, 3千5百万, 二〇二五, 三点五."""
    if len(run) > MAX_DIGITS:
        return None
    whole, _, fraction = run.partition("点")
    if fraction:
        return (parse_han(whole) or Decimal(0)) + Decimal(f"0.{_read_out(fraction)}")
    if len(run) > 1 and all(char in HAN_DIGITS for char in run):
        return Decimal(_read_out(run))
    return _sum_sections(re.findall(f"{NUM}|.", run))


def _sum_sections(pieces: list[str]) -> Decimal:
    """Add up digits times their scales, in sections of ten thousand."""
    total = section = digit = Decimal(0)
    last = 1
    for piece in pieces:
        scale = HAN_SCALES.get(piece, 0)
        if not scale:
            digit = Decimal(HAN_DIGITS[piece]) if piece in HAN_DIGITS else parse_decimal(piece)
            last = last if digit else 1
        elif scale < HAN_SCALES["万"]:
            section, digit, last = section + (digit or ONE) * scale, Decimal(0), scale
        else:
            section += digit
            if scale == HAN_SCALES["万"]:
                total += (section or ONE) * scale
            else:  # 亿 multiplies all before it: 万亿
                total = (total + section or ONE) * scale
            section, digit, last = Decimal(0), Decimal(0), scale
    # 三千五 is 3,500, 三千零五 is 3,005.
    short = last >= HAN_SCALES["百"] and pieces[-1] in HAN_DIGITS
    return total + section + (digit * last / 10 if short else digit)


def _read_out(digits: str) -> str:
    return "".join(str(HAN_DIGITS[char]) for char in digits)


_ANY_CASE = 4
"""Units from this many letters on are themselves in any case; GB, gb and MW, mW are not."""

_FACTORS = load_units()


def _in_any_case(word: str) -> bool:
    """Whether a unit is the same in any case; MB/s and Mbps are not."""
    return len(word) >= _ANY_CASE and "/" not in word and not word.endswith("bps")


_LOWER = {word.lower(): worth for word, worth in _FACTORS.items() if _in_any_case(word)}


def _form(word: str) -> str:
    if not (word.isascii() and word[-1].isalpha()):
        return re.escape(word) + GUARDS.get(word, "")
    form = f"(?i:{re.escape(word)})" if _in_any_case(word) else re.escape(word)
    return f"{form}s?{GUARDS.get(word, '(?![A-Za-z0-9])')}"


_UNIT = re.compile(
    # 2 of us are no microseconds.
    r"(?:[ -]?(?:of (?![a-z]{1,2}\b)|active[ -]|total[ -]|training |input |output |context "
    r"|more |extra |additional |business |working |calendar |consecutive |straight |full |whole "
    r"|(?i:dense |sparse |b?fp?\d{1,2} |int\d{1,2} )(?=[TPGE]?(?:FL)?OPS))?|\ ?个?\ ?)"
    rf"(?P<half>半?)(?P<word>{'|'.join(map(_form, _FACTORS))})"
    r"(?P<rest>半(?![年天月个小导开监数自成]))?(?:\ ?(?:/|per\ )\ ?(?:s|sec|second)\b)?",
    re.ASCII,
)
_SCALE = re.compile(
    r"[ -]?(?P<word>(?i:dozen|hundred|thousand|lakh|crore|[mb]illion|trillion|quadrillion)s?\b"
    r"|(?:[kKwmMbBGT]|[bmt]n|[bm]ln|trn|mil|MM)(?=(?:[tT]ok(?:en)?|param)s?\b"
    r"|(?![A-Za-z0-9]))|m(?=\d\d?s\b))"
    rf"|\ ?(?P<han>(?:[十百万亿]|{_THOUSAND}){{1,3}}){NO_WORD}",
    re.ASCII,
)
_PER_TOKENS = re.compile(r" [KkMm][Tt]ok")
"""$4 MTok is four dollars for a million tokens, and no four million."""
_AND_MORE = re.compile(
    r" ?(?:个多(?=小时|星期|季度|世纪)|多(?![模语任轮步头])|-?\ ?plus\b|余(?![额弦])|几(?![何乎])"
    r"|来(?=[个种款项位万亿天]))|\+(?![0-9])"
)
_BEFORE: dict[Bound, str] = {
    "less": (
        r"不超过|未超过|不多于|不高于|不大于|不逾|至多|最多|(?<![最附])近|将近|几乎|接近|不到|(?<!不)低于|(?<!不)少于"
        r"|不足|(?<!不)小于|<=?|≤|\b(?:sub-|under|below|(?<!no )less than|(?<!no )fewer than"
        r"|nearly|almost|close to"
        r"|at most|at max|up to|no more than|not more than|not exceeding|shy of|maximum of)"
    ),
    "more": (
        r"(?<![不未])超过|超出|超|(?<!不)逾|(?<!不)多于|(?<!不)高于|(?<!不)大于|至少|最少|不少于|不低于|不小于|突破|(?<!-)>=?|≥"
        r"|\b(?:over|(?<!no )(?<!not )more than|greater than|at least|above"
        r"|exceed(?:s|ed|ing)?|north of|upwards? of"
        r"|in excess of|surpass(?:es|ed|ing)?|(?<!\w)no less than|no fewer than|minimum of)"
    ),
    "about": (
        r"约为?|大概|差不多|大致|(?<![0-9%])~|≈"
        r"|\b(?:about|around|roughly|approximately|approx\.?|circa|some|or so)"
    ),
}
EARLIER = r"(?:原来|原先|原有|此前|之前|以前|先前|过去|旧版?|前代|上一?代|前一代|上一?版)"
"""What stood before, of which a share is left."""
_BOUND_BEFORE = re.compile(
    f"(?:{'|'.join(f'(?P<{bound}>{words})' for bound, words in _BEFORE.items())})"
    rf"(?:为?{EARLIER}的)?\s?$",
    re.IGNORECASE | re.ASCII,
)
_AFTER: dict[Bound, re.Pattern[str]] = {
    "more": re.compile(r"\s?(?:\+(?![0-9])|-?plus\b|or more\b|以上|有余|多(?=[,。，；;]|$))"),
    "less": re.compile(r"\s?(?:or less\b|or fewer\b|以内|以下|之内)"),
    "about": re.compile(r"\s?(?:左右|上下(?!文))"),
}
_BOUND_ENDS = "<>=≤≥~≈."
"""What those of `_BEFORE` end in that end in no letter."""
_WINDOW = 24
"""Characters before a number in which the longest of `_BEFORE` fits."""


def extend_with_unit(text: str, token: Token) -> Token:
    """Extend a bare number by its scale, its unit and what bounds it."""
    end, scale, and_more = token.end, token.scale, False
    if not token.unit and (long := _read_m(text, token)):
        return extend_with_bound(text, long)
    while not (word := None if token.unit else _UNIT.match(text, end)):
        per_tokens = token.unit in MONEY and _PER_TOKENS.match(text, end)
        if not per_tokens and (scaled := _SCALE.match(text, end)):
            scale *= (parse_han(scaled["han"]) or ONE) if scaled["han"] else _scale(scaled["word"])
        elif scaled := _AND_MORE.match(text, end):
            and_more = True
        else:
            break
        end = scaled.end()
    token = token._replace(end=end, scale=scale, bound="more" if and_more else token.bound)
    if word:
        unit, factor = _unit_factor(word["word"])
        number = token.number + HALF if word["half"] or word["rest"] else token.number
        token = token._replace(end=word.end(), unit=unit, factor=factor, number=number)
    return extend_with_bound(text, token)


_M = re.compile(r"[ -]?m(?![\w'’/])", re.ASCII)
_LENGTH_BEFORE = re.compile(
    r"\b(?:(?:walk|swam|fl[ei]w|jump|climb|dive|dove|travel|height|distance|width|depth|altitude"
    r"|diameter|radius|wingspan)\w*|ran|(?<!context )(?<!sequence )(?<!prompt )(?<!input )lengths?)"
    r"(?: (?:a|about|over|only|just|of|for|is|was|nearly|up|the|around|roughly)){0,3} [~≈<>]?$",
    re.ASCII,
)
_LENGTH_AFTER = re.compile(
    r"[ -](?:(?:tall|long|high|wide|deep)(?!-| (?:context|prompt|sequence|input|quality|research"
    r"|resolution|learning|reasoning))|away|above|below|apart|diameter|radius|range|altitude|depth"
    r"|sprint|race|dash|hurdles|freestyle|tower|telescope|mast|pool|wall|resolution|(?:in|of) "
    r"(?:height|length|width|depth|diameter|altitude))\b",
    re.ASCII,
)
_MINUTES_BEFORE = re.compile(
    r"\b(?:(?:ran|runs?|running|work(?:s|ed)|wait(?:s|ed)|thinks|thought)(?: \w+)? for"
    r"|last(?:s|ed)|tak(?:es|ing)|took)"
    r"(?: (?:about|over|only|just|nearly|around|roughly))? [~≈<>]?$",
    re.ASCII,
)
_MINUTES_AFTER = re.compile(
    r"[.,;)]|$|\n| (?:on|to|of work|with|and|in|per|for|while|without|before)\b", re.ASCII
)
_COUNTED_M = re.compile(" [a-z]+s\\b", re.ASCII)
_M_WINDOW = 48


def _read_m(text: str, token: Token) -> Token | None:
    """Read the metres of `walked 70 m` and the minutes of `ran for 70m`, which are no millions."""
    if not (word := _M.match(text, token.end)):
        return None
    before = text[max(0, token.start - _M_WINDOW) : token.start]
    if _MINUTES_AFTER.match(text, word.end()) and _MINUTES_BEFORE.search(before):
        return token._replace(end=word.end(), unit="seconds", factor=Decimal(60))
    moved = not _COUNTED_M.match(text, word.end()) and _LENGTH_BEFORE.search(before)
    if moved or _LENGTH_AFTER.match(text, word.end()):
        return token._replace(end=word.end(), unit="metres")
    return None


def extend_with_bound(text: str, token: Token) -> Token:
    """Read 约, 超过, over… before a quantity and 以上, + behind it."""
    bound = token.bound
    window = text[max(0, token.start - _WINDOW) : token.start]
    last = window[-2:].rstrip()
    ends = last[-1:].isalpha() or last[-1:] in _BOUND_ENDS or last == "b-"  # sub-
    if not bound and last and ends and (found := _BOUND_BEFORE.search(window)):
        bound = next(name for name in _BEFORE if found[name])
    for later, words in _AFTER.items():
        if after := words.match(text, token.end):
            token, bound = token._replace(end=after.end()), token.bound or later
    return token._replace(bound=bound)


def _unit_factor(word: str) -> tuple[Unit, Decimal]:
    exact = _FACTORS.get(word) or _FACTORS.get(word.removesuffix("s"))
    return exact or _LOWER.get(word.lower()) or _LOWER[word.lower().removesuffix("s")]


def _scale(word: str) -> Decimal:
    return SCALES.get(word) or SCALES[word.lower().removesuffix("s")]
