"""A digest that exists -> the same digest with edits by hand, or with entries told anew.

Open `edit.py` first, then `refresh.py`; `existing.py` is what both begin with, `reuse.py` what they
do not ask again, `locations.py` where a digest lies that was named.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.revise.edit import edit_digest as edit_digest
    from pipeline.revise.edit_lists import list_edits as list_edits
    from pipeline.revise.edit_lists import list_stories as list_stories
    from pipeline.revise.edit_lists import stories_lines as stories_lines
    from pipeline.revise.edit_result import EditResult as EditResult
    from pipeline.revise.existing import read_editable as read_editable
    from pipeline.revise.locations import DigestLocation as DigestLocation
    from pipeline.revise.locations import locate_digest as locate_digest
    from pipeline.revise.refresh import RefreshOptions as RefreshOptions
    from pipeline.revise.refresh import locate_to_refresh as locate_to_refresh
    from pipeline.revise.refresh import refresh_entries as refresh_entries
else:
    __getattr__ = lazy_exports(__name__)
