"""Coverage: what was looked at, and why the best stories that are not told are not."""

from typing import Any

import pytest

from build import issue, mention
from pipeline.merge.coverage import compute_coverage, update_coverage
from pipeline.records import Coverage, DroppedItem, IssuePart, OmittedStory, Reason, Salience, Story

PARTS: dict[str, IssuePart] = {
    "s01": "twitter", "s02": "reddit", "s03": "twitter", "s04": "discord", "s05": "reddit"
}  # fmt: skip
STORIES = [
    Story(
        id=name,
        mentions=(mention(f"Words of {name}.", part=part),),
        sources=(f"https://example.org/{name}",),
        salience=Salience(score=10.0 - number, facts=("first of its recap",)),
    )
    for number, (name, part) in enumerate(PARTS.items())
]
ISSUE = issue(*(story.mentions[0] for story in STORIES))
DROPS = [
    DroppedItem(what="s02", reason="told on 2026-01-29 as news:1: same link"),
    DroppedItem(what="s03", reason="named twice"),
    DroppedItem(what="s03", reason="did not pass the checks: number 4万"),
]


def known() -> Coverage:
    """Cover a digest that tells the first story, of four that the model was shown."""
    shown = ("s01", "s03", "s04")
    return compute_coverage(ISSUE, stories=STORIES, published={"s01"}, drops=DROPS, shown=shown)


def test_every_story_that_is_not_told_has_its_reason() -> None:
    """The most salient first, each with why it is not told."""
    assert [(each.story, each.reason) for each in known().passed] == [
        ("s02", DROPS[0].reason),
        ("s03", DROPS[-1].reason),
        ("s04", Reason("not_chosen")),
        ("s05", Reason("not_shown")),
    ]
    assert known().passed[1].words == "Words of s03."
    assert known().passed[1].link == "https://example.org/s03"
    assert known().passed[1].score == 8.0


def test_where_the_code_chose_no_model_was_shown_anything() -> None:
    """Nor did one choose, before and after a change by hand."""
    seen = compute_coverage(ISSUE, stories=STORIES, published={"s01"}, drops=DROPS, shown=None)
    assert (seen.stories, seen.shown) == (4, 0)
    assert [each.reason.code for each in seen.passed[2:]] == ["passed_over", "passed_over"]
    after = update_coverage(seen, stories=STORIES, published={"s04"}, drops=DROPS)
    assert {each.story: each.reason.code for each in after.passed}["s01"] == "passed_over"


def test_parts_are_counted_apart() -> None:
    """What was told before could not be chosen, and does not count as left out by the model."""
    seen = {part: tuple(count.model_dump().values()) for part, count in known().parts.items()}
    assert seen == {"twitter": (2, 2, 2, 1), "reddit": (2, 1, 0, 0), "discord": (1, 1, 1, 0)}
    assert (known().stories, known().shown) == (4, 3)


def left(**known: Any) -> OmittedStory:
    """Cover an issue of one story that is not told."""
    (story,) = known.pop("stories", STORIES[:1])
    (passed,) = compute_coverage(
        ISSUE, stories=[story], published=(), drops=(), shown=(), **known
    ).passed
    return passed


@pytest.mark.parametrize(("chars", "shown"), [(160, 160), (161, 161), (400, 161)])
def test_long_words_are_cut(chars: int, shown: int) -> None:
    """Of a mention the first 160 characters are given, on one line, and a sign that there is more."""
    story = Story(id="s01", mentions=(mention("w" * chars), mention("Other words.")))
    words = left(stories=[story]).words
    assert len(words) == shown
    assert words.endswith("…") is (chars > 160)
    lines = Story(id="s01", mentions=(mention("Two\n- lines  here"),))
    assert left(stories=[lines]).words == "Two - lines here"


