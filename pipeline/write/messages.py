"""Digest -> the messages that announce it, or a failed night's, none larger than its channel takes.

Pure. A message ends where an entry ends, so that no link and no character is torn; an entry that
alone is too large loses its last sentences, never its link. The caller says what a channel takes;
`notifications.py` sends.
"""

import datetime as dt
import html
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Literal, NamedTuple

from pipeline.records import Digest, Record
from pipeline.write.entry_text import (
    ISSUE_LINK,
    SOURCE_LINK,
    EntryText,
    digest_name,
    digest_notes,
    digest_sections,
)
from pipeline.write.escape import (
    encode_url,
    escape_line,
    escape_title,
    markdown_link,
    plain_text,
)
from pipeline.write.hosts import link_host
from pipeline.write.pings import without_addresses, without_pings, without_pings_in_url

MessageFormat = Literal["markdown", "html", "text"]
"""What a channel shows."""
FitsChannel = Callable[[str, str], bool]
"""Whether a channel takes a title and a body as one message."""
MORE_ENTRIES = "另有 {} 条未列出"
"""Ends the last message where entries are left out."""
_CUT = "……"
_WIDEST_COUNTER = " (99/99)"
_SENTENCE = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+")
_BREAKS: dict[MessageFormat, str] = {"markdown": "\n\n", "html": "\n", "text": "\n\n"}


class Notification(Record):
    """One message."""

    title: str
    """Names the digest and, of several messages, which one this is."""
    body: str
    """Its text, in the layout that was asked for."""


class _Part(NamedTuple):
    """A stretch of a message that is never cut, and how many entries it holds."""

    text: str
    entries: int = 0


def build_messages(
    digest: Digest, *, layout: MessageFormat, fits: FitsChannel, max_messages: int
) -> tuple[Notification, ...]:
    """Write the messages of one digest.

    Returns:
        At least one message; when entries are missing the last one says how many.
    """
    name = digest_name(digest)

    def fit(*parts: _Part) -> bool:
        return fits(name + _WIDEST_COUNTER, _join(parts, layout))

    pages, omitted = _paginate(digest, layout, fit)
    omitted += sum(part.entries for page in pages[max_messages:] for part in page)
    pages = pages[:max_messages]
    if omitted:
        last = pages[-1]
        while last and not fit(*last, _omitted_note(omitted, digest.issue_url, layout)):
            omitted += last.pop().entries
        last.append(_omitted_note(omitted, digest.issue_url, layout))
    numbers = [f" ({n}/{len(pages)})" for n in range(1, len(pages) + 1)] if pages[1:] else [""]
    return tuple(
        Notification(title=name + number, body=_join(page, layout))
        for number, page in zip(numbers, pages, strict=True)
    )


def count_shortened(digest: Digest, text: str) -> int:
    """Count the entries that messages in the layout `text` do not hold whole."""
    whole = (
        _render_entry(entry, "", "text")
        for section in digest_sections(digest)
        for entry in section.entries
    )
    return sum(entry not in text for entry in whole)


def _paginate(
    digest: Digest, layout: MessageFormat, fit: Callable[..., bool]
) -> tuple[list[list[_Part]], int]:
    """Fill one message after the other; also count the entries that fit into none."""
    pages = [[_Part(_render_link(digest.issue_url, ISSUE_LINK, layout))]]
    for note in map(_only_words, digest_notes(digest)):
        part = next(filter(fit, map(_Part, _shortened_note(note))), None)
        if part is not None:
            _put(part, pages, fit)
    omitted = 0
    for section in digest_sections(digest):
        for entry in section.entries:
            heading = section.plain_heading if entry == section.entries[0] else ""
            variants = (
                _Part(_render_entry(variant, heading, layout), entries=1)
                for variant in _shortened_variants(entry)
            )
            part = next(filter(fit, variants), None)
            if part is None:
                omitted += 1
            else:
                _put(part, pages, fit)
    return pages, omitted


