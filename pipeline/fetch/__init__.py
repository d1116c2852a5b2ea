"""A slug or an address goes in, the issue's page comes out, from the first source that has it.

Open `chain.py` first: it tries the sources in order;
`rss.py` reads feeds, `http.py` makes one request.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.fetch.chain import SourceChain as SourceChain
    from pipeline.fetch.chain import SourceUrls as SourceUrls
    from pipeline.fetch.chain import read_source as read_source
    from pipeline.fetch.chain import resolve_date as resolve_date
    from pipeline.fetch.http import FetchLimits as FetchLimits
    from pipeline.fetch.http import HttpClient as HttpClient
    from pipeline.fetch.http import decode as decode
    from pipeline.fetch.rss import parse_slug as parse_slug
    from pipeline.fetch.rss import read_feed as read_feed
    from pipeline.fetch.rss import slug_date as slug_date
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "chain": (
                "SourceChain",
                "SourceUrls",
                "read_source",
                "resolve_date",
            ),
            "http": ("FetchLimits", "HttpClient", "decode"),
            "rss": ("parse_slug", "read_feed", "slug_date"),
        },
    )
