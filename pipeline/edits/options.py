"""The options of `edit` -> the edits of the digest, all or none: pure.

Every place that is named, `news:3`, is one of the digest as it is, whatever else the same command
does. Nothing is applied here: `apply_edits` does that.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, pairwise

from pydantic import field_validator

from pipeline.edits.anchors import make_anchor
from pipeline.edits.builder import EditBuilder
from pipeline.errors import SettingsError
from pipeline.lines import counted
from pipeline.records import Digest, Edit, Entry, Record, Story

_LONGEST_HALF = 10


class EditOptions(Record):
    """The options of the command, as they were written."""

    drop: tuple[str, ...] = ()
    """`news:3`"""
    swap: tuple[str, ...] = ()
    """`tools:2=s17`, or two entries that change places: `news:1=news:2`"""
    pin: tuple[str, ...] = ()
    """`news:2`"""
    move: tuple[str, ...] = ()
    """`news:5=1`, or to the other half: `tools:2=news:4`"""
    tell: tuple[str, ...] = ()
    """`news:3=` and what the model is asked to mind"""
    add: tuple[str, ...] = ()
    """`news:4=` and words of the page that no story has, or the words alone"""
    set: tuple[str, ...] = ()
    """`news:1.title=…`, `.summary=…`, `.link=…`; a link by its number in the evidence, too"""
    undo: tuple[str, ...] = ()
    """`all`, `last`, or the numbers that the list of edits gives: `2`, `12,13`."""
    adopt: bool = False
    """Whether the digest takes over what somebody has changed in its Markdown."""
    from_editor: bool = False
    """Whether it was saved in an editor just now."""
    source: str | None = None
    """File with the issue's page, for a digest that was made from one."""
    dry_run: bool = False
    """Whether nothing is asked and nothing written."""
    preview: bool = False
    """Whether the model is asked, and nothing written."""
    model_change: bool = False
    """Whether another model than the one that made the digest may tell an entry again, or an added
    one."""
    force: bool = False
    """Whether words that do not pass the checks are written."""
    overwrite: bool = False
    """Whether Markdown that was changed by hand is written over."""

    @property
    def only_words(self) -> bool:
        """Whether nothing but words and links is changed."""
        return bool(self.set) and not (self.reorders or self.tell)

    @property
    def reorders(self) -> bool:
        """Whether anything but the words of entries may change."""
        return bool(self.drop or self.swap or self.pin or self.move or self.add or self.undo)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The same as words of a command line that writes it."""
        listed = [
            argument
            for name in ("drop", "swap", "pin", "move", "tell", "add", "set", "undo")
            for word in getattr(self, name)
            for argument in (f"--{name}", word)
        ]
        names = ("adopt", "force", "overwrite", "model_change")
        flags = ((name.replace("_", "-"), getattr(self, name)) for name in names)
        listed += [f"--{name}" for name, given in flags if given]
        return (*listed, *(("--source", self.source) if self.source else ()))

    @field_validator("drop", "swap", "pin", "move", "tell", "add", "set", "undo")
    @classmethod
    def _clean(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        """Take words as they are pasted: without what cannot be seen, wide signs as narrow ones."""
        return tuple(map(_clean_option, words))

    @field_validator("tell", "add")
    @classmethod
    def _one_line(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        """Take words of several lines as one, so that a command can be shown that has them."""
        return tuple(" ".join(word.split()) for word in words)


def _clean_option(word: str) -> str:
    seen = "".join(char for char in word if unicodedata.category(char) != "Cf").strip()
    parts = re.split("[=＝]", seen, maxsplit=1)
    return "=".join([unicodedata.normalize("NFKC", parts[0]).strip(), *parts[1:]])


def reverted_edits(options: EditOptions, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Name the edits that are taken back.

    Raises:
        SettingsError: there is no edit of that number.
    """
    numbers = _undone_numbers(options, edits)
    return tuple(edit for number, edit in enumerate(edits, 1) if number in numbers)


def _undone_numbers(options: EditOptions, edits: Sequence[Edit]) -> set[int]:
    if "all" in options.undo:
        return set(range(1, len(edits) + 1))
    undone = [part for word in options.undo for part in re.split(r"[\s,，、]+", word) if part]
    numbers = {_edit_number(word, len(edits)) for word in undone}
    halves = {number: other for number, other in _exchanges(edits) if number in numbers}
    return numbers.union(halves.values())


def _edit_number(word: str, count: int) -> int:
    """Read the number of an edit of so many, or `last`."""
    number = count if word == "last" else 0
    if re.fullmatch(r"[1-9]\d{0,3}", word, re.ASCII):
        number = int(word)
    if not 1 <= number <= count:
        has = f"{counted(count, 'edit')}; see --list" if count else "no edits"
        raise SettingsError(f"--undo {word}: the digest has {has}")
    return number


def _exchanges(edits: Sequence[Edit]) -> Iterator[tuple[int, int]]:
    """Give the numbers of moves that are one exchange: half of it alone moves all between."""
    for number, (one, other) in enumerate(pairwise(edits), 1):
        if (one.do, other.do) != ("move", "move"):
            continue
        if (one.stood, one.place) == (other.place, other.stood):
            yield number, number + 1
            yield number + 1, number


def parse_edits(
    options: EditOptions,
    digest: Digest,
    stem: str,
    stories: Sequence[Story],
    *,
    read_passage: Callable[[str], Story] | None = None,
) -> tuple[Edit, ...]:
    """Turn options into the edits that the digest is to have.

    A swap may bring in any of `stories`; without `read_passage` the page is not at hand.

    Returns:
        The edits that it has and keeps, and then the new ones.

    Raises:
        SettingsError: one of the options is not possible; names it.
    """
    reverted = _undone_numbers(options, digest.edits)
    unreverted = [edit for number, edit in enumerate(digest.edits, 1) if number not in reverted]
    builder = EditBuilder(digest, stem, stories, force=options.force)
    new = [
        *_last_first(map(builder.drop, options.drop)),
        *chain.from_iterable(map(builder.swap, options.swap)),
        *map(builder.pin, options.pin),
        *_last_first(map(builder.move, options.move)),
        *(builder.add(word, read_passage) for word in options.add),
        *map(builder.tell, options.tell),
        *map(builder.set_text, options.set),
    ]
    new = _name_displaced(new, digest)
    return (*unreverted, *(edit for edit in new if edit not in unreverted[-1:]))


def _name_displaced(edits: Sequence[Edit], digest: Digest) -> list[Edit]:
    """Name in each move of one command to the other half the entry that no longer fits there.

    So taking the move back brings that entry back, whatever the cache holds.
    """
    named = list(edits)
    for section, half in digest.halves:
        lost = _lost(edits, section, half)
        for number, edit in enumerate(edits):
            if lost and edit.do == "move" and _enters(edit, section):
                anchor = make_anchor(lost.pop(0))
                named[number] = edit.model_copy(update={"instead": anchor})
    return named


def _last_first(edits: Iterable[Edit]) -> list[Edit]:
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
