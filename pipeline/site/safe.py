"""A stranger's words and addresses -> what a page may show of them.

Pure. Markup is for the templates to escape; here goes what escaping leaves: characters that turn
the text around them, and addresses that lead elsewhere than they say.
"""

from collections.abc import Iterable
from typing import NamedTuple

from pipeline.records import Link
from pipeline.urls import is_web_url
from pipeline.write import encode_url, host_and_owner, is_invisible


class ExternalLink(NamedTuple):
    """One link that may be followed."""

    href: str
    """Address, http or https, percent-encoded."""
    host: str
    """Where it leads: the host, and whose part of it."""
    text: str
    """What the issue calls it; blank where it has no words for it."""


def drop_invisible(text: str) -> str:
    """Drop what cannot be seen: controls, marks of direction, halves of surrogate pairs.

    Line breaks stay; any other white space is a blank.
    """
    # Looking at each letter takes long, and hardly a line needs it.
    if text.isprintable():
        return text
    return "\n".join(map(_drop_invisible_in_line, text.split("\n")))


def _drop_invisible_in_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(" " if char.isspace() else char for char in text if _is_visible(char))


def one_line(text: str) -> str:
    """Give what can be seen of a text as one line."""
    return " ".join(drop_invisible(text).split())


def external_link(url: str | None, text: str = "") -> ExternalLink | None:
    """Make a link, or none of what is no web address."""
    if not url or not is_web_url(url):
        return None
    href = encode_url(url)
    host = host_and_owner(href)
    words = one_line(text)
    return ExternalLink(href, host, "" if is_web_url(words) else words) if host else None


def external_links(
    links: Iterable[Link], *, but: ExternalLink | None = None
) -> tuple[ExternalLink, ...]:
    """Make links, each address once."""
    found: dict[str, ExternalLink] = {}
    for link in links:
        made = external_link(link.url, link.text)
        if made and (but is None or made.href != but.href):
            found.setdefault(made.href, made)
    return tuple(found.values())


def _is_visible(char: str) -> bool:
    return char.isspace() or not is_invisible(char)