def test_a_story_is_shown_with_its_first_link_and_its_facts() -> None:
    """The first source is given, or none; the score has two digits and its facts beside it."""
    salience = Salience(score=3.14159, facts=("a +1.0", "b +2.1"))
    urls = ("https://example.org/1", "https://example.org/2")
    story = Story(id="s01", mentions=(mention(part="reddit"),), sources=urls, salience=salience)
    passed = left(stories=[story])
    assert (passed.link, passed.score, passed.facts) == (urls[0], 3.14, salience.facts)
    assert passed.part == "reddit"
    assert left(stories=[story.model_copy(update={"sources": ()})]).link is None


def test_twenty_stories_are_named() -> None:
    """The twenty most salient that are not told, and no more."""
    many = [Story(id=f"s{number:02d}", mentions=(mention(),)) for number in range(1, 24)]
    found = compute_coverage(ISSUE, stories=many, published={"s02"}, drops=(), shown=())
    assert [each.story for each in found.passed] == [
        story.id for story in many[:21] if story.id != "s02"
    ]


def test_the_whole_issue_is_counted() -> None:
    """All characters and mentions of the issue count, whether or not they make a story."""
    assert known().characters == sum(len(each.text) for each in ISSUE.mentions) == 65
    assert known().mentions == {"twitter": 2, "reddit": 2, "discord": 1}


def test_the_first_reason_of_a_story_is_given() -> None:
    """A story that was dropped twice has the reason that came first."""
    drops = [
        DroppedItem(what="s01", reason="no link"),
        DroppedItem(what="s01", reason="did not pass"),
    ]
    found = compute_coverage(ISSUE, stories=STORIES[:1], published=(), drops=drops, shown={"s01"})
    assert str(found.passed[0].reason) == "no link"


def test_what_was_told_on_another_day_is_not_counted_as_seen() -> None:
    """Only a story of an earlier digest is left out of the counts, whatever else was dropped."""
    drops = [
        DroppedItem(what="s01", reason="told on 2026-01-29 as news:1: same link"),
        DroppedItem(what="s02", reason="not told on 2026-01-29"),
    ]
    found = compute_coverage(
        ISSUE, stories=STORIES, published=(), drops=drops, shown={"s01", "s02"}
    )
    assert (found.stories, found.shown) == (4, 1)


def test_an_edit_changes_what_is_told_and_nothing_else() -> None:
    """A story that a hand leaves out is passed over by hand; the others keep their reasons."""
    after = update_coverage(
        known(),
        stories=STORIES,
        published={"s04"},
        drops=[*DROPS, DroppedItem(what="s01", reason="by hand")],
    )
    assert [(each.story, each.reason) for each in after.passed] == [
        ("s01", Reason("by_hand")),
        ("s02", DROPS[0].reason),
        ("s03", DROPS[-1].reason),
        ("s05", Reason("not_shown")),
    ]
    assert (after.parts["twitter"].told, after.parts["discord"].told) == (0, 1)
    assert after.parts["reddit"] == known().parts["reddit"]
    assert after.shown == known().shown


def test_a_digest_that_does_not_say_its_parts_stays_as_it_is() -> None:
    """What an older digest does not know is not made up by an edit."""
    old = Coverage(characters=1, mentions={}, stories=3, shown=3)
    assert update_coverage(old, stories=STORIES, published={"s04"}, drops=[]) == old


def test_an_edit_gives_each_story_its_old_reason_or_its_new_one() -> None:
    """What a hand drops gets that reason; what it takes out of the digest was shown once."""
    drops = [DroppedItem(what="s04", reason="by hand")]
    after = update_coverage(known(), stories=STORIES, published=(), drops=drops)
    assert [(each.story, each.reason) for each in after.passed] == [
        ("s01", Reason("not_chosen")),
        ("s02", DROPS[0].reason),
        ("s03", DROPS[-1].reason),
        ("s04", Reason("by_hand")),
        ("s05", Reason("not_shown")),
    ]
    assert {part: seen.told for part, seen in after.parts.items()} == dict.fromkeys(
        ("twitter", "reddit", "discord"), 0
    )
