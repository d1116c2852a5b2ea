"""A selected story goes in, its Chinese entry comes out, or a quotation.

Open `entry.py` first: it asks the question; `drafts.py` asks again with what the checks found.
`early_drafts.py` begins while stories are still being chosen.
`plain.py` does the work of both for a model that only translates sentences.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.translate.draft_entry import Checks as Checks
    from pipeline.translate.draft_entry import DraftEntry as DraftEntry
    from pipeline.translate.draft_entry import Translation as Translation
    from pipeline.translate.drafts import preloading as preloading
    from pipeline.translate.drafts import quoted_draft as quoted_draft
    from pipeline.translate.drafts import take_spare as take_spare
    from pipeline.translate.drafts import translate_all as translate_all
    from pipeline.translate.drafts import translate_checked as translate_checked
    from pipeline.translate.drafts import try_again as try_again
    from pipeline.translate.early_drafts import EarlyDrafts as EarlyDrafts
    from pipeline.translate.entry import translate as translate
    from pipeline.translate.evidence import evidence_limits as evidence_limits
    from pipeline.translate.plain import ChineseText as ChineseText
    from pipeline.translate.plain import first_questions as first_questions
    from pipeline.translate.sentences import facts_told as facts_told
    from pipeline.translate.sentences import how_told as how_told
else:
    __getattr__ = lazy_exports(__name__)
