"""The edits of a digest, and the stories of its issue: what `edit --list` and `--stories` show."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from pipeline.edits import describe_edit, places_by_key, why_unapplied
from pipeline.llm import Cache
from pipeline.progress import Progress
from pipeline.records import Digest, Edit, IssuePart, Record
from pipeline.revise.existing import prepare_again, read_editable, read_page_again
from pipeline.revise.locations import DigestLocation
from pipeline.settings import Settings


class ListedEdit(Record):
    """One edit of a digest."""

    number: int
    """From 1, as `edit --undo` takes it."""
    place: str | None
    """Where its story stands now, `news:3`; None where it does not."""
    words: str
    """The edit in one line, for people."""
    problem: str | None
    """Why it was not applied when the digest was made; None where it was."""
    edit: Edit
    """As the digest has it."""


class ListedStory(Record):
    """One story of a digest's issue."""

    id: str
    """`s17`, as `edit --swap` takes it."""
    place: str | None
    """Where the digest tells it, `news:3`; None where it does not."""
    part: IssuePart
    """The recap in which its first mention stands."""
    lead: str
    """How it begins."""
    link: str | None
    """Its most first-hand address; None where it has none."""


def list_edits(digest: Digest) -> tuple[ListedEdit, ...]:
    """Give the edits of a digest, oldest first, each with the place where its story stands now."""
    places = places_by_key(digest)
    listed = []
    for number, edit in enumerate(digest.edits, 1):
        problem = why_unapplied(edit, digest)
        place = None if problem else places.get(edit.story.key)
        said = describe_edit(edit, {} if problem else places)
        words = f"{said}, not applied: {problem}" if problem else said
        one = ListedEdit(number=number, place=place, words=words, problem=problem, edit=edit)
        listed.append(one)
    return tuple(listed)


def list_stories(
    location: DigestLocation,
    *,
    settings: Settings,
    progress: Progress,
    stdin: BinaryIO,
    source: str | None = None,
    word: str = "",
) -> tuple[ListedStory, ...]:
    """Give the stories of a digest's issue, which a swap may bring in, best first.

    Only those that have `word` in them; all where it is empty.

    Raises:
        SourceError, SettingsError, PageNotUnderstood: as `edit_digest`.
    """
    digest = read_editable(location)
    with Cache(settings.cache_file) as cache:
        page = read_page_again(digest, source, settings, cache, progress, stdin)
    told = {name: place for place, entry in digest.placed for name in entry.mentions}
    stories = prepare_again(digest, page, location, settings, progress).stories
    return tuple(
        ListedStory(
            id=story.id,
            place=next((told[it.id] for it in story.mentions if it.id in told), None),
            part=story.part,
            lead=" ".join(story.lead.split()),
            link=story.first_url,
        )
        for story in stories
        if word.casefold() in story.evidence.casefold()
    )


def stories_lines(stories: Sequence[ListedStory]) -> Iterator[str]:
    """Write stories for people, a line each, in columns."""
    width = max((len(story.id) for story in stories), default=0)
    for story in stories:
        line = f"{story.id:<{width}}  {story.place or '':<8}  {story.part:<15}  {story.lead}"
        yield f"{line}  {story.link}" if story.link else line
