"""The format `markdown`: a digest for people, in the seed's form, and the way back.

Two older forms are read, too: the title is the link, or a line `来源：…` follows the summary. What
the plain profile made ends with a rule and a line that names the model.
Whatever a record cannot hold is an error with its line, so that no edit by hand is lost in silence.
White space at line ends, blank lines and markup in a summary are accepted.
"""

import re
from datetime import date
from functools import cache

from pipeline.chinese import shorten
from pipeline.errors import PageNotUnderstood
from pipeline.patterns import lazy_pattern
from pipeline.records import Digest, Entry, EntryKind, Link, Period, period_dates
from pipeline.write.entry_text import (
    DEGRADED,
    FOLLOWS,
    ISSUE_LINK,
    NO_ENTRIES,
    NO_LINK,
    PUBLISHED,
    QUOTATION,
    QUOTED,
    QUOTED_TITLE,
    TIMELINE,
    TRANSLATED_BY,
    EntryText,
    SectionText,
    closing_note,
    digest_name,
    digest_notes,
    digest_sections,
    heading,
)
from pipeline.write.escape import escape_line, escape_title, markdown_link, plain_text, unescape

DRAFT = "⚠️ 草稿，未发布：未通过核对的条目过多。"
"""Says above the sections that a digest was not published."""

_LINK = lazy_pattern(
    r"\[(?P<text>(?:\\.|[^\\\[\]]|\[[^\[\]]*\](?!\())*)\]"
    r"\(<?(?P<url>https?://(?:[^\s<>()]|\([^\s<>()]*\))+)>?\)",
    re.IGNORECASE,
)
_BARE = lazy_pattern(r"(?:来源[：:]\s*)?(?P<url>https?://\S+)", re.IGNORECASE)
_DATE = lazy_pattern(r"#{1,3}\s*AINews\s*-\s*(?P<date>\d{4}-\d\d-\d\d)")
_PERIOD = lazy_pattern(r"#{1,3}\s*AINews\s*[周月]报\s*-\s*(?P<name>\d{4}-W?\d\d)")
_NOTE = lazy_pattern(r">\s?(?P<text>(?!⚠️).+)")
_TIMELINE = lazy_pattern(rf"##\s*{TIMELINE.format(r'(?P<number>[0-9]{1,3})')}")
_ISSUE = lazy_pattern(rf">?\s*{_LINK.pattern}", re.IGNORECASE)
_SECTION = lazy_pattern(r"##(?!#).*要点")
_NO_ENTRIES = lazy_pattern(rf">\s*{NO_ENTRIES}")
_ITEM = lazy_pattern(r"###\s*(?P<number>\d{1,3})\.(?:\s+(?P<title>.*))?")
_QUOTE = lazy_pattern(r">\s?(?P<text>.*)")
_FOLLOWS = FOLLOWS.strip().format(r"(?P<follows>\d{4}-\d\d-\d\d)")
_PUBLISHED = PUBLISHED.strip().format(r"(?P<published>\d{4}-\d\d-\d\d(?:-\d{1,2})?)")
_SOURCE_FIRST = lazy_pattern(
    rf">\s?(?P<source>来源[：:].*?|{_LINK.pattern}|https?://\S+)(?:\s*{_FOLLOWS})?"
    rf"(?:\s*{_PUBLISHED})?",
    re.IGNORECASE,
)
_SOURCE_LAST = lazy_pattern(r"(?:>\s?)?(?P<source>来源[：:].*)")
_NO_LINK = lazy_pattern(r"来源[：:]\s*文章内容")
_DRAFT = lazy_pattern(rf">\s*{DRAFT}")
_DEGRADED = lazy_pattern(rf">\s*{DEGRADED.format(r'(?P<count>[0-9]{1,3})')}")
_QUOTATION = lazy_pattern(rf">\s?{QUOTATION.format('(?P<text>.*)')}")
_CLOSING = lazy_pattern(rf">\s?{TRANSLATED_BY.format('(?P<model>.+)')}")
_RULE = lazy_pattern(r"-{3,}|\*{3,}|_{3,}")


