"""An issue, wherever it is -> its stories, as `merge` makes them: the command `stories`."""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from pipeline.errors import SettingsError
from pipeline.fetch import parse_slug
from pipeline.llm import Cache
from pipeline.merge import merge
from pipeline.parse import parse
from pipeline.plan import RunRequest, fetch_job, open_sources, plan_tasks
from pipeline.progress import Progress
from pipeline.records import Story
from pipeline.settings import Settings
from pipeline.storage import is_here
from pipeline.write import plain_text


def find_stories(
    issue: str, *, settings: Settings, today: dt.date, progress: Progress, stdin: BinaryIO
) -> tuple[Story, ...]:
    """Give the stories of an issue, the most salient first; the model is not asked.

    Args:
        issue: a file, `-`, a slug or address of an issue, or a digest date, which means the issue
            that `run --date` digests.
        settings: where the newsletter and the digests are.
        today: the calendar date in Asia/Shanghai.
        progress: where progress is shown.
        stdin: what `-` reads.

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


def stories_json(stories: Sequence[Story]) -> str:
    """Write stories as JSON: each with its id, salience, facts and mentions."""
    listed = [
        {
            "id": story.id,
            "salience": story.salience.model_dump(mode="json", exclude={"facts"}),
            "facts": story.salience.model_dump(mode="json")["facts"],
            "mentions": [
                mention.model_dump(mode="json", include={"id", "text", "links"})
                for mention in story.mentions
            ],
        }
        for story in stories
    ]
    return json.dumps(listed, indent=2, ensure_ascii=False)


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
        return RunRequest(source=issue)
    try:
        return RunRequest(date=dt.date.fromisoformat(issue))
    except ValueError:
        if parse_slug(issue) is None:
            raise SettingsError(
                f"{issue!r} is no file, no date, and no slug or address of an issue: give one of "
                "these"
            ) from None
    return RunRequest(issue=issue)
