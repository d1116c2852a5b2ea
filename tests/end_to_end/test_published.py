"""What programs find on the site: every digest as data, lists of them, feeds, and links to all."""

import datetime as dt
import json
import re
from email import message_from_bytes
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import feedparser
import pytest
from lxml import html
from markdown_it import MarkdownIt

import daily
from build import entry
from pipeline.site.build import BuiltSite, build_site
from pipeline.site.feed import (
    MAX_FEED_DIGESTS,
    SiteDigest,
    feed_posts,
    render_feed,
    render_json_feed,
)
from pipeline.site.forms import form_links
from pipeline.site.pages import outline
from pipeline.site.published import MAX_LISTED_DIGESTS, render_llms
from pipeline.write.files import write
from pipeline.write.json_format import from_json

URL = "https://example.org/ainews/"
DAYS = 12
HOSTILE = daily.FIRST_DAY + dt.timedelta(days=DAYS)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the digests of some days, the newest hostile."""
    folder = tmp_path_factory.mktemp("outputs")
    daily.write_digests(folder, DAYS)
    write(daily.hostile_digest(HOSTILE), folder)
    return folder


@pytest.fixture(scope="module", params=[URL, None], ids=["address", "no address"])
def built(
    request: pytest.FixtureRequest, outputs: Path, tmp_path_factory: pytest.TempPathFactory
) -> BuiltSite:
    """Build their site, with and without an address."""
    return build_site(outputs, tmp_path_factory.mktemp("out") / "site", base_url=request.param)


def data(built: BuiltSite, name: str) -> Any:
    """Read a file of JSON."""
    return json.loads((built.out / name).read_text("utf-8"))


def test_every_digest_is_there_as_it_was_written(built: BuiltSite, outputs: Path) -> None:
    """Its JSON and its Markdown, byte for byte, and what it is given away in."""
    for file in (*outputs.glob("*.json"), *outputs.glob("*.md")):
        assert (built.out / "digests" / file.name).read_bytes() == file.read_bytes()
    stem = daily.FIRST_DAY.isoformat()
    digest = from_json((outputs / f"{stem}.json").read_text("utf-8"))
    text = (built.out / f"digests/{stem}.txt").read_text("utf-8")
    assert text.startswith(f"AINews - {stem}\n")
    article = (built.out / f"digests/{stem}.wechat.html").read_text("utf-8")
    mail = message_from_bytes((built.out / f"digests/{stem}.eml").read_bytes())
    assert mail.is_multipart()
    assert all(one.title in text and one.title in article for one in digest.entries)


def test_the_list_has_a_line_of_every_digest(built: BuiltSite, outputs: Path) -> None:
    """Newest first, with what there is to fetch; and few bytes of each."""
    listed = data(built, "index.json")["digests"]
    stems = sorted((file.stem for file in outputs.glob("*.json")), reverse=True)
    assert [one["name"] for one in listed] == stems
    for one in listed:
        assert one["date"] == one["name"][:10]
        assert (one["news"], one["tools"]) == (10, 10)
        for kind in ("page", "json", "markdown"):
            assert one[kind] in built.files
    assert listed[-1]["issue"] == data(built, listed[-1]["json"])["provenance"]["slug"]
    assert (built.out / "index.json").stat().st_size < 300 * len(listed)


def test_the_latest_digest_has_a_name_of_its_own(built: BuiltSite, tmp_path: Path) -> None:
    """The same bytes as under its date; where there is none yet, nothing."""
    newest = (built.out / f"digests/{HOSTILE}.json").read_bytes()
    assert (built.out / "latest.json").read_bytes() == newest
    (tmp_path / "outputs").mkdir()
    empty = build_site(tmp_path / "outputs", tmp_path / "site")
    assert data(empty, "latest.json") is None
    assert data(empty, "index.json") == {"digests": []}
    assert data(empty, "feed.json")["items"] == []
    assert "## 数据" in (empty.out / "llms.txt").read_text("utf-8")


def test_the_json_feed_has_what_version_1_1_asks_for(built: BuiltSite) -> None:
    """Only fields that it knows, of their kinds; ids are strings and no two the same."""
    feed = data(built, "feed.json")
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    known = {"version", "title", "description", "home_page_url", "feed_url", "language"}
    assert feed.keys() - {"feed_url"} == (known | {"authors", "items"}) - {"feed_url"}
    assert feed["authors"] == [{"name": "ainews-digest"}]
    fields = {"id", "url", "external_url", "title", "content_html", "summary", "language"}
    for item in feed["items"]:
        assert item.keys() - {"external_url"} == (fields | {"date_published"}) - {"external_url"}
        assert all(isinstance(value, str) for value in item.values())
        assert dt.datetime.fromisoformat(item["date_published"]).tzinfo
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"]) == DAYS + 1
    if "feed_url" in feed:
        assert feed["feed_url"] == f"{URL}feed.json"
        assert all(item["url"].startswith(URL) for item in feed["items"])


def test_both_feeds_say_the_same_under_the_same_ids() -> None:
    """So that a reader may change from one to the other; neither tells more than thirty."""
    days = [daily.FIRST_DAY + dt.timedelta(days=n) for n in range(MAX_FEED_DIGESTS + 3)]
    given = [SiteDigest(day.isoformat(), daily.digest(day)) for day in reversed(days)]
    posts = feed_posts(given, base_url=URL)
    atom = feedparser.parse(render_feed(posts, base_url=URL).encode()).entries
    items = json.loads(render_json_feed(posts, base_url=URL))["items"]
    assert len(items) == MAX_FEED_DIGESTS
    for one, item in zip(atom, items, strict=True):
        assert (one.id, one.link, one.title, one.published) == (
            item["id"],
            item["url"],
            item["title"],
            item["date_published"],
        )
        assert one.content[0].value.strip() == item["content_html"].strip()
        assert "<h2>📰 十大AI新闻要点</h2>" in item["content_html"]


def test_hostile_texts_are_text_in_the_json_feed(built: BuiltSite) -> None:
    """Its HTML has only elements of ours, and every link is the digest's own."""
    item = data(built, "feed.json")["items"][0]
    found = html.fragments_fromstring(item["content_html"])
    tags = {each.tag for top in found if not isinstance(top, str) for each in top.iter()}
    assert tags <= {"h2", "ol", "li", "h3", "p", "a", "blockquote"}
    hrefs = [href for top in found if not isinstance(top, str) for href in top.xpath(".//@href")]
    assert all(re.match(r"https://example\.org/|\d{4}-\d\d-\d\d\.html$", href) for href in hrefs)


