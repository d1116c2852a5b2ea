"""Words of a page that `parse` passed over -> stories that an edit adds: pure."""

from collections.abc import Iterator, Sequence

from pipeline.edits.anchors import text_key
from pipeline.errors import SettingsError
from pipeline.merge import merge
from pipeline.parse import find_passage
from pipeline.records import Edit, Issue, Page, Story

_IDS = 10_000


def passage_story(
    words: str,
    *,
    page: Page,
    issue: Issue,
    stories: Sequence[Story],
    anywhere: bool = False,
) -> Story:
    """Make a story of words of a page; the issue's own story where they are all of a mention.

    Its id, `p0421`, follows from its words, so that it stays whatever else is added. With
    `anywhere` the first place counts where the page has the words several times.

    Raises:
        SettingsError: the page does not have the words, or in several places.
    """
    mention = find_passage(page, words, anywhere=anywhere)
    key = text_key(mention.text)
    name = f"p{int(key[:8], 16) % _IDS:04d}"
    mention = mention.model_copy(update={"id": name})
    for story in stories:
        if text_key(story.mentions[0].text) == key:
            return story
    merged = merge(issue.model_copy(update={"mentions": (mention,)}))
    if len(merged) == 1 and merged[0].mentions == (mention,):
        return merged[0].model_copy(update={"id": name})
    return Story(id=name, mentions=(mention,), sources=tuple(it.url for it in mention.links))


def added_stories(
    edits: Sequence[Edit], *, page: Page, issue: Issue, stories: Sequence[Story]
) -> Iterator[Story]:
    """Make the stories again that edits have added; none for words that the page no longer has."""
    passages = [edit.passage for edit in edits if edit.passage]
    for words in dict.fromkeys(passages):
        try:
            story = passage_story(words, page=page, issue=issue, stories=stories, anywhere=True)
        except SettingsError:
            continue
        if story not in stories:
            yield story
