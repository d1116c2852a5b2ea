"""A feed's items, and the names of issues: dates, slugs, addresses."""

import time
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import IssueNotFound, SourceError
from pipeline.fetch.rss import FeedItem, read_feed
from pipeline.fetch.slugs import issue_not_found, parse_slug, resolve_date, slug_date, slugify
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


def listed(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', end: str = "") -> str:
    """Write a feed."""
    return f'{head}<rss xmlns:content="{SPACE}"><channel>{"".join(items)}</channel></rss>{end}'


def told(number: int, description: str = "x") -> str:
    """Write an item that has text in CDATA too, where `&` and `<` are letters."""
    content = f"<content:encoded><![CDATA[<p>a&nbsp;b &amp; {number} & c</p>]]></content:encoded>"
    return (
        f"<item><title>T{number}</title><link>l{number}</link>"
        f"<description>{description}</description>{content}</item>"
    )


LATIN = '<?xml version="1.0" encoding="ISO-8859-1"?>'
MENDED: dict[str, tuple[str | bytes, str]] = {
    "a control character": (listed(told(1, "a\x08b")), "ab"),
    "control characters by number": (listed(told(1, "a&#8;&#x1;&#xD800;b&#65;")), "abA"),
    "entities of HTML": (listed(told(1, "a&nbsp;b&hellip;")), "a\xa0b…"),
    "entities of nobody": (listed(told(1, "a&foo;b")), "a&foo;b"),
    "raw ampersands": (
        listed(told(1, "AT&T & &copy &amp;&lt;b&gt; &#; &1")),
        "AT&T & &copy &<b> &#; &1",
    ),
    "bytes of nothing": (listed(told(1, "a?b")).encode().replace(b"?", b"\xff"), "a\ufffdb"),
    "Latin-1 under the name of UTF-8": (listed(told(1, "é")).encode("latin-1"), "\ufffd"),
    "UTF-8 under the name of Latin-1": (listed(told(1, "é中\x08"), head=LATIN), "é中"),
    "Latin-1 with a control character": (
        listed(told(1, "é\x08"), head=LATIN).encode("latin-1"),
        "é",
    ),
    "GBK with a control character": (
        listed(told(1, "中文\x01"), head='<?xml version="1.0" encoding="gbk"?>').encode("gbk"),
        "中文",
    ),
    "UTF-16 with a control character": (listed(told(1, "中\x08")).encode("utf-16"), "中"),
    "an encoding of nobody": (
        listed(told(1, "é"), head='<?xml version="1.0" encoding="rot13"?>').encode("latin-1"),
        "\ufffd",
    ),
    "text before": ("<br>Warning: cache\n" + listed(told(1)), "x"),
    "a blank line before": ("\n" + listed(told(1)), "x"),
    "two declarations": ('<?xml version="1.0"?>' + listed(told(1)), "x"),
    "text after": (listed(told(1), end="<script>count()</script>"), "x"),
    "a cut in the next item": (listed(told(1), told(2))[:-60], "x"),
    "a cut between items": (listed(told(1)).removesuffix("</channel></rss>"), "x"),
    "a broken item beside": (listed(told(2, "a < b"), told(1)), "x"),
    "a DTD that is elsewhere": (
        listed(told(1, "a&nbsp;b"), head='<!DOCTYPE rss PUBLIC "-//N//DTD" "http://x.test/r.dtd">'),
        "a\xa0b",
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_feed_that_is_no_xml_is_read_where_it_has_items(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """With one warning; CDATA is as it was, and of a broken item nothing is read."""
    feed, description = MENDED[name]
    body = feed if isinstance(feed, bytes) else feed.encode()
    [item] = read_feed(body, "http://x")
    assert (item.title, item.link, item.description) == ("T1", "l1", description)
    assert item.content == "<p>a&nbsp;b &amp; 1 & c</p>"
    [warning] = caplog.messages
    assert warning.startswith("http://x is no clean XML (")
    lost = "a cut in the next item", "a broken item beside"
    assert ("1 of 2 could not be" in warning) is (name in lost)


def test_a_clean_feed_is_read_without_a_word(caplog: pytest.LogCaptureFixture) -> None:
    """In whatever encoding it says, or is in."""
    utf16 = listed(told(1, "é"), head='<?xml version="1.0" encoding="utf-16"?>')
    feeds = {
        listed(told(1, "é")).encode(),
        listed(told(1, "é"), head=LATIN).encode("latin-1"),
        listed(told(1, "é"), head=LATIN).encode(),
        utf16.encode("utf-16"),
        utf16.encode("utf-16-le"),
        ("\ufeff" + listed(told(1, "é"))).encode(),
    }
    assert {read_feed(feed, "x")[0].description for feed in feeds} == {"é"}
    assert not caplog.messages


def test_the_feed_from_outside_is_read(shared: Path) -> None:
    """One control character in an old item."""
    body = (shared / "cases" / "feed-control-character.xml").read_bytes()
    found = read_feed(body, "x")
    assert [item.title for item in found] == ["A small issue", "Older"]
    assert found[1].description == "old words"


BOMB = (
    '<!DOCTYPE rss [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize("head", [BOMB, '<!DOCTYPE rss [<!ENTITY c SYSTEM "file:///etc/passwd">]>'])
@pytest.mark.parametrize("also", ["", "\x08"])
def test_entities_that_a_feed_defines_are_never_opened(head: str, also: str) -> None:
    """Neither a bomb nor a file of this machine, nor where the feed is mended."""
    feed = listed(told(1, f"z&c;{also}"), head=head).encode()
    if also:
        with pytest.raises(SourceError, match="not a readable feed"):
            read_feed(feed, "x")
    else:
        assert read_feed(feed, "x")[0].description == "z"


@pytest.mark.parametrize(
    "feed",
    [
        "<rss>" + "<item>" * 300_000 + "</item>\x08",
        "<rss>" + "<item></item>" * 100_000 + "\x08",
        "<rss><item>" + "<![CDATA[" * 200_000 + "</item>",
        "<rss><item>" + "&" * 3_000_000 + "</item>",
        "<rss " + 'xmlns:a="' * 200_000 + "><item></item>",
    ],
    ids=["open items", "items", "open CDATA", "ampersands", "prefixes"],
)
def test_a_feed_made_to_be_slow_is_not(feed: str) -> None:
    """The time grows with its size, and has an end."""
    started = time.process_time()
    with suppress(SourceError):
        read_feed(feed.encode(), "x")
    assert time.process_time() - started < 5
