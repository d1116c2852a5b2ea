"""Which stories of an issue an earlier digest has published, and whether they bring something new.

`read_history` reads the digests of `outputs/`; the rest is pure. A name is evidence only where it
stands in an entry's title: what its evidence mentions in passing was not published. In doubt a
story is new, since one that is published twice costs less than one that is never published.

Not covered: an event that comes back under other names and with other links.
"""

import datetime as dt
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from pipeline.merge import find_names, normalize, rarity_limit
from pipeline.quantities import Unit
from pipeline.reasons import Reason
from pipeline.records import DroppedItem, Mention, Record, Story, join_lines
from pipeline.rumours import is_announced, is_rumour
from pipeline.storage import FileIndex, read_regular
from pipeline.urls import ARTIFACT_TYPES, LinkType, canonical, is_about_one_thing, link_type

if TYPE_CHECKING:
    from pipeline.quantities import Quantity

_ISSUE_DATE = re.compile(rb'"issue_date"\s*:\s*"([0-9-]{10})"')
_NOT_LATIN = re.compile(r"[^\x00-\x7f]+")
# How much a thread is talked about changes every hour, and is no news.
_ENGAGEMENT = re.compile(
    r"\(Activity: [\d,]+\)|\b[\d,]{1,30}\+? (?:upvotes|comments|likes|views|votes)\b"
)
_NO_FACTS: frozenset[Unit] = frozenset({"clock", "date", "year", "version"})
_LARGE_COUNT = 3000  # a smaller number without a unit may be a year, a port, a part of a name
_NEW_QUANTITIES = 2  # one may be a remark, two are a measurement

_LEAD_END = re.compile(r": | \(Activity|[.!?] |$")
_SHORTEST_LEAD, _LEAD_CHARS, _HEAD_CHARS = 16, 120, 240
_WORD = re.compile(r"[a-z][a-z0-9]{2,}")
_STEM_CHARS, _SMALL_CHARS = 6, 3
_STOP = frozenset({"and", "are", "for", "from", "has", "its", "new", "that", "the", "this", "with"})
_NAME_CHARS, _VERSIONED_CHARS = 4, 5

# One document each, which says tomorrow what it says today.
_SINGLE_DOCUMENT: frozenset[LinkType] = frozenset({"paper", "post", "thread", "press"})

# How alike two beginnings are, of 100. Set by eye on pairs of consecutive issues, where events
# come back, and on pairs of issues that are months apart, where none does.
_VERY_ALIKE, _ALIKE, _SOMEWHAT_ALIKE = 75, 62, 50
_SHARED_WORDS = 2  # of two leads that name the same thing


class PublishedEntry(Record):
    """One entry of an earlier digest."""

    date: dt.date
    """Digest date."""
    place: str
    """`news:3` or `tools:10`."""
    title: str
    """In Chinese."""
    link: str | None
    """The address that it shows."""
    links: tuple[str, ...]
    """Every address of its evidence."""
    evidence: str
    """Verbatim English text of its story."""
    rumour: bool = False
    """Whether it told its event as a rumour."""


class History(Record):
    """What the digests of older issues have published."""

    digests: tuple[str, ...] = ()
    """Names of their files without ending, the latest first."""
    entries: tuple[PublishedEntry, ...] = ()
    """Their entries, the latest digest first, in the order of the digest."""


class _IssueDate(NamedTuple):
    text: str


class RepeatSearch(Record):
    """The stories of an issue, compared with the earlier digests."""

    stories: tuple[Story, ...]
    """Those that may be published: all but the repeats that bring nothing new."""
    follows: dict[str, dt.date]
    """Date of the latest digest with the same event, per story that brings something new to it."""
    reasons: dict[str, Reason]
    """The earlier entry, the evidence and what is new, per story of `follows`."""
    drops: tuple[DroppedItem, ...]
    """The repeats, each with the earlier entry and the evidence."""


class Fingerprint(NamedTuple):
    """What a story or an entry can be recognised by."""

    shown_page: str | None
    """The page that it shows, where that is about one thing; for comparing, as all pages here."""
    pages: frozenset[str]
    """All its pages that are about one thing."""
    names: frozenset[str]
    """What it is about."""
    leads: tuple[frozenset[str], ...]
    """Per mention, the words of its lead, names and small words left out."""
    heads: tuple[str, ...]
    """Per mention, how it begins."""


