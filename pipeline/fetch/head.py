"""What a page's head says of other pages."""

import re
from typing import NamedTuple

from lxml import etree


class PageHead(NamedTuple):
    """What a page's head says of other pages; empty where it says nothing."""

    refresh_url: str
    """Where a page without an article refreshes to."""
    canonical_url: str
    """Its public address."""


def read_head(text: str) -> PageHead:
    """Read a page's head as browsers do."""
    try:
        root = etree.HTML(text.encode(), etree.HTMLParser(encoding="utf-8", no_network=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return PageHead("", "")
    refresh_url = ""
    for meta in root.iter("meta") if "</article>" not in text else ():
        if meta.get("http-equiv", "").strip().lower() == "refresh":
            match = re.search(r"(?i)url\s*=\s*['\"]?([^'\"]+)", meta.get("content", ""))
            refresh_url = refresh_url or (match[1].strip() if match else "")
    found = root.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content")
    urls = (str(url).strip() for url in found)
    canonical_url = next((url for url in urls if re.fullmatch(r"https?://[^\s<>\"]+", url)), "")
    return PageHead(refresh_url, canonical_url)
