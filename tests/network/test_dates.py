"""Dates that strangers write."""

from datetime import UTC, datetime

import pytest

from pipeline.network import parse_internet_date


def test_a_date_keeps_its_zone_and_has_utc_without_one() -> None:
    """One that names no zone is read as UTC."""
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert parse_internet_date("Mon, 05 Jan 2026 12:00:00 GMT") == noon
    assert parse_internet_date("Mon, 05 Jan 2026 14:00:00 +0200") == noon
    assert parse_internet_date("Mon, 05 Jan 2026 12:00:00 -0000") == noon


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "(",
        ",",
        "soon",
        "\ud800",
        "\0",
        "Mon, 05 Jan 2026 12:00:00 +9999",
        "Mon, 05 Jan 2026 12:00:00 +99999999999999",
        "Mon, 05 Jan 2026 12:00:00 -99999999999999",
        "Mon, 05 Jan 99999999999999999999 12:00:00 GMT",
        "Mon, 05 Jan 2026 12:00:" + "9" * 5000,
        "Mon, 32 Jan 2026 12:00:00 GMT",
        "(" * 100_000,
    ],
)
def test_an_impossible_date_is_none(text: str) -> None:
    """Whatever the library raises at it."""
    assert parse_internet_date(text) is None
