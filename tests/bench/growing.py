"""How long merging and checking take, per issue and as issues grow."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import build
from bench.reading import clear_caches, pages
from bench.rows import Measurement, exponent, time_alternating
from eval.rehearse import ReplayedRun, replay_recorded
from pipeline.chinese import glossary
from pipeline.merge.stories import merge
from pipeline.parse.page import parse
from pipeline.quantities import compare as numbers
from pipeline.records import Entry, Issue, Mention, Story
from pipeline.select.selection import SelectionLimits, plan_selection
from pipeline.verify.registry import verify

_SIZES_KB = (10, 25, 50, 100, 200, 400)
_GROUP = "merge, numbers, verify"
# Merging compares mentions with each other; checking reads each text once.
_BARS = {"merge": 1.5, "numbers": 1.2, "verify": 1.2}

_EntryStories = list[tuple[Entry, Story]]


def checking(shared: Path) -> Iterator[Measurement]:
    """Merge, choose and check the longest issue, and issues of 10 to 400 KB made from all."""
    read = [(page, parse(page)) for page in pages(shared)]
    runs = {case.name: run for case, run in replay_recorded(shared)}
    recorded = [each for each in read if each[1].slug in runs]
    page, issue = max(recorded, key=lambda each: _size(each[1]))
    stories, told = merge(issue), _entry_stories(runs[issue.slug])
    steps: dict[str, Callable[[], object]] = {
        "merge the longest issue": lambda: merge(issue),
        "write its choosing question": lambda: plan_selection(
            stories, issue=issue, limits=SelectionLimits()
        ),
        "numbers of 20 entries and their evidence": lambda: _numbers(told),
        "verify its 20 recorded entries": lambda: _verify(told),
    }
    for name, work in steps.items():
        ours, beside = time_alternating(work, lambda: parse(page), times=3, before=clear_caches)
        yield Measurement(
            group=_GROUP,
            name=name,
            value=ours,
            unit="s",
            baseline="parse of its page",
            baseline_value=beside,
        )
    mentions = [mention for _, each in read for mention in each.mentions]
    entries = [entry for entry, _ in told]
    issues = [_issue_of_size(mentions, size * 1_000) for size in _SIZES_KB]
    shared_out = [_assign_stories(issue, entries) for issue in issues]
    yield from _growth("merge", [partial(merge, issue) for issue in issues])
    yield from _growth("numbers", [partial(_numbers, each) for each in shared_out])
    yield from _growth("verify", [partial(_verify, each) for each in shared_out])


def _growth(name: str, works: Sequence[Callable[[], object]]) -> Iterator[Measurement]:
    """Do one thing for larger and larger issues, in turns."""
    seconds = time_alternating(*works, times=3, before=clear_caches)
    for size, taken in zip(_SIZES_KB, seconds, strict=True):
        yield Measurement(
            group=_GROUP,
            name=f"{name} {size} KB",
            value=taken,
            unit="s",
            baseline=f"{name} 10 KB",
            baseline_value=seconds[0],
        )
    large = _SIZES_KB.index(50)
    yield Measurement(
        group=_GROUP,
        name=f"growth of {name} from 50 to 400 KB, exponent",
        value=exponent(_SIZES_KB[large:], seconds[large:]),
        unit="",
        baseline="in proportion",
        baseline_value=1,
        bar=_BARS[name],
    )


def _numbers(entry_stories: _EntryStories) -> None:
    for entry, story in entry_stories:
        numbers.unsupported_quantities(f"{entry.title}。{entry.summary}", story.evidence)


def _verify(entry_stories: _EntryStories) -> None:
    terms = glossary.load_glossary()
    for entry, story in entry_stories:
        verify(entry, story, terms=terms)


def _issue_of_size(mentions: Sequence[Mention], size: int) -> Issue:
    """Make an issue of as many mentions of all issues as have room, of each issue some."""
    # Taken from one end, the small ones would be all of one year.
    step = 37
    mixed = [mention for first in range(step) for mention in mentions[first::step]]
    taken: list[Mention] = []
    for number, mention in enumerate(mixed, 1):
        size -= len(mention.text)
        if size < 0:
            break
        taken.append(mention.model_copy(update={"id": f"m{number:04d}"}))
    return build.issue(*taken)


def _assign_stories(issue: Issue, entries: Sequence[Entry]) -> _EntryStories:
    """Deal out all mentions of an issue to the stories of 20 entries."""
    return [
        (entry, Story(id=str(entry.story), mentions=issue.mentions[at :: len(entries)]))
        for at, entry in enumerate(entries)
    ]


def _entry_stories(run: ReplayedRun) -> _EntryStories:
    """Give what a model told of an issue, with the stories it is checked against."""
    stories = {story.id: story for story in run.stories}
    return [(entry, stories[str(entry.story)]) for entry in (*run.digest.news, *run.digest.tools)]


def _size(issue: Issue) -> int:
    return sum(len(mention.text) for mention in issue.mentions)
