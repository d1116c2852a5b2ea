"""Published digests of a week or a month go in, one digest of their entries comes out.

By rule alone: no model is asked, and no sentence is written but counts. Open `compose.py` first.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.roundup.compose import compose_roundup as compose_roundup
    from pipeline.roundup.folder import read_period as read_period
    from pipeline.roundup.folder import write_roundup as write_roundup
    from pipeline.roundup.published import match_published as match_published
else:
    __getattr__ = lazy_exports(__name__)
