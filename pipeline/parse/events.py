"""The steps through a page, as lxml reads it: no tree is built, which would take most of the time.

lxml tells of each tag and text as it comes, and closes what a page leaves open. Only the longest
`article` counts where there is one; tags without text of the issue (`SILENT_TAGS`) are passed over.
"""

from collections.abc import Mapping, Sequence

from lxml import etree

from pipeline.parse.mentions import SILENT_TAGS, MarkupEvent


def html_events(text: str, *, container: str = "") -> Sequence[MarkupEvent]:
    """Follow a page's HTML.

    Args:
        text: HTML, whole or a fragment; without characters that XML does not know.
        container: name of the outermost tag that counts, the one with the longest text where there
            are
            several; empty for the whole page.

    Returns:
        Each tag is closed that was opened, but for the tag that counts, which is closed only.
    """
    reader = _EventTarget(container)
    parser = etree.HTMLParser(target=reader)
    # The doctype keeps an empty text from being an error.
    parser.feed(f"<!doctype html>\n{text}")
    parser.close()
    if not container:
        return [*reader.events, MarkupEvent("close", "html")]
    return max(reader.containers, key=_text_length, default=())


def _text_length(events: Sequence[MarkupEvent]) -> int:
    return sum(len(event.value) for event in events if event.kind == "text")


class _EventTarget:
    """What lxml calls."""

    def __init__(self, only: str) -> None:
        self.events: list[MarkupEvent] = []
        self.containers: list[list[MarkupEvent]] = []
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
                self.events.append(MarkupEvent("open", tag, href))
            self._depth += 1

    def end(self, tag: str) -> None:
        """End a tag."""
        self._end_text()
        if self._silent:
            self._nested -= tag == self._silent
            self._silent = self._silent if self._nested else ""
        elif self._depth:
            self.events.append(MarkupEvent("close", tag))
            self._depth -= 1
            if not self._depth:
                self.containers.append(self.events)
                self.events = []

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
            self.events.append(MarkupEvent("text", "".join(self._words)))
            self._words.clear()
