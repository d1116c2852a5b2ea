"""Questions about the published digests go in, answers with limits come out; nothing is written.

Open `search.py` first. Questions are records of `questions.py`, answers of `answers.py`; command
line and MCP server ask alike. No model is asked, and no page is fetched.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.lookup.answers import Answer as Answer
    from pipeline.lookup.answers import DigestContent as DigestContent
    from pipeline.lookup.answers import DigestList as DigestList
    from pipeline.lookup.answers import EntryList as EntryList
    from pipeline.lookup.answers import Evidence as Evidence
    from pipeline.lookup.answers import TextCheck as TextCheck
    from pipeline.lookup.archive import Archive as Archive
    from pipeline.lookup.archive import given_page as given_page
    from pipeline.lookup.archive import kept_pages as kept_pages
    from pipeline.lookup.evidence import entry_evidence as entry_evidence
    from pipeline.lookup.evidence import get_digest as get_digest
    from pipeline.lookup.questions import DigestQuestion as DigestQuestion
    from pipeline.lookup.questions import EvidenceQuestion as EvidenceQuestion
    from pipeline.lookup.questions import ListQuestion as ListQuestion
    from pipeline.lookup.questions import PageQuestion as PageQuestion
    from pipeline.lookup.questions import Question as Question
    from pipeline.lookup.questions import SearchQuestion as SearchQuestion
    from pipeline.lookup.questions import TextQuestion as TextQuestion
    from pipeline.lookup.questions import read_question as read_question
    from pipeline.lookup.search import list_digests as list_digests
    from pipeline.lookup.search import search_entries as search_entries
    from pipeline.lookup.text_check import verify_text as verify_text
    from pipeline.lookup.text_check import verify_text_by_page as verify_text_by_page
else:
    __getattr__ = lazy_exports(__name__)
