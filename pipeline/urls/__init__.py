"""What addresses say: whether two are one page, what kind of page it is, whose, and how first-hand.

Pure, and below the stages, which all compare links. Open `same_page.py` first; `page_type.py` tells
a repository from a newspaper, `owner.py` says whose a page is, and `primary_link.py` which address
of a story comes from its maker.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.urls.owner import is_generic_word as is_generic_word
    from pipeline.urls.owner import is_owned_by as is_owned_by
    from pipeline.urls.owner import maker_names as maker_names
    from pipeline.urls.page_type import ARTIFACT_TYPES as ARTIFACT_TYPES
    from pipeline.urls.page_type import LinkType as LinkType
    from pipeline.urls.page_type import is_about_one_thing as is_about_one_thing
    from pipeline.urls.page_type import is_chat_file as is_chat_file
    from pipeline.urls.page_type import link_type as link_type
    from pipeline.urls.primary_link import LinkRank as LinkRank
    from pipeline.urls.primary_link import RankedLinks as RankedLinks
    from pipeline.urls.primary_link import order_links as order_links
    from pipeline.urls.same_page import canonical as canonical
    from pipeline.urls.same_page import is_public_url as is_public_url
    from pipeline.urls.same_page import is_shortened as is_shortened
    from pipeline.urls.same_page import is_tracked as is_tracked
    from pipeline.urls.same_page import is_web_url as is_web_url
    from pipeline.urls.same_page import original_url as original_url
else:
    __getattr__ = lazy_exports(__name__)
