"""The code chooses alone: events before talk, each once, in the half that they suit."""

import datetime as dt
from collections.abc import Sequence

import pytest

from build import mention
from pipeline.records import (
    EntryKind,
    Reason,
    ReasonCode,
    Salience,
    SalienceFact,
    Selection,
    Story,
    Telling,
)
from pipeline.select.by_code import select_by_code
from pipeline.select.repeats import EventIndex, same_event
from pipeline.select.worth import usefulness, worth

NAMES = ("Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel", "Ivy", "Juniper")


def event(
    name: str,
    text: str,
    *urls: str,
    lead: str = "",
    score: float = 3.0,
    leaning: EntryKind = "news",
    codes: Sequence[ReasonCode] = (),
) -> Story:
    """Write a story of one mention with its salience."""
    facts = tuple(SalienceFact(Reason(code), 0.0) for code in codes)
    return Story(
        id=name,
        mentions=(mention(text, *urls, lead=lead),),
        sources=urls,
        salience=Salience(score=score, leaning=leaning, facts=facts),
    )


def events(count: int, leaning: EntryKind = "news", first: int = 1) -> list[Story]:
    """Write stories that have nothing in common, the most salient first."""
    nouns = ("voice", "chip", "tree", "robot", "map", "song", "mail", "lens", "price", "atlas")
    return [
        event(
            f"s{at:02d}",
            f"{NAMES[at % 10]}{at} published its {nouns[at % 10]} number {at * 7919} for {nouns[at % 7]}s.",
            f"https://{NAMES[at % 10].lower()}{at}.example/{at}",
            score=9 - at / 10,
            leaning=leaning,
        )
        for at in range(first, first + count)
    ]


def ids(made: Selection) -> tuple[list[str], list[str]]:
    """List the chosen ids."""
    return [c.story.id for c in made.news], [c.story.id for c in made.tools]


def drops(made: Selection) -> dict[str, str]:
    """Give the reasons of what was left out."""
    return {drop.what: drop.reason.code for drop in made.drops}


def test_both_halves_are_filled_and_nothing_stands_twice() -> None:
    """Ten and ten of many, the best first, and the next ones are spares."""
    made = select_by_code(events(50), want=10)
    news, tools = ids(made)
    assert (len(news), len(tools), len(made.spares)) == (10, 10, 20)
    assert sorted([*news, *tools]) == [f"s{at:02d}" for at in range(1, 21)]
    assert news == sorted(news)
    assert {c.kind for c in made.news} == {"news"}
    assert {c.reason.code for c in made.tools} == {"completed"}


def test_a_small_issue_gives_what_it_has() -> None:
    """No story is invented, none stands in both halves."""
    news, tools = ids(select_by_code(events(5), want=10))
    assert sorted([*news, *tools]) == ["s01", "s02", "s03", "s04", "s05"]
    assert ids(select_by_code([], want=10)) == ([], [])


def test_a_tool_goes_among_the_tools_and_a_deal_among_the_news() -> None:
    """Whatever their salience is."""
    tool = event(
        "t1",
        "Orca is an open-source command line and Python library for developers.",
        "https://github.com/acme/orca",
        leaning="tool",
        score=3.0,
    )
    deal = event("n1", "Acme acquired Bravo for $2B in a multi-year deal.", score=9.0)
    news, tools = ids(select_by_code([deal, *events(6), tool], want=4))
    assert "t1" in tools
    assert "n1" in news
    assert usefulness(tool) > 0 > usefulness(deal)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Acme released Orca-2, a speech model.", "Orca-2 by Acme now speaks Dutch.", True),
        ("Acme released Orca-2, a speech model.", "Acme released Orca-3, a speech model.", False),
        ("Acme released Orca 2.1, a speech model.", "Acme released Orca 2.2, a model.", False),
        ("Gemma Scope 2 looks inside models.", "Mercury 2 writes by diffusion.", False),
        ("Acme accuses Bravo of copying.", "Bravo rejects what Acme said of copying.", True),
        ("Acme raised $2B from old friends.", "Acme opened a laboratory in Zurich today.", False),
    ],
)
def test_one_event_is_told_once(one: str, other: str, same: bool) -> None:
    """By name and version, or by the words that matter; versions of one product stay apart."""
    told = [event("s01", one, score=9), event("s02", other, score=8), *events(30, first=3)]
    index = EventIndex(told)
    assert same_event(index.read(told[0]), index.read(told[1])) is same
    made = select_by_code(told, want=10)
    assert (drops(made).get("s02") == "same_event_as") is same


def test_the_same_page_is_the_same_event() -> None:
    """A model card that two stories link to."""
    page = "https://huggingface.co/acme/orca"
    told = [
        event("s01", "Acme shows whales that sing.", page, score=9),
        event("s02", "Small voices for phones are here.", f"{page}?utm_source=x", score=8),
        *events(5, first=3),
    ]
    assert drops(select_by_code(told, want=3))["s02"] in ("same_event_as", "same_link_as")


@pytest.mark.parametrize("code", ["joke", "not_technical", "pastime", "community"])
def test_jokes_and_affairs_of_servers_are_not_chosen(code: ReasonCode) -> None:
    """However salient they are, unless the editors name them."""
    joke = event("j1", "A cartoon of a giant shows how RAM is eaten.", score=9, codes=[code])
    assert "j1" not in [*ids(select_by_code([joke, *events(30)], want=5))[0]]
    assert worth(joke) < 0 < worth(event("j2", joke.evidence, score=9, codes=[code, "in_title"]))


