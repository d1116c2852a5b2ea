"""The checks themselves, measured: what they catch of what is wrong, and what they say wrongly.

Correct entries are broken in one place each, by `broken` and `misleading`, and put before the checks
again, as an answer of the model would be. What they say of entries that somebody else published was looked at by eye once, and `looked.toml` names
what was right of it; all else counts as a false alarm, so that a check which begins to say more
shows here.
"""

import tomllib
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import JsonValue

from eval.broken import CHECKS_BY_GROUP, BrokenEntry, Reader, broken_entries
from eval.card import Ratio
from eval.misleading import misleading_entries
from pipeline.audit import EvidenceIndex, topic_words
from pipeline.audit.audit_checks import check_digest
from pipeline.chinese.glossary import Term
from pipeline.records import Digest, Entry, Finding, Issue, Record, Story
from pipeline.verify import registry
from pipeline.verify.check import CheckInput
from pipeline.verify.citation import complete_citations

REVIEWED_ALARMS_FILE: Final = Path(__file__).with_name("looked.toml")
"""What was right of the findings on published entries."""

JUDGED_FILE: Final = Path(__file__).with_name("judged.toml")
"""What was right of the findings on first answers, and what was not."""

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
    "script": 8,
    "padding": 8,
    "moved": 24,
    "qualifier": 20,
    "subject": 20,
    "fact": 10,
    "line": 14,
    "claim": 6,
}

# Where a run would find another line for what a sentence says now.
_CITED: Final = frozenset({"moved", "subject", "fact", "line"})

MENDED: Final = "mended"
"""Stands for a check where code puts a wrong line right instead of objecting to it."""

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


class Objection(Record):
    """One finding on an entry as a model answered it first."""

    issue: str
    """Name of the case."""
    title: str
    """The entry's title; its place, `news:3`, where proofreading objects."""
    check: str
    """Name of the check."""
    found: str
    """What it objects to."""

    @classmethod
    def of(cls, issue: str, title: str, finding: Finding) -> "Objection":
        """Make one of a finding."""
        return cls(issue=issue, title=title, check=finding.check, found=finding.found)

    @classmethod
    def named(cls, issue: str, problem: Mapping[str, JsonValue]) -> "Objection":
        """Make one of a problem that proofreading named; its entry goes by its place."""
        found = f"sentence {problem['sentence']}, {problem['kind']}: {problem['why']}"
        return cls(issue=issue, title=str(problem["entry"]), check="proofread", found=found)

    def line(self, finding: Finding) -> str:
        """Say it in one line, with what would have passed."""
        where = "" if finding.sentence is None else f" sentence {finding.sentence}"
        return (
            f"{self.issue} {self.title!r}{where}: {finding.severity} {self.check}: {self.found!r} "
            f"(wanted: {finding.expected})"
        )


NOTHING_JUDGED: Final[Mapping[Objection, bool]] = {}
"""Of no finding it is known whether it is right."""


class Caught(Record):
    """What came of breaking entries."""

    by_kind: dict[str, Ratio]
    """Breaks noticed of those made, by `group: kind`, of what code is meant to notice."""
    by_kind_open: dict[str, Ratio]
    """The same of what proofreading is meant to notice."""
    by_check: dict[str, dict[str, int]]
    """How many breaks of a kind each check noticed; several may notice one."""
    missed: tuple[str, ...]
    """Those meant for code that were not noticed, one line each."""


class _Break(NamedTuple):
    """A broken entry, and the story of the right one."""

    made: BrokenEntry
    story: Story
    right: Entry


def failed_checks(
    entry: Entry,
    story: Story,
    terms: Sequence[Term],
    *,
    among: AbstractSet[str] | None = None,
    warnings: bool = False,
) -> set[str]:
    """Name the checks that an entry does not pass.

    Args:
        entry: the entry.
        story: its story.
        terms: the glossary.
        among: only these checks, which is quicker; None for all.
        warnings: whether a warning is enough.
    """
    data = CheckInput(entry, story, tuple(terms))
    return {
        check.name
        for check in registry.CHECKS
        if check.run is not None
        and (among is None or check.name in among)
        and any(
            warnings or (check.severity == "error" and not problem.minor)
            for problem in check.run(data).problems
        )
    }


