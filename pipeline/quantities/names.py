"""Versions, ranks, and names with a number in them."""

from decimal import Decimal

from pipeline.quantities.lexer import EITHER, MAX_DIGITS, Token, parse_numeral
from pipeline.quantities.readers import LEFT, SMALL_NUMBER, Match, PatternReader, register, words
from pipeline.quantities.units import HAN_SCALES, NUMBER_WORDS, ORDINALS, ROMAN, SYMBOLS

READERS: list[PatternReader] = []
"""The readers of this module, in the order in which they are tried."""
_pattern = register(READERS)


@_pattern(
    rf"""{LEFT}(?:[vV]|[vV]ersions?\ |版本\ ?)(?P<a>\d{{1,2}}(?:\.\d+)*+)(?![A-Za-z0-9])
    | {LEFT}(?P<b>\d+(?:\.\d+){{2,}}+)(?![A-Za-z0-9])
    | \b(?:[vV]ersion|[pP]hase|[gG]en(?:eration)?|[tT]ype|[pP]art|[sS]tage
      |[tT]ier|[lL]evel|[vV]olume|[rR]ound)
      [ -](?P<roman>{words(ROMAN)}|{words(NUMBER_WORDS)}|\d{{1,2}}(?!\.?\w|%))(?!\w)
    | (?<![\w.,])(?P<c>\d+(?:\.\d+)*+)\ ?
      (?:版本|(?:预览|正式|测试|稳定|内测|公测)?版(?![权图面]))"""
)
def _version(found: Match) -> Token | None:
    if word := found["roman"]:
        digits = word if word.isdigit() else f"{ROMAN.get(word) or NUMBER_WORDS[word]:f}"
        return Token(*found.span(), Decimal(digits), "version", digits=digits)
    digits = found["a"] or found["b"] or found["c"]
    if len(digits) > MAX_DIGITS:
        return None
    return Token(*found.span(), Decimal(".".join(digits.split(".")[:2])), "version", digits=digits)


_HYPHENATED = (
    "top|sub|pre|post|mid|late|early|under|over|non|multi|about|up|to|of|or|and|the|a"  # top-10
)
_CODES = "|".join(code for code in SYMBOLS if code.isalpha())


@_pattern(
    rf"""(?<![A-Za-z0-9])(?!(?i:{_HYPHENATED})-[.\d])(?!(?:{_CODES})\d)
      (?!(?i:top)\d)[A-Za-z]{{1,30}}(?:[-_][A-Za-z]{{1,30}}){{0,4}}[-_.@]?\d(?:[-_.@]?[A-Za-z0-9]+)*+
    | {LEFT}\d{{1,2}}x\d{{1,3}}(?:\.\d+)?[Bb](?:[-_.]?[A-Za-z0-9]+)*+
    | {LEFT}[234][Dd]\b | {LEFT}[45][oG]\b"""
)
def _name(found: Match) -> Token:
    return Token(*found.span(), unit="version", name=True)


_IN_A_ROW = (
    r"(?:\ (?:consecutive|straight|successive)\ (?:year|quarter|month|week|day)\b"
    r"|\ (?:year|quarter|month|week|day)\ in\ a\ row\b)?"
)
"""What makes so many of an ordinal: the third year in a row is 连续三年."""


@_pattern(
    rf"""第\ ?(?P<a>{EITHER})(?P<scale>[千万](?=[步次个名位行块代帧轮条]))?
    | (?<![\d.])(?P<anniversary>{EITHER})\ ?周年
    | (?:\#|\bNo\.\ ?|№\ ?|\b[nN]umber\ (?=\d)|\brank(?:s|ed|ing)?\ \#?)(?P<b>\d+)(?!\d|[.,]\d)
    | {LEFT}(?P<c>\d+)(?:st|nd|rd|th)\b{_IN_A_ROW}
    | (?<!per\ )(?<!each\ )(?<!\ba\ )(?:(?<!\d\ )|(?=\w+\ (?:with|at)\ \d))(?<!/)
      \b(?P<word>{words(ORDINALS)})\b(?!\ half)
      {_IN_A_ROW}
    | \b[nN]umber\ (?P<spelled>{SMALL_NUMBER})\b"""
)
def _ordinal(found: Match) -> Token | None:
    if found["word"]:
        return Token(*found.span(), Decimal(ORDINALS[found["word"]]), "ordinal")
    if found["spelled"]:
        return Token(*found.span(), NUMBER_WORDS[found["spelled"]], "ordinal")
    number = parse_numeral(found["a"] or found["anniversary"] or found["b"] or found["c"])
    scale = HAN_SCALES.get(found["scale"] or "", 1)
    return None if number is None else Token(*found.span(), number * scale, "ordinal")
