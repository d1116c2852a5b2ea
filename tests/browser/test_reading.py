"""A reader at the site: every page kind opened, clicked through, searched and read in the dark."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import HOSTILE, MONTH, WEEK, BrowserLog, ServedSite, looking


def test_from_the_first_page_to_a_digest_and_on(page: Page, place: ServedSite) -> None:
    """By the newest day's heading, then to the older, the newer, the month and back."""
    page.goto(place.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("AINews 中文日报")
    page.locator(f"main a[href='{place.stems[-1]}.html']").first.click()
    expect(page).to_have_url(f"{place.url}{place.stems[-1]}.html")
    page.get_by_role("link", name="上一期").click()
    expect(page).to_have_url(f"{place.url}{place.stems[-2]}.html")
    page.get_by_role("link", name="上一期").click()
    page.get_by_role("link", name="下一期").click()
    expect(page).to_have_url(f"{place.url}{place.stems[-2]}.html")
    page.get_by_role("link", name="后续").or_(page.locator(".follows a")).first.click()
    expect(page).to_have_url(f"{place.url}{place.stems[-3]}.html")
    page.get_by_role("link", name="看核对与改动").click()
    expect(page).to_have_url(f"{place.url}review/{place.stems[-3]}.html")
    page.get_by_role("link", name="看这份日报").click()
    page.locator("nav.turn .month").click()
    expect(page).to_have_url(re.compile(r"/month/2025-1[12]\.html$"))
    page.get_by_role("link", name="AINews 中文日报").click()
    expect(page).to_have_url(re.compile(r"/index\.html$"))


def test_evidence_folds_by_mouse_and_by_keyboard(page: Page, place: ServedSite) -> None:
    """A click, Enter and Space each turn it, and what it shows is the English text and marks."""
    page.goto(f"{place.url}{place.stems[0]}.html")
    details = page.locator("#news-3 details")
    summary, proof = details.locator("summary"), details.locator(".proof")
    expect(proof).to_be_hidden()
    summary.click()
    expect(proof).to_be_visible()
    expect(proof.locator(".mention[lang=en]").first).to_contain_text("TensorForge is out")
    expect(proof).to_contain_text("Weights and code are open.")
    assert proof.locator("mark.number").count() > 0
    assert page.locator("#news-3 .summary mark.number").count() > 0
    summary.click()
    expect(proof).to_be_hidden()
    for key in ("Enter", "Space"):
        summary.focus()
        page.keyboard.press(key)
        expect(proof).to_be_visible()
        page.keyboard.press(key)
        expect(proof).to_be_hidden()


def test_an_entrys_address_shows_its_evidence(page: Page, place: ServedSite) -> None:
    """Whoever follows a hit sees what it rests on."""
    page.goto(f"{place.url}{place.stems[0]}.html#tools-4")
    expect(page.locator("#tools-4 details .proof")).to_be_visible()
    expect(page.locator("#tools-4")).to_be_in_viewport()
    expect(page.locator("#tools-5 details .proof")).to_be_hidden()


@pytest.mark.parametrize(("query", "text"), [("智能体", "编程智能体"), ("gpt", "GPT-6 Mini")])
def test_a_search_finds_and_leads_to_the_entry(
    page: Page, place: ServedSite, query: str, text: str
) -> None:
    """In Chinese and Latin, whatever the case; a hit leads to its place on its day's page."""
    page.goto(place.url)
    page.get_by_role("link", name="搜索", exact=True).click()
    page.get_by_role("searchbox").press_sequentially(query)
    expect(page.locator("#status")).to_contain_text("已找到 20 条")
    hits = page.locator("#hits li")
    expect(hits).to_have_count(20)
    expect(hits.locator("mark").first).to_have_text(re.compile(query, re.IGNORECASE))
    page.get_by_role("button", name="更多").click()
    expect(hits).to_have_count(40)
    hit = hits.filter(has_text=text).last.get_by_role("link")
    href = hit.get_attribute("href")
    assert href
    stem, anchor = href.split("#")
    hit.click()
    expect(page).to_have_url(f"{place.url}{stem}#{anchor}")
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    expect(page.locator(f"#{anchor}")).to_contain_text(text)


def test_a_search_without_a_hit_says_so_and_one_has_an_address(
    page: Page, place: ServedSite
) -> None:
    """All months were looked through then; and what was asked stands in the address."""
    page.goto(f"{place.url}search.html")
    page.get_by_role("searchbox").fill("没有人会这样写")
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator("#status")).to_contain_text("没有找到")
    page.goto(f"{place.url}search.html?q=TensorForge%20{place.stems[0]}")
    expect(page.locator("#status")).to_contain_text("没有找到")
    page.goto(f"{place.url}search.html?q=TensorForge%20推理")
    expect(page.get_by_role("searchbox")).to_have_value("TensorForge 推理")
    expect(page.locator("#hits li").first).to_contain_text("TensorForge")


def test_the_dark_stays_over_pages(page: Page, place: ServedSite) -> None:
    """Once chosen it holds on every page until it is unchosen."""

    def background() -> str:
        found = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert isinstance(found, str)
        return found

    page.goto(place.url)
    light = background()
    button = page.get_by_role("button", name="深色")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    dark = background()
    assert dark != light
    for name in (f"{place.stems[0]}.html", f"review/{place.stems[0]}.html", "search.html"):
        page.goto(f"{place.url}{name}")
        assert background() == dark, name
        expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    page.reload()
    assert background() == light


