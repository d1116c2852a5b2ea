"""Moves to the other half -> the same, each with the story that a full half loses for it: pure.

So taking a move back brings that story back, whatever the cache holds.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from pipeline.edits.anchors import make_anchor
from pipeline.records import Digest, Edit, Entry

_LONGEST_HALF = 10


def name_displaced(edits: Sequence[Edit], digest: Digest) -> list[Edit]:
    """Name in each move to the other half the entry that no longer fits there.

    Args:
        edits: the new edits of one command.
        digest: the digest as it is.
    """
    named = list(edits)
    for section, half in digest.halves:
        lost = _lost(edits, section, half)
        for number, edit in enumerate(edits):
            if lost and edit.do == "move" and _enters(edit, section):
                anchor = make_anchor(lost.pop(0))
                named[number] = edit.model_copy(update={"instead": anchor})
    return named


def last_first(edits: Iterable[Edit]) -> list[Edit]:
    """Put those that leave their half before the others, the last of the half first.

    Then each stood where it says although the others went before it, and they are taken back in
    turn; places that edits name are those of the digest before the command.
    """
    return sorted(edits, key=_turn)


def _turn(edit: Edit) -> int:
    stays = edit.place and _section(edit.place) == _section(edit.stood)
    return 0 if stays else -int(edit.stood.partition(":")[2])


def _lost(edits: Sequence[Edit], section: str, half: Sequence[Entry]) -> list[Entry]:
    """List the entries that no longer fit, the last first: those that no edit is about."""
    came = sum(_enters(edit, section) for edit in edits if edit.do == "move")
    went = sum(_leaves(edit, section) for edit in edits)
    anchors = chain.from_iterable((edit.story, edit.instead) for edit in edits)
    touched = {anchor.key for anchor in anchors if anchor}
    free = [
        entry
        for entry in reversed(half)
        if not entry.edited and make_anchor(entry).key not in touched
    ]
    return free[: max(len(half) + came - went - _LONGEST_HALF, 0)]


def _enters(edit: Edit, section: str) -> bool:
    return _section(edit.place) == section != _section(edit.stood)


def _leaves(edit: Edit, section: str) -> bool:
    if edit.do == "drop":
        return _section(edit.stood) == section
    moves = edit.do in ("move", "swap") and edit.place != edit.stood
    # A swap with a story of the same half leaves one place free, too.
    stays = edit.do == "move" and _section(edit.place) == section
    return moves and not stays and _section(edit.stood) == section


def _section(place: str | None) -> str:
    return (place or "").partition(":")[0]
