"""A digest whose every text would like to be more than text, in a real browser."""

from playwright.sync_api import Browser, Page, expect

from browser.conftest import HOSTILE, WEEK, BrowserLog, ServedSite, looking

_OPEN = "document.querySelectorAll('details').forEach(each => each.open = true)"
_PAGES = (
    "index.html",
    f"{HOSTILE}.html",
    f"review/{HOSTILE}.html",
    f"month/{HOSTILE:%Y-%m}.html",
    f"roundup/{WEEK.name}.html",
    "subject/index.html",
    "search.html?q=__pwned",
    "search.html?q=%3Cimg%20src%3Dx%20onerror%3D%22window.__pwned%3D1%22%3E",
)


def test_hostile_texts_stay_text_on_every_page(page: Page, place: ServedSite) -> None:
    """They run nothing, load nothing and add no element, and can be read as they are."""
    for name in _PAGES:
        page.goto(f"{place.url}{name}")
        page.evaluate(_OPEN)
        if "?q=" in name:
            expect(page.locator("#status")).not_to_be_empty()
        assert page.evaluate("window.__pwned === undefined"), name
        strange = page.evaluate(
            "[...document.querySelectorAll('main script, main img, main iframe, main object,"
            " main embed, main style, main link, main base, main form:not(#search, #filter), main [onerror],"
            " main [onload], main svg [onload]')].map(each => each.outerHTML)"
        )
        assert strange == [], name
    page.goto(f"{place.url}{HOSTILE}.html")
    assert "<script>window.__pwned=" in page.locator("main").inner_text()


def test_no_link_leads_anywhere_but_to_the_web(page: Page, place: ServedSite) -> None:
    """Whatever a digest calls a link: no scheme but http and https comes through."""
    for name in _PAGES[:6]:
        page.goto(f"{place.url}{name}")
        schemes = page.evaluate(
            "[...new Set([...document.querySelectorAll('[href]')].map(each => each.protocol"
            " || new URL(each.href).protocol))]"
        )
        assert set(schemes) <= {"http:", "https:"}, name
        away = page.evaluate(
            "[...document.querySelectorAll('main a[href^=http]')]"
            ".filter(each => !/noopener/.test(each.rel) && each.target).map(each => each.href)"
        )
        assert away == [], name


def test_the_policy_stops_what_would_get_through(chromium: Browser, place: ServedSite) -> None:
    """Were a text ever written as markup, its script would not run and its picture not load."""
    with looking(chromium, place.url) as (context, seen):
        page = context.new_page()
        page.goto(f"{place.url}{HOSTILE}.html")
        page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend',"
            ' \'<img src="https://example.org/x.png" onerror="window.__pwned=1">\')'
        )
        page.evaluate(
            "(() => { const it = document.createElement('script');"
            " it.textContent = 'window.__pwned = 2'; document.body.append(it); })()"
        )
        page.wait_for_timeout(200)
        assert page.evaluate("window.__pwned === undefined")
    said = " ".join(seen.console)
    assert "img-src" in said
    assert "script-src" in said


def test_hostile_texts_are_text_without_scripts_too(chromium: Browser, place: ServedSite) -> None:
    """The pages are written so, and no script makes them so."""
    with looking(chromium, place.url, scripts=False) as (context, seen):
        page = context.new_page()
        page.goto(f"{place.url}{HOSTILE}.html")
        assert "<img src=x onerror=" in page.locator("main").inner_text()
        assert page.locator("main img, main script").count() == 0
    assert seen == BrowserLog([], [])
