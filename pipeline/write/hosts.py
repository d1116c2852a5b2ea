"""An address -> what people are told of where it leads."""

import re
from typing import Final
from urllib.parse import urlsplit

from pipeline.chinese import shorten

_OWNER_SEGMENTS: Final = {
    "github.com": 2,
    "gitlab.com": 2,
    "huggingface.co": 2,
    "reddit.com": 2,
    "twitter.com": 1,
    "x.com": 1,
}
"""Hosts of many owners, and how much of the path names one."""
_MAX_HOST_CHARS: Final = 60


def link_host(url: str) -> str:
    """Name the host of an address, in the letters of ASCII that a browser asks for."""
    try:
        host = (urlsplit(url).hostname or "").removeprefix("www.")
        return host.encode("idna").decode()
    except ValueError:  # a bracket that opens no IPv6 address, or a name that cannot be one
        return ascii(url.split("/")[2])[1:-1]


def host_and_owner(href: str) -> str:
    """Say where an encoded address leads, and whose part of a host of many owners that is.

    Blank where it names no host. Letters that may look like others stay encoded.
    """
    try:
        parts = urlsplit(href)
        host = (parts.hostname or "").removeprefix("www.")
        host = host if host.isascii() else host.encode("idna").decode()
    except ValueError:  # an unclosed bracket; a name that no name server would take
        return ""
    path = [segment for segment in parts.path.split("/") if segment][: _OWNER_SEGMENTS.get(host, 0)]
    said = "/".join([host, *path]) if all(map(_is_plain, path)) else host
    return shorten(said, _MAX_HOST_CHARS, within=False)


def _is_plain(segment: str) -> bool:
    return bool(re.fullmatch(r"[\w.-]+", segment, re.ASCII))
