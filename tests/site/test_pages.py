"""What pages for readers show: which digests, which entries, which links, and in which order."""

import datetime as dt
import json

import pytest

import daily
from build import entry
from pipeline.records import Digest, Entry, Finding, Link
from pipeline.site.citations import EvidenceParagraph
from pipeline.site.entry import EntryView, day_link, entry_view
from pipeline.site.feed import SiteDigest, feed_posts, render_feed, render_sitemap
from pipeline.site.pages import (
    digest_page,
    index_page,
    month_links,
    month_page,
    search_data,
    search_row,
)
from pipeline.site.render import render_template
from pipeline.site.safe import drop_invisible, external_link, external_links, one_line


def published(*stems: str) -> list[SiteDigest]:
    """Publish a digest under each name, as they are given: newest first."""
    return [SiteDigest(stem, daily.digest(dt.date.fromisoformat(stem[:10]))) for stem in stems]


def atom(given: list[SiteDigest], *, base_url: str | None) -> str:
    """Write the feed of these digests."""
    return render_feed(feed_posts(given, base_url=base_url), base_url=base_url)


THREE_MONTHS = published(
    "2026-01-02", "2025-12-22-2", "2025-12-22", "2025-12-01", "2025-10-31", "2025-10-30"
)


# --- days ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "date", "short", "weekday"),
    [
        ("2025-12-22", "2025年12月22日", "12月22日", "星期一"),
        ("2025-12-28", "2025年12月28日", "12月28日", "星期日"),
        ("2026-01-03-2", "2026年1月3日（2）", "1月3日（2）", "星期六"),
        ("2026-01-03-10", "2026年1月3日（10）", "1月3日（10）", "星期六"),
    ],
)
def test_a_day_is_said_as_a_reader_says_it(stem: str, date: str, short: str, weekday: str) -> None:
    """Without leading zeros, with the day of the week, and which digest of the day it is."""
    said = day_link(stem)
    assert (said.date, said.short, said.weekday) == (date, short, weekday)
    assert (said.stem, said.iso, said.href) == (stem, stem[:10], f"{stem}.html")


# --- months --------------------------------------------------------------------------------------


def test_months_are_counted_in_the_order_of_their_digests() -> None:
    """Each with its page and its search data."""
    found = month_links(THREE_MONTHS)
    assert [(each.name, each.label, each.digests) for each in found] == [
        ("2026-01", "2026年1月", 1),
        ("2025-12", "2025年12月", 3),
        ("2025-10", "2025年10月", 2),
    ]
    assert (found[1].href, found[1].data) == ("month/2025-12.html", "search/2025-12.js")


@pytest.mark.parametrize(
    ("name", "older", "newer", "stems"),
    [
        ("2026-01", "2025-12", None, ["2026-01-02"]),
        ("2025-12", "2025-10", "2026-01", ["2025-12-22-2", "2025-12-22", "2025-12-01"]),
        ("2025-10", None, "2025-12", ["2025-10-31", "2025-10-30"]),
    ],
)
def test_a_month_leads_to_the_months_beside_it(
    name: str, older: str | None, newer: str | None, stems: list[str]
) -> None:
    """The newest one links to nothing newer, the oldest to nothing older; months may lack."""
    page = month_page(name, THREE_MONTHS)
    assert page.month.name == name
    assert (page.older and page.older.name, page.newer and page.newer.name) == (older, newer)
    assert [each.day.stem for each in page.teasers] == stems
    assert [each.name for each in page.months] == ["2026-01", "2025-12", "2025-10"]
    assert all(each.day.href.startswith("../") for each in page.teasers)


def test_a_lone_month_has_nothing_beside_it() -> None:
    """Neither older nor newer."""
    page = month_page("2026-01", THREE_MONTHS[:1])
    assert (page.older, page.newer) == (None, None)


