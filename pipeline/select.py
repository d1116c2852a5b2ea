"""Stories -> selection: the ten news and ten tools, chosen by the model, by id.

The model sees every story as one line. Where the lines do not fit one question, groups of whole
sections get a question each for a shortlist, and a last one chooses from those. What the model
answers is repaired and completed here; the link of each story is chosen here too, and never passes
through the model. Judging from facts alone how much a story matters is not done yet: what the
model leaves open is completed in the order of the page.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Annotated

from pydantic import BaseModel, Field

from pipeline.errors import ModelInvalid, ModelRefused
from pipeline.links import canonical, is_own, is_picture
from pipeline.prompt import Ask, Question, estimate_tokens, fence, load
from pipeline.records import Choice, Drop, Issue, Kind, Record, Selection, Story

_EXCERPTS = (320, 200, 120, 80)
_SPARES = 20


class _Reply(BaseModel):
    """What the model answers: ids, best first."""

    news: list[Annotated[str, Field(pattern=r"^s[0-9]{2,4}$")]]
    tools: list[Annotated[str, Field(pattern=r"^s[0-9]{2,4}$")]]


Each = Callable[[Callable[[Question], _Reply], Iterable[Question]], Iterable[_Reply]]
"""`map`, or something like it that asks in parallel and keeps the order."""


class Plan(Record):
    """What `select` will ask first."""

    questions: tuple[Question, ...]
    """One question about all stories, or one per shortlist."""
    shown: int
    """How many stories stand in them."""


def select(
    stories: Sequence[Story],
    *,
    issue: Issue,
    ask: Ask,
    plan: Plan,
    want: int = 10,
    each: Each = map,
) -> Selection:
    """Choose the stories of one issue most worth an engineer's minute.

    Args:
        stories: the stories of the issue, in the order in which they are shown.
        issue: their issue, for its date, title and description.
        ask: the model.
        plan: the questions, as `prepare` made them.
        want: entries per section, 1-20.
        each: how several questions are asked.

    Returns:
        Up to `want` news and `want` tools, disjoint, no address twice, best first, and the spares.
        An answer that is missing or falls short is completed in the order of the stories.

    Raises:
        ModelError: the model could not be asked.

    Source: prompts/select.md.
    """
    drops: list[Drop] = []

    def answer(question: Question) -> _Reply:
        try:
            return ask(question, _Reply)
        except (ModelInvalid, ModelRefused) as error:
            drops.append(Drop(what="the model's choice", reason=str(error)))
            return _Reply(news=[], tools=[])

    replies = list(each(answer, plan.questions))
    if len(replies) > 1:
        named = {name for reply in replies for name in (*reply.news, *reply.tools)}
        finalists = [story for story in stories if story.id in named]
        replies = [answer(_question(finalists, issue, want, _EXCERPTS[0]))]
    picker = _Picker(stories, drops)
    news = picker.named(replies[0].news[:want], "news")
    tools = picker.named(replies[0].tools[:want], "tool")
    news += picker.next(want - len(news), "news")
    tools += picker.next(want - len(tools), "tool")
    spares = picker.next(_SPARES, "news", reason="spare")
    return Selection(
        news=tuple(news),
        tools=tuple(tools),
        spares=tuple(spares),
        drops=tuple(drops),
        shown=plan.shown,
    )


def prepare(
    stories: Sequence[Story],
    *,
    issue: Issue,
    want: int = 10,
    max_tokens: int = 60_000,
    max_questions: int = 64,
) -> Plan:
    """Write the questions: one, with as long excerpts as it has room for, or shortlists.

    Args:
        stories: the stories of the issue, in the order in which they are shown.
        issue: their issue.
        want: entries per section, 1-20.
        max_tokens: length of the longest question, in tokens.
        max_questions: how many shortlists there may be; stories beyond them are not shown.
    """
    for excerpt in _EXCERPTS:
        question = _question(stories, issue, want, excerpt)
        if _size(question) <= max_tokens:
            return Plan(questions=(question,), shown=len(stories))
    room = max_tokens - _size(_question([], issue, want, 0))
    groups = _groups(stories, room)[:max_questions]
    questions = tuple(_question(group, issue, want, _EXCERPTS[-1]) for group in groups)
    return Plan(questions=questions, shown=sum(len(group) for group in groups))


def _groups(stories: Sequence[Story], room: int) -> list[list[Story]]:
    """Cut the stories, in their order, into groups of at most `room` tokens.

    A section is not torn where it fits a question of its own.
    """
    groups: list[list[Story]] = [[]]
    left = room
    for _, section in groupby(stories, key=lambda story: story.mentions[0].section[:2]):
        costs = [(story, estimate_tokens(_line(story, _EXCERPTS[-1]))) for story in section]
        if left < sum(cost for _, cost in costs) <= room:
            left = -1
        for story, cost in costs:
            if cost > left and groups[-1]:
                groups.append([])
                left = room
            groups[-1].append(story)
            left -= cost
    return groups


def _question(stories: Sequence[Story], issue: Issue, want: int, excerpt: int) -> Question:
    return load("select").fill(
        date=issue.date.isoformat(),
        title=fence(issue.title),
        description=fence(issue.description),
        want=str(want),
        stories=fence("\n".join(_line(story, excerpt) for story in stories)),
    )


def _line(story: Story, excerpt: int) -> str:
    text = " ".join(story.evidence.split())
    short = text if len(text) <= excerpt else text[:excerpt].rsplit(" ", 1)[0] + " …"
    return f"{story.id} [{story.part}] {short}"


def _size(question: Question) -> int:
    return estimate_tokens(question.system + question.user)


class _Picker:
    """Takes stories one by one; no story, and no address, is taken twice."""

    def __init__(self, stories: Sequence[Story], drops: list[Drop]) -> None:
        self._left = {story.id: story for story in stories}
        self._known = frozenset(self._left)
        self._shown: dict[str, str] = {}
        self._drops = drops

    def named(self, names: Iterable[str], kind: Kind) -> list[Choice]:
        """Take the stories that the model named, as far as they exist and are new."""
        taken = []
        for name in names:
            if name in self._left:
                taken += self._take(name, kind, "model")
            else:
                known = name in self._known
                reason = "named twice" if known else "no story has this id"
                self._drops.append(Drop(what=name, reason=reason))
        return taken

    def next(self, count: int, kind: Kind, reason: str = "completed") -> list[Choice]:
        """Take the next stories in order."""
        taken: list[Choice] = []
        for name in list(self._left):
            if len(taken) >= count:
                break
            taken += self._take(name, kind, reason)
        return taken

    def _take(self, name: str, kind: Kind, reason: str) -> list[Choice]:
        story = self._left.pop(name)
        link = _first_link(story)
        if link is not None:
            other = self._shown.setdefault(canonical(link), name)
            if other != name:
                self._drops.append(Drop(what=name, reason=f"tells the same link as {other}"))
                return []
        return [Choice(story=story, kind=kind, link=link, reason=reason)]


def _first_link(story: Story) -> str | None:
    """Name the link that the entry shows: the first, but for pictures and the newsletter itself."""
    urls = [link.url for link in story.links]
    return min(urls, key=lambda url: (is_own(url), is_picture(url)), default=None)
