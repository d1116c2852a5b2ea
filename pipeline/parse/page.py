"""Read one issue: `Page`, HTML or Markdown, of any year, to `Issue`. Pure.

Markdown is rendered the way the newsletter's site renders it (`_markdown`), so that every page is
HTML; one walk through it (`_steps`) makes the mentions (`_mentions`). This is the only importer of
bs4. Not here: where a page comes from (`fetch`), which addresses are the same and
which mentions tell the same event (`merge`).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from bs4 import BeautifulSoup

from pipeline.errors import PageNotUnderstood
from pipeline.parse.events import html_events
from pipeline.parse.mentions import MarkupEvent, clean_text, read_mentions
from pipeline.recaps import EXPECTED_HEADINGS
from pipeline.records import Issue, Page

_FIRST_LIVE_YEAR = 2026  # earlier issues are in the site's frozen archive, which renders otherwise

# lxml stops at these; the rest of what does not show is left out word by word.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufeff]")


class _PageContent(NamedTuple):
    """What a page says about itself, and the steps through its text."""

    title: str
    date: str
    description: str
    tags: tuple[str, ...]
    steps: Sequence[MarkupEvent]


def parse(page: Page) -> Issue:
    """Read one issue's page into its mentions, each with section, lead, text and links.

    Args:
        page: A page of the site or of its frozen archive, an article's bare HTML, or the upstream
            Markdown with its front matter.

    Returns:
        The issue, with at least one mention that stands in a recap.

    Raises:
        PageNotUnderstood: no recap in it, or no date in slug and page.
    """
    text = _UNREADABLE.sub("", page.text)
    source = _read_markdown(page.slug, text) if page.media == "markdown" else _read_html(text)
    found = read_mentions(source.steps)
    if all(mention.part == "intro" for mention in found):
        message = (
            f"{page.url} ({page.media} from {page.source}, {len(page.text):,} characters) is not an"
            f" issue: looked for the headings of a recap ({EXPECTED_HEADINGS}) with text below"
            " them, and found none; open it, or give another copy of the issue with --source"
        )
        raise PageNotUnderstood(message)
    day = _find_date(page.slug) or _find_date(source.date)
    if day is None:
        message = (
            f"{page.url} has no date: looked for YY-MM-DD at the start of its slug {page.slug!r}"
            " and for the page's own; rename the file to start with the date"
        )
        raise PageNotUnderstood(message)
    return Issue(
        slug=page.slug,
        title=source.title or re.sub(r"^\d\d-\d\d-\d\d-", "", page.slug).replace("-", " "),
        date=day,
        url=page.url,
        description=source.description,
        tags=source.tags,
        mentions=found,
    )


def _read_html(text: str) -> _PageContent:
    # Only what stands before the article becomes a tree.
    start = re.search(r"<article\b", text, re.IGNORECASE)
    head = _soup(text[: start.start()] if start else text)
    metas = {
        str(m.get("property") or m.get("name")): str(m.get("content", "")) for m in head("meta")
    }
    title = head.title or (head.h1 if start else None)
    times = [str(time["datetime"]) for time in head("time", datetime=True)]
    eyebrows = [eyebrow.get_text() for eyebrow in head(class_="eyebrow")]
    tags = head("a", href=re.compile(r"^/tags/.")) if start else []
    return _PageContent(
        title=re.sub(r" ?\| ?AINews$", "", _strip_markdown(title.get_text())) if title else "",
        date=" ".join((metas.get("article:published_time", ""), *times, *eyebrows)),
        description=_strip_markdown(metas.get("description", "")),
        tags=_tags(tag.get_text() for tag in tags),
        steps=html_events(text[start.start() :], container="article")
        if start
        else html_events(text),
    )


def _read_markdown(slug: str, text: str) -> _PageContent:
    # Few pages come as Markdown, and its reader takes long to load.
    from pipeline.parse.markdown import front_matter, markdown_to_html

    front, text = front_matter(text)
    # What is no string is left alone: YAML can write a list of billions in a few lines.
    said = {key: value for key, value in front.items() if isinstance(value, str)}
    written = said.get("date", "")
    day = _find_date(slug) or _find_date(written)
    groups = (front.get(key) for key in ("companies", "models", "topics", "people"))
    lists = (group for group in groups if isinstance(group, list))
    return _PageContent(
        title=_strip_markdown(said.get("title", "")),
        date=written,
        description=_strip_markdown(said.get("description", "")),
        tags=_tags(tag for group in lists for tag in group if isinstance(tag, str)),
        steps=html_events(markdown_to_html(text, live=day is None or day.year >= _FIRST_LIVE_YEAR)),
    )


def _soup(text: str) -> BeautifulSoup:
    # The doctype keeps bs4 from taking a short or odd page for a file's name or for XML.
    return BeautifulSoup(f"<!doctype html>\n{text}", "lxml")


def _find_date(text: str) -> date | None:
    for match in re.finditer(r"(?:^|\b20)(\d\d)-(\d\d)-(\d\d)(?!\d)", text):
        year, month, day = map(int, match.groups())
        try:
            return date(2000 + year, month, day)
        except ValueError:
            continue
    return None


def _strip_markdown(text: str) -> str:
    """Leave out the Markdown of a title or description, which only some sources keep."""
    return clean_text(re.sub(r"\*\*|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|`", "", text))


def _tags(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for name in names if (tag := clean_text(name))))
