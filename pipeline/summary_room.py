"""How long a summary may be: as long as there is to tell, and no longer.

What is told at length, the event of a day, has more facts than one paragraph of the others: its
price, its design, what others measured, where people object.
"""

from typing import Final, NamedTuple

GREAT_EVIDENCE_CHARS: Final = 6_000
"""Characters of English evidence beyond which an event is a great one: a day has one or two."""


class SummaryRoom(NamedTuple):
    """What a summary has room for."""

    sentences: int
    chars: int
    """Characters in all, spaces that only part Chinese from Latin not counted."""


_ROOM: Final = SummaryRoom(4, 240)
_GREAT_ROOM: Final = SummaryRoom(6, 400)


def summary_room(evidence: str) -> SummaryRoom:
    """Say how long a summary of this evidence may be."""
    return _GREAT_ROOM if len(evidence) > GREAT_EVIDENCE_CHARS else _ROOM
