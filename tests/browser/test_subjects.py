"""Pages by subject and roundups in a real browser: filtered, walked through by keys, reported."""

import datetime as dt
import re
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

import daily
from browser.conftest import WEEK, BrowserLog, ServedSite, looking
from pipeline.site.feed import SiteDigest
from pipeline.site.folder import SiteFile, sync_site
from pipeline.site.pages import month_links, search_data, search_row
from pipeline.site.render import read_assets, render_template

_SUBJECT = "subject/model-gpt6mini.html"


def test_from_the_list_of_subjects_to_an_entry(page: Page, place: ServedSite) -> None:
    """By its name; the entry stands on the page of its day."""
    page.goto(place.url)
    page.get_by_role("link", name="主题").click()
    page.get_by_role("link", name=re.compile("^GPT-6 Mini")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("GPT-6 Mini")
    row = page.locator(".rows .row").first
    expect(row).to_contain_text("GPT-6 Mini")
    row.click()
    entry = page.locator(f"[id='{urlsplit(page.url).fragment}']")
    expect(entry).to_contain_text("GPT-6 Mini")
    expect(entry).to_be_in_viewport()


def test_entries_are_filtered_by_half_and_by_recap(page: Page, place: ServedSite) -> None:
    """Both at once, days without any are gone, and the count is told."""
    page.goto(f"{place.url}{_SUBJECT}")
    rows, shown = page.locator(".rows > li"), page.locator(".rows > li:visible")
    whole = rows.count()
    page.get_by_label("栏目").select_option("tools")
    tools = shown.count()
    assert 0 < tools < whole
    assert set(shown.evaluate_all("all => all.map(each => each.dataset.half)")) == {"tools"}
    page.get_by_label("来自").select_option("Reddit")
    both = shown.count()
    assert both <= tools
    assert all("Reddit" in one for one in shown.evaluate_all("a => a.map(e => e.dataset.parts)"))
    expect(page.locator("#shown")).to_have_text(f"{both} 条")
    empty = page.locator(".timeline:visible").filter(has_not=page.locator(".rows > li:visible"))
    expect(empty).to_have_count(0)
    page.get_by_label("栏目").select_option("")
    page.get_by_label("来自").select_option("")
    expect(shown).to_have_count(whole)


def test_without_scripts_all_of_a_subject_is_there(chromium: Browser, place: ServedSite) -> None:
    """And nothing that does not work."""
    with looking(chromium, place.url, scripts=False) as (context, seen):
        page = context.new_page()
        page.goto(f"{place.url}{_SUBJECT}")
        expect(page.locator("#filter")).to_be_hidden()
        assert page.locator(".rows > li:visible").count() == page.locator(".rows > li").count() > 0
    assert seen == BrowserLog([], [])


def test_keys_walk_through_a_subject_and_open(page: Page, place: ServedSite) -> None:
    """J and k go on and back, past what is filtered out; o opens the entry."""
    page.goto(f"{place.url}{_SUBJECT}")
    rows = page.locator(".rows .row")
    page.keyboard.press("j")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("Control+j")
    expect(rows.nth(0)).to_be_focused()
    href = rows.nth(0).get_attribute("href") or ""
    page.keyboard.press("o")
    expect(page).to_have_url(f"{place.url}{href.removeprefix('../')}")


def test_keys_open_the_evidence_of_a_digest_and_search(page: Page, place: ServedSite) -> None:
    """O unfolds and folds; / goes to the search, where letters are letters."""
    page.goto(f"{place.url}{place.stems[-1]}.html")
    page.keyboard.press("j")
    page.keyboard.press("j")
    proof = page.locator("#news-2 details")
    page.keyboard.press("o")
    expect(proof).to_have_attribute("open", "")
    page.keyboard.press("o")
    expect(proof).not_to_have_attribute("open", "")
    page.keyboard.press("/")
    expect(page).to_have_url(re.compile(r"/search\.html$"))
    page.get_by_role("searchbox").press_sequentially("jok")
    expect(page.get_by_role("searchbox")).to_have_value("jok")


def test_a_roundup_leads_to_its_digests(page: Page, place: ServedSite) -> None:
    """Each entry to the one that it is; its evidence unfolds, and it is never wider than a phone."""
    page.goto(place.url)
    page.get_by_role("link", name="周报").click()
    page.get_by_role("link", name=f"周报 {WEEK.name}").click()
    expect(page.locator(".counted").first).to_contain_text("期日报")
    expect(page.locator("#timeline-1-title")).to_have_text("时间线 1")
    page.wait_for_load_state()  # a click does not wait for the style sheet
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    entry = page.locator(".entry").first
    title = entry.locator(".title bdi").inner_text()
    entry.locator("details summary").click()
    expect(entry.locator(".mention").first).to_be_visible()
    entry.locator(".published a").click()
    target = page.locator(f"[id='{urlsplit(page.url).fragment}'] .title bdi")
    expect(target).to_have_text(title)


def test_an_error_is_reported_by_a_form_that_is_filled_in(page: Page, place: ServedSite) -> None:
    """With the entry, its sentences, their lines and the version."""
    page.goto(f"{place.url}{place.stems[0]}.html")
    href = page.locator("#news-3 .report").get_attribute("href") or ""
    assert href.startswith("https://example.org/owner/repository/issues/new?")
    fields = parse_qs(urlsplit(href).query)
    assert f"{place.stems[0]} news:3" in fields["title"][0]
    assert "（原刊第 1–2 行）" in fields["body"][0]
    assert "ainews-digest " in fields["body"][0]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay the search of 300 digests of twenty entries, without their pages."""
    days = [SiteDigest(f"{day}", daily.digest(day)) for day in map(_day, range(300))][::-1]
    months = month_links(days)
    files = read_assets()
    for month in months:
        of_month = (one for one in days if one.stem.startswith(month.name))
        files[month.data] = search_data([*map(search_row, of_month)]).encode()
    values = {"view": months, "root": "", "canonical": None, "active": "search"}
    files["search.html"] = render_template("search.html", **values).encode()
    out = tmp_path_factory.mktemp("many")
    made = (SiteFile(name, partial(files.__getitem__, name)) for name in files)
    sync_site(files.keys(), made, out)
    return out


def _day(number: int) -> dt.date:
    return daily.FIRST_DAY + dt.timedelta(days=number)


_ASK = """async (query) => {
  const field = document.getElementById("q");
  const status = document.getElementById("status");
  const begun = performance.now();
  field.value = query;
  field.form.requestSubmit();
  while (!/找到/.test(status.textContent)) await new Promise((done) => setTimeout(done, 0));
  return performance.now() - begun;
}"""


def test_a_search_of_300_digests_takes_less_than_a_tenth_of_a_second(
    chromium: Browser, many: Path
) -> None:
    """Be it found on the first day or nowhere, once the page has come to rest."""
    with looking(chromium, many.as_uri()) as (context, seen):
        page = context.new_page()
        page.goto((many / "search.html").as_uri())
        page.evaluate(_ASK, "qwertyuiop")  # all months are there then, and folded
        # The best of three: other work of this machine is none of the search's.
        for query in ("智能体", "GPT-6 Mini", "nowhere", "第0号"):
            assert min(page.evaluate(_ASK, query) for _ in range(3)) < 100
    assert seen == BrowserLog([], [])
