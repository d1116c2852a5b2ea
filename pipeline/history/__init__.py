"""What earlier digests published goes in, with the stories of an issue; what repeats it comes out.

Open `repeats.py` first: it compares; `published.py` reads the digests, `fingerprints.py` says by
what two tellings are known for one event, `rumours.py` what was told before it was announced.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.history.fingerprints import Fingerprint as Fingerprint
    from pipeline.history.fingerprints import entry_fingerprint as entry_fingerprint
    from pipeline.history.fingerprints import match_evidence as match_evidence
    from pipeline.history.published import History as History
    from pipeline.history.published import PublishedEntry as PublishedEntry
    from pipeline.history.published import read_history as read_history
    from pipeline.history.repeats import RepeatSearch as RepeatSearch
    from pipeline.history.repeats import find_repeats as find_repeats
else:
    __getattr__ = lazy_exports(__name__)
