"""The digests of a period -> its roundup: timelines first, then what mattered most.

Pure. Every entry is one of a digest, word for word, with its date; what is said above them is
counted. What an entry weighs are facts that it carries: where its digest put it, in how many recaps
and mentions it stood, whether it has a source.
"""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final
from urllib.parse import urljoin

from pipeline.records import HALVES, Digest, Entry, EntryKind, Finding, Period, PeriodDates
from pipeline.roundup.events import Event, PublishedEntry, find_events
from pipeline.subjects import subjects_of

MAX_EVENTS: Final[dict[EntryKind, int]] = {"news": 15, "tool": 10}
"""Events of each half; a timeline is one."""
MAX_TIMELINES: Final = 5
"""Timelines of each half."""
_MIN_DAYS: Final = 2  # of a timeline
_POINTS: Final = {
    "place": 2.0,  # for the first of its half, falling to nothing for its last
    "recaps": 1.2,  # for each further recap
    "mentions": 0.5,  # for each doubling of the mentions
    "no_link": -1.0,
    "quoted": -3.0,
}
"""What a fact adds to what an entry weighs: as in `merge`, and the order that its digest chose."""
_Chosen = tuple[PublishedEntry, int]
"""An entry, and the number of its timeline or 0."""
_MAX_COMPANIES: Final = 5
_MIN_COUNT: Final = 2  # of what was named more than once


def compose_roundup(period: PeriodDates, digests: Sequence[tuple[str, Digest]]) -> Digest:
    """Make the roundup of a period.

    It has the names and contents of its digests, at least one, oldest first.
    """
    entries = [entry for name, digest in digests for entry in _published(name, digest)]
    events = find_events(entries)
    chosen = dict(_number(events))
    names = tuple(name for name, _ in digests)
    return Digest(
        date=period.last,
        issue_url=urljoin(digests[-1][1].issue_url, "/"),
        news=tuple(map(_copy, chosen["news"])),
        tools=tuple(map(_copy, chosen["tool"])),
        findings=tuple(_findings(chosen, digests)),
        translated_by=_plain_models(chosen, digests),
        period=Period(
            name=period.name,
            notes=_period_notes(
                period,
                names,
                entries=len(entries),
                timelines=sum(event.days >= _MIN_DAYS for event in events),
                companies=_companies(entries),
            ),
            digests=names,
        ),
    )


def _published(name: str, digest: Digest) -> Iterator[PublishedEntry]:
    for kind, field in HALVES.items():
        entries: tuple[Entry, ...] = getattr(digest, field)
        for number, entry in enumerate(entries, start=1):
            weight = _weight(entry, (number - 1) / len(entries))
            yield PublishedEntry(name, kind, number, entry, weight)


def _weight(entry: Entry, place: float) -> float:
    """Weigh an entry that stands so far down its half, from 0 to 1."""
    mentions = max(1, len(entry.mentions))
    points = (
        _POINTS["place"] * (1 - place),
        _POINTS["recaps"] * max(0, len(entry.parts) - 1),
        _POINTS["mentions"] * math.log2(mentions),
        _POINTS["no_link"] * (entry.link is None),
        _POINTS["quoted"] * entry.quoted,
    )
    return round(math.fsum(points), 6)


def _number(events: Sequence[Event]) -> Iterator[tuple[EntryKind, list[_Chosen]]]:
    """Choose the entries of each half, and number the timelines through both."""
    number = 0
    for kind in HALVES:
        chosen: list[_Chosen] = []
        for event in _choose(events, kind):
            number += event.days >= _MIN_DAYS
            mark = number if event.days >= _MIN_DAYS else 0
            chosen += [(one, mark) for one in event.entries]
        yield kind, chosen


