"""Strangers' words, addresses and commands -> Markdown of a pull request that calls nobody.

Pure. GitHub announces a link to an issue or a pull request in that issue, so such links go through
the host that it has for this; inside a command a sign that calls is followed by an empty quotation.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from pipeline.diff.markdown_format import neutralize
from pipeline.urls import is_web_url
from pipeline.write import is_invisible, markdown_link

_LINE_START = re.compile(r"\A(?P<number>[0-9]{1,9}(?=[.)])|(?=[-+=:]))")
_GITHUB = {"github.com", "www.github.com"}
_REDIRECT = "redirect.github.com"
_OWNER_AND_REPOSITORY = 2
_CALLS = re.compile(r"[@#](?=\w)|(?i:\bgh-(?=\d))")


def safe_text(text: str) -> str:
    """Give a stranger's words as one line of text that is no markup and calls nobody."""
    return _LINE_START.sub(r"\g<number>\\", neutralize(" ".join(text.split())))


def bold_text(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Give a stranger's words with some of them in bold; places are in order and do not overlap."""
    flat = re.sub(r"\s", " ", text)
    parts, at = [], 0
    for start, end in places:
        parts += [neutralize(flat[at:start]), f"<b>{neutralize(flat[start:end])}</b>"]
        at = end
    line = "".join([*parts, neutralize(flat[at:])]).strip()
    return _LINE_START.sub(r"\g<number>\\", line)


def source_link(url: str | None, shown: str) -> str:
    """Link Markdown to an address; without one that can be linked it stays as it is."""
    if url is None or not is_web_url(url):
        return shown
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that hold no address
        return shown
    deep = len(list(filter(None, parts.path.split("/")))) > _OWNER_AND_REPOSITORY
    if deep and (parts.hostname or "").rstrip(".") in _GITHUB:
        url = parts._replace(scheme="https", netloc=_REDIRECT).geturl()
    return markdown_link(url, shown)


def shell_command(*words: str) -> str:
    """Give a command as one line to copy, every word of it quoted where a shell needs it."""
    return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    seen = "".join(char for char in " ".join(word.split()) if not is_invisible(char))
    if not _CALLS.search(seen):
        return shlex.quote(seen)
    # To a shell the same word: behind a sign that calls the quotation ends, and begins again.
    inner = seen.replace("'", "'\"'\"'")
    return "'" + _CALLS.sub(r"\g<0>''", inner) + "'"


def fenced(language: str, *lines: str) -> tuple[str, ...]:
    """Put lines into a block of code; none of them may begin as a fence does."""
    return (f"```{language}", *lines, "```")


class Extent(NamedTuple):
    """One piece of the text, as short and as long as it can be told."""

    lines: tuple[tuple[str, ...], ...]
    """From the shortest on."""
    left_out: tuple[str, ...] = ()
    """What each extent but the last lacks."""


def fit(parts: Sequence[str | Extent], max_chars: int) -> list[str]:
    """Tell each piece at the length that there is room for.

    No piece is told longer before all are told at a length, and of these the shortest come first,
    so that as few as possible lack something.

    Returns:
        Lines, the last of which say how often what had no room.
    """
    pieces = [part for part in parts if isinstance(part, Extent)]
    told = dict.fromkeys(range(len(pieces)), 0)
    room = max_chars - sum(len(part) + 1 for part in parts if isinstance(part, str))
    room -= sum(_size(piece.lines[0]) for piece in pieces)
    for longer in range(1, max((len(piece.lines) for piece in pieces), default=0)):
        wanted = sorted(
            (_size(piece.lines[longer]) - _size(piece.lines[longer - 1]), at)
            for at, piece in enumerate(pieces)
            if told[at] == longer - 1 and longer < len(piece.lines)
        )
        for needed, at in wanted:
            if needed <= room:
                told[at], room = longer, room - needed
    lines: list[str] = []
    extents = iter(told.values())
    for part in parts:
        lines += [part] if isinstance(part, str) else part.lines[next(extents)]
    return lines + list(_left_out(pieces, list(told.values())))


def _left_out(pieces: Sequence[Extent], told: Sequence[int]) -> Iterator[str]:
    missing = [
        piece.left_out[extent]
        for piece, extent in zip(pieces, told, strict=True)
        if extent < len(piece.left_out)
    ]
    for what in dict.fromkeys(missing):
        count = missing.count(what)
        entries = f"{count} {'entry' if count == 1 else 'entries'}"
        yield from ("", f"For its length the {what} of {entries} is left out: see the JSON.", "")


def _size(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)
