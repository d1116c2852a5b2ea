"""What the formats in HTML share: a stranger's words, addresses and styles as markup of ours.

Pure. Whatever an entry says comes out as text: its inline code as `code`, all else escaped. Styles
stand at each element, since neither an editor nor a mail client keeps a sheet.
"""

import html

from pipeline.write.entry_text import SectionText
from pipeline.write.escape import encode_url, inline_code
from pipeline.write.hosts import host_and_owner, link_host


def html_text(text: str, code_style: str) -> str:
    """Give plain text as HTML, its inline code in a style."""
    return "".join(
        tag("code", code_style, html.escape(piece)) if is_code else html.escape(piece, quote=False)
        for piece, is_code in inline_code(text)
    )


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


def plain_heading(section: SectionText) -> str:
    """Give the heading of a section without Markdown's sign."""
    return section.heading.removeprefix("## ")


def tag(name: str, style: str, content: str, attributes: str = "") -> str:
    """Write an element whose content and attributes are markup already."""
    return f'<{name}{attributes} style="{style}">{content}</{name}>'
