"""Addresses: which of them may be linked to, and when two are the same page.

Pure, and used by every stage that compares links; nothing here changes what a digest shows.
"""

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from pipeline.patterns import lazy_pattern

_TRACKING_PARAMS = lazy_pattern(
    r"utm_.*|fbclid|gclid|mc_[ce]id|ref_src|ref_url|igsh", re.IGNORECASE
)
# These mean tracking, or a place within the page, on one host and something else on another.
_TRACKING_PARAMS_BY_HOST = {
    "x.com": {"s", "t"},
    "youtube.com": {"si", "feature", "t", "ab_channel"},
    "reddit.com": {"share_id", "rdt", "context"},
}
_HOST_ALIASES = {
    "twitter.com": "x.com",
    "mobile.twitter.com": "x.com",
    "mobile.x.com": "x.com",
    "old.reddit.com": "reddit.com",
    "new.reddit.com": "reddit.com",
    "np.reddit.com": "reddit.com",
    "m.reddit.com": "reddit.com",
    "redd.it": "reddit.com/comments",
    "m.youtube.com": "youtube.com",
    "hf.co": "huggingface.co",
    "export.arxiv.org": "arxiv.org",
    "ar5iv.org": "arxiv.org",
    "ar5iv.labs.arxiv.org": "arxiv.org",
    "alphaxiv.org": "arxiv.org",
}
# Who shows other people's posts under the same path, and whose: in a frame of its own, or only to
# programs, while a browser is led on to the post itself.
_FRAMES = (
    (lazy_pattern(r"(?:.+\.)?(?:xcancel|twiiit)\.com|(?:.+\.)?nitter\.[\w.-]+"), "x.com"),
    (lazy_pattern(r"(?:.+\.)?(?:teddit|libreddit|redlib)\.[\w.-]+"), "reddit.com"),
)
_EMBEDS = (
    (
        lazy_pattern(r"(?:.+\.)?(?:fxtwitter|vxtwitter|fixupx|fixvx|twittpr)\.com"),
        "x.com",
    ),
    (lazy_pattern(r"(?:.+\.)?(?:rxddit|vxreddit|rxyddit)\.com"), "reddit.com"),
)
_SHORTENERS = frozenset(
    (
        *("t.co", "bit.ly", "j.mp", "tinyurl.com", "buff.ly", "lnkd.in", "goo.gl", "ow.ly"),
        *("is.gd", "v.gd", "dlvr.it", "trib.al", "ift.tt", "cutt.ly", "rebrand.ly", "t.ly"),
        *("rb.gy", "shorturl.at", "tiny.cc", "short.gy", "shorturl.asia", "fb.me", "t.cn"),
        *("url.cn", "dwz.cn", "spr.ly", "hubs.ly", "hubs.la", "tiny.one", "urlz.fr", "surl.li"),
        *("adf.ly", "amzn.to", "b23.tv", "bl.ink", "clck.ru", "da.gd", "dub.sh"),
        *("git.io", "href.li", "kutt.it", "linktr.ee", "qr.ae", "s.id", "shorte.st", "soo.gd"),
        *("suo.im", "u.nu", "vd.gd", "wp.me", "youtube.com/redirect", "google.com/url"),
        *("l.facebook.com", "lm.facebook.com", "l.instagram.com", "out.reddit.com"),
        *("linkedin.com/redir/redirect", "slack-redir.net", "vk.com/away.php"),
        *("link.zhihu.com", "link.juejin.cn", "farside.link", "weibo.cn/sinaurl"),
    )
)
# Hosts whose paths name the same page in capitals and in small letters.
_CASE_INSENSITIVE_HOSTS = {
    "x.com",
    "reddit.com",
    "github.com",
    "huggingface.co",
    "arxiv.org",
    "pypi.org",
}
# One page under several addresses: the first pattern that fits the host and path gives the form.
_CANONICAL_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (lazy_pattern(pattern), form)
    for pattern, form in (
        # The number alone names a post: the account before it may be written in any way, or as `i`.
        (r"x\.com/[^/]+/status(?:es)?/(\d+).*", r"x.com/status/\1"),
        (
            r"(?:arxiv\.org/\w+|huggingface\.co/papers)/(\d{4}\.\d{4,5})(?:v\d+)?(?:\.pdf)?",
            r"arxiv.org/abs/\1",
        ),
        # With the thread's slug or without it; a comment keeps its own id.
        (
            r"reddit\.com/(?:(?:r|user)/[^/]+/)?comments/(\w+)(?:/[^/]*)?(/\w+)?",
            r"reddit.com/comments/\1\2",
        ),
        (
            r"github\.com/([^/]+/[^/]+?)(?:\.git)?(?:/(?:tree|blob)/(?:main|master))?",
            r"github.com/\1",
        ),
        (r"github\.com/([^/]+/[^/]+)/blob/(?:main|master)/readme\.md", r"github.com/\1"),
        (r"(huggingface\.co/.+?)/(?:tree|blob)/main(?:/readme\.md)?", r"\1"),
        (r"(docs\.google\.com/\w+/d/[^/]+).*", r"\1"),
        (r"openreview\.net/(?:pdf|forum)", "openreview.net/forum"),
    )
)

