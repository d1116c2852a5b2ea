"""The JSON objects in whatever a model wrote: around thoughts, in fences, encoded twice.

Pure. `read_objects` looks; which object fits, `schema.py` says.
"""

import ast
import json
import re
from typing import Any, Final, NamedTuple

from pipeline.llm.thinking import ends_message, next_mark

# Beginnings of objects that are none, in a row: prose is full of braces.
_MAX_FAILURES: Final = 200
_MAX_MENDED: Final = 20
_MAX_MENDED_CHARS: Final = 200_000
_MAX_ENCODINGS: Final = 3
# No answer is as long; what counts of it stands at its end.
_MAX_CHARS: Final = 500_000
_DECODER: Final = json.JSONDecoder(strict=False)
_STRING: Final = r'"(?:[^"\\]|\\.)*"'
# Of JavaScript; two slashes after a colon are an address.
_COMMENT: Final = r"(?<!:)//[^\n]*+|/\*(?>.*?\*/)"
_OBJECT_START: Final = re.compile(rf"\{{(?>\s|{_COMMENT})*+(?:\\?[\"']|\}}|\Z)", re.DOTALL)
_BRACKETS: Final = re.compile(rf'{_STRING}|[{{}}\[\]"]', re.DOTALL)
_SLIPS: Final = re.compile(
    rf"{_STRING}|{_COMMENT}|,(?=(?>\s|{_COMMENT})*+[}}\]])|\b(?:None|True|False)\b", re.DOTALL
)
_JSON_WORDS: Final = {"None": "null", "True": "true", "False": "false", ",": ""}
# Whatever Python would warn of.
_ODD_ESCAPE: Final = re.compile(r"\\[^\\'\"abfnrtvxuN0-7\n]")
_ESCAPED: Final = re.compile(r'\{\s*\\+".*\}', re.DOTALL)


class ReadObjects(NamedTuple):
    """What was found in a text."""

    objects: tuple[dict[str, Any], ...] = ()
    """The outermost objects of the answer, in order; where it has none, the one with which the
    thoughts end."""
    mended: tuple[dict[str, Any], ...] = ()
    """The same of objects with slips that leave no doubt: a trailing comma, Python's words."""
    unfinished: bool = False
    """Whether an object, or a thought, is open at the end and none is complete."""
    blank: bool = False
    """Whether there is nothing but thoughts."""
    words: str = ""
    """All that comes after the thoughts, objects included."""
    begins_at_once: bool = False
    """Whether the first object begins the answer."""
    ends_whole: bool = False
    """Whether the last object ends the text."""

    @property
    def found(self) -> bool:
        """Whether there is an object of either kind."""
        return bool(self.objects or self.mended)


def read_objects(text: str) -> ReadObjects:
    """Find the JSON objects of an answer, whatever is around it.

    What stands in the strings of an object is never taken for a mark of thoughts.
    """
    text = text[-_MAX_CHARS:]
    for _ in range(_MAX_ENCODINGS):
        found = _Scan(text).result()
        if found.found or (decoded := _decoded(text)) is None:
            break
        text = decoded
    return found


class _Found(NamedTuple):
    value: dict[str, Any]
    start: int
    end: int
    mended: bool


