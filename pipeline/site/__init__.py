"""Digests go in, a folder of pages, a search index and a feed comes out.

Open `build.py` first: it writes all pages.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.site.build import WATCHED_FOLDERS as WATCHED_FOLDERS
    from pipeline.site.build import BuiltSite as BuiltSite
    from pipeline.site.build import ReviewSources as ReviewSources
    from pipeline.site.build import build_site as build_site
    from pipeline.site.diff_view import render_html as render_html
    from pipeline.site.server import BuiltFiles as BuiltFiles
    from pipeline.site.server import serve as serve
else:
    __getattr__ = lazy_exports(__name__)