_WEB_URL = lazy_pattern(r"https?://[^\s/?#]", re.IGNORECASE)
_HOST_LABEL = lazy_pattern(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
# What a resolver reads as a number at the end of a host makes the whole host an address.
_NUMBER = lazy_pattern(r"\d+|0x[0-9a-f]*", re.ASCII)
# Names of the reader's own machine and network, and services that answer with the address that
# stands in the name.
_PRIVATE_HOST = lazy_pattern(
    r"(?:.+\.)?(?:localhost|local|localdomain|internal|intranet|lan|home\.arpa"
    r"|nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me)"
)
_SLASHES = lazy_pattern(r"/{2,}")
_HOSTS_WITHOUT_QUERY = {"x.com", "docs.google.com"}  # whose parameters are places within a page


@lru_cache(maxsize=8192)
def is_web_url(url: str) -> bool:
    """Whether an address is http or https, the only ones that a digest links to."""
    return bool(_WEB_URL.match(url))


@lru_cache(maxsize=8192)
def is_public_url(url: str) -> bool:
    """Whether an address is one on the open web, as far as it says: the host has a public name.

    Numbers in any spelling, names of one label and those of the reader's own network are none: a
    stranger who writes one sends the reader to a machine that only the reader can reach.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:  # a bracket that opens no IPv6 address, or a port that is no number
        return False
    labels = host.split(".")
    return (
        is_web_url(url)
        and port != 0
        and "[" not in parts.netloc
        and len(labels) > 1
        and all(map(_HOST_LABEL.fullmatch, labels))
        and not _NUMBER.fullmatch(labels[-1])
        and not _PRIVATE_HOST.fullmatch(host)
    )


def is_tracked(url: str) -> bool:
    """Whether an address says where its reader comes from, or a place within its page."""
    parts, host = _split(url)
    host = _page_host(host)
    return any(_is_tracking(key, host) for key, _ in parse_qsl(parts.query))


def _is_tracking(key: str, host: str) -> bool:
    params = _TRACKING_PARAMS_BY_HOST.get(host, set())
    return key in params or _TRACKING_PARAMS.fullmatch(key) is not None


@lru_cache(maxsize=8192)
def canonical(url: str) -> str:
    """Give the form in which two addresses of one page are equal.

    Scheme, `www.`, tracking parameters, fragment and trailing slash are dropped; hosts with two
    names get one; a post is its number, a paper its arXiv number, a thread its id, whatever else
    stands in their addresses. The result is for comparing, not for showing.
    """
    parts, host = _split(url)
    path = _SLASHES.sub("/", parts.path).rstrip("/")
    if host == "youtu.be":
        return f"youtube.com/watch?v={path.removeprefix('/')}"
    host = _page_host(host)
    query = [pair for pair in parse_qsl(parts.query) if not _is_tracking(pair[0], host)]
    page = f"{host}{path.lower() if host.split('/')[0] in _CASE_INSENSITIVE_HOSTS else path}"
    for pattern, form in _CANONICAL_FORMS:
        if pattern.fullmatch(page):
            return pattern.sub(form, page) + _query_string(query, host)
    return page + _query_string(query, host)


def is_mirror(url: str) -> bool:
    """Whether an address shows a post of X or Reddit in somebody else's frame."""
    host = _split(url)[1]
    return any(pattern.fullmatch(host) for pattern, _ in _FRAMES)


def original_url(url: str) -> str:
    """Give the address of the post that another host shows; any other address stays as it is."""
    parts, host = _split(url)
    mirrored = _mirrored_host(host)
    return f"https://{mirrored}{parts.path}" if mirrored and len(parts.path) > 1 else url


def is_shortened(url: str) -> bool:
    """Whether an address is somebody else's short form, or leads on: it hides where to."""
    parts, host = _split(url)
    return (
        host in _SHORTENERS or f"{host}{_SLASHES.sub('/', parts.path).rstrip('/')}" in _SHORTENERS
    )


def page_parts(url: str) -> tuple[str, str]:
    """Give the host of a page, in small letters and under its one name, and its path."""
    parts, host = _split(url)
    return _page_host(host).split("/")[0], _SLASHES.sub("/", parts.path)


def page_address(url: str) -> str:
    """Give both as one text, in the form that says most about the page."""
    parts, host = _split(url)
    return _page_host(host) + (_SLASHES.sub("/", parts.path) or "/")


def _split(url: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
    except ValueError:  # a bracket that opens no IPv6 address
        return SplitResult("", "", url.strip(), "", ""), ""
    return parts, host.removeprefix("www.").rstrip(".")


def _page_host(host: str) -> str:
    """Give the one name of a host that has several, of a mirror that of what it mirrors."""
    return _HOST_ALIASES.get(host) or _mirrored_host(host) or host


@lru_cache(maxsize=2048)
def _mirrored_host(host: str) -> str | None:
    return next((of for pattern, of in (*_FRAMES, *_EMBEDS) if pattern.fullmatch(host)), None)


def _query_string(query: list[tuple[str, str]], host: str) -> str:
    return f"?{urlencode(query)}" if query and host not in _HOSTS_WITHOUT_QUERY else ""
