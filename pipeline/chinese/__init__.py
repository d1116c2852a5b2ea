"""What Chinese text must be: terms of the glossary, typography, language.

Open `glossary.py` first: it reads `prompts/glossary.toml`.
"""

from typing import TYPE_CHECKING

from pipeline import lazy_exports

if TYPE_CHECKING:
    from pipeline.chinese.commands import without_commands as without_commands
    from pipeline.chinese.english_words import AMBIGUOUS_WORDS as AMBIGUOUS_WORDS
    from pipeline.chinese.english_words import ORDINARY_WORDS as ORDINARY_WORDS
    from pipeline.chinese.glossary import Term as Term
    from pipeline.chinese.glossary import companies_in_chinese as companies_in_chinese
    from pipeline.chinese.glossary import format_terms as format_terms
    from pipeline.chinese.glossary import glossary_sha256 as glossary_sha256
    from pipeline.chinese.glossary import load_glossary as load_glossary
    from pipeline.chinese.glossary import misused_terms as misused_terms
    from pipeline.chinese.glossary import occurring_terms as occurring_terms
    from pipeline.chinese.language import assistant_preamble as assistant_preamble
    from pipeline.chinese.language import is_chinese as is_chinese
    from pipeline.chinese.language import repeated_sentences as repeated_sentences
    from pipeline.chinese.language import to_simplified as to_simplified
    from pipeline.chinese.language import traditional_characters as traditional_characters
    from pipeline.chinese.language import untranslated_english as untranslated_english
    from pipeline.chinese.plain_words import kept_words as kept_words
    from pipeline.chinese.plain_words import must_stay as must_stay
    from pipeline.chinese.plain_words import plain_chinese as plain_chinese
    from pipeline.chinese.plain_words import products_of_plain_words as products_of_plain_words
    from pipeline.chinese.proper_words import CHINESE_WORDS as CHINESE_WORDS
    from pipeline.chinese.term_search import find_terms as find_terms
    from pipeline.chinese.text import ANY_HAN as ANY_HAN
    from pipeline.chinese.text import APOSTROPHES as APOSTROPHES
    from pipeline.chinese.text import DASHES as DASHES
    from pipeline.chinese.text import HAN as HAN
    from pipeline.chinese.text import HYPHENS as HYPHENS
    from pipeline.chinese.text import fold as fold
    from pipeline.chinese.text import shorten as shorten
    from pipeline.chinese.typography import apply_typography as apply_typography
    from pipeline.chinese.typography import chinese_width as chinese_width
    from pipeline.chinese.typography import length_without_spacing as length_without_spacing
    from pipeline.chinese.typography import without_spacing as without_spacing
else:
    __getattr__ = lazy_exports(__name__)
