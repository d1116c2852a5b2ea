"""Which texts name a company or a model, by any of the names that the checks know it by.

A name is compared as a whole, as `names` does: GPT-5 is not GPT-5.2. 谷歌 finds Google and Google
finds 谷歌, since one row of `aliases` has both.
"""

import re
import unicodedata
from itertools import pairwise

from pipeline.chinese import ANY_HAN, to_simplified
from pipeline.verify.aliases import CHINESE_NAMES, EXPANSIONS, NO_CHINESE_NAMES
from pipeline.verify.names import NAME, NameIndex, find_chinese_names, name_key


class NameQuery:
    """One name to look for, in all its spellings."""

    def __init__(self, name: str) -> None:
        """Collect the spellings of a name, Chinese or Latin.

        Raises:
            ValueError: it has neither letters nor digits.
        """
        name = to_simplified(unicodedata.normalize("NFKC", name).strip())
        if not any(map(str.isalnum, name)):
            raise ValueError("a name has letters")
        key = "" if ANY_HAN.search(name) else name_key(name)
        rows = {
            latin
            for chinese, latin in CHINESE_NAMES.items()
            if chinese == name or (key and name_key(latin[0]) == key)
        }
        latin = {form for row in rows for form in row}
        chinese = {other for other, row in CHINESE_NAMES.items() if row in rows}
        if key:
            latin |= {name, *EXPANSIONS.get(name.casefold(), ())}
        else:
            chinese.add(name)
        self._latin = tuple((form, name_key(form)) for form in sorted(latin))
        self._chinese = frozenset(chinese)
        # Of two that begin alike, the longest: 三星堆 is no 三星.
        others = {word for word in NO_CHINESE_NAMES if any(one in word for one in chinese)}
        words = sorted(chinese | others, key=lambda word: (-len(word), word))
        self._pattern = re.compile("|".join(map(re.escape, words)) or "(?!)")

    def is_in(self, text: str) -> bool:
        """Whether a text has it."""
        if not self._chinese.isdisjoint(self._pattern.findall(text)):
            return True
        letters = name_key(text)
        likely = [form for form, key in self._latin if key and key in letters]
        if not likely:
            return False
        index = NameIndex(text)
        return any(index.has(form) for form in likely)


def name_words(text: str) -> tuple[tuple[str, ...], ...]:
    """Give the Latin words of a text that may be names, in runs that one space each parts."""
    words = list(NAME.finditer(text))
    ends = [
        at
        for at, (word, after) in enumerate(pairwise(words), start=1)
        if text[word.end() : after.start()] != " "
    ]
    cuts = [0, *ends, len(words)]
    return tuple(
        tuple(word.group() for word in words[start:end])
        for start, end in pairwise(cuts)
        if end > start
    )


def chinese_names(text: str) -> tuple[str, ...]:
    """Give the Chinese names in a text that the checks know a Latin one for."""
    return tuple(found.group() for found in find_chinese_names(text))
