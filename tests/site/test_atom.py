"""The feed: valid by the schema of RFC 4287, read by a feed library, whole, and the same again."""

import datetime as dt
from collections.abc import Container, Sequence
from pathlib import Path

import feedparser
import pytest
from lxml import etree

import daily
from pipeline.records import Digest
from pipeline.site import feed as module
from pipeline.site.feed import (
    MAX_FEED_DIGESTS,
    SiteDigest,
    feed_posts,
    render_feed,
    render_robots,
    render_sitemap,
)
from pipeline.site.safe import one_line

URL = "https://example.org/ainews-digest/"
SCHEMA = Path(__file__).parent.parent / "fixtures" / "site" / "atom.rng"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def published(*digests: Digest) -> list[SiteDigest]:
    """Name digests as their files are named, newest first."""
    return [SiteDigest(digest.date.isoformat(), digest) for digest in digests]


def days(count: int) -> list[SiteDigest]:
    """Publish so many days, newest first."""
    dates = [daily.FIRST_DAY + dt.timedelta(days=number) for number in range(count)]
    return published(*map(daily.digest, reversed(dates)))


def atom(
    given: Sequence[SiteDigest], *, base_url: str | None, stems: Container[str] | None = None
) -> str:
    """Write the feed of these digests."""
    posts = feed_posts(given, base_url=base_url, stems=stems)
    return render_feed(posts, base_url=base_url)


ALL = {
    "none": [],
    "one": days(1),
    "many": days(MAX_FEED_DIGESTS + 5),
    "hostile": published(daily.hostile_digest(dt.date(2025, 12, 31))),
}


@pytest.fixture(scope="module")
def schema() -> etree.RelaxNG:
    """Read what RFC 4287 asks of a feed, in a schema of ours."""
    return etree.RelaxNG(file=str(SCHEMA))


@pytest.mark.parametrize("url", [URL, None])
@pytest.mark.parametrize("which", ALL)
def test_it_is_valid(schema: etree.RelaxNG, which: str, url: str | None) -> None:
    """Whatever its digests say, and whether or not the site has an address."""
    tree = etree.fromstring(atom(ALL[which], base_url=url).encode())
    assert schema.validate(tree), schema.error_log


def test_the_schema_finds_what_is_wrong(schema: etree.RelaxNG) -> None:
    """What is missing, stands twice, is no value of its kind or has no place in a feed."""

    def remove(each: etree._Element) -> None:
        each.getparent().remove(each)

    def repeat(each: etree._Element) -> None:
        each.addnext(etree.fromstring(etree.tostring(each)))

    for name, spoil in (
        *((name, remove) for name in ("id", "title", "updated")),
        *((name, repeat) for name in ("id", "title", "updated", "content")),
        ("updated", lambda each: setattr(each, "text", "yesterday")),
        ("updated", lambda each: setattr(each, "text", "2026-01-30T10:00:00")),
        ("updated", lambda each: setattr(each, "text", "2026-13-30T10:00:00Z")),
        ("id", lambda each: setattr(each, "text", "")),
        ("id", lambda each: setattr(each, "tag", f"{ATOM}guid")),
        ("title", lambda each: each.set("type", "text/html")),
        ("title", lambda each: each.set("kind", "x")),
        ("title", lambda each: each.append(etree.Element("b"))),
        ("link", lambda each: each.attrib.pop("href")),
        ("content", lambda each: each.set("type", "xhtml")),
    ):
        tree = etree.fromstring(atom(ALL["one"], base_url=URL).encode())
        spoil(tree.find(f"{ATOM}entry/{ATOM}{name}"))
        assert not schema.validate(tree), name


@pytest.mark.parametrize("which", ALL)
def test_a_feed_library_reads_it(which: str) -> None:
    """Without a complaint, and with an id, a date, an author and an address for each digest."""
    read = feedparser.parse(atom(ALL[which], base_url=URL).encode())
    assert not read.bozo, read.bozo_exception
    assert read.version == "atom10"
    assert read.feed.language == "zh-CN"
    assert read.feed.author == "ainews-digest"
    assert {(link.rel, link.href) for link in read.feed.links} == {
        ("alternate", URL),
        ("self", f"{URL}feed.xml"),
    }
    newest = ALL[which][:MAX_FEED_DIGESTS]
    assert [entry.link for entry in read.entries] == [f"{URL}{each.stem}.html" for each in newest]
    assert [entry.id for entry in read.entries] == [
        f"tag:example.org,{each.digest.date}:/ainews-digest/{each.stem}" for each in newest
    ]
    assert len({read.feed.id, *(entry.id for entry in read.entries)}) == len(newest) + 1
    for entry, each in zip(read.entries, newest, strict=True):
        assert entry.published == entry.updated == f"{each.digest.date}T00:00:00+08:00"
    assert read.feed.updated == (read.entries[0].updated if newest else "1970-01-01T00:00:00+08:00")


