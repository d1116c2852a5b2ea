"""The selected stories go in, their entries come out: translated, verified, proofread, edited.

`run` calls `tell` between the choice of stories and the digest. The stages do not know of each
other: here an entry goes from one to the next, and back once for what proofreading names in it.
Open `entries.py` first; `story.py` tells one story, `proofreading.py` has all entries read.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.tell.entries import tell as tell
    from pipeline.tell.story import ReusedEntries as ReusedEntries
    from pipeline.tell.story import TellingRun as TellingRun
    from pipeline.tell.story import drafts_by_place as drafts_by_place
    from pipeline.tell.story import load_checks as load_checks
    from pipeline.tell.story import tell_one as tell_one
else:
    __getattr__ = lazy_exports(__name__)
