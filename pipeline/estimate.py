"""What a run would ask and cost, without asking: `--dry-run`."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import BinaryIO

from pipeline import glossary
from pipeline.backend import sizes
from pipeline.cache import Cache
from pipeline.meter import Tokens, price
from pipeline.obtain import Show, Wanted, obtain
from pipeline.prompt import estimate_tokens
from pipeline.records import Choice, Issue, Record
from pipeline.run import begin
from pipeline.settings import Settings
from pipeline.translate import question

# What answers take, in tokens: a pair of ids, and an entry with room for a model that thinks.
_ID_TOKENS = 12
_ENTRY_TOKENS = 250


class Estimate(Record):
    """What a run would do, before it asks anything."""

    issue: Issue
    """The issue."""
    path: Path
    """The file that the run would write."""
    mentions: dict[str, int]
    """Mentions by section, in the order of the page."""
    stories: int
    """Stories that could be chosen."""
    questions: int
    """Questions to the model."""
    model: str
    """Name of the model."""
    tokens: Tokens
    """Estimated tokens of all questions and answers."""
    cost_usd: float | None
    """Their price; None where nobody knows it."""


def estimate(
    wanted: Wanted, *, settings: Settings, today: date, show: Show, stdin: BinaryIO
) -> Estimate | None:
    """Count what `run` would ask, asking nothing; the page is fetched all the same.

    Which stories will be told is not known before the model chose: the longest ones stand for
    them, so that the estimate is high rather than low.

    Returns:
        The estimate, or None when there is nothing new.

    Raises:
        SourceError, PageNotUnderstood: as `run`.
    """
    with Cache(settings.cache_dir / "cache.sqlite") as cache:
        job = obtain(wanted, settings=settings, cache=cache, today=today, show=show, stdin=stdin)
    if job is None:
        return None
    how = sizes(settings)
    start = begin(job, how=how, show=show, outputs=settings.outputs_dir)
    issue, stories, plan = start.issue, start.recalled.stories, start.plan
    longest = sorted(stories, key=lambda story: -len(story.evidence))[: 2 * how.want]
    told = [
        question(
            Choice(story=story, kind="news", link=None, reason=""),
            issue_date=issue.date,
            terms=glossary.load(),
            max_evidence_chars=how.evidence_chars,
        )
        for story in longest
    ]
    tokens = Tokens(
        input=sum(estimate_tokens(each.system + each.user) for each in (*plan.questions, *told)),
        output=len(plan.questions) * how.want * _ID_TOKENS + len(told) * _ENTRY_TOKENS,
    )
    return Estimate(
        issue=issue,
        path=settings.outputs_dir / f"{job.stem}.md",
        mentions=dict(Counter(" › ".join(m.section) or "(intro)" for m in issue.mentions)),
        stories=len(stories),
        questions=len(plan.questions) + len(told),
        model=how.model,
        tokens=tokens,
        cost_usd=price(tokens, host=how.host, model=how.model, prices=how.prices),
    )
