"""What is chosen is told of while the answer is on its way, and only what the choice will hold."""

import json
import random

import pytest

from build import issue, picked, stories, story
from pipeline.llm.listeners import current_listener
from pipeline.llm.prompts import Answer, Question, estimate_tokens
from pipeline.records import SelectedStory, Selection
from pipeline.select import SelectionLimits, SelectionRun, plan_selection, select

ISSUE = issue()
TOLD = [*stories(12), story("s13", "https://example.org/1")]


def choose(
    text: str, sizes: random.Random | None = None, max_tokens: int = 60_000
) -> tuple[Selection, list[SelectedStory]]:
    """Select with an answer that comes in pieces; also give what was told of early."""
    told: list[SelectedStory] = []

    def ask(_question: Question, schema: type[Answer], /) -> Answer:
        listener = current_listener()
        rest = text if listener else ""
        while rest:
            size = sizes.randint(1, 40) if sizes else 1
            assert listener is not None
            listener(rest[:size])
            rest = rest[size:]
        return schema.model_validate_json(text)

    limits = SelectionLimits(want=3, max_tokens=max_tokens)
    plan = plan_selection(TOLD, issue=ISSUE, limits=limits)
    run = SelectionRun(on_choice=told.append)
    return select(TOLD, issue=ISSUE, ask=ask, plan=plan, run=run), told


@pytest.mark.parametrize("seed", range(60))
def test_what_is_told_of_early_stands_in_the_choice_as_it_is(seed: int) -> None:
    """Unknown ids, an event twice, an address twice, too many of them: the same as of the whole."""
    luck = random.Random(seed)  # noqa: S311 - no secret
    ids = [one.id for one in TOLD] + ["s98", "s99"]
    lists = [
        [" ".join(luck.choices(ids, k=luck.choice((1, 1, 2)))) for _ in range(luck.randint(0, 6))]
        for _ in range(2)
    ]
    text = json.dumps(picked(*lists), indent=luck.choice((None, 2)))
    made, told = choose(text, luck)
    assert told == [c for c in (*made.news, *made.tools) if str(c.reason) == "model"]


def test_a_model_that_goes_round_in_circles_ends_nothing() -> None:
    """Forty events of one story whose page is shown already: dropped, not counted to the end."""
    events = [{"stories": ["s01"], "event": "Acme shows a chip"}]
    events += [{"stories": ["s01"], "event": f"Sakana hires {n} designers"} for n in range(40)]
    answer = picked(["s01"], ["s02"])
    made, _ = choose(json.dumps({**answer, "news": [*events, *answer["news"]]}))
    assert [one.story.id for one in made.tools][:1] == ["s02"]


def test_a_story_is_told_of_before_the_next_is_written() -> None:
    """It is the reason for all of it."""
    text = json.dumps(picked(["s05", "s02"], ["s01"]))
    heard = [len(choose_beginning(text[:end])) for end in range(len(text))]
    assert heard[text.index('{"stories": ["s02"]')] == 1
    assert heard[text.index('"tools"')] == 2
    assert heard[-1] == 3


def choose_beginning(text: str) -> list[SelectedStory]:
    """Give what is told of an answer that is asked for again after a beginning."""
    told: list[SelectedStory] = []

    def ask(_question: Question, schema: type[Answer], /) -> Answer:
        listener = current_listener()
        assert listener is not None
        listener(text)
        return schema.model_validate({"news": [], "tools": []})

    plan = plan_selection(TOLD, issue=ISSUE, limits=SelectionLimits(want=3))
    select(TOLD, issue=ISSUE, ask=ask, plan=plan, run=SelectionRun(on_choice=told.append))
    return told


@pytest.mark.parametrize(
    "text",
    [
        'Sure! {"news": [{"stories": ["s01"], "event": "What it tells"}]',
        '<think>{"news": [{"stories": ["s01"], "event": "What it tells"}]',
        '{"tools": [{"stories": ["s01"], "event": "What it tells"}]',
        '{"news": [{"stories": "s01", "event": "What it tells"}]',
        '{"news": [12, {"stories": ["s01"], "event": "What it tells"}]',
        '{"news": [{"stories": ["first"], "event": "What it tells"}]',
        '{"news": [' + "[" * 3_000,
        '{"news": [{"stories": ["s01' + " " * 5_000 + '"], "event": "What it tells"}]',
        "",
    ],
)
def test_nothing_is_told_of_what_is_not_plainly_an_answer(text: str) -> None:
    """It may be a thought, or be asked for again; the choice is made of the whole."""
    assert choose_beginning(text) == []


def test_shortlists_are_not_heard() -> None:
    """What one of several questions names is not yet chosen."""
    empty = plan_selection([], issue=ISSUE, limits=SelectionLimits(want=3)).questions[0]
    room = estimate_tokens(empty.system + empty.user) + 450
    limits = SelectionLimits(want=3, max_tokens=room)
    assert len(plan_selection(TOLD, issue=ISSUE, limits=limits).questions) > 1
    made, told = choose(json.dumps(picked(["s05"], ["s01"])), max_tokens=room)
    assert told == []
    assert [chosen.story.id for chosen in made.news][:1] == ["s05"]
