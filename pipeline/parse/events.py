"""The steps through a page, as lxml reads it: no tree is built, which would take most of the time.

lxml tells of each tag and text as it comes, and closes what a page leaves open. Only the longest
`article` counts where there is one; tags without text of the issue (`SILENT_TAGS`) are passed over.
"""

from collections.abc import Mapping, Sequence

from lxml import etree

from pipeline.parse.mentions import SILENT_TAGS, Event


def steps(text: str, *, only: str = "") -> Sequence[Event]:
    """Follow a page's HTML.

    Args:
        text: HTML, whole or a fragment; without characters that XML does not know.
        only: name of the outermost tag that counts, the one with the longest text where there are
            several; empty for the whole page.

    Returns:
        Each tag is closed that was opened, but for the tag that counts, which is closed only.
    """
    reader = _Reader(only)
    parser = etree.HTMLParser(target=reader)
    # The doctype keeps an empty text from being an error.
    parser.feed(f"<!doctype html>\n{text}")
    parser.close()
    if not only:
        return [*reader.found, Event("close", "html")]
    return max(reader.wholes, key=_length, default=())


def _length(events: Sequence[Event]) -> int:
    return sum(len(event.what) for event in events if event.kind == "text")


class _Reader:
    """What lxml calls."""

    def __init__(self, only: str) -> None:
        self.found: list[Event] = []
        self.wholes: list[list[Event]] = []
        self._only = only
        self._depth = 0 if only else 1  # of tags that are open and count
        self._silent = ""  # name of the tag that is passed over
        self._nested = 0  # how many of its name are open
        self._words: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Begin a tag."""
        self._end_text()
        if self._silent:
            self._nested += tag == self._silent
        elif self._depth or tag == self._only:
            if tag in SILENT_TAGS:
                self._silent, self._nested = tag, 1
                return
            if self._depth:
                # Looking for what is not there takes lxml's mapping ten times as long.
                href = attributes.get("href", "") if tag == "a" else ""
                self.found.append(Event("open", tag, href))
            self._depth += 1

    def end(self, tag: str) -> None:
        """End a tag."""
        self._end_text()
        if self._silent:
            self._nested -= tag == self._silent
            self._silent = self._silent if self._nested else ""
        elif self._depth:
            self.found.append(Event("close", tag))
            self._depth -= 1
            if not self._depth:
                self.wholes.append(self.found)
                self.found = []

    def data(self, text: str) -> None:
        """Take a stretch of text; an entity ends it, and the next one follows."""
        if self._depth and not self._silent:
            self._words.append(text)

    def comment(self, _text: str) -> None:
        """Pass over a comment, which parts two texts."""
        self._end_text()

    def close(self) -> None:
        """End the page."""
        self._end_text()

    def _end_text(self) -> None:
        if self._words:
            self.found.append(Event("text", "".join(self._words)))
            self._words.clear()
