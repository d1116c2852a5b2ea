"""The settings go in, and what a run needs comes out, each with what to do about it: `doctor`.

Open `checkup.py` first: it looks at one part after the other. `sources.py`, `models.py` and
`disk.py` look at one each; `diagnostics.py` is what they say.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.doctor.checkup import doctor as doctor
    from pipeline.doctor.diagnostics import Diagnostic as Diagnostic
else:
    __getattr__ = lazy_exports(__name__)
