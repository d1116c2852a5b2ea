"""What stands elsewhere, and what took another's place; part of `diff`.

Pure. An entry is moved when it stands elsewhere among those that both versions have, so that one
that comes in on top does not move all below it.
"""

from collections.abc import Sequence

from pipeline.diff.pairing import EntryPair, PlacedEntry
from pipeline.edits import text_key
from pipeline.records import Edit


def find_moved(pairs: Sequence[EntryPair]) -> frozenset[str]:
    """Name the new places of the entries that are moved.

    In each half the longest row that kept its order stayed; of two such rows the one that has
    fewer entries whose place is by hand. What changed halves is moved.
    """
    stayed: set[str] = set()
    for half in ("news", "tools"):
        here = [pair for pair in pairs if pair.old.half == pair.new.half == half]
        stayed |= {pair.new.place for pair in _longest_ordered_run(here)}
    return frozenset(pair.new.place for pair in pairs) - stayed


def find_replacements(
    dropped: Sequence[PlacedEntry], added: Sequence[PlacedEntry], edits: Sequence[Edit]
) -> dict[str, str]:
    """Name, per old place of a dropped entry, the new place of the one that is there instead.

    That is the one which an edit swapped in, else one of the same half: the nearest one.

    Args:
        dropped: entries that only the old version has.
        added: entries that only the new version has.
        edits: what was done by hand.
    """
    swaps = {
        (edit.instead.key, edit.story.key) for edit in edits if edit.do == "swap" and edit.instead
    }
    ways = sorted(
        (
            (_first_mention_key(one), _first_mention_key(other)) not in swaps,
            abs(one.number - other.number),
            i,
            j,
        )
        for i, one in enumerate(dropped)
        for j, other in enumerate(added)
        if one.half == other.half
    )
    found: dict[str, str] = {}
    taken: set[int] = set()
    for _, _, i, j in ways:
        if dropped[i].place not in found and j not in taken:
            found[dropped[i].place] = added[j].place
            taken.add(j)
    return found


def _first_mention_key(place: PlacedEntry) -> str:
    return text_key(place.entry.evidence.partition("\n\n")[0])


def _longest_ordered_run(pairs: Sequence[EntryPair]) -> list[EntryPair]:
    """Find the longest row of entries that stand in the same order in both versions."""
    best: list[tuple[tuple[int, int], list[EntryPair]]] = []
    for pair in sorted(pairs, key=lambda pair: pair.new.number):
        before = [row for row in best if row[1][-1].old.number < pair.old.number]
        (length, by_hand), row = max(before, key=lambda row: row[0], default=((0, 0), []))
        here = "place" in (*pair.old.entry.edited, *pair.new.entry.edited)
        best.append(((length + 1, by_hand - here), [*row, pair]))
    return max(best, key=lambda row: row[0], default=((0, 0), []))[1]
