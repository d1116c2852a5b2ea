"""Names of digests, `2026-02-21`, and of roundups: weeks and months, and the days that they have.

A week is called `2026-W08` (ISO 8601), a month `2026-02`.
"""

import datetime as dt
import re
from typing import Final, Literal, NamedTuple

from pipeline.patterns import lazy_pattern

PeriodKind = Literal["weekly", "monthly"]
DIGEST_NAME: Final = lazy_pattern(r"\d{4}-\d\d-\d\d(?:-\d{1,2})?", re.ASCII)
"""What a digest may be called: its date, with -2… for a second one of that date."""
PERIOD_NAME: Final = lazy_pattern(r"(?P<year>\d{4})-(?:W(?P<week>\d\d)|(?P<month>\d\d))", re.ASCII)
"""What a roundup may be called: its week or its month."""


class PeriodDates(NamedTuple):
    """One week or month."""

    name: str
    kind: PeriodKind
    first: dt.date
    """Its first day; a week begins on Monday."""
    last: dt.date
    """Its last day."""

    @property
    def days(self) -> tuple[dt.date, ...]:
        """All its days."""
        count = (self.last - self.first).days + 1
        return tuple(self.first + dt.timedelta(days=day) for day in range(count))


def period_dates(name: str) -> PeriodDates:
    """Give the days of a period.

    Raises:
        ValueError: no week or month of the calendar is called so.
    """
    found = PERIOD_NAME.fullmatch(name)
    if found is None:
        raise ValueError(name)
    try:
        if found["week"]:
            return week_of(dt.date.fromisocalendar(int(found["year"]), int(found["week"]), 1))
        return month_of(dt.date(int(found["year"]), int(found["month"]), 1))
    except OverflowError as error:
        raise ValueError(name) from error


def week_of(day: dt.date) -> PeriodDates:
    """Give the week that has a day; the first days of January may be in one of the year before."""
    year, week, weekday = day.isocalendar()
    first = day - dt.timedelta(days=weekday - 1)
    return PeriodDates(f"{year:04d}-W{week:02d}", "weekly", first, first + dt.timedelta(days=6))


def month_of(day: dt.date) -> PeriodDates:
    """Give the month that has a day."""
    first = day.replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    return PeriodDates(day.isoformat()[:7], "monthly", first, following - dt.timedelta(days=1))


def last_complete(kind: PeriodKind, today: dt.date) -> PeriodDates:
    """Give the newest period that was over before a day began."""
    of = week_of if kind == "weekly" else month_of
    return of(of(today).first - dt.timedelta(days=1))
