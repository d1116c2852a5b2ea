"""A choice that is still being written -> its stories, as far as they are certain.

The events of an answer are taken in its order, so what stands before the end of the list of news
does not depend on what follows. Here they are taken from the beginning of the answer while the
rest is on its way. The choice itself is made of the whole answer in `selection.py`; where that does
not fit and is asked for again, what was named here was named in vain.
"""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from pydantic import ValidationError

from pipeline.records import EntryKind, SelectedStory
from pipeline.select.picker import Event, Picker

OnChoice = Callable[[SelectedStory], None]
"""Is told of a chosen story; returns at once."""

_LISTS: Final[tuple[tuple[EntryKind, re.Pattern[str]], ...]] = (
    ("news", re.compile(r'\s*\{\s*"news"\s*:\s*\[')),
    ("tool", re.compile(r'\s*\]\s*,\s*"tools"\s*:\s*\[')),
)
_DECODER: Final = json.JSONDecoder(strict=False)
_BETWEEN: Final = re.compile(r"[\s,]*")
# Forty ids and the words of an event are a quarter of it.
_MAX_PENDING_CHARS: Final = 4_000


class EarlyChoice:
    """Hears one answer; a `Listener`.

    What it does not understand ends it: nothing depends on it.
    """

    def __init__(
        self,
        picker: Picker,
        want: int,
        on_choice: OnChoice,
        read_event: Callable[[Any], Event],
    ) -> None:
        """Prepare to hear one answer.

        Args:
            picker: takes the stories; of its own, since the whole answer is taken once more.
            want: entries per section.
            on_choice: is told of each story that will stand in the choice.
            read_event: reads an event; raises `ValidationError` where it is none.
        """
        self._picker = picker
        self._want = want
        self._on_choice = on_choice
        self._read_event = read_event
        self._pending = ""
        self._begun = 0
        self._left = 0
        self._ended = False

    def __call__(self, piece: str) -> None:
        """Hear the next piece."""
        if self._ended:
            return
        self._pending += piece
        try:
            while self._reads_on():
                pass
        except ValidationError:
            self._ended = True
        self._ended |= len(self._pending) > _MAX_PENDING_CHARS

    def _reads_on(self) -> bool:
        """Read the beginning of a list, or an event; False where more has to come."""
        if self._begun < len(_LISTS) and (found := _LISTS[self._begun][1].match(self._pending)):
            self._pending = self._pending[found.end() :]
            self._begun, self._left = self._begun + 1, self._want
            return True
        between = _BETWEEN.match(self._pending)
        if not self._begun or not between:
            return False
        try:
            value, end = _DECODER.raw_decode(self._pending, between.end())
        except (ValueError, RecursionError):
            return False
        self._pending = self._pending[end:]
        self._take(self._read_event(value))
        return True

    def _take(self, event: Event) -> None:
        kind = _LISTS[self._begun - 1][0]
        taken = self._picker.take_named(iter([event]), min(self._left, 1), kind)
        self._left -= len(taken)
        for choice in taken:
            self._on_choice(choice)
