"""Read one issue: `Page`, HTML or Markdown, of any year, to `Issue`. Pure.

Markdown is rendered the way the newsletter's site renders it (`markdown`), so that every page is
HTML; one pass through its tags and texts makes the mentions (`mentions`). This is the only importer
of bs4. Not here: where a page comes from (`fetch`), which addresses are the same and which mentions
are about the same event (`merge`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from bs4 import BeautifulSoup
from lxml import etree

from pipeline.chinese import shorten
from pipeline.errors import PageNotUnderstood
from pipeline.parse.mentions import SILENT_TAGS, MarkupEvent, clean_text, read_mentions
from pipeline.recaps import EXPECTED_HEADINGS
from pipeline.records import Issue, Page

_FIRST_LIVE_YEAR = 2026  # earlier issues are in the site's frozen archive, which renders otherwise
_RAW_HTML = re.compile(r"(?im)^ {0,3}<(?:h[1-6]|[uo]l|div|p)\b")
_MARKDOWN = re.compile(r"(?m)^ {0,3}(?:#{1,6} |[*+-] )")

# lxml stops at these; the rest of what does not show is left out word by word.
_UNREADABLE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufeff]")

# What stands before the article, or in a page without one; the longest real one has 186,000.
_HEAD_CHARS = 500_000
_MAX_META = 10_000  # characters of a title or a description; the longest real one has 1,097
_MAX_FOUND = 200  # tags of a kind in the head

_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]{1,400})\]\(\s*<?[^()\s]{1,4000}[^()]{0,400}\)")
_HTML_LIST = re.compile(r"\s*<([uo]l)>.*</\1>\s*", re.DOTALL)
# A channel's heading within a block of code: a fence that a bullet left open has swallowed it.
_SWALLOWED = re.compile(r"^(?:#+ |\*\*).{0,200}▷", re.MULTILINE)


class _PageContent(NamedTuple):
    """What a page says about itself, and its tags and texts."""

    title: str
    date: str
    description: str
    tags: tuple[str, ...]
    events: Sequence[MarkupEvent]


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
    mentions, drops = read_mentions(_free_swallowed(source.events))
    if all(mention.part == "intro" for mention in mentions):
        message = (
            f"{page.file or page.url} ({page.media} from {page.source}, {len(page.text):,} "
            "characters) is not an issue: looked for the headings of a recap "
            f"({EXPECTED_HEADINGS}) with text below them, and found none; open it, or give another "
            "copy of the issue with --source"
        )
        raise PageNotUnderstood(message)
    day = _find_date(page.slug) or _find_date(source.date)
    if day is None:
        message = (
            f"{page.file or page.url} has no date: looked for YY-MM-DD at the start of its slug "
            f"{page.slug!r} and for the page's own; rename the file to start with the date"
        )
        raise PageNotUnderstood(message)
    return Issue(
        slug=page.slug,
        title=source.title or re.sub(r"^\d\d-\d\d-\d\d-", "", page.slug).replace("-", " "),
        date=day,
        url=page.url,
        description=source.description,
        tags=source.tags,
        mentions=mentions,
        drops=drops,
    )


def page_events(page: Page) -> Sequence[MarkupEvent]:
    """List the tags and texts of a whole page, what stands beside its article included."""
    text = _UNREADABLE.sub("", page.text)
    if page.media == "markdown":
        from pipeline.parse.markdown import front_matter, markdown_to_html

        text = markdown_to_html(front_matter(text)[1], live=True)
    return _html_events(text)


def _read_html(text: str) -> _PageContent:
    start = re.search(r"<article\b", text, re.IGNORECASE)
    at = start.start() if start else len(text)
    before = text[: min(at, _HEAD_CHARS)]
    # Only what stands before the article becomes a tree. The doctype keeps bs4 from taking a short
    # or odd page for a file's name or for XML.
    head = BeautifulSoup(f"<!doctype html>\n{before}", "lxml")
    metas = {
        str(m.get("property") or m.get("name")): str(m.get("content", ""))
        for m in head("meta", limit=_MAX_FOUND)
    }
    title = head.title or (head.h1 if start else None)
    times = [str(time["datetime"]) for time in head("time", datetime=True, limit=_MAX_FOUND)]
    eyebrows = [eyebrow.get_text() for eyebrow in head(class_="eyebrow", limit=_MAX_FOUND)]
    tags = head("a", href=re.compile(r"^/tags/."), limit=_MAX_FOUND) if start else []
    return _PageContent(
        title=re.sub(r" ?\| ?AINews$", "", _strip_markdown(title.get_text())) if title else "",
        date=" ".join((metas.get("article:published_time", ""), *times, *eyebrows)),
        description=_strip_markdown(metas.get("description", "")),
        tags=_tags(tag.get_text() for tag in tags),
        events=_article_events(text[at:]) if start else _html_events(text),
    )


def _read_markdown(slug: str, text: str) -> _PageContent:
    # Few pages come as Markdown, and its reader takes long to load.
    from pipeline.parse.markdown import front_matter, markdown_to_html

    front, text = front_matter(text.replace("\r\n", "\n").replace("\r", "\n"))
    # What is no string is left alone: YAML can write a list of billions in a few lines.
    texts = {key: value for key, value in front.items() if isinstance(value, str)}
    day = _find_date(slug) or _find_date(texts.get("date", ""))
    groups = (front.get(key) for key in ("companies", "models", "topics", "people"))
    lists = (group for group in groups if isinstance(group, list))
    # The frozen archive leaves out blocks of HTML, but some issues are nothing else.
    whole = _RAW_HTML.search(text) is not None and not _MARKDOWN.search(text)
    live = whole or day is None or day.year >= _FIRST_LIVE_YEAR
    return _PageContent(
        title=_strip_markdown(texts.get("title", "")),
        date=texts.get("date", ""),
        description=_strip_markdown(texts.get("description", "")),
        tags=_tags(tag for group in lists for tag in group if isinstance(tag, str)),
        events=_html_events(markdown_to_html(text, live=live)),
    )


def _html_events(html: str) -> Sequence[MarkupEvent]:
    """List the tags and texts of HTML in order; each tag is closed that was opened."""
    return [*_read_events(html, container="").events, MarkupEvent("close", "html")]


def _article_events(html: str) -> Sequence[MarkupEvent]:
    """List those of the `article` with the longest text; the tag itself is closed only."""
    return max(_read_events(html, container="article").containers, key=_text_length, default=())


def _read_events(html: str, *, container: str) -> "_EventTarget":
    target = _EventTarget(container)
    parser = etree.HTMLParser(target=target)
    # The doctype keeps an empty text from being an error.
    parser.feed(f"<!doctype html>\n{html}")
    parser.close()
    return target


def _free_swallowed(events: Sequence[MarkupEvent]) -> Iterator[MarkupEvent]:
    """Render what stands in blocks of code and is the editors' text; all else stays as it is.

    That is the channels that an open fence has swallowed, and a whole list in HTML.

    Code within a bullet or a quotation is a stranger's, and stays code.
    """
    block: list[MarkupEvent] = []
    depth = 0  # of items and quotations that are open
    for event in events:
        if event.value in ("li", "blockquote"):
            depth += {"open": 1, "close": -1}.get(event.kind, 0)
        if not block and (depth or (event.kind, event.value) != ("open", "pre")):
            yield event
            continue
        block.append(event)
        if (event.kind, event.value) == ("close", "pre"):
            yield from _without_swallowed(block)
            block = []
    yield from block


def _without_swallowed(block: Sequence[MarkupEvent]) -> Iterator[MarkupEvent]:
    """Give a block of code, and behind it what it swallowed, rendered."""
    text = "".join(event.value for event in block if event.kind == "text")
    channel = _SWALLOWED.search(text)
    code = text[: channel.start()] if channel else text
    if _HTML_LIST.fullmatch(code):
        yield from _html_events(code)
    elif channel:
        yield MarkupEvent("open", "pre")
        yield MarkupEvent("text", code)
        yield MarkupEvent("close", "pre")
    else:
        yield from block
    if channel:
        from pipeline.parse.markdown import markdown_to_html

        yield from _html_events(markdown_to_html(text[channel.start() :], live=True))


def _text_length(events: Sequence[MarkupEvent]) -> int:
    return sum(len(event.value) for event in events if event.kind == "text")


class _EventTarget:
    """What lxml calls for each tag and text as it comes; an entity or a comment parts two texts.

    lxml closes what a page leaves open. No tree is built, which would take most of the time.
    """

    def __init__(self, container: str) -> None:
        self.events: list[MarkupEvent] = []
        self.containers: list[list[MarkupEvent]] = []
        self._container = container  # the outermost tag that counts; empty for the whole page
        self._depth = 0 if container else 1  # of tags that are open and count
        self._silent = ""  # name of the tag that is passed over
        self._nested = 0  # how many of its name are open
        self._words: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._end_text()
        if self._silent:
            self._nested += tag == self._silent
        elif self._depth or tag == self._container:
            if tag in SILENT_TAGS:
                self._silent, self._nested = tag, 1
                return
            if self._depth:
                # Looking for what is not there takes lxml's mapping ten times as long.
                href = attributes.get("href", "") if tag == "a" else ""
                self.events.append(MarkupEvent("open", tag, href) if href else _tag("open", tag))
            self._depth += 1

    def end(self, tag: str) -> None:
        self._end_text()
        if self._silent:
            self._nested -= tag == self._silent
            self._silent = self._silent if self._nested else ""
        elif self._depth:
            self.events.append(_tag("close", tag))
            self._depth -= 1
            if not self._depth:
                self.containers.append(self.events)
                self.events = []

    def data(self, text: str) -> None:
        if self._depth and not self._silent:
            self._words.append(text)

    def comment(self, _text: str) -> None:
        self._end_text()

    def close(self) -> None:
        self._end_text()

    def _end_text(self) -> None:
        if self._words:
            self.events.append(MarkupEvent("text", "".join(self._words)))
            self._words.clear()


@lru_cache(maxsize=512)
def _tag(kind: Literal["open", "close"], name: str) -> MarkupEvent:
    """Give a tag without an address, one object for all of a name: a page may be nothing else."""
    return MarkupEvent(kind, name)


def _find_date(text: str) -> date | None:
    for match in re.finditer(r"(?:^|\b20)(\d\d)-(\d\d)-(\d\d)(?!\d)", text):
        year, month, day = map(int, match.groups())
        try:
            return date(2000 + year, month, day)
        except ValueError:
            continue
    return None


def _strip_markdown(text: str) -> str:
    """Leave out the Markdown of a title or description, which only some sources keep.

    Quotes that some source doubled, to write them within quotes, become single ones.
    """
    text = _MARKDOWN_LINK.sub(r"\1", shorten(text.strip(), _MAX_META))
    text = re.sub(r"\*\*|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|`", "", text)
    return clean_text(re.sub(r"([\"'])\1+", r"\1", text))


def _tags(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for name in names if (tag := clean_text(name))))