def read_history(
    folder: Path,
    *,
    before: dt.date,
    slug: str,
    days: int = 30,
    only: Collection[str] | None = None,
    index_dir: Path | None = None,
) -> History:
    """Read what the digests of older issues have published.

    Args:
        folder: `outputs/`; only the JSON files in it count, not those of its folders.
        before: issue date of the issue at hand; younger issues are none of its past.
        slug: the issue at hand, whose own digest does not count.
        days: how far back an issue date may lie.
        only: names of the files that count, without ending; all where it is None.
        index_dir: folder of the indexes, which spare reading what did not change; None for none.
    """
    digests: list[tuple[str, str, tuple[PublishedEntry, ...]]] = []
    index = FileIndex(folder, _read_issue_date, _IssueDate, index_dir=index_dir, version="1")
    names = index.json_names()
    for name in reversed(names):
        stem = name.removesuffix(".json")
        if only is not None and stem not in only:
            continue
        # What is no digest has published nothing; `status` reports it.
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            age = (before - dt.date.fromisoformat(index.get(name).text)).days
            if not 0 < age <= days:
                continue
            digest: Mapping[str, Any] = json.loads(read_regular(index.path(name)))
            if digest["provenance"]["slug"] != slug:
                digests.append((digest["date"], stem, tuple(_published_entries(digest))))
    index.save(frozenset(names))
    digests.sort(key=lambda digest: digest[0], reverse=True)
    return History(
        digests=tuple(stem for _, stem, _ in digests),
        entries=tuple(entry for _, _, entries in digests for entry in entries),
    )


def find_repeats(stories: Sequence[Story], published: Sequence[PublishedEntry]) -> RepeatSearch:
    """Part the stories that were published from those that are new, or bring something new.

    A story was published by an entry that shows the same document; or the same other page, and is
    about the same names or begins somewhat alike; or that has a page or a rare name in common with
    it, and begins alike. New is a first-hand page with a name of the story in its address, a
    version of its lead, or two quantities, that no earlier entry had; a document that was published
    says nothing new. New is the announcement, too, of what was a rumour in every earlier entry.

    Args:
        stories: the stories of the issue.
        published: the entries of earlier digests, the latest first.

    Returns:
        The stories in their order, without the repeats that bring nothing new.
    """
    if not published:
        return RepeatSearch(stories=tuple(stories), follows={}, reasons={}, drops=())
    index = _HistoryIndex(stories, published)
    remaining: list[Story] = []
    drops: list[DroppedItem] = []
    follows: dict[str, dt.date] = {}
    reasons: dict[str, Reason] = {}
    for story in stories:
        if not (matches := index.matches(story)):
            remaining.append(story)
            continue
        latest, evidence = matches[0]
        if new := _new_information(story, [entry for entry, _ in matches]):
            remaining.append(story)
            follows[story.id] = latest.date
            reasons[story.id] = Reason.of(
                "repeated_with_news", latest.date, latest.place, evidence, new
            )
        else:
            reason = Reason.of("repeated", latest.date, latest.place, evidence)
            drops.append(DroppedItem(what=story.id, reason=reason))
    return RepeatSearch(
        stories=tuple(remaining), follows=follows, reasons=reasons, drops=tuple(drops)
    )


def fingerprint_of(
    urls: Iterable[str], names: str, mentions: Sequence[str], leads: Sequence[str]
) -> Fingerprint:
    """Prepare a story or an entry for comparing.

    Args:
        urls: its addresses, the one that it shows first.
        names: a text that names what it is about, and little else.
        mentions: the English texts of its mentions.
        leads: their leads, where they are known; else they are guessed.
    """
    pages = [canonical(url) for url in urls if is_about_one_thing(url)]
    about = longest_names(find_names(names))
    known = [lead or _guess_lead(text) for lead, text in zip(leads, mentions, strict=True)]
    return Fingerprint(
        shown_page=pages[0] if pages else None,
        pages=frozenset(pages),
        names=about,
        leads=tuple(_words(lead, about) for lead in known),
        heads=tuple(_opening(text) for text in mentions),
    )


def entry_fingerprint(urls: Iterable[str], *, title: str, evidence: str) -> Fingerprint:
    """Prepare an entry of a digest for comparing.

    Args:
        urls: its addresses, the one that it shows first.
        title: its title; what is not Chinese in it are names.
        evidence: the English text of its story.
    """
    mentions = evidence.split("\n\n")
    names = _NOT_LATIN.sub(" ; ", normalize(title))
    return fingerprint_of(urls, names, mentions, [""] * len(mentions))


