"""Digest -> the messages that tell people of it, each no larger than its channel takes.

Pure. A message ends where an entry ends, so that no link and no character is torn; an entry that
alone is too large loses its last sentences, never its link. What a channel takes is the caller's
to say; `notify.py` sends.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from pipeline.records import Digest, Entry, Record
from pipeline.write import escape as _escape
from pipeline.write.files import (
    DEGRADED,
    FOLLOWS,
    NO_LINK,
    QUOTATION,
    QUOTED,
    QUOTED_TITLE,
    heading,
)

MessageFormat = Literal["markdown", "html", "text"]
"""What a channel shows."""
FitsChannel = Callable[[str, str], bool]
"""Tells of a title and a body whether a channel takes them as one message."""

MORE_ENTRIES = "另有 {} 条未列出"
"""Ends the last message when not every entry found a place."""

_ISSUE = "原文链接"
_SOURCE = "来源"
_WIDEST_COUNTER = " (99/99)"
_SENTENCE = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+")
_BREAKS: dict[MessageFormat, str] = {"markdown": "\n\n", "html": "\n", "text": "\n\n"}


class Notification(Record):
    """One message."""

    title: str
    """Names the digest and, of several messages, which one this is."""
    body: str
    """What it tells, in the layout that was asked for."""


class _EntryBlock(NamedTuple):
    """What no border goes through: an entry, with its section's heading where it is the first."""

    heading: str
    number: int
    entry: Entry


def build_messages(
    digest: Digest, *, layout: MessageFormat, fits: FitsChannel, max_messages: int
) -> tuple[Notification, ...]:
    """Write the messages of one digest.

    Args:
        digest: what was published.
        layout: how the channel's texts are marked up.
        fits: whether the channel takes a title and a body as one message.
        max_messages: how many messages there may be, at least 1.

    Returns:
        At least one message; when entries are missing the last one says how many.
    """
    name = f"AINews - {digest.date.isoformat()}"
    whole = (digest.issue_url, layout)
    pages, left = _paginate(
        digest, layout, lambda parts: fits(name + _WIDEST_COUNTER, _join(parts, layout))
    )
    left += sum(count for page in pages[max_messages:] for _, count in page)
    pages = pages[:max_messages]
    if left:
        last = pages[-1]
        while last and not fits(
            name + _WIDEST_COUNTER, _join([*_part_texts(last), _omitted_note(left, *whole)], layout)
        ):
            left += last.pop()[1]
        last.append((_omitted_note(left, *whole), 0))
    numbers = [f" ({n}/{len(pages)})" for n in range(1, len(pages) + 1)] if pages[1:] else [""]
    return tuple(
        Notification(title=name + number, body=_join(_part_texts(page), layout))
        for number, page in zip(numbers, pages, strict=True)
    )


_MessageParts = list[tuple[str, int]]
"""The texts of one message, each with how many entries it tells."""


def _paginate(
    digest: Digest, layout: MessageFormat, fit: Callable[[Sequence[str]], bool]
) -> tuple[list[_MessageParts], int]:
    """Fill one message after the other; also count the entries that fit into none."""
    pages: list[_MessageParts] = [[(_render_header(digest, layout), 0)]]
    left = 0
    for block in _entry_blocks(digest):
        texts = (
            _render_entry(block._replace(entry=each), layout)
            for each in _shortened_variants(block.entry)
        )
        text = next((each for each in texts if fit([each])), None)
        if text is None:
            left += 1
        elif fit([*_part_texts(pages[-1]), text]):
            pages[-1].append((text, 1))
        else:
            pages.append([(text, 1)])
    return pages, left


def _entry_blocks(digest: Digest) -> Iterator[_EntryBlock]:
    for entries in (digest.news, digest.tools):
        for number, entry in enumerate(entries, 1):
            yield _EntryBlock(
                heading(entry.kind, len(entries)) if number == 1 else "", number, entry
            )


def _shortened_variants(entry: Entry) -> Iterator[Entry]:
    """Give an entry, then without its last sentence, and so on; at last with a shorter title."""
    yield entry
    sentences = [each for each in _SENTENCE.split(entry.summary) if each]
    for kept in range(len(sentences) - 1, -1, -1):
        summary = "".join(sentences[:kept]) + "……" * bool(kept)
        yield entry.model_copy(update={"summary": summary})
    for kept in range(len(entry.title) - 1, 0, -1):
        yield entry.model_copy(update={"summary": "", "title": entry.title[:kept] + "…"})


def _render_header(digest: Digest, layout: MessageFormat) -> str:
    lines = [_render_link(digest.issue_url, _ISSUE, layout)]
    lines += [DEGRADED.format(digest.degraded)] * (digest.degraded > 0)
    return _join(lines, layout)


def _omitted_note(left: int, url: str, layout: MessageFormat) -> str:
    return f"{MORE_ENTRIES.format(left)} · {_render_link(url, _ISSUE, layout)}"


def _render_entry(block: _EntryBlock, layout: MessageFormat) -> str:
    entry, head = block.entry, block.heading
    title, summary = entry.title, entry.summary
    if entry.quoted:
        title = QUOTED_TITLE + title
        summary = QUOTED + QUOTATION.format(summary) if summary else ""
    source = NO_LINK if entry.link is None else _render_link(entry.link, _SOURCE, layout)
    source += FOLLOWS.format(entry.follows) if entry.follows else ""
    if layout == "html":
        told = [f"<b>{block.number}. {_escape_html(title)}</b>", _escape_html(summary), source]
        section = f"<h3>{html.escape(head.removeprefix('## '))}</h3>\n" if head else ""
        return f"{section}<p>{'<br>'.join(each for each in told if each)}</p>"
    if layout == "markdown":
        told = [
            f"### {block.number}. {_escape.escape_title(title)}",
            _escape.escape_line(summary),
            source,
        ]
    else:
        told = [f"{block.number}. {_escape.plain_text(title)}", _escape.plain_text(summary), source]
        head = head.removeprefix("## ")
    return "\n".join([*([head, ""] if head else []), *(each for each in told if each)])


def _render_link(url: str, text: str, layout: MessageFormat) -> str:
    if layout == "markdown":
        return _escape.markdown_link(url, text)
    safe = _escape.encode_url(url)
    return f'<a href="{html.escape(safe)}">{text}</a>' if layout == "html" else safe


def _escape_html(text: str) -> str:
    return html.escape(_escape.plain_text(text), quote=False)


def _part_texts(page: _MessageParts) -> list[str]:
    return [text for text, _ in page]


def _join(parts: Sequence[str], layout: MessageFormat) -> str:
    return _BREAKS[layout].join(parts)
