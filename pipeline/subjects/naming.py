"""The names of an entry -> its subjects, each spelling and each language folded into one.

Pure. A name counts as a whole, as the checks compare it, and only where the entry's evidence has
one of its spellings, if it carries any. Not covered: companies, people and products that
`known.py` does not list; the search finds them.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple

from pipeline.records import Entry
from pipeline.subjects.known import (
    COMPANIES,
    MODEL_FAMILIES,
    PEOPLE,
    PRODUCTS,
    WHOLE_FAMILIES,
)
from pipeline.verify import CHINESE_NAMES, chinese_names, name_key, name_words

SubjectKind = Literal["company", "model", "person", "product"]
_TABLES: Final[tuple[tuple[SubjectKind, str], ...]] = (
    ("company", COMPANIES),
    ("person", PEOPLE),
    ("product", PRODUCTS),
)
_NO_LETTER: Final = re.compile("[^a-z0-9]+")
_MAX_WORDS: Final = 5  # of one name: Claude Opus 4.5 Thinking
_MAX_SLUG_CHARS: Final = 60
_FAMILY: Final = re.compile(
    rf"(?!claude(?:max|pro))(?:{'|'.join(MODEL_FAMILIES)})[a-z]*\d[a-z0-9.]*"
)
_CLAUDE: Final = re.compile(r"(?:fable|haiku|opus|sonnet)\d")
"""What is called without its family: Opus 4.5 is Claude Opus 4.5."""
_SERIES: Final = re.compile(r"o[1-9](?:mini|pro)?")
"""Models that are a letter and a number: o3, o4-mini."""


class Subject(NamedTuple):
    """Something that entries are about."""

    kind: SubjectKind
    key: str
    """Its name, folded: small letters, digits and dots."""
    label: str
    """What it is called; of a model, as the entry writes it."""

    @property
    def slug(self) -> str:
        """A name for its file and its address, its own: `model-gpt-5-2` is written by no other."""
        return f"{self.kind}-{self.key.replace('.', '-')[:_MAX_SLUG_CHARS]}"


def subjects_of(entry: Entry) -> tuple[Subject, ...]:
    """Find what an entry names in its title and summary, each subject once, in their order."""
    text = f"{entry.title}。{entry.summary}"
    evidence = _squeeze(f"{entry.evidence} {' '.join(link.url for link in entry.links)}")
    found: dict[tuple[str, str], Subject] = {}
    for subject in _named(text):
        if not entry.evidence or _is_in(subject, evidence):
            found.setdefault((subject.kind, subject.key), subject)
    return tuple(found.values())


def _named(text: str) -> Iterator[Subject]:
    for run in name_words(text):
        yield from _in_run(run)
    for name in chinese_names(text):
        if known := _known().get(name_key(CHINESE_NAMES[name][0])):
            yield known


def _in_run(words: tuple[str, ...]) -> Iterator[Subject]:
    """Take the longest known names of a run of words that one space parts."""
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _MAX_WORDS), at, -1):
            if subject := _subject(" ".join(words[at:end])):
                yield subject
                at = end
                break
        else:
            at += 1


# Entries of many days name the same.
@lru_cache(maxsize=4096)
def _subject(name: str) -> Subject | None:
    key = name_key(name)
    key = f"claude{key}" if _CLAUDE.match(key) else key
    if known := _known().get(key):
        return known
    whole = key in WHOLE_FAMILIES or _FAMILY.fullmatch(key) or _SERIES.fullmatch(key)
    return Subject("model", key, name) if whole and len(key) <= _MAX_SLUG_CHARS else None


@cache
def _known() -> Mapping[str, Subject]:
    """Map each spelling, folded, to its subject."""
    known: dict[str, Subject] = {}
    for kind, table in _TABLES:
        for row in table.strip().splitlines():
            label, *others = (part.strip() for part in row.split("|"))
            subject = Subject(kind, name_key(label), _with_chinese(label))
            for spelling in (label, *others):
                known.setdefault(name_key(spelling), subject)
    return known


def _with_chinese(label: str) -> str:
    """Put the Chinese name before a Latin one: 谷歌 Google."""
    key = name_key(label)
    chinese = next((name for name, row in CHINESE_NAMES.items() if name_key(row[0]) == key), "")
    return f"{chinese} {label}" if chinese else label


@cache
def _all_spellings() -> Mapping[tuple[str, str], tuple[str, ...]]:
    spellings: dict[tuple[str, str], list[str]] = {}
    for spelling, subject in _known().items():
        spellings.setdefault((subject.kind, subject.key), []).append(spelling)
    for row in CHINESE_NAMES.values():
        if known := _known().get(name_key(row[0])):
            spellings[known.kind, known.key] += map(name_key, row)
    return {of: tuple(sorted(set(found))) for of, found in spellings.items()}


def _is_in(subject: Subject, evidence: str) -> bool:
    """Whether evidence, squeezed, has a spelling of a subject; the checks saw whole names."""
    own = (subject.key, subject.key.removeprefix("claude"))
    spellings = _all_spellings().get((subject.kind, subject.key), own)
    return any(spelling.replace(".", "") in evidence for spelling in spellings)


def _squeeze(text: str) -> str:
    """Keep the letters and digits of a text."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", text).casefold())
