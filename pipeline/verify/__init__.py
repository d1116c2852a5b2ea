"""An entry and its story go in, findings come out.

Open `registry.py` first: it lists the checks, one file each.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.verify.aliases import CHINESE_NAMES as CHINESE_NAMES
    from pipeline.verify.check import CheckedSpan as CheckedSpan
    from pipeline.verify.citation import complete_citations as complete_citations
    from pipeline.verify.link_choice import choose_links as choose_links
    from pipeline.verify.name_search import NameQuery as NameQuery
    from pipeline.verify.name_search import chinese_names as chinese_names
    from pipeline.verify.name_search import name_words as name_words
    from pipeline.verify.names import name_key as name_key
    from pipeline.verify.registry import check_labels as check_labels
    from pipeline.verify.registry import checked_spans as checked_spans
    from pipeline.verify.registry import checks_by_mention as checks_by_mention
    from pipeline.verify.registry import generation_checks as generation_checks
    from pipeline.verify.registry import story_of_entry as story_of_entry
    from pipeline.verify.registry import verify as verify
    from pipeline.verify.registry import whole_digest_checks as whole_digest_checks
    from pipeline.verify.repeat import repeated_entries as repeated_entries
    from pipeline.verify.sentence import check_sentence as check_sentence
else:
    __getattr__ = lazy_exports(__name__)
