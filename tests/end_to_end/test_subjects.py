"""Pages by subject, roundups on the site, and what is made again of them."""

import datetime as dt
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest
from lxml import html

import daily
from pipeline.records import Digest, Entry, period_dates
from pipeline.roundup import compose_roundup, read_period, write_roundup
from pipeline.site.build import BuiltSite, build_site
from pipeline.site.report_link import MAX_CHARS, ReportForm
from pipeline.site.subjects import MAX_ROWS, MIN_ENTRIES
from pipeline.write import to_json, write

URL = "https://example.org/ainews/"
MONDAY = dt.date(2025, 12, 1)
WEEK = period_dates("2025-W49")


def _digest(day: dt.date, *titles: str, link: str = "https://example.org/{}") -> Digest:
    news = tuple(
        daily.entry("news", number, day).model_copy(
            update={
                "title": title,
                "summary": "摘要。",
                "sentences": (),
                "evidence": "",
                "link": link.format(number),
                "follows": None,
            }
        )
        for number, title in enumerate(titles, start=1)
    )
    return daily.digest(day).model_copy(update={"news": news, "tools": (), "findings": ()})


def _build(folder: Path, *digests: Digest, url: str | None = URL) -> BuiltSite:
    outputs = folder / "outputs"
    for digest in digests:
        write(digest, outputs)
    return build_site(outputs, folder / "site", base_url=url, index_dir=folder / "cache")


def _days(*titles: str) -> tuple[Digest, ...]:
    return tuple(
        _digest(MONDAY + dt.timedelta(days=day), title) for day, title in enumerate(titles)
    )


def _rows(built: BuiltSite, slug: str) -> list[tuple[str, str]]:
    page = html.fromstring((built.out / "subject" / f"{slug}.html").read_bytes())
    links = page.xpath("//a[@class='row']")
    return [(link.text_content().strip(), link.get("href")) for link in links]


def test_a_subject_has_a_page_from_three_entries_on(tmp_path: Path) -> None:
    """However it is written, the newest first; each title leads to its entry."""
    two = _build(tmp_path, *_days("OpenAI 甲", "谷歌乙", "OPENAI's 丙"))
    assert not any("company" in name for name in two.files)
    built = _build(tmp_path, _digest(MONDAY + dt.timedelta(days=3), "Google 丁", "openai 戊"))
    assert MIN_ENTRIES == 3
    assert [name for name in built.files if "company" in name] == [
        "subject/company-openai.html",
        "subject/company-openai.xml",
    ]
    assert _rows(built, "company-openai") == [
        ("openai 戊", "../2025-12-04.html#news-2"),
        ("OPENAI's 丙", "../2025-12-03.html#news-1"),
        ("OpenAI 甲", "../2025-12-01.html#news-1"),
    ]


@pytest.mark.parametrize(
    ("link", "slug"),
    [
        ("https://arxiv.org/abs/2512.0000{}", "source-paper"),
        ("https://github.com/owner/name{}", "source-repository"),
        ("https://huggingface.co/owner/model{}", "source-model"),
        ("https://openai.com/index/thing{}", "source-product"),
    ],
)
def test_kinds_of_sources_have_pages(tmp_path: Path, link: str, slug: str) -> None:
    """By the address alone."""
    built = _build(tmp_path, _digest(MONDAY, "一", "二", "三", link=link))
    assert len(_rows(built, slug)) == 3


@pytest.mark.parametrize("url", [URL, None])
def test_a_subject_has_a_feed(tmp_path: Path, url: str | None) -> None:
    """Of the same entries, each under an id of its own, whether the site's address is known."""
    built = _build(tmp_path, *_days("OpenAI <b>甲</b>", "OpenAI 乙", "OpenAI 丙"), url=url)
    feed = feedparser.parse((built.out / "subject/company-openai.xml").read_text("utf-8"))
    assert not feed.bozo
    assert [one.title for one in feed.entries] == ["OpenAI 丙", "OpenAI 乙", "OpenAI <b>甲</b>"]
    assert len({one.id for one in feed.entries}) == 3
    expected = f"{url}2025-12-03.html#news-1" if url else "../2025-12-03.html#news-1"
    assert feed.entries[0].link == expected
    text = (built.out / "subject/company-openai.xml").read_text("utf-8")
    assert "<b>" not in text


