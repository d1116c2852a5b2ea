"""What every rendering of a digest says of an entry, before any markup: the words that they share.

The Markdown file, the notification, the site's page and the feed all take their entries from here.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pipeline.records import Digest, Entry, EntryKind

ISSUE_LINK = "原文链接"
"""Words of the link to the issue."""
SOURCE_LINK = "来源"
"""Words of the link of an entry, where its address is not shown."""
NO_LINK = "来源：文章内容"
"""Stands in place of the link of an entry whose story has none."""
NO_ENTRIES = "本期没有入选的条目"
"""Stands in place of the entries of an empty section."""
FOLLOWS = " · 后续（{}）"
"""Follows the link of an event that the digest of that date already covered."""
QUOTED_TITLE = "【原文】"
"""Begins the title of an entry that quotes the English text."""
QUOTED = "原文摘录（译文未通过核对）："
"""Introduces such an entry's quotation."""
QUOTATION = "“{}”"
"""Marks that quotation."""
PUBLISHED = " · {} 日报"
"""Follows the link of an entry of a roundup: the digest that it stands in."""
TIMELINE = "🧵 时间线 {}"
"""Heads the entries of one event in a roundup, oldest first."""
DEGRADED = "⚠️ 本期有 {} 条译文未通过核对，以英文原文摘录代替。"
"""Counts the quoting entries above the sections."""
TRANSLATED_BY = "本页由 {} 逐句翻译。"
"""Closes a digest of the plain profile: names the model."""

_SECTION_NAMES: dict[EntryKind, tuple[str, str]] = {
    "news": ("📰", "AI新闻要点"),
    "tool": ("🛠️", "工具产品要点"),
}
_DIGITS = "零一二三四五六七八九"


class EntryText(NamedTuple):
    """One entry as text."""

    number: int
    """Place in its section, from 1."""
    title: str
    summary: str
    quoted: bool
    """Whether the summary quotes the English text for want of a translation."""
    link: str | None
    follows: str
    """Date of the earlier digest that covered it; blank for none."""
    published: str = ""
    """Of a roundup: name of the digest that it stands in."""

    @property
    def marked_title(self) -> str:
        """Title, which says so where the text is English."""
        return f"{QUOTED_TITLE}{self.title}" if self.quoted else self.title

    @property
    def marked_summary(self) -> str:
        """Summary, in quotation marks where it is a quotation."""
        return QUOTATION.format(self.summary) if self.quoted else self.summary

    @property
    def introduction(self) -> str:
        """What introduces a quotation; blank for a translated entry."""
        return QUOTED if self.quoted else ""

    def source_line(self, render_link: Callable[[str], str]) -> str:
        """Name the source, as a link that `render_link` makes, and what digests have it."""
        source = NO_LINK if self.link is None else render_link(self.link)
        follows = FOLLOWS.format(self.follows) if self.follows else ""
        return source + follows + (PUBLISHED.format(self.published) if self.published else "")


class SectionText(NamedTuple):
    """The news or the tools of a digest, or one event of a roundup."""

    heading: str
    """Heading in Markdown."""
    entries: tuple[EntryText, ...]
    kind: EntryKind = "news"
    """The half that it is, or belongs to."""
    timeline: int = 0
    """Number of the timeline that it is, from 1; 0 where it is none."""

    @property
    def plain_heading(self) -> str:
        """Heading without Markdown's sign."""
        return self.heading.removeprefix("## ")


def digest_name(digest: Digest) -> str:
    """Give what a digest is called: above it, and as the subject of what brings it."""
    if digest.period is None:
        return f"AINews - {digest.date.isoformat()}"
    return f"AINews {period_word(digest.period.name)} - {digest.period.name}"


def period_word(name: str) -> str:
    """Say what a roundup is: of a week, or of a month."""
    return "周报" if "W" in name else "月报"


def make_entry_text(entry: Entry, number: int, *, clean: Callable[[str], str] = str) -> EntryText:
    """Take from an entry what is shown; `clean` is applied to its title and its summary."""
    return EntryText(
        number=number,
        title=clean(entry.title),
        summary=clean(entry.summary),
        quoted=entry.quoted,
        link=entry.link,
        follows=entry.follows.isoformat() if entry.follows else "",
        published=entry.published,
    )


def digest_sections(
    digest: Digest, *, clean: Callable[[str], str] = str
) -> tuple[SectionText, ...]:
    """Give the sections of a digest as text: the news, then the tools.

    In a roundup each timeline is a section of its own, before the rest of its half.
    """
    return (
        *_half_sections("news", digest.news, clean),
        *_half_sections("tool", digest.tools, clean),
    )


def _half_sections(
    kind: EntryKind, entries: tuple[Entry, ...], clean: Callable[[str], str]
) -> Iterator[SectionText]:
    numbered = enumerate(entries, start=1)
    texts = [make_entry_text(entry, number, clean=clean) for number, entry in numbered]
    rest = [text for text, entry in zip(texts, entries, strict=True) if not entry.timeline]
    numbers = dict.fromkeys(entry.timeline for entry in entries if entry.timeline)
    for number in numbers:
        told = [
            text for text, entry in zip(texts, entries, strict=True) if entry.timeline == number
        ]
        yield SectionText(f"## {TIMELINE.format(number)}", tuple(told), kind, number)
    yield SectionText(heading(kind, len(rest)), tuple(rest), kind)


def heading(kind: EntryKind, entries: int) -> str:
    """Head one section with its count in Chinese; without a count when it is empty."""
    symbol, name = _SECTION_NAMES[kind]
    return f"## {symbol} {_chinese_numeral(entries)}大{name}" if entries else f"## {symbol} {name}"


def digest_notes(digest: Digest) -> tuple[str, ...]:
    """Say what stands above the sections: counts of a roundup, and how many are quotations."""
    counted = digest.period.notes if digest.period else ()
    return (*counted, *((DEGRADED.format(digest.degraded),) if digest.degraded else ()))


def closing_note(digest: Digest, *, clean: Callable[[str], str] = str) -> str:
    """Name the model that translated sentence by sentence; blank in the full profile.

    Args:
        digest: the digest.
        clean: applied to the model's name; what it leaves blank goes by the name 模型.
    """
    model = digest.plain_model
    return TRANSLATED_BY.format(clean(model) or "模型") if model else ""


def _chinese_numeral(number: int) -> str:
    tens, ones = divmod(number, 10)
    if number == 2:  # noqa: PLR2004 - two of a kind are 两, never 二
        return "两"
    if tens > 9:  # noqa: PLR2004 - nobody reads such a digest, but its count is still written
        return str(number)
    return (_DIGITS[tens] if tens > 1 else "") + "十" * bool(tens) + (_DIGITS[ones] if ones else "")
