"""How much of a page is read: many times what any issue has.

So no flood reaches the stages behind, which compare mentions with each other and leads with links.
What is left out is counted, and named once per kind. The figures beside the limits are the most
that was found in the stored issues.
"""

from collections.abc import Sequence
from typing import Literal, TypeVar

from pipeline.chinese import shorten
from pipeline.records import DroppedItem, Reason

_Link = TypeVar("_Link")
_Kind = Literal[
    "mentions of the page", "links of the page", "links of one mention", "words of one lead"
]

MAX_MENTIONS = 4_000
"""Of a page; 954."""
_MAX_LINKS = 5_000  # of a page; 490
_MAX_MENTION_LINKS = 200  # 14
_MAX_LEAD_WORDS = 200  # 47
_SHOWN_CHARS = 80


class Overflow:
    """What a page has beyond the limits."""

    def __init__(self) -> None:
        self._limits: dict[_Kind, int] = {}
        self._first: dict[_Kind, tuple[str, ...]] = {}
        self._left_out: dict[_Kind, int] = {}
        self._links = 0  # that are read

    def add(self, kind: _Kind, count: int, limit: int, section: tuple[str, ...]) -> None:
        """Count what is left out, and remember in which section that began."""
        self._limits[kind] = limit
        self._first.setdefault(kind, section)
        self._left_out[kind] = self._left_out.get(kind, 0) + count

    def cut_links(self, links: Sequence[_Link], section: tuple[str, ...]) -> Sequence[_Link]:
        """Give as many links of a mention as are read."""
        if len(links) > _MAX_MENTION_LINKS:
            left_out = len(links) - _MAX_MENTION_LINKS
            self.add("links of one mention", left_out, _MAX_MENTION_LINKS, section)
        read = links[: min(_MAX_MENTION_LINKS, _MAX_LINKS - self._links)]
        if left_out := min(len(links), _MAX_MENTION_LINKS) - len(read):
            self.add("links of the page", left_out, _MAX_LINKS, section)
        self._links += len(read)
        return read

    def cut_lead(self, lead: str, section: tuple[str, ...]) -> str:
        """Give as much of a lead as is read."""
        words = lead.split()
        if len(words) <= _MAX_LEAD_WORDS:
            return lead
        self.add("words of one lead", len(words) - _MAX_LEAD_WORDS, _MAX_LEAD_WORDS, section)
        return " ".join(words[:_MAX_LEAD_WORDS])

    @property
    def drops(self) -> tuple[DroppedItem, ...]:
        """What was left out, one line per kind."""
        return tuple(
            DroppedItem(
                what=f"{kind}, from {_shown(self._first[kind])} on",
                reason=Reason.of("page_limit", count, self._limits[kind]),
            )
            for kind, count in self._left_out.items()
        )


def _shown(section: Sequence[str]) -> str:
    return repr(shorten(" / ".join(section), _SHOWN_CHARS))
