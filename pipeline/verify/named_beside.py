"""The texts beside an event's lines that name what it is about: headings, links, who says it.

Part of `name`.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

from pipeline.recaps import begins_top_story, trust
from pipeline.records import Entry, Link, Mention, Story
from pipeline.verify.accounts import linked_accounts

_NAMES_SEVERAL = re.compile(r"[,;:+&/|]|\b(?:and|or|vs|versus|plus|with|beyond)\b", re.IGNORECASE)
_VERSION = re.compile(r"(?<![\w.-])[A-Z]\w{0,9}-?\d+(?:\.\d+)*(?![\w.]*\w)", re.ASCII)
_MAKER_AND_VERSION = re.compile(rf"[A-Z][a-z]\w*(?: [A-Z][a-z]\w*)? ({_VERSION.pattern})", re.ASCII)
_SUBREDDIT = re.compile(r"(?<![\w/])/?r/[A-Za-z]\w{2}")


def texts_beside(story: Story, entry: Entry) -> tuple[str, ...]:
    """Give the texts besides the evidence that may vouch for a name, each once."""
    # What stands below the heading of a top story is about it, and often does not say so again.
    top_story = filter(begins_top_story, entry.section)
    reddit = ("Reddit",) if _SUBREDDIT.search(story.evidence) else ()
    places = dict.fromkeys((*_place_words(story.mentions), *entry.parts, *top_story))
    return (*_link_words(story.links), *places, *reddit)


def _place_words(mentions: Iterable[Mention]) -> Iterator[str]:
    """Give the words of where a stranger's mention stands, which is who says it.

    An editors' heading vouches for what stands directly below it, unless it may name several, each
    of which only some of that is about. Then it vouches for the maker before a version that the
    mention has, too: Kimi of Kimi K3.
    """
    for mention in mentions:
        yield mention.part
        heading = mention.section[-1] if mention.section else ""
        if trust(mention):
            yield from mention.section
        elif not _NAMES_SEVERAL.search(heading):
            yield heading
        else:
            versions = set(_VERSION.findall(mention.text))
            yield from (it[0] for it in _MAKER_AND_VERSION.finditer(heading) if it[1] in versions)


def _link_words(links: Iterable[Link]) -> Iterator[str]:
    """Give the texts besides the evidence that name things: anchors and the words of addresses."""
    for link in links:
        parts = urlsplit(link.url)
        yield link.text
        yield (parts.hostname or "").removeprefix("www.").rpartition(".")[0]
        # A version is written 4-1 in an address; r/LocalLLaMA says nothing of Llama.
        path = re.sub("^/r/[^/]+/", "/", unquote(parts.path))
        yield re.sub(r"(?<=\d)-(?=\d)", ".", path).replace("/", "\n")
        yield from linked_accounts((link,))