def to_markdown(digest: Digest, *, draft: bool = False) -> str:
    """Turn a digest into Markdown: the seed's form, byte for byte, and one final newline.

    Args:
        digest: of 0-20 entries per section; a heading counts the entries below it.
        draft: whether to say that it is not published.

    Returns:
        Markdown in which titles and summaries are text. White space in them is folded, invisible
        characters are dropped, and bare web and mail addresses become inline code.

    Raises:
        WriteError: a link is not http or https.

    Source: DESIGN.md, section 4.
    """
    notes = [markdown_link(digest.issue_url, ISSUE_LINK)]
    if draft:
        notes.append(DRAFT)
    notes += map(escape_line, digest_notes(digest))
    # Cleaned before marks are added, so that what is read back is clean too.
    parts = [*map(_render_section, digest_sections(digest, clean=plain_text))]
    if closing := closing_note(digest, clean=plain_text):
        parts.append(f"> {escape_line(closing)}")
    head = [f"## {digest_name(digest)}", *(f"> {note}" for note in notes)]
    return "\n\n".join([*head, "\n\n---\n\n".join(parts)]) + "\n"


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
    if of_period := lines.accept(_PERIOD):
        digest_date = _last_day(lines, of_period["name"])
    else:
        heading_line = lines.expect(_DATE, "the heading `## AINews - YYYY-MM-DD`")
        digest_date = _parse_date(lines, heading_line["date"])
    issue_url = unescape(lines.expect(_ISSUE, "`> [原文链接](address)`")["url"])
    period = Period(name=of_period["name"], notes=_parse_notes(lines)) if of_period else None
    lines.accept(_DRAFT)
    degraded, degraded_line = lines.accept(_DEGRADED), lines.number
    news, tools = _parse_section(lines, "news"), _parse_section(lines, "tool")
    closing = lines.accept(_CLOSING)
    if lines.has_more():
        raise lines.error("the end, after the last item of the second section")
    digest = Digest(
        date=digest_date,
        issue_url=issue_url,
        news=news,
        tools=tools,
        translated_by=unescape(closing["model"]) if closing else "",
        period=period,
    )
    announced = int(degraded["count"]) if degraded else 0
    if announced != digest.degraded:
        raise PageNotUnderstood(
            f"line {degraded_line}: {announced} quoted items are announced, "
            f"but {digest.degraded} follow; correct it"
        )
    return digest


def _render_section(section: SectionText) -> str:
    entries = "\n\n---\n\n".join(map(_render_entry, section.entries))
    return f"{section.heading}\n\n{entries or f'> {NO_ENTRIES}'}"


def _render_entry(entry: EntryText) -> str:
    quote = [entry.source_line(markdown_link)]
    if entry.quoted:
        quote.append(entry.introduction)
    quote.append(escape_line(entry.marked_summary))
    title = f"### {entry.number}. {escape_title(entry.marked_title)}"
    return "\n".join(line.rstrip() for line in (title, *(f"> {line}" for line in quote)))


