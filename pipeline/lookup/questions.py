"""What may be asked of the published digests: one record a question, with its limits.

The tools of the MCP server publish them as their input schemas; the command line fills them in.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Final, TypeVar

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from pipeline.errors import SettingsError
from pipeline.records import DIGEST_NAME, Record

MAX_TEXT_CHARS: Final = 2_000
"""Longest text that is compared with its evidence."""
_MAX_WORDS_CHARS: Final = 200
_MAX_NAME_CHARS: Final = 80
_MAX_OFFSET: Final = 1_000_000
_PLACE: Final = re.compile(r"(?:news|tools):[1-9]\d{0,2}", re.ASCII)


def _check_digest_name(value: str) -> str:
    if not DIGEST_NAME.fullmatch(value):
        raise ValueError("write it as 2025-12-21, or 2025-12-21-2 for the second one of that date")
    return value


def _check_place(value: str) -> str:
    if not _PLACE.fullmatch(value):
        raise ValueError("write it as news:3 or tools:10")
    return value


DigestName = Annotated[
    str,
    Field(max_length=16, examples=["2025-12-21"]),
    AfterValidator(_check_digest_name),
]
Place = Annotated[str, Field(max_length=12, examples=["news:3"]), AfterValidator(_check_place)]
Limit = Annotated[int, Field(ge=1, le=50)]
Offset = Annotated[int, Field(ge=0, le=_MAX_OFFSET)]


class Question(Record):
    """Base of all questions."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class RangeQuestion(Question):
    """What asks about a range of digest dates, page by page."""

    since: dt.date | None = None
    """First digest date, as 2025-12-01."""
    until: dt.date | None = None
    """Last digest date."""
    limit: Limit = 20
    """How many at most."""
    offset: Offset = 0
    """How many to pass over: `next_offset` of the answer before."""

    @model_validator(mode="after")
    def _check_order(self) -> "RangeQuestion":
        if self.since and self.until and self.since > self.until:
            raise ValueError("since is after until")
        return self


class ListQuestion(RangeQuestion):
    """Which digests are there?"""


class SearchQuestion(RangeQuestion):
    """Which entries say this? All that is given has to hold."""

    words: Annotated[str, Field(max_length=_MAX_WORDS_CHARS)] = ""
    """Words, Chinese or Latin, a blank between them; an entry has all of them in its title and
    summary. Case, width, hyphens and traditional characters do not matter; Latin words may go on
    (agent finds agents), a number is whole."""
    company: Annotated[str, Field(max_length=_MAX_NAME_CHARS)] = ""
    """Name of a company, in either language: 谷歌 and Google are one."""
    model: Annotated[str, Field(max_length=_MAX_NAME_CHARS)] = ""
    """Name of a model, as a whole: GPT-5 is not GPT-5.2, GPT is every one of them."""


class DigestQuestion(Question):
    """What does this digest say?"""

    digest: DigestName | None = None
    """Name of the digest, which is its date; the newest one if left out."""


class EvidenceQuestion(Question):
    """What does this entry rest on?"""

    digest: DigestName
    """Name of the digest, which is its date."""
    entry: Place
    """Place of the entry in it."""
    sentence: Annotated[int, Field(ge=1, le=100)] | None = None
    """Only what this sentence of the summary rests on, from 1; all if left out."""
    first_line: Annotated[int, Field(ge=1, le=_MAX_OFFSET)] = 1
    """Where to go on: `next_line` of the answer before."""


class PageQuestion(Question):
    """Does a page say what this text says?"""

    text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_CHARS)
    ]
    """Simplified Chinese, one or several sentences about one event."""


class TextQuestion(PageQuestion):
    """Does the evidence say what this text says?"""

    digest: DigestName
    """Name of the digest that has the evidence."""
    entry: Place | None = None
    """Place of the entry that the text is about, whose evidence alone counts then; if left out,
    what is most like it is looked up in the digest, and in the page of its issue where that is at
    hand."""


_Asked = TypeVar("_Asked", bound=Question)


def read_question(kind: type[_Asked], given: Mapping[str, object]) -> _Asked:
    """Read a question.

    Raises:
        SettingsError: a field is unknown, missing or out of its bounds; in one line, which does not
            repeat what was given.
    """
    try:
        return kind.model_validate(dict(given))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        field = ".".join(str(step) for step in first["loc"])[:_MAX_NAME_CHARS]
        said = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            said = f"there is no such field; known are {', '.join(kind.model_fields)}"
        raise SettingsError(f"{field}: {said}" if field else said) from None