@pytest.mark.parametrize(
    "lead",
    [
        "Which model do you use for poems?",
        "I switched to Orca and never looked back",
        "My girlfriend thinks that I talk to Orca",
        "Broader signal",
        "Market sentiment about Orca",
        "Top 10 tools for lazy people",
        "Other technical research",
        "Users complain about Orca",
    ],
)
def test_talk_is_worth_less_than_an_event(lead: str) -> None:
    """Questions, tales of oneself, opinions, listicles and bundles."""
    talk = event("t1", f"{lead}: Orca is what people like.", lead=lead)
    done = event("t2", "Acme released Orca: Orca is what people like.", lead="Acme released Orca")
    assert worth(talk) + 1 < worth(done)


def test_a_report_that_is_doubted_is_no_question() -> None:
    """A headline without a verb and a word of asking only doubts what it tells."""
    doubted = event("d1", "A machine of Acme? Engineers rebuilt it.", lead="A machine of Acme?")
    asked = event("d2", "What is Acme? Engineers rebuilt it.", lead="What is Acme?")
    assert worth(doubted) > worth(asked) + 1


def test_what_changes_the_field_is_worth_more_than_a_topic() -> None:
    """Deals, bans, lawsuits and what is retired; engagement of thousands, too."""
    topic = event("s01", "Prices of old chips and what they mean for a small shop.")
    for text in (
        "Acme is joining Bravo, the makers of Orca.",
        "Acme retires the Orca test since its tasks are known.",
        "A court bans Orca in Norway after a lawsuit.",
    ):
        assert worth(event("s02", text)) > worth(topic) + 0.5
    crowd = mention(topic.evidence, activity=2_000)
    loud = topic.model_copy(update={"mentions": (crowd,)})
    assert worth(loud) > worth(topic)


def test_what_cannot_be_told_is_left_out() -> None:
    """And what can be told only in part gives way to what can be told in whole."""
    told = events(12)

    def how(story: Story) -> Telling:
        return {"s01": "not", "s02": "partly"}.get(story.id, "whole")  # type: ignore[return-value]

    made = select_by_code(told, want=4, how_told=how)
    chosen = {*ids(made)[0], *ids(made)[1]}
    assert chosen == {f"s{at:02d}" for at in range(3, 11)}
    assert "s01" not in {c.story.id for c in made.spares}
    assert "s02" in {c.story.id for c in made.spares}


def test_each_story_that_is_left_out_is_accounted_for_by_its_own_reason() -> None:
    """A joke is none that cannot be told, and what is only worth less is neither."""
    jokes = [
        event(f"j{at}", f"A cartoon of number {at}.", score=1, codes=["joke"]) for at in (1, 2)
    ]
    told = events(50)
    made = select_by_code(
        [*told, *jokes], want=4, how_told=lambda it: "not" if it.id in {"s01", "s02"} else "whole"
    )
    chosen = [*made.news, *made.tools, *made.spares]
    assert drops(made) == {
        "s01": "no_sentence",
        "s02": "no_sentence",
        "2 stories": "withheld",
        f"{len(told) - 2 - len(chosen)} stories": "passed_over",
    }
    assert made.shown == 0


def test_where_nothing_can_be_told_the_best_are_there_to_be_quoted() -> None:
    """So that somebody sees it, rather than an empty digest."""
    made = select_by_code(events(12), want=2, how_told=lambda _: "not")
    assert sorted([*ids(made)[0], *ids(made)[1]]) == ["s01", "s02", "s03", "s04"]


def test_poor_stories_fill_no_more_than_half_a_digest() -> None:
    """Those below zero stand only where the good ones are fewer than one half wants."""

    def how(story: Story) -> Telling:
        return "whole" if story.id <= "s03" else "partly"

    told = [it.model_copy(update={"salience": Salience(score=0.5)}) for it in events(12)]
    made = select_by_code(told, want=4, how_told=how)
    assert len(made.news) + len(made.tools) == 4
    assert len(select_by_code(told, want=4).news) == 4


def test_a_story_without_a_link_gives_way() -> None:
    """Nobody can look it up."""
    linked = event("s01", "Acme published Orca 2 with 40B parameters.", "https://acme.test/orca-2")
    bare = event("s02", "Acme published Orca 2 with 40B parameters.")
    assert worth(bare) < worth(linked) - 1


def test_what_tells_the_same_facts_is_told_once() -> None:
    """Whatever the headlines say; the other is a spare of nobody."""
    told = events(8)
    same = {"s02": frozenset({"acme 1451"}), "s05": frozenset({"acme 1451", "acme 23"})}
    made = select_by_code(told, want=2, facts_told=lambda it: same.get(it.id, frozenset()))
    chosen = {*ids(made)[0], *ids(made)[1], *(spare.story.id for spare in made.spares)}
    assert "s02" in chosen
    assert "s05" not in chosen
    assert drops(made)["s05"] == "same_event_as"


def test_models_that_came_out_are_news() -> None:
    """A headline that names them by their versions; whatever repository is beside them."""
    release = event(
        "m1", "o3 and o4-mini Models: Acme released both.", lead="o3 and o4-mini Models"
    )
    other = event("m2", "o3 and o4-mini: Acme released both.", lead="o3 and o4-mini")
    assert usefulness(release) < usefulness(other) - 1


def test_a_story_that_goes_on_says_since_when() -> None:
    """The date of the digest that told it before."""
    day = dt.date(2026, 1, 29)
    made = select_by_code(events(4), want=2, follows={"s02": day})
    assert {c.story.id: c.follows for c in (*made.news, *made.tools)}["s02"] == day
