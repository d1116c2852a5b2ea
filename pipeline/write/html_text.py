"""What the formats in HTML share: a stranger's words, addresses and styles as markup of ours.

Pure. Whatever an entry says comes out as text: its inline code as `code`, all else escaped. Styles
stand at each element, since neither an editor nor a mail client keeps a sheet.
"""

import html
from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.write.entry_text import EntryText
from pipeline.write.escape import encode_url, inline_code
from pipeline.write.hosts import host_and_owner, link_host
from pipeline.write.pings import without_addresses


class EntryStyles(NamedTuple):
    """Styles of the parts of an entry."""

    title: str
    text: str
    quote: str
    """Of the English text that stands for want of a translation."""
    small: str
    """Of the words in a line below."""
    code: str


def html_entry(
    entry: EntryText, styles: EntryStyles, render_source: Callable[[str], str]
) -> Iterator[str]:
    """Give the parts of an entry, its source as `render_source` makes it of an address."""
    title = html_text(entry.marked_title, styles.code)
    yield tag("h3", styles.title, f"{entry.number}. {title}")
    summary = html_text(entry.marked_summary, styles.code)
    if entry.quoted:
        yield small_line(entry.introduction, styles)
        yield tag("blockquote", styles.quote, summary, ' lang="en"')
    else:
        yield tag("p", styles.text, summary)
    yield small_line(entry.source_line(render_source), styles)


def small_line(content: str, styles: EntryStyles) -> str:
    """Give a line in small words."""
    return tag("p", styles.text, tag("small", styles.small, content))


def html_text(text: str, code_style: str) -> str:
    """Give plain text as HTML, its inline code in a style."""
    pieces = ((_escape(piece), is_code) for piece, is_code in inline_code(text))
    return "".join(tag("code", code_style, piece) if code else piece for piece, code in pieces)


def html_host(url: str) -> str:
    """Say where an address leads: the host, and whose part of it."""
    safe = encode_url(url)
    return html.escape(host_and_owner(safe) or link_host(safe))


def html_address(url: str) -> str:
    """Give an address, as text or as the value of an attribute.

    Raises:
        WriteError: it is not http or https.
    """
    return html.escape(encode_url(url))


def tag(name: str, style: str, content: str, attributes: str = "") -> str:
    """Write an element whose content and attributes are markup already."""
    return f'<{name}{attributes} style="{style}">{content}</{name}>'


def _escape(text: str) -> str:
    return html.escape(without_addresses(text), quote=False)
