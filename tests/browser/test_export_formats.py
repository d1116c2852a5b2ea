"""The article and the mail in a browser: on a phone and wide, light and dark, hostile or not."""

import datetime as dt
import email
from email.message import EmailMessage
from email.policy import default as modern

import pytest
from playwright.sync_api import Browser, Page, expect

import daily
from browser.conftest import HOSTILE, THEMES, BrowserLog, ServedSite, Theme, looking
from pipeline.write import EXPORTS

DIGESTS = {
    "full": daily.digest(daily.FIRST_DAY),
    "hostile": daily.hostile_digest(daily.FIRST_DAY + dt.timedelta(days=1)),
}
_LUMINANCE = """color => {
  const part = color.match(/[\\d.]+/g).slice(0, 3).map(Number).map(value => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
}"""
_WEAKEST = f"""() => {{
  const luminance = {_LUMINANCE};
  const ground = element => {{
    for (let at = element; at; at = at.parentElement) {{
      const color = getComputedStyle(at).backgroundColor;
      if (color !== 'rgba(0, 0, 0, 0)') return luminance(color);
    }}
    return luminance('rgb(255, 255, 255)');
  }};
  const contrast = element => {{
    const pair = [luminance(getComputedStyle(element).color), ground(element)].sort((a, b) => b - a);
    return (pair[0] + 0.05) / (pair[1] + 0.05);
  }};
  const told = [...document.body.querySelectorAll('*')].filter(
    element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  return Math.min(...told.map(contrast));
}}"""


def html_of(form: str, which: str) -> str:
    """Give the HTML of an article, or of a mail as a mail client takes it."""
    text = EXPORTS[form].render(DIGESTS[which])
    if form == "wechat":
        return text
    message = email.message_from_bytes(text.encode(), policy=modern)
    assert isinstance(message, EmailMessage)
    part = message.get_body(("html",))
    assert part is not None
    found = part.get_content()
    assert isinstance(found, str)
    return found


def overflow(page: Page) -> int:
    """Say by how much a page is wider than what shows it."""
    found = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert isinstance(found, int)
    return found


@pytest.mark.parametrize("which", DIGESTS)
@pytest.mark.parametrize("form", ["wechat", "email"])
def test_it_can_be_read_at_every_width_and_in_the_dark(
    chromium: Browser, form: str, which: str
) -> None:
    """Nothing is wider than a phone, no words are faint, and nothing is asked of any host."""
    for width in (390, 1000):
        for theme in THEMES:
            with looking(chromium, "about:", width=width, theme=theme) as (context, seen):
                page = context.new_page()
                page.set_content(html_of(form, which))
                assert overflow(page) <= 0
                assert page.evaluate(_WEAKEST) >= 4.5, theme
                assert page.locator("script, img, link, iframe, [class], [id]").count() == 0
                assert page.evaluate("window.__pwned === undefined")
            assert seen == BrowserLog([], [])


@pytest.mark.parametrize("theme", THEMES)
def test_a_mail_takes_the_colours_that_its_reader_wants(chromium: Browser, theme: Theme) -> None:
    """Dark ground in the dark; an article stays light, since the phone darkens it by itself."""
    grounds = {}
    for form in ("wechat", "email"):
        with looking(chromium, "about:", theme=theme) as (context, _):
            page = context.new_page()
            page.set_content(html_of(form, "full"))
            luminance = f"({_LUMINANCE})(getComputedStyle(document.body).backgroundColor)"
            grounds[form] = page.evaluate(luminance)
    assert grounds["wechat"] > 0.9
    assert (grounds["email"] > 0.8) is (theme == "light")


def test_an_article_on_the_site_keeps_its_styles(chromium: Browser, place: ServedSite) -> None:
    """Under the policy of the server, which lets nothing else in; a digest's page leads there."""
    with looking(chromium, place.url, width=390) as (context, seen):
        page = context.new_page()
        page.goto(f"{place.url}{place.stems[0]}.html")
        page.get_by_role("link", name="公众号文章").click()
        page.wait_for_url(f"{place.url}digests/{place.stems[0]}.wechat.html")
        color = page.locator("h2").first.evaluate("it => getComputedStyle(it).color")
        assert color == "rgb(169, 46, 28)"
        page.goto(f"{place.url}digests/{HOSTILE}.wechat.html")
        assert overflow(page) <= 0
        assert page.evaluate("window.__pwned === undefined")
    assert seen == BrowserLog([], [])


def test_a_pasted_article_says_all_without_what_an_editor_drops(chromium: Browser) -> None:
    """What is copied from the page is text in headings and paragraphs, with its notes."""
    with looking(chromium, "about:", width=1000) as (context, _):
        page = context.new_page()
        page.set_content(html_of("wechat", "full"))
        expect(page.get_by_role("heading", level=1)).to_have_text(f"AINews - {daily.FIRST_DAY}")
        page.evaluate("document.execCommand('selectAll')")
        text = page.evaluate("getSelection().toString()")
    assert not text.lstrip().startswith("AINews")
    for number, one in enumerate(DIGESTS["full"].news, start=1):
        assert f"{number}. {one.title}" in text
        assert one.summary in text
        assert not one.link or one.link in text