class _Scan:
    """One walk through a text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._answer: list[_Found] = []
        self._thought: _Found | None = None
        self._thinking = False
        self._begin = 0
        self._open: list[int] = []
        self._failures = 0
        self._mended = 0
        at = 0
        while mark := next_mark(text, at):
            kind, start, at = mark
            if kind == "object":
                at = self._object(start)
            elif kind == "opens":
                self._thinking, self._open, self._failures = True, [], 0
            elif kind != "ends":
                self._drop(at)
            elif self._thinking:
                self._thinking, self._begin = False, at

    def result(self) -> ReadObjects:
        """Say what was found."""
        rest = "" if self._thinking else self._text[self._begin :].strip()
        blank = not self._answer and not rest
        found = self._answer
        if blank and self._thought and ends_message(self._text, self._thought.end):
            found = [self._thought]
        first = self._answer[0] if self._answer else None
        return ReadObjects(
            objects=tuple(one.value for one in found if not one.mended),
            mended=tuple(one.value for one in found if one.mended),
            unfinished=self._is_unfinished(found),
            blank=blank,
            words=rest,
            begins_at_once=first is not None
            and not self._text[self._begin : first.start].strip("`~ \t\r\n\ufeffjson"),
            ends_whole=bool(found) and ends_message(self._text, found[-1].end),
        )

    def _drop(self, end: int) -> None:
        """Take all before a mark for thoughts."""
        if self._answer:
            self._thought = self._answer[-1]
        self._answer, self._open, self._thinking = [], [], False
        self._begin, self._failures = end, 0

    def _object(self, start: int) -> int:
        """Read what begins at a brace, and say where to go on."""
        if self._failures >= _MAX_FAILURES:
            return start + 1
        found = self._decode(start) or self._mend(start)
        if found is None:
            self._failures += 1
            if len(self._open) < _MAX_MENDED and _OBJECT_START.match(self._text, start):
                self._open.append(start)
            return start + 1
        if self._thinking:
            self._thought = found
        else:
            self._answer.append(found)
        return found.end

    def _decode(self, start: int) -> _Found | None:
        try:
            value, end = _DECODER.raw_decode(self._text, start)
        except ValueError:
            return None
        except RecursionError:
            self._failures += _MAX_FAILURES // 4  # each took long
            return None
        return _Found(value, start, end, mended=False)

    def _mend(self, start: int) -> _Found | None:
        if self._mended >= _MAX_MENDED or not _OBJECT_START.match(self._text, start):
            return None
        self._mended += 1
        end = _closing_bracket(self._text, start)
        if end is None or end - start > _MAX_MENDED_CHARS:
            return None
        value = _mended(self._text[start:end])
        return None if value is None else _Found(value, start, end, mended=True)

    def _is_unfinished(self, found: list[_Found]) -> bool:
        """Say whether the answer was cut: open at the end, with nothing complete before it."""
        if self._thinking:
            return not found
        first = found[0].start if found else len(self._text)
        return any(at < first and _closing_bracket(self._text, at) is None for at in self._open)


def _closing_bracket(text: str, start: int) -> int | None:
    """Find where an object ends, by its brackets alone."""
    depth = 0
    for found in _BRACKETS.finditer(text, start):
        sign = found.group()
        if sign == '"':
            return None
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
            if not depth:
                return found.end()
    return None


def _mended(text: str) -> dict[str, Any] | None:
    """Read an object with slips of which each has one meaning."""
    plain = _SLIPS.sub(lambda found: _without_slip(found.group()), text)
    try:
        value, end = _DECODER.raw_decode(plain)
    except (ValueError, RecursionError):
        return _python_object(text)
    return value if end == len(plain) else None


def _without_slip(part: str) -> str:
    return " " if part.startswith("/") else _JSON_WORDS.get(part, part)


def _python_object(text: str) -> dict[str, Any] | None:
    """Read an object in Python's notation."""
    if _ODD_ESCAPE.search(text):
        return None
    try:
        value = json.loads(json.dumps(ast.literal_eval(text)))
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None
    return value if isinstance(value, dict) else None


def _decoded(text: str) -> str | None:
    """Decode a text that is a JSON string, or holds an object whose quotes are escaped."""
    plain = text.strip().strip("`~").strip().removeprefix("json").strip()
    if plain.startswith('"'):
        try:
            value, _ = _DECODER.raw_decode(plain)
        except ValueError:
            return None
        return str(value)
    if escaped := _ESCAPED.search(text):
        try:
            inner = json.loads(f'"{escaped.group()}"', strict=False)
        except ValueError:
            return None
        return f"{text[: escaped.start()]}{inner}{text[escaped.end() :]}"
    return None
