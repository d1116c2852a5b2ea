"""Which of some stories begins as another text did, before a page was changed: pure."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from enum import Enum

from pipeline.records import Story

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_SHORTEST_WORD = 4
_SPARE_WORDS = 4
_LEAD = 0.1
"""How much more alike the closest must be than the next."""


class Likeness(Enum):
    """How much of a beginning has to be there still, from 0 to 1, by what else is the same."""

    WITH_OWN_PAGE = 0.25
    WITH_LINK = 0.5
    WITHOUT_LINK = 0.7


def closest(beginning: str, stories: Sequence[Story], least: Likeness) -> Story | None:
    """Find the story one of whose mentions begins alike.

    Args:
        beginning: how the text began; a word that is cut, `…`, does not count.
        stories: those that it may be.
        least: what else is the same.

    Returns:
        None where none does, or two do about as well.
    """
    words = _words(re.sub(r"\w*…$", "", beginning))
    if not words:
        return None
    ranked = sorted(
        ((max(_alike(words, it.text, least) for it in story.mentions), story) for story in stories),
        key=lambda pair: -pair[0],
    )
    best = [pair for pair in ranked[:2] if pair[0] >= least.value]
    if not best or (len(best) == 2 and best[0][0] - best[1][0] < _LEAD):  # noqa: PLR2004 - a pair
        return None
    return best[0][1]


def _alike(words: Sequence[str], text: str, least: Likeness) -> float:
    """Say how many of the words a text has at its beginning, in their order."""
    others = _words(text)[: len(words) + _SPARE_WORDS]
    if least is not Likeness.WITH_OWN_PAGE and not _same_names(words, others):
        return 0
    if least is Likeness.WITHOUT_LINK and words[0].casefold() != (others or [""])[0].casefold():
        return 0
    one, other = _telling(words), _telling(others)
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(one) if one else 0


def _same_names(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether what the one names by numbers and names such as `OpenAI` the other does, too."""
    return {word for word in words if _is_name(word)} <= set(others)


def _is_name(word: str) -> bool:
    return any(char.isdigit() for char in word) or word[1:] != word[1:].lower()


def _telling(words: Sequence[str]) -> list[str]:
    return [word.casefold() for word in words if len(word) >= _SHORTEST_WORD or _is_name(word)]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
