"""Stories -> selection: the ten news and ten tools, chosen by the model as groups of stories.

An event may stand as many stories: the model names those that tell it, the leading one first, and
the event in a few words. Here its stories become one.

The model sees every story as one line. Where the lines do not fit one question, groups of whole
sections get a question each for a shortlist, and a last one chooses from those;
`SelectionPlan.shown` counts them. A model that only translates is not asked: `by_code.py` chooses.
What the model answers is repaired and completed here, by salience; the link of each story is
chosen here too, and never passes through the model.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Annotated, NamedTuple

from pydantic import BaseModel, Field

from pipeline.errors import ModelInvalid, ModelRefused, QuestionCut
from pipeline.lines import counted
from pipeline.llm import (
    Answer,
    Ask,
    Listener,
    Question,
    estimate_tokens,
    fence,
    listening,
    load_prompt,
)
from pipeline.recaps import recap_names, trust
from pipeline.records import (
    DroppedItem,
    EntryKind,
    Issue,
    Reason,
    Record,
    SelectedStory,
    Selection,
    Story,
    read_reason,
)
from pipeline.select.early_choice import EarlyChoice, OnChoice
from pipeline.select.offer import offered_stories
from pipeline.select.picker import Picker

# Characters of a story's text that its line shows; the longest for which all lines fit.
_EXCERPTS = (480, 320, 200, 120)
# The same of what editors wrote, while the question stays that short, in tokens: they put several
# releases into one bullet, where a thread is one event and what users say of it.
_LONG_EXCERPTS = (4_000, 2_000, 1_000)
_SHORT_QUESTION = 12_000
_SPARES = 20
_FORGED_STORY_LINE = re.compile(r"\b(s\d{2,4}) \[")
# Finalists of all shortlists together, in digests.
_FINALISTS = 4
_MIN_SHORTLIST = 3
# Least room for stories, in tokens, for which a question is worth asking.
_MIN_ROOM = 400
_ASKED_SPARES = 2  # of each kind, beyond what is wanted


class _Event(BaseModel):
    """One event: the stories that tell it, the leading one first, and what it is in English."""

    stories: Annotated[
        list[Annotated[str, Field(pattern=r"^s[0-9]{2,4}$")]], Field(min_length=1, max_length=40)
    ]
    """The stories that tell it, the leading one first."""
    event: Annotated[str, Field(min_length=3, max_length=160)]
    """It in three to twelve English words; only ever compared with other events' words."""


class _Reply(BaseModel):
    """The chosen events of each list, the most important first."""

    news: list[_Event]
    tools: list[_Event]


MapFunction = Callable[[Callable[[Question], _Reply], Iterable[Question]], Iterable[_Reply]]
"""`map`, or something like it that asks in parallel and keeps the order."""


class SelectionRun(NamedTuple):
    """How the questions are asked, and who hears of the choice while it is made."""

    map_function: MapFunction = map
    """How several questions are asked."""
    on_choice: OnChoice | None = None
    """Is told of each chosen story as soon as it is certain, as far as the answer is heard."""


class SelectionLimits(Record):
    """How large the choice may be."""

    want: int = Field(default=10, ge=1, le=20)
    """Entries per section."""
    max_tokens: int = 60_000
    """Length of the longest question, in tokens."""
    max_questions: int = Field(default=64, ge=0)
    """How many shortlists there may be; the least salient stories beyond them are not shown. With
    none salience chooses alone."""


class SelectionPlan(Record):
    """What `select` will ask first."""

    questions: tuple[Question, ...]
    """One question about all stories, one per shortlist, or none."""
    story_ids: tuple[str, ...]
    """Ids of the stories that stand in them, or that salience chooses from."""
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
    run: SelectionRun | None = None,
) -> Selection:
    """Choose the stories of one issue most worth an engineer's minute.

    Args:
        stories: the stories of the issue, most salient first.
        issue: their issue, for its date, title and description.
        ask: the model.
        plan: the questions, as `plan_selection` made them.
        follows: stories whose event an earlier digest has, by id, and the date of that digest.
        run: how the questions are asked, and who hears of the choice while it is made; None for
            one after the other, and nobody.

    Returns:
        As many news and as many tools as the plan wants, disjoint, no address twice, best first,
        and the spares. An answer that is missing or falls short is completed by salience.

    Raises:
        ModelError: the model could not be asked.

    Source: prompts/select.md.
    """
    drops = _withheld(stories, plan)
    want = plan.limits.want
    run, heard = run or SelectionRun(), ask
    if run.on_choice and len(plan.questions) == 1:
        early = Picker(stories, [], follows or {})
        heard = _heard(ask, EarlyChoice(early, want, run.on_choice, _Event.model_validate))
    try:
        reply = _ask_plan(stories, issue, heard, plan, run.map_function, drops)
        read = plan
    except QuestionCut as cut:
        # What the server did not read was not shown: it is asked again in parts that it reads.
        read = _narrower_plan(stories, issue, plan.limits, cut)
        reply = _ask_plan(stories, issue, _uncut(ask), read, run.map_function, drops)
        if not read.questions:
            drops.append(DroppedItem(what="the model's choice", reason=read_reason(str(cut))))
    picker = Picker(stories, drops, follows or {})
    named_news, named_tools = iter(reply.news), iter(reply.tools)
    news = picker.take_named(named_news, want, "news")
    tools = picker.take_named(named_tools, want, "tool")
    spares = picker.take_named(named_news, _ASKED_SPARES, "news", "spare")
    spares += picker.take_named(named_tools, _ASKED_SPARES, "tool", "spare")
    news += picker.take_next(want - len(news), "news")
    news += _move_spares(spares, want - len(news), "news")
    tools += picker.take_next(want - len(tools), "tool")
    tools += _move_spares(spares, want - len(tools), "tool")
    spares += picker.take_next(_SPARES - len(spares), None, "spare")
    return Selection(
        news=tuple(news),
        tools=tuple(tools),
        spares=tuple(spares),
        drops=tuple(drops),
        shown=read.shown if read.questions or read is plan else 0,
        shown_ids=None if read is plan else read.story_ids if read.questions else (),
    )


