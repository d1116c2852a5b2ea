"""How an edit finds its story again: by a hash of its first mention, else by its first-hand link.

Pure. Ids follow salience and places follow the model's choice, so neither of them would do.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from pipeline.records import Entry, Mark, Mention, Story
from pipeline.urls import canonical

_WORDS_CHARS = 60


def mark(told: Entry | Story) -> Mark:
    """Write down how the story of an entry, or a story, is found again."""
    if isinstance(told, Story):
        first, name = told.mentions[0].text, told.id
        link = next(iter((*told.sources, *(each.url for each in told.links))), None)
    else:
        first, name, link = told.evidence.partition("\n\n")[0], told.story or "", told.link
        if "link" in told.edited:
            link = next((each.url for each in told.links), None)
    words = " ".join(first.split())
    return Mark(
        id=name,
        key=key(first),
        link=canonical(link) if link else None,
        words=words if len(words) <= _WORDS_CHARS else f"{words[:_WORDS_CHARS]}…",
    )


class Finder:
    """Finds stories by their marks."""

    def __init__(self, stories: Sequence[Story]) -> None:
        self._keys: dict[str, list[Story]] = defaultdict(list)
        self._links: dict[str, list[Story]] = defaultdict(list)
        for story in stories:
            for mention in story.mentions:
                self._keys[key(mention.text)].append(story)
            urls = (*story.sources, *(link.url for link in story.links))
            for url in dict.fromkeys(map(canonical, urls)):
                self._links[url].append(story)

    def find(self, mark: Mark) -> Story | None:
        """Find the story that has the mention, or else the only one that leads with the link."""
        if same := self._keys.get(mark.key):
            return min(same, key=lambda story: key(story.mentions[0].text) != mark.key)
        near = self._links.get(mark.link or "", [])
        leading = [each for each in near if _leads(each, mark.link)]
        found = leading or near
        return found[0] if len(found) == 1 else None


def own_story(entry: Entry, name: str) -> Story:
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


def _leads(story: Story, link: str | None) -> bool:
    first = next(iter((*story.sources, *(each.url for each in story.links))), None)
    return first is not None and canonical(first) == link


def key(text: str) -> str:
    """Hash what is the same in a page's HTML and Markdown: letters and digits."""
    letters = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