def test_the_list_names_all_subjects_and_the_sitemap_their_pages(tmp_path: Path) -> None:
    """With their counts."""
    built = _build(tmp_path, *_days("OpenAI 甲", "OpenAI 乙", "OpenAI 丙"))
    listed = html.fromstring((built.out / "subject/index.html").read_bytes())
    assert listed.xpath("//ul[@class='subjects']//a/@href") == ["../subject/company-openai.html"]
    assert "3 条" in listed.xpath("//ul[@class='subjects']")[0].text_content()
    assert f"{URL}subject/company-openai.html" in (built.out / "sitemap.xml").read_text("utf-8")


def test_only_what_changed_is_made_again(tmp_path: Path) -> None:
    """A day that says nothing of a subject leaves its page and its feed alone."""
    first = _build(tmp_path, *_days("OpenAI 甲", "OpenAI 乙", "OpenAI 丙"))
    assert _build(tmp_path).changed == ()
    other = _build(tmp_path, _digest(MONDAY + dt.timedelta(days=5), "旁事"))
    assert not any(name.startswith("subject/company") for name in other.changed)
    more = _build(tmp_path, _digest(MONDAY + dt.timedelta(days=6), "OpenAI 丁"))
    assert {"subject/company-openai.html", "subject/company-openai.xml"} <= set(more.changed)
    (tmp_path / "outputs" / "2025-12-07.json").unlink()
    for day in ("2025-12-02", "2025-12-03"):
        (tmp_path / "outputs" / f"{day}.json").unlink()
    assert "subject/company-openai.html" in _build(tmp_path).removed
    assert first.files


def test_a_page_shows_so_many_and_says_how_many_more(tmp_path: Path) -> None:
    """However many there are."""
    count = MAX_ROWS + 7
    built = _build(tmp_path, _digest(MONDAY, *(f"OpenAI 第{n}条" for n in range(count))))
    assert len(_rows(built, "company-openai")) == MAX_ROWS
    page = (built.out / "subject/company-openai.html").read_text("utf-8")
    assert "更早的 7 条" in page


def _roundups(folder: Path, count: int = 3) -> Path:
    outputs = folder / "outputs"
    for day in range(count):
        write(daily.digest(MONDAY + dt.timedelta(days=day)), outputs)
    write_roundup(compose_roundup(WEEK, read_period(outputs, WEEK).digests), outputs, WEEK)
    return outputs


def test_a_roundup_has_a_page_every_form_a_list_and_a_feed(tmp_path: Path) -> None:
    """As a digest has; its entries lead to the digests they stand in."""
    outputs = _roundups(tmp_path)
    built = _build(tmp_path)
    assert built.warnings == ()
    stored = (outputs / "weekly/2025-W49.json").read_bytes()
    assert (built.out / "digests/2025-W49.json").read_bytes() == stored
    for ending in (".md", ".txt", ".eml", ".wechat.html"):
        assert f"digests/2025-W49{ending}" in built.files
    page = html.fromstring((built.out / "roundup/2025-W49.html").read_bytes())
    links = page.xpath("//li[@class='published']/a/@href")
    assert links
    for link in links:
        name, _, anchor = link.removeprefix("../").partition("#")
        target = html.fromstring((built.out / name).read_bytes())
        assert target.xpath(f"//article[@id='{anchor}']")
    feed = feedparser.parse((built.out / "roundup/feed.xml").read_text("utf-8"))
    assert [one.link for one in feed.entries] == [f"{URL}roundup/2025-W49.html"]
    assert _build(tmp_path).changed == ()


def test_roundups_are_no_digests_of_the_lists(tmp_path: Path) -> None:
    """Neither the newest one nor a day of a month."""
    _roundups(tmp_path)
    built = _build(tmp_path)
    listed = json.loads((built.out / "index.json").read_text("utf-8"))
    assert [one["name"] for one in listed["digests"]] == ["2025-12-03", "2025-12-02", "2025-12-01"]
    assert built.digests == 3


