"""The way back: a digest's Markdown -> Digest, in the seed's form and in two older ones.

Of an older digest the title itself is the link, or a line `来源：…` follows the summary. Whatever a
record cannot hold is an error with its line, so that no edit made by hand is lost in silence. White
space at line ends, blank lines and what only marks text up in a summary are taken as they come.
"""

import re
from datetime import date

from pipeline.errors import PageNotUnderstood
from pipeline.records import Digest, Entry, EntryKind, Link
from pipeline.write import escape as _escape
from pipeline.write.files import (
    DEGRADED,
    DRAFT,
    FOLLOWS,
    NO_ENTRIES,
    NO_LINK,
    QUOTATION,
    QUOTED,
    QUOTED_TITLE,
    heading,
)

_LINK = re.compile(
    r"\[(?P<text>(?:\\.|[^\\\[\]]|\[[^\[\]]*\](?!\())*)\]"
    r"\(<?(?P<url>https?://(?:[^\s<>()]|\([^\s<>()]*\))+)>?\)",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?:来源[：:]\s*)?(?P<url>https?://\S+)", re.IGNORECASE)
_DATE = re.compile(r"#{1,3}\s*AINews\s*-\s*(?P<date>\d{4}-\d\d-\d\d)")
_ISSUE = re.compile(rf">?\s*{_LINK.pattern}", re.IGNORECASE)
_SECTION = re.compile(r"##(?!#).*要点")
_NO_ENTRIES = re.compile(rf">\s*{NO_ENTRIES}")
_ITEM = re.compile(r"###\s*(?P<number>\d{1,3})\.(?:\s+(?P<title>.*))?")
_QUOTE = re.compile(r">\s?(?P<text>.*)")
_FOLLOWS = FOLLOWS.strip().format(r"(?P<follows>\d{4}-\d\d-\d\d)")
_SOURCE_FIRST = re.compile(
    rf">\s?(?P<source>来源[：:].*?|{_LINK.pattern}|https?://\S+)(?:\s*{_FOLLOWS})?", re.IGNORECASE
)
_SOURCE_LAST = re.compile(r"(?:>\s?)?(?P<source>来源[：:].*)")
_NO_LINK = re.compile(r"来源[：:]\s*文章内容")
_DRAFT = re.compile(rf">\s*{DRAFT}")
_DEGRADED = re.compile(rf">\s*{DEGRADED.format(r'(?P<count>[0-9]{1,3})')}")
_QUOTATION = re.compile(rf">\s?{QUOTATION.format('(?P<text>.*)')}")
_RULE = re.compile(r"-{3,}|\*{3,}|_{3,}")


def from_markdown(markdown: str) -> Digest:
    """Turn a digest's Markdown into records.

    Args:
        markdown: the file's text; a byte order mark, any line ends and a missing last one are fine.

    Returns:
        A digest without provenance or evidence. An entry has `links` only where the page gave its
        source a name of its own.

    Raises:
        PageNotUnderstood: with the number of the line and what was looked for there.
    """
    lines = _Lines(markdown)
    day = lines.expect(_DATE, "the heading `## AINews - YYYY-MM-DD`")["date"]
    when = _parse_date(lines, day)
    issue_url = _escape.unescape(lines.expect(_ISSUE, "`> [原文链接](address)`")["url"])
    lines.accept(_DRAFT)
    degraded, at = lines.accept(_DEGRADED), lines.number
    news, tools = _parse_section(lines, "news"), _parse_section(lines, "tool")
    if lines.has_more():
        raise lines.error("the end, after the last item of the second section")
    digest = Digest(date=when, issue_url=issue_url, news=news, tools=tools)
    announced = int(degraded["count"]) if degraded else 0
    if announced != digest.degraded:
        message = f"line {at}: {announced} quoted items are announced, but {digest.degraded} follow"
        raise PageNotUnderstood(f"{message}; correct it")
    return digest


class _Lines:
    """The lines that are not blank, one after the other, with their numbers."""

    def __init__(self, text: str) -> None:
        lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
        self._lines = [(number, line.rstrip()) for number, line in enumerate(lines, 1)]
        self._lines = [(number, line) for number, line in self._lines if line]
        self._at = 0

    @property
    def number(self) -> int:
        """Number of the line taken last."""
        return self._lines[self._at - 1][0]

    def has_more(self) -> bool:
        return self._at < len(self._lines)

    def peek(self, pattern: re.Pattern[str]) -> bool:
        """Whether a line follows that is as the pattern says."""
        return self.has_more() and pattern.fullmatch(self._lines[self._at][1]) is not None

    def accept(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Give the next line and go on, if it is as the pattern says."""
        found = pattern.fullmatch(self._lines[self._at][1]) if self.peek(pattern) else None
        self._at += found is not None
        return found

    def expect(self, pattern: re.Pattern[str], what: str) -> re.Match[str]:
        found = self.accept(pattern)
        if found is None:
            raise self.error(what)
        return found

    def error(self, what: str, *, back: int = 0) -> PageNotUnderstood:
        """Say what was looked for in the next line, or so many lines back."""
        if self._at - back >= len(self._lines):
            return PageNotUnderstood(f"the digest ends too early: expected {what}")
        number, line = self._lines[self._at - back]
        shown = line if len(line) <= 60 else f"{line[:59]}…"  # noqa: PLR2004 - enough to find it
        return PageNotUnderstood(f"line {number}: expected {what}, found {shown!r}; correct it")


def _parse_section(lines: _Lines, kind: EntryKind) -> tuple[Entry, ...]:
    example = f"`{heading(kind, 10)}`"
    found = lines.expect(_SECTION, example)
    at = lines.number
    counts = {_heading_key(heading(kind, number)): number for number in range(1000)}
    if _heading_key(found[0]) not in counts:
        raise lines.error(example, back=1)
    entries: list[Entry] = []
    if not lines.accept(_NO_ENTRIES):
        while item := lines.accept(_ITEM):
            entries.append(_parse_entry(lines, item, kind, len(entries) + 1))
            lines.accept(_RULE)
        follows = not lines.has_more() if kind == "tool" else lines.peek(_SECTION)
        if not (entries and follows):
            after = "the end" if kind == "tool" else "the next section"
            raise lines.error(f"`### {len(entries) + 1}. title` or {after}")
    lines.accept(_RULE)
    announced = counts[_heading_key(found[0])]
    if announced not in (0, len(entries)):
        message = f"line {at}: the heading announces {announced} items, but {len(entries)} follow"
        raise PageNotUnderstood(f"{message}; correct it")
    return tuple(entries)


def _parse_entry(lines: _Lines, item: re.Match[str], kind: EntryKind, number: int) -> Entry:
    if int(item["number"]) != number:
        raise lines.error(f"item number {number}", back=1)
    title = _escape.unescape(item["title"] or "")
    links: tuple[Link, ...]
    follows, excerpt = None, None
    if linked := _LINK.fullmatch(item["title"] or ""):
        title, links = _escape.unescape(linked["text"]), (_parse_link(linked),)
        summary = lines.expect(_QUOTE, "`> summary`")
    elif first := lines.accept(_SOURCE_FIRST):
        links = _parse_source(lines, first["source"])
        follows = first["follows"] and _parse_date(lines, first["follows"])
        summary = lines.expect(_QUOTE, "`> summary`")
        excerpt = lines.accept(_QUOTATION) if summary["text"] == QUOTED else None
        if excerpt and not title.startswith(QUOTED_TITLE):
            raise lines.error(f"`### {number}. {QUOTED_TITLE}title`", back=4)
    else:
        summary = lines.expect(_QUOTE, f"`> [address](address)` or `> {NO_LINK}`")
        last = lines.expect(
            _SOURCE_LAST, f"`> [address](address)` or `> {NO_LINK}` above this line"
        )
        links = _parse_source(lines, last["source"])
    named = linked is None and any(link.text not in {"", link.url} for link in links)
    return Entry(
        kind=kind,
        title=title.removeprefix(QUOTED_TITLE) if excerpt else title,
        summary=_escape.unescape((excerpt or summary)["text"]),
        link=links[0].url if links else None,
        links=links if named else (),
        follows=follows,
        quoted=excerpt is not None,
    )


def _parse_date(lines: _Lines, day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError as error:
        raise lines.error(f"a date of the calendar, not {day!r}", back=1) from error


def _parse_source(lines: _Lines, source: str) -> tuple[Link, ...]:
    """Read the links of a source line; words around a link become part of what it is called."""
    if _NO_LINK.fullmatch(source):
        return ()
    if bare := _BARE.fullmatch(source):
        return (Link(url=bare["url"], text=""),)
    links = [_parse_link(found) for found in _LINK.finditer(source)]
    if not links:
        raise lines.error(f"a link or `{NO_LINK}`", back=1)
    words = _LINK.sub(lambda found: found["text"], source)
    words = _escape.unescape(re.sub(r"\A来源[：:]\s*", "", words))
    return (links[0].model_copy(update={"text": words}), *links[1:])


def _parse_link(found: re.Match[str]) -> Link:
    url, text = _escape.unescape(found["url"]), _escape.unescape(found["text"])
    return Link(url=url, text=text)


def _heading_key(line: str) -> str:
    """What of a section's heading counts: not its symbol, its spaces or which word says two."""
    return re.sub(r"\A二大", "两大", re.sub(r"\W+", "", line))
