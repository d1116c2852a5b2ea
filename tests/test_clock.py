"""A clock that is behind is told from another zone's, and from a slip in the newsletter's list."""

import datetime as dt

import pytest

from pipeline.clock import check_clock, future_issue, today
from pipeline.errors import SettingsError

NEWEST = dt.date(2026, 1, 30)
DAYS = tuple(NEWEST - dt.timedelta(days=days) for days in (0, 1, 2, 5, 6, 7))


@pytest.mark.parametrize("days", [2, 3, 8, 40, 400, 20_000])
def test_a_clock_behind_the_newest_issue_is_an_error(days: int) -> None:
    """By a little, by all that there is, and at the beginning of time."""
    with pytest.raises(SettingsError, match=r"2026-01-30.*set the clock") as caught:
        check_clock(NEWEST - dt.timedelta(days=days), DAYS)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("days", [-1, 0, 1, 30, 4000])
def test_a_clock_that_may_be_right_is_let_pass(days: int) -> None:
    """A day behind is one that shows the time of another zone."""
    check_clock(NEWEST + dt.timedelta(days=days), DAYS)


@pytest.mark.parametrize("hours", [-12, -8, 0, 8, 14])
@pytest.mark.parametrize("hour", [0, 11, 23])
def test_no_zone_of_the_world_is_an_alarm(hours: int, hour: int) -> None:
    """Whoever's clock is right, and whoever's shows the hour of here as that of Greenwich."""
    now = dt.datetime(2026, 1, 30, hour, 30, tzinfo=dt.UTC)
    check_clock(today(now.astimezone(dt.timezone(dt.timedelta(hours=hours)))), DAYS)
    check_clock(today(now + dt.timedelta(hours=hours)), DAYS)


def test_one_issue_far_ahead_is_a_slip() -> None:
    """A wrong year in the list stops no night; two that follow each other are no slip."""
    slip = dt.date(2099, 12, 31)
    check_clock(NEWEST, (*DAYS, slip))
    assert future_issue(NEWEST, (slip, *DAYS)) is None
    with pytest.raises(SettingsError):
        check_clock(NEWEST - dt.timedelta(days=10), (*DAYS, slip))
    with pytest.raises(SettingsError):
        check_clock(NEWEST, (slip,))


def test_without_issues_any_clock_may_be_right() -> None:
    """A first run."""
    check_clock(dt.date(1970, 1, 1), ())