def test_the_search_page_names_the_months_newest_first() -> None:
    """A blank between them."""
    for digests, names in ((THREE_MONTHS, "2026-01 2025-12 2025-10"), ([], "")):
        months = month_links(digests)
        page = render_template("search.html", view=months, root="", canonical=None, active="search")
        assert f'data-months="{names}"' in page


# --- the first page ------------------------------------------------------------------------------


def test_the_first_page_tells_the_newest_whole_and_seven_more_by_five_news() -> None:
    """What is not named is counted."""
    stems = [f"2025-12-{number:02d}" for number in range(20, 8, -1)]
    page = index_page(published(*stems))
    assert page.newest is not None
    assert (len(page.newest.news), len(page.newest.tools), page.newest.more) == (10, 10, 0)
    assert [each.day.stem for each in page.others] == stems[1:8]
    assert {(len(each.news), len(each.tools), each.more) for each in page.others} == {(5, 0, 15)}
    assert page.digests == 12
    assert page.newest.news[1].href == "2025-12-20.html#news-2"
    assert page.newest.tools[0].href == "2025-12-20.html#tools-1"
    month = month_page("2025-12", published(*stems))
    assert len(month.teasers) == 12
    assert month.teasers[0].more == 15
    assert month.teasers[0].news[0].href == "../2025-12-20.html#news-1"


def test_the_first_page_groups_months_by_year() -> None:
    """Newest first."""
    page = index_page(THREE_MONTHS)
    assert [(year, [each.name for each in run]) for year, run in page.years] == [
        ("2026", ["2026-01"]),
        ("2025", ["2025-12", "2025-10"]),
    ]
    assert index_page([]).newest is None


# --- a digest's page -----------------------------------------------------------------------------


def digest(**more: object) -> Digest:
    """Write a digest."""
    given = daily.digest(dt.date(2025, 12, 22))
    return given.model_copy(update=more)


def test_a_digest_leads_to_those_beside_it_and_to_its_month() -> None:
    """As far as there are any."""
    mine = SiteDigest("2025-12-22-2", digest())
    page = digest_page(mine, stems={"2025-12-21"}, older="2025-12-22", newer="2025-12-23")
    assert page.older is not None
    assert page.newer is not None
    assert (page.older.stem, page.newer.stem) == ("2025-12-22", "2025-12-23")
    assert (page.month, page.review) == ("month/2025-12.html", "review/2025-12-22-2.html")
    assert (page.issue, page.issued) == ("Not much happened today", "2025-12-22")
    alone = digest_page(SiteDigest("2025-12-22", digest(provenance=None)), stems=())
    assert (alone.older, alone.newer, alone.issue, alone.issued) == (None, None, "", "")


def test_a_digest_is_described_by_its_first_three_news() -> None:
    """For search engines, and in the feed; of tools only where there are no news."""
    given = digest()
    titles = "；".join(each.title for each in given.news[:3])
    assert digest_page(SiteDigest("2025-12-22", given), stems=()).description == titles
    assert f"<summary>{titles}</summary>" in atom([SiteDigest("2025-12-22", given)], base_url=None)
    tools = given.model_copy(update={"news": given.news[:1]})
    titles = "；".join(each.title for each in (*given.news[:1], *given.tools[:2]))
    assert f"<summary>{titles}</summary>" in atom([SiteDigest("2025-12-22", tools)], base_url=None)


def test_a_follow_up_leads_to_the_earlier_day_only_where_that_is_on_the_site() -> None:
    """Its date is said all the same."""
    follows = dt.date(2025, 12, 21)
    given = digest(news=(entry("s01", None).model_copy(update={"follows": follows}),))
    for stems, href in (({"2025-12-21"}, "2025-12-21.html"), (set(), "")):
        page = digest_page(SiteDigest("2025-12-22", given), stems=stems)
        told = page.sections[0].items[0].earlier
        assert told is not None
        assert (told.date, told.href) == ("2025年12月21日", href)
    alone = atom([SiteDigest("2025-12-22", given)], base_url="https://example.org/")
    assert "2025-12-21" in alone
    assert "2025-12-21.html" not in alone
    both = atom(
        [SiteDigest("2025-12-22", given), *published("2025-12-21")], base_url="https://example.org/"
    )
    assert "https://example.org/2025-12-21.html" in both


