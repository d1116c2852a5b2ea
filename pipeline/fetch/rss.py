"""A feed's bytes -> its items.

Pure: no clock, no network, no disk.
"""

from datetime import date
from typing import NamedTuple

from lxml import etree

from pipeline.errors import SourceError
from pipeline.fetch.mending import mend_items, parse_xml
from pipeline.lines import get_logger
from pipeline.network import parse_internet_date

_CONTENT_TAG = "{http://purl.org/rss/1.0/modules/content/}encoded"
_log = get_logger(__name__)


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
        feed = parse_xml(body, encoding="utf-8" if _is_utf8(body) else None)
    except etree.XMLSyntaxError as error:
        why = error.msg
    else:
        items = list(feed.iter("item"))
        # Where an entity stands, lxml gives only the words before it.
        why = "" if next(feed.iter(etree.Entity), None) is None else "it has entities"
    if why:
        mended, lost = mend_items(body)
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
