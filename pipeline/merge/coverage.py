"""How much of an issue a run looked at, and which salient stories its digest leaves out.

Pure. A reviewer reads here what a reader does not see: every story that is left out has a reason.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from pipeline.chinese import shorten
from pipeline.records import Coverage, DroppedItem, Issue, OmittedStory, PartCoverage, Reason, Story

_MOST = 20
_WORDS_CHARS = 160


def compute_coverage(
    issue: Issue,
    *,
    stories: Sequence[Story],
    published: Collection[str],
    drops: Sequence[DroppedItem],
    shown: Collection[str] | None,
) -> Coverage:
    """Count what was looked at, and name the best stories that are left out.

    The stories come most salient first; `shown` are the ids of those that stood in a question, None
    where the code chose.
    """
    repeats = {drop.what for drop in drops if drop.reason.code == "repeated"}
    free = [story for story in stories if story.id not in repeats]
    counts = {
        "mentions": Counter(mention.part for mention in issue.mentions),
        "stories": Counter(story.part for story in free),
        "shown": Counter(story.part for story in free if story.id in (shown or ())),
        "told": Counter(story.part for story in stories if story.id in published),
    }
    parts = {
        part: PartCoverage(**{name: count[part] for name, count in counts.items()})
        for part in counts["mentions"]
    }
    return Coverage(
        characters=sum(len(mention.text) for mention in issue.mentions),
        mentions=dict(counts["mentions"]),
        stories=len(free),
        shown=sum(story.id in (shown or ()) for story in free),
        parts=parts,
        passed=_omitted_stories(stories, published, _drop_reasons(drops), shown),
    )


def update_coverage(
    coverage: Coverage,
    *,
    stories: Sequence[Story],
    published: Collection[str],
    drops: Sequence[DroppedItem],
) -> Coverage:
    """Name what is left out after a change by hand; what was looked at stays as it was.

    The stories, of the same page, come most salient first.
    """
    if not coverage.parts:
        return coverage
    counts = Counter(story.part for story in stories if story.id in published)
    parts = {
        part: counted.model_copy(update={"told": counts[part]})
        for part, counted in coverage.parts.items()
    }
    reasons = {story.story: story.reason for story in coverage.passed} | _drop_reasons(drops)
    shown = {story.id for story in stories} if coverage.shown else None
    passed = _omitted_stories(stories, published, reasons, shown)
    return coverage.model_copy(update={"parts": parts, "passed": passed})


def _omitted_stories(
    stories: Sequence[Story],
    published: Collection[str],
    reasons: Mapping[str, Reason],
    shown: Collection[str] | None,
) -> tuple[OmittedStory, ...]:
    left = [story for story in stories if story.id not in published]
    return tuple(
        OmittedStory(
            story=story.id,
            words=shorten(" ".join(story.mentions[0].text.split()), _WORDS_CHARS, within=False),
            part=story.part,
            link=next(iter(story.sources), None),
            score=round(story.salience.score, 2),
            facts=story.salience.facts,
            reason=reasons.get(story.id) or _passed_reason(story, shown),
        )
        for story in left[:_MOST]
    )


def _passed_reason(story: Story, shown: Collection[str] | None) -> Reason:
    """Say why a story is left out of which nothing else is known."""
    if shown is None:
        return Reason("passed_over")
    return Reason("not_chosen" if story.id in shown else "not_shown")


def _drop_reasons(drops: Sequence[DroppedItem]) -> dict[str, Reason]:
    """Take the first reason of each; a story that was named twice was not left out for that."""
    return {drop.what: drop.reason for drop in reversed(drops) if drop.reason.code != "named_twice"}
