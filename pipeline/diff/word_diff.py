"""Two versions of a text -> what is the same, gone and new, by words; part of `diff`.

Pure. Chinese is parted into words; a number with its unit, a name and a link are one token each, so
that 4万 becomes 40万 as a whole. What changed is shown in few long stretches rather than in many
short ones.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

from pipeline.diff.changes import Piece
from pipeline.quantities import Quantity, Unit, find_quantities
from pipeline.verify import name_key

_PieceKind = Literal["words", "number", "name", "link"]
_PieceChange = Literal["same", "gone", "new"]

_LINK = re.compile(r"https?://[^\s\u3000-\u303f\uff00-\uffef]+", re.IGNORECASE)
_NAME = re.compile(
    r"@?(?=[\d.]*[A-Za-z])[A-Za-z0-9]+(?:(?:[.'&@]|[+_\u2010\u2011-]{1,2})[A-Za-z0-9]+)*[+#]{0,2}"
)
_REST = re.compile(
    r"(?P<han>[\u3400-\u9fff]+)|(?P<number>[0-9]+(?:[.,][0-9]+)*)|[^\S\n]+|[^\W\u3400-\u9fff0-9]+|.",
    re.DOTALL,
)
# Units that one text may leave unsaid: 720亿参数, 720亿.
_OPTIONAL_UNITS: frozenset[Unit] = frozenset(
    {"parameters", "tokens", "version", "score", "bits", "year"}
)
# Between two changes that are longer, what is the same is not worth parting them up to this length.
_SHORT_MATCH_CHARS = 4
# With less than this in common one text was replaced by another, which is read one after the other.
_MIN_SHARED = 0.5


class _Token(NamedTuple):
    text: str
    kind: _PieceKind = "words"
    value: str = ""
    """What makes two numbers or names the same, however they are written."""


class _DiffBlock(NamedTuple):
    same: bool
    old: tuple[_Token, ...]
    new: tuple[_Token, ...]


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """Show two versions of a text in one.

    Returns:
        In reading order, what is gone before what is new. Without the new pieces they are the old
        text, without the gone ones the new text. A number, name or link is a piece of its own where
        it changed; where it only stands elsewhere in the text, or is the same, it is words.
    """
    if old == new:
        return (Piece(change="same", kind="words", text=old),) if old else ()
    before, after = _tokenize(old), _tokenize(new)
    elsewhere = ({token.value for token in before}, {token.value for token in after})
    shown: list[tuple[_PieceChange, _Token]] = []
    for block in _align(before, after):
        if block.same:
            shown += (("same", _Token(token.text)) for token in block.new)
        else:
            shown += _mark_tokens(block, *elsewhere)
    return tuple(_join_words(shown))


def whole_diff(old: str, new: str, kind: _PieceKind) -> tuple[Piece, ...]:
    """Show a text that is changed as a whole, such as an address."""
    both: tuple[tuple[_PieceChange, str], ...] = (("gone", old), ("new", new))
    return tuple(Piece(change=change, kind=kind, text=text) for change, text in both if text)


# ------------------------------------------------------------------------------- text to tokens


def _tokenize(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    for start, end, token in _atomic_tokens(text):
        found += _word_tokens(text[at:start])
        found.append(token)
        at = end
    return [*found, *_word_tokens(text[at:])]


def _atomic_tokens(text: str) -> Iterator[tuple[int, int, _Token]]:
    """Give links, numbers and names in order, none overlapping another."""
    quantities = [
        quantity
        for quantity in find_quantities(text)
        if not (quantity.weak and quantity.value == 1)
    ]
    found = [
        (match.start(), match.end(), _Token(match[0], "link", match[0]))
        for match in _LINK.finditer(text)
    ]
    for match in _NAME.finditer(text):
        if any(quantity.covers(match) for quantity in quantities):
            continue
        # A number that begins in a name and goes on behind it, as in GPT-5.24万, is not cut.
        ends = (q.end for q in quantities if match.start() < q.start < match.end())
        end = max((match.end(), *ends))
        name = text[match.start() : end]
        found.append((match.start(), end, _Token(name, "name", name_key(name))))
    found += (
        (quantity.start, quantity.end, _Token(quantity.text, "number", _quantity_value(quantity)))
        for quantity in quantities
    )
    end = 0
    # Of two at one place the longer one: a name, not the version that it begins with.
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if span[0] >= end:
            yield span
            end = span[1]


def _quantity_value(quantity: Quantity) -> str:
    unit = "" if quantity.unit in _OPTIONAL_UNITS else quantity.unit
    return f"{quantity.value} {unit}"


def _word_tokens(text: str) -> Iterator[_Token]:
    """Part what is neither number nor name nor link; only Chinese needs the dictionary."""
    for found in _REST.finditer(text):
        if found["han"]:
            from rjieba import cut

            yield from (_Token(word) for word in cut(found[0]))
        elif found["number"]:
            yield _Token(found[0], "number", found[0])
        else:
            yield _Token(found[0])


# ----------------------------------------------------------------------------- tokens to blocks


def _align(old: Sequence[_Token], new: Sequence[_Token]) -> list[_DiffBlock]:
    """Align two texts, and join changes that have hardly anything between them."""
    matcher = SequenceMatcher(
        None, [token.text for token in old], [token.text for token in new], autojunk=False
    )
    blocks = [
        _DiffBlock(tag == "equal", tuple(old[i:j]), tuple(new[k:m]))
        for tag, i, j, k, m in matcher.get_opcodes()
    ]
    while (at := _first_short_match(blocks)) is not None:
        blocks[at - 1 : at + 2] = [_merge_blocks(blocks[at - 1 : at + 2])]
    same = sum(_letter_count(block.new) for block in blocks if block.same)
    if same < _MIN_SHARED * max(_letter_count(old), _letter_count(new)):
        blocks = [_merge_blocks(blocks)]
    return [part for block in blocks for part in _split_common_ends(block)]


def _first_short_match(blocks: Sequence[_DiffBlock]) -> int | None:
    """Find what is the same between two changes and too short to part them."""
    for at in range(1, len(blocks) - 1):
        before, block, after = blocks[at - 1 : at + 2]
        if not block.same or any(token.kind != "words" for token in block.new):
            continue
        length = _letter_count(block.new)
        around = min(
            max(_letter_count(neighbour.old), _letter_count(neighbour.new))
            for neighbour in (before, after)
        )
        if length <= 1 or length <= min(_SHORT_MATCH_CHARS, around):
            return at
    return None


def _letter_count(tokens: Sequence[_Token]) -> int:
    """Count the letters and digits."""
    return sum(char.isalnum() for token in tokens for char in token.text)


def _merge_blocks(blocks: Sequence[_DiffBlock]) -> _DiffBlock:
    old = tuple(token for block in blocks for token in block.old)
    return _DiffBlock(False, old, tuple(token for block in blocks for token in block.new))


def _split_common_ends(block: _DiffBlock) -> Iterator[_DiffBlock]:
    """Part what a change begins and ends with in both texts, though parted into other words."""
    if block.same or not (block.old and block.new):
        yield block
        return
    head = _common_start(block.old, block.new)
    old, new = block.old[head[0] :], block.new[head[1] :]
    tail = _common_start(old[::-1], new[::-1], backwards=True)
    cut = (len(old) - tail[0], len(new) - tail[1])
    if head[1]:
        yield _DiffBlock(True, block.old[: head[0]], block.new[: head[1]])
    if cut != (0, 0):
        yield _DiffBlock(False, old[: cut[0]], new[: cut[1]])
    if tail[1]:
        yield _DiffBlock(True, old[cut[0] :], new[cut[1] :])


def _common_start(
    old: Sequence[_Token], new: Sequence[_Token], *, backwards: bool = False
) -> tuple[int, int]:
    """Count the tokens that two texts begin with alike, up to a place where words end in both."""
    texts = [
        "".join(token.text[:: -1 if backwards else 1] for token in side) for side in (old, new)
    ]
    ends = [_token_ends(side) for side in (old, new)]
    shared = [end for end in ends[0].keys() & ends[1].keys() if texts[0][:end] == texts[1][:end]]
    best = max(shared, default=0)
    return ends[0].get(best, 0), ends[1].get(best, 0)


def _token_ends(tokens: Sequence[_Token]) -> dict[int, int]:
    """Give, per place where a token ends, how many tokens that is."""
    found, at = {}, 0
    for count, token in enumerate(tokens, 1):
        at += len(token.text)
        found[at] = count
    return found


# ----------------------------------------------------------------------------- blocks to pieces


def _mark_tokens(
    block: _DiffBlock, before: set[str], after: set[str]
) -> Iterator[tuple[_PieceChange, _Token]]:
    """Say of each number, name and link of a change whether it is one that must stand out."""
    for kind in ("number", "name", "link"):
        gone = {token.value for token in block.old if token.kind == kind}
        new = {token.value for token in block.new if token.kind == kind}
        # A number in another's place stands out, though it be said elsewhere: 40 and 50 swapped.
        instead = bool(gone - new) and bool(new - gone)
        plain = (gone & new) | (set() if instead else (gone & after) | (new & before))
        block = _DiffBlock(
            False,
            tuple(_as_words(token, kind, plain) for token in block.old),
            tuple(_as_words(token, kind, plain) for token in block.new),
        )
    yield from (("gone", token) for token in _join_names(block.old))
    yield from (("new", token) for token in _join_names(block.new))


def _join_names(tokens: Iterable[_Token]) -> list[_Token]:
    """Join names that only a space parts: Tri Dao is one."""
    found: list[_Token] = []
    for token in tokens:
        before = found[-2:]
        kinds = [other.kind for other in (*before, token)]
        if kinds == ["name", "words", "name"] and before[1].text == " ":
            found[-2:] = [_Token(f"{before[0].text} {token.text}", "name")]
        else:
            found.append(token)
    return found


def _as_words(token: _Token, kind: str, plain: set[str]) -> _Token:
    return _Token(token.text) if token.kind == kind and token.value in plain else token


def _join_words(shown: Sequence[tuple[_PieceChange, _Token]]) -> Iterator[Piece]:
    """Join neighbours that are only words."""
    run: list[str] = []
    for at, (change, token) in enumerate(shown):
        run.append(token.text)
        following = shown[at + 1] if at + 1 < len(shown) else None
        words = token.kind == "words" and following is not None
        if words and following and following[0] == change and following[1].kind == "words":
            continue
        yield Piece(change=change, kind=token.kind, text="".join(run))
        run = []
