"""`run --refresh …` -> the questions that are asked anew: all of a prompt, or those of one entry.

Everything else comes from the cache as always, so that a run changes what was named and nothing
more. `Model.refresh` takes what `anew` gives.
"""

import re
from collections.abc import Callable, Sequence

from pipeline.chinese import glossary
from pipeline.edits.anchors import Finder, mark
from pipeline.edits.previous import digest_in, entry_at
from pipeline.errors import SettingsError
from pipeline.llm.factory import sizes
from pipeline.llm.prompts import Question
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.plan import Job
from pipeline.records import Choice
from pipeline.settings import Settings
from pipeline.translate.entry import question

PROMPTS = ("select", "translate")
"""What may be refreshed as a whole; the names of the prompts."""
_WORD = re.compile(rf"{'|'.join(PROMPTS)}|(news|tools):[1-9]\d?", re.ASCII)


def checked(words: Sequence[str]) -> tuple[str, ...]:
    """Check what was written after `--refresh`.

    Raises:
        SettingsError: it is none of the words.
    """
    for word in words:
        if not _WORD.fullmatch(word):
            raise SettingsError(
                f"--refresh {word!r} is not select, translate or an entry such as news:3"
            )
    return tuple(words)


def anew(words: Sequence[str], job: Job, *, settings: Settings) -> Callable[[Question], bool]:
    """Tell which questions of a run are asked although the cache has their answers.

    Args:
        words: `select`, `translate`, or entries of the digest that exists.
        job: the page and the digest.
        settings: name the model and the folder of the digests.

    Raises:
        SettingsError: there is no such entry, no digest, or nothing to ask for it.
    """
    prompts = frozenset(words).intersection(PROMPTS)
    places = [word for word in words if word not in PROMPTS]
    asked = _questions(places, job, settings) if places else ()
    # An entry that is mended is asked for with the same words and more.
    return lambda each: (
        each.prompt in prompts or (each.prompt == "translate" and each.user.startswith(asked))
    )


def _questions(places: Sequence[str], job: Job, settings: Settings) -> tuple[str, ...]:
    digest = digest_in(settings.outputs_dir / f"{job.stem}.json")
    issue = parse(job.page)
    finder = Finder(merge(issue))
    asked = []
    for place in places:
        entry = entry_at(digest, place, job.stem)
        if {"title", "summary"} <= set(entry.edited):
            raise SettingsError(f"{place} is written by hand: undo that edit to ask the model")
        story = finder.find(mark(entry))
        if story is None:
            raise SettingsError(f"the story of {place} is not in the issue any more: {entry.title}")
        question_asked = question(
            Choice(story=story, kind=entry.kind, link=entry.link, reason=entry.reason),
            issue_date=issue.date,
            terms=glossary.load(),
            max_evidence_chars=sizes(settings).evidence_chars,
        )
        asked.append(question_asked.user)
    return tuple(asked)
