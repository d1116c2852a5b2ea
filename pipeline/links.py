"""Addresses: when two of them are the same page, and which kind of page it is.

Pure, and used by every stage that compares links; nothing here changes what a digest shows.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(r"utm_.*|fbclid|gclid|mc_[ce]id|ref_src|ref_url|igsh")
# These mean tracking on one host and something else on another.
_TRACKING_ON = {"x.com": {"s", "t"}, "youtube.com": {"si", "feature"}, "reddit.com": {"share_id"}}
_HOSTS = {
    "twitter.com": "x.com",
    "mobile.twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
    "youtu.be": "youtube.com",
    "hf.co": "huggingface.co",
}
_PICTURES = ("i.redd.it", "v.redd.it", "preview.redd.it", "i.imgur.com", "pbs.twimg.com")


def canonical(url: str) -> str:
    """Give the form in which two addresses of one page are equal.

    Scheme, `www.`, tracking parameters, fragment and trailing slash are dropped; hosts with two
    names get one. The result is for comparing, not for showing.
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").removeprefix("www.")
    host = _HOSTS.get(host, host)
    tracking = _TRACKING_ON.get(host, set())
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query)
        if key not in tracking and not _TRACKING.fullmatch(key.lower())
    ]
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    return f"{host}{path}" + (f"?{urlencode(query)}" if query else "")


def is_picture(url: str) -> bool:
    """Whether an address is only a picture or a clip that a post shows."""
    return (urlsplit(url).hostname or "") in _PICTURES


def is_own(url: str) -> bool:
    """Whether an address is one of the newsletter's own pages, which is no source of news."""
    return (urlsplit(url).hostname or "").removeprefix("www.") == "news.smol.ai"
