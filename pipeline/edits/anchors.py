"""How an edit finds its story again: by a hash of its first mention, else by link and likeness.

Pure. Ids follow salience and places follow the model's choice, so neither of them would do.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pipeline.chinese import fold, shorten
from pipeline.edits.likeness import Likeness, closest
from pipeline.records import Entry, Mention, Story, StoryAnchor
from pipeline.urls import canonical

_MAX_WORDS_CHARS = 60


def make_anchor(source: Entry | Story) -> StoryAnchor:
    """Write down how a story, or the story of an entry, is found again."""
    if isinstance(source, Story):
        first, name, link = source.mentions[0].text, source.id, source.first_url
    else:
        first, name, link = source.evidence.partition("\n\n")[0], source.story or "", source.link
        if "link" in source.edited:
            link = source.links[0].url if source.links else None
    words = " ".join(first.split())
    return StoryAnchor(
        id=name,
        key=text_key(first),
        link=canonical(link) if link else None,
        words=shorten(words, _MAX_WORDS_CHARS, within=False),
    )


_SECOND_EVENT = re.compile(r"s\d+([b-z])")


def event_key(source: Entry | Story) -> str:
    """Name the event of a story or of an entry: its first mention, and which event of that."""
    anchor = make_anchor(source)
    second = _SECOND_EVENT.fullmatch(anchor.id)
    return f"{anchor.key}{second[1] if second else ''}"


# The address of one post, paper or change, which no other event has: it has a long number in it.
_OWN_PAGE = re.compile(r"\d{5,}|/(?:pull|issues|commit|comments)/")


class StoryFinder:
    """Finds stories by their anchors."""

    def __init__(self, stories: Sequence[Story], told: Iterable[StoryAnchor] = ()) -> None:
        """Look among stories.

        Args:
            stories: all of the issue.
            told: those of the entries of a digest, which are all different: what is one of them
                by its words is no other's.
        """
        self._keys: dict[str, list[Story]] = defaultdict(list)
        self._links: dict[str, list[Story]] = defaultdict(list)
        for story in stories:
            for mention in story.mentions:
                self._keys[text_key(mention.text)].append(story)
            urls = (*story.sources, *(link.url for link in story.links))
            for url in dict.fromkeys(map(canonical, urls)):
                self._links[url].append(story)
        self._taken = {story.id for anchor in told for story in self._keys.get(anchor.key, ())}
        self._free = [story for story in stories if story.id not in self._taken]

    def find(self, anchor: StoryAnchor) -> Story | None:
        """Find the story with the mention, or else the one that is it in other words.

        That has its link, if it had one, and begins alike; where two stories may be meant it is
        neither. The second event of a story, `s12b`, is found as that.
        """
        story = self._find_story(anchor)
        if story and (second := _SECOND_EVENT.fullmatch(anchor.id)):
            return story.model_copy(update={"id": story.id + second[1]})
        return story

    def _find_story(self, anchor: StoryAnchor) -> Story | None:
        if same := self._keys.get(anchor.key):
            return min(same, key=lambda story: text_key(story.mentions[0].text) != anchor.key)
        if anchor.link is None:
            return closest(anchor.words, self._free, Likeness.WITHOUT_LINK)
        near = self._links.get(anchor.link, [])
        is_own = len(near) == 1 and bool(_OWN_PAGE.search(anchor.link))
        least = Likeness.WITH_OWN_PAGE if is_own else Likeness.WITH_LINK
        free = [story for story in near if story.id not in self._taken]
        return closest(anchor.words, free, least)


def story_from_entry(entry: Entry, name: str) -> Story:
    """Make a story of what an entry carries, where the page no longer has it."""
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


def text_key(text: str) -> str:
    """Hash what is the same in a page's HTML and Markdown: letters and digits."""
    letters = re.sub(r"[\W_]+", "", fold(text))
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()
