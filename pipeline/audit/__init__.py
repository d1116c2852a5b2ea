"""A finished digest, also one that this project did not write -> what is wrong in it: `verify`.

Open `audits.py` first; `audit_checks.py` looks at each entry, `evidence_search.py` finds in an
issue what an entry is about.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.audit.audit_checks import topic_words as topic_words
    from pipeline.audit.audits import audit as audit
    from pipeline.audit.audits import find_page as find_page
    from pipeline.audit.audits import load_page as load_page
    from pipeline.audit.evidence_search import EvidenceIndex as EvidenceIndex
else:
    __getattr__ = lazy_exports(__name__)
