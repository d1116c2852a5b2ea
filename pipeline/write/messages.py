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

Layout = Literal["markdown", "html", "text"]
"""What a channel shows."""
Fits = Callable[[str, str], bool]
"""Tells of a title and a body whether a channel takes them as one message."""

MORE = "另有 {} 条未列出"
"""Ends the last message when not every entry found a place."""

_ISSUE = "原文链接"
_SOURCE = "来源"
_WIDEST = " (99/99)"
_SENTENCE = re.compile(r"(?<=[。！？；])|(?<=[.!?;])\s+")
_BREAKS: dict[Layout, str] = {"markdown": "\n\n", "html": "\n", "text": "\n\n"}


class Notice(Record):
    """One message."""

    title: str
    """Names the digest and, of several messages, which one this is."""
    body: str
    """What it tells, in the layout that was asked for."""


class _Block(NamedTuple):
    """What no border goes through: an entry, with its section's heading where it is the first."""

    heading: str
    number: int
    entry: Entry


def notices(digest: Digest, *, layout: Layout, fits: Fits, most: int) -> tuple[Notice, ...]:
    """Write the messages of one digest.

    Args:
        digest: what was published.
        layout: how the channel's texts are marked up.
        fits: whether the channel takes a title and a body as one message.
        most: how many messages there may be, at least 1.

    Returns:
        At least one message; when entries are missing the last one says how many.
    """
    name = f"AINews - {digest.date.isoformat()}"
    whole = (digest.issue_url, layout)
    pages, left = _packed(digest, layout, lambda parts: fits(name + _WIDEST, _join(parts, layout)))
    left += sum(count for page in pages[most:] for _, count in page)
    pages = pages[:most]
    if left:
        last = pages[-1]
        while last and not fits(
            name + _WIDEST, _join([*_texts(last), _more(left, *whole)], layout)
        ):
            left += last.pop()[1]
        last.append((_more(left, *whole), 0))
    numbers = [f" ({n}/{len(pages)})" for n in range(1, len(pages) + 1)] if pages[1:] else [""]
    return tuple(
        Notice(title=name + number, body=_join(_texts(page), layout))
        for number, page in zip(numbers, pages, strict=True)
    )


_Page = list[tuple[str, int]]
"""The texts of one message, each with how many entries it tells."""


def _packed(
    digest: Digest, layout: Layout, fit: Callable[[Sequence[str]], bool]
) -> tuple[list[_Page], int]:
    """Fill one message after the other; also count the entries that fit into none."""
    pages: list[_Page] = [[(_head(digest, layout), 0)]]
    left = 0
    for block in _blocks(digest):
        texts = (_text(block._replace(entry=each), layout) for each in _shorter(block.entry))
        text = next((each for each in texts if fit([each])), None)
        if text is None:
            left += 1
        elif fit([*_texts(pages[-1]), text]):
            pages[-1].append((text, 1))
        else:
            pages.append([(text, 1)])
    return pages, left


def _blocks(digest: Digest) -> Iterator[_Block]:
    for entries in (digest.news, digest.tools):
        for number, entry in enumerate(entries, 1):
            yield _Block(heading(entry.kind, len(entries)) if number == 1 else "", number, entry)


def _shorter(entry: Entry) -> Iterator[Entry]:
    """Give an entry, then without its last sentence, and so on; at last with a shorter title."""
    yield entry
    sentences = [each for each in _SENTENCE.split(entry.summary) if each]
    for kept in range(len(sentences) - 1, -1, -1):
        summary = "".join(sentences[:kept]) + "……" * bool(kept)
        yield entry.model_copy(update={"summary": summary})
    for kept in range(len(entry.title) - 1, 0, -1):
        yield entry.model_copy(update={"summary": "", "title": entry.title[:kept] + "…"})


def _head(digest: Digest, layout: Layout) -> str:
    lines = [_link(digest.issue_url, _ISSUE, layout)]
    lines += [DEGRADED.format(digest.degraded)] * (digest.degraded > 0)
    return _join(lines, layout)


def _more(left: int, url: str, layout: Layout) -> str:
    return f"{MORE.format(left)} · {_link(url, _ISSUE, layout)}"


def _text(block: _Block, layout: Layout) -> str:
    entry, head = block.entry, block.heading
    title, summary = entry.title, entry.summary
    if entry.quoted:
        title = QUOTED_TITLE + title
        summary = QUOTED + QUOTATION.format(summary) if summary else ""
    source = NO_LINK if entry.link is None else _link(entry.link, _SOURCE, layout)
    source += FOLLOWS.format(entry.follows) if entry.follows else ""
    if layout == "html":
        told = [f"<b>{block.number}. {_plain(title)}</b>", _plain(summary), source]
        section = f"<h3>{html.escape(head.removeprefix('## '))}</h3>\n" if head else ""
        return f"{section}<p>{'<br>'.join(each for each in told if each)}</p>"
    if layout == "markdown":
        told = [f"### {block.number}. {_escape.title(title)}", _escape.line(summary), source]
    else:
        told = [f"{block.number}. {_escape.plain(title)}", _escape.plain(summary), source]
        head = head.removeprefix("## ")
    return "\n".join([*([head, ""] if head else []), *(each for each in told if each)])


def _link(url: str, text: str, layout: Layout) -> str:
    if layout == "markdown":
        return _escape.link(url, text)
    safe = _escape.address(url)
    return f'<a href="{html.escape(safe)}">{text}</a>' if layout == "html" else safe


def _plain(text: str) -> str:
    return html.escape(_escape.plain(text), quote=False)


def _texts(page: _Page) -> list[str]:
    return [text for text, _ in page]


def _join(parts: Sequence[str], layout: Layout) -> str:
    return _BREAKS[layout].join(parts)
