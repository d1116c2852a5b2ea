"""What a roundup says above its entries: numbers, dates and names that were counted."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from pipeline.records import PeriodDates

_MAX_COMPANIES: Final = 5
_MIN_COUNT: Final = 2  # of what was named more than once


def period_notes(
    period: PeriodDates,
    digests: Sequence[str],
    *,
    entries: int,
    timelines: int,
    companies: Counter[str],
) -> tuple[str, ...]:
    """Write the lines.

    Args:
        period: the week or month.
        digests: names of its digests, oldest first.
        entries: how many entries they have.
        timelines: how many events were told on several days.
        companies: in how many entries each company is named.
    """
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
