"""The entries of a digest go in, what no check of code sees comes out, as findings.

Open `reading.py` first: it asks; `material.py` writes what is read.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.proofread.material import PlacedEntry as PlacedEntry
    from pipeline.proofread.reading import Proofreading as Proofreading
    from pipeline.proofread.reading import proofread as proofread
else:
    __getattr__ = lazy_exports(__name__)
