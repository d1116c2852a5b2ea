"""An issue, wherever it is -> its stories, as `merge` makes them: the command `stories`."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from pipeline.errors import SettingsError
from pipeline.fetch import parse_slug
from pipeline.llm import Cache
from pipeline.merge import merge
from pipeline.parse import parse
from pipeline.plan import RunRequest, fetch_job, open_sources, plan_tasks
from pipeline.progress import Progress
from pipeline.records import EntryKind, Link, Record, SalienceFact, Story
from pipeline.settings import Settings
from pipeline.storage import is_here
from pipeline.write import plain_text


class StorySalience(Record):
    """How much a story matters, judged from facts of the issue alone."""

    score: float
    """Larger is more salient; comparable within one issue only."""
    leaning: EntryKind
    """The half of the digest that its links and words speak for."""


class StoryMention(Record):
    """One bullet, post or paragraph of a story."""

    id: str
    """Its id, in the order of the page."""
    text: str
    """Plain text, its bold lead included."""
    links: tuple[Link, ...]
    """Its links, in order."""


class IssueStory(Record):
    """One story of an issue."""

    id: str
    """`s01`… in the order in which a model sees them."""
    salience: StorySalience
    facts: tuple[SalienceFact, ...]
    """What the score is made of."""
    mentions: tuple[StoryMention, ...]
    """At least one, best first."""


def find_stories(
    issue: str, *, settings: Settings, today: dt.date, progress: Progress, stdin: BinaryIO
) -> tuple[Story, ...]:
    """Give the stories of an issue, the most salient first; the model is not asked.

    `issue` is a file, `-`, a slug or an address, or a digest date: the issue that `run --date`
    digests.

    Raises:
        SettingsError: it is none of these.
        SourceError: the issue could not be fetched.
        PageNotUnderstood: the page holds no issue.
    """
    request = _request(issue)
    with (
        Cache(settings.cache_file) as cache,
        open_sources(settings, cache) as sources,
    ):
        (task,) = plan_tasks(
            request,
            sources=sources,
            settings=settings,
            today=today,
            progress=progress,
            stdin=stdin,
        )
        job = fetch_job(task, sources=sources, settings=settings, progress=progress)
    return merge(parse(job.page))


def listed_stories(stories: Sequence[Story]) -> tuple[IssueStory, ...]:
    """Give stories as `stories --json` prints them: id, salience, facts and mentions."""
    return tuple(
        IssueStory(
            id=story.id,
            salience=StorySalience(score=story.salience.score, leaning=story.salience.leaning),
            facts=story.salience.facts,
            mentions=tuple(
                StoryMention(id=one.id, text=one.text, links=one.links) for one in story.mentions
            ),
        )
        for story in stories
    )


def stories_table(stories: Sequence[Story]) -> Iterator[str]:
    """Write stories for people, two lines each: the story, and what its score is made of."""
    yield f"{'story':<6} {'score':>6}  {'half':<4}  mentions"
    for story in stories:
        salience = story.salience
        start = f"{story.id:<6} {salience.score:>6.2f}  {salience.leaning:<4}"
        yield f"{start}  {len(story.mentions):>8}  {plain_text(story.lead)}"
        if salience.facts:
            yield f"{'':<7}{plain_text('; '.join(map(str, salience.facts)))}"


def _request(issue: str) -> RunRequest:
    if issue == "-" or is_here(issue):
        return RunRequest(source=issue, force=True)
    try:
        return RunRequest(date=dt.date.fromisoformat(issue), force=True)
    except ValueError:
        if parse_slug(issue) is None:
            raise SettingsError(
                f"{issue!r} is no file, no date, and no slug or address of an issue: give one of "
                "these"
            ) from None
    return RunRequest(issue=issue, force=True)
