"""Make mentions from the tags and texts of an issue, in the order of the page.

One pass with a little state: the headings above, and the item and line that are open. It knows
what the newsletter's bullets and boilerplate look like, and nothing of where the tags come from.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from pipeline.chinese import shorten
from pipeline.parse.headings import HEADING_LEVELS, NAME_CHARS, HeadingPath, HeadingPlace
from pipeline.parse.limits import MAX_MENTIONS, Overflow
from pipeline.records import DroppedItem, Link, Mention
from pipeline.urls import is_public_url

SILENT_TAGS = frozenset(
    (
        *("button", "form", "head", "iframe", "nav", "noembed", "noframes", "noscript"),
        *("script", "select", "style", "svg", "template", "textarea", "title"),
    )
)
"""Names of the tags whose text is none of the issue's."""

# Paragraphs that say nothing about the day: the mail's template tags, its table of contents, the
# counts of what was read, quiet guilds, the footer. A link in a recap saves even these.
_BOILERPLATE = re.compile(
    r"^\W*(toc|table of contents)\W*$|^\{[%{].*[%}]\}$|^AI News for \d|all recaps done by"
    r"|has no new messages|removing Table of Contents|Table of Contents and Channel Summaries"
    r"|channel by channel breakdowns have been truncated|full breakdown, please visit"
    r"|enjoyed AInews, please|receiving this email because|how you receive these emails",
    re.IGNORECASE,
)
# Digits are bounded: a number of thousands of digits is no count, and Python refuses to read it.
_ACTIVITY = re.compile(
    r"\(\s*(?:Activity|Score):\s*(\d{1,9}(?:[,._ ]\d{3}){0,2}(?!\d))(?:(\.\d{1,9})?(k)\b)?",
    re.ASCII | re.IGNORECASE,
)
_LINKS_MENTIONED = re.compile(r"links? mentioned\b", re.IGNORECASE)
_CHANNEL = re.compile(r"https?://(?:\w+\.)?discord(?:app)?\.(?:gg|com/(?:channels|invite))/")

# Controls, zero-width and bidirectional marks, fillers, tag characters and variation selectors, but
# for the two of emoji: they show nothing and may hide text.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff9-\ufffb"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

# What stands before the @ of an address: a password, or another host's name to mislead by.
_USERINFO = re.compile(r"(?<=://)[^\s/?#\\]{1,4000}@")
_MAX_URL = 4000  # characters; nobody follows a longer one, and `markdown` cuts bare ones there
_MAX_HOST = 255  # characters, as in the DNS, its port apart

BARE_ADDRESS = re.compile(
    r"(?<![\w/.])https?://[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?"
    r"(?:[/?#][^\s<>\"'()\[\]“”]*[^\s<>\"'()\[\]“”.,;:!?*]|/)?"
)
# The same where only the channel's name is bold: **Guild ▷ #lab** (12 messages):
_CHANNEL_HEADING = re.compile(r"▷.*\(\d[\d,]* messages?\b[^)]*\)\W*$")
_BOLD_CHARS = 200  # a longer one is a paragraph whose writer was excited
_CAPTION_CHARS = 400
# No real mention has 10,000 characters; what is longer is cut, and ends in `…`, so that no flood
# reaches the stages behind.
_MENTION_CHARS = 100_000
BLOCK_TAGS = frozenset(
    (
        *(*HEADING_LEVELS, "hr", "address", "article", "aside", "blockquote", "body", "center"),
        *("dd", "dl", "dt", "details", "div", "figcaption", "figure", "footer", "header", "html"),
        *("li", "main", "ol", "ul", "p", "pre", "section", "summary", "table", "tr"),
    )
)
_MAX_INDENT = 20  # levels; hostile nesting would make the text grow with its square


class MarkupEvent(NamedTuple):
    """A tag or a text of a page."""

    kind: Literal["open", "text", "close"]
    value: str
    """Name of the tag, or the text."""
    href: str = ""
    """Address of an `a` that opens."""


