"""What day it is, and whether this machine's clock can be right: no issue is of a day to come.

A clock that is behind would date digests wrongly, and open each day's cap anew.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from pipeline.errors import SettingsError
from pipeline.lines import counted

_SLIP_DAYS = 60
_MAX_DAYS_AHEAD = 2
"""How far ahead a new digest may be dated: a machine east of Shanghai may ask for tomorrow's."""


def today(now: dt.datetime | None = None) -> dt.date:
    """Give the calendar date in Asia/Shanghai; reads the clock where no moment is given."""
    zone = ZoneInfo("Asia/Shanghai")
    return (now.astimezone(zone) if now else dt.datetime.now(zone)).date()


def check_clock(today: dt.date, issue_dates: Iterable[dt.date]) -> None:
    """See that today is not before the newest issue by more than a day.

    An issue's date is that of its newsletter and today's that of Shanghai, which is never behind
    it; the day is for a clock that shows the time of another zone. One issue far ahead of all the
    others is a slip of the newsletter's, and stops nothing.

    Raises:
        SettingsError: it is.
    """
    if newest := future_issue(today, issue_dates):
        raise SettingsError(
            f"this machine's clock says {today}, and an issue of {newest} is published already: "
            "set the clock"
        )


def check_digest_date(day: dt.date, today: dt.date) -> None:
    """See that a new digest is not dated long after today: it would be the newest one till then.

    Raises:
        SettingsError: it is.
    """
    if (days := (day - today).days) > _MAX_DAYS_AHEAD:
        raise SettingsError(
            f"the digest date {day} lies {counted(days, 'day')} in the future, and today is "
            f"{today}: set the clock if it is wrong, or give `run` another --date, or --force"
        )


def future_issue(today: dt.date, issue_dates: Iterable[dt.date]) -> dt.date | None:
    """Give the date of an issue that cannot be there yet; None where there is none."""
    dates = sorted(set(issue_dates))
    while len(dates) > 1 and dates[-2] <= today and (dates[-1] - dates[-2]).days > _SLIP_DAYS:
        dates.pop()
    return dates[-1] if dates and (dates[-1] - today).days > 1 else None