def match_evidence(
    story: Fingerprint, published: Fingerprint, *, common_names: AbstractSet[str]
) -> Reason | None:
    """Say by what a story is known for one that was published, or nothing.

    Args:
        story: the story.
        published: the entry that may have published it.
        common_names: names that so many stories have that they are no evidence.
    """
    names = (story.names & published.names) - common_names
    words = max((len(a & b) for a in story.leads for b in published.leads), default=0)
    alike = max(
        (fuzz.token_set_ratio(a, b) for a in story.heads for b in published.heads), default=0.0
    )
    page = story.shown_page
    somewhat_alike = alike >= _SOMEWHAT_ALIKE
    if page is not None and page == published.shown_page:
        near = alike >= _ALIKE or (words >= _SHARED_WORDS and somewhat_alike)
        if _is_one_document(page) or names or near:
            return Reason.of("same_link", page)
    elif (pages := _shared_pages(story, published)) and (
        alike >= _ALIKE or (names and somewhat_alike)
    ):
        return Reason.of("link_alike", min(pages))
    if names and words and _same_event(names, alike, words):
        return Reason.of("names_alike", ", ".join(sorted(names)))
    return None


def is_document(url: str) -> bool:
    """Whether an address leads to one document, which has nothing new to say about itself."""
    return link_type(url) in _SINGLE_DOCUMENT


def is_versioned(name: str) -> bool:
    """Whether a name says which one of a family: kling2.6, but neither nvidia nor v2."""
    return len(name) >= _VERSIONED_CHARS and any(map(str.isdigit, name)) and name[0].isalpha()


def longest_names(names: Iterable[str]) -> frozenset[str]:
    """Keep the names that no other one goes on from: of GPT-5.2 and GPT-5.2-Codex the second."""
    ordered = sorted(names)
    following = [*ordered[1:], ""]
    return frozenset(
        name for name, after in zip(ordered, following, strict=False) if not after.startswith(name)
    )


class _HistoryIndex:
    """The published entries, found by page and by name."""

    def __init__(self, stories: Sequence[Story], published: Sequence[PublishedEntry]) -> None:
        self._stories = {story.id: _story_fingerprint(story) for story in stories}
        self._published = [(entry, _published_fingerprint(entry)) for entry in published]
        counts = Counter(name for story in self._stories.values() for name in story.names)
        limit = rarity_limit(len(stories))
        self._common = {name for name, count in counts.items() if count > limit}
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, (_, entry) in enumerate(self._published):
            for key in entry.pages | (entry.names - self._common):
                self._places[key].append(place)

    def matches(self, story: Story) -> list[tuple[PublishedEntry, Reason]]:
        """Find the entries that published a story, the latest first, each with the evidence."""
        own = self._stories[story.id]
        keys = own.pages | own.names
        places = sorted({place for key in keys for place in self._places.get(key, ())})
        return [
            (entry, evidence)
            for entry, fingerprint in (self._published[place] for place in places)
            if (evidence := match_evidence(own, fingerprint, common_names=self._common))
        ]


def _story_fingerprint(story: Story) -> Fingerprint:
    leads = [mention.lead for mention in story.mentions]
    return fingerprint_of(
        (*story.sources, *(link.url for link in story.links)),
        " ; ".join(filter(None, leads)) or story.lead,
        [mention.text for mention in story.mentions],
        leads,
    )


def _published_fingerprint(entry: PublishedEntry) -> Fingerprint:
    shown = (entry.link,) if entry.link else ()
    found = entry_fingerprint((*shown, *entry.links), title=entry.title, evidence=entry.evidence)
    # What stands first in the evidence is not what was shown.
    was_shown = found.shown_page == canonical(entry.link or "")
    return found if was_shown else found._replace(shown_page=None)


def _new_information(story: Story, published: Sequence[PublishedEntry]) -> Reason | None:
    """Say what a story has that no earlier entry had, or nothing."""
    known = {canonical(url) for entry in published for url in (entry.link, *entry.links) if url}
    names = longest_names(find_names(story.lead))
    if page := _new_page(story, names, known):
        return Reason.of("new_link", page)
    evidence = "\n".join(entry.evidence for entry in published)
    if unknown := sorted(filter(is_versioned, names - find_names(evidence).keys())):
        return Reason.of("new_name", unknown[0])
    shown = {canonical(entry.link) for entry in published if entry.link}
    text = "\n".join(
        mention.text for mention in story.mentions if not _repeats_document(mention, shown, known)
    )
    quantities = _new_quantities(text, evidence)
    if len({(quantity.value, quantity.unit) for quantity in quantities}) >= _NEW_QUANTITIES:
        texts = dict.fromkeys(quantity.text for quantity in quantities)
        return Reason.of("new_quantities", ", ".join(texts))
    if all(entry.rumour for entry in published) and is_announced(story.mentions):
        return Reason("new_announcement")
    return None