def read_mentions(
    events: Iterable[MarkupEvent],
) -> tuple[tuple[Mention, ...], tuple[DroppedItem, ...]]:
    """Read the events of one page, each tag closed that was opened.

    Returns:
        The mentions in order, and what the page has beyond its limits.
    """
    reader = _MentionReader()
    for event in events:
        if event.kind == "text":
            reader.text(event.value)
        elif event.kind == "open":
            reader.open(event.value, event.href)
        else:
            reader.close(event.value)
    return tuple(reader.mentions), reader.overflow.drops


def clean_text(text: str) -> str:
    """Leave out what does not show, and make all white space single spaces."""
    return " ".join(_INVISIBLE.sub("", text).split())


def _join_words(words: Iterable[str]) -> str:
    """Put a line together; an address in it is shown without user and password."""
    text = " ".join("".join(words).split())
    return _USERINFO.sub("", text) if "@" in text else text


@dataclass
class _Anchor:
    """A link whose text may still be open."""

    url: str
    words: list[str] = field(default_factory=list)


@dataclass
class _Line:
    """One line of the page: a heading, a paragraph, or one of a list item's."""

    words: list[str] = field(default_factory=list)
    lead: list[str] = field(default_factory=list)
    links: list[_Anchor] = field(default_factory=list)
    code: list[str] = field(default_factory=list)  # after the last bold words
    leading: bool = True  # only bold words so far, and code between them
    all_bold: bool = True  # only bold words, code between them and colons so far
    has_lead: bool = False  # whether a word of the lead shows

    def add(self, text: str, *, bold: bool, code: bool) -> None:
        self.words.append(text)
        between = code or (self.code and text.isspace())
        if between and not bold and self.leading and self.has_lead:
            self.code.append(text)
        elif text.strip() and not bold:
            if self.leading and text.startswith(":"):
                self.lead += self.code
                self.code.clear()
            self.leading = False
            self.all_bold = self.all_bold and text.strip() == ":"
        elif self.leading:
            pending = self.code if bold else []
            self.lead += [*pending, text]
            self.has_lead = self.has_lead or not text.isspace()
            del self.code[: len(pending)]


@dataclass
class _Item:
    """A top-level list item with all that is nested in it, or a paragraph."""

    lines: list[str] = field(default_factory=list)
    links: list[_Anchor] = field(default_factory=list)
    lead: str = ""
    bullets: int = 0
    posts: list["_Item"] = field(default_factory=list)  # what is nested in it, one level down

    def add(self, text: str, line: _Line) -> None:
        if text and not self.lines:
            self.lead = _join_words(line.lead).rstrip(" :")
        elif text.startswith("  - ") and self.bullets:
            self.posts.append(_Item(bullets=1, lead=_join_words(line.lead).rstrip(" :")))
        if text:
            self.lines.append(text)
        self.links += line.links
        if self.posts:
            nested = text.startswith("    ") and text.lstrip().startswith("- ")
            self.posts[-1].bullets += nested
            self.posts[-1].lines += [text.removeprefix("  - ").removeprefix("  ")] if text else []
            self.posts[-1].links += line.links

    def is_list_of_posts(self) -> bool:
        """Whether it is a short name over posts that have a link each, and so no event itself."""
        named = bool(self.lines) and self.lines[0].rstrip(" :") == self.lead
        linked = len(self.posts) > 1 and all(post.links for post in self.posts)
        inside = sum(len(post.links) for post in self.posts) == len(self.links)
        return named and len(self.lead) <= NAME_CHARS and linked and inside


