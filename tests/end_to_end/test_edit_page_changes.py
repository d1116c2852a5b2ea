"""An edit stays with its story when the page says it in other words, and with no other story."""

from pathlib import Path

import pytest

import build
from build import small_page
from desk import TITLE, Desk
from editor import answer
from openai_server import OpenAIServer
from pipeline.edits import StoryFinder, make_anchor
from pipeline.ops import digest_text
from pipeline.revise import list_edits

HEAD = "Agent framework reality check: mixing frameworks is the norm"
HUB = "https://hub.example/models"
POST = "https://twitter.com/lab/status/2003178236696776814"


@pytest.mark.parametrize("link", [None, HUB, POST])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        (HEAD, "Agent framework reality check: mixing several frameworks is now the norm"),
        (HEAD, "Agent framework reality check: combining frameworks is the norm"),
        (HEAD, "Agent framework reality check: mixing is the norm, as a study has it"),
        (
            "Text-to-image competition tightens with GLM-4.7",
            "Text-to-image race tightens with GLM-4.7",
        ),
    ],
)
def test_a_story_is_found_when_words_of_its_headline_change(
    before: str, after: str, link: str | None
) -> None:
    """Whether it has a link or not, and whatever stories stand beside it."""
    urls = [link] if link else []
    anchor = make_anchor(build.story("s01", *urls, text=before))
    other = build.story(
        "s07", *urls, text="Weights of a robot model are out: Reachy dances at night"
    )
    changed = build.story("s03", *urls, text=after)
    assert StoryFinder([other, changed]).find(anchor) is changed


@pytest.mark.parametrize("link", [None, HUB])
@pytest.mark.parametrize(
    ("mine", "other"),
    [
        ("Alder ships a compiler", "Birch raises new money for robots"),
        ("Qwen3-14B weights are released today", "Qwen3-32B weights are released today"),
        ("OpenAI releases an open model today", "DeepMind releases an open model today"),
    ],
)
def test_a_story_that_is_gone_is_not_another(mine: str, other: str, link: str | None) -> None:
    """Neither one that shares its link, nor one with another number or name."""
    urls = [link] if link else []
    anchor = make_anchor(build.story("s01", *urls, text=mine))
    assert StoryFinder([build.story("s01", *urls, text=other)]).find(anchor) is None


def test_two_stories_of_one_link_keep_apart() -> None:
    """Each is found as itself when both are reworded; where both may be meant none is."""
    one = build.story("s01", HUB, text="Alder ships a faster compiler for phones")
    two = build.story("s02", HUB, text="Birch ships a smaller tokenizer for radios")
    new_one = build.story("s03", HUB, text="Alder ships a much faster compiler for phones")
    new_two = build.story("s04", HUB, text="Birch ships a tiny tokenizer for radios")
    finder = StoryFinder([new_two, new_one])
    assert finder.find(make_anchor(one)) is new_one
    assert finder.find(make_anchor(two)) is new_two
    twin = new_one.model_copy(update={"id": "s05"})
    assert StoryFinder([new_one, twin]).find(make_anchor(one)) is None


def test_a_post_of_its_own_is_followed_with_another_number() -> None:
    """Its address is that of no other event."""
    anchor = make_anchor(build.story("s01", POST, text="A study of 1,575 agent projects came out"))
    changed = build.story("s02", POST, text="A study of 1,600 agent projects came out")
    assert StoryFinder([changed]).find(anchor) is changed


def test_an_entry_of_a_digest_does_not_take_the_story_of_another() -> None:
    """What one of them is by its words is no other's, however alike they begin."""
    mine = make_anchor(build.story("s01", HUB, text="Alder ships a faster compiler for phones"))
    other = build.story("s02", HUB, text="Alder ships a faster compiler for radios")
    assert StoryFinder([other]).find(mine) is other
    assert StoryFinder([other], [mine, make_anchor(other)]).find(mine) is None


def test_edits_outlive_a_reworded_headline_and_are_listed_where_they_stand(tmp_path: Path) -> None:
    """The list marks the one whose story the page has no more."""
    page = small_page(tmp_path, 44)
    with OpenAIServer(answer=answer) as server:
        desk = Desk(tmp_path, server, page)
        before = desk.run()
        first, second = (before.news[at].evidence.partition(":")[0] for at in (2, 3))
        desk.edit(set=(f"news:3.title={TITLE}", f"news:4.title={TITLE}二"), move=("news:3=1",))
        text = page.read_text(encoding="utf-8")
        text = text.replace(f"{first} project has come out", f"{first} project has now come out")
        lines = [line for line in text.splitlines() if f"**{second}**" not in line]
        page.write_text("\n".join(lines) + "\n", encoding="utf-8")
        after = desk.run(force=True)
    assert after.news[0].title == TITLE
    listed = list_edits(after)
    assert [one.place for one in listed] == ["news:1", "news:1", None]
    assert [bool(one.problem) for one in listed] == [False, False, True]
    assert "not applied: no story of the issue is this one any more" in listed[2].words
    assert "not applied" not in listed[0].words + listed[1].words
    shown = digest_text(after, "2026-01-30", "news:1")
    assert shown.count("edit ") == 2