def test_an_entry_tells_the_whole_digest() -> None:
    """All twenty, each with its title, summary and link, and the earlier day that told it."""
    read = feedparser.parse(atom(ALL["many"], base_url=URL).encode())
    [content] = read.entries[0].content
    assert content.type == "text/html"
    digest = ALL["many"][0].digest
    for entry in (*digest.news, *digest.tools):
        assert f"<h3>{entry.title}</h3>" in content.value
        assert f"<p>{entry.summary}</p>" in content.value
        assert f'<a href="{entry.link}">' in content.value
    yesterday = digest.date - dt.timedelta(days=1)
    assert f'<a href="{URL}{yesterday}.html">后续（{yesterday}）</a>' in content.value
    assert content.value.count("<li>") == 20


def test_an_entry_is_summed_up_by_its_first_three_titles() -> None:
    """News before tools, in the order of the digest."""
    read = feedparser.parse(atom(ALL["many"], base_url=URL).encode())
    titles = [entry.title for entry in ALL["many"][0].digest.news[:3]]
    assert read.entries[0].summary == "；".join(titles)


def test_an_earlier_day_that_the_site_has_not_is_no_link() -> None:
    """The oldest digest follows one that lies nowhere."""
    [content] = feedparser.parse(atom(ALL["many"][:1], base_url=URL).encode()).entries[0].content
    yesterday = ALL["many"][0].digest.date - dt.timedelta(days=1)
    assert f"后续（{yesterday}）" in content.value
    assert f"{yesterday}.html" not in content.value


def test_hostile_texts_stay_texts() -> None:
    """In the markup that a reader finds in the content there is none but ours."""
    text = atom(ALL["hostile"], base_url=URL)
    [content] = etree.fromstring(text.encode()).iter(f"{ATOM}content")
    markup = etree.HTML(f"<div>{content.text}</div>")
    ours = {"html", "body", "div", "h2", "ol", "li", "h3", "p", "a", "blockquote"}
    assert {element.tag for element in markup.iter()} == ours
    attributes = {name for element in markup.iter() for name in element.attrib}
    assert attributes == {"href", "lang"}
    links = [element.get("href", "") for element in markup.iter("a")]
    assert all(link.startswith(("https://example.org/", URL)) for link in links)
    shown = "".join(markup.itertext())
    for number in range(1, 11):
        said = daily.HOSTILE[number % len(daily.HOSTILE)].format(f"title{number}")
        assert "".join(one_line(said).split("\ufffe")) in shown


def test_without_an_address_it_leads_where_it_lies() -> None:
    """Its links are relative, it says of no address that it is its own, and its ids are nobody's."""
    tree = etree.fromstring(atom(ALL["one"], base_url=None).encode())
    assert [link.get("href") for link in tree.findall(f"{ATOM}link")] == ["index.html"]
    [entry] = tree.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "tag:ainews-digest.invalid,2025-11-24:/2025-11-24"
    assert entry.find(f"{ATOM}link").get("href") == "2025-11-24.html"


def test_a_name_of_other_letters_is_an_id_all_the_same() -> None:
    """In the form that name servers know."""
    tree = etree.fromstring(atom([], base_url="https://例子.cn/日报/").encode())
    assert tree.findtext(f"{ATOM}id") == ("tag:xn--fsqu00a.cn,2025-01-01:/%E6%97%A5%E6%8A%A5/feed")


def test_the_list_of_pages_is_whole_addresses_within_its_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of more pages than a list may have it names the first ones."""
    assert module.MAX_SITEMAP_URLS == 50_000
    monkeypatch.setattr(module, "MAX_SITEMAP_URLS", 3)
    day = dt.date(2025, 12, 21)
    pages = [(f"{number} 页.html", day) for number in range(4)]
    tree = etree.fromstring(render_sitemap(pages, base_url=URL).encode())
    assert len(tree) == 3
    assert tree[0].findtext(f"{SITEMAP}loc") == f"{URL}0%20%E9%A1%B5.html"
    assert tree[0].findtext(f"{SITEMAP}lastmod") == "2025-12-21"


def test_robots_are_told_where_they_look() -> None:
    """At the root of a host, and nowhere else."""
    assert render_robots(URL) is None
    said = render_robots("https://example.org/")
    assert said == "User-agent: *\nDisallow:\n\nSitemap: https://example.org/sitemap.xml\n"
