"""An entry and its story go in, findings come out.

Open `registry.py` first: it lists the checks.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.verify.aliases import CHINESE_NAMES as CHINESE_NAMES
    from pipeline.verify.aliases import COMMON as COMMON
    from pipeline.verify.aliases import load_chinese_names as load_chinese_names
    from pipeline.verify.aliases import load_expansions as load_expansions
    from pipeline.verify.link_choice import choose_links as choose_links
    from pipeline.verify.names import name_key as name_key
    from pipeline.verify.registry import CHECK_NAMES as CHECK_NAMES
    from pipeline.verify.registry import shared_links as shared_links
    from pipeline.verify.registry import verify as verify
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "aliases": ("CHINESE_NAMES", "COMMON", "load_chinese_names", "load_expansions"),
            "link_choice": ("choose_links",),
            "names": ("name_key",),
            "registry": ("CHECK_NAMES", "shared_links", "verify"),
        },
    )
