"""What a sentence rests on, opened by a reader: by the pointer, by touch, from the keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from browser.conftest import HOSTILE, THEMES, BrowserLog, ServedSite, Theme, looking

_ENTRY = "#news-3"


def opened(page: Page, place: ServedSite) -> tuple[Locator, Locator]:
    """Open a digest's page; give the mark of a first sentence and what it opens."""
    page.goto(f"{place.url}{place.stems[0]}.html")
    page.locator(_ENTRY).scroll_into_view_if_needed()
    return page.locator(f"{_ENTRY} a.cite").first, page.locator(".source")


def assert_shows_the_line(page: Page, mark: Locator, source: Locator) -> None:
    """See that the first line is shown, marked in both languages, and not wider than the page."""
    expect(source).to_be_visible()
    expect(source).to_contain_text("TensorForge is out")
    expect(source).not_to_contain_text("single GPU")
    expect(source.locator(".line[lang=en]")).to_have_count(1)
    expect(source.locator(".no")).to_have_text("1")
    expect(mark).to_have_attribute("aria-expanded", "true")
    for kind in ("number", "name"):
        pairs = [
            {one.get_attribute("data-pair") for one in page.locator(where).all()}
            for where in (f".source mark.{kind}", f"{_ENTRY} .told.open mark.{kind}.shared")
        ]
        assert pairs[0] == pairs[1] != set()
    box = source.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.evaluate("document.querySelector('.source').getBoundingClientRect().right") <= (
        page.evaluate("innerWidth")
    )


def violations(page: Page) -> list[str]:
    """Name what an accessibility checker has to say: of contrast, what it says of the entry.

    Contrast takes nearly all of its time; that of whole pages is test_accessibility's.
    """
    kinds = ["violations"]
    contrast = {"color-contrast": {"enabled": False}}
    page_wide = Axe().run(page, options={"rules": contrast, "resultTypes": kinds})
    entry = Axe().run(
        page,
        context={"include": [[_ENTRY], [".source"]]},
        options={"runOnly": ["color-contrast"], "resultTypes": kinds},
    )
    assert [each["id"] for each in entry.response["passes"]] == ["color-contrast"]
    return [each["id"] for run in (page_wide, entry) for each in run.response["violations"]]


def test_a_pointer_over_the_mark_shows_the_lines(page: Page, place: ServedSite) -> None:
    """They stay while it is over them, and go when it goes away or at Escape."""
    mark, source = opened(page, place)
    expect(mark).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("button", name="第1句的出处").first).to_be_visible()
    mark.hover()
    assert_shows_the_line(page, mark, source)
    source.hover()
    page.wait_for_timeout(400)
    expect(source).to_be_visible()
    page.mouse.move(1, 1)
    expect(source).to_have_count(0)
    expect(mark).to_have_attribute("aria-expanded", "false")
    mark.hover()
    expect(source).to_be_visible()
    page.keyboard.press("Escape")
    expect(source).to_have_count(0)
    assert page.locator(f"{_ENTRY} mark.shared, {_ENTRY} .told.open").count() == 0


def test_a_click_keeps_the_lines_and_a_second_one_puts_them_away(
    page: Page, place: ServedSite
) -> None:
    """Also while the pointer is elsewhere; a click beside them puts them away, too."""
    mark, source = opened(page, place)
    mark.click()
    assert_shows_the_line(page, mark, source)
    page.mouse.move(1, 1)
    page.wait_for_timeout(400)
    expect(source).to_be_visible()
    mark.click()
    expect(source).to_have_count(0)
    mark.click()
    expect(source).to_be_visible()
    source.click()
    expect(source).to_be_visible()
    page.locator(f"{_ENTRY} h3 .title").click()
    expect(source).to_have_count(0)


def test_tab_shows_the_lines_of_each_sentence_in_turn(page: Page, place: ServedSite) -> None:
    """Escape puts them away and leaves the focus; Enter and Space turn them; Tab goes on."""
    mark, source = opened(page, place)
    page.locator(f"{_ENTRY} .place").focus()
    page.keyboard.press("Tab")
    expect(mark).to_be_focused()
    assert_shows_the_line(page, mark, source)
    page.keyboard.press("Escape")
    expect(source).to_have_count(0)
    expect(mark).to_be_focused()
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        expect(source).to_be_visible()
        page.keyboard.press(key)
        expect(source).to_have_count(0)
    page.keyboard.press("Tab")
    second = page.locator(f"{_ENTRY} a.cite").nth(1)
    expect(second).to_be_focused()
    expect(source.locator(".no")).to_have_text(["1", "2"])
    expect(source).to_contain_text("It runs on a single GPU.")
    expect(mark).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Tab")
    expect(source).to_have_count(0)


