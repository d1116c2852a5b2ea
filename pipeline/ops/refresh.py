"""`run --refresh …` -> the questions that are asked anew: all of a prompt, or those of one entry.

Everything else comes from the cache as always, so that a run changes what was named and nothing
more. `Model.refresh` takes what `anew` gives.
"""

import re
from collections.abc import Callable, Sequence

from pipeline.chinese import load_glossary
from pipeline.edits import StoryFinder, find_entry, make_anchor, read_digest
from pipeline.errors import SettingsError
from pipeline.llm import Question, model_profile
from pipeline.merge import merge
from pipeline.parse import parse
from pipeline.plan import PreparedJob
from pipeline.records import SelectedStory
from pipeline.settings import Settings
from pipeline.translate import build_question

REFRESHABLE_PROMPTS = ("select", "translate")
"""What may be refreshed as a whole; the names of the prompts."""
_REFRESH_TARGET = re.compile(rf"{'|'.join(REFRESHABLE_PROMPTS)}|(news|tools):[1-9]\d?", re.ASCII)


def parse_refresh(targets: Sequence[str]) -> tuple[str, ...]:
    """Check what was written after `--refresh`.

    Raises:
        SettingsError: it is none of the words.
    """
    for word in targets:
        if not _REFRESH_TARGET.fullmatch(word):
            raise SettingsError(
                f"--refresh {word!r} is not select, translate or an entry such as news:3"
            )
    return tuple(targets)


def refresh_filter(
    targets: Sequence[str], job: PreparedJob, *, settings: Settings
) -> Callable[[Question], bool]:
    """Tell which questions of a run are asked although the cache has their answers.

    Args:
        targets: `select`, `translate`, or entries of the digest that exists.
        job: the page and the digest.
        settings: name the model and the folder of the digests.

    Raises:
        SettingsError: there is no such entry, no digest, or nothing to ask for it.
    """
    prompts = frozenset(targets).intersection(REFRESHABLE_PROMPTS)
    places = [word for word in targets if word not in REFRESHABLE_PROMPTS]
    asked = _entry_questions(places, job, settings) if places else ()
    # An entry that is mended is asked for with the same words and more.
    return lambda each: (
        each.prompt in prompts or (each.prompt == "translate" and each.user.startswith(asked))
    )


def _entry_questions(
    places: Sequence[str], job: PreparedJob, settings: Settings
) -> tuple[str, ...]:
    digest = read_digest(settings.outputs_dir / f"{job.stem}.json")
    issue = parse(job.page)
    finder = StoryFinder(merge(issue))
    asked = []
    for place in places:
        entry = find_entry(digest, place, job.stem)
        if {"title", "summary"} <= set(entry.edited):
            raise SettingsError(f"{place} is written by hand: undo that edit to ask the model")
        story = finder.find(make_anchor(entry))
        if story is None:
            raise SettingsError(f"the story of {place} is not in the issue any more: {entry.title}")
        question_asked = build_question(
            SelectedStory(story=story, kind=entry.kind, link=entry.link, reason=entry.reason),
            issue_date=issue.date,
            terms=load_glossary(),
            max_evidence_chars=model_profile(settings).evidence_chars,
        )
        asked.append(question_asked.user)
    return tuple(asked)
