"""Weeks and months: their names, their days, and which was over last."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import last_complete, month_of, period_dates, week_of


@given(st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2100, 1, 1)))
def test_a_day_lies_in_its_week_and_month_and_their_names_lead_back(day: dt.date) -> None:
    """Whatever the year."""
    for period in (week_of(day), month_of(day)):
        assert period.first <= day <= period.last
        assert day in period.days
        assert period_dates(period.name) == period
    assert len(week_of(day).days) == 7
    assert week_of(day).first.weekday() == 0


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("2026-W08", "2026-02-16", "2026-02-22"),
        ("2026-W01", "2025-12-29", "2026-01-04"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-12", "2025-12-01", "2025-12-31"),
        ("2026-W53", "2026-12-28", "2027-01-03"),
        ("0001-W01", "0001-01-01", "0001-01-07"),
        ("0987-06", "0987-06-01", "0987-06-30"),
    ],
)
def test_a_name_has_its_days(name: str, first: str, last: str) -> None:
    """ISO weeks begin on Monday and may begin in the year before."""
    period = period_dates(name)
    assert (period.first.isoformat(), period.last.isoformat()) == (first, last)
    assert period.name == name


@pytest.mark.parametrize(
    "name",
    ["2026-W00", "2026-W54", "2025-W53", "2026-13", "2026-00", "2026", "2026-W8", "../2026-02",
     "0000-01", "9999-12", "2026-02-21", "２０２６-02"],
)  # fmt: skip
def test_no_other_name_is_one(name: str) -> None:
    """Weeks and months that the calendar has not, and what is no name."""
    with pytest.raises(ValueError, match=r".*"):
        period_dates(name)


@pytest.mark.parametrize(
    ("today", "week", "month"),
    [
        ("2026-02-22", "2026-W07", "2026-01"),
        ("2026-02-23", "2026-W08", "2026-01"),
        ("2026-03-01", "2026-W08", "2026-02"),
        ("2026-01-01", "2025-W52", "2025-12"),
    ],
)
def test_the_last_complete_one_was_over_before_today(today: str, week: str, month: str) -> None:
    """Its last day is yesterday at the latest."""
    day = dt.date.fromisoformat(today)
    assert (last_complete("weekly", day).name, last_complete("monthly", day).name) == (week, month)
