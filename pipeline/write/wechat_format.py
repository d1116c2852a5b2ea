"""The format `wechat`: an article that the editor of a WeChat public account takes by paste.

The editor keeps styles that stand at an element. It drops classes, ids, scripts, style sheets and
links to other sites, so every address is a numbered note at the end. The name of the digest stands
above the article and is not copied with it: the editor has a field for it. Phones make dark colours
of these by themselves.
"""

import html
from collections.abc import Iterator, Mapping
from typing import Final

from pipeline.records import Digest
from pipeline.write.entry_text import (
    ISSUE_LINK,
    NO_ENTRIES,
    SOURCE_LINK,
    SectionText,
    digest_name,
    digest_notes,
    digest_sections,
)
from pipeline.write.escape import encode_url
from pipeline.write.html_text import (
    EntryStyles,
    html_address,
    html_entry,
    html_host,
    html_text,
    small_line,
    tag,
)

SOURCES: Final = "来源与链接"
"""Heads the notes."""

_PAGE: Final = "margin:0 auto;max-width:677px;padding:16px;background:#fff"
_NAME: Final = (
    "margin:0 0 12px;font-size:14px;font-weight:normal;color:#6b6b6b;"
    "-webkit-user-select:none;user-select:none"
)
_ARTICLE: Final = "font-size:16px;line-height:1.8;color:#333;word-wrap:break-word"
_HEADING: Final = (
    "margin:30px 0 0;padding:0 0 6px;border-bottom:2px solid #a92e1c;"
    "font-size:20px;line-height:1.4;color:#a92e1c"
)
_ENTRY: Final = EntryStyles(
    title="margin:28px 0 0;font-size:17px;line-height:1.5;color:#222",
    text="margin:8px 0 0",
    quote="margin:8px 0 0;padding:8px 14px;border-left:4px solid #ddd;background:#f7f7f7",
    small="font-size:14px;color:#6b6b6b",
    code="padding:1px 4px;background:#f3f3f3;font-size:14px",
)
_NOTE: Final = "margin:6px 0 0;font-size:13px;line-height:1.6;color:#6b6b6b;word-break:break-all"
_MARK: Final = "font-size:12px;color:#a92e1c"
_HEAD: Final = (
    '<meta charset="utf-8">\n'
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<meta name="robots" content="noindex">\n'
)


def to_wechat(digest: Digest) -> str:
    """Turn a digest into an article: a page to open in a browser, to select whole and to paste.

    Raises:
        WriteError: a link is not http or https.
    """
    sections = digest_sections(digest)
    links = (entry.link for section in sections for entry in section.entries if entry.link)
    addresses = dict.fromkeys(map(encode_url, links))
    notes = {url: number for number, url in enumerate(addresses, start=1)}
    warnings = [small_line(html_text(note, _ENTRY.code), _ENTRY) for note in digest_notes(digest)]
    parts = [line for section in sections for line in _section(section, notes)]
    article = "\n".join([*warnings, *parts, *_notes(digest, notes)])
    name = digest_name(digest)
    above = f"<header>{tag('h1', _NAME, name)}</header>\n"
    page = f"{above}<main>{tag('section', _ARTICLE, article)}</main>"
    return (
        f'<!doctype html>\n<html lang="zh-CN">\n<head>\n{_HEAD}'
        f"<title>{name}</title>\n</head>\n"
        f"{tag('body', _PAGE, page)}\n</html>\n"
    )


def _section(section: SectionText, notes: Mapping[str, int]) -> Iterator[str]:
    def source(url: str) -> str:
        return f"{SOURCE_LINK}：{html_host(url)}{tag('sup', _MARK, f'[{notes[encode_url(url)]}]')}"

    yield tag("h2", _HEADING, section.plain_heading)
    if not section.entries:
        yield tag("p", _ENTRY.text, NO_ENTRIES)
    for entry in section.entries:
        yield from html_entry(entry, _ENTRY, source)


def _notes(digest: Digest, notes: Mapping[str, int]) -> list[str]:
    rows = [f"[{number}] {html.escape(url)}" for url, number in notes.items()]
    rows.append(f"{ISSUE_LINK}：{html_address(digest.issue_url)}")
    return [tag("h2", _HEADING, SOURCES), *(tag("p", _NOTE, row) for row in rows)]