def noticed(made: BrokenEntry, story: Story, right: Entry, terms: Sequence[Term]) -> set[str]:
    """Name the checks that notice a break, on the entry as a run would check it.

    Args:
        made: the broken entry.
        story: its story.
        right: the entry before it was broken.
        terms: the glossary.
    """
    entry = made.entry
    if entry.sentences and made.group in _CITED:
        entry = complete_citations(entry, story)
    # A warning is enough where the check gives nothing else.
    found = failed_checks(
        entry,
        story,
        terms,
        among=CHECKS_BY_GROUP[made.group],
        warnings=made.group == "qualifier",
    )
    if not found and made.group == "line" and _is_mended(made, entry, right):
        return {MENDED}
    return found


def _is_mended(made: BrokenEntry, entry: Entry, right: Entry) -> bool:
    """Say whether the sentence has one of its right lines again."""
    at = (made.sentence or 1) - 1
    return bool({*right.sentences[at].lines}.intersection(entry.sentences[at].lines))


def count_caught(told: Sequence[Pair], terms: Sequence[Term], *, every: bool = False) -> Caught:
    """Break entries in every way there is, and count what is noticed.

    An entry is broken in a way only where the checks that should notice it have nothing to say of
    the unbroken one; breaks that the evidence bears out by chance are not counted.

    Args:
        told: the entries, with their evidence.
        terms: the glossary.
        every: try every break rather than a sample, which takes ten times as long.
    """
    by_group: dict[str, list[_Break]] = {}
    for each in _breaks(told, terms):
        by_group.setdefault(each.made.group, []).append(each)
    counts: dict[Reader, dict[str, Ratio]] = {"code": {}, "proofread": {}}
    by_check: dict[str, Counter[str]] = {}
    missed = []
    for group, all_of_it in by_group.items():
        tried = all_of_it if every else sorted(all_of_it, key=_lot)[: _SAMPLE[group]]
        for made, story, right in tried:
            checks = noticed(made, story, right, terms)
            kind = f"{group}: {made.kind}"
            table = counts[made.meant]
            table[kind] = table.get(kind, Ratio()) + Ratio(hit=int(bool(checks)), of=1)
            by_check.setdefault(kind, Counter()).update(checks)
            if not checks and made.meant == "code":
                title = made.entry.title
                missed.append(f"{kind}: {made.was!r} became {made.now!r} in {title!r}")
    return Caught(
        by_kind=counts["code"],
        by_kind_open=counts["proofread"],
        by_check={kind: dict(sorted(found.items())) for kind, found in by_check.items() if found},
        missed=tuple(missed),
    )


def _breaks(told: Sequence[Pair], terms: Sequence[Term]) -> Iterator[_Break]:
    """Break what passes."""
    for number, (entry, story) in enumerate(told):
        before = failed_checks(entry, story, terms, warnings=True)
        stories = [told[number - 1][1]] if len(told) > 1 else []
        # Neighbours, and as many more as it takes to find a fact or a subject.
        beside = [told[(number + step) % len(told)][0] for step in range(1, min(4, len(told)))]
        for made in chain(
            broken_entries(entry, story, others=stories, terms=terms),
            misleading_entries(entry, story, others=beside),
        ):
            if not (made.borne_out or before & CHECKS_BY_GROUP[made.group]):
                yield _Break(made, story, entry)


def reviewed_alarms(file: Path = REVIEWED_ALARMS_FILE) -> frozenset[Alarm]:
    """Read which findings on published entries are right."""
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    fields = set(Alarm.model_fields)
    return frozenset(
        Alarm.model_validate({k: v for k, v in one.items() if k in fields})
        for one in facts.get("right", [])
    )


def judged_objections(file: Path = JUDGED_FILE) -> dict[Objection, bool]:
    """Read which findings on first answers are right, and which are not."""
    facts = tomllib.loads(file.read_text(encoding="utf-8"))
    fields = set(Objection.model_fields)
    return {
        Objection.model_validate({k: v for k, v in one.items() if k in fields}): one["right"]
        for one in facts.get("finding", [])
    }


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


def _lot(broken: _Break) -> int:
    """Draw a number for a break, the same each time."""
    each = broken.made
    words = (each.kind, each.was, each.now, each.entry.title, each.entry.summary)
    return zlib.crc32("\n".join(words).encode())