class _Lines:
    """A cursor over the lines that are not blank, which knows their numbers."""

    def __init__(self, text: str) -> None:
        lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
        stripped = enumerate((line.rstrip() for line in lines), start=1)
        self._lines = [(number, line) for number, line in stripped if line]
        self._at = 0

    @property
    def number(self) -> int:
        """Number of the line that was taken last."""
        return self._lines[self._at - 1][0]

    def has_more(self) -> bool:
        return self._at < len(self._lines)

    def peek(self, pattern: re.Pattern[str]) -> bool:
        """Whether the next line matches."""
        return self.has_more() and pattern.fullmatch(self._lines[self._at][1]) is not None

    def accept(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take the next line if it matches."""
        found = pattern.fullmatch(self._lines[self._at][1]) if self.peek(pattern) else None
        self._at += found is not None
        return found

    def expect(self, pattern: re.Pattern[str], what: str) -> re.Match[str]:
        found = self.accept(pattern)
        if found is None:
            raise self.error(what)
        return found

    def error(self, what: str, *, back: int = 0) -> PageNotUnderstood:
        """Say what was expected in the next line, or so many lines back."""
        if self._at - back >= len(self._lines):
            return PageNotUnderstood(f"the digest ends too early: expected {what}")
        number, line = self._lines[self._at - back]
        shown = shorten(line, 60)  # enough to find it
        return PageNotUnderstood(f"line {number}: expected {what}, found {shown!r}; correct it")


def _parse_notes(lines: _Lines) -> tuple[str, ...]:
    notes = []
    while found := lines.accept(_NOTE):
        notes.append(unescape(found["text"]))
    return tuple(notes)


def _last_day(lines: _Lines, name: str) -> date:
    try:
        return period_dates(name).last
    except ValueError as error:
        raise lines.error(f"a week or a month of the calendar, not {name!r}", back=1) from error


def _parse_timelines(lines: _Lines, kind: EntryKind) -> list[Entry]:
    """Parse the timelines of a half; only a roundup has any."""
    entries: list[Entry] = []
    while found := lines.accept(_TIMELINE):
        number = int(found["number"])
        told = _parse_entries(lines, kind, len(entries) + 1)
        entries += (entry.model_copy(update={"timeline": number}) for entry in told)
    return entries


def _parse_entries(lines: _Lines, kind: EntryKind, first: int) -> list[Entry]:
    entries: list[Entry] = []
    while item := lines.accept(_ITEM):
        entries.append(_parse_entry(lines, item, kind, first + len(entries)))
        lines.accept(_RULE)
    return entries


def _parse_section(lines: _Lines, kind: EntryKind) -> tuple[Entry, ...]:
    example = f"`{heading(kind, 10)}`"
    timelines = _parse_timelines(lines, kind)
    found = lines.expect(_SECTION, example)
    heading_line = lines.number
    announced = _entry_counts(kind).get(_heading_key(found[0]))
    if announced is None:
        raise lines.error(example, back=1)
    entries: list[Entry] = []
    if not lines.accept(_NO_ENTRIES):
        entries = _parse_entries(lines, kind, len(timelines) + 1)
        if kind == "tool":
            follows = not lines.has_more() or lines.peek(_CLOSING)
        else:
            follows = lines.peek(_SECTION) or lines.peek(_TIMELINE)
        if not (entries and follows):
            after = "the end" if kind == "tool" else "the next section"
            raise lines.error(f"`### {len(timelines) + len(entries) + 1}. title` or {after}")
    lines.accept(_RULE)
    if announced not in (0, len(entries)):
        raise PageNotUnderstood(
            f"line {heading_line}: the heading announces {announced} items, "
            f"but {len(entries)} follow; correct it"
        )
    return (*timelines, *entries)


def _parse_entry(lines: _Lines, item: re.Match[str], kind: EntryKind, number: int) -> Entry:
    if int(item["number"]) != number:
        raise lines.error(f"item number {number}", back=1)
    title = unescape(item["title"] or "")
    links: tuple[Link, ...]
    follows, published, excerpt = None, None, None
    if linked := _LINK.fullmatch(item["title"] or ""):
        title, links = unescape(linked["text"]), (_parse_link(linked),)
        summary = lines.expect(_QUOTE, "`> summary`")
    elif first := lines.accept(_SOURCE_FIRST):
        links = _parse_source(lines, first["source"])
        follows = first["follows"] and _parse_date(lines, first["follows"])
        published = first["published"]
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
        summary=unescape((excerpt or summary)["text"]),
        link=links[0].url if links else None,
        links=links if named else (),
        follows=follows,
        quoted=excerpt is not None,
        published=published or "",
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
    words = unescape(re.sub(r"\A来源[：:]\s*", "", words))
    return (links[0].model_copy(update={"text": words}), *links[1:])


def _parse_link(found: re.Match[str]) -> Link:
    url, text = unescape(found["url"]), unescape(found["text"])
    return Link(url=url, text=text)


@cache
def _entry_counts(kind: EntryKind) -> dict[str, int]:
    """Map each heading of a section, as `_heading_key` reads it, to the count that it announces."""
    return {_heading_key(heading(kind, number)): number for number in range(1000)}


def _heading_key(line: str) -> str:
    """Reduce a section's heading to its words: no symbol, no spaces, one word for two."""
    return re.sub(r"\A二大", "两大", re.sub(r"\W+", "", line))
