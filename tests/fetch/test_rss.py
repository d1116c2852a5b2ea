"""A feed's items, and the names of issues: dates, slugs, addresses."""

from datetime import date

import pytest

from pipeline.errors import IssueNotFound, SourceError
from pipeline.fetch.rss import (
    FeedItem,
    issue_not_found,
    parse_slug,
    read_feed,
    resolve_date,
    slug_date,
    slugify,
)
from pipeline.fetch.substack import covered_date
from pipeline.records import IssueRef

SPACE = "http://purl.org/rss/1.0/modules/content/"


def refs(*slugs: str) -> list[IssueRef]:
    """List issues."""
    return [IssueRef(slug=slug, date=slug_date(slug) or date.min, title="") for slug in slugs]


@pytest.mark.parametrize(
    ("day", "slug"),
    [
        (date(2026, 1, 3), "26-01-03-c"),
        (date(2026, 1, 4), "26-01-03-c"),
        (date(2026, 1, 2), "26-01-02-b"),
        (date(2026, 1, 1), "26-01-01-a"),
        (date.max, "26-01-05-d"),
    ],
)
def test_a_date_means_the_newest_issue_up_to_it(day: date, slug: str) -> None:
    """One of the very date counts, whatever the feed's order; of two its first."""
    found = resolve_date(
        refs("26-01-03-c", "26-01-05-d", "26-01-02-b", "26-01-02-z", "26-01-01-a"), day
    )
    assert found.slug == slug


def test_before_the_first_issue_the_first_three_are_named() -> None:
    """Oldest first, whatever the feed's order."""
    listed = refs("26-01-04-d", "26-01-03-c", "26-01-01-a", "26-01-02-b")
    with pytest.raises(IssueNotFound) as caught:
        resolve_date(listed, date(2025, 12, 31))
    assert "2025-12-31" in str(caught.value)
    assert str(caught.value).endswith("the nearest are: 26-01-01-a, 26-01-02-b, 26-01-03-c")


def test_an_unknown_issue_is_an_error_with_the_three_most_like_it() -> None:
    """The nearest first; none where nothing is listed."""
    listed = refs("26-01-04-dog", "26-01-03-cat", "26-01-02-cow", "26-01-01-ant")
    error = issue_not_found("26-01-03-cats", [ref.slug for ref in listed])
    assert "'26-01-03-cats'; the nearest are: 26-01-03-cat, " in str(error)
    assert str(issue_not_found("x", [ref.slug for ref in listed])).count("26-01") == 3
    assert "none at all" in str(issue_not_found("x", []))


@pytest.mark.parametrize(
    ("wanted", "slug"),
    [
        ("26-01-03-a", "26-01-03-a"),
        (" 26-01-03-a-1 ", "26-01-03-a-1"),
        ("26-01-03-", None),
        ("26-01-03-A", None),
        ("26-01-03-a_b", None),
        ("26-13-03-a", None),
        ("2026-01-03-a", None),
        ("HTTPS://a.test/issues/26-01-03-a", "26-01-03-a"),
        ("https://a.test/x/y/issues/26-01-03-a.md", "26-01-03-a"),
        ("https://a.test/frozen-issues/26-01-03-a.html?b#c", "26-01-03-a"),
        ("https://a.test/issues/26-01-03-a/b", None),
        ("https://a.test/tags/26-01-03-a", None),
        ("https://a.test/issues/26-01-03-a.txt", None),
    ],
)
def test_a_slug_is_read_off_its_names(wanted: str, slug: str | None) -> None:
    """A date of the calendar, and small letters, digits and dashes."""
    assert parse_slug(wanted) == slug


@pytest.mark.parametrize(
    ("slug", "day"),
    [
        ("26-01-03-a", date(2026, 1, 3)),
        ("24-02-29-a", date(2024, 2, 29)),
        ("25-02-29-a", None),
        ("letter", None),
        ("", None),
    ],
)
def test_the_date_of_a_slug(slug: str, day: date | None) -> None:
    """None where there is none."""
    assert slug_date(slug) == day


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Big Model's day", "big-models-day"),
        ("Don’t — panic!", "dont-panic"),
        ("GPT-5.1: A/B", "gpt-5-1-a-b"),
        ("  «x»  ", "x"),
    ],
)
def test_a_title_is_written_as_slugs_are(title: str, slug: str) -> None:
    """Apostrophes are left out, all else between words is one dash."""
    assert slugify(title) == slug


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("AI News for 1/2/2026-1/3/2026.", date(2026, 1, 3)),
        ("AI News for 1/2/2026 – 1/13/2026", date(2026, 1, 13)),
        ("AI News for 1/2/2026", date(2026, 1, 2)),
        ("x AI News for 12/31/2025-1/1/2026 AI News for 2/2/2026", date(2026, 1, 1)),
        ("AI News for 13/1/2026", None),
        ("AI News for 2/30/2026", None),
        ("AI News of 1/2/2026", None),
        ("", None),
    ],
)
def test_the_last_day_that_an_issue_covers(text: str, day: date | None) -> None:
    """Month, day, year, as it is written in America."""
    assert covered_date(text) == day


def test_an_item_has_all_that_the_feed_says_of_it() -> None:
    """White space around it is gone, what it lacks is empty, and the order is the feed's."""
    full = (
        "<item><title> A &amp; b\n</title><link> https://a.test </link>"
        "<pubDate>Sat, 03 Jan 2026 23:30:00 -0500</pubDate><description> d </description>"
        f'<c:encoded xmlns:c="{SPACE}"> &lt;p&gt; </c:encoded></item>'
    )
    found = read_feed(f"<rss><channel>{full}<item/></channel></rss>".encode(), "x")
    assert found == (
        FeedItem("A & b", "https://a.test", date(2026, 1, 3), "d", " <p> "),
        FeedItem("", "", None, "", ""),
    )


def test_what_is_no_feed_is_named() -> None:
    """With its address; a date that is none is only missing."""
    with pytest.raises(SourceError, match="http://x is not a readable feed"):
        read_feed(b"<rss>", "http://x")
    item = b"<rss><item><pubDate>32 Foo</pubDate></item></rss>"
    assert read_feed(item, "x")[0].published is None


@pytest.mark.parametrize("zone", ["+9999", "+99999999999999", "-99999999999999"])
def test_an_item_with_an_impossible_zone_has_no_date_and_leaves_the_others(zone: str) -> None:
    """One stranger's item does not end the reading of a feed."""
    dates = [f"Mon, 05 Jan 2026 12:00:00 {end}" for end in (zone, "GMT")]
    items = "".join(f"<item><title>t</title><pubDate>{text}</pubDate></item>" for text in dates)
    found = read_feed(f"<rss><channel>{items}</channel></rss>".encode(), "https://example.com/")
    assert [item.published for item in found] == [None, date(2026, 1, 5)]