def test_a_tap_shows_the_lines_and_a_tap_beside_them_puts_them_away(
    chromium: Browser, place: ServedSite, width: int
) -> None:
    """As a finger does it; a second tap on the mark does the same."""
    with looking(chromium, place.url, width=width, touch=True) as (context, seen):
        page = context.new_page()
        mark, source = opened(page, place)
        mark.tap()
        assert_shows_the_line(page, mark, source)
        source.tap()
        expect(source).to_be_visible()
        page.locator(f"{_ENTRY} h3 .title").tap()
        expect(source).to_have_count(0)
        mark.tap()
        expect(source).to_be_visible()
        mark.tap()
        expect(source).to_have_count(0)
    assert seen == BrowserLog([], [])


def test_long_lines_can_be_scrolled_from_the_keyboard(page: Page, place: ServedSite) -> None:
    """What is higher than its box takes the focus, and stays while it has it."""
    _, source = opened(page, place)
    page.evaluate(
        f"document.querySelector('{_ENTRY}-line-1').append(' word'.repeat(2000))",
    )
    page.locator(f"{_ENTRY} .place").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(source).to_be_focused()
    page.keyboard.press("End")
    page.wait_for_timeout(400)
    assert page.evaluate("document.querySelector('.source').scrollTop") > 0
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator(f"{_ENTRY} a.cite").first).to_be_focused()
    expect(source).to_have_count(0)


def test_a_finding_stands_with_its_sentence(page: Page, place: ServedSite) -> None:
    """In the evidence that is unfolded, and beside the sentence."""
    page.goto(f"{place.url}{place.stems[0]}.html")
    mark = page.get_by_role("button", name="有核对提醒")
    expect(mark).to_have_count(1)
    mark.focus()
    mark.hover()
    expect(page.locator(".source .check")).to_contain_text("名称提醒")
    # Before the evidence, which may be longer than the box.
    expect(page.locator(".source > :first-child")).to_have_class("check")
    page.keyboard.press("Escape")
    page.locator("#news-2 summary").click()
    expect(page.locator("#news-2 .checks")).to_contain_text("第1句 名称提醒")


@pytest.mark.parametrize("theme", THEMES)
def test_the_lines_have_no_violation(
    chromium: Browser, place: ServedSite, width: int, theme: Theme
) -> None:
    """Of accessibility, in both themes: over the text, and with the evidence unfolded."""
    with looking(chromium, place.url, width=width, theme=theme) as (context, seen):
        page = context.new_page()
        mark, source = opened(page, place)
        for unfold in (False, True):
            if unfold:
                page.locator(f"{_ENTRY} summary").click()
            mark.hover()
            mark.click()
            expect(source).to_be_visible()
            assert violations(page) == []
            page.keyboard.press("Escape")
    assert seen == BrowserLog([], [])


def test_hostile_lines_stay_text_beside_their_sentence(page: Page, place: ServedSite) -> None:
    """Lines are copied, not read as markup; one that does not exist is not named."""
    page.goto(f"{place.url}{HOSTILE}.html")
    marks = page.locator("a.cite")
    assert marks.count() > 10
    for mark in marks.all():
        assert "99" not in (mark.get_attribute("data-lines") or "")
        mark.dispatch_event("click")
        expect(page.locator(".source .line").first).to_be_visible()
        assert page.locator(".source :is(script, img, svg, a)").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        page.keyboard.press("Escape")
    assert page.evaluate("window.__pwned === undefined")


def test_without_scripts_a_mark_leads_to_its_line(
    chromium: Browser, place: ServedSite, width: int
) -> None:
    """The evidence numbers its lines with the same numbers; nothing is called a button."""
    with looking(chromium, place.url, width=width, scripts=False) as (context, seen):
        page = context.new_page()
        mark, source = opened(page, place)
        second = page.locator(f"{_ENTRY} a.cite").nth(1)
        expect(mark).to_have_text("1")
        expect(second).to_have_text("1–2")
        mark.click()
        line = page.locator(f"{_ENTRY}-line-1")
        expect(line).to_be_visible()
        expect(line).to_be_in_viewport()
        expect(line.locator(".no")).to_have_text("1")
        expect(page.locator(f"{_ENTRY}-line-2")).to_contain_text("It runs on a single GPU.")
        expect(source).to_have_count(0)
        expect(page.locator(f"{_ENTRY} [role=button]")).to_have_count(0)
    assert seen == BrowserLog([], [])