@pytest.mark.parametrize("text", ["{", to_json(daily.digest(MONDAY))])
def test_what_is_no_roundup_is_warned_of(tmp_path: Path, text: str) -> None:
    """The rest of the site is built."""
    outputs = _roundups(tmp_path)
    (outputs / "weekly" / "2025-W50.json").write_text(text, "utf-8")
    built = _build(tmp_path)
    assert any("2025-W50" in warning for warning in built.warnings)
    assert "roundup/2025-W49.html" in built.files


def test_a_roundup_whose_digest_is_gone_leads_nowhere(tmp_path: Path) -> None:
    """No link to a page that is not there."""
    outputs = _roundups(tmp_path)
    (outputs / "2025-12-02.json").unlink()
    built = _build(tmp_path)
    page = html.fromstring((built.out / "roundup/2025-W49.html").read_bytes())
    assert not page.xpath("//a[starts-with(@href, '../2025-12-02')]")


FORM = ReportForm("https://example.org/owner/name/", "ainews-digest 1.2.3")


def _told() -> Entry:
    return daily.entry("news", 2, MONDAY)


def test_a_report_is_filled_in() -> None:
    """Entry, sentences with their lines, and version; nobody is called by an @."""
    entry = _told().model_copy(update={"title": "@someone 发布 & <b>新</b>"})
    link = FORM.link("2025-12-01", "news:2", entry)
    assert link.startswith("https://example.org/owner/name/issues/new?")
    fields = parse_qs(urlsplit(link).query)
    body = fields["body"][0]
    for words in ("2025-12-01 news:2", entry.sentences[0].text, "（原刊第 1–2 行）", "1.2.3"):
        assert words in body
    assert "@" not in body
    assert set(fields) == {"title", "body"}


def test_gitlab_has_names_of_its_own() -> None:
    """For the same form."""
    form = FORM._replace(repository="https://gitlab.example.org/owner/name")
    link = form.link("2025-12-01", "news:2", _told())
    assert "/-/issues/new?" in link
    assert "issue%5Btitle%5D" in link


def test_a_report_is_never_too_long_for_a_server() -> None:
    """Whatever the entry says."""
    for text in ("长" * 20_000, "\U0001f600" * 5_000):
        entry = _told().model_copy(update={"summary": text, "title": text, "sentences": ()})
        assert len(FORM.link("2025-12-01", "news:2", entry)) <= MAX_CHARS


def test_only_a_site_whose_repository_is_known_has_reports(tmp_path: Path) -> None:
    """And a page is made again when it changes."""
    built = _build(tmp_path, daily.digest(MONDAY))
    page = built.out / "2025-12-01.html"
    assert "issues/new" not in page.read_text("utf-8")
    build_site(
        tmp_path / "outputs",
        built.out,
        base_url=URL,
        repository_url="https://example.org/owner/name",
        index_dir=tmp_path / "cache",
    )
    assert page.read_text("utf-8").count("issues/new") == 20


def test_an_error_in_a_roundup_is_reported_of_the_digest_that_has_it(tmp_path: Path) -> None:
    """By the place where it is to be mended; where that is gone, by its place in the roundup."""
    outputs = _roundups(tmp_path)
    (outputs / "2025-12-03.json").unlink()
    built = build_site(outputs, tmp_path / "site", repository_url="https://example.org/owner/name")
    page = html.fromstring((built.out / "roundup/2025-W49.html").read_bytes())
    reports = page.xpath("//a[@class='report']/@href")
    titles = [parse_qs(urlsplit(one).query)["title"][0] for one in reports]
    days = page.xpath("//li[@class='published']")
    assert len(reports) == len(page.xpath("//article")) == len(days)
    for title, day in zip(titles, days, strict=True):
        for link in day.xpath("a/@href"):
            name, _, anchor = link.removeprefix("../").partition(".html#")
            assert title.startswith(f"{name} {anchor.replace('-', ':')}：")
        assert bool(day.xpath("a")) != title.startswith("2025-W49 ")
    assert any(title.startswith("2025-W49 ") for title in titles)
