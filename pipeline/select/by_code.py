"""Stories -> selection, chosen by the code alone: for a model that only translates.

What salience puts first is read more closely (`worth.py`), what an earlier choice tells already is
left out (`repeats.py`), and so is what cannot be told in whole sentences. The best twenty then go
into the half that they suit: what an engineer can use is a tool, all else is news.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pipeline.lines import counted
from pipeline.records import (
    DroppedItem,
    EntryKind,
    Reason,
    ReasonCode,
    SelectedStory,
    Selection,
    Story,
    Telling,
)
from pipeline.select.repeats import EventIndex, Head, same_event
from pipeline.select.worth import usefulness, worth
from pipeline.urls import canonical

_UNTOLD: Final = -50.0
_TOLD_POINTS: Final[dict[Telling, float]] = {"whole": 0.0, "partly": -1.5, "not": 2 * _UNTOLD}
_GOOD: Final = 0.4  # worth from which a story may take the place of another
_SPARES: Final = 20
_LOOKED_AT: Final = 12  # stories that are looked at for each entry of a half
_NEWS_ONLY: Final = -0.45  # use at or below which a story is never a tool
_TOOL_ONLY: Final = 1.6  # use at or above which it is never news


class _Chosen(NamedTuple):
    """A story that may stand in the digest."""

    story: Story
    head: Head
    facts: frozenset[str]
    link: str | None
    use: float


def select_by_code(
    stories: Sequence[Story],
    *,
    want: int = 10,
    follows: Mapping[str, dt.date] | None = None,
    how_told: Callable[[Story], Telling] = lambda _: "whole",
    facts_told: Callable[[Story], frozenset[str]] = lambda _: frozenset(),
) -> Selection:
    """Choose the stories of one issue most worth an engineer's minute, without asking a model.

    Args:
        stories: the stories of the issue, most salient first.
        want: entries per half, 1-20.
        follows: stories whose event an earlier digest has, by id, and the date of that digest.
        how_told: how well a story can be told; asked of the best. What cannot be is left out, and
            what can only be told in part comes last.
        facts_told: what would be told of a story that no other event has.

    Returns:
        As many news and as many tools as are wanted, where the issue has them, no event and no
        address twice, best first, and the spares.
    """
    points = {story.id: worth(story) for story in stories}
    unfit = {name for name, least in points.items() if least <= 0}
    order = sorted(stories, key=lambda story: -points[story.id])
    for story in order[: _LOOKED_AT * want]:
        points[story.id] += _TOLD_POINTS[how_told(story)]
    order = sorted(order[: _LOOKED_AT * want], key=lambda story: -points[story.id])
    good = [story for story in order if points[story.id] > _GOOD]
    poor = [story for story in order if _UNTOLD < points[story.id] <= _GOOD]
    drops: list[DroppedItem] = []
    # Where nothing can be told, somebody has to see that: in quotations.
    filling = poor or order[: 2 * want * (not good)]
    fit = _without_repeats(good, filling, 2 * want, drops, facts_told)
    news, tools, spares = _halve(fit, want)
    named = {*(chosen.story.id for chosen in fit), *(drop.what for drop in drops)}
    left = [story.id for story in stories if story.id not in named]
    drops += _left_out({name: points[name] for name in left}, unfit)

    def selected(
        chosen: Sequence[_Chosen], kind: EntryKind | None, code: ReasonCode
    ) -> tuple[SelectedStory, ...]:
        return tuple(
            SelectedStory(
                story=it.story,
                kind=kind or ("tool" if it.use > 0 else "news"),
                link=it.link,
                reason=Reason(code),
                follows=(follows or {}).get(it.story.id),
            )
            for it in chosen
        )

    return Selection(
        news=selected(news, "news", "completed"),
        tools=selected(tools, "tool", "completed"),
        spares=selected(spares, None, "spare"),
        drops=tuple(drops),
        shown=0,
    )


def _left_out(points: Mapping[str, float], unfit: Collection[str]) -> Iterator[DroppedItem]:
    """Say why stories were not taken: each that cannot be told, and how many are worth less."""
    codes: dict[str, ReasonCode] = {
        name: "withheld" if name in unfit else "no_sentence" if least <= _UNTOLD else "passed_over"
        for name, least in points.items()
    }
    for name, code in codes.items():
        if code == "no_sentence":
            yield DroppedItem(what=name, reason=Reason(code))
    for code, count in Counter(codes.values()).items():
        if code != "no_sentence":
            yield DroppedItem(what=counted(count, "story"), reason=Reason(code))


def _without_repeats(
    good: Sequence[Story],
    poor: Sequence[Story],
    enough: int,
    drops: list[DroppedItem],
    facts_told: Callable[[Story], frozenset[str]],
) -> list[_Chosen]:
    """Take the first stories that tell no event and show no address of an earlier one.

    The poor ones only fill the half of a digest; spares are taken from the good ones.
    """
    index = EventIndex([*good, *poor])
    most_poor = enough // 2 if good else enough
    taken: list[_Chosen] = []
    shown: dict[str, str] = {}
    for at, story in enumerate((*good, *poor)):
        if len(taken) >= (enough + _SPARES if at < len(good) else most_poor):
            break
        head = index.read(story)
        facts = facts_told(story)
        again = (it for it in taken if same_event(it.head, head) or it.facts & facts)
        if same := next((it.story.id for it in again), ""):
            drops.append(DroppedItem(what=story.id, reason=Reason.of("same_event_as", same)))
            continue
        free = [url for url in story.sources if canonical(url) not in shown]
        if story.sources and not free:
            other = shown[canonical(story.sources[0])]
            drops.append(DroppedItem(what=story.id, reason=Reason.of("same_link_as", other)))
            continue
        link = free[0] if free else None
        if link is not None:
            shown[canonical(link)] = story.id
        taken.append(_Chosen(story, head, facts, link, usefulness(story)))
    return taken


def _halve(fit: Sequence[_Chosen], want: int) -> tuple[list[_Chosen], list[_Chosen], list[_Chosen]]:
    """Part the best into news and tools; what is clearly one of them never fills the other half."""
    best: list[_Chosen] = []
    for chosen in fit:
        with_it = [*best, chosen]
        only_news = sum(it.use <= _NEWS_ONLY for it in with_it)
        only_tools = sum(it.use >= _TOOL_ONLY for it in with_it)
        if len(best) < 2 * want and only_news <= want and only_tools <= want:
            best = with_it
    if len(best) < 2 * want:  # a small issue, or one of news alone
        best += [it for it in fit if it not in best][: 2 * want - len(best)]
    spares = [it for it in fit if it not in best]
    by_use = sorted(best, key=lambda it: -it.use)
    half = min(want, (len(best) + 1) // 2)
    tools = set(_ids(by_use[:half]))
    return (
        [it for it in best if it.story.id not in tools],
        [it for it in best if it.story.id in tools],
        spares,
    )


def _ids(chosen: Sequence[_Chosen]) -> Iterator[str]:
    return (it.story.id for it in chosen)