def test_findings_are_counted_by_check_the_most_frequent_first() -> None:
    """In Chinese, where a check has a Chinese name."""

    def finding(check: str) -> Finding:
        return Finding(entry="news:1", check=check, severity="warning", expected="", found="")

    given = digest(findings=tuple(map(finding, ("name", "number", "number", "new-check"))))
    page = digest_page(SiteDigest("2025-12-22", given), stems=())
    assert page.findings == "4 条提醒（数字 2、名称 1、new-check 1）"
    assert digest_page(SiteDigest("2025-12-22", digest(findings=())), stems=()).findings == ""


def test_errors_are_called_errors_and_counted_apart() -> None:
    """Below the digest and at the entry, where nothing says then that all is well."""

    def finding(severity: str, sentence: int | None) -> Finding:
        facts = {"entry": "news:1", "check": "name", "expected": "", "found": "Nimbus"}
        return Finding.model_validate({**facts, "severity": severity, "sentence": sentence})

    told = entry("s01", None).model_copy(
        update={"title": "Nimbus发布", "evidence": "Nimbus is out.", "summary": "Nimbus已发布。"}
    )

    def shown(*findings: Finding) -> str:
        given = digest(news=(told,), tools=(), findings=findings)
        view = digest_page(SiteDigest("2025-12-22", given), stems=())
        return render_template("digest.html", view=view, root="", canonical=None, active="")

    warned, severe, whole = finding("warning", 1), finding("error", 0), finding("error", None)
    text = shown(warned, severe, whole)
    assert "核对结果：2 条错误未通过核对（名称 2）；1 条提醒（名称 1）。" in text
    assert "英文依据：2 条错误未通过核对</span>" in text
    assert "<h4>核对错误与提醒</h4>" in text
    assert text.index("名称错误：") < text.index("名称提醒：")
    assert "核对了" not in text
    assert "，两边一致" not in text
    assert "<h4>核对错误</h4>" in shown(severe)
    assert "<h4>核对提醒</h4>" in shown(warned)
    assert "核对了 1 个名称" in shown(warned)
    assert "核对结果：1 条提醒（名称 1）。" in shown(warned)


def test_a_degraded_digest_says_so_without_the_sign() -> None:
    """And one that is not says nothing."""
    quoted = entry("s01", None).model_copy(update={"quoted": True})
    page = digest_page(SiteDigest("2025-12-22", digest(news=(quoted,))), stems=())
    assert "1" in page.degraded
    assert "⚠" not in page.degraded
    assert digest_page(SiteDigest("2025-12-22", digest()), stems=()).degraded == ""


def test_a_plain_digest_names_the_model_that_translated_it() -> None:
    """As its Markdown does; one of the full profile, and one that says nothing, do not."""
    made = digest()
    assert digest_page(SiteDigest("2025-12-22", made), stems=()).translated == ""
    assert made.provenance
    origin = made.provenance.model_copy(update={"profile": "plain", "model": "small\n1b"})
    plain = made.model_copy(update={"provenance": origin})
    page = digest_page(SiteDigest("2025-12-22", plain), stems=())
    assert page.translated == "本页由 small 1b 逐句翻译。"


def test_sections_are_headed_by_their_true_count() -> None:
    """Without the Markdown's sign and picture; an empty half says so."""
    page = digest_page(SiteDigest("2025-12-22", digest(tools=())), stems=())
    news, tools = page.sections
    assert (news.id, len(news.items), [each.number for each in news.items][-1]) == ("news", 10, 10)
    assert news.heading == "十大AI新闻要点"
    assert [each.id for each in news.items][:2] == ["news-1", "news-2"]
    assert (tools.id, tools.items) == ("tools", ())
    assert tools.nothing


