"""The format `email`: a message (RFC 5322) with the digest as plain text and as HTML.

Who sends it fills in `From`, `To`, `Date`, `Message-ID` and `List-Unsubscribe`; `X-Unsent` has mail
programs open it as a draft. Nothing of it depends on a clock or on chance, and it is put together
here, since the library folds headers otherwise from version to version: both parts are base64, so
that no line is longer than 76 characters and no text can end a part or begin a header. The HTML is
made of tables with styles at each element; a sheet only says what is otherwise in the dark.
"""

import base64
import hashlib
from collections.abc import Iterator
from typing import Final

from pipeline.chinese import shorten
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
from pipeline.write.escape import inline_code
from pipeline.write.html_text import (
    EntryStyles,
    html_address,
    html_entry,
    html_host,
    html_text,
    small_line,
    tag,
)
from pipeline.write.pings import without_addresses
from pipeline.write.text_format import to_text

_LINE_END: Final = "\r\n"
_MAX_SUBJECT_CHARS: Final = 70
# With its frame an encoded word is no longer than 64, and the line with the field's name than 76.
_WORD_BYTES: Final = 39

_FONT: Final = (
    "font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',"
    "sans-serif"
)
_GROUND: Final = "margin:0;padding:0;background-color:#f3f1ec"
_TABLE: Final = "border-collapse:collapse;background-color:#f3f1ec"
_CARD: Final = "border-collapse:collapse;max-width:640px;background-color:#ffffff"
_CELL: Final = (
    f"{_FONT};padding:0 20px 22px;background-color:#ffffff;color:#222222;font-size:16px;"
    "line-height:1.75;word-break:break-word;overflow-wrap:anywhere"
)
_FIRST: Final = _CELL.replace("padding:0 20px 22px", "padding:24px 20px 8px")
_NAME: Final = "margin:0;font-size:22px;line-height:1.4;color:#222222"
_HEADING: Final = (
    "margin:14px 0 0;padding:14px 0 0;border-top:3px double #8c857a;font-size:19px;line-height:1.4;"
    "color:#222222"
)
_ENTRY: Final = EntryStyles(
    title="margin:0;font-size:17px;line-height:1.5;color:#222222",
    text="margin:6px 0 0;color:#222222",
    quote="margin:6px 0 0;padding:0 0 0 12px;border-left:3px solid #ccc6ba;color:#222222",
    small="font-size:14px;color:#655f57",
    code="font-family:Menlo,Consolas,monospace;font-size:14px",
)
_LINK: Final = "color:#a92e1c"
_HEAD: Final = """<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
body, table, td { background-color: #171614 !important; }
td, h1, h2, h3, p, blockquote { border-color: #5a554d !important; color: #e8e4dc !important; }
small { color: #aca59a !important; }
a { color: #f28b73 !important; }
}
</style>
"""


def to_email(digest: Digest) -> str:
    """Turn a digest into a message: ASCII, each line ended by CR and LF.

    Raises:
        WriteError: a link is not http or https.
    """
    text, page = to_text(digest), _page(digest)
    boundary = f"=_ainews_{hashlib.sha256((text + page).encode()).hexdigest()[:24]}"
    subject = f"{_LINE_END} ".join(_encoded_words(_subject(digest)))
    lines = [
        "MIME-Version: 1.0",
        f"Subject: {subject}",
        "X-Unsent: 1",
        "Content-Language: zh-CN",
        f'Content-Type: multipart/alternative;{_LINE_END} boundary="{boundary}"',
        "",
        *_part("plain", text, boundary),
        *_part("html", page, boundary),
        f"--{boundary}--",
        "",
    ]
    return _LINE_END.join(lines)


def _subject(digest: Digest) -> str:
    """Name the digest and its first entry, in one line."""
    first = next((entry for half in digest_sections(digest) for entry in half.entries), None)
    name = digest_name(digest)
    pieces = inline_code(first.marked_title) if first else ()
    title = "".join(without_addresses(piece) for piece, _ in pieces)
    return shorten(f"{name}：{title}", _MAX_SUBJECT_CHARS) if title else name


def _encoded_words(text: str) -> Iterator[str]:
    """Encode a header's text (RFC 2047), no character in two words."""
    word = b""
    for character in text:
        data = character.encode()
        if len(word) + len(data) > _WORD_BYTES:
            yield _encoded_word(word)
            word = b""
        word += data
    yield _encoded_word(word)


def _encoded_word(data: bytes) -> str:
    return f"=?utf-8?B?{base64.b64encode(data).decode()}?="


def _part(kind: str, text: str, boundary: str) -> list[str]:
    lines = _LINE_END.join(text.split("\n"))
    return [
        f"--{boundary}",
        f"Content-Type: text/{kind}; charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        *base64.encodebytes(lines.encode()).decode().splitlines(),
    ]


def _page(digest: Digest) -> str:
    name = digest_name(digest)
    counted = (html_text(note, _ENTRY.code) for note in digest_notes(digest))
    notes = (_link(digest.issue_url, ISSUE_LINK), *counted)
    lines = [small_line(note, _ENTRY) for note in notes]
    rows = [_row(_FIRST, tag("h1", _NAME, name), *lines)]
    for section in digest_sections(digest):
        rows += _section_rows(section)
    card = _table(_CARD, "\n".join(rows))
    whole = _table(_TABLE, f'<tr><td align="center" style="{_TABLE}">\n{card}\n</td></tr>')
    return (
        f'<!doctype html>\n<html lang="zh-CN">\n<head>\n{_HEAD}<title>{name}</title>\n</head>\n'
        f"{tag('body', _GROUND, whole)}\n</html>\n"
    )


def _section_rows(section: SectionText) -> Iterator[str]:
    nothing = () if section.entries else (tag("p", _ENTRY.text, NO_ENTRIES),)
    yield _row(_CELL, tag("h2", _HEADING, section.plain_heading), *nothing)
    for entry in section.entries:
        yield _row(_CELL, *html_entry(entry, _ENTRY, lambda url: _link(url, SOURCE_LINK)))


def _link(url: str, words: str) -> str:
    """Link to an address, in words that say which host it leads to."""
    return tag("a", _LINK, f"{words}（{html_host(url)}）", f' href="{html_address(url)}"')


def _row(style: str, *content: str) -> str:
    lines = "\n".join(content)
    return f'<tr><td style="{style}">\n{lines}\n</td></tr>'


def _table(style: str, rows: str) -> str:
    attributes = ' role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'
    return tag("table", style, f"\n{rows}\n", attributes)