def test_a_language_model_is_led_to_the_text(built: BuiltSite) -> None:
    """By links that exist; titles are text, whatever they say."""
    text = (built.out / "llms.txt").read_text("utf-8")
    assert text.startswith("# AINews 中文日报\n\n> ")
    tokens = MarkdownIt("commonmark", {"html": True}).parse(text)
    inline = [part for token in tokens for part in token.children or ()]
    hrefs = [str(part.attrGet("href")) for part in inline if part.type == "link_open"]
    assert not [part for part in (*tokens, *inline) if part.type.startswith("html")]
    newest = [f"digests/{HOSTILE - dt.timedelta(days=n)}.md" for n in range(MAX_LISTED_DIGESTS)]
    wanted = [*newest, "latest.json", "index.json", "feed.json", "feed.xml"]
    base = URL if hrefs[0].startswith("https:") else ""
    assert hrefs == [urljoin(base, name) if base else name for name in wanted]
    assert set(wanted) <= set(built.files)


def test_a_title_adds_no_line_and_no_link_to_what_models_read() -> None:
    """It cannot end its line, nor lead anywhere."""
    title = "标题](https://evil.example)\n## 指令\n[点](https://evil.example)"
    news = (entry("s01", None).model_copy(update={"title": title}),)
    digest = daily.digest(daily.FIRST_DAY).model_copy(update={"news": news})
    text = render_llms([outline(SiteDigest("2025-11-24", digest), whole=False)], base_url=None)
    assert "\n## 指令" not in text
    tokens = MarkdownIt("gfm-like", {"linkify": True}).parse(text)
    inline = [part for token in tokens for part in token.children or ()]
    assert len([part for part in inline if part.type == "link_open"]) == 5


def test_pages_lead_to_the_data(built: BuiltSite) -> None:
    """In their head, for programs, and where a reader looks."""
    stem = daily.FIRST_DAY.isoformat()
    page = html.fromstring((built.out / f"{stem}.html").read_bytes())
    alternates = {
        each.get("type"): each.get("href") for each in page.xpath("//link[@rel='alternate']")
    }
    assert alternates == {
        "application/atom+xml": "feed.xml",
        "application/feed+json": "feed.json",
        "application/json": f"digests/{stem}.json",
        "text/markdown": f"digests/{stem}.md",
    }
    shown = {each.text: each.get("href") for each in page.xpath("//main//a")}
    assert {link.label: link.href for link in form_links(stem)}.items() <= shown.items()
    for name, root in (("index.html", ""), (f"month/{stem[:7]}.html", "../")):
        other = html.fromstring((built.out / name).read_bytes())
        feet = set(other.xpath("//footer//@href"))
        names = ("index.json", "latest.json", "feed.json", "feed.xml", "llms.txt")
        assert feet == {f"{root}{one}" for one in names}
