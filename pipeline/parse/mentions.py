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
from pipeline.parse.limits import MAX_MENTIONS, Overflow
from pipeline.recaps import (
    begins_other_topics,
    begins_top_story,
    name_top_story,
    part_of_heading,
)
from pipeline.records import DroppedItem, IssuePart, Link, Mention
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

HEADING_LEVELS = {"h1": 1, "h2": 3, "h3": 4, "h4": 5, "h5": 6, "h6": 7}
_TOP_STORY_LEVEL = 2  # of a bold line that heads sections with headings of rank
_BOLD_LEVEL = 8  # of a paragraph that is bold from end to end, and so heads what follows
_NAME_CHARS = 60  # of a line that heads others without being marked as a heading
BARE_ADDRESS = re.compile(
    r"(?<![\w/.])https?://[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?"
    r"(?:[/?#][^\s<>\"'()\[\]“”]*[^\s<>\"'()\[\]“”.,;:!?*]|/)?"
)
# The same where only the channel's name is bold: **Guild ▷ #lab** (12 messages):
_CHANNEL_HEADING = re.compile(r"▷.*\(\d[\d,]* messages?\b[^)]*\)\W*$")
_BOLD_CHARS = 200  # a longer one is a paragraph whose writer was excited
_CAPTION_CHARS = 400
# No real heading has 200 characters, no mention 10,000; what is longer is cut, and ends in `…`, so
# that no flood reaches the stages behind.
_HEADING_CHARS = 400
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


class _Heading(NamedTuple):
    level: int
    text: str
    part: IssuePart | None  # the one that it begins, if it is a recap's own heading


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
        return named and len(self.lead) <= _NAME_CHARS and linked and inside