class _MentionReader:
    """What is known at one place of the page: the headings above it and what is still open."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.overflow = Overflow()
        self._headings = HeadingPath()
        self._level = 0  # of the open heading
        self._bold = self._code = self._quotes = self._bullets = 0  # how many of them are open
        self._dash = False  # the next line begins a nested bullet
        self._anchor: _Anchor | None = None
        self._item: _Item | None = None
        self._line = _Line()

    def text(self, text: str) -> None:
        # Most texts are such, and the pattern takes long.
        if not (text.isascii() and text.isprintable()):
            text = _INVISIBLE.sub("", text)
        self._line.add(text, bold=self._bold > 0, code=self._code > 0)
        if self._anchor:
            self._anchor.words.append(text)
        elif "://" in text and not self._code:
            self._add_bare_addresses(text)

    def _add_bare_addresses(self, text: str) -> None:
        """Take addresses that stand in a text for links, as Markdown does."""
        for match in BARE_ADDRESS.finditer(text):
            if url := safe_url(match[0]):
                self._line.links.append(_Anchor(url, [match[0]]))

    def open(self, tag: str, href: str) -> None:
        if tag in BLOCK_TAGS:
            self._flush_line(at_end=False)
            self._open_block(tag)
        elif tag in ("strong", "b"):
            self._bold += 1
        elif tag == "code":
            self._code += 1
        elif tag in ("br", "td", "th"):
            self.text(" ")
        elif tag in ("del", "s"):
            self.text("~")  # on live pages "3~4 … 5~6" comes out struck through
        elif tag == "a" and (url := safe_url(href)):
            self._anchor = _Anchor(url)
            self._line.links.append(self._anchor)

    def close(self, tag: str) -> None:
        if tag in BLOCK_TAGS:
            self._flush_line(at_end=True)
            self._close_block(tag)
        elif tag in ("strong", "b"):
            self._bold -= 1
        elif tag == "code":
            self._code -= 1
        elif tag in ("del", "s"):
            self.text("~")
        elif tag == "a":
            self._anchor = None

    def _open_block(self, tag: str) -> None:
        if tag == "li":
            self._dash = self._bullets > 0
            self._bullets += 1
            self._item = self._item or _Item()
            self._item.bullets += 1
        elif tag == "blockquote":
            self._quotes += 1
        elif tag == "hr" and not self._item:
            self._headings.rule()
        self._level = HEADING_LEVELS.get(tag, self._level)

    def _close_block(self, tag: str) -> None:
        if tag == "li":
            self._dash = False
            self._bullets -= 1
            if self._item and not self._bullets:
                self._add_item(self._item)
                self._item = None
        elif tag == "blockquote":
            self._quotes -= 1
        elif tag in HEADING_LEVELS:
            self._level = 0

    def _flush_line(self, *, at_end: bool) -> None:
        line, text = self._line, _join_words(self._line.words)
        if not text and not (at_end and line.links):
            line.words.clear()  # but a link that opens before its block still waits for its words
            return
        self._line = _Line()
        if self._item:
            indent = "  " * min(self._bullets - 1, _MAX_INDENT)
            mark = "- " if self._dash else "  " if indent else ""
            self._item.add(f"{indent}{mark}{text}" if text else "", line)
            self._dash = self._dash and not text
        elif self._level and not self._quotes:  # who is quoted heads nothing
            self._add_heading(self._headings.place_ranked(self._level, text), text, line)
        else:
            self._paragraph(text, line)

    def _paragraph(self, text: str, line: _Line) -> None:
        in_recap = self._headings.part != "intro"
        if _BOILERPLATE.search(text) and not (in_recap and line.links):
            return
        if line.all_bold:
            self._headings.head_top_story(text)
        if place := self._heading_place(text, line):
            self._add_heading(place, text, line)
        elif not (in_recap and self._is_caption(text, line)):
            self._add_paragraph_mention(text, line)

    def _heading_place(self, text: str, line: _Line) -> HeadingPlace | None:
        """Say where a paragraph stands as a heading; who is quoted heads nothing."""
        if self._quotes:
            return None
        if place := self._headings.place_in_mail(text, linked=bool(line.links)):
            return place
        bold = bool(text) and len(text) <= _BOLD_CHARS and _is_bold_heading(text, line)
        return self._headings.place_bold(text) if bold else None

    def _is_caption(self, text: str, line: _Line) -> bool:
        """Whether it describes the recap, below its heading: who wrote it, what it covers."""
        below = self._quotes > 0 and self._headings.directly_above
        return below and not line.links and len(text) <= _CAPTION_CHARS

    def _add_heading(self, place: HeadingPlace, text: str, line: _Line) -> None:
        above = self._headings.part
        self._headings.close(place.closes)
        if any(not _CHANNEL.match(anchor.url) for anchor in line.links):
            self._add_paragraph_mention(text, line)  # its link is worth as much as a bullet's
        if text := text.rstrip(" :"):
            self._headings.append(place.level, text, above)

    def _add_item(self, item: _Item) -> None:
        """Add a bullet; what only names a list of posts is their heading."""
        if not item.is_list_of_posts():
            self._add_mention(item)
            return
        self._headings.open_list(item.lead)
        item.posts[0].bullets += 1  # the heading's own
        for post in item.posts:
            self._add_mention(post)
        self._headings.close_list()

    def _add_paragraph_mention(self, text: str, line: _Line) -> None:
        paragraph = _Item()
        paragraph.add(text, line)
        self._add_mention(paragraph)

    def _add_mention(self, item: _Item) -> None:
        part = self._headings.part
        text = "\n".join(item.lines)
        text = text or (item.links[0].url if item.links and part != "intro" else "")
        if not text:
            return
        text = shorten(text, _MENTION_CHARS)
        section, lead = self._headings.section, item.lead[: len(text)]
        if len(self.mentions) == MAX_MENTIONS:
            self.overflow.add("mentions of the page", 1, MAX_MENTIONS, section)
            return
        lead = self.overflow.cut_lead(lead, section)
        anchors = self.overflow.cut_links(item.links, section)
        links = tuple(Link(url=a.url, text=_join_words(a.words)) for a in anchors)
        if _LINKS_MENTIONED.match(lead):  # a single one stands in the paragraph itself
            section, lead = (*section, lead), ""
        self.mentions.append(
            Mention(
                id=f"m{len(self.mentions) + 1:03d}",
                part=part,
                section=section,
                lead=lead,
                text=text,
                links=links,
                bullets=item.bullets,
                activity=_activity(item) if part == "reddit" else None,
            )
        )
        self._headings.pass_text()


def _is_bold_heading(text: str, line: _Line) -> bool:
    """Whether a paragraph heads what follows, as a channel's name does beside its count."""
    whole = line.all_bold and not line.code
    return whole or bool("▷" in text and line.lead and _CHANNEL_HEADING.search(text))


