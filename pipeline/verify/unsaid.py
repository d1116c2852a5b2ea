"""No sentence says what no word of its lines could stand for: worse, cancelled, to be released.

Only words of the closed list of `unsaid_words`. Not covered: what the lines say of another thing.
"""

import re
from collections.abc import Iterator
from functools import cache

from pipeline.verify.unsaid_words import TABLE


def find_unsaid(chinese: str, english: str) -> Iterator[str]:
    """Find words of a sentence that no word of its lines stands for."""
    for word in TABLE:
        found = _compiled(word.chinese).search(chinese)
        if found and not _compiled(f"(?i:{word.english})").search(english):
            yield found.group()


_compiled = cache(re.compile)
"""Of many patterns an entry needs few."""