# --- feed and list of pages ----------------------------------------------------------------------


def test_the_feed_is_as_new_as_its_newest_digest_and_tells_thirty() -> None:
    """Quotations are marked in its titles, and items without a link say where they come from."""
    days = [dt.date(2025, 12, 31) - dt.timedelta(days=number) for number in range(32)]
    text = atom(published(*(each.isoformat() for each in days)), base_url=None)
    assert text.count("<entry>") == 30
    assert "<updated>2025-12-31T00:00:00+08:00</updated>" in text.partition("<entry>")[0]
    quoted = entry("s01", None).model_copy(update={"quoted": True, "title": "Words"})
    plain = entry("s02", None).model_copy(update={"title": "词"})
    told = atom([SiteDigest("2025-12-22", digest(news=(quoted, plain)))], base_url=None)
    assert "【原文】Words" in told
    assert "【原文】词" not in told
    assert told.count("原文摘录") == 1
    assert told.count("文章内容") == 2


def test_a_page_of_unknown_date_has_none_in_the_list() -> None:
    """Nothing is made up."""
    text = render_sitemap(
        [("", None), ("a.html", dt.date(2025, 1, 2))], base_url="https://example.org/"
    )
    assert text.count("<lastmod>") == 1
    assert text.index("<loc>https://example.org/</loc>") < text.index("a.html")


# --- search --------------------------------------------------------------------------------------


def test_search_data_is_a_script_that_calls_with_its_month() -> None:
    """Titles, summaries, and a 1 where both are English; nothing in it ends a script."""
    quoted = entry("s01", None).model_copy(
        update={"quoted": True, "title": "</script>&\u2028", "summary": "a\u2029b\nc"}
    )
    given = digest(news=(quoted, entry("s02", None)), tools=())
    text = search_data([search_row(SiteDigest("2025-12-22-2", given))])
    assert text.startswith('window.ainewsSearch("2025-12",[["2025-12-22-2",[[')
    assert text.endswith(");\n")
    assert not set(text) & set("<>&\u2028\u2029")
    data = json.loads(text.partition(",")[2].removesuffix(");\n"))
    (stem, news, tools) = data[0]
    assert (stem, tools) == ("2025-12-22-2", [])
    assert [len(row) for row in news] == [3, 2]
    assert news[0][2] == 1
    assert news[0][1] == "a b c"


# --- one entry -----------------------------------------------------------------------------------


def shown(**more: object) -> EntryView:
    """Show an entry."""
    given = Entry.model_validate(
        {
            "kind": "news",
            "title": "标题",
            "summary": "摘要。",
            "link": "https://example.org/a",
            "links": (
                Link(url="https://example.org/a", text="same"),
                Link(url="https://example.org/b", text="other"),
                Link(url="https://example.org/b", text="again"),
            ),
            "evidence": "Words.",
        }
        | more
    )
    return entry_view(given, "news-3", 3)


def test_an_entry_shows_its_other_links_once() -> None:
    """The one that it leads with is not among them; of two words for one address the first."""
    made = shown()
    assert made.link is not None
    assert made.link.href == "https://example.org/a"
    assert [(each.href, each.text) for each in made.links] == [("https://example.org/b", "other")]
    bare = shown(link=None)
    assert bare.link is None
    assert [each.text for each in bare.links] == ["same", "other"]


@pytest.mark.parametrize(
    ("more", "parts"),
    [
        ({"parts": ("discord", "discord_details", "twitter")}, ("Discord", "Twitter")),
        ({"parts": ("intro",), "section": ("AI Reddit Recap",)}, ("导语",)),
        ({"section": ("AI REDDIT Recap", "r/LocalLlama")}, ("Reddit",)),
        ({"section": ("Top Stories", "Twitter")}, ()),
        ({"section": ("Redditors",)}, ()),
        ({}, ()),
    ],
)
def test_an_entry_names_its_recaps_once_each(
    more: dict[str, object], parts: tuple[str, ...]
) -> None:
    """An older digest has only the first heading, which may name one."""
    assert shown(**more).parts == parts


