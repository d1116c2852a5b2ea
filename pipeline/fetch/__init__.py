"""A slug or an address goes in, the issue's page comes out, from the first source that has it.

Open `chain.py` first: it lists the sources, and asks them in order. `source.py` is their base,
`rss.py` reads feeds, `direct.py` asks for one address without httpx, `http.py` with it where there
is more to it than a page; each is loaded when something is asked for.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.fetch.chain import SOURCES as SOURCES
    from pipeline.fetch.chain import SourceChain as SourceChain
    from pipeline.fetch.chain import listing_advice as listing_advice
    from pipeline.fetch.local_file import read_source as read_source
    from pipeline.fetch.pages import FetchLimits as FetchLimits
    from pipeline.fetch.slugs import parse_slug as parse_slug
    from pipeline.fetch.slugs import resolve_date as resolve_date
    from pipeline.fetch.slugs import slug_date as slug_date
    from pipeline.fetch.source import Source as Source
else:
    __getattr__ = lazy_exports(__name__)
