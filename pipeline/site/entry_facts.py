"""An entry -> what is held of it for the pages by subject, which is little. Pure."""

from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from pipeline.records import Digest, Entry
from pipeline.site.entry import part_names
from pipeline.site.safe import external_link, one_line
from pipeline.subjects import Subject, subjects_of
from pipeline.urls import LinkType, link_type

PageKind = Literal["paper", "repository", "model", "product"]
"""What an entry's source is."""
_KINDS: Final[dict[LinkType, PageKind]] = {
    "paper": "paper",
    "repository": "repository",
    "model": "model",
    "package": "product",
    "vendor": "product",
    "offer": "product",
}


class EntryFacts(NamedTuple):
    """One entry as pages by subject know it."""

    anchor: str
    """Where on the page of its digest it stands: `news-3`."""
    title: str
    quoted: bool
    parts: tuple[str, ...]
    """Recaps that mention it, by name."""
    link: str
    """Its source; blank for none."""
    page: PageKind | None
    subjects: tuple[Subject, ...]

    @property
    def half(self) -> str:
        """`news` or `tools`."""
        return self.anchor.partition("-")[0]


def entry_facts(digest: Digest) -> Iterator[EntryFacts]:
    """Give the facts of every entry, in its order."""
    for place, entry in digest.placed:
        yield _facts(place.replace(":", "-"), entry)


def _facts(anchor: str, entry: Entry) -> EntryFacts:
    link = external_link(entry.link)
    return EntryFacts(
        anchor=anchor,
        title=one_line(entry.title),
        quoted=entry.quoted,
        parts=part_names(entry),
        link=link.href if link else "",
        page=_KINDS.get(link_type(link.href)) if link else None,
        subjects=subjects_of(entry),
    )