def _choose(events: Iterable[Event], kind: EntryKind) -> Iterator[Event]:
    """Choose the events of a half: timelines by their days, then the others by weight."""
    own = sorted((event for event in events if event.half == kind), key=_by_weight)
    told = sorted(
        (event for event in own if event.days >= _MIN_DAYS), key=lambda event: -event.days
    )
    timelines = told[:MAX_TIMELINES]
    yield from timelines
    rest = (Event((event.best,)) for event in own if event not in timelines)
    yield from islice(rest, MAX_EVENTS[kind] - len(timelines))


def _by_weight(event: Event) -> tuple[object, ...]:
    best = event.best
    return (-best.weight, *best.order)


def _copy(chosen: _Chosen) -> Entry:
    one, timeline = chosen
    return one.entry.model_copy(update={"published": one.digest, "timeline": timeline})


def _findings(
    chosen: Mapping[EntryKind, Sequence[_Chosen]], digests: Iterable[tuple[str, Digest]]
) -> Iterator[Finding]:
    """Take over what was found of the entries, under their new places."""
    known: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for name, digest in digests:
        for finding in digest.findings:
            known[name, finding.entry].append(finding)
    for kind, field in HALVES.items():
        for number, (one, _) in enumerate(chosen[kind], start=1):
            for finding in known[one.digest, f"{HALVES[one.half]}:{one.number}"]:
                yield finding.model_copy(update={"entry": f"{field}:{number}"})


def _plain_models(
    chosen: Mapping[EntryKind, Sequence[_Chosen]], digests: Iterable[tuple[str, Digest]]
) -> str:
    """Name the models that told any of the entries sentence by sentence; blank for none."""
    used = {one.digest for half in chosen.values() for one, _ in half}
    models = (digest.plain_model for name, digest in digests if name in used)
    return "、".join(dict.fromkeys(filter(None, models)))


def _companies(entries: Iterable[PublishedEntry]) -> Counter[str]:
    """Count the entries that name each company."""
    return Counter(
        subject.label
        for one in entries
        for subject in subjects_of(one.entry)
        if subject.kind == "company"
    )


def _period_notes(
    period: PeriodDates,
    digests: Sequence[str],
    *,
    entries: int,
    timelines: int,
    companies: Counter[str],
) -> tuple[str, ...]:
    """Write the lines."""
    several = f"，{timelines} 件事见于多日" if timelines else ""
    first = f"{_title(period)}：{len(digests)} 期日报，共 {entries} 条{several}。"
    return (first, *_company_note(companies), *_missing_note(period, digests))


def _title(period: PeriodDates) -> str:
    if period.kind == "monthly":
        return f"{period.first.year}年{period.first.month}月"
    return f"{period.name[:4]}年第{int(period.name[6:])}周（{_range(period.first, period.last)}）"


def _company_note(companies: Counter[str]) -> Iterator[str]:
    # Of equal counts the name decides, so that the order of entries does not.
    ordered = sorted(companies.items(), key=lambda item: (-item[1], item[0]))
    named = [f"{name} {count} 条" for name, count in ordered if count >= _MIN_COUNT]
    if named:
        yield f"提到最多的公司：{'、'.join(named[:_MAX_COMPANIES])}。"


def _missing_note(period: PeriodDates, digests: Iterable[str]) -> Iterator[str]:
    there = {name[:10] for name in digests}
    missing = [day for day in period.days if day.isoformat() not in there]
    if missing:
        runs = (_range(days[0], days[-1]) for days in _runs(missing))
        yield f"没有日报的日子：{'、'.join(runs)}。"


def _runs(days: Sequence[dt.date]) -> Iterator[list[dt.date]]:
    """Part days into runs of consecutive ones."""
    run: list[dt.date] = []
    for day in days:
        if run and (day - run[-1]).days > 1:
            yield run
            run = []
        run.append(day)
    yield run


def _range(first: dt.date, last: dt.date) -> str:
    start = f"{first.month}月{first.day}日"
    return start if first == last else f"{start}至{last.month}月{last.day}日"