def test_the_keyboard_goes_round_in_the_order_of_the_page(page: Page, place: ServedSite) -> None:
    """First of all comes the link that skips to the text, and it does; what has focus is seen."""
    page.goto(f"{place.url}{place.stems[0]}.html")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.reload()
    tops = []
    for _ in range(12):
        page.keyboard.press("Tab")
        tops.append(
            page.evaluate(
                "(() => { const e = document.activeElement; const all = [...document."
                "querySelectorAll('a[href], button, summary, input, [tabindex]')]; "
                "const s = getComputedStyle(e); return [all.indexOf(e), s.outlineStyle]; })()"
            )
        )
    assert [place for place, _ in tops] == sorted(place for place, _ in tops)
    assert all(style != "none" for _, style in tops), tops


def test_the_slash_leads_to_the_search(page: Page, place: ServedSite) -> None:
    """From any page; in a field it is a slash."""
    page.goto(f"{place.url}{place.stems[0]}.html")
    page.keyboard.press("/")
    expect(page).to_have_url(f"{place.url}search.html")
    page.get_by_role("searchbox").press_sequentially("a/b")
    expect(page.get_by_role("searchbox")).to_have_value("a/b")


def test_without_scripts_all_is_there_to_read(
    chromium: Browser, place: ServedSite, width: int
) -> None:
    """Text, links and evidence; the search says what it needs, and no button does nothing."""
    with looking(chromium, place.url, width=width, scripts=False) as (context, seen):
        page = context.new_page()
        page.goto(f"{place.url}{place.stems[0]}.html")
        expect(page.locator("#news-1 .summary")).to_be_visible()
        page.locator("#news-1 details summary").click()
        expect(page.locator("#news-1 details .proof")).to_be_visible()
        expect(page.locator("#theme")).to_be_hidden()
        page.goto(f"{place.url}search.html")
        expect(page.get_by_text("搜索要用到 JavaScript")).to_be_visible()
        expect(page.locator("#search")).to_be_hidden()
        page.locator("main ul.months a").first.click()
        expect(page).to_have_url(re.compile("/month/"))
        page.goto(f"{place.url}review/{place.stems[-1]}.html")
        expect(page.get_by_text("量化方法综述上线").first).to_be_visible()
    assert seen == BrowserLog([], [])


def test_it_works_from_the_disk(chromium: Browser, place: ServedSite, width: int) -> None:
    """Opened as files: styles, dark, the search and its hits."""
    own = place.out.resolve().as_uri()
    with looking(chromium, own, width=width) as (context, seen):
        page = context.new_page()
        page.goto(f"{own}/index.html")
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.skip')).position") != "static"
        )
        page.locator(f"main a[href='{place.stems[-1]}.html']").first.click()
        page.get_by_role("button", name="深色").click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.get_by_role("link", name="搜索", exact=True).click()
        page.get_by_role("searchbox").fill("智能体")
        expect(page.locator("#hits li").first).to_be_visible()
        page.locator("#hits li a").last.click()
        expect(page.locator(":target")).to_be_in_viewport()
        page.get_by_role("link", name="看核对与改动").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("核对")
    assert seen == BrowserLog([], [])


def test_what_is_not_there_is_answered_by_a_page(
    chromium: Browser, place: ServedSite, width: int
) -> None:
    """At any depth, with its style and a way back."""
    with looking(chromium, place.url, width=width) as (context, seen):
        page = context.new_page()
        answer = page.goto(f"{place.url}a/b/c.html")
        assert answer
        assert answer.status == 404
        page.get_by_role("link", name="看所有日报").click()
        expect(page).to_have_url(f"{place.url}index.html")
    [said] = seen.console
    assert "404" in said
    assert seen.outside == []


def test_the_newest_day_is_told_first(page: Page, place: ServedSite) -> None:
    """Also where it is a hostile one."""
    page.goto(place.url)
    newest = page.locator("#newest a")
    expect(newest).to_have_attribute("href", f"{HOSTILE}.html")


def test_nothing_is_wider_than_the_window(page: Page, place: ServedSite) -> None:
    """No page scrolls sideways, whatever long words it has."""
    for name in kinds(place):
        page.goto(f"{place.url}{name}")
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name


def kinds(place: ServedSite) -> list[str]:
    """Name one page of each kind, and the hostile ones."""
    month = place.stems[0][:7]
    return [
        "index.html",
        f"month/{month}.html",
        f"{place.stems[-1]}.html",
        "search.html?q=智能体",
        f"review/{place.stems[-1]}.html",
        "404.html",
        f"{HOSTILE}.html",
        f"review/{HOSTILE}.html",
        f"month/{HOSTILE:%Y-%m}.html",
        "search.html?q=__pwned",
        "subject/index.html",
        "subject/model-gpt6mini.html",
        "roundup/index.html",
        f"roundup/{WEEK.name}.html",
        f"roundup/{MONTH.name}.html",
        f"digests/{place.stems[-1]}.wechat.html",
        f"digests/{HOSTILE}.wechat.html",
    ]


def test_every_asset_is_there(place: ServedSite) -> None:
    """What the pages name is in the folder."""
    text = (place.out / "index.html").read_text(encoding="utf-8")
    for name in re.findall(r'"(static/[^"]+)"', text):
        assert (Path(place.out) / name).is_file(), name
