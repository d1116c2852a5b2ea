"""A feed that is no XML -> the items of it that can be read, each by itself.

Characters that XML forbids go, bytes that are no text are replaced, entities of HTML are written
out, and an `&` that begins none is one. An item that then still is no XML, such as the last one of
a feed that was cut off, is left out whole: half an issue is none. Nothing outside the items is
read, and a feed that defines entities of its own is not mended.
"""

import re
import sys
from html import escape
from html.entities import html5
from typing import Final

from lxml import etree

from pipeline.fetch.pages import decode

_MAX_ITEMS: Final = 10_000
_MAX_ITEM_CHARS: Final = 2_000_000
_FORBIDDEN = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DECLARED = re.compile(rb"""encoding\s*=\s*["']([\w.-]+)""")
_PREFIX = re.compile(r"""\bxmlns:([A-Za-z][\w.-]*)\s*=\s*["']([^"'<>&]+)["']""")
_PREFIXES = {"content": "http://purl.org/rss/1.0/modules/content/"}
_START = re.compile(r"<item(?=[\s>])")
_REFERENCE = re.compile(r"&(#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{1,32});")
_AMPERSAND = re.compile(rf"&(?!{_REFERENCE.pattern[1:]})")
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_CDATA = "<![CDATA["


def parse_xml(text: bytes, encoding: str | None = None) -> etree._Element:
    """Parse XML that a stranger wrote: no entity is expanded, and nothing is fetched.

    Raises:
        lxml.etree.XMLSyntaxError: it is none.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, encoding=encoding)
    return etree.fromstring(text, parser)


def mend_items(body: bytes) -> tuple[list[etree._Element], int]:
    """Read the items of a feed one by one.

    Returns:
        Those that can be read, in the feed's order, and how many cannot.
    """
    declared = _DECLARED.search(body[:1000])
    charset = f"charset={declared[1].decode()}" if declared else ""
    *pieces, rest = _FORBIDDEN.sub("", decode(body, charset)).split("</item>")
    head = _START.split(pieces[0], maxsplit=1)[0] if pieces else ""
    if "<!ENTITY" in head:
        return [], 0
    prefixes = _PREFIXES | dict(_PREFIX.findall(head))
    root = "".join(f' xmlns:{name}="{escape(url)}"' for name, url in prefixes.items())
    found = []
    for piece in pieces[:_MAX_ITEMS]:
        *_, last = "", *_START.split(piece)[1:]
        if len(last) > _MAX_ITEM_CHARS:
            continue
        try:
            text = f"<rss{root}><item{_mend_text(last)}</item></rss>"
            found.append(parse_xml(text.encode())[0])
        except etree.XMLSyntaxError:
            continue
    lost = len(pieces) - len(found) + bool(_START.search(rest))
    return found, lost


def _mend_text(text: str) -> str:
    """Mend references, but for those in CDATA, where `&` is a letter like others."""
    mended = []
    inside = False
    for number, part in enumerate(text.split(_CDATA)):
        plain = part
        if number:
            mended.append(_CDATA)
            inside = True
        if inside:
            letters, end, plain = part.partition("]]>")
            mended += letters, end
            inside = not end
        mended.append(_REFERENCE.sub(_mend_reference, _AMPERSAND.sub("&amp;", plain)))
    return "".join(mended)


def _mend_reference(reference: re.Match[str]) -> str:
    name = reference[1]
    if name in _XML_NAMES:
        return reference[0]
    if name.startswith("#"):
        number = int(f"0{name[1:]}", 0) if name[1] == "x" else int(name[1:])
        known = number <= sys.maxunicode and not _FORBIDDEN.match(chr(number))
        return reference[0] if known else ""
    return html5.get(f"{name};") or f"&amp;{reference[0][1:]}"
