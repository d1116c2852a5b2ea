"""Entries -> the link that each of them shows.

A bullet of the newsletter may be about two events, each on a line of its own with its own links.
The story has all of them; which one an entry is about is known only when the entry is written. So a
link is passed over where it stands on a line that has other names than the entry, and where its
address has none of the entry's either. Pure.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType

from pipeline.records import Entry, Mention, Story
from pipeline.urls import (
    RankedLinks,
    canonical,
    is_chat_file,
    is_generic_word,
    is_shortened,
    is_tracked,
    order_links,
    original_url,
)

# Linear in any text: no pattern looks ahead, at each place, to the end of one run.
_NAME_START = re.compile(r"[A-Za-z0-9]")
_NAME = re.compile(r"[A-Za-z0-9]+(?:[.+-][A-Za-z0-9]+)*")
_FIGURES = re.compile(r"[\d.]*")
_WORD = re.compile(r"[\w.+-]+")
_CAPITAL = re.compile(r"\b[A-Z]")
_CAPITALISED = re.compile(r"\b(?:[A-Z][a-z]{2}|[A-Z]{3})")
_DIGIT = re.compile(r"\d")
_SHORTEST = 3


def choose_links(
    entries: Sequence[tuple[Entry, Story]],
    named: Collection[str | None] = (),
    held: Mapping[str | None, str | None] = MappingProxyType({}),
) -> tuple[str | None, ...]:
    """Choose the link of each entry, no page twice.

    Args:
        entries: entries in the order of the digest, each with its story. What shows a link by
            hand, or another than its story's, keeps it.
        named: stories, by id, whose entry shows a link that the model named.
        held: links that are shown already, by story id: they stay, and nobody else gets them.

    Returns:
        Per entry the link that the model named, unless it hides where it leads, or seems to be
        about something else, and others are not so; else the most first-hand one of its story
        that is not about something else; where all seem to be, the most first-hand one that no
        other entry could show; else None. Of a post's mirror the post itself. What only strangers
        link to is none of them where the story has another.
    """
    orders = [order_links(story.mentions) for _, story in entries]
    stories = [_without_barred(story, by) for (_, story), by in zip(entries, orders, strict=True)]
    links: dict[int, str | None] = {}
    wanted: dict[int, tuple[str, ...]] = {}
    for at, (entry, _) in enumerate(entries):
        if entry.story in held or _stays(entry, stories[at], orders[at].barred):
            links[at] = held.get(entry.story, entry.link)
        else:
            wanted[at] = _wanted_links(entry, stories[at], is_named=entry.story in named)
    shown = {canonical(link) for link in links.values() if link}
    chosen = {at: _take_unused(urls, shown) for at, urls in wanted.items()}
    # Of those that nobody took, none that another entry could show.
    shown |= {canonical(url) for urls in wanted.values() for url in urls}
    for at, url in chosen.items():
        links[at] = _plain_address(url or _take_unused(stories[at].sources, shown), stories[at])
    return tuple(links[at] for at in range(len(entries)))


def _without_barred(story: Story, order: RankedLinks) -> Story:
    """Leave out of a story's sources what no entry may show."""
    sources = tuple(url for url in story.sources if canonical(url) not in order.barred)
    return story.model_copy(update={"sources": sources or (order.shown if story.sources else ())})


def _stays(entry: Entry, story: Story, barred: Collection[str]) -> bool:
    """Whether an entry keeps its link: it is somebody's by hand, or from elsewhere."""
    if "link" in entry.edited or entry.link is None:
        return True
    return entry.link not in story.sources and canonical(entry.link) not in barred


def _wanted_links(entry: Entry, story: Story, *, is_named: bool) -> tuple[str, ...]:
    """Give the links that an entry may show, before all the one that the model named."""
    urls, link = relevant_links(entry, story), entry.link
    if not link or not is_named or link not in (urls or story.sources):
        return urls
    hides = is_shortened(link) and not all(map(is_shortened, urls))
    return urls if hides else (link, *urls)


def _plain_address(link: str | None, story: Story) -> str | None:
    """Give the address of the page itself: no mirror, and nothing of where its reader is from."""
    if not link:
        return None
    if is_tracked(link):
        others = (other.url for other in story.links if canonical(other.url) == canonical(link))
        link = next((url for url in others if not is_tracked(url)), link)
    return original_url(link)


def _take_unused(urls: Iterable[str], used_pages: set[str]) -> str | None:
    """Take the first page that is not shown yet, and count it as shown."""
    url = next((url for url in urls if canonical(url) not in used_pages), None)
    used_pages |= {canonical(url)} if url else set()
    return url


def relevant_links(entry: Entry, story: Story) -> tuple[str, ...]:
    """Give the story's links that are not about something else, the most first-hand one first."""
    urls = story.sources or tuple(it.url for it in story.links if not is_chat_file(it.url))
    names = {
        name for name in _name_keys(f"{entry.title} {entry.summary}") if not is_generic_word(name)
    }
    if not names or len(story.evidence.splitlines()) == 1:
        return urls
    about: dict[str, bool] = {}
    of_line: dict[str, bool] = {}
    for mention in story.mentions:
        for url, line in _links_with_lines(mention):
            page = canonical(url)
            if line not in of_line:
                of_line[line] = _is_about_names(names, line)
            address = _alphanumeric(page)
            about[page] = (
                about.get(page, False) or of_line[line] or any(name in address for name in names)
            )
    return tuple(url for url in urls if about.get(canonical(url), True))


def _is_about_names(names: set[str], line: str) -> bool:
    said = _alphanumeric(line)
    if any(name in said for name in names):
        return True
    # `Code is here` names nothing else: it belongs to what stands above it.
    return all(_alphanumeric(word) in names for word in _proper_names(line))


def _proper_names(line: str) -> Iterator[str]:
    """Give words from their capital on: those of three letters, and those with a number."""
    for word in _WORD.findall(line):
        first = _CAPITAL.search(word)
        if first and not _DIGIT.search(word, first.end()):
            first = _CAPITALISED.search(word)
        if first:
            yield word[first.start() :]


def _links_with_lines(mention: Mention) -> Iterator[tuple[str, str]]:
    """Give each link with the line that its anchor stands on."""
    text, at = mention.text, 0
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    for link in mention.links:
        found = text.find(link.text, at) if link.text else -1
        at = found + len(link.text) if found >= 0 else at
        yield link.url, lines[min(bisect_right(starts, max(found, 0) or at), len(lines)) - 1]


def _name_keys(text: str) -> Iterator[str]:
    for word in _names(text):
        if len(name := _alphanumeric(word)) >= _SHORTEST:
            yield name


def _names(text: str) -> Iterator[str]:
    """Give words that begin with a letter, or with figures and dots that one follows."""
    at = end = 0
    while start := _NAME_START.search(text, at):
        at = start.start()
        if at >= end and (figures := _FIGURES.match(text, at)):
            end = figures.end()
        is_letter = end < len(text) and text[end].isascii() and text[end].isalpha()
        if is_letter and (word := _NAME.match(text, at)):
            yield word.group()
            at = word.end()
        else:
            at = end


def _alphanumeric(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())