class _MentionReader:
    """What is known at one place of the page: the headings above it and what is still open."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.overflow = Overflow()
        self._path: list[_Heading] = []
        self._below_heading = False  # directly
        self._summed_up = False  # by a bold sentence directly below its heading
        self._level = 0  # of the open heading
        self._bold = self._code = self._quotes = self._bullets = 0  # how many of them are open
        self._dash = False  # the next line begins a nested bullet
        self._mail = False  # recaps are headed by lines in capitals
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
            in_top_story = any(heading.level == _TOP_STORY_LEVEL for heading in self._path)
            self._close_headings(_TOP_STORY_LEVEL if in_top_story else _BOLD_LEVEL)
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
            self._add_ranked_heading(text, line)
        else:
            self._paragraph(text, line)

    def _paragraph(self, text: str, line: _Line) -> None:
        in_recap = self._current_part() != "intro"
        if _BOILERPLATE.search(text) and not (in_recap and line.links):
            return
        if self._below_heading and line.all_bold and self._current_part() == "twitter":
            self._head_top_story(text)
        if not self._quotes and self._heads_in_mail(text, line):
            self._add_heading(
                HEADING_LEVELS["h1"] if part_of_heading(text) else _BOLD_LEVEL, text, line
            )
        elif (
            text and not self._quotes and len(text) <= _BOLD_CHARS and _is_bold_heading(text, line)
        ):
            self._add_bold_heading(text, line)
        elif not (in_recap and self._is_caption(text, line)):
            self._add_paragraph_mention(text, line)

    def _heads_in_mail(self, text: str, line: _Line) -> bool:
        """Whether a line is a heading of a mail's text, which has capitals for its recaps alone."""
        if text.isupper() and part_of_heading(text):
            self._mail = True
            return True
        short = len(text) <= _NAME_CHARS and text[-1:].isalnum() and not line.links
        return self._mail and short and self._current_part() != "intro"

    def _is_caption(self, text: str, line: _Line) -> bool:
        """Whether it describes the recap, below its heading: who wrote it, what it covers."""
        below = self._quotes > 0 and self._below_heading
        return below and not line.links and len(text) <= _CAPTION_CHARS

    def _add_ranked_heading(self, text: str, line: _Line) -> None:
        """Add a heading of rank; the sections of a top story may have the same as its own."""
        if self._level <= HEADING_LEVELS["h2"] and self._heads_top_story(text):
            self._add_heading(_TOP_STORY_LEVEL, text, line)
        else:
            closes = _TOP_STORY_LEVEL if begins_other_topics(text) else self._level
            self._add_heading(self._level, text, line, closes=min(closes, self._level))

    def _add_bold_heading(self, text: str, line: _Line) -> None:
        if self._heads_top_story(text):
            self._add_heading(_TOP_STORY_LEVEL, text, line)
        else:
            closes = _TOP_STORY_LEVEL if self._ends_top_story(text) else _BOLD_LEVEL
            self._add_heading(_BOLD_LEVEL, text, line, closes=closes)

    def _heads_top_story(self, text: str) -> bool:
        return self._current_part() in ("intro", "twitter") and begins_top_story(text)

    def _head_top_story(self, text: str) -> None:
        """Put a heading above the sections of a top story that has none of its own."""
        *above, last = self._path
        top_story = name_top_story(last.text, text)
        if top_story and not any(begins_top_story(heading.text) for heading in above):
            self._path = [*above, _Heading(_TOP_STORY_LEVEL, top_story, None), last]

    def _ends_top_story(self, text: str) -> bool:
        """Whether a bold line begins another subject: the top story's sections have ranks."""
        levels = [it.level for it in self._path if it.level < _BOLD_LEVEL or it.text[-1:] != "."]
        if _TOP_STORY_LEVEL not in levels:
            return False
        begun = self._below_heading or self._summed_up
        in_section = _TOP_STORY_LEVEL < levels[-1] < _BOLD_LEVEL and not begun
        return begins_other_topics(text) or (in_section and not text.endswith("."))

    def _add_heading(
        self, level: int, text: str, line: _Line, *, closes: int | None = None
    ) -> None:
        above = self._current_part()
        self._close_headings(closes or level)
        if any(not _CHANNEL.match(anchor.url) for anchor in line.links):
            self._add_paragraph_mention(text, line)  # its link is worth as much as a bullet's
        if text := text.rstrip(" :"):
            text = shorten(text, _HEADING_CHARS)
            part = part_of_heading(text)
            if part is None and self._current_part() == "intro":
                # Below a recap nothing is the editors' introduction, whatever a heading says.
                part = "twitter" if level == _TOP_STORY_LEVEL else above
            self._path.append(_Heading(level, text, part))
            self._summed_up = self._below_heading and level == _BOLD_LEVEL and text.endswith(".")
            self._below_heading = level < _BOLD_LEVEL

    def _close_headings(self, level: int) -> None:
        while self._path and self._path[-1].level >= level:
            self._path.pop()

    def _current_part(self) -> IssuePart:
        return next((heading.part for heading in reversed(self._path) if heading.part), "intro")

    def _add_item(self, item: _Item) -> None:
        """Add a bullet; what only names a list of posts is their heading."""
        if not item.is_list_of_posts():
            self._add_mention(item)
            return
        self._path.append(_Heading(_BOLD_LEVEL, item.lead, None))
        item.posts[0].bullets += 1  # the heading's own
        for post in item.posts:
            self._add_mention(post)
        self._path.pop()

    def _add_paragraph_mention(self, text: str, line: _Line) -> None:
        paragraph = _Item()
        paragraph.add(text, line)
        self._add_mention(paragraph)

    def _add_mention(self, item: _Item) -> None:
        part = self._current_part()
        text = "\n".join(item.lines)
        text = text or (item.links[0].url if item.links and part != "intro" else "")
        if not text:
            return
        text = shorten(text, _MENTION_CHARS)
        section, lead = tuple(heading.text for heading in self._path), item.lead[: len(text)]
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
        self._below_heading = self._summed_up = False


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
