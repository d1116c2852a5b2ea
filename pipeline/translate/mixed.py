"""An English sentence, with what code knows of its Chinese put in: terms and quantities.

A model of a billion parameters copies Chinese that stands in an English sentence, and gets terms and
units wrong where it has to find them. Names stay as they are, and so does what code is not sure of.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.chinese import Term
from pipeline.quantities import chinese_forms, unsupported_quantities


class _Piece(NamedTuple):
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
    pieces = sorted((*_quantity_pieces(sentence),))
    mixed = _put_in(sentence, pieces)
    return mixed if _is_equal(mixed, sentence) else sentence


def _quantity_pieces(sentence: str) -> Iterator[_Piece]:
    for form in chinese_forms(sentence):
        yield _Piece(*form)


def _put_in(sentence: str, pieces: Sequence[_Piece]) -> str:
    parts, end = [], 0
    for piece in pieces:
        if piece.start < end:
            continue
        parts += [sentence[end : piece.start], piece.text]
        end = piece.end
    return "".join((*parts, sentence[end:]))


def _is_equal(mixed: str, sentence: str) -> bool:
    return not (unsupported_quantities(mixed, sentence) or unsupported_quantities(sentence, mixed))
