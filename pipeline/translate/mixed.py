"""An English sentence, with what code knows of its Chinese put in: terms and quantities.

A model of a billion parameters copies Chinese that stands in an English sentence, and gets terms and
units wrong where it has to find them. Names stay as they are, and so does what code is not sure of.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.chinese import Term, find_terms
from pipeline.quantities import chinese_forms, unsupported_quantities


class _Piece(NamedTuple):
    """What of the sentence is replaced, and by what."""

    start: int
    end: int
    text: str


def put_in_chinese(sentence: str, terms: Sequence[Term]) -> str:
    """Write the terms and the quantities of an English sentence in Chinese.

    Args:
        sentence: one English sentence.
        terms: the glossary.

    Returns:
        The sentence, English but for those; its quantities are those of the English one.
    """
    quantities = [_Piece(*form) for form in chinese_forms(sentence)]
    words = _without_overlaps([*_term_pieces(sentence, tuple(terms)), *_more_pieces(sentence)])
    mixed = _put_in(sentence, _without_overlaps([*quantities, *words]))
    return mixed if _has_equals(mixed, sentence) else _put_in(sentence, words)


def _has_equals(mixed: str, sentence: str) -> bool:
    """Whether the quantities of both have their equal in the other, also where they meet."""
    return not (unsupported_quantities(mixed, sentence) or unsupported_quantities(sentence, mixed))


def _without_overlaps(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Keep what begins first and, of two that begin there, the longer."""
    kept: list[_Piece] = []
    for piece in sorted(pieces, key=lambda piece: (piece.start, -piece.end)):
        if not kept or piece.start >= kept[-1].end:
            kept.append(piece)
    return kept


def _put_in(sentence: str, pieces: Sequence[_Piece]) -> str:
    parts, end = [], 0
    for piece in pieces:
        parts += [sentence[end : piece.start], piece.text]
        end = piece.end
    return "".join((*parts, sentence[end:]))


def _term_pieces(sentence: str, terms: tuple[Term, ...]) -> Iterator[_Piece]:
    for start, end, term in find_terms(sentence, terms):
        if term.chinese and not _is_name(term) and _is_noun(sentence, start, end):
            yield _Piece(start, end, term.chinese)


_NAME = re.compile(r"(?:[A-Z][\w.]*[- ]?)+")
_ABBREVIATION = re.compile(r"[A-Z]{2,4}s?")


def _is_name(term: Term) -> bool:
    """Whether a term is a company, a person or a product rather than a word of the field."""
    if term.exact or term.alone:
        return True
    return bool(_NAME.fullmatch(term.term)) and not _ABBREVIATION.fullmatch(term.term)


_JOINED = re.compile(r"[-_/.@#+&][A-Za-z0-9]")
_VERB_BEFORE = re.compile(
    r"\b(?:to|will|can|cannot|could|may|might|must|should|would|not|don't|you|they|we|I|who|that"
    r"|which|it|users|people|developers) $",
    re.IGNORECASE,
)
_INFLECTED = re.compile(r"[a-z]+ed")


def _is_noun(sentence: str, start: int, end: int) -> bool:
    """Whether a term stands there as a noun or before one, and is no part of a longer word."""
    words, before = sentence[start:end], sentence[:start]
    if _JOINED.match(sentence, end) or re.search(r"[-_/.@#+&]$", before):
        return False
    if re.search("[A-Z]", words) and not words.isupper() and _is_title(words, before):
        return False
    alone = " " not in words
    return not (alone and (_VERB_BEFORE.search(before) or _INFLECTED.fullmatch(words)))


def _is_title(words: str, before: str) -> bool:
    """Whether its capital says that it is a name, and not only that the sentence begins."""
    first, *others = re.findall("[A-Za-z]+", words)
    inside = any(word[:1].isupper() and not word.isupper() for word in others)
    return inside or (first.istitle() and bool(re.search(r"[\w,;:)]\s$", before)))


_PACKAGED = r"(?i:python|pypi|pip|cuda|pytorch|package|install|linux|windows|macos|arm64|x86|uv)"
_MORE: tuple[tuple[str, str, str], ...] = (
    (r"wheels", "预编译包", rf"\b{_PACKAGED}\b"),
    (r"data cent(?:er|re)s?", "数据中心", ""),
    (r"motion capture", "动作捕捉", ""),
    (r"systolic arrays?", "脉动阵列", ""),
    (r"consistent hashing", "一致性哈希", ""),
    (r"transcoders?", "转码器", r"autoencoder"),
)
"""What the glossary does not have and a small model gets wrong: words, Chinese, and what else has
to stand in the sentence."""


def _more_pieces(sentence: str) -> Iterator[_Piece]:
    for words, chinese, context in _MORE:
        if re.search(context, sentence):
            for found in re.finditer(rf"(?<![\w-]){words}(?![\w-])", sentence):
                yield _Piece(*found.span(), chinese)
