"""Slips in an answer that leave no doubt about what is meant: names in capitals, one for a list.

Pure. Tried only where an answer does not fit as it is, and only what a validator complains of is
changed. A value is never invented and never guessed.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from pydantic_core import ErrorDetails

_MAX_ERRORS: Final = 200
_MAX_RANGE: Final = 12
_MAX_DEPTH: Final = 40
# `3`, `L3`, `[3]`, `#3`; and several of them.
_NUMBER: Final = re.compile(r"[\[(#]?[A-Za-z]?(\d{1,4})[\])]?", re.ASCII)
_RANGE: Final = re.compile(r"[A-Za-z]?(\d{1,4})\s*[-–—~至到]\s*[A-Za-z]?(\d{1,4})", re.ASCII)
_GAP: Final = re.compile(r"\s*[,，、;；]\s*|\s+")

Place = tuple[int | str, ...]


def plain_names(value: object, depth: int = 0) -> object:
    """Write the names of an object, and of all in it, in small letters."""
    if depth >= _MAX_DEPTH:
        return value
    if isinstance(value, list):
        return [plain_names(one, depth + 1) for one in value]
    if not isinstance(value, dict):
        return value
    plain = {str(name).strip().lower(): plain_names(one, depth + 1) for name, one in value.items()}
    return plain if len(plain) == len(value) else value


def mend_slips(value: object, errors: Sequence[ErrorDetails]) -> object:
    """Change what a validator complains of, where what is meant is plain.

    The value stays as it is.
    """
    for error in errors[:_MAX_ERRORS]:
        value = _mend_at(value, error["loc"], error["type"])
    return value


def _mend_at(value: object, place: Place, kind: str) -> object:
    if not place:
        return _mend(value, kind)
    first, *rest = place
    if isinstance(value, list) and isinstance(first, int) and first < len(value):
        mended = _mend_at(value[first], tuple(rest), kind)
        return [*value[:first], mended, *value[first + 1 :]]
    if isinstance(value, Mapping) and first in value:
        if not rest and _is_no_number(value[first], kind):
            # As if it were not there: whether it may be missing is for the schema.
            return {name: one for name, one in value.items() if name != first}
        return {**value, first: _mend_at(value[first], tuple(rest), kind)}
    return value


def _is_no_number(value: object, kind: str) -> bool:
    """Say whether nothing, or an address, stands where a number is asked for."""
    is_address = isinstance(value, str) and value.startswith(("http://", "https://"))
    return (kind == "int_type" and value is None) or (kind == "int_parsing" and is_address)


def _mend(value: object, kind: str) -> object:
    if kind == "list_type":
        return _as_list(value)
    if kind == "string_type" and isinstance(value, list) and len(value) == 1:
        return value[0]
    if kind == "int_parsing" and isinstance(value, str):
        found = _NUMBER.fullmatch(value.strip())
        return int(found[1]) if found else value
    return value


def _as_list(value: object) -> object:
    """Make a list of one thing, or of the numbers that a text has and nothing else."""
    if isinstance(value, dict | int) and not isinstance(value, bool):
        return [value]
    if isinstance(value, str) and (numbers := _numbers(value.strip(" []()"))):
        return numbers
    return value


def _numbers(text: str) -> list[int]:
    found: list[int] = []
    for part in _GAP.split(re.sub(r"\s*([-–—~至到])\s*", r"\1", text)):
        if one := _NUMBER.fullmatch(part):
            found.append(int(one[1]))
        elif (span := _RANGE.fullmatch(part)) and 0 <= int(span[2]) - int(span[1]) < _MAX_RANGE:
            found.extend(range(int(span[1]), int(span[2]) + 1))
        else:
            return []
    return found
