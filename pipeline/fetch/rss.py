"""A feed's bytes -> its items; of a feed that is no XML those that can be read, each by itself.

Pure: no clock, no network, no disk.
"""

import re
import sys
from datetime import date
from html import escape
from html.entities import html5
from typing import Final, NamedTuple

from lxml import etree

from pipeline.errors import SourceError
from pipeline.fetch.pages import decode
from pipeline.lines import get_logger
from pipeline.network import parse_internet_date

_CONTENT_TAG = "{http://purl.org/rss/1.0/modules/content/}encoded"
_log = get_logger(__name__)
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


class FeedItem(NamedTuple):
    """One item of an RSS feed; what it lacks is empty."""

    title: str
    link: str
    published: date | None
    description: str
    content: str


def read_feed(body: bytes, url: str) -> tuple[FeedItem, ...]:
    """Read an RSS feed's items, in its order.

    One that is no XML is read item by item, with a warning.

    Raises:
        SourceError: it holds no item that can be read; names `url`.
    """
    items: list[etree._Element] = []
    try:
        # UTF-8 goes before what the feed declares, as in pages.
        feed = _parse_xml(body, encoding="utf-8" if _is_utf8(body) else None)
    except etree.XMLSyntaxError as error:
        why = error.msg
    else:
        items = list(feed.iter("item"))
        # Where an entity stands, lxml gives only the words before it.
        why = "" if next(feed.iter(etree.Entity), None) is None else "it has entities"
    if why:
        mended, lost = _mend_items(body)
        if not items and not mended:
            raise SourceError(f"{url} is not a readable feed ({why})")
        gaps = f", {lost} of {lost + len(mended)} could not be" if lost else ""
        _log.warning("%s is no clean XML (%s): its items were read one by one%s", url, why, gaps)
        items = mended or items
    return tuple(
        FeedItem(
            title=item.findtext("title", "").strip(),
            link=item.findtext("link", "").strip(),
            published=_parse_date(item.findtext("pubDate", "")),
            description=item.findtext("description", "").strip(),
            content=item.findtext(_CONTENT_TAG, ""),
        )
        for item in items
    )


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in body[:4]  # else UTF-16, which ASCII in it makes look like UTF-8


def _parse_date(text: str) -> date | None:
    found = parse_internet_date(text)
    return found.date() if found else None


def _parse_xml(text: bytes, encoding: str | None = None) -> etree._Element:
    """Parse XML that a stranger wrote: no entity is expanded, and nothing is fetched.

    Raises:
        lxml.etree.XMLSyntaxError: it is none.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, encoding=encoding)
    return etree.fromstring(text, parser)


def _mend_items(body: bytes) -> tuple[list[etree._Element], int]:
    """Read the items of a feed one by one.

    Characters that XML forbids go, bytes that are no text are replaced, entities of HTML are
    written out, and an `&` that begins none is one. An item that then still is no XML, such as the
    last one of a feed that was cut off, is left out whole: half an issue is none. Nothing outside
    the items is read, and a feed that defines entities of its own is not mended.

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
            found.append(_parse_xml(text.encode())[0])
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
