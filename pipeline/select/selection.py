"""Stories -> selection: the ten news and ten tools, chosen by the model, by id.

The model sees every story as one line. Where the lines do not fit one question, groups of whole
sections get a question each for a shortlist, and a last one chooses from those; a model that has
no time for so many questions is shown the most salient stories; `SelectionPlan.shown` counts them.
What the model answers is repaired and completed here, by salience; the link of each story is
chosen here too, and never passes through the model.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Annotated

from pydantic import BaseModel, Field

from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.llm import Ask, Question, estimate_tokens, fence, load_prompt
from pipeline.reasons import Reason, ReasonCode, read_reason
from pipeline.recaps import recap_names
from pipeline.records import (
    DroppedItem,
    EntryKind,
    Issue,
    Record,
    SelectedStory,
    Selection,
    Story,
)
from pipeline.urls import canonical

# Characters of a story's text that its line shows; the longest for which all lines fit.
_EXCERPTS = (320, 200, 120)
_SPARES = 20
_FORGED_STORY_LINE = re.compile(r"\b(s\d{2,4}) \[")
# Finalists of all shortlists together, in digests.
_FINALISTS = 4
_MIN_SHORTLIST = 3


class _Reply(BaseModel):
    """What the model answers: ids, best first."""

    news: list[Annotated[str, Field(pattern=r"^s[0-9]{2,4}$")]]
    tools: list[Annotated[str, Field(pattern=r"^s[0-9]{2,4}$")]]


MapFunction = Callable[[Callable[[Question], _Reply], Iterable[Question]], Iterable[_Reply]]
"""`map`, or something like it that asks in parallel and keeps the order."""


class SelectionLimits(Record):
    """How large the choice may be."""

    want: int = Field(default=10, ge=1, le=20)
    """Entries per section."""
    max_tokens: int = 60_000
    """Length of the longest question, in tokens."""
    max_questions: int = 64
    """How many shortlists there may be; the least salient stories beyond them are not shown."""


class SelectionPlan(Record):
    """What `select` will ask first."""

    questions: tuple[Question, ...]
    """One question about all stories, or one per shortlist."""
    story_ids: tuple[str, ...]
    """Ids of the stories that stand in them."""
    limits: SelectionLimits
    """What they were made for."""

    @property
    def shown(self) -> int:
        """How many stories stand in them."""
        return len(self.story_ids)


def select(
    stories: Sequence[Story],
    *,
    issue: Issue,
    ask: Ask,
    plan: SelectionPlan,
    follows: Mapping[str, dt.date] | None = None,
    map_function: MapFunction = map,
) -> Selection:
    """Choose the stories of one issue most worth an engineer's minute.

    Args:
        stories: the stories of the issue, most salient first.
        issue: their issue, for its date, title and description.
        ask: the model.
        plan: the questions, as `plan_selection` made them.
        follows: stories whose event an earlier digest has, by id, and the date of that digest.
        map_function: how several questions are asked.

    Returns:
        As many news and as many tools as the plan wants, disjoint, no address twice, best first,
        and the spares. An answer that is missing or falls short is completed by salience.

    Raises:
        ModelError: the model could not be asked.

    Source: prompts/select.md.
    """
    drops: list[DroppedItem] = []
    want = plan.limits.want

    def answer(question: Question) -> _Reply:
        try:
            return ask(question, _Reply)
        except (ModelInvalid, ModelRefused) as error:
            drops.append(DroppedItem(what="the model's choice", reason=read_reason(str(error))))
            return _Reply(news=[], tools=[])

    replies = list(map_function(answer, plan.questions))
    if len(replies) > 1:
        named = {name for reply in replies for name in (*reply.news, *reply.tools)}
        finalists = [story for story in stories if story.id in named]
        replies = [answer(_final_question(finalists, issue, plan.limits))]
    picker = _Picker(stories, drops, follows or {})
    news = picker.take_named(replies[0].news[:want], "news")
    tools = picker.take_named(replies[0].tools[:want], "tool")
    news += picker.take_next(want - len(news), "news")
    tools += picker.take_next(want - len(tools), "tool")
    spares = picker.take_next(_SPARES, None, "spare")
    return Selection(
        news=tuple(news),
        tools=tuple(tools),
        spares=tuple(spares),
        drops=tuple(drops),
        shown=plan.shown,
    )


def plan_selection(
    stories: Sequence[Story], *, issue: Issue, limits: SelectionLimits
) -> SelectionPlan:
    """Write the questions: one, with as long excerpts as it has room for, or shortlists.

    Args:
        stories: the stories of the issue, most salient first.
        issue: their issue.
        limits: how large the choice may be.
    """
    if question := _fitting_question(stories, issue, limits):
        return SelectionPlan(questions=(question,), story_ids=_story_ids(stories), limits=limits)
    room = _room(issue, limits)
    if limits.max_questions == 1:
        groups = [_fit_tokens(_leanings_first(stories, limits.want), room)]
        want = limits.want
    else:
        groups = _split_by_section(stories, room)
        while len(groups) > limits.max_questions:
            stories = stories[: len(stories) * 9 // 10]
            groups = _split_by_section(stories, room)
        share = -(-_FINALISTS * limits.want // len(groups))
        want = min(limits.want, max(share, _MIN_SHORTLIST))
    questions = tuple(_build_question(group, issue, want, _EXCERPTS[-1]) for group in groups)
    story_ids = _story_ids(story for group in groups for story in group)
    return SelectionPlan(questions=questions, story_ids=story_ids, limits=limits)


def _story_ids(stories: Iterable[Story]) -> tuple[str, ...]:
    return tuple(story.id for story in stories)


def _final_question(finalists: Sequence[Story], issue: Issue, limits: SelectionLimits) -> Question:
    """Ask for the last choice; the least salient finalists give way where there are too many."""
    if question := _fitting_question(finalists, issue, limits):
        return question
    fitting = _fit_tokens(finalists, _room(issue, limits))
    return _build_question(fitting, issue, limits.want, _EXCERPTS[-1])


def _fitting_question(
    stories: Sequence[Story], issue: Issue, limits: SelectionLimits
) -> Question | None:
    """Ask about all stories, with the longest excerpts for which there is room, if for any."""
    questions = (_build_question(stories, issue, limits.want, excerpt) for excerpt in _EXCERPTS)
    return next((one for one in questions if _question_tokens(one) <= limits.max_tokens), None)


def _room(issue: Issue, limits: SelectionLimits) -> int:
    """Say how many tokens a question has for its stories."""
    return limits.max_tokens - _question_tokens(_build_question([], issue, limits.want, 0))


def _fit_tokens(stories: Sequence[Story], room: int) -> list[Story]:
    """Take as many stories from the start as have room, in tokens."""
    taken: list[Story] = []
    for story in stories:
        room -= estimate_tokens(_story_line(story, _EXCERPTS[-1]))
        if room < 0:
            break
        taken.append(story)
    return taken


def _leanings_first(stories: Sequence[Story], want: int) -> list[Story]:
    """Put the most salient stories of both leanings first: a small model reads no further."""
    news = [story for story in stories if story.salience.leaning == "news"]
    tools = [story for story in stories if story.salience.leaning == "tool"]
    first = [*news[:want], *tools[:want]]
    taken = {story.id for story in first}
    return [*first, *(story for story in stories if story.id not in taken)]


def _split_by_section(stories: Sequence[Story], room: int) -> list[list[Story]]:
    """Cut the stories, section by section, into groups of at most `room` tokens.

    A section is not torn where it fits a question of its own; within it the order stays.
    """

    def section(story: Story) -> tuple[str, ...]:
        return story.mentions[0].section[:2]

    order = {found: at for at, found in enumerate(dict.fromkeys(map(section, stories)))}
    groups: list[list[Story]] = [[]]
    left = room
    for _, members in groupby(sorted(stories, key=lambda story: order[section(story)]), section):
        costs = [(story, estimate_tokens(_story_line(story, _EXCERPTS[-1]))) for story in members]
        if left < sum(cost for _, cost in costs) <= room:
            left = -1
        for story, cost in costs:
            if cost > left and groups[-1]:
                groups.append([])
                left = room
            groups[-1].append(story)
            left -= cost
    return groups


def _build_question(stories: Sequence[Story], issue: Issue, want: int, excerpt: int) -> Question:
    return load_prompt("select").fill(
        date=issue.date.isoformat(),
        title=fence(issue.title),
        description=fence(issue.description),
        want=str(want),
        stories=fence("\n".join(_story_line(story, excerpt) for story in stories)),
    )


def _story_line(story: Story, excerpt: int) -> str:
    # A text may imitate the line of another story.
    text = _FORGED_STORY_LINE.sub(r"\1 (", " ".join(story.mentions[0].text.split()))
    short = text if len(text) <= excerpt else text[:excerpt].rsplit(" ", 1)[0] + " …"
    count = f" ×{len(story.mentions)}" if len(story.mentions) > 1 else ""
    return f"{story.id} [{', '.join(recap_names(story.mentions))}{count}] {short}"


def _question_tokens(question: Question) -> int:
    return estimate_tokens(question.system + question.user)


class _Picker:
    """Takes stories one by one; no story, and no address, is taken twice."""

    def __init__(
        self, stories: Sequence[Story], drops: list[DroppedItem], follows: Mapping[str, dt.date]
    ) -> None:
        self._left = {story.id: story for story in stories}
        self._known = frozenset(self._left)
        self._shown: dict[str, str] = {}
        self._drops = drops
        self._follows = follows

    def take_named(self, names: Iterable[str], kind: EntryKind) -> list[SelectedStory]:
        """Take the stories that the model named, as far as they exist and are new."""
        taken = []
        for name in names:
            if name in self._left:
                taken += self._take(name, kind, "model")
            else:
                reason = Reason("named_twice" if name in self._known else "unknown_id")
                self._drops.append(DroppedItem(what=name, reason=reason))
        return taken

    def take_next(
        self, count: int, kind: EntryKind | None, code: ReasonCode = "completed"
    ) -> list[SelectedStory]:
        """Take the next stories in order, those that lean to the kind before all others."""
        taken: list[SelectedStory] = []
        order = sorted(
            self._left.values(),
            key=lambda story: kind is not None and story.salience.leaning != kind,
        )
        for story in order:
            if len(taken) >= count:
                break
            taken += self._take(story.id, kind or story.salience.leaning, code)
        return taken

    def _take(self, name: str, kind: EntryKind, code: ReasonCode) -> list[SelectedStory]:
        story = self._left.pop(name)
        free = [url for url in story.sources if canonical(url) not in self._shown]
        if story.sources and not free:
            other = self._shown[canonical(story.sources[0])]
            self._drops.append(DroppedItem(what=name, reason=Reason.of("same_link_as", other)))
            return []
        link = free[0] if free else None
        if link is not None:
            self._shown[canonical(link)] = name
        return [
            SelectedStory(
                story=story,
                kind=kind,
                link=link,
                reason=Reason(code),
                follows=self._follows.get(name),
            )
        ]
