"""The checks themselves, measured: what they catch of what is wrong, and what they say wrongly.

Correct entries are broken in one place each, by `broken`, and put before the checks again. What
they say of entries that somebody else published was looked at by eye once, and `looked.toml` names
what was right of it; all else counts as a false alarm, so that a check which begins to say more
shows here.
"""

import tomllib
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from eval.broken import CHECKS_BY_GROUP, BrokenEntry, broken_entries
from eval.card import Ratio
from pipeline.chinese.glossary import Term
from pipeline.ops.audit_checks import check_digest, topic_words
from pipeline.ops.evidence_search import EvidenceIndex
from pipeline.records import Digest, Entry, Issue, Record, Story
from pipeline.verify.registry import verify

REVIEWED_ALARMS_FILE: Final = Path(__file__).with_name("looked.toml")
"""What was right of the findings on published entries."""

# Breaks of one group that are tried on the entries of one digest, drawn by lot, so that each kind
# has the share that it has among all of them. What has a floor needs more.
_SAMPLE: Final = {
    "number": 100,
    "name": 60,
    "link": 25,
    "english": 20,
    "form": 24,
    "traditional": 4,
    "length": 4,
    "term": 6,
}

Pair = tuple[Entry, Story]
"""An entry, and the evidence it is checked against."""


class Alarm(Record):
    """One finding on an entry that somebody published."""

    digest: str
    """Digest date, `YYYY-MM-DD`."""
    entry: str
    """`news:3` or `tools:10`."""
    check: str
    """Name of the check."""
    found: str
    """What it objects to."""


class Caught(Record):
    """What came of breaking entries."""

    by_kind: dict[str, Ratio]
    """Breaks noticed of those made, by `group: kind`."""
    missed: tuple[str, ...]
    """Those that were not noticed, one line each."""


def failed_checks(entry: Entry, story: Story, terms: Sequence[Term]) -> set[str]:
    """Name the checks that an entry does not pass."""
    return {
        finding.check
        for finding in verify(entry, story, terms=terms)
        if finding.severity == "error"
    }


def count_caught(told: Sequence[Pair], terms: Sequence[Term], *, every: bool = False) -> Caught:
    """Break entries in every way there is, and count what is noticed.

    An entry is broken in a way only where the checks that should notice it have nothing to say of
    the unbroken one; breaks that the evidence bears out by chance are not counted.

    Args:
        told: the entries, with their evidence.
        terms: the glossary.
        every: try every break rather than a sample, which takes ten times as long.
    """
    before = [failed_checks(entry, story, terms) for entry, story in told]
    made: dict[str, list[tuple[BrokenEntry, Story]]] = {}
    for number, (entry, story) in enumerate(told):
        others = [told[number - 1][1]] if len(told) > 1 else []
        for each in broken_entries(entry, story, others=others, terms=terms):
            if not (each.borne_out or before[number] & CHECKS_BY_GROUP[each.group]):
                made.setdefault(each.group, []).append((each, story))
    counts: dict[str, Ratio] = {}
    missed = []
    for group, all_of_it in made.items():
        tried = all_of_it if every else sorted(all_of_it, key=_lot)[: _SAMPLE[group]]
        for each, story in tried:
            hit = not CHECKS_BY_GROUP[each.group].isdisjoint(
                failed_checks(each.entry, story, terms)
            )
            kind = f"{group}: {each.kind}"
            counts[kind] = counts.get(kind, Ratio()) + Ratio(hit=int(hit), of=1)
            if not hit:
                title = each.entry.title
                missed.append(f"{kind}: {each.was!r} became {each.now!r} in {title!r}")
    return Caught(by_kind=counts, missed=tuple(missed))


def reviewed_alarms(file: Path = REVIEWED_ALARMS_FILE) -> frozenset[Alarm]:
    """Read which findings on published entries are right."""
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    fields = set(Alarm.model_fields)
    return frozenset(
        Alarm.model_validate({k: v for k, v in one.items() if k in fields})
        for one in facts.get("right", [])
    )


def matched(
    references: Iterable[Digest], stories: Sequence[Story], terms: Sequence[Term]
) -> list[Pair]:
    """Find the evidence of entries that somebody else published, where the issue has it."""
    index = EvidenceIndex(stories, topic_words(terms))
    entries = [entry for one in references for entry in (*one.news, *one.tools)]
    found = ((entry, index.match(entry)) for entry in entries)
    return [(entry, story) for entry, story in found if story is not None]


def alarms(references: Iterable[Digest], issue: Issue, terms: Sequence[Term]) -> list[Alarm]:
    """List the errors that the checks find in what somebody else published."""
    return [
        Alarm(digest=one.date.isoformat(), entry=each.entry, check=each.check, found=each.found)
        for one in references
        for each in check_digest(one, issue, terms)
        if each.severity == "error"
    ]


def _lot(made: tuple[BrokenEntry, Story]) -> int:
    """Draw a number for a break, the same each time."""
    each = made[0]
    words = (each.kind, each.was, each.now, each.entry.title, each.entry.summary)
    return zlib.crc32("\n".join(words).encode())
