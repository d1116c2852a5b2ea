"""The formats that a digest is written in and read from, and those that it is only given away in.

A new format is one file beside this one and one entry: of `FORMATS` where `run` is to write it and
everything is to read it, of `EXPORTS` where `export` and the site are to make it.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from pipeline.records import Digest
from pipeline.write.email_format import to_email
from pipeline.write.json_format import from_json, to_json
from pipeline.write.markdown_format import from_markdown, to_markdown
from pipeline.write.text_format import to_text
from pipeline.write.wechat_format import to_wechat


class OutputFormat(NamedTuple):
    """One format."""

    suffix: str
    """Ending of its files, with the dot."""
    render: Callable[[Digest, bool], str]
    """Turns a digest into text; the second argument says whether it is a draft."""
    read: Callable[[str], Digest]
    """Turns text back into a digest, as much of it as the text holds; raises PageNotUnderstood."""
    starts_with: str = ""
    """First characters by which its text is known where no file name says it; blank for none."""


class ExportFormat(NamedTuple):
    """One form in which a digest goes elsewhere."""

    suffix: str
    """Ending of its files, with the dot."""
    label: str
    """What the site calls it."""
    media_type: str
    """What a file of it is, to a browser."""
    render: Callable[[Digest], str]
    """Turns a digest into text, whose line ends stay as they are."""


STATE_FORMAT: Final = "json"
"""Format whose file says that an issue is digested."""

FORMATS: dict[str, OutputFormat] = {
    "markdown": OutputFormat(
        suffix=".md",
        render=lambda digest, draft: to_markdown(digest, draft=draft),
        read=from_markdown,
    ),
    STATE_FORMAT: OutputFormat(
        suffix=".json", render=lambda digest, _: to_json(digest), read=from_json, starts_with="{"
    ),
}
"""All formats by name; text that no other format knows is read as the first."""


EXPORTS: dict[str, ExportFormat] = {
    "markdown": ExportFormat(".md", "Markdown", "text/markdown", to_markdown),
    "json": ExportFormat(".json", "JSON", "application/json", to_json),
    "wechat": ExportFormat(".wechat.html", "公众号文章", "text/html", to_wechat),
    "email": ExportFormat(".eml", "邮件", "message/rfc822", to_email),
    "text": ExportFormat(".txt", "纯文本", "text/plain", to_text),
}
"""All that a digest can be given away in, by name; what is read back stands first."""


def formats_in_write_order() -> Mapping[str, OutputFormat]:
    """List the formats in the order in which their files are put in place.

    JSON comes last: it is the state that says an issue is digested. A run killed before it leaves
    new files that nobody counts, and the next run writes all of them again; the other way round
    the issue would count as done, and its Markdown be missing for good.
    """
    return dict(sorted(FORMATS.items(), key=lambda item: item[0] == STATE_FORMAT))


def read_digest(text: str, file_name: str = "") -> Digest:
    """Read a digest in whatever format it is.

    Args:
        text: the file's text; a byte order mark is fine.
        file_name: decides by its ending; without one, or with another, the text decides.

    Raises:
        PageNotUnderstood: it is no digest in that format.
    """
    formats = tuple(FORMATS.values())
    start = text.lstrip("\ufeff \t\r\n")
    by_name = (one for one in formats if file_name.endswith(one.suffix))
    by_text = (one for one in formats if one.starts_with and start.startswith(one.starts_with))
    return (next(by_name, None) or next(by_text, formats[0])).read(text)
