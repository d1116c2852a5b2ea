"""The name of a digest's file -> how pages speak of its day. Pure."""

import datetime as dt
from typing import Final, NamedTuple

_WEEKDAYS: Final = "一二三四五六日"


class DayLink(NamedTuple):
    """A digest as other pages speak of it."""

    stem: str
    iso: str
    date: str
    """`2025年12月22日`, with （二） for the second of a day."""
    short: str
    """`12月22日`."""
    weekday: str
    href: str


def day_link(stem: str) -> DayLink:
    """Say the date that a digest's file name holds."""
    date = dt.date.fromisoformat(stem[:10])
    second = f"（{stem[11:]}）" if stem[11:] else ""
    short = f"{date.month}月{date.day}日{second}"
    return DayLink(
        stem=stem,
        iso=date.isoformat(),
        date=f"{date.year}年{short}",
        short=short,
        weekday=f"星期{_WEEKDAYS[date.weekday()]}",
        href=f"{stem}.html",
    )
