"""A stranger's words and addresses -> what a page may show of them.

Pure. Markup is for the templates to escape; here goes what escaping leaves: characters that turn
the text around them, and addresses that lead elsewhere than they say.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from pipeline.records import Link
from pipeline.write.escape import address, is_web

_SEGMENTS: Final = {
    "github.com": 2,
    "gitlab.com": 2,
    "huggingface.co": 2,
    "reddit.com": 2,
    "twitter.com": 1,
    "x.com": 1,
}
"""Hosts of many owners, and how much of the path names one."""
_LONGEST: Final = 60


class Anchor(NamedTuple):
    """One link that may be followed."""

    href: str
    """Address, http or https, percent-encoded."""
    host: str
    """Where it leads: the host, and whose part of it."""
    text: str
    """What the issue calls it; blank where it has no words for it."""


def seen(text: str) -> str:
    """Drop what cannot be seen: controls, marks of direction, halves of surrogate pairs.

    Line breaks stay; any other white space is a blank.
    """
    # Looking at each letter takes long, and hardly a line needs it.
    return "\n".join(map(_seen_line, text.split("\n")))


def _seen_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(" " if char.isspace() else char for char in text if _is_seen(char))


def line(text: str) -> str:
    """Give what can be seen of a text as one line."""
    return " ".join(seen(text).split())


def anchor(url: str | None, text: str = "") -> Anchor | None:
    """Make a link, or none of what is no web address."""
    if not url or not is_web(url):
        return None
    href = address(url)
    host = _host(href)
    words = line(text)
    return Anchor(href, host, "" if is_web(words) else words) if host else None


def anchors(links: Iterable[Link], *, but: Anchor | None = None) -> tuple[Anchor, ...]:
    """Make links, each address once."""
    found: dict[str, Anchor] = {}
    for each in links:
        made = anchor(each.url, each.text)
        if made and (but is None or made.href != but.href):
            found.setdefault(made.href, made)
    return tuple(found.values())


def _is_seen(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in {"Cc", "Cf", "Cs"}


def _host(href: str) -> str:
    """Say where an address leads; letters that may look like others stay encoded."""
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").removeprefix("www.")
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:  # an unclosed bracket; a name that no name server would take
        return ""
    path = [segment for segment in parts.path.split("/") if segment][: _SEGMENTS.get(host, 0)]
    said = "/".join([host, *path]) if all(map(_is_plain, path)) else host
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _is_plain(segment: str) -> bool:
    return bool(re.fullmatch(r"[\w.-]+", segment, re.ASCII))
