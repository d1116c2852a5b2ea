"""How an edit finds its story again: by a hash of its first mention, else by its first-hand link.

Pure. Ids follow salience and places follow the model's choice, so neither of them would do.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from pipeline.chinese import shorten
from pipeline.records import Entry, Mention, Story, StoryAnchor
from pipeline.urls import canonical

_MAX_WORDS_CHARS = 60


def make_anchor(source: Entry | Story) -> StoryAnchor:
    """Write down how the story of an entry, or a story, is found again."""
    if isinstance(source, Story):
        first, name = source.mentions[0].text, source.id
        link = next(iter((*source.sources, *(each.url for each in source.links))), None)
    else:
        first, name, link = source.evidence.partition("\n\n")[0], source.story or "", source.link
        if "link" in source.edited:
            link = next((each.url for each in source.links), None)
    words = " ".join(first.split())
    return StoryAnchor(
        id=name,
        key=text_key(first),
        link=canonical(link) if link else None,
        words=shorten(words, _MAX_WORDS_CHARS, within=False),
    )


class StoryFinder:
    """Finds stories by their marks."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self._keys: dict[str, list[Story]] = defaultdict(list)
        self._links: dict[str, list[Story]] = defaultdict(list)
        for story in stories:
            for mention in story.mentions:
                self._keys[text_key(mention.text)].append(story)
            urls = (*story.sources, *(link.url for link in story.links))
            for url in dict.fromkeys(map(canonical, urls)):
                self._links[url].append(story)

    def find(self, anchor: StoryAnchor) -> Story | None:
        """Find the story that has the mention, or else the only one that leads with the link."""
        if same := self._keys.get(anchor.key):
            return min(same, key=lambda story: text_key(story.mentions[0].text) != anchor.key)
        near = self._links.get(anchor.link or "", [])
        leading = [each for each in near if _has_first_link(each, anchor.link)]
        found = leading or near
        return found[0] if len(found) == 1 else None


def story_from_entry(entry: Entry, name: str) -> Story:
    """Make a story of what an entry carries, for one that the page does not have any more."""
    mentions = [
        Mention(
            id=name,
            part=entry.parts[0] if entry.parts else "intro",
            section=entry.section,
            lead="",
            text=text,
            links=entry.links if number == 0 else (),
            bullets=0,
        )
        for number, text in enumerate(entry.evidence.split("\n\n"))
    ]
    sources = (entry.link,) if entry.link else ()
    return Story(id=name, mentions=tuple(mentions), sources=sources)


def _has_first_link(story: Story, link: str | None) -> bool:
    first = next(iter((*story.sources, *(each.url for each in story.links))), None)
    return first is not None and canonical(first) == link


def text_key(text: str) -> str:
    """Hash what is the same in a page's HTML and Markdown: letters and digits."""
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