def _new_page(story: Story, names: frozenset[str], known: set[str]) -> str | None:
    """Find the first first-hand page with a name of the story in its address."""
    squeezed_names = [re.sub(r"\W", "", name) for name in names]
    for url in (*story.sources, *(link.url for link in story.links)):
        page = canonical(url)
        if page not in known and link_type(url) in ARTIFACT_TYPES:
            address = re.sub(r"[\W_]", "", page).casefold()
            if any(name in address for name in squeezed_names):
                return page
    return None


def _repeats_document(mention: Mention, shown_pages: set[str], known_pages: set[str]) -> bool:
    """Whether a mention points to a document that was published, and can only say what that says.

    A post that was published in passing is often a remark that several stories quote.
    """
    documents = [link.url for link in mention.links if is_document(link.url)]
    return any(
        canonical(url) in (shown_pages if link_type(url) == "post" else known_pages)
        for url in documents
    )


def _new_quantities(text: str, evidence: str) -> list["Quantity"]:
    """Find the quantities that can be news by themselves and that the evidence does not have."""
    # Takes long to load, and is needed only where there is a past.
    from pipeline.quantities import unsupported_quantities

    found = unsupported_quantities(_ENGAGEMENT.sub("", text), evidence)
    return [quantity for quantity in found if _is_newsworthy(quantity)]


def _is_newsworthy(quantity: "Quantity") -> bool:
    counted = quantity.unit or quantity.value >= _LARGE_COUNT
    return bool(counted) and not quantity.weak and quantity.unit not in _NO_FACTS


def _read_issue_date(file: Path) -> _IssueDate:
    # Quotation marks inside a text are escaped: no text looks like the field. Parsing all digests
    # to find the few of these days would take seconds.
    field = _ISSUE_DATE.search(read_regular(file))
    return _IssueDate(field[1].decode() if field else "")


def _published_entries(digest: Mapping[str, Any]) -> Iterator[PublishedEntry]:
    for half in ("news", "tools"):
        for number, entry in enumerate(digest[half], 1):
            yield PublishedEntry(
                date=digest["date"],
                place=f"{half}:{number}",
                title=entry["title"],
                link=entry["link"],
                links=tuple(link["url"] for link in entry["links"]),
                evidence=join_lines(entry["evidence"]),
                rumour=is_rumour(entry["title"], entry["summary"]),
            )


def _shared_pages(story: Fingerprint, published: Fingerprint) -> list[str]:
    """Find the pages in common; a document has to be shown, since two may quote the same remark."""
    shown = {story.shown_page, published.shown_page}
    return [
        page
        for page in story.pages & published.pages
        if page in shown or not _is_one_document(page)
    ]


def _same_event(names: AbstractSet[str], alike: float, words: int) -> bool:
    """Whether two that name the same are about the same event.

    A company or a project is in the news for many things, a version for few; API and GPU are not
    even names.
    """
    if any(map(is_versioned, names)):
        return alike >= _ALIKE or words >= _SHARED_WORDS
    if max(map(len, names)) < _NAME_CHARS:
        return False
    return alike >= _VERY_ALIKE or (alike >= _ALIKE and words >= _SHARED_WORDS)


def _is_one_document(page: str) -> bool:
    # The form for comparing has lost the subreddit, by which a thread is known for one.
    return page.startswith("reddit.com/comments/") or is_document(f"https://{page}")


def _words(lead: str, names: Iterable[str]) -> frozenset[str]:
    """Take the words of a lead that say what happens, and not to whom."""
    squeezed = [re.sub(r"\W", "", name) for name in names]
    return frozenset(
        word[:_STEM_CHARS]
        for word in _WORD.findall(normalize(lead).casefold())
        if word not in _STOP and not any(word in name for name in squeezed)
    )


def _guess_lead(text: str) -> str:
    """Give the words that a mention starts with, as far as its text alone shows them."""
    line = text.split("\n", 1)[0]
    end = _LEAD_END.search(line, min(_SHORTEST_LEAD, len(line)))
    return line[: end.start() if end else None][:_LEAD_CHARS]


def _opening(text: str) -> str:
    """Give the words that a mention begins with; small ones would make any two alike."""
    words = str(default_process(normalize(text.split("\n", 1)[0])[:_HEAD_CHARS])).split()
    return " ".join(word for word in words if len(word) > _SMALL_CHARS or word.isdigit())
