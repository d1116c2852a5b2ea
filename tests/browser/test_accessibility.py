"""Every kind of page through an accessibility checker, at both widths, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from browser.conftest import THEMES, BrowserLog, ServedSite, Theme, looking
from browser.test_reading import kinds

_OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.mark.parametrize("theme", THEMES)
def test_no_page_has_a_violation(
    chromium: Browser, place: ServedSite, width: int, theme: Theme
) -> None:
    """Headings, contrast, names, languages, order: whatever axe-core looks at."""
    axe = Axe()
    with looking(chromium, place.url, width=width, theme=theme) as (context, seen):
        page = context.new_page()
        for name in kinds(place):
            page.goto(f"{place.url}{name}")
            page.evaluate(_OPEN)
            found = axe.run(page)
            assert found.violations_count == 0, f"{name}: {found.generate_report()}"
            assert len(found.response["passes"]) > 10, name
    assert seen == BrowserLog([], [])


def test_the_checker_sees_what_is_wrong(chromium: Browser, place: ServedSite) -> None:
    """Grey on grey, a button without a name, a page without a language."""
    with looking(chromium, place.url) as (context, _seen):
        page = context.new_page()
        page.goto(f"{place.url}index.html")
        page.evaluate(
            "document.documentElement.removeAttribute('lang');"
            "document.querySelector('main').append(document.createElement('button'));"
            "document.querySelector('h1').setAttribute('style', 'color: #ddd')"
        )
        found = {each["id"] for each in Axe().run(page).response["violations"]}
    assert {"html-has-lang", "button-name"} <= found