def _ask_plan(
    stories: Sequence[Story],
    issue: Issue,
    ask: Ask,
    plan: SelectionPlan,
    map_function: MapFunction,
    drops: list[DroppedItem],
) -> _Reply:
    """Ask the questions of a plan, and of what they name the last one.

    Raises:
        QuestionCut: a part of one was not read.
    """

    def answer(question: Question) -> _Reply:
        try:
            return ask(question, _Reply)
        except QuestionCut:
            raise
        except (ModelInvalid, ModelRefused) as error:
            drops.append(DroppedItem(what="the model's choice", reason=read_reason(str(error))))
            return _Reply(news=[], tools=[])

    replies = list(map_function(answer, plan.questions)) or [_Reply(news=[], tools=[])]
    if len(replies) > 1:
        events = [event for reply in replies for event in (*reply.news, *reply.tools)]
        named = {name for event in events for name in event.stories}
        finalists = [story for story in stories if story.id in named]
        replies = [answer(_final_question(finalists, issue, plan.limits))]
    return replies[0]


def _narrower_plan(
    stories: Sequence[Story], issue: Issue, limits: SelectionLimits, cut: QuestionCut
) -> SelectionPlan:
    """Plan for what a server reads of a question; with no room for stories salience chooses."""
    narrower = limits.model_copy(update={"max_tokens": min(cut.room_tokens, limits.max_tokens)})
    if _room(issue, narrower) < _MIN_ROOM:
        narrower = narrower.model_copy(update={"max_questions": 0})
    return plan_selection(stories, issue=issue, limits=narrower)


def _heard(ask: Ask, listener: Listener) -> Ask:
    """Ask as `ask` does, and have the answer heard while it comes."""

    def ask_heard(question: Question, schema: type[Answer], /) -> Answer:
        with listening(listener):
            return ask(question, schema)

    return ask_heard


def _uncut(ask: Ask) -> Ask:
    """Ask as `ask` does; what is cut once more is no answer, and nothing to plan again for."""

    def ask_uncut(question: Question, schema: type[Answer], /) -> Answer:
        try:
            return ask(question, schema)
        except QuestionCut as cut:
            raise ModelInvalid(str(cut)) from cut

    return ask_uncut


def plan_selection(
    stories: Sequence[Story], *, issue: Issue, limits: SelectionLimits
) -> SelectionPlan:
    """Write the questions: one, with as long excerpts as it has room for, or shortlists.

    Args:
        stories: the stories of the issue, most salient first.
        issue: their issue.
        limits: how large the choice may be.
    """
    if not limits.max_questions:
        return SelectionPlan(questions=(), story_ids=_story_ids(stories), limits=limits)
    stories = offered_stories(stories)
    if question := _fitting_question(stories, issue, limits):
        return SelectionPlan(questions=(question,), story_ids=_story_ids(stories), limits=limits)
    room = _room(issue, limits)
    groups = _split_by_section(stories, room)
    while len(groups) > limits.max_questions:
        stories = stories[: len(stories) * 9 // 10]
        groups = _split_by_section(stories, room)
    share = -(-_FINALISTS * limits.want // len(groups))
    want = min(limits.want, max(share, _MIN_SHORTLIST))
    questions = tuple(_build_question(group, issue, want, _EXCERPTS[-1]) for group in groups)
    story_ids = _story_ids(story for group in groups for story in group)
    return SelectionPlan(questions=questions, story_ids=story_ids, limits=limits)


def _withheld(stories: Sequence[Story], plan: SelectionPlan) -> list[DroppedItem]:
    """Say how many stories the model was not asked about because no editor would take them."""
    count = len(stories) - len(offered_stories(stories)) if plan.questions else 0
    reason = Reason("withheld")
    return [DroppedItem(what=counted(count, "story"), reason=reason)] if count else []


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
    short = min(limits.max_tokens, _SHORT_QUESTION)
    sizes = [(size, short) for size in _LONG_EXCERPTS]
    sizes += [(size, limits.max_tokens) for size in _EXCERPTS]
    for size, most in sizes:
        question = _build_question(stories, issue, limits.want, size)
        if _question_tokens(question) <= most:
            return question
    return None


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
        want=str(want + _ASKED_SPARES),
        stories=fence("\n".join(_story_line(story, excerpt) for story in stories)),
    )


def _story_line(story: Story, excerpt: int) -> str:
    # A text may imitate the line of another story.
    text = _FORGED_STORY_LINE.sub(r"\1 (", " ".join(story.mentions[0].text.split()))
    size = min(excerpt, _EXCERPTS[0]) if trust(story.mentions[0]) else excerpt
    short = text if len(text) <= size else text[:size].rsplit(" ", 1)[0] + " …"
    count = f" ×{len(story.mentions)}" if len(story.mentions) > 1 else ""
    where = ", ".join(recap_names(story.mentions))
    words = len(story.evidence.split())
    return f"{story.id} [{where}{count}; {words} words] {short}"


def _question_tokens(question: Question) -> int:
    return estimate_tokens(question.system + question.user)


def _move_spares(spares: list[SelectedStory], count: int, kind: EntryKind) -> list[SelectedStory]:
    """Take the first spares away for a half of a small issue, where no story is left."""
    taken, spares[:] = spares[: max(count, 0)], spares[max(count, 0) :]
    return [one.model_copy(update={"kind": kind, "reason": Reason("completed")}) for one in taken]
