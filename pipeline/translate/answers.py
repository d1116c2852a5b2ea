"""What the model answers: its shape, and the little that is forgiven in it."""

import re
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints
from pydantic.functional_validators import AfterValidator

_MAX_TITLE_CHARS = 40  # by the space that they take
# The last clause of a title, where what stands before it is long enough to be one.
_LAST_CLAUSE = re.compile(r"(?<=.{10})[，；：,;:] ?[^，；：,;:]*$")
# What the question says of words that lead somewhere: no word of the event.
_LINK_MARK = re.compile(r" ?[（(](?:links?|链接) ?\d[\d,、和 ]*[）)]", re.IGNORECASE)
# What a summary may end in, besides a letter that still wants its full stop.
_CLOSED = "。！？!?…”’」）)"
_MIDDLE = "，、：；,:;-—（(《“"


def clean_title(text: str) -> str:
    """Fold white space, forgive a full stop, and let clauses go that make a title too long."""
    from pipeline.chinese import chinese_width  # with what only Chinese needs

    text = _LINK_MARK.sub("", " ".join(text.split())).rstrip("。.!！ ")
    while chinese_width(text) > _MAX_TITLE_CHARS and (cut := _LAST_CLAUSE.search(text)):
        text = text[: cut.start()]
    return text


def clean_sentence(text: str) -> str:
    """Fold white space; a missing full stop is added, unless the text was cut off."""
    text = _LINK_MARK.sub("", " ".join(text.split()))
    return text if text[-1:] in _CLOSED + _MIDDLE else f"{text.rstrip('.')}。"


_Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]
_Title = Annotated[str, Field(min_length=4, max_length=64), AfterValidator(clean_title)]
_Link = Annotated[int, Field(ge=0, le=99)]


class _Sentence(BaseModel):
    """One sentence, and the numbers of the lines that it rests on."""

    text: Annotated[_Stripped, Field(min_length=4, max_length=240), AfterValidator(clean_sentence)]
    lines: Annotated[list[Annotated[int, Field(ge=1, le=9999)]], Field(min_length=1, max_length=12)]


class Reply(BaseModel):
    """A title, sentences, and the number of a link, or 0 for none."""

    title: _Title
    sentences: Annotated[list[_Sentence], Field(min_length=1, max_length=6)]
    link: _Link = 0


class _NewSentence(BaseModel):
    """One sentence in place of the one that has its number; without text it is taken out."""

    number: Annotated[int, Field(ge=1, le=9)]
    text: Annotated[str, Field(max_length=240)]
    lines: Annotated[list[Annotated[int, Field(ge=1, le=9999)]], Field(max_length=12)]


class Revision(BaseModel):
    """What changes: a title, or empty; sentences by number; the number of a link, or 0."""

    title: Annotated[str, Field(max_length=64)]
    sentences: Annotated[list[_NewSentence], Field(max_length=9)]
    link: Annotated[int, Field(ge=0, le=99)] = 0
