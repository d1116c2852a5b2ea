"""A selected story goes in, its Chinese entry comes out, or a quotation.

Open `entry.py` first: it asks the question; `drafts.py` asks again with what the checks found.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.translate.entry import build_question as build_question
    from pipeline.translate.entry import translate as translate
    from pipeline.translate.excerpt import quote_evidence as quote_evidence
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "entry": ("build_question", "translate"),
            "excerpt": ("quote_evidence",),
        },
    )