def _put(part: _Part, pages: list[list[_Part]], fit: Callable[..., bool]) -> None:
    """Add a part to the last message, or begin another one with it."""
    if fit(*pages[-1], part):
        pages[-1].append(part)
    else:
        pages.append([part])


def _shortened_note(note: str) -> Iterator[str]:
    """Give what is said above the entries, then shorter and shorter, marked as cut."""
    yield note
    for length in range(len(note) - 1, 0, -1):
        yield note[:length] + _CUT


def _shortened_variants(entry: EntryText) -> Iterator[EntryText]:
    """Give an entry, then without its last sentence, and so on; at last with a shorter title.

    What was left out is marked in each.
    """
    yield entry
    sentences = list(filter(None, _SENTENCE.split(entry.summary)))
    for length in range(len(sentences) - 1, 0, -1):
        yield entry._replace(summary="".join(sentences[:length]) + _CUT)
    yield entry._replace(summary=_CUT)
    for length in range(len(entry.title) - 1, 0, -1):
        yield entry._replace(summary="", title=f"{entry.title[:length]}…")


def _omitted_note(entries: int, issue_url: str, layout: MessageFormat) -> _Part:
    return _Part(f"{MORE_ENTRIES.format(entries)} · {_render_link(issue_url, ISSUE_LINK, layout)}")


def _render_entry(entry: EntryText, heading: str, layout: MessageFormat) -> str:
    """Render an entry, below its section's heading where one is given."""
    title = _only_words(entry.marked_title)
    summary = _only_words(entry.introduction + entry.marked_summary) if entry.summary else ""
    source = entry.source_line(lambda url: _render_link(url, SOURCE_LINK, layout))
    if layout == "html":
        lines = [f"<b>{entry.number}. {_escape_html(title)}</b>", _escape_html(summary), source]
        above = f"<h3>{html.escape(heading)}</h3>\n" if heading else ""
        return f"{above}<p>{'<br>'.join(filter(None, lines))}</p>"
    if layout == "markdown":
        heading = f"## {heading}" if heading else ""
        lines = [f"### {entry.number}. {escape_title(title)}", escape_line(summary), source]
    else:
        lines = [f"{entry.number}. {plain_text(title)}", plain_text(summary), source]
    above = f"{heading}\n\n" if heading else ""
    return above + "\n".join(filter(None, lines))


def _only_words(text: str) -> str:
    return without_addresses(without_pings(text))


def _render_link(url: str, text: str, layout: MessageFormat) -> str:
    """Render a link; where its address is hidden, its words say which host it leads to."""
    safe = without_pings_in_url(encode_url(url))
    if layout == "text":
        return safe
    host = link_host(safe)
    shown = f"{text}（{host}）" if host else text
    if layout == "markdown":
        return markdown_link(safe, escape_title(shown))
    return f'<a href="{html.escape(safe)}">{html.escape(shown)}</a>'


def _escape_html(text: str) -> str:
    return html.escape(plain_text(text), quote=False)


def _join(parts: Iterable[_Part], layout: MessageFormat) -> str:
    return _BREAKS[layout].join(part.text for part in parts)


class FailedNight(NamedTuple):
    """What is told of a night that failed."""

    day: dt.date
    """Its date."""
    reasons: tuple[str, ...]
    """A line each, without secrets."""


def build_failure_message(
    night: FailedNight, *, layout: MessageFormat, fits: FitsChannel
) -> tuple[Notification, ...]:
    """Write one message, cut where the channel takes no more; it calls nobody."""
    title = f"AINews - {night.day.isoformat()} 运行失败"
    words = without_pings("\n".join(night.reasons))
    length = len(words)
    while True:
        shown = words[:length] + (_CUT if length < len(words) else "")
        body = "\n".join(_render(line, layout) for line in shown.split("\n"))
        if length == 0 or fits(title, body):
            return (Notification(title=title, body=body),)
        length = length * 3 // 4


def _render(line: str, layout: MessageFormat) -> str:
    if layout == "html":
        return f"<p>{html.escape(plain_text(line), quote=False)}</p>"
    return escape_line(line) if layout == "markdown" else plain_text(line)