def _activity(item: _Item) -> int | None:
    """Read the votes behind a post's title; the title itself may claim what it likes."""
    match = _ACTIVITY.search(item.lines[0], len(item.lead)) if item.lines else None
    if not match:
        return None
    whole = re.sub(r"\D", "", match[1])
    return round(float(whole + (match[2] or "")) * 1000) if match[3] else int(whole)


def safe_url(href: str) -> str | None:
    """Give the address as it is written, or None where no reader should be sent.

    A host in other letters than ASCII is written as the DNS has it, xn--…, so that it cannot pass
    for another one.
    """
    url = _INVISIBLE.sub("", re.sub(r"[\t\r\n]", "", href)).strip()
    try:
        parts = urlsplit(url)
        host = _ascii_host(parts)
    except ValueError:  # not an address at all, or no host of the DNS
        return None
    if not host or len(url) > _MAX_URL:
        return None
    safe = url.replace(parts.netloc, host, 1).replace(" ", "%20")
    return safe if is_public_url(safe) else None


def _ascii_host(parts: SplitResult) -> str | None:
    """Give host and port in ASCII, or None where they hide who is meant."""
    written = unquote(parts.netloc)
    folded = unicodedata.normalize("NFKC", written)
    if not written or len(written) > _MAX_HOST or re.search(r"[@\\/?#]", folded):
        return None
    if written.isascii():
        return parts.netloc
    host, colon, port = folded.partition(":")
    return host.encode("idna").decode("ascii") + colon + port