def test_an_entry_says_what_of_it_is_by_hand() -> None:
    """In Chinese; a quotation says that it is one, and folds nothing it does not have."""
    assert shown(edited=("story", "place", "title")).edited == "选题、位置、标题"
    assert shown().edited == ""
    assert shown(section=("AI Reddit Recap", "\u202e", " r/a \n b ")).section == (
        "AI Reddit Recap",
        "r/a b",
    )
    assert shown(quoted=True).quoted
    assert not shown().quoted
    assert shown().has_details
    assert not shown(evidence="", links=()).has_details
    assert shown(evidence="").has_details


def depths(evidence: str) -> list[list[tuple[int, str]]]:
    """Say how deep each line of each mention stands."""

    def said(each: EvidenceParagraph) -> tuple[int, str]:
        return each.depth, "".join(run.text for line in each.lines for run in line.runs)

    return [[said(each) for each in block] for block in shown(evidence=evidence).evidence]


def test_evidence_is_laid_out_as_the_issue_had_it() -> None:
    """Mentions apart, bullets below them without their sign, at most three deep."""
    text = (
        "First.\n- one\n  - two\n    * three\n      - four\n          • deep\n"
        "   \n\nSecond -5 points\n  indented\n-no bullet\n"
    )
    assert depths(text) == [
        [(0, "First."), (1, "one"), (2, "two"), (3, "three"), (3, "four"), (3, "deep")],
        [(0, "Second -5 points"), (1, "indented"), (0, "-no bullet")],
    ]
    assert depths("") == []


# --- words and addresses of others ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org/a/b", "example.org"),
        ("https://github.com/lab/model/issues/3", "github.com/lab/model"),
        ("https://gitlab.com/lab/model", "gitlab.com/lab/model"),
        ("https://github.com/lab", "github.com/lab"),
        ("https://huggingface.co/lab/model/tree/main", "huggingface.co/lab/model"),
        ("https://www.reddit.com/r/LocalLLaMA/comments/1", "reddit.com/r/LocalLLaMA"),
        ("https://x.com/lab/status/1", "x.com/lab"),
        ("https://twitter.com/lab/status/1", "twitter.com/lab"),
        ("https://github.com/l%20b/model", "github.com"),
        ("https://EXAMPLE.org:8080/x", "example.org"),
        (f"https://{'a' * 50}.example.org/", f"{'a' * 50}.example.o…"),
    ],
)
def test_a_link_says_where_it_leads(url: str, host: str) -> None:
    """The host, and whose part of it; never what may look like another one."""
    made = external_link(url)
    assert made is not None
    assert made.host == host


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "mailto:a@b.c", "/local"])
def test_what_is_no_web_address_is_no_link(url: str | None) -> None:
    """Whatever it says."""
    assert external_link(url, "words") is None


def test_an_address_that_is_its_own_words_has_none() -> None:
    """It would be said twice, or say another one than it leads to."""
    made = external_link("https://example.org/", "https://evil.example/")
    assert made is not None
    assert made.text == ""
    named = external_link("https://example.org/", " its \n name\u202e ")
    assert named is not None
    assert named.text == "its name"


def test_links_are_given_once_each_but_one() -> None:
    """In their order."""
    links = [Link(url=f"https://example.org/{name}", text=name) for name in "abca"]
    but = external_link("https://example.org/b")
    assert [each.text for each in external_links(links, but=but)] == ["a", "c"]
    assert [each.text for each in external_links(links)] == ["a", "b", "c"]


def test_what_cannot_be_seen_is_dropped() -> None:
    """Lines stay; any other white space is a blank."""
    assert drop_invisible("a\u202eb\x00c\nd\u00a0e\tf\ud800") == "abc\nd e f"
    assert one_line(" a\u202e \n b\u2028c ") == "a b c"
