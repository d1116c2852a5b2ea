"""How an edit finds its story again: by a hash of its first mention, else by link and likeness.

Pure. Ids follow salience and places follow the model's choice, so neither of them would do.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from enum import Enum

from pipeline.chinese import fold, shorten
from pipeline.records import Digest, Entry, Mention, Story, StoryAnchor
from pipeline.urls import canonical

_MAX_WORDS_CHARS = 60
_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_SHORTEST_WORD = 4
_SPARE_WORDS = 4
_LEAD = 0.1
"""How much more alike the closest must be than the next."""


class _Likeness(Enum):
    """How much of a beginning has to be there still, from 0 to 1, by what else is the same."""

    WITH_OWN_PAGE = 0.25
    WITH_LINK = 0.5
    WITHOUT_LINK = 0.7


def make_anchor(source: Entry | Story) -> StoryAnchor:
    """Write down how a story, or the story of an entry, is found again."""
    if isinstance(source, Story):
        first, name, link = source.mentions[0].text, source.id, source.first_url
    else:
        first, name, link = source.first_mention, source.story or "", source.link
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


def entries_by_story(digest: Digest) -> dict[str, tuple[str, Entry]]:
    """Give the entries of a digest and their places, by the keys of their anchors."""
    return {make_anchor(entry).key: (place, entry) for place, entry in digest.placed}


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
            return _closest(anchor.words, self._free, _Likeness.WITHOUT_LINK)
        near = self._links.get(anchor.link, [])
        is_own = len(near) == 1 and bool(_OWN_PAGE.search(anchor.link))
        least = _Likeness.WITH_OWN_PAGE if is_own else _Likeness.WITH_LINK
        free = [story for story in near if story.id not in self._taken]
        return _closest(anchor.words, free, least)


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
        for number, text in enumerate(entry.mention_texts or ("",))
    ]
    sources = (entry.link,) if entry.link else ()
    return Story(id=name, mentions=tuple(mentions), sources=sources)


def text_key(text: str) -> str:
    """Hash what is the same in a page's HTML and Markdown: letters and digits."""
    letters = re.sub(r"[\W_]+", "", fold(text))
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()


def _closest(beginning: str, stories: Sequence[Story], least: _Likeness) -> Story | None:
    """Find the story one of whose mentions begins alike.

    Of `beginning` a word that is cut, `…`, does not count.

    Returns:
        None where none does, or two do about as well.
    """
    words = _words(re.sub(r"\w*…$", "", beginning))
    if not words:
        return None
    ranked = sorted(
        ((max(_alike(words, it.text, least) for it in story.mentions), story) for story in stories),
        key=lambda pair: -pair[0],
    )
    best = [pair for pair in ranked[:2] if pair[0] >= least.value]
    if not best or (len(best) == 2 and best[0][0] - best[1][0] < _LEAD):  # noqa: PLR2004 - a pair
        return None
    return best[0][1]


def _alike(words: Sequence[str], text: str, least: _Likeness) -> float:
    """Say how many of the words a text has at its beginning, in their order."""
    others = _words(text)[: len(words) + _SPARE_WORDS]
    if least is not _Likeness.WITH_OWN_PAGE and not _same_names(words, others):
        return 0
    if least is _Likeness.WITHOUT_LINK and words[0].casefold() != (others or [""])[0].casefold():
        return 0
    one, other = _telling(words), _telling(others)
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / len(one) if one else 0


def _same_names(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether what the one names by numbers and names such as `OpenAI` the other does, too."""
    return {word for word in words if _is_name(word)} <= set(others)


def _is_name(word: str) -> bool:
    return any(char.isdigit() for char in word) or word[1:] != word[1:].lower()


def _telling(words: Sequence[str]) -> list[str]:
    return [word.casefold() for word in words if len(word) >= _SHORTEST_WORD or _is_name(word)]


def _words(text: str) -> list[str]:
    return _WORD.findall(text)
